/* SPDX-License-Identifier: MIT */
/* All that there is to explain, gathered. */
#include "cli/reference.h"

#include <string.h>

#include "base/buf.h"
#include "base/exit_code.h"
#include "base/str.h"
#include "cli/page.h"
#include "plan/settings.h"
#include "step/kinds.h"

const struct exit_meaning exit_meanings[] = {
	{EXIT_DONE, "done"},
	{EXIT_CHANGES, "`plan --exit-code`: something would or may change"},
	{EXIT_WRONG,
		"wrong usage or configuration: nothing was touched, a retry cannot help"},
	{EXIT_FAILED, "a step failed, or the system did: a retry may help"},
	{EXIT_NOT_EXECUTABLE, "the command was found and cannot be executed"},
	{EXIT_NOT_FOUND, "the command was not found"},
	{EXIT_SIGNAL(0), "plus n: ended or interrupted by signal n"},
	{0, NULL},
};

const struct variable variables[] = {
	{"GROUNDWORK_ENABLED", false, "no: start the application without any step"},
	{"GROUNDWORK_CPUS", false,
		"what `${GROUNDWORK_CPUS}` is, in place of the number found"},
	{"NO_COLOR", false, "set and not empty: no colours"},
	{"PATH", false, "where a command without a slash is looked up"},
	{"TMPDIR", false,
		"where the private directory of a `{file}` or `{dir}` may be made"},
	{"SQLITE_TMPDIR", false, "where SQLite's temporary files go, before TMPDIR"},
	{"GROUNDWORK_BASE", true, "the directory of `--base`, absolute"},
	{"GROUNDWORK_STEP", true, "the id of the step that runs the command"},
	{"GROUNDWORK_FORCE", true, "that id again, where `--force` names the step"},
	{"GROUNDWORK_RESULT", true, "the file in which the command may say what it did"},
	{"HOME", true, "of the user that it runs as, unless that is groundwork's own"},
	{0},
};

/* ---- topics ---- */

/* What is neither a kind nor settings. */
static const struct topic shared_topics[] = {
	{
		.name = "step",
		.header = "[KIND:NAME]",
		.summary = "one thing that must be in place: the keys of every kind",
		.fields = step_fields,
		.example = "[directory:data]\n"
			   "path = data\n"
			   "[exec:index]\n"
			   "description = the search index, made again where it is lost\n"
			   "command = touch {file}\n"
			   "creates = data/index\n"
			   "requires = directory:data\n"
			   "when = !env:NO_INDEX\n"
			   "timeout = 5min\n"
			   "retries = 5\n",
	},
	{
		.name = "defaults",
		.header = "[defaults:KIND]",
		.summary = "what steps of that kind have where they do not write it",
		.example = "[defaults:directory]\n"
			   "mode = 0750\n"
			   "[directory:data]\n"
			   "path = data\n",
	},
};

bool reference_topic(size_t index, struct topic *ret)
{
	const struct settings_section *settings = settings_sections;
	const struct kind *const *kind = kinds;

	for (; settings->name; settings++)
		if (index-- == 0) {
			*ret = (struct topic){
				.name = settings->name,
				.summary = settings->summary,
				.example = settings->example,
				.fields = settings->fields,
			};
			return true;
		}
	if (index < sizeof shared_topics / sizeof *shared_topics) {
		*ret = shared_topics[index];
		return true;
	}
	index -= sizeof shared_topics / sizeof *shared_topics;
	for (; *kind; kind++)
		if (index-- == 0) {
			*ret = (struct topic){
				.name = (*kind)->name,
				.summary = (*kind)->summary,
				.example = (*kind)->example,
				.fields = (*kind)->fields,
				.kind = *kind,
			};
			return true;
		}
	return false;
}

bool reference_find(const char *name, struct topic *ret)
{
	struct topic topic;

	for (size_t i = 0; reference_topic(i, &topic); i++)
		if (str_equal(topic.name, name)) {
			*ret = topic;
			return true;
		}
	return false;
}

const char *reference_header(const struct topic *topic, struct buf *room)
{
	if (topic->header)
		return topic->header;
	buf_truncate(room, 0);
	buf_printf(room, "[%s%s]", topic->name, topic->kind ? ":NAME" : "");
	return room->data;
}

const struct field *reference_common(const struct topic *topic)
{
	return topic->kind && !topic->kind->part_of ? step_fields : NULL;
}

/* ---- keys ---- */

/* Each kind has its place in the order. */
const char *reference_default(
	const struct topic *topic, const struct field *field, struct buf *room)
{
	if (!topic->kind || !str_equal(field->name, "order"))
		return field->def;
	buf_truncate(room, 0);
	buf_printf(room, "%d", topic->kind->order);
	return room->data;
}

/* A value that the key may have. */
static const char *value_of(const struct field *field)
{
	static const char *const values[] = {
		[FIELD_STRING] = "text",
		[FIELD_TEXT] = "text",
		[FIELD_PATH] = "data/app",
		[FIELD_PATHS] = "data/app data/cache",
		[FIELD_READ_PATH] = "app.template",
		[FIELD_READ_PATHS] = "app.env",
		[FIELD_MODE] = "0640",
		[FIELD_USER] = "nobody",
		[FIELD_GROUP] = "nogroup",
		[FIELD_BOOL] = "yes",
		[FIELD_DURATION] = "30s",
		[FIELD_COUNT] = "20",
		[FIELD_COMMAND] = "./server --quiet",
		[FIELD_COMMANDS] = "*.sh:sh {}",
		[FIELD_NAME] = "SECRET_KEY",
		[FIELD_NAMES] = "DB_PASSWORD API_TOKEN",
		[FIELD_GLOBS] = "DEBUG TEST_*",
		[FIELD_ENV] = "MODE=production",
		[FIELD_LINES] = "text of a line",
		[FIELD_CONDITIONS] = "env:DATA_DIR",
	};

	if (field->example)
		return field->example;
	if (field->type == FIELD_BOOL && field->def && str_equal(field->def, "yes"))
		return "no";
	/* One that says something: not the default. */
	for (size_t i = 0; field->type == FIELD_ENUM && field->choices[i]; i++)
		if (!field->def || !str_equal(field->choices[i], field->def))
			return field->choices[i];
	if (field->type == FIELD_ENUM)
		return field->choices[0];
	return values[field->type];
}

static bool sets(const char *line, size_t size, const char *key)
{
	size_t name = strlen(key);

	return size > name && strncmp(line, key, name) == 0 &&
		line[name + strspn(line + name, " ")] == '=';
}

/* The header and the lines of the key, as the topic's own example has them. */
static bool copy_lines(const char *example, const char *key, struct buf *ret)
{
	const char *header = example;
	size_t header_size = strcspn(example, "\n");
	const char *line;
	size_t size;
	bool found = false;

	while (page_next_line(&example, &line, &size)) {
		if (*line == '[') {
			header = line;
			header_size = size;
		}
		if (found && *line != ' ')
			return true;
		if (!found && sets(line, size, key)) {
			found = true;
			buf_printf(ret, "%.*s\n", (int)header_size, header);
		}
		if (found)
			buf_printf(ret, "%.*s\n", (int)size, line);
	}
	return found;
}

void reference_example(
	const struct topic *topic, const struct field *field, struct buf *ret)
{
	CLEANUP_BUF struct buf room = BUF_INIT;

	if (!copy_lines(topic->example, field->name, ret))
		buf_printf(ret, "%s\n%s = %s\n", reference_header(topic, &room),
			field->name, value_of(field));
}
