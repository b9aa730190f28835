// SPDX-License-Identifier: GPL-2.0-only
/*
 * Candidates: the pairs of steps that a trace's happens-before is made of.
 *
 * Two steps are in order if they are of one actor, or conflict: the same word,
 * one of them a store.  A pair is tried if no store to the word stands between,
 * and its order does not follow from what the second's actor did before.  Beside
 * memory an IPI conflicts with what decides whom it meets: its target's going
 * offline, and vCPUs' moving in and out there.
 */
#include <stdlib.h>
#include <string.h>
#include "explain_priv.h"
#include "show_pick.h"
#include "show_state.h"

enum {
	MAX_OPS = 1024, OP_WORDS = MAX_OPS / 64, MAX_ACTORS = 64,
	DRAINER = 48,			/* + pCPU: the actor of its buffered stores */
	/* Places beside memory, one for each pCPU. */
	PLACE_ONLINE = SHARED_MAX, PLACE_RUNS = SHARED_MAX + MAX_PCPUS,
};

struct op {
	uint32_t rec, off;
	uint8_t actor, pcpu, size, write;
	struct steer_op at;
	uint64_t before[OP_WORDS];	/* ops that happen before it, and itself */
};

struct orders {
	struct explainer *e;
	bool buffered;
	unsigned int nr, nr_pairs;
	int last[MAX_ACTORS];		/* op of each actor, or -1 */
	uint32_t count[STEER_STREAMS];
	uint32_t phase[MAX_TASKS];
	struct steer_mark step[MAX_ACTORS];	/* each actor's last step */
	bool has_step[MAX_ACTORS];
	struct { uint16_t a, b; bool stale; } pair[EXPLAIN_NEEDS * 8];
	struct op op[MAX_OPS];
};

static bool op_is_before(const struct orders *o, unsigned int i, unsigned int j)
{
	return o->op[j].before[i / 64] >> i % 64 & 1;
}

static void op_comes_after(struct op *op, const struct op *before)
{
	for (unsigned int i = 0; i < OP_WORDS; i++)
		op->before[i] |= before->before[i];
}

static bool overlap(const struct op *a, const struct op *b)
{
	return a->size && b->size && a->off < b->off + b->size && b->off < a->off + a->size;
}

/* The ops that @j conflicts with and that no other one stands between. */
static unsigned int conflicts_of(const struct orders *o, unsigned int j, uint16_t *list,
				 unsigned int max)
{
	const struct op *op = &o->op[j];
	unsigned int nr = 0;

	for (unsigned int i = j; op->size && i-- > 0 && nr < max;) {
		if (!overlap(&o->op[i], op) || !(o->op[i].write | op->write))
			continue;
		list[nr++] = (uint16_t)i;
		if (o->op[i].write)
			break;
	}
	return nr;
}

static void add_pair(struct orders *o, unsigned int a, unsigned int b, bool stale)
{
	const struct op *x = &o->op[a], *y = &o->op[b];
	const unsigned int max = sizeof(o->pair) / sizeof(o->pair[0]);

	if (x->pcpu == y->pcpu || x->actor == y->actor)
		return;
	/* The latest are the nearest to the bug. */
	if (o->nr_pairs == max) {
		memmove(&o->pair[0], &o->pair[1], (max - 1) * sizeof(o->pair[0]));
		o->nr_pairs--;
	}
	o->pair[o->nr_pairs].stale = stale;
	o->pair[o->nr_pairs].a = (uint16_t)a;
	o->pair[o->nr_pairs++].b = (uint16_t)b;
}

/*
 * A load that gives an older value comes before the first store that it does not
 * see, whenever it is made.  Returns the op that it sees, or -1.
 */
static int order_stale(struct orders *o, unsigned int j)
{
	const struct trace_rec *rec = o->e->in->trace->rec, *r = &rec[o->op[j].rec];
	int missed = -1;

	for (unsigned int i = j; i-- > 0;) {
		if (!o->op[i].write || !overlap(&o->op[i], &o->op[j]))
			continue;
		if (rec[o->op[i].rec].value == r->value) {
			if (missed >= 0)
				add_pair(o, j, (unsigned int)missed, true);
			return (int)i;
		}
		missed = (int)i;
	}
	if (missed >= 0)
		add_pair(o, j, (unsigned int)missed, true);
	return -1;
}

/*
 * Finds what comes before the op just added.  What follows from its own actor's
 * earlier steps is no order of its own.
 */
static void order(struct orders *o)
{
	unsigned int j = o->nr - 1, nr;
	struct op *op = &o->op[j];
	uint16_t list[32];
	int po = o->last[op->actor];

	op->before[j / 64] |= 1ull << j % 64;
	if (po >= 0)
		op_comes_after(op, &o->op[po]);
	if (op->size && o->e->in->trace->rec[op->rec].flags & ACC_STALE) {
		int seen = order_stale(o, j);

		list[0] = (uint16_t)seen;
		nr = seen >= 0;
	} else {
		nr = conflicts_of(o, j, list, 32);
	}
	for (unsigned int n = 0; n < nr; n++)
		if (!op_is_before(o, list[n], j))
			add_pair(o, list[n], j, false);
	for (unsigned int n = 0; n < nr; n++)
		op_comes_after(op, &o->op[list[n]]);
	o->last[op->actor] = (int)j;
}

/* The mark of this record's step; counts it.  False: there is no room. */
static bool mark(struct orders *o, enum steer_kind kind, unsigned int actor, uint16_t site,
		 uint32_t off, struct steer_mark *m)
{
	unsigned int stream = steer_stream(&o->e->steer, kind, actor, site, off);

	if (stream == STEER_STREAMS)
		return false;
	*m = (struct steer_mark){ (uint16_t)stream, o->count[stream]++ };
	return true;
}

static struct op *add_op(struct orders *o, uint32_t rec, unsigned int actor)
{
	struct op *op = &o->op[o->nr];

	if (o->nr == MAX_OPS)
		return NULL;
	memset(op, 0, sizeof(*op));
	op->rec = rec;
	op->actor = (uint8_t)actor;
	op->pcpu = o->e->in->trace->rec[rec].pcpu;
	o->nr++;
	return op;
}

static bool has_turn(const struct trace_rec *r)
{
	return r->kind == TRACE_READ || r->kind == TRACE_WRITE || r->kind == TRACE_RMW ||
	       r->kind == TRACE_CAS_FAILED || r->kind == TRACE_IPI;
}

/* An access or the sending of an IPI: a step that waits for its turn. */
static void add_step(struct orders *o, uint32_t i)
{
	const struct trace_rec *r = &o->e->in->trace->rec[i];
	unsigned int actor = steer_actor(r->task, r->pcpu, r->in_irq);
	struct steer_mark m;
	struct op *op;

	if (!mark(o, STEER_STEP, actor, r->site, r->in_irq ? 0 : o->phase[r->task], &m))
		return;
	o->step[actor] = m;
	o->has_step[actor] = true;
	op = add_op(o, i, actor);
	if (!op)
		return;
	op->at = (struct steer_op){ m, m };
	if (r->kind == TRACE_IPI) {
		op->off = PLACE_RUNS + r->off;
		op->size = 1;
	} else if (r->kind != TRACE_WRITE || !o->buffered) {
		bool writes = r->kind == TRACE_WRITE || r->kind == TRACE_RMW;

		op->off = r->off;
		op->size = r->size;
		op->write = writes && show_visible(o->e->in->trace, i) == i;
	}
	order(o);
	/* The same step once more, as a look at whether the target is online. */
	if (r->kind == TRACE_IPI && (op = add_op(o, i, actor))) {
		op->at = (struct steer_op){ m, m };
		op->off = PLACE_ONLINE + r->off;
		op->size = 1;
		order(o);
	}
}

/* What follows from a step of the same actor: that step is held for it. */
static void add_place(struct orders *o, uint32_t i, uint32_t place, struct steer_mark done)
{
	const struct trace_rec *r = &o->e->in->trace->rec[i];
	unsigned int actor = steer_actor(r->task, r->pcpu, r->in_irq);
	struct op *op;

	if (!o->has_step[actor])
		return;
	op = add_op(o, i, actor);
	if (!op)
		return;
	op->at = (struct steer_op){ done, o->step[actor] };
	op->off = place;
	op->size = 1;
	op->write = 1;
	order(o);
}

static void add_visible(struct orders *o, uint32_t i)
{
	const struct trace_rec *r = &o->e->in->trace->rec[i];
	struct steer_mark m;
	struct op *op;

	if (!mark(o, STEER_DRAIN, r->pcpu, 0, r->off, &m))
		return;
	op = add_op(o, i, DRAINER + r->pcpu);
	if (!op)
		return;
	op->at = (struct steer_op){ m, m };
	op->off = r->off;
	op->size = r->size;
	op->write = 1;
	/* It is of a store that was made before. */
	for (unsigned int n = o->nr - 1; n-- > 0;) {
		const struct trace_rec *w = &o->e->in->trace->rec[o->op[n].rec];

		if (w->kind != TRACE_WRITE || w->pcpu != r->pcpu || w->off != r->off)
			continue;
		op_comes_after(op, &o->op[n]);
		break;
	}
	order(o);
}

static void add_fact(struct orders *o, enum explain_kind kind, uint32_t rec,
		     struct steer_mark m)
{
	struct explainer *e = o->e;
	struct steer *s = &e->steer;

	if (e->nr == EXPLAIN_NEEDS || s->nr_wishes == STEER_WISHES)
		return;
	s->wish[s->nr_wishes] = (struct steer_wish){ m, STEER_FREE };
	e->try[e->nr++] = (struct explain_try){ { kind, rec, rec, 0, 0 }, s->nr_wishes++, true };
}

/* The witness's answer to the last question of @kind that came before record @i. */
static unsigned int answer_before(const struct trace_rec *r, enum choice_kind kind)
{
	const struct taken *t = WORLD->fix.taken;

	for (uint32_t i = r->choice; i-- > 0;)
		if (t[i].kind == kind && t[i].answer)
			return t[i].answer;
	return 0;
}

static void add_record(struct orders *o, uint32_t i)
{
	const struct trace_rec *r = &o->e->in->trace->rec[i];
	unsigned int actor = steer_actor(r->task, r->pcpu, r->in_irq);
	struct steer_mark m;

	if (has_turn(r)) {
		add_step(o, i);
		return;
	}
	switch (r->kind) {
	case TRACE_VISIBLE:
		add_visible(o, i);
		break;
	case TRACE_SCHED_OUT:
		if (r->off == r->pcpu || !mark(o, STEER_OUT, r->task, 0, 0, &m))
			break;
		add_place(o, i, PLACE_RUNS + r->pcpu, m);
		add_fact(o, EXPLAIN_MOVE, i, m);
		break;
	case TRACE_GUEST_EXIT:
		if (r->value == MACHINE_EXIT_IRQ || !mark(o, STEER_EXIT, r->task, 0, 0, &m))
			break;
		add_fact(o, EXPLAIN_EXIT, i, m);
		break;
	case TRACE_OFFLINE:
	case TRACE_ONLINE:
		if (o->has_step[actor])
			add_place(o, i, PLACE_ONLINE + r->off, o->step[actor]);
		break;
	default:
		break;
	}
}

/* Pairs as orders of the steer, the latest if there are too many. */
static void add_tries(struct orders *o)
{
	struct explainer *e = o->e;
	struct steer *s = &e->steer;
	unsigned int from = o->nr_pairs > STEER_ORDERS ? o->nr_pairs - STEER_ORDERS : 0;

	for (unsigned int n = from; n < o->nr_pairs && e->nr < EXPLAIN_NEEDS; n++) {
		const struct op *a = &o->op[o->pair[n].a], *b = &o->op[o->pair[n].b];
		const struct trace_rec *r = &e->in->trace->rec[a->rec];
		struct explain_need need = { EXPLAIN_ORDER, a->rec, b->rec, 0, 0 };
		unsigned int index = s->nr_orders;

		if (o->pair[n].stale && s->nr_loads == STEER_LOADS)
			continue;
		s->order[s->nr_orders++] = (struct steer_order){ a->at, b->at, STEER_FREE };
		if (o->pair[n].stale) {
			need.kind = EXPLAIN_STALE;
			s->load[s->nr_loads] = (struct steer_load){
				a->at.done, (uint8_t)answer_before(r, CHOICE_LOAD),
				(uint8_t)index, STEER_FREE
			};
			index = s->nr_loads++;
		}
		e->try[e->nr++] = (struct explain_try){ need, index, true };
	}
}

int explain_candidates(struct explainer *e)
{
	struct orders *o = calloc(1, sizeof(*o));
	uint32_t end = show_report_index(e->in->trace, e->in->report);

	if (!o)
		return -1;
	o->e = e;
	o->buffered = WORLD->fix.model != 0;
	for (unsigned int i = 0; i < MAX_ACTORS; i++)
		o->last[i] = -1;
	/* The side of a race that comes second may stand behind the report. */
	if (end + 16 < e->in->trace->nr)
		end += 16;
	else
		end = e->in->trace->nr;
	for (uint32_t i = 0; i < end; i++) {
		const struct trace_rec *r = &e->in->trace->rec[i];

		add_record(o, i);
		steer_phase(&o->phase[r->task], r);
	}
	add_tries(o);
	free(o);
	return 0;
}
