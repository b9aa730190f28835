/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bitmaps as a whole, and numbers of bits in words.  All of it is plain: who calls
 * it owns the bitmap.  Bits beyond @nbits in the last word are never looked at.
 */
#ifndef _LINUX_BITMAP_H
#define _LINUX_BITMAP_H

#include <linux/bitops.h>

#define ffs(x)			__builtin_ffs((int)(x))
#define __ffs(word)		((unsigned long)__builtin_ctzl(word))
#define ffz(word)		__ffs(~(word))
#define fls(x)			((x) ? 32 - __builtin_clz((unsigned int)(x)) : 0)
#define fls64(x)		((x) ? 64 - __builtin_clzl((unsigned long)(x)) : 0)
#define ilog2(n)		(fls64(n) - 1)
#define is_power_of_2(n)	((n) != 0 && !((n) & ((n) - 1)))
#define hweight8(w)		((unsigned int)__builtin_popcount((w) & 0xff))
#define hweight16(w)		((unsigned int)__builtin_popcount((w) & 0xffff))
#define hweight32(w)		((unsigned int)__builtin_popcount(w))
#define hweight64(w)		((unsigned long)__builtin_popcountl(w))
#define hweight_long(w)		hweight64(w)

static __always_inline unsigned long kvmcore_word(const unsigned long *map, unsigned int i,
						  unsigned int nbits)
{
	unsigned int rest = nbits - i * BITS_PER_LONG;

	return rest < BITS_PER_LONG ? map[i] & (BIT(rest) - 1) : map[i];
}

static __always_inline unsigned int bitmap_weight(const unsigned long *map, unsigned int nbits)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++)
		nr += (unsigned int)hweight_long(kvmcore_word(map, i, nbits));
	return nr;
}

static __always_inline bool bitmap_empty(const unsigned long *map, unsigned int nbits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++)
		if (kvmcore_word(map, i, nbits))
			return false;
	return true;
}

static __always_inline bool bitmap_full(const unsigned long *map, unsigned int nbits)
{
	return bitmap_weight(map, nbits) == nbits;
}

static __always_inline void bitmap_zero(unsigned long *dst, unsigned int nbits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++)
		dst[i] = 0;
}

static __always_inline void bitmap_fill(unsigned long *dst, unsigned int nbits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++)
		dst[i] = ~0UL;
}

static __always_inline void bitmap_copy(unsigned long *dst, const unsigned long *src,
					unsigned int nbits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++)
		dst[i] = src[i];
}

static __always_inline bool bitmap_and(unsigned long *dst, const unsigned long *a,
				       const unsigned long *b, unsigned int nbits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++)
		dst[i] = kvmcore_word(a, i, nbits) & b[i];
	return !bitmap_empty(dst, nbits);
}

static __always_inline bool bitmap_andnot(unsigned long *dst, const unsigned long *a,
					  const unsigned long *b, unsigned int nbits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++)
		dst[i] = kvmcore_word(a, i, nbits) & ~b[i];
	return !bitmap_empty(dst, nbits);
}

static __always_inline void bitmap_or(unsigned long *dst, const unsigned long *a,
				      const unsigned long *b, unsigned int nbits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++)
		dst[i] = a[i] | b[i];
}

static __always_inline unsigned long find_next_zero_bit(const unsigned long *addr,
					       unsigned long size, unsigned long start)
{
	for (; start < size; start++)
		if (!(addr[BIT_WORD(start)] & BIT_MASK(start)))
			break;
	return start;
}

#define find_first_bit(addr, size)	find_next_bit((addr), (size), 0)
#define find_first_zero_bit(addr, size)	find_next_zero_bit((addr), (size), 0)

#define for_each_clear_bit(bit, addr, size)				\
	for ((bit) = find_next_zero_bit((addr), (size), 0);		\
	     (unsigned long)(bit) < (unsigned long)(size);		\
	     (bit) = find_next_zero_bit((addr), (size), (bit) + 1))

#endif
