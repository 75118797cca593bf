/* SPDX-License-Identifier: MIT */
/* Descriptors: closing, whole reads and writes, files without a name. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../child.h"
#include "../filter.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/fd.h"

static void closes_once_and_keeps_errno(void **state)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int number = fd;

	(void)state;
	errno = EXDEV;
	close_fd(&fd);
	assert_int_equal(errno, EXDEV);
	assert_int_equal(fd, -1);
	assert_int_equal(fcntl(number, F_GETFD), -1);
	errno = EXDEV;
	close_fd(&fd);
	assert_int_equal(errno, EXDEV);
}

static void a_second_descriptor_is_closed_on_exec(void **state)
{
	CLEANUP_FD int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	CLEANUP_FD int second = fd_dup(fd);

	(void)state;
	assert_true(second >= 0 && second != fd);
	assert_int_equal(fcntl(second, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fd_dup(-1), -1);
	assert_int_equal(errno, EBADF);
}

static void hands_over(void **state)
{
	int keeper;

	(void)state;
	{
		CLEANUP_FD int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

		keeper = steal_fd(&fd);
		assert_int_equal(fd, -1);
	}
	assert_true(fcntl(keeper, F_GETFD) >= 0);
	close_fd(&keeper);
}

/* Through a pipe, which takes and gives less than was asked for. */
static void writes_and_reads_all(void **state)
{
	static char sent[300000];
	CLEANUP_BUF struct buf got = BUF_INIT;
	int fds[2], status;
	pid_t pid;

	(void)state;
	for (size_t i = 0; i < sizeof sent; i++)
		sent[i] = (char)(i * 7);
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0)
		_exit(fd_write_all(fds[1], sent, sizeof sent) == 0 ? 0 : 1);
	close_fd(&fds[1]);
	buf_puts(&got, "before");
	assert_int_equal(fd_read_all(fds[0], sizeof sent, &got), 0);
	assert_int_equal(got.len, 6 + sizeof sent);
	assert_memory_equal(got.data + 6, sent, sizeof sent);
	assert_int_equal(got.data[got.len], '\0');
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close_fd(&fds[0]);
}

/* From its beginning, however much of it was read before. */
static void copies_a_file_from_its_beginning(void **state)
{
	static char sent[100000];
	CLEANUP_BUF struct buf got = BUF_INIT;
	CLEANUP_FD int from = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	CLEANUP_FD int to = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	(void)state;
	if (from < 0 || to < 0)
		skip();
	for (size_t i = 0; i < sizeof sent; i++)
		sent[i] = (char)(i * 7);
	assert_int_equal(fd_copy(from, to), 0);
	assert_int_equal(fd_write_all(from, sent, sizeof sent), 0);
	assert_int_equal(fd_copy(from, to), 0);
	assert_int_equal(lseek(to, 0, SEEK_SET), 0);
	assert_int_equal(fd_read_all(to, sizeof sent, &got), 0);
	assert_int_equal(got.len, sizeof sent);
	assert_memory_equal(got.data, sent, sizeof sent);
	assert_int_equal(fd_copy(from, -1), -1);
	assert_int_equal(errno, EBADF);
	assert_int_equal(fd_copy(-1, to), -1);
}

/* Asks the kernel to copy, which a filter refuses. */
static int copy_without_the_kernel(void)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	CLEANUP_FD int from = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	CLEANUP_FD int to = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (from < 0 || to < 0 || filter_deny(SYS_copy_file_range, EPERM) < 0)
		return SKIPPED;
	if (fd_write_all(from, "hello", 5) < 0 || fd_copy(from, to) < 0 ||
		lseek(to, 0, SEEK_SET) < 0 || fd_read_all(to, 9, &got) < 0)
		return 1;
	return strcmp(got.data, "hello") == 0 ? 0 : 2;
}

static void copies_where_the_kernel_does_not(void **state)
{
	(void)state;
	CHILD_OR_SKIP(copy_without_the_kernel, "no seccomp here");
}

/* A file of so many bytes, the last of which is `last`. */
static int make_file(size_t size, char last)
{
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0)
		skip();
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	if (size > 0)
		assert_int_equal(pwrite(fd, &last, 1, (off_t)size - 1), 1);
	return fd;
}

static void compares_from_the_beginning_to_the_end(void **state)
{
	static const size_t sizes[] = {0, 1, 32767, 32768, 32769, 65536, 100000};
	static char text[100002];

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		size_t size = sizes[i];
		CLEANUP_FD int one = make_file(size, 'x'), same = make_file(size, 'x');
		CLEANUP_FD int other = make_file(size, 'y');
		CLEANUP_FD int longer = make_file(size + 1, 'x');

		memset(text, 0, sizeof text);
		if (size > 0)
			text[size - 1] = 'x';
		for (int known = 0; known < 2; known++) {
			off_t length = known ? (off_t)size : 0;
			off_t more = known ? length + 1 : 0;

			assert_int_equal(fd_same(one, length, same, length, NULL), 1);
			assert_int_equal(fd_same(one, length, same, 0, NULL), 1);
			assert_int_equal(
				fd_same(one, length, other, length, NULL), size == 0);
			assert_int_equal(fd_same(one, length, longer, more, NULL), 0);
			assert_int_equal(fd_same(longer, more, one, length, NULL), 0);
			assert_int_equal(fd_holds(one, length, text, size), 1);
			/* Again. */
			assert_int_equal(fd_holds(one, length, text, size), 1);
			assert_int_equal(fd_holds(other, length, text, size), size == 0);
			assert_int_equal(fd_holds(one, length, text, size + 1), 0);
			assert_int_equal(fd_holds(longer, more, text, size), 0);
		}
	}
	assert_int_equal(fd_same(-1, 0, -1, 0, NULL), -1);
	assert_int_equal(fd_holds(-1, 0, "", 0), -1);
}

/* ---- what stays on the stack ---- */

static int secret, same, other;

static void *copy_it(void *user)
{
	CLEANUP_FD int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	(void)user;
	(void)fd_copy(secret, null); /* which the kernel does not copy to */
	return NULL;
}

static void *compare_it(void *user)
{
	(void)user;
	(void)fd_same(secret, 0, same, 0, NULL);
	(void)fd_same(secret, 0, other, 0, NULL);
	return NULL;
}

static void *digest_it(void *user)
{
	unsigned char digest[DIGEST_SIZE];

	(void)user;
	(void)fd_digest(secret, NULL, digest);
	return NULL;
}

static int make_secret(size_t size)
{
	int fd = make_file(size, '!');

	for (size_t at = 0; at + 16 < size; at += 16)
		assert_int_equal(pwrite(fd, "this is a secret", 16, (off_t)at), 16);
	return fd;
}

/* Runs it with a stack of our own. Returns how often the secret is found there. */
static size_t left_by(void *(*run)(void *))
{
	enum { SIZE = 1024 * 1024 };
	_Alignas(4096) static char stack[SIZE];
	pthread_attr_t attr;
	const char *found = stack;
	pthread_t thread;
	size_t count = 0;

	memset(stack, 0, sizeof stack);
	assert_int_equal(pthread_attr_init(&attr), 0);
	assert_int_equal(pthread_attr_setstack(&attr, stack, SIZE), 0);
	assert_int_equal(pthread_create(&thread, &attr, run, NULL), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	(void)pthread_attr_destroy(&attr);
	while ((found = memmem(
			found, (size_t)(stack + SIZE - found), "this is a secret", 16))) {
		found++;
		count++;
	}
	return count;
}

static void leaves_no_content_on_the_stack(void **state)
{
	static const size_t sizes[] = {100, 32768, 100000};

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		CLEANUP_FD int one = make_secret(sizes[i]), two = make_secret(sizes[i]);
		CLEANUP_FD int longer = make_secret(sizes[i] + 17);

		secret = one;
		same = two;
		other = longer;
		assert_int_equal(left_by(copy_it), 0);
		assert_int_equal(left_by(compare_it), 0);
		/* The library leaves about a block, of 128 bytes. */
		assert_true(left_by(digest_it) < 32);
	}
}

static void refuses_more_than_the_limit(void **state)
{
	static const struct {
		size_t size, limit;
		int rc;
	} cases[] = {{0, 0, 0}, {1, 0, -1}, {10, 10, 0}, {11, 10, -1}, {8192, 8192, 0},
		{8193, 8192, -1}, {20000, 8192, -1}};
	static const char zeros[20000];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf got = BUF_INIT;
		int fds[2];

		assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
		assert_int_equal(fd_write_all(fds[1], zeros, cases[i].size), 0);
		close_fd(&fds[1]);
		errno = 0;
		assert_int_equal(fd_read_all(fds[0], cases[i].limit, &got), cases[i].rc);
		assert_int_equal(errno, cases[i].rc ? EFBIG : 0);
		close_fd(&fds[0]);
	}
}

static void lists_all_but_the_dots(void **state)
{
	char path[] = "/tmp/groundwork-XXXXXX";
	CLEANUP_DIR DIR *dir = NULL;
	const struct dirent *entry;
	int seen = 0;

	(void)state;
	assert_non_null(mkdtemp(path));
	dir = fd_list(AT_FDCWD, path);
	assert_non_null(dir);
	assert_int_equal(mkdirat(dirfd(dir), "...", 0700), 0);
	assert_int_equal(mkdirat(dirfd(dir), ".a", 0700), 0);
	rewinddir(dir);
	for (errno = EXDEV; (entry = fd_next(dir)); errno = EXDEV)
		seen += strcmp(entry->d_name, "...") == 0  ? 1
			: strcmp(entry->d_name, ".a") == 0 ? 10
							   : 100;
	assert_int_equal(errno, 0);
	assert_int_equal(seen, 11);
	assert_int_equal(unlinkat(dirfd(dir), "...", AT_REMOVEDIR), 0);
	assert_int_equal(unlinkat(dirfd(dir), ".a", AT_REMOVEDIR), 0);
	assert_int_equal(rmdir(path), 0);
}

static void says_what_failed(void **state)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	CLEANUP_FD int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	CLEANUP_FD int directory = open("/", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(fd_write_all(full, "x", 1), -1);
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(fd_write_all(full, "", 0), 0);
	assert_int_equal(fd_read_all(directory, 10, &got), -1);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(fd_read_all(-1, 10, &got), -1);
	assert_int_equal(errno, EBADF);
}

/* ---- files without a name ---- */

/* Makes one, and opens it again by its number as another user. */
static int use_one(void)
{
	DECLARE_ERR(err);
	int fd = fd_nameless("test", &err);
	char path[64], text[8] = "";
	struct stat st;
	int again;

	if (fd < 0 || fcntl(fd, F_GETFD) != FD_CLOEXEC)
		return 1;
	if (fstat(fd, &st) < 0 || st.st_nlink != 0 || st.st_size != 0)
		return 2;
	if (geteuid() == 0 && setresuid(10001, 10001, 10001) < 0)
		return 3;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	again = open(path, O_WRONLY | O_CLOEXEC);
	if (again < 0 || write(again, "hello", 5) != 5 || close(again) < 0)
		return 4;
	if (pread(fd, text, sizeof text - 1, 0) != 5 || strcmp(text, "hello") != 0)
		return 5;
	return close(fd) < 0 ? 6 : 0;
}

static int use_one_without_memfd(void)
{
	return filter_deny(SYS_memfd_create, EPERM) < 0 ? SKIPPED : use_one();
}

static void a_file_without_a_name_can_be_opened_again(void **state)
{
	(void)state;
	assert_int_equal(in_child(use_one), 0);
}

static void without_a_memfd_it_is_the_same(void **state)
{
	(void)state;
	CHILD_OR_SKIP(use_one_without_memfd, "no seccomp here");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(closes_once_and_keeps_errno),
		cmocka_unit_test(a_second_descriptor_is_closed_on_exec),
		cmocka_unit_test(hands_over),
		cmocka_unit_test(writes_and_reads_all),
		cmocka_unit_test(copies_a_file_from_its_beginning),
		cmocka_unit_test(copies_where_the_kernel_does_not),
		cmocka_unit_test(compares_from_the_beginning_to_the_end),
		cmocka_unit_test(leaves_no_content_on_the_stack),
		cmocka_unit_test(refuses_more_than_the_limit),
		cmocka_unit_test(lists_all_but_the_dots),
		cmocka_unit_test(says_what_failed),
		cmocka_unit_test(a_file_without_a_name_can_be_opened_again),
		cmocka_unit_test(without_a_memfd_it_is_the_same),
	};

	return cmocka_run_group_tests_name("base/fd", tests, NULL, NULL);
}
