// SPDX-License-Identifier: GPL-2.0-only
/*
 * trace.dat, version 6, which trace-cmd and KernelShark open: trace-cmd.dat.v6(5)
 * has the format.
 *
 * The headers are small and go to memory first, because the pages of events come
 * after them at offsets that stand in them.
 */
#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../results/term.h"
#include "tracepoint.h"

enum {
	PAGE = 4096,
	PAGE_HEADER = 16,		/* time stamp, bytes used */
	TIME_EXTEND = 30,		/* a record of a longer delta */
	DELTA_BITS = 27,
	MAX_INLINE = 28,		/* words of a payload whose length is in type_len */
	OPTION_TRACECLOCK = 4,
};

static const char header_page[] =
	"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
	"\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
	"\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
	"\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n";

static const char header_event[] =
	"# compressed entry header\n"
	"\ttype_len    :    5 bits\n"
	"\ttime_delta  :   27 bits\n"
	"\tarray       :   32 bits\n"
	"\n"
	"\tpadding     : type == 29\n"
	"\ttime_extend : type == 30\n"
	"\ttime_stamp : type == 31\n"
	"\tdata max type_len  == 28\n";

/* The pages of one pCPU. */
struct pages {
	unsigned char *page;
	size_t nr, used;		/* used: of the last page, with its header */
	uint64_t ns;			/* of the last record */
};

static void put32(FILE *out, uint32_t x)
{
	x = htole32(x);
	fwrite(&x, sizeof(x), 1, out);
}

static void put64(FILE *out, uint64_t x)
{
	x = htole64(x);
	fwrite(&x, sizeof(x), 1, out);
}

static void put_sized(FILE *out, const char *name, const char *text)
{
	fwrite(name, strlen(name) + 1, 1, out);
	put64(out, strlen(text));
	fputs(text, out);
}

static void page_end(struct pages *p)
{
	uint64_t commit = htole64(p->used - PAGE_HEADER);

	if (p->nr)
		memcpy(p->page + (p->nr - 1) * PAGE + 8, &commit, sizeof(commit));
}

static bool page_begin(struct pages *p, uint64_t ns)
{
	uint64_t stamp = htole64(ns);
	unsigned char *page;

	page_end(p);
	page = realloc(p->page, (p->nr + 1) * PAGE);
	if (!page)
		return false;
	p->page = page;
	page += p->nr++ * PAGE;
	memset(page, 0, PAGE);
	memcpy(page, &stamp, sizeof(stamp));
	p->used = PAGE_HEADER;
	p->ns = ns;
	return true;
}

static void page_word(struct pages *p, uint32_t x)
{
	x = htole32(x);
	memcpy(p->page + (p->nr - 1) * PAGE + p->used, &x, sizeof(x));
	p->used += sizeof(x);
}

static bool page_event(struct pages *p, const struct show_event *e)
{
	unsigned char record[TRACEPOINT_RECORD];
	uint32_t size = (tracepoint_of(e)->size + 3u) & ~3u, words = size / 4;
	uint64_t delta;

	if ((!p->nr || p->used + size + 16 > PAGE) && !page_begin(p, e->ns))
		return false;
	memset(record, 0, sizeof(record));
	tracepoint_record(e, record);
	delta = e->ns - p->ns;
	if (delta >> DELTA_BITS) {
		page_word(p, TIME_EXTEND | (uint32_t)(delta & ((1u << DELTA_BITS) - 1)) << 5);
		page_word(p, (uint32_t)(delta >> DELTA_BITS));
		delta = 0;
	}
	page_word(p, (words > MAX_INLINE ? 0 : words) | (uint32_t)delta << 5);
	if (words > MAX_INLINE)
		page_word(p, size + 4);
	memcpy(p->page + (p->nr - 1) * PAGE + p->used, record, size);
	p->used += size;
	p->ns = e->ns;
	return true;
}

static void put_formats(FILE *out)
{
	const struct tracepoint *tp = tracepoints;
	unsigned int nr = 0;
	char *text;
	size_t size;

	for (unsigned int i = 0; tp[i].name; i++)
		nr += !i || strcmp(tp[i].system, tp[i - 1].system);
	put32(out, 0);			/* ftrace's own events */
	put32(out, nr);
	for (unsigned int i = 0, end; tp[i].name; i = end) {
		for (end = i; tp[end].name && !strcmp(tp[end].system, tp[i].system); end++)
			;
		fwrite(tp[i].system, strlen(tp[i].system) + 1, 1, out);
		put32(out, end - i);
		for (unsigned int k = i; k < end; k++) {
			FILE *format = open_memstream(&text, &size);

			if (!format)
				return;
			tracepoint_format(&tp[k], format);
			fclose(format);
			put64(out, size);
			fwrite(text, size, 1, out);
			free(text);
		}
	}
}

static void put_tasks(FILE *out)
{
	char comm[16], text[64 * MAX_TASKS];
	size_t n = 0;

	for (int i = 0; i < WORLD->fix.nr_tasks; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%u %s\n", show_pid(i),
				      show_comm(i, 0, comm));
	put32(out, 0);			/* kallsyms */
	put32(out, 0);			/* printk formats */
	put64(out, n);
	fwrite(text, n, 1, out);
}

/* All but where the pages are. */
static void put_headers(FILE *out)
{
	static const char clock[] = "local global counter uptime perf [mono]";
	const uint16_t option = htole16(OPTION_TRACECLOCK), end = 0;

	fwrite("\x17\x08\x44tracing6\0\0\x08", 14, 1, out);
	put32(out, PAGE);
	put_sized(out, "header_page", header_page);
	put_sized(out, "header_event", header_event);
	put_formats(out);
	put_tasks(out);
	put32(out, (uint32_t)WORLD->fix.config.nr_pcpus);
	fwrite("options  ", 10, 1, out);
	fwrite(&option, sizeof(option), 1, out);
	put32(out, sizeof(clock));
	fwrite(clock, sizeof(clock), 1, out);
	fwrite(&end, sizeof(end), 1, out);
	fwrite("flyrecord", 10, 1, out);
}

static int put_file(const struct pages *p, unsigned int nr, FILE *out)
{
	static const char zero[PAGE];
	char *head;
	size_t size, at, pad;
	FILE *mem = open_memstream(&head, &size);

	if (!mem)
		return -1;
	put_headers(mem);
	fclose(mem);
	at = (size + 16 * nr + PAGE - 1) / PAGE * PAGE;
	pad = at - size - 16 * nr;
	fwrite(head, size, 1, out);
	free(head);
	for (unsigned int i = 0; i < nr; i++) {
		put64(out, at);
		put64(out, p[i].nr * PAGE);
		at += p[i].nr * PAGE;
	}
	fwrite(zero, pad, 1, out);
	for (unsigned int i = 0; i < nr; i++)
		if (p[i].nr)
			fwrite(p[i].page, PAGE, p[i].nr, out);
	return 0;
}

int show_tracedat(const struct show_input *in, FILE *out)
{
	struct pages pages[MAX_PCPUS] = { { NULL, 0, 0, 0 } };
	unsigned int nr = (unsigned int)WORLD->fix.config.nr_pcpus;
	struct show_events events;
	bool fits = true;
	int ret;

	if (isatty(fileno(out)))
		return term_error(TERM_EXIT_USAGE, "trace.dat is not text: add '> trace.dat'");
	ret = show_events_make(in, &events);
	if (ret)
		return ret;
	for (uint32_t i = 0; i < events.nr && fits; i++)
		fits = page_event(&pages[events.ev[i].pcpu], &events.ev[i]);
	for (unsigned int i = 0; i < nr; i++)
		page_end(&pages[i]);
	if (!fits || put_file(pages, nr, out))
		ret = term_error(TERM_EXIT_SYSTEM, "no memory for the pages of the trace");
	for (unsigned int i = 0; i < nr; i++)
		free(pages[i].page);
	show_events_free(&events);
	return ret;
}
