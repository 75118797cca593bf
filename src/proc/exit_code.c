/* SPDX-License-Identifier: MIT */
/* Exit codes: from errors and from wait statuses. */
#include "proc/exit_code.h"

#include <sys/wait.h>

#include "base/err.h"

int exit_code_of_error(const struct err *err)
{
	switch (err->kind) {
	case ERR_NONE:
		return 0;
	case ERR_USAGE:
	case ERR_CONFIG:
		return EXIT_WRONG;
	case ERR_NOT_FOUND:
		return EXIT_NOT_FOUND;
	case ERR_NOT_EXECUTABLE:
		return EXIT_NOT_EXECUTABLE;
	case ERR_INTERRUPTED:
		return EXIT_SIGNAL + err->code;
	case ERR_FAILED:
	case ERR_TEMPORARY:
		return EXIT_FAILED;
	}
	return EXIT_FAILED;
}

int exit_code_of_status(int status)
{
	return WIFSIGNALED(status) ? EXIT_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}
