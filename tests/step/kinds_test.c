/* SPDX-License-Identifier: MIT */
/* All kinds: their tables, and check and apply that agree. */
#include "../ground.h"

#include "../age_file.h"
#include "base/str.h"
#include "step/kinds.h"

static void every_key_has_help(const struct field *fields)
{
	for (; fields->name; fields++) {
		const char *help = fields->help;

		if (!help || !*help || strchr(help, '\n') || str_ends(help, ".") ||
			(*help >= 'A' && *help <= 'Z' && !str_starts(help, "NAME")))
			fail_msg("%s: help: %s", fields->name, help ? help : "none");
		assert_int_equal(fields->type == FIELD_ENUM, fields->choices != NULL);
	}
}

static void tables_are_whole(void **state)
{
	(void)state;
	every_key_has_help(step_fields);
	for (const struct kind *const *kind = kinds; *kind; kind++) {
		const struct field *fields = (*kind)->fields;

		assert_ptr_equal(kind_find((*kind)->name), *kind);
		assert_true(*(*kind)->summary);
		assert_non_null((*kind)->example);
		assert_int_equal((*kind)->part_of != NULL, (*kind)->check == NULL);
		assert_int_equal((*kind)->part_of != NULL, (*kind)->apply == NULL);
		assert_true((*kind)->value || !field_exported(fields));
		every_key_has_help(fields);
		for (const struct field *field = fields; field->name; field++) {
			assert_true(field->offset < (*kind)->size);
			assert_ptr_equal(field_find(fields, field->name), field);
			if (!(*kind)->part_of) /* a step's key would hide the kind's */
				assert_null(field_find(step_fields, field->name));
		}
	}
	assert_null(kind_find("nothing"));
}

/* Loads one section; its id. */
static const char *load_one(const char *section)
{
	static char *const env[] = {"PATH=/usr/bin:/bin", NULL};
	static char id[64];

	(void)snprintf(
		id, sizeof id, "%.*s", (int)strcspn(section, "]") - 1, section + 1);
	ground_load(section, env);
	return id;
}

/* Does it make anything? */
static bool is_maker(const struct kind *kind)
{
	return !kind->part_of && !str_equal(kind->name, "assert") &&
		!str_equal(kind->name, "wait");
}

static bool has_row(const char *const *rows, size_t count, const struct kind *kind)
{
	size_t size = strlen(kind->name);

	for (size_t i = 0; i < count; i++)
		if (strncmp(rows[i] + 1, kind->name, size) == 0 &&
			rows[i][1 + size] == ':')
			return true;
	return !is_maker(kind);
}

/* Each is to do, is done, is in place, and does nothing when it is done again. */
static void what_was_done_is_in_place(void **state)
{
	static const char *const steps[] = {
		"[absent:a]\npath = stale missing\n",
		"[directory:a]\npath = d/deep e\nmode = 0750\n",
		"[link:a]\npath = d/link\ntarget = nowhere\n",
		"[file:a]\npath = d/empty\n",
		"[file:a]\npath = d/file\ncontent = text\nmode = 0640\n",
		"[file:a]\npath = d/managed\ncontent = text\npolicy = manage\n",
		"[file:a]\npath = templates\nsource = sources\n",
		"[key:a]\npath = d/key\nmode = 0440\n",
		"[key:a]\npath = d/password\ntype = password\n",
		"[key:a]\npath = d/pair\ntype = x25519\npublic = d/pair.pub\n",
		"[secret:a]\nsource = a.age\nidentity = id\npath = d/secret\n",
		"[cert:a]\ncert = d/cert.pem\nkey = d/cert.key\ncn = a.example\n",
		"[cert:a]\ncert = d/leaf.pem\nkey = d/leaf.key\nsan = ::1\nca = d/ca\n",
		/* Of an earlier start, so that no server is asked. */
		"[download:a]\nurl = http://127.0.0.1:1/\npath = download\n"
		"sha256 = "
		"982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1\n",
		"[exec:a]\ncommand = touch d/made\ncreates = d/made\nworkdir = .\n",
		"[exec:a]\ncommand = sh -c 'echo x >$0' {file}\ncreates = d/staged\n",
		"[database:a]\npath = d/a.db\n",
	};

	(void)state;
	make_dir("sources", 0, 0755);
	make_dir("sources/sub", 0, 0755);
	put("sources/one", "${NOT_EXPANDED}");
	put("sources/sub/two", "");
	put("sources/.hidden", "");
	put("sources/..data", "");
	put("sources/two~", "");
	put("a.age", AGE_TEXT_FILE);
	put("id", AGE_IDENTITY);
	put("base/stale", "");
	put("base/.download.groundwork-partial", "text");
	assert_int_equal(chmod(in("base/.download.groundwork-partial"), 0600), 0);
	for (const struct kind *const *kind = kinds; *kind; kind++)
		if (!has_row(steps, sizeof steps / sizeof *steps, *kind))
			fail_msg("no row for the kind '%s'", (*kind)->name);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		const char *id = load_one(steps[i]);

		finds(id, TO_DO, "");
		finds(id, TO_DO, "");
		does(id, 1, "");
		finds(id, IN_PLACE, "");
		if (!str_starts(id, "exec")) /* a command runs whenever it is asked to */
			does(id, 0, "");
		finds(id, IN_PLACE, "");
	}
	mode_is("base/d/deep", 0750);
	mode_is("base/d/file", 0640);
	text_is("base/d/file", "text\n");
	text_is("base/templates/one", "${NOT_EXPANDED}");
	assert_true(exists("base/templates/sub/two"));
	assert_true(exists("base/templates/.hidden"));
	assert_int_equal(entries("base/templates"), 3);
	text_is("base/d/staged", "x\n");
}

/* A check says what stands in the way, and apply leaves it. */
static void what_stands_in_the_way_is_left(void **state)
{
	static const struct {
		const char *step, *text;
	} cases[] = {
		{"[absent:a]\npath = full\n", "is a directory that is not empty"},
		{"[directory:a]\npath = file\n", "is a file, not a directory"},
		{"[directory:a]\npath = link\n", "is a symbolic link, not a directory"},
		{"[directory:a]\npath = file/below\n", "on the way is a file"},
		{"[link:a]\npath = file\ntarget = x\n", "not a symbolic link"},
		{"[link:a]\npath = dir\ntarget = x\nreplace = link\n",
			"not a symbolic link"},
		{"[link:a]\npath = link\ntarget = x\n", "points to 'dir', not to 'x'"},
		{"[file:a]\npath = link\ncontent = x\npolicy = manage\n",
			"is a symbolic link"},
		{"[file:a]\npath = dir\nmode = 0600\ncontent = x\npolicy = manage\n",
			"is a directory, not a file"},
		/* Forced, nobody checks: apply must not take these for files, either. */
		{"[file:a]\npath = dir\nmode = 0600\n", "is a directory, not a file"},
		{"[file:a]\npath = link\nmode = 0600\n",
			"is a symbolic link, not a file"},
		{"[key:a]\npath = dir\n", "is a directory, not a file"},
		{"[key:a]\npath = k\ntype = ed25519\npublic = dir\n", "its public half"},
		{"[secret:a]\nsource = a.age\nidentity = id\npath = dir\n",
			"is a directory, not a file"},
		{"[secret:a]\nsource = a.age\nidentity = id\npath = link\n",
			"is a symbolic link, not a file"},
		{"[database:a]\npath = dir\n", "dir"},
	};

	size_t before;

	(void)state;
	put("a.age", AGE_TEXT_FILE);
	put("id", AGE_IDENTITY);
	put("base/file", "theirs");
	make_dir("base/dir", 0, 0751);
	make_dir("base/full", 0, 0755);
	put("base/full/file", "");
	put_link("base/link", "dir", 0);
	before = entries("base");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *id = load_one(cases[i].step);

		finds(id, -1, cases[i].text);
		does(id, -1, "");
		assert_int_equal(entries("base"), before);
		mode_is("base/dir", 0751);
	}
	text_is("base/file", "theirs");
	assert_int_equal(entries("base/dir"), 0);
}

static void an_assertion_makes_nothing(void **state)
{
	(void)state;
	load_one("[assert:a]\nthat = path:there\nmessage = make it\n");
	finds("assert:a", -1, "make it ('path:there' does not hold");
	does("assert:a", -1, "make it");
	assert_int_equal(entries("base"), 0);
	put("base/there", "");
	finds("assert:a", IN_PLACE, "it holds");
	does("assert:a", 0, "it holds");
	assert_int_equal(entries("base"), 1);
}

static void a_wait_makes_nothing(void **state)
{
	(void)state;
	load_one("[wait:a]\nurl = file:///\ncommand = true\n");
	ground.bootstrap.ctx.planning = true;
	finds("wait:a", UNKNOWABLE,
		"nothing to make; waits for file:///, and its command");
	ground.bootstrap.ctx.planning = false;
	finds("wait:a", IN_PLACE, "file:/// is there, and its command ends with 0");
	does("wait:a", 0, "file:/// is there");
	assert_int_equal(entries("base"), 0);
}

static void links_are_replaced_where_it_is_written(void **state)
{
	(void)state;
	put_link("base/a", "old", 0);
	ground_load("[link:a]\npath = a\ntarget = new\nreplace = link\n", NULL);
	finds("link:a", TO_DO, "to 'new' instead of 'old'");
	does("link:a", 1, "points to 'new'");
	finds("link:a", IN_PLACE, "");
}

static void a_file_of_the_users_is_left(void **state)
{
	(void)state;
	put("base/a", "edited");
	ground_load("[file:a]\npath = a\ncontent = new\n", NULL);
	finds("file:a", IN_PLACE, "a new one would have another text");
	does("file:a", 0, "");
	text_is("base/a", "edited");
	ground_load("[file:a]\npath = a\ncontent = new\npolicy = manage\n", NULL);
	assert_int_equal(chmod(in("base/a"), 0604), 0);
	finds("file:a", TO_DO, "its text differs");
	does("file:a", 1, "wrote");
	text_is("base/a", "new\n");
	mode_is("base/a", 0604); /* not written in the step: as it was */
}

static void a_refused_text_is_not_published(void **state)
{
	static char *const env[] = {"PATH=/usr/bin:/bin", NULL};

	(void)state;
	put("base/a", "old");
	ground_load("[file:a]\npath = a\ncontent = new\npolicy = manage\n"
		    "validate = sh -c 'cat \"$0\"; exit 3' {file}\n",
		env);
	does("file:a", -1, "was refused");
	says(shown(&ground.err), "ended with status 3; its last lines:\nnew");
	text_is("base/a", "old");
	assert_int_equal(entries("base"), 1);
}

static void a_secret_makes_a_file_private(void **state)
{
	(void)state;
	ground_load("[file:b]\npath = b\ncontent = ${key:k}\n[key:k]\npath = k\n", NULL);
	ground.bootstrap.ctx.planning = true;
	finds("file:b", TO_DO, "create '");
	says(shown(&ground.err), "");
	ground.bootstrap.ctx.planning = false;
	does("key:k", 1, "");
	does("file:b", 1, "created");
	mode_is("base/b", 0600);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_are_whole),
		GROUND(what_was_done_is_in_place),
		GROUND(what_stands_in_the_way_is_left),
		GROUND(an_assertion_makes_nothing),
		GROUND(a_wait_makes_nothing),
		GROUND(links_are_replaced_where_it_is_written),
		GROUND(a_file_of_the_users_is_left),
		GROUND(a_refused_text_is_not_published),
		GROUND(a_secret_makes_a_file_private),
	};

	return cmocka_run_group_tests_name("step/kinds", tests, NULL, NULL);
}
