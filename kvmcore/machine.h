/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The boundary: what kernel code asks of the simulated host.
 *
 * kvmcore is compiled once for each kernel form and knows the machine by these
 * functions alone; beside them its object has only the compiler's access hooks
 * (__tsan_*) undefined, by which every load and store of shared memory reaches
 * the machine.  A form in turn is known to the machine by one exported object,
 * `kvmcore_form`.
 *
 * Numbers of pCPUs, vCPUs and tasks are plain ints here and nowhere else.
 * Nothing in this header knows of events, choices, memory models or oracles.
 *
 * "Setup" functions may be called only from form->setup(), before the first
 * step of a run; all others only from tasks and interrupt handlers.
 */
#ifndef KVMCORE_MACHINE_H
#define KVMCORE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MACHINE_MAX_PCPUS = 8,
	MACHINE_MAX_VCPUS = 8,
	MACHINE_MAX_TASKS = 16,		/* without the idle tasks */
	/*
	 * So many bytes behind any shared object there is memory that belongs to
	 * no run's state and that nobody reads: what goes there is gone.
	 */
	MACHINE_NOWHERE = 0x300000,
};

/* Why the guest stopped running. */
enum machine_exit {
	MACHINE_EXIT_IRQ,		/* a host interrupt is pending */
	MACHINE_EXIT_HLT,		/* the guest halts */
	MACHINE_EXIT_ICR,		/* the guest writes its APIC's ICR: an IPI to a vCPU */
	MACHINE_EXIT_IO,		/* the guest needs user space or an emulation */
	MACHINE_EXIT_WALK,		/* a page fault whose handler walks SPTEs locklessly */
	MACHINE_EXIT_DEADLINE,		/* the guest arms its TSC-deadline timer */
	MACHINE_EXIT_STOP,		/* machine_guest_stop(): never of the guest's own accord */
	NR_MACHINE_EXITS
};

/* What one scenario is asked to do; all are numbers that the user can override. */
struct machine_config {
	int nr_pcpus;
	int nr_vcpus;
	int nr_kickers;			/* tasks that kick or make requests */
	int kicks;			/* calls that each kicker makes */
	int migrations;			/* budget: moves of a task to another pCPU */
	int preemptions;		/* budget: involuntary switches without a move */
	int exits;			/* budget: exits that the guest takes by itself */
	int halts;			/* halts that each guest surely makes */
	int zaps;			/* SPTE zaps by the MMU task */
	int offlines;			/* CPU offline/online cycles */
	int timers;			/* one-shot timers that fire in hard IRQ context */
	int alloc_failures;		/* budget: GFP_ATOMIC allocations that may fail */
	int hotplug_strict;		/* 1: the online bit is stable while any pCPU is P- */
	unsigned int actors;		/* bitmap of the scenario's optional actors */
};

/* Kinds of fields, for names of values in traces. */
enum machine_field_kind {
	MACHINE_FIELD_INT,		/* signed decimal */
	MACHINE_FIELD_HEX,
	MACHINE_FIELD_MODE,		/* enum of vcpu->mode */
	MACHINE_FIELD_REQUESTS,		/* bitmap of KVM_REQ_* */
	MACHINE_FIELD_CPUMASK,
	MACHINE_FIELD_STATE,		/* task_struct->__state */
	MACHINE_FIELD_PTR,		/* pointer to an object: printed by its name or NULL */
	MACHINE_FIELD_BOOL,
};

/* One named field of an object: "mode" at offset 36, 4 bytes. */
struct machine_field {
	const char *name;
	unsigned int offset;
	unsigned int size;		/* of one element */
	unsigned int nr;		/* elements; 0 and 1 are a scalar */
	enum machine_field_kind kind;
};

/* What an architecture does with vcpu->mode. */
enum machine_mode_use {
	MACHINE_MODE_LEAVES,		/* each exit ends IN_GUEST_MODE */
	MACHINE_MODE_STAYS,		/* the run loop's end does, and it alone */
	MACHINE_MODE_UNUSED,		/* nobody writes it */
};

/*
 * Where the oracles find what they judge in a vCPU and in the rest of kernel
 * memory: byte offsets inside struct kvm_vcpu and values of its enums, so that
 * the machine does not depend on one form's layout.
 */
struct machine_layout {
	unsigned int vcpu_mode;
	unsigned int vcpu_requests;
	unsigned int vcpu_cpu;
	unsigned int vcpu_irq_pending;	/* a byte, a bit for each pending interrupt */
	unsigned int vcpu_irq_news;	/* a byte: those not yet handed to the guest */
	int mode_outside, mode_in_guest, mode_exiting, mode_reading;
	enum machine_mode_use mode_use;
	uint64_t requests_no_wake;	/* bits that need not wake a sleeping vCPU */
	unsigned int vcpu_avic_entry;	/* of AVIC's physical ID table, or 0 */
	uint64_t avic_running, avic_cpu_mask;	/* in it */
	/*
	 * Offsets behind what machine_posted() names: 8 bytes of posted interrupts,
	 * 8 bytes of control, the node of the list of those to wake; 0, 0, 0: there
	 * are no posted interrupts.  The list's head is in the per-CPU template.
	 */
	unsigned int posted_pir, posted_control, posted_node;
	const char *posted_list;
	/* Of control: bits, and where a byte (vector) and a word (pCPU) begin. */
	uint64_t posted_on, posted_sn;
	unsigned int posted_nv_shift, posted_ndst_shift;
	uint8_t posted_nv_wakeup;	/* the vector that wakes; the other one notifies */
};

struct machine_scenario {
	const char *name;
	const char *claim;		/* one sentence: what of the seed it acts out */
	struct machine_config config;	/* defaults */
	struct machine_config min, max;	/* what setup() can deal with, field by field */
	void (*setup)(const struct machine_config *config);
};

/* One per-CPU variable, for traces and oracles. */
struct machine_percpu_var {
	const char *name;
	const char *addr;		/* in the template */
	unsigned int size;
	enum machine_field_kind kind;
};

/* Its first member is the state word, an unsigned int: 0 is TASK_RUNNING. */
struct task_struct;

/* The one object that a compiled form exports. */
struct machine_form {
	size_t abi;			/* MACHINE_ABI of the header it was compiled with */
	const char *name;		/* "v5.16" */
	const char *arch;		/* "x86" */
	const char *variant;		/* "" or the name of the patch applied */
	const struct machine_scenario *const *scenarios;	/* ends with NULL */
	struct machine_layout layout;
	const char *const *request_names;	/* [64], NULL where unnamed */
	/* preempt notifiers of a task that has some; I- for out, P- for in */
	void (*sched_out)(struct task_struct *prev);
	void (*sched_in)(struct task_struct *next, int cpu);
	/*
	 * What the guest's interrupt hardware does when the guest is entered and when
	 * a notification arrives in it (@notified).  True: the guest goes on; false,
	 * for a notification alone: it exits.  NULL: there is no such hardware.
	 */
	bool (*guest_interrupts)(void *vcpu, bool notified);
	void (*wakeup_handler)(void);	/* of machine_send_wakeup(), or NULL */
	/* per-CPU template: section kvm_percpu of this form */
	char *percpu_start, *percpu_end;
	const struct machine_percpu_var *percpu_vars;	/* ends with a NULL name */
};

/*
 * Differs when the shapes above do, so that an object from before is refused and
 * not read askew.  A change that keeps all sizes has to add to the last number.
 */
#define MACHINE_ABI \
	(sizeof(struct machine_form) << 32 ^ sizeof(struct machine_config) << 24 ^ \
	 sizeof(struct machine_scenario) << 16 ^ sizeof(struct machine_layout) << 8 ^ \
	 (size_t)NR_MACHINE_EXITS << 4 ^ 1)

/* --- setup ------------------------------------------------------------- */

/* Zeroed shared memory, 64-byte aligned, known in traces as @name (copied). */
void *machine_alloc(const char *name, size_t size, const struct machine_field *fields);
/* More names for memory inside an object, such as one task_struct in a vCPU's. */
void machine_name(void *p, size_t size, const char *name, const struct machine_field *fields);
/* Tell the oracles which object is vCPU @id. */
void machine_vcpu(int id, void *vcpu);
/* Its guest takes posted interrupts, by way of @descriptor. */
void machine_posted(int vcpu, void *descriptor);
/* Tasks become runnable on @cpu in the order of creation. */
void machine_task(struct task_struct *task, const char *comm, void (*fn)(void *), void *arg,
		  int cpu);
/* Which vCPU a task runs, so that traces can say so. */
void machine_task_vcpu(struct task_struct *task, int vcpu);
/* What the guest of @vcpu does by itself: halts surely, others by choice. */
void machine_guest_program(int vcpu, int nr_halts, unsigned int optional_exits);

/* --- who runs, where --------------------------------------------------- */

int machine_cpu(void);
int machine_nr_cpus(void);
struct task_struct *machine_current(void);
void *machine_percpu(void *template_addr, int cpu);
void *machine_online_mask(void);	/* the word behind cpu_online(): bit n is pCPU n */

void machine_preempt_disable(void);
void machine_preempt_enable(void);
bool machine_preemptible(void);
void machine_irq_disable(void);
void machine_irq_enable(void);
bool machine_irqs_disabled(void);
bool machine_in_irq(void);
bool machine_need_resched(void);

/* schedule(): blocks if the current task's state word is not TASK_RUNNING (0). */
void machine_schedule(void);
/* wake_up_process(): full barrier; 1 if this call made the task runnable. */
int machine_wake_up(struct task_struct *task);
/* Give the pCPU to whoever is due: cpu_relax() in a loop that waits for memory. */
void machine_relax(void);
/* One plain step that touches no memory: a place where the world may go on. */
void machine_step(const char *what);

/* A spin lock word: 0 free, 1 held.  Preemption is the caller's business. */
void machine_spin_lock(int *lock);
void machine_spin_unlock(int *lock);

/* --- barriers without a compiler builtin -------------------------------- */

void machine_rmb(void);
void machine_wmb(void);

/* --- interrupts between pCPUs ------------------------------------------ */

void machine_send_reschedule(int cpu);
/*
 * A doorbell: no exit of the guest that runs there, and nothing at all if none
 * does.  To this pCPU too.
 */
void machine_send_notification(int cpu);
/* The vector of form->wakeup_handler: guests exit for it.  To this pCPU too. */
void machine_send_wakeup(int cpu);
/* smp_call_function_many/_single: never to this pCPU; @wait spins for the acks. */
void machine_call_many(uint64_t cpus, void (*fn)(void *), void *info, bool wait);

/* --- guest, timers, hotplug -------------------------------------------- */

/* Run the guest from P- I-; comes back P- I- with the reason. */
enum machine_exit machine_guest_enter(int vcpu);
/*
 * Hardware that looks at the guest's control block finds that it has to stop: if the
 * guest runs anywhere, that stay ends with MACHINE_EXIT_STOP.  Who enters later looks
 * by itself.
 */
void machine_guest_stop(int vcpu);
/*
 * A loop that looks at @word until @vcpu has written 0 there, out of its guest, which
 * it says by the other call.  A tick ends its stay some time.  The loop is one wait:
 * else a schedule could starve the vCPU, or the loop, for ever.
 */
void machine_wait_vcpu_out(int vcpu, const int *word);
void machine_vcpu_out(int vcpu);
/* Target vCPU of the ICR write that the last MACHINE_EXIT_ICR reported. */
int machine_icr_target(int vcpu);
/* One-shot timer on this pCPU; @fn runs in hard IRQ context. */
void machine_timer(uint64_t delta_ns, void (*fn)(void *), void *arg);
void machine_cpu_down(int cpu);
void machine_cpu_up(int cpu);
/* GFP_ATOMIC: true if the allocator may say yes this time. */
bool machine_alloc_atomic(void);

/* --- ghost: what callers mean; changes nothing but what oracles know ----- */

/* A kick or request call begins.  @req: request number or -1; @flags below. */
enum {
	MACHINE_CALL_WAIT = 1,		/* the call promises that targets have left */
	MACHINE_CALL_NO_WAKEUP = 2,	/* sleeping targets may sleep on */
	MACHINE_CALL_MUST_LEAVE = 4,	/* request-less, but the caller relies on it */
	MACHINE_CALL_MASK = 8,		/* kvm_make_vcpus_request_mask() family */
	MACHINE_CALL_LOG = 16,		/* fetches what vCPUs log when they leave the guest */
};
void machine_call_begin(uint64_t vcpus, int req, unsigned int flags);
void machine_call_end(void);
/* The page behind a shadow page table entry is given back, or out, again. */
void machine_page_free(void *page, size_t size);
void machine_page_alloc(void *page, size_t size);
/* The vCPU's task starts and ends to sleep in kvm_vcpu_block(). */
void machine_block_begin(int vcpu);
void machine_block_end(int vcpu);
/* An entry into the guest was refused; @handled: a request was handled since. */
void machine_entry_refused(int vcpu);
void machine_request_handled(int vcpu, int req);

/* WARN_ON() of kernel code and BUG(): verdicts, not exits. */
void machine_warn(const char *what);
void machine_bug(const char *what) __attribute__((noreturn));

#endif
