/* SPDX-License-Identifier: MIT */
/* What a module's manifest requires, made into lines of a drop-in. */
#include "conf/manifest.h"

#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "base/path.h"
#include "base/problems.h"
#include "base/str.h"
#include "conf/merge.h"
#include "conf/module.h"

#define MIGRATIONS "migrations"
#define TEMPLATES  "templates"

struct manifest {
	const struct module *module;
	const struct json *json;
	struct json_mark *mark; /* where the last place was */
	struct merge *merge;
};

static struct place place_of(const struct manifest *manifest, size_t token)
{
	return json_place_next(
		manifest->json, manifest->json->tokens[token].start, manifest->mark);
}

/* Is a member's name this one? Escapes in it are decoded: \u0062 is a b, too. */
static bool is_name(const struct json *json, size_t token, const char *name)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	json_decode(json, token, &text);
	return text.len == strlen(name) && str_equal(text.data, name);
}

static const char *decode(const struct manifest *manifest, size_t token)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	json_decode(manifest->json, token, &text);
	if (memchr(text.data, '\0', text.len))
		problems_add(manifest->merge->problems, place_of(manifest, token),
			"a NUL character, which no value can have");
	return arena_strdup(manifest->merge->arena, text.data);
}

/* ---- lines ---- */

static void open_section(struct merge *merge, const char *id, struct place at)
{
	const struct reader_line line = {.section = id, .at = at};

	merge_line(merge, &line);
}

/* `dir` is where paths that are read begin. */
static void assign(struct merge *merge, const char *key, const char *text,
	const char *dir, struct place at)
{
	struct value *value = arena_alloc(merge->arena, sizeof *value);
	struct reader_line line = {.key = key, .at = at};

	*value = (struct value){
		.at = at,
		.text_at = at,
		.dir = dir,
		.flat = text,
		.text = arena_printf(
			merge->arena, "%s%s", text, str_ends(text, "\n") ? "" : "\n"),
	};
	if (*text)
		line.value = value;
	merge_line(merge, &line);
}

static void set(
	struct manifest *manifest, const char *key, const char *text, struct place at)
{
	assign(manifest->merge, key, text, manifest->module->path, at);
}

/* ---- items ---- */

/* The text of a value as a drop-in has it, or NULL where it is none. */
static const char *value_text(const struct manifest *manifest, size_t token)
{
	const struct json_token *tokens = manifest->json->tokens;
	struct arena *arena = manifest->merge->arena;
	CLEANUP_BUF struct buf lines = BUF_INIT;

	switch (tokens[token].type) {
	case JSON_STRING:
		return decode(manifest, token);
	case JSON_ARRAY:
		for (size_t i = token + 1; i < tokens[token].next; i = tokens[i].next) {
			if (tokens[i].type != JSON_STRING)
				return NULL;
			buf_printf(&lines, "%s%s", lines.len ? "\n" : "",
				decode(manifest, i));
		}
		return arena_strdup(arena, lines.len ? lines.data : "");
	case JSON_NULL:
		return "";
	case JSON_OBJECT:
		return NULL;
	default:
		return arena_memdup(arena, manifest->json->text + tokens[token].start,
			tokens[token].end - tokens[token].start);
	}
}

/* The members of an object are keys. Returns its path, or NULL. */
static const char *read_keys(struct manifest *manifest, size_t token, bool *ret_has_text)
{
	static const char *const texts[] = {
		"template", "source", "content", "set", "from_env", NULL};
	const struct json_token *tokens = manifest->json->tokens;
	const char *path = NULL;

	for (size_t i = token + 1; i < tokens[token].next; i = tokens[i].next) {
		const char *key = decode(manifest, i);
		const char *text = value_text(manifest, i + 1);

		if (!text) {
			problems_add(manifest->merge->problems, place_of(manifest, i),
				"%s: a value is a text, a number, true, false, null or "
				"an array of texts",
				key);
			continue;
		}
		if (str_equal(key, "path"))
			path = text;
		for (size_t k = 0; texts[k]; k++)
			*ret_has_text |= str_equal(texts[k], key);
		set(manifest, key, text, place_of(manifest, i));
	}
	return path;
}

/* The template that belongs to a file of this path, below the module's directory. */
static const char *find_template(const struct manifest *manifest, const char *path)
{
	struct arena *arena = manifest->merge->arena;
	const char *whole = arena_printf(arena, TEMPLATES "/%s", path);
	const char *named = arena_printf(arena, TEMPLATES "/%s", path_base(path));

	if (*path != '/' && !path_leads_up(path) && module_has(manifest->module, whole))
		return whole;
	return module_has(manifest->module, named) ? named : NULL;
}

/* A path, or an object of keys. */
static void read_item(
	struct manifest *manifest, const char *kind, size_t number, size_t token)
{
	const struct json_token *item = &manifest->json->tokens[token];
	struct place at = place_of(manifest, token);
	bool has_text = !str_equal(kind, "file");
	const char *path = NULL;
	const char *found;

	if (item->type != JSON_STRING && item->type != JSON_OBJECT) {
		problems_add(manifest->merge->problems, at,
			"an item is a path, or an object with keys of [%s:NAME]", kind);
		return;
	}
	open_section(manifest->merge,
		arena_printf(manifest->merge->arena, "%s:%zu", kind, number), at);
	if (item->type == JSON_OBJECT) {
		path = read_keys(manifest, token, &has_text);
	} else {
		path = decode(manifest, token);
		set(manifest, "path", path, at);
	}
	found = path && !has_text ? find_template(manifest, path) : NULL;
	if (found)
		set(manifest, "template", found, at);
}

static void read_items(struct manifest *manifest, const char *kind, size_t token)
{
	const struct json_token *tokens = manifest->json->tokens;
	size_t number = 0;

	if (tokens[token].type != JSON_ARRAY) {
		problems_add(manifest->merge->problems, place_of(manifest, token),
			"this is an array of paths");
		return;
	}
	for (size_t i = token + 1; i < tokens[token].next; i = tokens[i].next)
		read_item(manifest, kind, ++number, i);
}

/* ---- databases ---- */

static void read_database(
	struct manifest *manifest, size_t token, struct manifest_database *ret)
{
	struct place at = place_of(manifest, token);
	const char *name = manifest->json->tokens[token].type == JSON_STRING
		? decode(manifest, token)
		: "";

	if (!is_section_name(name)) {
		problems_add(manifest->merge->problems, at,
			"database: this is the NAME of a [database:NAME]");
		return;
	}
	*ret = (struct manifest_database){.name = name, .at = at};
	if (!module_has(manifest->module, MIGRATIONS))
		return;
	open_section(manifest->merge, "migrations:" MIGRATIONS, at);
	set(manifest, "database", name, at);
	set(manifest, "path", MIGRATIONS, at);
}

void manifest_declare(const struct manifest_database *database, const char *module,
	const struct value *directory, struct merge *merge)
{
	const char *name = database->name;

	if (merge_find(merge, "database",
		    arena_printf(merge->arena, "%s/%s", module, name)) ||
		merge_find(merge, "database", name))
		return;
	if (!directory) {
		problems_add(merge->problems, database->at,
			"there is no [database:%s]: declare it, or name a directory for "
			"such databases by `databases` in [bootstrap]",
			name);
		return;
	}
	open_section(
		merge, arena_printf(merge->arena, "database:%s", name), database->at);
	assign(merge, "path",
		arena_printf(merge->arena, "%s/%s.db", directory->flat, name),
		directory->dir, database->at);
}

/* ---- the whole ---- */

/* Readers of JSON take one or the other, and say nothing. */
static void add_twice(const struct manifest *manifest, size_t token, const char *name)
{
	problems_add(manifest->merge->problems, place_of(manifest, token),
		"'%s' is there already: keep one of them, with all that is in both",
		name);
}

/* What says which migrations come first. */
static const char *after_hint(const struct manifest *manifest)
{
	return arena_printf(manifest->merge->arena,
		"; [migrations:%s/" MIGRATIONS "] of a drop-in says so",
		manifest->module->name);
}

static void read_requirements(
	struct manifest *manifest, size_t token, struct manifest_database *ret)
{
	static const char *const known[] = {"directories", "files", "database", NULL};
	const struct json_token *tokens = manifest->json->tokens;
	struct problems *problems = manifest->merge->problems;
	bool found[sizeof known / sizeof *known] = {0};
	char room[STR_SUGGEST_SIZE];

	if (tokens[token].type != JSON_OBJECT) {
		problems_add(problems, place_of(manifest, token),
			MANIFEST_MEMBER
			": this is an object with directories, files, database");
		return;
	}
	for (size_t i = token + 1; i < tokens[token].next; i = tokens[i].next) {
		const char *name = decode(manifest, i);
		const char *near = str_suggest(name, known, room);
		size_t n = 0;

		while (known[n] && !str_equal(known[n], name))
			n++;
		if (!known[n])
			problems_add(problems, place_of(manifest, i),
				MANIFEST_MEMBER ": unknown member '%s'%s", name,
				*near ? near
					: str_equal(name, "after")
					? after_hint(manifest)
					: "; there are directories, files, database");
		else if (found[n])
			add_twice(manifest, i, known[n]);
		else if (n == 2)
			read_database(manifest, i + 1, ret);
		else
			read_items(manifest, n ? "file" : "directory", i + 1);
		found[n] = true;
	}
}

void manifest_read(const struct module *module, const char *file, const struct buf *text,
	struct merge *merge, struct manifest_database *ret_database)
{
	CLEANUP_JSON struct json json = JSON_INIT;
	struct json_mark mark = {0};
	struct manifest manifest = {
		.module = module, .json = &json, .mark = &mark, .merge = merge};
	bool found = false;
	DECLARE_ERR(err);

	if (json_read(&json, file, text->data, text->len, &err) < 0) {
		problems_add_err(merge->problems, &err);
		return;
	}
	for (size_t i = 1; json.tokens[0].type == JSON_OBJECT && i < json.count;
		i = json.tokens[i].next) {
		if (!is_name(&json, i, MANIFEST_MEMBER))
			continue;
		if (found)
			add_twice(&manifest, i, MANIFEST_MEMBER);
		else
			read_requirements(&manifest, i + 1, ret_database);
		found = true;
	}
}

/* `requirements`, `bootstrap`, `install_requirements` are another program's. */
static bool is_misspelt(const char *name)
{
	static const char *const known[] = {MANIFEST_MEMBER, NULL};

	return (*name == 'b' || *name == 'B') &&
		strlen(name) * 4 >= strlen(MANIFEST_MEMBER) * 3 &&
		str_nearest(name, known);
}

bool manifest_pass_over(const char *file, const struct buf *text, struct merge *merge)
{
	CLEANUP_JSON struct json json = JSON_INIT;
	struct json_mark mark = {0};
	struct manifest manifest = {.json = &json, .mark = &mark, .merge = merge};
	DECLARE_ERR(err);

	if (json_read(&json, file, text->data, text->len, &err) < 0) {
		err_append(&err,
			"; no module's requirements are in it: if it is none's, a file "
			".disabled beside it says so");
		if (merge->log)
			log_err(merge->log, LOG_WARN, &err);
		return true;
	}
	for (size_t i = 1; json.tokens[0].type == JSON_OBJECT && i < json.count;
		i = json.tokens[i].next) {
		CLEANUP_BUF struct buf name = BUF_INIT;

		json_decode(&json, i, &name);
		if (is_name(&json, i, MANIFEST_MEMBER))
			return false;
		if (is_misspelt(name.data))
			problems_add(merge->problems, place_of(&manifest, i),
				"'%s': did you mean '" MANIFEST_MEMBER "'?", name.data);
	}
	return true;
}
