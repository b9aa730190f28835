// SPDX-License-Identifier: GPL-2.0-only
/* A tracepoint's "format" file, by which tools decode its records. */
#include <string.h>
#include "show_name.h"
#include "tracepoint.h"

static const struct tracepoint_field common[] = {
	{ "unsigned short", "common_type", 0, 2, 0, 0 },
	{ "unsigned char", "common_flags", 2, 1, 0, 0 },
	{ "unsigned char", "common_preempt_count", 3, 1, 0, 0 },
	{ "int", "common_pid", 4, 4, 1, 0 },
	{ NULL, NULL, 0, 0, 0, 0 }
};

static void put_field(const struct tracepoint_field *f, FILE *out)
{
	char array[16] = "";

	if (f->is_text)
		snprintf(array, sizeof(array), "[%u]", f->size);
	fprintf(out, "\tfield:%s %s%s;\toffset:%u;\tsize:%u;\tsigned:%u;\n", f->type, f->name,
		array, f->offset, f->size, f->is_signed);
}

/* printf knows neither a task's state nor a mode: a table says their names. */
static void put_argument(const struct tracepoint_field *f, char conversion, FILE *out)
{
	const struct machine_layout *l = &WORLD->fix.form->layout;
	const int mode[] = { l->mode_outside, l->mode_in_guest, l->mode_exiting, l->mode_reading };

	if (conversion == 'T') {
		fprintf(out, ", __print_symbolic(REC->%s, { 0, \"R\" }, { 1, \"S\" }, "
			"{ 16, \"X\" })", f->name);
		return;
	}
	if (conversion != 'M') {
		fprintf(out, ", REC->%s", f->name);
		return;
	}
	fprintf(out, ", __print_symbolic(REC->%s", f->name);
	for (unsigned int i = 0; i < sizeof(mode) / sizeof(mode[0]); i++)
		fprintf(out, ", { %d, \"%s\" }", mode[i], show_mode((uint64_t)mode[i], false));
	putc(')', out);
}

static void put_print_format(const struct tracepoint *tp, FILE *out)
{
	const struct tracepoint_field *f = tp->field;
	const char *c;

	fputs("\nprint fmt: \"", out);
	for (c = tp->format; *c; c++) {
		if (c[0] == '%' && (c[1] == 'T' || c[1] == 'M')) {
			fputs("%s", out);
			c++;
		} else {
			putc(*c, out);
		}
	}
	putc('"', out);
	for (c = strchr(tp->format, '%'); c; c = strchr(c + 1, '%'), f++)
		put_argument(f, c[strcspn(c + 1, "duxsTM") + 1], out);
	putc('\n', out);
}

void tracepoint_format(const struct tracepoint *tp, FILE *out)
{
	fprintf(out, "name: %s\nID: %u\nformat:\n", tp->name, tp->id);
	for (const struct tracepoint_field *f = common; f->name; f++)
		put_field(f, out);
	putc('\n', out);
	for (const struct tracepoint_field *f = tp->field; f->name; f++)
		put_field(f, out);
	put_print_format(tp, out);
}
