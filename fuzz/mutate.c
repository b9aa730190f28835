// SPDX-License-Identifier: GPL-2.0-only
/* Changing schedules by what they are made of. */
#include <string.h>
#include <xxhash.h>
#include "mutate.h"

enum { GAP_MAX = 192 + 63 * 8, LOG_GAP = 7, DONE_MAX = 8 };

/* Words of the last mutation: they are put together only for who asks. */
static const char *done[DONE_MAX];
static unsigned int nr_done;

static inline void describe(const char *word)
{
	if (nr_done < DONE_MAX)
		done[nr_done++] = word;
}

void mutate_call(const char *word)
{
	nr_done = 0;
	describe(word);
}

const char *mutate_describe(void)
{
	static char text[DONE_MAX * 8];
	size_t n = 0;

	*text = '\0';
	for (unsigned int i = 0; i < nr_done; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s", i ? "," : "", done[i]);
	return text;
}

uint64_t mutate_salt;

static uint8_t length_of(unsigned int gap)
{
	if (gap > GAP_MAX)
		gap = GAP_MAX;
	return (uint8_t)(gap < 192 ? gap : 192 + (gap - 192) / 8);
}

/* Short ones and long ones alike: some bugs need a narrow window, some a long wait. */
static unsigned int draw_gap(struct random *r)
{
	return random_below(r, 1u << random_below(r, LOG_GAP + 1));
}

/*
 * Mostly that a pCPU's context goes on, else anything that happens to it: often that
 * it is moved, for which there is a moment at each access and no other event.
 */
static uint8_t draw_next(struct random *r)
{
	static const uint8_t kind[] = {
		EVENT_TICK, EVENT_TICK, EVENT_TICK, EVENT_DRAIN, EVENT_RESCHED, EVENT_CALL,
		EVENT_TIMER, EVENT_EXIT, EVENT_NOTIFY
	};
	uint8_t pcpu = (uint8_t)(random_below(r, MAX_PCPUS) * NR_EVENT_KINDS);

	return random_below(r, 3) ? pcpu : pcpu + kind[random_below(r, sizeof(kind))];
}

static uint8_t draw_with(struct random *r)
{
	return random_below(r, 2) ? (uint8_t)random_below(r, 256) : 0;
}

static struct bytes_segment draw_segment(struct random *r)
{
	return (struct bytes_segment){ length_of(draw_gap(r)), draw_next(r), draw_with(r) };
}

static void insert(struct bytes *b, unsigned int at, struct bytes_segment s)
{
	if (b->nr_segments == BYTES_SEGMENTS)
		return;
	memmove(&b->segment[at + 1], &b->segment[at],
		(b->nr_segments - at) * sizeof(b->segment[0]));
	b->segment[at] = s;
	b->nr_segments++;
}

static void remove_at(struct bytes *b, unsigned int at)
{
	b->nr_segments--;
	memmove(&b->segment[at], &b->segment[at + 1],
		(b->nr_segments - at) * sizeof(b->segment[0]));
}

/* A new switch, inside the wait before another or behind the last. */
static void splice(struct bytes *b, struct random *r)
{
	unsigned int at = random_below(r, b->nr_segments + 1u);
	struct bytes_segment s = draw_segment(r);

	describe("splice");
	if (at < b->nr_segments) {
		unsigned int gap = bytes_gap(b->segment[at].length);
		unsigned int before = random_below(r, gap + 1);

		s.length = length_of(before);
		b->segment[at].length = length_of(gap - before);
	}
	insert(b, at, s);
}

/* A switch comes earlier or later; what follows stays where it is, or comes along. */
static void move(struct bytes *b, unsigned int at, struct random *r)
{
	unsigned int gap = bytes_gap(b->segment[at].length), to = gap + random_below(r, 9);
	bool along = random_below(r, 2);

	describe(along ? "shift" : "move");
	to = to > 4 ? to - 4 : 0;
	if (!random_below(r, 4))
		to = draw_gap(r);
	b->segment[at].length = length_of(to);
	if (!along && at + 1 < b->nr_segments) {
		unsigned int next = gap + bytes_gap(b->segment[at + 1].length);

		b->segment[at + 1].length = length_of(next > to ? next - to : 0);
	}
}

void mutate_leave_out(struct bytes *b, unsigned int at)
{
	if (at + 1 < b->nr_segments)
		b->segment[at + 1].length =
			length_of(bytes_gap(b->segment[at].length) + 1 +
				  bytes_gap(b->segment[at + 1].length));
	remove_at(b, at);
}

static void drop(struct bytes *b, unsigned int at, struct random *r)
{
	describe("drop");
	if (random_below(r, 2))
		mutate_leave_out(b, at);
	else
		remove_at(b, at);
}

static void repeat(struct bytes *b, unsigned int at, struct random *r)
{
	unsigned int nr = 1 + random_below(r, 3);

	describe("repeat");
	if (nr > b->nr_segments - at)
		nr = b->nr_segments - at;
	for (unsigned int i = 0; i < nr; i++)
		insert(b, at + nr + i, b->segment[at + i]);
}

static void change(struct bytes *b, struct random *r)
{
	unsigned int at;

	if (!b->nr_segments) {
		splice(b, r);
		return;
	}
	at = random_below(r, b->nr_segments);
	switch (random_below(r, 16)) {
	case 0: case 1: case 2: case 3:
		describe("next");
		b->segment[at].next = draw_next(r);
		break;
	case 4: case 5: case 6: case 7:
		move(b, at, r);
		break;
	case 8: case 9: case 10:
		splice(b, r);
		break;
	case 11: case 12:
		describe("with");
		b->segment[at].with = draw_with(r);
		break;
	case 13:
		drop(b, at, r);
		break;
	case 14:
		repeat(b, at, r);
		break;
	default:
		describe("cut");
		b->nr_segments = (uint16_t)at;
		break;
	}
}

void mutate(struct bytes *b, struct random *r)
{
	unsigned int nr = 1u << random_below(r, 3);

	nr_done = 0;
	while (nr--)
		change(b, r);
}

/* Small numbers: most bugs need few actors.  The reader bends them into bounds. */
static void change_number(struct bytes *b, struct random *r)
{
	struct bytes_number n = { (uint8_t)random_below(r, 16), (uint8_t)random_below(r, 4) };
	unsigned int i = 0;

	describe("number");
	while (i < b->nr_numbers && b->number[i].field != n.field)
		i++;
	if (i == BYTES_NUMBERS)
		return;
	b->number[i] = n;
	if (i == b->nr_numbers)
		b->nr_numbers++;
}

void mutate_swarm(struct bytes *b, struct random *r)
{
	mutate(b, r);
	if (!random_below(r, 4))
		change_number(b, r);
}

/* Events up to the segment, itself included. */
static unsigned int events_to(const struct bytes *b, unsigned int segment)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i <= segment; i++)
		n += bytes_gap(b->segment[i].length) + 1;
	return n;
}

/* Where @b goes on after @a's segment @at: index into @b's segments. */
static unsigned int tail_by_event(const struct bytes *a, unsigned int at, const struct bytes *b)
{
	unsigned int events = events_to(a, at), i = 0;

	while (i < b->nr_segments && events_to(b, i) <= events)
		i++;
	return i;
}

void mutate_cross(struct bytes *out, const struct bytes *a, const struct mutate_states *sa,
		  const struct bytes *b, const struct mutate_states *sb, struct random *r)
{
	unsigned int at, from, nr;

	mutate_call("cross");
	bytes_copy(out, a);
	if (!a->nr_segments || !b->nr_segments)
		return;
	at = random_below(r, a->nr_segments);
	from = tail_by_event(a, at, b);
	if (sa && sb && at < sa->nr && sb->nr) {
		/* From a random place on, so that each of several is met. */
		unsigned int first = random_below(r, sb->nr);

		for (unsigned int i = 0; i < sb->nr; i++) {
			unsigned int j = (first + i) % sb->nr;

			if (sb->state[j] != sa->state[at])
				continue;
			from = j + 1;
			break;
		}
	}
	nr = from < b->nr_segments ? b->nr_segments - from : 0;
	if (nr > BYTES_SEGMENTS - (at + 1))
		nr = BYTES_SEGMENTS - (at + 1);
	memcpy(&out->segment[at + 1], &b->segment[from], nr * sizeof(b->segment[0]));
	out->nr_segments = (uint16_t)(at + 1 + nr);
}

void mutate_batch(struct bytes *out, const struct bytes *b, unsigned int i)
{
	struct random r;

	bytes_copy(out, b);
	out->batch_shift = 0;
	if (!i)
		return;
	random_seed(&r, XXH3_64bits(b->segment, b->nr_segments * sizeof(b->segment[0])) +
		    mutate_salt + i);
	mutate(out, &r);
}
