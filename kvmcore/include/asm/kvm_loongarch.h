/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a LoongArch vCPU and VM have of their own.
 *
 * Derived from arch/loongarch/include/asm/kvm_host.h and kvm_vcpu.h of Linux
 * 6.12 (GPL-2.0), Copyright (C) 2020-2023 Loongson Technology Corporation
 * Limited.  Changed: reduced; interrupts that are raised and never lowered.
 */
#ifndef _ASM_KVM_LOONGARCH_H
#define _ASM_KVM_LOONGARCH_H

#define KVM_REQ_STEAL_UPDATE	KVM_ARCH_REQ(1)
#define KVM_REQ_PMU		KVM_ARCH_REQ(2)

/* What scenarios ask for: with a kick, WAIT, no flag at all, NO_WAKEUP alone. */
#define SCENARIO_REQ		KVM_REQ_PMU
#define SCENARIO_REQ_WAIT	KVM_REQ_TLB_FLUSH
#define SCENARIO_REQ_WAKES	KVM_REQ_STEAL_UPDATE
#define SCENARIO_REQ_NO_WAKEUP	(KVM_REQ_PMU | KVM_REQUEST_NO_WAKEUP)

struct kvm_vcpu_arch {
	unsigned long irq_pending;	/* not yet in the guest's ESTAT */
};

struct kvm_arch {
};

/* FIELD(member, kind): what traces name, beyond what all architectures have. */
#define KVM_ARCH_VCPU_FIELDS(FIELD)			\
	FIELD(arch.irq_pending, HEX)

#define KVM_ARCH_REQUESTS(REQUEST)			\
	REQUEST(STEAL_UPDATE)				\
	REQUEST(PMU)

/* Bits of its lowest byte are interrupts that wait for the guest. */
#define KVM_ARCH_IRQ_PENDING	arch.irq_pending
#define KVM_ARCH_IRQ_NEWS	arch.irq_pending

/* kvm_arch_vcpu_runnable() looks at no request. */
#define KVM_ARCH_WAKING_REQUESTS	0

#endif
