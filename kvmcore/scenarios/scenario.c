// SPDX-License-Identifier: GPL-2.0-only
/* A VM whose vCPUs have tasks to run them, and tasks that do things to it. */
#include "scenario.h"
#include "form.h"

static const char *const vcpu_names[] = {
	"vcpu0", "vcpu1", "vcpu2", "vcpu3", "vcpu4", "vcpu5", "vcpu6", "vcpu7",
};

static const char *const vcpu_task_names[] = {
	"vcpu0-task", "vcpu1-task", "vcpu2-task", "vcpu3-task",
	"vcpu4-task", "vcpu5-task", "vcpu6-task", "vcpu7-task",
};

static const char *const kicker_names[] = {
	"kicker0", "kicker1", "kicker2", "kicker3", "kicker4", "kicker5", "kicker6", "kicker7",
};

_Static_assert(ARRAY_SIZE(vcpu_names) == MACHINE_MAX_VCPUS, "a name for each vCPU");

/* User space's loop around KVM_RUN: it goes back in until the VM is beyond help. */
static void vcpu_thread(void *arg)
{
	while (kvm_vcpu_ioctl_run(arg) >= 0)
		;
}

static __actor void scenario_add_vcpu(struct kvm *kvm, struct kvm_vcpu *vcpu)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
	kvm->vcpu_array.slots[vcpu->vcpu_id] = vcpu;
#else
	kvm->vcpus[vcpu->vcpu_id] = vcpu;
#endif
}

__actor struct kvm_vcpu *scenario_vcpu(const struct kvm *kvm, int nr)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
	return kvm->vcpu_array.slots[nr];
#else
	return kvm->vcpus[nr];
#endif
}

static void create_vcpu(struct kvm *kvm, int id, const struct machine_config *config,
			unsigned int exits)
{
	struct kvm_vcpu *vcpu;
	struct task_struct *task;

	vcpu = machine_alloc(vcpu_names[id], sizeof(*vcpu), form_vcpu_fields);
	task = machine_alloc(vcpu_task_names[id], sizeof(*task), form_task_fields);

	vcpu->kvm = kvm;
	vcpu->cpu = -1;
	vcpu->vcpu_id = id;
	vcpu->vcpu_idx = id;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 8, 0)
	rcuwait_init(&vcpu->wait);
#else
	init_swait_queue_head(&vcpu->wq);
#endif
	scenario_add_vcpu(kvm, vcpu);
	kvm->online_vcpus.counter++;

	machine_vcpu(id, vcpu);
	task->on_rq = 1;
	machine_task(task, vcpu_names[id], vcpu_thread, vcpu, id % config->nr_pcpus);
	machine_task_vcpu(task, id);
	machine_guest_program(id, config->halts, exits);
}

struct kvm *scenario_vm(const struct machine_config *config, unsigned int exits)
{
	struct kvm *kvm = machine_alloc("kvm", sizeof(*kvm), form_kvm_fields);
	int i;

	kvm_arch_init_vm(kvm);
	for (i = 0; i < config->nr_vcpus; i++)
		create_vcpu(kvm, i, config, exits);
	return kvm;
}

struct actor *scenario_actor(struct kvm *kvm, const struct machine_config *config,
			     const char *name, int nr, void (*fn)(void *))
{
	struct actor *actor = machine_alloc(name, sizeof(*actor), form_task_fields);

	actor->kvm = kvm;
	actor->nr = nr;
	actor->nr_vcpus = config->nr_vcpus;
	actor->count = 1;
	actor->task.on_rq = 1;
	machine_task(&actor->task, name, fn, actor,
		     (config->nr_vcpus + nr) % config->nr_pcpus);
	return actor;
}

void scenario_kickers(struct kvm *kvm, const struct machine_config *config,
		      void (*fn)(void *), unsigned int flags)
{
	struct actor *kicker;
	int i;

	for (i = 0; i < config->nr_kickers; i++) {
		kicker = scenario_actor(kvm, config, kicker_names[i], i, fn);
		kicker->count = config->kicks;
		kicker->flags = flags;
	}
}

static __actor int target_nr(const struct actor *actor, int i)
{
	return (actor->nr + i) % actor->nr_vcpus;
}

__actor struct kvm_vcpu *scenario_target(const struct actor *actor, int i)
{
	return scenario_vcpu(actor->kvm, target_nr(actor, i));
}

uint64_t scenario_target_bit(const struct actor *actor, int i)
{
	return 1ULL << target_nr(actor, i);
}
