// SPDX-License-Identifier: GPL-2.0-only
/* Steps of a run as they are found again in another. */
#include "../sim/machine.h"
#include "steer_priv.h"

enum {
	IRQ_ACTOR = 32,			/* + pCPU; tasks are fewer */
	PHASE_MODES = 3,		/* bits of a phase; above are the moves */
};

_Static_assert((int)MAX_TASKS <= (int)IRQ_ACTOR, "a task's number is no handler's");

unsigned int steer_actor(unsigned int task, unsigned int pcpu, bool in_irq)
{
	return in_irq ? IRQ_ACTOR + pcpu : task;
}

void steer_phase(uint32_t *phase, const struct trace_rec *r)
{
	const struct word_meta *m = r->kind == TRACE_WRITE ? &WORLD->fix.meta[r->off / 4] : NULL;

	if (r->kind == TRACE_SCHED_OUT && r->off != r->pcpu)
		*phase += 1 << PHASE_MODES;
	else if (m && m->watch & WATCH_MODE &&
		 WORLD->fix.image.task[r->task].vcpu == m->vcpu)
		*phase = (*phase >> PHASE_MODES << PHASE_MODES) |
			 (r->value & ((1 << PHASE_MODES) - 1));
}

bool steer_is_done(const struct steer *s, struct steer_mark m)
{
	return s->stream[m.stream].done > m.nr;
}

static struct steer_stream *step_stream(struct steer *s, unsigned int actor, uint16_t site,
					uint32_t phase)
{
	if (site > s->nr_sites)
		return NULL;
	for (unsigned int i = s->first[site]; i; i = s->stream[i - 1].next)
		if (s->stream[i - 1].actor == actor && s->stream[i - 1].off == phase)
			return &s->stream[i - 1];
	return NULL;
}

struct steer_stream *steer_step(struct steer *s, unsigned int actor, uint16_t site)
{
	return step_stream(s, actor, site, actor < IRQ_ACTOR ? s->phase[actor] : 0);
}

/* Those without a site are few. */
struct steer_stream *steer_other(struct steer *s, enum steer_kind kind, unsigned int actor,
				 uint32_t off)
{
	for (unsigned int i = 0; i < s->nr_streams; i++) {
		struct steer_stream *x = &s->stream[i];

		if (x->kind == kind && x->actor == actor && x->off == off)
			return x;
	}
	return NULL;
}

unsigned int steer_stream(struct steer *s, enum steer_kind kind, unsigned int actor,
			  uint16_t site, uint32_t off)
{
	struct steer_stream *x = kind == STEER_STEP ? step_stream(s, actor, site, off) :
				 steer_other(s, kind, actor, off);

	if (x)
		return (unsigned int)(x - s->stream);
	if (s->nr_streams == STEER_STREAMS || site > s->nr_sites)
		return STEER_STREAMS;
	x = &s->stream[s->nr_streams++];
	*x = (struct steer_stream){
		.kind = (uint8_t)kind, .actor = (uint8_t)actor, .site = site, .off = off,
	};
	if (kind == STEER_STEP) {
		x->next = s->first[site];
		s->first[site] = (uint16_t)s->nr_streams;
	}
	return s->nr_streams - 1;
}

static struct steer_stream *stream_of_record(struct steer *s, const struct trace_rec *r)
{
	switch (r->kind) {
	case TRACE_READ:
	case TRACE_WRITE:
	case TRACE_RMW:
	case TRACE_CAS_FAILED:
	case TRACE_IPI:
		return steer_step(s, steer_actor(r->task, r->pcpu, r->in_irq), r->site);
	case TRACE_VISIBLE:
		return steer_other(s, STEER_DRAIN, r->pcpu, r->off);
	case TRACE_SCHED_OUT:
		return r->off != r->pcpu ? steer_other(s, STEER_OUT, r->task, 0) : NULL;
	case TRACE_GUEST_EXIT:
		return r->value != MACHINE_EXIT_IRQ ?
		       steer_other(s, STEER_EXIT, r->task, 0) : NULL;
	default:
		return NULL;
	}
}

/* What was to come first has come last. */
static bool is_broken(const struct steer *s)
{
	for (unsigned int i = 0; i < s->nr_orders; i++) {
		const struct steer_order *o = &s->order[i];

		if (o->force == STEER_TURN && steer_is_done(s, o->a.done) &&
		    !steer_is_done(s, o->b.done))
			return true;
	}
	return false;
}

void steer_catch_up(struct steer *s)
{
	for (; s->seen < s->trace.nr; s->seen++) {
		const struct trace_rec *r = &s->trace.rec[s->seen];
		struct steer_stream *x = stream_of_record(s, r);

		steer_phase(&s->phase[r->task], r);
		if (!x)
			continue;
		x->done++;
		s->is_void |= x->holds && is_broken(s);
	}
}
