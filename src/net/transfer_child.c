/* SPDX-License-Identifier: MIT */
/* A request of HTTP, in the network's process. */
#include "net/transfer_child.h"

#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "base/fd.h"
#include "base/mem.h"
#include "net/http.h"
#include "net/proxy.h"
#include "net/task.h"
#include "net/trust.h"

static int send_piece(int to, enum piece piece, const void *data, size_t size)
{
	struct frame frame = {.piece = piece, .size = (uint32_t)size};
	struct iovec parts[] = {{&frame, sizeof frame}, {NULL, size}};
	ssize_t sent;

	memcpy(&parts[1].iov_base, &data, sizeof data); /* it is only read */
	sent = writev(to, parts, 2);
	if (sent < (ssize_t)sizeof frame)
		return -1;
	sent -= (ssize_t)sizeof frame;
	return fd_write_all(to, (const char *)data + sent, size - (size_t)sent);
}

static void send_line(void *user)
{
	(void)send_piece(*(const int *)user, PIECE_LINE, "", 0); /* the next one fails */
}

static int send_head(void *user, const struct http_head *head)
{
	return send_piece(*(const int *)user, PIECE_HEAD, head, sizeof *head);
}

static int send_body(void *user, const void *data, size_t size)
{
	for (size_t done = 0; done < size; done += PIECE_MAX) {
		size_t left = size - done;

		if (send_piece(*(const int *)user, PIECE_BODY, (const char *)data + done,
			    left < PIECE_MAX ? left : PIECE_MAX) < 0)
			return -1;
	}
	return 0;
}

static const char *const *take_headers(
	struct task *task, struct arena *arena, size_t *ret_count)
{
	size_t count = task_count(task);
	const char **headers = arena_alloc(arena, (count + 1) * sizeof *headers);

	for (size_t i = 0; i < count; i++)
		headers[i] = task_text(task);
	*ret_count = count;
	return headers;
}

int transfer_child(struct task *task, int to)
{
	const struct http_use use = {send_line, send_head, send_body, &to, to};
	struct http_request request = {0};
	struct arena arena = {0};
	struct proxies proxies;
	struct trust trust;
	struct http_end end;

	request.url = task_text(task);
	request.headers = take_headers(task, &arena, &request.headers_count);
	task_trust(task, &trust);
	request.trust = &trust;
	proxies_take(task, &proxies);
	request.proxies = &proxies;
	request.insecure = task_number(task) != 0;
	request.redirects = (int)task_number(task);
	request.timeout_ms = (int)task_number(task);
	request.from = (uint64_t)task_number(task);
	request.validator = task_text(task);
	memset(&end, 0, sizeof end);
	http_get(&request, &use, &end);
	/* A parent that does not read it any more has ended us. */
	(void)send_piece(to, PIECE_END, &end, sizeof end);
	arena_release(&arena);
	return 0;
}
