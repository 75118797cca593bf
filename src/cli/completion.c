/* SPDX-License-Identifier: MIT */
/* The subcommand completion: a script for a shell. */
#include "cli/completion.h"

#include "base/buf.h"
#include "base/exit_code.h"
#include "base/str.h"
#include "cli/command.h"

static const struct {
	const char *shell;
	void (*print)(const struct command *commands, struct buf *ret);
} scripts[] = {
	{"bash", completion_bash},
	{"fish", completion_fish},
	{"zsh", completion_zsh},
};

int command_completion(struct cli *cli, const struct worker *worker)
{
	char **words = cli->options.words;
	CLEANUP_BUF struct buf text = BUF_INIT;

	(void)worker;
	for (size_t i = 0; words && !words[1] && i < sizeof scripts / sizeof *scripts;
		i++)
		if (str_equal(scripts[i].shell, words[0])) {
			scripts[i].print(cli->commands, &text);
			return command_print(cli, &text);
		}
	log_error(&cli->log, "completion takes one word: bash, fish or zsh");
	return EXIT_WRONG;
}
