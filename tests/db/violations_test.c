/* SPDX-License-Identifier: MIT */
/* Which violations of foreign keys are new, and which were there before. */
#include "fixture.h"

static const char schema[] =
	"CREATE TABLE p(id INTEGER PRIMARY KEY, k);\n"
	"CREATE UNIQUE INDEX pk ON p(k);\n"
	"CREATE TABLE mm(k);\n"
	"CREATE TABLE c(id INTEGER PRIMARY KEY, x REFERENCES p(id), y);\n"
	"CREATE TABLE w(k PRIMARY KEY, x REFERENCES p) WITHOUT ROWID;\n"
	"CREATE TABLE m(id INTEGER PRIMARY KEY, z REFERENCES mm(k), x REFERENCES p);\n"
	"CREATE TABLE u(k REFERENCES p(k));\n"
	"CREATE TABLE two(a, b, v, FOREIGN KEY(a, b) REFERENCES pairs(a, b));\n"
	"CREATE TABLE pairs(b, a, PRIMARY KEY(a, b));\n"
	"CREATE TABLE s(id INTEGER PRIMARY KEY, up REFERENCES s, x);\n"
	"CREATE TABLE g(x REFERENCES gone, y);\n"
	"CREATE TABLE ab(a REFERENCES p, b REFERENCES p);\n"
	"CREATE TABLE ip(k INTEGER PRIMARY KEY, l);\n"
	"CREATE TABLE ic(x REFERENCES ip);\n"
	"CREATE TABLE kp(z, k UNIQUE);\n"
	"CREATE TABLE kc(z, x REFERENCES kp(k));\n"
	"CREATE VIEW vp AS SELECT 1 AS k;\n"
	"CREATE TABLE vc(x REFERENCES vp(k));\n"
	"INSERT INTO p VALUES(1, 'one'), (2, 'two');\n"
	"INSERT INTO c VALUES(5, 1, 0);\n"
	"INSERT INTO m VALUES(1, NULL, 1);\n"
	"INSERT INTO u VALUES('one');\n"
	"INSERT INTO pairs VALUES('b', 'a');\n"
	"INSERT INTO two VALUES('a', 'b', 0);\n";

/* As an application leaves them that has foreign keys off. */
static const char broken[] = "INSERT INTO c VALUES(1, 77, 'old'), (2, 77, 'old');"
			     "INSERT INTO w VALUES('a', 77), ('b', 78);"
			     "INSERT INTO m VALUES(2, 'z', 77);"
			     "INSERT INTO two VALUES('b', 'a', 1), (NULL, 'q', 2);"
			     "INSERT INTO s VALUES(1, 9, 0);"
			     "INSERT INTO g VALUES(1, 0);"
			     "INSERT INTO ab VALUES(77, 1);"
			     "INSERT INTO kc VALUES(0, 77);"
			     "INSERT INTO vc VALUES(77);";

#define REBUILD(columns, values) \
	"CREATE TABLE n(" columns ");\nINSERT INTO n SELECT " values " FROM c;\n" \
	"DROP TABLE c;\nALTER TABLE n RENAME TO c;\n"

static const char *const accepted[] = {
	"UPDATE c SET y = 1;",
	"UPDATE c SET id = id + 100;",
	"DELETE FROM c WHERE id = 1;",
	"DELETE FROM c;\nINSERT INTO c VALUES(9, 77, 'moved');",
	"UPDATE c SET x = 2 WHERE id = 2;",
	"ALTER TABLE c RENAME TO d;\nUPDATE d SET y = 1;",
	"ALTER TABLE c RENAME TO d;\nALTER TABLE d RENAME TO e;",
	"ALTER TABLE p RENAME TO q;",
	"ALTER TABLE p RENAME TO q;\nALTER TABLE c RENAME TO d;\n"
	"ALTER TABLE d RENAME COLUMN x TO q;\nALTER TABLE q RENAME COLUMN id TO no;",
	"ALTER TABLE c RENAME COLUMN x TO z;",
	"ALTER TABLE c RENAME COLUMN y TO z;",
	"ALTER TABLE p RENAME COLUMN id TO no;",
	"ALTER TABLE two RENAME COLUMN b TO z;",
	"ALTER TABLE c DROP COLUMN y;",
	"ALTER TABLE kc DROP COLUMN z;\nALTER TABLE kc RENAME x TO y;",
	"ALTER TABLE kp DROP z;\nALTER TABLE main.kp RENAME COLUMN k TO z;",
	"ALTER TABLE c RENAME COLUMN x TO z;\nALTER TABLE c ADD COLUMN x;",
	"ALTER TABLE c RENAME COLUMN x TO z;\nALTER TABLE c RENAME COLUMN y TO x;\n"
	"ALTER TABLE c RENAME COLUMN z TO y;",
	"ALTER TABLE c RENAME COLUMN x TO z;\nALTER TABLE c ADD COLUMN x "
	"REFERENCES p(id);\nUPDATE c SET x = z;\nALTER TABLE c DROP COLUMN z;",
	"ALTER TABLE c RENAME TO z;\nALTER TABLE ab RENAME TO c;\n"
	"ALTER TABLE z RENAME TO ab;\nALTER TABLE ab RENAME x TO z;",
	"ALTER TABLE c RENAME COLUMN x TO X;\n"
	"ALTER TABLE c RENAME TO d;",
	"ALTER TABLE c RENAME TO d;\nCREATE TABLE c(x REFERENCES p(id));",
	"ALTER TABLE c RENAME TO d;\nCREATE VIEW c AS SELECT 1;",
	"ALTER TABLE c RENAME TO o;\nCREATE TABLE c(id INTEGER PRIMARY KEY, "
	"x REFERENCES p(id));\nINSERT INTO c SELECT id, x FROM o;\nDROP TABLE o;",
	"ALTER /* */ TABLE \"c\" RENAME TO \"d \"\"e\"\"\";\n"
	"ALTER TABLE 'd \"e\"' RENAME [x] -- TO\n TO `y``z`;",
	"CREATE TEMP TABLE c(x);\nALTER TABLE temp.c RENAME x TO y;\n"
	"ALTER TABLE c RENAME TO d;\nDROP TABLE d;",
	"CREATE TABLE n(id INTEGER PRIMARY KEY);\nINSERT INTO n SELECT k FROM ip;\n"
	"DROP TABLE ip;\nALTER TABLE n RENAME TO ip;",
	"CREATE VIEW gone AS SELECT 1 AS id;",
	"CREATE UNIQUE INDEX uz ON kp(z);",
	"ALTER TABLE m DROP COLUMN z;",
	REBUILD("y, x REFERENCES p(id), id INTEGER PRIMARY KEY", "y, x, id + 1000"),
	REBUILD("id PRIMARY KEY, x REFERENCES p(id)) WITHOUT ROWID;\n--", "id, x"),
	REBUILD("id INTEGER PRIMARY KEY, x REFERENCES P(ID), y, z REFERENCES p",
		"id, x, y, 1"),
	REBUILD("id INTEGER PRIMARY KEY, x REFERENCES p, y", "*"),
	REBUILD("id INTEGER PRIMARY KEY, X REFERENCES p ON DELETE CASCADE, y", "*"),
	"UPDATE w SET k = k || 1;",
	"DELETE FROM w WHERE k = 'a';",
	"DELETE FROM w WHERE k = 'a';\nINSERT INTO w VALUES('c', 77);",
	"UPDATE m SET id = id + 7;",
	"UPDATE two SET v = 3;",
	"INSERT INTO two VALUES('b', NULL, 4);",
	"UPDATE s SET x = 1;",
	"ALTER TABLE s RENAME TO t;",
	"UPDATE g SET y = 1;",
	"CREATE TABLE gone(id PRIMARY KEY);\nUPDATE g SET y = 1;",
	"DROP INDEX pk;\nCREATE UNIQUE INDEX other ON p(k);",
	"CREATE TABLE late(x REFERENCES mm(k));",
	"DELETE FROM p WHERE id = 1;\nINSERT INTO p VALUES(1, 'one');",
};

static const struct {
	const char *text, *wanted;
} refused[] = {
	{"DELETE FROM c;\nINSERT INTO c VALUES(1234, 'brand new', 0);",
		"row 1234 of 'c' refers to a missing row of 'p' (x to id)"},
	{"UPDATE c SET x = 99 WHERE id = 1;", "row 1 of 'c' refers to"},
	{"UPDATE c SET x = '77x' WHERE id = 1;", "row 1 of 'c' refers to"},
	{"UPDATE c SET x = '77' WHERE id = 1;", "row 1 of 'c' refers to"},
	{"UPDATE c SET x = 77.0 WHERE id = 1;", "row 1 of 'c' refers to"},
	{"UPDATE c SET x = 77 WHERE id = 5;", "row 5 of 'c' refers to"},
	{"UPDATE c SET y = x;\nUPDATE c SET x = 1;\n"
	 "ALTER TABLE c ADD COLUMN z REFERENCES p;\nUPDATE c SET z = y;",
		"of 'c' refers to a missing row of 'p' (z to id)"},
	{"UPDATE w SET x = 1 WHERE k = 'a';\nINSERT INTO w VALUES('c', 79);",
		"a row of 'w' refers to a missing row of 'p' (x to id)"},
	{"INSERT INTO w VALUES('c', 77);", "a row of 'w' refers to"},
	{REBUILD("id INTEGER PRIMARY KEY, z REFERENCES p, x REFERENCES p(id), y",
		 "id, iif(x = 77, 77, 1), iif(x = 77, 1, x), y"),
		"row 1 of 'c' refers to a missing row of 'p' (z to id)"},
	{REBUILD("id INTEGER PRIMARY KEY, y REFERENCES p, x", "id, x, y"),
		"refers to a missing row of 'p' (y to id)"},
	{"UPDATE m SET x = 5 WHERE id = 1;", "row 1 of 'm' refers to"},
	{"DELETE FROM p;", "of 'c' refers to"},
	/* It is another table. */
	{"ALTER TABLE c RENAME TO d;\nCREATE TABLE c(x REFERENCES p(id));\n"
	 "INSERT INTO c VALUES(77);",
		"row 1 of 'c' refers to"},
	{"ALTER TABLE ab RENAME COLUMN a TO z;\n"
	 "ALTER TABLE ab ADD COLUMN a REFERENCES p;\n"
	 "UPDATE ab SET a = 77, z = 1;",
		"row 1 of 'ab' refers to a missing row of 'p' (a to id)"},
	/* A column gets the place of one that is dropped. */
	{"ALTER TABLE ab DROP COLUMN a;\nUPDATE ab SET b = 77;\n"
	 "ALTER TABLE ab RENAME COLUMN b TO c;",
		"row 1 of 'ab' refers to a missing row of 'p' (c to id)"},
	/* It may get the other's root page, and its row in the schema. */
	{"ALTER TABLE c DROP COLUMN y;\nDROP TABLE c;\n"
	 "CREATE TABLE d(id INTEGER PRIMARY KEY, x REFERENCES p(id));\n"
	 "INSERT INTO d VALUES(3, 77);",
		"row 3 of 'd' refers to"},
	{"ALTER TABLE vc RENAME TO d;\nDROP TABLE d;\n"
	 "CREATE TABLE vd(x REFERENCES p);\nINSERT INTO vd VALUES(77);",
		"row 1 of 'vd' refers to"},
	{"CREATE TABLE n(k, l);\nINSERT INTO n SELECT * FROM ip;\nDROP TABLE ip;\n"
	 "ALTER TABLE n RENAME TO ip;",
		"cannot check: 'ic' (x) refers to 'ip' (its PRIMARY KEY): "},
	{"CREATE UNIQUE INDEX mk ON mm(k);",
		"row 2 of 'm' refers to a missing row of 'mm' (z to k)"},
	{"DROP VIEW vp;", "row 1 of 'vc' refers to 'vp' (x), and there is no such table"},
	{"UPDATE p SET id = 3 WHERE id = 1;\nUPDATE c SET x = 3 WHERE id = 5;",
		"row 1 of 'm' refers to"},
	{"DELETE FROM c WHERE id < 3;\nCREATE TABLE d(x REFERENCES p(id));\n"
	 "INSERT INTO d VALUES(77);",
		"row 1 of 'd' refers to"},
	/* It may get the other's root page. */
	{"DROP TABLE c;\nCREATE TABLE d(id INTEGER PRIMARY KEY, x REFERENCES p(id));\n"
	 "INSERT INTO d VALUES(3, 77);",
		"row 3 of 'd' refers to"},
	{"DROP TABLE s;\nCREATE TABLE d(id INTEGER PRIMARY KEY, up REFERENCES d);\n"
	 "INSERT INTO d VALUES(3, 9);",
		"row 3 of 'd' refers to"},
	{"INSERT INTO two VALUES('b', 'b', 1);",
		"row 4 of 'two' refers to a missing row of 'pairs' (a, b to a, b)"},
	{"UPDATE s SET up = 8;", "row 1 of 's' refers to a missing row of 's'"},
	{"INSERT INTO g VALUES(2, 0);",
		"row 2 of 'g' refers to 'gone' (x), and there is no such table"},
	{"DELETE FROM w;\nDELETE FROM m WHERE id = 2;\nDELETE FROM c WHERE x > 2;\n"
	 "DROP TABLE p;",
		"002_b.sql:4: 'p' is dropped here, and row 5 of 'c' still refers to it"},
	{"DROP INDEX pk;",
		"cannot check: 'u' (k) refers to 'p' (k): foreign key mismatch: 'p' has "
		"no PRIMARY KEY or UNIQUE index on exactly these columns"},
	{"DROP INDEX pk;\nCREATE UNIQUE INDEX pk ON p(k COLLATE NOCASE);",
		"cannot check: 'u' (k) refers to 'p' (k): "},
	{"DROP INDEX pk;\nCREATE UNIQUE INDEX pk ON p(k) WHERE id > 0;",
		"cannot check: 'u' (k) refers to 'p' (k): "},
	{"DROP INDEX pk;\nCREATE INDEX pk ON p(k);",
		"cannot check: 'u' (k) refers to 'p' (k): "},
	{"DROP INDEX pk;\nCREATE UNIQUE INDEX pk ON p(k, id);",
		"cannot check: 'u' (k) refers to 'p' (k): "},
	{"ALTER TABLE u RENAME TO uu;\nDROP INDEX pk;",
		"cannot check: 'uu' (k) refers to 'p' (k): "},
	{"CREATE TABLE n(a, b);\nINSERT INTO n SELECT a, b FROM pairs;\n"
	 "DROP TABLE pairs;\nALTER TABLE n RENAME TO pairs;",
		"cannot check: 'two' (a, b) refers to 'pairs' (a, b): "},
	{"CREATE TABLE n(id, k UNIQUE);\nINSERT INTO n SELECT * FROM p;\n"
	 "DROP TABLE p;\nALTER TABLE n RENAME TO p;",
		"cannot check: 'c' (x) refers to 'p' (id): "},
};

static const char *rest; /* of the directory: the database, as it is before each case */

static void begin(struct world *world, const char *filler)
{
	contribute(world, "app", "m");
	put("m/001_a.sql", arena_printf(&world->arena, "%s%s", schema, filler));
	apply_all(world);
	(void)sql(world, broken);
	rest = at(world, "rest.db");
	(void)sql(world, arena_printf(&world->arena, "VACUUM INTO '%s'", rest));
}

static int attempt(struct world *world, const char *text)
{
	(void)unlink(world->db);
	(void)sql_in(
		world, rest, arena_printf(&world->arena, "VACUUM INTO '%s'", world->db));
	put("m/002_b.sql", text);
	load(world);
	return apply(world);
}

static void try_all(struct world *world, const char *before)
{
	for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++)
		if (attempt(world,
			    arena_printf(&world->arena, "%s%s", before, accepted[i])) !=
			0)
			fail_msg("%s\n%s", accepted[i], shown(&world->err));
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		if (attempt(world,
			    arena_printf(
				    &world->arena, "%s%s", before, refused[i].text)) == 0)
			fail_msg("accepted: %s", refused[i].text);
		assert_says(shown(&world->err), refused[i].wanted);
	}
}

static void of_a_small_database(void **state)
{
	begin(*state, "");
	try_all(*state, "");
}

static void of_a_large_database(void **state)
{
	begin(*state, "CREATE TABLE big(x);\nINSERT INTO big VALUES(zeroblob(5000000));");
	try_all(*state, "");
}

/* The transaction locks out the reader of what was before, so that is stored. */
static void that_are_stored_before(void **state)
{
	static const char large[] =
		"CREATE TABLE b(x); INSERT INTO b WITH RECURSIVE e(x) AS (SELECT 1 UNION "
		"ALL SELECT x + 1 FROM e LIMIT 3000) SELECT zeroblob(1000) FROM e; ";
	struct world *world = *state;

	world->spec.journal_mode = "delete";
	begin(world, "");
	try_all(world, large);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(of_a_small_database),
		TEST(of_a_large_database),
		TEST(that_are_stored_before),
	};

	return cmocka_run_group_tests_name("db/violations", tests, NULL, NULL);
}
