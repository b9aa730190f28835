// SPDX-License-Identifier: GPL-2.0-only
/* A set of 128-bit hashes that grows by a quarter at a time. */
#include <assert.h>
#include <sys/mman.h>
#include "prove_table.h"

enum {
	FIRST_SLOTS = 1 << 12,
	LOAD_MAX = 86,			/* percent */
	GROW = 125,			/* percent */
	/* Runs of taken slots may go on beyond the end, which is never reached. */
	SPARE_SLOTS = 1 << 11,
};

static size_t bytes_of(size_t nr_slots)
{
	return (nr_slots + SPARE_SLOTS) * sizeof(struct snapshot_hash);
}

static struct snapshot_hash *slots_map(size_t nr_slots)
{
	void *p = mmap(NULL, bytes_of(nr_slots), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static bool is_free(const struct snapshot_hash *slot)
{
	return !(slot->low | slot->high);
}

/* Where @hash is, or the free slot where it belongs. */
static struct snapshot_hash *table_find(const struct table *t, struct snapshot_hash hash)
{
	size_t i = (size_t)((unsigned __int128)hash.high * t->nr_slots >> 64);
	struct snapshot_hash *slot = &t->slot[i];

	while (!is_free(slot) && (slot->low != hash.low || slot->high != hash.high))
		slot++;
	/* The last slot stays free: a run that long is not a matter of chance. */
	assert(slot < t->slot + t->nr_slots + SPARE_SLOTS - 1);
	return slot;
}

bool table_init(struct table *t, size_t max_bytes)
{
	*t = (struct table){ .nr_slots = FIRST_SLOTS, .max_bytes = max_bytes };
	if (bytes_of(FIRST_SLOTS) > max_bytes)
		return false;
	t->slot = slots_map(t->nr_slots);
	return t->slot;
}

void table_free(struct table *t)
{
	if (t->slot)
		munmap(t->slot, bytes_of(t->nr_slots));
	t->slot = NULL;
}

/*
 * Old pages are given back as soon as they have been read, and new ones are
 * filled in the same order: both tables together take little more than one.
 */
static bool table_grow(struct table *t)
{
	enum { CHUNK = 1 << 16 };
	struct table old = *t;
	size_t end = old.nr_slots + SPARE_SLOTS;

	if (t->nr_slots / 100 * GROW * sizeof(*t->slot) > t->max_bytes)
		return false;
	t->nr_slots = t->nr_slots / 100 * GROW;
	t->slot = slots_map(t->nr_slots);
	if (!t->slot) {
		*t = old;
		return false;
	}
	for (size_t i = 0; i < end; i++) {
		if (i && i % CHUNK == 0)
			madvise(old.slot + i - CHUNK, CHUNK * sizeof(*old.slot), MADV_DONTNEED);
		if (!is_free(&old.slot[i]))
			*table_find(t, old.slot[i]) = old.slot[i];
	}
	table_free(&old);
	return true;
}

enum table_added table_add(struct table *t, struct snapshot_hash hash)
{
	struct snapshot_hash *slot = table_find(t, hash);

	assert(hash.low | hash.high);
	if (!is_free(slot))
		return TABLE_KNOWN;
	if (t->nr_used >= t->nr_slots / 100 * LOAD_MAX) {
		if (!table_grow(t))
			return TABLE_FULL;
		slot = table_find(t, hash);
	}
	*slot = hash;
	t->nr_used++;
	return TABLE_NEW;
}

bool table_has(const struct table *t, struct snapshot_hash hash)
{
	return !is_free(table_find(t, hash));
}

size_t table_bytes(const struct table *t)
{
	return bytes_of(t->nr_slots);
}

unsigned int table_collision_bits(uint64_t nr_states)
{
	unsigned int bits = nr_states < 2 ? 0 : 64 - (unsigned int)__builtin_clzll(nr_states - 1);

	return 129 - 2 * bits;
}
