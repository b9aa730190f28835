/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * KVM's view of a VM and its vCPUs, and the request protocol's small functions.
 *
 * Derived from include/linux/kvm_host.h of Linux 5.15, 6.1 and 6.12, which names
 * no author; the file is part of KVM, Copyright (C) 2006 Qumranet, Inc.
 * Changed: reduced to what the kick protocol touches; calls of kvm_clear_request()
 * tell the machine that something was handled, which no kernel code can see; the
 * form v5.16 has 5.15's requests and array of vCPUs.
 */
#ifndef __KVM_HOST_H
#define __KVM_HOST_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/cleanup.h>
#include <linux/cpumask.h>
#include <linux/entry-kvm.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/jump_label.h>
#include <linux/kvm_types.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/rcuwait.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include <linux/swait.h>
#include <linux/version.h>
#include <linux/xarray.h>

#define KVM_MAX_VCPUS		MACHINE_MAX_VCPUS

#define KVM_REQUEST_MASK           GENMASK(7,0)
#define KVM_REQUEST_NO_WAKEUP      BIT(8)
#define KVM_REQUEST_WAIT           BIT(9)
#define KVM_REQUEST_NO_ACTION      BIT(10)	/* 5.18; no request before has it */

#define KVM_REQ_TLB_FLUSH         (0 | KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)
#define KVM_REQ_UNBLOCK           2
#define KVM_REQUEST_ARCH_BASE     8

/* GENERIC(name): the requests that all architectures have. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
#define KVM_REQ_VM_DEAD           (1 | KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)
#define KVM_REQ_OUTSIDE_GUEST_MODE \
	(KVM_REQUEST_NO_ACTION | KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)
#define KVM_GENERIC_REQUESTS(GENERIC) \
	GENERIC(TLB_FLUSH) GENERIC(VM_DEAD) GENERIC(UNBLOCK)
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
#define KVM_REQ_MMU_RELOAD        (1 | KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)
#define KVM_REQ_UNHALT            3
#define KVM_REQ_VM_DEAD           (4 | KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)
#define KVM_GENERIC_REQUESTS(GENERIC) \
	GENERIC(TLB_FLUSH) GENERIC(MMU_RELOAD) GENERIC(UNBLOCK) GENERIC(UNHALT) GENERIC(VM_DEAD)
#else
#define KVM_REQ_MMU_RELOAD        (1 | KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)
#define KVM_REQ_UNHALT            3
#define KVM_REQ_VM_BUGGED         (4 | KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)
#define KVM_REQ_VM_DEAD           KVM_REQ_VM_BUGGED	/* its name since 5.16 */
#define KVM_GENERIC_REQUESTS(GENERIC) \
	GENERIC(TLB_FLUSH) GENERIC(MMU_RELOAD) GENERIC(UNBLOCK) GENERIC(UNHALT) GENERIC(VM_BUGGED)
#endif

#define KVM_ARCH_REQ_FLAGS(nr, flags) \
	((unsigned)(((nr) + KVM_REQUEST_ARCH_BASE) | (flags)))
#define KVM_ARCH_REQ(nr)           KVM_ARCH_REQ_FLAGS(nr, 0)

#include <asm/kvm_host.h>

enum {
	OUTSIDE_GUEST_MODE,
	IN_GUEST_MODE,
	EXITING_GUEST_MODE,
	READING_SHADOW_PAGE_TABLES,
};

struct kvm_vcpu {
	struct kvm *kvm;
	struct preempt_notifier preempt_notifier;
	int cpu;
	int vcpu_id;
	int vcpu_idx;
	int srcu_idx;
	int mode;
	u64 requests;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 8, 0)
	struct rcuwait wait;
#else
	struct swait_queue_head wq;
#endif
	bool preempted;
	bool ready;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
	bool scheduled_out;
	bool wants_to_run;
#endif
	struct kvm_vcpu_arch arch;
	KVM_STAT(struct kvm_vcpu_stat);
};

struct kvm {
	rwlock_t mmu_lock;
	atomic_t online_vcpus;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
	struct xarray vcpu_array;
#else
	struct kvm_vcpu *vcpus[KVM_MAX_VCPUS];
#endif
	struct srcu_struct srcu;
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 15, 0)
	long tlbs_dirty;
#endif
	bool vm_bugged;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
	bool vm_dead;
#endif
	unsigned long dirty_bitmap;	/* of one memslot, whose page n vCPU n dirties */
	struct kvm_arch arch;
	KVM_STAT(struct kvm_vm_stat);
};

DECLARE_PER_CPU(struct kvm_vcpu *, kvm_running_vcpu);

/* Never written after setup, so that nobody can race with the reader. */
static __no_kcsan inline int kvm_vcpu_nr(struct kvm_vcpu *vcpu)
{
	return vcpu->vcpu_id;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 8, 0)
static inline struct rcuwait *kvm_arch_vcpu_get_wait(struct kvm_vcpu *vcpu)
{
	return &vcpu->wait;
}

static inline bool kvm_vcpu_is_blocking(struct kvm_vcpu *vcpu)
{
	return rcuwait_active(kvm_arch_vcpu_get_wait(vcpu));
}
#else
static inline struct swait_queue_head *kvm_arch_vcpu_wq(struct kvm_vcpu *vcpu)
{
	return &vcpu->wq;
}

static inline bool kvm_vcpu_is_blocking(struct kvm_vcpu *vcpu)
{
	return swait_active(&vcpu->wq);
}
#endif

static inline int kvm_vcpu_exiting_guest_mode(struct kvm_vcpu *vcpu)
{
	/*
	 * Requests before mode.  The vCPU stores mode, then loads requests with
	 * a full barrier between; if this side has one too, either the request
	 * is seen there or IN_GUEST_MODE is seen here.
	 */
	smp_mb__before_atomic();
	return cmpxchg(&vcpu->mode, IN_GUEST_MODE, EXITING_GUEST_MODE);
}

static inline struct kvm_vcpu *kvm_get_vcpu(struct kvm *kvm, int i)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 1, 0)
	int num_vcpus = atomic_read(&kvm->online_vcpus);

	if (LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0) && i >= num_vcpus)
		return NULL;
	i = array_index_nospec(i, num_vcpus);
#endif

	/* Pairs with the write barrier of vCPU creation: the count comes last. */
	smp_rmb();
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
	return xa_load(&kvm->vcpu_array, (unsigned long)i);
#else
	return kvm->vcpus[i];
#endif
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)
#define kvm_for_each_vcpu(idx, vcpup, kvm) \
	if (atomic_read(&kvm->online_vcpus)) \
		xa_for_each_range(&kvm->vcpu_array, idx, vcpup, 0, \
				  (atomic_read(&kvm->online_vcpus) - 1))
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
#define kvm_for_each_vcpu(idx, vcpup, kvm) \
	xa_for_each_range(&kvm->vcpu_array, idx, vcpup, 0, \
			  (atomic_read(&kvm->online_vcpus) - 1))
#else
#define kvm_for_each_vcpu(idx, vcpup, kvm) \
	for (idx = 0; \
	     idx < (__typeof__(idx))atomic_read(&kvm->online_vcpus) && \
	     (vcpup = kvm_get_vcpu(kvm, idx)) != NULL; \
	     idx++)
#endif

void vcpu_load(struct kvm_vcpu *vcpu);
void vcpu_put(struct kvm_vcpu *vcpu);
extern const struct preempt_ops kvm_preempt_ops;
struct kvm_vcpu *kvm_get_running_vcpu(void);

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
bool kvm_vcpu_block(struct kvm_vcpu *vcpu);
void kvm_vcpu_halt(struct kvm_vcpu *vcpu);
#else
void kvm_vcpu_block(struct kvm_vcpu *vcpu);
#define kvm_vcpu_halt(vcpu)	kvm_vcpu_block(vcpu)
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 8, 0)
bool kvm_vcpu_wake_up(struct kvm_vcpu *vcpu);
#else
void kvm_vcpu_wake_up(struct kvm_vcpu *vcpu);
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
void __kvm_vcpu_kick(struct kvm_vcpu *vcpu, bool wait);

static inline void kvm_vcpu_kick(struct kvm_vcpu *vcpu)
{
	__kvm_vcpu_kick(vcpu, false);
}
#else
void kvm_vcpu_kick(struct kvm_vcpu *vcpu);
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
bool kvm_make_vcpus_request_mask(struct kvm *kvm, unsigned int req,
				 unsigned long *vcpu_bitmap);
#else
bool kvm_make_vcpus_request_mask(struct kvm *kvm, unsigned int req,
				 struct kvm_vcpu *except,
				 unsigned long *vcpu_bitmap, cpumask_var_t tmp);
#endif
bool kvm_make_all_cpus_request(struct kvm *kvm, unsigned int req);
bool kvm_make_all_cpus_request_except(struct kvm *kvm, unsigned int req,
				      struct kvm_vcpu *except);
void kvm_flush_remote_tlbs(struct kvm *kvm);
/* What the ioctl KVM_RUN does; negative if the VM is beyond help. */
int kvm_vcpu_ioctl_run(struct kvm_vcpu *vcpu);

/* What an architecture does when a vCPU is about to sleep, and after. */
#ifndef KVM_ARCH_VCPU_BLOCKING
static inline void kvm_arch_vcpu_blocking(struct kvm_vcpu *vcpu) {}
static inline void kvm_arch_vcpu_unblocking(struct kvm_vcpu *vcpu) {}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
static inline void kvm_arch_sched_in(struct kvm_vcpu *vcpu, int cpu) {}
#endif

/* Hyper-V has a way to flush all TLBs at once; nothing else here has. */
static inline int kvm_arch_flush_remote_tlbs(struct kvm *kvm)
{
	(void)kvm;
	return -1;
}
#define kvm_arch_flush_remote_tlb	kvm_arch_flush_remote_tlbs	/* before 6.6 */

void kvm_arch_init_vm(struct kvm *kvm);
void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu);
void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu);
int kvm_arch_vcpu_should_kick(struct kvm_vcpu *vcpu);
int kvm_arch_vcpu_runnable(struct kvm_vcpu *vcpu);
int kvm_arch_vcpu_ioctl_run(struct kvm_vcpu *vcpu);
int kvm_cpu_has_pending_timer(struct kvm_vcpu *vcpu);
void kvm_arch_sync_dirty_log(struct kvm *kvm);
/* Raise a line of @vcpu's interrupt controller, from any context. */
void kvm_arch_inject_irq(struct kvm_vcpu *vcpu);

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
static inline void __kvm_make_request(int req, struct kvm_vcpu *vcpu)
{
	/*
	 * What the request is about becomes visible before the request does;
	 * pairs with the barrier in kvm_check_request().
	 */
	smp_wmb();
	set_bit(req & KVM_REQUEST_MASK, (void *)&vcpu->requests);
}

/* A request that asks for no action has no bit: nobody would ever clear it. */
static __always_inline void kvm_make_request(int req, struct kvm_vcpu *vcpu)
{
	BUILD_BUG_ON(!__builtin_constant_p(req) ||
		     (req & KVM_REQUEST_NO_ACTION));

	__kvm_make_request(req, vcpu);
}
#else
static inline void kvm_make_request(int req, struct kvm_vcpu *vcpu)
{
	/*
	 * What the request is about becomes visible before the request does;
	 * pairs with the barrier in kvm_check_request().
	 */
	smp_wmb();
	set_bit(req & KVM_REQUEST_MASK, (void *)&vcpu->requests);
}
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
static __always_inline void kvm_make_request_and_kick(int req, struct kvm_vcpu *vcpu)
{
	kvm_make_request(req, vcpu);
	__kvm_vcpu_kick(vcpu, req & KVM_REQUEST_WAIT);
}
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 8, 0)
static inline bool __kvm_vcpu_wake_up(struct kvm_vcpu *vcpu)
{
	return !!rcuwait_wake_up(kvm_arch_vcpu_get_wait(vcpu));
}
#endif

static inline bool kvm_request_pending(struct kvm_vcpu *vcpu)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(4, 13, 0)
	return READ_ONCE(vcpu->requests);
#else
	return vcpu->requests;	/* its users look for themselves */
#endif
}

static inline bool kvm_test_request(int req, struct kvm_vcpu *vcpu)
{
	return test_bit(req & KVM_REQUEST_MASK, (void *)&vcpu->requests);
}

static inline void kvm_clear_request(int req, struct kvm_vcpu *vcpu)
{
	clear_bit(req & KVM_REQUEST_MASK, (void *)&vcpu->requests);
}

/* For the ghost call below only; no kernel code decides by it. */
static __no_kcsan inline bool kvm_peek_request(int req, struct kvm_vcpu *vcpu)
{
	return vcpu->requests >> (req & KVM_REQUEST_MASK) & 1;
}

/* Around the call, so that the function is the kernel's, lifted from a tree or not. */
#define kvm_clear_request(req, vcpu) do {					\
	bool __was = kvm_peek_request((req), (vcpu));				\
										\
	(kvm_clear_request)((req), (vcpu));					\
	if (__was)								\
		machine_request_handled(kvm_vcpu_nr(vcpu), (req) & KVM_REQUEST_MASK); \
} while (0)

static inline bool kvm_check_request(int req, struct kvm_vcpu *vcpu)
{
	if (kvm_test_request(req, vcpu)) {
		kvm_clear_request(req, vcpu);

		/* The other half of kvm_make_request()'s publication. */
		smp_mb__after_atomic();
		return true;
	} else {
		return false;
	}
}

/* How a guest's wait for interrupts is slept through by who does not ask how it ended. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
#define kvm_vcpu_idle(vcpu)	kvm_vcpu_halt(vcpu)
#else
#define kvm_vcpu_idle(vcpu) \
	do { kvm_vcpu_halt(vcpu); kvm_clear_request(KVM_REQ_UNHALT, vcpu); } while (0)
#endif

static inline void kvm_vm_bugged(struct kvm *kvm)
{
	kvm->vm_bugged = true;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
	kvm->vm_dead = true;
#endif
	machine_call_begin(~0ULL, KVM_REQ_VM_DEAD & KVM_REQUEST_MASK,
			   MACHINE_CALL_MASK | MACHINE_CALL_WAIT | MACHINE_CALL_NO_WAKEUP);
	kvm_make_all_cpus_request(kvm, KVM_REQ_VM_DEAD);
	machine_call_end();
}

#endif
