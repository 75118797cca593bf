/* SPDX-License-Identifier: MIT */
/*
 * An attack: a configuration, a volume that is made anew for every round, and what others
 * do to that volume while the program works on it as root. It is read from a text file, a
 * line each:
 *
 *	# What it is about.
 *	start WORD…		a start: the program's arguments, behind -c CONFIGURATION
 *				if they do not begin with -c; several in this order
 *	prefix WORD…		stands before the program of each start
 *	environment NAME=VALUE	of each start; "@" is the world's directory
 *	once OBJECT		made before the first round
 *	config			what follows, indented by a tab or two spaces, is the
 *				configuration; "@/" in it is the world's directory
 *	variant NAME		lines up to the next one are for its rounds alone; its
 *				`start` lines replace the common ones
 *	attacker UID VERB WORD…	who attacks, and how: see attackers.h
 *	refuse planted		a planted key must never be used
 *	private PATTERN		files of such a name must be closed to others
 *	hands-over		the configuration gives away whatever is found
 *	warns TEXT		each start must say this
 *	refused			no start needs to get through
 *	hard-links		it needs hard links to files of others
 *
 * and objects, made in every round, in the order of the lines:
 *
 *	dir PATH UID MODE	there already: put right. UID may be UID:GID
 *	file PATH UID MODE TEXT	one line, \n in it is a newline; or own-key, planted-key
 *	link PATH UID TARGET	"@" is the world's directory
 *	copy PATH UID MODE NAME	a file of "fixtures"
 *
 * Of the volume "v" and the world around it: world.h.
 */
#ifndef TESTS_ATTACK_ATTACK_H
#define TESTS_ATTACK_ATTACK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define LINES_MAX     48
#define VARIANTS_MAX  16
#define WORDS_MAX     16
#define ATTACKERS_MAX 8

struct lines {
	size_t count;
	char *line[LINES_MAX];
};

struct variant {
	const char *name;
	struct lines starts;
	struct lines objects;
	struct lines attackers;
	const char *prefix;  /* or NULL */
	const char *private; /* or NULL */
	const char *warns;   /* or NULL */
	bool refuse_planted;
	bool hands_over;
	bool hard_links;
	bool refused;
	unsigned long rounds;
	unsigned long strikes[ATTACKERS_MAX];
	unsigned long through; /* starts */
	char refusal[256];     /* the last line of a start that was refused */
};

struct attack {
	char name[64];
	char *text; /* of the file; all strings point into it */
	const char *about;
	char *config;
	struct lines once;
	struct lines environment;
	struct variant common; /* what each variant has, too */
	struct variant variants[VARIANTS_MAX];
	size_t count;
};

/* A line, cut into words: the last is followed by NULL. `text` holds them. */
struct words {
	size_t count;
	char *word[WORDS_MAX + 1];
	char text[1024];
};

/*
 * Reads an attack from a file NAME.attack. Whatever is wrong with it ends the program: it
 * is a part of the harness.
 */
void attack_read(struct attack *attack, const char *path);
void attack_free(struct attack *attack);

/*
 * Cuts `line` into at most `most` words; the last takes the rest of it. "@" at a word's
 * beginning, or behind ":" or "=", becomes `at`, where that is not NULL.
 */
void words_cut(struct words *words, const char *line, size_t most, const char *at);

/* Ends the program, exit code 2: the harness itself cannot go on. */
#define PRINTS __attribute__((format(printf, 1, 2)))
PRINTS _Noreturn void give_up(const char *format, ...);

#endif
