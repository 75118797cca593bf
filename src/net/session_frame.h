/* SPDX-License-Identifier: MIT */
/*
 * What goes to and fro between a session and its child: a size, of eight bytes, and as
 * many bytes, of which the first says what it is. Behind it are numbers and texts as in a
 * task (net/task.h).
 */
#ifndef NET_SESSION_FRAME_H
#define NET_SESSION_FRAME_H

#include <stddef.h>

struct buf;
struct task;

#define SESSION_CELLS_MAX ((size_t)64 * 1024 * 1024) /* of a result, as they are sent */
#define SESSION_FRAME_MAX (SESSION_CELLS_MAX + 1024 * 1024)

#define SESSION_LINE_MAX   4096 /* of a text for people; it may double by line ends */
#define SESSION_NOTICE_MAX (5 * SESSION_LINE_MAX)

/* What the parent says. Behind it: */
#define SESSION_RUN        'r' /* the SQL, the count of values, and each value's form */
#define SESSION_RUN_UNREAD 'u' /* the same; rows are passed over */
#define SESSION_CANCEL     'c' /* nothing */

/* What the child says. */
#define SESSION_NOTICE 'n' /* severity and text */
#define SESSION_RESULT 'd' /* a struct session_result, member by member */

/* The forms of a value. */
#define SESSION_TEXT    't'
#define SESSION_BLOB    'b'
#define SESSION_INTEGER 'i'

/* The first byte, or the next one; '\0' behind the end. */
char session_take_letter(struct task *task);

/* ---- in the child ---- */

/* Reads the next frame of the parent. Returns 0, or -1 where it has closed the socket. */
int session_read_frame(struct buf *ret);

/* A parent that does not read it any more has ended us, too. */
void session_write_frame(struct buf *frame);

/*
 * Adds a text of a server, which may have several lines, as one, and cuts it if it is too
 * long: it is for a message. NULL and "" are NULL.
 */
void session_add_line(struct buf *to, const char *text);

#endif
