// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON Lines: one object for the run, then one for each record of its trace.
 *
 * Numbers that need 64 bits are strings.  A step's "vcpus" are as they are
 * after it.
 */
#include <stdlib.h>
#include "../results/json.h"
#include "show_head.h"
#include "show_name.h"
#include "show_state.h"

#define SCHEMA	"kicksim.trace/1"

static void put_hash(struct json *j, const char *key, uint64_t hash)
{
	char text[20];

	snprintf(text, sizeof(text), "%016llx", (unsigned long long)hash);
	json_text(j, key, text);
}

static void put_reports(struct json *j, const struct show_input *in)
{
	const struct run_result *r = in->result;
	char text[512];

	json_array(j, "reports");
	for (unsigned int i = 0; i < r->nr_reports; i++) {
		const struct report *x = &r->report[i];
		const struct oracle_info *o = &oracle_info[x->oracle];

		json_object(j, NULL);
		json_text(j, "oracle", o->name);
		json_text(j, "severity", severity_name[o->severity]);
		json_text(j, "sentence", o->sentence);
		json_text(j, "title", report_title(in->config, x, text, sizeof(text)));
		json_text(j, "signature", report_signature(in->config, x, text, sizeof(text)));
		json_int(j, "step", x->step);
		json_int(j, "pcpu", x->pcpu);
		if (x->vcpu >= 0)
			json_int(j, "vcpu", x->vcpu);
		json_bool(j, "shown", x == in->report);
		json_end(j);
	}
	json_end(j);
}

static void put_run(struct json *j, const struct show_input *in, FILE *out)
{
	static char text[SCHEDULE_TEXT];
	char config[1024];

	json_open(j, out, SCHEMA);
	json_text(j, "what", "run");
	json_text(j, "id", in->id);
	config_print_json(in->config, config, sizeof(config));
	json_raw(j, "config", config);
	schedule_print(in->schedule, text, sizeof(text));
	json_text(j, "schedule", text);
	json_text(j, "end", show_end(in->result->end));
	put_hash(j, "hash", in->result->hash);
	json_seed(j, "now_ns", in->result->now);
	json_int(j, "steps", in->result->steps);
	json_int(j, "choices", in->result->nr_choices);
	json_int(j, "records", in->trace->nr);
	json_int(j, "lost_records", in->trace->lost);
	put_reports(j, in);
	json_text(j, "replay", in->replay_line);
	json_close(j);
}

static void put_flags(struct json *j, unsigned int flags)
{
	static const struct {
		enum access_flags flag;
		const char *name;
	} names[] = {
		{ ACC_READ, "read" }, { ACC_WRITE, "write" }, { ACC_PLAIN, "plain" },
		{ ACC_ACQUIRE, "acquire" }, { ACC_RELEASE, "release" }, { ACC_FULL, "full" },
	};

	json_array(j, "flags");
	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (flags & names[i].flag)
			json_text(j, NULL, names[i].name);
	json_end(j);
}

static void put_value(struct json *j, const char *key, const char *text_key,
		      const struct show_word *w, unsigned int size, uint64_t value)
{
	char text[SHOW_VALUE];

	/* A pointer's number is an address: only its name is said. */
	if (!w->field || w->field->kind != MACHINE_FIELD_PTR)
		json_seed(j, key, value);
	json_text(j, text_key, show_value(w, size, value, false, text));
}

/* What memory it touched, or its argument. */
static void put_subject(struct json *j, const struct trace_rec *r)
{
	char name[SHOW_NAME];
	struct show_word w;

	if (!show_is_access(r)) {
		json_int(j, "arg", (int32_t)r->off);
		json_seed(j, "value", r->value);
		return;
	}
	show_word(r->off, &w);
	json_text(j, "object", w.object ? w.object->name : NULL);
	json_text(j, "field", w.field ? show_field_name(&w, name) : NULL);
	json_int(j, "size", r->size);
	put_flags(j, r->flags);
	put_value(j, "value", "value_text", &w, r->size, r->value);
	if (r->kind == TRACE_WRITE || r->kind == TRACE_RMW)
		put_value(j, "old", "old_text", &w, r->size, r->old);
}

static void put_stack(struct json *j, const struct show_input *in, const struct trace_rec *r)
{
	struct show_place place[SHOW_FRAMES];
	unsigned int nr = show_stack(in->config->form, r, place);
	char name[160];

	if (!nr)
		return;
	json_text(j, "site", form_site_name(in->config->form, r->site, name, sizeof(name)));
	json_array(j, "stack");
	for (unsigned int i = 0; i < nr; i++) {
		json_object(j, NULL);
		json_text(j, "function", place[i].function);
		json_text(j, "file", place[i].file);
		json_int(j, "line", place[i].line);
		json_end(j);
	}
	json_end(j);
}

static void put_vcpus(struct json *j, const struct show_state *s)
{
	char value[SHOW_VALUE];

	json_array(j, "vcpus");
	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++) {
		json_object(j, NULL);
		json_text(j, "mode", show_mode(s->vcpu[v].mode, false));
		json_int(j, "cpu", s->vcpu[v].cpu);
		json_seed(j, "requests", s->vcpu[v].requests);
		json_text(j, "requests_text", show_requests(s->vcpu[v].requests, value));
		json_end(j);
	}
	json_end(j);
}

static void put_step(struct json *j, const struct show_input *in, struct show_state *s,
		     const struct trace_rec *r, FILE *out)
{
	char text[SHOW_TEXT];

	json_open(j, out, SCHEMA);
	json_text(j, "what", "step");
	json_int(j, "step", r->step);
	json_int(j, "choice", r->choice);
	json_seed(j, "now_ns", r->now);
	json_int(j, "pcpu", r->pcpu);
	json_text(j, "task", show_task(r->task));
	json_bool(j, "in_irq", r->in_irq);
	json_text(j, "kind", trace_kind_name[r->kind]);
	json_text(j, "text", show_text(s, r, 0, &in->config->form->sites, text));
	put_subject(j, r);
	put_stack(j, in, r);
	show_state_apply(s, r);
	put_vcpus(j, s);
	json_close(j);
}

int show_json(const struct show_input *in, FILE *out)
{
	struct show_state *s = malloc(sizeof(*s));
	struct json j;

	if (!s)
		return term_error(TERM_EXIT_SYSTEM, "no memory to show the trace");
	show_state_begin(s);
	put_run(&j, in, out);
	for (uint32_t i = 0; i < in->trace->nr; i++)
		put_step(&j, in, s, &in->trace->rec[i], out);
	free(s);
	return 0;
}
