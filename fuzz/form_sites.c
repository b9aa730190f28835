// SPDX-License-Identifier: GPL-2.0-only
/*
 * The site table of a form, from the relocations that its object keeps: a call
 * of __tsan_*() or machine_*() is a site, and its place is the return address.
 */
#include <dlfcn.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <gelf.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>
#include "../results/term.h"
#include "form_priv.h"

struct object_file {
	Elf *elf;
	int fd;
	Elf_Data *symtab, *strtab, *rela;
	size_t nr_syms, nr_relas;
	GElf_Shdr text;
	size_t text_index;
};

static int object_open(struct object_file *o, const char *path)
{
	Elf_Scn *scn = NULL;
	size_t names;

	memset(o, 0, sizeof(*o));
	elf_version(EV_CURRENT);
	o->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (o->fd < 0)
		return -1;
	o->elf = elf_begin(o->fd, ELF_C_READ, NULL);
	if (!o->elf || elf_getshdrstrndx(o->elf, &names))
		return -1;
	while ((scn = elf_nextscn(o->elf, scn))) {
		GElf_Shdr sh;
		const char *name;

		if (!gelf_getshdr(scn, &sh))
			return -1;
		name = elf_strptr(o->elf, names, sh.sh_name);
		if (!name)
			return -1;
		if (!strcmp(name, ".text")) {
			o->text = sh;
			o->text_index = elf_ndxscn(scn);
		} else if (!strcmp(name, ".rela.text")) {
			o->rela = elf_getdata(scn, NULL);
			o->nr_relas = sh.sh_size / sh.sh_entsize;
		} else if (sh.sh_type == SHT_SYMTAB) {
			o->symtab = elf_getdata(scn, NULL);
			o->nr_syms = sh.sh_size / sh.sh_entsize;
			o->strtab = elf_getdata(elf_getscn(o->elf, sh.sh_link), NULL);
		}
	}
	return o->rela && o->symtab && o->strtab && o->text.sh_size ? 0 : -1;
}

static void object_close(struct object_file *o)
{
	if (o->elf)
		elf_end(o->elf);
	if (o->fd >= 0)
		close(o->fd);
}

static const char *sym_name(const struct object_file *o, const GElf_Sym *sym)
{
	return (const char *)o->strtab->d_buf + sym->st_name;
}

/* "__tsan_volatile_read4" -> "volatile_read4", "machine_wake_up" -> "wake_up". */
static const char *site_op(const char *symbol)
{
	if (!strncmp(symbol, "__tsan_init", 11))
		return NULL;
	if (!strncmp(symbol, "__tsan_", 7))
		return symbol + 7;
	if (!strncmp(symbol, "machine_", 8))
		return symbol + 8;
	return NULL;
}

static int site_compare(const void *a, const void *b)
{
	const struct site *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static const char *function_at(const struct object_file *o, uint64_t addr)
{
	GElf_Sym sym;

	for (size_t i = 0; i < o->nr_syms; i++)
		if (gelf_getsym(o->symtab, (int)i, &sym) &&
		    GELF_ST_TYPE(sym.st_info) == STT_FUNC && addr >= sym.st_value &&
		    addr < sym.st_value + sym.st_size)
			return sym_name(o, &sym);
	return "?";
}

/* Fills f->sites.site[1..nr] in the order of addresses. */
static int sites_collect(struct form *f, const struct object_file *o)
{
	struct sites *s = &f->sites;
	GElf_Rela rela;
	GElf_Sym sym;

	s->site = calloc(o->nr_relas + 1, sizeof(*s->site));
	if (!s->site)
		return -1;
	for (size_t i = 0; i < o->nr_relas; i++) {
		const char *op;

		if (!gelf_getrela(o->rela, (int)i, &rela) ||
		    !gelf_getsym(o->symtab, (int)GELF_R_SYM(rela.r_info), &sym))
			return -1;
		op = site_op(sym_name(o, &sym));
		if (!op)
			continue;
		s->site[++s->nr] = (struct site){
			.op = strdup(op),
			.offset = (uint32_t)(rela.r_offset + 4 - o->text.sh_addr),
		};
	}
	qsort(s->site + 1, s->nr, sizeof(*s->site), site_compare);
	for (unsigned int i = 1; i <= s->nr; i++) {
		const char *fn = function_at(o, o->text.sh_addr + s->site[i].offset - 1);
		bool same = i > 1 && !strcmp(fn, s->site[i - 1].function);

		s->site[i].function = same ? s->site[i - 1].function : strdup(fn);
		s->site[i].ordinal = same ? s->site[i - 1].ordinal + 1 : 0;
	}
	return 0;
}

static int sites_index(struct form *f, const struct object_file *o)
{
	struct sites *s = &f->sites;
	uint16_t *index = calloc(o->text.sh_size + 1, sizeof(*index));
	struct link_map *map;
	Dl_info info;

	/* Not where the object begins, but by how much it was moved: maybe not at all. */
	if (!index || !dladdr1(f->code, &info, (void **)&map, RTLD_DL_LINKMAP))
		return -1;
	for (uint16_t i = 1; i <= s->nr; i++)
		index[s->site[i].offset] = i;
	s->by_offset = index;
	s->length = (uint32_t)o->text.sh_size + 1;
	s->base = map->l_addr + o->text.sh_addr;
	f->text_addr = o->text.sh_addr;
	return 0;
}

/* What was compiled: text and read-only data, wherever the object was built. */
static void form_hash(struct form *f, const struct object_file *o)
{
	Elf_Data *text = elf_getdata(elf_getscn(o->elf, o->text_index), NULL);
	XXH128_hash_t h = XXH3_128bits(text->d_buf, text->d_size);

	snprintf(f->hash, sizeof(f->hash), "%016llx%016llx", (unsigned long long)h.high64,
		 (unsigned long long)h.low64);
}

int sites_load(struct form *f)
{
	struct object_file o;
	int ret = object_open(&o, f->path);

	if (!ret)
		ret = sites_collect(f, &o);
	if (!ret)
		ret = sites_index(f, &o);
	if (!ret)
		form_hash(f, &o);
	else
		term_error(TERM_EXIT_SYSTEM,
			   "%s: no relocations or symbols: rebuild it with 'ninja'", f->path);
	object_close(&o);
	return ret;
}

const char *form_site_name(const struct form *f, uint16_t site, char *buf, size_t size)
{
	const struct site *s = &f->sites.site[site];

	if (!site || site > f->sites.nr)
		snprintf(buf, size, "-");
	else
		snprintf(buf, size, "%s:%u:%s", s->function, s->ordinal, s->op);
	return buf;
}

uint16_t form_site_by_name(const struct form *f, const char *name)
{
	char buf[160];

	for (uint16_t i = 1; i <= f->sites.nr; i++)
		if (!strcmp(form_site_name(f, i, buf, sizeof(buf)), name))
			return i;
	return 0;
}
