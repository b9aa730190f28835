/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of KVM's structures, and the kinds of addresses that SPTEs deal in. */
#ifndef __KVM_TYPES_H__
#define __KVM_TYPES_H__

#include <linux/types.h>

struct kvm;
struct kvm_vcpu;
struct kvm_mmu_page;

/*
 * Statistics are kept where nobody looks: not by an access that could race or be
 * a place to switch at, nor in a state that differs by them.  The compiler has no
 * hook for integers of such a size, and the index leads to memory of its own
 * (see MACHINE_NOWHERE); sums are of no use there, and are not promised.
 */
#define KVM_STAT_ROOM	0x1000
#define kvm_stat_t	unsigned _BitInt(40)
#define KVM_STAT(type) \
	union { type in_room; char room[KVM_STAT_ROOM]; } __stat[0]
#define stat		__stat[MACHINE_NOWHERE / KVM_STAT_ROOM].in_room

struct kvm_vm_stat_generic {
	kvm_stat_t remote_tlb_flush;
	kvm_stat_t remote_tlb_flush_requests;
};

struct kvm_vcpu_stat_generic {
	kvm_stat_t halt_successful_poll;
	kvm_stat_t halt_attempted_poll;
	kvm_stat_t halt_poll_invalid;
	kvm_stat_t halt_wakeup;
	kvm_stat_t halt_wait_ns;
	kvm_stat_t blocking;
};

struct kvm_vm_stat {
	struct kvm_vm_stat_generic generic;
};

struct kvm_vcpu_stat {
	struct kvm_vcpu_stat_generic generic;
};

#define gfn_t	u64
#define gpa_t	u64

#endif
