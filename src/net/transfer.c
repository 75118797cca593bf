/* SPDX-License-Identifier: MIT */
/* Requests by a child, and what comes from it. */
#include "net/transfer.h"

#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/stop.h"
#include "net/child.h"
#include "net/proxy.h"
#include "net/task.h"
#include "net/transfer_child.h"

#define PIPE_SIZE   (1024 * 1024)
#define BUFFER_SIZE (4 * PIECE_MAX)
#define STATUS_MAX  999 /* of three digits: RFC 9110, 15 */

struct transfer {
	const struct transfer_use *use;
	struct net_child child;
	char *data; /* BUFFER_SIZE: what was read and not taken */
	size_t size;
	struct http_end *end;
	bool ended; /* the child has said how */
};

static void set_end(
	struct transfer *transfer, enum http_outcome outcome, const char *text)
{
	transfer->end->outcome = outcome;
	(void)snprintf(
		transfer->end->text, sizeof transfer->end->text, "%s", text); /* fits */
}

/* What a function of the caller has returned. */
static int note(struct transfer *transfer, int rc)
{
	if (rc == 1)
		set_end(transfer, HTTP_STOPPED, "");
	return rc;
}

/*
 * The child may be a stranger's by now: each text of its structs is ended here, and each
 * number brought into its range.
 */
static int take_head(struct transfer *transfer, const char *data, struct err *err)
{
	struct http_head head;

	memcpy(&head, data, sizeof head);
	if (head.status < 0 || head.status > STATUS_MAX)
		head.status = 0;
	if (head.size < 0)
		head.size = -1;
	if (head.retry_after_s < 0)
		head.retry_after_s = 0;
	head.validator[sizeof head.validator - 1] = '\0';
	head.type[sizeof head.type - 1] = '\0';
	head.at[sizeof head.at - 1] = '\0';
	head.proxy[sizeof head.proxy - 1] = '\0';
	return note(transfer, transfer->use->head(transfer->use->user, &head, err));
}

static int take_end(struct transfer *transfer, const char *data)
{
	memcpy(transfer->end, data, sizeof *transfer->end);
	transfer->end->text[sizeof transfer->end->text - 1] = '\0';
	if (transfer->end->outcome > HTTP_STOPPED)
		set_end(transfer, HTTP_REFUSED, "the process that asked says nonsense");
	transfer->ended = true;
	return 1;
}

/* Returns 0 to go on, 1 at the end, or -1. */
static int take_piece(struct transfer *transfer, const struct frame *frame,
	const char *data, struct err *err)
{
	switch (frame->piece) {
	case PIECE_LINE:
		return 0; /* it is enough that it came */
	case PIECE_HEAD:
		return frame->size == sizeof(struct http_head)
			? take_head(transfer, data, err)
			: 1;
	case PIECE_BODY:
		return note(transfer,
			transfer->use->body(transfer->use->user, data, frame->size, err));
	default:
		return frame->piece == PIECE_END && frame->size == sizeof(struct http_end)
			? take_end(transfer, data)
			: 1;
	}
}

/* Takes what is whole of what was read. */
static int take_pieces(struct transfer *transfer, struct err *err)
{
	size_t done = 0;
	int rc = 0;

	while (rc == 0 && transfer->size - done >= sizeof(struct frame)) {
		struct frame frame;

		memcpy(&frame, transfer->data + done, sizeof frame);
		if (frame.size > PIECE_MAX)
			return 1;
		if (transfer->size - done < sizeof frame + frame.size)
			break;
		rc = take_piece(
			transfer, &frame, transfer->data + done + sizeof frame, err);
		done += sizeof frame + frame.size;
	}
	transfer->size -= done;
	memmove(transfer->data, transfer->data + done, transfer->size);
	return rc;
}

static void set_end_idle(struct transfer *transfer)
{
	char idle[CLOCK_TEXT_MAX];
	char text[CLOCK_TEXT_MAX + 32];

	clock_duration(transfer->use->idle_ms * 1000, idle);
	(void)snprintf(text, sizeof text, "nothing came for %s", idle); /* fits */
	set_end(transfer, HTTP_TEMPORARY, text);
}

/* Reads what there is. Returns 0 to go on, 1 at the end, or -1. */
static int read_pieces(struct transfer *transfer, struct err *err)
{
	struct pollfd fds[] = {{.fd = transfer->child.fd, .events = POLLIN}};
	size_t room = BUFFER_SIZE - transfer->size;
	int ready = stop_poll(transfer->use->stop, fds, 1, transfer->use->idle_ms, err);
	ssize_t size;

	if (ready < 0)
		return -1;
	if (ready == 0) {
		set_end_idle(transfer);
		return 1;
	}
	size = read(transfer->child.fd, transfer->data + transfer->size, room);
	if (size <= 0)
		return 1;
	transfer->size += (size_t)size;
	return take_pieces(transfer, err);
}

static void write_task(const struct http_request *request, struct buf *ret)
{
	task_open(ret, TASK_TRANSFER);
	task_add_text(ret, request->url);
	task_add_number(ret, (int64_t)request->headers_count);
	for (size_t i = 0; i < request->headers_count; i++)
		task_add_text(ret, request->headers[i]);
	task_add_trust(ret, request->trust);
	proxies_add(ret, request->proxies);
	task_add_number(ret, request->insecure);
	task_add_number(ret, request->redirects);
	task_add_number(ret, request->timeout_ms);
	task_add_number(ret, (int64_t)request->from);
	task_add_text(ret, request->validator);
}

int transfer_run(const struct http_request *request, const struct transfer_use *use,
	struct http_end *ret, struct err *err)
{
	CLEANUP_BUF struct buf task = BUF_INIT;
	struct transfer transfer = {.use = use, .child = NET_CHILD_INIT, .end = ret};
	int rc;

	memset(ret, 0, sizeof *ret);
	set_end(&transfer, HTTP_TEMPORARY,
		"the process that asked has ended without an answer");
	write_task(request, &task);
	if (net_child_begin(&transfer.child, &task, -1, use->stop, err) < 0)
		return -1;
	/* A smaller one does as well. */
	(void)fcntl(transfer.child.fd, F_SETPIPE_SZ, PIPE_SIZE);
	transfer.data = mem_resize(NULL, BUFFER_SIZE, 1);
	do
		rc = read_pieces(&transfer, err);
	while (rc == 0);
	if (transfer.ended)
		(void)net_child_reap(&transfer.child);
	net_child_kill(&transfer.child);
	free(transfer.data);
	return rc < 0 ? -1 : 0;
}
