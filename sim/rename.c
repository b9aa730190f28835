// SPDX-License-Identifier: GPL-2.0-only
/* Other names for pCPUs and tasks, wherever the machine keeps them. */
#include <string.h>
#include "rename.h"
#include "snapshot_priv.h"

void rename_nothing(struct renaming *r)
{
	for (unsigned int i = 0; i < MAX_PCPUS; i++)
		r->pcpu[i] = (uint8_t)i;
	for (unsigned int i = 0; i <= MAX_TASKS; i++)
		r->task[i] = (uint8_t)i;
	for (unsigned int i = 0; i < SHARED_MAX / 8; i++)
		r->word[i] = (uint16_t)i;
}

void rename_chain(struct renaming *r, const struct renaming *first, const struct renaming *then)
{
	for (unsigned int i = 0; i < MAX_PCPUS; i++)
		r->pcpu[i] = then->pcpu[first->pcpu[i]];
	for (unsigned int i = 0; i <= MAX_TASKS; i++)
		r->task[i] = then->task[first->task[i]];
	for (unsigned int i = 0; i < SHARED_MAX / 8; i++)
		r->word[i] = then->word[first->word[i]];
}

bool rename_is_same(const struct renaming *a, const struct renaming *b)
{
	return !memcmp(a->pcpu, b->pcpu, sizeof(a->pcpu)) &&
	       !memcmp(a->task, b->task, sizeof(a->task)) &&
	       !memcmp(a->word, b->word, sizeof(a->word));
}

static void swap_bytes(uint8_t *a, uint8_t *b)
{
	uint8_t was = *a;

	*a = *b;
	*b = was;
}

static void swap_words(struct renaming *r, uint32_t a, uint32_t b, uint32_t size)
{
	for (uint32_t i = 0; i < size; i += 8) {
		r->word[(a + i) / 8] = (uint16_t)((b + i) / 8);
		r->word[(b + i) / 8] = (uint16_t)((a + i) / 8);
	}
}

/* The object that a task's task_struct is in; of one without a name, the word. */
static void extent(unsigned int task, uint32_t *off, uint32_t *size)
{
	const struct world_fixed *f = &WORLD->fix;
	uint32_t at = (uint32_t)((uintptr_t)f->task_struct[task] - SHARED_BASE);

	*off = at;
	*size = 8;
	for (unsigned int i = 0; i < f->nr_objects; i++) {
		const struct object *o = &f->objects[i];

		if (at < o->off || at >= o->off + o->size || o->size <= *size)
			continue;
		*off = o->off;
		*size = o->size;
	}
}

static bool swap_tasks(struct renaming *r, unsigned int a, unsigned int b)
{
	uint32_t at[2], size[2];

	extent(a, &at[0], &size[0]);
	extent(b, &at[1], &size[1]);
	if (size[0] != size[1])
		return false;
	swap_words(r, at[0], at[1], size[0]);
	swap_bytes(&r->task[a], &r->task[b]);
	return true;
}

bool rename_swap(struct renaming *r, unsigned int a, unsigned int b)
{
	const struct world_fixed *f = &WORLD->fix;
	const struct pcpu *p = f->image.pcpu;

	rename_nothing(r);
	swap_bytes(&r->pcpu[a], &r->pcpu[b]);
	swap_words(r, f->percpu_off + a * f->percpu_size, f->percpu_off + b * f->percpu_size,
		   f->percpu_size);
	if (!swap_tasks(r, f->nr_tasks + a, f->nr_tasks + b))
		return false;
	if (f->image.task[p[a].curr].idle != f->image.task[p[b].curr].idle)
		return false;
	return f->image.task[p[a].curr].idle || swap_tasks(r, p[a].curr, p[b].curr);
}

uint8_t rename_pcpus(const struct renaming *r, uint8_t mask)
{
	uint8_t to = 0;

	for (unsigned int i = 0; i < MAX_PCPUS; i++)
		to |= (uint8_t)((mask >> i & 1) << r->pcpu[i]);
	return to;
}

static uint64_t events(const struct renaming *r, uint64_t mask)
{
	uint64_t to = 0;

	for (unsigned int i = 0; i < MAX_PCPUS; i++)
		to |= (mask >> EVENT_ID(i, 0) & 0xff) << EVENT_ID(r->pcpu[i], 0);
	return to;
}

unsigned int rename_event(const struct renaming *r, unsigned int event)
{
	return EVENT_ID(r->pcpu[event / NR_EVENT_KINDS], event % NR_EVENT_KINDS);
}

static void *pointer(const struct renaming *r, void *p)
{
	uintptr_t at = (uintptr_t)p, on_stacks = at - STACK_BASE;

	if (at >= SHARED_BASE && at < SHARED_BASE + SHARED_MAX)
		return (void *)(SHARED_BASE + rename_offset(r, (uint32_t)(at - SHARED_BASE)));
	if (at < STACK_BASE || on_stacks >= (MAX_TASKS + 1ul) * STACK_SIZE)
		return p;
	return (void *)(STACK_BASE + r->task[on_stacks / STACK_SIZE] * (uintptr_t)STACK_SIZE +
			on_stacks % STACK_SIZE);
}

/* A stack pointer may be at its stack's very end. */
static void *stack_pointer(const struct renaming *r, void *sp)
{
	return sp ? (unsigned char *)pointer(r, (unsigned char *)sp - 1) + 1 : NULL;
}

static void rename_task(const struct renaming *r, const struct task *from, struct task *to)
{
	*to = *from;
	to->sp = stack_pointer(r, from->sp);
	to->cpu = r->pcpu[from->cpu];
}

static void rename_access(const struct renaming *r, struct access *acc)
{
	if (acc->size)
		acc->off = rename_offset(r, acc->off);
}

static void rename_pcpu(const struct renaming *r, const struct pcpu *from, struct pcpu *to)
{
	*to = *from;
	to->wait_arg = 0;
	rename_access(r, &to->acc);
	to->id = r->pcpu[from->id];
	to->curr = r->task[from->curr];
	to->migrate_to = r->pcpu[from->migrate_to];
	for (unsigned int i = 0; i < from->nr_queued; i++)
		to->queue[i] = r->task[from->queue[i]];
	to->call_from = rename_pcpus(r, from->call_from);
	to->call_unacked = rename_pcpus(r, from->call_unacked);
	if (from->lock_off)
		to->lock_off = rename_offset(r, from->lock_off);
	to->call_info = pointer(r, from->call_info);
	to->timer_arg = pointer(r, from->timer_arg);
}

static void rename_head(const struct renaming *r, struct world_live *head)
{
	head->enabled = events(r, head->enabled);
	head->optional = events(r, head->optional);
	if (head->hotplug_waits)
		head->hotplug_waits = (uint8_t)(r->pcpu[head->hotplug_waits - 1] + 1);
	rename_access(r, &head->open.acc);
}

static void rename_rest(const struct renaming *r, struct snapshot_rest *rest)
{
	for (unsigned int i = 0; i < MAX_PAGES; i++)
		if (rest->page_size[i])
			rest->page_off[i] = rename_offset(r, rest->page_off[i]);
	if (rest->ask.kind == CHOICE_EVENT)
		return;
	rest->ask.pcpu = r->pcpu[rest->ask.pcpu];
	rest->ask.sp = stack_pointer(r, rest->ask.sp);
}

void rename_form(const struct renaming *r, const struct snapshot_form *form,
		 struct snapshot_form *to)
{
	const struct world_fixed *f = &WORLD->fix;

	for (unsigned int i = 0; i < snapshot_nr_tasks(); i++)
		rename_task(r, &form->task[i], &to->task[r->task[i]]);
	for (int i = 0; i < f->config.nr_pcpus; i++)
		rename_pcpu(r, &form->pcpu[i], &to->pcpu[r->pcpu[i]]);
	memcpy(to->head, form->head, offsetof(struct world_live, ghost));
	rename_head(r, to->head);
	for (int i = 0; i < f->config.nr_vcpus; i++) {
		to->ghost[i] = form->ghost[i];
		if (form->ghost[i].guest)
			to->ghost[i].guest = (uint8_t)(r->pcpu[form->ghost[i].guest - 1] + 1);
	}
	memcpy(to->rest, form->rest, offsetof(struct snapshot_rest, stack));
	memset(to->rest->stack, 0, snapshot_nr_tasks() * sizeof(to->rest->stack[0]));
	memset(&to->rest->ask.stack, 0, sizeof(to->rest->ask.stack));
	rename_rest(r, to->rest);
}
