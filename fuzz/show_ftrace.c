// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of /sys/kernel/tracing/trace: for grep, for mail, and for Perfetto.
 *
 * Four characters of flags, not the five of recent kernels: what reads this text
 * elsewhere knows four.
 */
#include "tracepoint.h"

int show_ftrace(const struct show_input *in, FILE *out)
{
	struct show_events events;
	char text[TRACEPOINT_TEXT], comm[16];
	int ret = show_events_make(in, &events);

	if (ret)
		return ret;
	fprintf(out, "# tracer: nop\n#\n");
	if (in->id)
		fprintf(out, "# %s\n", in->id);
	fprintf(out, "# %s\n#\n# one step of the run is one microsecond\n#\n", in->replay_line);
	for (uint32_t i = 0; i < events.nr; i++) {
		const struct show_event *e = &events.ev[i];

		fprintf(out, "%16s-%-7u [%03u] %s %5llu.%06llu: %s: %s\n",
			show_comm(e->task, e->pcpu, comm), show_pid(e->task), e->pcpu,
			e->in_irq ? "d.h." : "....", (unsigned long long)(e->ns / 1000000000),
			(unsigned long long)(e->ns % 1000000000 / 1000), tracepoint_of(e)->name,
			tracepoint_text(e, text));
	}
	show_events_free(&events);
	return 0;
}
