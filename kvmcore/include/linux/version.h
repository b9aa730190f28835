/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel version whose statements are compiled.
 *
 * Files that all forms share ask for it where versions differ.  The kick logic
 * does not: kvmcore/kick has a file for each form, so that two of them can be
 * laid side by side.
 */
#ifndef _LINUX_VERSION_H
#define _LINUX_VERSION_H

#define KERNEL_VERSION(major, minor, patch)	(((major) << 16) + ((minor) << 8) + (patch))
#define LINUX_VERSION_CODE	KERNEL_VERSION(KVMCORE_MAJOR, KVMCORE_MINOR, 0)

#endif
