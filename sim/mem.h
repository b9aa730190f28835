/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mem is the memory that several CPUs share, as one block of bytes.
 *
 * It holds, for each location, the last few values with the instant at which
 * each became visible, and for each CPU the stores that have not become visible
 * yet.  An instant is a count of committed stores.  A load *executes* at an
 * instant of its choice that fences, dependencies and coherence allow, perhaps
 * in the past; a store commits at the present, perhaps out of order.  Every
 * ordering that the kernel's memory model demands is then "not earlier than",
 * so nothing that it forbids can be built; two freedoms it grants are not
 * taken: stores reach all other CPUs at once, and no store passes an earlier
 * load.  Under tso the buffer is a FIFO and loads take the newest value; under
 * sc there is no buffer.
 *
 * How calls fit: ask mem_can_*() or mem_*_choices() first, then act.  When the
 * answer is "no" or 0 the CPU has to wait, and mem_commit() of its own or of
 * another CPU's stores is what ends the wait.  Acting without leave is a bug of
 * the caller and asserts.  Answer 0 is always the newest value.
 *
 * No pointers, no allocation, unused entries zero: copy and hash the first
 * mem_bytes() bytes.  mem_canon() makes equal futures equal bytes.
 *
 * It must not know what the locations mean, nor who draws the choices.
 */
#ifndef SIM_MEM_H
#define SIM_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEM_CPUS_MAX	8
#define MEM_LOCS_MAX	512
#define MEM_PENDING_MAX	8	/* stores waiting in one CPU */
#define MEM_PENDING_MIN	4
#define MEM_RING_MAX	8	/* values remembered for one location */
#define MEM_NOBODY	0xff	/* no CPU: initial values, free locations */

enum mem_model { MEM_SC, MEM_TSO, MEM_WEAK };

/* What an access is ordered against.  A failing cmpxchg is always relaxed. */
enum mem_order {
	MEM_RELAXED,		/* READ_ONCE, WRITE_ONCE, xchg_relaxed */
	MEM_ACQUIRE,		/* loads and RMWs */
	MEM_RELEASE,		/* stores and RMWs */
	MEM_FULL,		/* RMWs: a full barrier on either side */
	MEM_NORETURN,		/* RMWs: relaxed, and smp_rmb() ignores its read */
	MEM_PLAIN,		/* stores: relaxed, and marked MEM_P_PLAIN */
};

enum mem_fence {
	MEM_MB,
	MEM_RMB,
	MEM_WMB,
	/*
	 * smp_mb__{before,after}_atomic, smp_mb__after_spinlock and
	 * smp_mb__after_unlock_lock: full here, nothing at all under tso, where
	 * the locked instruction beside them is the barrier.
	 */
	MEM_MB_ATOMIC,
};

/* Departures from the plain model; bits of mem_opts.quirks. */
enum mem_quirk {
	MEM_CASFAIL_MB_BEFORE	= 1 << 0, /* failing cmpxchg: smp_mb() first */
	MEM_CASFAIL_MB_AFTER	= 1 << 1, /* ... and smp_mb() afterwards */
	MEM_NORETURN_FULL	= 1 << 2, /* atomic_inc() and kin are full */
	MEM_ALLDEP		= 1 << 3, /* each load waits for earlier ones */
	MEM_IPI_OVERTAKES	= 1 << 4, /* sending an IPI orders no store */
};

struct mem_opts {
	uint8_t model;		/* enum mem_model */
	uint8_t nr_cpus;	/* 1 .. MEM_CPUS_MAX */
	uint8_t pending_max;	/* MEM_PENDING_MIN .. MEM_PENDING_MAX, 0: most */
	uint8_t ring_max;	/* values kept, 1 .. MEM_RING_MAX, 0: most */
	uint8_t quirks;		/* enum mem_quirk */
};

/* A store in program order that other CPUs cannot see yet. */
struct mem_pending {
	uint64_t value;
	uint32_t dep;		/* latest load that the value derives from */
	uint32_t epoch;		/* smp_wmb()s before it */
	uint16_t loc;
	uint8_t flags;		/* enum mem_pending_flag */
	uint8_t pad[5];
};

enum mem_pending_flag {
	MEM_P_RELEASE	= 1 << 0, /* after everything before it */
	MEM_P_RMW	= 1 << 1, /* holds the location's reservation */
	MEM_P_UNLOCK	= 1 << 2, /* spin_unlock(): the next lock waits for it */
	MEM_P_RCU	= 1 << 3, /* a reader's end came after it */
	MEM_P_EARLY	= 1 << 4, /* its CPU's reader began after it */
	MEM_P_PLAIN	= 1 << 5, /* for who looks for data races */
};

struct mem_cpu {
	struct mem_pending pending[MEM_PENDING_MAX];
	uint32_t nr_pending;
	uint32_t epoch;
	uint32_t rmin;		/* no later load executes before this */
	uint32_t maxr;		/* latest load so far, as smp_rmb() counts */
	uint32_t maxr_all;	/* the same with the reads of MEM_NORETURN */
	uint32_t maxr_unlock;	/* maxr_all at this CPU's latest unlock */
	uint32_t lastc;		/* commit of its latest store to commit */
	uint32_t rcu_first;	/* earliest instant of what its reader did */
	uint32_t gp_start;	/* instant at which its grace period began */
	uint8_t rcu_depth;	/* nested rcu_read_lock()s */
	uint8_t rcu_open;	/* its reader has not ended for all to see */
	uint8_t gp_active;	/* in synchronize_rcu() */
	uint8_t gp_waits;	/* bit per CPU: reader that has to end first */
	uint8_t done;		/* executes nothing more: mem_cpu_done() */
	uint8_t pad[3];
};

/* Entry i is current from commit[i] up to commit[i + 1]; the last is newest. */
struct mem_loc {
	uint64_t value[MEM_RING_MAX];
	uint32_t commit[MEM_RING_MAX];
	uint32_t dep[MEM_RING_MAX];
	uint8_t cpu[MEM_RING_MAX];	/* who stored it, or MEM_NOBODY */
	uint8_t plain[MEM_RING_MAX];	/* it was a plain store */
	uint32_t seen[MEM_CPUS_MAX];	/* coherence: commit[] of the newest
					 * entry that each CPU read or wrote */
	uint8_t nr;
	uint8_t size;			/* bytes, 1 .. 8 */
	uint8_t reserved;		/* CPU whose RMW is pending */
	uint8_t pad[5];
};

struct mem {
	uint32_t now;		/* stores committed so far */
	uint32_t gp_last;	/* latest start of a grace period that ended */
	uint16_t nr_locs;
	uint8_t model;
	uint8_t nr_cpus;
	uint8_t pending_max;
	uint8_t ring_max;
	uint8_t quirks;
	uint8_t pad;
	struct mem_cpu cpu[MEM_CPUS_MAX];
	struct mem_loc loc[MEM_LOCS_MAX];
};

/*
 * Start with no location.  Out-of-range options assert.  Zeroes everything.
 */
void mem_init(struct mem *m, const struct mem_opts *opts);

/*
 * Give location @loc (below MEM_LOCS_MAX; the caller hands them out densely)
 * its @size in bytes and first @value.  May be called again in a run, for
 * memory that is newly allocated: history and views of it are forgotten, and
 * no store to it may be pending.
 */
void mem_loc_init(struct mem *m, unsigned int loc, unsigned int size,
		  uint64_t value);

/* Bytes from the start that are in use: what to copy, compare and hash. */
size_t mem_bytes(const struct mem *m);

/* The coherent (newest) value, as if every CPU looked; orders nothing. */
uint64_t mem_peek(const struct mem *m, unsigned int loc);

/* Asserts the machine's invariants; for tests and after-step checks. */
void mem_check(const struct mem *m);

/*
 * Loads.  @adep is the instant that the address derives from (the dep of the
 * pointer or index, 0 if from no load).  There is always a choice; under sc and
 * tso exactly one.  The dep that comes out is the instant of the load, to be
 * kept beside the value: the dep of an expression is the greatest of its parts.
 */
unsigned int mem_load_choices(const struct mem *m, unsigned int cpu,
			      unsigned int loc, uint32_t adep);
/* The value that @answer stands for; changes nothing. */
uint64_t mem_load_peek(const struct mem *m, unsigned int cpu, unsigned int loc,
		       uint32_t adep, unsigned int answer);
/* @order is MEM_RELAXED or MEM_ACQUIRE; @dep may be NULL. */
uint64_t mem_load(struct mem *m, unsigned int cpu, unsigned int loc,
		  uint32_t adep, unsigned int answer, enum mem_order order,
		  uint32_t *dep);

/*
 * Stores.  mem_store() appends to the CPU's buffer (commits at once under sc);
 * @dep is the dep of the value, @order MEM_RELAXED, MEM_RELEASE or MEM_PLAIN.
 * mem_store_now() is for plain stores: no buffer, visible at once; it may pass
 * stores that are pending unless a fence, the location or a reservation by
 * another CPU's RMW keeps it back.
 */
bool mem_can_store(const struct mem *m, unsigned int cpu);
void mem_store(struct mem *m, unsigned int cpu, unsigned int loc,
	       uint64_t value, enum mem_order order, uint32_t dep);
bool mem_can_store_now(const struct mem *m, unsigned int cpu, unsigned int loc);
void mem_store_now(struct mem *m, unsigned int cpu, unsigned int loc,
		   uint64_t value, uint32_t dep);

/*
 * Commits.  How many of the CPU's pending stores may become visible at this
 * moment, and making the @which-th of those (program order, from 0) visible;
 * that gives back the location.  Zero choices with stores pending means that
 * another CPU's RMW holds what is wanted; that RMW can always commit.
 */
unsigned int mem_commit_choices(const struct mem *m, unsigned int cpu);
unsigned int mem_commit(struct mem *m, unsigned int cpu, unsigned int which);
unsigned int mem_nr_pending(const struct mem *m, unsigned int cpu);
bool mem_cpu_is_drained(const struct mem *m, unsigned int cpu);
/* The location of the CPU's @which-th store that may commit. */
unsigned int mem_commit_loc(const struct mem *m, unsigned int cpu,
			    unsigned int which);

/* Fences.  Only the full ones ever have to wait, until nothing is pending. */
bool mem_can_fence(const struct mem *m, unsigned int cpu,
		   enum mem_fence fence);
void mem_fence(struct mem *m, unsigned int cpu, enum mem_fence fence);

/*
 * Read-modify-write, in two halves with nothing in between: mem_rmw_read()
 * gives the value to compute with, mem_rmw_write() stores the result.  @dep of
 * the latter is the dep of the operand, joined with the read's own dep when the
 * operation computes with what it read (not for xchg).
 */
bool mem_can_rmw(const struct mem *m, unsigned int cpu, unsigned int loc,
		 enum mem_order order);
uint64_t mem_rmw_read(struct mem *m, unsigned int cpu, unsigned int loc,
		      uint32_t adep, enum mem_order order, uint32_t *dep);
void mem_rmw_write(struct mem *m, unsigned int cpu, unsigned int loc,
		   uint64_t value, enum mem_order order, uint32_t dep);

/*
 * Compare-and-exchange.  Answer 0 is the success if mem_can_cas(); the answers
 * that follow are failures, from the newest value other than @expect to the
 * oldest.  No choice at all: wait, and commit.  A failure may be the only
 * choice while the CPU has stores pending that a success has to wait for; who
 * wants the dull outcome drains the CPU first.
 */
struct mem_cas {
	uint64_t expect;
	uint64_t value;		/* to be stored */
	uint32_t adep;		/* dep of the address */
	uint32_t dep;		/* dep of @value */
	enum mem_order order;	/* if it succeeds */
};

bool mem_can_cas(const struct mem *m, unsigned int cpu, unsigned int loc,
		 const struct mem_cas *cas);
unsigned int mem_cas_choices(const struct mem *m, unsigned int cpu,
			     unsigned int loc, const struct mem_cas *cas);
/* Gives the value read; it was stored iff that equals cas->expect. */
uint64_t mem_cas(struct mem *m, unsigned int cpu, unsigned int loc,
		 const struct mem_cas *cas, unsigned int answer, uint32_t *dep);

/*
 * Spin locks: 0 free, 1 taken.  mem_lock() is an acquire RMW that also knows
 * that an unlock and a later lock of one CPU order all but store-to-load.
 * mem_unlock() needs room for a store.
 */
bool mem_can_lock(const struct mem *m, unsigned int cpu, unsigned int loc);
void mem_lock(struct mem *m, unsigned int cpu, unsigned int loc);
void mem_unlock(struct mem *m, unsigned int cpu, unsigned int loc);

/*
 * RCU.  A grace period and a reader are in order one way or the other: either
 * all that follows the reader's rcu_read_lock() executes after the start, or
 * all that precedes its rcu_read_unlock() before the end.  Which of the two is
 * left open until the reader's loads decide it, but a reader may also choose to
 * come after one grace period that is under way: answers above 0 of
 * mem_rcu_lock().  synchronize_rcu() is mem_rcu_sync() (needs the CPU drained)
 * and then, once it may, mem_rcu_synced(); both are full barriers.
 */
unsigned int mem_rcu_lock_choices(const struct mem *m, unsigned int cpu);
void mem_rcu_lock(struct mem *m, unsigned int cpu, unsigned int answer);
void mem_rcu_unlock(struct mem *m, unsigned int cpu);
bool mem_can_rcu_sync(const struct mem *m, unsigned int cpu);
void mem_rcu_sync(struct mem *m, unsigned int cpu);
bool mem_can_rcu_synced(const struct mem *m, unsigned int cpu);
void mem_rcu_synced(struct mem *m, unsigned int cpu);

/*
 * What the kernel's model does not speak of; the strong side is taken.
 * Sending an IPI is smp_mb() on the sender (ask mem_can_ipi()); its handler
 * starts in the present; a CPU that a task leaves has smp_mb() (ask
 * mem_can_fence()), the CPU that it comes to starts in the present.
 */
bool mem_can_ipi(const struct mem *m, unsigned int cpu);
void mem_ipi_send(struct mem *m, unsigned int cpu);
void mem_irq_enter(struct mem *m, unsigned int cpu);
void mem_switch_out(struct mem *m, unsigned int cpu);
void mem_switch_in(struct mem *m, unsigned int cpu);

/* The CPU executes no further load; its stores may still be pending. */
void mem_cpu_done(struct mem *m, unsigned int cpu);

/*
 * Canonical form.  Drops values that no CPU can read any more and renumbers
 * instants by the only thing that they are compared with, the commits between
 * the values that are left.  Two memories with the same possible futures then
 * tend to have the same bytes; with different futures never.  Instants that the
 * caller keeps for @cpu go through mem_map_dep() with the map it filled.
 * @blind: NULL, or for each location a bitmap of CPUs that will load nothing there
 * before all that has happened until now is in their past (mem_switch_in()).
 */
struct mem_map {
	unsigned int nr;
	uint32_t rmin[MEM_CPUS_MAX];	/* before the renumbering */
	uint32_t bound[MEM_LOCS_MAX * (MEM_RING_MAX - 1) + 2 * MEM_CPUS_MAX];
};

_Static_assert(MEM_CPUS_MAX <= 8, "blind CPUs are a byte");

void mem_canon(struct mem *m, struct mem_map *map, const uint8_t *blind);
uint32_t mem_map_dep(const struct mem_map *map, unsigned int cpu, uint32_t dep);

#endif
