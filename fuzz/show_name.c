// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include "show_name.h"

/* The field of @o at @rest bytes, or NULL. */
static const struct machine_field *field_at(const struct object *o, uint32_t rest,
					    unsigned int *index)
{
	for (const struct machine_field *f = o->fields; f && f->name; f++) {
		unsigned int nr = f->nr ? f->nr : 1;

		if (rest < f->offset || rest >= f->offset + f->size * nr)
			continue;
		*index = (rest - f->offset) / f->size;
		return f;
	}
	return NULL;
}

void show_word(uint32_t off, struct show_word *w)
{
	const struct world_fixed *fix = &WORLD->fix;
	const struct word_meta *m;
	uint32_t percpus = fix->percpu_size * (uint32_t)fix->config.nr_pcpus;

	*w = (struct show_word){ .rest = off, .vcpu = -1, .percpu = -1 };
	if (off >= SHARED_MAX)
		return;
	m = &fix->meta[off / 4];
	if (m->watch) {
		w->vcpu = m->vcpu;
		w->watch = (enum watch)m->watch;
	}
	if (fix->percpu_size && off >= fix->percpu_off && off - fix->percpu_off < percpus)
		w->percpu = (int)((off - fix->percpu_off) / fix->percpu_size);
	if (!m->object)
		return;
	w->object = &fix->objects[m->object - 1];
	w->rest = off - w->object->off;
	w->field = field_at(w->object, w->rest, &w->index);
}

const char *show_field_name(const struct show_word *w, char *buf)
{
	if (!w->field)
		return show_word_name(w, buf);
	if (w->field->nr > 1)
		snprintf(buf, SHOW_NAME, "%s[%u]", w->field->name, w->index);
	else
		snprintf(buf, SHOW_NAME, "%s", w->field->name);
	return buf;
}

const char *show_word_name(const struct show_word *w, char *buf)
{
	char field[SHOW_NAME];

	if (!w->object)
		snprintf(buf, SHOW_NAME, "word 0x%x", w->rest);
	else if (w->field)
		snprintf(buf, SHOW_NAME, "%s%s%.70s", w->object->name,
			 w->percpu < 0 ? "->" : ".", show_field_name(w, field));
	else if (w->rest)
		snprintf(buf, SHOW_NAME, "%s+0x%x", w->object->name, w->rest);
	else
		snprintf(buf, SHOW_NAME, "%s", w->object->name);
	return buf;
}

const char *show_mode(uint64_t mode, bool brief)
{
	const struct machine_layout *l = &WORLD->fix.form->layout;

	if ((int)mode == l->mode_outside)
		return brief ? "OUTSIDE" : "OUTSIDE_GUEST_MODE";
	if ((int)mode == l->mode_in_guest)
		return brief ? "IN_GUEST" : "IN_GUEST_MODE";
	if ((int)mode == l->mode_exiting)
		return brief ? "EXITING" : "EXITING_GUEST_MODE";
	if ((int)mode == l->mode_reading)
		return brief ? "READING" : "READING_SHADOW_PAGE_TABLES";
	return brief ? "?" : "(no mode)";
}

const char *show_requests(uint64_t requests, char *buf)
{
	const char *const *names = WORLD->fix.form->request_names;
	size_t n = 0;

	snprintf(buf, SHOW_VALUE, "0");
	for (unsigned int i = 0; i < 64; i++) {
		char bit[8];
		const char *name = names ? names[i] : NULL;

		if (!(requests >> i & 1))
			continue;
		snprintf(bit, sizeof(bit), "bit%u", i);
		n += (size_t)snprintf(buf + n, SHOW_VALUE - n, "%s%s", n ? "|" : "",
				      name ? name : bit);
		if (n >= SHOW_VALUE)
			break;
	}
	return buf;
}

static const char *cpumask(uint64_t mask, char *buf)
{
	size_t n = (size_t)snprintf(buf, SHOW_VALUE, "{");

	for (unsigned int i = 0; i < MAX_PCPUS; i++)
		if (mask >> i & 1)
			n += (size_t)snprintf(buf + n, SHOW_VALUE - n, "%s%u", n > 1 ? "," : "",
					      i);
	snprintf(buf + n, SHOW_VALUE - n, "}");
	return buf;
}

static const char *task_state(uint64_t state)
{
	switch (state) {
	case 0:
		return "TASK_RUNNING";
	case 1:
		return "TASK_INTERRUPTIBLE";
	case 2:
		return "TASK_UNINTERRUPTIBLE";
	default:
		return "(no task state)";
	}
}

static const char *pointer(uint64_t value, char *buf)
{
	struct show_word to;

	if (!value) {
		snprintf(buf, SHOW_VALUE, "NULL");
	} else if (value - SHARED_BASE < SHARED_MAX) {
		show_word((uint32_t)(value - SHARED_BASE), &to);
		if (to.object && !to.rest)
			snprintf(buf, SHOW_VALUE, "%s", to.object->name);
		else
			show_word_name(&to, buf);
	} else {
		snprintf(buf, SHOW_VALUE, "(not shared memory)");
	}
	return buf;
}

static int64_t sign_extend(uint64_t value, unsigned int size)
{
	unsigned int shift = size && size < 8 ? 64 - 8 * size : 0;

	return (int64_t)(value << shift) >> shift;
}

const char *show_value(const struct show_word *w, unsigned int size, uint64_t value, bool brief,
		       char *buf)
{
	enum machine_field_kind kind = w->field ? w->field->kind : MACHINE_FIELD_HEX;

	if (w->object && w->object->off == WORLD->fix.online_off)
		kind = MACHINE_FIELD_CPUMASK;
	switch (kind) {
	case MACHINE_FIELD_INT:
		snprintf(buf, SHOW_VALUE, "%lld", (long long)sign_extend(value, size));
		return buf;
	case MACHINE_FIELD_MODE:
		return show_mode(value, brief);
	case MACHINE_FIELD_REQUESTS:
		return show_requests(value, buf);
	case MACHINE_FIELD_CPUMASK:
		return cpumask(value, buf);
	case MACHINE_FIELD_STATE:
		return task_state(value) + (brief && value < 3 ? strlen("TASK_") : 0);
	case MACHINE_FIELD_PTR:
		return pointer(value, buf);
	case MACHINE_FIELD_BOOL:
		return value ? "true" : "false";
	case MACHINE_FIELD_HEX:
		break;
	}
	snprintf(buf, SHOW_VALUE, value < 10 ? "%llu" : "0x%llx", (unsigned long long)value);
	return buf;
}

const char *show_exit(uint64_t reason)
{
	static const char *const name[] = {
		[MACHINE_EXIT_IRQ] = "host interrupt",
		[MACHINE_EXIT_HLT] = "HLT",
		[MACHINE_EXIT_ICR] = "ICR write",
		[MACHINE_EXIT_IO] = "I/O",
		[MACHINE_EXIT_WALK] = "page fault",
		[MACHINE_EXIT_DEADLINE] = "TSC deadline",
		[MACHINE_EXIT_STOP] = "stop",
	};

	_Static_assert(sizeof(name) / sizeof(name[0]) == NR_MACHINE_EXITS, "a name for each");
	return reason < NR_MACHINE_EXITS ? name[reason] : "?";
}

const char *show_task(unsigned int task)
{
	return task < MAX_TASKS && WORLD->fix.comm[task] ? WORLD->fix.comm[task] : "?";
}

int show_task_vcpu(unsigned int task)
{
	return task < MAX_TASKS ? WORLD->fix.image.task[task].vcpu : -1;
}
