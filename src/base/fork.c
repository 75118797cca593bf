/* SPDX-License-Identifier: MIT */
/* Why fork(2) has failed. */
#include "base/fork.h"

#include <errno.h>

#include "base/err.h"

const char *fork_hint(int code)
{
	return code == EAGAIN ? "; there are as many processes as the limit nproc of the "
				"user (ulimit -u), or pids.max of the container, allows"
			      : "";
}

int fork_failed(struct err *err, const char *what)
{
	(void)err_sys(err, "%s", what); /* always -1 */
	return err_append(err, "%s", fork_hint(err->code));
}
