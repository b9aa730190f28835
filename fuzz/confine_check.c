// SPDX-License-Identifier: GPL-2.0-only
/* What a foreign object may have in it, before the dynamic linker sees it. */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../results/term.h"
#include "confine.h"

/* A form asks the machine and the access hooks; the rest is for struct copies. */
static bool may_ask(const char *name)
{
	return !*name || !strncmp(name, "machine_", 8) || !strncmp(name, "__tsan_", 7) ||
	       !strcmp(name, "memcpy") || !strcmp(name, "memset") || !strcmp(name, "memmove") ||
	       !strcmp(name, "memcmp");
}

static const char *check_symbols(Elf_Scn *scn, const GElf_Shdr *sh, Elf *elf, char *buf,
				 size_t size)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	GElf_Sym sym;

	for (size_t i = 0; data && i < sh->sh_size / sh->sh_entsize; i++) {
		const char *name;

		if (!gelf_getsym(data, (int)i, &sym))
			return "a damaged table of symbols";
		name = elf_strptr(elf, sh->sh_link, sym.st_name);
		if (GELF_ST_TYPE(sym.st_info) == STT_GNU_IFUNC)
			return "a function that is chosen at load time";
		if (sym.st_shndx != SHN_UNDEF || (name && may_ask(name)))
			continue;
		snprintf(buf, size, "a call of %s(), which is not the machine's",
			 name ? name : "?");
		return buf;
	}
	return NULL;
}

static const char *check_dynamic(Elf_Scn *scn, const GElf_Shdr *sh)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	GElf_Dyn dyn;

	for (size_t i = 0; data && i < sh->sh_size / sh->sh_entsize; i++) {
		if (!gelf_getdyn(data, (int)i, &dyn))
			return "a damaged dynamic section";
		switch (dyn.d_tag) {
		case DT_NEEDED:
		case DT_AUXILIARY:
		case DT_FILTER:
			return "a library that it needs";
		case DT_INIT:
		case DT_FINI:
		case DT_INIT_ARRAY:
		case DT_FINI_ARRAY:
		case DT_PREINIT_ARRAY:
			return "code that runs when it is loaded (a constructor)";
		default:
			break;
		}
	}
	return NULL;
}

static const char *check(Elf *elf, char *buf, size_t size)
{
	const char *why = NULL;
	Elf_Scn *scn = NULL;
	bool has_dynamic = false;
	GElf_Shdr sh;

	while (!why && (scn = elf_nextscn(elf, scn))) {
		if (!gelf_getshdr(scn, &sh))
			return "a damaged section";
		if (sh.sh_type == SHT_DYNSYM && sh.sh_entsize)
			why = check_symbols(scn, &sh, elf, buf, size);
		if (sh.sh_type == SHT_DYNAMIC && sh.sh_entsize) {
			has_dynamic = true;
			why = check_dynamic(scn, &sh);
		}
	}
	return why ? why : has_dynamic ? NULL : "no dynamic section";
}

int confine_check(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *why = "no ELF object";
	char buf[160];
	Elf *elf;

	if (fd < 0)
		return term_error(TERM_EXIT_SYSTEM, "%s: %s", path, strerror(errno));
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf && elf_kind(elf) == ELF_K_ELF)
		why = check(elf, buf, sizeof(buf));
	if (elf)
		elf_end(elf);
	close(fd);
	return why ? term_error(TERM_EXIT_SYSTEM, "%s is not loaded: it has %s", path, why) : 0;
}
