/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A site is a place in the code under test that reaches the machine: the call
 * of an access hook or of a machine_*() function.
 *
 * Sites have dense numbers, 1.. in the order of their addresses; 0 is "no
 * place".  Their stable name is function:ordinal:operation, which survives a
 * rebuild; file and line are looked up for people only.  Addresses stay inside
 * this table: no trace, hash or schedule has them.
 */
#ifndef SIM_SITES_H
#define SIM_SITES_H

#include <stdint.h>

struct site {
	const char *function;
	const char *op;			/* "read4", "cas4", "send_reschedule", ... */
	const char *file;		/* NULL until lines are loaded */
	unsigned int line;
	unsigned int ordinal;		/* n-th site of its function, from 0 */
	uint32_t offset;		/* of the return address into the text */
};

struct sites {
	uintptr_t base;			/* of the text that by_offset covers */
	uint32_t length;
	uint16_t nr;			/* sites are 1..nr */
	const uint16_t *by_offset;	/* return address - base -> site */
	struct site *site;		/* [nr + 1] */
};

static inline uint16_t site_find(const struct sites *s, const void *ret)
{
	uintptr_t off = (uintptr_t)ret - s->base;

	return off < s->length ? s->by_offset[off] : 0;
}

#endif
