// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one object that a compiled form exports.
 *
 * The build gives the form's name as KVMCORE_FORM, the architecture as
 * KVMCORE_ARCH and the name of the patch that was applied, or "", as
 * KVMCORE_VARIANT.
 */
#include <linux/kvm_host.h>
#include "form.h"

#define FIELD(type, member, kind) \
	{ #member, offsetof(type, member), sizeof_field(type, member), 1, MACHINE_FIELD_##kind }
#define VCPU_FIELD(member, kind)	FIELD(struct kvm_vcpu, member, kind),
#define FIELD_END { NULL, 0, 0, 0, MACHINE_FIELD_INT }

const struct machine_field form_vcpu_fields[] = {
	FIELD(struct kvm_vcpu, kvm, PTR),
	FIELD(struct kvm_vcpu, cpu, INT),
	FIELD(struct kvm_vcpu, vcpu_id, INT),
	FIELD(struct kvm_vcpu, vcpu_idx, INT),
	FIELD(struct kvm_vcpu, srcu_idx, INT),
	FIELD(struct kvm_vcpu, mode, MODE),
	FIELD(struct kvm_vcpu, requests, REQUESTS),
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 8, 0)
	FIELD(struct kvm_vcpu, wait.task, PTR),
#else
	FIELD(struct kvm_vcpu, wq.lock, INT),
	FIELD(struct kvm_vcpu, wq.task, PTR),
#endif
	FIELD(struct kvm_vcpu, preempted, BOOL),
	FIELD(struct kvm_vcpu, ready, BOOL),
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
	FIELD(struct kvm_vcpu, scheduled_out, BOOL),
	FIELD(struct kvm_vcpu, wants_to_run, BOOL),
#endif
	KVM_ARCH_VCPU_FIELDS(VCPU_FIELD)
#ifdef KVM_LIFTED_VCPU_FIELDS
	KVM_LIFTED_VCPU_FIELDS(VCPU_FIELD)
#endif
	FIELD_END,
};

const struct machine_field form_kvm_fields[] = {
	FIELD(struct kvm, mmu_lock, INT),
	FIELD(struct kvm, online_vcpus, INT),
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
	{ "vcpu_array", offsetof(struct kvm, vcpu_array), sizeof(void *), KVM_MAX_VCPUS,
	  MACHINE_FIELD_PTR },
	FIELD(struct kvm, vm_dead, BOOL),
#else
	{ "vcpus", offsetof(struct kvm, vcpus), sizeof(void *), KVM_MAX_VCPUS,
	  MACHINE_FIELD_PTR },
#endif
	FIELD(struct kvm, srcu.srcu_idx, INT),
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 15, 0)
	FIELD(struct kvm, tlbs_dirty, INT),
#endif
	FIELD(struct kvm, vm_bugged, BOOL),
	FIELD(struct kvm, dirty_bitmap, HEX),
	FIELD_END,
};

const struct machine_field form_task_fields[] = {
	FIELD(struct task_struct, __state, STATE),
	FIELD(struct task_struct, on_rq, INT),
	FIELD_END,
};

static const struct machine_percpu_var percpu_vars[] = {
	{ "kvm_running_vcpu", (const char *)&kvm_running_vcpu, sizeof(kvm_running_vcpu),
	  MACHINE_FIELD_PTR },
#ifdef KVM_ARCH_POSTED
	{ "wakeup_vcpus.next", (const char *)&wakeup_vcpus_on_cpu.next, sizeof(void *),
	  MACHINE_FIELD_PTR },
	{ "wakeup_vcpus.prev", (const char *)&wakeup_vcpus_on_cpu.prev, sizeof(void *),
	  MACHINE_FIELD_PTR },
	{ "wakeup_vcpus_lock", (const char *)&wakeup_vcpus_on_cpu_lock, sizeof(int),
	  MACHINE_FIELD_INT },
#endif
	{ NULL, NULL, 0, MACHINE_FIELD_INT },
};

#define REQUEST(name)	[KVM_REQ_##name & KVM_REQUEST_MASK] = #name,

static const char *const request_names[64] = {
	KVM_GENERIC_REQUESTS(REQUEST)
	KVM_ARCH_REQUESTS(REQUEST)
};

/* What kvm_vcpu_check_block() looks at; a sleeper sleeps on for all others. */
#define WAKING_REQUESTS	(BIT(KVM_REQ_UNBLOCK) | KVM_ARCH_WAKING_REQUESTS)

/* Bounds of the section, by the linker. */
extern char __start_kvm_percpu[], __stop_kvm_percpu[];

extern const struct machine_form kvmcore_form;

__attribute__((__visibility__("default"))) const struct machine_form kvmcore_form = {
	.abi = MACHINE_ABI,
	.name = KVMCORE_FORM,
	.arch = KVMCORE_ARCH,
	.variant = KVMCORE_VARIANT,
	.scenarios = form_scenarios,
	.layout = {
		.vcpu_mode = offsetof(struct kvm_vcpu, mode),
		.vcpu_requests = offsetof(struct kvm_vcpu, requests),
		.vcpu_cpu = offsetof(struct kvm_vcpu, cpu),
		.vcpu_irq_pending = offsetof(struct kvm_vcpu, KVM_ARCH_IRQ_PENDING),
		.vcpu_irq_news = offsetof(struct kvm_vcpu, KVM_ARCH_IRQ_NEWS),
		.mode_outside = OUTSIDE_GUEST_MODE,
		.mode_in_guest = IN_GUEST_MODE,
		.mode_exiting = EXITING_GUEST_MODE,
		.mode_reading = READING_SHADOW_PAGE_TABLES,
		.mode_use = KVM_ARCH_MODE_USE,
		.requests_no_wake = ~WAKING_REQUESTS,
#ifdef KVM_ARCH_AVIC_ENTRY
		.vcpu_avic_entry = offsetof(struct kvm_vcpu, KVM_ARCH_AVIC_ENTRY),
		.avic_running = AVIC_PHYSICAL_ID_ENTRY_IS_RUNNING_MASK,
		.avic_cpu_mask = AVIC_PHYSICAL_ID_ENTRY_HOST_PHYSICAL_ID_MASK,
#endif
#ifdef KVM_ARCH_POSTED
		.posted_pir = offsetof(struct vcpu_vmx, pi_desc.pir),
		.posted_control = offsetof(struct vcpu_vmx, pi_desc.control),
		.posted_node = offsetof(struct vcpu_vmx, pi_wakeup_list),
		.posted_list = (const char *)&wakeup_vcpus_on_cpu,
		.posted_on = BIT(POSTED_INTR_ON),
		.posted_sn = BIT(POSTED_INTR_SN),
		.posted_nv_shift = POSTED_INTR_NV_SHIFT,
		.posted_ndst_shift = POSTED_INTR_NDST_SHIFT,
		.posted_nv_wakeup = POSTED_INTR_WAKEUP_VECTOR,
#endif
	},
	.request_names = request_names,
	.sched_out = fire_sched_out_preempt_notifiers,
	.sched_in = fire_sched_in_preempt_notifiers,
#ifdef KVM_ARCH_POSTED
	.guest_interrupts = kvm_arch_guest_interrupts,
	.wakeup_handler = pi_wakeup_handler,
#endif
	.percpu_start = __start_kvm_percpu,
	.percpu_end = __stop_kvm_percpu,
	.percpu_vars = percpu_vars,
};
