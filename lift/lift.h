/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A lift is one kernel tree's kick functions on their way into a kernel form.
 *
 * The tree's files are copied and patched (tree.c), and the few more that have
 * what is missing in those (moved.c); the form that is nearest to
 * what they have is the base (base.c).  In a copy of the base's kvmcore each
 * function that the tree has under the same name gives way to the tree's, whole
 * and unedited, under a #line that names the tree's file (splice.c); the list of
 * those names is in what.c.  The compiler then says which names are still
 * missing, and they are taken from the tree too, until nothing is missing or
 * what is missing is not in these files (resolve.c).  build.sh makes the object,
 * whose debug information has to confirm where each function came from
 * (verify.c).
 *
 * Pieces point into sources, sources own their text, and a lift lives as long as
 * its process.  Functions return an exit code, after one line on stderr.  A lift
 * knows nothing of runs and schedules; the form that it makes is like any other.
 */
#ifndef LIFT_LIFT_H
#define LIFT_LIFT_H

#include "source.h"

enum {
	LIFT_PATCHES = 64,
	LIFT_PIECES = 512,
	LIFT_TARGETS = 16,
	LIFT_FILES = 40,
	LIFT_STAYED = 64,
};

/* A file of kvmcore's in which functions give way to the tree's. */
struct lift_target {
	const char *path;		/* "kvmcore/kvm_main.c"; the kick file's is made up */
	const char *arch;		/* NULL: all */
	const char *from;		/* the tree's files, separated by blanks */
	const char *names;		/* functions; "*": all that the target has; "f:6.1":
					   onto bases from v6.1 on */
};

/* A definition that is taken from the tree. */
struct lift_piece {
	const struct source *from;
	const struct def *def;
	unsigned int target;
	bool helper;			/* the target has nothing of that name */
	bool instead;			/* an enum, in the place of the target's */
	const char *scope;		/* of a struct's member that is added to the target's */
};

/* A function with parameters that kvmcore's callers do not know of. */
struct lift_adapted {
	const char *name;
	unsigned int own, extra;
};

/* A name that kernel code uses for nothing that a run could see. */
struct lift_noop {
	char *name;
	unsigned int target;
};

struct lift {
	/* asked for */
	const char *tree, *name, *arch, *base;
	const char *patch[LIFT_PATCHES];
	unsigned int nr_patches;
	bool replace, verbose;
	/* found */
	char *core;			/* the folder that has kvmcore/ */
	char *out;			/* the object to be */
	char *work;			/* tree/ and kvmcore/, kept beside the object */
	const char *base_why;
	struct source before[LIFT_FILES], file[LIFT_FILES];
	unsigned int nr_files, nr_usual;	/* the first of them are lift_files[] */
	struct lift_target target[LIFT_TARGETS];
	struct source source[LIFT_TARGETS];
	unsigned int nr_targets;
	struct lift_piece piece[LIFT_PIECES];
	unsigned int nr_pieces;
	struct lift_adapted adapted[LIFT_STAYED];
	unsigned int nr_adapted;
	struct lift_noop *noop;
	unsigned int nr_noops;
	unsigned int nr_compiled;	/* lifted functions that the object has */
	char *stayed[LIFT_STAYED];	/* functions to lift that it has of kvmcore's */
	unsigned int nr_stayed;
};

/* what.c */
extern const char *const lift_files[];		/* of a tree, ends with NULL */
extern const struct lift_target lift_targets[];	/* ends with a NULL path */
/* Whether the target takes functions from this file, and this function. */
bool lift_has_file(const struct lift *l, unsigned int target, const char *path);
bool lift_wants(const struct lift *l, unsigned int target, const char *name);
/* Of the kick file, whose target wants all that it has: what may have moved. */
extern const char *const lift_kick_names;
struct source *lift_file(struct lift *l, const char *path);
/* A file of an architecture that the form is not for. */
bool lift_other_arch(const struct lift *l, const char *path);
/* Whether a file of the tree defines the function. */
bool lift_defined(const struct lift *l, const char *name);

/* tree.c: work/tree has the files, patched; before[] and file[] are loaded. */
int lift_copy_tree(struct lift *l);
/* 1: work/tree has it, 0: the tree has no such file, -1 and a line on stderr. */
int lift_copy_file(const struct lift *l, const char *path);

/* moved.c: more files in file[], for functions that the usual ones lack. */
int lift_find_moved(struct lift *l);
/* Takes one name off a list like lift_target's; false at its end. */
bool lift_next_name(const char **names, char *name, size_t size);

/* base.c */
int lift_choose_base(struct lift *l);

/* splice.c */
int lift_copy_core(struct lift *l);
/* The pieces that stand for functions of the targets. */
int lift_take(struct lift *l);
/* False if there is no room, or it is there already. */
bool lift_add_piece(struct lift *l, const struct source *from, const struct def *def,
		    unsigned int target, const char *scope);
/* Writes the targets with all pieces in their places. */
int lift_splice(struct lift *l);

/* adapt.c: what kvmcore calls with zeros more, after lift_take(). */
void lift_adapt(struct lift *l);
const struct lift_adapted *lift_adapted(const struct lift *l, const char *name);
/* From here on kvmcore's calls; around the tree's text they are as they stand. */
void lift_add_call(const struct lift *l, const char *name, struct text *t);
void lift_hide_calls(const struct lift *l, const char *but, bool hide, struct text *t);
/* An exit code: not 0 if a patch changes what kvmcore keeps for itself. */
int lift_check_members(const struct lift *l);

/* resolve.c */
int lift_resolve(struct lift *l);

/* build.c: the object under its final name; work/ beside it. */
int lift_build(struct lift *l);

/* verify.c: sets nr_compiled and stayed[]. */
int lift_verify(struct lift *l, const char *object);

/* report.c */
int lift_report(const struct lift *l, double seconds);

#endif
