// SPDX-License-Identifier: GPL-2.0-only
/* File and line of places in a form's text, from its debug information. */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <stdlib.h>
#include <string.h>
#include "form_priv.h"

static char *no_debuginfo_path;

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
	.debuginfo_path = &no_debuginfo_path,
};

/* Opened once for a form and kept: reports ask often. */
static Dwfl_Module *module_of(struct form *f)
{
	static struct {
		struct form *form;
		Dwfl_Module *module;
	} last;
	Dwfl *dwfl;

	if (last.form == f)
		return last.module;
	dwfl = dwfl_begin(&callbacks);
	if (!dwfl)
		return NULL;
	last.form = f;
	last.module = dwfl_report_elf(dwfl, f->id, f->path, -1, f->sites.base - f->text_addr,
				      true);
	dwfl_report_end(dwfl, NULL, NULL);
	return last.module;
}

/* A header of the kernel's that is not KVM's own. */
static bool is_api(const char *file)
{
	const char *slash = strrchr(file, '/');
	size_t n = strlen(file);

	return n > 2 && !strcmp(file + n - 2, ".h") &&
	       strncmp(slash ? slash + 1 : file, "kvm_", 4);
}

/* What such a header has inlined is at the line of KVM's that uses it. */
static void leave_api(Dwfl_Module *m, Dwarf_Addr addr, const char **file, int *line)
{
	Dwarf_Die *at = NULL, *scope = NULL, *cu;
	Dwarf_Addr bias;
	Dwarf_Files *files;
	int nr = 0;

	cu = dwfl_module_addrdie(m, addr, &bias);
	if (cu && dwarf_getscopes(cu, addr - bias, &at) > 0 &&
	    !dwarf_getsrcfiles(cu, &files, NULL))
		nr = dwarf_getscopes_die(at, &scope);
	for (int i = 0; i < nr && is_api(*file); i++) {
		Dwarf_Attribute attr;
		Dwarf_Word nr_file, nr_line;

		if (dwarf_tag(&scope[i]) != DW_TAG_inlined_subroutine ||
		    dwarf_formudata(dwarf_attr(&scope[i], DW_AT_call_file, &attr), &nr_file) ||
		    dwarf_formudata(dwarf_attr(&scope[i], DW_AT_call_line, &attr), &nr_line))
			continue;
		*file = dwarf_filesrc(files, nr_file, NULL, NULL);
		*line = (int)nr_line;
	}
	free(scope);
	free(at);
}

bool form_place(struct form *f, uint32_t offset, const char **function, const char **file,
		unsigned int *line)
{
	Dwfl_Module *m = module_of(f);
	Dwarf_Addr addr = f->sites.base + offset - 1;
	Dwfl_Line *l;
	int n = 0;

	if (!m)
		return false;
	*function = dwfl_module_addrname(m, addr);
	l = dwfl_module_getsrc(m, addr);
	*file = l ? dwfl_lineinfo(l, NULL, &n, NULL, NULL, NULL) : NULL;
	if (*file && is_api(*file))
		leave_api(m, addr, file, &n);
	*line = (unsigned int)n;
	while (*file && !strncmp(*file, "./", 2))
		*file += 2;
	return *function && *file;
}

void form_load_lines(struct form *f)
{
	for (unsigned int i = 1; i <= f->sites.nr; i++) {
		struct site *s = &f->sites.site[i];
		const char *function, *file;
		unsigned int line;

		if (s->file || !form_place(f, s->offset, &function, &file, &line))
			continue;
		s->file = strdup(file);
		s->line = line;
	}
}
