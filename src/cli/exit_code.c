/* SPDX-License-Identifier: MIT */
/* The one place that turns errors into exit codes. */
#include "cli/exit_code.h"

#include "base/err.h"

int exit_code(const struct err *err)
{
	static const int codes[] = {
		[ERR_NONE] = EXIT_DONE,
		[ERR_USAGE] = EXIT_WRONG,
		[ERR_CONFIG] = EXIT_WRONG,
		[ERR_FAILED] = EXIT_STEP_FAILED,
		[ERR_TEMPORARY] = EXIT_STEP_FAILED,
		[ERR_NOT_FOUND] = EXIT_STEP_FAILED,
		[ERR_NOT_EXECUTABLE] = EXIT_STEP_FAILED,
	};

	return err->kind == ERR_INTERRUPTED ? EXIT_SIGNAL(err->code) : codes[err->kind];
}
