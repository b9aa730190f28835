// SPDX-License-Identifier: GPL-2.0-only
/* What a record says, in words that a reader of the kernel's source knows. */
#include <stdio.h>
#include <string.h>
#include "../results/term.h"
#include "show_name.h"
#include "show_state.h"

static const char *site_op(const struct sites *sites, const struct trace_rec *r)
{
	return r->site && r->site <= sites->nr ? sites->site[r->site].op : "";
}

/* A word's name as @style wants it. */
static const char *name_of(const struct show_word *w, const struct trace_rec *r,
			   unsigned int style, char *buf)
{
	if (w->vcpu >= 0 && style & SHOW_ONE_VCPU)
		return show_field_name(w, buf);
	if (w->percpu == r->pcpu && style & SHOW_BRIEF)
		return show_field_name(w, buf);
	return show_word_name(w, buf);
}

static void read_text(const struct show_word *w, const struct trace_rec *r,
		      const char *value, unsigned int style, char *buf)
{
	char name[SHOW_NAME], field[SHOW_NAME];
	const char *last = show_field_name(w, field);

	if (strrchr(last, '.'))
		last = strrchr(last, '.') + 1;
	if (style & SHOW_BARE_READ || !w->field)
		snprintf(buf, SHOW_TEXT, "%s (%s)", name_of(w, r, style, name), value);
	else
		snprintf(buf, SHOW_TEXT, "%s = %s (%s)", last, show_word_name(w, name), value);
}

static void bits_text(const struct show_word *w, const struct trace_rec *r, const char *name,
		      unsigned int style, char *buf)
{
	char bits[SHOW_VALUE];
	uint64_t set = r->value & ~r->old, gone = r->old & ~r->value;
	const char *op = set && !gone ? "|=" : !set && gone ? "&= ~" : NULL;

	if (op)
		snprintf(buf, SHOW_TEXT, "%s %s%s%s", name, op, set ? " " : "",
			 show_value(w, r->size, set | gone, style & SHOW_BRIEF, bits));
	else if (!set)
		snprintf(buf, SHOW_TEXT, "%s unchanged", name);
	else
		snprintf(buf, SHOW_TEXT, "%s = %s", name,
			 show_value(w, r->size, r->value, style & SHOW_BRIEF, bits));
}

static bool is_bitmap(const struct show_word *w)
{
	if (!w->field)
		return false;
	return w->field->kind == MACHINE_FIELD_REQUESTS || w->field->kind == MACHINE_FIELD_HEX ||
	       w->field->kind == MACHINE_FIELD_CPUMASK;
}

static void rmw_text(const struct show_word *w, const struct trace_rec *r, const char *op,
		     unsigned int style, char *buf)
{
	char name[SHOW_NAME], from[SHOW_VALUE], to[SHOW_VALUE];
	const char *what = strstr(op, "exchange") ? "xchg" : "atomic";

	name_of(w, r, style, name);
	if (!strcmp(op, "spin_lock")) {
		snprintf(buf, SHOW_TEXT, "lock %s", name);
		return;
	}
	if (is_bitmap(w) && strstr(op, "fetch_")) {
		bits_text(w, r, name, style, buf);
		return;
	}
	if (strstr(op, "compare_exchange"))
		what = "cmpxchg";
	else if (!strcmp(op, "wake_up"))
		what = "wake_up";
	snprintf(buf, SHOW_TEXT, "%s %s %s %s %s", what, name,
		 show_value(w, r->size, r->old, style & SHOW_BRIEF, from), term_sign(TERM_ARROW),
		 show_value(w, r->size, r->value, style & SHOW_BRIEF, to));
}

/* A load that gave an older value: what had become visible by then. */
static void stale_text(const struct show_word *w, const struct trace_rec *r,
		       unsigned int style, char *buf)
{
	char newest[SHOW_VALUE];
	size_t n = strlen(buf);

	if (n < SHOW_TEXT)
		snprintf(buf + n, SHOW_TEXT - n, ", stale: %s in memory",
			 show_value(w, r->size, r->old, style & SHOW_BRIEF, newest));
}

static void access_text(const struct trace_rec *r, unsigned int style,
			const struct sites *sites, char *buf)
{
	char value[SHOW_VALUE], name[SHOW_NAME];
	const char *op = site_op(sites, r), *v;
	struct show_word w;

	show_word(r->off, &w);
	v = show_value(&w, r->size, r->value, style & SHOW_BRIEF, value);
	name_of(&w, r, style, name);
	switch (r->kind) {
	case TRACE_READ:
		read_text(&w, r, v, style, buf);
		break;
	case TRACE_CAS_FAILED:
		snprintf(buf, SHOW_TEXT, "cmpxchg %s fails: %s", name, v);
		break;
	case TRACE_RMW:
		rmw_text(&w, r, op, style, buf);
		break;
	case TRACE_VISIBLE:
		snprintf(buf, SHOW_TEXT, "visible: %s = %s", name, v);
		break;
	default:
		if (!strcmp(op, "spin_unlock"))
			snprintf(buf, SHOW_TEXT, "unlock %s", name);
		else
			snprintf(buf, SHOW_TEXT, "%s = %s", name, v);
	}
	if (r->flags & ACC_STALE)
		stale_text(&w, r, style, buf);
}

/* "vcpu0,vcpu2" of a bitmap. */
static const char *vcpu_list(unsigned int vcpus, char buf[64])
{
	size_t n = 0;

	snprintf(buf, 64, "nobody");
	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++)
		if (vcpus >> v & 1)
			n += (size_t)snprintf(buf + n, 64 - n, "%svcpu%d", n ? "," : "", v);
	return buf;
}

static void call_text(const struct trace_rec *r, char *buf)
{
	char list[64], request[SHOW_VALUE];

	vcpu_list(r->off, list);
	if (!r->value)
		snprintf(buf, SHOW_TEXT, "begins: kick %s", list);
	else
		snprintf(buf, SHOW_TEXT, "begins: %s for %s",
			 show_requests(1ull << ((r->value - 1) & 63), request), list);
}

bool show_is_bad(const struct show_state *s, const struct trace_rec *r)
{
	int vcpu = show_task_vcpu(r->task);

	if (r->kind == TRACE_IPI_DROPPED)
		return true;
	if (r->kind != TRACE_IRQ_ENTER || r->off != EVENT_RESCHED || r->value)
		return false;
	return s->ipi_for[r->pcpu] && (vcpu < 0 || !(s->ipi_for[r->pcpu] >> vcpu & 1));
}

static void irq_text(const struct show_state *s, const struct trace_rec *r, char *buf)
{
	int vcpu = show_task_vcpu(r->task);
	char list[64];

	switch (r->off) {
	case EVENT_RESCHED:
	case EVENT_CALL:
		if (show_is_bad(s, r) && vcpu < 0)
			snprintf(buf, SHOW_TEXT, "IPI: no vCPU here %s", term_sign(TERM_BAD));
		else if (show_is_bad(s, r))
			snprintf(buf, SHOW_TEXT, "IPI for %s: not here %s",
				 vcpu_list(s->ipi_for[r->pcpu], list), term_sign(TERM_BAD));
		else
			snprintf(buf, SHOW_TEXT, "IPI: %s",
				 r->off == EVENT_CALL ? "function call" :
				 r->value ? "wake-up vector" : "reschedule");
		break;
	case EVENT_TIMER:
		snprintf(buf, SHOW_TEXT, "IRQ: timer");
		break;
	case EVENT_NOTIFY:
		snprintf(buf, SHOW_TEXT, "notification");
		break;
	default:
		snprintf(buf, SHOW_TEXT, "IRQ: tick");
	}
}

static void sched_text(const struct show_state *s, const struct trace_rec *r, char *buf)
{
	unsigned int last = s->task_pcpu[r->task % MAX_TASKS];

	if (r->kind == TRACE_SCHED_OUT && r->off != r->pcpu)
		snprintf(buf, SHOW_TEXT, "sched_out %s %s pCPU%u", show_task(r->task),
			 term_sign(TERM_ARROW), r->off);
	else if (r->kind == TRACE_SCHED_OUT)
		snprintf(buf, SHOW_TEXT, "sched_out %s", show_task(r->task));
	else if (last != r->pcpu)
		snprintf(buf, SHOW_TEXT, "sched_in %s from pCPU%u", show_task(r->task), last);
	else
		snprintf(buf, SHOW_TEXT, "sched_in %s", show_task(r->task));
}

static void ipi_text(const struct trace_rec *r, char *buf)
{
	if (r->kind == TRACE_IPI_DROPPED)
		snprintf(buf, SHOW_TEXT, "IPI dropped: pCPU%u is offline %s", r->off,
			 term_sign(TERM_BAD));
	else
		snprintf(buf, SHOW_TEXT, "%s(%d)",
			 r->value == EVENT_CALL ? "call_function" :
			 r->value == EVENT_NOTIFY ? "notify" :
			 r->value == TRACE_IPI_WAKEUP ? "send_wakeup" : "send_reschedule",
			 (int)r->off);
}

/* Those without memory whose text is one word and one argument at most. */
static void event_text(const struct trace_rec *r, char *buf)
{
	struct show_word w;
	char name[SHOW_NAME];

	switch (r->kind) {
	case TRACE_MB:
		snprintf(buf, SHOW_TEXT, "smp_mb()");
		break;
	case TRACE_RMB:
		snprintf(buf, SHOW_TEXT, "smp_rmb()");
		break;
	case TRACE_WMB:
		snprintf(buf, SHOW_TEXT, "smp_wmb()");
		break;
	case TRACE_TASK_START:
	case TRACE_TASK_END:
		snprintf(buf, SHOW_TEXT, "%s %s", show_task(r->task),
			 r->kind == TRACE_TASK_START ? "starts" : "ends");
		break;
	case TRACE_IRQ_EXIT:
		snprintf(buf, SHOW_TEXT, "IRQ ends");
		break;
	case TRACE_CALL_END:
		snprintf(buf, SHOW_TEXT, "ends");
		break;
	case TRACE_BLOCK:
		snprintf(buf, SHOW_TEXT, "%s blocks", show_task(r->task));
		break;
	case TRACE_TIMER:
		snprintf(buf, SHOW_TEXT, "arms a timer");
		break;
	case TRACE_ACK:
		snprintf(buf, SHOW_TEXT, "acks pCPU%u", r->off);
		break;
	case TRACE_ACKED:
		snprintf(buf, SHOW_TEXT, "all have acked");
		break;
	case TRACE_WAKE:
		snprintf(buf, SHOW_TEXT, "wakes %s", show_task(r->off));
		break;
	case TRACE_OFFLINE:
	case TRACE_ONLINE:
		snprintf(buf, SHOW_TEXT, "pCPU%u goes %s", r->off, trace_kind_name[r->kind]);
		break;
	case TRACE_PAGE_FREE:
	case TRACE_PAGE_ALLOC:
		show_word(r->off, &w);
		snprintf(buf, SHOW_TEXT, "page %s is %s",
			 w.object ? w.object->name : show_word_name(&w, name),
			 r->kind == TRACE_PAGE_FREE ? "freed" : "allocated");
		break;
	default:
		snprintf(buf, SHOW_TEXT, "%s", trace_kind_name[r->kind]);
	}
}

const char *show_text(const struct show_state *before, const struct trace_rec *r,
		      unsigned int style, const struct sites *sites, char *buf)
{
	assert(r->kind < NR_TRACE_KINDS);
	switch (r->kind) {
	case TRACE_READ:
	case TRACE_WRITE:
	case TRACE_RMW:
	case TRACE_CAS_FAILED:
	case TRACE_VISIBLE:
		access_text(r, style, sites, buf);
		break;
	case TRACE_IRQ_ENTER:
		irq_text(before, r, buf);
		break;
	case TRACE_IPI:
	case TRACE_IPI_DROPPED:
		ipi_text(r, buf);
		break;
	case TRACE_SCHED_OUT:
	case TRACE_SCHED_IN:
		sched_text(before, r, buf);
		break;
	case TRACE_GUEST_ENTER:
		snprintf(buf, SHOW_TEXT, "VM-enter vcpu%u", r->off);
		break;
	case TRACE_GUEST_EXIT:
		snprintf(buf, SHOW_TEXT, "VM-exit vcpu%u: %s", r->off, show_exit(r->value));
		break;
	case TRACE_CALL_BEGIN:
		call_text(r, buf);
		break;
	case TRACE_REPORT:
		snprintf(buf, SHOW_TEXT, "%s %s", term_sign(TERM_BAD),
			 r->off < NR_ORACLES ? oracle_info[r->off].name : "?");
		break;
	default:
		event_text(r, buf);
	}
	return buf;
}
