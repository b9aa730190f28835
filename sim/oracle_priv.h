/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the oracles' files share: the vCPU's words in memory and the list of
 * their checks, one block for each file.  Not for the machine.
 */
#ifndef SIM_ORACLE_PRIV_H
#define SIM_ORACLE_PRIV_H

#include "machine.h"

static inline struct ghost_vcpu *ghost_vcpu(int vcpu)
{
	WORLD->fix.touched |= GHOST_VCPU << vcpu;
	return &WORLD->live.ghost.vcpu[vcpu];
}

/* For the places that reports name: nothing else is decided by those. */
static inline struct ghost_vcpu *ghost_places(int vcpu)
{
	return &WORLD->live.ghost.vcpu[vcpu];
}

/* Entries refused in a row. */
static inline uint8_t *ghost_refused(int vcpu)
{
	WORLD->fix.touched |= GHOST_REFUSED << vcpu;
	return &WORLD->live.ghost.vcpu[vcpu].refused;
}

static inline uint64_t vcpu_requests(int vcpu)
{
	return *(const uint64_t *)(SHARED_BASE + WORLD->fix.vcpu_off[vcpu] +
				   WORLD->fix.form->layout.vcpu_requests);
}

/* As somebody reads it who shares the view of all. */
static inline int vcpu_cpu(int vcpu)
{
	return *(const int *)(SHARED_BASE + WORLD->fix.vcpu_off[vcpu] +
			      WORLD->fix.form->layout.vcpu_cpu);
}

/* Pending, and not yet where the guest takes it from. */
static inline bool vcpu_irq_pending(int vcpu)
{
	const struct machine_layout *m = &WORLD->fix.form->layout;
	const uint8_t *v = (const uint8_t *)SHARED_BASE + WORLD->fix.vcpu_off[vcpu];

	return v[m->vcpu_irq_pending] & v[m->vcpu_irq_news];
}

/* Posted interrupts (PIR), and the control word, as all see them; 0 without them. */
static inline uint64_t vcpu_posted(int vcpu)
{
	uint32_t off = WORLD->fix.posted_off[vcpu];

	return off ? *(const uint64_t *)(SHARED_BASE + off +
					 WORLD->fix.form->layout.posted_pir) : 0;
}

static inline uint64_t vcpu_posted_control(int vcpu)
{
	uint32_t off = WORLD->fix.posted_off[vcpu];

	return off ? *(const uint64_t *)(SHARED_BASE + off +
					 WORLD->fix.form->layout.posted_control) : 0;
}

/* The call that @t, or an interrupt handler on top of it, is in; or NULL. */
static inline struct call *task_call(struct task *t)
{
	return t->call_depth ? &t->call[t->call_depth - 1] : NULL;
}

/* The vCPU's own task runs on @p, not an interrupt on top of it. */
static inline bool is_owner(struct pcpu *p, int vcpu)
{
	return pcpu_task(p)->vcpu == vcpu && !p->in_irq;
}

/* oracle_mode_automaton.c */
void mode_automaton_store(struct pcpu *p, int vcpu, const struct access *acc, int old, int new);
void mode_automaton_visible(int vcpu, int new);
void mode_automaton_guest_enter(int vcpu, uint16_t site);
void mode_automaton_leave(int vcpu);
void mode_automaton_sched_out(struct task *t);
/* oracle_request_word.c */
void request_word_store(int vcpu, const struct access *acc);
/* oracle_missed_ack.c */
void missed_ack_request(struct pcpu *p, int vcpu);
void missed_ack_begin(struct task *t);
void missed_ack_end(struct task *t, uint16_t site);
/* Whether the call would return too early now. */
bool missed_ack(const struct call *call, int vcpu);
/* oracle_missed_leave.c */
void missed_leave_look(struct pcpu *p, int vcpu, const struct access *acc, int mode);
void missed_leave_outside(int vcpu);
void missed_leave_end(struct task *t, uint16_t site);
/* oracle_lost_kick.c */
void lost_kick_begin(struct task *t);
void lost_kick_mode(struct pcpu *p, int vcpu, const struct access *acc, int old, int new);
void lost_kick_end(int vcpu);
/* oracle_lost_request.c, oracle_lost_wakeup.c, oracle_deadlock.c */
void lost_request_end(int vcpu);
void lost_wakeup_end(const struct task *t);
void deadlock_end(void);
/* oracle_cpu_consistency.c */
void cpu_consistency_guest_enter(struct pcpu *p, int vcpu, uint16_t site);
void cpu_consistency_ipi(int target, uint16_t site);
/* oracle_avic_entry.c */
void avic_entry_guest_enter(const struct pcpu *p, int vcpu);
void avic_entry_end(const struct task *t);
/* oracle_stranded_interrupt.c, oracle_posted_descriptor.c */
void stranded_interrupt_end(const struct task *t);
void posted_descriptor_guest_enter(const struct pcpu *p, int vcpu);
void posted_descriptor_end(void);
/* oracle_incomplete_log.c */
void incomplete_log_begin(struct task *t);
void incomplete_log_end(struct task *t, uint16_t site);
/* oracle_ipi.c: misdirected, redundant, to an offline CPU */
void ipi_sent(struct pcpu *p, int target, unsigned int kind, uint16_t site);

#endif
