/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A choice is the only way by which chance enters a run.
 *
 * Where the machine can go on in n ways it calls choice_take() and gets a number
 * below n.  Where the number comes from is the chooser's business: a seed, a
 * fuzzer's bytes, a stored schedule, or a search that goes through all of them.
 * The numbers taken, in order, are the schedule, and one schedule always gives
 * one trace.
 *
 * Zero is the dull answer: the event that is due first, no migration, the newest
 * value.  So an empty schedule is the plain timed run, a schedule that ends goes
 * on dully, and to shrink is to set answers to zero.
 *
 * A place with one way to go on is no choice and is never counted.
 */
#ifndef SIM_CHOICE_H
#define SIM_CHOICE_H

#include <stdint.h>
#include <stdio.h>
#include "world.h"

/* CHOICE(id, letter, name): letters stand in schedules and never change. */
#define CHOICE_KINDS(CHOICE)			\
	CHOICE(EVENT, 'e', "event")		\
	CHOICE(MIGRATE, 'm', "migrate")		\
	CHOICE(WAKE, 'w', "wake")		\
	CHOICE(EXIT, 'x', "exit")		\
	CHOICE(TARGET, 't', "target")		\
	CHOICE(CONFIG, 'c', "config")		\
	CHOICE(ALLOC, 'a', "alloc")		\
	CHOICE(LOAD, 'l', "load")		\
	CHOICE(COMMIT, 's', "commit")

enum choice_kind {
#define CHOICE(id, letter, name) CHOICE_##id,
	CHOICE_KINDS(CHOICE)
#undef CHOICE
	NR_CHOICE_KINDS
};

struct choice_point {
	enum choice_kind kind;
	uint32_t bound;			/* at least 2 */
	/* What the answers mean.  Of CHOICE_MIGRATE and CHOICE_WAKE: pCPUs, a byte each; */
	uint64_t pcpus;
	/* of CHOICE_EVENT: */
	unsigned int first;		/* event of answer 0 */
	uint64_t others;		/* events of answers 1.., lowest bit first */
	uint64_t optional;		/* those that nobody needs to happen */
};

/* Where answers come from; the first member of each chooser's own struct. */
struct chooser {
	/* May be NULL.  The world has been reset, no choice has been taken. */
	void (*begin)(struct chooser *c);
	/* Below point->bound; or CHOICE_REFUSED, which ends the run. */
	uint32_t (*take)(struct chooser *c, const struct choice_point *point);
};

#define CHOICE_REFUSED UINT32_MAX

/* Asks the world's chooser and writes the answer down. */
uint32_t choice_take(const struct choice_point *point);

/* The run ends: the chooser has no answer that fits, or it has given too many. */
void choice_refuse(const struct choice_point *point, uint32_t answer)
	__attribute__((noreturn, cold));

/* The two halves of choice_take(), for who knows what event the answer means. */
static inline uint32_t choice_ask(const struct choice_point *point)
{
	struct chooser *chooser = WORLD->fix.chooser;
	uint32_t answer;

	if (__builtin_expect(WORLD->live.nr_choices >= MAX_CHOICES, 0))
		choice_refuse(point, 0);
	answer = chooser->take(chooser, point);
	if (__builtin_expect(answer >= point->bound, 0))
		choice_refuse(point, answer);
	return answer;
}

static inline void choice_record(const struct choice_point *point, uint32_t answer,
				 unsigned int event)
{
	WORLD->fix.taken[WORLD->live.nr_choices++] = (struct taken){
		.kind = (uint8_t)point->kind,
		.bound = (uint8_t)point->bound,
		.answer = (uint8_t)answer,
		.event = (uint8_t)event,
	};
}

/* One more answer: @p. */
static inline void choice_add_pcpu(struct choice_point *point, const struct pcpu *p)
{
	point->pcpus |= (uint64_t)p->id << 8 * point->bound++;
}

/* The pCPU that answer @answer means. */
static inline unsigned int choice_pcpu(const struct choice_point *point, uint32_t answer)
{
	return point->pcpus >> 8 * answer & 0xff;
}

/* The event that answer @answer of @point means. */
static inline unsigned int choice_event(const struct choice_point *point, uint32_t answer)
{
	uint64_t others = point->others;

	if (!answer)
		return point->first;
	while (--answer)
		others &= others - 1;
	return (unsigned int)__builtin_ctzll(others);
}

/* Who asks and who answers counts bits; all x86-64 since 2008 can do that in one instruction. */
#ifdef __x86_64__
#define COUNTS_BITS __attribute__((target("popcnt")))
#else
#define COUNTS_BITS
#endif

/* splitmix64 seeded xorshift: fast, and the same on every machine. */
struct random {
	uint64_t s;
};

static inline void random_seed(struct random *r, uint64_t seed)
{
	seed += 0x9e3779b97f4a7c15ull;
	seed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9ull;
	seed = (seed ^ (seed >> 27)) * 0x94d049bb133111ebull;
	r->s = (seed ^ (seed >> 31)) | 1;
}

static inline uint64_t random_next(struct random *r)
{
	r->s ^= r->s >> 12;
	r->s ^= r->s << 25;
	r->s ^= r->s >> 27;
	return r->s * 0x2545f4914f6cdd1dull;
}

/* Uniform below @bound, which is small. */
static inline uint32_t random_below(struct random *r, uint32_t bound)
{
	return (uint32_t)(((random_next(r) >> 32) * bound) >> 32);
}

#endif
