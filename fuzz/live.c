// SPDX-License-Identifier: GPL-2.0-only
/* Backwards through a function, from where bytes are read to where they are written. */
#include <stdlib.h>
#include <string.h>
#include "live.h"

static const uint8_t kept_reg[LIVE_KEPT] = {
	CODE_RBX, CODE_R12, CODE_R13, CODE_R14, CODE_R15
};

/* When each byte of registers and frame is live, at some point of the function. */
struct point {
	uint64_t when[CODE_FRAME_END];
};

struct flow {
	const struct code_function *f;
	unsigned int lowest;		/* no byte of the frame below this one is touched */
	struct point **at;		/* at targets of jumps, or NULL */
	struct point now;
	bool grown;
};

static bool is_first_of_block(const struct flow *w, unsigned int i)
{
	return !i || w->f->insn[i].is_target;
}

static void clear(struct flow *w, struct point *p)
{
	memset(p->when, 0, 8 * CODE_REGS * sizeof(p->when[0]));
	for (unsigned int i = w->lowest; i < CODE_FRAME_END; i++)
		p->when[i] = w->f->pinned[i] ? LIVE_ALWAYS : 0;
}

static bool join(const struct flow *w, struct point *to, const struct point *from)
{
	uint64_t grown = 0;

	for (unsigned int i = 0; i < CODE_FRAME_END; i++) {
		if (i == 8 * CODE_REGS)
			i = w->lowest;
		if (i == CODE_FRAME_END)
			break;
		grown |= from->when[i] & ~to->when[i];
		to->when[i] |= from->when[i];
	}
	return grown;
}

static void need_all(const struct flow *w, struct point *p)
{
	for (unsigned int i = 0; i < 8 * CODE_REGS; i++)
		p->when[i] = LIVE_ALWAYS;
	for (unsigned int i = w->lowest; i < CODE_FRAME_END; i++)
		p->when[i] = LIVE_ALWAYS;
}

static void need(struct point *p, struct code_span s, uint64_t when)
{
	for (unsigned int i = 0; i < s.size; i++)
		p->when[s.at + i] |= when;
}

static void need_reg(struct point *p, unsigned int reg)
{
	need(p, (struct code_span){ (uint16_t)(8 * reg), 8 }, LIVE_ALWAYS);
}

static void forget(const struct flow *w, struct point *p, struct code_span s)
{
	for (unsigned int i = s.at; i < s.at + s.size; i++)
		p->when[i] = w->f->pinned[i] ? LIVE_ALWAYS : 0;
}

static void forget_reg(const struct flow *w, struct point *p, unsigned int reg)
{
	forget(w, p, (struct code_span){ (uint16_t)(8 * reg), 8 });
}

static void need_arguments(struct point *p)
{
	static const uint8_t reg[] = {
		CODE_RDI, CODE_RSI, CODE_RDX, CODE_RCX, CODE_R8, CODE_R9, CODE_R10, CODE_RAX
	};

	for (unsigned int i = 0; i < sizeof(reg); i++)
		need_reg(p, reg[i]);
}

/* What it returns, and what it has kept for its caller. */
static void need_results(struct point *p)
{
	need_reg(p, CODE_RAX);
	need_reg(p, CODE_RDX);
	for (unsigned int k = 0; k < LIVE_KEPT; k++)
		for (unsigned int b = 0; b < 8; b++)
			p->when[8 * kept_reg[k] + b] |= LIVE_CALLER(k, b);
}

static void go_through_copy(const struct flow *w, struct point *p, const struct code_insn *insn)
{
	struct code_span from = insn->use[0], to = insn->def[0];
	uint64_t when[8] = { 0 };

	for (unsigned int i = 0; i < from.size && i < 8; i++)
		when[i] = p->when[to.at + i];
	forget(w, p, to);
	for (unsigned int i = 0; i < from.size && i < 8; i++)
		p->when[from.at + i] |= when[i];
}

static void go_through_call(const struct flow *w, struct point *p)
{
	static const uint8_t lost[] = {
		CODE_RAX, CODE_RCX, CODE_RDX, CODE_RSI, CODE_RDI,
		CODE_R8, CODE_R9, CODE_R10, CODE_R11
	};

	for (unsigned int i = 0; i < sizeof(lost); i++)
		forget_reg(w, p, lost[i]);
	need_arguments(p);
}

/* From what is live after @insn to what is before it. */
static void go_through(const struct flow *w, struct point *p, const struct code_insn *insn)
{
	switch ((enum code_kind)insn->kind) {
	case CODE_COPY:
		go_through_copy(w, p, insn);
		return;
	case CODE_CALL:
		go_through_call(w, p);
		break;
	case CODE_RETURN:
		need_results(p);
		break;
	case CODE_TAIL:
		need_results(p);
		need_arguments(p);
		break;
	case CODE_SWITCH:
		for (unsigned int r = 0; r < CODE_REGS; r++)
			forget_reg(w, p, r);
		break;
	case CODE_UNKNOWN:
		need_all(w, p);
		return;
	case CODE_PLAIN:
	case CODE_STOP:
		break;
	}
	for (unsigned int i = 0; i < insn->nr_defs; i++)
		forget(w, p, insn->def[i]);
	for (unsigned int i = 0; i < insn->nr_uses; i++)
		need(p, insn->use[i], LIVE_ALWAYS);
}

/* What is live after instruction @i, as far as is known. */
static void after(struct flow *w, unsigned int i, struct point *p)
{
	const struct code_insn *insn = &w->f->insn[i];

	clear(w, p);
	for (unsigned int n = 0; n < 2; n++)
		if (insn->next[n] >= 0 && w->at[insn->next[n]])
			join(w, p, w->at[insn->next[n]]);
}

/* A block ends where it jumps, or comes to another one's beginning. */
static bool ends_block(const struct flow *w, unsigned int i)
{
	const struct code_insn *insn = &w->f->insn[i];

	return insn->next[1] >= 0 || insn->next[0] != (int32_t)i + 1 || i + 1 == w->f->nr ||
	       is_first_of_block(w, i + 1);
}

static bool keep(struct flow *w, unsigned int i, const struct point *p)
{
	if (!w->at[i]) {
		w->at[i] = malloc(sizeof(*w->at[i]));
		if (!w->at[i])
			return false;
		clear(w, w->at[i]);
		w->grown = true;
	}
	w->grown |= join(w, w->at[i], p);
	return true;
}

/* Until nothing more is found to be live. */
static bool flow(struct flow *w)
{
	do {
		w->grown = false;
		for (unsigned int i = w->f->nr; i--;) {
			if (ends_block(w, i))
				after(w, i, &w->now);
			go_through(w, &w->now, &w->f->insn[i]);
			if ((is_first_of_block(w, i) || (i && ends_block(w, i - 1))) &&
			    !keep(w, i, &w->now))
				return false;
		}
	} while (w->grown);
	return true;
}

/* What is live when the instruction at @i is about to begin. */
static void before(struct flow *w, unsigned int i)
{
	unsigned int last = i;

	while (!ends_block(w, last))
		last++;
	after(w, last, &w->now);
	for (unsigned int n = last + 1; n-- > i;)
		go_through(w, &w->now, &w->f->insn[n]);
}

static void add_kept(struct live_place *p, uint64_t byte, uint64_t when)
{
	if (when & LIVE_ALWAYS)
		p->always |= byte;
	else if (when == byte)
		p->same |= byte;
	else if (when)
		p->mixed[p->nr_mixed++] = (struct live_mixed){ byte, when };
}

static bool fill(struct live_place *p, struct flow *w, unsigned int i)
{
	p->sp = w->f->insn[i].sp;
	p->moves = w->f->moves;
	for (unsigned int k = 0; k < LIVE_KEPT; k++)
		for (unsigned int b = 0; b < 8; b++)
			add_kept(p, LIVE_CALLER(k, b), w->now.when[8 * kept_reg[k] + b]);
	p->when = malloc((size_t)-p->sp * sizeof(*p->when));
	if (!p->when)
		return false;
	memcpy(p->when, &w->now.when[CODE_FRAME_END + p->sp], (size_t)-p->sp * sizeof(*p->when));
	p->known = true;
	return true;
}

/* Only where a call or a switch came before, all but the kept registers is settled. */
static bool comes_back(const struct code_function *f, unsigned int i)
{
	for (unsigned int n = 0; n < f->nr; n++)
		if ((f->insn[n].kind == CODE_CALL || f->insn[n].kind == CODE_SWITCH) &&
		    f->insn[n].next[0] == (int32_t)i)
			return true;
	return false;
}

bool live_at(struct live_place *p, uintptr_t at)
{
	struct code_function *f = code_read(at - 1);
	struct flow *w = calloc(1, sizeof(*w));
	bool fits = w;
	int i = f ? code_find(f, at) : -1;

	*p = (struct live_place){ .at = at };
	if (fits && i >= 0 && comes_back(f, (unsigned int)i)) {
		w->f = f;
		w->lowest = (unsigned int)(CODE_FRAME_END + f->lowest);
		w->at = calloc(f->nr, sizeof(*w->at));
		fits = w->at && flow(w);
		if (fits) {
			before(w, (unsigned int)i);
			fits = fill(p, w, (unsigned int)i);
		}
		for (unsigned int n = 0; w->at && n < f->nr; n++)
			free(w->at[n]);
		free(w->at);
	}
	code_free(f);
	free(w);
	return fits;
}

uint64_t live_kept(const struct live_place *p, uint64_t caller)
{
	uint64_t live = LIVE_ALWAYS | p->always | (p->same & caller);

	for (unsigned int i = 0; i < p->nr_mixed; i++)
		if (p->mixed[i].when & caller)
			live |= p->mixed[i].byte;
	return live;
}

void live_free(struct live_place *p)
{
	free(p->when);
	*p = (struct live_place){ 0 };
}
