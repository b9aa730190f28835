/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a RISC-V vCPU and VM have of their own.
 *
 * Derived from arch/riscv/include/asm/kvm_host.h of Linux 6.1, Copyright (C)
 * 2019 Western Digital Corporation or its affiliates, author Anup Patel.
 * Changed: reduced; of the guest's CSRs there is hvip, as far as the software
 * interrupt goes.
 */
#ifndef _ASM_KVM_RISCV_H
#define _ASM_KVM_RISCV_H

#define KVM_REQ_VCPU_RESET	KVM_ARCH_REQ(1)
#define KVM_REQ_UPDATE_HGATP	KVM_ARCH_REQ(2)
#define KVM_REQ_FENCE_I \
	KVM_ARCH_REQ_FLAGS(3, KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)

/* 6.7; the run loops of 6.1 and 6.12 differ by it, and by where preemption is off. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#define KVM_REQ_STEAL_UPDATE	KVM_ARCH_REQ(6)
#define KVM_ARCH_REQUESTS_STEAL(REQUEST)	REQUEST(STEAL_UPDATE)
#else
#define KVM_ARCH_REQUESTS_STEAL(REQUEST)
#endif

/* What scenarios ask for: with a kick, WAIT, no flag at all, NO_WAKEUP alone. */
#define SCENARIO_REQ		KVM_REQ_UPDATE_HGATP
#define SCENARIO_REQ_WAIT	KVM_REQ_FENCE_I
#define SCENARIO_REQ_WAKES	KVM_REQ_VCPU_RESET
#define SCENARIO_REQ_NO_WAKEUP	(KVM_REQ_UPDATE_HGATP | KVM_REQUEST_NO_WAKEUP)

#define IRQ_VS_SOFT		2

struct kvm_vcpu_arch {
	spinlock_t irqs_pending_lock;
	unsigned long irqs_pending;		/* as they are to be in hvip */
	unsigned long irqs_pending_mask;	/* those that have changed */
	unsigned long hvip;			/* as the guest was entered */
};

struct kvm_arch {
};

/* FIELD(member, kind): what traces name, beyond what all architectures have. */
#define KVM_ARCH_VCPU_FIELDS(FIELD)			\
	FIELD(arch.irqs_pending_lock, INT)		\
	FIELD(arch.irqs_pending, HEX)			\
	FIELD(arch.irqs_pending_mask, HEX)		\
	FIELD(arch.hvip, HEX)

#define KVM_ARCH_REQUESTS(REQUEST)			\
	REQUEST(VCPU_RESET)				\
	REQUEST(UPDATE_HGATP)				\
	REQUEST(FENCE_I)				\
	KVM_ARCH_REQUESTS_STEAL(REQUEST)

/* Bits of its lowest byte are pending interrupts, bits of the other's not flushed. */
#define KVM_ARCH_IRQ_PENDING	arch.irqs_pending
#define KVM_ARCH_IRQ_NEWS	arch.irqs_pending_mask

/* kvm_arch_vcpu_runnable() looks at no request. */
#define KVM_ARCH_WAKING_REQUESTS	0

#endif
