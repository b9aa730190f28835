// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bytes of a state that can differ from state to state.
 *
 * A state is some 30 kB for the largest test and a tenth of that for most, and
 * the search keeps and hashes very many.
 */
#include <stddef.h>
#include <string.h>

#include "litmus_run.h"

struct piece {
	size_t offset;
	size_t size;
};

#define PIECES 8

static unsigned int pieces(const struct lit_run *run, const struct lit_state *s,
			   struct piece *to)
{
	unsigned int procs = run->t->nr_procs, n = 0;
	size_t mem = offsetof(struct lit_state, mem);

	to[n++] = (struct piece){ 0, procs * sizeof(s->pc[0]) };
	to[n++] = (struct piece){ offsetof(struct lit_state, value),
				  run->nr_regs * sizeof(s->value[0]) };
	to[n++] = (struct piece){ offsetof(struct lit_state, dep),
				  run->nr_regs * sizeof(s->dep[0]) };
	to[n++] = (struct piece){ mem, offsetof(struct mem, cpu) +
				  procs * sizeof(s->mem.cpu[0]) };
	to[n++] = (struct piece){ mem + offsetof(struct mem, loc),
				  run->t->nr_locs * sizeof(s->mem.loc[0]) };
	if (!run->look_for_races)
		return n;
	to[n++] = (struct piece){ offsetof(struct lit_state, plain_reads),
				  procs * sizeof(s->plain_reads[0]) };
	to[n++] = (struct piece){ offsetof(struct lit_state, plain_after),
				  procs * sizeof(s->plain_after[0]) };
	return n;
}

size_t lit_pack(const struct lit_run *run, const struct lit_state *s,
		unsigned char *to)
{
	struct piece piece[PIECES];
	unsigned int i, nr = pieces(run, s, piece);
	size_t size = 0;

	for (i = 0; i < nr; i++) {
		memcpy(to + size, (const char *)s + piece[i].offset,
		       piece[i].size);
		size += piece[i].size;
	}
	return size;
}

void lit_unpack(const struct lit_run *run, const unsigned char *from,
		struct lit_state *s)
{
	struct piece piece[PIECES];
	unsigned int i, nr = pieces(run, s, piece);

	for (i = 0; i < nr; i++) {
		memcpy((char *)s + piece[i].offset, from, piece[i].size);
		from += piece[i].size;
	}
}
