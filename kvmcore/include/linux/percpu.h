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

#endif
