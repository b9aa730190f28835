/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Switches that are patched into the code: here they stay as they were defined, so
 * that testing one is no access.
 */
#ifndef _LINUX_JUMP_LABEL_H
#define _LINUX_JUMP_LABEL_H

#include <linux/types.h>

struct static_key_true {
	bool enabled;
};

struct static_key_false {
	bool enabled;
};

#define DEFINE_STATIC_KEY_TRUE(name)	const struct static_key_true name = { true }
#define DEFINE_STATIC_KEY_FALSE(name)	const struct static_key_false name = { false }
#define DECLARE_STATIC_KEY_TRUE(name)	extern const struct static_key_true name
#define DECLARE_STATIC_KEY_FALSE(name)	extern const struct static_key_false name

#define static_key_enabled(x)		((x)->enabled)
#define static_branch_likely(x)		likely((x)->enabled)
#define static_branch_unlikely(x)	unlikely((x)->enabled)

#endif
