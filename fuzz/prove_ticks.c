// SPDX-License-Identifier: GPL-2.0-only
/* Which ticks nobody notices yet. */
#include "../sim/model.h"
#include "prove_ticks.h"

/* A tick on @p is written down, and no more. */
static bool is_deaf(const struct pcpu *p)
{
	return p->preempt_count && !p->in_irq && p->guest < 0 && !p->race.size;
}

/* The world when a task with no preemption off looked whether it has to go. */
static struct {
	struct world_live live;
	struct model model;
	unsigned char shared[SHARED_MAX];
} look;

static size_t model_size(void)
{
	return WORLD->fix.model ? offsetof(struct model, mem) + mem_bytes(&MODEL->mem) : 0;
}

static void remember_look(void)
{
	const struct world *w = WORLD;

	memcpy(&look.live, &w->live, offsetof(struct world_live, due));
	memcpy(&look.model, MODEL, model_size());
	memcpy(look.shared, (const void *)SHARED_BASE, w->fix.shared_used);
	WORLD->fix.looks = NULL;
}

/* Since then nothing has happened but that its next access is announced. */
static bool only_looked(const struct pcpu *p)
{
	const struct world *w = WORLD;
	struct pcpu *before = &look.live.pcpu[p->id];
	struct task *t = &look.live.task[p->curr];
	size_t from = offsetof(struct world_live, hotplug_waits);

	before->acc = p->acc;
	before->last_site = p->last_site;
	t->sp = w->live.task[p->curr].sp;
	t->site = w->live.task[p->curr].site;
	t->node = w->live.task[p->curr].node;
	t->frames = w->live.task[p->curr].frames;
	return !memcmp((char *)&look.live + from, (const char *)&w->live + from,
		       offsetof(struct world_live, due) - from) &&
	       !memcmp(&look.model, MODEL, model_size()) &&
	       !memcmp(look.shared, (const void *)SHARED_BASE, w->fix.shared_used);
}

/* The next tick on @p has its task switched, wherever it waits. */
static bool may_go(const struct pcpu *p)
{
	return !p->preempt_count && !p->irq_off && !p->in_irq && p->guest < 0 && !p->race.size;
}

static bool may_hold(void)
{
	if (WORLD->fix.config.offlines)
		return false;
	return WORLD->fix.model != MEM_WEAK || !MODEL->stale_left;
}

void ticks_hold(struct held_ticks *held, const struct choice_point *point)
{
	const struct world_live *l = &WORLD->live;

	*held = (struct held_ticks){
		.optional = point->optional,
		.budget = (uint8_t)(l->budget_migrations + l->budget_preemptions),
	};
	if (!may_hold())
		return;
	for (unsigned int i = 0; i < (unsigned int)WORLD->fix.config.nr_pcpus; i++) {
		const struct pcpu *p = &l->pcpu[i];

		if (p->guest >= 0)
			held->guests |= (uint8_t)(1 << i);
		else if (p->preempt_count)
			held->deaf |= (uint8_t)(1 << i);
		if (is_deaf(p))
			held->events |= l->enabled & 1ull << EVENT_ID(i, EVENT_TICK);
	}
}

void ticks_watch(struct held_ticks *held, enum choice_kind kind)
{
	const struct pcpu *p = WORLD->live.cur;

	WORLD->fix.asked = 0;
	WORLD->fix.roused = 0;
	WORLD->fix.looks = held->events ? remember_look : NULL;
	/* A tick asks before the guest has left. */
	if (kind == CHOICE_MIGRATE)
		held->guests = (uint8_t)((p->guest >= 0) << p->id);
}

void ticks_moved(const struct held_ticks *held, struct futures *f)
{
	if (!held->guests || !(WORLD->fix.roused & ~held->guests) || f->moves_at_once)
		return;
	f->moves_at_once = true;
	f->grown = true;
	f->violated |= f->stays_relied;
}

/* It asks something: what it does after that is not known here, but whom it can concern. */
static uint64_t unconcerned(const struct held_ticks *held, struct futures *f, unsigned int event)
{
	uint8_t pcpu = (uint8_t)(1 << event / NR_EVENT_KINDS);

	if (event % NR_EVENT_KINDS == EVENT_DRAIN)
		return held->events;
	if (event % NR_EVENT_KINDS != EVENT_TICK)
		return 0;
	if (held->deaf & pcpu)
		return held->events;
	if (held->guests & pcpu && !f->moves_at_once) {
		f->stays_relied = true;
		return held->events;
	}
	return held->budget == 1 ? held->events & held->optional : 0;
}

/* Whether @tick means what it has meant before @event. */
static bool is_same(const struct held_ticks *held, unsigned int tick, unsigned int event)
{
	const struct world *w = WORLD;
	unsigned int id = tick / NR_EVENT_KINDS;
	const struct pcpu *p = &w->live.pcpu[id];

	if (!(w->live.enabled >> tick & 1) || (w->live.optional ^ held->optional) >> tick & 1)
		return false;
	if (w->fix.roused >> id & 1)
		return false;
	if (event / NR_EVENT_KINDS == id && w->fix.asked)
		return w->fix.asked == ASKED_LOOK && may_go(p) && only_looked(p);
	return is_deaf(p);
}

bool ticks_notice(struct held_ticks *held, struct futures *f, unsigned int event,
		  const struct choice_point *point)
{
	uint64_t before = held->events;

	if (!point) {
		held->events = 0;
	} else if (point->kind != CHOICE_EVENT) {
		held->events = unconcerned(held, f, event);
	} else {
		for (uint64_t left = before; left; left &= left - 1) {
			unsigned int tick = (unsigned int)__builtin_ctzll(left);

			if (!is_same(held, tick, event))
				held->events &= ~(1ull << tick);
		}
	}
	return held->events != before;
}
