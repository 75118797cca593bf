/* SPDX-License-Identifier: MIT */
/* Completions of bash: programmable completion, without the package bash-completion. */
#include "base/buf.h"
#include "cli/command.h"
#include "cli/completion.h"

/* What the value of an option is completed from, behind it. */
static void add_values(struct buf *ret)
{
	for (const struct option *option = option_table; option->name; option++) {
		if (!option->arg)
			continue;
		buf_puts(ret, "\t");
		completion_names(option, "|", ret);
		if (option->choices) {
			buf_puts(ret, ") _groundwork_reply -W \"");
			completion_list(option->choices, ret);
			buf_puts(ret, "\"");
		} else if (completion_is_directory(option)) {
			buf_puts(ret, ") _groundwork_reply -d");
		} else if (completion_is_path(option)) {
			buf_puts(ret, ") _groundwork_reply -f");
		} else {
			buf_puts(ret, ") COMPREPLY=()");
		}
		buf_puts(ret, "; return ;;\n");
	}
}

static void add_topic(struct buf *ret, const char *word, const char *summary)
{
	if (summary)
		buf_printf(ret, "%s ", word);
}

static void add_key(struct buf *ret, const char *word, const char *summary)
{
	if (!summary)
		buf_printf(ret, "%s ", word);
}

static void add_lists(const struct command *commands, struct buf *ret)
{
	buf_puts(ret, "\tlocal options=\"");
	for (const struct option *option = option_table; option->name; option++)
		buf_printf(
			ret, "%s--%s", option == option_table ? "" : " ", option->name);
	buf_puts(ret, "\"\n\tlocal commands=\"");
	for (const struct command *one = commands; one->name; one++)
		buf_printf(ret, "%s%s", one == commands ? "" : " ", one->name);
	buf_puts(ret, "\"\n\tlocal topics=\"");
	completion_topics(add_topic, ret);
	buf_puts(ret, "\"\n\tlocal keys=\"");
	completion_topics(add_key, ret);
	buf_puts(ret, "\"\n\tlocal shells=\"");
	completion_list(completion_shells, ret);
	buf_puts(ret, "\"\n");
}

static const char opening[] =
	"# `groundwork completion bash` prints this.\n"
	"_groundwork_reply() {\n"
	"\t[[ $1 == -W ]] || compopt -o filenames 2>/dev/null\n"
	"\tmapfile -t COMPREPLY < <(IFS=$' \\n'; compgen \"$@\" -- \"$cur\")\n"
	"}\n"
	"_groundwork() {\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]}\n"
	"\tlocal prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	"\tlocal command= first= word at=1\n";

static const char words[] =
	"\t# Behind the first word of the application's command, no option is ours.\n"
	"\twhile ((at < COMP_CWORD)); do\n"
	"\t\tword=${COMP_WORDS[at]}\n"
	"\t\tat=$((at + 1))\n"
	"\t\tcase $word in\n"
	"\t\t";

static const char others[] =
	")\n"
	"\t\t\t# bash takes --name=value for three words.\n"
	"\t\t\t[[ ${COMP_WORDS[at]} != = ]] || at=$((at + 1))\n"
	"\t\t\tat=$((at + 1)) ;;\n"
	"\t\t--) first=$at; break ;;\n"
	"\t\t-*) ;;\n"
	"\t\t*)\n"
	"\t\t\t[[ $command == @(run|exec) ]] && first=$((at - 1))\n"
	"\t\t\t[[ $command || \" $commands \" == *\" $word \"* ]] || first=$((at - 1))\n"
	"\t\t\t[[ -z $first ]] || break\n"
	"\t\t\tcommand=${command:-$word} ;;\n"
	"\t\tesac\n"
	"\tdone\n"
	"\tcase $first in\n"
	"\t'') ;;\n"
	"\t\"$COMP_CWORD\") _groundwork_reply -c; return ;;\n"
	"\t*) _groundwork_reply -f; return ;;\n"
	"\tesac\n"
	"\t[[ $cur != = ]] || cur=\n"
	"\t[[ $prev != = ]] || prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
	"\tcase $prev in\n";

static const char replies[] = "\tesac\n"
			      "\tcase $command:$cur in\n"
			      "\t*:-*) _groundwork_reply -W \"$options\" ;;\n"
			      "\t:*) _groundwork_reply -W \"$commands\" ;;\n"
			      "\texplain:*.*) _groundwork_reply -W \"$topics $keys\" ;;\n"
			      "\texplain:*) _groundwork_reply -W \"$topics\" ;;\n"
			      "\tcompletion:*) _groundwork_reply -W \"$shells\" ;;\n"
			      "\trun:* | exec:*) _groundwork_reply -c ;;\n"
			      "\tinstall:*) _groundwork_reply -f ;;\n"
			      "\tesac\n"
			      "}\n"
			      "complete -F _groundwork groundwork\n";

void completion_bash(const struct command *commands, struct buf *ret)
{
	buf_puts(ret, opening);
	add_lists(commands, ret);
	buf_puts(ret, words);
	completion_valued("|", ret);
	buf_puts(ret, others);
	add_values(ret);
	buf_puts(ret, replies);
}
