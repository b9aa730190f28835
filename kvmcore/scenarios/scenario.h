/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What scenarios are made of: one VM, a task for each vCPU, and actors.
 *
 * A setup() creates the VM first, then actors in the order in which they are
 * to start.  Each vCPU task starts on pCPU number % pCPUs, and the first actor
 * on the pCPU after the last vCPU's, so that with enough pCPUs each task has
 * one of its own.
 *
 * An actor's struct is read by its own task only, so the functions that look
 * into it carry __actor; what they call for their effect on KVM is compiled
 * with hooks like all kernel code.
 */
#ifndef KVMCORE_SCENARIO_H
#define KVMCORE_SCENARIO_H

#include <linux/kvm_host.h>

#define __actor		__no_kcsan

/*
 * How the architecture kicks, asks and kicks, and asks all.  s390 has no kick without
 * a request, none that does not wait, and none that goes by pCPUs.
 */
#ifdef KVMCORE_ARCH_S390
#define scenario_kick(vcpu)			kvm_s390_sync_request(SCENARIO_REQ, vcpu)
#define scenario_request_and_kick(req, vcpu)	kvm_s390_sync_request(req, vcpu)
#define scenario_make_request(kvm, req)		kvm_s390_sync_request_broadcast(kvm, req, ~0UL)
#else
#define scenario_kick(vcpu)			kvm_vcpu_kick(vcpu)
#define scenario_request_and_kick(req, vcpu) \
	do { kvm_make_request(req, vcpu); kvm_vcpu_kick(vcpu); } while (0)
#define scenario_make_request(kvm, req)		kvm_make_all_cpus_request(kvm, req)
#endif

struct actor {
	struct task_struct task;
	struct kvm *kvm;
	int nr;
	int nr_vcpus;
	int count;			/* how often it acts */
	unsigned int flags;		/* the scenario's own */
};

/* The VM and its vCPUs' tasks; guests halt and exit as @config and @exits say. */
struct kvm *scenario_vm(const struct machine_config *config, unsigned int exits);

/* The actor with number @nr, counted over all of them; acts once unless changed. */
struct actor *scenario_actor(struct kvm *kvm, const struct machine_config *config,
			     const char *name, int nr, void (*fn)(void *));

/* config->nr_kickers actors, numbered from 0, each of which acts config->kicks times. */
void scenario_kickers(struct kvm *kvm, const struct machine_config *config,
		      void (*fn)(void *), unsigned int flags);

/* Asks all vCPUs for @req, and tells the oracles what its flags promise. */
void scenario_request_all(struct kvm *kvm, unsigned int req);

/* Actors of several scenarios, with number @nr; config says how often they act. */
void scenario_timers(struct kvm *kvm, const struct machine_config *config, int nr);
void scenario_hotplug(struct kvm *kvm, const struct machine_config *config, int nr);
/* x86 only */
void scenario_zapper(struct kvm *kvm, const struct machine_config *config, int nr);

/* vCPU @nr, without a look at memory that others write. */
struct kvm_vcpu *scenario_vcpu(const struct kvm *kvm, int nr);
/* The vCPU that an actor turns to when it acts for the @i-th time. */
struct kvm_vcpu *scenario_target(const struct actor *actor, int i);
/* The same as a bitmap, as machine_call_begin() wants it. */
uint64_t scenario_target_bit(const struct actor *actor, int i);

/* Bounds that all scenarios share; a field that is not named has to be 0. */
#define SCENARIO_MIN	.nr_pcpus = 1, .nr_vcpus = 1
#define SCENARIO_MAX	.nr_pcpus = MACHINE_MAX_PCPUS, .nr_vcpus = MACHINE_MAX_VCPUS, \
			.migrations = 100, .preemptions = 100
#define SCENARIO_KICKERS_MAX	.nr_kickers = MACHINE_MAX_TASKS - MACHINE_MAX_VCPUS, \
				.kicks = 100

#endif
