// SPDX-License-Identifier: GPL-2.0-only
/* The handshake, which is a form outside the folder of forms. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../kvmcore/bench/handshake.h"
#include "bench.h"
#include "form_priv.h"

struct form *bench_form(const char *path)
{
	struct form *f = calloc(1, sizeof(*f));
	void *handle = f ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;

	if (handle)
		f->code = dlsym(handle, "kvmcore_form");
	if (!handle || !f->code) {
		fprintf(stderr, "bench: %s: rebuild it with 'ninja bench'\n", f ? dlerror() : path);
		free(f);
		return NULL;
	}
	snprintf(f->id, sizeof(f->id), "%s", f->code->name);
	snprintf(f->path, sizeof(f->path), "%s", path);
	return sites_load(f) ? NULL : f;
}

bool bench_config(struct config *c, struct form *form, const char *scenario)
{
	const struct machine_scenario *s;

	if (!form)
		return false;
	config_init(c);
	c->form = form;
	snprintf(c->scenario, sizeof(c->scenario), "%s", scenario);
	s = form_scenario(form, scenario);
	if (!s) {
		fprintf(stderr, "bench: %s has no scenario '%s'\n", form->path, scenario);
		return false;
	}
	c->machine = s->config;
	return true;
}

bool bench_is_lost(void)
{
	const struct world_fixed *f = &WORLD->fix;

	for (unsigned int i = 0; i < f->nr_objects; i++)
		if (!strcmp(f->objects[i].name, "handshake"))
			return handshake_is_lost((const void *)(SHARED_BASE + f->objects[i].off));
	return false;
}
