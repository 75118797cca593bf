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
#include "base/stop.h"
#include "base/str.h"
#include "net/confine.h"
#include "net/network.h"

/* The resolver's, the loader's; and what a build with sanitizers reports by. */
static const char *const variables[] = {
	"LOCALDOMAIN", "RES_OPTIONS", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS"};

#define VARIABLES_COUNT (sizeof variables / sizeof *variables)

#define PATIENCE_MS 5000 /* for what is near: its end, and that it reads its task */

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

/*
 * A child that cannot take it has died, and that shows; one that does not may have been
 * stopped by any process of its user. Returns 0, or -1, also as stop_poll().
 */
static int hand_over(int to, const struct buf *task, struct stop *stop, struct err *err)
{
	struct pollfd fds[] = {{.fd = to, .events = POLLOUT}};
	int ready = 1;

	for (size_t done = 0; done < task->len;) {
		ssize_t size = send(to, task->data + done, task->len - done,
			MSG_NOSIGNAL | MSG_DONTWAIT);

		if (size > 0)
			done += (size_t)size;
		else if (errno != EAGAIN)
			break;
		else if (ready == 0)
			return err_set(err, ERR_TEMPORARY,
				"the process for the network does not read its task");
		else if ((ready = stop_poll(stop, fds, 1, PATIENCE_MS, err)) < 0)
			return -1;
	}
	return 0;
}

int net_child_begin(struct net_child *child, const struct buf *task, int socket,
	struct stop *stop, struct err *err)
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
	if (hand_over(to_child, task, stop, err) == 0)
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

/*
 * Without CAP_KILL root may not signal the user that it has become (net/confine.h), but
 * can be that user. Returns whether it gets the signal.
 */
static bool kill_as_nobody(pid_t pid)
{
	int status = -1;
	pid_t killer = fork();

	if (killer == 0)
		_exit(confine_user() < 0 || kill(pid, SIGKILL) < 0);
	while (killer > 0 && waitpid(killer, &status, 0) < 0 && errno == EINTR)
		continue;
	return status == 0;
}

/* Its status, or -1 where it cannot even be killed: it ends as nobody reads (http.h). */
static int kill_and_reap(struct net_child *child)
{
	int status = -1;
	bool killed = kill(child->pid, SIGKILL) == 0 || kill_as_nobody(child->pid);

	while (waitpid(child->pid, &status, killed ? 0 : WNOHANG) < 0 && errno == EINTR)
		continue;
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
