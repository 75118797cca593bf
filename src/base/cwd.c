/* SPDX-License-Identifier: MIT */
/* The working directory. */
#include "base/cwd.h"

#include <unistd.h>

#include "base/err.h"

int cwd_get(char *ret, size_t size, struct err *err)
{
	if (getcwd(ret, size))
		return 0;
	(void)err_sys(err, "the working directory"); /* always -1 */
	return err_append(
		err, "; where it was removed, or is closed, start in another one");
}
