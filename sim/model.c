// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads, stores and fences of compiled code on the memory machine, and the
 * drains that make stores visible.  Words are found in model_word.c.
 */
#include "model_priv.h"

/* The buffer of @p has changed.  A new drain is due at once. */
static void buffer_changed(struct pcpu *p)
{
	struct world_live *l = &WORLD->live;
	unsigned int e = EVENT_ID(p->id, EVENT_DRAIN);

	if (l->enabled >> e & 1 || !MODEL->mem.cpu[p->id].nr_pending)
		return;
	l->due[e] = 0;
	if (WORLD->fix.model == MEM_TSO || model_can_drain(p))
		l->enabled |= 1ull << e;
}

/* A pending exchange keeps the others' stores to its word back. */
static void reserved(const struct pcpu *p)
{
	struct world_live *l = &WORLD->live;

	for (struct pcpu *q = l->pcpu; q < l->pcpu + WORLD->fix.config.nr_pcpus; q++)
		if (q != p && MODEL->mem.cpu[q->id].nr_pending && !model_can_drain(q))
			l->enabled &= ~(1ull << EVENT_ID(q->id, EVENT_DRAIN));
}

/* A write is either visible at once, or has become a pending one. */
static void written(struct pcpu *p, const struct access *acc, unsigned int loc)
{
	word_store(acc->off, acc->size, mem_peek(&MODEL->mem, loc));
	buffer_changed(p);
	if (MODEL->mem.loc[loc].reserved == p->id)
		reserved(p);
}

/* Which of @nr values a load sees; 0, the newest, once the budget is spent. */
static uint32_t choose_stale(unsigned int nr)
{
	struct choice_point point = { .kind = CHOICE_LOAD, .bound = nr };
	uint32_t answer;

	if (nr < 2 || !MODEL->stale_left)
		return 0;
	answer = choice_take(&point);
	if (answer)
		MODEL->stale_left--;
	return answer;
}

/* A pointer teaches where its allocation is: loads in there come later. */
static void learn(const struct pcpu *p, uint64_t value, uint32_t dep)
{
	uint64_t off = value - SHARED_BASE;
	uint32_t *learnt;

	if (off >= SHARED_MAX)
		return;
	learnt = &MODEL->learnt[p->id][MODEL_FIXED->allocation[off / 4]];
	if (dep > *learnt)
		*learnt = dep;
}

static uint64_t load_weak(const struct pcpu *p, const struct access *acc)
{
	struct mem *m = &MODEL->mem;
	unsigned int loc = model_loc_current(acc);
	uint32_t dep, adep = model_address_dep(p, loc);
	uint32_t answer = choose_stale(mem_load_choices(m, p->id, loc, adep));
	bool acquire = acc->flags & (ACC_ACQUIRE | ACC_FULL);
	uint64_t value = mem_load(m, p->id, loc, adep, answer,
				  acquire ? MEM_ACQUIRE : MEM_RELAXED, &dep);

	learn(p, value, dep);
	return value;
}

static uint64_t load_tso(const struct pcpu *p, const struct access *acc)
{
	struct mem *m = &MODEL->mem;

	if (!m->cpu[p->id].nr_pending)
		return word_load(acc->off, acc->size);
	return mem_load(m, p->id, model_loc_current(acc), 0, 0, MEM_RELAXED, NULL);
}

/* Whether something newer than @value, and not @p's own, was there to be seen. */
static bool is_stale(const struct pcpu *p, const struct access *acc, uint64_t value)
{
	return value != model_peek(p, acc->off, acc->size);
}

static void tell_load(struct access *acc, enum trace_kind kind, uint64_t value)
{
	uint64_t newest = 0;

	if (WORLD->fix.model == MEM_WEAK && is_stale(WORLD->live.cur, acc, value)) {
		acc->flags |= ACC_STALE;
		newest = word_load(acc->off, acc->size);
	}
	word_loaded(acc, kind, value, newest);
}

uint64_t model_load(struct access acc)
{
	const struct pcpu *p = WORLD->live.cur;
	uint64_t value = WORLD->fix.model == MEM_WEAK ? load_weak(p, &acc) : load_tso(p, &acc);

	tell_load(&acc, TRACE_READ, value);
	return value;
}

void model_view(struct access acc)
{
	uint64_t value, newest = word_load(acc.off, acc.size);

	if (WORLD->fix.model == MEM_TSO && !MODEL->mem.cpu[WORLD->live.cur->id].nr_pending) {
		word_loaded(&acc, TRACE_READ, newest, 0);
		return;
	}
	value = model_load(acc);
	if (value == newest)
		return;
	WORLD->live.open.acc = acc;
	WORLD->live.open.old = newest;
	word_store(acc.off, acc.size, value);
}

void model_wait_room(const struct access *acc)
{
	struct pcpu *p = WORLD->live.cur;

	if (mem_can_store(&MODEL->mem, p->id))
		return;
	p->lock_off = acc->off;
	turn_wait_for(WAIT_ROOM, 0, acc->site);
}

void model_store(const struct access *acc, uint64_t value)
{
	struct pcpu *p = WORLD->live.cur;
	struct mem *m = &MODEL->mem;
	unsigned int loc = model_loc(acc);
	uint64_t old = m->cpu[p->id].nr_pending ? model_peek(p, acc->off, acc->size) :
		       word_load(acc->off, acc->size);

	mem_store(m, p->id, loc, value,
		  acc->flags & (ACC_RELEASE | ACC_FULL) ? MEM_RELEASE : MEM_RELAXED,
		  m->cpu[p->id].maxr_all);
	buffer_changed(p);
	word_stored(acc, TRACE_WRITE, value, old);
	if (acc->flags & ACC_FULL)
		model_fence(MEM_MB, acc->site);
}

void model_settle(void)
{
	struct open_store open = WORLD->live.open;
	uint64_t value = word_load(open.acc.off, open.acc.size);

	WORLD->live.open = (struct open_store){ .old = 0 };
	word_store(open.acc.off, open.acc.size, open.old);
	if (open.acc.flags & ACC_WRITE)
		model_store(&open.acc, value);
}

enum mem_order model_rmw_order(unsigned int flags, bool returns)
{
	bool acquire = flags & ACC_ACQUIRE, release = flags & ACC_RELEASE;

	if (flags & ACC_FULL || (acquire && release))
		return MEM_FULL;
	if (acquire)
		return MEM_ACQUIRE;
	if (release)
		return MEM_RELEASE;
	return returns ? MEM_RELAXED : MEM_NORETURN;
}

/* Until the word is nobody's and what must come first has come. */
static unsigned int wait_rmw(const struct access *acc, enum mem_order order)
{
	unsigned int loc = model_loc(acc);
	struct pcpu *p = WORLD->live.cur;

	/* A wait may end on another pCPU. */
	if (mem_can_rmw(&MODEL->mem, p->id, loc, order))
		return loc;
	p->lock_off = acc->off;
	turn_wait_for(WAIT_RMW, (uint8_t)order, acc->site);
	return loc;
}

uint64_t model_rmw_read(const struct access *acc, enum mem_order order)
{
	unsigned int loc = wait_rmw(acc, order);
	struct pcpu *p = WORLD->live.cur;
	uint64_t value;
	uint32_t dep;

	value = mem_rmw_read(&MODEL->mem, p->id, loc, model_address_dep(p, loc), order, &dep);
	learn(p, value, dep);
	return value;
}

void model_rmw_write(const struct access *acc, enum mem_order order, uint64_t value)
{
	struct pcpu *p = WORLD->live.cur;
	struct mem *m = &MODEL->mem;
	unsigned int loc = model_loc(acc);

	mem_rmw_write(m, p->id, loc, value, order, m->cpu[p->id].maxr_all);
	written(p, acc, loc);
}

/*
 * Waits until the exchange could succeed, or until the schedule has it fail
 * before that; then *@answer is what mem_cas() wants to know.
 */
static void wait_cas(const struct access *acc, unsigned int loc, struct mem_cas *cas,
		     bool fenced, uint32_t *answer)
{
	uint8_t quirks = fenced ? MEM_CASFAIL_MB_BEFORE | MEM_CASFAIL_MB_AFTER : 0;
	struct mem *m = &MODEL->mem;
	struct pcpu *p = WORLD->live.cur;
	uint32_t early;

	m->quirks = quirks;
	cas->adep = model_address_dep(p, loc);
	if (!mem_can_rmw(m, p->id, loc, cas->order)) {
		early = choose_stale(1 + mem_cas_choices(m, p->id, loc, cas));
		*answer = early - 1;
		if (early)
			return;
		p->lock_off = acc->off;
		turn_wait_for(WAIT_RMW, (uint8_t)cas->order, acc->site);
		/* Meanwhile others may have exchanged, and the task may have moved. */
		m->quirks = quirks;
		p = WORLD->live.cur;
		cas->adep = model_address_dep(p, loc);
	}
	*answer = choose_stale(mem_cas_choices(m, p->id, loc, cas));
}

uint64_t model_cas(struct access acc, uint64_t expect, uint64_t value, bool fenced)
{
	struct mem *m = &MODEL->mem;
	unsigned int loc = model_loc(&acc);
	struct mem_cas cas = {
		.expect = expect, .value = value, .order = model_rmw_order(acc.flags, true),
	};
	uint32_t answer, dep;
	struct pcpu *p;
	uint64_t old;

	wait_cas(&acc, loc, &cas, fenced, &answer);
	p = WORLD->live.cur;
	cas.dep = m->cpu[p->id].maxr_all;
	old = mem_cas(m, p->id, loc, &cas, answer, &dep);
	learn(p, old, dep);
	if (old != expect) {
		tell_load(&acc, TRACE_CAS_FAILED, old);
		p->race.size = 0;
		return old;
	}
	written(p, &acc, loc);
	word_stored(&acc, TRACE_RMW, value, old);
	return old;
}

void model_lock(const struct access *acc)
{
	struct pcpu *p = WORLD->live.cur;
	unsigned int loc = model_loc(acc);

	if (!mem_can_lock(&MODEL->mem, p->id, loc)) {
		p->lock_off = acc->off;
		turn_wait_for(WAIT_LOCK, 0, acc->site);
		p = WORLD->live.cur;
	}
	mem_lock(&MODEL->mem, p->id, loc);
	written(p, acc, loc);
	trace_access(TRACE_RMW, acc, 1, 0);
}

void model_unlock(const struct access *acc)
{
	struct pcpu *p;

	model_wait_room(acc);
	p = WORLD->live.cur;
	mem_unlock(&MODEL->mem, p->id, model_loc(acc));
	buffer_changed(p);
	trace_access(TRACE_WRITE, acc, 0, 1);
}

void model_fence(enum mem_fence fence, uint16_t site)
{
	struct mem *m = &MODEL->mem;

	if (!mem_can_fence(m, WORLD->live.cur->id, fence))
		turn_wait_for(WAIT_DRAINED, 0, site);
	mem_fence(m, WORLD->live.cur->id, fence);
}

void model_present(const struct pcpu *p)
{
	WORLD->fix.asked |= ASKED_ANY;
	mem_irq_enter(&MODEL->mem, p->id);
}

uint64_t model_peek(const struct pcpu *p, uint32_t off, unsigned int size)
{
	const struct mem_cpu *c = &MODEL->mem.cpu[p->id];
	unsigned int loc = MODEL_FIXED->loc[off];

	for (unsigned int i = c->nr_pending; loc && i-- > 0;)
		if (c->pending[i].loc == loc - 1)
			return c->pending[i].value;
	return word_load(off, size);
}

bool model_can_drain(const struct pcpu *p)
{
	const struct mem *m = &MODEL->mem;

	return m->cpu[p->id].nr_pending &&
	       (WORLD->fix.model == MEM_TSO || mem_commit_choices(m, p->id));
}

bool model_step_enabled(const struct pcpu *p)
{
	const struct mem *m = &MODEL->mem;
	unsigned int loc = MODEL_FIXED->loc[p->lock_off] - 1u;

	switch ((enum wait_kind)p->waiting) {
	case WAIT_ROOM:
		return mem_can_store(m, p->id);
	case WAIT_RMW:
		return mem_can_rmw(m, p->id, loc, (enum mem_order)p->wait_arg);
	case WAIT_LOCK:
		return mem_can_lock(m, p->id, loc);
	default:
		return mem_cpu_is_drained(m, p->id);
	}
}

/* Who waits for memory, or could not drain, may be able to by now. */
static void others_update(const struct pcpu *p)
{
	struct world_live *l = &WORLD->live;

	bool weak = WORLD->fix.model == MEM_WEAK;

	for (struct pcpu *q = l->pcpu; q < l->pcpu + WORLD->fix.config.nr_pcpus; q++)
		if (q != p && (q->waiting == WAIT_LOCK ||
			       (weak && (q->waiting == WAIT_RMW ||
					 MODEL->mem.cpu[q->id].nr_pending))))
			pcpu_update(q);
}

void model_drain(unsigned int pcpu)
{
	struct world_live *l = &WORLD->live;
	struct pcpu *p = &l->pcpu[pcpu];
	/* In a paused run nobody asks who ran last, and no state is to be told by it. */
	struct pcpu *running = WORLD->fix.pausing ? p : l->cur;
	struct choice_point point = { .kind = CHOICE_COMMIT };
	struct access acc = { .flags = ACC_WRITE };
	const struct model_word *word;
	unsigned int loc;
	uint64_t old, value;

	l->cur = running;
	/* A FIFO has one end. */
	point.bound = WORLD->fix.model == MEM_TSO ? 1 : mem_commit_choices(&MODEL->mem, pcpu);
	loc = mem_commit(&MODEL->mem, pcpu, point.bound > 1 ? choice_take(&point) : 0);
	word = &MODEL_FIXED->word[loc];
	acc.off = word->off;
	acc.size = word->size;
	old = word_load(acc.off, acc.size);
	value = mem_peek(&MODEL->mem, loc);
	word_store(acc.off, acc.size, value);
	l->cur = p;
	WORLD->fix.ran |= 1u << p->curr;
	trace_access(TRACE_VISIBLE, &acc, value, old);
	if (WORLD->fix.meta[acc.off / 4].watch)
		oracle_visible(&acc, value);
	l->cur = running;
	l->due[EVENT_ID(pcpu, EVENT_DRAIN)] = 0;
	if (p->waiting != WAIT_NOTHING)
		pcpu_update(p);
	else if (!model_can_drain(p))
		l->enabled &= ~(1ull << EVENT_ID(pcpu, EVENT_DRAIN));
	others_update(p);
}
