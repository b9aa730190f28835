/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an arm64 vCPU and VM have of their own.
 *
 * Derived from arch/arm64/include/asm/kvm_host.h of Linux 5.15, Copyright (C)
 * 2012,2013 - ARM Ltd, author Marc Zyngier, derived in turn from 32-bit ARM's,
 * Copyright (C) 2012 - Virtual Open Systems and Columbia University, author
 * Christoffer Dall.  Changed: reduced; a vCPU's interrupt controller is one
 * word of pending interrupts and one of what its list registers hold.
 */
#ifndef _ASM_KVM_ARM64_H
#define _ASM_KVM_ARM64_H

#define KVM_REQ_SLEEP \
	KVM_ARCH_REQ_FLAGS(0, KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)
#define KVM_REQ_IRQ_PENDING	KVM_ARCH_REQ(1)
#define KVM_REQ_RECORD_STEAL	KVM_ARCH_REQ(3)
#define KVM_REQ_RELOAD_PMU	KVM_ARCH_REQ(5)

/* What scenarios ask for: with a kick, WAIT, no flag at all, NO_WAKEUP alone. */
#define SCENARIO_REQ		KVM_REQ_IRQ_PENDING
#define SCENARIO_REQ_WAIT	KVM_REQ_SLEEP
#define SCENARIO_REQ_WAKES	KVM_REQ_IRQ_PENDING
#define SCENARIO_REQ_NO_WAKEUP	(KVM_REQ_RELOAD_PMU | KVM_REQUEST_NO_WAKEUP)

struct vgic_cpu {
	spinlock_t ap_list_lock;
	unsigned long ap_list;		/* pending, not yet in a list register */
	unsigned long lr;		/* what the guest is to see */
};

/* Two fixes that the stable updates of 6.12 have; 6.16 is older than they are. */
#define KVM_ARM64_OUTSIDE_LAST	(LINUX_VERSION_CODE == KERNEL_VERSION(6, 12, 0))
#define KVM_ARM64_PAUSE_COUNT	(LINUX_VERSION_CODE == KERNEL_VERSION(6, 12, 0))

#if KVM_ARM64_PAUSE_COUNT
#define kvm_pause_t	atomic_t
#define KVM_PAUSE_FIELD(FIELD)	KVM_PAUSE_FIELD(FIELD)
#else
#define kvm_pause_t	bool
#define KVM_PAUSE_FIELD(FIELD)	FIELD(arch.pause, BOOL)
#endif

struct kvm_vcpu_arch {
	struct vgic_cpu vgic_cpu;
	kvm_pause_t pause;
};

struct kvm_arch {
};

/* FIELD(member, kind): what traces name, beyond what all architectures have. */
#define KVM_ARCH_VCPU_FIELDS(FIELD)			\
	FIELD(arch.vgic_cpu.ap_list_lock, INT)		\
	FIELD(arch.vgic_cpu.ap_list, HEX)		\
	FIELD(arch.vgic_cpu.lr, HEX)			\
	FIELD(arch.pause, INT)

#define KVM_ARCH_REQUESTS(REQUEST)			\
	REQUEST(SLEEP)					\
	REQUEST(IRQ_PENDING)				\
	REQUEST(RECORD_STEAL)				\
	REQUEST(RELOAD_PMU)

/* Bits of its lowest byte are interrupts that wait for the guest. */
#define KVM_ARCH_IRQ_PENDING	arch.vgic_cpu.ap_list
#define KVM_ARCH_IRQ_NEWS	arch.vgic_cpu.ap_list

/* kvm_arch_vcpu_runnable() looks at no request. */
#define KVM_ARCH_WAKING_REQUESTS	0

/* arm64-vgic.c */
void kvm_vgic_flush_hwstate(struct kvm_vcpu *vcpu);
void kvm_vgic_sync_hwstate(struct kvm_vcpu *vcpu, bool entered);
bool kvm_vgic_vcpu_pending_irq(struct kvm_vcpu *vcpu);

void kvm_arm_halt_guest(struct kvm *kvm);
void kvm_arm_resume_guest(struct kvm *kvm);

#endif
