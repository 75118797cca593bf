/* SPDX-License-Identifier: MIT */
/*
 * The ledgers of other tools, made by hand as the tools make them, and a world that has
 * one of them.
 */
#ifndef TESTS_DB_LEDGERS_H
#define TESTS_DB_LEDGERS_H

#include "fixture.h"
#include "migration/migration.h"

#define A "CREATE TABLE a (x);\n"
#define B "CREATE TABLE b (x);\n"
#define C "CREATE TABLE c (x);\n"

/* Of A and B; computed by sha384sum, sha256sum and zlib. */
#define A_SHA384 \
	"4dda02772f6192577060e3ad0e0a184f8b0b7f636978eb744afa30f38d3dae6a" \
	"76b169d871b246d4be85a9970a8099a5"
#define B_SHA384 \
	"b8a88bcc43dfd90fb3764fcf62e213c54715950f4d74bfb222baa6593a1887d4" \
	"01e0e4271542d50beda46393fed12603"
#define A_SHA256      "7d862b9d7b6880c11d236645cb0091f2fa70c6157b8e83a2a9af420a96135098"
#define B_SHA256      "eae99a915683bedac4fad871a8e868b83fbbbd324c80140eff33fef720f444be"
#define A_CRLF_SHA256 "96361713300d5922deeed1080e6f097505d4b0cf0ac94e1f0b079b856a891d54"
#define A_CRC32       "302061556"
#define B_CRC32       "-1802148518"
/* By Rust's DefaultHasher: ("a", 1i32, A), and ("b_c", 12i64, B). */
#define A_SIPHASH "15605130749194894859"
#define B_SIPHASH "16831063521890388238"

/* ---- what the tools create ---- */

#define ALEMBIC \
	"CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, " \
	"CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));"
#define DBMATE "CREATE TABLE \"schema_migrations\" (version varchar(128) primary key);"
#define GOLANG_MIGRATE \
	"CREATE TABLE schema_migrations (version uint64,dirty bool);" \
	"CREATE UNIQUE INDEX version_unique ON schema_migrations (version);"
#define GOOSE \
	"CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, " \
	"version_id INTEGER NOT NULL, is_applied INTEGER NOT NULL, " \
	"tstamp TIMESTAMP DEFAULT (datetime('now')));" \
	"INSERT INTO goose_db_version(version_id, is_applied) VALUES(0, 1);"
#define GOOSE_ROW "INSERT INTO goose_db_version(version_id, is_applied) VALUES"
#define SQLX_TABLE(name) \
	"CREATE TABLE " name " (version BIGINT PRIMARY KEY, description TEXT NOT NULL, " \
	"installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, " \
	"success BOOLEAN NOT NULL, checksum BLOB NOT NULL, " \
	"execution_time BIGINT NOT NULL);"
#define SQLX SQLX_TABLE("_sqlx_migrations")
#define SQLX_ROW \
	"INSERT INTO _sqlx_migrations(version, description, success, checksum, " \
	"execution_time) VALUES"
#define DIESEL \
	"CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT " \
	"NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);"
#define REFINERY \
	"CREATE TABLE refinery_schema_history(version INT4 PRIMARY KEY, " \
	"name VARCHAR(255), applied_on VARCHAR(255), checksum VARCHAR(255));"
#define FLYWAY \
	"CREATE TABLE \"flyway_schema_history\" (\"installed_rank\" INT NOT NULL " \
	"PRIMARY KEY, \"version\" VARCHAR(50), \"description\" VARCHAR(200) NOT NULL, " \
	"\"type\" VARCHAR(20) NOT NULL, \"script\" VARCHAR(1000) NOT NULL, " \
	"\"checksum\" INT, \"installed_by\" VARCHAR(100) NOT NULL, " \
	"\"installed_on\" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')), " \
	"\"execution_time\" INT NOT NULL, \"success\" BOOLEAN NOT NULL);"
#define FLYWAY_ROW \
	"INSERT INTO flyway_schema_history(installed_rank, version, description, type, " \
	"script, checksum, installed_by, execution_time, success) VALUES"
#define PRISMA \
	"CREATE TABLE \"_prisma_migrations\" (\"id\" TEXT PRIMARY KEY NOT NULL, " \
	"\"checksum\" TEXT NOT NULL, \"finished_at\" DATETIME, \"migration_name\" TEXT " \
	"NOT NULL, \"logs\" TEXT, \"rolled_back_at\" DATETIME, \"started_at\" DATETIME " \
	"NOT NULL DEFAULT current_timestamp, \"applied_steps_count\" INTEGER UNSIGNED " \
	"NOT NULL DEFAULT 0);"
#define PRISMA_ROW \
	"INSERT INTO _prisma_migrations(id, checksum, finished_at, migration_name, " \
	"rolled_back_at, started_at) VALUES"
#define DRIZZLE \
	"CREATE TABLE \"__drizzle_migrations\" (id SERIAL PRIMARY KEY, " \
	"hash text NOT NULL, created_at numeric);"
#define DRIZZLE_ROW "INSERT INTO __drizzle_migrations(hash, created_at) VALUES"
#define DRIZZLE_1 \
	"CREATE TABLE \"__drizzle_migrations\" (id INTEGER PRIMARY KEY, " \
	"hash text NOT NULL, created_at numeric, name text, applied_at TEXT);"
#define D1 \
	"CREATE TABLE d1_migrations(id INTEGER PRIMARY KEY AUTOINCREMENT, " \
	"name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL);"
#define SQL_MIGRATE \
	"CREATE TABLE \"gorp_migrations\" (\"id\" varchar(255) not null primary key, " \
	"\"applied_at\" datetime);"

/* What prepare() has set, where a test wants more. */
static struct ledger_adopt adopt;

static inline void files(const char *const list[8])
{
	(void)mkdir(in("m"), 0755); /* or it exists */
	for (size_t i = 0; i < 8 && list[i]; i += 2) {
		char name[100];

		(void)snprintf(name, sizeof name, "m/%s", list[i]);
		put(name, list[i + 1]);
	}
}

static inline void prepare(struct world *world, const char *source, const char *what)
{
	if (!world->contributors_count)
		contribute(world, "app", "m");
	adopt = (struct ledger_adopt){
		.contributor = "app", .source = source, .what = what};
	world->spec.ledger.adopt = &adopt;
	world->spec.ledger.adopt_count = 1;
	load(world);
}

/* A pair of texts; they are loaded if contributors are. */
static inline void add_files(struct world *world, const char *const list[4])
{
	const char *eight[8] = {list[0], list[1]};

	files(eight);
	if (world->contributors_count)
		load(world);
}

static inline const char *ids(
	struct world *world, const struct migration *const *list, size_t count)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	for (size_t i = 0; i < count; i++)
		buf_printf(&text, "%s%s", i ? " " : "", list[i]->id);
	return arena_strdup(&world->arena, text.data);
}

/* What was found to do, and to take over. */
static inline const char *pending(struct world *world)
{
	return ids(world, world->report.work.pending, world->report.work.pending_count);
}

static inline const char *adopted(struct world *world)
{
	return ids(world, world->report.work.adopted, world->report.work.adopted_count);
}

static inline void remove_files(void)
{
	(void)nftw(
		in("m"), directory_remove_entry, 16, FTW_DEPTH | FTW_PHYS); /* if any */
}

static inline void start_over(struct world *world)
{
	(void)unlink(world->db); /* if there is one */
	remove_files();
}

/* Fills m/ with 1_a to 3_c, and the database. */
static inline void plain(struct world *world, const char *sql_text)
{
	static const char *const three[8] = {"1_a.sql", A, "2_b.sql", B, "3_c.sql", C};

	start_over(world);
	files(three);
	(void)sql(world, sql_text);
}

static inline void refused(struct world *world, const char *why)
{
	const char *before = footprint(world);

	assert_int_equal(check(world), -1);
	assert_says(shown(&world->err), why);
	assert_string_equal(footprint(world), before);
	assert_int_equal(apply(world), -1);
	assert_says(shown(&world->err), why);
	assert_string_equal(sql(world,
				    "SELECT count(*) FROM sqlite_master WHERE name = "
				    "'groundwork_migrations'"),
		"0\n");
}

#endif
