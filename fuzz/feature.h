/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A feature is something about a run's interleaving that another run may not
 * have: what tells a guided search that it has got somewhere new.
 *
 * rf		a load saw the store of another pCPU (both by their places)
 * alias	an access follows a conflicting one of another pCPU (both places)
 * state	the abstract protocol state of all vCPUs when another pCPU goes on
 * preempt	a context stood still at this place while others went on, with a vCPU
 *		in this abstract state
 * sender	a task that is no vCPU's is about to go on from this place, on the pCPU
 *		where it began or on another, with a vCPU in this abstract state
 *
 * They are taken from the simulator and not from the program's branches: those
 * are all seen in a second.  A feature is one byte of a small map that is set to
 * 1 and never counted; places are site numbers, so a map means the same in every
 * process that has loaded the same form, and one schedule always gives one map.
 *
 * What the first four are worth, without sender, in libFuzzer's median runs to v5.15's
 * lost request (two-senders) and to a planted missed ack (mask-shared), 12 to 16 seeds,
 * 100,000 runs at most: all 3706 and 2681; none 42.5k and never.  Any one of them can
 * be left out (1705 to 2709 and 2060 to 3229, all within each other's quartiles); only
 * rf and alias 6896 and 4260, only state 2339 and 5103, with 1 and 2 of 12 misses.
 *
 * feature_watch() after run_prepare(); then runs go through a feature_chooser,
 * which stands before any other chooser.  Runs that do not cost nothing.  What
 * people want to see of the same things (states by name, places against modes)
 * is counted in a struct feature_census, if there is one.
 *
 * Nothing here knows who reads the map.
 */
#ifndef FUZZ_FEATURE_H
#define FUZZ_FEATURE_H

#include <stdbool.h>
#include "../sim/choice.h"

enum feature_kind {
	FEATURE_RF, FEATURE_ALIAS, FEATURE_STATE, FEATURE_PREEMPT, FEATURE_SENDER, NR_FEATURES
};

extern const char *const feature_name[NR_FEATURES];

enum {
	FEATURE_KIND_SIZE = 512,	/* bytes of the map that a kind has, a power of 2 */
	FEATURE_MAP_SIZE = NR_FEATURES * FEATURE_KIND_SIZE,
	FEATURE_ALL = (1 << NR_FEATURES) - 1,
	FEATURE_VCPU_STATES = 256,
	FEATURE_SITES = 2048,		/* places beyond are not in a census */
	FEATURE_MODES = 4,
	FEATURE_MARK_WORDS = 256,
};

/*
 * One vCPU, abstractly.  Bits 0-1: mode (outside, in guest, exiting, reading); 2-3:
 * vcpu->cpu is none, where its task is, elsewhere; 4: requests; 5: an IPI is on its
 * way to where its task is; 6: in the guest; 7: asleep.
 * "in guest, cpu here, requests" into @buf.
 */
const char *feature_vcpu_state_text(unsigned int state, char *buf, size_t size);
/* All vCPUs together, as one number; after feature_watch(). */
uint32_t feature_state(void);
extern const char *const feature_mode_name[FEATURE_MODES];

/* Counts for people; hits of runs that went through a feature_chooser. */
struct feature_census {
	uint32_t vcpu_state[FEATURE_VCPU_STATES];
	/* A context stood still before its access at the place; by each vCPU's mode. */
	uint32_t preempted[FEATURE_SITES][FEATURE_MODES];
};

struct feature_chooser {
	struct chooser chooser;
	struct chooser *inner;
};

/*
 * From here to the next run_prepare() accesses are watched for rf and alias.
 * @map: FEATURE_MAP_SIZE bytes; @kinds: bitmap of what is written there; @census
 * may be NULL, and so may @map.
 */
void feature_watch(volatile uint8_t *map, unsigned int kinds, struct feature_census *census);
/* From here on they are written to @map, of the same size. */
void feature_into(volatile uint8_t *map);
/*
 * Whether a byte has been set, since the last call, that was not set before.  Kinds
 * that nobody wants are nothing new.
 */
bool feature_news(void);
void feature_chooser_init(struct feature_chooser *f, struct chooser *inner);

/* Who was at which word last, in the run so far: goes with a mark.h mark. */
struct feature_mark {
	uint32_t nr;
	struct feature_word {
		uint16_t word, store_site, any_site;
		uint8_t store_pcpu, any_pcpu, any_stored;
	} word[FEATURE_MARK_WORDS];
};

/* False: they are too many. */
bool feature_mark(struct feature_mark *m);
/* A run goes on from there, as one of its own. */
void feature_return(const struct feature_mark *m);
/* "rf,state", "all" or "none"; -1 if a word is none of them. */
int feature_parse(const char *list);

#endif
