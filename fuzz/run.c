// SPDX-License-Identifier: GPL-2.0-only
/* One run: faults caught, results gathered, reports named. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>
#include "../results/term.h"
#include "../sim/machine.h"
#include "confine.h"
#include "run.h"

enum { LOCKUP_SECONDS = 2, LOCKUP_AGAIN_US = 100000 };	/* of runs that take microseconds */

static volatile sig_atomic_t foreign_ran;
static volatile sig_atomic_t running;	/* code under test may be at work */
static volatile uint64_t nr_runs, nr_runs_seen;

/*
 * The code under test faulted, or never comes back: the run ends here, and the
 * host goes on where it left off, at the two words that fiber_switch() saved.
 */
static void leave_run(ucontext_t *uc, enum oracle oracle)
{
	struct world *w = WORLD;
	uint64_t *sp = w->fix.host_sp;

	running = 0;
	w->live.ended = RUN_STOPPED;
	w->fix.trace = NULL;
	oracle_report(oracle, -1, w->live.cur->last_site, 0, 0);
#if defined(__x86_64__)
	uc->uc_mcontext.gregs[REG_RBP] = (greg_t)sp[0];
	uc->uc_mcontext.gregs[REG_RIP] = (greg_t)sp[1];
	uc->uc_mcontext.gregs[REG_RSP] = (greg_t)(sp + 2);
#else
	uc->uc_mcontext.regs[29] = sp[0];
	uc->uc_mcontext.pc = sp[1];
	uc->uc_mcontext.sp = (uint64_t)(sp + 2);
#endif
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	static const char why[] = "kicksim: error: a fault in kicksim itself, after foreign code "
				  "ran in it: that code may have overwritten it\n";

	(void)info;
	if (running) {
		leave_run(context, ORACLE_OOPS);
		return;
	}
	if (foreign_ran) {
		if (write(STDERR_FILENO, why, sizeof(why) - 1) < 0)
			_exit(TERM_EXIT_SYSTEM);
		_exit(TERM_EXIT_SYSTEM);
	}
	signal(sig, SIG_DFL);
	raise(sig);
}

/* A schedule that has run since the last alarm is in a loop without accesses. */
static void on_alarm(int sig, siginfo_t *info, void *context)
{
	static const struct itimerval sooner = { { 0, LOCKUP_AGAIN_US }, { 0, LOCKUP_AGAIN_US } };

	(void)sig;
	(void)info;
	if (running && nr_runs == nr_runs_seen) {
		/* A user's loop is likely to come in every run: judge the next sooner. */
		if (foreign_ran)
			setitimer(ITIMER_VIRTUAL, &sooner, NULL);
		leave_run(context, ORACLE_SOFT_LOCKUP);
	}
	nr_runs_seen = nr_runs;
}

static int catch(int sig, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags };

	return sigaction(sig, &sa, NULL);
}

int run_watch(void)
{
	struct itimerval every = { { LOCKUP_SECONDS, 0 }, { LOCKUP_SECONDS, 0 } };

	return setitimer(ITIMER_VIRTUAL, &every, NULL);
}

int run_init(void)
{
	static char stack[1 << 16];
	stack_t alt = { .ss_sp = stack, .ss_size = sizeof(stack) };
	static bool done;

	if (done)
		return 0;
	done = true;
	if (world_map())
		return term_error(TERM_EXIT_SYSTEM, "cannot map the world at 0x%lx: %s",
				  WORLD_BASE, strerror(errno));
	if (sigaltstack(&alt, NULL) || catch(SIGSEGV, on_fault, SA_ONSTACK | SA_NODEFER) ||
	    catch(SIGBUS, on_fault, SA_ONSTACK | SA_NODEFER) ||
	    catch(SIGFPE, on_fault, SA_ONSTACK | SA_NODEFER) ||
	    catch(SIGILL, on_fault, SA_ONSTACK | SA_NODEFER) ||
	    catch(SIGSYS, on_fault, SA_ONSTACK | SA_NODEFER) ||
	    catch(SIGVTALRM, on_alarm, SA_ONSTACK | SA_RESTART) || run_watch())
		return term_error(TERM_EXIT_SYSTEM, "cannot catch faults: %s", strerror(errno));
	return 0;
}

/* Once is enough: what a process has given up it does not get back. */
static int confine_once(enum confine how)
{
	static bool given_up[2];
	int ret = 0;

	if (form_any_foreign() && !given_up[how]) {
		ret = confine_process(how);
		given_up[how] = true;
	}
	return ret;
}

int run_confine(void)
{
	return confine_once(CONFINE_ALL);
}

int run_confine_but_files(void)
{
	return confine_once(CONFINE_BUT_FILES);
}

/* Setup is code of the form's, too. */
static void confine_form(struct form *f)
{
	if (!f || !f->foreign || f->confined)
		return;
	if (confine_code(f->sites.base, f->sites.length))
		exit(TERM_EXIT_SYSTEM);
	f->confined = true;
	foreign_ran = 1;
}

void run_prepare(const struct config *c)
{
	struct world_options o;

	confine_form(c->form);
	config_options(c, &o);
	world_setup(&o);
}

static inline void gather(struct run_result *r, enum run_end end)
{
	const struct world_live *l = &WORLD->live;

	r->end = end;
	r->hash = l->hash;
	r->now = l->now;
	r->steps = l->steps;
	r->nr_choices = l->nr_choices;
	r->fired = l->ghost.fired;
	r->nr_reports = l->ghost.nr_reports;
	if (r->nr_reports)
		memcpy(r->report, l->ghost.report, sizeof(r->report));
}

void run_once(struct chooser *chooser, struct trace *trace, struct run_result *r)
{
	enum run_end end;

	nr_runs++;
	running = 1;
	end = world_run(chooser, trace);
	running = 0;
	gather(r, end);
}

void run_go_on(struct run_result *r)
{
	enum run_end end;

	running = 1;
	end = mark_go_on();
	running = 0;
	gather(r, end);
}

void run_return(struct mark *m, struct run_result *r)
{
	enum run_end end;

	nr_runs++;
	running = 1;
	end = mark_return(m);
	running = 0;
	gather(r, end);
}

enum run_end run_start(struct snapshot_run *run)
{
	enum run_end end;

	nr_runs++;
	running = 1;
	end = snapshot_start(run, NULL);
	running = 0;
	return end;
}

enum run_end run_resume(struct snapshot_run *run, uint32_t answer)
{
	enum run_end end;

	nr_runs++;
	running = 1;
	end = snapshot_resume(run, answer);
	running = 0;
	return end;
}

bool run_schedule(const struct schedule *s, struct trace *trace, struct run_result *result,
		  char *why, size_t why_size)
{
	struct replay_chooser r;

	replay_chooser_init(&r, s, false);
	if (trace)
		trace->nr = trace->lost = 0;
	run_once(&r.chooser, trace, result);
	replay_why(&r, why, why_size);
	return !r.refused && r.next == s->nr;
}

int run_repeats(const struct run_result *r)
{
	static struct schedule schedule;
	struct run_result again;
	char why[128];

	if (!schedule_of_run(&schedule))
		return -1;
	return run_schedule(&schedule, NULL, &again, why, sizeof(why)) && again.hash == r->hash;
}

int run_severity(const struct run_result *r)
{
	int max = -1;

	for (unsigned int i = 0; i < r->nr_reports; i++) {
		int severity = (int)oracle_info[r->report[i].oracle].severity;

		if (severity > max)
			max = severity;
	}
	return max;
}

static const char *site_function(const struct config *c, uint16_t site)
{
	return site ? c->form->sites.site[site].function : "-";
}

const char *report_signature(const struct config *c, const struct report *r, char *buf,
			     size_t size)
{
	char name[REPORT_SITES][128];
	unsigned int nr = 0;

	for (unsigned int i = 0; i < REPORT_SITES; i++)
		if (r->site[i])
			form_site_name(c->form, r->site[i], name[nr++], sizeof(name[0]));
	/* The order in which a race's two sides came is chance. */
	if (r->oracle == ORACLE_DATA_RACE && nr == 2 && strcmp(name[0], name[1]) > 0) {
		char swap[128];

		strcpy(swap, name[0]);
		strcpy(name[0], name[1]);
		strcpy(name[1], swap);
	}
	snprintf(buf, size, "%s %s %s %s %s%s%s%s%s%s%s", oracle_info[r->oracle].name, c->kernel,
		 c->arch, c->model, *c->variant ? c->variant : "-", nr > 0 ? " " : "",
		 nr > 0 ? name[0] : "", nr > 1 ? " " : "", nr > 1 ? name[1] : "",
		 nr > 2 ? " " : "", nr > 2 ? name[2] : "");
	return buf;
}

const char *report_title(const struct config *c, const struct report *r, char *buf, size_t size)
{
	const char *a = site_function(c, r->site[0]), *b = site_function(c, r->site[1]);
	const char *oracle = oracle_info[r->oracle].name;

	if (r->oracle == ORACLE_DATA_RACE)
		snprintf(buf, size, "%s in %s / %s", oracle, strcmp(a, b) < 0 ? a : b,
			 strcmp(a, b) < 0 ? b : a);
	else if (r->vcpu >= 0)
		snprintf(buf, size, "%s of vcpu%d in %s", oracle, r->vcpu, a);
	else
		snprintf(buf, size, "%s in %s", oracle, a);
	return buf;
}
