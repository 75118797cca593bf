/* SPDX-License-Identifier: MIT */
/* What comes from the network's process, also where a stranger has taken it over. */
#include <limits.h>

#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/stop.h"
#include "net/child.h"
#include "net/task.h"
#include "net/transfer.h"
#include "net/transfer_child.h"

/* ---- the process, which sends what the URL of its task says ---- */

static void send_piece(uint32_t piece, uint32_t size, const void *data)
{
	struct frame frame = {.piece = piece, .size = size};

	(void)fd_write_all(STDOUT_FILENO, &frame, sizeof frame);
	(void)fd_write_all(STDOUT_FILENO, data, size); /* its parent shows what is cut */
}

static void send_end(enum http_outcome outcome, char fill)
{
	struct http_end end = {.outcome = outcome};

	memset(end.text, fill, sizeof end.text);
	send_piece(PIECE_END, sizeof end, &end);
}

static void send_head(long status, int64_t size, int64_t retry_after_s, char fill)
{
	struct http_head head = {
		.status = status, .size = size, .retry_after_s = retry_after_s};

	memset(head.type, fill, sizeof head.type);
	memset(head.validator, fill, sizeof head.validator);
	send_piece(PIECE_HEAD, sizeof head, &head);
}

static int child(void)
{
	static const char large[PIECE_MAX + 1];
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct task task;
	const char *what;

	if (fd_read_all(STDIN_FILENO, TASK_MAX, &text) < 0 || !task_begin(&task, &text))
		return 1;
	what = task_text(&task);
	if (strcmp(what, "usual") == 0) {
		send_head(503, INT64_MAX, 301, '\0');
		send_end(HTTP_DONE, '\0');
	} else if (strcmp(what, "least") == 0) {
		send_head(LONG_MIN, INT64_MIN, INT64_MIN, 'x');
		send_end((enum http_outcome)77, 'x');
	} else if (strcmp(what, "most") == 0) {
		send_head(LONG_MAX, INT64_MAX, INT64_MAX, 'x');
		send_end((enum http_outcome)UINT_MAX, 'x');
	} else if (strcmp(what, "short") == 0) {
		send_piece(PIECE_HEAD, sizeof(struct http_head) - 1, large);
	} else if (strcmp(what, "large") == 0) {
		send_piece(PIECE_BODY, sizeof large, large);
	} else if (strcmp(what, "other") == 0) {
		send_piece(77, sizeof(struct http_end), large);
	}
	return 0;
}

/* ---- its parent ---- */

struct taken {
	int heads;
	int bodies;
	struct http_head head;
	struct http_end end;
};

static int take_head(void *user, const struct http_head *head, struct err *err)
{
	struct taken *taken = user;

	(void)err;
	taken->heads++;
	taken->head = *head;
	return 0;
}

static int take_body(void *user, const void *data, size_t size, struct err *err)
{
	(void)data;
	(void)size;
	(void)err;
	((struct taken *)user)->bodies++;
	return 0;
}

static struct taken take(const char *what)
{
	struct taken taken = {.heads = 0};
	struct stop stop = STOP_INIT;
	const struct http_request request = {.url = what};
	const struct transfer_use use = {take_head, take_body, &taken, &stop, 60000};
	DECLARE_ERR(err);

	if (transfer_run(&request, &use, &taken.end, &err) < 0)
		fail_msg("%s", err.text);
	return taken;
}

static void what_is_in_range_is_taken(void **state)
{
	const struct taken taken = take("usual");

	(void)state;
	assert_int_equal(taken.heads, 1);
	assert_int_equal(taken.head.status, 503);
	assert_int_equal(taken.head.size, INT64_MAX);
	assert_int_equal(taken.head.retry_after_s, 301);
	assert_int_equal(taken.end.outcome, HTTP_DONE);
}

/* A number of its own overflowed in what was made of it. */
static void what_is_out_of_range_is_nothing(void **state)
{
	const struct taken least = take("least");
	const struct taken most = take("most");

	(void)state;
	assert_int_equal(least.head.status, 0);
	assert_int_equal(least.head.size, -1);
	assert_int_equal(least.head.retry_after_s, 0);
	assert_int_equal(strlen(least.head.type), sizeof least.head.type - 1);
	assert_int_equal(strlen(least.head.validator), sizeof least.head.validator - 1);
	assert_int_equal(least.end.outcome, HTTP_REFUSED);
	assert_int_equal(most.head.status, 0);
	assert_int_equal(most.head.size, INT64_MAX);
	assert_int_equal(most.head.retry_after_s, INT64_MAX);
	assert_int_equal(most.end.outcome, HTTP_REFUSED);
}

static void what_is_no_piece_ends_it(void **state)
{
	static const char *const whats[] = {"nothing", "short", "large", "other"};

	(void)state;
	for (size_t i = 0; i < sizeof whats / sizeof *whats; i++) {
		const struct taken taken = take(whats[i]);

		assert_int_equal(taken.heads, 0);
		assert_int_equal(taken.bodies, 0);
		assert_int_equal(taken.end.outcome, HTTP_TEMPORARY);
		assert_string_equal(taken.end.text,
			"the process that asked has ended without an answer");
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_in_range_is_taken),
		cmocka_unit_test(what_is_out_of_range_is_nothing),
		cmocka_unit_test(what_is_no_piece_ends_it),
	};

	(void)argc;
	/* It executes itself as the network's process. */
	if (net_child_is_asked(argv))
		return child();
	return cmocka_run_group_tests_name("net/transfer", tests, NULL, NULL);
}
