// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"
#include "term.h"

void table_open(struct table *t, FILE *out, enum table_format format,
		const char *schema)
{
	memset(t, 0, sizeof(*t));
	t->out = out;
	t->format = format;
	t->schema = schema;
}

void table_column(struct table *t, const char *name)
{
	struct table_column *c;

	assert(t->nr_rows == 0 && t->next == 0);
	assert(t->nr_columns < TABLE_COLUMN_MAX);
	t->columns = realloc(t->columns, (t->nr_columns + 1) * sizeof(*c));
	assert(t->columns);
	c = &t->columns[t->nr_columns++];
	c->name = strdup(name);
	assert(c->name);
	c->width = term_width(name);
	c->is_number = true;
}

/* RFC 4180: quotes only where they are needed, so that grep and cut are happy. */
static void put_csv(FILE *out, const char *value)
{
	if (!strpbrk(value, ",\"\r\n")) {
		fputs(value, out);
		return;
	}
	putc('"', out);
	for (; *value; value++) {
		if (*value == '"')
			putc('"', out);
		putc(*value, out);
	}
	putc('"', out);
}

static void put_csv_header(struct table *t)
{
	int i;

	for (i = 0; i < t->nr_columns; i++) {
		if (i)
			putc(',', t->out);
		put_csv(t->out, t->columns[i].name);
	}
	putc('\n', t->out);
}

/* What has to stand before a cell, and before the first of a row. */
static void begin_cell(struct table *t)
{
	assert(t->nr_columns > 0);
	if (t->format == TABLE_JSON && t->next == 0)
		json_open(&t->json, t->out, t->schema);
	if (t->format == TABLE_CSV) {
		if (t->next)
			putc(',', t->out);
		else if (t->nr_rows == 0)
			put_csv_header(t);
	}
}

static void end_cell(struct table *t)
{
	if (++t->next < t->nr_columns)
		return;
	t->next = 0;
	t->nr_rows++;
	if (t->format == TABLE_JSON)
		json_close(&t->json);
	if (t->format == TABLE_CSV)
		putc('\n', t->out);
}

/* Remember @value, or NULL, for the aligned table. */
static void keep_cell(struct table *t, const char *value, bool is_number)
{
	struct table_column *c = &t->columns[t->next];
	char *copy = NULL, *p;
	int width;

	if (t->nr_cells == t->nr_cells_max) {
		t->nr_cells_max = t->nr_cells_max ? 2 * t->nr_cells_max : 64;
		t->cells = realloc(t->cells, t->nr_cells_max * sizeof(*t->cells));
		assert(t->cells);
	}
	if (value) {
		copy = strdup(value);
		assert(copy);
		/* Control characters would break the columns. */
		for (p = copy; *p; p++)
			if ((unsigned char)*p < 0x20 || *p == 0x7f)
				*p = ' ';
		width = term_width(copy);
		c->width = width > c->width ? width : c->width;
		c->is_number &= is_number;
	}
	t->cells[t->nr_cells++] = copy;
}

void table_text(struct table *t, const char *value)
{
	begin_cell(t);
	if (t->format == TABLE_ALIGNED)
		keep_cell(t, value, false);
	else if (t->format == TABLE_JSON)
		json_text(&t->json, t->columns[t->next].name, value);
	else if (value)
		put_csv(t->out, value);
	end_cell(t);
}

void table_int(struct table *t, int64_t value)
{
	char text[24];

	begin_cell(t);
	snprintf(text, sizeof(text), "%" PRId64, value);
	if (t->format == TABLE_ALIGNED)
		keep_cell(t, text, true);
	else if (t->format == TABLE_JSON)
		json_int(&t->json, t->columns[t->next].name, value);
	else
		put_csv(t->out, text);
	end_cell(t);
}

/* People get six digits, programs all there are. */
void table_real(struct table *t, double value)
{
	char text[32];

	begin_cell(t);
	snprintf(text, sizeof(text), t->format == TABLE_ALIGNED ? "%.6g" : "%.15g",
		 value);
	if (t->format == TABLE_ALIGNED)
		keep_cell(t, text, true);
	else if (t->format == TABLE_JSON)
		json_real(&t->json, t->columns[t->next].name, value);
	else
		put_csv(t->out, text);
	end_cell(t);
}

/* Without spaces after the last column: they would wrap on a narrow terminal. */
static void put_aligned(struct table *t, int column, const char *text)
{
	const struct table_column *c = &t->columns[column];
	int pad = c->width - term_width(text);

	if (c->is_number)
		fprintf(t->out, "%*s%s", pad, "", text);
	else if (column + 1 < t->nr_columns)
		fprintf(t->out, "%s%*s", text, pad, "");
	else
		fputs(text, t->out);
	fputs(column + 1 < t->nr_columns ? "  " : "\n", t->out);
}

static void put_all_aligned(struct table *t)
{
	size_t i;
	int c;

	if (t->nr_columns == 0)
		return;
	/* An empty column has nothing to stand right. */
	fputs(term_ink(t->out, TERM_BOLD), t->out);
	for (c = 0; c < t->nr_columns; c++) {
		t->columns[c].is_number &= t->nr_rows > 0;
		put_aligned(t, c, t->columns[c].name);
	}
	fputs(term_ink(t->out, TERM_PLAIN), t->out);
	for (i = 0; i < t->nr_cells; i++)
		put_aligned(t, i % t->nr_columns, t->cells[i] ? t->cells[i] : "-");
}

void table_close(struct table *t)
{
	size_t i;
	int c;

	assert(t->next == 0);
	if (t->format == TABLE_ALIGNED)
		put_all_aligned(t);
	else if (t->format == TABLE_CSV && t->nr_rows == 0 && t->nr_columns)
		put_csv_header(t);
	for (i = 0; i < t->nr_cells; i++)
		free(t->cells[i]);
	for (c = 0; c < t->nr_columns; c++)
		free(t->columns[c].name);
	free(t->cells);
	free(t->columns);
	memset(t, 0, sizeof(*t));
}
