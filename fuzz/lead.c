// SPDX-License-Identifier: GPL-2.0-only
/* Leads between target and mutator. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "lead.h"

static const char variable[] = "KICKSIM_LEADS";	/* a descriptor's number */

static struct leads *map_leads(int fd)
{
	void *p = mmap(NULL, sizeof(struct leads), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return p == MAP_FAILED ? NULL : p;
}

struct leads *leads_share(void)
{
	/* Without a name in any folder: it goes when the last process has gone. */
	int fd = memfd_create("kicksim-leads", 0);
	struct leads *l;
	char text[16];

	if (fd < 0)
		return NULL;
	l = ftruncate(fd, sizeof(*l)) ? NULL : map_leads(fd);
	if (!l) {
		close(fd);
		return NULL;
	}
	snprintf(text, sizeof(text), "%d", fd);
	setenv(variable, text, 1);
	return l;
}

struct leads *leads_open(bool *shared)
{
	static struct leads own;
	const char *text = getenv(variable);
	/* Of the size that it must have, or it is somebody else's. */
	struct leads *l = text && lseek(atoi(text), 0, SEEK_END) == (off_t)sizeof(own) ?
			  map_leads(atoi(text)) : NULL;

	*shared = l;
	return l ? l : &own;
}

void leads_see(struct leads *l, const volatile uint8_t *map)
{
	/* Nobody writes it meanwhile. */
	const uint8_t *from = (const uint8_t *)map;
	uint64_t news = 0;

	for (unsigned int i = 0; i < FEATURE_MAP_SIZE; i += sizeof(uint64_t)) {
		uint64_t had, has;

		memcpy(&had, l->seen + i, sizeof(had));
		memcpy(&has, from + i, sizeof(has));
		news |= has & ~had;
		has |= had;
		memcpy(l->seen + i, &has, sizeof(has));
	}
	l->quiet = news ? 0 : l->quiet + 1;
}

unsigned int leads_batch(const struct leads *l, unsigned int usual)
{
	unsigned int shift = usual + (l->quiet >> LEADS_QUIET > 0) +
			     (l->quiet >> LEADS_QUIETER > 0);

	return shift < BYTES_BATCH_SHIFT ? shift : BYTES_BATCH_SHIFT;
}

void lead_leave(struct leads *l, const struct bytes *b)
{
	l->quiet = 0;
	if (l->nr == LEADS)
		return;
	bytes_copy(&l->lead[(l->first + l->nr) % LEADS], b);
	l->nr++;
}

bool lead_take(struct leads *l, struct bytes *b)
{
	if (!l->nr)
		return false;
	bytes_copy(b, &l->lead[l->first]);
	l->first = (l->first + 1) % LEADS;
	l->nr--;
	return true;
}
