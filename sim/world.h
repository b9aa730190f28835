/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world is everything that one run can change, in one block of memory.
 *
 * It is mapped at a fixed address and has three parts: the machine's own state
 * (struct world_live), the kernel objects ("shared" memory, which the compiled
 * kernel code works on), and the stacks of the fibers.  Nothing is allocated in
 * a run.  So reset, snapshot and restore are copies of the live part, two
 * states are the same if their live bytes are, and a run depends on nothing but
 * its schedule.
 *
 * struct world_fixed stands beside it: what setup decides once for a
 * configuration, and the few pointers to the host side (chooser, trace).  No
 * run changes it and no state hash covers it.
 *
 * world_setup() builds the initial image by running the scenario's setup;
 * world_reset() goes back to it; world_run() runs one schedule to its end.
 *
 * Nothing here knows what a vCPU is beyond a number and a layout of offsets.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "../kvmcore/machine.h"
#include "oracle.h"

#if defined(__SANITIZE_ADDRESS__)
#define SIM_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SIM_ASAN 1
#endif
#endif

#define WORLD_BASE	0x20000000ul
#define SHARED_BASE	(WORLD_BASE + 0x100000ul)
#define STACK_BASE	(WORLD_BASE + 0x200000ul)

enum world_size {
	MAX_PCPUS = MACHINE_MAX_PCPUS,
	MAX_VCPUS = MACHINE_MAX_VCPUS,
	MAX_TASKS = MACHINE_MAX_TASKS + MAX_PCPUS,	/* with the idle tasks */
	SHARED_MAX = 0x8000,		/* bytes of kernel objects */
	SHARED_WORDS = SHARED_MAX / 4,
	STACK_SIZE = 0x8000,
	MAX_OBJECTS = 96,
	MAX_PERCPU_VARS = 16,
	MAX_CHOICES = 1 << 15,		/* of one run */
	STEP_LIMIT = 20000,		/* of one run, unless options say otherwise */
};

/* An event is due on a pCPU; its number is pcpu * 8 + kind. */
enum event_kind {
	EVENT_STEP,			/* the running context's next access */
	EVENT_RESCHED,			/* reschedule IPI, or the form's wake-up vector */
	EVENT_CALL,			/* function call IPI */
	EVENT_TIMER,
	EVENT_TICK,			/* the scheduler wants the pCPU */
	EVENT_EXIT,			/* the guest exits by itself */
	EVENT_DRAIN,			/* a buffered store becomes visible */
	EVENT_NOTIFY,			/* tells a guest's interrupt hardware to look again */
	NR_EVENT_KINDS = 8
};

#define EVENTS_OF(kind)	(0x0101010101010101ull << (kind))
#define EVENT_ID(pcpu, kind) ((pcpu) * NR_EVENT_KINDS + (kind))
#define EVENT_NONE	0xff

enum access_flags {
	ACC_READ = 1,
	ACC_WRITE = 2,			/* both: a read-modify-write */
	ACC_PLAIN = 4,
	ACC_ACQUIRE = 8,
	ACC_RELEASE = 16,
	ACC_FULL = 32,			/* a full barrier on both sides */
	ACC_STALE = 64,			/* a load that gave an older value */
};

/* One load, store or RMW of shared memory that is announced or under way. */
struct access {
	uint32_t off;			/* byte offset into shared memory */
	uint8_t size;			/* 0: no access is announced */
	uint8_t flags;			/* enum access_flags */
	uint16_t site;			/* index into the form's site table */
};

/*
 * Made in a register: an access is handed on as one word, and a word that was
 * written in parts is slow to read back.
 */
static inline struct access access_make(uint32_t off, unsigned int size, unsigned int flags,
					uint16_t site)
{
	uint64_t word = off | (uint64_t)size << 32 | (uint64_t)flags << 40 | (uint64_t)site << 48;
	struct access acc;

	_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && sizeof(acc) == sizeof(word),
		       "the first field is the lowest");
	memcpy(&acc, &word, sizeof(acc));
	return acc;
}

static inline uint64_t access_word(struct access acc)
{
	uint64_t word;

	memcpy(&word, &acc, sizeof(word));
	return word;
}

static inline uint32_t access_off(uint64_t word)
{
	return (uint32_t)word;
}

static inline unsigned int access_size(uint64_t word)
{
	return word >> 32 & 0xff;
}

static inline uint16_t access_site(uint64_t word)
{
	return (uint16_t)(word >> 48);
}

/* A kick or request call that is under way: what the oracles know of it. */
struct call {
	uint8_t flags;			/* MACHINE_CALL_* */
	uint8_t vcpus;			/* bitmap of targets */
	uint8_t stays;			/* those seen not outside, and not outside since */
	int8_t req;			/* request number or -1 */
	uint16_t gen[MAX_VCPUS];	/* interval to be over at return, or 0 */
};

enum { CALL_DEPTH = 2 };		/* a task's, and an interrupt handler's on top of it */

enum task_state { TASK_NONE, TASK_RUNNABLE, TASK_BLOCKED, TASK_DEAD };

/* A kernel thread, or the idle task of a pCPU, with its fiber. */
struct task {
	void *sp;			/* saved stack pointer while suspended */
	uint8_t state;			/* enum task_state */
	uint8_t cpu;			/* pCPU it runs or is queued on */
	uint8_t idle;
	int8_t vcpu;			/* or -1 */
	uint8_t guest_scripted;		/* halts still to be made */
	uint8_t call_depth;		/* of call[] */
	uint8_t switching;		/* its preempt notifiers run */
	uint8_t from_guest;		/* it gave up its pCPU out of the guest */
	uint16_t site;			/* where it waits for its turn, or waited last */
	struct call call[CALL_DEPTH];
	uint16_t frames;		/* for who tidies up: what it calls the frames here */
	uint32_t node;			/* for who watches: what it calls this place */
} __attribute__((aligned(64)));

struct pcpu {
	struct access acc;		/* announced, not yet performed; or all 0 */
	struct access race;		/* the other half of a race on acc, size 0: none */
	uint8_t id;
	uint8_t curr;			/* index of the task that runs here */
	uint8_t online;
	uint8_t irq_off;
	uint8_t preempt_count;
	uint8_t in_irq;
	uint8_t need_resched;
	uint8_t migrate_to;		/* where the preempted task goes; own id: stay */
	int8_t guest;			/* vCPU whose guest runs here, or -1 */
	uint8_t pending;		/* bitmap of event kinds: interrupts on their way */
	uint8_t arrived;		/* those of them that wait for interrupts to be on */
	uint8_t rotations;		/* ticks since anything but a tick happened */
	uint8_t dying;			/* takes no more tasks */
	uint8_t waiting;		/* enum wait_kind: why STEP is disabled */
	uint8_t wait_arg;
	uint8_t nr_queued;
	uint8_t queue[MAX_TASKS];
	uint8_t call_from;		/* bitmap of pCPUs whose call is queued here */
	uint8_t call_unacked;		/* bitmap of pCPUs that owe us an ack */
	uint16_t last_site;		/* of its latest access or machine call */
	uint16_t wait_site;		/* where the context waits, for the deadlock oracle */
	uint32_t lock_off;		/* spin lock, or other word, waited for */
	int8_t icr_target;		/* vCPU that the guest's last ICR write names */
	uint8_t guest_stop;		/* hardware makes the guest that runs here leave */
	uint8_t wakeup;			/* EVENT_RESCHED stands for the form's vector too */
	void (*call_fn)(void *);	/* what the targets of our call run */
	void *call_info;
	void (*timer_fn)(void *);
	void *timer_arg;
} __attribute__((aligned(64)));

/* Why the context on a pCPU cannot go on by itself. */
enum wait_kind {
	WAIT_NOTHING,
	WAIT_ACKS,			/* arg: bitmap of pCPUs that have to acknowledge */
	WAIT_LOCK,			/* the spin lock at lock_off is held */
	WAIT_IDLE,			/* no task is queued */
	WAIT_GUEST,			/* the guest runs */
	WAIT_PCPU_IDLE,			/* arg: pCPU that has to come to rest */
	WAIT_PREEMPT_ON,		/* another pCPU has preemption or IRQs off */
	WAIT_VCPU_OUT,			/* arg: vCPU that is to write 0 to lock_off, or ... */
	/* Only under tso and weak: */
	WAIT_ROOM,			/* the store buffer is full */
	WAIT_RMW,			/* arg: order; stores before the one at lock_off */
	WAIT_DRAINED,			/* stores are in the buffer */
};

enum { VCPU_IS_OUT = 0xff };		/* ... that it has, since the wait began */

/*
 * The store that the compiled code is just making: its value is not known yet.
 * Under tso and weak also a load for which real memory was prepared; @old is
 * then what belongs there.
 */
struct open_store {
	struct access acc;
	uint64_t old;
};

struct world_live {
	uint64_t now;			/* simulated ns */
	uint64_t hash;			/* of the trace so far */
	uint64_t enabled;		/* bitmap of events that can happen */
	uint64_t optional;		/* those of them that need not */
	struct pcpu *cur;		/* whose fiber runs */
	uint32_t steps;			/* accesses performed */
	uint32_t nr_choices;
	uint32_t charge;		/* ns to add to the next step */
	uint8_t event;			/* chosen, for the fiber that is resumed */
	uint8_t ended;			/* enum run_end, 0 while running */
	uint8_t hotplug_waits;		/* id + 1 of the pCPU whose task waits for others */
	uint8_t budget_migrations;
	uint8_t budget_preemptions;
	uint8_t budget_exits;
	uint8_t budget_alloc_failures;
	struct open_store open;
	struct ghost ghost;		/* what the oracles remember */
	struct task task[MAX_TASKS];
	struct pcpu pcpu[MAX_PCPUS];
	uint64_t due[MAX_PCPUS * NR_EVENT_KINDS];
	/* For snapshot_hash(): hashes of stacks that wait, but for those that are stale. */
	struct stack_hash {
		uint64_t low, high;
	} stack[MAX_TASKS];
	uint32_t stale;			/* bitmap of tasks: something was written there since */
};

/* A named range of shared memory. */
struct object {
	char name[20];
	uint32_t off, size;
	const struct machine_field *fields;	/* ends with a NULL name, may be NULL */
};

/* Words of a vCPU that oracles follow. */
enum watch {
	WATCH_MODE = 1,
	WATCH_REQUESTS = 2,
	WATCH_CPU = 4,
	WATCH_PROBE = 8,		/* world_probe() */
	WATCH_POSTED = 16,		/* the vCPU's posted-interrupt descriptor */
};

struct word_meta {
	uint8_t watch;			/* enum watch */
	uint8_t vcpu;
	uint8_t object;			/* index + 1 into objects, 0: none */
};

struct chooser;
struct trace;
struct sites;

/*
 * What code learns by asking the machine can change between two of its accesses,
 * by no access of others: a search must not take the two for neighbours.
 */
enum asked {
	ASKED_ANY = 1,			/* what other pCPUs may change at any time */
	ASKED_SCHED = 2,		/* whether the scheduler wants this pCPU */
};

struct taken {				/* one answer of the run, in order */
	uint8_t kind, bound, answer, event;
};

struct world_fixed {
	const struct machine_form *form;
	const struct machine_scenario *scenario;
	struct machine_config config;
	struct chooser *chooser;
	struct trace *trace;		/* NULL: only the hash is kept */
	void (*probe)(const struct access *acc, bool stored);	/* of WATCH_PROBE */
	const struct sites *sites;
	void *host_sp;			/* where the run's end returns to */
	uint32_t step_limit;
	uint8_t nr_tasks;		/* without idle tasks; idle tasks follow */
	uint8_t nr_objects;
	uint8_t kcsan_strict;
	uint8_t in_setup;
	uint8_t pausing;		/* this is a paused run: see snapshot.h */
	uint8_t asked;			/* enum asked: what code learnt of the machine */
	uint32_t ran;			/* bitmap of tasks that were switched to */
	uint32_t untidy;		/* ... whose frames have not been tidied up since */
	uint32_t touched;		/* enum ghost_part: what oracles looked at or changed */
	uint8_t model;			/* enum mem_model */
	uint32_t shared_used;
	uint32_t online_off;		/* of the cpu_online mask */
	uint32_t percpu_off, percpu_size;
	uint32_t vcpu_off[MAX_VCPUS];
	uint32_t posted_off[MAX_VCPUS];	/* of what machine_posted() named, or 0 */
	struct task_struct *task_struct[MAX_TASKS];
	const char *comm[MAX_TASKS];
	void (*task_fn[MAX_TASKS])(void *);
	void *task_arg[MAX_TASKS];
	unsigned int guest_optional[MAX_VCPUS];	/* bitmap of enum machine_exit */
	struct machine_field percpu_fields[MAX_PERCPU_VARS];
	struct object objects[MAX_OBJECTS];
	struct word_meta meta[SHARED_WORDS];
	struct taken taken[MAX_CHOICES];
	struct world_live image;	/* initial state */
	unsigned char image_shared[SHARED_MAX];
};

struct world {
	struct world_live live;
	struct world_fixed fix;
};

_Static_assert(sizeof(struct world) <= SHARED_BASE - WORLD_BASE, "the world has grown");

/* The one current world: at a fixed address, because access hooks get no argument. */
#define WORLD ((struct world *)WORLD_BASE)

enum run_end {
	RUN_GOES_ON,
	RUN_QUIESCENT,			/* nothing can happen but by the guests' own will */
	RUN_STEP_LIMIT,
	RUN_STOPPED,			/* a fault or BUG() in code under test */
	RUN_REFUSED,			/* the schedule does not fit: see world_refused() */
};

/* Maps the world; once per process.  Returns 0, or -1 with errno of mmap(). */
int world_map(void);

struct world_options {
	const struct machine_form *form;
	const struct machine_scenario *scenario;
	struct machine_config config;
	const struct sites *sites;
	uint32_t step_limit;		/* 0: the default */
	bool kcsan_strict;
	uint8_t model;			/* enum mem_model */
	uint8_t sb_length;		/* stores in a buffer, 0: as many as there can be */
	uint8_t stale_reads;		/* loads of a run that may give an older value */
};

/* Builds the initial image.  The configuration must have passed config_check(). */
void world_setup(const struct world_options *options);
/*
 * Until the next setup @probe is told of every load, and of every store as it is
 * executed, of words that the compiled code shares.  Who does not ask for it pays
 * nothing: it rides on the test for the oracles' words.
 */
void world_probe(void (*probe)(const struct access *acc, bool stored));
void world_reset(void);
/* Resets and runs one schedule; answers come from @chooser.  */
enum run_end world_run(struct chooser *chooser, struct trace *trace);

/* States the machine's invariants; runs after every step in tests and fuzzers. */
void world_check(void);

static inline struct task *pcpu_task(struct pcpu *p)
{
	return &WORLD->live.task[p->curr];
}

static inline unsigned int task_id(const struct task *t)
{
	return (unsigned int)(t - WORLD->live.task);
}

static inline struct task *pcpu_idle(const struct pcpu *p)
{
	return &WORLD->live.task[WORLD->fix.nr_tasks + p->id];
}

static inline unsigned char *stack_top(unsigned int task)
{
	return (unsigned char *)STACK_BASE + (task + 1ul) * STACK_SIZE;
}

#endif
