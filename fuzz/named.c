// SPDX-License-Identifier: GPL-2.0-only
/* Naming the answers of a schedule. */
#include <stdio.h>
#include <string.h>
#include "named.h"

enum { MAX_OFFERS = 4096 };

/* How often each alternative has been offered; full tables stop counting. */
struct offers {
	uint64_t key[MAX_OFFERS];
	uint32_t nr[MAX_OFFERS];
};

struct namer {
	struct replay_chooser replay;	/* first: it is the chooser */
	struct offers offers;
	const struct form *form;
	char *buf;
	size_t n, size;
	unsigned int written;
};

static const char *const event_name[NR_EVENT_KINDS] = {
	"step", "resched-ipi", "call-ipi", "timer", "tick", "guest-exit", "drain", "-"
};

static uint32_t *offer(struct offers *o, uint64_t key)
{
	for (unsigned int i = 0; i < MAX_OFFERS; i++) {
		unsigned int slot = (unsigned int)(key + i) % MAX_OFFERS;

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

static void write_entry(struct namer *w, const struct choice_point *p, uint32_t answer)
{
	unsigned int event = p->kind == CHOICE_EVENT ? choice_event(p, answer) :
			     EVENT_ID(WORLD->live.cur->id, EVENT_STEP);
	const struct pcpu *pcpu = &WORLD->live.pcpu[event / NR_EVENT_KINDS];
	const char *comm = WORLD->fix.comm[pcpu->curr];
	char site[160];

	w->n += (size_t)snprintf(
		w->n < w->size ? w->buf + w->n : NULL, w->n < w->size ? w->size - w->n : 0,
		"%s{\"kind\":\"%s\",\"what\":\"%s\",\"pcpu\":%u,\"task\":\"%s\",\"site\":\"%s\","
		"\"occurrence\":%u,\"answer\":%u,\"bound\":%u}",
		w->written++ ? "," : "", choice_kind_name[p->kind],
		event_name[event % NR_EVENT_KINDS], pcpu->id, comm,
		form_site_name(w->form, pcpu->acc.site, site, sizeof(site)),
		*offer(&w->offers, event_key(event)), answer, p->bound);
}

static uint32_t namer_take(struct chooser *c, const struct choice_point *p)
{
	struct namer *w = (struct namer *)c;
	unsigned int next = w->replay.next;
	uint32_t answer;
	uint64_t all;

	answer = 0;
	if (next < w->replay.schedule->nr &&
	    w->replay.schedule->entry[next].position == w->replay.position)
		answer = w->replay.schedule->entry[w->replay.next++].answer;
	w->replay.position++;
	if (answer >= p->bound)
		return CHOICE_REFUSED;
	if (answer)
		write_entry(w, p, answer);
	if (p->kind == CHOICE_EVENT)
		for (all = p->others | 1ull << p->first; all; all &= all - 1)
			++*offer(&w->offers, event_key((unsigned int)__builtin_ctzll(all)));
	return answer;
}

size_t named_print(const struct schedule *s, const struct form *f, char *buf, size_t size)
{
	static struct namer w;

	memset(&w, 0, sizeof(w));
	replay_chooser_init(&w.replay, s, false);
	w.replay.chooser.take = namer_take;
	w.form = f;
	w.buf = buf;
	w.size = size - 1;
	w.n = (size_t)snprintf(buf, size, "[");
	world_run(&w.replay.chooser, NULL);
	if (w.n >= w.size)
		return 0;
	buf[w.n++] = ']';
	buf[w.n] = '\0';
	return w.n;
}
