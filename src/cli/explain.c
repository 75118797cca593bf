/* SPDX-License-Identifier: MIT */
/* The subcommand explain: kinds, sections and keys, printed from their tables. */
#include "cli/explain.h"

#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/exit_code.h"
#include "base/fd.h"
#include "base/str.h"
#include "cli/command.h"
#include "cli/manual.h"
#include "conf/field.h"
#include "conf/suggest.h"
#include "plan/log_member.h"
#include "plan/report_member.h"
#include "step/kinds.h"
#include "step/step.h"

#define NAMES_MAX 256

/* What a word of `explain` names. */
struct subject {
	const struct command *commands;
	struct topic topic;
	const struct field *field; /* NULL: the whole topic */
	const struct manual *manual;
	const char *about; /* a word that the manuals mention, or NULL */
	struct buf lead;   /* how the keys of that name are explained */
	bool all;          /* no word: everything */
};

/* ---- pages ---- */

static void print_all(struct page *page)
{
	page_text(page,
		"`groundwork explain` with a word of this list prints its keys and an "
		"example; with one like `file.mode` or `app.stop_timeout`, a key.");
	explain_topics(page);
	page_text(page,
		"`groundwork explain groundwork` and `groundwork explain groundwork.ini` "
		"print the manuals; with any other word, what they say of it.");
}

static void print_topic(struct page *page, const struct topic *topic)
{
	const struct field *common = reference_common(topic);

	if (topic->fields)
		page_heading(page, 1, "Keys");
	explain_keys(page, topic, topic->fields);
	if (common) {
		CLEANUP_BUF struct buf text = BUF_INIT;

		buf_puts(&text, "And those of every step (`groundwork explain step`): ");
		for (const struct field *field = common; field->name; field++) {
			buf_printf(&text, "%s`%s`", field == common ? "" : ", ",
				field->name);
			if (str_equal(field->name, "order"))
				buf_printf(&text, " (default %d)", topic->kind->order);
		}
		buf_putc(&text, '.');
		page_text(page, text.data);
	}
	page_heading(page, 1, "Example");
	page_code(page, topic->example);
}

static void print_key(
	struct page *page, const struct topic *topic, const struct field *field)
{
	CLEANUP_BUF struct buf type = BUF_INIT;
	CLEANUP_BUF struct buf example = BUF_INIT;

	explain_type(topic, field, &type);
	page_text(page, type.data);
	reference_example(topic, field, &example);
	page_heading(page, 1, "Example");
	page_code(page, example.data);
}

static void print_page(
	const struct subject *subject, const struct page_format *format, struct buf *ret)
{
	CLEANUP_BUF struct buf name = BUF_INIT;
	CLEANUP_BUF struct buf room = BUF_INIT;
	struct page_title title = manual_find("groundwork.ini")->title;
	struct page page;

	if (subject->manual) {
		manual_print(subject->manual, subject->commands, format, ret);
		return;
	}
	if (subject->about) {
		(void)manual_print_about(subject->about, subject->lead.data,
			subject->commands, format, ret); /* find_subject() has looked */
		return;
	}
	if (subject->all) {
		title.summary = "sections of the configuration, and kinds of steps";
	} else {
		buf_puts(&name, reference_header(&subject->topic, &room));
		if (subject->field)
			buf_printf(&name, " %s", subject->field->name);
		title.name = name.data;
		title.summary =
			subject->field ? subject->field->help : subject->topic.summary;
	}
	page_begin(&page, format, ret, &title);
	if (subject->all)
		print_all(&page);
	else if (subject->field)
		print_key(&page, &subject->topic, subject->field);
	else
		print_topic(&page, &subject->topic);
	page_end(&page);
}

static void print_json(const struct subject *subject, struct buf *ret)
{
	if (subject->all)
		explain_json_all(subject->commands, ret);
	else if (subject->field)
		explain_json_key(&subject->topic, subject->field, ret);
	else
		explain_json_topic(&subject->topic, ret);
	buf_putc(ret, '\n');
}

/* ---- what is meant ---- */

static const struct field *find_key(const struct topic *topic, const char *name)
{
	const struct field *field = field_find(topic->fields, name);

	return field ? field : field_find(reference_common(topic), name);
}

static size_t add_keys(const struct field *field, const char **names, size_t n)
{
	for (; field && field->name && n < NAMES_MAX - 1; field++)
		names[n++] = field->name;
	return n;
}

static int unknown_key(const struct topic *topic, const char *name, struct err *err)
{
	const char *names[NAMES_MAX] = {0};
	char room[STR_SUGGEST_SIZE];
	const char *suggestion;

	add_keys(reference_common(topic), names, add_keys(topic->fields, names, 0));
	suggestion = str_suggest(name, names, room);
	return err_set(err, ERR_USAGE,
		"'%s' has no key '%s'%s `groundwork explain %s` lists all", topic->name,
		name, *suggestion ? suggestion : ";", topic->name);
}

/* The key that may be meant, where it is none of a word; or NULL. */
static const struct field *near_key(const struct field *fields, const char *name)
{
	const struct field *found = suggest_renamed(fields, name);
	const char *names[NAMES_MAX] = {0};
	const char *near;

	if (found)
		return found;
	add_keys(fields, names, 0);
	near = str_nearest(name, names);
	return near ? field_find(fields, near) : NULL;
}

/* The same of all topics, those of every step first. */
static const struct field *find_near_key(const char *name)
{
	const struct field *found = near_key(step_fields, name);
	struct topic topic;

	for (size_t i = 0; !found && reference_topic(i, &topic); i++)
		found = near_key(topic.fields, name);
	return found;
}

/* A key without its section, or a word that was mistyped; `name` is it up to a dot. */
static int unknown_topic(const char *name, const char *word, struct err *err)
{
	const char *names[NAMES_MAX] = {0};
	struct topic topic;
	char room[STR_SUGGEST_SIZE];
	const struct field *key;
	const char *suggestion;
	size_t n = 0, topics;

	for (size_t i = 0; reference_topic(i, &topic) && n < NAMES_MAX / 2; i++) {
		if (field_find(topic.fields, name))
			return err_set(err, ERR_USAGE,
				"'%s' is a key; did you mean '%s.%s'? `groundwork "
				"explain` lists the sections",
				name, topic.name, name);
		names[n++] = topic.name;
	}
	topics = n;
	for (const struct manual *manual = manuals; manual->text; manual++)
		names[n++] = manual->title.name;
	/* A dot may be in the name of a manual, which has no keys. */
	if (manual_find(name) || str_nearest(word, names + topics))
		name = word;
	suggestion = str_suggest(name, names, room);
	key = *suggestion ? NULL : find_near_key(name);
	if (key)
		return err_set(err, ERR_USAGE,
			"there is no kind, section or key '%s'; did you mean "
			"`groundwork explain %s`?",
			name, key->name);
	return err_set(err, ERR_USAGE,
		"there is no kind or section '%s'%s `groundwork explain` lists all", name,
		*suggestion ? suggestion : ";");
}

/* Do the manuals mention it? Names the keys that are called so. */
static bool find_mention(const char *word, struct subject *ret)
{
	CLEANUP_BUF struct buf unused = BUF_INIT;
	struct topic topic;

	for (size_t i = 0; reference_topic(i, &topic); i++)
		if (field_find(topic.fields, word))
			buf_printf(&ret->lead, "%s`groundwork explain %s.%s`",
				ret->lead.len ? ", " : "A key: ", topic.name, word);
	if (ret->lead.len)
		buf_putc(&ret->lead, '.');
	if (!manual_print_about(word, "", ret->commands, &page_text_format, &unused))
		return false;
	ret->about = word;
	return true;
}

/* A manual, KIND, KIND.KEY, a word that the manuals mention, or nothing. */
static int find_subject(
	const struct options *options, struct subject *ret, struct err *err)
{
	const char *word = options->words ? options->words[0] : NULL;
	CLEANUP_BUF struct buf name = BUF_INIT;
	size_t size = word ? strcspn(word, ".") : 0;

	ret->all = !word;
	if (!word)
		return 0;
	if (options->words[1])
		return err_set(err, ERR_USAGE,
			"explain takes one word at most: a manual, KIND, KIND.KEY or any "
			"other");
	ret->manual = manual_find(word);
	buf_add(&name, word, size);
	if (!ret->manual && !reference_find(name.data, &ret->topic) &&
		!find_mention(word, ret))
		return unknown_topic(name.data, word, err);
	if ((ret->manual || ret->about) && options->format == OUTPUT_JSON)
		return err_set(err, ERR_USAGE,
			"a manual is text, markdown or mdoc; `groundwork explain "
			"--format json` has the tables behind it");
	if (ret->manual || ret->about || !word[size])
		return 0;
	ret->field = find_key(&ret->topic, word + size + 1);
	return ret->field ? 0 : unknown_key(&ret->topic, word + size + 1, err);
}

static int print_schema(const struct cli *cli)
{
	static const struct {
		const char *word;
		void (*print)(struct buf *ret);
	} schemas[] = {{"report", report_schema}, {"plan", forecast_schema},
		{"log", log_schema}};
	CLEANUP_BUF struct buf text = BUF_INIT;
	char **words = cli->options.words;

	for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++) {
		if (!words || !*words || words[1] || !str_equal(*words, schemas[i].word))
			continue;
		schemas[i].print(&text);
		return command_print(cli, &text);
	}
	log_error(&cli->log,
		"json-schema is of the report, of a plan and of the log: write "
		"`groundwork explain --format json-schema report`, or `plan`, or `log`");
	return EXIT_WRONG;
}

int command_explain(struct cli *cli, const struct worker *worker)
{
	static const struct page_format *const formats[] = {
		[OUTPUT_TEXT] = &page_text_format,
		[OUTPUT_MARKDOWN] = &page_markdown_format,
		[OUTPUT_MDOC] = &page_mdoc_format,
	};
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct subject subject = {.commands = cli->commands, .lead = BUF_INIT};
	DECLARE_ERR(err);

	(void)worker;
	if (cli->options.format == OUTPUT_JSON_SCHEMA) {
		buf_release(&subject.lead);
		return print_schema(cli);
	}
	if (find_subject(&cli->options, &subject, &err) < 0) {
		log_err(&cli->log, LOG_ERROR, &err);
		buf_release(&subject.lead);
		return exit_code_of_error(&err);
	}
	if (cli->options.format == OUTPUT_JSON)
		print_json(&subject, &text);
	else
		print_page(&subject, formats[cli->options.format], &text);
	buf_release(&subject.lead);
	return command_print(cli, &text);
}
