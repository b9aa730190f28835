// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outfile.h"
#include "term.h"

int outfile_open(struct outfile *o, const char *path)
{
	struct stat st;

	*o = (struct outfile){ .out = stdout, .path = path };
	if (!strcmp(path, "-"))
		return TERM_EXIT_OK;
	if (lstat(path, &st) || S_ISREG(st.st_mode))
		if (snprintf(o->part, sizeof(o->part), "%s.part", path) >= PATH_MAX)
			return term_error(TERM_EXIT_USAGE, "%s: the name is too long", path);
	o->out = fopen(*o->part ? o->part : path, "w");
	if (!o->out)
		return term_error(TERM_EXIT_SYSTEM, "%s: %s: name another with --output", path,
				  strerror(errno));
	return TERM_EXIT_OK;
}

int outfile_close(struct outfile *o, int ret)
{
	bool whole = term_flushed(o->out);

	if (o->out != stdout)
		whole &= !fclose(o->out);
	if (!ret && !whole)
		ret = term_error(TERM_EXIT_SYSTEM, "%s: cannot be written: is the disk full?",
				 o->path);
	if (!ret && *o->part && rename(o->part, o->path))
		ret = term_error(TERM_EXIT_SYSTEM, "%s: %s", o->path, strerror(errno));
	if (ret && *o->part)
		unlink(o->part);
	return ret;
}
