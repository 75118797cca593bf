/* SPDX-License-Identifier: MIT */
/* The subcommand completion: a script for a shell. */
#include "cli/completion.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/exit_code.h"
#include "base/str.h"
#include "cli/command.h"
#include "cli/manual.h"
#include "cli/reference.h"

const struct completion completions[] = {
	{"bash", completion_bash},
	{"fish", completion_fish},
	{"zsh", completion_zsh},
	{0},
};

bool completion_is_directory(const struct option *option)
{
	return option->arg && str_equal(option->arg, "DIR");
}

bool completion_is_path(const struct option *option)
{
	return option->arg && str_equal(option->arg, "PATH");
}

static void add_keys(const struct topic *topic, const struct field *fields,
	void (*add)(struct buf *ret, const char *word, const char *summary),
	struct buf *ret)
{
	for (; fields && fields->name; fields++) {
		CLEANUP_BUF struct buf word = BUF_INIT;

		buf_printf(&word, "%s.%s", topic->name, fields->name);
		add(ret, word.data, NULL);
	}
}

void completion_topics(
	void (*add)(struct buf *ret, const char *word, const char *summary),
	struct buf *ret)
{
	struct topic topic;

	for (const struct manual *manual = manuals; manual->name; manual++)
		add(ret, manual->name, manual->summary);
	for (size_t i = 0; reference_topic(i, &topic); i++) {
		add(ret, topic.name, topic.summary);
		add_keys(&topic, topic.fields, add, ret);
		add_keys(&topic, reference_common(&topic), add, ret);
	}
}

void completion_choices(const struct option *option, struct buf *ret)
{
	for (size_t i = 0; option->choices[i]; i++)
		buf_printf(ret, "%s%s", i ? " " : "", option->choices[i]);
}

int command_completion(struct cli *cli, const struct worker *worker)
{
	char **words = cli->options.words;
	const struct completion *one = completions;
	CLEANUP_BUF struct buf text = BUF_INIT;

	(void)worker;
	while (words && one->name && !str_equal(one->name, words[0]))
		one++;
	if (!words || !one->name || words[1]) {
		log_error(&cli->log, "completion takes one word: bash, fish or zsh");
		return EXIT_WRONG;
	}
	one->print(cli->commands, &text);
	return command_print(cli, &text);
}
