// SPDX-License-Identifier: GPL-2.0-only
/*
 * Posted interrupts and a vCPU that comes and goes: where its descriptor sends
 * notifications while it runs, is preempted, or sleeps.
 *
 * Derived from arch/x86/kvm/vmx/posted_intr.c (which names no author) of Linux
 * 5.15, 6.1, 6.12 and 6.16, and x86.c.  Changed in 2026 by the authors of kicksim: APIC
 * numbers are those of pCPUs; assigned devices are a count, and what the IOMMU
 * knows of them is left out; no IPI virtualization; guests take interrupts always.
 */
#include <linux/kvm_host.h>
#include <linux/lockdep.h>

#ifdef KVM_ARCH_POSTED

/* The vCPUs that sleep until POSTED_INTR_WAKEUP_VECTOR comes to this pCPU. */
DEFINE_PER_CPU(struct list_head, wakeup_vcpus_on_cpu);
DEFINE_PER_CPU(raw_spinlock_t, wakeup_vcpus_on_cpu_lock);

/*
 * ON may be set at any time by another pCPU or by a device, so that all else in the
 * control word is changed by cmpxchg.
 */
static int pi_try_set_control(struct pi_desc *pi_desc, unsigned long *pold, unsigned long new)
{
	if (!try_cmpxchg64(&pi_desc->control, pold, new))
		return -EBUSY;

	return 0;
}

static bool vmx_can_use_vtd_pi(struct kvm *kvm)
{
	return atomic_read(&kvm->arch.assigned_device_count);
}

/*
 * While SN was set devices have posted without a notification, and without ON, by
 * which alone the vCPU knows that it has to look at PIR.
 */
static void pi_recompute_on(struct pi_desc *pi_desc)
{
	/*
	 * SN before PIR: either PIR is seen here, or the device that sets it
	 * after this look finds SN clear.
	 */
	smp_mb__after_atomic();

	if (!pi_is_pir_empty(pi_desc))
		pi_set_on(pi_desc);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
/* Before vcpu->cpu is stored: until then it names the list that the vCPU is on. */
void vmx_vcpu_pi_load(struct kvm_vcpu *vcpu, int cpu)
{
	struct pi_desc *pi_desc = vcpu_to_pi_desc(vcpu);
	struct vcpu_vmx *vmx = to_vmx(vcpu);
	unsigned long old, new, flags;

	if (pi_nv(pi_desc) != POSTED_INTR_WAKEUP_VECTOR && vcpu->cpu == cpu) {
		if (pi_test_and_clear_sn(pi_desc))
			pi_recompute_on(pi_desc);
		return;
	}

	local_irq_save(flags);

	if (pi_nv(pi_desc) == POSTED_INTR_WAKEUP_VECTOR) {
		raw_spin_lock(&per_cpu(wakeup_vcpus_on_cpu_lock, vcpu->cpu));
		list_del(&vmx->pi_wakeup_list);
		raw_spin_unlock(&per_cpu(wakeup_vcpus_on_cpu_lock, vcpu->cpu));
	}

	old = READ_ONCE(pi_desc->control);
	do {
		new = pi_control_set_ndst(old, cpu) & ~BIT(POSTED_INTR_SN);
		new = pi_control_set_nv(new, POSTED_INTR_VECTOR);
	} while (pi_try_set_control(pi_desc, &old, new));

	local_irq_restore(flags);

	pi_recompute_on(pi_desc);
}

/* The vCPU is being switched out, asleep: from now on its interrupts wake it. */
static void pi_enable_wakeup_handler(struct kvm_vcpu *vcpu)
{
	struct pi_desc *pi_desc = vcpu_to_pi_desc(vcpu);
	struct vcpu_vmx *vmx = to_vmx(vcpu);
	unsigned long old, new, flags;

	local_irq_save(flags);

	raw_spin_lock(&per_cpu(wakeup_vcpus_on_cpu_lock, vcpu->cpu));
	list_add_tail(&vmx->pi_wakeup_list, &per_cpu(wakeup_vcpus_on_cpu, vcpu->cpu));
	raw_spin_unlock(&per_cpu(wakeup_vcpus_on_cpu_lock, vcpu->cpu));

	WARN_ON(pi_test_sn(pi_desc));

	old = READ_ONCE(pi_desc->control);
	do {
		new = pi_control_set_nv(old, POSTED_INTR_WAKEUP_VECTOR);
	} while (pi_try_set_control(pi_desc, &old, new));

	/*
	 * What came before that went by the other vector, which nobody heeds.  A
	 * task that is just being switched out cannot be woken from here: the
	 * handler does it, once interrupts are on.
	 */
	if (new & BIT(POSTED_INTR_ON))
		machine_send_wakeup(smp_processor_id());

	local_irq_restore(flags);
}

/* A vCPU may both look asleep and be preempted: it was about to call schedule(). */
void vmx_vcpu_pi_put(struct kvm_vcpu *vcpu)
{
	if (!vmx_can_use_vtd_pi(vcpu->kvm))
		return;

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
	/* Whoever cannot be woken has no use for notifications. */
	if (!vcpu->preempted && kvm_vcpu_is_blocking(vcpu))
		pi_enable_wakeup_handler(vcpu);
	else
		pi_set_sn(vcpu_to_pi_desc(vcpu));
#else
	if (kvm_vcpu_is_blocking(vcpu))
		pi_enable_wakeup_handler(vcpu);

	if (vcpu->preempted)
		pi_set_sn(vcpu_to_pi_desc(vcpu));
#endif
}
#else
/* A vCPU on a list stays there, and NDST names that pCPU, until pi_post_block(). */
void vmx_vcpu_pi_load(struct kvm_vcpu *vcpu, int cpu)
{
	struct pi_desc *pi_desc = vcpu_to_pi_desc(vcpu);
	unsigned long old, new;

	if (!pi_test_sn(pi_desc) && vcpu->cpu == cpu)
		return;

	if (pi_nv(pi_desc) == POSTED_INTR_WAKEUP_VECTOR || vcpu->cpu == cpu) {
		pi_clear_sn(pi_desc);
		pi_recompute_on(pi_desc);
		return;
	}

	old = READ_ONCE(pi_desc->control);
	do {
		new = pi_control_set_ndst(old, cpu) & ~BIT(POSTED_INTR_SN);
	} while (pi_try_set_control(pi_desc, &old, new));

	pi_recompute_on(pi_desc);
}

void vmx_vcpu_pi_put(struct kvm_vcpu *vcpu)
{
	if (!vmx_can_use_vtd_pi(vcpu->kvm))
		return;

	if (vcpu->preempted)
		pi_set_sn(vcpu_to_pi_desc(vcpu));
}

static void __pi_post_block(struct kvm_vcpu *vcpu)
{
	struct pi_desc *pi_desc = vcpu_to_pi_desc(vcpu);
	struct vcpu_vmx *vmx = to_vmx(vcpu);
	unsigned long old = READ_ONCE(pi_desc->control), new;

	do {
		WARN_ON(pi_control_nv(old) != POSTED_INTR_WAKEUP_VECTOR);
		new = pi_control_set_ndst(old, vcpu->cpu);
		new = pi_control_set_nv(new, POSTED_INTR_VECTOR);
	} while (pi_try_set_control(pi_desc, &old, new));

	if (!WARN_ON(vmx->pre_pcpu == -1)) {
		raw_spin_lock(&per_cpu(wakeup_vcpus_on_cpu_lock, vmx->pre_pcpu));
		list_del(&vmx->pi_wakeup_list);
		raw_spin_unlock(&per_cpu(wakeup_vcpus_on_cpu_lock, vmx->pre_pcpu));
		vmx->pre_pcpu = -1;
	}
}

/*
 * Before a vCPU blocks; true: it must not, because something is posted.  From here
 * to pi_post_block() the vCPU may go to another pCPU, and stays on this one's list.
 */
int pi_pre_block(struct kvm_vcpu *vcpu)
{
	struct pi_desc *pi_desc = vcpu_to_pi_desc(vcpu);
	struct vcpu_vmx *vmx = to_vmx(vcpu);
	unsigned long old, new;

	if (!vmx_can_use_vtd_pi(vcpu->kvm))
		return 0;

	WARN_ON(irqs_disabled());
	local_irq_disable();
	if (!WARN_ON(vmx->pre_pcpu != -1)) {
		vmx->pre_pcpu = vcpu->cpu;
		raw_spin_lock(&per_cpu(wakeup_vcpus_on_cpu_lock, vmx->pre_pcpu));
		list_add_tail(&vmx->pi_wakeup_list, &per_cpu(wakeup_vcpus_on_cpu, vmx->pre_pcpu));
		raw_spin_unlock(&per_cpu(wakeup_vcpus_on_cpu_lock, vmx->pre_pcpu));
	}

	old = READ_ONCE(pi_desc->control);
	do {
		WARN_ON(old & BIT(POSTED_INTR_SN));
		new = pi_control_set_ndst(old, vmx->pre_pcpu);
		new = pi_control_set_nv(new, POSTED_INTR_WAKEUP_VECTOR);
	} while (pi_try_set_control(pi_desc, &old, new));

	if (pi_test_on(pi_desc))
		__pi_post_block(vcpu);

	local_irq_enable();
	return vmx->pre_pcpu == -1;
}

void pi_post_block(struct kvm_vcpu *vcpu)
{
	if (to_vmx(vcpu)->pre_pcpu == -1)
		return;

	WARN_ON(irqs_disabled());
	local_irq_disable();
	__pi_post_block(vcpu);
	local_irq_enable();
}
#endif

/* The vector's handler: it cannot tell for whom it came, but ON does. */
void pi_wakeup_handler(void)
{
	struct list_head *wakeup_list = this_cpu_ptr(&wakeup_vcpus_on_cpu);
	raw_spinlock_t *spinlock = this_cpu_ptr(&wakeup_vcpus_on_cpu_lock);
	struct vcpu_vmx *vmx;

	raw_spin_lock(spinlock);
	list_for_each_entry(vmx, wakeup_list, pi_wakeup_list) {
		if (pi_test_on(&vmx->pi_desc))
			vmx_wake_up(vmx_to_vcpu(vmx));
	}
	raw_spin_unlock(spinlock);
}

/*
 * A device comes: vCPUs that have gone to sleep before that would not hear of its
 * interrupts.
 */
static void vmx_pi_start_assignment(struct kvm *kvm)
{
	machine_call_begin(~0ULL, KVM_REQ_UNBLOCK & KVM_REQUEST_MASK, MACHINE_CALL_MASK);
	kvm_make_all_cpus_request(kvm, KVM_REQ_UNBLOCK);
	machine_call_end();
}

void kvm_arch_start_assignment(struct kvm *kvm)
{
	if (atomic_inc_return(&kvm->arch.assigned_device_count) == 1)
		vmx_pi_start_assignment(kvm);
}

#endif
