// SPDX-License-Identifier: GPL-2.0-only
/* Features of interleavings, gathered at choices and accesses. */
#include <stdio.h>
#include <string.h>
#include "../sim/machine.h"
#include "feature.h"

const char *const feature_name[NR_FEATURES] = { "rf", "alias", "state", "preempt" };
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

/* The present process's one watch: the hook for accesses has no argument. */
static struct {
	volatile uint8_t *map;
	unsigned int kinds;
	struct feature_census *census;
	uint32_t run;
	struct last last[SHARED_WORDS];
} watch;

static inline void hit(enum feature_kind kind, uint64_t what)
{
	uint64_t h = what * 0x9e3779b97f4a7c15ull;

	if (watch.kinds >> kind & 1)
		watch.map[kind * FEATURE_KIND_SIZE + (h >> 40) % FEATURE_KIND_SIZE] = 1;
}

static void on_access(const struct access *acc, bool stored)
{
	struct last *l = &watch.last[acc->off / 4];
	uint8_t me = WORLD->live.cur->id + 1;
	uint64_t site = acc->site;

	if (l->run != watch.run)
		*l = (struct last){ .run = watch.run };
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

static unsigned int mode_of(const struct machine_layout *m, int mode)
{
	return mode == m->mode_outside ? 0 : mode == m->mode_in_guest ? 1 :
	       mode == m->mode_exiting ? 2 : 3;
}

static inline unsigned int vcpu_state(const struct task *t)
{
	const struct machine_layout *m = &WORLD->fix.form->layout;
	const char *v = (const char *)SHARED_BASE + WORLD->fix.vcpu_off[t->vcpu];
	const struct ghost_vcpu *g = &WORLD->live.ghost.vcpu[t->vcpu];
	const struct pcpu *p = &WORLD->live.pcpu[t->cpu];
	int cpu = *(const int *)(v + m->vcpu_cpu);

	return mode_of(m, *(const int *)(v + m->vcpu_mode)) |
	       (cpu < 0 ? 0u : cpu == t->cpu ? 4u : 8u) |
	       (*(const uint64_t *)(v + m->vcpu_requests) ? 16u : 0) |
	       (p->pending & (1 << EVENT_RESCHED | 1 << EVENT_CALL) ? 32u : 0) |
	       (g->guest ? 64u : 0) | (g->asleep ? 128u : 0);
}

unsigned int feature_vcpu_state(int vcpu)
{
	const struct task *t = WORLD->live.task;

	while (t->vcpu != vcpu)
		t++;
	return vcpu_state(t);
}

uint32_t feature_state(void)
{
	uint64_t all = 0;

	for (unsigned int i = 0; i < WORLD->fix.nr_tasks; i++)
		if (WORLD->live.task[i].vcpu >= 0)
			all = trace_mix(all, vcpu_state(&WORLD->live.task[i]));
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

/* @place: where the running context stands still, or 0. */
static void look(uint16_t place)
{
	const struct world *w = WORLD;
	uint64_t all = 0;

	for (unsigned int i = 0; i < w->fix.nr_tasks; i++) {
		const struct task *t = &w->live.task[i];
		unsigned int state;

		if (t->vcpu < 0)
			continue;
		state = vcpu_state(t);
		all = trace_mix(all, state);
		if (place)
			hit(FEATURE_PREEMPT, (uint64_t)place << 16 | state);
		if (!watch.census)
			continue;
		watch.census->vcpu_state[state]++;
		if (place && place < FEATURE_SITES)
			watch.census->preempted[place][state & 3]++;
	}
	hit(FEATURE_STATE, all);
}

/* Whether @answer lets somebody else go while the running context could. */
static uint16_t stands_still(const struct choice_point *p, uint32_t answer)
{
	const struct pcpu *cur = WORLD->live.cur;
	unsigned int own = EVENT_ID(cur->id, EVENT_STEP);

	if (p->kind != CHOICE_EVENT || answer >= p->bound ||
	    !((p->others | 1ull << p->first) >> own & 1) || choice_event(p, answer) == own)
		return 0;
	return cur->acc.site;
}

static uint32_t feature_take(struct chooser *c, const struct choice_point *p)
{
	struct feature_chooser *f = (struct feature_chooser *)c;
	uint32_t answer = f->inner->take(f->inner, p);

	look(stands_still(p, answer));
	return answer;
}

static void feature_begin(struct chooser *c)
{
	struct feature_chooser *f = (struct feature_chooser *)c;

	watch.run++;
	if (f->inner->begin)
		f->inner->begin(f->inner);
}

void feature_watch(volatile uint8_t *map, unsigned int kinds, struct feature_census *census)
{
	watch.map = map;
	watch.kinds = map ? kinds : 0;
	watch.census = census;
	if (watch.kinds & (1 << FEATURE_RF | 1 << FEATURE_ALIAS))
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
