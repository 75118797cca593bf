/* SPDX-License-Identifier: MIT */
/* Completions of zsh: its completion system, compinit. */
#include <string.h>

#include "base/buf.h"
#include "cli/command.h"
#include "cli/completion.h"

/* A piece of a specification between single quotes: what is special there is escaped. */
static void add_escaped(struct buf *ret, const char *text)
{
	for (; *text; text++) {
		if (strchr("[]:\\", *text))
			buf_putc(ret, '\\');
		if (*text == '\'')
			buf_puts(ret, "'\\'");
		buf_putc(ret, *text);
	}
}

static void add_option(struct buf *ret, const struct option *option)
{
	if (option->letter)
		buf_printf(ret, "\t\t'*'{-%c%s,--%s%s}'[", option->letter,
			option->arg ? "+" : "", option->name, option->arg ? "=" : "");
	else
		buf_printf(ret, "\t\t'*--%s%s[", option->name, option->arg ? "=" : "");
	add_escaped(ret, option->help);
	buf_putc(ret, ']');
	if (option->arg)
		buf_printf(ret, ":%s:", option->arg);
	if (option->arg && option->choices) {
		buf_putc(ret, '(');
		completion_list(option->choices, ret);
		buf_putc(ret, ')');
	} else if (completion_is_directory(option)) {
		buf_puts(ret, "_files -/");
	} else if (completion_is_path(option)) {
		buf_puts(ret, "_files");
	}
	buf_puts(ret, "' \\\n");
}

static void add_topic(struct buf *ret, const char *word, const char *summary)
{
	if (!summary)
		return;
	buf_printf(ret, "\t\t'%s:", word);
	add_escaped(ret, summary);
	buf_puts(ret, "'\n");
}

static void add_key(struct buf *ret, const char *word, const char *summary)
{
	if (!summary)
		buf_printf(ret, "\t\t%s\n", word);
}

/* Behind the first word of the application's command no option is ours. */
static const char words_of_ours[] = "\t)\n"
				    "\tfor ((at = 2; at < CURRENT && !first; at++)); do\n"
				    "\t\tcase $words[at] in\n"
				    "\t\t(";

static const char words_of_others[] =
	")\n"
	"\t\t\t((at++)) ;;\n"
	"\t\t(--) ((first = at + 1)) ;;\n"
	"\t\t(-*) ;;\n"
	"\t\t(*)\n"
	"\t\t\t[[ $command != (run|exec) ]] || ((first = at))\n"
	"\t\t\t[[ -n $command || -n $commands[(r)$words[at]:*] ]] || ((first = at))\n"
	"\t\t\tcommand=${command:-$words[at]} ;;\n"
	"\t\tesac\n"
	"\tdone\n"
	"\tif ((first)); then\n"
	"\t\tshift $((first - 1)) words\n"
	"\t\t((CURRENT -= first - 1))\n"
	"\t\t_normal\n"
	"\t\treturn\n"
	"\tfi\n"
	"\t_arguments -C \\\n";

static const char closing[] = " ;;\n"
			      "\targument:(run|exec)) _command_names -e || _files ;;\n"
			      "\targument:install) _files ;;\n"
			      "\tesac\n"
			      "}\n"
			      "if [[ $funcstack[1] == _groundwork ]]; then\n"
			      "\t_groundwork \"$@\"\n"
			      "else\n"
			      "\tcompdef _groundwork groundwork\n"
			      "fi\n";

void completion_zsh(const struct command *commands, struct buf *ret)
{
	buf_puts(ret,
		"#compdef groundwork\n"
		"# `groundwork completion zsh` prints this.\n"
		"_groundwork() {\n"
		"\tlocal curcontext=$curcontext state line\n"
		"\tlocal -i at first\n"
		"\tlocal command\n"
		"\tlocal -a commands topics keys\n"
		"\tcommands=(\n");
	for (const struct command *one = commands; one->name; one++)
		add_topic(ret, one->name, one->summary);
	buf_puts(ret, "\t)\n\ttopics=(\n");
	completion_topics(add_topic, ret);
	buf_puts(ret, "\t)\n\tkeys=(\n");
	completion_topics(add_key, ret);
	buf_puts(ret, words_of_ours);
	completion_valued("|", ret);
	buf_puts(ret, words_of_others);
	for (const struct option *option = option_table; option->name; option++)
		add_option(ret, option);
	buf_puts(ret,
		"\t\t'1:command:->command' '*:argument:->argument' && return\n"
		"\tcase $state:$line[1] in\n"
		"\tcommand:*) _describe command commands ;;\n"
		"\targument:explain)\n"
		"\t\t_describe topic topics\n"
		"\t\t[[ $PREFIX != *.* ]] || _describe key keys\n"
		"\t\t;;\n"
		"\targument:completion) _values shell ");
	completion_list(completion_shells, ret);
	buf_puts(ret, closing);
}
