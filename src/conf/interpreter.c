/* SPDX-License-Identifier: MIT */
/* Interpreters and their options, as far as these take code. */
#include "conf/interpreter.h"

#include <string.h>

#include "base/path.h"
#include "base/str.h"

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
	{.names = {"julia", "elixir", "iex", "Rscript"},
		.code = "eE",
		.other = "CHJLptr",
		.code_options = OPTIONS("--eval", "--print")},
	{.names = {"R"}, .code = "e", .other = "fgd"},
	{.names = {"groovy", "scala", "clojure", "clj"},
		.code_options = OPTIONS("-e", "-eval"),
		.other_options = OPTIONS("-cp", "-classpath"),
		.spelled = true},
	{.names = {"erl"},
		.code_options = OPTIONS("-eval"),
		.spelled = true,
		.mixed = true},
	{.names = {"pwsh", "powershell"},
		.code_options = OPTIONS("-c", "-Command", "-command"),
		.spelled = true},
	{.names = {"deno", "crystal", "wp"},
		.other = "cL",
		.commands = OPTIONS("eval"),
		.mixed = true},
	{.names = {"mix"}, .code = "e", .commands = OPTIONS("eval"), .mixed = true},
	{.names = {"rails"},
		.other = "e",
		.other_options = OPTIONS("--environment"),
		.commands = OPTIONS("runner"),
		.mixed = true},
	{.names = {"make", "gmake"},
		.code = "E",
		.rest = "jl",
		.other = "CfIoW",
		.code_options = OPTIONS("--eval"),
		.other_options = OPTIONS("--directory", "--file", "--makefile",
			"--include-dir", "--old-file", "--what-if"),
		.mixed = true,
		.advice = "write it in a makefile, where a recipe has \"$$NAME\" of the "
			  "environment"},
	{.names = {"awk", "gawk", "mawk", "nawk"},
		.code = "e",
		.other = "FvfEil",
		.code_options = OPTIONS("--source"),
		.other_options = OPTIONS("--file", "--field-separator", "--assign"),
		.from = 1,
		.to = 1,
		.unless = "feE"},
	{.names = {"sed", "gsed"},
		.code = "e",
		.rest = "i",
		.other = "fl",
		.code_options = OPTIONS("--expression"),
		.other_options = OPTIONS("--file", "--line-length"),
		.from = 1,
		.to = 1,
		.unless = "fe",
		.advice = "have a `file` step write it: `set` changes single keys of a "
			  "file, and in a template stands ${…}"},
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
		.sql = true,
		.advice = "hand it over as in psql -v name=${…} -f FILE, where :'name' "
			  "is its value in quotes"},
	{.names = {"mysql", "mariadb", "mysqlsh"},
		.code = "e",
		.rest = "p#",
		.other = "uhPDS",
		.code_options = OPTIONS("--execute", "--init-command"),
		.other_options = OPTIONS("--user", "--host", "--port", "--database",
			"--socket", "--delimiter"),
		.mixed = true,
		.sql = true,
		.advice =
			"have a shell write it in hexadecimal: \"SET @name = 0x$(printf "
			"%s \"$NAME\" | od -An -v -tx1 | tr -d ' \\n')\""},
	{.names = {"sqlite", "duckdb"},
		.code_options = OPTIONS("-cmd", "-c", "-s"),
		.other_options = OPTIONS("-init", "-separator", "-newline", "-nullvalue",
			"-vfs", "-mmap", "-maxsize", "-heap"),
		.from = 2,
		.mixed = true,
		.spelled = true,
		.sql = true,
		.advice = "have a `file` step write it to a file for .read: where that "
			  "ends in .sql, values are made safe"},
	{.names = {"clickhouse-client", "clickhouse-local", "clickhouse"},
		.code = "q",
		.other = "hudcS",
		.code_options = OPTIONS("--query"),
		.other_options = OPTIONS("--host", "--port", "--user", "--password",
			"--database", "--config-file"),
		.mixed = true,
		.sql = true,
		.advice = "hand it over as in clickhouse-client --param_name=${…}, where "
			  "{name:String} stands for it"},
	{.names = {"cqlsh"},
		.code = "e",
		.other = "upkf",
		.code_options = OPTIONS("--execute"),
		.other_options =
			OPTIONS("--username", "--password", "--keyspace", "--file"),
		.mixed = true,
		.sql = true,
		.advice = "have a `file` step with `escape = sql` write it to a file for "
			  "-f"},
	{.names = {"redis-cli", "valkey-cli", "keydb-cli"},
		.other = "hpsaurindDX",
		.other_options = OPTIONS("--user", "--pass", "--cacert", "--cacertdir",
			"--cert", "--key", "--sni"),
		.commands = OPTIONS("eval", "eval_ro"),
		.advice =
			"hand it over as an argument: redis-cli EVAL 'return ARGV[1]' 0 "
			"${…}"},
	{.names = {"mongosh", "mongo"},
		.code_options = OPTIONS("--eval"),
		.other_options = OPTIONS("--host", "--port"),
		.mixed = true},
	{.names = {"ssh", "autossh"}, .other = "BbcDEeFIiJLlmMOopPQRSWw", .from = 2},
};

/* They start the program that their words name. */
static const char *const starters[] = {"env", "exec", "nice", "ionice", "timeout",
	"xargs", "sudo", "doas", "pkexec", "gosu", "su-exec", "setpriv", "tini",
	"dumb-init", "catatonit", "busybox", "toybox", "nohup", "setsid", "chroot",
	"stdbuf", "chrt", "taskset", "numactl", "prlimit", "setarch", "linux32",
	"linux64", "runuser", "unshare", "nsenter", "bwrap", "flock", "find", "strace",
	"chpst", "envdir", "softlimit", "setuidgid", "envuidgid", "s6-setuidgid",
	"s6-envuidgid", "s6-envdir", "s6-softlimit", "with-contenv", "fakeroot",
	"eatmydata", "sshpass", "time", "command", "dockerize", "wait-for-it",
	"wait-for-it.sh", "wait-for", "start-stop-daemon", "systemd-run",
	"dbus-run-session", "xvfb-run", NULL};

bool interpreter_is_starter(const char *word)
{
	return str_is_among(path_base(word), starters);
}

const struct interpreter *interpreter_find(const char *word)
{
	const char *name = path_base(word);
	size_t size = strlen(name);

	while (size > 0 && (str_is_digit(name[size - 1]) || name[size - 1] == '.'))
		size--;
	for (size_t i = 0; i < sizeof interpreters / sizeof *interpreters; i++)
		if (str_part_is_among(name, size, interpreters[i].names))
			return &interpreters[i];
	return NULL;
}
