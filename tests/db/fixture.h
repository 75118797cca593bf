/* SPDX-License-Identifier: MIT */
/*
 * What the tests of db/ share: a directory of their own, contributors in it, a
 * specification, and SQLite itself for comparison.
 */
#ifndef TESTS_DB_FIXTURE_H
#define TESTS_DB_FIXTURE_H

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

#include "../directory.h"
#include "../shown.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/problems.h"
#include "base/stop.h"
#include "db/db.h"
#include "db/system_calls.h"
#include "migration/contributors.h"

#define CONTRIBUTORS_MAX 8

struct world {
	struct fs fs;
	char db[PATH_MAX];
	struct arena arena;
	struct buf logged; /* every line of the log */
	struct log log;
	struct contributor contributors[CONTRIBUTORS_MAX];
	size_t contributors_count;
	struct migrations migrations;
	struct problems problems;
	struct stop stop;
	struct db_spec spec;
	struct db_report report;
	struct err err;
};

static inline void hear(void *user, enum log_level level, const char *line)
{
	struct world *world = user;

	(void)level;
	buf_printf(&world->logged, "%s\n", line);
}

static inline int world_setup(void **state)
{
	struct world *world = mem_zalloc(sizeof *world);

	assert_int_equal(directory_setup(state), 0);
	(void)snprintf(world->db, sizeof world->db, "%s", in("app.db"));
	world->logged = (struct buf)BUF_INIT;
	world->log =
		(struct log){.fd = -1, .level = LOG_INFO, .sink = hear, .user = world};
	world->fs = (struct fs)FS_INIT;
	fs_begin(&world->fs);
	world->stop = (struct stop)STOP_INIT;
	world->spec = (struct db_spec){
		.fs = &world->fs,
		.ledger.name = world->db,
		.path = world->db,
		.ledger.migrations = &world->migrations,
		.attr = {.mode = 0640, .uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT},
		.journal_mode = "wal",
		.ledger.unknown = LEDGER_WARN,
		.schema_drift = LEDGER_ACCEPT,
		.busy_timeout_ms = 5000,
		.step = "database:app",
		.stop = &world->stop,
		.ledger.log = &world->log,
	};
	*state = world;
	return 0;
}

static inline int world_teardown(void **state)
{
	struct world *world = *state;

	fs_end(&world->fs);
	arena_release(&world->arena);
	problems_release(&world->problems);
	buf_release(&world->logged);
	free(world);
	return directory_teardown(state);
}

/* A path below the directory; lives as long as the world. */
static inline const char *at(struct world *world, const char *name)
{
	return arena_printf(&world->arena, "%s/%s", directory, name);
}

static inline struct contributor *contribute(
	struct world *world, const char *name, const char *path)
{
	struct contributor *contributor =
		&world->contributors[world->contributors_count++];

	*contributor = (struct contributor){
		.name = name,
		.path = at(world, path),
		.fs = &world->fs,
		.section = name,
		.key = "path",
		.at = {"/conf.d/app.ini", 7, 0},
	};
	return contributor;
}

/* Reads all contributors anew; problems are left in the world. */
static inline int read_contributors(struct world *world)
{
	problems_release(&world->problems);
	return contributors_read(world->contributors, world->contributors_count,
		&db_dialect, &world->arena, &world->migrations, &world->problems,
		&world->err);
}

/* Adds what is wrong with the SQL of all of them to the problems. */
static inline void check_sql(struct world *world)
{
	struct migrations *all = &world->migrations;
	const struct migration **list = (const struct migration **)arena_alloc(
		&world->arena, all->count * sizeof *list);

	for (size_t i = 0; i < all->count; i++)
		list[i] = &all->list[i];
	assert_int_equal(
		migrations_check(all, list, all->count, &world->problems, &world->err),
		0);
}

/* All problems as lines, sorted, without the path of the world's directory. */
static inline const char *problems_of(struct world *world)
{
	struct buf text = BUF_INIT;
	char *kept;

	assert_int_equal(read_contributors(world), 0);
	check_sql(world);
	problems_sort(&world->problems);
	for (size_t i = 0; i < world->problems.count; i++) {
		const char *line = problem_text(&world->problems, i);

		if (strncmp(line, directory, strlen(directory)) == 0)
			line += strlen(directory) + 1;
		buf_printf(&text, "%s\n", line);
	}
	kept = arena_strdup(&world->arena, text.data);
	buf_release(&text);
	return kept;
}

static inline void load(struct world *world)
{
	assert_string_equal(problems_of(world), "");
}

static inline int check(struct world *world)
{
	err_init(&world->err);
	return db_check(&world->spec, &world->arena, &world->report, &world->err);
}

static inline int apply(struct world *world)
{
	err_init(&world->err);
	return db_apply(&world->spec, &world->arena, &world->report, &world->err);
}

/* Reads the contributors and applies their migrations, which must work. */
static inline void apply_all(struct world *world)
{
	load(world);
	if (apply(world) != 0)
		fail_msg("%s", world->err.text);
}

static inline void assert_says(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is not in: %s", part, text);
}

static inline int add_row(void *user, int count, char **values, char **names)
{
	(void)names;
	for (int i = 0; i < count; i++)
		buf_printf(user, "%s%s", i ? "|" : "", values[i] ? values[i] : "NULL");
	buf_putc(user, '\n');
	return 0;
}

/* Gives SQLite the system calls that it has in any application. */
static inline void restore_system_calls(void)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);

	assert_int_equal(vfs->xSetSystemCall(vfs, NULL, NULL), SQLITE_OK);
}

/* Runs SQL in a connection of its own, like any application. */
static inline const char *sql_in(struct world *world, const char *path, const char *sql)
{
	struct buf rows = BUF_INIT;
	char *message = NULL;
	char *kept;
	sqlite3 *db;

	restore_system_calls();
	assert_int_equal(sqlite3_open_v2(path, &db,
				 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL),
		SQLITE_OK);
	if (sqlite3_exec(db, sql, add_row, &rows, &message) != SQLITE_OK)
		fail_msg("%s: %s", sql, message);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	kept = arena_strdup(&world->arena, rows.data);
	buf_release(&rows);
	return kept;
}

static inline const char *sql(struct world *world, const char *text)
{
	return sql_in(world, world->db, text);
}

static inline int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What stat(2) returns of all files in the directory: equal if nothing was changed. */
static inline const char *footprint(struct world *world)
{
	struct buf text = BUF_INIT;
	const char *names[64];
	size_t count = 0;
	struct dirent *entry;
	DIR *dir = opendir(directory);
	char *kept;

	assert_non_null(dir);
	while ((entry = readdir(dir)) && count < 64)
		if (strcmp(entry->d_name, "..") != 0)
			names[count++] = arena_strdup(&world->arena, entry->d_name);
	(void)closedir(dir);
	qsort(names, count, sizeof *names, by_name);
	for (size_t i = 0; i < count; i++) {
		struct stat st;

		assert_int_equal(lstat(at(world, names[i]), &st), 0);
		buf_printf(&text,
			"%s ino %lu size %ld mode %o uid %u gid %u m %ld.%09ld c "
			"%ld.%09ld\n",
			names[i], (unsigned long)st.st_ino, (long)st.st_size, st.st_mode,
			st.st_uid, st.st_gid, (long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
			(long)st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
	}
	kept = arena_strdup(&world->arena, text.data);
	buf_release(&text);
	return kept;
}

/* Runs `body` in a child, as user `uid` if we are root; it must return 0. */
static inline void in_child(
	struct world *world, uid_t uid, int (*body)(struct world *world))
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		if (uid && geteuid() == 0 && setuid(uid) < 0)
			_exit(99);
		status = body(world);
		if (status != 0)
			(void)fprintf(stderr, "child: %s\n", world->err.text);
		_exit(status);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* Runs `run` in many children at once; each must return 0. */
static inline void at_once(
	struct world *world, int count, int (*run)(struct world *world))
{
	pid_t children[16];
	int barrier[2];
	char byte;

	assert_int_equal(pipe(barrier), 0);
	for (int i = 0; i < count; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0) {
			(void)close(barrier[1]);
			/* Until the parent closes its end. */
			(void)!read(barrier[0], &byte, 1);
			_exit(run(world));
		}
	}
	(void)close(barrier[1]);
	(void)close(barrier[0]);
	for (int i = 0; i < count; i++) {
		int status;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
}

/*
 * An application with the database open, in a process of its own: in one process all
 * share their POSIX locks.
 */
struct app {
	pid_t pid;
	int ask, answer;
};

static inline void app_live(const char *path, int ask, int answer)
{
	char text[512];
	ssize_t size;
	sqlite3 *db;

	restore_system_calls();
	if (sqlite3_open(path, &db) != SQLITE_OK)
		_exit(1);
	while ((size = read(ask, text, sizeof text - 1)) > 0) {
		text[size] = '\0';
		if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
			_exit(2);
		if (write(answer, "", 1) != 1)
			_exit(3);
	}
	_exit(sqlite3_close(db) == SQLITE_OK ? 0 : 4);
}

static inline void app_run(struct app *app, const char *text)
{
	char byte;

	assert_int_equal(write(app->ask, text, strlen(text)), strlen(text));
	assert_int_equal(read(app->answer, &byte, 1), 1);
}

static inline struct app app_start(struct world *world, const char *text)
{
	int ask[2], answer[2];
	struct app app;

	assert_int_equal(pipe2(ask, O_CLOEXEC), 0);
	assert_int_equal(pipe2(answer, O_CLOEXEC), 0);
	app.pid = fork();
	assert_true(app.pid >= 0);
	if (app.pid == 0) {
		(void)close(ask[1]);
		(void)close(answer[0]);
		app_live(world->db, ask[0], answer[1]);
	}
	(void)close(ask[0]);
	(void)close(answer[1]);
	app.ask = ask[1];
	app.answer = answer[0];
	app_run(&app, text);
	return app;
}

/* Ends it cleanly, or with a signal. */
static inline void app_end(struct app *app, int signal_number)
{
	int status;

	if (signal_number)
		assert_int_equal(kill(app->pid, signal_number), 0);
	(void)close(app->ask);
	assert_int_equal(waitpid(app->pid, &status, 0), app->pid);
	(void)close(app->answer);
	assert_int_equal(status, signal_number);
}

#endif
