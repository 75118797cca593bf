-- SPDX-License-Identifier: MIT
-- Refers to a table of another module: that module's migrations go first.
CREATE TABLE notes (
	id INTEGER PRIMARY KEY,
	author INTEGER NOT NULL REFERENCES authors (id),
	text TEXT NOT NULL,
	signature BLOB NOT NULL
);
