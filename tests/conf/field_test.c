/* SPDX-License-Identifier: MIT */
/* Fields: filling a struct from a section, and checking one without expanding it. */
#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/expand.h"
#include "conf/field.h"

#include "../shown.h"

struct target {
	const char *string;
	const struct value *text;
	const char *path;
	struct list paths;
	const char *read_path;
	struct field_mode mode;
	struct field_name user;
	bool flag;
	int64_t duration;
	int64_t count;
	int choice;
	struct list command;
	struct file_commands commands;
	struct list list;
	struct list env;
	struct list names;
	struct list globs;
	struct list read_paths;
	int64_t early;
	int sum;
};

#define AT(member) .offset = offsetof(struct target, member)

/* A parser of another floor: adds up digits, none of them twice in a row. */
static int add_digit(void *member, const char *text, struct err *err)
{
	int *sum = member;

	if (*text < '0' || *text > '9' || *sum == *text - '0')
		return err_config(err, "'%s' does not add up", text);
	*sum += *text - '0';
	return 0;
}

static const struct field fields[] = {
	{"string", FIELD_STRING, AT(string)},
	{"text", FIELD_TEXT, AT(text)},
	{"path", FIELD_PATH, AT(path)},
	{"paths", FIELD_PATHS, AT(paths)},
	{"read_path", FIELD_READ_PATH, AT(read_path)},
	{"mode", FIELD_MODE, AT(mode), .def = "0640"},
	{"user", FIELD_USER, AT(user)},
	{"flag", FIELD_BOOL, AT(flag), .def = "yes"},
	{"duration", FIELD_DURATION, AT(duration), .def = "10s"},
	{"count", FIELD_COUNT, AT(count), .def = "3"},
	{"choice", FIELD_ENUM, AT(choice), .def = "b",
		.choices = (const char *const[]){"a", "b", "c", NULL}},
	{"command", FIELD_COMMAND, AT(command)},
	{"commands", FIELD_COMMANDS, AT(commands)},
	{"list", FIELD_LIST, AT(list), .def = "x y"},
	{"env", FIELD_ENV, AT(env)},
	{"names", FIELD_GLOBS, AT(names)},
	{"globs", FIELD_LIST, AT(globs), .globs = true},
	{"read_paths", FIELD_READ_PATHS, AT(read_paths)},
	{"early", FIELD_COUNT, AT(early), .def = "1", .early = true},
	{"sum", FIELD_LIST, AT(sum), .size = sizeof(int), .parse = add_digit},
	{0},
};

static const char *lookup(void *user, const char *name)
{
	static const char *const variables[][2] = {{"A", "one"}, {"EMPTY", ""},
		{"SPACES", "a b"}, {"MODE", "0600"}, {"BAD", "zzz"}, {"LOOKS", "${A}"},
		{"STAR", "*"}, {"LINE", "B=c"}, {"OPTIONAL", "-x"}, {"HOLE", "{file}"},
		{"HOLES", "{}"}};

	(void)user;
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		if (str_equal(variables[i][0], name))
			return variables[i][1];
	return NULL;
}

static int reference(
	void *user, const char *word, const char *name, struct buf *ret, struct err *err)
{
	(void)user;
	(void)word;
	(void)name;
	(void)err;
	buf_puts(ret, "hunter2");
	return 0;
}

/* A section in the making; its settings stand in an array. */
struct fixture {
	struct arena arena;
	struct section section;
	struct setting settings[8];
	size_t count;
	struct expander expander;
	struct target target;
	struct err err;
};

static void start(struct fixture *fixture)
{
	*fixture = (struct fixture){
		.section = {.kind = "k", .name = "n", .id = "k:n", .at = {"f", 1, 0}},
		.expander = {.lookup = lookup, .reference = reference},
	};
	memset(&fixture->target, 0xaa, sizeof fixture->target);
}

static void set(struct fixture *fixture, const char *key, const char *text)
{
	struct setting *setting = &fixture->settings[fixture->count];
	struct value *value = arena_alloc(&fixture->arena, sizeof *value);

	value->at = (struct place){"f", (int)fixture->count + 2, 0};
	value->dir = "/conf";
	value->flat = value->text = text;
	*setting = (struct setting){.key = key, .at = value->at, .value = value};
	if (fixture->count > 0)
		fixture->settings[fixture->count - 1].next = setting;
	fixture->section.settings = fixture->settings;
	fixture->count++;
}

static int fill_some(struct fixture *fixture, enum field_which which)
{
	struct field_context context = {.arena = &fixture->arena,
		.base = "/base",
		.expander = &fixture->expander};

	return fields_fill(fields, which, &fixture->section, &context, &fixture->target,
		&fixture->err);
}

static void fill(struct fixture *fixture)
{
	if (fill_some(fixture, FIELDS_ALL) < 0)
		fail_msg("%s", fixture->err.text);
}

static void finish(struct fixture *fixture)
{
	arena_release(&fixture->arena);
}

static void expect_list(const struct list *list, const char *expected)
{
	CLEANUP_BUF struct buf got = BUF_INIT;

	for (size_t i = 0; i < list->count; i++)
		buf_printf(&got, "<%s>", list->items[i]);
	assert_string_equal(got.data, expected);
	assert_null(list->items[list->count]);
}

static void fills_defaults(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	fill(&f);
	assert_string_equal(f.target.string, "");
	assert_null(f.target.text);
	assert_string_equal(f.target.path, "");
	expect_list(&f.target.paths, "");
	assert_string_equal(f.target.read_path, "");
	assert_int_equal(f.target.mode.mode, 0640);
	assert_false(f.target.mode.set);
	assert_string_equal(f.target.user.name, "");
	assert_false(f.target.user.set);
	assert_true(f.target.flag);
	assert_int_equal(f.target.duration, 10000);
	assert_int_equal(f.target.count, 3);
	assert_int_equal(f.target.choice, 1);
	expect_list(&f.target.command, "");
	expect_list(&f.target.list, "<x><y>");
	finish(&f);
}

static void fills_what_is_written(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	set(&f, "string", "a ${A} b");
	set(&f, "text", "${A} stays");
	set(&f, "path", "${A}/x");
	set(&f, "read_path", "t/${A}");
	set(&f, "mode", "${MODE}");
	set(&f, "user", "app");
	set(&f, "choice", "c");
	f.settings[6].defaulted = true;
	f.settings[5].defaulted = true;
	fill(&f);
	assert_string_equal(f.target.string, "a one b");
	assert_string_equal(f.target.text->text, "${A} stays");
	assert_string_equal(f.target.path, "/base/one/x");
	assert_string_equal(f.target.read_path, "/conf/t/one");
	assert_int_equal(f.target.mode.mode, 0600);
	assert_true(f.target.mode.set);
	assert_string_equal(f.target.user.name, "app");
	assert_false(f.target.user.set);
	assert_int_equal(f.target.choice, 2);
	finish(&f);
}

/* Split first, then expanded, and never split again. */
static void fills_lists(void **state)
{
	static const struct {
		const char *key;
		const char *text;
		const char *expected;
	} cases[] = {
		{"list", "a ${SPACES} b", "<a><a b><b>"},
		{"list", "a ${EMPTY} ${NO:-} b", "<a><b>"},
		{"list", "${EMPTY}${A}", "<one>"},
		{"list", "${NO:-x y}", "<x y>"},
		{"list", "${LOOKS}", "<${A}>"},
		{"list", "$${A} $A", "<${A}><$A>"},
		{"list", "\"a b\"", "<\"a><b\">"},
		{"paths", "a /b ${A}", "</base/a></b></base/one>"},
		{"env", "X=a b\nY=${SPACES}\n${EMPTY}", "<X=a b><Y=a b>"},
		{"command", "a ${SPACES} '' \"${EMPTY}\" ${EMPTY}", "<a><a b><><><>"},
		{"command", "sh -x 'x ${A}' \\${A}", "<sh><-x><x one><${A}>"},
		{"command", "a ${words:SPACES} '${words:EMPTY}' ${words:NO:-x\ny}",
			"<a><a><b><x><y>"},
		{"command", "${words:LOOKS}", "<${A}>"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct field *field = field_find(fields, cases[i].key);
		struct fixture f;
		struct list list;

		start(&f);
		set(&f, cases[i].key, cases[i].text);
		fill(&f);
		memcpy(&list, (char *)&f.target + field->offset, sizeof list);
		expect_list(&list, cases[i].expected);
		finish(&f);
	}
}

static void fills_chains(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	set(&f, "list", "a b");
	set(&f, "other", "c ${A}");
	set(&f, "another", "d");
	f.settings[0].value->next = f.settings[1].value;
	f.settings[1].value->next = f.settings[2].value;
	fill(&f);
	expect_list(&f.target.list, "<a><b><c><one><d>");
	finish(&f);
}

static void fills_in_two_parts(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	set(&f, "early", "5");
	set(&f, "count", "${NO}");
	assert_int_equal(fill_some(&f, FIELDS_EARLY), 0);
	assert_int_equal(f.target.early, 5);
	f.target.early = 6;
	assert_int_equal(fill_some(&f, FIELDS_LATE), -1);
	assert_int_equal(f.target.early, 6);
	finish(&f);
}

static void reports_errors(void **state)
{
	static const struct {
		const char *key;
		const char *text;
		const char *error;
	} cases[] = {
		{"mode", "${BAD}", "f:2: [k:n] mode: 'zzz' is no mode"},
		{"choice", "${BAD}", "f:2: [k:n] choice: 'zzz' is none of a, b, c"},
		{"path", "${EMPTY}", "f:2: [k:n] path: the path is empty"},
		{"user", "${EMPTY}",
			"f:2: [k:n] user: '' is no name or number of a user"},
		{"count", "${A", "f:2: [k:n] count: a '${' is not closed"},
		{"string", "${NO}", "f:2: [k:n] string: NO is not set"},
		{"list", "${N1} ${N2}",
			"f:2: [k:n] list: N1 is not set; f:2: [k:n] list: N2 is not set"},
		{"command", "a 'b", "f:2: [k:n] command: unclosed quote"},
		/* what may be a secret is not shown */
		{"count", "${key:x}", "f:2: [k:n] count: the value is no whole number"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fixture f;

		start(&f);
		set(&f, cases[i].key, cases[i].text);
		assert_int_equal(fill_some(&f, FIELDS_ALL), -1);
		assert_int_equal(f.err.kind, ERR_CONFIG);
		if (!str_starts(shown(&f.err), cases[i].error))
			assert_string_equal(shown(&f.err), cases[i].error);
		assert_null(strstr(shown(&f.err), "hunter2"));
		finish(&f);
	}
}

static void unset_names_of_all_keys(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	set(&f, "string", "${N1}");
	set(&f, "mode", "0600");
	set(&f, "path", "${N2}/${N1}");
	assert_int_equal(fill_some(&f, FIELDS_ALL), -1);
	assert_string_equal(shown(&f.err),
		"f:2: [k:n] string: N1 is not set; f:4: [k:n] path: N2 is not set; "
		"f:4: [k:n] path: N1 is not set");
	finish(&f);
}

/* What stands behind an error is filled in, and the first error is reported. */
static void fills_on_behind_errors(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	set(&f, "string", "a");
	set(&f, "mode", "${BAD}");
	set(&f, "flag", "${BAD}");
	set(&f, "count", "7");
	assert_int_equal(fill_some(&f, FIELDS_ALL), -1);
	assert_true(str_starts(shown(&f.err), "f:3: [k:n] mode: 'zzz' is no mode"));
	assert_int_equal(f.target.mode.mode, 0);
	assert_int_equal(f.target.count, 7);
	finish(&f);
}

static void required_and_scalar_chains(void **state)
{
	static const struct field required[] = {
		{"path", FIELD_PATH, offsetof(struct target, path), .required = true},
		{0}};
	struct fixture f;
	struct field_context context;

	(void)state;
	start(&f);
	context = (struct field_context){.arena = &f.arena, .base = "/"};
	assert_int_equal(fields_fill(required, FIELDS_ALL, &f.section, &context,
				 &f.target, &f.err),
		-1);
	assert_string_equal(
		shown(&f.err), "f:1: [k:n] path: missing, and it is required");
	set(&f, "string", "a");
	set(&f, "other", "b");
	f.settings[0].value->next = f.settings[1].value;
	f.settings[0].at = f.settings[1].at;
	assert_int_equal(fill_some(&f, FIELDS_ALL), -1);
	assert_true(str_starts(shown(&f.err), "f:3: [k:n] string: += works on lists"));
	finish(&f);
}

/* `check` reads what it can: a field that it cannot know is as if it were not written. */
static void tolerates_unset_names(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	f.expander.tolerant = true;
	set(&f, "mode", "${NO}");
	set(&f, "path", "${NO}/x");
	set(&f, "list", "a ${NO} b");
	set(&f, "string", "${A}");
	fill(&f);
	assert_int_equal(f.target.mode.mode, 0);
	assert_string_equal(f.target.path, "");
	expect_list(&f.target.list, "<a><b>");
	assert_string_equal(f.target.string, "one");
	finish(&f);
}

/* A key whose value comes later. */
static int not_yet(
	void *user, const char *word, const char *name, struct buf *ret, struct err *err)
{
	(void)user;
	(void)word;
	(void)name;
	(void)ret;
	(void)err;
	return EXPAND_LATER;
}

/* What is wrong with all keys, and whether all are filled. */
static bool judge(struct fixture *fixture, struct problems *problems, struct buf *got)
{
	struct field_context context = {.arena = &fixture->arena,
		.base = "/base",
		.expander = &fixture->expander};
	bool filled = fields_judge(fields, FIELDS_ALL, &fixture->section, &context,
		&fixture->target, problems);

	for (size_t i = 0; i < problems->count; i++)
		buf_printf(got, "%s\n", problem_text(problems, i));
	return filled;
}

static void judges_all_keys_at_once(void **state)
{
	struct problems problems = {0};
	CLEANUP_BUF struct buf got = BUF_INIT;
	struct fixture f;

	(void)state;
	start(&f);
	set(&f, "mode", "${BAD}");
	set(&f, "path", "${NO}/x");
	set(&f, "list", "a ${NO} ${NEITHER}");
	set(&f, "count", "${BAD}");
	set(&f, "string", "${A}");
	problems_add(&problems, f.settings[3].at, "known already");
	assert_false(judge(&f, &problems, &got));
	assert_string_equal(got.data,
		"f:5: known already\n"
		"f:3: [k:n] path: NO is not set\n"
		"f:2: [k:n] mode: 'zzz' is no mode: expected up to four octal digits "
		"(0-7), as in 0640\n"
		"f:4: [k:n] list: NO is not set\n"
		"f:4: [k:n] list: NEITHER is not set\n");
	assert_string_equal(f.target.string, "one");
	problems_release(&problems);
	finish(&f);
}

/* Those that could be converted without a variable are known from the load. */
static void judges_each_item_of_a_list_once(void **state)
{
	const struct field *sum = field_find(fields, "sum");
	struct problems problems = {0};
	CLEANUP_BUF struct buf got = BUF_INIT;
	struct fixture f;

	(void)state;
	start(&f);
	f.target.sum = 0;
	set(&f, "sum", "x 1 ${BAD} ${A} ${A} ${NO} y");
	set(&f, "list", "${key:k} ${NO }");
	field_check(sum, &f.section, &f.settings[0], NULL, &f.arena, &problems);
	problems_add(&problems, f.settings[1].at, "known already");
	assert_false(judge(&f, &problems, &got));
	assert_string_equal(got.data,
		"f:2: [k:n] sum: 'x' does not add up\n"
		"f:2: [k:n] sum: 'y' does not add up\n"
		"f:3: known already\n"
		"f:2: [k:n] sum: 'zzz' does not add up\n"
		"f:2: [k:n] sum: 'one' does not add up\n"
		"f:2: [k:n] sum: NO is not set\n");
	problems_release(&problems);
	finish(&f);
}

static void judges_what_is_not_known_yet(void **state)
{
	struct problems problems = {0};
	CLEANUP_BUF struct buf got = BUF_INIT;
	struct fixture f;

	(void)state;
	start(&f);
	f.expander.reference = not_yet;
	set(&f, "path", "${A}/x");
	assert_true(judge(&f, &problems, &got));
	set(&f, "count", "${key:k}");
	set(&f, "env", "A=${key:k}\nB=b");
	assert_false(judge(&f, &problems, &got));
	assert_string_equal(got.data, "");
	assert_string_equal(f.target.path, "/base/one/x");
	problems_release(&problems);
	finish(&f);
}

static void note_bare(void *user, struct place at, const char *name)
{
	buf_printf(user, "%d %s;", at.line, name);
}

/* A script inside of a command has variables of its own. */
static void reports_bare_names(void **state)
{
	CLEANUP_BUF struct buf reported = BUF_INIT;
	struct fixture f;

	(void)state;
	start(&f);
	f.expander.bare = note_bare;
	f.expander.user = &reported;
	set(&f, "string", "$A");
	set(&f, "command", "sh -c 'echo $A' $A/x");
	fill(&f);
	assert_string_equal(reported.data, "2 A;3 A;");
	finish(&f);
}

/* They name the cause of what is wrong with the value. */
static void reports_bare_names_in_what_is_wrong(void **state)
{
	struct problems problems = {0};
	CLEANUP_BUF struct buf reported = BUF_INIT;
	CLEANUP_BUF struct buf got = BUF_INIT;
	struct fixture f;

	(void)state;
	start(&f);
	f.expander.bare = note_bare;
	f.expander.user = &reported;
	set(&f, "count", "$A");
	set(&f, "sum", "$A");
	for (size_t i = 0; i < 2; i++)
		problems_add(&problems, f.settings[i].at, "known already");
	assert_false(judge(&f, &problems, &got));
	assert_string_equal(reported.data, "2 A;3 A;");
	assert_string_equal(got.data,
		"f:2: known already\n"
		"f:3: known already\n"
		"f:3: [k:n] sum: '$A' does not add up\n");
	problems_release(&problems);
	finish(&f);
}

static void parsers_make_a_member_of_their_own(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	f.target.sum = 40;
	fill(&f);
	assert_int_equal(f.target.sum, 40);
	finish(&f);
	start(&f);
	f.target.sum = 0;
	set(&f, "sum", "1 ${EMPTY} 3");
	fill(&f);
	assert_int_equal(f.target.sum, 4);
	finish(&f);
	start(&f);
	f.target.sum = 0;
	set(&f, "sum", "1 ${A} 3");
	assert_int_equal(fill_some(&f, FIELDS_ALL), -1);
	assert_string_equal(shown(&f.err), "f:2: [k:n] sum: 'one' does not add up");
	finish(&f);
}

/* ---- at load ---- */

static void expect_reported(
	const char *key, const char *text, bool append, const char *expected)
{
	static const char *const words[] = {"file", "key", NULL};
	struct problems problems = {0};
	struct fixture f;
	CLEANUP_BUF struct buf got = BUF_INIT;

	start(&f);
	set(&f, key, text);
	f.settings[0].appended = append;
	field_check(field_find(fields, key), &f.section, &f.settings[0], words, &f.arena,
		&problems);
	for (size_t i = 0; i < problems.count; i++)
		buf_printf(&got, "%s\n", problem_text(&problems, i));
	assert_int_equal(problems.count, *expected ? 1 : 0);
	if (!str_starts(got.data, expected))
		assert_string_equal(got.data, expected);
	problems_release(&problems);
	finish(&f);
}

/* What a shell and its options are may be known only then. */
static void no_value_becomes_code(void **state)
{
	static const char *const cases[] = {"sh -c 'x ${A}'",
		"${NO:-/bin/sh} -c 'x ${A}'", "sh ${NO:--c} \"${A}\"",
		"sh ${words:NO:--e -c} 'x ${A}'", "sh ${words:NO:--c x}"};
	const char *expected = " would be run as code by ";

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fixture f;

		start(&f);
		set(&f, "command", cases[i]);
		assert_int_equal(fill_some(&f, FIELDS_ALL), -1);
		assert_string_equal(f.err.at.file, "f");
		assert_non_null(strstr(f.err.text, expected));
		finish(&f);
	}
}

/* Each is split before it is expanded, and the first colon ends the name. */
static void fills_commands_for_files(void **state)
{
	static const char *const names[] = {"*.sql", "*.sh", "a"};
	static const char *const words[] = {
		"<psql><-f><{}><a b>", "<sh><-c><x \"$1\"><sh><{}>", "<::><{}.${A}>"};
	struct fixture f;

	(void)state;
	start(&f);
	set(&f, "commands",
		"*.sql:psql -f {} ${SPACES}\n*.sh: sh -c 'x \"$1\"' sh {}\n"
		"a::: {}.${LOOKS}");
	fill(&f);
	assert_int_equal(f.target.commands.count, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(f.target.commands.list[i].glob, names[i]);
		expect_list(&f.target.commands.list[i].argv, words[i]);
	}
	finish(&f);
}

/* "": it is filled with `expected`; else the error. */
static void expect_filled(const char *key, const char *text, const struct list *list,
	struct fixture *f, const char *expected, const char *error)
{
	int rc;

	start(f);
	set(f, key, text);
	rc = fill_some(f, FIELDS_ALL);
	assert_int_equal(rc, *error ? -1 : 0);
	if (*error && !strstr(f->err.text, error))
		assert_string_equal(f->err.text, error);
	if (!*error)
		expect_list(list, expected);
	finish(f);
}

static void no_value_becomes_syntax(void **state)
{
	struct fixture f = {0};
	const struct target *got = &f.target;

	(void)state;
	expect_filled("globs", "a* ${STAR}", &got->globs, &f, "<a*><\\*>", "");
	expect_filled("list", "${STAR} ${LINE}", &got->list, &f, "<*><B=c>", "");
	expect_filled("names", "A_* ${A}", &got->names, &f, "<A_*><one>", "");
	expect_filled("names", "${STAR}", &got->names, &f, "",
		"a *, ? or [ that comes out of a ${…} stands for itself");
	expect_filled("read_paths", "-x", &got->read_paths, &f, "<-/conf/x>", "");
	expect_filled("read_paths", "${OPTIONAL}", &got->read_paths, &f, "",
		"a value does not make a file optional");
	expect_filled(
		"read_paths", "-${OPTIONAL}", &got->read_paths, &f, "<-/conf/-x>", "");
	expect_filled("env", "${A}=${LINE}", &got->env, &f, "<one=B=c>", "");
	expect_filled("env", "${LINE}=x", &got->env, &f, "", "is no name");
	expect_filled("env", "X=${LINE}", &got->env, &f, "<X=B=c>", "");
	expect_filled("env", "${A:+X=${LINE}}", &got->env, &f, "<X=B=c>", "");
	expect_filled("command", "a ${HOLE}", &got->command, &f, "<a><{file}>", "");
	expect_filled("command", "a ${HOLE} {file}", &got->command, &f, "",
		"the value in '${HOLE}' has a {file}");
	expect_filled("command", "a ${A}{file}", &got->command, &f, "<a><one{file}>", "");
	expect_filled("commands", "*:a {} ${HOLES}", NULL, &f, "",
		"the value in '${HOLES}' has a {}, which");
	expect_filled("commands", "*:${SH:-sh} -c 'a ${A}' {}", NULL, &f, "",
		"the value of ${A} would be run as code");
}

static void checks_without_expanding(void **state)
{
	static const struct {
		const char *key;
		const char *text;
		const char *expected;
	} cases[] = {
		{"mode", "0888", "f:2: [k:n] mode: '0888' is no mode"},
		{"mode", "${NO}", ""},
		{"mode", "0${NO:-644}", ""},
		{"mode", "${NO", "f:2: [k:n] mode: a '${' is not closed"},
		{"string", "${1}", "f:2: [k:n] string: '${1}' is none of"},
		{"text", "${1} ${", ""},
		{"choice", "d", "f:2: [k:n] choice: 'd' is none of a, b, c"},
		{"duration", "soon", "f:2: [k:n] duration: 'soon' is no duration"},
		{"flag", "perhaps", "f:2: [k:n] flag: 'perhaps' is neither yes nor no"},
		{"user", "a:b", "f:2: [k:n] user: 'a:b' is more than a user"},
		{"command", "a 'b", "f:2: [k:n] command: unclosed quote"},
		{"command", "a ${b", "f:2: [k:n] command: a '${' is not closed"},
		{"command", "a 'b' ${X:-\"}", ""},
		{"command", "a | b", "f:2: [k:n] command: no shell runs this, and '|'"},
		{"command", "${words:A} ${words:NO-x}", ""},
		{"command", "x${words:A}", "f:2: [k:n] command: '${words:NAME}' is only"},
		{"command", "${A:-${words:A}}",
			"f:2: [k:n] command: '${words:NAME}' is only"},
		{"command", "${words:1}", "f:2: [k:n] command: '${1}' is none of"},
		{"list", "${words:A}", "f:2: [k:n] list: '${words:NAME}' is only"},
		{"command", "sh -c 'x ${NO}'",
			"f:2: [k:n] command: the value of ${NO} would be run"},
		{"command", "sh ${NO} 'x ${NO}'", ""},
		{"list", "a ; b", "f:2: [k:n] list: '; b' would be part"},
		{"path", "'a'", "f:2: [k:n] path: the quotes would be part"},
		{"path", "/a\nmode = 0600",
			"f:2: [k:n] path: one value was expected, and the indented line "
			"'mode = 0600' goes on with it: unindent that\n"},
		{"string", "a\nb", ""},
		{"list", "a\nb", ""},
		{"env", "A=1\nB=${NO}\n${NO}=c\n${NO}D=d", ""},
		{"sum", "1 ${NO} 3", ""},
		{"sum", "1 a ${NO} 3", "f:2: [k:n] sum: 'a' does not add up"},
		{"sum", "1\n1", "f:2: [k:n] sum: '1' does not add up"},
		{"env", "A=1\n2B=${NO}", "f:2: [k:n] env: expected NAME=value, not '2B'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect_reported(cases[i].key, cases[i].text, false, cases[i].expected);
}

static void checks_commands_for_files(void **state)
{
	static const char *const cases[][2] = {
		{"*.a:b '{}' ${NO}\n*.c: d {}", ""},
		{"a b {}", "f:2: [k:n] commands: expected GLOB:COMMAND, as in "},
		{":b {}", "f:2: [k:n] commands: '' is no glob on the name"},
		{"d/*:b {}", "f:2: [k:n] commands: 'd/*' is no glob on the name"},
		{"*:b", "f:2: [k:n] commands: '*:b' has no {}, which stands"},
		{"*:b {} | c", "f:2: [k:n] commands: no shell runs this"},
		{"*:sh -c 'b {}'",
			"f:2: [k:n] commands: the name of the file would be run as code "
			"by sh: hand it over"},
		{"*:sh -c 'b ${NO}' sh {}",
			"f:2: [k:n] commands: the value of ${NO} would be run"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect_reported("commands", cases[i][0], false, cases[i][1]);
}

static void appends_to_lists_alone(void **state)
{
	(void)state;
	expect_reported("list", "a", true, "");
	expect_reported("env", "A=1", true, "");
	expect_reported("paths", "a", true, "");
	expect_reported("command", "a", true, "");
	expect_reported("commands", "*:a {}", true, "");
	expect_reported("mode", "0600", true, "f:2: [k:n] mode: += works on lists");
	expect_reported("text", "a", true, "f:2: [k:n] text: += works on lists");
	expect_reported("string", "a", true, "f:2: [k:n] string: += works on lists");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fills_defaults),
		cmocka_unit_test(fills_what_is_written),
		cmocka_unit_test(fills_lists),
		cmocka_unit_test(fills_chains),
		cmocka_unit_test(fills_in_two_parts),
		cmocka_unit_test(reports_errors),
		cmocka_unit_test(unset_names_of_all_keys),
		cmocka_unit_test(fills_on_behind_errors),
		cmocka_unit_test(required_and_scalar_chains),
		cmocka_unit_test(tolerates_unset_names),
		cmocka_unit_test(judges_all_keys_at_once),
		cmocka_unit_test(judges_each_item_of_a_list_once),
		cmocka_unit_test(judges_what_is_not_known_yet),
		cmocka_unit_test(reports_bare_names),
		cmocka_unit_test(reports_bare_names_in_what_is_wrong),
		cmocka_unit_test(parsers_make_a_member_of_their_own),
		cmocka_unit_test(no_value_becomes_code),
		cmocka_unit_test(fills_commands_for_files),
		cmocka_unit_test(no_value_becomes_syntax),
		cmocka_unit_test(checks_without_expanding),
		cmocka_unit_test(checks_commands_for_files),
		cmocka_unit_test(appends_to_lists_alone),
	};

	return cmocka_run_group_tests_name("conf/field", tests, NULL, NULL);
}
