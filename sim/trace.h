/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The trace is what happened in a run, in order.
 *
 * Every run keeps its hash; the records are kept only when somebody has given
 * the world a struct trace, because a trace can be made again from its schedule
 * at any time.  The hash covers actor, kind, object.field, size and values: no
 * address and no program counter, so it is the same in every build.
 *
 * A record's place is a site: an index into the form's table of access places.
 * The call stack of an access is kept beside the records for reports that show
 * it.
 */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include "world.h"

/* TRACE(id, name): what a record tells; arg and value are said beside it. */
#define TRACE_KINDS(TRACE)							\
	TRACE(READ, "read")		/* word, value */			\
	TRACE(WRITE, "write")		/* word, value, old */			\
	TRACE(RMW, "rmw")		/* word, value, old */			\
	TRACE(CAS_FAILED, "cas-failed")	/* word, value found */			\
	TRACE(MB, "mb")			/* full barrier */			\
	TRACE(RMB, "rmb")							\
	TRACE(WMB, "wmb")							\
	TRACE(STEP, "step")		/* touches no memory */			\
	TRACE(VISIBLE, "visible")	/* a buffered store reaches memory */	\
	TRACE(TASK_START, "start")						\
	TRACE(TASK_END, "end")							\
	TRACE(IRQ_ENTER, "irq-enter")	/* arg: event kind, value: wake-up vector */ \
	TRACE(IRQ_EXIT, "irq-exit")						\
	TRACE(IPI, "ipi")		/* arg: target pCPU, value: event kind */ \
	TRACE(IPI_DROPPED, "ipi-dropped") /* arg: target pCPU, offline */	\
	TRACE(ACK, "ack")		/* arg: sender's pCPU */		\
	TRACE(ACKED, "acked")		/* all targets have acknowledged */	\
	TRACE(SCHED_OUT, "sched-out")	/* arg: pCPU that gets the task next */	\
	TRACE(SCHED_IN, "sched-in")	/* arg: pCPU it ran on before */	\
	TRACE(BLOCK, "block")							\
	TRACE(WAKE, "wake")		/* arg: task, value: pCPU */		\
	TRACE(GUEST_ENTER, "guest-enter") /* arg: vCPU */			\
	TRACE(GUEST_EXIT, "guest-exit")	/* arg: vCPU, value: reason */		\
	TRACE(OFFLINE, "offline")	/* arg: pCPU */				\
	TRACE(ONLINE, "online")		/* arg: pCPU */				\
	TRACE(CALL_BEGIN, "call-begin")	/* arg: vCPUs, value: request + 1 */	\
	TRACE(CALL_END, "call-end")						\
	TRACE(PAGE_FREE, "page-free")	/* word */				\
	TRACE(PAGE_ALLOC, "page-alloc")	/* word */				\
	TRACE(TIMER, "timer")		/* arg: pCPU */				\
	TRACE(REPORT, "report")		/* arg: oracle */

enum trace_kind {
#define TRACE(id, name) TRACE_##id,
	TRACE_KINDS(TRACE)
#undef TRACE
	NR_TRACE_KINDS
};

/* Value of an IPI whose event is EVENT_RESCHED and whose handler is the form's. */
enum { TRACE_IPI_WAKEUP = NR_EVENT_KINDS };

struct trace_rec {
	uint64_t now;			/* simulated ns */
	uint64_t value, old;
	uint32_t step;			/* accesses performed before this one */
	uint32_t off;			/* of shared memory, or the argument */
	uint32_t choice;		/* choices taken before it */
	uint16_t site;
	uint8_t kind;
	uint8_t pcpu;
	uint8_t task;
	uint8_t size;			/* of the access, or 0 */
	uint8_t flags;			/* enum access_flags */
	uint8_t in_irq;
	uint32_t stack[6];		/* callers' places in the text, innermost first */
};

/* The kind of event by which an IPI arrives. */
static inline unsigned int trace_ipi_event(const struct trace_rec *r)
{
	return r->value == TRACE_IPI_WAKEUP ? EVENT_RESCHED : (unsigned int)r->value;
}

/* A sink of fixed size, the host's.  @lost counts what did not fit. */
struct trace {
	struct trace_rec *rec;
	uint32_t nr, max, lost;
};

extern const char *const trace_kind_name[NR_TRACE_KINDS];

void trace_keep(struct trace *t, enum trace_kind kind, const struct access *acc, uint32_t arg,
		uint64_t value, uint64_t old, uint16_t site);

static inline uint64_t trace_mix(uint64_t h, uint64_t x)
{
	h = (h ^ x) * 0x9e3779b97f4a7c15ull;
	return h ^ (h >> 29);
}

/* An access took effect: @value read, or stored over @old. */
static inline void trace_access(enum trace_kind kind, const struct access *acc, uint64_t value,
				uint64_t old)
{
	struct world_live *l = &WORLD->live;
	uint64_t who = l->cur->id | (uint64_t)l->cur->curr << 8 | (uint64_t)kind << 16 |
		       (uint64_t)acc->size << 24 | (uint64_t)acc->off << 32;

	l->hash = trace_mix(trace_mix(l->hash, who), value ^ (old << 32 | old >> 32));
	if (__builtin_expect(WORLD->fix.trace != NULL, 0)) {
		struct access copy = *acc;

		trace_keep(WORLD->fix.trace, kind, &copy, copy.off, value, old, copy.site);
	}
}

/* Something else happened on the running pCPU. */
static inline void trace_event(enum trace_kind kind, uint32_t arg, uint64_t value, uint16_t site)
{
	struct world_live *l = &WORLD->live;
	uint64_t who = l->cur->id | (uint64_t)l->cur->curr << 8 | (uint64_t)kind << 16 |
		       (uint64_t)arg << 32;

	l->hash = trace_mix(l->hash, who ^ (value << 24));
	if (__builtin_expect(WORLD->fix.trace != NULL, 0))
		trace_keep(WORLD->fix.trace, kind, NULL, arg, value, 0, site);
}

#endif
