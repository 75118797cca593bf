/* SPDX-License-Identifier: MIT */
/* In place of libpq in a build without it: nothing of it is called there. */
#include <stdlib.h>

#include "net/session.h"
#include "net/session_child.h"

const bool session_available = false;

int session_child(struct task *task)
{
	(void)task;
	abort();
}

const char *session_version(void)
{
	return NULL;
}
