/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a MIPS vCPU and VM have of their own.
 *
 * Derived from arch/mips/include/asm/kvm_host.h of Linux 6.1, which is subject
 * to the terms and conditions of the GNU General Public License, Copyright (C)
 * 2012 MIPS Technologies, Inc., author Sanjay Lal.  Changed: reduced; interrupts
 * that are raised and never lowered.
 */
#ifndef _ASM_KVM_MIPS_H
#define _ASM_KVM_MIPS_H

/*
 * What scenarios ask for: with a kick, WAIT, no flag at all, NO_WAKEUP alone.
 * There is one request that the architecture handles, so that is all of them.
 */
#define SCENARIO_REQ_NR		(KVM_REQ_TLB_FLUSH & KVM_REQUEST_MASK)
#define SCENARIO_REQ		SCENARIO_REQ_NR
#define SCENARIO_REQ_WAIT	KVM_REQ_TLB_FLUSH
#define SCENARIO_REQ_WAKES	SCENARIO_REQ_NR
#define SCENARIO_REQ_NO_WAKEUP	(SCENARIO_REQ_NR | KVM_REQUEST_NO_WAKEUP)

struct kvm_vcpu_arch {
	int last_sched_cpu;
	unsigned long pending_exceptions;	/* not yet in the guest's Cause */
};

struct kvm_arch {
};

/* FIELD(member, kind): what traces name, beyond what all architectures have. */
#define KVM_ARCH_VCPU_FIELDS(FIELD)			\
	FIELD(arch.last_sched_cpu, INT)			\
	FIELD(arch.pending_exceptions, HEX)

#define KVM_ARCH_REQUESTS(REQUEST)

/* Bits of its lowest byte are interrupts that wait for the guest. */
#define KVM_ARCH_IRQ_PENDING	arch.pending_exceptions
#define KVM_ARCH_IRQ_NEWS	arch.pending_exceptions

/* kvm_arch_vcpu_runnable() looks at no request. */
#define KVM_ARCH_WAKING_REQUESTS	0

#endif
