/* SPDX-License-Identifier: MIT */
/* Frames between a session and its child. */
#include "net/session_frame.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/str.h"
#include "net/confine.h"
#include "net/network.h"
#include "net/task.h"

static int read_all(void *to, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t got = read(NETWORK_SOCKET, (char *)to + done, size - done);

		if (got <= 0 && errno != EINTR)
			return -1;
		done += got > 0 ? (size_t)got : 0;
		if (got == 0)
			return -1;
	}
	return 0;
}

int session_read_frame(struct buf *ret)
{
	int64_t size;

	buf_truncate(ret, 0);
	if (read_all(&size, sizeof size) < 0 || size < 1)
		return -1;
	/* Here, in libpq, and on the way to the server. */
	confine_memory(8 * (size_t)size);
	buf_reserve(ret, (size_t)size);
	if (read_all(ret->data, (size_t)size) < 0)
		return -1;
	ret->len = (size_t)size;
	return 0;
}

/* A parent that does not read it any more has ended us, too. */
void session_write_frame(struct buf *frame)
{
	int64_t size = (int64_t)frame->len;
	struct iovec parts[] = {{&size, sizeof size}, {frame->data, frame->len}};
	ssize_t sent = writev(NETWORK_SOCKET, parts, 2) - (ssize_t)sizeof size;

	if (sent < 0 ||
		fd_write_all(NETWORK_SOCKET, frame->data + sent,
			frame->len - (size_t)sent) < 0)
		_exit(1);
}

/* Behind a text of libpq there is a line end, and it may have several lines. */
void session_add_line(struct buf *to, const char *text)
{
	CLEANUP_BUF struct buf line = BUF_INIT;
	size_t size = text ? strnlen(text, SESSION_LINE_MAX + 1) : 0;

	if (size > SESSION_LINE_MAX)
		size = str_cut(text, SESSION_LINE_MAX);
	while (size && str_is_space(text[size - 1]))
		size--;
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '\n')
			buf_puts(&line, "; ");
		else
			buf_putc(&line, c < ' ' || c == 0x7f ? ' ' : (char)c);
		while (c == '\n' && i + 1 < size && str_is_space(text[i + 1]))
			i++;
	}
	task_add_text(to, text && *text ? line.data : NULL);
}

char session_take_letter(struct task *task)
{
	if (!task->size)
		return '\0';
	task->size--;
	return *task->data++;
}
