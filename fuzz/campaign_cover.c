// SPDX-License-Identifier: GPL-2.0-only
/* How much of each target a campaign ran, and what that met how often. */
#include <stdlib.h>
#include <string.h>
#include "campaign.h"

enum { MAX_COVER = FEATURE_VCPU_STATES + FEATURE_SITES * FEATURE_MODES };

void campaign_cover_add(struct campaign_census *to, const struct feature_census *from)
{
	for (unsigned int i = 0; i < FEATURE_VCPU_STATES; i++)
		if (from->vcpu_state[i])
			to->vcpu_state[i] += from->vcpu_state[i];
	for (unsigned int s = 0; s < FEATURE_SITES; s++)
		for (unsigned int m = 0; m < FEATURE_MODES; m++)
			if (from->preempted[s][m])
				to->preempted[s][m] += from->preempted[s][m];
}

/*
 * A place at which anybody stood still is written with all modes: what it was
 * never met in is what a reader looks for.
 */
static int places(const struct campaign_census *c, const struct form *f,
		  char name[FEATURE_SITES][104], struct store_cover *cover)
{
	int nr = 0;

	for (unsigned int s = 1; s < FEATURE_SITES; s++) {
		uint64_t any = 0;

		for (unsigned int m = 0; m < FEATURE_MODES; m++)
			any += c->preempted[s][m];
		if (!any)
			continue;
		form_site_name(f, (uint16_t)s, name[s], sizeof(name[s]));
		for (unsigned int m = 0; m < FEATURE_MODES; m++)
			cover[nr++] = (struct store_cover){
				.text = name[s], .mode = feature_mode_name[m],
				.hits = (int64_t)c->preempted[s][m],
			};
	}
	return nr;
}

static int states(const struct campaign_census *c, char text[FEATURE_VCPU_STATES][96],
		  struct store_cover *cover)
{
	int nr = 0;

	for (unsigned int i = 0; i < FEATURE_VCPU_STATES; i++)
		if (c->vcpu_state[i])
			cover[nr++] = (struct store_cover){
				.is_state = true, .state = i, .hits = (int64_t)c->vcpu_state[i],
				.text = feature_vcpu_state_text(i, text[i], sizeof(text[i])),
			};
	return nr;
}

/* What was met again is counted in memory; the store hears of it once. */
static int store_hits_again(const struct campaign *c, struct store *store)
{
	const struct campaign_shared *s = c->shared;
	int ret = 0;

	for (unsigned int i = 0; !ret && i < CAMPAIGN_KNOWN; i++)
		if (*s->finding[i] && s->hits[i])
			ret = store_hits(store, s->finding[i], c->id, s->scenario[i],
					 (int64_t)s->hits[i] + 1);
	return ret;
}

int campaign_cover_store(const struct campaign *c, struct store *store)
{
	static char name[FEATURE_SITES][104], text[FEATURE_VCPU_STATES][96];
	static struct store_cover cover[MAX_COVER];
	int ret = store_hits_again(c, store);

	for (unsigned int i = 0; !ret && i < c->nr_targets; i++) {
		const struct config *t = &c->target[i].config;
		int nr = states(&c->census[i], text, cover);

		if (!c->shared->count[i].runs)
			continue;
		nr += places(&c->census[i], t->form, name, cover + nr);
		ret = store_effort(store, c->id, &(struct store_target){
			t->kernel, t->arch, t->model, t->variant, t->scenario },
			(int64_t)c->shared->count[i].runs, (int64_t)c->shared->count[i].steps,
			cover, nr);
	}
	return ret;
}
