/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Circular lists that run through their members.
 *
 * Plain and marked accesses are the kernel's: a walk that does not hold the lock
 * can rely on the next pointer of a neighbour and on nothing else.
 */
#ifndef _LINUX_LIST_H
#define _LINUX_LIST_H

#include <linux/compiler.h>

struct list_head {
	struct list_head *next, *prev;
};

/* Where a member leads that is on no list: nobody can be there. */
#define LIST_POISON1	((struct list_head *)0x100)
#define LIST_POISON2	((struct list_head *)0x122)

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	WRITE_ONCE(list->next, list);
	WRITE_ONCE(list->prev, list);
}

static inline void list_add_tail(struct list_head *new, struct list_head *head)
{
	struct list_head *last = head->prev;

	head->prev = new;
	new->next = head;
	new->prev = last;
	WRITE_ONCE(last->next, new);
}

static inline void list_del(struct list_head *entry)
{
	struct list_head *prev = entry->prev, *next = entry->next;

	next->prev = prev;
	WRITE_ONCE(prev->next, next);
	entry->next = LIST_POISON1;
	entry->prev = LIST_POISON2;
}

#define list_entry(ptr, type, member)	container_of(ptr, type, member)

#define list_for_each_entry(pos, head, member)					\
	for ((pos) = list_entry((head)->next, __typeof__(*(pos)), member);	\
	     &(pos)->member != (head);						\
	     (pos) = list_entry((pos)->member.next, __typeof__(*(pos)), member))

#endif
