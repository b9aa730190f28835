// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts that are posted (Intel's, 5.15 and later): by KVM, which looks at
 * vcpu->mode as a kick does, and by a device, which looks at the descriptor alone.
 *
 * Kickers send from the host; the device posts through VT-d, which is a task here
 * and on a pCPU of its own in truth.  By actor bits the device is there from the
 * start or is assigned while the VM runs, and somebody inhibits APICv, and allows it
 * again (6.1 and later).
 */
#include <linux/version.h>
#include "scenario.h"

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 8, 0)

enum {
	ACTOR_DEVICE = 1, ACTOR_ASSIGN = 2, ACTOR_INHIBIT = 4, ACTOR_ALLOW = 8,
	INHIBIT_REASON = 1,
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
	ACTORS = ACTOR_DEVICE | ACTOR_ASSIGN | ACTOR_INHIBIT | ACTOR_ALLOW,
#else
	ACTORS = ACTOR_DEVICE | ACTOR_ASSIGN,
#endif
};

static const char *const vmx_names[] = {
	"vmx0", "vmx1", "vmx2", "vmx3", "vmx4", "vmx5", "vmx6", "vmx7",
};

#define VMX_FIELD(member, kind) \
	{ #member, offsetof(struct vcpu_vmx, member), sizeof_field(struct vcpu_vmx, member), 1, \
	  MACHINE_FIELD_##kind }

static const struct machine_field vmx_fields[] = {
	VMX_FIELD(pi_desc.pir, HEX),
	VMX_FIELD(pi_desc.control, HEX),
	VMX_FIELD(pi_wakeup_list.next, PTR),
	VMX_FIELD(pi_wakeup_list.prev, PTR),
	VMX_FIELD(pre_pcpu, INT),
	{ NULL, 0, 0, 0, MACHINE_FIELD_INT },
};

static __actor void kicker(void *arg)
{
	struct actor *me = arg;
	int i;

	for (i = 0; i < me->count; i++)
		kvm_arch_inject_irq(scenario_target(me, i));
}

static __actor void device(void *arg)
{
	struct actor *me = arg;
	int i;

	if (me->flags & ACTOR_ASSIGN)
		kvm_arch_start_assignment(me->kvm);
	for (i = 0; i < me->count; i++)
		vtd_hw_post(scenario_target(me, i), APIC_POSTED_VECTOR);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
static __actor void inhibitor(void *arg)
{
	struct actor *me = arg;

	kvm_set_or_clear_apicv_inhibit(me->kvm, INHIBIT_REASON, true);
	if (me->flags & ACTOR_ALLOW)
		kvm_set_or_clear_apicv_inhibit(me->kvm, INHIBIT_REASON, false);
}
#else
static void inhibitor(void *arg)
{
}
#endif

/* A vCPU that has not run yet wants no notifications. */
static void create_vmx(struct kvm_vcpu *vcpu)
{
	struct vcpu_vmx *vmx = machine_alloc(vmx_names[vcpu->vcpu_id], sizeof(*vmx), vmx_fields);

	vmx->pi_desc.control = pi_control_set_nv(BIT(POSTED_INTR_SN), POSTED_INTR_VECTOR);
	vmx->vcpu = vcpu;
	vmx->pre_pcpu = -1;
	vcpu->arch.vmx = vmx;
	vcpu->arch.apic.apicv_active = true;
	machine_posted(vcpu->vcpu_id, vmx);
}

static void setup(const struct machine_config *config)
{
	struct kvm *kvm = scenario_vm(config, BIT(MACHINE_EXIT_ICR) | BIT(MACHINE_EXIT_DEADLINE));
	struct actor *actor;
	int i;

	kvm->arch.enable_posted = true;
	for (i = 0; i < config->nr_pcpus; i++)
		INIT_LIST_HEAD(&per_cpu(wakeup_vcpus_on_cpu, i));
	for (i = 0; i < config->nr_vcpus; i++)
		create_vmx(scenario_vcpu(kvm, i));
	scenario_kickers(kvm, config, kicker, 0);
	if (config->actors & (ACTOR_DEVICE | ACTOR_ASSIGN)) {
		actor = scenario_actor(kvm, config, "device", config->nr_kickers, device);
		actor->count = config->kicks;
		actor->flags = config->actors;
	}
	if (config->actors & ACTOR_DEVICE)
		kvm->arch.assigned_device_count.counter = 1;
	if (config->actors & ACTOR_INHIBIT)
		scenario_actor(kvm, config, "inhibitor", config->nr_kickers + 1,
			       inhibitor)->flags = config->actors;
}

const struct machine_scenario scenario_posted_interrupts = {
	.name = "posted-interrupts",
	.claim = "an interrupt that is posted reaches the guest whatever the vCPU is doing: by a "
		 "notification, at its entry, or by a wake-up",
	.config = {
		.nr_pcpus = 3, .nr_vcpus = 1, .nr_kickers = 1, .kicks = 1, .halts = 1,
		.migrations = 1, .actors = ACTOR_DEVICE,
	},
	.min = { SCENARIO_MIN },
	.max = { SCENARIO_MAX, .nr_kickers = 6, .kicks = 100, .exits = 100, .halts = 100,
		 .actors = ACTORS },
	.setup = setup,
};

#endif
