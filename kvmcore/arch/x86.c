// SPDX-License-Identifier: GPL-2.0-only
/*
 * How an x86 vCPU runs: loading, the run loop, entry into the guest and exits.
 *
 * derived from drivers/kvm/kvm_main.c
 *
 * Copyright (C) 2006 Qumranet, Inc.
 * Copyright (C) 2008 Qumranet, Inc.
 * Copyright IBM Corporation, 2008
 * Copyright 2010 Red Hat, Inc. and/or its affiliates.
 *
 * Authors:
 *   Avi Kivity   <avi@qumranet.com>
 *   Yaniv Kamay  <yaniv@qumranet.com>
 *   Amit Shah    <amit.shah@qumranet.com>
 *   Ben-Ami Yassour <benami@il.ibm.com>
 *
 * Derived from arch/x86/kvm/x86.c of Linux 5.15, 6.1 and 6.12.  Changed in 2026
 * by the authors of kicksim: reduced to the requests, exits and state that meet the
 * kick protocol; vcpu_enter_guest() is cut into shorter functions; vendor code,
 * statistics and user space's side are left out.
 */
#include <linux/kvm_host.h>

/* Requests that a vCPU makes of itself by coming to another pCPU. */
void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	kvm_x86_vcpu_load(vcpu, cpu);

	if (unlikely(vcpu->cpu != cpu)) {
		kvm_make_request(KVM_REQ_MIGRATE_TIMER, vcpu);
		vcpu->cpu = cpu;
	}

	kvm_make_request(KVM_REQ_STEAL_UPDATE, vcpu);
}

/* vcpu->cpu stays: a vCPU that is not loaded names the pCPU it ran on last. */
void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
	kvm_x86_vcpu_put(vcpu);
}

int kvm_arch_vcpu_should_kick(struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_exiting_guest_mode(vcpu) == IN_GUEST_MODE;
}

/* Set before the run and never changed, so no access that could race. */
static __no_kcsan bool kvm_arch_vcpu_is_broken(struct kvm_vcpu *vcpu, int mode)
{
	return vcpu->arch.broken & BIT(mode);
}

static __no_kcsan bool kvm_arch_enable_pml(struct kvm_vcpu *vcpu)
{
	return vcpu->kvm->arch.enable_pml;
}

static inline bool kvm_vcpu_running(struct kvm_vcpu *vcpu)
{
	return vcpu->arch.mp_state == KVM_MP_STATE_RUNNABLE;
}

static inline bool kvm_vcpu_has_events(struct kvm_vcpu *vcpu)
{
	if (kvm_test_request(KVM_REQ_NMI, vcpu) || vcpu->arch.nmi_pending)
		return true;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)

	if (kvm_test_request(KVM_REQ_UPDATE_PROTECTED_GUEST_STATE, vcpu))
		return true;
#endif

	return kvm_apic_has_interrupt(vcpu) != -1;
}

int kvm_arch_vcpu_runnable(struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_running(vcpu) || kvm_vcpu_has_events(vcpu);
}

int kvm_cpu_has_pending_timer(struct kvm_vcpu *vcpu)
{
	return apic_has_pending_timer(vcpu);
}

/* Kicks without a request: who reads the log cannot rely on it being whole. */
void kvm_arch_sync_dirty_log(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	int i;

	kvm_for_each_vcpu(i, vcpu, kvm)
		kvm_vcpu_kick(vcpu);
}

/* The guest takes all that is pending at once; real ones take turns. */
static void inject_pending_event(struct kvm_vcpu *vcpu)
{
	vcpu->arch.nmi_pending = 0;
	if (kvm_arch_has_apicv(vcpu) && kvm_vcpu_apicv_active(vcpu))
		return;
	while (kvm_get_apic_interrupt(vcpu) != -1)
		;
}

/*
 * With interrupts and preemption still on: what is requested from here on is
 * caught by kvm_vcpu_exit_request(), which comes after both are off.
 */
static int vcpu_handle_requests(struct kvm_vcpu *vcpu)
{
	if (kvm_request_pending(vcpu)) {
		if (kvm_check_request(KVM_REQ_VM_DEAD, vcpu))
			return -EIO;
		kvm_check_request(KVM_REQ_MIGRATE_TIMER, vcpu);
		kvm_check_request(KVM_REQ_TLB_FLUSH, vcpu);
		kvm_check_request(KVM_REQ_TLB_FLUSH_GUEST, vcpu);
		kvm_check_request(KVM_REQ_STEAL_UPDATE, vcpu);
		if (kvm_check_request(KVM_REQ_NMI, vcpu))
			process_nmi(vcpu);
		kvm_check_request(KVM_REQ_SCAN_IOAPIC, vcpu);
		if (kvm_arch_has_apicv(vcpu) && kvm_check_request(KVM_REQ_APICV_UPDATE, vcpu))
			kvm_vcpu_update_apicv(vcpu);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
		kvm_check_request(KVM_REQ_UPDATE_PROTECTED_GUEST_STATE, vcpu);
#endif
	}

	if (kvm_check_request(KVM_REQ_EVENT, vcpu))
		inject_pending_event(vcpu);
	return 0;
}

static bool kvm_vcpu_exit_request(struct kvm_vcpu *vcpu)
{
	return vcpu->mode == EXITING_GUEST_MODE || kvm_request_pending(vcpu) ||
		need_resched();
}

/* An IPI to a vCPU, itself included, sent while its mode is IN_GUEST_MODE. */
static fastpath_t handle_fastpath_set_x2apic_icr_irqoff(struct kvm_vcpu *vcpu)
{
	int target = machine_icr_target(kvm_vcpu_nr(vcpu));

	kvm_arch_inject_irq(kvm_get_vcpu(vcpu->kvm, target));
	return EXIT_FASTPATH_EXIT_HANDLED;
}

/* Run the guest once; some exits are dealt with before the host is itself again. */
static fastpath_t kvm_x86_run(struct kvm_vcpu *vcpu, enum machine_exit *exit_reason)
{
	bool avic;

	/* An update of APICv gets all vCPUs out first, and they wait for it. */
	if (kvm_arch_has_apicv(vcpu))
		WARN_ON_ONCE(kvm_vcpu_apicv_activated(vcpu) != kvm_vcpu_apicv_active(vcpu));

	do {
		*exit_reason = machine_guest_enter(kvm_vcpu_nr(vcpu));
		avic = *exit_reason == MACHINE_EXIT_ICR && kvm_arch_has_avic(vcpu) &&
			kvm_vcpu_apicv_active(vcpu);
	} while (avic && avic_guest_sends_ipi(vcpu));

	switch (*exit_reason) {
	case MACHINE_EXIT_ICR:
		if (avic)
			return EXIT_FASTPATH_NONE;
		return handle_fastpath_set_x2apic_icr_irqoff(vcpu);
	case MACHINE_EXIT_DEADLINE:
		kvm_set_lapic_tscdeadline_msr(vcpu);
		return EXIT_FASTPATH_REENTER_GUEST;
	default:
		return EXIT_FASTPATH_NONE;
	}
}

/* The sync's KVM_BUG_ON() is where KVM may find itself at fault. */
static void kvm_x86_sync_pir_to_irr(struct kvm_vcpu *vcpu)
{
	if (kvm_arch_vcpu_is_broken(vcpu, IN_GUEST_MODE) && !vcpu->kvm->vm_bugged)
		kvm_vm_bugged(vcpu->kvm);
	kvm_x86_sync_posted(vcpu);
}

static int kvm_emulate_halt(struct kvm_vcpu *vcpu)
{
	vcpu->arch.mp_state = KVM_MP_STATE_HALTED;
	return 1;
}

/* 0: user space has to help. */
static int kvm_x86_handle_exit(struct kvm_vcpu *vcpu, enum machine_exit exit_reason,
			       fastpath_t exit_fastpath)
{
	if (kvm_arch_enable_pml(vcpu))
		set_bit(kvm_vcpu_nr(vcpu), &vcpu->kvm->dirty_bitmap);

	if (exit_fastpath != EXIT_FASTPATH_NONE)
		return 1;

	switch (exit_reason) {
	case MACHINE_EXIT_HLT:
		return kvm_emulate_halt(vcpu);
	case MACHINE_EXIT_IO:
		return 0;
	case MACHINE_EXIT_WALK:
		kvm_mmu_walk_lockless(vcpu);
		return 1;
	case MACHINE_EXIT_ICR:
		avic_incomplete_ipi_interception(avic_icr_target(vcpu));
		return 1;
	default:
		return 1;
	}
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
/* Who sees this mode sees what was decided before about the vCPU's APIC. */
static __always_inline void vcpu_set_in_guest_mode(struct kvm_vcpu *vcpu)
{
	smp_store_release(&vcpu->mode, IN_GUEST_MODE);
}
#else
static __always_inline void vcpu_set_in_guest_mode(struct kvm_vcpu *vcpu)
{
	vcpu->mode = IN_GUEST_MODE;
}
#endif

static int vcpu_enter_guest(struct kvm_vcpu *vcpu)
{
	enum machine_exit exit_reason;
	fastpath_t exit_fastpath;
	int r = vcpu_handle_requests(vcpu);

	if (r < 0)
		return r;

	preempt_disable();

	/*
	 * Interrupts off before IN_GUEST_MODE: an IPI that is sent because of
	 * that mode then waits until the guest is entered, and makes it exit.
	 */
	local_irq_disable();
	vcpu_set_in_guest_mode(vcpu);

	srcu_read_unlock(&vcpu->kvm->srcu, vcpu->srcu_idx);

	/*
	 * Mode before requests, by the barrier in srcu_read_unlock(): pairs
	 * with kvm_vcpu_exiting_guest_mode().  It also keeps the guest's walks
	 * of page tables behind the store, see kvm_flush_remote_tlbs().
	 */
	smp_mb__after_srcu_read_unlock();

	kvm_x86_sync_pir_to_irr(vcpu);

	if (kvm_vcpu_exit_request(vcpu)) {
		machine_entry_refused(kvm_vcpu_nr(vcpu));
		vcpu->mode = OUTSIDE_GUEST_MODE;
		smp_wmb();
		local_irq_enable();
		preempt_enable();
		vcpu->srcu_idx = srcu_read_lock(&vcpu->kvm->srcu);
		return 1;
	}

	for (;;) {
		exit_fastpath = kvm_x86_run(vcpu, &exit_reason);
		if (likely(exit_fastpath != EXIT_FASTPATH_REENTER_GUEST))
			break;

		kvm_x86_sync_posted(vcpu);

		/* Kicked by the handler or meanwhile: mode or requests tell. */
		if (unlikely(kvm_vcpu_exit_request(vcpu))) {
			exit_fastpath = EXIT_FASTPATH_EXIT_HANDLED;
			break;
		}
	}

	vcpu->arch.last_vmentry_cpu = vcpu->cpu;

	/* Before interrupts are on: who is acknowledged knows this has ended. */
	vcpu->mode = OUTSIDE_GUEST_MODE;
	smp_wmb();

	/* A window for the interrupt that made the guest exit. */
	local_irq_enable();
	preempt_enable();

	vcpu->srcu_idx = srcu_read_lock(&vcpu->kvm->srcu);
	return kvm_x86_handle_exit(vcpu, exit_reason, exit_fastpath);
}

/* Whether a vCPU that has slept is to run; other reasons to wake leave it halted. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
static bool vcpu_unhalted(struct kvm_vcpu *vcpu)
{
	return kvm_arch_vcpu_runnable(vcpu);
}
#else
static bool vcpu_unhalted(struct kvm_vcpu *vcpu)
{
	return kvm_check_request(KVM_REQ_UNHALT, vcpu);
}
#endif

/* Called within kvm->srcu read side, which it leaves while it sleeps. */
static inline int vcpu_block(struct kvm *kvm, struct kvm_vcpu *vcpu)
{
	if (!kvm_arch_vcpu_runnable(vcpu) && !kvm_x86_pre_block(vcpu)) {
		srcu_read_unlock(&kvm->srcu, vcpu->srcu_idx);
		kvm_vcpu_halt(vcpu);
		vcpu->srcu_idx = srcu_read_lock(&kvm->srcu);

		kvm_x86_post_block(vcpu);

		if (!vcpu_unhalted(vcpu))
			return 1;
	}

	vcpu->arch.mp_state = KVM_MP_STATE_RUNNABLE;
	return 1;
}

static int vcpu_run(struct kvm_vcpu *vcpu)
{
	int r;
	struct kvm *kvm = vcpu->kvm;

	vcpu->srcu_idx = srcu_read_lock(&kvm->srcu);

	for (;;) {
		if (kvm_vcpu_running(vcpu))
			r = vcpu_enter_guest(vcpu);
		else
			r = vcpu_block(kvm, vcpu);

		if (r <= 0)
			break;

		kvm_clear_request(KVM_REQ_UNBLOCK, vcpu);
		if (kvm_cpu_has_pending_timer(vcpu))
			kvm_inject_apic_timer_irqs(vcpu);

		if (need_resched()) {
			srcu_read_unlock(&kvm->srcu, vcpu->srcu_idx);
			schedule();
			vcpu->srcu_idx = srcu_read_lock(&kvm->srcu);
		}
	}

	srcu_read_unlock(&kvm->srcu, vcpu->srcu_idx);
	return r;
}

int kvm_arch_vcpu_ioctl_run(struct kvm_vcpu *vcpu)
{
	int r;

	vcpu_load(vcpu);
	r = vcpu_run(vcpu);
	vcpu_put(vcpu);
	return r;
}
