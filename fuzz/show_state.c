// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "show_state.h"

static uint64_t shared_load(const struct show_state *s, uint32_t off, unsigned int size)
{
	uint64_t value = 0;

	if (off + size <= SHARED_MAX)
		memcpy(&value, s->shared + off, size);
	return value;
}

static void vcpus_read(struct show_state *s)
{
	const struct world_fixed *f = &WORLD->fix;
	const struct machine_layout *l = &f->form->layout;

	for (int v = 0; v < f->config.nr_vcpus; v++) {
		struct show_vcpu *x = &s->vcpu[v], old = *x;
		uint32_t off = f->vcpu_off[v];

		x->mode = shared_load(s, off + l->vcpu_mode, 4);
		x->requests = shared_load(s, off + l->vcpu_requests, 8);
		x->cpu = (int)shared_load(s, off + l->vcpu_cpu, 4);
		x->changed = (x->mode != old.mode ? WATCH_MODE : 0) |
			     (x->requests != old.requests ? WATCH_REQUESTS : 0) |
			     (x->cpu != old.cpu ? WATCH_CPU : 0);
	}
}

void show_state_begin(struct show_state *s)
{
	const struct world_fixed *f = &WORLD->fix;

	memset(s, 0, sizeof(*s));
	memcpy(s->shared, f->image_shared, sizeof(s->shared));
	for (unsigned int i = 0; i < MAX_TASKS; i++)
		s->task_pcpu[i] = f->image.task[i].cpu;
	s->buffered = f->model != 0;
	vcpus_read(s);
	for (int v = 0; v < MAX_VCPUS; v++)
		s->vcpu[v].changed = 0;
}

bool show_is_access(const struct trace_rec *r)
{
	switch (r->kind) {
	case TRACE_READ:
	case TRACE_WRITE:
	case TRACE_RMW:
	case TRACE_CAS_FAILED:
	case TRACE_VISIBLE:
		return r->off < SHARED_MAX && r->size <= 8;
	default:
		return false;
	}
}

bool show_takes_effect(const struct show_state *s, const struct trace_rec *r)
{
	if (!show_is_access(r) || r->off + r->size > SHARED_MAX)
		return false;
	return r->kind == TRACE_RMW || r->kind == (s->buffered ? TRACE_VISIBLE : TRACE_WRITE);
}

static void call_begin(struct show_state *s, const struct trace_rec *r)
{
	unsigned int all = (1u << WORLD->fix.config.nr_vcpus) - 1;

	s->call_vcpus[r->task % MAX_TASKS] = (uint8_t)(r->off & all);
}

void show_state_apply(struct show_state *s, const struct trace_rec *r)
{
	unsigned int task = r->task % MAX_TASKS, pcpu = r->pcpu % MAX_PCPUS;

	if (show_takes_effect(s, r))
		memcpy(s->shared + r->off, &r->value, r->size);
	vcpus_read(s);
	switch (r->kind) {
	case TRACE_SCHED_OUT:
	case TRACE_SCHED_IN:
		s->task_pcpu[task] = (uint8_t)pcpu;
		break;
	case TRACE_CALL_BEGIN:
		call_begin(s, r);
		break;
	case TRACE_CALL_END:
		s->call_vcpus[task] = 0;
		break;
	case TRACE_IPI:
		if (r->value == EVENT_RESCHED && r->off < MAX_PCPUS)
			s->ipi_for[r->off] |= s->call_vcpus[task];
		break;
	case TRACE_IPI_DROPPED:
		if (r->off < MAX_PCPUS)
			s->ipi_for[r->off] = 0;
		break;
	case TRACE_IRQ_ENTER:
		if (r->off == EVENT_RESCHED)
			s->ipi_for[pcpu] = 0;
		break;
	default:
		break;
	}
}
