// SPDX-License-Identifier: GPL-2.0-only
/*
 * AFL++'s custom mutator: AFL_CUSTOM_MUTATOR_LIBRARY=out/fuzz/kick_mutator.so
 *
 * It lives in afl-fuzz, where no schedule can be run.  What it knows of runs comes
 * from the target, through a piece of memory that both share (lead.h): schedules to
 * hand out next, and states of those that are kept, so that they are crossed at the
 * same state.  Trimming takes segments away one by one, from the end; what is
 * trimmed stands for one run, for its map is that of the first.
 */
#include <stdlib.h>
#include <string.h>
#include "harness.h"

struct mutator {
	struct random random;
	bool swarm;
	uint8_t batch_shift;
	bool grows;			/* nobody has said how large batches are */
	struct leads *leads;		/* NULL: there is no memory for them */
	uint8_t data[BYTES_MAX];
	struct bytes trimmed;		/* the smallest so far that is as good */
	unsigned int at;		/* segment that is left out at present */
	int nr_tried;
};

void *afl_custom_init(void *afl, unsigned int seed);
void *afl_custom_init(void *afl, unsigned int seed)
{
	struct mutator *m = calloc(1, sizeof(*m));
	const char *batch = getenv("KICKSIM_BATCH"), *swarm = getenv("KICKSIM_SWARM");

	(void)afl;
	if (!m)
		return NULL;
	random_seed(&m->random, seed);
	m->leads = leads_share();
	m->batch_shift = batch && *batch ? (uint8_t)atoi(batch) : HARNESS_AFL_BATCH;
	m->grows = m->leads && !(batch && *batch);
	m->swarm = swarm && *swarm ? *swarm == '1' : !getenv("KICKSIM_SCENARIO");
	return m;
}

/* Where the target has said how the runs went, at the same state, else at the same event. */
static void cross(struct mutator *m, struct bytes *made, const struct bytes *a,
		  const struct bytes *b)
{
	mutate_cross(made, a, memo_find(memo_key(a)), b, memo_find(memo_key(b)), &m->random);
}

size_t afl_custom_fuzz(struct mutator *m, uint8_t *buf, size_t size, uint8_t **out,
		       uint8_t *other, size_t other_size, size_t max);
size_t afl_custom_fuzz(struct mutator *m, uint8_t *buf, size_t size, uint8_t **out,
		       uint8_t *other, size_t other_size, size_t max)
{
	static struct bytes a, b, made;

	bytes_parse(&a, buf, size);
	bytes_copy(&made, &a);
	if (m->leads && lead_take(m->leads, &made)) {
		mutate_call("lead");
	} else if (other && other_size && !random_below(&m->random, 4)) {
		bytes_parse(&b, other, other_size);
		cross(m, &made, &a, &b);
	} else if (m->swarm) {
		mutate_swarm(&made, &m->random);
	} else {
		mutate(&made, &m->random);
	}
	made.batch_shift = m->grows ? (uint8_t)leads_batch(m->leads, m->batch_shift) :
				      m->batch_shift;
	*out = m->data;
	return bytes_print(&made, m->data, max < sizeof(m->data) ? max : sizeof(m->data));
}

/* The last input was worth keeping: others will be crossed with it. */
static void keep_states(const struct mutator *m)
{
	if (m->leads && m->leads->key)
		memo_keep(m->leads->key, &m->leads->states);
}

uint8_t afl_custom_queue_new_entry(struct mutator *m, const uint8_t *name, const uint8_t *from);
uint8_t afl_custom_queue_new_entry(struct mutator *m, const uint8_t *name, const uint8_t *from)
{
	(void)name;
	(void)from;
	keep_states(m);
	return 0;
}

const char *afl_custom_describe(struct mutator *m, size_t max);
const char *afl_custom_describe(struct mutator *m, size_t max)
{
	(void)m;
	(void)max;
	return mutate_describe();
}

int afl_custom_init_trim(struct mutator *m, uint8_t *buf, size_t size);
int afl_custom_init_trim(struct mutator *m, uint8_t *buf, size_t size)
{
	bytes_parse(&m->trimmed, buf, size);
	m->trimmed.batch_shift = 0;
	m->at = m->trimmed.nr_segments;
	m->nr_tried = 0;
	return m->trimmed.nr_segments;
}

size_t afl_custom_trim(struct mutator *m, uint8_t **out);
size_t afl_custom_trim(struct mutator *m, uint8_t **out)
{
	static struct bytes shorter;

	bytes_copy(&shorter, &m->trimmed);
	mutate_leave_out(&shorter, --m->at);
	*out = m->data;
	return bytes_print(&shorter, m->data, sizeof(m->data));
}

int afl_custom_post_trim(struct mutator *m, unsigned char success);
int afl_custom_post_trim(struct mutator *m, unsigned char success)
{
	if (success) {
		mutate_leave_out(&m->trimmed, m->at);
		keep_states(m);
	}
	return ++m->nr_tried;
}

void afl_custom_deinit(struct mutator *m);
void afl_custom_deinit(struct mutator *m)
{
	free(m);
}
