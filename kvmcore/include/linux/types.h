/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's names of basic types.  They are macros because this project
 * defines no types by typedef; code lifted from a kernel tree cannot tell.
 */
#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define u8	uint8_t
#define u16	uint16_t
#define u32	uint32_t
#define u64	uint64_t
#define s8	int8_t
#define s16	int16_t
#define s32	int32_t
#define s64	int64_t
#define __u8	uint8_t
#define __u16	uint16_t
#define __u32	uint32_t
#define __u64	uint64_t
#define __s32	int32_t
#define __s64	int64_t

#define gfp_t		unsigned int
#define GFP_ATOMIC	0x820u
#define GFP_KERNEL	0xcc0u
#define GFP_NOWAIT	0x800u

#endif
