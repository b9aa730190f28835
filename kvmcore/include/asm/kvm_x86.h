/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an x86 vCPU and VM have of their own.
 *
 * Derived from arch/x86/include/asm/kvm_host.h of Linux 5.15, Copyright (C)
 * 2006 Qumranet, Inc. and 2009 Red Hat, Inc.  Changed: reduced; the local APIC
 * is one word of vectors and a timer, the shadow MMU is a root of one entry.
 */
#ifndef _ASM_KVM_X86_H
#define _ASM_KVM_X86_H

#include <linux/rwsem.h>
#include <asm/posted_intr.h>

#define KVM_REQ_MIGRATE_TIMER		KVM_ARCH_REQ(0)
#define KVM_REQ_EVENT			KVM_ARCH_REQ(6)
#define KVM_REQ_STEAL_UPDATE		KVM_ARCH_REQ(8)
#define KVM_REQ_NMI			KVM_ARCH_REQ(9)
#define KVM_REQ_SCAN_IOAPIC \
	KVM_ARCH_REQ_FLAGS(15, KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)
#define KVM_REQ_APICV_UPDATE \
	KVM_ARCH_REQ_FLAGS(25, KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)
#define KVM_REQ_TLB_FLUSH_GUEST \
	KVM_ARCH_REQ_FLAGS(27, KVM_REQUEST_NO_WAKEUP)

/* What scenarios ask for: with a kick, WAIT, no flag at all, NO_WAKEUP alone. */
#define SCENARIO_REQ			KVM_REQ_EVENT
#define SCENARIO_REQ_WAIT		KVM_REQ_SCAN_IOAPIC
#define SCENARIO_REQ_WAKES		KVM_REQ_UNBLOCK
#define SCENARIO_REQ_NO_WAKEUP		KVM_REQ_TLB_FLUSH_GUEST

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#define KVM_REQ_UPDATE_PROTECTED_GUEST_STATE \
	KVM_ARCH_REQ_FLAGS(34, KVM_REQUEST_WAIT)
#else
#define KVM_REQ_UPDATE_PROTECTED_GUEST_STATE	KVM_ARCH_REQ(34)	/* since 6.11 */
#endif

#define KVM_MP_STATE_RUNNABLE	0
#define KVM_MP_STATE_HALTED	3

#define SPTE_PRESENT		BIT(0)
#define SPTE_RESERVED		BIT(1)	/* never set by the MMU: a corrupted entry */
#define SPTE_BASE_ADDR_MASK	(~(u64)7)

#define PT64_ENT_PER_PAGE	2	/* shortened: the walk reads one of them */

/* A page of a shadow page table. */
struct kvm_mmu_page {
	u64 spt[PT64_ENT_PER_PAGE];
};

struct kvm_timer {
	atomic_t pending;
};

#define AVIC_PHYSICAL_ID_ENTRY_HOST_PHYSICAL_ID_MASK	0xffULL
#define AVIC_PHYSICAL_ID_ENTRY_IS_RUNNING_MASK		BIT(62)

#define APIC_TIMER_VECTOR	1
#define APIC_DEVICE_VECTOR	2
#define APIC_IPI_VECTOR		3
#define APIC_POSTED_VECTOR	4	/* of a device whose interrupts VT-d posts */

/* Posted interrupts are here since v5.15. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 8, 0)
#define KVM_ARCH_POSTED
#endif

struct kvm_lapic {
	unsigned long irr;
	struct kvm_timer lapic_timer;
#ifdef KVM_ARCH_POSTED
	bool apicv_active;	/* the hardware delivers interrupts */
#endif
};

struct kvm_vcpu_arch {
	int mp_state;
	int last_vmentry_cpu;
	struct kvm_lapic apic;
	atomic_t nmi_queued;
	unsigned int nmi_pending;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
	u64 avic_physical_id_entry;	/* where the hardware finds the vCPU */
	int icr_target;			/* of the IPI that made the guest exit */
#endif
	unsigned int broken;	/* bitmap of modes in which the vCPU finds its VM bugged */
#ifdef KVM_ARCH_POSTED
	struct vcpu_vmx *vmx;	/* or NULL: no posted interrupts */
#endif
};

struct kvm_arch {
	struct kvm_mmu_page *root;	/* level 2: entry 0 leads to the leaf page */
	struct kvm_mmu_page *leaf;	/* level 1, linked or freed */
	bool enable_pml;		/* exits log what the guest has dirtied */
#ifdef KVM_ARCH_POSTED
	bool enable_posted;		/* set before the run, and never changed */
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
	bool enable_avic;		/* as well */
	struct rw_semaphore apicv_update_lock;
	unsigned long apicv_inhibit_reasons;
#endif
#ifdef KVM_ARCH_POSTED
	atomic_t assigned_device_count;
#endif
};

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
#define KVM_APICV_VCPU_FIELDS(FIELD)			\
	FIELD(arch.apic.apicv_active, BOOL)		\
	FIELD(arch.avic_physical_id_entry, HEX)
#elif defined(KVM_ARCH_POSTED)
#define KVM_APICV_VCPU_FIELDS(FIELD)			\
	FIELD(arch.apic.apicv_active, BOOL)
#else
#define KVM_APICV_VCPU_FIELDS(FIELD)
#endif

/* FIELD(member, kind): what traces name, beyond what all architectures have. */
#define KVM_ARCH_VCPU_FIELDS(FIELD)			\
	FIELD(arch.mp_state, INT)			\
	FIELD(arch.last_vmentry_cpu, INT)		\
	FIELD(arch.apic.irr, HEX)			\
	FIELD(arch.apic.lapic_timer.pending, INT)	\
	FIELD(arch.nmi_queued, INT)			\
	FIELD(arch.nmi_pending, INT)			\
	KVM_APICV_VCPU_FIELDS(FIELD)

#define KVM_ARCH_REQUESTS(REQUEST)			\
	REQUEST(MIGRATE_TIMER)				\
	REQUEST(EVENT)					\
	REQUEST(STEAL_UPDATE)				\
	REQUEST(NMI)					\
	REQUEST(SCAN_IOAPIC)				\
	REQUEST(APICV_UPDATE)				\
	REQUEST(TLB_FLUSH_GUEST)			\
	REQUEST(UPDATE_PROTECTED_GUEST_STATE)

/* Bits of its lowest byte are interrupts that wait for the guest. */
#define KVM_ARCH_IRQ_PENDING	arch.apic.irr
#define KVM_ARCH_IRQ_NEWS	arch.apic.irr

/* What kvm_arch_vcpu_runnable() looks at. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#define KVM_ARCH_WAKING_REQUESTS	\
	(BIT(KVM_REQ_NMI) | BIT(KVM_REQ_UPDATE_PROTECTED_GUEST_STATE & KVM_REQUEST_MASK))
#else
#define KVM_ARCH_WAKING_REQUESTS	BIT(KVM_REQ_NMI)
#endif

/* Values of an exit handler that runs in IN_GUEST_MODE with interrupts off. */
enum exit_fastpath_completion {
	EXIT_FASTPATH_NONE,
	EXIT_FASTPATH_REENTER_GUEST,
	EXIT_FASTPATH_EXIT_HANDLED,
};

#define fastpath_t	enum exit_fastpath_completion

/* Page tables are shadowed: the MMU that leaves walks to the hardware is not here. */
#define is_tdp_mmu(mmu)				false
#define is_tdp_mmu_active(vcpu)			false
#define kvm_tdp_mmu_walk_lockless_begin()	rcu_read_lock()
#define kvm_tdp_mmu_walk_lockless_end()		rcu_read_unlock()

/* x86-lapic.c */
int kvm_lapic_find_highest_irr(struct kvm_vcpu *vcpu);
int kvm_apic_has_interrupt(struct kvm_vcpu *vcpu);
int kvm_get_apic_interrupt(struct kvm_vcpu *vcpu);
void kvm_apic_set_irq(struct kvm_vcpu *vcpu, int vector);
int apic_has_pending_timer(struct kvm_vcpu *vcpu);
void kvm_inject_apic_timer_irqs(struct kvm_vcpu *vcpu);
void kvm_set_lapic_tscdeadline_msr(struct kvm_vcpu *vcpu);
void kvm_inject_nmi(struct kvm_vcpu *vcpu);
void process_nmi(struct kvm_vcpu *vcpu);

/* x86-apicv.c */
#ifdef KVM_ARCH_POSTED
#define kvm_vcpu_apicv_active(vcpu)	((vcpu)->arch.apic.apicv_active)
bool kvm_arch_has_posted(struct kvm_vcpu *vcpu);
void kvm_x86_vcpu_load(struct kvm_vcpu *vcpu, int cpu);
void kvm_x86_vcpu_put(struct kvm_vcpu *vcpu);
void kvm_x86_deliver_interrupt(struct kvm_vcpu *vcpu, int vector);
void kvm_x86_sync_posted(struct kvm_vcpu *vcpu);
bool kvm_arch_guest_interrupts(void *vcpu, bool notified);
#else
#define kvm_vcpu_apicv_active(vcpu)	false
#define kvm_arch_has_posted(vcpu)	false
#define kvm_x86_vcpu_load(vcpu, cpu)	((void)0)
#define kvm_x86_vcpu_put(vcpu)		((void)0)
#define kvm_x86_deliver_interrupt(vcpu, vector)	((void)(vector))
#define kvm_x86_sync_posted(vcpu)	((void)0)
#define vmx_sync_pir_to_irr(vcpu)	(-1)
#endif
#define kvm_arch_has_apicv(vcpu)	(kvm_arch_has_avic(vcpu) || kvm_arch_has_posted(vcpu))

/* Around blocking, until 5.16; true: something is posted, so do not. */
#if defined(KVM_ARCH_POSTED) && LINUX_VERSION_CODE < KERNEL_VERSION(5, 17, 0)
int kvm_x86_pre_block(struct kvm_vcpu *vcpu);
void kvm_x86_post_block(struct kvm_vcpu *vcpu);
int pi_pre_block(struct kvm_vcpu *vcpu);
void pi_post_block(struct kvm_vcpu *vcpu);
#else
#define kvm_x86_pre_block(vcpu)		0
#define kvm_x86_post_block(vcpu)	((void)0)
#endif

/* x86-posted.c */
#ifdef KVM_ARCH_POSTED
DECLARE_PER_CPU(struct list_head, wakeup_vcpus_on_cpu);
DECLARE_PER_CPU(raw_spinlock_t, wakeup_vcpus_on_cpu_lock);
void vmx_vcpu_pi_load(struct kvm_vcpu *vcpu, int cpu);
void vmx_vcpu_pi_put(struct kvm_vcpu *vcpu);
void pi_wakeup_handler(void);
void kvm_arch_start_assignment(struct kvm *kvm);

/* x86-vmx.c */
struct vcpu_vmx *to_vmx(struct kvm_vcpu *vcpu);
struct kvm_vcpu *vmx_to_vcpu(struct vcpu_vmx *vmx);
struct pi_desc *vcpu_to_pi_desc(struct kvm_vcpu *vcpu);
void vmx_wake_up(struct kvm_vcpu *vcpu);
void vmx_deliver_interrupt(struct kvm_vcpu *vcpu, int vector);
int vmx_sync_pir_to_irr(struct kvm_vcpu *vcpu);
void vtd_hw_post(struct kvm_vcpu *vcpu, int vector);
bool vmx_hw_interrupts(struct kvm_vcpu *vcpu, bool notified);
#endif

/* x86-avic.c */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
#define KVM_ARCH_VCPU_BLOCKING
#define KVM_ARCH_AVIC_ENTRY	arch.avic_physical_id_entry
void kvm_arch_vcpu_blocking(struct kvm_vcpu *vcpu);
void kvm_arch_vcpu_unblocking(struct kvm_vcpu *vcpu);
bool kvm_arch_has_avic(struct kvm_vcpu *vcpu);
struct kvm_vcpu *avic_icr_target(struct kvm_vcpu *vcpu);
bool avic_guest_sends_ipi(struct kvm_vcpu *vcpu);
void svm_deliver_interrupt(struct kvm_vcpu *vcpu, int vector);
void avic_vcpu_load(struct kvm_vcpu *vcpu, int cpu);
void avic_vcpu_put(struct kvm_vcpu *vcpu);
void avic_vcpu_blocking(struct kvm_vcpu *vcpu);
void avic_vcpu_unblocking(struct kvm_vcpu *vcpu);
void avic_incomplete_ipi_interception(struct kvm_vcpu *target);
void avic_hw_deliver(struct kvm_vcpu *vcpu);
bool avic_hw_send_ipi(struct kvm_vcpu *target, int vector);
bool kvm_vcpu_apicv_activated(struct kvm_vcpu *vcpu);
void kvm_vcpu_update_apicv(struct kvm_vcpu *vcpu);
void kvm_set_or_clear_apicv_inhibit(struct kvm *kvm, unsigned long reason, bool set);
#else
#define kvm_arch_has_avic(vcpu)		false
#define kvm_vcpu_apicv_activated(vcpu)	kvm_vcpu_apicv_active(vcpu)
#define kvm_vcpu_update_apicv(vcpu)	((void)0)
#define svm_deliver_interrupt(vcpu, vector)	((void)(vector))
#define avic_vcpu_load(vcpu, cpu)	((void)0)
#define avic_vcpu_put(vcpu)		((void)0)
#define avic_hw_deliver(vcpu)		((void)0)
#define avic_icr_target(vcpu)		(vcpu)
#define avic_guest_sends_ipi(vcpu)	false
#define avic_incomplete_ipi_interception(vcpu)	((void)0)
#endif

/* x86-mmu.c */
void kvm_mmu_walk_lockless(struct kvm_vcpu *vcpu);
void kvm_mmu_zap_leaf(struct kvm *kvm);
void kvm_mmu_map_leaf(struct kvm *kvm);

#endif
