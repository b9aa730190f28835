// SPDX-License-Identifier: GPL-2.0-only
/* A pCPU's timer; what is noted about it is that pCPU's own, hence no hooks. */
#include <linux/hrtimer.h>
#include <linux/percpu.h>

struct pcpu_timer {
	void (*fn)(void *);
	void *arg;
};

static DEFINE_PER_CPU(struct pcpu_timer, pcpu_timer);

static __no_kcsan struct pcpu_timer timer_take(void)
{
	struct pcpu_timer *timer = this_cpu_ptr(&pcpu_timer), was = *timer;

	timer->fn = NULL;
	return was;
}

static __no_kcsan bool timer_put(void (*fn)(void *), void *arg)
{
	struct pcpu_timer *timer = this_cpu_ptr(&pcpu_timer);

	if (timer->fn)
		return false;
	timer->fn = fn;
	timer->arg = arg;
	return true;
}

static void timer_interrupt(void *unused)
{
	struct pcpu_timer timer = timer_take();

	timer.fn(timer.arg);
}

bool hrtimer_start_here(u64 delta_ns, void (*fn)(void *), void *arg)
{
	bool mine;

	preempt_disable();
	mine = timer_put(fn, arg);
	if (mine)
		machine_timer(delta_ns, timer_interrupt, NULL);
	preempt_enable();
	return mine;
}
