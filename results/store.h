/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A store is one SQLite file that keeps what searches found.
 *
 * A finding is one distinct way in which things go wrong: its signature is
 * (oracle, kernel, arch, model, variant, places), and its key is a hash of the
 * signature, so that every process and every file gives it the same name.  The
 * store keeps the best schedule that shows it, where best is the least of
 * (non-zero choices, steps, bytes), and one occurrence for each campaign,
 * engine and scenario that met it.
 *
 * The file is a lattice: each row has a rule by which two versions of it become
 * one, whatever their order.  store_finding() and store_merge() both follow it,
 * so files can be joined in any order, and twice, with one result.
 *
 * store_open(), then store_core() and store_campaign_begin() once, then
 * store_finding() and store_campaign_sample() as things happen, then
 * store_campaign_end() and store_close().  Any number of processes may have one
 * file open, but a struct store belongs to one thread of one process: open it
 * after fork().  What a call reported as stored survives kill -9.
 *
 * Every call gives STORE_OK or another enum store_code, with one line for the
 * user in store.err.  Strings are UTF-8 and never NULL unless it is said; the
 * store copies what it is given.  Nothing here knows what a vCPU is.
 */
#ifndef RESULTS_STORE_H
#define RESULTS_STORE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sqlite3;
struct sqlite3_stmt;

#define STORE_APPLICATION_ID	0x4B53494D	/* "KSIM" */
#define STORE_VERSION		2		/* PRAGMA user_version */
#define STORE_DEFAULT_PATH	"results/kicksim.db"

#define STORE_ERR_SIZE		(PATH_MAX + 512)
#define STORE_STMT_MAX		32
#define STORE_KEY_SIZE		34	/* a letter, 32 hex digits, '\0' */
#define STORE_ID_SIZE		10	/* 'k', 8 hex digits, '\0' */
#define STORE_SEED_MAX		((1ull << 53) - 1)

enum store_code {
	STORE_OK,
	STORE_INPUT,		/* the caller's or the user's text is not fit to store */
	STORE_UNKNOWN,		/* no row has this id */
	STORE_AMBIGUOUS,	/* several rows have this id prefix */
	STORE_DIVERGED,		/* one schedule, two trace hashes: not deterministic */
	STORE_MISSING,		/* there is no such file */
	STORE_FOREIGN,		/* a file, but not one of ours: left untouched */
	STORE_NEWER,		/* made by a newer kicksim: left untouched */
	STORE_OLDER,		/* open it with STORE_WRITE once to migrate it */
	STORE_READONLY,		/* no right to write here */
	STORE_BUSY,		/* another process held the lock for too long */
	STORE_FULL,		/* no space */
	STORE_CORRUPT,		/* damaged */
	STORE_IO,		/* any other failure of the system */
};

enum store_mode {
	STORE_READ,		/* the file must exist; it is never written */
	STORE_WRITE,		/* created, with its folder, if missing */
};

struct store {
	struct sqlite3 *db;	/* NULL while closed */
	enum store_mode mode;
	bool immutable;		/* opened from a place where no lock can be taken */
	char path[PATH_MAX];
	char err[STORE_ERR_SIZE];	/* of the last call that failed */
	struct {
		const char *sql;	/* a string constant: compared by address */
		struct sqlite3_stmt *stmt;
	} cache[STORE_STMT_MAX];
	int nr_cached;
};

/*
 * The build that ran.  @hash must cover everything that decides a trace (the
 * compiled code under test and the simulator): two runs of one schedule with
 * one hash and different traces are reported as STORE_DIVERGED.
 */
struct store_core {
	const char *hash;	/* hex digits */
	const char *tool;	/* version of kicksim */
	const char *detail;	/* compiler and flags, for people; may be "" */
};

struct store_campaign {
	const char *engine;
	const char *config;	/* JSON object; repetitions differ in "seed" only */
	const char *core;	/* hash given to store_core() before */
	int jobs;
};

/* What can be searched. */
struct store_target {
	const char *kernel;
	const char *arch;
	const char *model;
	const char *variant;	/* "" for the unpatched form */
	const char *scenario;
};

/* Something of the protocol that a target's runs met, or might have met. */
struct store_cover {
	bool is_state;		/* else a place, against a mode */
	int64_t state;
	const char *text;	/* of the state, or the place */
	const char *mode;	/* of a place */
	int64_t hits;
};

/* Totals of a campaign since it began. */
struct store_sample {
	int64_t t_ms;		/* wall time since the campaign began */
	int64_t runs;
	int64_t events;		/* steps simulated */
	int64_t states;		/* distinct states or other coverage points */
	int64_t findings;	/* distinct signatures */
	int64_t cpu_ns;		/* of all jobs together */
};

struct store_schedule {
	const char *config;	/* JSON object: with the choices it is the run */
	const char *line;	/* "3:1 17:2": position:answer, non-zero ones */
	const void *choices;	/* raw answers, from 0 to the last non-zero one */
	size_t nr_bytes;	/* of choices */
	const char *named;	/* JSON array: kind, actor, site, ... per choice */
	const char *trace_hash;	/* 16 hex digits */
	const char *core;	/* hash given to store_core() before */
	int64_t steps;
	int64_t nonzero;	/* choices that are not the dull one */
};

struct store_finding {
	/* the signature; @places is the caller's canonical text */
	const char *oracle;
	const char *kernel;
	const char *arch;
	const char *model;
	const char *variant;	/* "" for the unpatched form */
	const char *places;	/* two or three source places, same in every scenario */

	const char *severity;	/* a name of table severity */
	const char *title;

	/* the occurrence: where it was met */
	const char *campaign;	/* id from store_campaign_begin() */
	const char *engine;
	const char *scenario;
	int64_t hits;		/* to add, at least 1 */
	int64_t first_runs;	/* runs of the campaign up to the first hit */
	int64_t first_cpu_ns;	/* cpu time of the campaign up to the first hit */
	uint64_t seed;		/* at most STORE_SEED_MAX */

	struct store_schedule schedule;
};

/* What store_finding() did. */
struct store_stored {
	char key[STORE_KEY_SIZE];
	char id[STORE_ID_SIZE];		/* the key's first 8 digits, for people */
	char schedule[STORE_KEY_SIZE];	/* of the best witness: 's' and 32 digits */
	bool is_new;			/* the file did not have this signature */
	bool is_better;			/* smaller than the witness it had */
	int64_t hits;			/* of all campaigns, this one included */
};

struct store_proof {
	const char *config;	/* JSON object: what was searched */
	const char *kernel;
	const char *arch;
	const char *model;
	const char *variant;
	const char *scenario;
	const char *bounds;	/* JSON object: preemptions, vcpus, ... */
	const char *verdicts;	/* JSON object: oracle name -> violations seen */
	const char *core;
	int64_t states;
	int64_t transitions;
	int64_t depth;
	int64_t wall_ms;
	bool exhausted;		/* false: the search stopped at a limit */
};

/*
 * A finding as it is read back.  @f.hits is the sum over all campaigns;
 * @f.campaign to @f.seed are those of the earliest occurrence; @f.schedule is
 * the best witness.
 */
struct store_entry {
	char key[STORE_KEY_SIZE];
	char id[STORE_ID_SIZE];
	char schedule[STORE_KEY_SIZE];
	struct store_finding f;
	int64_t first_us;	/* unix time */
	int64_t last_us;
	char *memory;		/* what store_entry_free() frees, or NULL */
};

/* NULL and 0 mean "any".  Order: worst severity first, then oldest. */
struct store_filter {
	const char *severity;
	const char *oracle;
	const char *kernel;
	const char *arch;
	const char *model;
	const char *variant;
	const char *scenario;	/* met at least once in it */
	const char *campaign;	/* met at least once in it */
	int64_t since_us;	/* first seen at or after */
	int64_t nr_max;
};

/*
 * Where the database is: @flag if not NULL, else $KICKSIM_DB if not empty, else
 * STORE_DEFAULT_PATH.
 */
const char *store_path(const char *flag);
/* " --db PATH" into @buf, for a command that is to find @path again; "" if it would anyway. */
void store_option(const char *path, char *buf, size_t size);

/*
 * Open @path, which stays as it was if it is not one of ours, is newer or is
 * damaged.  @s needs no preparation; after a failure s->err is set, s is closed
 * and store_close() is allowed but not needed.
 */
int store_open(struct store *s, const char *path, enum store_mode mode);
void store_close(struct store *s);

/* The exit code of the process that @code calls for: 0, 2, 3 or 4. */
int store_exit_code(int code);

/* Explain the file: "tool", "schedule-format" and so on, in table meta. */
int store_meta(struct store *s, const char *name, const char *value);
int store_core(struct store *s, const struct store_core *core);

/* @id gets 'c' and 16 random hex digits. */
int store_campaign_begin(struct store *s, const struct store_campaign *c,
			 char id[STORE_KEY_SIZE]);
int store_campaign_sample(struct store *s, const char *id,
			  const struct store_sample *t);
/* @finished: false if it was interrupted.  @t: the final totals. */
int store_campaign_end(struct store *s, const char *id, bool finished,
		       const struct store_sample *t);

/* The key that a finding with @f's signature has in every file. */
void store_finding_key(const struct store_finding *f, char key[STORE_KEY_SIZE]);

/*
 * Insert or update one finding in one transaction.  @out may be NULL.
 * STORE_DIVERGED: the file has this very schedule with another trace hash.
 */
int store_finding(struct store *s, const struct store_finding *f,
		  struct store_stored *out);

/*
 * How much a campaign ran of a target, and what of the protocol that reached; all
 * in one transaction.  Totals: a second call replaces what is less.
 */
int store_effort(struct store *s, const char *campaign, const struct store_target *t,
		 int64_t runs, int64_t events, const struct store_cover *cover, int nr_cover);

/* A campaign has met a finding in a scenario, stored before, @hits times in all. */
int store_hits(struct store *s, const char *key, const char *campaign, const char *scenario,
	       int64_t hits);

/* Of two proofs of one configuration and core the one that saw more stays. */
int store_proof(struct store *s, const struct store_proof *p,
		char key[STORE_KEY_SIZE]);

/* Remember a sentence of a person about a key (of a finding, a campaign...). */
int store_note(struct store *s, const char *key, const char *text);

/*
 * The full key for what a user typed: "@last" (the finding stored last), or a
 * prefix, with or without its 'k', that only one finding has.
 */
int store_find(struct store *s, const char *word, char key[STORE_KEY_SIZE]);

/* Load a finding by its full key.  Free it with store_entry_free(). */
int store_load(struct store *s, const char *key, struct store_entry *e);
void store_entry_free(struct store_entry *e);

/*
 * Call @each for every finding that passes @filter (NULL: all of them), until
 * it returns non-zero.  The entry and its strings live until @each returns.
 */
int store_each(struct store *s, const struct store_filter *filter,
	       int (*each)(const struct store_entry *e, void *arg), void *arg);

/*
 * Join the file @path into @s, in one transaction.  Joining files in any order,
 * or one of them twice, gives the same rows.  STORE_DIVERGED: joined, but some
 * schedule has another trace hash there; s->err names the first one.
 */
int store_merge(struct store *s, const char *path);

/* Integrity and foreign keys: STORE_OK, or STORE_CORRUPT with what is wrong. */
int store_check(struct store *s);

#endif
