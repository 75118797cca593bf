#!/bin/bash
# SPDX-License-Identifier: MIT
# Foreign keys in migrations: what SQLite does with each file in the way of its tool.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# database KEY…: the step, with these lines.
function database {
	printf '%s\n' '[database:d]' 'path = d.db' 'migrations = ../m' "$@" | drop_in 10.ini
}

# Everything in d.db or another file, except for the ledger: schema text and all rows.
function content {
	python3 -c 'import sqlite3, sys
for line in sqlite3.connect(sys.argv[1]).iterdump():
    if "groundwork_migrations" not in line: print(line)' "${1-d.db}"
}

# expected on|off: what SQLite makes of all files, in $PWD/expected.db. Each is run as by a
# tool that sets foreign keys in its connection, and has a transaction for a file that sets
# none itself.
function expected {
	rm -f expected.db
	python3 -c 'import glob, sqlite3, sys
for name in sorted(glob.glob("m/*.sql")):
    db = sqlite3.connect("expected.db", isolation_level=None)
    db.execute("PRAGMA foreign_keys = " + sys.argv[1])
    text = open(name).read()
    whole = text if "foreign_keys" in text else "BEGIN;" + text + "COMMIT;"
    db.executescript(whole)
    db.close()' "$1" && content expected.db
}

# The first migration, with foreign keys of all actions.
function base {
	mkdir -p m
	cat >m/001_base.sql <<-'SQL'
		CREATE TABLE p (id INTEGER PRIMARY KEY, name TEXT UNIQUE);
		CREATE TABLE cascades (id INTEGER PRIMARY KEY,
			p REFERENCES p (id) ON UPDATE CASCADE ON DELETE CASCADE);
		CREATE TABLE nulls (id INTEGER PRIMARY KEY,
			p REFERENCES p (id) ON UPDATE SET NULL ON DELETE SET NULL);
		CREATE TABLE defaults (id INTEGER PRIMARY KEY,
			p DEFAULT 9 REFERENCES p (id) ON UPDATE SET DEFAULT ON DELETE SET DEFAULT);
		CREATE TABLE restricts (id INTEGER PRIMARY KEY,
			p REFERENCES p (name) ON UPDATE RESTRICT ON DELETE RESTRICT);
		CREATE TABLE below (c REFERENCES cascades ON DELETE CASCADE) ;
		CREATE TABLE self (id INTEGER PRIMARY KEY, up REFERENCES self ON DELETE CASCADE);
		CREATE TRIGGER t AFTER DELETE ON cascades BEGIN
			INSERT INTO log VALUES ('deleted ' || old.id);
		END;
		CREATE TABLE log (line);
		INSERT INTO p VALUES (1, 'a'), (2, 'b'), (3, 'c'), (9, 'z');
		INSERT INTO cascades VALUES (1, 1), (2, 2), (3, 2);
		INSERT INTO nulls VALUES (1, 1), (2, 2);
		INSERT INTO defaults VALUES (1, 1), (2, 2);
		INSERT INTO restricts VALUES (1, 'c');
		INSERT INTO below VALUES (1), (2), (3);
		INSERT INTO self VALUES (1, NULL), (2, 1), (3, 2), (4, NULL);
	SQL
}

# The statements of the cases; each is run with foreign keys on.
function cases {
	cat <<-'END'
		UPDATE p SET id = 4 WHERE id = 1;
		DELETE FROM p WHERE id = 2;
		DELETE FROM p WHERE id < 3;
		UPDATE p SET name = 'd' WHERE id = 1;
		INSERT OR REPLACE INTO p VALUES (1, 'new');
		REPLACE INTO p VALUES (7, 'a');
		DELETE FROM self WHERE id = 1;
		DELETE FROM restricts; DELETE FROM p WHERE id = 3;
		DELETE FROM cascades WHERE id = 2;
		UPDATE p SET id = id + 100 WHERE id < 9;
		INSERT INTO p VALUES (5, 'e') ON CONFLICT DO NOTHING; DELETE FROM p WHERE id = 5;
		PRAGMA defer_foreign_keys = ON; INSERT INTO cascades VALUES (9, 77); INSERT INTO p VALUES (77, 'q');
		CREATE TABLE n (p REFERENCES p ON DELETE CASCADE); INSERT INTO n VALUES (1); DELETE FROM p WHERE id = 1;
		DROP TABLE below; DROP TABLE cascades;
		DROP TABLE self;
		ALTER TABLE p RENAME TO parents; DELETE FROM parents WHERE id = 1;
		ALTER TABLE p ADD COLUMN more; UPDATE p SET id = 20, more = 1 WHERE id = 2;
		DELETE FROM p WHERE id < 9 AND id <> 3; DELETE FROM restricts;
	END
}

# begin KEY…: a new database with the base.
function begin {
	rm -rf d.db d.db-* m expected.db
	base
	database "$@"
}

# Each case has a database of its own: m/NUMBER are its migrations, dNUMBER.db is made.
function case_databases {
	local line number=0 modes=(wal delete)
	base
	while IFS= read -r line; do
		number=$((number + 1))
		mkdir "m/$number"
		cp m/001_base.sql "m/$number"
		printf '%s\n' "[database:d$number]" "path = d$number.db" \
			"migrations = ../m/$number" "journal_mode = ${modes[number % 2]}" "$1"
	done < <(cases) | drop_in 10.ini
}

# next_migrations BEFORE AFTER: the cases, each between these.
function next_migrations {
	local line number=0
	while IFS= read -r line; do
		number=$((number + 1))
		echo "$1$line$2" >"m/$number/002_next.sql"
	done < <(cases)
}

# Compares each database with what SQLite makes, as `expected` and `content` do for one.
function compare_databases {
	python3 -c 'import glob, sqlite3, sys
def content(db):
    return [line for line in db.iterdump() if "groundwork_migrations" not in line]
count = len(glob.glob("m/*/"))
for number in range(1, count + 1):
    ours = content(sqlite3.connect(f"d{number}.db"))
    db = sqlite3.connect(":memory:", isolation_level=None)
    for name in sorted(glob.glob(f"m/{number}/*.sql")):
        db.execute("PRAGMA foreign_keys = " + sys.argv[1])
        text = open(name).read()
        db.executescript(text if "BEGIN;" in text else "BEGIN;" + text + "COMMIT;")
    wanted = content(db)
    if ours != wanted:
        sys.exit(f"{text}\n{ours}\n{wanted}")
print(count)' "$1"
	rm d*.db*
}

actions_are_those_of_sqlite() {
	case_databases 'foreign_keys = on'
	status 0 gw apply
	next_migrations '' ''
	status 0 gw apply
	equal "$(cases | wc -l)" "$(compare_databases on)"
	status 0 gw apply
	equal "$(cases | wc -l)" "$(compare_databases on)" "cold"
}

actions_begin_with_the_pragma() {
	case_databases 'foreign_keys = off'
	status 0 gw apply
	next_migrations 'PRAGMA foreign_keys = ON; BEGIN; ' ' COMMIT;'
	status 0 gw apply
	equal "$(cases | wc -l)" "$(compare_databases off)"
	status 0 gw apply
	equal "$(cases | wc -l)" "$(compare_databases off)" "cold"
}

# What SQLite refuses is refused with its line, and changes nothing.
violations_are_those_of_sqlite() {
	local line before
	begin 'foreign_keys = on'
	status 0 gw apply
	before=$(content)
	while IFS= read -r line; do
		printf '\n%s\n' "$line" >m/002_next.sql
		status 1 expected on
		status 111 gw apply
		contains "$err" "m/002_next.sql:2: "
		equal "$before" "$(content)" "$line"
	done <<-'END'
		DELETE FROM p WHERE id = 3;
		UPDATE p SET name = 'x' WHERE id = 3;
		DELETE FROM p;
		INSERT INTO cascades VALUES (9, 77);
		PRAGMA defer_foreign_keys = ON; INSERT INTO cascades VALUES (9, 77);
		CREATE TABLE d (p REFERENCES p DEFERRABLE INITIALLY DEFERRED); INSERT INTO d VALUES (77);
	END
}

a_pragma_holds_to_the_end_of_its_file() {
	begin
	echo 'PRAGMA foreign_keys = ON; UPDATE p SET id = 4 WHERE id = 1;' >m/002_on.sql
	echo 'UPDATE p SET id = 1 WHERE id = 4; UPDATE cascades SET p = 1 WHERE p = 4;' \
		>m/003_off.sql
	status 0 gw apply
	equal "$(expected off)" "$(content)"
	begin 'foreign_keys = on'
	echo 'PRAGMA foreign_keys = OFF; INSERT INTO nulls VALUES (3, 77);
		DELETE FROM nulls WHERE id = 3;' >m/002_off.sql
	echo 'DELETE FROM p WHERE id = 1;' >m/003_on.sql
	status 0 gw apply
	equal "$(expected on)" "$(content)"
}

# A table is made anew with foreign keys off, as SQLite's documentation says, or on.
rebuilding_a_parent_or_a_child_loses_no_row() {
	local table wanted
	for table in p cascades self; do
		begin
		cat >m/002_rebuild.sql <<-END
			PRAGMA foreign_keys = OFF;
			BEGIN;
			CREATE TABLE n AS SELECT * FROM $table;
			DROP TABLE $table;
			$(sed -n "/CREATE TABLE $table /,\$p" m/001_base.sql | sed '/;$/q')
			INSERT INTO $table SELECT * FROM n;
			DROP TABLE n;
			COMMIT;
			PRAGMA foreign_keys = ON;
		END
		wanted=$(expected off)
		status 0 gw apply
		equal "$wanted" "$(content)"
		sed -i 's/OFF/ON/' m/002_rebuild.sql
		rm d.db
		status 0 gw apply
		equal "$wanted" "$(content)"
		sed -i '/BEGIN\|COMMIT\|foreign_keys/d' m/002_rebuild.sql
		mv m/002_rebuild.sql .
		rm d.db
		database 'foreign_keys = on'
		status 0 gw apply
		mv 002_rebuild.sql m
		status 0 gw apply
		equal "$wanted" "$(content)"
	done
}

a_parent_that_is_dropped_is_emptied_before() {
	begin 'foreign_keys = on'
	status 0 gw apply
	printf '%s\n' 'DROP TABLE restricts;' 'DROP TABLE p;' >m/002_drop.sql
	status 111 gw apply
	contains "$err" "m/002_drop.sql:2: 'p' is dropped here, and row "
	contains "$err" "first empty 'cascades', or set its column to NULL"
	printf '%s\n' 'DROP TABLE restricts;' 'DELETE FROM defaults;' 'DELETE FROM p;' \
		'DROP TABLE p;' >m/002_drop.sql
	status 0 gw apply
	equal "$(expected on)" "$(content)"
}

foreign_keys_is_on_or_off() {
	begin 'foreign_keys = maybe'
	status 100 gw check
	matches "$err" "10.ini:4:16: .*foreign_keys: .*'maybe'"
}

# A row that had one broken key, and has another one now.
a_broken_key_is_no_excuse_for_another() {
	database
	mkdir -p m
	printf '%s\n' 'CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1);' \
		'CREATE TABLE c (a REFERENCES p, b REFERENCES p); INSERT INTO c VALUES (1, 1);' >m/001_a.sql
	status 0 gw apply
	python3 -c 'import sqlite3; db = sqlite3.connect("d.db"); db.execute("UPDATE c SET a = 7"); db.commit()'
	echo 'UPDATE c SET a = 1, b = 7;' >m/002_b.sql
	status 111 gw apply
	contains "$err" "row 1 of 'c' refers to a missing row of 'p'"
	echo 'UPDATE c SET b = NULL;' >m/002_b.sql
	status 0 gw apply
}

# The index makes the key one that SQLite can check; without it, the application cannot
# write the child while foreign keys are on.
what_a_full_check_verifies_is_everything() {
	database 'verify = full'
	mkdir -p m
	printf '%s\n' 'CREATE TABLE p (id INTEGER); CREATE UNIQUE INDEX i ON p (id);' \
		'CREATE TABLE c (p REFERENCES p (id)); CREATE TABLE big (x);' \
		'INSERT INTO big SELECT zeroblob(5000000);' >m/001_a.sql
	status 0 gw apply
	echo 'DROP INDEX i;' >m/002_b.sql
	status 111 gw apply
	contains "$err" "a foreign key that SQLite cannot check: 'c' (p) refers to 'p' (id)"
	echo 'DROP INDEX i; CREATE UNIQUE INDEX j ON p (id);' >m/002_b.sql
	status 0 gw apply
}

# One that was never valid is no reason to refuse a migration, and none to check no other.
a_key_that_cannot_be_checked_hides_no_other() {
	database
	mkdir -p m
	printf '%s\n' 'CREATE TABLE mm (k); CREATE TABLE p (id INTEGER PRIMARY KEY);' \
		'CREATE TABLE c (id INTEGER PRIMARY KEY, x REFERENCES mm (k), y REFERENCES p);' \
		'INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, NULL, 1);' >m/001_a.sql
	status 0 gw apply
	contains "$err" "the foreign key of 'c' (x) to 'mm' cannot be checked: foreign key mismatch: 'mm' has no "
	echo 'DELETE FROM p;' >m/002_b.sql
	status 111 gw apply
	contains "$err" "row 1 of 'c' refers to a missing row of 'p' (y to id)"
	echo 'UPDATE c SET x = 7, y = NULL; DELETE FROM p;' >m/002_b.sql
	status 0 gw apply
}

# A collation that only the application knows.
a_key_with_an_unknown_collation_is_warned_of() {
	database 'verify = none' # quick_check fails with it
	mkdir -p m
	echo 'CREATE TABLE other (x); CREATE TABLE p2 (id INTEGER PRIMARY KEY);' >m/001_a.sql
	status 0 gw apply
	python3 -c 'import sqlite3
db = sqlite3.connect("d.db", isolation_level=None)
db.create_collation("app", lambda a, b: (a > b) - (a < b))
db.execute("CREATE TABLE p (k TEXT COLLATE app UNIQUE)")
db.execute("CREATE TABLE c (x REFERENCES p (k), y REFERENCES p2)")
db.execute("INSERT INTO p VALUES (1)")
db.execute("INSERT INTO c VALUES (1, 8)")'
	echo 'INSERT INTO other VALUES (1);' >m/002_b.sql
	status 0 gw apply
	contains "$err" "the foreign key of 'c' (x) to 'p' cannot be checked: "
	contains "$err" "no such collation sequence: app"
	echo 'UPDATE c SET y = 9;' >m/003_c.sql
	status 111 gw apply
	contains "$err" "row 1 of 'c' refers to a missing row of 'p2' (y to id)"
}

# What was broken before is known by its values, wherever its row is now.
old_violations_are_known_by_their_values() {
	local mode
	mkdir -p m
	for mode in wal delete; do
		rm -f d.db* m/*
		database "journal_mode = $mode"
		printf '%s\n' 'CREATE TABLE p (id INTEGER PRIMARY KEY);' \
			'CREATE TABLE c (id INTEGER PRIMARY KEY, x REFERENCES p);' >m/001_a.sql
		status 0 gw apply
		python3 -c 'import sqlite3; db = sqlite3.connect("d.db"); db.execute("INSERT INTO c VALUES (1, 77)"); db.commit()'
		echo "DELETE FROM c; INSERT INTO c VALUES (1234, 'brand new');" >m/002_b.sql
		status 111 gw apply
		contains "$err" "row 1234 of 'c' refers to a missing row of 'p' (x to id)"
		echo 'CREATE TABLE n (k PRIMARY KEY, x REFERENCES p, y REFERENCES p) WITHOUT ROWID;
			INSERT INTO n SELECT id + 1000, x, NULL FROM c;
			DROP TABLE c; ALTER TABLE n RENAME TO c;' >m/002_b.sql
		status 0 gw apply
		echo 'ALTER TABLE c RENAME TO d; ALTER TABLE p RENAME TO q;
			ALTER TABLE d RENAME COLUMN x TO z;' >m/003_c.sql
		status 0 gw apply
		content >now
		contains now 'INSERT INTO "d" VALUES(1001,77,NULL);'
	done
}

# Where auto_vacuum moves the root pages of tables, too.
a_renamed_table_is_followed_where_space_is_moved() {
	database 'pragma = auto_vacuum=full'
	mkdir -p m
	echo 'CREATE TABLE o (x); CREATE TABLE p (id INTEGER PRIMARY KEY);
		CREATE TABLE c (x REFERENCES p);' >m/001_a.sql
	status 0 gw apply
	python3 -c 'import sqlite3; db = sqlite3.connect("d.db"); db.execute("INSERT INTO c VALUES (9)"); db.commit()'
	echo 'ALTER TABLE c RENAME TO c2; DROP TABLE o;' >m/002_b.sql
	status 0 gw apply
	echo 'DROP TABLE c2; CREATE TABLE c3 (x REFERENCES p); INSERT INTO c3 VALUES (9);' >m/003_c.sql
	status 111 gw apply
	contains "$err" "row 1 of 'c3' refers to a missing row of 'p'"
}

# In a database that is not small; other indexes, columns and views read no child.
what_makes_a_key_checkable_checks_its_children() {
	local text
	database
	mkdir -p m
	echo 'CREATE TABLE p (k, l); CREATE TABLE c (x REFERENCES p (k), y REFERENCES v (k));
		CREATE TABLE big (x); INSERT INTO big VALUES (zeroblob(5000000));
		INSERT INTO c VALUES (9, NULL);' >m/001_a.sql
	status 0 gw apply
	for text in 'CREATE INDEX i ON p (k);' 'CREATE UNIQUE INDEX j ON p (l);' \
		'CREATE UNIQUE INDEX m ON p (k, l);' 'ALTER TABLE p ADD COLUMN n;'; do
		local there=(m/*)
		echo "$text" >"m/$(printf '%03d' $((${#there[@]} + 1)))_b.sql"
		status 0 gw -v apply
		lacks "$err" 'foreign keys of c'
	done
	echo 'CREATE VIEW v AS SELECT 1 AS k;' >m/006_view.sql
	status 0 gw -v apply
	contains "$err" 'foreign keys of c'
	contains "$err" "the foreign key of 'c' (y) to 'v' cannot be checked: "
	echo 'CREATE UNIQUE INDEX o ON p (k);' >m/007_index.sql
	status 111 gw apply
	contains "$err" "row 1 of 'c' refers to a missing row of 'p' (x to k)"
}

# Which statement has broken it is not known; which were the last to write the tables is.
the_last_statements_that_touched_the_tables_are_named() {
	local big
	mkdir -p m
	for big in '' 'CREATE TABLE big (x); INSERT INTO big VALUES (zeroblob(5000000));'; do
		rm -f d.db* m/*
		database
		printf '%s\n' 'CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1);' \
			'CREATE TABLE c (x REFERENCES p, y); INSERT INTO c VALUES (1, 0);' \
			'CREATE TABLE o (x);' "$big" >m/001_a.sql
		status 0 gw apply
		printf '\n%s\n' 'DELETE FROM p;' >m/002_b.sql
		printf '%s\n' 'UPDATE c SET y = 1;' 'UPDATE c SET y = 2;' 'DELETE FROM o;' >m/003_c.sql
		status 111 gw apply
		contains "$err" "; 'c' was last touched at "
		contains "$err" "m/003_c.sql:2; 'p' was last touched at "
		contains "$err" "m/002_b.sql:2"
		echo 'DROP TABLE o;' >m/004_d.sql
		status 111 gw apply
		contains "$err" "m/003_c.sql:2; 'p' was last touched at "
	done
}

a_parent_that_is_gone_is_said_to_be_gone() {
	database
	mkdir -p m
	printf '%s\n' 'CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1);' \
		'CREATE TABLE c (x REFERENCES p); INSERT INTO c VALUES (1);' >m/001_a.sql
	status 0 gw apply
	printf '\n%s\n' 'DROP TABLE p;' >m/002_b.sql
	status 111 gw apply
	contains "$err" "m/002_b.sql:2: 'p' is dropped here, and row 1 of 'c' still refers to it"
	echo 'PRAGMA legacy_alter_table = ON; ALTER TABLE p RENAME TO q;' >m/002_b.sql
	status 111 gw apply
	contains "$err" "row 1 of 'c' refers to 'p' (x), and there is no such table"
}
