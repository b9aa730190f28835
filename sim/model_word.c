// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words that the memory machine keeps: found when they are first accessed,
 * numbered for all runs of a setup, and put back as runs begin.
 *
 * Runs meet words in different orders.  A number means nothing to the machine,
 * so that it may have been given by an earlier run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "model_priv.h"

/* Names may nest; an allocation is named before what is inside it. */
static void find_allocations(void)
{
	const struct world_fixed *f = &WORLD->fix;
	uint8_t *of = MODEL_FIXED->allocation;

	for (unsigned int o = f->nr_objects; o-- > 0;)
		for (uint32_t i = f->objects[o].off / 4;
		     i < (f->objects[o].off + f->objects[o].size + 3) / 4; i++)
			of[i] = (uint8_t)(o + 1);
}

void model_setup(unsigned int sb_length, unsigned int stale_max)
{
	struct model_fixed *f = MODEL_FIXED;
	const struct mem_opts opts = {
		.model = WORLD->fix.model,
		.nr_cpus = (uint8_t)WORLD->fix.config.nr_pcpus,
		.pending_max = (uint8_t)sb_length,
		.ring_max = MODEL_STALE_MAX + 1,
	};

	memset(f, 0, sizeof(*f));
	memset(MODEL, 0, sizeof(struct model));
	f->stale_max = (uint8_t)stale_max;
	find_allocations();
	mem_init(&f->image, &opts);
	MODEL->mem = f->image;
}

/* Words that differ from the image, or that a snapshot does not know of yet. */
static void words_reset(const uint64_t *which, unsigned int nr)
{
	struct mem *m = &MODEL->mem;

	for (unsigned int i = 0; i < (nr + 63) / 64; i++)
		for (uint64_t left = which[i]; left; left &= left - 1) {
			unsigned int loc = i * 64 + (unsigned int)__builtin_ctzll(left);

			m->loc[loc] = MODEL_FIXED->image.loc[loc];
		}
}

void model_reset(void)
{
	const struct mem *image = &MODEL_FIXED->image;
	size_t pcpus = (size_t)WORLD->fix.config.nr_pcpus;
	struct model *m = MODEL;

	m->stale_left = MODEL_FIXED->stale_max;
	memset(m->learnt, 0, pcpus * sizeof(m->learnt[0]));
	memcpy(&m->mem, image, offsetof(struct mem, cpu));
	memset(m->mem.cpu, 0, pcpus * sizeof(m->mem.cpu[0]));
	words_reset(m->touched, image->nr_locs);
	memset(m->touched, 0, sizeof(m->touched));
}

static bool is_indexed(const struct object *o, uint32_t off)
{
	for (const struct machine_field *f = o->fields; f && f->name; f++)
		if (f->nr > 1 && off - o->off - f->offset < f->nr * f->size)
			return true;
	return false;
}

/* The memory machine knows words, and nothing of their parts. */
static void refuse_mixed_sizes(const struct access *acc)
{
	uint32_t from = acc->off < 7 ? 0 : acc->off - 7;

	for (uint32_t off = from; off < acc->off + acc->size && off < SHARED_MAX; off++) {
		unsigned int loc = MODEL_FIXED->loc[off];

		if (!loc || off + MODEL_FIXED->word[loc - 1].size <= acc->off)
			continue;
		fprintf(stderr, "kicksim: memory at +0x%x is accessed as %u bytes and, at +0x%x, "
			"as %u: only --model sc runs such code\n", acc->off, acc->size, off,
			MODEL_FIXED->word[loc - 1].size);
		exit(4);
	}
}

unsigned int model_loc_new(const struct access *acc)
{
	const struct world_fixed *f = &WORLD->fix;
	struct model_fixed *fixed = MODEL_FIXED;
	unsigned int at, loc = fixed->image.nr_locs;
	uint32_t percpu = acc->off - f->percpu_off;
	struct model_word *w = &fixed->word[loc];
	uint64_t initial = 0;

	refuse_mixed_sizes(acc);
	assert(loc < MEM_LOCS_MAX);
	*w = (struct model_word){ .off = acc->off, .size = acc->size };
	w->object = fixed->allocation[acc->off / 4];
	if (f->percpu_size && percpu < f->percpu_size * (uint32_t)f->config.nr_pcpus)
		w->pcpu = (uint8_t)(percpu / f->percpu_size + 1);
	for (unsigned int i = 0; i < f->nr_objects; i++)
		w->indexed |= acc->off - f->objects[i].off < f->objects[i].size &&
			      is_indexed(&f->objects[i], acc->off);
	memcpy(&initial, f->image_shared + acc->off, acc->size);
	mem_loc_init(&fixed->image, loc, acc->size, initial);
	mem_loc_init(&MODEL->mem, loc, acc->size, word_load(acc->off, acc->size));
	fixed->loc[acc->off] = (uint16_t)(loc + 1);
	for (at = loc; at && fixed->word[fixed->by_offset[at - 1]].off > acc->off; at--)
		fixed->by_offset[at] = fixed->by_offset[at - 1];
	fixed->by_offset[at] = (uint16_t)loc;
	return loc;
}

unsigned int model_loc_current(const struct access *acc)
{
	unsigned int loc = model_loc(acc);
	struct mem *m = &MODEL->mem;
	uint64_t value = word_load(acc->off, acc->size);

	if (__builtin_expect(value != mem_peek(m, loc), 0))
		mem_loc_init(m, loc, acc->size, value);
	return loc;
}

size_t model_bytes(void)
{
	return offsetof(struct model, mem) + mem_bytes(&MODEL->mem);
}

void model_restored(void)
{
	struct mem *m = &MODEL->mem;

	memset(MODEL->touched, 0xff, sizeof(MODEL->touched));
	for (; m->nr_locs < MODEL_FIXED->image.nr_locs; m->nr_locs++)
		m->loc[m->nr_locs] = MODEL_FIXED->image.loc[m->nr_locs];
}

/* Its one value is in real memory, and everybody sees it: nothing else to say. */
static bool is_settled(const struct mem_loc *l, unsigned int loc)
{
	struct mem_loc settled = MODEL_FIXED->image.loc[loc];

	settled.value[0] = l->value[0];
	return !memcmp(&settled, l, sizeof(settled));
}

/*
 * Numbers of words depend on what was met first, and that on the search: words are
 * named by their offsets, in the order of these, and only where it matters.
 */
static void name_words(struct mem *m)
{
	static struct mem_loc named[MEM_LOCS_MAX];
	unsigned int nr = 0;

	for (unsigned int i = 0; i < m->nr_locs; i++) {
		unsigned int loc = MODEL_FIXED->by_offset[i];
		uint16_t off = (uint16_t)MODEL_FIXED->word[loc].off;

		if (is_settled(&m->loc[loc], loc))
			continue;
		named[nr] = m->loc[loc];
		memcpy(named[nr++].pad, &off, sizeof(off));
	}
	memcpy(m->loc, named, nr * sizeof(named[0]));
	m->nr_locs = (uint16_t)nr;
	for (unsigned int i = 0; i < m->nr_cpus; i++)
		for (unsigned int j = 0; j < m->cpu[i].nr_pending; j++) {
			struct mem_pending *p = &m->cpu[i].pending[j];

			p->loc = (uint16_t)MODEL_FIXED->word[p->loc].off;
		}
}

/*
 * Whether all that the pCPU will yet load is of the present: nothing runs there, and
 * who comes starts in the present; or no load of the run may give an older value.
 */
static bool reads_no_past(unsigned int pcpu)
{
	return !MODEL->stale_left || WORLD->live.pcpu[pcpu].waiting == WAIT_IDLE;
}

/* The pCPUs of which nobody asks for the word's past. */
static uint8_t blind_to(unsigned int loc, const struct model_reader *reader)
{
	const struct model_word *w = &MODEL_FIXED->word[loc];
	uint8_t blind = 0;

	for (unsigned int i = 0; i < (unsigned int)WORLD->fix.config.nr_pcpus; i++)
		blind |= (uint8_t)(!reader->loads(reader->arg, i, w->off, w->size) << i);
	return blind;
}

const struct model *model_canon(const struct model_reader *reader, size_t *size)
{
	static struct model copy;
	static struct mem_map map;
	static uint8_t blind[MEM_LOCS_MAX];

	memcpy(&copy, MODEL, model_bytes());
	memset(copy.touched, 0, sizeof(copy.touched));
	for (unsigned int i = 0; i < copy.mem.nr_cpus; i++)
		if (WORLD->fix.model == MEM_WEAK && reads_no_past(i))
			copy.mem.cpu[i].rmin = copy.mem.now;
	for (unsigned int i = 0; reader && i < copy.mem.nr_locs; i++)
		blind[i] = copy.mem.loc[i].nr > 1 ? blind_to(i, reader) : 0;
	mem_canon(&copy.mem, &map, reader ? blind : NULL);
	for (unsigned int i = 0; i < copy.mem.nr_cpus; i++)
		for (unsigned int o = 0; o <= MAX_OBJECTS; o++)
			if (copy.learnt[i][o])
				copy.learnt[i][o] = mem_map_dep(&map, i, copy.learnt[i][o]);
	name_words(&copy.mem);
	*size = offsetof(struct model, mem) + mem_bytes(&copy.mem);
	return &copy;
}
