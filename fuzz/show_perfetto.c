// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON trace events, as Perfetto and chrome://tracing import them.
 *
 * One track for each pCPU: the task that runs there, interrupts and steps inside
 * it.  One for each vCPU: its mode.  One more for its guest.  Slices of a track
 * nest, which importers insist on: a slice ends before the next of its depth
 * begins.  An IPI is a flow from the step that sends it to the interrupt.
 */
#include <stdlib.h>
#include <string.h>
#include "../results/json.h"
#include "../results/term.h"
#include "show_events.h"
#include "show_name.h"
#include "show_state.h"

enum { PID_PCPUS = 1, PID_VCPUS = 2, TID_PCPU = 100, TID_VCPU = 200, TID_GUEST = 300 };

enum { NS_MAX_STEP = 900 };

struct perfetto {
	struct json j;
	const struct show_events *events;
	uint32_t flow;			/* the last that began */
	uint32_t sent[MAX_PCPUS][NR_EVENT_KINDS];	/* flows under way to each pCPU */
	uint64_t end_ns;
};

static void put_time(struct json *j, const char *key, uint64_t ns)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu.%03u", (unsigned long long)(ns / 1000),
		 (unsigned int)(ns % 1000));
	json_raw(j, key, text);
}

static void begin(struct perfetto *p, const char *ph, const char *name, int pid, int tid,
		  uint64_t ns)
{
	json_object(&p->j, NULL);
	json_text(&p->j, "ph", ph);
	json_text(&p->j, "name", name);
	json_int(&p->j, "pid", pid);
	json_int(&p->j, "tid", tid);
	put_time(&p->j, "ts", ns);
}

static void put_meta(struct perfetto *p, const char *what, int pid, int tid, const char *name)
{
	begin(p, "M", what, pid, tid, 0);
	json_object(&p->j, "args");
	json_text(&p->j, "name", name);
	json_end(&p->j);
	json_end(&p->j);
}

static void put_names(struct perfetto *p)
{
	char name[32];

	put_meta(p, "process_name", PID_PCPUS, 0, "pCPUs");
	put_meta(p, "process_name", PID_VCPUS, 0, "vCPUs");
	for (int i = 0; i < WORLD->fix.config.nr_pcpus; i++) {
		snprintf(name, sizeof(name), "pCPU%d", i);
		put_meta(p, "thread_name", PID_PCPUS, TID_PCPU + i, name);
	}
	for (int i = 0; i < WORLD->fix.config.nr_vcpus; i++) {
		snprintf(name, sizeof(name), "vcpu%d mode", i);
		put_meta(p, "thread_name", PID_VCPUS, TID_VCPU + i, name);
		snprintf(name, sizeof(name), "vcpu%d guest", i);
		put_meta(p, "thread_name", PID_VCPUS, TID_GUEST + i, name);
	}
}

/* The first event after @e that @ends says ends it, or the end of the trace. */
static uint64_t until(const struct perfetto *p, const struct show_event *e,
		      bool (*ends)(const struct show_event *begun, const struct show_event *e))
{
	const struct show_event *end = p->events->ev + p->events->nr;

	for (const struct show_event *x = e + 1; x < end; x++)
		if (ends(e, x))
			return x->ns;
	return p->end_ns;
}

static bool ends_task(const struct show_event *begun, const struct show_event *e)
{
	return e->kind == SHOW_EV_SWITCH && e->pcpu == begun->pcpu;
}

static bool ends_irq(const struct show_event *begun, const struct show_event *e)
{
	return e->kind == SHOW_EV_IRQ_EXIT && e->pcpu == begun->pcpu;
}

/* Whatever comes next on the pCPU. */
static bool ends_step(const struct show_event *begun, const struct show_event *e)
{
	return e->pcpu == begun->pcpu;
}

static bool ends_mode(const struct show_event *begun, const struct show_event *e)
{
	return e->kind == SHOW_EV_MODE && e->to == begun->to;
}

static bool ends_guest(const struct show_event *begun, const struct show_event *e)
{
	return e->kind == SHOW_EV_EXIT && e->to == begun->to;
}

static void put_slice(struct perfetto *p, const char *name, int pid, int tid, uint64_t from,
		      uint64_t to)
{
	begin(p, "X", name, pid, tid, from);
	put_time(&p->j, "dur", to - from);
	json_end(&p->j);
}

static void put_step(struct perfetto *p, const struct show_event *e)
{
	uint64_t to = until(p, e, ends_step);

	if (to > e->ns + NS_MAX_STEP)
		to = e->ns + NS_MAX_STEP;
	begin(p, "X", e->text, PID_PCPUS, TID_PCPU + e->pcpu, e->ns);
	put_time(&p->j, "dur", to - e->ns);
	json_object(&p->j, "args");
	json_int(&p->j, "step", e->step);
	json_text(&p->j, "place", e->place);
	json_end(&p->j);
	json_end(&p->j);
}

static void put_flow(struct perfetto *p, const char *ph, const struct show_event *e, uint32_t id)
{
	begin(p, ph, "IPI", PID_PCPUS, TID_PCPU + e->pcpu, e->ns);
	json_text(&p->j, "cat", "ipi");
	json_int(&p->j, "id", id);
	if (*ph == 'f')
		json_text(&p->j, "bp", "e");
	json_end(&p->j);
}

/* Whether an interrupt of this kind is taken on @pcpu later: a flow has two ends. */
static bool arrives(const struct perfetto *p, const struct show_event *e)
{
	for (const struct show_event *x = e + 1; x < p->events->ev + p->events->nr; x++)
		if (x->kind == SHOW_EV_IRQ_ENTRY && x->pcpu == e->to && x->arg == e->arg)
			return true;
	return false;
}

static void put_ipi(struct perfetto *p, const struct show_event *e)
{
	put_step(p, e);
	if (e->to < 0 || e->to >= MAX_PCPUS || p->sent[e->to][e->arg] || !arrives(p, e))
		return;
	p->sent[e->to][e->arg] = ++p->flow;
	put_flow(p, "s", e, p->flow);
}

static void put_irq(struct perfetto *p, const struct show_event *e)
{
	static const char *const name[NR_EVENT_KINDS] = {
		[EVENT_RESCHED] = "reschedule IPI", [EVENT_CALL] = "function call IPI",
		[EVENT_TIMER] = "timer", [EVENT_TICK] = "tick",
	};
	uint32_t *sent = &p->sent[e->pcpu][e->arg];

	put_slice(p, name[e->arg] ? name[e->arg] : "interrupt", PID_PCPUS, TID_PCPU + e->pcpu,
		  e->ns, until(p, e, ends_irq));
	if (*sent)
		put_flow(p, "f", e, *sent);
	*sent = 0;
}

static void put_counter(struct perfetto *p, const struct show_event *e)
{
	char name[32];

	snprintf(name, sizeof(name), "vcpu%d->cpu", e->to);
	begin(p, "C", name, PID_VCPUS, TID_VCPU + e->to, e->ns);
	json_object(&p->j, "args");
	json_int(&p->j, "cpu", (int32_t)e->value);
	json_end(&p->j);
	json_end(&p->j);
}

static void put_event(struct perfetto *p, const struct show_event *e)
{
	char comm[16];

	switch ((enum show_event_kind)e->kind) {
	case SHOW_EV_SWITCH:
		if (e->to != SHOW_IDLE)
			put_slice(p, show_comm(e->to, e->pcpu, comm), PID_PCPUS,
				  TID_PCPU + e->pcpu, e->ns, until(p, e, ends_task));
		return;
	case SHOW_EV_IRQ_ENTRY:
		put_irq(p, e);
		return;
	case SHOW_EV_IPI:
		put_ipi(p, e);
		return;
	case SHOW_EV_ORACLE:
		begin(p, "i", e->text, PID_PCPUS, TID_PCPU + e->pcpu, e->ns);
		json_text(&p->j, "s", "g");
		json_end(&p->j);
		return;
	case SHOW_EV_MIGRATE:
	case SHOW_EV_IRQ_EXIT:
		return;
	default:
		break;
	}
	put_step(p, e);
	if (e->kind == SHOW_EV_MODE)
		put_slice(p, show_mode(e->value, false), PID_VCPUS, TID_VCPU + e->to, e->ns,
			  until(p, e, ends_mode));
	if (e->kind == SHOW_EV_ENTRY)
		put_slice(p, "guest", PID_VCPUS, TID_GUEST + e->to, e->ns,
			  until(p, e, ends_guest));
	if (e->kind == SHOW_EV_CPU_WRITE)
		put_counter(p, e);
}

static void put_about(struct perfetto *p, const struct show_input *in)
{
	char config[1024];

	config_print_json(in->config, config, sizeof(config));
	json_text(&p->j, "displayTimeUnit", "ns");
	json_object(&p->j, "otherData");
	json_text(&p->j, "tool", "kicksim " KICKSIM_VERSION);
	json_text(&p->j, "replay", in->replay_line);
	json_raw(&p->j, "config", config);
	json_end(&p->j);
}

int show_perfetto(const struct show_input *in, FILE *out)
{
	struct perfetto *p = calloc(1, sizeof(*p));
	struct show_events events;
	int ret = p ? show_events_make(in, &events) :
		      term_error(TERM_EXIT_SYSTEM, "no memory for the trace");

	if (ret) {
		free(p);
		return ret;
	}
	p->events = &events;
	p->end_ns = events.nr ? events.ev[events.nr - 1].ns + NS_MAX_STEP : 0;
	json_open(&p->j, out, NULL);
	put_about(p, in);
	json_array(&p->j, "traceEvents");
	put_names(p);
	for (uint32_t i = 0; i < events.nr; i++)
		put_event(p, &events.ev[i]);
	json_end(&p->j);
	json_close(&p->j);
	show_events_free(&events);
	free(p);
	return 0;
}
