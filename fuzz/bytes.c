// SPDX-License-Identifier: GPL-2.0-only
/* Taking bytes apart and putting them together; AFL++'s mutator has this too. */
#include <string.h>
#include "bytes.h"

static uint32_t get_target(const uint8_t *data)
{
	return data[0] | (uint32_t)data[1] << 8 | (uint32_t)data[2] << 16 |
	       (uint32_t)data[3] << 24;
}

void bytes_parse(struct bytes *b, const uint8_t *data, size_t size)
{
	uint8_t head[BYTES_HEAD] = { 0 };
	size_t n = size < BYTES_HEAD ? size : BYTES_HEAD;
	const uint8_t *end;

	/* Of no bytes there may be no address. */
	if (!size)
		data = head;
	end = data + size;
	memcpy(head, data, n);
	data += n;
	b->target = get_target(head);
	b->batch_shift = head[4] >> 4 <= BYTES_BATCH_SHIFT ? head[4] >> 4 : 0;
	b->nr_numbers = b->nr_segments = 0;
	for (unsigned int i = head[4] & 15; i && end - data >= 2; i--, data += 2)
		b->number[b->nr_numbers++] = (struct bytes_number){ data[0], data[1] };
	n = (size_t)(end - data);
	if (n > sizeof(b->segment))
		n = sizeof(b->segment);
	_Static_assert(sizeof(b->segment[0]) == BYTES_SEGMENT, "a segment is its bytes");
	memcpy(b->segment, data, n);
	b->nr_segments = (uint16_t)((n + BYTES_SEGMENT - 1) / BYTES_SEGMENT);
	/* A piece of a segment is one that ends in zeros. */
	memset((uint8_t *)b->segment + n, 0, b->nr_segments * sizeof(b->segment[0]) - n);
}

void bytes_copy(struct bytes *to, const struct bytes *from)
{
	memcpy(to, from, offsetof(struct bytes, segment) +
	       from->nr_segments * sizeof(from->segment[0]));
}

size_t bytes_print(const struct bytes *b, uint8_t *data, size_t size)
{
	uint8_t *p = data;

	if (size < BYTES_HEAD)
		return 0;
	for (int i = 0; i < BYTES_TARGET; i++)
		*p++ = (uint8_t)(b->target >> 8 * i);
	*p++ = (uint8_t)(b->batch_shift << 4);
	for (unsigned int i = 0; i < b->nr_numbers && size - (size_t)(p - data) >= 2; i++) {
		data[4]++;
		*p++ = b->number[i].field;
		*p++ = b->number[i].value;
	}
	for (unsigned int i = 0; i < b->nr_segments &&
	     size - (size_t)(p - data) >= BYTES_SEGMENT; i++) {
		*p++ = b->segment[i].length;
		*p++ = b->segment[i].next;
		*p++ = b->segment[i].with;
	}
	return (size_t)(p - data);
}
