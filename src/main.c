/* SPDX-License-Identifier: MIT */
/* The beginning: every signal is blocked before anything else can happen. */
#include <unistd.h>

#include "base/relro.h"
#include "cli/cli.h"
#include "net/child.h"
#include "net/network.h"
#include "proc/startup.h"

int main(int argc, char **argv)
{
	struct startup startup;

	startup_begin(&startup);
	relro_protect();
	if (net_child_is_asked(argv))
		return network_main();
	return cli_main(&startup, argc, argv, environ);
}
