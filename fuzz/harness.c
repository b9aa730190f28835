// SPDX-License-Identifier: GPL-2.0-only
/* What a harness is told: options, environment, targets. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../results/term.h"
#include "harness.h"
#include "harness_priv.h"
#include "options.h"

struct harness harness;

static const char *const words[] = { "arch", "variant", "model", "kcsan" };
static const char *const numbers[] = { "sb-length", "stale-reads" };
static const char *const own[] = {
	"kernel", "scenario", "swarm", "batch", "features", "min-severity", "until", "findings",
	"salt", "runs"
};

#define NR(table) (sizeof(table) / sizeof((table)[0]))

/* "min-severity" is KICKSIM_MIN_SEVERITY. */
static const char *env_name(const char *option, char buf[64])
{
	size_t n = (size_t)snprintf(buf, 64, "KICKSIM_%s", option);

	for (size_t i = 0; i < n && i < 64; i++)
		buf[i] = buf[i] == '-' ? '_' : (char)toupper((unsigned char)buf[i]);
	return buf;
}

static const char *setting(const char *option)
{
	char name[64];
	const char *value = getenv(env_name(option, name));

	return value && *value ? value : NULL;
}

static bool is_option(const char *name)
{
	for (size_t i = 0; i < NR(words); i++)
		if (!strcmp(words[i], name))
			return true;
	for (size_t i = 0; i < NR(numbers); i++)
		if (!strcmp(numbers[i], name))
			return true;
	for (size_t i = 0; i < NR(own); i++)
		if (!strcmp(own[i], name))
			return true;
	for (unsigned int i = 0; i < nr_config_fields; i++)
		if (!strcmp(config_fields[i].name, name))
			return true;
	return false;
}

/* Takes --name=value words out of the command line and into the environment. */
static int take_options(int *argc, char **argv)
{
	int kept = 1;

	for (int i = 1; i < *argc; i++) {
		char name[32], env[64];
		size_t n = strcspn(argv[i], "=");

		if (strncmp(argv[i], "--", 2) || !argv[i][2]) {
			argv[kept++] = argv[i];
			continue;
		}
		snprintf(name, sizeof(name), "%.*s", (int)(n - 2), argv[i] + 2);
		if (n > 30 || !is_option(name) || argv[i][n] != '=')
			return term_error(TERM_EXIT_USAGE, "'%s': options are --kernel=FORM, "
					  "--scenario=NAME, --min-severity=SEVERITY, and those of "
					  "'kicksim run', each with a '='", argv[i]);
		setenv(env_name(name, env), argv[i] + n + 1, 1);
	}
	*argc = kept;
	argv[kept] = NULL;
	return 0;
}

static int common_config(struct config *c)
{
	const char *value;
	int ret = 0;

	config_init(c);
	for (size_t i = 0; !ret && i < NR(words); i++)
		if ((value = setting(words[i])))
			ret = config_set_word(c, words[i], value);
	for (size_t i = 0; !ret && i < NR(numbers); i++)
		if ((value = setting(numbers[i])))
			ret = config_set_number(c, numbers[i], value);
	for (unsigned int i = 0; !ret && i < nr_config_fields; i++)
		if ((value = setting(config_fields[i].name)))
			ret = config_set_number(c, config_fields[i].name, value);
	return ret;
}

static int add_target(const struct config *common, const char *kernel, const char *scenario)
{
	struct config *c = &harness.target[harness.nr_targets];
	int ret;

	if (harness.nr_targets == HARNESS_TARGETS)
		return term_error(TERM_EXIT_USAGE, "more than %d targets: fewer --kernel or "
				  "--scenario", HARNESS_TARGETS);
	*c = *common;
	ret = config_set_word(c, "kernel", kernel);
	if (!ret)
		ret = config_set_word(c, "scenario", scenario);
	if (!ret)
		ret = config_load(c);
	if (!ret)
		harness.tag[harness.nr_targets++] = bytes_target(c);
	return ret;
}

/* Each kernel with each scenario of two lists with commas. */
int harness_targets(void)
{
	const char *kernel = setting("kernel"), *scenario = setting("scenario");
	char kernels[256], scenarios[256], *save, *save2;
	struct config common;
	int ret = common_config(&common);

	harness.nr_targets = 0;
	snprintf(kernels, sizeof(kernels), "%s", kernel ? kernel : common.kernel);
	for (char *k = strtok_r(kernels, ",", &save); !ret && k; k = strtok_r(NULL, ",", &save)) {
		snprintf(scenarios, sizeof(scenarios), "%s", scenario ? scenario : "mixed");
		for (char *s = strtok_r(scenarios, ",", &save2); !ret && s;
		     s = strtok_r(NULL, ",", &save2))
			ret = add_target(&common, k, s);
	}
	if (!ret && !harness.nr_targets)
		ret = term_error(TERM_EXIT_USAGE, "--kernel, --scenario: an empty list");
	return ret;
}

bool harness_has_targets(void)
{
	return setting("kernel") || setting("scenario");
}

static int read_settings(unsigned int batch)
{
	const char *features = setting("features"), *severity = setting("min-severity");
	const char *until = setting("until"), *swarm = setting("swarm"), *salt = setting("salt");
	const char *runs = setting("runs");
	uint64_t shift = batch, swarms = 0;
	int kinds = feature_parse(features ? features : "all");

	harness.min_severity = severity ? option_severity(severity) : SEVERITY_DEGRADED;
	harness.until = until ? oracle_find(until) : -1;
	harness.findings = setting("findings");
	if (kinds < 0)
		return term_error(TERM_EXIT_USAGE,
				  "--features '%s': all, none, or of rf,alias,state,preempt,"
				  "sender",
				  features);
	if (harness.min_severity < 0)
		return term_error(TERM_EXIT_USAGE, "--min-severity '%s': benign, warn, race, "
				  "degraded, harmful, oops or tool-error", severity);
	if (until && harness.until < 0)
		return term_error(TERM_EXIT_USAGE, "--until '%s': see 'kicksim list oracles'",
				  until);
	if (setting("batch") && !option_u64(setting("batch"), BYTES_BATCH_SHIFT, &shift))
		return term_error(TERM_EXIT_USAGE, "--batch '%s': log2 of runs, 0 to %d",
				  setting("batch"), BYTES_BATCH_SHIFT);
	if (salt && !option_u64(salt, UINT64_MAX, &mutate_salt))
		return term_error(TERM_EXIT_USAGE, "--salt '%s': a number", salt);
	if (swarm && !option_u64(swarm, 1, &swarms))
		return term_error(TERM_EXIT_USAGE, "--swarm '%s': 0 or 1", swarm);
	if (runs && !option_u64(runs, UINT64_MAX, &harness.max_runs))
		return term_error(TERM_EXIT_USAGE, "--runs '%s': a number", runs);
	harness.kinds = (unsigned int)kinds;
	harness.batch_shift = (unsigned int)shift;
	harness.batch_grows = !setting("batch") && batch;
	harness.swarm = swarm ? swarms : !setting("scenario");
	return 0;
}

int harness_init(int *argc, char **argv, unsigned int batch)
{
	int ret = take_options(argc, argv);

	if (!ret)
		ret = read_settings(batch);
	if (!ret)
		ret = harness_targets();
	if (!ret)
		ret = run_init();
	return ret ? ret : harness_open();
}
