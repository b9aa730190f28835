// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the object's functions came from, by what the compiler wrote down: not by
 * what this program believes that it gave it.
 */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "../results/term.h"
#include "lift.h"

static bool same_file(const char *file, const char *path)
{
	size_t n = strlen(file), m = strlen(path);

	return n >= m && !strcmp(file + n - m, path) && (n == m || file[n - m - 1] == '/');
}

/* The lifted function that this one is, or NULL. */
static const struct lift_piece *piece_of(const struct lift *l, Dwarf_Die *die)
{
	const char *name = dwarf_diename(die), *file = dwarf_decl_file(die);
	int line;

	if (!name || !file || dwarf_decl_line(die, &line))
		return NULL;
	for (unsigned int i = 0; i < l->nr_pieces; i++) {
		const struct lift_piece *p = &l->piece[i];

		if (p->def->kind == 'f' && !strcmp(p->def->name, name) &&
		    same_file(file, p->from->path) && (unsigned int)line >= p->def->first &&
		    (unsigned int)line <= p->def->last)
			return p;
	}
	return NULL;
}

/* Kvmcore's own function that was to give way to the tree's. */
static void look_at_own(struct lift *l, Dwarf_Die *die)
{
	const char *name = dwarf_diename(die), *file = dwarf_decl_file(die);

	for (unsigned int t = 0; name && file && t < l->nr_targets; t++) {
		if (!same_file(file, l->source[t].path) || !lift_wants(l, t, name))
			continue;
		for (unsigned int i = 0; i < l->nr_stayed; i++)
			if (!strcmp(l->stayed[i], name))
				return;
		if (l->nr_stayed < LIFT_STAYED)
			l->stayed[l->nr_stayed++] = text_copy(name, strlen(name));
		return;
	}
}

static void look_at_unit(struct lift *l, Dwarf_Die *unit, bool *seen)
{
	Dwarf_Die die;
	Dwarf_Attribute attr;

	if (dwarf_child(unit, &die))
		return;
	do {
		const struct lift_piece *p;

		if (dwarf_tag(&die) != DW_TAG_subprogram ||
		    (!dwarf_hasattr(&die, DW_AT_low_pc) && !dwarf_attr(&die, DW_AT_inline, &attr)))
			continue;
		p = piece_of(l, &die);
		if (p)
			seen[p - l->piece] = true;
		else
			look_at_own(l, &die);
	} while (!dwarf_siblingof(&die, &die));
}

int lift_verify(struct lift *l, const char *object)
{
	static bool seen[LIFT_PIECES];
	int fd = open(object, O_RDONLY | O_CLOEXEC);
	Dwarf *dwarf = fd >= 0 ? dwarf_begin(fd, DWARF_C_READ) : NULL;
	Dwarf_Off off = 0, next;
	size_t header;

	if (!dwarf)
		return term_error(TERM_EXIT_SYSTEM, "%s: %s", object,
				  fd < 0 ? strerror(errno) : dwarf_errmsg(-1));
	while (!dwarf_nextcu(dwarf, off, &next, &header, NULL, NULL, NULL)) {
		Dwarf_Die unit;

		if (dwarf_offdie(dwarf, off + header, &unit))
			look_at_unit(l, &unit, seen);
		off = next;
	}
	dwarf_end(dwarf);
	close(fd);
	for (unsigned int i = 0; i < l->nr_pieces; i++) {
		l->nr_compiled += seen[i];
		if (l->piece[i].def->kind == 'f' && !seen[i] &&
		    !strcmp(l->piece[i].def->name, "kvm_vcpu_kick"))
			return term_error(TERM_EXIT_USAGE, "%s:%u: kvm_vcpu_kick() is not compiled: "
					  "see the #if's around it", l->piece[i].from->path,
					  l->piece[i].def->line);
	}
	return 0;
}
