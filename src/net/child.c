/* SPDX-License-Identifier: MIT */
/* Children that speak with the network. */
#include "net/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fork.h"
#include "base/path.h"
#include "base/privilege.h"
#include "base/stop.h"
#include "base/str.h"
#include "net/confine.h"
#include "net/network.h"

/* The resolver's, the loader's; and what a build with sanitizers reports by. */
static const char *const variables[] = {
	"LOCALDOMAIN", "RES_OPTIONS", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS"};

#define VARIABLES_COUNT (sizeof variables / sizeof *variables)

/* For what is near: that it is executed, that it reads its task, and its end. */
#define PATIENCE_MS 5000

/* What a child is made of; each descriptor is closed by an execve(2). */
struct parts {
	pid_t parent;
	int program; /* -1: it is this one, and cannot be opened */
	int task;
	int to;
	int socket; /* or -1 */
	int failed; /* where errno goes if another program cannot be executed; or -1 */
};

bool net_child_is_asked(char **argv)
{
	return argv[0] && str_equal(path_base(argv[0]), NETWORK_PROGRAM);
}

/* ---- in the child ---- */

static char *find_variable(const char *name)
{
	size_t size = strlen(name);

	for (char **variable = environ; *variable; variable++)
		if (strncmp(*variable, name, size) == 0 && (*variable)[size] == '=')
			return *variable;
	return NULL;
}

static void keep_variables(char **ret)
{
	for (size_t i = 0; i < VARIABLES_COUNT; i++) {
		char *variable = find_variable(variables[i]);

		if (variable)
			*ret++ = variable;
	}
	*ret = NULL;
}

/* Gives it the number `to`, where no other of ours is any more; -1: nothing has it. */
static void place(int fd, int to)
{
	if (fd < 0)
		(void)close(to); /* it may be closed, or what others have left there */
	else if (dup2(fd, to) < 0)
		_exit(1);
}

/* Out of the way: any may have a standard number, where that was closed. */
static int lift(int fd)
{
	int lifted = fd < 0 ? fd : fcntl(fd, F_DUPFD_CLOEXEC, NETWORK_SOCKET + 1);

	if (fd >= 0 && lifted < 0)
		_exit(1);
	return lifted;
}

static _Noreturn void run(const struct parts *parts)
{
	char name[] = NETWORK_PROGRAM;
	char *argv[] = {name, NULL};
	char *variables_left[VARIABLES_COUNT + 1];
	int program = lift(parts->program);
	int task = lift(parts->task);
	int to = lift(parts->to);
	int socket = lift(parts->socket);
	int failed = lift(parts->failed);
	int code;

	place(task, STDIN_FILENO);
	place(to, STDOUT_FILENO);
	place(socket, NETWORK_SOCKET);
	keep_variables(variables_left);
	environ = variables_left;
	/* Cannot fail with a valid signal. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parts->parent)
		_exit(1);
	if (program >= 0)
		(void)fexecve(program, argv, environ);
	code = errno;
	if (failed < 0)
		_exit(network_main()); /* without the right to be executed, we do it */
	(void)fd_write_all(failed, &code, sizeof code); /* or it shows that we died */
	_exit(1);
}

/* ---- in the parent ---- */

/* `path` is "" where this program does it itself, and may not be able to open itself. */
static int open_program(const struct buf *path, int *ret, struct err *err)
{
	*ret = open(path->len ? path->data : "/proc/self/exe", O_PATH | O_CLOEXEC);
	if (*ret < 0 && path->len)
		return err_sys(err, "open '%s', the program for the network", path->data);
	return 0;
}

static const char *explain(int program, int code)
{
	struct statvfs fs;

	switch (code) {
	case EACCES:
		return fstatvfs(program, &fs) == 0 && (fs.f_flag & ST_NOEXEC)
			? "; its file system is mounted noexec"
			: "; give it the mode 0755, with all directories above it";
	case ENOENT:
		return "; it is a script, or the loader that it names is missing";
	case ENOEXEC:
		return "; it is not a program for this system";
	case ETXTBSY:
		return "; a process has it open for writing";
	default:
		return "";
	}
}

/* Waits until the child is executed, or has died, which shows. Returns 0, or -1. */
static int await_execution(
	int from, int program, const char *path, struct stop *stop, struct err *err)
{
	struct pollfd fds = {.fd = from, .events = POLLIN};
	int ready = stop_poll(stop, &fds, 1, PATIENCE_MS, err);
	int code;

	if (ready < 0)
		return -1;
	if (ready == 0 || read(from, &code, sizeof code) != (ssize_t)sizeof code)
		return 0;
	return err_code(err, code, "execute '%s', the program for the network: %s%s",
		path, strerror(code), explain(program, code));
}

int net_child_send(int to, const struct buf *data, int64_t patience_ms, struct stop *stop,
	struct err *err)
{
	struct pollfd fds[] = {{.fd = to, .events = POLLOUT}};
	int ready = 1;

	for (size_t done = 0; done < data->len;) {
		ssize_t size = send(to, data->data + done, data->len - done,
			MSG_NOSIGNAL | MSG_DONTWAIT);

		if (size > 0)
			done += (size_t)size;
		else if (errno != EAGAIN)
			break;
		else if (ready == 0)
			return err_set(err, ERR_TEMPORARY,
				"the process for the network does not read its task");
		else if ((ready = stop_poll(stop, fds, 1, patience_ms, err)) < 0)
			return -1;
	}
	return 0;
}

static int make_pipe(int *ret_from, int *ret_to, struct err *err)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_sys(err, "make a pipe from a process for the network");
	*ret_from = fds[0];
	*ret_to = fds[1];
	return 0;
}

int net_child_begin(struct net_child *child, const struct buf *task, int socket,
	struct stop *stop, struct err *err)
{
	CLEANUP_BUF struct buf path = BUF_INIT;
	CLEANUP_FD int program = -1, in = -1, from = -1, to = -1, to_child = -1;
	CLEANUP_FD int failed_from = -1, failed = -1;
	pid_t pid, parent = getpid();
	int pair[2];

	if (network_path(&path, err) < 0 || open_program(&path, &program, err) < 0 ||
		make_pipe(&from, &to, err) < 0 ||
		(path.len && make_pipe(&failed_from, &failed, err) < 0))
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_sys(err, "make sockets to a process for the network");
	to_child = pair[0];
	in = pair[1];
	pid = fork();
	if (pid == 0)
		run(&(const struct parts){parent, program, in, to, socket, failed});
	if (pid < 0)
		return fork_failed(err, "make a process for the network");
	child->pid = pid;
	child->fd = steal_fd(&from);
	close_fd(&in);
	close_fd(&failed);
	if ((failed_from < 0 ||
		    await_execution(failed_from, program, path.data, stop, err) == 0) &&
		net_child_send(to_child, task, PATIENCE_MS, stop, err) == 0)
		return 0;
	net_child_kill(child);
	return -1;
}

/* It has closed its end of the pipe, which it does by its own end at the latest. */
static void wait_for_end(const struct net_child *child)
{
	struct pollfd fds = {.fd = child->fd, .events = POLLIN};
	int64_t until_ms = clock_ms() + PATIENCE_MS;
	char data[4096];
	int ready;

	do
		ready = poll(&fds, 1, clock_wait(until_ms));
	while (clock_ms() < until_ms &&
		(ready <= 0 || read(child->fd, data, sizeof data) > 0));
}

/* Its status; -1: it cannot even be killed, and ends as nobody reads (http.h). */
static int kill_and_reap(struct net_child *child)
{
	int status = privilege_end(CONFINE_USER, child->pid);

	child->pid = 0;
	close_fd(&child->fd);
	return status;
}

int net_child_reap(struct net_child *child)
{
	wait_for_end(child);
	return kill_and_reap(child); /* it has ended, or never will by itself */
}

void net_child_kill(struct net_child *child)
{
	if (child->pid)
		(void)kill_and_reap(child);
}
