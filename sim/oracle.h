/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An oracle is a named rule that a run may break.
 *
 * Each has a severity and one sentence (oracles.def) and a file of its own
 * (oracle_*.c).  The machine tells them what happens (a store to a watched
 * word, an IPI, a guest entry, the end of the run) through the functions below;
 * they remember it in ghost state, which is a part of the world but which no
 * kernel code can see, and they report what is broken.  A report is one oracle
 * at two or three source places; several runs that break the same rule at the
 * same places are one finding.
 *
 * Oracles never change the run.
 */
#ifndef SIM_ORACLE_H
#define SIM_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

enum severity {				/* rising */
	SEVERITY_BENIGN,
	SEVERITY_WARN,
	SEVERITY_RACE,
	SEVERITY_DEGRADED,
	SEVERITY_HARMFUL,
	SEVERITY_OOPS,
	SEVERITY_TOOL_ERROR,
	NR_SEVERITIES
};

enum oracle {
#define ORACLE(id, name, severity, sentence) ORACLE_##id,
#include "oracles.def"
#undef ORACLE
	NR_ORACLES
};

struct oracle_info {
	const char *name;
	enum severity severity;
	const char *sentence;
};

extern const struct oracle_info oracle_info[NR_ORACLES];
extern const char *const severity_name[NR_SEVERITIES];

/* -1: there is no oracle @name. */
int oracle_find(const char *name);

enum { MAX_REPORTS = 12, REPORT_SITES = 3, MAX_PAGES = 8 };

/*
 * Parts of the oracles' memory, as bits: a search that changes the order of two
 * steps has to know which of them look at the same one.
 */
enum ghost_part {
	GHOST_VCPU = 1 << 0,		/* << vCPU */
	GHOST_REFUSED = 1 << 8,		/* << vCPU */
	GHOST_PAGES = 1 << 16,
	NR_GHOST_PARTS = 17
};

/* One broken rule.  Site 0 is "no place"; sites beyond the used are 0. */
struct report {
	uint8_t oracle;
	uint8_t pcpu;
	int8_t vcpu;			/* or -1 */
	uint16_t site[REPORT_SITES];
	uint32_t step;			/* accesses performed when it was seen */
};

struct ghost_vcpu {
	uint32_t interval;		/* counts entries into the guest and READING walks */
	uint32_t kicked_interval;	/* guest interval that an unpaired kick must end */
	uint64_t must_see;		/* request bits made with a kick */
	uint64_t must_wake;		/* those that must wake a sleeper */
	uint16_t kick_site;		/* who took IN_GUEST_MODE to EXITING last */
	uint16_t request_site;		/* who set a request last */
	uint16_t check_site;		/* where the vCPU read its requests last */
	uint16_t store_site;		/* who stored vcpu->cpu last */
	uint16_t ipi_site;
	uint16_t posted_site;		/* who wrote its posted-interrupt descriptor last */
	uint8_t guest;			/* pCPU + 1 where hardware is in the guest */
	uint8_t reading;		/* walks, and READING_SHADOW_PAGE_TABLES is visible */
	uint8_t mode;			/* last store in the owner's order */
	uint8_t asleep;			/* inside kvm_vcpu_block() */
	uint8_t ipis;			/* reschedule IPIs that hit this guest interval */
	uint8_t refused;		/* entries that a request kept out, since one was handled */
	uint8_t must_leave;		/* the kicker relies on the end of kicked_interval */
};

struct ghost {
	struct ghost_vcpu vcpu[8];
	struct report report[MAX_REPORTS];
	uint32_t page_off[MAX_PAGES];
	uint32_t page_size[MAX_PAGES];	/* 0: not freed */
	uint32_t fired;			/* bitmap of enum oracle */
	uint8_t nr_reports;
	uint8_t nr_pages;		/* freed at present */
};

struct access;
struct pcpu;
struct task;

void oracle_report(enum oracle oracle, int vcpu, uint16_t site0, uint16_t site1, uint16_t site2);

/* A store or RMW of a watched word took effect / a load returned @value. */
void oracle_store(struct pcpu *p, const struct access *acc, uint64_t old, uint64_t value);
/* A store that was executed, and told of, earlier reaches memory. */
void oracle_visible(const struct access *acc, uint64_t value);
void oracle_load(struct pcpu *p, const struct access *acc, uint64_t value);
/* @kind: EVENT_RESCHED or EVENT_CALL, before the offline check. */
void oracle_ipi(struct pcpu *p, int target, unsigned int kind, uint16_t site);
void oracle_guest_enter(struct pcpu *p, int vcpu, uint16_t site);
void oracle_guest_exit(struct pcpu *p, int vcpu);
void oracle_sched_out(struct pcpu *p, struct task *t);
void oracle_call_begin(struct pcpu *p, struct task *t, uint64_t vcpus, int req,
		       unsigned int flags);
void oracle_call_end(struct pcpu *p, struct task *t, uint16_t site);
void oracle_entry_refused(int vcpu, uint16_t site);
void oracle_request_handled(int vcpu);
/* A load or store of shared memory, while pages are freed. */
void oracle_page_access(const struct access *acc);
/* The run is over: quiescent, or cut at the step limit. */
void oracle_end(bool quiescent);

#endif
