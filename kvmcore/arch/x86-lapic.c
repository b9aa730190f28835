// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts on their way into an x86 guest: local APIC, its timer, and NMIs.
 *
 * Copyright (C) 2006 Qumranet, Inc.
 * Copyright (C) 2007 Novell
 * Copyright (C) 2007 Intel
 * Copyright 2009 Red Hat, Inc. and/or its affiliates.
 *
 * Authors:
 *   Dor Laor <dor.laor@qumranet.com>
 *   Gregory Haskins <ghaskins@novell.com>
 *   Yaozu (Eddie) Dong <eddie.dong@intel.com>
 *
 * Based on Xen 3.1 code, Copyright (c) 2004, Intel Corporation.
 *
 * Derived from arch/x86/kvm/lapic.c and (NMIs) arch/x86/kvm/x86.c of Linux
 * 5.15.  Changed in 2026 by the authors of kicksim: one word of vectors;
 * irr_pending, which caches whether it is zero, is left out; edge-triggered
 * fixed interrupts only; the timer stays on the pCPU that armed it.
 */
#include <linux/hrtimer.h>
#include <linux/kvm_host.h>

#define APIC_TIMER_NS		1000

static inline void kvm_lapic_set_irr(int vec, struct kvm_lapic *apic)
{
	set_bit(vec, &apic->irr);
}

static inline void apic_clear_irr(int vec, struct kvm_lapic *apic)
{
	clear_bit(vec, &apic->irr);
}

/* A plain load, as in the kernel: whoever sets a bit also kicks. */
static int find_highest_vector(unsigned long *bitmap)
{
	unsigned long reg = *bitmap;

	return reg ? (int)__fls(reg) : -1;
}

int kvm_lapic_find_highest_irr(struct kvm_vcpu *vcpu)
{
	return find_highest_vector(&vcpu->arch.apic.irr);
}

/* What has been posted counts; before 5.17 not while APICv is off. */
int kvm_apic_has_interrupt(struct kvm_vcpu *vcpu)
{
	if (kvm_arch_has_posted(vcpu) &&
	    (LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0) || kvm_vcpu_apicv_active(vcpu)))
		return vmx_sync_pir_to_irr(vcpu);
	return kvm_lapic_find_highest_irr(vcpu);
}

int kvm_get_apic_interrupt(struct kvm_vcpu *vcpu)
{
	int vector = kvm_apic_has_interrupt(vcpu);

	if (vector != -1)
		apic_clear_irr(vector, &vcpu->arch.apic);
	return vector;
}

/* Vector before request before kick: the vCPU sees it on one of two ways. */
static void __apic_accept_irq(struct kvm_vcpu *vcpu, int vector)
{
	machine_call_begin(1ULL << kvm_vcpu_nr(vcpu), KVM_REQ_EVENT, 0);
	kvm_lapic_set_irr(vector, &vcpu->arch.apic);
	kvm_make_request(KVM_REQ_EVENT, vcpu);
	kvm_vcpu_kick(vcpu);
	machine_call_end();
}

/* Vendor code decides who delivers: without such hardware it is KVM itself. */
void kvm_apic_set_irq(struct kvm_vcpu *vcpu, int vector)
{
	if (!kvm_arch_has_apicv(vcpu)) {
		__apic_accept_irq(vcpu, vector);
		return;
	}
	machine_call_begin(1ULL << kvm_vcpu_nr(vcpu), KVM_REQ_EVENT, 0);
	kvm_x86_deliver_interrupt(vcpu, vector);
	machine_call_end();
}

void kvm_arch_inject_irq(struct kvm_vcpu *vcpu)
{
	kvm_apic_set_irq(vcpu, APIC_DEVICE_VECTOR);
}

int apic_has_pending_timer(struct kvm_vcpu *vcpu)
{
	return atomic_read(&vcpu->arch.apic.lapic_timer.pending);
}

void kvm_inject_apic_timer_irqs(struct kvm_vcpu *vcpu)
{
	struct kvm_lapic *apic = &vcpu->arch.apic;

	if (atomic_read(&apic->lapic_timer.pending) > 0) {
		kvm_apic_set_irq(vcpu, APIC_TIMER_VECTOR);
		atomic_set(&apic->lapic_timer.pending, 0);
	}
}

static void apic_timer_expired(struct kvm_vcpu *vcpu, bool from_timer_fn)
{
	struct kvm_lapic *apic = &vcpu->arch.apic;

	if (atomic_read(&apic->lapic_timer.pending))
		return;

	/* The count is what makes kvm_vcpu_check_block() go on. */
	atomic_inc(&apic->lapic_timer.pending);
	kvm_make_request(KVM_REQ_UNBLOCK, vcpu);
	if (from_timer_fn)
		kvm_vcpu_kick(vcpu);
}

/* In hard interrupt context, wherever the vCPU may be by then. */
static void apic_timer_fn(void *data)
{
	struct kvm_vcpu *vcpu = data;

	machine_call_begin(1ULL << kvm_vcpu_nr(vcpu), KVM_REQ_UNBLOCK, 0);
	apic_timer_expired(vcpu, true);
	machine_call_end();
}

/* A deadline that cannot be waited for has passed: the vCPU takes it itself. */
void kvm_set_lapic_tscdeadline_msr(struct kvm_vcpu *vcpu)
{
	if (!hrtimer_start_here(APIC_TIMER_NS, apic_timer_fn, vcpu))
		apic_timer_expired(vcpu, false);
}

void kvm_inject_nmi(struct kvm_vcpu *vcpu)
{
	atomic_inc(&vcpu->arch.nmi_queued);
	kvm_make_request(KVM_REQ_NMI, vcpu);
}

void process_nmi(struct kvm_vcpu *vcpu)
{
	vcpu->arch.nmi_pending += (unsigned int)atomic_xchg(&vcpu->arch.nmi_queued, 0);
	kvm_make_request(KVM_REQ_EVENT, vcpu);
}
