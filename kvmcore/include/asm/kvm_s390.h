/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an s390 vCPU and VM have of their own.
 *
 * Derived from arch/s390/include/asm/kvm_host.h of Linux 6.12, Copyright IBM Corp.
 * 2008, 2018, author Carsten Otte.  Changed: reduced; of the SIE block there are the
 * three words on which a kicker and an entry meet; one word of local interrupts.
 */
#ifndef _ASM_KVM_S390_H
#define _ASM_KVM_S390_H

#define KVM_REQ_ICPT_OPEREXC	KVM_ARCH_REQ(2)
#define KVM_REQ_START_MIGRATION	KVM_ARCH_REQ(3)
#define KVM_REQ_REFRESH_GUEST_PREFIX \
	KVM_ARCH_REQ_FLAGS(6, KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)

/* What scenarios ask for: with a kick, WAIT, no flag at all, NO_WAKEUP alone. */
#define SCENARIO_REQ		KVM_REQ_ICPT_OPEREXC
#define SCENARIO_REQ_WAIT	KVM_REQ_REFRESH_GUEST_PREFIX
#define SCENARIO_REQ_WAKES	KVM_REQ_START_MIGRATION
#define SCENARIO_REQ_NO_WAKEUP	(KVM_REQ_ICPT_OPEREXC | KVM_REQUEST_NO_WAKEUP)

#define PROG_IN_SIE		(1 << 0)	/* of prog0c */
#define PROG_REQUEST		(1 << 1)	/* of prog20 */

#define CPUSTAT_RUNNING		0x00004000
#define CPUSTAT_STOP_INT	0x04000000
#define CPUSTAT_EXT_INT		0x08000000

/* cpuflags is read by hardware while the guest runs; the others by software only. */
struct kvm_s390_sie_block {
	atomic_t cpuflags;
	int prog0c;
	atomic_t prog20;
};

struct kvm_s390_local_interrupt {
	spinlock_t lock;
	unsigned long pending_irqs;
};

struct kvm_vcpu_arch {
	struct kvm_s390_sie_block sie_block;
	struct kvm_s390_local_interrupt local_int;
};

struct kvm_arch {
};

/* FIELD(member, kind): what traces name, beyond what all architectures have. */
#define KVM_ARCH_VCPU_FIELDS(FIELD)			\
	FIELD(arch.sie_block.cpuflags, HEX)		\
	FIELD(arch.sie_block.prog0c, HEX)		\
	FIELD(arch.sie_block.prog20, HEX)		\
	FIELD(arch.local_int.lock, INT)			\
	FIELD(arch.local_int.pending_irqs, HEX)

#define KVM_ARCH_REQUESTS(REQUEST)			\
	REQUEST(ICPT_OPEREXC)				\
	REQUEST(START_MIGRATION)			\
	REQUEST(REFRESH_GUEST_PREFIX)

/* Bits of its lowest byte are interrupts that wait for the guest. */
#define KVM_ARCH_IRQ_PENDING	arch.local_int.pending_irqs
#define KVM_ARCH_IRQ_NEWS	arch.local_int.pending_irqs

/* kvm_arch_vcpu_runnable() looks at no request. */
#define KVM_ARCH_WAKING_REQUESTS	0

/* vcpu->mode is never written. */
#define KVM_ARCH_MODE_USE	MACHINE_MODE_UNUSED

struct kvm_vcpu;
struct kvm;

void kvm_s390_sync_request(int req, struct kvm_vcpu *vcpu);
void kvm_s390_sync_request_broadcast(struct kvm *kvm, int req, unsigned long vcpu_bitmap);

#endif
