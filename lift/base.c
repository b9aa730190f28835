// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which of kvmcore's forms a tree is nearest to: it says what surrounds the kick,
 * in headers, run loops and scenarios.
 *
 * A tree is asked what it has, not what it calls itself: vendors port commits
 * back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../results/term.h"
#include "lift.h"

static bool has_function(struct lift *l, const char *name)
{
	return lift_defined(l, name);
}

static bool has_macro(struct lift *l, const char *name)
{
	return source_find(&l->file[1], name, "d", 0);
}

static bool has_wait(struct lift *l)
{
	return has_function(l, "__kvm_vcpu_kick");
}

static bool has_scheduled_out(struct lift *l)
{
	return source_member(&l->file[1], "kvm_vcpu", "scheduled_out");
}

static bool has_no_unhalt(struct lift *l)
{
	return has_macro(l, "KVM_REQUEST_NO_ACTION") && !has_macro(l, "KVM_REQ_UNHALT");
}

static bool has_halt(struct lift *l)
{
	return has_function(l, "kvm_vcpu_halt");
}

static bool any(struct lift *l)
{
	(void)l;
	return true;
}

static const struct {
	const char *form;
	bool (*fits)(struct lift *l);
	const char *why;
} forms[] = {
	{ "v6.16", has_wait, "it has __kvm_vcpu_kick()" },
	{ "v6.12", has_scheduled_out, "it has vcpu->scheduled_out" },
	{ "v6.1", has_no_unhalt, "it has KVM_REQUEST_NO_ACTION and no KVM_REQ_UNHALT" },
	{ "v5.17", has_halt, "it has kvm_vcpu_halt()" },
	{ "v5.16", any, "it has no kvm_vcpu_halt()" },
};

enum { NR_FORMS = sizeof(forms) / sizeof(forms[0]) };

static bool is_form(const struct lift *l, const char *form)
{
	struct text path = { 0 };
	bool is;

	text_printf(&path, "%s/kvmcore/kick/%s.c", l->core, form);
	is = !access(path.p, R_OK);
	text_free(&path);
	return is;
}

int lift_choose_base(struct lift *l)
{
	if (l->base && !is_form(l, l->base))
		return term_error(TERM_EXIT_USAGE, "no form '%s' to lift onto: kvmcore/kick has "
				  "those that there are", l->base);
	if (l->base) {
		l->base_why = "as asked";
		return 0;
	}
	for (unsigned int i = 0; i < NR_FORMS && !l->base; i++) {
		if (!is_form(l, forms[i].form) || !forms[i].fits(l))
			continue;
		l->base = forms[i].form;
		l->base_why = forms[i].why;
	}
	return l->base ? 0 : term_error(TERM_EXIT_SYSTEM, "%s/kvmcore/kick has no form to lift "
					"onto", l->core);
}
