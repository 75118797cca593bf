/* SPDX-License-Identifier: MIT */
/* --help and --version. */
#include "cli/help.h"

#include "base/buf.h"
#include "base/crypto.h"
#include "base/exit_code.h"
#include "base/version.h"
#include "cli/command.h"
#include "db/db.h"

static const struct {
	int code;
	const char *meaning;
} exits[] = {
	{EXIT_DONE, "done"},
	{EXIT_CHANGES, "plan --exit-code: something would change"},
	{EXIT_WRONG, "wrong usage or configuration: a retry cannot help"},
	{EXIT_FAILED, "a step failed: a retry may help"},
	{EXIT_NOT_EXECUTABLE, "the command was found and could not be run"},
	{EXIT_NOT_FOUND, "the command was not found"},
	{EXIT_SIGNAL(0), "plus n: ended by signal n; else the application's own"},
};

static void add_options(struct buf *to)
{
	for (const struct option *one = option_table; one->name; one++) {
		CLEANUP_BUF struct buf left = BUF_INIT;

		if (one->letter)
			buf_printf(&left, "-%c, ", one->letter);
		else
			buf_puts(&left, "    ");
		buf_printf(&left, "--%s%s%s", one->name, one->arg ? " " : "",
			one->arg ? one->arg : "");
		buf_printf(to, "  %-22s %s", left.data, one->help);
		if (one->env)
			buf_printf(to, " [%s]", one->env);
		buf_putc(to, '\n');
	}
}

void help_text(const struct command *commands, struct buf *ret)
{
	buf_puts(ret,
		"groundwork lays the ground that an application stands on, then becomes "
		"or supervises it.\n\nUsage:\n");
	for (const struct command *one = commands; one->name; one++)
		buf_printf(ret, "  groundwork [OPTION…] %-7s %-18s %s\n", one->name,
			one->synopsis, one->summary);
	buf_puts(ret,
		"\nThe first word that is neither an option nor a subcommand, and '--', "
		"begin the COMMAND.\n\nOptions:\n");
	add_options(ret);
	buf_puts(ret,
		"\nGROUNDWORK_ENABLED=no starts the application without any "
		"step.\n\nExit codes:\n");
	for (size_t i = 0; i < sizeof exits / sizeof *exits; i++)
		buf_printf(ret, "  %3d  %s\n", exits[i].code, exits[i].meaning);
}

void help_version(struct buf *ret)
{
	buf_printf(
		ret, "groundwork %s\n%s\n%s\n", VERSION, db_version(), crypto_version());
}
