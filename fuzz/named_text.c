// SPDX-License-Identifier: GPL-2.0-only
/* Named schedules as JSON, for databases and for people who query them. */
#include <sqlite3.h>
#include <string.h>
#include "named.h"

static const char *const event_name[NR_EVENT_KINDS] = {
	[EVENT_STEP] = "step", [EVENT_RESCHED] = "resched-ipi", [EVENT_CALL] = "call-ipi",
	[EVENT_TIMER] = "timer", [EVENT_TICK] = "tick", [EVENT_EXIT] = "guest-exit",
	[EVENT_DRAIN] = "drain", [EVENT_NOTIFY] = "notification",
};

size_t named_print(const struct named *n, char *buf, size_t size)
{
	size_t len = (size_t)snprintf(buf, size, "[");

	for (unsigned int i = 0; i < n->nr; i++) {
		const struct named_entry *e = &n->entry[i];

		len += (size_t)snprintf(
			buf + len, size - len,
			"%s{\"kind\":\"%s\",\"what\":\"%s\",\"pcpu\":%u,\"task\":\"%s\","
			"\"site\":\"%s\",\"occurrence\":%u,\"answer\":%u,\"bound\":%u}",
			i ? "," : "", choice_kind_name[e->kind], event_name[e->what], e->pcpu,
			e->task, e->site, e->occurrence, e->answer, e->bound);
		if (len + 2 > size)
			return 0;
	}
	buf[len++] = ']';
	buf[len] = '\0';
	return len;
}

/* The index of @word in a table of names, or -1. */
static int index_of(const unsigned char *word, const char *const *names, int nr)
{
	for (int i = 0; word && i < nr; i++)
		if (!strcmp((const char *)word, names[i]))
			return i;
	return -1;
}

static bool parse_row(sqlite3_stmt *st, struct named_entry *e)
{
	int kind = index_of(sqlite3_column_text(st, 0), choice_kind_name, NR_CHOICE_KINDS);
	int what = index_of(sqlite3_column_text(st, 1), event_name, NR_EVENT_KINDS);
	const unsigned char *task = sqlite3_column_text(st, 3), *site = sqlite3_column_text(st, 4);
	int pcpu = sqlite3_column_int(st, 2), answer = sqlite3_column_int(st, 6);
	int bound = sqlite3_column_int(st, 7);

	if (kind < 0 || what < 0 || !task || !site || pcpu < 0 || pcpu >= MAX_PCPUS ||
	    answer < 1 || bound <= answer || bound > 255)
		return false;
	*e = (struct named_entry){
		.kind = (uint8_t)kind, .what = (uint8_t)what, .pcpu = (uint8_t)pcpu,
		.answer = (uint8_t)answer, .bound = (uint8_t)bound,
		.occurrence = (uint32_t)sqlite3_column_int(st, 5),
	};
	snprintf(e->task, sizeof(e->task), "%s", (const char *)task);
	snprintf(e->site, sizeof(e->site), "%s", (const char *)site);
	return true;
}

int named_parse(struct named *n, const char *json)
{
	static const char sql[] =
		"SELECT value->>'kind', value->>'what', value->>'pcpu', value->>'task', "
		"value->>'site', value->>'occurrence', value->>'answer', value->>'bound' "
		"FROM json_each(?)";
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	int rc = SQLITE_ERROR;

	n->nr = 0;
	if (!sqlite3_open(":memory:", &db) && !sqlite3_prepare_v2(db, sql, -1, &st, NULL) &&
	    !sqlite3_bind_text(st, 1, json, -1, SQLITE_STATIC))
		while ((rc = sqlite3_step(st)) == SQLITE_ROW)
			if (n->nr == SCHEDULE_MAX || !parse_row(st, &n->entry[n->nr++]))
				break;
	sqlite3_finalize(st);
	sqlite3_close(db);
	return rc == SQLITE_DONE ? 0 : -1;
}
