#!/bin/bash
# SPDX-License-Identifier: MIT
# The migration directories of other tools, read as they are.
# shellcheck disable=SC2119 # one_database takes lines, or none
. "${BASH_SOURCE[0]%/*}/../lib.sh"
. "${BASH_SOURCE[0]%/*}/database.sh"

# everything DATABASE: each object and each row, but for our own.
function everything {
	sql "SELECT type, name, tbl_name, sql FROM sqlite_schema
		WHERE tbl_name NOT LIKE 'groundwork%' ORDER BY type, name" "$1"
	sql .dump "$1" | grep -v groundwork_
}

# same_as_by_hand: d.db is what the sqlite3 shell makes of hand.sql.
function same_as_by_hand {
	sqlite3 -bail hand.db <hand.sql
	everything hand.db >wanted
	everything d.db >got
	((${1:-100} <= $(wc -l <wanted))) || fail "by hand there is nothing"
	diff wanted got >difference || fail "not as by hand:"$'\n'"$(head -n 20 difference)"
}

# directory TOOL: 100 migrations as the tool has them in m, and hand.sql. Each needs the one
# before it, and reverts it in its down part.
function directory {
	one_database
	python3 - "$1" <<'PYTHON'
import os, sys

def up(i):
    sql = f"""-- The {i}th; it isn't the last.
CREATE TABLE t{i} (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL, -- 'quoted'
  n INTEGER DEFAULT {i}
);
CREATE INDEX t{i}_name ON t{i} (name, n);
INSERT INTO t{i} (name) VALUES ('one; of {i}'), ('it''s /* two');
"""
    if i > 1:
        sql += f"INSERT INTO t{i} (name, n) SELECT name, count(*) + {i} FROM t{i - 1};\n"
    if i % 10 == 0:
        sql += f"""CREATE TRIGGER t{i}_in AFTER INSERT ON t{i} WHEN new.n > 0
BEGIN
  UPDATE t{i} SET n = CASE WHEN n > 50 THEN 50 ELSE n END WHERE id = new.id;
  DELETE FROM t{i} WHERE name = ';';
END;
INSERT INTO t{i} (name, n) VALUES ('late', 99), (';', 1);
"""
    return sql

def down(i):
    return f"DROP TABLE t{i};\nDROP TABLE t{i + 1};\n"

def put(name, text):
    os.makedirs(os.path.dirname("m/" + name), exist_ok=True)
    with open("m/" + name, "w") as file:
        file.write(text)

def stamp(i):
    return f"202401{1 + i // 24:02}{i % 24:02}0000"

def block(mark, text):
    """Triggers alone need one; a last semicolon is not needed in it."""
    begin = text.find("CREATE TRIGGER")
    if begin < 0:
        return text
    end = text.index("END;", begin) + 4
    return (f"{text[:begin]}-- {mark} StatementBegin\n{text[begin:end - 1]}\n"
            f"-- {mark} StatementEnd{text[end:]}")

def plain(i):
    put(f"{i}_n{i}.sql", up(i))

def stamped(i):
    put(f"{stamp(i)}_n{i}.sql", up(i))

def golang_migrate(i):
    put(f"{i:04}_n{i}.up.sql", up(i))
    put(f"{i:04}_n{i}.down.sql", down(i))

def sqlx(i):
    if i % 2:
        stamped(i)
        return
    put(f"{stamp(i)}_n{i}.up.sql", "-- no-transaction\n" + up(i))
    put(f"{stamp(i)}_n{i}.down.sql", down(i))

def flyway(i):
    version = f"{i // 12}.{i % 12}" if i % 2 else f"{i // 12}_{i % 12}"
    put(f"{'later/' if i > 50 else ''}V{version}__n_{i}.sql", up(i))
    put(f"U{version}__n_{i}.sql", down(i))

def refinery(i):
    put(f"V{i}__n{i}.sql", up(i))
    put("mod.rs", "refinery::embed_migrations!();")

def diesel(i):
    name = f"2024-01-{1 + i // 24:02}-{i % 24:02}0000_n{i}" if i > 1 else "00000000000000_n1"
    put(f"{name}/up.sql", up(i))
    put(f"{name}/down.sql", down(i))

def prisma(i):
    put(f"{stamp(i)}_n{i}/migration.sql", up(i))
    put("migration_lock.toml", 'provider = "sqlite"')

def dbmate(i):
    option = " transaction:false" if i % 3 == 0 else ""
    put(f"{stamp(i)}_n{i}.sql",
        f"-- migrate:up{option}\n{up(i)}\n-- migrate:down{option}\n{down(i)}")

def goose(i):
    head = "-- +goose NO TRANSACTION\n" if i % 3 == 0 else ""
    put(f"{i:05}_n{i}.sql", f"{head}-- +goose Up\n{block('+goose', up(i))}\n"
        f"-- +goose Down\n{down(i)}")

def sql_migrate(i):
    option = " notransaction" if i % 3 == 0 else ""
    put(f"{stamp(i)}-n{i}.sql", f"-- +migrate Up{option}\n{block('+migrate', up(i))}"
        f"-- +migrate Down{option}\n{down(i)}")

def mybatis(i):
    put(f"{stamp(i)}_n{i}.sql", f"-- // n{i}\n{up(i)}\n-- //@UNDO\n{down(i)}")

def node_sqlite(i):
    put(f"{i:03}-n{i}.sql", f"--------\n-- Up\n--------\n{up(i)}\n--------\n-- Down\n"
        f"--------\n{down(i)}")

with open("hand.sql", "w") as hand:
    for i in range(1, 101):
        globals()[sys.argv[1]](i)
        hand.write(up(i))
PYTHON
}

# reads_as_it_is TOOL
function reads_as_it_is {
	directory "$1"
	status 0 gw plan
	contains "$out" "with 100 migrations"
	status 0 gw apply
	same_as_by_hand 800
	equal 100 "$(sql 'SELECT count(*) FROM groundwork_migrations')" "rows in the ledger"
	snapshot d.db* >before
	status 0 gw apply
	contains "$err" "1 in place"
	status 0 gw plan --exit-code
	snapshot d.db* | diff before - || fail "something was written"
}

numbers() { reads_as_it_is plain; }
a_timestamped_series() { reads_as_it_is stamped; }
golang_migrate() { reads_as_it_is golang_migrate; }
sqlx() { reads_as_it_is sqlx; }
flyway() { reads_as_it_is flyway; }
refinery() { reads_as_it_is refinery; }
diesel() { reads_as_it_is diesel; }
prisma() { reads_as_it_is prisma; }
dbmate() { reads_as_it_is dbmate; }
goose() { reads_as_it_is goose; }
sql_migrate() { reads_as_it_is sql_migrate; }
mybatis() { reads_as_it_is mybatis; }
node_sqlite() { reads_as_it_is node_sqlite; }

# ---- repeatable ----

function views {
	one_database
	echo 'CREATE TABLE a (x); INSERT INTO a VALUES (1), (2);' >m/V1__a.sql
	cat >m/R__totals.sql <<-'END'
		DROP VIEW IF EXISTS totals;
		CREATE VIEW totals AS SELECT sum(x) AS total FROM a;
	END
}

function ledger {
	sql 'SELECT id FROM groundwork_migrations ORDER BY rowid' | tr '\n' ' '
}

a_repeatable_migration_runs_again_when_it_has_changed() {
	views
	status 0 gw apply
	equal 3 "$(sql 'SELECT * FROM totals')"
	status 0 gw plan --exit-code
	sed -i 's/sum/max/' m/R__totals.sql
	status 2 gw plan --exit-code
	contains "$out" "apply 1 of 2 migrations to '$PWD/d.db': d: R__totals"
	status 0 gw apply
	equal 2 "$(sql 'SELECT * FROM totals')"
	equal "1 R__totals " "$(ledger)"
	status 0 gw plan --exit-code
}

a_repeatable_migration_goes_behind_all_versions() {
	views
	status 0 gw apply
	echo 'ALTER TABLE a ADD COLUMN y; UPDATE a SET y = 5;' >m/V2__y.sql
	sed -i 's/sum(x)/sum(y)/' m/R__totals.sql
	status 0 gw apply
	equal 10 "$(sql 'SELECT * FROM totals')"
	equal "1 2 R__totals " "$(ledger)"
	# What is in the ledger already is not what a version comes behind.
	echo 'UPDATE a SET y = 6;' >m/V3__z.sql
	status 0 gw apply
	equal "1 2 R__totals 3 " "$(ledger)"
	equal 12 "$(sql 'SELECT * FROM totals')"
}

a_repeatable_migration_that_fails_leaves_the_old_one() {
	views
	status 0 gw apply
	echo 'CREATE VIEW totals AS SELECT 7;' >m/R__totals.sql
	status 111 gw apply
	matches "$err" "m/R__totals.sql:1: .*totals"
	equal 3 "$(sql 'SELECT * FROM totals')"
	echo 'DROP VIEW totals; CREATE VIEW totals AS SELECT 7;' >m/R__totals.sql
	status 0 gw apply
	equal 7 "$(sql 'SELECT * FROM totals')"
}

# ---- contents ----

# by_hand FILE…: these, in this order, are what the shell is given.
function by_hand {
	cat "$@" >hand.sql
}

everything_that_sqlite_knows() {
	one_database
	cat >m/1_tables.sql <<-'END'
		CREATE TABLE "a;b" ([id] INTEGER PRIMARY KEY AUTOINCREMENT, `x` TEXT, j TEXT,
		  twice INTEGER GENERATED ALWAYS AS (id * 2) STORED,
		  k TEXT AS (json_extract(j, '$.k')), CHECK (json_valid(j)));
		INSERT INTO "a;b" (x, j) VALUES ('--', '{"k": "v;"}'), ('/*', '{"k": [1, 2]}');
		CREATE UNIQUE INDEX partial ON "a;b" (x COLLATE NOCASE, k) WHERE id > 0;
		CREATE TABLE pair (a, b, PRIMARY KEY (a, b)) WITHOUT ROWID;
		INSERT INTO pair SELECT "a;b".id, key FROM "a;b", json_each(j);
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9)
		INSERT INTO pair SELECT i, X'00ff' FROM n;
		REPLACE INTO pair SELECT a, b FROM pair;
	END
	cat >m/2_search.sql <<-'END'
		CREATE VIRTUAL TABLE old USING fts4(body, tokenize=porter);
		CREATE VIRTUAL TABLE new USING fts5(body, content='a;b', content_rowid='id');
		INSERT INTO old VALUES ('running; END;');
		INSERT INTO new (rowid, body) VALUES (1, 'a word');
		INSERT INTO new (new) VALUES ('optimize');
		CREATE VIRTUAL TABLE box USING rtree(id, a, b);
		INSERT INTO box VALUES (1, 0, 2.5);
	END
	cat >m/3_logic.sql <<-'END'
		CREATE VIEW v (x) AS SELECT CASE WHEN id > 1 THEN 'many;' ELSE 'END;' END FROM "a;b";
		CREATE TEMP TABLE scratch AS SELECT * FROM v;
		INSERT INTO pair SELECT 'scratch', x FROM scratch;
		CREATE TRIGGER v_in INSTEAD OF INSERT ON v BEGIN
		  INSERT INTO "a;b" (x, j) SELECT new.x, CASE new.x WHEN 1 THEN '1' ELSE '2' END;
		  SELECT CASE WHEN new.x = 'bad' THEN RAISE(ABORT, 'no; END') END; END;
		INSERT INTO v VALUES ('seen'); DROP TABLE scratch;
		PRAGMA user_version = 7;
		ANALYZE pair;
		REINDEX pair;
	END
	by_hand m/*.sql
	status 0 gw apply
	same_as_by_hand 40
	equal 7 "$(sql 'PRAGMA user_version')"
	equal 1 "$(sql "SELECT count(*) FROM old WHERE old MATCH 'run'")"
	equal 1 "$(sql "SELECT count(*) FROM new WHERE new MATCH 'word'")"
	equal ok "$(sql 'PRAGMA integrity_check')"
}

bytes_of_other_editors() {
	one_database
	printf '\xef\xbb\xbfCREATE TABLE a (x);\r\n-- two\r\nINSERT INTO a VALUES\r\n(1);\r\n' >m/1_a.sql
	printf "INSERT INTO a VALUES ('\xc3\xa9\xe2\x82\xac');" >m/2_a.sql
	printf -- '-- nothing to do' >m/3_a.sql
	: >m/4_a.sql
	printf '\xef\xbb\xbf-- +goose Up\r\nINSERT INTO a VALUES (2);\r\n-- +goose Down\r\nDROP TABLE a;\r\n' >goose.sql
	drop_in 20.ini <<-'END'
		[migrations:goose]
		database = d
		path = ../goose.sql
		after = d
	END
	status 0 gw apply
	equal $'1\n\xc3\xa9\xe2\x82\xac\n2' "$(sql 'SELECT x FROM a')"
}

line_ends_in_strings_stay_as_they_are() {
	one_database
	printf "\xef\xbb\xbfCREATE TABLE a (x);\r\nINSERT INTO a VALUES ('a\r\nb');\r\n" >m/1_a.sql
	status 0 gw apply
	equal 610D0A62 "$(sql 'SELECT hex(x) FROM a')"
	printf "\r\nSELECT 1;\r\nINSERT INTO b VALUES (1);\r\n" >m/2_b.sql
	status 111 gw apply
	matches "$err" 'm/2_b.sql:3:.*no such table: b'
	rm m/2_b.sql
	tr -d '\r' <m/1_a.sql >m/new
	mv m/new m/1_a.sql
	status 0 gw apply
}

long_statements() {
	one_database
	python3 - <<-'END'
		rows = ",\n".join(f"({i}, 'row; {i}')" for i in range(200000))
		body = "\n".join(f"UPDATE a SET b = {i} WHERE a = {i};" for i in range(3000))
		with open("m/1_long.sql", "w") as file:
		    file.write(f"CREATE TABLE a (a, b);\nINSERT INTO a VALUES\n{rows};\n")
		    file.write(f"SELECT '{';' * 100000}';\n")
		    file.write(f"CREATE TRIGGER t AFTER INSERT ON a BEGIN\n{body}\nEND;\n")
	END
	by_hand m/1_long.sql
	status 0 gw apply
	same_as_by_hand 200000
}

a_dump_of_the_shell_is_a_migration() {
	sqlite3 old.db 'CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, x);
		INSERT INTO a (x) VALUES (1), (2); DELETE FROM a WHERE x = 2;
		CREATE TABLE b (a REFERENCES a); INSERT INTO b VALUES (1);'
	one_database
	sqlite3 old.db .dump >m/1_dump.sql
	by_hand m/1_dump.sql
	status 0 gw apply
	same_as_by_hand 5
	equal 2 "$(sql 'SELECT seq FROM sqlite_sequence')"
}

# ---- errors ----

all_errors_of_all_files_at_once() {
	one_database
	mkdir more
	drop_in 20.ini <<-'END'
		[migrations:more]
		database = d
		path = ../more
	END
	printf "CREATE TABLE a (x);\n  SELECT 'a;\n" >m/1_a.sql
	printf -- '-- migrate:down\nSELECT 1;\n' >m/2_b.sql
	echo 'SELECT 1;' >m/002_c.sql
	printf 'SELECT 1;\n PRAGMA writable_schema = ON;\nVACUUM;\n' >more/V1__a.sql
	echo 'SELECT 1;' >more/schema.sql
	status 100 gw apply
	missing d.db
	matches "$err" 'm/1_a.sql:2:10: the quote that begins here is never closed'
	matches "$err" "m/2_b.sql: version 2 exists twice: also in '.*/m/002_c.sql'"
	matches "$err" "m/2_b.sql: has markers of dbmate, but no '-- migrate:up'"
	matches "$err" 'more/V1__a.sql:2:2: PRAGMA writable_schema .*make a table as it should be'
	matches "$err" 'more/V1__a.sql:3:1: VACUUM .* exec that requires the database'
	matches "$err" 'more/schema.sql: is not a name of a migration: expected NNN_name'
}

without_a_transaction_is_said_of_the_statement_that_needs_it() {
	one_database
	printf -- '-- +goose NO TRANSACTION\n-- +goose Up\nCREATE TABLE a (x);\n' >m/1_a.sql
	status 0 gw apply
	printf -- '-- +goose NO TRANSACTION\n-- +goose Up\nVACUUM;\n' >m/2_b.sql
	status 100 gw apply
	matches "$err" 'm/2_b.sql:3:1: VACUUM cannot be used in a migration'
}

# What it cannot list is not taken for missing.
user_a_subdirectory_that_cannot_be_read_is_what_fails() {
	local i
	one_database
	mkdir m/2_more
	for i in {1..50}; do
		echo "CREATE TABLE a$i (b);" >"m/${i}_a.up.sql"
		echo "DROP TABLE a$i;" >"m/${i}_a.down.sql"
	done
	chmod 0 m/2_more
	status 111 gw apply
	matches "$err" 'm/2_more.*[Pp]ermission denied'
	lacks "$err" reverts
	chmod 755 m/2_more
}

# Nothing in it would be read.
user_another_subdirectory_that_cannot_be_read_is_passed_over() {
	one_database
	echo 'CREATE TABLE a (b);' >m/1_a.sql
	mkdir m/more
	chmod 0 m/more
	status 0 gw apply
	chmod 755 m/more
}

# Both parts ran, or none.
a_line_that_only_looks_like_a_marker_is_an_error() {
	one_database
	printf -- '-- +goose Up\nCREATE TABLE a (x);\n -- +goose Down\nDROP TABLE a;\n' >m/1_a.sql
	status 100 gw apply
	contains "$err" "m/1_a.sql:3: ' -- +goose Down': goose does not take this for a marker; write '-- +goose Down'"
	missing d.db
}

an_empty_up_part_does_not_count_as_applied() {
	one_database
	printf -- '-- migrate:up\n\n-- migrate:down\nDROP TABLE a;\n' >m/1_a.sql
	status 100 gw apply
	contains "$err" 'm/1_a.sql:1: its up part is empty, but its down part is not'
	printf -- '-- migrate:up\nSELECT 1;\n-- migrate:down\nDROP TABLE a;\n' >m/1_a.sql
	status 0 gw apply
}
