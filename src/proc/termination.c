/* SPDX-License-Identifier: MIT */
/* Kubernetes' termination log. */
#include "proc/termination.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"

#define TERMINATION_LOG "/dev/termination-log"

size_t termination_line(char *text, char ret[TERMINATION_MAX + 1])
{
	const struct log_event event = {.level = LOG_INFO, .message = text};
	size_t size;

	for (char *at = text; *at; at++)
		if (*at == '\n')
			*at = ' ';
	size = log_text_fixed(ret, TERMINATION_MAX, &event, false);
	ret[size++] = '\n';
	ret[size] = '\0';
	return size;
}

void termination_write(char *text)
{
	CLEANUP_FD int fd = open(TERMINATION_LOG,
		O_WRONLY | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char line[TERMINATION_MAX + 1];
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return;
	(void)fd_write_all(fd, line, termination_line(text, line)); /* as above */
}
