// SPDX-License-Identifier: GPL-2.0-only
/*
 * AFL++'s custom mutator: AFL_CUSTOM_MUTATOR_LIBRARY=out/fuzz/kick_mutator.so
 *
 * It lives in afl-fuzz, where no schedule can be run: schedules are crossed at
 * the same event.  Trimming takes segments away one by one, from the end.
 */
#include <stdlib.h>
#include <string.h>
#include "mutate.h"

struct mutator {
	struct random random;
	bool swarm;
	uint8_t batch_shift;
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
	m->batch_shift = batch && *batch ? (uint8_t)atoi(batch) : 6;
	m->swarm = swarm && *swarm ? *swarm == '1' : !getenv("KICKSIM_SCENARIO");
	return m;
}

size_t afl_custom_fuzz(struct mutator *m, uint8_t *buf, size_t size, uint8_t **out,
		       uint8_t *other, size_t other_size, size_t max);
size_t afl_custom_fuzz(struct mutator *m, uint8_t *buf, size_t size, uint8_t **out,
		       uint8_t *other, size_t other_size, size_t max)
{
	static struct bytes a, b, made;

	bytes_parse(&a, buf, size);
	made = a;
	if (other && other_size && !random_below(&m->random, 4)) {
		bytes_parse(&b, other, other_size);
		mutate_cross(&made, &a, NULL, &b, NULL, &m->random);
	} else if (m->swarm) {
		mutate_swarm(&made, &m->random);
	} else {
		mutate(&made, &m->random);
	}
	made.batch_shift = m->batch_shift;
	*out = m->data;
	return bytes_print(&made, m->data, max < sizeof(m->data) ? max : sizeof(m->data));
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
	m->at = m->trimmed.nr_segments;
	m->nr_tried = 0;
	return m->trimmed.nr_segments;
}

size_t afl_custom_trim(struct mutator *m, uint8_t **out);
size_t afl_custom_trim(struct mutator *m, uint8_t **out)
{
	static struct bytes shorter;

	shorter = m->trimmed;
	mutate_leave_out(&shorter, --m->at);
	*out = m->data;
	return bytes_print(&shorter, m->data, sizeof(m->data));
}

int afl_custom_post_trim(struct mutator *m, unsigned char success);
int afl_custom_post_trim(struct mutator *m, unsigned char success)
{
	if (success)
		mutate_leave_out(&m->trimmed, m->at);
	return ++m->nr_tried;
}

void afl_custom_deinit(struct mutator *m);
void afl_custom_deinit(struct mutator *m)
{
	free(m);
}
