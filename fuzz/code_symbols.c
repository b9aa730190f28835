// SPDX-License-Identifier: GPL-2.0-only
/* Where functions begin and end, from the symbols of the objects in this process. */
#include <dlfcn.h>
#include <fcntl.h>
#include <gelf.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "code_priv.h"

enum { MAX_OBJECTS = 64 };

struct symbol {
	uintptr_t from, to;
	char *name;
};

static struct object {
	const void *begin;		/* as the loader names it */
	struct symbol *symbol;
	size_t nr;
} object[MAX_OBJECTS];
static unsigned int nr_objects;

static int compare(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

static void add_symbols(struct object *o, Elf *elf, Elf_Scn *scn, const GElf_Shdr *sh,
			uintptr_t moved)
{
	size_t nr = sh->sh_size / sh->sh_entsize;
	Elf_Data *data = elf_getdata(scn, NULL);
	GElf_Sym sym;

	o->symbol = calloc(nr, sizeof(*o->symbol));
	for (size_t i = 0; o->symbol && data && i < nr; i++) {
		const char *name;

		if (!gelf_getsym(data, (int)i, &sym) || GELF_ST_TYPE(sym.st_info) != STT_FUNC ||
		    !sym.st_size || !(name = elf_strptr(elf, sh->sh_link, sym.st_name)))
			continue;
		o->symbol[o->nr++] = (struct symbol){
			moved + sym.st_value, moved + sym.st_value + sym.st_size, strdup(name)
		};
	}
	if (o->symbol)
		qsort(o->symbol, o->nr, sizeof(*o->symbol), compare);
}

static void read_symbols(struct object *o, const char *path, uintptr_t moved)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;
	Elf *elf;

	if (fd < 0)
		return;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	while (elf && (scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &sh) && sh.sh_type == SHT_SYMTAB)
			add_symbols(o, elf, scn, &sh, moved);
	elf_end(elf);
	close(fd);
}

static const struct object *object_at(uintptr_t at)
{
	struct link_map *map;
	Dl_info info;

	if (!dladdr1((const void *)at, &info, (void **)&map, RTLD_DL_LINKMAP))
		return NULL;
	for (unsigned int i = 0; i < nr_objects; i++)
		if (object[i].begin == info.dli_fbase)
			return &object[i];
	if (nr_objects == MAX_OBJECTS)
		return NULL;
	object[nr_objects].begin = info.dli_fbase;
	read_symbols(&object[nr_objects], *map->l_name ? map->l_name : "/proc/self/exe",
		     map->l_addr);
	return &object[nr_objects++];
}

static const struct symbol *symbol_at(uintptr_t at)
{
	const struct object *o = object_at(at);
	size_t from = 0, to = o ? o->nr : 0;

	while (from < to) {
		size_t i = (from + to) / 2;

		if (o->symbol[i].from > at)
			to = i;
		else if (o->symbol[i].to <= at)
			from = i + 1;
		else
			return &o->symbol[i];
	}
	return NULL;
}

bool code_function_at(uintptr_t at, struct code_range *range)
{
	const struct symbol *s = symbol_at(at);

	/* Such a part is entered by jumps, with a frame that only its function knows. */
	if (!s || strstr(s->name, ".cold"))
		return false;
	*range = (struct code_range){ s->from, s->to };
	return true;
}

/* gcc's name of it is the function's and ".cold", perhaps with a number. */
bool code_part_at(const struct code_range *range, uintptr_t at, struct code_range *part)
{
	const struct symbol *whole = symbol_at(range->from), *s = symbol_at(at);
	size_t n;

	if (!whole || !s)
		return false;
	n = strlen(whole->name);
	if (strncmp(s->name, whole->name, n) || strncmp(s->name + n, ".cold", 5))
		return false;
	*part = (struct code_range){ s->from, s->to };
	return true;
}
