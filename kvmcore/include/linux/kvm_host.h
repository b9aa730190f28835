/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * KVM's view of a VM and its vCPUs, and the request protocol's small functions.
 *
 * Derived from include/linux/kvm_host.h of Linux 5.15, which names no author;
 * the file is part of KVM, Copyright (C) 2006 Qumranet, Inc.  Changed: reduced
 * to what the kick protocol touches; kvm_check_request() and
 * kvm_clear_request() tell the machine that something was handled, which no
 * kernel code can see; vm_bugged is a request of its own, as it was until 5.16.
 */
#ifndef __KVM_HOST_H
#define __KVM_HOST_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/kvm_types.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/rcuwait.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>

#define KVM_MAX_VCPUS		MACHINE_MAX_VCPUS

#define KVM_REQUEST_MASK           GENMASK(7,0)
#define KVM_REQUEST_NO_WAKEUP      BIT(8)
#define KVM_REQUEST_WAIT           BIT(9)

#define KVM_REQ_TLB_FLUSH         (0 | KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)
#define KVM_REQ_MMU_RELOAD        (1 | KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)
#define KVM_REQ_UNBLOCK           2
#define KVM_REQ_UNHALT            3
#define KVM_REQ_VM_BUGGED         (4 | KVM_REQUEST_WAIT | KVM_REQUEST_NO_WAKEUP)
#define KVM_REQUEST_ARCH_BASE     8

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
	struct rcuwait wait;
	bool preempted;
	bool ready;
	struct kvm_vcpu_arch arch;
};

struct kvm {
	rwlock_t mmu_lock;
	atomic_t online_vcpus;
	struct kvm_vcpu *vcpus[KVM_MAX_VCPUS];
	struct srcu_struct srcu;
	long tlbs_dirty;
	bool vm_bugged;
	unsigned long dirty_bitmap;	/* of one memslot, whose page n vCPU n dirties */
	struct kvm_arch arch;
};

DECLARE_PER_CPU(struct kvm_vcpu *, kvm_running_vcpu);

/* Never written after setup, so that nobody can race with the reader. */
static __no_kcsan inline int kvm_vcpu_nr(struct kvm_vcpu *vcpu)
{
	return vcpu->vcpu_id;
}

static inline struct rcuwait *kvm_arch_vcpu_get_wait(struct kvm_vcpu *vcpu)
{
	return &vcpu->wait;
}

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
	/* Pairs with the write barrier of vCPU creation: the count comes last. */
	smp_rmb();
	return kvm->vcpus[i];
}

#define kvm_for_each_vcpu(idx, vcpup, kvm) \
	for (idx = 0; \
	     idx < (__typeof__(idx))atomic_read(&kvm->online_vcpus) && \
	     (vcpup = kvm_get_vcpu(kvm, idx)) != NULL; \
	     idx++)

void vcpu_load(struct kvm_vcpu *vcpu);
void vcpu_put(struct kvm_vcpu *vcpu);
void kvm_sched_in(struct preempt_notifier *pn, int cpu);
void kvm_sched_out(struct preempt_notifier *pn, struct task_struct *next);
struct kvm_vcpu *kvm_get_running_vcpu(void);

void kvm_vcpu_block(struct kvm_vcpu *vcpu);
bool kvm_vcpu_wake_up(struct kvm_vcpu *vcpu);
void kvm_vcpu_kick(struct kvm_vcpu *vcpu);
bool kvm_make_vcpus_request_mask(struct kvm *kvm, unsigned int req,
				 struct kvm_vcpu *except,
				 unsigned long *vcpu_bitmap, cpumask_var_t tmp);
bool kvm_make_all_cpus_request(struct kvm *kvm, unsigned int req);
bool kvm_make_all_cpus_request_except(struct kvm *kvm, unsigned int req,
				      struct kvm_vcpu *except);
void kvm_flush_remote_tlbs(struct kvm *kvm);

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

static inline void kvm_make_request(int req, struct kvm_vcpu *vcpu)
{
	/*
	 * What the request is about becomes visible before the request does;
	 * pairs with the barrier in kvm_check_request().
	 */
	smp_wmb();
	set_bit(req & KVM_REQUEST_MASK, (void *)&vcpu->requests);
}

static inline bool kvm_request_pending(struct kvm_vcpu *vcpu)
{
	return READ_ONCE(vcpu->requests);
}

static inline bool kvm_test_request(int req, struct kvm_vcpu *vcpu)
{
	return test_bit(req & KVM_REQUEST_MASK, (void *)&vcpu->requests);
}

/* For the ghost call below only; no kernel code decides by it. */
static __no_kcsan inline bool kvm_peek_request(int req, struct kvm_vcpu *vcpu)
{
	return vcpu->requests >> (req & KVM_REQUEST_MASK) & 1;
}

static inline void kvm_clear_request(int req, struct kvm_vcpu *vcpu)
{
	bool was = kvm_peek_request(req, vcpu);

	clear_bit(req & KVM_REQUEST_MASK, (void *)&vcpu->requests);
	if (was)
		machine_request_handled(kvm_vcpu_nr(vcpu), req & KVM_REQUEST_MASK);
}

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

static inline void kvm_vm_bugged(struct kvm *kvm)
{
	kvm->vm_bugged = true;
	machine_call_begin(~0ULL, KVM_REQ_VM_BUGGED & KVM_REQUEST_MASK,
			   MACHINE_CALL_MASK | MACHINE_CALL_WAIT | MACHINE_CALL_NO_WAKEUP);
	kvm_make_all_cpus_request(kvm, KVM_REQ_VM_BUGGED);
	machine_call_end();
}

#endif
