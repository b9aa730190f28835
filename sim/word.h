/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A word is some bytes of shared memory that are accessed as one: 1, 2, 4 or 8
 * at an offset into shared memory.
 *
 * Here is what every access comes down to, whatever the memory model: the bytes
 * themselves, and telling the trace, the race detector and the oracles what the
 * access did.  Whose turn it is, and which value it sees, is known by then.
 */
#ifndef SIM_WORD_H
#define SIM_WORD_H

#include "machine.h"

static inline uint64_t word_load(uint32_t off, unsigned int size)
{
	const char *p = (const char *)SHARED_BASE + off;

	switch (size) {
	case 1:
		return *(const uint8_t *)p;
	case 2:
		return *(const uint16_t *)p;
	case 4:
		return *(const uint32_t *)p;
	default:
		return *(const uint64_t *)p;
	}
}

static inline void word_store(uint32_t off, unsigned int size, uint64_t value)
{
	char *p = (char *)SHARED_BASE + off;

	switch (size) {
	case 1:
		*(uint8_t *)p = (uint8_t)value;
		break;
	case 2:
		*(uint16_t *)p = (uint16_t)value;
		break;
	case 4:
		*(uint32_t *)p = (uint32_t)value;
		break;
	default:
		*(uint64_t *)p = value;
	}
}

/*
 * The running pCPU's store or RMW was executed: @value over @old, as it sees it.  Who
 * is called gets a copy: what has its address taken is kept in memory for all.
 */
static inline void word_stored(const struct access *acc, enum trace_kind kind, uint64_t value,
			       uint64_t old)
{
	struct pcpu *p = WORLD->live.cur;

	trace_access(kind, acc, value, old);
	if (p->race.size) {
		struct access copy = *acc;

		race_report(p, &copy, old, value);
	}
	if (WORLD->fix.meta[acc->off / 4].watch) {
		struct access copy = *acc;

		oracle_store(p, &copy, old, value);
	}
}

/* Its load gave @value; @newest is 0 unless there is a newer one (ACC_STALE). */
static inline void word_loaded(const struct access *acc, enum trace_kind kind, uint64_t value,
			       uint64_t newest)
{
	trace_access(kind, acc, value, newest);
	if (WORLD->fix.meta[acc->off / 4].watch) {
		struct access copy = *acc;

		oracle_load(WORLD->live.cur, &copy, value);
	}
}

#endif
