// SPDX-License-Identifier: GPL-2.0-only
/* From input to features and findings. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>
#include "../results/term.h"
#include "../sim/machine.h"
#include "branch.h"
#include "harness.h"
#include "harness_priv.h"

enum { KNOWN = 4096, TELL_RUNS = 512 };

/* The one input at work, and what has been told of those before. */
static struct {
	struct harness_progress *progress;	/* never NULL after harness_open() */
	struct leads *leads;			/* nor this */
	bool leads_shared;			/* with a mutator in another process */
	struct config config;			/* the world stands prepared for it */
	uint32_t tag;				/* of its target */
	struct bytes wanted;			/* its head says what was asked for */
	bool prepared;
	volatile uint8_t *map;			/* that the world is watched for */
	uint32_t oracles;			/* bitmap of those that count */
	uint64_t runs, repeats, steps, executions;	/* not told yet */
	uint64_t runs_told;
	uint64_t cpu_told;
	uint64_t known[KNOWN];			/* hashes of signatures */
} h;

static uint64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int harness_open(void)
{
	static struct harness_progress private;
	char path[4096];
	int fd;

	for (int i = 0; i < NR_ORACLES; i++)
		if (harness.until >= 0 ? i == harness.until :
		    (int)oracle_info[i].severity >= harness.min_severity)
			h.oracles |= 1u << i;
	h.progress = &private;
	h.leads = leads_open(&h.leads_shared);
	if (!harness.findings)
		return 0;
	snprintf(path, sizeof(path), "%s/progress", harness.findings);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0 || ftruncate(fd, sizeof(*h.progress)))
		return term_error(TERM_EXIT_SYSTEM, "%s: %s: --findings takes a folder", path,
				  strerror(errno));
	h.progress = mmap(NULL, sizeof(*h.progress), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return h.progress == MAP_FAILED ?
	       term_error(TERM_EXIT_SYSTEM, "%s: %s", path, strerror(errno)) : 0;
}

/* Counts go out in lumps, with a look at the map of the last execution. */
static void tell(void)
{
	uint64_t now = cpu_ns();
	bool is_new = false;

	h.progress->runs += h.runs;
	h.runs_told += h.runs;
	h.progress->repeats += h.repeats;
	h.progress->steps += h.steps;
	h.progress->executions += h.executions;
	h.progress->cpu_ns += now - h.cpu_told;
	h.runs = h.repeats = h.steps = h.executions = 0;
	h.cpu_told = now;
	for (unsigned int i = 0; i < FEATURE_MAP_SIZE; i++)
		if ((h.map[i] || h.leads->seen[i]) && !h.progress->map[i]) {
			h.progress->map[i] = 1;
			is_new = true;
		}
	if (is_new)
		h.progress->newest = h.progress->executions;
}

/* It asks for what the last one asked for. */
static bool is_as_before(const struct bytes *b, const volatile uint8_t *map)
{
	return h.prepared && h.map == map && h.wanted.target == b->target &&
	       h.wanted.nr_numbers == b->nr_numbers &&
	       !memcmp(h.wanted.number, b->number, b->nr_numbers * sizeof(b->number[0]));
}

/* The world as the input wants it: nothing to do if it stands as it is. */
static void prepare(const struct bytes *b, volatile uint8_t *map)
{
	static struct config wanted;
	unsigned int t = 0;

	if (is_as_before(b, map))
		return;
	h.wanted.target = b->target;
	h.wanted.nr_numbers = b->nr_numbers;
	memcpy(h.wanted.number, b->number, sizeof(b->number));
	while (t < harness.nr_targets && harness.tag[t] != b->target)
		t++;
	t = t < harness.nr_targets ? t : 0;
	wanted = harness.target[t];
	bytes_configure(b, &wanted);
	if (h.prepared && h.map == map && h.config.form == wanted.form &&
	    !strcmp(h.config.scenario, wanted.scenario) &&
	    !memcmp(&h.config.machine, &wanted.machine, sizeof(wanted.machine)))
		return;
	h.config = wanted;
	h.tag = harness.tag[t];
	h.prepared = true;
	h.map = map;
	run_prepare(&h.config);
	feature_watch(map, harness.kinds, NULL);
}

/* The run just made, as bytes that need no setting to be understood. */
static size_t own_bytes(const struct bytes *b, uint8_t *data)
{
	struct bytes one = *b;

	one.target = bytes_target(&h.config);
	one.batch_shift = 0;
	one.nr_numbers = 0;
	assert(nr_config_fields <= BYTES_NUMBERS);
	for (unsigned int i = 0; i < nr_config_fields; i++)
		one.number[one.nr_numbers++] = bytes_number_of(&h.config, i);
	return bytes_print(&one, data, BYTES_MAX);
}

static void write_finding(const struct bytes *b, uint64_t key)
{
	static uint8_t data[BYTES_MAX];
	char path[4096], tmp[4096];
	size_t n = own_bytes(b, data);
	FILE *out;

	tell();
	snprintf(tmp, sizeof(tmp), "%s/tmp-%d", harness.findings, getpid());
	snprintf(path, sizeof(path), "%s/run-%llu-%llu-%016llx", harness.findings,
		 (unsigned long long)h.progress->runs, (unsigned long long)h.progress->cpu_ns,
		 (unsigned long long)key);
	out = fopen(tmp, "w");
	if (!out || fwrite(data, 1, n, out) != n || fclose(out) || rename(tmp, path)) {
		term_error(TERM_EXIT_SYSTEM, "%s: %s", tmp, strerror(errno));
		_exit(TERM_EXIT_SYSTEM);
	}
}

/* By hand: say it once, and crash as engines expect. */
static void crash(const struct report *r)
{
	static struct schedule schedule;
	char title[256], json[1024], text[SCHEDULE_TEXT];

	report_title(&h.config, r, title, sizeof(title));
	config_print_json(&h.config, json, sizeof(json));
	fprintf(stderr, "\n%s: %s\n", severity_name[oracle_info[r->oracle].severity], title);
	if (schedule_of_run(&schedule)) {
		schedule_print(&schedule, text, sizeof(text));
		fprintf(stderr, "replay: kicksim replay '%s %s'\n", json, text);
	}
	fflush(NULL);
	abort();
}

static bool is_known(uint64_t key)
{
	for (unsigned int i = 0; i < KNOWN; i++) {
		unsigned int slot = (unsigned int)(key + i) % KNOWN;

		if (h.known[slot] == key)
			return true;
		if (h.known[slot])
			continue;
		h.known[slot] = key;
		return false;
	}
	return true;
}

/* Of what is broken, and where; 0 is an empty slot. */
static uint64_t signature_key(const struct report *r)
{
	uint64_t sites = r->site[0] | (uint64_t)r->site[1] << 16 | (uint64_t)r->site[2] << 32;

	return trace_mix(trace_mix(r->oracle, sites), h.tag) | 1;
}

static void judge(const struct bytes *b, const struct run_result *r)
{
	for (uint32_t fired = r->fired; fired; fired &= fired - 1)
		h.progress->hits[__builtin_ctz(fired)]++;
	if (!(r->fired & h.oracles))
		return;
	for (unsigned int i = 0; i < r->nr_reports; i++) {
		const struct report *x = &r->report[i];
		uint64_t key;

		if (!(h.oracles >> x->oracle & 1))
			continue;
		if (!harness.findings)
			crash(x);
		key = signature_key(x);
		if (!is_known(key))
			write_finding(b, key);
	}
}

/* @skipped: of its steps, those that were another run's. */
static void count(const struct bytes *b, const struct run_result *r, uint32_t skipped)
{
	h.runs++;
	h.steps += r->steps - skipped;
	if (r->fired)
		judge(b, r);
}

/* The run that the engine is told of, and the mutator, if it cannot look itself. */
static void run_first(const struct bytes *b)
{
	struct mutate_states *states = h.leads_shared ? &h.leads->states : NULL;
	struct run_result result;

	if (states)
		h.leads->key = memo_key(b);
	branch_root(b, states, harness.kinds, b->batch_shift, &result);
	count(b, &result, 0);
}

static void run_scouts(const struct bytes *b)
{
	static struct bytes derived;
	struct run_result result;
	uint32_t skipped;

	leads_see(h.leads, h.map);
	feature_into(h.leads->seen);
	for (unsigned int i = 1; i >> b->batch_shift == 0; i++) {
		mutate_batch(&derived, b, i);
		if (!branch_run(&derived, &result, &skipped)) {
			h.repeats++;
			continue;
		}
		count(&derived, &result, skipped);
		if (feature_news())
			lead_leave(h.leads, &derived);
	}
	feature_into(h.map);
}

void harness_run(const uint8_t *data, size_t size, volatile uint8_t *map)
{
	static struct bytes base;

	bytes_parse(&base, data, size);
	prepare(&base, map);
	/* Engines give up on a target that shows them nothing at all. */
	map[0] = 1;
	run_first(&base);
	if (base.batch_shift)
		run_scouts(&base);
	h.executions++;
	if (h.runs >= TELL_RUNS)
		tell();
	if (harness.max_runs && h.runs_told + h.runs >= harness.max_runs) {
		tell();
		_exit(0);
	}
}

const struct mutate_states *harness_states(const struct bytes *b)
{
	static struct mutate_states states;
	uint64_t key = memo_key(b);
	const struct mutate_states *known = memo_find(key);
	struct run_result result;

	if (known)
		return known;
	prepare(b, h.map);
	branch_root(b, &states, false, false, &result);
	return memo_keep(key, &states);
}

unsigned int harness_next_batch(void)
{
	return harness.batch_grows ? leads_batch(h.leads, harness.batch_shift) :
				     harness.batch_shift;
}

bool harness_lead(struct bytes *b)
{
	return lead_take(h.leads, b);
}
