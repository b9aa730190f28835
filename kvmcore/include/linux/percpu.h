/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU variables: defined once, in section kvm_percpu, as a template of
 * which the machine gives each pCPU a copy.  The template itself is never
 * accessed.
 */
#ifndef _LINUX_PERCPU_H
#define _LINUX_PERCPU_H

#include <linux/cpumask.h>
#include <linux/smp.h>

#define DEFINE_PER_CPU(type, name) \
	__attribute__((__section__("kvm_percpu"))) __typeof__(type) name
#define DECLARE_PER_CPU(type, name) \
	extern __attribute__((__section__("kvm_percpu"))) __typeof__(type) name

#define per_cpu_ptr(ptr, cpu)	((__typeof__(ptr))machine_percpu((ptr), (cpu)))
#define per_cpu(var, cpu)	(*per_cpu_ptr(&(var), cpu))
#define this_cpu_ptr(ptr)	per_cpu_ptr(ptr, smp_processor_id())

/* Plain, as in the kernel: only this pCPU writes, and not under preemption. */
#define __this_cpu_read(var)		(*this_cpu_ptr(&(var)))
#define __this_cpu_write(var, val)	do { *this_cpu_ptr(&(var)) = (val); } while (0)
#define this_cpu_read(var)		READ_ONCE(*this_cpu_ptr(&(var)))
#define this_cpu_write(var, val)	WRITE_ONCE(*this_cpu_ptr(&(var)), val)

#define __this_cpu_add(var, val)	do { *this_cpu_ptr(&(var)) += (val); } while (0)
#define __this_cpu_sub(var, val)	__this_cpu_add(var, -(val))
#define __this_cpu_inc(var)		__this_cpu_add(var, 1)
#define __this_cpu_dec(var)		__this_cpu_add(var, -1)

/* Whole to this pCPU's interrupts, and to nobody else; orders nothing. */
#define kvmcore_this_cpu(var, result) ({				\
	unsigned long __flags;						\
	__typeof__(var) __old;						\
									\
	local_irq_save(__flags);					\
	__old = READ_ONCE(*this_cpu_ptr(&(var)));			\
	WRITE_ONCE(*this_cpu_ptr(&(var)), (result));			\
	local_irq_restore(__flags);					\
	__old;								\
})

#define this_cpu_add(var, val)		((void)kvmcore_this_cpu(var, __old + (val)))
#define this_cpu_sub(var, val)		((void)kvmcore_this_cpu(var, __old - (val)))
#define this_cpu_inc(var)		this_cpu_add(var, 1)
#define this_cpu_dec(var)		this_cpu_sub(var, 1)
#define this_cpu_or(var, val)		((void)kvmcore_this_cpu(var, __old | (val)))
#define this_cpu_and(var, val)		((void)kvmcore_this_cpu(var, __old & (val)))
#define this_cpu_xchg(var, val)		kvmcore_this_cpu(var, (val))
#define this_cpu_cmpxchg(var, old, new) \
	kvmcore_this_cpu(var, __old == (old) ? (new) : __old)
#define this_cpu_inc_return(var)	(kvmcore_this_cpu(var, __old + 1) + 1)

#define raw_cpu_ptr(ptr)		this_cpu_ptr(ptr)
#define raw_cpu_read(var)		__this_cpu_read(var)
#define raw_cpu_write(var, val)		__this_cpu_write(var, val)
#define get_cpu_var(var)	(*({ preempt_disable(); this_cpu_ptr(&(var)); }))
#define put_cpu_var(var)	((void)&(var), preempt_enable())
#define get_cpu_ptr(ptr)	({ preempt_disable(); this_cpu_ptr(ptr); })
#define put_cpu_ptr(ptr)	((void)(ptr), preempt_enable())

#endif
