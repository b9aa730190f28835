// SPDX-License-Identifier: GPL-2.0-only
/* A set of 128-bit hashes that many processes fill, and that grows by a quarter at a time. */
#include <assert.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include "prove_table.h"

enum {
	FIRST_SLOTS = 1 << 12,
	LOAD_MAX = 86,			/* percent */
	GROW = 125,			/* percent */
	/* Runs of taken slots may go on beyond the end, which is never reached. */
	SPARE_SLOTS = 1 << 11,
};

_Static_assert(sizeof(struct table_slot) == 16, "a state costs 24 bytes at most");

static size_t bytes_of(size_t nr_slots)
{
	return (nr_slots + SPARE_SLOTS) * sizeof(struct table_slot);
}

static size_t limit(size_t nr_slots)
{
	return nr_slots / 100 * LOAD_MAX;
}

static struct table_slot *area_map(size_t bytes, bool shared)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		       (shared ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* Free slots are zeros: who gives pages back gets such ones again. */
static void area_empty(const struct table *t, struct table_slot *from, size_t nr_slots)
{
	int ret = madvise(from, nr_slots * sizeof(*from), t->shared ? MADV_REMOVE : MADV_DONTNEED);

	if (ret)
		memset(from, 0, nr_slots * sizeof(*from));
}

/* Halves that are 0 mean something else. */
static struct snapshot_hash as_entry(struct snapshot_hash hash)
{
	return (struct snapshot_hash){ hash.low ? hash.low : 1, hash.high ? hash.high : 1 };
}

/* The other half of an entry that somebody may be just adding. */
static uint64_t high_of(const struct table_slot *slot)
{
	uint64_t high;

	while (!(high = atomic_load_explicit(&slot->high, memory_order_acquire)))
		sched_yield();
	return high;
}

/* Where the search for @e begins. */
static struct table_slot *slot_of(const struct table *t, struct snapshot_hash e)
{
	return t->area[t->which] + (size_t)((unsigned __int128)e.high * t->nr_slots >> 64);
}

/*
 * Where @e, made by as_entry(), is, or the slot where it belongs and that was free a
 * moment ago: whose it is by the time that the caller looks must not matter.
 */
static struct table_slot *table_find(const struct table *t, struct snapshot_hash e, bool *is_there)
{
	struct table_slot *first = t->area[t->which];
	struct table_slot *slot = slot_of(t, e);
	uint64_t low;

	while ((low = atomic_load_explicit(&slot->low, memory_order_acquire)) &&
	       (low != e.low || high_of(slot) != e.high))
		slot++;
	/* The last slot stays free: a run that long is not a matter of chance. */
	assert(slot < first + t->nr_slots + SPARE_SLOTS - 1);
	*is_there = low;
	return slot;
}

bool table_init(struct table *t, size_t max_bytes, bool shared)
{
	size_t nr = max_bytes / sizeof(struct table_slot);

	memset(t, 0, sizeof(*t));
	if (bytes_of(FIRST_SLOTS) > max_bytes)
		return false;
	t->nr_slots = FIRST_SLOTS;
	t->max_slots = nr > FIRST_SLOTS ? nr : FIRST_SLOTS;
	t->shared = shared;
	t->area[0] = area_map(bytes_of(t->max_slots), shared);
	t->area[1] = area_map(bytes_of(t->max_slots), shared);
	if (t->area[0] && t->area[1])
		return true;
	table_free(t);
	return false;
}

void table_free(struct table *t)
{
	for (int i = 0; i < 2; i++) {
		if (t->area[i])
			munmap(t->area[i], bytes_of(t->max_slots));
		t->area[i] = NULL;
	}
}

void table_clear(struct table *t)
{
	area_empty(t, t->area[t->which], t->nr_slots + SPARE_SLOTS);
	t->nr_slots = FIRST_SLOTS;
	t->nr_used = 0;
}

/*
 * Old pages are given back as soon as they have been read, and new ones are
 * filled in the same order: both areas together take little more than one.
 */
static void table_grow(struct table *t, size_t nr_slots)
{
	enum { CHUNK = 1 << 16 };
	struct table_slot *old = t->area[t->which];
	size_t end = t->nr_slots + SPARE_SLOTS, emptied = 0;

	t->which = !t->which;
	t->nr_slots = nr_slots;
	for (size_t i = 0; i < end; i++) {
		struct snapshot_hash e = { old[i].low, old[i].high };
		struct table_slot *slot;
		bool is_there;

		if (i - emptied == CHUNK) {
			area_empty(t, old + emptied, CHUNK);
			emptied = i;
		}
		if (!e.low)
			continue;
		slot = table_find(t, e, &is_there);
		atomic_store_explicit(&slot->low, e.low, memory_order_relaxed);
		atomic_store_explicit(&slot->high, e.high, memory_order_relaxed);
	}
	area_empty(t, old + emptied, end - emptied);
}

bool table_claim(struct table *t, size_t nr)
{
	if (atomic_fetch_add(&t->nr_used, nr) + nr <= limit(t->nr_slots))
		return true;
	atomic_fetch_sub(&t->nr_used, nr);
	return false;
}

bool table_make_room(struct table *t, size_t nr, size_t max_bytes)
{
	size_t nr_slots = t->nr_slots;

	while (t->nr_used + nr > limit(nr_slots))
		nr_slots = nr_slots / 100 * GROW;
	if (nr_slots == t->nr_slots)
		return true;
	if (nr_slots > t->max_slots || bytes_of(nr_slots) > max_bytes)
		return false;
	table_grow(t, nr_slots);
	return true;
}

bool table_add(struct table *t, struct snapshot_hash hash)
{
	struct snapshot_hash e = as_entry(hash);

	for (;;) {
		bool is_there;
		struct table_slot *slot = table_find(t, e, &is_there);
		uint64_t nothing = 0;

		if (is_there) {
			atomic_fetch_sub(&t->nr_used, 1);
			return false;
		}
		/* Who comes second looks again: it may be the same hash. */
		if (atomic_compare_exchange_strong(&slot->low, &nothing, e.low)) {
			atomic_store_explicit(&slot->high, e.high, memory_order_release);
			return true;
		}
	}
}

void table_expect(const struct table *t, struct snapshot_hash hash)
{
	__builtin_prefetch(slot_of(t, as_entry(hash)));
}

bool table_has(const struct table *t, struct snapshot_hash hash)
{
	bool is_there;

	table_find(t, as_entry(hash), &is_there);
	return is_there;
}

bool table_next(const struct table *t, size_t *i, struct snapshot_hash *hash)
{
	const struct table_slot *first = t->area[t->which];

	for (; *i < t->nr_slots + SPARE_SLOTS; ++*i) {
		if (!first[*i].low)
			continue;
		*hash = (struct snapshot_hash){ first[*i].low, high_of(&first[*i]) };
		++*i;
		return true;
	}
	return false;
}

size_t table_bytes(const struct table *t)
{
	return bytes_of(t->nr_slots);
}

unsigned int table_collision_bits(uint64_t nr_states)
{
	unsigned int bits = nr_states < 2 ? 0 : 64 - (unsigned int)__builtin_clzll(nr_states - 1);

	return 128 - 2 * bits;
}
