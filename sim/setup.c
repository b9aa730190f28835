// SPDX-License-Identifier: GPL-2.0-only
/* Building the initial image: what the scenario's setup asks for. */
#include <stdio.h>
#include <string.h>
#include "fiber.h"
#include "machine.h"
#include "model.h"

static uint32_t shared_off(const void *p)
{
	uintptr_t off = (uintptr_t)p - SHARED_BASE;

	assert(off < SHARED_MAX);
	return (uint32_t)off;
}

void machine_name(void *p, size_t size, const char *name, const struct machine_field *fields)
{
	struct world_fixed *f = &WORLD->fix;
	struct object *o = &f->objects[f->nr_objects];
	uint32_t off = shared_off(p);

	assert(f->nr_objects < MAX_OBJECTS && f->in_setup);
	snprintf(o->name, sizeof(o->name), "%s", name);
	o->off = off;
	o->size = (uint32_t)size;
	o->fields = fields;
	f->nr_objects++;
	/* The innermost name counts: later ones overwrite. */
	for (uint32_t i = off / 4; i < (off + size + 3) / 4; i++)
		f->meta[i].object = f->nr_objects;
}

static void *shared_alloc(size_t size)
{
	struct world_fixed *f = &WORLD->fix;
	uint32_t off = (f->shared_used + 63) & ~63u;

	assert(off + size <= SHARED_MAX);
	f->shared_used = off + (uint32_t)size;
	return (char *)SHARED_BASE + off;
}

void *machine_alloc(const char *name, size_t size, const struct machine_field *fields)
{
	void *p = shared_alloc(size);

	machine_name(p, size, name, fields);
	return p;
}

static void watch(uint32_t off, size_t size, enum watch watch, int vcpu)
{
	for (uint32_t i = off / 4; i < (off + size + 3) / 4; i++) {
		WORLD->fix.meta[i].watch |= (uint8_t)watch;
		WORLD->fix.meta[i].vcpu = (uint8_t)vcpu;
	}
}

void machine_vcpu(int id, void *vcpu)
{
	struct world_fixed *f = &WORLD->fix;
	uint32_t off = shared_off(vcpu);

	assert(id >= 0 && id < MAX_VCPUS);
	f->vcpu_off[id] = off;
	watch(off + f->form->layout.vcpu_mode, sizeof(int), WATCH_MODE, id);
	watch(off + f->form->layout.vcpu_requests, sizeof(uint64_t), WATCH_REQUESTS, id);
	watch(off + f->form->layout.vcpu_cpu, sizeof(int), WATCH_CPU, id);
}

void machine_posted(int vcpu, void *descriptor)
{
	struct world_fixed *f = &WORLD->fix;
	uint32_t off = shared_off(descriptor);

	assert(off && vcpu >= 0 && vcpu < MAX_VCPUS);
	f->posted_off[vcpu] = off;
	watch(off + f->form->layout.posted_pir, sizeof(uint64_t), WATCH_POSTED, vcpu);
	watch(off + f->form->layout.posted_control, sizeof(uint64_t), WATCH_POSTED, vcpu);
}

void machine_task(struct task_struct *task, const char *comm, void (*fn)(void *), void *arg,
		  int cpu)
{
	struct world_fixed *f = &WORLD->fix;
	struct pcpu *p = &WORLD->live.pcpu[cpu];
	struct task *t = &WORLD->live.task[f->nr_tasks];

	assert(f->nr_tasks < MACHINE_MAX_TASKS && cpu >= 0 && cpu < f->config.nr_pcpus);
	shared_off(task);
	f->task_struct[f->nr_tasks] = task;
	f->comm[f->nr_tasks] = comm;
	f->task_fn[f->nr_tasks] = fn;
	f->task_arg[f->nr_tasks] = arg;
	t->state = TASK_RUNNABLE;
	t->cpu = (uint8_t)cpu;
	t->vcpu = -1;
	p->queue[p->nr_queued++] = f->nr_tasks++;
}

void machine_task_vcpu(struct task_struct *task, int vcpu)
{
	const struct world_fixed *f = &WORLD->fix;

	for (unsigned int i = 0; i < f->nr_tasks; i++)
		if (f->task_struct[i] == task)
			WORLD->live.task[i].vcpu = (int8_t)vcpu;
}

void machine_guest_program(int vcpu, int nr_halts, unsigned int optional_exits)
{
	const struct world_fixed *f = &WORLD->fix;

	WORLD->fix.guest_optional[vcpu] = optional_exits;
	for (unsigned int i = 0; i < f->nr_tasks; i++)
		if (WORLD->live.task[i].vcpu == vcpu)
			WORLD->live.task[i].guest_scripted = (uint8_t)nr_halts;
}

/* The variables of a per-CPU area as the fields of one object. */
static void percpu_fields(struct machine_field *f, const struct machine_form *form)
{
	unsigned int nr = 0;

	for (const struct machine_percpu_var *v = form->percpu_vars; v->name; v++) {
		assert(nr + 1 < MAX_PERCPU_VARS);
		f[nr++] = (struct machine_field){
			.name = v->name,
			.offset = (unsigned int)(v->addr - form->percpu_start),
			.size = v->size,
			.kind = v->kind,
		};
	}
	f[nr].name = NULL;
}

/* The machine's own kernel objects: idle tasks, online mask, per-CPU areas. */
static void setup_machine(void)
{
	struct world_fixed *f = &WORLD->fix;
	size_t percpu = (size_t)(f->form->percpu_end - f->form->percpu_start);
	uint64_t *online = machine_alloc("cpu_online_mask", sizeof(*online), NULL);
	char name[20];

	f->online_off = shared_off(online);
	*online = (1ull << f->config.nr_pcpus) - 1;
	percpu_fields(f->percpu_fields, f->form);
	f->percpu_size = (uint32_t)((percpu + 63) & ~63ul);
	for (int i = 0; percpu && i < f->config.nr_pcpus; i++) {
		char *area;

		snprintf(name, sizeof(name), "pcpu%d", i);
		area = machine_alloc(name, f->percpu_size, f->percpu_fields);
		memcpy(area, f->form->percpu_start, percpu);
		if (!i)
			f->percpu_off = shared_off(area);
		assert(shared_off(area) == f->percpu_off + (uint32_t)i * f->percpu_size);
	}
}

/* Idle tasks follow the others; the first queued task of a pCPU is current. */
static void setup_pcpus(void)
{
	struct world *w = WORLD;

	for (int i = 0; i < w->fix.config.nr_pcpus; i++) {
		struct pcpu *p = &w->live.pcpu[i];
		struct task *idle = pcpu_idle(p);

		idle->idle = 1;
		idle->state = TASK_RUNNABLE;
		idle->vcpu = -1;
		idle->cpu = p->id;
		w->fix.comm[task_id(idle)] = "swapper";
		p->curr = (uint8_t)task_id(idle);
		p->waiting = WAIT_IDLE;
		if (!p->nr_queued)
			continue;
		p->curr = p->queue[0];
		p->waiting = WAIT_NOTHING;
		p->nr_queued--;
		memmove(p->queue, p->queue + 1, p->nr_queued);
		p->queue[p->nr_queued] = 0;
	}
}

/* Idle tasks have no task_struct of kernel code's own: they get a bare state word. */
static void setup_idle_structs(void)
{
	struct world_fixed *f = &WORLD->fix;

	for (int i = 0; i < f->config.nr_pcpus; i++)
		f->task_struct[f->nr_tasks + i] = shared_alloc(sizeof(uint64_t));
}

void world_setup(const struct world_options *o)
{
	struct world *w = WORLD;
	struct world_fixed *f = &w->fix;

	memset(&w->live, 0, sizeof(w->live));
	memset((void *)SHARED_BASE, 0, SHARED_MAX);
	memset(f, 0, offsetof(struct world_fixed, taken));
	f->form = o->form;
	f->scenario = o->scenario;
	f->config = o->config;
	f->sites = o->sites;
	f->step_limit = o->step_limit ? o->step_limit : STEP_LIMIT;
	f->kcsan_strict = o->kcsan_strict;
	f->in_setup = 1;
	w->live.budget_migrations = (uint8_t)o->config.migrations;
	w->live.budget_preemptions = (uint8_t)o->config.preemptions;
	w->live.budget_exits = (uint8_t)o->config.exits;
	w->live.budget_alloc_failures = (uint8_t)o->config.alloc_failures;
	for (int i = 0; i < o->config.nr_pcpus; i++) {
		struct pcpu *p = &w->live.pcpu[i];

		p->id = (uint8_t)i;
		p->online = 1;
		p->migrate_to = p->id;
		p->guest = -1;
		w->live.due[EVENT_ID(i, EVENT_TICK)] = COST_TICK;
	}
	w->live.cur = w->live.pcpu;
	setup_machine();
	f->scenario->setup(&f->config);
	setup_idle_structs();
	setup_pcpus();
	pcpu_update_all();
	f->in_setup = 0;
	f->image = w->live;
	memcpy(f->image_shared, (void *)SHARED_BASE, f->shared_used);
	f->model = o->model;
	if (f->model)
		model_setup(o->sb_length, o->stale_reads);
}

void world_probe(void (*probe)(const struct access *acc, bool stored))
{
	struct world_fixed *f = &WORLD->fix;

	f->probe = probe;
	for (uint32_t i = 0; i < (f->shared_used + 3) / 4; i++)
		f->meta[i].watch |= WATCH_PROBE;
}
