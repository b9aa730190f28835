/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The posted-interrupt descriptor: what hardware, senders and the vCPU share.
 *
 * Who has an interrupt for the vCPU sets its bit in PIR, then ON, and if ON was not
 * set before notifies pCPU NDST with vector NV, unless SN says that a notification
 * is of no use.  The vCPU clears ON, then takes what is in PIR.
 *
 * Derived from arch/x86/kvm/vmx/posted_intr.h of Linux 6.1, which names no author.
 * Changed: PIR has one word, and the fields of the control word, which the memory
 * models know as a whole, are taken out of it.
 */
#ifndef _ASM_POSTED_INTR_H
#define _ASM_POSTED_INTR_H

#include <linux/bitops.h>
#include <linux/list.h>

#define POSTED_INTR_ON	0
#define POSTED_INTR_SN	1

#define POSTED_INTR_NV_SHIFT	16
#define POSTED_INTR_NDST_SHIFT	32

#define POSTED_INTR_VECTOR		0xf2
#define POSTED_INTR_WAKEUP_VECTOR	0xf1

struct pi_desc {
	unsigned long pir;		/* posted interrupt requests */
	unsigned long control;		/* ON, SN, NV, NDST */
};

/* What an x86 vCPU on Intel's hardware has of its own. */
struct vcpu_vmx {
	struct pi_desc pi_desc;
	struct list_head pi_wakeup_list;
	struct kvm_vcpu *vcpu;
	int pre_pcpu;			/* until 5.16: on whose list it is, or -1 */
};

static inline u8 pi_control_nv(unsigned long control)
{
	return (u8)(control >> POSTED_INTR_NV_SHIFT);
}

static inline int pi_control_ndst(unsigned long control)
{
	return (int)(control >> POSTED_INTR_NDST_SHIFT);
}

static inline unsigned long pi_control_set_nv(unsigned long control, u8 nv)
{
	return (control & ~(0xffUL << POSTED_INTR_NV_SHIFT)) |
		(unsigned long)nv << POSTED_INTR_NV_SHIFT;
}

static inline unsigned long pi_control_set_ndst(unsigned long control, int cpu)
{
	return (control & (BIT(POSTED_INTR_NDST_SHIFT) - 1)) |
		(unsigned long)cpu << POSTED_INTR_NDST_SHIFT;
}

static inline bool pi_test_and_set_on(struct pi_desc *pi_desc)
{
	return test_and_set_bit(POSTED_INTR_ON, &pi_desc->control);
}

static inline bool pi_test_and_clear_sn(struct pi_desc *pi_desc)
{
	return test_and_clear_bit(POSTED_INTR_SN, &pi_desc->control);
}

static inline bool pi_test_and_set_pir(int vector, struct pi_desc *pi_desc)
{
	return test_and_set_bit(vector, &pi_desc->pir);
}

/* Plain, as in the kernel. */
static inline bool pi_is_pir_empty(struct pi_desc *pi_desc)
{
	return !pi_desc->pir;
}

static inline u8 pi_nv(struct pi_desc *pi_desc)
{
	return pi_control_nv(pi_desc->control);
}

static inline void pi_set_sn(struct pi_desc *pi_desc)
{
	set_bit(POSTED_INTR_SN, &pi_desc->control);
}

static inline void pi_set_on(struct pi_desc *pi_desc)
{
	set_bit(POSTED_INTR_ON, &pi_desc->control);
}

static inline void pi_clear_on(struct pi_desc *pi_desc)
{
	clear_bit(POSTED_INTR_ON, &pi_desc->control);
}

static inline void pi_clear_sn(struct pi_desc *pi_desc)
{
	clear_bit(POSTED_INTR_SN, &pi_desc->control);
}

static inline bool pi_test_on(struct pi_desc *pi_desc)
{
	return test_bit(POSTED_INTR_ON, &pi_desc->control);
}

static inline bool pi_test_sn(struct pi_desc *pi_desc)
{
	return test_bit(POSTED_INTR_SN, &pi_desc->control);
}

#endif
