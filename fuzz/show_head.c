// SPDX-License-Identifier: GPL-2.0-only
#include "show_grid.h"
#include "show_head.h"

enum term_ink show_severity_ink(enum severity s)
{
	switch (s) {
	case SEVERITY_HARMFUL:
	case SEVERITY_OOPS:
	case SEVERITY_TOOL_ERROR:
		return TERM_RED;
	case SEVERITY_DEGRADED:
	case SEVERITY_RACE:
	case SEVERITY_WARN:
		return TERM_YELLOW;
	default:
		return TERM_GREEN;
	}
}

const char *show_severity(enum severity s, char buf[32])
{
	bool is_mild = s == SEVERITY_BENIGN || s == SEVERITY_WARN;

	snprintf(buf, 32, "%s %s", term_sign(is_mild ? TERM_ODD : TERM_BAD), severity_name[s]);
	return buf;
}

const char *show_config(const struct config *c, char *buf, size_t size)
{
	size_t n = (size_t)snprintf(buf, size, "%s, %s, %s:", c->form->id, c->model, c->scenario);

	for (unsigned int i = 0; i < nr_config_fields && n < size; i++) {
		int value = *(const int *)((const char *)&c->machine + config_fields[i].offset);

		if (value)
			n += (size_t)snprintf(buf + n, size - n, " %s %d", config_fields[i].name,
					      value);
	}
	return buf;
}

const char *show_verdict(const struct show_input *in, char *buf, size_t size)
{
	char severity[32], title[512];
	const struct oracle_info *o;

	if (!in->report) {
		snprintf(buf, size, "%s no oracle fired", term_sign(TERM_GOOD));
		return buf;
	}
	o = &oracle_info[in->report->oracle];
	snprintf(buf, size, "%s: %s", show_severity(o->severity, severity),
		 report_title(in->config, in->report, title, sizeof(title)));
	return buf;
}

const char *show_headline(const struct show_input *in, char *buf, size_t size)
{
	char title[512];

	if (in->report)
		snprintf(buf, size, "%s%s%s (%s)", in->id ? in->id : "", in->id ? "  " : "",
			 report_title(in->config, in->report, title, sizeof(title)),
			 severity_name[oracle_info[in->report->oracle].severity]);
	else
		snprintf(buf, size, "No rule is broken in this run");
	return buf;
}

const char *show_end(enum run_end end)
{
	switch (end) {
	case RUN_QUIESCENT:
		return "at rest";
	case RUN_STEP_LIMIT:
		return "cut at the step limit";
	case RUN_STOPPED:
		return "stopped by a fault or BUG()";
	case RUN_REFUSED:
		return "stopped: the schedule does not fit";
	case RUN_GOES_ON:
		break;
	}
	return "not at all";
}

static enum term_ink verdict_ink(const struct show_input *in)
{
	if (!in->report)
		return TERM_GREEN;
	return show_severity_ink(oracle_info[in->report->oracle].severity);
}

void show_head(const struct show_input *in, FILE *out, unsigned int width)
{
	static char text[SCHEDULE_TEXT + 32];
	size_t n;

	show_paragraph(out, 0, width, verdict_ink(in), show_verdict(in, text, sizeof(text)));
	if (in->report)
		show_paragraph(out, 2, width, TERM_PLAIN,
			       oracle_info[in->report->oracle].sentence);
	show_paragraph(out, 0, width, TERM_PLAIN, show_config(in->config, text, sizeof(text)));
	n = (size_t)snprintf(text, sizeof(text), "schedule: ");
	schedule_print(in->schedule, text + n, sizeof(text) - n);
	show_paragraph(out, 0, width, TERM_PLAIN, text);
	fputc('\n', out);
}

void show_foot(const struct show_input *in, FILE *out, unsigned int width)
{
	const struct run_result *r = in->result;
	char text[1024], title[512], severity[32];

	snprintf(text, sizeof(text), "The run ends %s after %u steps and %llu ns.",
		 show_end(r->end), r->steps, (unsigned long long)r->now);
	fputc('\n', out);
	if (in->trace->lost)
		fprintf(out, "%u more records did not fit.\n", in->trace->lost);
	show_paragraph(out, 0, width, TERM_PLAIN, text);
	for (unsigned int i = 0; i < r->nr_reports; i++) {
		const struct report *x = &r->report[i];
		enum severity s = oracle_info[x->oracle].severity;

		if (x == in->report)
			continue;
		snprintf(text, sizeof(text), "also %s: %s", show_severity(s, severity),
			 report_title(in->config, x, title, sizeof(title)));
		show_paragraph(out, 0, width, TERM_PLAIN, text);
	}
	snprintf(text, sizeof(text), "%s%s%s", show_verdict(in, title, sizeof(title)),
		 in->report ? ": " : "",
		 in->report ? oracle_info[in->report->oracle].sentence : "");
	show_paragraph(out, 0, width, verdict_ink(in), text);
	fprintf(out, "replay: %s\n", in->replay_line);
}
