/* SPDX-License-Identifier: MIT */
/* Files without a name, also where there is no memfd. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit.h"
#include "base/err.h"
#include "base/nameless.h"

#define SKIPPED 77

/* Makes one, and opens it again by its number as another user. */
static int use_one(void)
{
	DECLARE_ERR(err);
	int fd = nameless_open("test", &err);
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
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_memfd_create, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {
		.len = sizeof filter / sizeof *filter, .filter = filter};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		return SKIPPED;
	return use_one();
}

static int apart(int (*act)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(act());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WEXITSTATUS(status);
}

static void it_has_no_name_and_can_be_opened_again(void **state)
{
	(void)state;
	assert_int_equal(apart(use_one), 0);
}

static void without_a_memfd_it_is_the_same(void **state)
{
	int code = apart(use_one_without_memfd);

	(void)state;
	if (code == SKIPPED)
		SKIP("no seccomp here");
	assert_int_equal(code, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_has_no_name_and_can_be_opened_again),
		cmocka_unit_test(without_a_memfd_it_is_the_same),
	};

	return cmocka_run_group_tests_name("base/nameless", tests, NULL, NULL);
}
