/* SPDX-License-Identifier: MIT */
/* The subcommand completion: a script for a shell. */
#include "cli/completion.h"

#include "base/buf.h"
#include "base/exit_code.h"
#include "base/str.h"
#include "cli/command.h"

/* In the order of completion_shells. */
static void (*const print[])(const struct command *commands, struct buf *ret) = {
	completion_bash, completion_fish, completion_zsh};

int command_completion(struct cli *cli, const struct worker *worker)
{
	char **words = cli->options.words;
	CLEANUP_BUF struct buf text = BUF_INIT;
	size_t shell = 0;

	(void)worker;
	while (words && completion_shells[shell] &&
		!str_equal(completion_shells[shell], words[0]))
		shell++;
	if (!words || !completion_shells[shell] || words[1]) {
		log_error(&cli->log, "completion takes one word: bash, fish or zsh");
		return EXIT_WRONG;
	}
	print[shell](cli->commands, &text);
	return command_print(cli, &text);
}
