/* SPDX-License-Identifier: MIT */
/* What the completion scripts of all shells are made of. */
#include "cli/completion.h"

#include "base/buf.h"
#include "base/str.h"
#include "cli/manual.h"
#include "cli/options.h"
#include "cli/reference.h"

const char *const completion_shells[] = {"bash", "fish", "zsh", NULL};

bool completion_is_directory(const struct option *option)
{
	return option->arg && str_equal(option->arg, "DIR");
}

bool completion_is_path(const struct option *option)
{
	return option->arg && str_equal(option->arg, "PATH");
}

void completion_names(const struct option *option, const char *between, struct buf *ret)
{
	if (option->letter)
		buf_printf(ret, "-%c%s", option->letter, between);
	buf_printf(ret, "--%s", option->name);
}

void completion_valued(const char *between, struct buf *ret)
{
	const char *before = "";

	for (const struct option *option = option_table; option->name; option++)
		if (option->arg) {
			buf_puts(ret, before);
			completion_names(option, between, ret);
			before = between;
		}
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

	for (const struct manual *manual = manuals; manual->text; manual++)
		add(ret, manual->title.name, manual->title.summary);
	for (size_t i = 0; reference_topic(i, &topic); i++) {
		add(ret, topic.name, topic.summary);
		add_keys(&topic, topic.fields, add, ret);
		add_keys(&topic, reference_common(&topic), add, ret);
	}
}

void completion_list(const char *const *words, struct buf *ret)
{
	for (size_t i = 0; words[i]; i++)
		buf_printf(ret, "%s%s", i ? " " : "", words[i]);
}
