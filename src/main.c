/* SPDX-License-Identifier: MIT */
/* The beginning: every signal is blocked before anything else can happen. */
#include <unistd.h>

#include "cli/cli.h"
#include "proc/parent.h"

int main(int argc, char **argv)
{
	struct parent parent;

	parent_begin(&parent);
	return cli_main(&parent, argc, argv, environ);
}
