// SPDX-License-Identifier: GPL-2.0-only
/* Waiting for one's turn, and handing over to whoever has it. */
#include "fiber.h"
#include "machine.h"
#include "model.h"

void run_finish(enum run_end end)
{
	struct world *w = WORLD;
	void *nowhere;

	store_settle();
	w->live.ended = (uint8_t)end;
	fiber_switch(&nowhere, w->fix.host_sp);
	__builtin_unreachable();
}

static inline unsigned int event_earliest(uint64_t events)
{
	const uint64_t *due = WORLD->live.due;
	unsigned int best = (unsigned int)__builtin_ctzll(events);
	uint64_t first = due[best];

	/* Without branches: nobody can tell which of two comes first. */
	for (events &= events - 1; events; events &= events - 1) {
		unsigned int e = (unsigned int)__builtin_ctzll(events);
		bool sooner = due[e] < first;

		best = sooner ? e : best;
		first = sooner ? due[e] : first;
	}
	return best;
}

/* All that was due before @e waits: one answer is one delay, however long. */
static inline void event_stall(uint64_t events, unsigned int e)
{
	struct world_live *l = &WORLD->live;
	uint64_t due = l->due[e], stalled = l->now + COST_STALL;

	for (; events; events &= events - 1) {
		uint64_t *d = &l->due[__builtin_ctzll(events)];

		*d = *d < due ? stalled : *d;
	}
}

static inline __attribute__((always_inline)) unsigned int event_pick(void)
{
	struct world_live *l = &WORLD->live;
	uint64_t must = l->enabled & ~l->optional;
	struct choice_point point;
	unsigned int e;
	uint32_t answer;

	if (!must)
		return EVENT_NONE;
	e = event_earliest(must);
	if (l->due[e] > l->now)
		l->now = l->due[e];
	if (!(l->enabled & (l->enabled - 1)))
		return e;
	point.kind = CHOICE_EVENT;
	point.pcpus = 0;
	point.bound = (uint32_t)__builtin_popcountll(l->enabled);
	point.first = e;
	point.others = l->enabled & ~(1ull << e);
	point.optional = l->optional;
	answer = choice_ask(&point);
	if (answer) {
		e = choice_event(&point, answer);
		event_stall(must, e);
	}
	choice_record(&point, answer, e);
	if (__builtin_expect(WORLD->fix.model, 0)) {
		/* A drain may ask, from further up this stack: which was due first is past. */
		memset(&point, 0, sizeof(point));
		asm volatile("" : : "r"(&point) : "memory");
	}
	return e;
}

/* A drain happens to a pCPU whatever runs there: nobody has to be switched to. */
static inline __attribute__((always_inline)) unsigned int event_settled(void)
{
	unsigned int e;

	while (__builtin_expect((e = event_pick()) % NR_EVENT_KINDS == EVENT_DRAIN, 0))
		model_drain(e / NR_EVENT_KINDS);
	return e;
}

COUNTS_BITS unsigned int event_next(void)
{
	return event_settled();
}

static inline __attribute__((always_inline)) unsigned int event_take_unpaused(void)
{
	struct world_live *l = &WORLD->live;
	struct pcpu *q;
	struct task *from;
	unsigned int e = event_settled();

	if (e == EVENT_NONE)
		run_finish(RUN_QUIESCENT);
	q = &l->pcpu[e / NR_EVENT_KINDS];
	if (q == l->cur)
		return e % NR_EVENT_KINDS;
	from = pcpu_task(l->cur);
	l->event = (uint8_t)e;
	l->cur = q;
	fiber_switch(&from->sp, pcpu_task(q)->sp);
	return WORLD->live.event % NR_EVENT_KINDS;
}

static inline __attribute__((always_inline)) unsigned int event_take(void)
{
	return __builtin_expect(WORLD->fix.pausing, 0) ? snapshot_turn() : event_take_unpaused();
}

COUNTS_BITS unsigned int turn_event(void)
{
	return event_take();
}

/* Who waits for the turn of an access is on a pCPU that can step. */
static inline void announce(struct pcpu *p, uint64_t word)
{
	struct world_live *l = &WORLD->live;
	uint64_t others = l->enabled & EVENTS_OF(EVENT_STEP) & ~(1ull << EVENT_ID(p->id, 0));
	uint32_t off = access_off(word), end = off + access_size(word);

	memcpy(&p->acc, &word, sizeof(word));
	l->task[p->curr].site = access_site(word);
	for (; others; others &= others - 1) {
		struct pcpu *q = &l->pcpu[__builtin_ctzll(others) / NR_EVENT_KINDS];
		uint64_t other = access_word(q->acc);

		if (off < access_off(other) + access_size(other) && access_off(other) < end)
			race_check(p, q);
	}
}

/* Announces access @word until it is its turn; interrupts are taken meanwhile. */
static inline __attribute__((always_inline)) void
access_wait(uint64_t word, void (*tell)(struct pcpu *, uint64_t),
	    unsigned int (*take)(void))
{
	struct pcpu *p = WORLD->live.cur;
	unsigned int kind;

	for (;;) {
		tell(p, word);
		kind = take();
		p = WORLD->live.cur;
		memset(&p->acc, 0, sizeof(p->acc));
		if (__builtin_expect(kind == EVENT_STEP, 1))
			break;
		/* What was interrupted is not about to happen: the handler is. */
		p->race.size = 0;
		irq_handle((enum event_kind)kind);
		p = WORLD->live.cur;
	}
	p->last_site = access_site(word);
	WORLD->live.steps++;
}

static __attribute__((noinline)) void announce_apart(struct pcpu *p, uint64_t word)
{
	announce(p, word);
}

/*
 * In a frame of its own, with nothing in it but what the wait needs: what else the
 * compiler would leave on a stack that waits makes equal states different.  In an
 * address-sanitized build one more frame leaves more there, not less.
 */
#if defined(__SANITIZE_ADDRESS__)
enum { WAITS_APART = 0 };
#else
enum { WAITS_APART = 1 };
#endif

static __attribute__((noinline)) void access_wait_paused(uint64_t word)
{
	access_wait(word, announce_apart, snapshot_turn);
}

COUNTS_BITS void turn_wait(struct access acc, enum cost cost)
{
	struct world_live *l = &WORLD->live;

	if (__builtin_expect(l->steps >= WORLD->fix.step_limit, 0))
		run_finish(RUN_STEP_LIMIT);
	l->due[EVENT_ID(l->cur->id, EVENT_STEP)] = l->now + (uint64_t)cost + l->charge;
	l->charge = 0;
	if (!WAITS_APART)
		access_wait(access_word(acc), announce, event_take);
	else if (__builtin_expect(WORLD->fix.pausing, 0))
		access_wait_paused(access_word(acc));
	else
		access_wait(access_word(acc), announce, event_take_unpaused);
}

void turn_wait_for(enum wait_kind kind, uint8_t arg, uint16_t site)
{
	struct world_live *l = &WORLD->live;
	unsigned int event;

	store_settle();
	for (;;) {
		struct pcpu *p = l->cur;

		p->waiting = kind;
		p->wait_arg = arg;
		p->wait_site = site;
		l->task[p->curr].site = site;
		l->due[EVENT_ID(p->id, EVENT_STEP)] = l->now + COST_STEP + l->charge;
		if (kind == WAIT_PCPU_IDLE || kind == WAIT_PREEMPT_ON)
			l->hotplug_waits = p->id + 1;
		pcpu_update(p);
		/* A guest that is waited for is one that leaves. */
		if (kind == WAIT_VCPU_OUT)
			pcpu_update_all();
		event = turn_event();
		p = l->cur;
		if (event == EVENT_STEP && step_enabled(p))
			break;
		if (event != EVENT_STEP)
			irq_handle((enum event_kind)event);
	}
	if (kind == WAIT_PCPU_IDLE || kind == WAIT_PREEMPT_ON)
		l->hotplug_waits = 0;
	l->cur->waiting = WAIT_NOTHING;
	l->cur->wait_site = 0;
	pcpu_update(l->cur);
	l->charge = 0;
	if (++l->steps >= WORLD->fix.step_limit)
		run_finish(RUN_STEP_LIMIT);
}

/* Where a fiber starts: on its pCPU, for whatever event happens there first. */
void task_entry(void)
{
	struct world *w = WORLD;
	struct task *t = pcpu_task(w->live.cur);
	unsigned int id = task_id(t);
	unsigned int kind = w->live.event % NR_EVENT_KINDS;

	while (kind != EVENT_STEP) {
		irq_handle((enum event_kind)kind);
		kind = turn_event();
	}
	if (!t->idle) {
		trace_event(TRACE_TASK_START, id, 0, 0);
		w->fix.task_fn[id](w->fix.task_arg[id]);
		store_settle();
		/* What it has left off stays off for whoever is next: no kernel survives it. */
		if (!machine_preemptible())
			code_bug(0);
		trace_event(TRACE_TASK_END, id, 0, 0);
		t->state = TASK_DEAD;
	}
	for (;;) {
		schedule(false);
		/* Only the idle task comes back here: it waits for work. */
		turn_wait_for(WAIT_IDLE, 0, 0);
	}
}
