/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a PowerPC (BookE) vCPU and VM have of their own.
 *
 * Derived from arch/powerpc/include/asm/kvm_host.h of Linux 6.1, Copyright IBM
 * Corp. 2007, author Hollis Blanchard.  Changed: reduced; interrupts that are
 * raised and never lowered.
 */
#ifndef _ASM_KVM_POWERPC_H
#define _ASM_KVM_POWERPC_H

#define KVM_REQ_PENDING_TIMER	KVM_ARCH_REQ(0)

/* What scenarios ask for: with a kick, WAIT, no flag at all, NO_WAKEUP alone. */
#define SCENARIO_REQ		KVM_REQ_PENDING_TIMER
#define SCENARIO_REQ_WAIT	KVM_REQ_TLB_FLUSH
#define SCENARIO_REQ_WAKES	KVM_REQ_PENDING_TIMER
#define SCENARIO_REQ_NO_WAKEUP	(KVM_REQ_PENDING_TIMER | KVM_REQUEST_NO_WAKEUP)

struct kvm_vcpu_arch {
	unsigned long pending_exceptions;	/* not yet delivered */
	bool msr_we;				/* the guest waits for an interrupt */
};

struct kvm_arch {
};

/* FIELD(member, kind): what traces name, beyond what all architectures have. */
#define KVM_ARCH_VCPU_FIELDS(FIELD)			\
	FIELD(arch.pending_exceptions, HEX)		\
	FIELD(arch.msr_we, BOOL)

#define KVM_ARCH_REQUESTS(REQUEST)			\
	REQUEST(PENDING_TIMER)

/* Bits of its lowest byte are interrupts that wait for the guest. */
#define KVM_ARCH_IRQ_PENDING	arch.pending_exceptions
#define KVM_ARCH_IRQ_NEWS	arch.pending_exceptions

/* kvm_arch_vcpu_runnable() looks at all of them. */
#define KVM_ARCH_WAKING_REQUESTS	(~0UL)

/* Exits that the kernel handles by itself do not leave IN_GUEST_MODE. */
#define KVM_ARCH_MODE_USE	MACHINE_MODE_STAYS

#endif
