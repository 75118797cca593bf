/* SPDX-License-Identifier: MIT */
/*
 * Databases to be upgraded, as they were closed, and as a process that was killed leaves
 * them; and an age file.
 */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"
#include "files.h"
#include "world.h"

#define WORK "fixtures/work.db"

/* INSIDE, encrypted by age(1) for the identity. */
#define AGE_IDENTITY \
	"AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0\n"
static const char age_file[] =
	"-----BEGIN AGE ENCRYPTED FILE-----\n"
	"YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBhNmgzQUdtR0VYVFVMdldt\n"
	"RWFGdDY0aThxMkVNSlMzTlBuNERnTWZMRGtJCmowMUl6RW8zVHh5R3FjZm1GWEFu\n"
	"WlUvYWM0bHZMYnhpNzFwNnovdDdmZTgKLS0tIFEyMzNGR0ZSZ1VXbnRUN1NqMWlW\n"
	"MlBZZWZkeFFaUFp3Y0YzWitxdWRGa0UKt1Ommql99/9bLlL/I42OWNFufGysfQlB\n"
	"De1Aqy5eWCZpSWPazEOhv5UlduOCeHdEn7XpIqiwsa2WEnKIqAIZUjXjwQ==\n"
	"-----END AGE ENCRYPTED FILE-----\n";

static void make_dir(const char *path)
{
	if (mkdir(path, 0755) < 0)
		give_up("make '%s'", path);
}

static void put_text(const char *path, const char *text)
{
	put_file(path, text, strlen(text), 0, 0644);
}

static void build(const char *program)
{
	char *argv[] = {strdup(program), strdup("-q"), strdup("-c"),
		strdup("fixtures/plain.ini"), strdup("apply"), NULL};
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execv(program, argv);
		_exit(99);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		give_up("'%s' cannot build a database", program);
	for (size_t i = 0; argv[i]; i++)
		free(argv[i]);
}

static void execute(sqlite3 *database, const char *sql)
{
	if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
		give_up("%s: %s", sql, sqlite3_errmsg(database));
}

static sqlite3 *open_database(const char *path)
{
	sqlite3 *database;

	if (sqlite3_open(path, &database) != SQLITE_OK)
		give_up("open '%s'", path);
	return database;
}

void database_add_table(const char *path, const char *name)
{
	sqlite3 *database = open_database(path);
	char sql[256];

	(void)snprintf(sql, sizeof sql,
		"PRAGMA journal_mode = delete; CREATE TABLE \"%s\"(x); "
		"PRAGMA journal_mode = wal",
		name); /* it fits */
	execute(database, sql);
	(void)sqlite3_close(database); /* nothing is left to be written */
}

/* Copies the database and its side file while it is open: as after a kill. */
static void copy_open(const char *to, const char *side)
{
	char from_side[64];
	char to_side[64];

	(void)snprintf(from_side, sizeof from_side, "%s%s", WORK, side); /* they fit */
	(void)snprintf(to_side, sizeof to_side, "%s%s", to, side);
	copy_file(WORK, to, 0, 0644);
	copy_file(from_side, to_side, 0, 0644);
}

static void make_unclean(const char *to, const char *side, const char *sql)
{
	sqlite3 *database;

	copy_file("fixtures/plain.db", WORK, 0, 0644);
	database = open_database(WORK);
	execute(database, sql);
	copy_open(to, side);
	(void)sqlite3_close(database); /* the copy is what counts */
	(void)unlink(WORK);
}

static size_t put_number(unsigned char *to, size_t number)
{
	for (int i = 0; i < 4; i++)
		to[i] = (unsigned char)(number >> (24 - 8 * i));
	return 4;
}

/*
 * The end of a journal of several databases (SQLite's pager.c, readSuperJournal): the
 * name of a file that is removed when this one was played back.
 */
static void add_super_journal(const char *journal, const char *name)
{
	static const unsigned char magic[] = {
		0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};
	unsigned char end[512];
	size_t length = strlen(name);
	size_t size = put_number(end, 0x40000000 / 4096 + 1);
	size_t sum = 0;
	int fd = open(journal, O_WRONLY | O_APPEND | O_CLOEXEC);

	for (size_t i = 0; i < length; i++)
		sum += (unsigned char)name[i];
	memcpy(end + size, name, length);
	size += length;
	size += put_number(end + size, length);
	size += put_number(end + size, sum);
	memcpy(end + size, magic, sizeof magic);
	size += sizeof magic;
	if (fd < 0 || write(fd, end, size) != (ssize_t)size)
		give_up("write '%s'", journal);
	(void)close(fd); /* written to a file system that is thrown away */
}

static void make_super(void)
{
	char name[400];

	if (!getcwd(name, 300))
		give_up("getcwd");
	memcpy(name + strlen(name), "/outside/plain", sizeof "/outside/plain");
	copy_file("fixtures/hot.db", "fixtures/super.db", 0, 0644);
	copy_file("fixtures/hot.db-journal", "fixtures/super.db-journal", 0, 0644);
	add_super_journal("fixtures/super.db-journal", name);
}

void fixtures_make(const char *program)
{
	make_dir("fixtures/first");
	make_dir("config/migrations");
	put_text("fixtures/first/001_one.sql", "CREATE TABLE one(x);\n");
	put_text("config/migrations/001_one.sql", "CREATE TABLE one(x);\n");
	put_text("config/migrations/002_two.sql",
		"CREATE TABLE two(x);\nINSERT INTO one VALUES (2);\n");
	put_text("fixtures/plain.ini",
		"[database:app]\npath = fixtures/plain.db\nmigrations = first\n");
	put_text("fixtures/secret.age", age_file);
	put_text("fixtures/identity", AGE_IDENTITY);
	build(program);
	make_unclean("fixtures/wal.db", "-wal",
		"PRAGMA wal_autocheckpoint = 0; CREATE TABLE more(x);");
	make_unclean("fixtures/hot.db", "-journal",
		"PRAGMA journal_mode = delete; PRAGMA cache_size = 4;"
		"INSERT INTO one SELECT randomblob(900) FROM sqlite_master a, "
		"sqlite_master b, sqlite_master c, sqlite_master d;"
		"BEGIN; UPDATE one SET x = randomblob(900);");
	make_super();
}
