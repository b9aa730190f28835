// SPDX-License-Identifier: GPL-2.0-only
/*
 * A data race in the words of kernel/kcsan/report.c, for those who read such
 * reports all day and for the scripts that they feed them to.
 *
 * KCSAN has a watchpoint that one access sets up and the other runs into.  The
 * plain access can have set it up, and of two plain ones the load, since the
 * store changed the value under it.  The one that ran into it is told first.
 */
#include <string.h>
#include "show_events.h"
#include "show_head.h"
#include "show_name.h"
#include "show_pick.h"
#include "show_state.h"

#define RULE	"=================================================================="

/* One of the two accesses. */
struct side {
	const struct trace_rec *rec;
	struct show_place stack[SHOW_FRAMES];
	unsigned int nr;
};

/* A kernel would have inlined what headers define: the first that it would not. */
static const char *top_function(const struct side *s)
{
	for (unsigned int i = 0; i < s->nr; i++)
		if (!s->stack[i].is_inline)
			return s->stack[i].function;
	return s->nr ? s->stack[0].function : "?";
}

static void side_init(struct side *s, const struct show_input *in, const struct trace_rec *rec)
{
	s->rec = rec;
	s->nr = show_stack(in->config->form, rec, s->stack);
}

static const char *access_type(const struct trace_rec *r)
{
	bool is_plain = r->flags & ACC_PLAIN;

	if (r->flags & ACC_READ && r->flags & ACC_WRITE)
		return is_plain ? "read-write" : "read-write (marked)";
	if (r->flags & ACC_WRITE)
		return is_plain ? "write" : "write (marked)";
	return is_plain ? "read" : "read (marked)";
}

/* Not an address of anything: where the word would be, were it a kernel's. */
static unsigned long long kernel_address(const struct trace_rec *r)
{
	return 0xffffc90000000000ull + r->off;
}

static void put_side(const struct side *s, FILE *out)
{
	const struct trace_rec *r = s->rec;

	fprintf(out, "%s to 0x%016llx of %u bytes by ", access_type(r), kernel_address(r),
		r->size);
	if (r->in_irq)
		fprintf(out, "interrupt on cpu %u:\n", r->pcpu);
	else
		fprintf(out, "task %u on cpu %u:\n", show_pid(r->task), r->pcpu);
	for (unsigned int i = 0; i < s->nr; i++) {
		const struct show_place *p = &s->stack[i];

		if (p->is_inline)
			fprintf(out, " %s", p->function);
		else
			fprintf(out, " %s+0x0/0x0", p->function);
		if (p->file)
			fprintf(out, " %s:%u%s", p->file, p->line,
				p->is_inline ? " [inline]" : "");
		fputc('\n', out);
	}
	fputc('\n', out);
}

static void put_footer(const struct show_input *in, const struct trace_rec *r, FILE *out)
{
	char version[16];

	snprintf(version, sizeof(version), "h%08x", (unsigned int)(in->result->hash >> 32));
	fprintf(out, "Reported by Kernel Concurrency Sanitizer on:\n"
		     "CPU: %u PID: %u Comm: %s Not tainted %s-kicksim #%s\n"
		     "Hardware name: kicksim deterministic simulator\n" RULE "\n",
		r->pcpu, show_pid(r->task), show_task(r->task), in->config->form->id,
		in->id ? in->id : version);
}

static void put_report(const struct show_input *in, const struct side *writer,
		       const struct side *other, FILE *out)
{
	const struct trace_rec *w = writer->rec;
	bool owns = w->flags & ACC_PLAIN && !(other->rec->flags & ACC_PLAIN);
	const char *a = top_function(writer), *b = top_function(other);
	int digits = 2 * w->size;

	fprintf(out, RULE "\nBUG: KCSAN: data-race in %s / %s\n\n", strcmp(a, b) < 0 ? a : b,
		strcmp(a, b) < 0 ? b : a);
	put_side(owns ? other : writer, out);
	put_side(owns ? writer : other, out);
	fprintf(out, "value changed: 0x%0*llx -> 0x%0*llx\n\n", digits,
		(unsigned long long)w->old, digits, (unsigned long long)w->value);
	put_footer(in, owns ? w : other->rec, out);
}

int show_kcsan(const struct show_input *in, FILE *out)
{
	const struct report *x = in->report;
	const struct trace *t = in->trace;
	struct side writer, other;
	uint32_t w, o;

	if (!x || x->oracle != ORACLE_DATA_RACE)
		return term_error(TERM_EXIT_USAGE,
				  "--as kcsan is for data races, and here is %s: try --as race",
				  x ? oracle_info[x->oracle].name : "none");
	show_race_sides(t, x, &w, &o);
	if (o == SHOW_NO_RECORD)
		return term_error(TERM_EXIT_SYSTEM, "--as kcsan: the run ended before both sides "
				  "of the race were made: try --as columns");
	side_init(&writer, in, &t->rec[w]);
	side_init(&other, in, &t->rec[o]);
	put_report(in, &writer, &other, out);
	return 0;
}
