/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A model is the memory model that compiled code runs under: tso or weak, on top
 * of struct mem.  Under sc none of this is called and none of it is copied.
 *
 * Between hooks, real memory holds the coherent value of each word: the newest
 * that every CPU could see.  A load of compiled code gets to see another value
 * by finding it in real memory for the time of its one instruction; a store is
 * taken out of real memory again and put into its pCPU's store buffer.  Either
 * is the world's "open" access until model_settle(), the first thing that any
 * hook or machine call does.  Atomics and machine calls are performed here.
 *
 * A buffered store becomes visible by EVENT_DRAIN of its pCPU, which must happen
 * some time and is due at once, so that the dull run has no buffer to speak of.
 * Which store is next is CHOICE_COMMIT; which value a load gives, CHOICE_LOAD.
 * Only so many answers other than 0 to the latter are asked for in one run.
 *
 * Plain accesses are treated as the kernel's race detector assumes by default:
 * an aligned plain store of a word is one store, ordered like WRITE_ONCE(), a
 * plain load is like READ_ONCE().  The race detector reports them all the same.
 *
 * Address dependencies: a load waits for the loads by which its pCPU learnt a
 * pointer into the same allocation; memory whose address may have been computed
 * from an index (arrays, other pCPUs' areas) or that nobody named waits for all
 * earlier loads.  Pointers that a function was given depend on nothing: who gave
 * them had them from a word that never changes, or learnt them in sight of the
 * rule above.  To invent a dependency loses behaviours, to miss one is unsound;
 * the rule errs on the first side.  A stored value derives from all earlier loads.
 *
 * Interrupts and switches are outside the kernel's model; the strong side is
 * taken: IPIs, acknowledgements and switches wait until the buffer is drained.
 */
#ifndef SIM_MODEL_H
#define SIM_MODEL_H

#include "machine.h"
#include "mem.h"

enum { MODEL_STALE_MAX = 4 };		/* values back that a load may see */

/* A word that the memory machine keeps; numbers hold as long as a setup does. */
struct model_word {
	uint32_t off;
	uint8_t size;
	uint8_t object;			/* of the allocation, from 1; 0: unnamed */
	uint8_t pcpu;			/* id + 1 of whose per-CPU area it is in */
	uint8_t indexed;		/* an element of an array */
};

struct model {
	uint8_t stale_left;		/* loads that may yet give an older value */
	uint64_t touched[MEM_LOCS_MAX / 64];	/* words that differ from the image */
	/* Latest load by which each pCPU learnt a pointer into an allocation. */
	uint32_t learnt[MAX_PCPUS][MAX_OBJECTS + 1];
	struct mem mem;			/* the last member: copied up to its end */
};

/* Decided by setup, or found out for all runs of it. */
struct model_fixed {
	uint8_t stale_max;
	uint16_t loc[SHARED_MAX];	/* by offset, number + 1 */
	uint8_t allocation[SHARED_WORDS];	/* object, from 1 */
	struct model_word word[MEM_LOCS_MAX];
	uint16_t by_offset[MEM_LOCS_MAX];	/* numbers of words, in the order of offsets */
	struct mem image;		/* all words found so far, as runs begin */
};

#define MODEL_BASE	(SHARED_BASE + SHARED_MAX)
#define MODEL		((struct model *)MODEL_BASE)
#define MODEL_FIXED	((struct model_fixed *)(MODEL_BASE + 0x40000ul))

_Static_assert(sizeof(struct model) <= 0x40000, "a model has grown");
_Static_assert(MODEL_BASE + 0x40000ul + sizeof(struct model_fixed) <= STACK_BASE,
	       "a model's fixed part has grown");

/* After the scenario's setup. */
void model_setup(unsigned int sb_length, unsigned int stale_max);
void model_reset(void);

/*
 * Accesses of the running context, whose turn it is.  They may wait.  Load,
 * store and the two halves of an RMW tell the trace and the oracles.
 */
uint64_t model_load(struct access acc);
/* A load that the compiled instruction makes itself: real memory is prepared. */
void model_view(struct access acc);
/* Returns once there is room for one more store. */
void model_wait_room(const struct access *acc);
void model_store(const struct access *acc, uint64_t value);
/* Ends the open access. */
void model_settle(void);
uint64_t model_rmw_read(const struct access *acc, enum mem_order order);
void model_rmw_write(const struct access *acc, enum mem_order order, uint64_t value);
/* Tells by itself.  @fenced: a failure is a full barrier too. */
uint64_t model_cas(struct access acc, uint64_t expect, uint64_t value, bool fenced);
void model_lock(const struct access *acc);
void model_unlock(const struct access *acc);
/* The order that @flags of an RMW ask for; @returns: somebody uses what it read. */
enum mem_order model_rmw_order(unsigned int flags, bool returns);

/* smp_mb(), smp_rmb(), smp_wmb() of the running context. */
void model_fence(enum mem_fence fence, uint16_t site);
/* The pCPU comes to know of something that happened just then. */
void model_present(const struct pcpu *p);

/* What the events are made of. */
bool model_can_drain(const struct pcpu *p);
bool model_step_enabled(const struct pcpu *p);	/* it waits for memory */
void model_drain(unsigned int pcpu);

/* The value of a word as @p itself would read it. */
uint64_t model_peek(const struct pcpu *p, uint32_t off, unsigned int size);

/* Bytes of *MODEL that are in use, for snapshots; to be called after a restore. */
size_t model_bytes(void);
void model_restored(void);
/* Whether who runs on a pCPU will load the word; who comes after it starts in the present. */
struct model_reader {
	bool (*loads)(void *arg, unsigned int pcpu, uint32_t off, unsigned int size);
	void *arg;
};

/*
 * A copy of *MODEL, of @size bytes, in which equal futures are equal bytes: in each
 * process, whatever it has met before.  @reader: may be NULL; then anybody may load
 * anything.
 */
const struct model *model_canon(const struct model_reader *reader, size_t *size);
/* In such a copy words have their offsets for numbers, in the order of these. */
static inline uint16_t model_canon_offset(const struct mem_loc *loc)
{
	uint16_t off;

	memcpy(&off, loc->pad, sizeof(off));
	return off;
}

#endif
