// SPDX-License-Identifier: GPL-2.0-only
/* Runs that share the beginning of another. */
#include "branch.h"

enum {
	PLACES = 32,
	/* A mark costs as much as these steps, and to go back there, too. */
	WORTH_STEPS = 3,
};

/* Where a segment of the root took effect. */
struct place {
	struct choice_point point;
	uint32_t answer;
	unsigned int nr_asked;		/* since the segment before */
	unsigned int events;		/* choices of events before this one */
	uint32_t steps;			/* before it */
	bool marked;
	struct feature_mark feature;
	struct mark mark;
};

/* The chooser of a root and of its branches: a frame that is put back has its address. */
static struct {
	struct bytes_chooser bytes;	/* first: it is the chooser */
	uint32_t (*take)(struct chooser *c, const struct choice_point *p);
	struct feature_chooser feature;
	bool features;
	struct mutate_states *states;	/* NULL: nobody wants them */
	bool marking;
	uint32_t marked_steps;		/* before the last place with a mark */
	const struct bytes *root;
	unsigned int nr;		/* places */
	bool all;			/* the segments behind them did not come to pass */
	unsigned int events, nr_asked;	/* as in struct place, at the run's end */
	struct place place[PLACES];
} tree;

static void leave_at(const struct choice_point *p)
{
	struct place *place = &tree.place[tree.nr];

	if (tree.nr == PLACES) {
		tree.marking = tree.all = false;
		return;
	}
	place->point = *p;
	place->answer = bytes_answer(p, tree.root->segment[tree.nr].next);
	place->nr_asked = tree.bytes.nr_asked;
	place->events = tree.events;
	place->steps = WORLD->live.steps;
	place->marked = false;
	tree.nr++;
	if (place->steps >= tree.marked_steps + WORTH_STEPS)
		mark_leave();
}

static uint32_t tree_take(struct chooser *c, const struct choice_point *p)
{
	uint32_t answer;

	if (p->kind == CHOICE_EVENT && tree.marking) {
		if (!tree.bytes.gap && tree.bytes.next < tree.root->nr_segments)
			leave_at(p);
		tree.events++;
	}
	answer = tree.take(c, p);
	while (tree.states && tree.states->nr < tree.bytes.next)
		tree.states->state[tree.states->nr++] = feature_state();
	return answer;
}

/* The run stands at the last place's choice. */
static void mark(void)
{
	struct place *p = &tree.place[tree.nr - 1];

	p->marked = (!tree.features || feature_mark(&p->feature)) && mark_take(&p->mark);
	tree.marked_steps = p->steps;
}

void branch_root(const struct bytes *b, struct mutate_states *states, bool features,
		 bool marks, struct run_result *r)
{
	bytes_chooser_init(&tree.bytes, b);
	tree.take = tree.bytes.chooser.take;
	tree.bytes.chooser.take = tree_take;
	feature_chooser_init(&tree.feature, &tree.bytes.chooser);
	tree.features = features;
	tree.states = states;
	if (states)
		states->nr = 0;
	tree.root = b;
	tree.nr = tree.events = tree.marked_steps = 0;
	tree.marking = tree.all = marks;
	run_once(features ? &tree.feature.chooser : &tree.bytes.chooser, NULL, r);
	while (r->end == RUN_GOES_ON) {
		mark();
		run_go_on(r);
	}
	tree.nr_asked = tree.bytes.nr_asked;
	tree.marking = false;
	tree.states = NULL;
}

/* Segment @i of @b does at its place what the root's did. */
static bool is_alike(const struct bytes *b, unsigned int i)
{
	const struct bytes_segment *s = &b->segment[i], *root = &tree.root->segment[i];
	bool asked = i + 1 < tree.nr ? tree.place[i + 1].nr_asked : !tree.all || tree.nr_asked;

	return bytes_gap(s->length) == bytes_gap(root->length) &&
	       (s->next == root->next ||
		bytes_answer(&tree.place[i].point, s->next) == tree.place[i].answer) &&
	       (s->with == root->with || !asked);
}

/* The first of @b's segments that does something else. */
static unsigned int parts_at(const struct bytes *b)
{
	unsigned int nr = tree.nr < b->nr_segments ? tree.nr : b->nr_segments, i = 0;

	while (i < nr && is_alike(b, i))
		i++;
	return i;
}

/* All that took effect in the root's run does in @b's; nothing else will. */
static bool repeats(const struct bytes *b)
{
	unsigned int events = tree.events - (tree.nr ? tree.place[tree.nr - 1].events + 1 : 0);

	return tree.all && (b->nr_segments == tree.nr ||
			    bytes_gap(b->segment[tree.nr].length) >= events);
}

/*
 * The place from which to go on, or -1: from the beginning.  @gap: events that @b
 * has before the segment there, and the root has not.
 */
static int goes_on_at(const struct bytes *b, unsigned int parts, unsigned int *gap)
{
	int i = (int)parts, more = -1;

	if (parts < tree.nr)
		more = parts == b->nr_segments ? 0 :
		       (int)bytes_gap(b->segment[parts].length) -
		       (int)bytes_gap(tree.root->segment[parts].length);
	/* What comes sooner than the root's may come before the place. */
	if (more < 0)
		i--;
	while (i >= 0 && !tree.place[i].marked)
		i--;
	*gap = i == (int)parts ? (unsigned int)more : 0;
	return i;
}

bool branch_run(const struct bytes *b, struct run_result *r, uint32_t *skipped)
{
	unsigned int parts = parts_at(b), gap;
	int at = goes_on_at(b, parts, &gap);
	struct place *p;

	tree.bytes.bytes = b;
	if (parts == tree.nr && repeats(b))
		return false;
	if (at < 0) {
		run_once(tree.features ? &tree.feature.chooser : &tree.bytes.chooser, NULL, r);
		*skipped = 0;
		return true;
	}
	p = &tree.place[at];
	/* As the chooser was there, but with @b's bytes. */
	tree.bytes.next = (unsigned int)at;
	tree.bytes.gap = gap;
	tree.bytes.nr_asked = p->nr_asked;
	tree.bytes.with = at ? b->segment[at - 1].with : 0;
	if (tree.features)
		feature_return(&p->feature);
	*skipped = p->steps;
	run_return(&p->mark, r);
	return true;
}
