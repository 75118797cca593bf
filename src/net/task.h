/* SPDX-License-Identifier: MIT */
/*
 * What the network's process is to do, as bytes: its parent appends, it takes in the same
 * order.
 *
 *	struct buf task = BUF_INIT;		struct task task;
 *	task_open(&task, TASK_PROBE);		if (!task_begin(&task, &text)) …
 *	task_add_text(&task, address);		task_text(&task)
 *	task_add_number(&task, ms);		task_number(&task)
 */
#ifndef NET_TASK_H
#define NET_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct trust;

#define TASK_MAX ((size_t)32 * 1024 * 1024)

enum task_kind { TASK_PROBE, TASK_TRANSFER, TASK_SESSION };

struct task {
	enum task_kind kind;
	const char *data; /* what is left of it */
	size_t size;
	bool is_cut; /* more was taken than there was, or a text without its NUL */
};

void task_open(struct buf *to, enum task_kind kind);
void task_add_number(struct buf *to, int64_t number);
void task_add_text(struct buf *to, const char *text);           /* may be NULL */
void task_add_trust(struct buf *to, const struct trust *trust); /* may be NULL */

/* Is it a task, and of our version? Its texts point into `text`. */
bool task_begin(struct task *ret, const struct buf *text);

/*
 * The next of it. Behind its end a number is 0, and a text NULL; what is not as it was
 * appended is its end.
 */
int64_t task_number(struct task *task);
size_t task_count(struct task *task); /* of what follows: no more than can */
const char *task_text(struct task *task);

/* One that must not be released: all NULL for none. */
void task_trust(struct task *task, struct trust *ret);

#endif
