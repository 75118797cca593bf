/* SPDX-License-Identifier: MIT */
/* The formats, and what each does with a value at its place. */
#include "conf/escape.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/escape_value.h"
#include "conf/shell_code.h"

#define ENDINGS_MAX 4

/* Where each format's values go, and how. */
struct format {
	enum lexer_language language;
	escape_function *in_double, *in_single;
	escape_function *bare;   /* as a whole token; a line's value in any case */
	escape_function *chosen; /* by hand, in a text of another format */
	const char *within;      /* beside letters and digits, safe inside of a token */
	bool anywhere;           /* bare, a value needs not be a whole token */
	const char *help;
	const char *endings[ENDINGS_MAX + 1];
};

#define SAFE "_./:@%+,-"

/* A row a format: its name, and the members above. */
#define FORMATS(ROW) \
	ROW("none", LEXER_NONE, NULL, NULL, NULL, NULL, SAFE, false, \
		"values stand as they are", NULL) \
	ROW("json", LEXER_JSON, escape_json, NULL, escape_json_bare, escape_json, \
		"_.+-", false, \
		"in double quotes; bare, a number, boolean or null stays one, " \
		"all else becomes a string", \
		".json") \
	ROW("toml", LEXER_TOML, escape_json, escape_toml_single, escape_toml_bare, \
		escape_json, "_-", false, \
		"in quotes (single ones hold no such quote, no control character) " \
		"and in three double ones; bare, a number or boolean stays one, all " \
		"else becomes a string", \
		".toml") \
	ROW("shell", LEXER_SHELL, escape_shell_double, escape_shell_single, \
		escape_shell_bare, escape_shell_single, SAFE, false, \
		"in quotes; bare, it gets single quotes; in arithmetic it is a decimal " \
		"number; not in here-documents, backquotes, the shell's own braces, " \
		"comments, what eval, trap, sh -c and the like run, or might, and what " \
		"bash reads as arithmetic, as [[ x -gt y ]] and declare -i; what a " \
		"pipe or a variable hands to a shell is not judged", \
		".sh", ".bash") \
	ROW("sql", LEXER_SQL, escape_quoted_name, escape_quoted_sql, escape_sql_bare, \
		escape_quoted_sql, "_", false, \
		"in quotes; bare, a number stays one, a word is an error, as it might " \
		"be a name or keyword, all else becomes a string; not in strings with " \
		"a prefix, behind a dollar quote, in comments and commands of the " \
		"client (\\… of psql, .… of sqlite3); not for MySQL", \
		".sql") \
	ROW("nginx", LEXER_NGINX, escape_nginx, escape_nginx, escape_nginx_bare, \
		escape_nginx, SAFE, false, \
		"in quotes; bare, it gets double quotes; never with a dollar sign, nor " \
		"as a key of map, geo and the like that is a directive or pattern " \
		"there; not in comments and behind a Lua block; for a file " \
		"nginx.conf, too", \
		".nginx") \
	ROW("ini", LEXER_INI, escape_ini_double, escape_ini_single, escape_ini, \
		escape_ini, "_./@%+,-", true, \
		"in values, without line ends; not in keys, sections and comments", \
		".ini", ".cfg") \
	ROW("properties", LEXER_PROPERTIES, NULL, NULL, escape_properties, \
		escape_properties, "_./@%+,-", true, \
		"in values, as java.util.Properties reads them, without line ends; " \
		"not in keys and comments", \
		".properties") \
	ROW("env", LEXER_ENV, escape_env_double, escape_env_single, escape_env, \
		escape_env, SAFE, false, \
		"in values, without line ends; bare, it gets the quotes that it needs; " \
		"not in names and comments; for a file .env, too", \
		".env") \
	ROW("yaml", LEXER_YAML, escape_yaml_double, escape_yaml_single, \
		escape_yaml_bare, escape_yaml_double, "_./:@%+-", false, \
		"in quotes (single ones hold no line end); bare, to the end of the " \
		"line or item, true, false and plain numbers stay what they are, " \
		"all else becomes a string, also a word or key that is put " \
		"together; not in block scalars, anchors and comments", \
		".yaml", ".yml") \
	ROW("xml", LEXER_XML, escape_xml, escape_xml, escape_xml, escape_xml, "_.:-", \
		true, \
		"in text and in the quotes of attributes; not in the names of tags, " \
		"CDATA, comments and declarations", \
		".xml", ".xhtml", ".svg") \
	ROW("html", LEXER_HTML, escape_xml, escape_xml, escape_xml, escape_xml, "_.:-", \
		true, \
		"the same, and not in scripts, styles and attributes that are code, as " \
		"onclick; a URL is not judged", \
		".html", ".htm") \
	ROW("php", LEXER_PHP, escape_php_double, escape_php_single, escape_php_bare, \
		escape_php_single, "_", false, \
		"in quotes; bare, a number, boolean or null stays one, all else gets " \
		"single quotes; not outside of <?php, in here-documents, backquotes, " \
		"comments and behind a variable in a string", \
		".php") \
	ROW("js", LEXER_JS, escape_js, escape_js, escape_js_bare, escape_js, "_", false, \
		"in quotes; bare, a number, boolean or null stays one, all else " \
		"becomes a string; not in template literals, regular expressions and " \
		"comments", \
		".js", ".mjs", ".cjs") \
	ROW("lua", LEXER_LUA, escape_lua, escape_lua, escape_lua_bare, escape_lua, "_", \
		false, \
		"in quotes; bare, a number or boolean stays one, all else becomes a " \
		"string; not in long brackets and comments", \
		".lua") \
	ROW("lines", LEXER_NONE, NULL, NULL, escape_line, escape_line, SAFE, true, \
		"anywhere, without line ends: a value stays on its line", NULL) \
	ROW("url", LEXER_NONE, NULL, NULL, escape_url, escape_url, SAFE, true, \
		"everything but letters, digits and -._~ is written as %XX (RFC 3986)", \
		NULL)

#define NAME(name, ...) name,
#define ROW( \
	name, language, in_double, in_single, bare, chosen, within, anywhere, help, ...) \
	{language, in_double, in_single, bare, chosen, within, anywhere, help, \
		{__VA_ARGS__}},

const char *const escape_names[] = {FORMATS(NAME) NULL};

static const struct format formats[] = {FORMATS(ROW)};

int escape_find(const char *name)
{
	for (int i = 0; escape_names[i]; i++)
		if (str_equal(escape_names[i], name))
			return i;
	return -1;
}

int escape_for_path(const char *path)
{
	const char *ending = path_ending(path);

	if (str_equal(path_base(path), "nginx.conf"))
		ending = ".nginx";
	else if (str_equal(path_base(path), ".env"))
		ending = ".env";
	for (int i = 0; escape_names[i]; i++)
		for (size_t n = 0; formats[i].endings[n]; n++)
			if (str_equal(formats[i].endings[n], ending))
				return i;
	return 0;
}

const char *escape_help(int escape)
{
	return formats[escape].help;
}

const char *const *escape_endings(int escape)
{
	return formats[escape].endings;
}

int escape_chosen(int escape, const char *value, struct buf *ret, struct err *err)
{
	if (formats[escape].chosen)
		return formats[escape].chosen(value, ret, err);
	buf_puts(ret, value);
	return 0;
}

void escape_begin(int escape, struct lexer *lexer)
{
	lexer_begin(lexer, formats[escape].language);
}

/* ---- at its place ---- */

static bool is_within(const char *signs, const char *value)
{
	while (str_is_alnum(*value) || (*value && strchr(signs, *value)))
		value++;
	return *value == '\0';
}

/* Without a value, what stands behind it would begin the token. */
static bool may_be_empty(const struct lexer *lexer, const struct escape_next *next)
{
	bool comment = lexer->language == LEXER_YAML && str_is_space(lexer->last) &&
		next->size && *next->text == '#';

	if (comment ||
		(lexer->last && strchr("+-*/%<>=!&|^~.", lexer->last) &&
			lexer_is_operand(lexer, next->text, next->size)))
		return false;
	return lexer->language == LEXER_ENV ||
		(!lexer_begins(lexer) && !lexer_refuses(lexer, "")) ||
		(next->size &&
			(str_is_alnum(*next->text) || strchr("$_/.", *next->text)));
}

static int raise_place(
	const struct format *format, const char *name, const char *where, struct err *err)
{
	return err_config(err,
		"this value cannot be made safe for %s %s; %sto put it in as it is, "
		"write |none before the }",
		name, where,
		format->language == LEXER_YAML ? "as \"${…}\" it can; " : "");
}

static int raise_closed(const struct format *format, const char *name,
	const struct lexer *lexer, struct err *err)
{
	CLEANUP_BUF struct buf where = BUF_INIT;

	buf_printf(&where, "in %s", lexer->closed);
	return raise_place(format, name, where.data, err);
}

static int add_closed(const struct format *format, const char *name,
	const struct lexer *lexer, const char *value, struct buf *ret, struct err *err)
{
	bool safe = is_within(lexer->prose ? SAFE : format->within, value);

	/* Where that is, nobody knows: it may begin a key, an entry or a document. */
	if (safe && lexer->lost && format->language == LEXER_YAML)
		safe = (str_is_alnum(*value) || !*value) && !strchr(value, ':') &&
			!escape_yaml_needs_quotes(value, true);
	if (!safe)
		return raise_closed(format, name, lexer, err);
	buf_puts(ret, value);
	return 0;
}

/* Digits right before a redirection of a shell are a descriptor, not a word. */
static bool is_descriptor(
	const struct format *format, const char *value, const struct escape_next *next)
{
	return format->language == LEXER_SHELL && *value && !value[str_digits(value)] &&
		next->size && *next->text && strchr("<>", *next->text);
}

/* Between operators, a number is one, and a word would be a variable or constant. */
static int add_operand(const struct format *format, const char *name, const char *value,
	struct buf *ret, struct err *err)
{
	CLEANUP_BUF struct buf bare = BUF_INIT;

	if (format->bare(value, &bare, err) < 0)
		return -1;
	if (!str_equal(bare.data, value))
		return raise_place(
			format, name, "as a word by itself: put quotes around it", err);
	buf_puts(ret, value);
	return 0;
}

static int add_bare(const struct format *format, const char *name,
	const struct lexer *lexer, const char *value, const struct escape_next *next,
	struct buf *ret, struct err *err)
{
	bool safe = is_within(format->within, value) && !lexer_refuses(lexer, value);
	bool key = lexer_is_key(lexer, next->text, next->size);

	if (format->anywhere)
		return format->bare(value, ret, err);
	if (lexer_begins(lexer) && key)
		return escape_quote(format->chosen,
			format->language == LEXER_PHP ? '\'' : '"', value, ret, err);
	if (lexer_begins(lexer) && lexer_ends(lexer, next->text, next->size)) {
		if (!safe || !*value || !str_equal(format->within, SAFE) ||
			is_descriptor(format, value, next))
			return format->bare(value, ret, err);
	} else if (is_descriptor(format, value, next) &&
		(str_is_digit(lexer->last) || lexer->last == 'x')) {
		return raise_place(format, name,
			"right before a redirection: put quotes around the word, or a "
			"blank behind it",
			err);
	} else if (*value ? !safe : !may_be_empty(lexer, next)) {
		return raise_place(format, name,
			"in a part of a word that is not in quotes: put quotes around "
			"the word",
			err);
	} else if (*value && lexer_is_operand(lexer, next->text, next->size)) {
		return add_operand(format, name, value, ret, err);
	}
	buf_puts(ret, value);
	return 0;
}

static int add_quoted(
	escape_function *add, const char *value, struct buf *ret, struct err *err)
{
	if (add)
		return add(value, ret, err);
	return err_config(err, "no value can stand in these quotes");
}

/* Would the value, however it is written, go on with what stands before it? */
static int must_stand_alone(const struct format *format, const char *name,
	const struct lexer *lexer, const char *value, struct err *err)
{
	if (lexer->escaped || (*value && lexer->tail))
		return raise_place(format, name, "behind a backslash", err);
	if (!*value || !lexer_refuses(lexer, value))
		return 0;
	if (lexer->place == LEXER_CLOSED)
		return raise_closed(format, name, lexer, err);
	if (lexer->place == LEXER_BARE && !format->anywhere)
		return 0;
	return raise_place(
		format, name, "right behind what it would become a part of", err);
}

/* However it is written there, what reads the word as code reads it once more. */
static int must_be_no_code(const struct format *format, const char *name,
	struct lexer *lexer, const char *value, const struct escape_next *next,
	const struct buf *text, struct err *err)
{
	CLEANUP_BUF struct buf where = BUF_INIT;

	if (lexer->language != LEXER_SHELL || lexer->place == LEXER_CLOSED ||
		!shell_code_refuses(lexer, value, is_within(format->within, value), text,
			next, &where))
		return 0;
	return raise_place(format, name, where.data, err);
}

int escape_add(int escape, struct lexer *lexer, const char *value,
	const struct escape_next *next, struct buf *ret, struct err *err)
{
	const struct format *format = &formats[escape];
	const char *name = escape_names[escape];
	int rc = must_stand_alone(format, name, lexer, value, err);
	size_t before = ret->len;

	if (rc == 0)
		rc = must_be_no_code(format, name, lexer, value, next, ret, err);
	if (rc == 0)
		rc = escape_map_key(lexer, value, next, ret, err);
	if (rc < 0)
		return -1;
	if (format->language == LEXER_NONE && !format->bare)
		buf_puts(ret, value);
	else if (lexer->place == LEXER_CLOSED)
		rc = add_closed(format, name, lexer, value, ret, err);
	else if (lexer->place == LEXER_BARE)
		rc = add_bare(format, name, lexer, value, next, ret, err);
	else if (lexer->place == LEXER_DOUBLE)
		rc = add_quoted(format->in_double, value, ret, err);
	else if (lexer->place == LEXER_BACKQUOTE)
		rc = add_quoted(escape_ini_backquote, value, ret, err);
	else
		rc = add_quoted(format->in_single, value, ret, err);
	if (rc < 0)
		return -1;
	if (*value)
		lexer_pass(lexer, ret->len - before);
	else
		lexer->token_size += ret->len - before; /* quotes may have been written */
	lexer_join(lexer);
	return 0;
}

/* Each value of a text is asked for it: strpbrk(3) takes three times as long. */
static bool is_sign(char c)
{
	return c == '"' || c == '\'' || c == '`' || c == ';' || c == '$' || c == '\\' ||
		c == '{' || c == '}' || c == '\n' || c == '\r' || c == '#';
}

bool escape_has_signs(const char *value)
{
	for (const char *at = value; *at; at++)
		if (is_sign(*at) && (*at != '#' || at == value || str_is_space(at[-1])))
			return true;
	return false;
}

unsigned escape_misread(int escape, const struct lexer *lexer, const char *value)
{
	enum lexer_language language = formats[escape].language;

	if (lexer->place == LEXER_CLOSED)
		return 0;
	if (language == LEXER_INI)
		return escape_ini_misread(value, lexer->place != LEXER_BARE);
	if (language == LEXER_ENV)
		return lexer->place == LEXER_DOUBLE ? escape_env_misread(value) : 0;
	return (language == LEXER_PROPERTIES || language == LEXER_YAML ||
		       language == LEXER_XML) &&
			strstr(value, "${")
		? ESCAPE_EXPANDED
		: 0;
}
