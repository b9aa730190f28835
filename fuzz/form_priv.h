/* SPDX-License-Identifier: GPL-2.0-only */
/* What form.c and form_sites.c share. */
#ifndef FUZZ_FORM_PRIV_H
#define FUZZ_FORM_PRIV_H

#include "form.h"

/* 0, or -1 with a line on stderr. */
int sites_load(struct form *f);
bool form_dir_has_objects(const char *dir);

#endif
