/* SPDX-License-Identifier: MIT */
/* What a query finds of one foreign key, against what foreign_key_check finds. */
#include "db/reference.h"

#include "fixture.h"

#include "db/connection.h"
#include "db/violations.h"

static const char *const types[] = {"INTEGER", "TEXT", "", "NUMERIC", "REAL"};
static const char *const collations[] = {"", "COLLATE NOCASE", "COLLATE RTRIM"};

#define TYPES      (sizeof types / sizeof *types)
#define COLLATIONS (sizeof collations / sizeof *collations)

/* Values that are equal for some types and collations, and differ for others. */
static const char values[] =
	"CREATE TABLE v(n INTEGER PRIMARY KEY, v);"
	"INSERT INTO v(v) VALUES(1), ('1'), (1.0), ('1.0'), (x'31'), ('01'), (' 1'), "
	"('1 '), ('a'), ('A'), ('a '), ('A  '), (' a'), (x'61'), (0.1), ('0.1'), ('.1'), "
	"(0.1 + 1e-17), (1.5), (-1), ('-1'), (''), (x''), ('a' || char(0) || 'b'), "
	"('a' || char(0) || 'c'), (NULL), ('1e3'), (1000), (1e300), ('1e300'), "
	"(9007199254740993), (9007199254740992), (9007199254740992.0), "
	"('9007199254740993'), (9223372036854775807), (9223372036854775807.0), "
	"('9223372036854775807'), (0), (-0.0), ('0x1'), ('inf'), (9e999), ('ä'), ('Ä')";

struct scene {
	struct world *world;
	struct connection connection;
	size_t compared, broken;
};

static void begin(struct scene *scene, struct world *world)
{
	*scene = (struct scene){.world = world};
	if (connection_open(&scene->connection, NULL, &world->spec, MEMORY, &world->err) <
			0 ||
		violations_create(&scene->connection, &world->err) < 0)
		fail_msg("%s", world->err.text);
	connection_trust(&scene->connection);
}

/* Returns all rows, as sqlite3_exec() has them; or NULL for an error. */
static const char *run(struct scene *scene, const char *text)
{
	struct buf rows = BUF_INIT;
	int rc = sqlite3_exec(scene->connection.db, text, add_row, &rows, NULL);
	const char *kept = arena_strdup(&scene->world->arena, rows.data);

	buf_release(&rows);
	return rc == SQLITE_OK ? kept : NULL;
}

static void make(struct scene *scene, const char *text)
{
	if (!run(scene, text))
		fail_msg("%s\n%s", text, sqlite3_errmsg(scene->connection.db));
}

/* The keys of the table c. */
static struct references keys_of(struct scene *scene)
{
	struct references keys = {.count = 0};

	if (references_read(&scene->connection, "c", &scene->world->arena, &keys,
		    &scene->world->err) < 0)
		fail_msg("%s", scene->world->err.text);
	return keys;
}

/* The numbers n of the rows of c that break its key `id`. */
static void compare(struct scene *scene, const char *what)
{
	struct references keys = keys_of(scene);

	for (size_t i = 0; i < keys.count; i++) {
		const struct reference *key = &keys.list[i];
		struct arena *arena = &scene->world->arena;
		const char *wanted = run(scene,
			arena_printf(arena,
				"SELECT n FROM c, pragma_foreign_key_check('c') AS f "
				"WHERE f.fkid = %d AND f.rowid = c.rowid ORDER BY n",
				key->id));
		const char *found = run(scene,
			arena_printf(arena, "SELECT c.n FROM %s ORDER BY 1", key->from));

		if (!wanted || !found || strcmp(wanted, found) != 0)
			fail_msg("%s\n%s\nfound %s\n%s", what, key->from,
				found ? found : "an error", wanted ? wanted : "an error");
		assert_int_equal(
			reference_is_valid(&scene->connection, key, &scene->world->err),
			1);
		scene->compared++;
		scene->broken += *wanted != '\0';
	}
}

/* A parent with these columns k and its values, and a child with these. */
static void compare_one(struct scene *scene, const char *parent, const char *child)
{
	const char *text = arena_printf(&scene->world->arena,
		"DROP TABLE IF EXISTS c; DROP TABLE IF EXISTS p; CREATE TABLE p(%s; "
		"CREATE TABLE c(n, x %s REFERENCES p(k)); "
		"INSERT INTO c SELECT n, v FROM v;",
		parent, child);

	make(scene, text);
	for (int part = 0; part < 3; part++) {
		/* A rowid takes integers only. */
		make(scene,
			arena_printf(&scene->world->arena,
				"DELETE FROM p; "
				"INSERT OR IGNORE INTO p(k) SELECT v FROM v "
				"WHERE v NOT NULL AND n %% 3 = %d "
				"AND (%d OR typeof(v) = 'integer')",
				part, !strstr(parent, "INTEGER PRIMARY KEY")));
		compare(scene, text);
	}
}

static void of_each_type_and_collation(void **state)
{
	struct scene scene;

	begin(&scene, *state);
	make(&scene, values);
	for (size_t i = 0; i < TYPES * TYPES * COLLATIONS * COLLATIONS; i++) {
		size_t rest = i / TYPES / TYPES;
		struct arena *arena = &scene.world->arena;
		const char *child = arena_printf(
			arena, "%s %s", types[i % TYPES], collations[rest / COLLATIONS]);
		const char *column = arena_printf(arena, "k %s %s",
			types[i / TYPES % TYPES], collations[rest % COLLATIONS]);

		compare_one(&scene, arena_printf(arena, "o, %s UNIQUE)", column), child);
		compare_one(&scene,
			arena_printf(
				arena, "%s NOT NULL PRIMARY KEY) WITHOUT ROWID", column),
			child);
		if (i / TYPES % TYPES == 0)
			compare_one(&scene, "k INTEGER PRIMARY KEY)", child);
	}
	assert_true(scene.broken > 500 && scene.broken <= scene.compared);
	connection_release(&scene.connection);
}

/* ---- other forms of keys ---- */

static const char *const forms[] = {
	/* Of several columns: with a NULL nothing is referred to. */
	"CREATE TABLE p(b TEXT, a COLLATE NOCASE, UNIQUE(a, b)); "
	"INSERT OR IGNORE INTO p SELECT w.v, v.v FROM v, v AS w WHERE v.n + w.n < 40; "
	"CREATE TABLE c(n INTEGER PRIMARY KEY, x, y, "
	"FOREIGN KEY(y, x) REFERENCES p(b, a)); "
	"INSERT INTO c(x, y) SELECT v.v, w.v FROM v, v AS w WHERE (v.n + w.n) % 5 < 2",
	/* Implicit, with an index that compares otherwise than its column. */
	"CREATE TABLE p(k TEXT, PRIMARY KEY(k COLLATE NOCASE)); "
	"INSERT OR IGNORE INTO p SELECT v FROM v WHERE n % 2; "
	"CREATE TABLE c(n, x REFERENCES p); INSERT INTO c SELECT n, v FROM v",
	"CREATE TABLE p(a REAL, b, PRIMARY KEY(b COLLATE RTRIM, a)); "
	"INSERT OR IGNORE INTO p SELECT n, v FROM v; "
	"CREATE TABLE c(n, x, y, FOREIGN KEY(x, y) REFERENCES p); "
	"INSERT INTO c SELECT v.n * 100 + w.n, v.v, w.n FROM v, v AS w",
	/* To itself, by a rowid, by a column, and implicitly. */
	"CREATE TABLE c(n INTEGER PRIMARY KEY, x REFERENCES c(n), y REFERENCES c(k), "
	"k TEXT UNIQUE, z REFERENCES c); "
	"INSERT INTO c(x, y, z) SELECT v, v, v FROM v; "
	"UPDATE OR IGNORE c SET k = (SELECT v.v FROM v WHERE v.n = c.n) WHERE n % 2",
	/* No parent. */
	"CREATE TABLE c(n, x REFERENCES gone, y REFERENCES gone(k)); "
	"INSERT INTO c SELECT n, v, v FROM v",
	/* Names that must be quoted. */
	"CREATE TABLE \"p \"\"q\"(\"k \"\"'[\" UNIQUE); "
	"INSERT OR IGNORE INTO \"p \"\"q\" SELECT v FROM v WHERE n % 2; "
	"CREATE TABLE c(n, \"x \"\"'\" REFERENCES \"P \"\"q\"(\"K \"\"'[\")); "
	"INSERT INTO c SELECT n, v FROM v",
	/* Generated columns. */
	"CREATE TABLE p(v, k AS (v || 'x') UNIQUE); "
	"INSERT OR IGNORE INTO p SELECT v FROM v WHERE n % 2; "
	"CREATE TABLE c(n, v, x TEXT AS (v || 'x') REFERENCES p(k)); "
	"INSERT INTO c SELECT n, v FROM v",
};

static void of_each_form(void **state)
{
	struct scene scene;

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		begin(&scene, *state);
		make(&scene, values);
		make(&scene, forms[i]);
		compare(&scene, forms[i]);
		assert_true(scene.broken > 0);
		connection_release(&scene.connection);
	}
}

/* The number of a row that breaks the only key of c, a table of these columns. */
static const char *row_of(struct scene *scene, const char *columns)
{
	struct query query = {0};
	struct references keys;
	const char *row;

	make(scene,
		arena_printf(&scene->world->arena,
			"DROP TABLE IF EXISTS c; CREATE TABLE c(n, x REFERENCES p(k)%s; "
			"INSERT INTO c(n, x) SELECT n, v FROM v",
			columns));
	keys = keys_of(scene);
	assert_int_equal(keys.count, 1);
	assert_string_equal(
		run(scene,
			arena_printf(&scene->world->arena, "SELECT count(*) FROM %s",
				keys.list[0].from)),
		run(scene, "SELECT count(*) FROM pragma_foreign_key_check('c')"));
	assert_int_equal(reference_broken(&scene->connection, &keys.list[0], &query,
				 &scene->world->err),
		1);
	row = reference_row(&scene->connection, &keys.list[0], query_text(&query, 0), 0,
		&scene->world->arena);
	query_release(&query);
	return row;
}

/* Without rowids they are only counted; and such a column is none. */
static void a_row_has_a_number_or_none(void **state)
{
	struct scene scene;

	begin(&scene, *state);
	make(&scene, values);
	make(&scene,
		"CREATE TABLE p(k TEXT COLLATE NOCASE UNIQUE); "
		"INSERT OR IGNORE INTO p SELECT v FROM v WHERE n % 2; ");
	assert_non_null(row_of(&scene, ")"));
	assert_null(row_of(&scene, ", PRIMARY KEY(n)) WITHOUT ROWID"));
	assert_null(row_of(&scene, ", _rowid_)"));
	assert_null(row_of(&scene, ", _rowid_, PRIMARY KEY(n)) WITHOUT ROWID"));
	connection_release(&scene.connection);
}

/* ---- keys that cannot be checked ---- */

static const char *const parents[] = {
	"CREATE TABLE p(k)",
	"CREATE TABLE p(k); CREATE INDEX i ON p(k)",
	"CREATE TABLE p(k); CREATE UNIQUE INDEX i ON p(k)",
	"CREATE TABLE p(k); CREATE UNIQUE INDEX i ON p(k DESC)",
	"CREATE TABLE p(k); CREATE UNIQUE INDEX i ON p(k) WHERE k > 0",
	"CREATE TABLE p(k); CREATE UNIQUE INDEX i ON p(k COLLATE NOCASE)",
	"CREATE TABLE p(k COLLATE NOCASE); CREATE UNIQUE INDEX i ON p(k)",
	"CREATE TABLE p(k COLLATE NOCASE); CREATE UNIQUE INDEX i ON p(k COLLATE BINARY)",
	"CREATE TABLE p(k); CREATE UNIQUE INDEX i ON p(k, k)",
	"CREATE TABLE p(k, l); CREATE UNIQUE INDEX i ON p(l)",
	"CREATE TABLE p(k, l); CREATE UNIQUE INDEX i ON p(l, k)",
	"CREATE TABLE p(k, l); CREATE UNIQUE INDEX i ON p(k || '')",
	"CREATE TABLE p(k, l, UNIQUE(k, l))",
	"CREATE TABLE p(k, l, UNIQUE(k, l COLLATE NOCASE))",
	"CREATE TABLE p(k, l, PRIMARY KEY(k, l))",
	"CREATE TABLE p(k, l, PRIMARY KEY(l, k)) WITHOUT ROWID",
	"CREATE TABLE p(k, l, m, PRIMARY KEY(k, l, m)) WITHOUT ROWID",
	"CREATE TABLE p(k PRIMARY KEY, l)",
	"CREATE TABLE p(k PRIMARY KEY, l) WITHOUT ROWID",
	"CREATE TABLE p(k PRIMARY KEY COLLATE NOCASE, l)",
	"CREATE TABLE p(k, PRIMARY KEY(k COLLATE NOCASE))",
	"CREATE TABLE p(k INTEGER PRIMARY KEY, l)",
	"CREATE TABLE p(k INTEGER PRIMARY KEY, l UNIQUE)",
	"CREATE TABLE p(k INTEGER PRIMARY KEY DESC, l)",
	"CREATE TABLE p(l INTEGER PRIMARY KEY, k)",
	"CREATE TABLE p(l PRIMARY KEY, k)",
	"CREATE TABLE p(rowid UNIQUE)",
	"CREATE VIEW p AS SELECT 1 AS k, 2 AS l",
	"CREATE VIRTUAL TABLE p USING fts5(k, l)",
	"SELECT 1",
};

static const char *const children[] = {
	"CREATE TABLE c(x REFERENCES p(k), y)",
	"CREATE TABLE c(x REFERENCES p, y)",
	"CREATE TABLE c(x REFERENCES P(K), y)",
	"CREATE TABLE c(x REFERENCES p(rowid), y)",
	"CREATE TABLE c(x REFERENCES p(none), y)",
	"CREATE TABLE c(x, y, FOREIGN KEY(x, y) REFERENCES p(k, l))",
	"CREATE TABLE c(x, y, FOREIGN KEY(x, y) REFERENCES p(l, k))",
	"CREATE TABLE c(x, y, FOREIGN KEY(x, y) REFERENCES p)",
};

static void is_valid_where_it_can_be_checked(void **state)
{
	struct world *world = *state;
	size_t valid = 0, count = 0;

	for (size_t i = 0; i < sizeof parents / sizeof *parents; i++)
		for (size_t j = 0; j < sizeof children / sizeof *children; j++) {
			struct scene scene;
			struct references keys;
			bool can;
			int rc;

			begin(&scene, world);
			make(&scene, parents[i]);
			make(&scene, children[j]);
			can = run(&scene, "PRAGMA foreign_key_check(c)") != NULL;
			keys = keys_of(&scene);
			rc = reference_is_valid(
				&scene.connection, &keys.list[0], &world->err);
			if (rc != can)
				fail_msg("%s\n%s\nis %d, not %d", parents[i], children[j],
					rc, can);
			valid += can;
			count++;
			connection_release(&scene.connection);
		}
	assert_true(valid > 20 && valid < count - 20);
}

/* Values that differ are not taken for each other, however little. */
static void values_are_exact(void **state)
{
	struct scene scene;
	struct query query = {0};
	struct references keys;
	size_t count = 0;
	int rc;

	begin(&scene, *state);
	make(&scene, values);
	make(&scene,
		"CREATE TABLE c(x REFERENCES gone); "
		"INSERT INTO c SELECT v FROM v WHERE v NOT NULL AND v IS NOT -0.0; "
		"INSERT INTO c VALUES(0.1 + 1e-16), (1e300), ('1e300')");
	keys = keys_of(&scene);
	rc = reference_broken(
		&scene.connection, &keys.list[0], &query, &scene.world->err);
	for (; rc == 1; rc = query_next(&query, &scene.world->err))
		count++;
	assert_int_equal(rc, 0);
	query_release(&query);
	assert_string_equal(
		run(&scene,
			"SELECT count(*) FROM (SELECT DISTINCT typeof(x), "
			"CASE typeof(x) WHEN 'real' THEN quote(x) ELSE hex(x) END "
			"FROM c)"),
		arena_printf(&scene.world->arena, "%zu\n", count));
	connection_release(&scene.connection);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(of_each_type_and_collation),
		TEST(of_each_form),
		TEST(a_row_has_a_number_or_none),
		TEST(is_valid_where_it_can_be_checked),
		TEST(values_are_exact),
	};

	return cmocka_run_group_tests_name("db/reference", tests, NULL, NULL);
}
