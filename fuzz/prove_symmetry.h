/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A symmetry is a group of renamings (sim/rename.h) under which a configuration
 * behaves alike: whatever happens, the same can happen with other pCPUs in its parts.
 *
 * Two kickers that do the same, each on a pCPU of its own, are alike, and so are pCPUs
 * on which nothing starts.  Of a state and its mirror images a search needs to visit one
 * only: what the others lead to are the mirror images of what that one leads to, and no
 * rule knows pCPUs by their numbers.  symmetry_hash() is the same for all of them.
 *
 * Nobody declares what is alike.  Renamings are proposed where the start looks alike,
 * and tested by running: mirror_walk() and mirror_path() make a run and its mirror
 * images in step, the same events on other pCPUs, and compare the states at each
 * choice.  That teaches the twins (prove_twins.h) of which renamed states are made, and
 * a contradiction, or a state that is not the renamed one, is the end of the symmetry.
 *
 * A search holds on to what was tested in this way:
 *  - a state with a part that has no twins is not renamed: its path is mirrored first;
 *  - so is the path to a state in which a stack holds what it has not held before after
 *    what it held in the state before: no code is relied on that did not run in all of
 *    its mirror images;
 *  - and the path to a place where a task stands (prove_future.h) that has no twins yet;
 *  - paths to some of the states that it turns back at are mirrored anyway.
 * If the symmetry comes to its end on the way, the search begins anew without.
 * What code does in the order of pCPUs' numbers, such as sending to all in a mask, is
 * what makes it fail.
 *
 * Only states that the search is done with are found by their mirror images; open ones
 * are told apart.  So a cycle that it closes is one of true states, and events that are
 * passed over on it are those of true pCPUs.  Done with means that all it leads to has
 * been judged, and so has been, renamed, what the mirror images lead to: that a search
 * turns back at one which left before is all that is different, so the argument of
 * prove_open.h holds, and with it that of prove_reduce.h about what is passed over.
 *
 * A reduction relies on what tasks may yet do, and some of that is seen in a mirror image
 * only.  Places that are twins are therefore linked both ways, which gives each the other's
 * future, and words that are renamed to each other are one variable.
 */
#ifndef FUZZ_PROVE_SYMMETRY_H
#define FUZZ_PROVE_SYMMETRY_H

#include "../sim/rename.h"
#include "prove_future.h"
#include "prove_twins.h"

enum { SYMMETRY_WHY = 96 };

struct symmetry {
	unsigned int nr;		/* members of the group; 1: nobody is alike */
	struct renaming of[SYMMETRIES];
	struct twins twins;
	bool linked[FUTURE_NODES];	/* with its twins */
	uint32_t alike[MAX_PCPUS];	/* for the first pCPU of each kind: a bitmap of all */
	char why[SYMMETRY_WHY];		/* what was not alike, if anything */
};

struct search;

/* Finds out what is alike, if @wanted; y->nr is 1 if nothing is.  False: no memory. */
bool symmetry_begin(struct search *s, struct symmetry *y, bool wanted);
/* Tells @f which words and tasks are alike. */
void symmetry_tell(const struct symmetry *y, struct futures *f);
/*
 * One hash for a state and all its mirror images; @hash is the state's own.  False: some
 * part of it has not been met.
 */
bool symmetry_hash(const struct symmetry *y, const struct snapshot_form *form,
		   struct snapshot_hash hash, struct snapshot_hash *of_all);
/* What member @g makes of @form, into @to, which is laid out.  False as above. */
bool symmetry_rename(const struct symmetry *y, unsigned int g, const struct snapshot_form *form,
		     struct snapshot_form *to);
/* The same for what a model remembers, under tso and weak. */
bool symmetry_rename_model(const struct symmetry *y, unsigned int g,
			   const struct snapshot_form *form, struct snapshot_form *to);
bool symmetry_learn_model(struct symmetry *y, const struct snapshot_form *form);
/* The parts of states that have twins: @of is told of forms of all members' states. */
bool symmetry_learn(struct symmetry *y, const struct snapshot_form *form);
/*
 * Who is alike, in words; or why nobody is; "" if there was nobody to ask for.  @lost:
 * how it came to its end, or NULL.
 */
void symmetry_print(const struct symmetry *y, const char *lost, uint64_t nr_mirrored,
		    char *buf, size_t size);

/*
 * prove_mirror.c: the path to the present state, which stays, or a random run.  False: it
 * has no mirror images; y->why says where they differ.
 */
bool mirror_path(struct search *s, struct symmetry *y);
void mirror_forget(void);	/* before another group, or configuration */
bool mirror_walk(struct search *s, struct symmetry *y, struct random *r, uint32_t *nr_choices);

#endif
