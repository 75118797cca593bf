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
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/str.h"
#include "net/network.h"

/* Proxies, the resolver's, the loader's; and what a build with sanitizers reports by. */
static const char *const variables[] = {"http_proxy", "https_proxy", "HTTPS_PROXY",
	"all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY", "LOCALDOMAIN", "RES_OPTIONS",
	"LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS"};

#define VARIABLES_COUNT (sizeof variables / sizeof *variables)

#define PATIENCE_MS 5000 /* for its end, where that is near */

/* What a child is made of; each descriptor is closed by an execve(2). */
struct parts {
	pid_t parent;
	int program; /* -1: it is this one, and cannot be opened */
	int task;
	int to;
	int socket; /* or -1 */
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

/* Gives it the number `to`, where no other of ours is any more. */
static void place(int fd, int to)
{
	if (fd >= 0 && dup2(fd, to) < 0)
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
		(void)fexecve(
			program, argv, environ); /* without the right to, we do it */
	_exit(network_main());
}

/* ---- in the parent ---- */

static int open_program(int *ret, struct err *err)
{
	CLEANUP_BUF struct buf path = BUF_INIT;

	if (network_path(&path, err) < 0)
		return -1;
	*ret = open(path.len ? path.data : "/proc/self/exe", O_PATH | O_CLOEXEC);
	if (*ret < 0 && path.len)
		return err_sys(err, "open '%s', the program for the network", path.data);
	return 0;
}

/* A child that does not take it has died, and that shows. */
static void hand_over(int to, const struct buf *task)
{
	size_t done = 0;
	ssize_t size;

	do {
		size = send(to, task->data + done, task->len - done, MSG_NOSIGNAL);
		done += size > 0 ? (size_t)size : 0;
	} while (size > 0 && done < task->len);
}

int net_child_begin(
	struct net_child *child, const struct buf *task, int socket, struct err *err)
{
	CLEANUP_FD int program = -1;
	CLEANUP_FD int in = -1;
	CLEANUP_FD int from = -1;
	CLEANUP_FD int to_child = -1;
	CLEANUP_FD int to = -1;
	int pipe_fds[2], pair[2];
	pid_t pid, parent = getpid();

	if (open_program(&program, err) < 0)
		return -1;
	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return err_sys(err, "make a pipe from a process for the network");
	from = pipe_fds[0];
	to = pipe_fds[1];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_sys(err, "make sockets to a process for the network");
	to_child = pair[0];
	in = pair[1];
	pid = fork();
	if (pid == 0)
		run(&(const struct parts){parent, program, in, to, socket});
	if (pid < 0)
		return err_sys(err, "make a process for the network");
	child->pid = pid;
	child->fd = steal_fd(&from);
	close_fd(&in);
	hand_over(to_child, task);
	return 0;
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

static int reap(struct net_child *child)
{
	int status = 0;

	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	child->pid = 0;
	close_fd(&child->fd);
	return status;
}

int net_child_reap(struct net_child *child)
{
	wait_for_end(child);
	(void)kill(child->pid, SIGKILL); /* that has ended, or never will by itself */
	return reap(child);
}

void net_child_kill(struct net_child *child)
{
	if (!child->pid)
		return;
	(void)kill(child->pid, SIGKILL); /* it is ours, and not reaped */
	(void)reap(child);               /* its status is this signal */
}
