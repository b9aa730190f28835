// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shadow page tables: walks without a lock, and zapping what they may walk.
 *
 * Copyright (C) 2006 Qumranet, Inc.
 * Copyright 2010 Red Hat, Inc. and/or its affiliates.
 *
 * Authors:
 *   Yaniv Kamay  <yaniv@qumranet.com>
 *   Avi Kivity   <avi@qumranet.com>
 *
 * Derived from arch/x86/kvm/mmu/mmu.c of Linux 5.15.  Changed in 2026 by the
 * authors of kicksim: two levels, one entry at each; a page that is freed comes
 * back as the next leaf, since there is no allocator.
 */
#include <linux/kvm_host.h>

static u64 make_spte(struct kvm_mmu_page *sp)
{
	return (u64)(uintptr_t)sp | SPTE_PRESENT;
}

static struct kvm_mmu_page *to_shadow_page(u64 spte)
{
	return (struct kvm_mmu_page *)(uintptr_t)(spte & SPTE_BASE_ADDR_MASK);
}

static void walk_shadow_page_lockless_begin(struct kvm_vcpu *vcpu)
{
	/* Whoever frees a page waits for an IPI's answer: not while this is off. */
	local_irq_disable();

	/* No SPTE may be loaded before the mode is there for the freer to see. */
	smp_store_mb(vcpu->mode, READING_SHADOW_PAGE_TABLES);
}

static void walk_shadow_page_lockless_end(struct kvm_vcpu *vcpu)
{
	/* Nor may the mode go before the last one is loaded. */
	smp_store_release(&vcpu->mode, OUTSIDE_GUEST_MODE);
	local_irq_enable();
}

static u64 __get_spte_lockless(u64 *sptep)
{
	return READ_ONCE(*sptep);
}

static u64 mmu_spte_get_lockless(u64 *sptep)
{
	return __get_spte_lockless(sptep);
}

static void mmu_spte_set(u64 *sptep, u64 spte)
{
	WRITE_ONCE(*sptep, spte);
}

/* A page fault looks for the SPTE that faulted. */
void kvm_mmu_walk_lockless(struct kvm_vcpu *vcpu)
{
	struct kvm *kvm = vcpu->kvm;
	u64 spte;

	walk_shadow_page_lockless_begin(vcpu);
	spte = mmu_spte_get_lockless(&kvm->arch.root->spt[0]);
	if (spte & SPTE_PRESENT)
		spte = mmu_spte_get_lockless(&to_shadow_page(spte)->spt[0]);
	/* A corrupted entry is KVM's own fault, whatever the guest has done. */
	if (spte & SPTE_RESERVED && !kvm->vm_bugged)
		kvm_vm_bugged(kvm);
	walk_shadow_page_lockless_end(vcpu);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 15, 0)
static void kvm_mmu_flush(struct kvm *kvm)
{
	machine_call_begin(~0ULL, KVM_REQ_TLB_FLUSH & KVM_REQUEST_MASK,
			   MACHINE_CALL_MASK | MACHINE_CALL_WAIT | MACHINE_CALL_NO_WAKEUP);
	kvm_flush_remote_tlbs(kvm);
	machine_call_end();
}
#else
#define kvm_mmu_flush(kvm)	kvm_flush_remote_tlbs(kvm)
#endif

/* The page is out of the walkers' reach; by its flush it is out of their hands. */
static void kvm_mmu_commit_zap_page(struct kvm *kvm, struct kvm_mmu_page *sp)
{
	kvm_mmu_flush(kvm);
	machine_page_free(sp, sizeof(*sp));
}

/* Unlink the leaf page and free it. */
void kvm_mmu_zap_leaf(struct kvm *kvm)
{
	write_lock(&kvm->mmu_lock);
	mmu_spte_set(&kvm->arch.root->spt[0], 0);
	kvm_mmu_commit_zap_page(kvm, kvm->arch.leaf);
	write_unlock(&kvm->mmu_lock);
}

/* Link a new leaf page, empty, in the place of the one that was zapped. */
void kvm_mmu_map_leaf(struct kvm *kvm)
{
	struct kvm_mmu_page *sp = kvm->arch.leaf;

	write_lock(&kvm->mmu_lock);
	machine_page_alloc(sp, sizeof(*sp));
	mmu_spte_set(&sp->spt[0], 0);
	/* Walkers come by the address: the dependency orders their loads. */
	smp_wmb();
	mmu_spte_set(&kvm->arch.root->spt[0], make_spte(sp));
	write_unlock(&kvm->mmu_lock);
}

static const struct machine_field page_fields[] = {
	{ "spt", offsetof(struct kvm_mmu_page, spt), 8, PT64_ENT_PER_PAGE, MACHINE_FIELD_PTR },
	{ NULL, 0, 0, 0, MACHINE_FIELD_INT },
};

/* Setup: a VM starts with the leaf page linked. */
void kvm_arch_init_vm(struct kvm *kvm)
{
	kvm->arch.root = machine_alloc("root", sizeof(struct kvm_mmu_page), page_fields);
	kvm->arch.leaf = machine_alloc("leaf", sizeof(struct kvm_mmu_page), page_fields);
	mmu_spte_set(&kvm->arch.root->spt[0], make_spte(kvm->arch.leaf));
}
