// SPDX-License-Identifier: GPL-2.0-only
/* The records of a page's run as data. */
#include <stdlib.h>
#include <string.h>
#include "../results/json.h"
#include "html.h"
#include "show_pick.h"
#include "show_state.h"

/* The fact about a pCPU: the band that its lane is in after record @i. */
static const struct timeline_band *band_after(const struct timeline *t, unsigned int pcpu,
					      uint32_t i, bool begin)
{
	const struct timeline_band *found = NULL;

	for (unsigned int n = 0; n < t->nr_bands; n++) {
		const struct timeline_band *b = &t->band[n];

		if (b->pcpu == pcpu && (!found || (!begin && b->from <= i)))
			found = b;
	}
	return found;
}

/* Stores that a pCPU has made and nobody else sees after record @i. */
static void put_buffer(struct json *j, const struct trace *t, unsigned int pcpu, uint32_t nr)
{
	char text[512] = "", key[32], name[SHOW_NAME], value[SHOW_VALUE];
	size_t n = 0;

	for (uint32_t i = 0; i < nr; i++) {
		const struct trace_rec *r = &t->rec[i];
		struct show_word w;

		if (r->pcpu != pcpu || (r->kind != TRACE_WRITE && r->kind != TRACE_RMW) ||
		    show_visible(t, i) == i || show_visible(t, i) < nr)
			continue;
		show_word(r->off, &w);
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s = %s", n ? ", " : "",
				      show_word_name(&w, name),
				      show_value(&w, r->size, r->value, true, value));
		if (n >= sizeof(text))
			break;
	}
	snprintf(key, sizeof(key), "pCPU%u buffer", pcpu);
	json_text(j, key, *text ? text : "empty");
}

static void put_state(struct html_run *h, struct json *j, const struct show_state *s, uint32_t i,
		      bool begin)
{
	char key[64], value[SHOW_VALUE];

	json_object(j, begin ? "before" : "state");
	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++) {
		snprintf(key, sizeof(key), "vcpu%d->mode", v);
		json_text(j, key, show_mode(s->vcpu[v].mode, false));
		snprintf(key, sizeof(key), "vcpu%d->cpu", v);
		snprintf(value, sizeof(value), "%d", s->vcpu[v].cpu);
		json_text(j, key, value);
		snprintf(key, sizeof(key), "vcpu%d->requests", v);
		json_text(j, key, show_requests(s->vcpu[v].requests, value));
	}
	for (unsigned int p = 0; p < MAX_PCPUS; p++) {
		const struct timeline_band *b = band_after(h->unfolded, p, i, begin);

		if (!b)
			continue;
		snprintf(key, sizeof(key), "pCPU%u runs", p);
		json_text(j, key, b->label[0]);
		if (s->buffered)
			put_buffer(j, h->input->trace, p, begin ? 0 : i + 1);
	}
	json_end(j);
}

static void put_record(struct html_run *h, struct json *j, struct show_state *s, uint32_t i)
{
	const struct show_input *in = h->input;
	const struct trace_rec *r = &in->trace->rec[i];
	const struct timeline_column *c = &h->unfolded->column[h->unfolded->column_of[i]];
	char text[SHOW_TEXT], line[1024], number[16], place_text[256] = "";
	struct show_place place = { .function = "" };

	show_text(s, r, 0, &in->config->form->sites, text);
	if (show_place(in->config->form, r, &place))
		snprintf(place_text, sizeof(place_text), "  %s:%u %s()", show_file(&place),
			 place.line, place.function);
	snprintf(number, sizeof(number), c->is_step ? "%u " : "%u+", r->step);
	snprintf(line, sizeof(line), "%5s pCPU%u %-8s %s%s", number, r->pcpu,
		 r->kind == TRACE_VISIBLE ? "buffer" :
		 r->task < WORLD->fix.nr_tasks ? show_task(r->task) : "idle", text, place_text);
	json_object(j, NULL);
	json_int(j, "step", r->step);
	json_text(j, "line", line);
	json_bool(j, "drawn", timeline_is_drawn(h->folded, i));
	json_bool(j, "key", h->folded->explain && explain_is_side(h->folded->explain, i));
	json_array(j, "x");
	json_int(j, NULL, timeline_x(h->folded, i));
	json_int(j, NULL, timeline_x(h->unfolded, i));
	json_end(j);
	show_state_apply(s, r);
	put_state(h, j, s, i, false);
	json_end(j);
	/* Lines differ from form to form where the code does not. */
	snprintf(line, sizeof(line), "%u %u %s %s %s", r->pcpu, r->task, trace_kind_name[r->kind],
		 place.function, text);
	h->key[i] = strdup(line);
	h->failed |= !h->key[i];
}

int html_records(struct html_run *h, struct json *j)
{
	struct show_state *s = malloc(sizeof(*s));

	h->nr = h->input->trace->nr;
	h->key = calloc(h->nr + 1u, sizeof(*h->key));
	if (!s || !h->key) {
		free(s);
		return -1;
	}
	show_state_begin(s);
	json_object(j, NULL);
	json_text(j, "form", h->input->config->form->id);
	put_state(h, j, s, 0, true);
	json_array(j, "records");
	for (uint32_t i = 0; i < h->nr; i++)
		put_record(h, j, s, i);
	json_end(j);
	json_end(j);
	free(s);
	return h->failed ? -1 : 0;
}

void html_run_free(struct html_run *h)
{
	for (uint32_t i = 0; h->key && i < h->nr; i++)
		free(h->key[i]);
	free(h->key);
}
