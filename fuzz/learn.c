// SPDX-License-Identifier: GPL-2.0-only
/* A game: the answers so far, and the run that they make. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../results/term.h"
#include "engine.h"
#include "learn.h"
#include "show_head.h"
#include "show_name.h"
#include "show_state.h"
#include "shrink.h"

enum {
	MAX_MOVES = 1 << 12, MAX_RECORDS = 1 << 14,
	SEARCH_RUNS = 200000, SHRINK_STEPS = 4000000,
	OUTSIDE = 1, IN_GUEST = 2, EXITING = 4,
};

/* Answers what has been played, then notes the choice and ends the run. */
struct game {
	struct chooser chooser;
	const struct learn_lesson *lesson;
	struct config config;
	struct learn_choice choice;
	uint8_t move[MAX_MOVES];
	unsigned int nr_moves, next;
	bool to_the_end;		/* dully, instead of stopping after the moves */
	struct trace trace;
	struct run_result result;
	unsigned int told;		/* records that the user has been shown */
	unsigned int outcomes;		/* seen in any game of this lesson */
	unsigned int best;		/* fewest answers other than 0, 0: not known */
};

int learn_config(const struct learn_lesson *l, struct config *c)
{
	config_init(c);
	snprintf(c->kernel, sizeof(c->kernel), "%s", l->kernel);
	snprintf(c->variant, sizeof(c->variant), "%s", l->variant);
	snprintf(c->scenario, sizeof(c->scenario), "%s", l->scenario);
	for (unsigned int i = 0; i + 1 < sizeof(l->numbers) / sizeof(l->numbers[0]) &&
	     l->numbers[i]; i += 2)
		config_set_number(c, l->numbers[i], l->numbers[i + 1]);
	return config_load(c);
}

static const struct report *find_report(const struct run_result *r, enum oracle oracle)
{
	for (unsigned int i = 0; i < r->nr_reports; i++)
		if (r->report[i].oracle == oracle)
			return &r->report[i];
	return NULL;
}

bool learn_best(const struct learn_lesson *l, const struct config *c, struct schedule *s)
{
	static struct engine engine;
	static struct shrunk shrunk;
	const struct report *found = NULL;
	struct run_result result;

	engine_parse(&engine, "pos");
	for (uint64_t seed = 1; !found && seed <= SEARCH_RUNS; seed++) {
		engine_seed(&engine, seed);
		run_once(&engine.chooser, NULL, &result);
		found = find_report(&result, l->oracle);
	}
	if (!found || !schedule_of_run(s) ||
	    !shrink(c, s, found, SHRINK_STEPS, NULL, &shrunk))
		return false;
	*s = shrunk.schedule;
	return true;
}

static uint32_t game_take(struct chooser *chooser, const struct choice_point *point)
{
	struct game *g = (struct game *)chooser;

	if (g->next < g->nr_moves)
		return g->move[g->next++];
	if (g->to_the_end)
		return 0;
	learn_describe(&g->choice, point, g->config.form);
	return CHOICE_REFUSED;
}

static void game_run(struct game *g)
{
	g->chooser = (struct chooser){ NULL, game_take };
	g->next = 0;
	g->choice.nr = 0;
	g->trace.nr = g->trace.lost = 0;
	run_once(&g->chooser, &g->trace, &g->result);
}

/* What has happened since the last choice, and what the vCPUs are. */
static void tell(struct game *g)
{
	static struct show_state state;
	char text[SHOW_TEXT], requests[SHOW_VALUE];

	show_state_begin(&state);
	for (uint32_t i = 0; i < g->trace.nr; i++) {
		const struct trace_rec *r = &g->trace.rec[i];

		if (i >= g->told && r->kind != TRACE_REPORT)
			printf("  p%u %-8s %s\n", r->pcpu,
			       r->task < WORLD->fix.nr_tasks ? show_task(r->task) : "idle",
			       show_text(&state, r, SHOW_BRIEF, &g->config.form->sites, text));
		show_state_apply(&state, r);
	}
	g->told = g->trace.nr;
	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++)
		printf("       vcpu%d: %s, cpu %d, requests %s\n", v,
		       show_mode(state.vcpu[v].mode, true), state.vcpu[v].cpu,
		       show_requests(state.vcpu[v].requests, requests));
}

static void ask(const struct game *g)
{
	for (unsigned int i = 0; i < g->choice.nr; i++)
		printf("[%u] %s\n", i, g->choice.option[i]);
	printf("> ");
	fflush(stdout);
}

/* What kicks have found in vcpu->mode in this run. */
static unsigned int kick_outcomes(const struct game *g)
{
	const struct machine_layout *l = &WORLD->fix.form->layout;
	unsigned int seen = 0;
	struct show_word w;

	for (uint32_t i = 0; i < g->trace.nr; i++) {
		const struct trace_rec *r = &g->trace.rec[i];
		uint64_t found = r->kind == TRACE_RMW ? r->old : r->value;

		if (r->kind != TRACE_RMW && r->kind != TRACE_CAS_FAILED)
			continue;
		show_word(r->off, &w);
		if (w.vcpu < 0 || w.watch != WATCH_MODE)
			continue;
		seen |= (int)found == l->mode_outside ? OUTSIDE :
			(int)found == l->mode_in_guest ? IN_GUEST :
			(int)found == l->mode_exiting ? EXITING : 0;
	}
	return seen;
}

static unsigned int score(const struct game *g)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < g->nr_moves; i++)
		nr += g->move[i] != 0;
	return nr;
}

/* Whether the goal is reached; says so. */
static bool won(struct game *g)
{
	static struct schedule s;
	static char text[SCHEDULE_TEXT];
	const struct learn_lesson *l = g->lesson;

	if (l->goal == LEARN_OUTCOMES) {
		unsigned int before = g->outcomes;

		g->outcomes |= kick_outcomes(g);
		if (g->outcomes == before)
			return false;
		printf("%s seen so far:%s%s%s\n", term_sign(TERM_GOOD),
		       g->outcomes & OUTSIDE ? " OUTSIDE" : "",
		       g->outcomes & IN_GUEST ? " IN_GUEST (an IPI)" : "",
		       g->outcomes & EXITING ? " EXITING" : "");
		if (g->outcomes != (OUTSIDE | IN_GUEST | EXITING))
			return false;
		printf("%s all three.\n%s\n", term_sign(TERM_GOOD), l->moral);
		return true;
	}
	if (!find_report(&g->result, l->oracle))
		return false;
	schedule_of_run(&s);
	schedule_print(&s, text, sizeof(text));
	printf("%s You found %s.  Answers other than 0: %u", term_sign(TERM_BAD),
	       oracle_info[l->oracle].name, score(g));
	if (g->best)
		printf("; best known: %u", g->best);
	printf("\n%s\nSee it: kicksim run %s --kernel %s%s%s --schedule '%s' --as race\n", l->moral,
	       l->scenario, l->kernel, *l->variant ? " --variant " : "", l->variant, text);
	return true;
}

static void restart(struct game *g)
{
	g->nr_moves = 0;
	g->told = 0;
	g->to_the_end = false;
}

/* "3", "p1", each perhaps with how many times.  False: not a move. */
static bool move(struct game *g, const char *line)
{
	unsigned int number, times = 1, answer = 0;
	bool by_pcpu = *line == 'p';

	if (*line && sscanf(line + by_pcpu, "%u %u", &number, &times) < 1)
		return false;
	for (unsigned int i = 0; i < times && g->choice.nr; i++) {
		answer = *line ? number : 0;
		if (by_pcpu)
			for (answer = 0; answer < g->choice.nr; answer++)
				if (g->choice.pcpu[answer] == (int)number)
					break;
		if (answer >= g->choice.nr || g->nr_moves == MAX_MOVES) {
			printf("there is no such way to go on\n");
			return true;
		}
		g->move[g->nr_moves++] = (uint8_t)answer;
		game_run(g);
	}
	return true;
}

/* False: the user has had enough. */
static bool obey(struct game *g, char *line)
{
	line[strcspn(line, "\n")] = '\0';
	if (!strcmp(line, "q"))
		return false;
	if (!strcmp(line, "u")) {
		g->nr_moves -= g->nr_moves > 0;
		g->told = 0;
		g->to_the_end = false;
	} else if (!strcmp(line, "r")) {
		restart(g);
	} else if (!strcmp(line, "g")) {
		printf("%s\n", g->lesson->task);
	} else if (!strcmp(line, "h")) {
		printf("%s\n", g->lesson->hint);
	} else if (!strcmp(line, "a")) {
		g->to_the_end = true;
	} else if (!move(g, line)) {
		printf("a number, or p and a pCPU, and how often; Enter is 0; a: on to the end, "
		       "dully;\nu: undo, r: restart, g: goal, h: hint, q: quit\n");
	}
	return true;
}

static int play(struct game *g, FILE *in)
{
	char line[128];
	bool done = false;

	for (;;) {
		game_run(g);
		tell(g);
		done |= won(g);
		if (done && g->choice.nr == 0)
			return TERM_EXIT_OK;
		if (g->choice.nr)
			ask(g);
		else
			printf("The run is over.  (u)ndo, (r)estart, (q)uit\n> ");
		fflush(stdout);
		if (done || !fgets(line, sizeof(line), in) || !obey(g, line)) {
			printf("\n");
			return done ? TERM_EXIT_OK : TERM_EXIT_FINDING;
		}
	}
}

int learn_play(unsigned int nr, FILE *in)
{
	static struct trace_rec records[MAX_RECORDS];
	static struct game g;
	static struct schedule best;
	const struct learn_lesson *l = &learn_lessons[nr - 1];
	int ret = learn_config(l, &g.config);

	if (ret)
		return ret;
	g.lesson = l;
	g.trace = (struct trace){ records, 0, MAX_RECORDS, 0 };
	run_prepare(&g.config);
	printf("Lesson %u/%u  %s\n\n%s\n\nGoal: %s\n\n", nr, LEARN_LESSONS, l->title, l->intro,
	       l->task);
	if (l->goal == LEARN_ORACLE && learn_best(l, &g.config, &best))
		g.best = best.nr;
	return play(&g, in);
}

int learn_solve(unsigned int nr)
{
	static struct schedule best;
	const struct learn_lesson *l = &learn_lessons[nr - 1];
	struct config c;
	int ret = learn_config(l, &c);
	uint32_t at = 0;

	if (ret)
		return ret;
	run_prepare(&c);
	if (l->goal != LEARN_ORACLE || !learn_best(l, &c, &best))
		return term_error(TERM_EXIT_USAGE, "lesson %u has no one solution: try", nr);
	for (unsigned int i = 0; i < best.nr; i++) {
		const struct schedule_entry *e = &best.entry[i];

		if (e->position > at)
			printf("0 %u\n", e->position - at);
		printf("%u\n", e->answer);
		at = e->position + 1;
	}
	printf("a\n");
	return TERM_EXIT_OK;
}
