// SPDX-License-Identifier: GPL-2.0-only
/* Keeping the records of a run that somebody wants to read. */
#include "machine.h"

const char *const trace_kind_name[NR_TRACE_KINDS] = {
#define TRACE(id, name) [TRACE_##id] = name,
	TRACE_KINDS(TRACE)
#undef TRACE
};

/*
 * The callers of the code that runs now, found through its frame pointers: the
 * code under test and the machine are both compiled with them.
 */
static void stack_keep(uint32_t *stack, unsigned int max)
{
	const struct world_live *l = &WORLD->live;
	uintptr_t top = (uintptr_t)stack_top(l->cur->curr);
	uintptr_t *frame = __builtin_frame_address(0);
	unsigned int nr = 0;

	while (nr < max && (uintptr_t)frame >= top - STACK_SIZE && (uintptr_t)frame < top - 16) {
		uintptr_t off = frame[1] - WORLD->fix.sites->base;

		if (off < WORLD->fix.sites->length)
			stack[nr++] = (uint32_t)off;
		frame = (uintptr_t *)frame[0];
	}
}

void trace_keep(struct trace *t, enum trace_kind kind, const struct access *acc, uint32_t arg,
		uint64_t value, uint64_t old, uint16_t site)
{
	const struct world_live *l = &WORLD->live;
	struct trace_rec *r = &t->rec[t->nr];

	if (t->nr == t->max) {
		t->lost++;
		return;
	}
	*r = (struct trace_rec){
		.now = l->now,
		.value = value,
		.old = old,
		.step = l->steps,
		.off = arg,
		.choice = l->nr_choices,
		.site = site,
		.kind = (uint8_t)kind,
		.pcpu = l->cur->id,
		.task = l->cur->curr,
		.size = acc ? acc->size : 0,
		.flags = acc ? acc->flags : 0,
		.in_irq = l->cur->in_irq,
	};
	stack_keep(r->stack, sizeof(r->stack) / sizeof(r->stack[0]));
	t->nr++;
}
