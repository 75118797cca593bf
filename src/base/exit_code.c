/* SPDX-License-Identifier: MIT */
/* Exit codes: from errors and from wait statuses. */
#include "base/exit_code.h"

#include <sys/wait.h>

#include "base/err.h"

int exit_code_of_error(const struct err *err)
{
	switch (err->kind) {
	case ERR_NONE:
		return EXIT_DONE;
	case ERR_USAGE:
	case ERR_CONFIG:
		return EXIT_WRONG;
	case ERR_INTERRUPTED:
		return EXIT_SIGNAL(err->code);
	default:
		return EXIT_FAILED;
	}
}

int exit_code_of_launch(const struct err *err)
{
	if (err->kind == ERR_NOT_FOUND)
		return EXIT_NOT_FOUND;
	return err->kind == ERR_NOT_EXECUTABLE ? EXIT_NOT_EXECUTABLE
					       : exit_code_of_error(err);
}

int exit_code_of_status(int status)
{
	return WIFSIGNALED(status) ? EXIT_SIGNAL(WTERMSIG(status)) : WEXITSTATUS(status);
}
