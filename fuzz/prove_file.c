// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checkpoints: what a search is done with, so that another process can go on.
 *
 * The set is closed, so nothing about paths is needed: who goes on begins at the
 * start and soon turns back everywhere but where work is left.  Hashes are the
 * same in another process only if it is the same program with its code at the same
 * addresses; a checkpoint knows what it was made by and for.
 *
 * A file is a head, what is known of words, the findings, the hashes, and a
 * checksum of all that.  Numbers are the machine's own: no other machine could go
 * on with it anyway.
 */
#define XXH_INLINE_ALL
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>
#include "../results/term.h"
#include "prove_search.h"

enum { FILE_VERSION = 5 };

#define COUNT(name) COUNT_##name,
enum { PROVE_COUNTS(COUNT) NR_COUNTS };
#undef COUNT

struct head {
	char magic[8];
	uint32_t version, size;
	char tool[24], core[40], config[1024];
	uint64_t place;			/* program, and where it and the form lie */
	uint32_t less, nr_found;	/* @less: what is left out of the search */
	uint64_t nr_hashes;
	uint64_t count[NR_COUNTS], broken[NR_ORACLES];
	uint32_t fired, depth;
	uint32_t asymmetric, none;
	char why[SYMMETRY_WHY];
};

struct file {
	const char *path;
	FILE *f;
	XXH3_state_t sum;
	bool bad;			/* something could not be read or written */
};

static const char magic[8] = "ksproof\n";

/* All that decides which hashes equal states have, and that the head does not say. */
static uint64_t place_of(const struct search *s)
{
	const uintptr_t at[] = {
		(uintptr_t)s, (uintptr_t)s->asked->config->form->code, (uintptr_t)place_of,
	};
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	unsigned char buf[1 << 14];
	XXH3_state_t x;
	ssize_t n;

	XXH3_64bits_reset(&x);
	XXH3_64bits_update(&x, at, sizeof(at));
	while (fd >= 0 && (n = read(fd, buf, sizeof(buf))) > 0)
		XXH3_64bits_update(&x, buf, (size_t)n);
	if (fd >= 0)
		close(fd);
	return XXH3_64bits_digest(&x);
}

static void head_fill(const struct search *s, const struct prove *sum, struct head *h)
{
	const struct config *c = s->asked->config;

	memset(h, 0, sizeof(*h));
	memcpy(h->magic, magic, sizeof(magic));
	h->version = FILE_VERSION;
	h->size = sizeof(*h);
	snprintf(h->tool, sizeof(h->tool), "%s", KICKSIM_VERSION);
	config_core(c, h->core, sizeof(h->core));
	config_print_json(c, h->config, sizeof(h->config));
	h->place = place_of(s);
	h->less = (uint32_t)s->asked->reduce | (uint32_t)s->asked->keep_dead << 1 |
		  (uint32_t)s->asked->symmetry << 2;
	h->nr_found = sum->nr_found;
#define COUNT(name) h->count[COUNT_##name] = sum->name;
	PROVE_COUNTS(COUNT)
#undef COUNT
	/* States are counted one for each hash. */
	h->nr_hashes = sum->nr_states;
	memcpy(h->broken, sum->broken, sizeof(h->broken));
	h->asymmetric = s->shared->asymmetric;
	memcpy(h->why, s->shared->why, sizeof(h->why));
	h->fired = sum->fired;
	h->depth = sum->depth;
}

static void put(struct file *f, const void *p, size_t size)
{
	XXH3_64bits_update(&f->sum, p, size);
	f->bad |= fwrite(p, 1, size, f->f) != size;
}

static void get(struct file *f, void *p, size_t size)
{
	if (f->bad || fread(p, 1, size, f->f) != size) {
		f->bad = true;
		memset(p, 0, size);
	}
	XXH3_64bits_update(&f->sum, p, size);
}

static void put_known(struct file *f, const struct futures *known)
{
	put(f, known, offsetof(struct futures, place));
	put(f, known->node, known->nr_nodes * sizeof(known->node[0]));
	put(f, known->edge, known->nr_edges * sizeof(known->edge[0]));
}

/* Into one that is all zeros. */
static void get_known(struct file *f, struct futures *known)
{
	get(f, known, offsetof(struct futures, place));
	if (known->nr_nodes > FUTURE_NODES || known->nr_edges > FUTURE_EDGES)
		f->bad = true;
	if (f->bad)
		known->nr_nodes = known->nr_edges = 1;
	get(f, known->node, known->nr_nodes * sizeof(known->node[0]));
	get(f, known->edge, known->nr_edges * sizeof(known->edge[0]));
	f->bad |= !futures_are_whole(known);
}

static void put_all(struct file *f, const struct search *s, const struct prove *sum)
{
	const struct prove_shared *shared = s->shared;
	struct snapshot_hash hash;
	struct head h;
	uint64_t digest;

	XXH3_64bits_reset(&f->sum);
	head_fill(s, sum, &h);
	put(f, &h, sizeof(h));
	put_known(f, &shared->known);
	for (unsigned int i = 0; i < sum->nr_found; i++) {
		const struct prove_found *found = &sum->found[i];

		put(f, &found->key, sizeof(found->key));
		put(f, &found->report, sizeof(found->report));
		put(f, &found->schedule.nr, sizeof(found->schedule.nr));
		put(f, found->schedule.entry,
		    found->schedule.nr * sizeof(found->schedule.entry[0]));
	}
	for (size_t i = 0; table_next(&shared->table, &i, &hash);)
		put(f, &hash, sizeof(hash));
	digest = XXH3_64bits_digest(&f->sum);
	put(f, &digest, sizeof(digest));
}

/* Beside the checkpoint, to become it; NULL: errno says why not. */
static FILE *open_temporary(const char *path, char name[PATH_MAX])
{
	if (snprintf(name, PATH_MAX, "%s.tmp-%d", path, (int)getpid()) < PATH_MAX)
		return fopen(name, "we");
	*name = 0;
	errno = ENAMETOOLONG;
	return NULL;
}

static int cannot_save(const char *path, int error)
{
	return term_error(TERM_EXIT_SYSTEM, "--checkpoint '%s': %s", path, strerror(error));
}

int prove_can_save(const struct prove *p)
{
	char temporary[PATH_MAX];
	FILE *f = open_temporary(p->checkpoint, temporary);

	if (!f)
		return cannot_save(p->checkpoint, errno);
	fclose(f);
	unlink(temporary);
	return 0;
}

/* The old file stays until the new one is whole and on the disk. */
int prove_save(struct search *s)
{
	static struct prove sum;
	const char *path = s->asked->checkpoint;
	char temporary[PATH_MAX];
	struct file f = { .path = path };
	int error = 0;

	sum.config = s->asked->config;
	search_gather(s, &sum);
	f.f = open_temporary(path, temporary);
	if (f.f) {
		put_all(&f, s, &sum);
		f.bad |= fflush(f.f) || fsync(fileno(f.f));
		error = errno;
		f.bad |= fclose(f.f) != 0;
	}
	if (f.f && !f.bad && !rename(temporary, path))
		return 0;
	error = error ? error : errno;
	unlink(temporary);
	return cannot_save(path, error);
}

static int refuse(const struct file *f, int code, const char *why)
{
	return term_error(code, "--resume '%s': %s", f->path, why);
}

/* Whether it was made by this program, for this search. */
static int check_head(const struct file *f, const struct head *h, const struct head *own)
{
	if (memcmp(h->magic, own->magic, sizeof(h->magic)))
		return refuse(f, TERM_EXIT_USAGE, "not a checkpoint of kicksim prove");
	if (h->version != own->version || h->size != own->size ||
	    memcmp(h->tool, own->tool, sizeof(h->tool)))
		return refuse(f, TERM_EXIT_SYSTEM,
			      "made by another version of kicksim: begin anew without it");
	if (memcmp(h->config, own->config, sizeof(h->config)) || h->less != own->less)
		return refuse(f, TERM_EXIT_USAGE,
			      "made for another configuration: give the scenario and options "
			      "that it was begun with");
	if (memcmp(h->core, own->core, sizeof(h->core)))
		return refuse(f, TERM_EXIT_SYSTEM,
			      "made for other code under test: begin anew without it");
	if (h->place != own->place)
		return refuse(f, TERM_EXIT_SYSTEM, "made by another build of kicksim, or one at "
			      "other addresses: begin anew without it");
	return 0;
}

static bool get_found(struct file *f, struct prove_found *found)
{
	get(f, &found->key, sizeof(found->key));
	get(f, &found->report, sizeof(found->report));
	get(f, &found->schedule.nr, sizeof(found->schedule.nr));
	if (f->bad || found->schedule.nr > SCHEDULE_MAX || found->report.oracle >= NR_ORACLES)
		return false;
	get(f, found->schedule.entry, found->schedule.nr * sizeof(found->schedule.entry[0]));
	return !f->bad;
}

static int get_hashes(struct file *f, struct search *s, uint64_t nr)
{
	struct table *t = &s->shared->table;
	struct snapshot_hash hash;
	struct stat st;

	/* A length that cannot be true is not worth the memory. */
	if (fstat(fileno(f->f), &st) || nr > (uint64_t)st.st_size / sizeof(hash))
		f->bad = true;
	else if (!table_make_room(t, nr, s->asked->max_bytes) || !table_claim(t, nr))
		return refuse(f, TERM_EXIT_SYSTEM, "more states than fit: give more --memory");
	for (uint64_t i = 0; i < nr && !f->bad; i++) {
		get(f, &hash, sizeof(hash));
		f->bad |= !table_add(t, hash);
	}
	return 0;
}

static int get_all(struct file *f, struct search *s)
{
	static const struct prove nothing;
	struct prove *to = &s->shared->before;
	struct head h, own;
	uint64_t digest, expected;
	int ret;

	XXH3_64bits_reset(&f->sum);
	get(f, &h, sizeof(h));
	head_fill(s, &nothing, &own);
	ret = check_head(f, &h, &own);
	if (ret)
		return ret;
	get_known(f, &s->shared->known);
	for (unsigned int i = 0; i < h.nr_found && !f->bad; i++)
		f->bad |= i == PROVE_FOUND_MAX || !get_found(f, &to->found[i]);
	if (!f->bad)
		ret = get_hashes(f, s, h.nr_hashes);
	expected = XXH3_64bits_digest(&f->sum);
	get(f, &digest, sizeof(digest));
	if (!ret && (f->bad || digest != expected || fgetc(f->f) != EOF))
		ret = refuse(f, TERM_EXIT_USAGE, "cut off or damaged");
#define COUNT(name) to->name = h.count[COUNT_##name];
	PROVE_COUNTS(COUNT)
#undef COUNT
	memcpy(to->broken, h.broken, sizeof(to->broken));
	s->shared->asymmetric = h.asymmetric;
	memcpy(s->shared->why, h.why, sizeof(h.why));
	to->fired = h.fired;
	to->depth = h.depth;
	to->nr_found = h.nr_found;
	return ret;
}

int prove_load(struct search *s)
{
	struct file f = { .path = s->asked->resume };
	int ret;

	f.f = fopen(f.path, "re");
	if (!f.f)
		return refuse(&f, TERM_EXIT_SYSTEM, strerror(errno));
	ret = get_all(&f, s);
	fclose(f.f);
	return ret;
}
