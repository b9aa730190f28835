/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What ties the files of one form together: the scenarios that it offers, the
 * names of its fields, and the scheduler's way into it.
 *
 * Nothing outside kvmcore includes this; a form is seen through machine.h.
 */
#ifndef KVMCORE_FORM_H
#define KVMCORE_FORM_H

#include "machine.h"

/* Tables end with an entry whose name is NULL. */
extern const struct machine_field form_vcpu_fields[];
extern const struct machine_field form_kvm_fields[];
extern const struct machine_field form_task_fields[];

extern const struct machine_scenario *const form_scenarios[];

void fire_sched_out_preempt_notifiers(struct task_struct *curr);
void fire_sched_in_preempt_notifiers(struct task_struct *curr, int cpu);

#endif
