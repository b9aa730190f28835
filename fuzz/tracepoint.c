// SPDX-License-Identifier: GPL-2.0-only
/* The tracepoints, and an event as one of them. */
#include <string.h>
#include "show_name.h"
#include "tracepoint.h"

/* Vectors of x86; an arm64 trace uses them too, for want of names of its own. */
enum vector { VECTOR_TIMER = 0xec, VECTOR_CALL = 0xfb, VECTOR_RESCHED = 0xfd };

enum { FLAG_IRQS_OFF = 1, FLAG_HARDIRQ = 8, ISA_VMX = 1 };

#define NUMBER(type, name, offset, size, is_signed) { type, name, offset, size, is_signed, 0 }
#define TEXT(name, offset, size) { "char", name, offset, size, 1, 1 }
#define COMM(name, offset) TEXT(name, offset, 16)

enum tracepoint_id {
	TP_SWITCH, TP_MIGRATE, TP_WAKING, TP_ENTRY, TP_EXIT, TP_IPI,
	TP_RESCHED_ENTRY, TP_RESCHED_EXIT, TP_CALL_ENTRY, TP_CALL_EXIT, TP_TIMER_ENTRY,
	TP_TIMER_EXIT, TP_MODE, TP_CPU_READ, TP_CPU_WRITE, TP_REQUEST, TP_STEP, TP_ORACLE
};

#define VECTOR_EVENT(ID, NAME)						\
	[ID] = { "irq_vectors", NAME, "vector=%d", 0x200 + ID, 12, {	\
		NUMBER("int", "vector", 8, 4, 1) } }

const struct tracepoint tracepoints[] = {
	[TP_SWITCH] = { "sched", "sched_switch",
		"prev_comm=%s prev_pid=%d prev_prio=%d prev_state=%T ==> "
		"next_comm=%s next_pid=%d next_prio=%d", 0x200, 64, {
		COMM("prev_comm", 8), NUMBER("pid_t", "prev_pid", 24, 4, 1),
		NUMBER("int", "prev_prio", 28, 4, 1), NUMBER("long", "prev_state", 32, 8, 1),
		COMM("next_comm", 40), NUMBER("pid_t", "next_pid", 56, 4, 1),
		NUMBER("int", "next_prio", 60, 4, 1) } },
	[TP_MIGRATE] = { "sched", "sched_migrate_task",
		"comm=%s pid=%d prio=%d orig_cpu=%d dest_cpu=%d", 0x201, 40, {
		COMM("comm", 8), NUMBER("pid_t", "pid", 24, 4, 1),
		NUMBER("int", "prio", 28, 4, 1), NUMBER("int", "orig_cpu", 32, 4, 1),
		NUMBER("int", "dest_cpu", 36, 4, 1) } },
	[TP_WAKING] = { "sched", "sched_waking",
		"comm=%s pid=%d prio=%d target_cpu=%03d", 0x202, 36, {
		COMM("comm", 8), NUMBER("pid_t", "pid", 24, 4, 1),
		NUMBER("int", "prio", 28, 4, 1), NUMBER("int", "target_cpu", 32, 4, 1) } },
	[TP_ENTRY] = { "kvm", "kvm_entry", "vcpu %u, rip 0x%llx", 0x203, 24, {
		NUMBER("unsigned int", "vcpu_id", 8, 4, 0),
		NUMBER("unsigned long", "rip", 16, 8, 0) } },
	[TP_EXIT] = { "kvm", "kvm_exit",
		"exit_reason %u rip 0x%llx isa %u info1 0x%llx info2 0x%llx vcpu %u",
		0x204, 56, {
		NUMBER("unsigned int", "exit_reason", 8, 4, 0),
		NUMBER("unsigned long", "guest_rip", 16, 8, 0),
		NUMBER("u32", "isa", 24, 4, 0), NUMBER("u64", "info1", 32, 8, 0),
		NUMBER("u64", "info2", 40, 8, 0), NUMBER("unsigned int", "vcpu_id", 48, 4, 0) } },
	[TP_IPI] = { "ipi", "ipi_send_cpu", "cpu=%u callsite=%s", 0x205, 44, {
		NUMBER("unsigned int", "cpu", 8, 4, 0), TEXT("callsite", 12, 32) } },
	VECTOR_EVENT(TP_RESCHED_ENTRY, "reschedule_entry"),
	VECTOR_EVENT(TP_RESCHED_EXIT, "reschedule_exit"),
	VECTOR_EVENT(TP_CALL_ENTRY, "call_function_single_entry"),
	VECTOR_EVENT(TP_CALL_EXIT, "call_function_single_exit"),
	VECTOR_EVENT(TP_TIMER_ENTRY, "local_timer_entry"),
	VECTOR_EVENT(TP_TIMER_EXIT, "local_timer_exit"),
	[TP_MODE] = { "kicksim", "vcpu_mode", "vcpu=%d %M => %M (%s)", 0x20c, 116, {
		NUMBER("int", "vcpu", 8, 4, 1), NUMBER("int", "old", 12, 4, 1),
		NUMBER("int", "mode", 16, 4, 1), TEXT("place", 20, 96) } },
	[TP_CPU_READ] = { "kicksim", "vcpu_cpu_read", "vcpu=%d cpu=%d (%s)", 0x20d, 112, {
		NUMBER("int", "vcpu", 8, 4, 1), NUMBER("int", "value", 12, 4, 1),
		TEXT("place", 16, 96) } },
	[TP_CPU_WRITE] = { "kicksim", "vcpu_cpu_write", "vcpu=%d cpu %d => %d (%s)", 0x20e, 116, {
		NUMBER("int", "vcpu", 8, 4, 1), NUMBER("int", "old", 12, 4, 1),
		NUMBER("int", "value", 16, 4, 1), TEXT("place", 20, 96) } },
	[TP_REQUEST] = { "kicksim", "request", "vcpu=%d 0x%llx => 0x%llx (%s)", 0x20f, 128, {
		NUMBER("int", "vcpu", 8, 4, 1), NUMBER("u64", "old", 16, 8, 0),
		NUMBER("u64", "requests", 24, 8, 0), TEXT("place", 32, 96) } },
	[TP_STEP] = { "kicksim", "step", "%u: %s", 0x210, 176, {
		NUMBER("unsigned int", "step", 8, 4, 0), TEXT("what", 12, 164) } },
	[TP_ORACLE] = { "kicksim", "oracle", "%s", 0x211, 104, { TEXT("rule", 8, 96) } },
	{ NULL, NULL, NULL, 0, 0, { { NULL, NULL, 0, 0, 0, 0 } } }
};

static enum tracepoint_id vector_event(const struct show_event *e)
{
	bool entry = e->kind == SHOW_EV_IRQ_ENTRY;

	if (e->arg == EVENT_RESCHED)
		return entry ? TP_RESCHED_ENTRY : TP_RESCHED_EXIT;
	if (e->arg == EVENT_CALL)
		return entry ? TP_CALL_ENTRY : TP_CALL_EXIT;
	return entry ? TP_TIMER_ENTRY : TP_TIMER_EXIT;
}

static enum tracepoint_id id_of(const struct show_event *e)
{
	static const uint8_t id[NR_SHOW_EV] = {
		[SHOW_EV_SWITCH] = TP_SWITCH, [SHOW_EV_MIGRATE] = TP_MIGRATE,
		[SHOW_EV_WAKE] = TP_WAKING, [SHOW_EV_ENTRY] = TP_ENTRY,
		[SHOW_EV_EXIT] = TP_EXIT, [SHOW_EV_IPI] = TP_IPI, [SHOW_EV_MODE] = TP_MODE,
		[SHOW_EV_CPU_READ] = TP_CPU_READ, [SHOW_EV_CPU_WRITE] = TP_CPU_WRITE,
		[SHOW_EV_REQUEST] = TP_REQUEST, [SHOW_EV_STEP] = TP_STEP,
		[SHOW_EV_ORACLE] = TP_ORACLE,
	};

	if (e->kind == SHOW_EV_IRQ_ENTRY || e->kind == SHOW_EV_IRQ_EXIT)
		return vector_event(e);
	return (enum tracepoint_id)id[e->kind];
}

const struct tracepoint *tracepoint_of(const struct show_event *e)
{
	return &tracepoints[id_of(e)];
}

/* VMX's basic exit reasons. */
static uint64_t exit_reason(int reason)
{
	static const uint8_t vmx[NR_MACHINE_EXITS] = {
		[MACHINE_EXIT_IRQ] = 1, [MACHINE_EXIT_HLT] = 12, [MACHINE_EXIT_ICR] = 32,
		[MACHINE_EXIT_IO] = 30, [MACHINE_EXIT_WALK] = 0, [MACHINE_EXIT_DEADLINE] = 32,
		[MACHINE_EXIT_STOP] = 1,
	};

	return reason >= 0 && reason < NR_MACHINE_EXITS ? vmx[reason] : 0;
}

static uint64_t task_state(int how)
{
	return how == SHOW_PREV_SLEEPS ? 1 : how == SHOW_PREV_DEAD ? 0x10 : 0;
}

struct values {
	uint64_t number[TRACEPOINT_FIELDS];
	const char *text[TRACEPOINT_FIELDS];
	char comm[2][16], what[SHOW_EV_TEXT + SHOW_EV_PLACE + 4];
};

enum { PRIO = 120 };

static void sched_values(const struct show_event *e, struct values *v)
{
	unsigned int to = 0;

	if (e->kind == SHOW_EV_SWITCH) {
		v->text[0] = show_comm(e->from, e->pcpu, v->comm[0]);
		v->number[1] = show_pid(e->from);
		v->number[2] = PRIO;
		v->number[3] = task_state(e->arg);
		to = 4;
	}
	v->text[to] = show_comm(e->to, e->pcpu, v->comm[1]);
	v->number[to + 1] = show_pid(e->to);
	v->number[to + 2] = PRIO;
	if (e->kind == SHOW_EV_MIGRATE)
		v->number[3] = (uint64_t)e->from;
	if (e->kind != SHOW_EV_SWITCH)
		v->number[e->kind == SHOW_EV_MIGRATE ? 4 : 3] = (uint64_t)e->arg;
}

/* In the order of the tracepoint's fields. */
static void values_of(const struct show_event *e, struct values *v)
{
	uint64_t vcpu = (uint64_t)e->to;

	memset(v, 0, sizeof(*v));
	switch ((enum show_event_kind)e->kind) {
	case SHOW_EV_SWITCH:
	case SHOW_EV_MIGRATE:
	case SHOW_EV_WAKE:
		sched_values(e, v);
		break;
	case SHOW_EV_ENTRY:
		v->number[0] = vcpu;
		break;
	case SHOW_EV_EXIT:
		*v = (struct values){ .number = { exit_reason(e->arg), 0, ISA_VMX, 0, 0, vcpu } };
		break;
	case SHOW_EV_IPI:
		v->number[0] = vcpu;
		v->text[1] = e->place;
		break;
	case SHOW_EV_IRQ_ENTRY:
	case SHOW_EV_IRQ_EXIT:
		v->number[0] = e->arg == EVENT_RESCHED ? VECTOR_RESCHED :
			       e->arg == EVENT_CALL ? VECTOR_CALL : VECTOR_TIMER;
		break;
	case SHOW_EV_CPU_READ:
		*v = (struct values){ { vcpu, e->value }, { NULL, NULL, e->place }, { "" }, "" };
		break;
	case SHOW_EV_MODE:
	case SHOW_EV_CPU_WRITE:
	case SHOW_EV_REQUEST:
		*v = (struct values){ { vcpu, e->old, e->value },
				      { NULL, NULL, NULL, e->place }, { "" }, "" };
		break;
	case SHOW_EV_STEP:
		v->number[0] = e->step;
		v->text[1] = v->what;
		snprintf(v->what, sizeof(v->what), *e->place ? "%s (%s)" : "%s", e->text,
			 e->place);
		break;
	case SHOW_EV_ORACLE:
		v->text[0] = e->text;
		break;
	case NR_SHOW_EV:
		break;
	}
}

void tracepoint_record(const struct show_event *e, unsigned char *record)
{
	const struct tracepoint *tp = tracepoint_of(e);
	uint32_t pid = show_pid(e->task);
	struct values v;

	memset(record, 0, tp->size);
	memcpy(record, &tp->id, 2);
	record[2] = e->in_irq ? FLAG_IRQS_OFF | FLAG_HARDIRQ : 0;
	memcpy(record + 4, &pid, 4);
	values_of(e, &v);
	for (unsigned int i = 0; tp->field[i].name; i++) {
		const struct tracepoint_field *f = &tp->field[i];

		if (f->is_text)
			snprintf((char *)record + f->offset, f->size, "%s", v.text[i]);
		else
			memcpy(record + f->offset, &v.number[i], f->size);
	}
}

/* One conversion of a template with its value; returns what follows it. */
static const char *put_value(const char *c, const struct tracepoint_field *f, uint64_t n,
			     const char *text, FILE *out)
{
	size_t length = strcspn(c + 1, "duxsTM") + 2;

	switch (c[length - 1]) {
	case 's':
		fprintf(out, "%.*s", f->size - 1, text);
		break;
	case 'T':
		fputs(n == 1 ? "S" : n ? "X" : "R", out);
		break;
	case 'M':
		fputs(show_mode(n, false), out);
		break;
	case 'x':
		fprintf(out, "%llx", (unsigned long long)n);
		break;
	default:
		fprintf(out, c[1] == '0' ? "%03d" : "%d", (int)n);
	}
	return c + length;
}

const char *tracepoint_text(const struct show_event *e, char buf[TRACEPOINT_TEXT])
{
	const struct tracepoint *tp = tracepoint_of(e);
	FILE *out = fmemopen(buf, TRACEPOINT_TEXT, "w");
	unsigned int i = 0;
	struct values v;

	if (!out)
		return "";
	values_of(e, &v);
	for (const char *c = tp->format; *c;) {
		if (*c == '%') {
			c = put_value(c, &tp->field[i], v.number[i], v.text[i], out);
			i++;
		} else {
			putc(*c++, out);
		}
	}
	fclose(out);
	return buf;
}
