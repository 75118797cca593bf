/* SPDX-License-Identifier: MIT */
/* The standard streams of a container. */
#include "proc/streams.h"

#include <sys/stat.h>
#include <unistd.h>

#include "proc/identity.h"

static bool is_given(int fd, uid_t uid)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || st.st_uid == uid)
		return false;
	return S_ISFIFO(st.st_mode) ||
		(S_ISCHR(st.st_mode) && isatty(fd) && getsid(0) > 0);
}

void streams_give(const struct identity *identity)
{
	uid_t user = identity_user(identity);

	if (user == geteuid())
		return;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (is_given(fd, user))
			(void)fchown(fd, user, (gid_t)-1); /* as said */
}
