// SPDX-License-Identifier: GPL-2.0-only
/* Features of interleavings, gathered at choices and accesses. */
#include <stdio.h>
#include <string.h>
#include "../sim/machine.h"
#include "feature.h"

const char *const feature_name[NR_FEATURES] = {
	"rf", "alias", "state", "preempt", "sender"
};
const char *const feature_mode_name[FEATURE_MODES] = {
	"outside", "in guest", "exiting", "reading"
};

/* Who was at a word last; of another run unless @run says so. */
struct last {
	uint32_t run;
	uint16_t store_site, any_site;
	uint8_t store_pcpu, any_pcpu;	/* id + 1, 0: nobody */
	uint8_t any_stored;
};

enum { MODE_VALUES = 8 };

/* A vCPU's task, and its words where they lie in the present world. */
struct watched {
	const struct task *task;
	const struct ghost_vcpu *ghost;
	const int *mode, *cpu;
	const uint64_t *requests;
};

/* Another task, and the pCPU where it began. */
struct sender {
	const struct task *task;
	uint8_t began;
};

/* The present process's one watch: the hook for accesses has no argument. */
static struct {
	volatile uint8_t *kind[NR_FEATURES];	/* where hits go */
	unsigned int kinds;
	bool states;			/* they are asked for */
	bool news;			/* a byte of the map was not set before */
	struct feature_census *census;
	uint32_t run;
	uint8_t mode[MODE_VALUES];	/* of a value in memory */
	unsigned int nr_vcpus;
	struct watched vcpu[MAX_VCPUS];
	unsigned int nr_senders;	/* 0 if nobody asks for them */
	struct sender sender[MACHINE_MAX_TASKS];
	struct last last[SHARED_WORDS];
	unsigned int nr_words;		/* of this run, in @word */
	uint16_t word[SHARED_WORDS];
} watch;

/* The upper half of the product: the lower bits of a place alone would collide. */
static inline void hit(enum feature_kind kind, uint64_t what)
{
	uint64_t h = what * 0x9e3779b97f4a7c15ull;

	volatile uint8_t *byte = &watch.kind[kind][(h >> 40) % FEATURE_KIND_SIZE];

	if (*byte)
		return;
	*byte = 1;
	watch.news = true;
}

static void on_access(const struct access *acc, bool stored)
{
	struct last *l = &watch.last[acc->off / 4];
	uint8_t me = WORLD->live.cur->id + 1;
	uint64_t site = acc->site;

	if (l->run != watch.run) {
		*l = (struct last){ .run = watch.run };
		watch.word[watch.nr_words++] = (uint16_t)(acc->off / 4);
	}
	if (acc->flags & ACC_READ && l->store_pcpu && l->store_pcpu != me)
		hit(FEATURE_RF, site << 17 | (uint64_t)l->store_site << 1 |
		    !!(acc->flags & ACC_STALE));
	if (l->any_pcpu && l->any_pcpu != me && (stored || l->any_stored))
		hit(FEATURE_ALIAS, site << 16 | l->any_site);
	l->any_site = acc->site;
	l->any_pcpu = me;
	l->any_stored = stored;
	if (stored) {
		l->store_site = acc->site;
		l->store_pcpu = me;
	}
}

static uint8_t mode_of(const struct machine_layout *m, int mode)
{
	return mode == m->mode_outside ? 0 : mode == m->mode_in_guest ? 1 :
	       mode == m->mode_exiting ? 2 : 3;
}

static inline unsigned int vcpu_state(const struct watched *v)
{
	unsigned int mode = (unsigned int)*v->mode, home = v->task->cpu;
	int cpu = *v->cpu;

	return (mode < MODE_VALUES ? watch.mode[mode] : 3u) |
	       (cpu < 0 ? 0u : cpu == (int)home ? 4u : 8u) | (*v->requests ? 16u : 0) |
	       (WORLD->live.pcpu[home].pending & (1 << EVENT_RESCHED | 1 << EVENT_CALL) ?
		32u : 0) |
	       (v->ghost->guest ? 64u : 0) | (v->ghost->asleep ? 128u : 0);
}

uint32_t feature_state(void)
{
	uint64_t all = 0;

	for (unsigned int i = 0; i < watch.nr_vcpus; i++)
		all = trace_mix(all, vcpu_state(&watch.vcpu[i]));
	return (uint32_t)(all >> 16);
}

const char *feature_vcpu_state_text(unsigned int state, char *buf, size_t size)
{
	static const char *const cpu[4] = { "no cpu", "cpu here", "cpu elsewhere", "cpu ?" };

	snprintf(buf, size, "%s, %s%s%s%s%s", feature_mode_name[state & 3], cpu[state >> 2 & 3],
		 state & 16 ? ", requests" : "", state & 32 ? ", IPI coming" : "",
		 state & 64 ? ", guest runs" : "", state & 128 ? ", asleep" : "");
	return buf;
}

static void take_census(uint16_t place, unsigned int state)
{
	watch.census->vcpu_state[state]++;
	if (place && place < FEATURE_SITES)
		watch.census->preempted[place][state & 3]++;
}

/* Who stands still while a vCPU changes goes by an older state of it. */
static inline void look_at_senders(unsigned int state)
{
	for (unsigned int i = 0; i < watch.nr_senders; i++) {
		const struct sender *s = &watch.sender[i];
		bool moved = s->task->cpu != s->began;

		hit(FEATURE_SENDER, (uint64_t)s->task->site << 9 | moved << 8 | state);
	}
}

/* @place: where the running context stands still, or 0. */
static inline void look(uint16_t place)
{
	uint64_t all = 0;

	for (unsigned int i = 0; i < watch.nr_vcpus; i++) {
		unsigned int state = vcpu_state(&watch.vcpu[i]);

		all = trace_mix(all, state);
		if (place)
			hit(FEATURE_PREEMPT, (uint64_t)place << 16 | state);
		look_at_senders(state);
		if (__builtin_expect(watch.census != NULL, 0))
			take_census(place, state);
	}
	hit(FEATURE_STATE, all);
}

/* The pCPU that goes on if @answer is taken; the present one if no event is chosen. */
static inline unsigned int goes_on(const struct choice_point *p, uint32_t answer)
{
	return p->kind != CHOICE_EVENT || answer >= p->bound ? WORLD->live.cur->id :
	       choice_event(p, answer) / NR_EVENT_KINDS;
}

/* Where the running context stands still though it could go on, or 0. */
static inline uint16_t stands_still(const struct choice_point *p, const struct pcpu *cur)
{
	unsigned int own = EVENT_ID(cur->id, EVENT_STEP);

	return (p->others | 1ull << p->first) >> own & 1 ? cur->acc.site : 0;
}

static uint32_t feature_take(struct chooser *c, const struct choice_point *p)
{
	struct feature_chooser *f = (struct feature_chooser *)c;
	uint32_t answer = f->inner->take(f->inner, p);
	const struct pcpu *cur = WORLD->live.cur;

	if (watch.states && goes_on(p, answer) != cur->id)
		look(stands_still(p, cur));
	return answer;
}

/* What earlier runs left in @last is of another run from here on. */
static void next_run(void)
{
	watch.run++;
	watch.nr_words = 0;
}

bool feature_mark(struct feature_mark *m)
{
	if (watch.nr_words > FEATURE_MARK_WORDS)
		return false;
	m->nr = watch.nr_words;
	for (unsigned int i = 0; i < m->nr; i++) {
		const struct last *l = &watch.last[watch.word[i]];

		m->word[i] = (struct feature_word){
			watch.word[i], l->store_site, l->any_site, l->store_pcpu, l->any_pcpu,
			l->any_stored
		};
	}
	return true;
}

void feature_return(const struct feature_mark *m)
{
	next_run();
	for (unsigned int i = 0; i < m->nr; i++) {
		const struct feature_word *w = &m->word[i];

		watch.word[watch.nr_words++] = w->word;
		watch.last[w->word] = (struct last){
			watch.run, w->store_site, w->any_site, w->store_pcpu, w->any_pcpu,
			w->any_stored
		};
	}
}

static void feature_begin(struct chooser *c)
{
	struct feature_chooser *f = (struct feature_chooser *)c;

	next_run();
	if (f->inner->begin)
		f->inner->begin(f->inner);
}

static void watch_vcpus(void)
{
	const struct machine_layout *m = &WORLD->fix.form->layout;

	for (int i = 0; i < MODE_VALUES; i++)
		watch.mode[i] = mode_of(m, i);
	watch.nr_vcpus = watch.nr_senders = 0;
	for (unsigned int i = 0; i < WORLD->fix.nr_tasks; i++) {
		const struct task *t = &WORLD->live.task[i];
		const char *v;

		if (t->vcpu < 0) {
			if (watch.kinds >> FEATURE_SENDER & 1)
				watch.sender[watch.nr_senders++] = (struct sender){ t, t->cpu };
			continue;
		}
		v = (const char *)SHARED_BASE + WORLD->fix.vcpu_off[t->vcpu];
		watch.vcpu[watch.nr_vcpus++] = (struct watched){
			.task = t,
			.ghost = &WORLD->live.ghost.vcpu[t->vcpu],
			.mode = (const int *)(v + m->vcpu_mode),
			.cpu = (const int *)(v + m->vcpu_cpu),
			.requests = (const uint64_t *)(v + m->vcpu_requests),
		};
	}
}

bool feature_news(void)
{
	bool news = watch.news;

	watch.news = false;
	return news;
}

void feature_into(volatile uint8_t *map)
{
	/* Hits that nobody wants have a place, too: that is cheaper than to ask. */
	static volatile uint8_t nowhere[FEATURE_KIND_SIZE];

	for (unsigned int i = 0; i < NR_FEATURES; i++)
		watch.kind[i] = map && watch.kinds >> i & 1 ? map + i * FEATURE_KIND_SIZE :
				nowhere;
	watch.news = false;
}

void feature_watch(volatile uint8_t *map, unsigned int kinds, struct feature_census *census)
{
	if (!map)
		kinds = 0;
	watch.kinds = kinds;
	watch.states = census || kinds & (1 << FEATURE_STATE | 1 << FEATURE_PREEMPT |
					  1 << FEATURE_SENDER);
	watch.census = census;
	watch_vcpus();
	feature_into(map);
	if (kinds & (1 << FEATURE_RF | 1 << FEATURE_ALIAS))
		world_probe(on_access);
}

void feature_chooser_init(struct feature_chooser *f, struct chooser *inner)
{
	*f = (struct feature_chooser){ { feature_begin, feature_take }, inner };
}

int feature_parse(const char *list)
{
	int kinds = 0;

	if (!strcmp(list, "all"))
		return FEATURE_ALL;
	if (!strcmp(list, "none"))
		return 0;
	for (;;) {
		size_t n = strcspn(list, ",");
		int i = 0;

		while (i < NR_FEATURES && (strlen(feature_name[i]) != n ||
					   strncmp(feature_name[i], list, n)))
			i++;
		if (i == NR_FEATURES)
			return -1;
		kinds |= 1 << i;
		if (!list[n])
			return kinds;
		list += n + 1;
	}
}
