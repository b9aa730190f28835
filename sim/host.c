// SPDX-License-Identifier: GPL-2.0-only
/* The rest of machine.h: who runs where, barriers, locks, hotplug, ghost calls. */
#include "machine.h"
#include "model.h"

static inline void asked(enum asked what)
{
	WORLD->fix.asked |= (uint8_t)what;
}

int machine_cpu(void)
{
	if (machine_preemptible())
		asked(ASKED_SCHED);
	return WORLD->live.cur->id;
}

int machine_nr_cpus(void)
{
	return WORLD->fix.config.nr_pcpus;
}

struct task_struct *machine_current(void)
{
	return WORLD->fix.task_struct[WORLD->live.cur->curr];
}

void *machine_percpu(void *template_addr, int cpu)
{
	const struct world_fixed *f = &WORLD->fix;

	return (char *)SHARED_BASE + f->percpu_off + (size_t)cpu * f->percpu_size +
	       ((char *)template_addr - f->form->percpu_start);
}

void *machine_online_mask(void)
{
	return (char *)SHARED_BASE + WORLD->fix.online_off;
}

void machine_preempt_disable(void)
{
	struct pcpu *p = WORLD->live.cur;

	if (!p->preempt_count++ && WORLD->live.hotplug_waits)
		pcpu_update(p);
}

void machine_preempt_enable(void)
{
	struct pcpu *p = WORLD->live.cur;

	store_settle();
	if (!p->preempt_count)
		code_bug(SITE());
	if (--p->preempt_count)
		return;
	if (WORLD->live.hotplug_waits)
		pcpu_update(p);
	preempt_if_needed();
}

void machine_irq_disable(void)
{
	struct pcpu *p = WORLD->live.cur;

	store_settle();
	p->irq_off = 1;
	pcpu_update(p);
}

/*
 * What has made the guest exit has arrived and is taken at once.  What is still
 * on its way may come before the next access; who is sent later finds the next
 * access as a place to interrupt.
 */
void machine_irq_enable(void)
{
	struct pcpu *p = WORLD->live.cur;

	store_settle();
	asked(ASKED_ANY);
	p->irq_off = 0;
	pcpu_update(p);
	while (p->arrived) {
		irq_handle((enum event_kind)__builtin_ctz(p->arrived));
		p = WORLD->live.cur;
	}
	if (p->pending)
		turn_wait((struct access){ .site = SITE() }, COST_STEP);
	preempt_if_needed();
}

bool machine_preemptible(void)
{
	const struct pcpu *p = WORLD->live.cur;

	return !p->preempt_count && !p->irq_off && !p->in_irq;
}

bool machine_irqs_disabled(void)
{
	return WORLD->live.cur->irq_off;
}

bool machine_in_irq(void)
{
	return WORLD->live.cur->in_irq;
}

bool machine_need_resched(void)
{
	asked(ASKED_SCHED);
	return WORLD->live.cur->need_resched;
}

void machine_relax(void)
{
	store_settle();
	turn_wait((struct access){ .site = SITE() }, COST_ATOMIC);
}

void machine_step(const char *what)
{
	uint16_t site = SITE();

	(void)what;
	store_settle();
	turn_wait((struct access){ .site = site }, COST_STEP);
	trace_event(TRACE_STEP, 0, 0, site);
}

static struct access lock_access(const int *lock, unsigned int flags, uint16_t site)
{
	return (struct access){
		.off = (uint32_t)((uintptr_t)lock - SHARED_BASE),
		.size = 4,
		.flags = (uint8_t)flags,
		.site = site,
	};
}

void machine_spin_lock(int *lock)
{
	struct access acc = lock_access(lock, ACC_READ | ACC_WRITE | ACC_ACQUIRE, SITE());

	store_settle();
	turn_wait(acc, COST_ATOMIC);
	if (WORLD->fix.model) {
		model_lock(&acc);
		return;
	}
	while (*lock) {
		WORLD->live.cur->lock_off = acc.off;
		turn_wait_for(WAIT_LOCK, 0, acc.site);
	}
	*lock = 1;
	trace_access(TRACE_RMW, &acc, 1, 0);
}

void machine_spin_unlock(int *lock)
{
	struct access acc = lock_access(lock, ACC_WRITE | ACC_RELEASE, SITE());

	store_settle();
	turn_wait(acc, COST_WRITE);
	if (WORLD->fix.model) {
		model_unlock(&acc);
		return;
	}
	*lock = 0;
	trace_access(TRACE_WRITE, &acc, 0, 1);
	pcpu_update_all();
}

void machine_rmb(void)
{
	store_settle();
	if (WORLD->fix.model && !WORLD->fix.in_setup)
		model_fence(MEM_RMB, 0);
	trace_event(TRACE_RMB, 0, 0, SITE());
}

void machine_wmb(void)
{
	store_settle();
	if (WORLD->fix.model && !WORLD->fix.in_setup)
		model_fence(MEM_WMB, 0);
	trace_event(TRACE_WMB, 0, 0, SITE());
}

bool machine_alloc_atomic(void)
{
	struct world_live *l = &WORLD->live;
	struct choice_point point = { .kind = CHOICE_ALLOC, .bound = 2 };

	asked(ASKED_ANY);
	if (!l->budget_alloc_failures || !choice_take(&point))
		return true;
	l->budget_alloc_failures--;
	return false;
}

static void online_store(struct pcpu *p, bool online, uint16_t site)
{
	uint64_t *mask = machine_online_mask(), old = *mask;
	struct access acc = {
		.off = WORLD->fix.online_off, .size = 8,
		.flags = ACC_READ | ACC_WRITE | ACC_FULL, .site = site,
	};

	if (WORLD->fix.model)
		model_rmw_read(&acc, MEM_FULL);
	*mask = online ? old | 1ull << p->id : old & ~(1ull << p->id);
	if (WORLD->fix.model)
		model_rmw_write(&acc, MEM_FULL, *mask);
	p->online = online;
	trace_access(TRACE_RMW, &acc, *mask, old);
	trace_event(online ? TRACE_ONLINE : TRACE_OFFLINE, p->id, 0, site);
}

/*
 * The task that runs there moves away, then the online bit goes.  Strict: the
 * bit is cleared under stop_machine(), so only while no other pCPU has
 * preemption off.
 */
void machine_cpu_down(int cpu)
{
	struct world_live *l = &WORLD->live;
	struct pcpu *p = &l->pcpu[cpu];
	uint16_t site = SITE();

	store_settle();
	assert(p->online && p != l->cur);
	p->dying = 1;
	task_move_queue(p);
	if (!pcpu_task(p)->idle) {
		p->need_resched = 1;
		event_raise(p, EVENT_RESCHED, COST_IPI);
	}
	charge(COST_OFFLINE);
	turn_wait_for(WAIT_PCPU_IDLE, (uint8_t)cpu, site);
	if (WORLD->fix.config.hotplug_strict)
		turn_wait_for(WAIT_PREEMPT_ON, 0, site);
	online_store(p, false, site);
	while (p->call_from) {
		struct pcpu *from = &l->pcpu[__builtin_ctz(p->call_from)];

		p->call_from &= (uint8_t)~(1 << from->id);
		from->call_unacked &= (uint8_t)~(1 << cpu);
	}
	p->pending = 0;
	p->wakeup = 0;
	pcpu_update_all();
}

void machine_cpu_up(int cpu)
{
	struct pcpu *p = &WORLD->live.pcpu[cpu];
	uint16_t site = SITE();

	store_settle();
	turn_wait((struct access){ .site = site }, COST_ATOMIC);
	p->dying = 0;
	online_store(p, true, site);
	pcpu_update_all();
}

void machine_call_begin(uint64_t vcpus, int req, unsigned int flags)
{
	struct pcpu *p = WORLD->live.cur;

	store_settle();
	trace_event(TRACE_CALL_BEGIN, (uint32_t)vcpus, (uint64_t)(req + 1), SITE());
	oracle_call_begin(p, pcpu_task(p), vcpus, req, flags);
}

void machine_call_end(void)
{
	struct pcpu *p = WORLD->live.cur;
	uint16_t site = SITE();

	store_settle();
	oracle_call_end(p, pcpu_task(p), site);
	trace_event(TRACE_CALL_END, 0, 0, site);
}

void machine_page_free(void *page, size_t size)
{
	struct ghost *g = &WORLD->live.ghost;
	uint32_t off = (uint32_t)((uintptr_t)page - SHARED_BASE);
	unsigned int i = 0;

	store_settle();
	WORLD->fix.touched |= GHOST_PAGES;
	while (g->page_size[i])
		i++;
	assert(i < MAX_PAGES);
	g->page_off[i] = off;
	g->page_size[i] = (uint32_t)size;
	g->nr_pages++;
	trace_event(TRACE_PAGE_FREE, off, 0, SITE());
}

void machine_page_alloc(void *page, size_t size)
{
	struct ghost *g = &WORLD->live.ghost;
	uint32_t off = (uint32_t)((uintptr_t)page - SHARED_BASE);

	store_settle();
	WORLD->fix.touched |= GHOST_PAGES;
	for (unsigned int i = 0; i < MAX_PAGES; i++) {
		if (!g->page_size[i] || g->page_off[i] != off)
			continue;
		assert(g->page_size[i] == size);
		g->page_off[i] = g->page_size[i] = 0;
		g->nr_pages--;
	}
	trace_event(TRACE_PAGE_ALLOC, off, 0, SITE());
}

void machine_block_begin(int vcpu)
{
	store_settle();
	WORLD->fix.touched |= GHOST_VCPU << vcpu;
	WORLD->live.ghost.vcpu[vcpu].asleep = 1;
}

void machine_block_end(int vcpu)
{
	store_settle();
	WORLD->fix.touched |= GHOST_VCPU << vcpu;
	WORLD->live.ghost.vcpu[vcpu].asleep = 0;
}

void machine_entry_refused(int vcpu)
{
	store_settle();
	oracle_entry_refused(vcpu, SITE());
}

void machine_request_handled(int vcpu, int req)
{
	(void)req;
	store_settle();
	oracle_request_handled(vcpu);
}

void machine_warn(const char *what)
{
	(void)what;
	store_settle();
	oracle_report(ORACLE_WARNING, -1, SITE(), 0, 0);
}

void code_bug(uint16_t site)
{
	store_settle();
	oracle_report(ORACLE_OOPS, -1, site, 0, 0);
	run_finish(RUN_STOPPED);
}

void machine_bug(const char *what)
{
	(void)what;
	code_bug(SITE());
	__builtin_unreachable();
}
