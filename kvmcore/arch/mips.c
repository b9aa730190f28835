// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a MIPS vCPU runs on the virtualization extensions (VZ): loading,
 * interrupts, and the run loop.
 *
 * Copyright (C) 2012  MIPS Technologies, Inc.  All rights reserved.
 * Authors: Sanjay Lal <sanjayl@kymasys.com>
 *
 * Derived from arch/mips/kvm/{mips,vz,mmu,interrupt,emulate}.c of Linux 6.1,
 * which are subject to the terms and conditions of the GNU General Public
 * License.  Changed in 2026 by the authors of kicksim: reduced to the requests,
 * exits and state that meet the kick protocol; no TLB, timers or coprocessors.
 */
#include <linux/kvm_host.h>

#define MIPS_EXC_INT_IO_1	2	/* of 8: the oracles look at one byte */

void kvm_arch_init_vm(struct kvm *kvm)
{
}

void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	unsigned long flags;

	local_irq_save(flags);
	vcpu->cpu = cpu;
	local_irq_restore(flags);
}

/* A vCPU that is not loaded names no pCPU. */
void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
	unsigned long flags;

	local_irq_save(flags);
	vcpu->arch.last_sched_cpu = machine_cpu();
	vcpu->cpu = -1;
	local_irq_restore(flags);
}

/* Always: this architecture's kicks do not look at mode, nor change it. */
int kvm_arch_vcpu_should_kick(struct kvm_vcpu *vcpu)
{
	return 1;
}

int kvm_arch_vcpu_runnable(struct kvm_vcpu *vcpu)
{
	return !!vcpu->arch.pending_exceptions;
}

/* The timer's interrupt is queued like any other, or it is not. */
int kvm_cpu_has_pending_timer(struct kvm_vcpu *vcpu)
{
	return 0;
}

/*
 * No request goes with this kick, and its IPI depends on vcpu->cpu alone.  A vCPU
 * that has left this word behind must have named its pCPU for all to see.
 */
void kvm_arch_inject_irq(struct kvm_vcpu *vcpu)
{
	machine_call_begin(1ULL << kvm_vcpu_nr(vcpu), -1, 0);
	set_bit(MIPS_EXC_INT_IO_1, &vcpu->arch.pending_exceptions);
	kvm_vcpu_kick(vcpu);
	machine_call_end();
}

/* Into the guest's own register, where the guest finds it when it runs. */
static void kvm_mips_deliver_interrupts(struct kvm_vcpu *vcpu)
{
	unsigned long *pending = &vcpu->arch.pending_exceptions;

	if (!(*pending))
		return;

	clear_bit(MIPS_EXC_INT_IO_1, pending);
}

/* Nothing is asked of the guest again: what comes later interrupts it. */
static void kvm_vz_check_requests(struct kvm_vcpu *vcpu)
{
	if (!kvm_request_pending(vcpu))
		return;

	kvm_check_request(KVM_REQ_TLB_FLUSH, vcpu);
}

static void kvm_mips_emul_wait(struct kvm_vcpu *vcpu)
{
	if (!vcpu->arch.pending_exceptions) {
		kvm_vcpu_idle(vcpu);
	}
}

/* 0: user space has to help.  Comes back with interrupts off, ready to enter. */
static int kvm_mips_handle_exit(struct kvm_vcpu *vcpu, enum machine_exit exit_reason)
{
	int ret = 1;

	vcpu->mode = OUTSIDE_GUEST_MODE;

	/* A window for the interrupt that made the guest exit. */
	local_irq_enable();

	switch (exit_reason) {
	case MACHINE_EXIT_HLT:
		kvm_mips_emul_wait(vcpu);
		break;
	case MACHINE_EXIT_IO:
		ret = 0;
		break;
	case MACHINE_EXIT_ICR:
		kvm_arch_inject_irq(kvm_get_vcpu(vcpu->kvm,
						 machine_icr_target(kvm_vcpu_nr(vcpu))));
		break;
	default:
		break;
	}

	if (need_resched())
		schedule();

	local_irq_disable();

	if (ret) {
		kvm_mips_deliver_interrupts(vcpu);

		/* Mode before requests, for who makes one and looks at mode. */
		smp_store_mb(vcpu->mode, IN_GUEST_MODE);
		kvm_vz_check_requests(vcpu);
	}
	return ret;
}

static void kvm_vz_vcpu_run(struct kvm_vcpu *vcpu)
{
	enum machine_exit exit_reason;

	kvm_mips_deliver_interrupts(vcpu);
	kvm_vz_check_requests(vcpu);

	do
		exit_reason = machine_guest_enter(kvm_vcpu_nr(vcpu));
	while (kvm_mips_handle_exit(vcpu, exit_reason));
}

int kvm_arch_vcpu_ioctl_run(struct kvm_vcpu *vcpu)
{
	vcpu_load(vcpu);

	local_irq_disable();

	smp_store_mb(vcpu->mode, IN_GUEST_MODE);
	kvm_vz_vcpu_run(vcpu);

	local_irq_enable();
	local_irq_disable();

	local_irq_enable();

	vcpu_put(vcpu);
	return 0;
}
