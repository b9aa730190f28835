// SPDX-License-Identifier: GPL-2.0-only
/*
 * Data races by KCSAN's rules.
 *
 * Two pCPUs that are about to make conflicting accesses in the same state race
 * if one of the accesses is plain: no vector clocks are needed, because every
 * order of events is some schedule.  As KCSAN by default, a race is told only
 * if the store changes the value, and plain aligned stores of a word at most
 * count as marked (not so with --kcsan strict).  A task and an interrupt on the
 * same pCPU never race here: KCSAN does not see those either.
 */
#include "machine.h"

static bool is_plain(const struct access *acc)
{
	if (!(acc->flags & ACC_PLAIN))
		return false;
	return WORLD->fix.kcsan_strict || acc->flags & ACC_READ || acc->off % acc->size;
}

void race_check(struct pcpu *p, struct pcpu *q)
{
	const struct access *a = &p->acc, *b = &q->acc;

	if (!((a->flags | b->flags) & ACC_WRITE) || (!is_plain(a) && !is_plain(b)))
		return;
	if (a->flags & ACC_WRITE)
		p->race = *b;
	if (b->flags & ACC_WRITE)
		q->race = *a;
}

/* @p's store @acc, which was announced beside another's access, took effect. */
void race_report(struct pcpu *p, const struct access *acc, uint64_t old, uint64_t value)
{
	uint16_t writer = acc->site, other = p->race.site;

	p->race.size = 0;
	if (old != value)
		oracle_report(ORACLE_DATA_RACE, -1, writer, other, 0);
}
