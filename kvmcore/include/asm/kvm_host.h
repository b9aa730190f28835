/* SPDX-License-Identifier: GPL-2.0-only */
/* What vCPUs and VMs have of their own on the architecture that is compiled. */
#ifndef _ASM_KVM_HOST_H
#define _ASM_KVM_HOST_H

#if defined(KVMCORE_ARCH_X86)
#include <asm/kvm_x86.h>
#elif defined(KVMCORE_ARCH_ARM64)
#include <asm/kvm_arm64.h>
#elif defined(KVMCORE_ARCH_RISCV)
#include <asm/kvm_riscv.h>
#elif defined(KVMCORE_ARCH_LOONGARCH)
#include <asm/kvm_loongarch.h>
#elif defined(KVMCORE_ARCH_MIPS)
#include <asm/kvm_mips.h>
#elif defined(KVMCORE_ARCH_POWERPC)
#include <asm/kvm_powerpc.h>
#elif defined(KVMCORE_ARCH_S390)
#include <asm/kvm_s390.h>
#else
#error "kvmcore/build.sh names the architecture"
#endif

#ifndef KVM_ARCH_MODE_USE
#define KVM_ARCH_MODE_USE	MACHINE_MODE_LEAVES
#endif

#endif
