// SPDX-License-Identifier: GPL-2.0-only
/* A litmus test's text: initial values, processes, and what is asked for. */
#include <inttypes.h>
#include <string.h>
#include "export.h"
#include "show_state.h"

static const struct trace_rec *rec(const struct export *e, const struct export_step *s)
{
	return &e->in->trace->rec[s->rec];
}

static bool is_pointer(const struct export_word *w)
{
	struct show_word word;

	show_word(w->off, &word);
	return word.field && word.field->kind == MACHINE_FIELD_PTR;
}

int64_t export_value(struct export *e, const struct export_word *w,
		     const struct trace_rec *r, uint64_t value)
{
	unsigned int size = r ? r->size : w->size;

	if (!is_pointer(w))
		return size == 4 ? (int32_t)value : size == 1 ? (int64_t)(value & 0xff) :
		       (int64_t)value;
	for (unsigned int i = 0; value && i < e->nr_pointers; i++)
		if ((uint32_t)e->pointer[i] == (uint32_t)value)
			return i + 1;
	if (value && e->nr_pointers < EXPORT_POINTERS)
		e->pointer[e->nr_pointers++] = value;
	return value ? e->nr_pointers : 0;
}

static void put_init(struct export *e, FILE *out)
{
	fputs("{", out);
	for (unsigned int w = 0; w < e->nr_words; w++)
		if (e->word[w].init)
			fprintf(out, " %s=%" PRId64 ";", e->word[w].name,
				export_value(e, &e->word[w], NULL, e->word[w].init));
	fputs(" }\n", out);
}

static const char *order_suffix(unsigned int flags)
{
	if (flags & ACC_FULL || (flags & ACC_ACQUIRE && flags & ACC_RELEASE))
		return "";
	return flags & ACC_ACQUIRE ? "_acquire" : flags & ACC_RELEASE ? "_release" : "_relaxed";
}

static void put_barrier(const struct export *e, const struct export_step *s, FILE *out)
{
	const struct trace_rec *r = rec(e, s);

	switch (r->kind) {
	case TRACE_RMB:
		fputs("\tsmp_rmb();\n", out);
		break;
	case TRACE_WMB:
		fputs("\tsmp_wmb();\n", out);
		break;
	case TRACE_SCHED_OUT:
		fputs("\tsmp_mb(); /* switched out */\n", out);
		break;
	case TRACE_IPI:
		fputs("\tsmp_mb(); /* an IPI is sent */\n", out);
		break;
	default:
		fputs("\tsmp_mb();\n", out);
	}
}

/* "r1 = " of a value that is asked for. */
static void put_register(const struct export_step *s, FILE *out)
{
	fputc('\t', out);
	if (s->reg)
		fprintf(out, "r%d = ", s->reg - 1);
}

static void put_load(const struct export *e, const struct export_step *s, FILE *out)
{
	const struct trace_rec *r = rec(e, s);
	const char *name = e->word[s->word].name;
	bool is_race = e->in->report->oracle == ORACLE_DATA_RACE && r->flags & ACC_PLAIN;

	put_register(s, out);
	if (r->flags & ACC_FULL)
		fprintf(out, "READ_ONCE(*%s);\n\tsmp_mb();", name);
	else if (r->flags & ACC_ACQUIRE)
		fprintf(out, "smp_load_acquire(%s);", name);
	else
		fprintf(out, is_race ? "*%s;" : "READ_ONCE(*%s);", name);
}

static void put_store(struct export *e, const struct export_step *s, FILE *out)
{
	const struct trace_rec *r = rec(e, s);
	const struct export_word *w = &e->word[s->word];
	int64_t value = export_value(e, w, r, r->value);
	bool is_race = e->in->report->oracle == ORACLE_DATA_RACE && r->flags & ACC_PLAIN;

	if (r->flags & ACC_RELEASE)
		fprintf(out, "\tsmp_store_release(%s, %" PRId64 ");", w->name, value);
	else
		fprintf(out, is_race ? "\t*%s = %" PRId64 ";" : "\tWRITE_ONCE(*%s, %" PRId64 ");",
			w->name, value);
	if (r->flags & ACC_FULL)
		fputs("\n\tsmp_mb();", out);
}

static void put_rmw(struct export *e, const struct export_step *s, const char *op, FILE *out)
{
	const struct trace_rec *r = rec(e, s);
	const struct export_word *w = &e->word[s->word];
	uint64_t set = r->value & ~r->old, gone = r->old & ~r->value;
	const char *suffix = order_suffix(r->flags);

	put_register(s, out);
	if (strstr(op, "compare_exchange") || !strcmp(op, "wake_up"))
		fprintf(out, "cmpxchg%s(%s, %" PRId64 ", %" PRId64 ");", suffix, w->name,
			export_value(e, w, r, r->old), export_value(e, w, r, r->value));
	else if (!strstr(op, "fetch_"))
		fprintf(out, "xchg%s(%s, %" PRId64 ");", suffix, w->name,
			export_value(e, w, r, r->value));
	else if (s->reg || strcmp(suffix, "_relaxed"))
		fprintf(out, "atomic_fetch_%s%s(%" PRId64 ", %s);", gone ? "andnot" : "or", suffix,
			(int64_t)(gone ? gone : set), w->name);
	else
		fprintf(out, "atomic_%s(%" PRId64 ", %s);", gone ? "andnot" : "or",
			(int64_t)(gone ? gone : set), w->name);
}

/* A cmpxchg that fails is a load, and orders nothing; of mode we know what it wants. */
static void put_failed(const struct export *e, const struct export_step *s, FILE *out)
{
	const struct machine_layout *m = &WORLD->fix.form->layout;
	const struct export_word *w = &e->word[s->word];
	struct show_word word;

	show_word(w->off, &word);
	put_register(s, out);
	if (word.watch & WATCH_MODE)
		fprintf(out, "cmpxchg%s(%s, %d, %d);", order_suffix(rec(e, s)->flags), w->name,
			m->mode_in_guest, m->mode_exiting);
	else
		fprintf(out, "READ_ONCE(*%s);", w->name);
}

static void put_step(struct export *e, const struct export_step *s, FILE *out)
{
	const struct sites *sites = &e->in->config->form->sites;
	const struct trace_rec *r = rec(e, s);
	const char *op = r->site && r->site <= sites->nr ? sites->site[r->site].op : "";
	struct show_place place;

	switch (r->kind) {
	case TRACE_READ:
		put_load(e, s, out);
		break;
	case TRACE_WRITE:
		put_store(e, s, out);
		break;
	case TRACE_RMW:
		put_rmw(e, s, op, out);
		break;
	default:
		put_failed(e, s, out);
	}
	if (show_place(e->in->config->form, r, &place))
		fprintf(out, " // %s:%u %s()", show_file(&place), place.line, place.function);
	fputc('\n', out);
}

/* A barrier matters between two accesses of its process, and once. */
static bool matters(const struct export *e, unsigned int n)
{
	bool before = false;

	for (unsigned int i = n; i-- > 0 && !before;) {
		if (e->step[i].proc != e->step[n].proc)
			continue;
		if (e->step[i].word == EXPORT_WORDS &&
		    rec(e, &e->step[i])->kind == rec(e, &e->step[n])->kind)
			return false;
		before = e->step[i].word != EXPORT_WORDS;
	}
	for (unsigned int i = n + 1; before && i < e->nr_steps; i++)
		if (e->step[i].proc == e->step[n].proc && e->step[i].word != EXPORT_WORDS)
			return true;
	return false;
}

static void put_process(struct export *e, unsigned int proc, FILE *out)
{
	bool first = true;

	fprintf(out, "\nP%u(", proc);
	for (unsigned int w = 0; w < e->nr_words; w++) {
		fprintf(out, "%s%s *%s", first ? "" : ", ", e->word[w].is_atomic ? "atomic_t" :
			"int", e->word[w].name);
		first = false;
	}
	fputs(")\n{\n", out);
	for (unsigned int r = 0; r < e->nr_regs[proc]; r++)
		fprintf(out, "\tint r%u;\n", r);
	if (e->nr_regs[proc])
		fputc('\n', out);
	for (unsigned int n = 0; n < e->nr_steps; n++) {
		const struct export_step *s = &e->step[n];

		if (s->proc != proc)
			continue;
		if (s->word != EXPORT_WORDS)
			put_step(e, s, out);
		else if (matters(e, n))
			put_barrier(e, s, out);
	}
	fputs("}\n", out);
}

static void put_exists(struct export *e, FILE *out)
{
	const char *and = "";

	fputs("\nexists (", out);
	for (unsigned int n = 0; n < e->nr_steps; n++) {
		const struct export_step *s = &e->step[n];
		const struct trace_rec *r = rec(e, s);

		if (!s->reg)
			continue;
		fprintf(out, "%s%u:r%d=%" PRId64, and, s->proc, s->reg - 1,
			export_value(e, &e->word[s->word], r,
				     r->kind == TRACE_RMW ? r->old : r->value));
		and = " /\\ ";
	}
	/* The order of two processes' stores shows in what is there at the end. */
	for (unsigned int w = 0; w < e->nr_words; w++) {
		if (!(e->word[w].writers & (e->word[w].writers - 1)))
			continue;
		fprintf(out, "%s%s=%" PRId64, and, e->word[w].name,
			export_value(e, &e->word[w], NULL, e->word[w].final));
		and = " /\\ ";
	}
	fputs(*and ? ")\n" : "true)\n", out);
}

void export_code(struct export *e, FILE *out)
{
	put_init(e, out);
	for (unsigned int proc = 0; proc < e->nr_procs; proc++)
		put_process(e, proc, out);
	put_exists(e, out);
}
