// SPDX-License-Identifier: GPL-2.0-only
/* Naming the answers of a schedule, and finding them again by name. */
#include <string.h>
#include "named.h"
#include "run.h"

enum { LOOK_AHEAD = 4 };		/* entries that may be passed over at once */

struct namer {
	struct replay_chooser replay;	/* first: it is the chooser */
	struct offers offers;
	const struct form *form;
	struct named *named;
};

static uint32_t *offer(struct offers *o, uint64_t key)
{
	for (unsigned int i = 0; i < NAMED_OFFERS; i++) {
		unsigned int slot = (unsigned int)(key + i) % NAMED_OFFERS;

		if (!o->key[slot])
			o->key[slot] = key;
		if (o->key[slot] == key)
			return &o->nr[slot];
	}
	return &o->nr[0];
}

static uint64_t event_key(unsigned int event)
{
	const struct pcpu *p = &WORLD->live.pcpu[event / NR_EVENT_KINDS];

	return (uint64_t)event << 32 | (uint64_t)p->curr << 16 | p->acc.site | 1ull << 48;
}

/* The event behind an answer; other choices belong to the context that runs. */
static unsigned int event_of(const struct choice_point *p, uint32_t answer)
{
	return p->kind == CHOICE_EVENT ? choice_event(p, answer) :
	       EVENT_ID(WORLD->live.cur->id, EVENT_STEP);
}

static void count_offers(struct offers *o, const struct choice_point *p)
{
	uint64_t all = p->others | 1ull << p->first;

	if (p->kind == CHOICE_EVENT)
		for (; all; all &= all - 1)
			++*offer(o, event_key((unsigned int)__builtin_ctzll(all)));
}

static void name_it(struct namer *w, const struct choice_point *p, uint32_t answer)
{
	unsigned int event = event_of(p, answer);
	const struct pcpu *pcpu = &WORLD->live.pcpu[event / NR_EVENT_KINDS];
	struct named_entry *e = &w->named->entry[w->named->nr++];

	*e = (struct named_entry){
		.kind = (uint8_t)p->kind,
		.what = (uint8_t)(event % NR_EVENT_KINDS),
		.pcpu = pcpu->id,
		.answer = (uint8_t)answer,
		.bound = (uint8_t)p->bound,
		.occurrence = *offer(&w->offers, event_key(event)),
	};
	snprintf(e->task, sizeof(e->task), "%s", WORLD->fix.comm[pcpu->curr]);
	form_site_name(w->form, pcpu->acc.site, e->site, sizeof(e->site));
}

static uint32_t namer_take(struct chooser *c, const struct choice_point *p)
{
	struct namer *w = (struct namer *)c;
	uint32_t answer = w->replay.fallback(c, p);

	if (answer == CHOICE_REFUSED)
		return answer;
	if (answer)
		name_it(w, p, answer);
	count_offers(&w->offers, p);
	return answer;
}

bool named_of_schedule(struct named *n, const struct schedule *s, const struct form *f)
{
	static struct namer w;
	struct run_result result;

	memset(&w, 0, sizeof(w));
	n->nr = 0;
	replay_chooser_init(&w.replay, s, false);
	w.replay.fallback = w.replay.chooser.take;
	w.replay.chooser.take = namer_take;
	w.form = f;
	w.named = n;
	run_once(&w.replay.chooser, NULL, &result);
	return !w.replay.refused && w.replay.next == s->nr;
}

static bool is_event(const struct named_chooser *c, const struct named_entry *e,
		     unsigned int event)
{
	const struct pcpu *p = &WORLD->live.pcpu[event / NR_EVENT_KINDS];
	char site[104];

	return e->pcpu == p->id && e->what == event % NR_EVENT_KINDS &&
	       !strcmp(e->task, WORLD->fix.comm[p->curr]) &&
	       !strcmp(e->site, form_site_name(c->form, p->acc.site, site, sizeof(site)));
}

/* The answer of @p that means entry @e, or 0. */
static uint32_t answer_for(struct named_chooser *c, const struct named_entry *e,
			   const struct choice_point *p)
{
	if (e->kind != p->kind)
		return 0;
	if (p->kind != CHOICE_EVENT)
		return e->answer < p->bound ? e->answer : 0;
	for (uint32_t answer = 1; answer < p->bound; answer++) {
		unsigned int event = choice_event(p, answer);

		if (is_event(c, e, event) && *offer(&c->offers, event_key(event)) >= e->occurrence)
			return answer;
	}
	return 0;
}

static uint32_t named_take(struct chooser *chooser, const struct choice_point *p)
{
	struct named_chooser *c = (struct named_chooser *)chooser;
	uint32_t answer = 0;

	for (unsigned int i = 0; i < LOOK_AHEAD && c->next + i < c->named->nr; i++) {
		const struct named_entry *e = &c->named->entry[c->next + i];

		/* What belongs to the event before must not be taken without it. */
		if (i && e->kind != CHOICE_EVENT)
			continue;
		answer = answer_for(c, e, p);
		if (!answer)
			continue;
		c->skipped += i;
		c->next += i + 1;
		break;
	}
	count_offers(&c->offers, p);
	return answer;
}

static void named_begin(struct chooser *chooser)
{
	struct named_chooser *c = (struct named_chooser *)chooser;

	memset(&c->offers, 0, sizeof(c->offers));
	c->next = c->skipped = 0;
}

void named_chooser_init(struct named_chooser *c, const struct named *n, const struct form *f)
{
	c->chooser.begin = named_begin;
	c->chooser.take = named_take;
	c->named = n;
	c->form = f;
}

unsigned int named_skipped(const struct named_chooser *c)
{
	return c->skipped + c->named->nr - c->next;
}
