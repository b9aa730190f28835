/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of KVM's structures, and the kinds of addresses that SPTEs deal in. */
#ifndef __KVM_TYPES_H__
#define __KVM_TYPES_H__

#include <linux/types.h>

struct kvm;
struct kvm_vcpu;
struct kvm_mmu_page;

#define gfn_t	u64
#define gpa_t	u64

#endif
