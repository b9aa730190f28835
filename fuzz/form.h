/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A form is one compiled version of the code under test: kernel form,
 * architecture and variant, a shared object under out/kvmcore/.
 *
 * Every flavour of kicksim (plain, sanitized, fuzzer) loads the same object, so
 * all of them number the places of accesses alike and a schedule that one has
 * found replays in the others.  The object keeps its relocations: they say
 * which instructions call an access hook or the machine, and that list, sorted
 * by function, is the site table.
 *
 * Objects are named FORM-ARCH.so and FORM-ARCH+VARIANT.so and looked for in
 * $KICKSIM_FORMS, or in kvmcore/ beside the program or its parent folder.
 */
#ifndef FUZZ_FORM_H
#define FUZZ_FORM_H

#include <stdbool.h>
#include "../kvmcore/machine.h"
#include "../sim/sites.h"

struct form {
	const struct machine_form *code;
	struct sites sites;
	char id[64];			/* "v5.16-x86" or "v5.16-x86+no-ipi" */
	char path[4096];
	uint64_t text_addr;		/* of .text inside the object */
	char hash[33];			/* XXH3-128 of the object's code and data, hex */
	bool foreign;			/* lifted, or from $KICKSIM_FORMS: see confine.h */
	bool confined;			/* its text may make no system call */
};

/*
 * Loads a form, or returns the one loaded before.  @variant may be "" or NULL.
 * NULL: one line has been written to stderr, exit with 4.
 */
struct form *form_load(const char *kernel, const char *arch, const char *variant);
/* Reads file and line of every site from the object's debug information. */
void form_load_lines(struct form *f);
/* Function, file and line of a place in the text; false if nothing is known. */
bool form_place(struct form *f, uint32_t offset, const char **function, const char **file,
		unsigned int *line);
/* Stable name "function:ordinal:op" of a site, into @buf. */
const char *form_site_name(const struct form *f, uint16_t site, char *buf, size_t size);
/* The site of such a name, or 0. */
uint16_t form_site_by_name(const struct form *f, const char *name);
/* Whether any form that is loaded is foreign. */
bool form_any_foreign(void);
const struct machine_scenario *form_scenario(const struct form *f, const char *name);
/* The folder that holds the objects; the same for the whole process. */
const char *form_dir(void);
/* Calls @fn for each object that is there, in the order of names. */
int form_each(int (*fn)(const char *id, const char *path, void *arg), void *arg);

#endif
