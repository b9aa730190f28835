// SPDX-License-Identifier: GPL-2.0-only
/* A harness's end of the mutator: where the target itself can be asked. */
#include "harness.h"
#include "harness_priv.h"

enum { CROSS_ONE_IN = 6 };

/* The user's numbers go into the input: then it means the same without them. */
static void pin_numbers(struct bytes *b, const struct config *c)
{
	for (unsigned int field = 0; field < nr_config_fields; field++) {
		unsigned int i = 0;

		if (!(c->given >> field & 1))
			continue;
		while (i < b->nr_numbers && b->number[i].field != field)
			i++;
		if (i == BYTES_NUMBERS)
			return;
		b->number[i] = bytes_number_of(c, field);
		b->nr_numbers += i == b->nr_numbers;
	}
}

size_t harness_mutate(uint8_t *out, size_t max, const uint8_t *data, size_t size,
		      const uint8_t *other, size_t other_size, uint64_t seed)
{
	static struct bytes a, b, made;
	static struct mutate_states sa;
	struct random r;
	unsigned int t;

	random_seed(&r, seed);
	bytes_parse(&a, data, size);
	if (harness_lead(&made)) {
		a.target = made.target;
	} else if (other && !random_below(&r, CROSS_ONE_IN)) {
		bytes_parse(&b, other, other_size);
		/* Both may have the same place in the memo. */
		sa = *harness_states(&a);
		mutate_cross(&made, &a, &sa, &b, harness_states(&b), &r);
	} else {
		bytes_copy(&made, &a);
		if (harness.swarm)
			mutate_swarm(&made, &r);
		else
			mutate(&made, &r);
	}
	for (t = harness.nr_targets - 1; t && harness.tag[t] != a.target; )
		t--;
	made.target = harness.tag[t];
	pin_numbers(&made, &harness.target[t]);
	made.batch_shift = (uint8_t)harness_next_batch();
	return bytes_print(&made, out, max);
}
