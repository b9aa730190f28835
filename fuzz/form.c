// SPDX-License-Identifier: GPL-2.0-only
/* Finding and loading forms; see form_sites.c for their places. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../results/term.h"
#include "confine.h"
#include "form.h"
#include "form_priv.h"

enum { MAX_FORMS = 128 };

static struct form *loaded[MAX_FORMS];
static unsigned int nr_loaded;

const char *form_dir(void)
{
	static char dir[4096];
	const char *env = getenv("KICKSIM_FORMS");
	char exe[4000];
	ssize_t n;

	if (dir[0])
		return dir;
	if (env && *env) {
		snprintf(dir, sizeof(dir), "%s", env);
		return dir;
	}
	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	while (n > 0) {
		while (n > 0 && exe[n - 1] != '/')
			n--;
		exe[n > 0 ? n - 1 : 0] = '\0';
		snprintf(dir, sizeof(dir), "%s/kvmcore", exe);
		if (!access(dir, R_OK | X_OK) && form_dir_has_objects(dir))
			return dir;
		n = (ssize_t)strlen(exe);
	}
	snprintf(dir, sizeof(dir), "out/kvmcore");
	return dir;
}

static int id_compare(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_object(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 3 && !strcmp(d->d_name + n - 3, ".so");
}

bool form_dir_has_objects(const char *dir)
{
	struct dirent **names;
	int n = scandir(dir, &names, is_object, NULL);

	for (int i = 0; i < n; i++)
		free(names[i]);
	if (n > 0)
		free(names);
	return n > 0;
}

int form_each(int (*fn)(const char *id, const char *path, void *arg), void *arg)
{
	struct dirent **names;
	const char *dir = form_dir();
	int n = scandir(dir, &names, is_object, id_compare), ret = 0;

	for (int i = 0; i < n; i++) {
		char path[4096 + 256], id[64];

		snprintf(path, sizeof(path), "%s/%s", dir, names[i]->d_name);
		snprintf(id, sizeof(id), "%.*s", (int)strlen(names[i]->d_name) - 3,
			 names[i]->d_name);
		if (!ret)
			ret = fn(id, path, arg);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return ret;
}

/* A lift leaves a note beside the object; another folder is somebody else's. */
static bool is_foreign(const struct form *f)
{
	const char *env = getenv("KICKSIM_FORMS");
	char note[sizeof(f->path) + 8];

	snprintf(note, sizeof(note), "%.*slift", (int)strlen(f->path) - 2, f->path);
	return (env && *env) || !access(note, F_OK);
}

bool form_any_foreign(void)
{
	for (unsigned int i = 0; i < nr_loaded; i++)
		if (loaded[i]->foreign)
			return true;
	return false;
}

static struct form *form_open(const char *id)
{
	struct form *f = calloc(1, sizeof(*f));
	void *handle;

	if (!f)
		return NULL;
	snprintf(f->id, sizeof(f->id), "%s", id);
	snprintf(f->path, sizeof(f->path), "%s/%s.so", form_dir(), id);
	if (access(f->path, R_OK)) {
		term_error(TERM_EXIT_SYSTEM, "no kernel form '%s' (%s: %s): see 'kicksim list kernels'",
			id, f->path, strerror(errno));
		goto fail;
	}
	f->foreign = is_foreign(f);
	if (f->foreign && confine_check(f->path))
		goto fail;
	handle = dlopen(f->path, RTLD_NOW | RTLD_LOCAL);
	if (!handle) {
		term_error(TERM_EXIT_SYSTEM, "%s: rebuild it with 'ninja'", dlerror());
		goto fail;
	}
	f->code = dlsym(handle, "kvmcore_form");
	if (!f->code) {
		term_error(TERM_EXIT_SYSTEM, "%s: not a kernel form: rebuild it with 'ninja'",
			f->path);
		goto fail;
	}
	if (f->code->abi != MACHINE_ABI) {
		term_error(TERM_EXIT_SYSTEM, "%s: made for another kicksim: make it again (%s)",
			f->path, f->foreign ? "kicksim lift --replace" : "ninja forms variants");
		goto fail;
	}
	if (sites_load(f))
		goto fail;
	return f;
fail:
	free(f);
	return NULL;
}

struct form *form_load(const char *kernel, const char *arch, const char *variant)
{
	char id[64];

	snprintf(id, sizeof(id), "%s-%s%s%s", kernel, arch, variant && *variant ? "+" : "",
		 variant ? variant : "");
	for (unsigned int i = 0; i < nr_loaded; i++)
		if (!strcmp(loaded[i]->id, id))
			return loaded[i];
	if (nr_loaded == MAX_FORMS) {
		term_error(TERM_EXIT_SYSTEM, "more than %d kernel forms in one process", MAX_FORMS);
		return NULL;
	}
	loaded[nr_loaded] = form_open(id);
	return loaded[nr_loaded] ? loaded[nr_loaded++] : NULL;
}

const struct machine_scenario *form_scenario(const struct form *f, const char *name)
{
	for (const struct machine_scenario *const *s = f->code->scenarios; *s; s++)
		if (!strcmp((*s)->name, name))
			return *s;
	return NULL;
}
