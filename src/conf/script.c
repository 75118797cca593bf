/* SPDX-License-Identifier: MIT */
/* Words of commands that are read as code. */
#include "conf/script.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/expand.h"

#define SHOWN_MAX 60

/* No shorter word, "--" among them, is taken for an abbreviated option. */
#define ABBREVIATION_MIN 2

static const char *const shells[] = {"sh", "bash", "dash", "ash", "hush", "ksh", "ksh93",
	"mksh", "lksh", "oksh", "posh", "yash", "zsh", "rbash", "rksh", "fish", "csh",
	"tcsh", "execlineb", NULL};

/* They give what stands behind -c to a shell, and take it anywhere among their words. */
static const char *const runners[] = {"su", "runuser", "sg", "flock", NULL};

/* Options of theirs that take no argument, and may stand in front of the c. */
#define RUNNER_FLAGS "lmpfPhexnuov"

static bool is_among(const char *name, const char *const *names)
{
	while (*names && !str_equal(*names, name))
		names++;
	return *names != NULL;
}

/*
 * The script of the shell whose options begin at `at`, or `count`. Letters of options may
 * be clustered, as in -ec, and "o" and "O" take the next word.
 */
static size_t find_script(const struct list *words, size_t at)
{
	bool given = false;

	for (; at < words->count; at++) {
		const char *word = words->items[at];

		if (*word != '-' && *word != '+')
			break;
		if (str_equal(word, "--") || str_equal(word, "-")) {
			at++;
			break;
		}
		if (str_equal(word, "--rcfile") || str_equal(word, "--init-file"))
			at++;
		if (word[1] == '-') {
			given |= str_equal(word, "--command"); /* fish */
			continue;
		}
		given |= *word == '-' && strchr(word, 'c');
		at += strpbrk(word, "oO") != NULL;
	}
	return given && at < words->count ? at : words->count;
}

/* The same of one word of a program that hands the next one, or its own end, on. */
static size_t find_handed_on(const struct list *words, size_t at)
{
	const char *word = words->items[at];
	const char *flags = word + 1;

	if (str_starts(word, "--command=") || str_starts(word, "--session-command="))
		return at;
	if (str_equal(word, "--command") || str_equal(word, "--session-command"))
		return at + 1;
	if (*word != '-')
		return words->count;
	flags += strspn(flags, RUNNER_FLAGS);
	if (*flags != 'c')
		return words->count;
	return flags[1] ? at : at + 1;
}

/* What an interpreter does with its options and words. */
struct interpreter {
	const char *names[4];
	const char
		*code; /* letters that take code, in the rest of the word or the next */
	const char *rest;  /* letters that take the rest of the word, never the next */
	const char *other; /* letters that take the rest or the next for something else */
	/* the same, spelled out */
	const char *const *code_options, *const *other_options;
	/* words that are no options, by number; from 0: none, to 0: to the end */
	size_t from, to;
	const char *unless; /* letters without which `from` holds */
	bool mixed;   /* options may stand behind other words, and -c is one of many */
	bool spelled; /* options are words: "-init" is "--init" */
	/* for SQL, which has no variables of the environment: what to write instead */
	const char *advice;
};

#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})

static const struct interpreter interpreters[] = {
	{.names = {"python", "pypy"},
		.code = "c",
		.other = "WXQ",
		.other_options = OPTIONS("--check-hash-based-pycs")},
	{.names = {"perl"}, .code = "eE", .rest = "iMmDFxVC", .other = "I"},
	{.names = {"ruby", "jruby"}, .code = "e", .rest = "iFTxKWX", .other = "CIrE"},
	{.names = {"node", "nodejs", "bun"},
		.code = "ep",
		.other = "rC",
		.code_options = OPTIONS("--eval", "--print"),
		.other_options = OPTIONS("--require", "--import", "--loader",
			"--experimental-loader", "--conditions", "--env-file")},
	{.names = {"php", "php-cli"},
		.code = "rBRE",
		.other = "cdfFStz",
		.code_options = OPTIONS(
			"--run", "--process-begin", "--process-code", "--process-end"),
		.other_options = OPTIONS("--define", "--php-ini", "--file", "--server")},
	{.names = {"lua", "luajit"}, .code = "e", .other = "l"},
	{.names = {"script"},
		.code = "c",
		.other = "BEIOTmot",
		.code_options = OPTIONS("--command")},
	{.names = {"guile", "expect"}, .code = "c", .other = "L"},
	{.names = {"julia", "elixir", "Rscript"},
		.code = "eE",
		.other = "CHJLptr",
		.code_options = OPTIONS("--eval", "--print")},
	{.names = {"awk", "gawk", "mawk", "nawk"},
		.code = "e",
		.other = "FvfEil",
		.code_options = OPTIONS("--source"),
		.other_options = OPTIONS("--file", "--field-separator", "--assign"),
		.from = 1,
		.to = 1,
		.unless = "feE"},
	{.names = {"env"},
		.code = "S",
		.other = "uC",
		.code_options = OPTIONS("--split-string"),
		.other_options = OPTIONS("--unset", "--chdir")},
	{.names = {"watch"},
		.other = "nq",
		.other_options = OPTIONS("--interval", "--equexit"),
		.from = 1,
		.unless = "x"},
	{.names = {"psql"},
		.code = "c",
		.other = "dfhlopFLPRTUv",
		.code_options = OPTIONS("--command"),
		.other_options = OPTIONS("--dbname", "--file", "--host", "--port",
			"--username", "--set", "--variable", "--output", "--log-file",
			"--pset", "--field-separator", "--record-separator"),
		.mixed = true,
		.advice = "hand it over as in psql -v name=${…} -f FILE, where :'name' "
			  "is its value in quotes"},
	{.names = {"mysql", "mariadb"},
		.code = "e",
		.rest = "p#",
		.other = "uhPDS",
		.code_options = OPTIONS("--execute", "--init-command"),
		.other_options = OPTIONS("--user", "--host", "--port", "--database",
			"--socket", "--delimiter"),
		.mixed = true,
		.advice =
			"have a shell write it in hexadecimal: \"SET @name = 0x$(printf "
			"%s \"$NAME\" | od -An -v -tx1 | tr -d ' \\n')\""},
	{.names = {"sqlite"},
		.code_options = OPTIONS("-cmd"),
		.other_options = OPTIONS("-init", "-separator", "-newline", "-nullvalue",
			"-vfs", "-mmap", "-maxsize", "-heap"),
		.from = 2,
		.mixed = true,
		.spelled = true,
		.advice = "have a `file` step write it to a file for .read: where that "
			  "ends in .sql, values are made safe"},
	{.names = {"mongosh", "mongo"},
		.code_options = OPTIONS("--eval"),
		.other_options = OPTIONS("--host", "--port"),
		.mixed = true},
	{.names = {"ssh", "autossh"}, .other = "BbcDEeFIiJLlmMOopPQRSWw", .from = 2},
};

/* They start the program that their words name. */
static const char *const starters[] = {"env", "exec", "nice", "ionice", "timeout",
	"xargs", "sudo", "doas", "gosu", "su-exec", "setpriv", "tini", "dumb-init",
	"catatonit", "busybox", "nohup", "setsid", "chroot", "stdbuf", "chrt", "taskset",
	"runuser", "unshare", "nsenter", "flock", "find", "chpst", "setuidgid",
	"s6-setuidgid", "sshpass", "time", "command", NULL};

/* "python3.11" is "python". */
static const struct interpreter *find_interpreter(const char *word)
{
	const char *name = path_base(word);
	size_t size = strlen(name);

	while (size > 0 && (str_is_digit(name[size - 1]) || name[size - 1] == '.'))
		size--;
	for (size_t i = 0; i < sizeof interpreters / sizeof *interpreters; i++)
		for (size_t n = 0; n < 4 && interpreters[i].names[n]; n++)
			if (strlen(interpreters[i].names[n]) == size &&
				memcmp(interpreters[i].names[n], name, size) == 0)
				return &interpreters[i];
	return NULL;
}

static bool has(const char *letters, char letter)
{
	return letters && letter && strchr(letters, letter);
}

struct search {
	const struct list *words;
	void (*found)(void *user, size_t at, const char *program);
	void *user;
	const struct interpreter *interpreter;
	const char *program;
	bool given; /* an option of `unless` is there */
};

static void report(const struct search *search, size_t at)
{
	if (at < search->words->count)
		search->found(search->user, at, search->program);
}

/*
 * An option spelled out, with its argument behind "=" or in the next word. An option of
 * code may be abbreviated: "--exec" is mysql's "--execute".
 */
static size_t in_long_option(struct search *search, size_t at)
{
	const struct interpreter *interpreter = search->interpreter;
	const char *word = search->words->items[at];
	const char *const *sets[] = {
		interpreter->code_options, interpreter->other_options};
	size_t size;

	word += interpreter->spelled && word[1] == '-';
	size = strcspn(word, "=");

	search->given |= has(interpreter->unless, 'x') && str_equal(word, "--exec");
	search->given |=
		has(interpreter->unless, 'f') && strncmp(word, "--file", size) == 0;
	for (size_t set = 0; set < 2; set++)
		for (size_t i = 0; sets[set] && sets[set][i]; i++) {
			bool cut = set == 0 && size > ABBREVIATION_MIN;

			if ((!cut && strlen(sets[set][i]) != size) ||
				strncmp(sets[set][i], word, size) != 0)
				continue;
			at += word[size] == '\0';
			if (set > 0)
				return at;
			search->given = true;
			report(search, at);
			return at;
		}
	return at;
}

/* ssh -o ProxyCommand=… */
static bool names_command(const char *text)
{
	return text && strcasestr(text, "command") != NULL;
}

/* Letters behind one "-". Returns the last word that belongs to them. */
static size_t in_letters(struct search *search, size_t at)
{
	const struct interpreter *interpreter = search->interpreter;
	const char *word = search->words->items[at];
	bool code = false;

	while (*++word) {
		search->given |= has(interpreter->unless, *word);
		if (has(interpreter->rest, *word))
			return at;
		if (has(interpreter->code, *word) || has(interpreter->other, *word)) {
			code = has(interpreter->code, *word);
			break;
		}
	}
	if (!*word)
		return at;
	/* node's -pe takes the next word, whatever stands behind the p. */
	if (!word[1] || (code && has(interpreter->code, word[1]) && !word[2]))
		at++;
	if (code ||
		(*word == 'o' && interpreter->from && at < search->words->count &&
			names_command(search->words->items[at])))
		report(search, at);
	return at;
}

/* The words of the interpreter at `at`, as far as it reads them as code. */
static void search_interpreter(struct search *search, size_t at)
{
	const struct interpreter *interpreter = search->interpreter;
	const struct list *words = search->words;
	size_t operands = 0;

	for (at++; at < words->count; at++) {
		const char *word = words->items[at];

		if (operands == 0 && str_equal(word, "--"))
			continue;
		if (*word == '-' && word[1] && (!operands || interpreter->mixed)) {
			at = word[1] == '-' || interpreter->spelled
				? in_long_option(search, at)
				: in_letters(search, at);
			continue;
		}
		operands++;
		if (!interpreter->mixed &&
			(interpreter->from == 0 || search->given ||
				(interpreter->to && operands > interpreter->to)))
			return;
		if (interpreter->from && operands >= interpreter->from)
			report(search, at);
	}
}

void script_each(const struct list *words,
	void (*found)(void *user, size_t at, const char *program), void *user)
{
	const char *runner = NULL;
	bool started = words->count > 0 && is_among(path_base(words->items[0]), starters);

	for (size_t i = 0; i < words->count; i++) {
		const char *name = path_base(words->items[i]);
		size_t at = runner ? find_handed_on(words, i) : words->count;
		struct search search = {words, found, user, NULL, name, false};

		if (at < words->count)
			found(user, at, runner);
		at = is_among(name, shells) ? find_script(words, i + 1) : words->count;
		if (at < words->count)
			found(user, at, name);
		if (is_among(name, runners))
			runner = name;
		if (i == 0 || started)
			search.interpreter = find_interpreter(words->items[i]);
		if (search.interpreter)
			search_interpreter(&search, i);
	}
}

/* The first ${…} of a word. */
struct first {
	char name[SHOWN_MAX + 1];
};

static void note_first(void *user, const char *name, bool shown)
{
	struct first *first = user;

	(void)shown; /* what ":+" puts in is only text of ours, but may hold values */
	if (!*first->name)
		(void)snprintf(first->name, sizeof first->name, "%s", name); /* or cut */
}

/* What to write instead of a value in SQL, or NULL where `program` reads other code. */
static const char *find_advice(const char *program)
{
	const struct interpreter *interpreter = find_interpreter(program);

	return interpreter ? interpreter->advice : NULL;
}

bool script_takes_paths(const char *program)
{
	return find_advice(program) != NULL;
}

int script_check(const char *raw, const char *program, struct err *err)
{
	struct first first = {""};
	const char *aside = strstr(raw, "{file}") ? "{file}" : "{dir}";
	const char *advice = find_advice(program);

	if (strstr(raw, aside) && !advice)
		return err_config(err,
			"the path of %s would be run as code by %s: hand it over as an "
			"argument of the script, as in sh -c 'date >\"$1\"' sh {file}",
			aside, program);
	expand_each(raw, note_first, &first);
	if (!*first.name)
		return 0;
	if (advice)
		return err_config(err, "the value of ${%s} would be run as SQL by %s: %s",
			first.name, program, advice);
	return err_config(err,
		"the value of ${%s} would be run as code by %s: let it be read there "
		"(\"$NAME\", or $${NAME:-x}), or hand it over as an argument of the "
		"script, as in sh -c 'createdb \"$1\"' sh ${DB}",
		first.name, program);
}
