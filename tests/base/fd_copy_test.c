/* SPDX-License-Identifier: MIT */
/* Copies of whole files: holes, and what ends them. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../unit.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/stop.h"

#define SIZE ((off_t)40 * 1024 * 1024) /* of more than one piece */

static int nameless(void)
{
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0)
		skip();
	return fd;
}

/* Two blocks, one at the end where `full`, and nothing else. */
static int sparse(bool full)
{
	static char block[65536];
	int fd = nameless();

	memset(block, 'x', sizeof block);
	assert_int_equal(fd_write_all(fd, block, sizeof block), 0);
	assert_int_equal(ftruncate(fd, SIZE), 0);
	assert_true(
		lseek(fd, full ? SIZE - (off_t)sizeof block : SIZE / 2, SEEK_SET) > 0);
	assert_int_equal(fd_write_all(fd, block, sizeof block), 0);
	return fd;
}

static void holes_stay_holes(void **state)
{
	(void)state;
	for (int full = 0; full < 2; full++) {
		CLEANUP_FD int from = sparse(full);
		CLEANUP_FD int to = nameless();
		struct stat st;

		assert_int_equal(fd_copy_file(from, to, NULL), 0);
		assert_int_equal(fd_same(from, 0, to, 0, NULL), 1);
		assert_int_equal(fstat(to, &st), 0);
		assert_int_equal(st.st_size, SIZE);
		assert_true(st.st_blocks * 512 < SIZE / 2);
	}
}

/* fstat(2) says 0 of it. */
static void a_file_of_the_kernels_is_copied_whole(void **state)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	CLEANUP_FD int from = open("/proc/version", O_RDONLY | O_CLOEXEC);
	CLEANUP_FD int to = nameless();

	(void)state;
	if (from < 0)
		skip();
	assert_int_equal(fd_copy_file(from, to, NULL), 0);
	assert_int_equal(lseek(to, 0, SEEK_SET), 0);
	assert_int_equal(fd_read_all(to, 4096, &got), 0);
	assert_non_null(strstr(got.data, "Linux"));
}

static void a_deadline_and_a_stop_end_what_reads_files(void **state)
{
	atomic_int asked = SIGTERM;
	struct stop stops[] = {
		{.fd = -1, .deadline_ms = clock_ms() - 1},
		{.fd = -1, .asked = &asked},
	};
	CLEANUP_FD int from = sparse(true), to = sparse(true);
	unsigned char digest[32];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		errno = 0;
		assert_int_equal(fd_same(from, 0, to, 0, &stops[i]), -1);
		assert_int_equal(errno, EINTR);
		errno = 0;
		assert_int_equal(fd_digest(from, &stops[i], digest), -1);
		assert_int_equal(errno, EINTR);
		assert_int_equal(ftruncate(to, 0), 0);
		errno = 0;
		assert_int_equal(fd_copy_file(from, to, &stops[i]), -1);
		assert_int_equal(errno, EINTR);
		assert_int_equal(lseek(to, 0, SEEK_END), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holes_stay_holes),
		cmocka_unit_test(a_file_of_the_kernels_is_copied_whole),
		cmocka_unit_test(a_deadline_and_a_stop_end_what_reads_files),
	};

	return cmocka_run_group_tests_name("base/fd_copy", tests, NULL, NULL);
}
