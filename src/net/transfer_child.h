/* SPDX-License-Identifier: MIT */
/* The child of net/transfer.h: what comes from it, and what it does. */
#ifndef NET_TRANSFER_CHILD_H
#define NET_TRANSFER_CHILD_H

#include <stddef.h>
#include <stdint.h>

struct task;

/* What comes through the pipe: this, and as many bytes behind it. */
enum piece {
	PIECE_LINE, /* nothing: a line of a head has come */
	PIECE_HEAD, /* struct http_head */
	PIECE_BODY,
	PIECE_END, /* struct http_end */
};
struct frame {
	uint32_t piece;
	uint32_t size; /* at most PIECE_MAX */
};

#define PIECE_MAX ((size_t)128 * 1024)

/* Makes the request of a task. Returns the exit status. */
int transfer_child(struct task *task, int to);

#endif
