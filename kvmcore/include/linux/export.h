/* SPDX-License-Identifier: GPL-2.0-only */
/* There are no modules: a form is one object and exports nothing but itself. */
#ifndef _LINUX_EXPORT_H
#define _LINUX_EXPORT_H

#define EXPORT_SYMBOL(sym)		_Static_assert(1, #sym)
#define EXPORT_SYMBOL_GPL(sym)		_Static_assert(1, #sym)

#endif
