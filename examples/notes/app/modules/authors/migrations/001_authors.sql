-- SPDX-License-Identifier: MIT
CREATE TABLE authors (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
);
