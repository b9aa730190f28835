// SPDX-License-Identifier: GPL-2.0-only
/* Telling local steps from others. */
#include <string.h>
#include "prove_reduce.h"

enum {
	WORD_SHARED = UINT8_MAX,
	TRIALS = 16,			/* of a site, before its record counts */
};

enum relied {				/* bits of struct reduce's @relied */
	RELIED = 1,			/* no conflict with other contexts */
	RELIED_PREEMPTIBLE = 2,		/* nor with the task's own preempt notifiers */
};

_Static_assert(MAX_TASKS + MAX_PCPUS + 1 < WORD_SHARED, "contexts and marks fit a byte");

/* Tasks, and the interrupt handlers of each pCPU. */
static uint8_t context(const struct pcpu *p)
{
	return (uint8_t)(1 + (p->in_irq ? MAX_TASKS + p->id : p->curr));
}

static bool in_notifier(const struct pcpu *p)
{
	return !p->in_irq && WORLD->live.task[p->curr].switching;
}

/*
 * An interrupt may call the task's own notifiers between any two accesses, but
 * not while it has preemption off.
 */
static bool may_be_notified(const struct pcpu *p)
{
	return !p->in_irq && !p->irq_off && !p->preempt_count;
}

static uint32_t last_word(const struct access *acc)
{
	return (acc->off + acc->size - 1u) / 4;
}

/* What may not be relied on about a word: enum relied. */
static unsigned int conflicts(const struct reduce_known *r, uint32_t word)
{
	if (!r->written[word])
		return 0;
	return (r->owner[word] == WORD_SHARED ? RELIED : 0) |
	       (r->notified[word] ? RELIED_PREEMPTIBLE : 0);
}

static void touch(struct reduce *r, uint32_t word, uint8_t by, bool notifier, bool write)
{
	struct reduce_known *k = &r->known;

	if (k->owner[word] != by)
		k->owner[word] = k->owner[word] ? WORD_SHARED : by;
	k->notified[word] |= notifier;
	k->written[word] |= write;
	/* What has been relied on in vain is not relied on in the search to come. */
	if (k->relied[word] & conflicts(k, word))
		r->violated = true;
}

void reduce_learn(struct reduce_known *to, const struct reduce_known *from)
{
	for (uint32_t w = 0; w < SHARED_WORDS; w++) {
		uint8_t by = from->owner[w];

		if (by && to->owner[w] != by)
			to->owner[w] = to->owner[w] ? WORD_SHARED : by;
		to->written[w] |= from->written[w];
		to->notified[w] |= from->notified[w];
		to->relied[w] |= from->relied[w];
	}
}

bool reduce_is_wrong(const struct reduce_known *known)
{
	for (uint32_t w = 0; w < SHARED_WORDS; w++)
		if (known->relied[w] & conflicts(known, w))
			return true;
	return false;
}

void reduce_forget(struct reduce_known *known)
{
	memset(known->relied, 0, sizeof(known->relied));
}

/* To give a page back is no access, but whether it comes first matters. */
static void touch_pages(struct reduce *r)
{
	const struct ghost *g = &WORLD->live.ghost;

	for (unsigned int i = 0; i < MAX_PAGES; i++)
		for (uint32_t at = 0; at < g->page_size[i]; at += 4)
			touch(r, (g->page_off[i] + at) / 4, WORD_SHARED, false, true);
}

void reduce_happens(struct reduce *r, unsigned int event)
{
	const struct world_live *l = &WORLD->live;
	const struct pcpu *p = &l->pcpu[event / NR_EVENT_KINDS];

	if (l->ghost.nr_pages)
		touch_pages(r);
	if (event % NR_EVENT_KINDS == EVENT_STEP && p->acc.size)
		for (uint32_t w = p->acc.off / 4; w <= last_word(&p->acc); w++)
			touch(r, w, context(p), in_notifier(p), p->acc.flags & ACC_WRITE);
}

/* If @p's announced access happened, would none of its words have a conflict? */
static bool is_free(const struct reduce *r, const struct pcpu *p)
{
	for (uint32_t w = p->acc.off / 4; w <= last_word(&p->acc); w++) {
		bool other = r->known.owner[w] && r->known.owner[w] != context(p);

		if (!r->known.written[w] && !(p->acc.flags & ACC_WRITE))
			continue;
		if (other || (r->known.notified[w] && may_be_notified(p)))
			return false;
	}
	return true;
}

void reduce_begin(struct reduce *r, const struct reduce_known *known)
{
	r->known = *known;
	r->violated = false;
}

bool reduce_try(struct reduce *r, unsigned int event)
{
	const struct world_live *l = &WORLD->live;
	const struct pcpu *p = &l->pcpu[event / NR_EVENT_KINDS];
	uint16_t site = p->acc.site;

	if (event % NR_EVENT_KINDS != EVENT_STEP || p->waiting || !p->acc.size || p->race.size)
		return false;
	if (!is_free(r, p))
		return false;
	/* Trials cost a step each; what fails mostly is not worth them. */
	if (r->tried[site] > TRIALS && r->local[site] < r->tried[site] / 4)
		return false;
	r->tried[site]++;
	memcpy(&r->before, l, offsetof(struct world_live, due));
	WORLD->fix.asked = 0;
	return true;
}

/* Time, counters and who runs are not compared: see snapshot_hash(). */
static bool head_is_same(struct world_live *before)
{
	const struct world_live *l = &WORLD->live;

	before->now = l->now;
	before->hash = l->hash;
	before->cur = l->cur;
	before->steps = l->steps;
	before->nr_choices = l->nr_choices;
	before->charge = l->charge;
	before->event = l->event;
	return !memcmp(before, l, offsetof(struct world_live, task));
}

bool reduce_was_local(struct reduce *r, unsigned int event)
{
	const struct world_live *l = &WORLD->live;
	unsigned int id = event / NR_EVENT_KINDS;
	struct pcpu *p = &r->before.pcpu[id];
	struct access done = p->acc;
	unsigned int relied = RELIED | (may_be_notified(p) ? RELIED_PREEMPTIBLE : 0);

	if (WORLD->fix.asked || l->steps != 1 || l->ghost.fired || l->pcpu[id].race.size ||
	    l->pcpu[id].waiting || !head_is_same(&r->before))
		return false;
	p->acc = l->pcpu[id].acc;
	p->last_site = l->pcpu[id].last_site;
	r->before.task[p->curr].sp = l->task[p->curr].sp;
	if (memcmp(r->before.pcpu, l->pcpu, sizeof(l->pcpu)) ||
	    memcmp(r->before.task, l->task, sizeof(l->task)))
		return false;
	r->local[done.site]++;
	for (uint32_t w = done.off / 4; w <= last_word(&done); w++)
		r->known.relied[w] |= (uint8_t)relied;
	return true;
}
