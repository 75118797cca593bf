/* SPDX-License-Identifier: MIT */
/* Completions of fish. */
#include "base/buf.h"
#include "cli/command.h"
#include "cli/completion.h"

#define COMPLETE "complete -c groundwork"
#define BEHIND   COMPLETE " -n '__groundwork_behind "

/* A word between single quotes, where \ and ' stand behind a backslash. */
static void add_quoted(struct buf *ret, const char *text)
{
	buf_putc(ret, '\'');
	for (; *text; text++) {
		if (*text == '\\' || *text == '\'')
			buf_putc(ret, '\\');
		buf_putc(ret, *text);
	}
	buf_putc(ret, '\'');
}

static void add_option(struct buf *ret, const struct option *option)
{
	buf_puts(ret, COMPLETE " -n __groundwork_behind");
	if (option->letter)
		buf_printf(ret, " -s %c", option->letter);
	buf_printf(ret, " -l %s -d ", option->name);
	add_quoted(ret, option->help);
	if (option->arg && option->choices) {
		buf_puts(ret, " -x -a '");
		completion_list(option->choices, ret);
		buf_puts(ret, "'");
	} else if (completion_is_directory(option)) {
		buf_puts(ret, " -x -a '(__fish_complete_directories)'");
	} else if (completion_is_path(option)) {
		buf_puts(ret, " -r -F");
	} else if (option->arg) {
		buf_puts(ret, " -x");
	}
	buf_putc(ret, '\n');
}

static void add_topic(struct buf *ret, const char *word, const char *summary)
{
	buf_printf(ret, BEHIND "explain' -a %s", word);
	if (summary) {
		buf_puts(ret, " -d ");
		add_quoted(ret, summary);
	}
	buf_putc(ret, '\n');
}

static const char opening[] =
	"# `groundwork completion fish` prints this.\n"
	"# Is the subcommand one of these (none: any; '': none yet), and the first\n"
	"# word of the application's command still to come? Then options are ours.\n"
	"function __groundwork_behind\n"
	"\tset -l words (commandline -opc)\n"
	"\tset -l command ''\n"
	"\twhile set -e words[1]; and set -q words[1]\n"
	"\t\tif contains -- $words[1] ";

static const char others[] = "\n"
			     "\t\t\tset -e words[1]\n"
			     "\t\telse if test \"$words[1]\" = --\n"
			     "\t\t\treturn 1\n"
			     "\t\telse if string match -qv -- '-*' $words[1]\n"
			     "\t\t\tcontains -- \"$command\" run exec; and return 1\n"
			     "\t\t\ttest -z \"$command\"; or continue\n"
			     "\t\t\tset command $words[1]\n"
			     "\t\t\tcontains -- $command";

static const char closing[] = "; or return 1\n"
			      "\t\tend\n"
			      "\tend\n"
			      "\tnot set -q argv[1]; or contains -- \"$command\" $argv\n"
			      "end\n";

void completion_fish(const struct command *commands, struct buf *ret)
{
	buf_puts(ret, opening);
	completion_valued(" ", ret);
	buf_puts(ret, others);
	for (const struct command *one = commands; one->name; one++)
		buf_printf(ret, " %s", one->name);
	buf_puts(ret, closing);
	buf_puts(ret, COMPLETE " -f\n" COMPLETE " -n 'not __groundwork_behind' -F\n");
	for (const struct option *option = option_table; option->name; option++)
		add_option(ret, option);
	for (const struct command *one = commands; one->name; one++) {
		buf_printf(ret, BEHIND "\"\"' -a %s -d ", one->name);
		add_quoted(ret, one->summary);
		buf_putc(ret, '\n');
	}
	completion_topics(add_topic, ret);
	buf_puts(ret, BEHIND "completion' -a '");
	completion_list(completion_shells, ret);
	buf_puts(ret, "'\n" BEHIND "run exec install' -F\n");
}
