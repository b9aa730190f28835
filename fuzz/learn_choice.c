// SPDX-License-Identifier: GPL-2.0-only
/* What each answer to a choice would do, in words. */
#include <string.h>
#include "learn.h"
#include "show_name.h"

static const char *access_verb(const struct access *acc)
{
	if (acc->flags & ACC_READ && acc->flags & ACC_WRITE)
		return "updates";
	return acc->flags & ACC_WRITE ? "writes" : "reads";
}

/* What the context on a pCPU does next: it has announced it. */
static void describe_step(const struct pcpu *p, const struct form *form, char *buf)
{
	const char *who = p->curr < WORLD->fix.nr_tasks ? show_task(p->curr) : "idle";
	char name[SHOW_NAME];
	struct show_word w;

	if (p->acc.size) {
		show_word(p->acc.off, &w);
		snprintf(buf, LEARN_OPTION_TEXT, "pCPU%u %s %s %s", p->id, who,
			 access_verb(&p->acc), show_word_name(&w, name));
	} else if (p->waiting == WAIT_IDLE) {
		snprintf(buf, LEARN_OPTION_TEXT, "pCPU%u takes the next task", p->id);
	} else {
		snprintf(buf, LEARN_OPTION_TEXT, "pCPU%u %s goes on", p->id, who);
	}
	if (p->acc.site) {
		size_t n = strlen(buf);

		snprintf(buf + n, LEARN_OPTION_TEXT - n, "  [%s()]",
			 form->sites.site[p->acc.site].function);
	}
}

static void describe_event(unsigned int event, const struct form *form, char *buf)
{
	const struct pcpu *p = &WORLD->live.pcpu[event / NR_EVENT_KINDS];
	const char *who = p->curr < WORLD->fix.nr_tasks ? show_task(p->curr) : "idle";

	switch ((enum event_kind)(event % NR_EVENT_KINDS)) {
	case EVENT_STEP:
		describe_step(p, form, buf);
		break;
	case EVENT_RESCHED:
		snprintf(buf, LEARN_OPTION_TEXT, "pCPU%u gets the reschedule IPI", p->id);
		break;
	case EVENT_CALL:
		snprintf(buf, LEARN_OPTION_TEXT, "pCPU%u gets the function call IPI", p->id);
		break;
	case EVENT_TIMER:
		snprintf(buf, LEARN_OPTION_TEXT, "pCPU%u's timer fires", p->id);
		break;
	case EVENT_TICK:
		snprintf(buf, LEARN_OPTION_TEXT, "pCPU%u is taken from %s (migration, preemption)",
			 p->id, who);
		break;
	case EVENT_EXIT:
		snprintf(buf, LEARN_OPTION_TEXT, "pCPU%u: the guest of %s exits by itself", p->id,
			 who);
		break;
	default:
		snprintf(buf, LEARN_OPTION_TEXT, "pCPU%u's oldest buffered store becomes visible",
			 p->id);
		break;
	}
}

/*
 * Where the task of this pCPU goes: the pCPUs after this one, in order.  Who has to
 * find a pCPU outside of an interrupt may take this one, and first.
 */
static void describe_migration(unsigned int answer, char *buf)
{
	const struct pcpu *here = WORLD->live.cur;
	unsigned int nr = (unsigned int)WORLD->fix.config.nr_pcpus, left = answer;

	for (unsigned int i = here->in_irq ? 1 : 0; i < nr; i++) {
		const struct pcpu *p = &WORLD->live.pcpu[(here->id + i) % nr];

		if (!p->online || p->dying || left--)
			continue;
		snprintf(buf, LEARN_OPTION_TEXT, "%s goes to pCPU%u", show_task(here->curr), p->id);
		return;
	}
	snprintf(buf, LEARN_OPTION_TEXT, "%s stays on pCPU%u", show_task(here->curr), here->id);
}

/* The other kinds of choices are about one task, or about the memory. */
static void describe_other(const struct choice_point *point, unsigned int answer, char *buf)
{
	static const struct {
		const char *dull, *other;	/* with the answer's number */
	} text[NR_CHOICE_KINDS] = {
		[CHOICE_WAKE] = { "it wakes up where it slept", "it wakes up %u pCPUs further on" },
		[CHOICE_EXIT] = { "the guest's first reason to exit", "its reason number %u" },
		[CHOICE_TARGET] = { "the interrupt is for vcpu0", "the interrupt is for vcpu%u" },
		[CHOICE_CONFIG] = { "the first of the configurations", "configuration %u" },
		[CHOICE_ALLOC] = { "the allocation succeeds", "the allocation fails (%u)" },
		[CHOICE_LOAD] = { "the load gives the newest value",
				  "the load gives a value %u stores old" },
		[CHOICE_COMMIT] = { "the oldest store becomes visible",
				    "the store %u after it becomes visible first" },
	};
	char number[12], *at;
	size_t n;

	if (point->kind == CHOICE_MIGRATE) {
		describe_migration(answer, buf);
		return;
	}
	if (!answer) {
		snprintf(buf, LEARN_OPTION_TEXT, "%s", text[point->kind].dull);
		return;
	}
	snprintf(buf, LEARN_OPTION_TEXT, "%s", text[point->kind].other);
	at = strstr(buf, "%u");
	snprintf(number, sizeof(number), "%u", answer);
	n = strlen(number);
	memmove(at + n, at + 2, strlen(at + 2) + 1);
	memcpy(at, number, n);
}

void learn_describe(struct learn_choice *c, const struct choice_point *point,
		    const struct form *form)
{
	c->point = *point;
	c->nr = point->bound < LEARN_OPTIONS ? point->bound : LEARN_OPTIONS;
	for (unsigned int i = 0; i < c->nr; i++) {
		c->pcpu[i] = -1;
		if (point->kind != CHOICE_EVENT) {
			describe_other(point, i, c->option[i]);
			continue;
		}
		c->pcpu[i] = (int)(choice_event(point, i) / NR_EVENT_KINDS);
		describe_event(choice_event(point, i), form, c->option[i]);
	}
}
