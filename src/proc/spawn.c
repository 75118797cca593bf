/* SPDX-License-Identifier: MIT */
/* Running a helper and reading its output. */
#include "proc/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/exit_code.h"
#include "base/fd.h"
#include "base/fork.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/privilege.h"
#include "base/stop.h"
#include "proc/children.h"
#include "proc/descriptors.h"
#include "proc/execute.h"
#include "proc/identity.h"
#include "proc/signals.h"
#include "proc/stack.h"

/* Less than our parent gives us ourselves: what has ended it is still to be reported. */
#define GRACE_MS 4500
/* How long the killed may take; one in the kernel's hands may never end. */

struct helper {
	const struct spawn *spawn;
	pid_t pid; /* also its session and process group; 0 once reaped */
	pid_t group;
	int status;           /* of wait(2) */
	enum spawn_left left; /* what ran when it had ended */
	int output[2];        /* its stdout and stderr */
	int report[2];        /* why it could not be executed */
	int child_fd;         /* signalfd of SIGCHLD */
	int adopted;          /* were we a subreaper before? */
	sigset_t before;      /* the mask as it was */
};

#define CLEANUP_HELPER __attribute__((cleanup(helper_release)))

static void helper_release(struct helper *helper)
{
	close_fd(&helper->output[0]);
	close_fd(&helper->output[1]);
	close_fd(&helper->report[0]);
	close_fd(&helper->report[1]);
	close_fd(&helper->child_fd);
	(void)prctl(PR_SET_CHILD_SUBREAPER, helper->adopted); /* as it could be set */
	signals_set_mask(&helper->before);
}

/* ---- the child ---- */

static int set_up_files(const struct helper *helper, struct err *err)
{
	int input = helper->spawn->input;

	if (!input)
		input = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (input < 0)
		return err_sys(err, "open '/dev/null'");
	if (dup2(input, STDIN_FILENO) < 0 || dup2(helper->output[1], STDOUT_FILENO) < 0 ||
		dup2(helper->output[1], STDERR_FILENO) < 0)
		return err_sys(err, "dup2");
	/* dup2 onto itself would have left it closed at execve. */
	if (input == STDIN_FILENO && fcntl(input, F_SETFD, 0) < 0)
		return err_sys(err, "fcntl");
	if (helper->spawn->hand_on && fcntl(helper->spawn->hand_on, F_SETFD, 0) < 0)
		return err_sys(err, "hand a descriptor on");
	/* A socket that the application is to inherit is not for a helper. */
	fds_close_others((const int[]){STDIN_FILENO, STDOUT_FILENO, helper->report[1],
				 helper->spawn->hand_on},
		4);
	return 0;
}

static int begin_helper(const struct helper *helper, pid_t parent, struct err *err)
{
	const struct spawn *spawn = helper->spawn;
	struct fs fs = FS_INIT;
	sigset_t none;

	signals_default();
	if (set_up_files(helper, err) < 0)
		return -1;
	(void)umask(spawn->umask); /* never fails */
	/* Who may write to the pipe may open it, too: as /dev/stderr. */
	if (spawn->identity && spawn->identity->set)
		(void)fchown(STDOUT_FILENO, spawn->identity->uid, (gid_t)-1);
	if (spawn->identity && identity_become(spawn->identity, err) < 0)
		return -1;
	/* As who it runs as: it is the command's access that counts, and root's guard. */
	fs_begin(&fs);
	if (spawn->workdir && fs_enter(&fs, spawn->workdir, err) < 0)
		return -1;
	/* A change of identity would have taken it away. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* cannot fail with a valid signal */
	if (getppid() != parent)
		_exit(EXIT_FAILED);
	memset(&none, 0, sizeof none);
	signals_set_mask(&none);
	stack_restore(spawn->stack);
	return execute(spawn->argv, spawn->env, spawn->workdir, err);
}

static _Noreturn void run_helper(const struct helper *helper, pid_t parent)
{
	DECLARE_ERR(err);

	/*
	 * On our terminal, a command of another user could type into the shell that has
	 * started us (TIOCSTI), and one that reads there would be stopped for good. For a
	 * fresh child, no group leader, it cannot fail.
	 */
	(void)setsid();
	(void)begin_helper(helper, parent, &err); /* returns on failure only */
	/* A parent that does not read it any more has ended us. */
	(void)fd_write_all(helper->report[1], &err, sizeof err);
	_exit(EXIT_FAILED);
}

/* ---- output ---- */

/*
 * Takes what is there by now; the pipe does not block. Who goes on writing meanwhile, as
 * yes(1) does, is not to keep us from the deadline.
 */
static void read_output(struct helper *helper)
{
	char data[4096];
	int left = fd_available(helper->output[0]);

	while (helper->output[0] >= 0) {
		ssize_t n = read(helper->output[0], data, sizeof data);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n <= 0) {
			close_fd(&helper->output[0]);
			break;
		}
		if (helper->spawn->output)
			helper->spawn->output(helper->spawn->user, data, (size_t)n);
		left -= (int)n;
		if (left <= 0)
			break;
	}
	mem_wipe(data, sizeof data); /* a helper may print a secret */
}

/* ---- waiting ---- */

static void reap(struct helper *helper)
{
	struct children_spared none = {0};
	uint64_t left = signal_bit(SIGCHLD);
	siginfo_t info;
	int status;
	pid_t pid;

	(void)signals_next(&left, &info); /* how many have ended it does not say */
	/* What it has left to us on its way ends, too. */
	while ((pid = children_reap(&none, 0, &status)) > 0) {
		if (pid != helper->pid)
			continue;
		helper->status = status;
		helper->pid = 0;
	}
}

/* Waits for output or the end. As stop_poll(): -1 where we are to stop. */
static int step(
	struct helper *helper, struct stop *stop, int64_t wait_ms, struct err *err)
{
	struct pollfd fds[] = {
		{.fd = helper->child_fd, .events = POLLIN},
		{.fd = helper->output[0], .events = POLLIN},
	};
	int n = stop_poll(stop, fds, 2, wait_ms, err);

	if (n < 0)
		return -1;
	if (n > 0 && fds[1].revents)
		read_output(helper);
	reap(helper);
	return 0;
}

/*
 * Sends it to the group and to what has left that, and waits for their end. Returns
 * whether all have ended.
 */
static bool end_with(struct helper *helper, int signal, int64_t wait_ms)
{
	struct stop never = STOP_INIT; /* we are stopping: nothing may stop that */
	uid_t user = identity_user(helper->spawn->identity);
	struct children_spared none = {0};
	struct children_ending ending = {
		.signal = signal, .spared = &none, .group = helper->group, .user = user};
	int64_t until = clock_ms() + wait_ms;
	DECLARE_ERR(ignored);

	/* Each of these may find it gone; the group may not be there yet. */
	if (privilege_kill(user, -helper->group, signal) < 0 && helper->pid)
		(void)privilege_kill(user, helper->pid, signal);
	(void)privilege_kill(user, -helper->group, SIGCONT);
	while (!children_end_round(&ending)) {
		int64_t left = until - clock_ms();

		if (left <= 0)
			return false;
		(void)step(helper, &never, left, &ignored); /* only poll can fail */
	}
	return true;
}

/* Ends it, if it has not ended, and what is left of it: TERM, a while to go, KILL. */
static void end_all(struct helper *helper)
{
	int64_t grace_ms = helper->spawn->grace_ms ? helper->spawn->grace_ms : GRACE_MS;

	reap(helper);
	/* Nearly always nothing is. */
	if (!children_any())
		return;
	if (!end_with(helper, SIGTERM, grace_ms))
		(void)end_with(helper, SIGKILL, CHILDREN_KILLED_MS);
	helper->left = children_any() ? SPAWN_LEFT_RUNNING : SPAWN_LEFT_ENDED;
}

/* ---- starting ---- */

static int open_all(struct helper *helper, struct err *err)
{
	sigset_t mask;

	(void)sigemptyset(&mask);
	(void)sigaddset(&mask, SIGCHLD); /* both fail for bad arguments only */
	helper->child_fd = signals_open(&mask);
	if (helper->child_fd < 0)
		return err_sys(err, "signalfd");
	if (pipe_above_stderr(helper->output) < 0 ||
		pipe_above_stderr(helper->report) < 0)
		return err_sys(err, "pipe");
	if (fcntl(helper->output[0], F_SETFL, O_NONBLOCK) < 0)
		return err_sys(err, "make the pipe non-blocking");
	return 0;
}

/*
 * Waits until it executes, or says why it cannot; not for its end, since any process of
 * its user may have stopped it by then.
 */
static int read_report(struct helper *helper, struct err *err)
{
	struct pollfd ready = {.fd = helper->report[0], .events = POLLIN};
	struct err why;
	ssize_t size = 1;
	size_t got = 0;

	while (got < sizeof why && size > 0) {
		if (stop_poll(helper->spawn->stop, &ready, 1, -1, err) < 0)
			return -1;
		size = read(helper->report[0], (char *)&why + got, sizeof why - got);
		got += size > 0 ? (size_t)size : 0;
	}
	if (got == 0)
		return 0;
	if (got < sizeof why)
		return err_fail(err, "start '%s': it died", helper->spawn->argv[0]);
	*err = why;
	err->text[sizeof err->text - 1] = '\0';
	return -1;
}

static void note_group(const struct helper *helper, pid_t group)
{
	if (helper->spawn->group)
		atomic_store(helper->spawn->group, group);
}

static int start(struct helper *helper, struct err *err)
{
	pid_t parent = getpid();

	helper->pid = fork();
	if (helper->pid < 0) {
		helper->pid = 0;
		return fork_failed(err, "make a process for the command");
	}
	if (helper->pid == 0)
		run_helper(helper, parent);
	helper->group = helper->pid;
	note_group(helper, helper->group);
	close_fd(&helper->output[1]);
	close_fd(&helper->report[1]);
	return 0;
}

static int run(struct helper *helper, struct err *err)
{
	int result;

	if (open_all(helper, err) < 0 || start(helper, err) < 0)
		return -1;
	result = read_report(helper, err);
	while (result == 0 && helper->pid)
		result = step(helper, helper->spawn->stop, -1, err);
	end_all(helper);
	note_group(helper, 0);
	/* Its last output is in the pipe; other holders of that are not waited for. */
	read_output(helper);
	return result;
}

int spawn_run(const struct spawn *spawn, struct spawn_result *ret, struct err *err)
{
	CLEANUP_HELPER struct helper helper = {
		.spawn = spawn,
		.output = {-1, -1},
		.report = {-1, -1},
		.child_fd = -1,
	};

	/* What leaves its group is left to us. Kernels before 3.4 do not have this. */
	(void)prctl(PR_GET_CHILD_SUBREAPER, &helper.adopted);
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	/* SIGCHLD must wait in the signalfd, whatever mask our caller has; and the child
	 * must not get what is meant for us. */
	signals_block(&helper.before);
	if (run(&helper, err) < 0)
		return -1;
	ret->status = exit_code_of_status(helper.status);
	ret->signal = WIFSIGNALED(helper.status) ? WTERMSIG(helper.status) : 0;
	ret->left = helper.left;
	return 0;
}
