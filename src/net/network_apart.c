/* SPDX-License-Identifier: MIT */
/* In place of net/network.c in a program that has another beside it for the network. */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/network.h"

int network_main(void)
{
	return 1; /* it cannot */
}

int network_path(struct buf *ret, struct err *err)
{
	char path[PATH_MAX];
	ssize_t size = readlink("/proc/self/exe", path, sizeof path);
	const char *slash = size > 0 ? memrchr(path, '/', (size_t)size) : NULL;

	if (!slash)
		return err_sys(err, "find " NETWORK_PROGRAM " beside /proc/self/exe");
	buf_add(ret, path, (size_t)(slash - path) + 1);
	buf_puts(ret, NETWORK_PROGRAM);
	return 0;
}
