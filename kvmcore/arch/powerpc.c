// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a PowerPC vCPU runs on BookE: loading, interrupts, and the run loop.
 * That of Book3S PR has the same statements about mode and requests.
 *
 * Copyright IBM Corp. 2007
 * Copyright 2010-2011 Freescale Semiconductor, Inc.
 *
 * Authors: Hollis Blanchard <hollisb@us.ibm.com>
 *          Christian Ehrhardt <ehrhardt@linux.vnet.ibm.com>
 *          Scott Wood <scottwood@freescale.com>
 *          Varun Sethi <varun.sethi@freescale.com>
 *
 * Derived from arch/powerpc/kvm/{powerpc,booke}.c of Linux 6.1.  Changed in 2026
 * by the authors of kicksim: reduced to the requests, exits and state that meet
 * the kick protocol; no timers, debug or floating point state.
 */
#include <linux/kvm_host.h>

#define BOOKE_IRQPRIO_EXTERNAL	2	/* of 18: the oracles look at one byte */

void kvm_arch_init_vm(struct kvm *kvm)
{
}

void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	vcpu->cpu = machine_cpu();
}

/* A vCPU that is not loaded names no pCPU. */
void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
	vcpu->cpu = -1;
}

/* Always: this architecture's kicks do not look at mode, nor change it. */
int kvm_arch_vcpu_should_kick(struct kvm_vcpu *vcpu)
{
	return 1;
}

int kvm_arch_vcpu_runnable(struct kvm_vcpu *vcpu)
{
	return !!vcpu->arch.pending_exceptions || kvm_request_pending(vcpu);
}

/* The timer's interrupt is queued like any other, or it is not. */
int kvm_cpu_has_pending_timer(struct kvm_vcpu *vcpu)
{
	return 0;
}

/* No request goes with this kick, and its IPI depends on vcpu->cpu alone. */
void kvm_arch_inject_irq(struct kvm_vcpu *vcpu)
{
	machine_call_begin(1ULL << kvm_vcpu_nr(vcpu), -1, 0);
	set_bit(BOOKE_IRQPRIO_EXTERNAL, &vcpu->arch.pending_exceptions);
	kvm_vcpu_kick(vcpu);
	machine_call_end();
}

/* An interrupt that is delivered ends the guest's wait for it. */
static void kvmppc_core_check_exceptions(struct kvm_vcpu *vcpu)
{
	unsigned long *pending = &vcpu->arch.pending_exceptions;

	if (*pending) {
		clear_bit(BOOKE_IRQPRIO_EXTERNAL, pending);
		vcpu->arch.msr_we = false;
	}
}

static void kvmppc_core_check_requests(struct kvm_vcpu *vcpu)
{
	kvm_check_request(KVM_REQ_PENDING_TIMER, vcpu);
	kvm_check_request(KVM_REQ_TLB_FLUSH, vcpu);
}

/* True if interrupts were on meanwhile, so that all has to be looked at again. */
static bool kvmppc_core_prepare_to_enter(struct kvm_vcpu *vcpu)
{
	kvmppc_core_check_exceptions(vcpu);

	if (kvm_request_pending(vcpu))
		return true;

	if (vcpu->arch.msr_we) {
		local_irq_enable();
		kvm_vcpu_idle(vcpu);
		local_irq_disable();
		return true;
	}
	return false;
}

/* Comes back with interrupts off, to enter. */
static void kvmppc_prepare_to_enter(struct kvm_vcpu *vcpu)
{
	local_irq_disable();

	for (;;) {
		if (need_resched()) {
			local_irq_enable();
			schedule();
			local_irq_disable();
			continue;
		}

		vcpu->mode = IN_GUEST_MODE;

		/* Mode before requests, and before what the guest reads. */
		smp_mb();

		if (kvm_request_pending(vcpu)) {
			machine_entry_refused(kvm_vcpu_nr(vcpu));
			local_irq_enable();
			kvmppc_core_check_requests(vcpu);
			local_irq_disable();
			continue;
		}

		if (!kvmppc_core_prepare_to_enter(vcpu))
			return;
	}
}

/* 0: user space has to help.  The mode stays what it is. */
static int kvmppc_handle_exit(struct kvm_vcpu *vcpu, enum machine_exit exit_reason)
{
	/* A window for the interrupt that made the guest exit. */
	local_irq_enable();

	switch (exit_reason) {
	case MACHINE_EXIT_HLT:
		vcpu->arch.msr_we = true;
		return 1;
	case MACHINE_EXIT_IO:
		return 0;
	case MACHINE_EXIT_ICR:
		kvm_arch_inject_irq(kvm_get_vcpu(vcpu->kvm,
						 machine_icr_target(kvm_vcpu_nr(vcpu))));
		return 1;
	default:
		return 1;
	}
}

static int kvmppc_vcpu_run(struct kvm_vcpu *vcpu)
{
	int ret;

	do {
		kvmppc_prepare_to_enter(vcpu);
		ret = kvmppc_handle_exit(vcpu, machine_guest_enter(kvm_vcpu_nr(vcpu)));
	} while (ret > 0);

	vcpu->mode = OUTSIDE_GUEST_MODE;
	return ret;
}

int kvm_arch_vcpu_ioctl_run(struct kvm_vcpu *vcpu)
{
	int ret;

	vcpu_load(vcpu);
	ret = kvmppc_vcpu_run(vcpu);
	vcpu_put(vcpu);
	return ret;
}
