/* SPDX-License-Identifier: MIT */
/* Executing: the search along PATH. */
#include "proc/execute.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/env.h"
#include "base/err.h"
#include "base/str.h"
#include "proc/diagnose.h"

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* What the search has seen so far. The paths are pages that a start need not touch. */
struct search {
	char *const *argv;
	char *const *env;
	int blocked_code;       /* errno of `blocked`; 0: there is none */
	bool in_path;           /* the candidates are those along PATH */
	bool any_closed;        /* there is a `closed` */
	char path[PATH_MAX];    /* the candidate */
	char blocked[PATH_MAX]; /* the first that exists and could not be executed */
	char closed[PATH_MAX];  /* the first that we have no permission to reach */
};

/* Executes the candidate, or notes why not. Returns -1 if that ends the search. */
static int try_candidate(struct search *search, struct err *err)
{
	struct stat st;
	int code = diagnose_incomplete(search->path, err);

	if (code != 0)
		return code < 0 ? -1 : 0;
	(void)execve(
		search->path, search->argv, search->env); /* returns on failure only */
	code = errno;
	if (stat(search->path, &st) < 0) {
		/* Missing, or not for us to see: no file of that name was found. */
		if (errno == EACCES && !search->any_closed) {
			memcpy(search->closed, search->path, strlen(search->path) + 1);
			search->any_closed = true;
		}
		return 0;
	}
	if (search->in_path && S_ISDIR(st.st_mode)) /* as to shells */
		return 0;
	if (!search->blocked_code) {
		memcpy(search->blocked, search->path, strlen(search->path) + 1);
		search->blocked_code = code;
	}
	/* Only a file without permission, or without its interpreter, is skipped. */
	return code == EACCES || code == ENOENT ? 0 : -1;
}

/*
 * Writes the next candidate to `to`, and moves `path` behind its directory; "": it is too
 * long, and so is nowhere. An empty directory is where we are (POSIX XBD 8.3). Returns
 * false where none is left.
 */
static bool next_candidate(const char **path, const char *name, char to[PATH_MAX])
{
	const char *directory = *path;
	size_t length = strlen(name);
	size_t size;

	if (!directory)
		return false;
	size = strcspn(directory, ":");
	*path = directory[size] ? directory + size + 1 : NULL;
	if (!size) {
		directory = ".";
		size = 1;
	}
	*to = '\0';
	if (size < PATH_MAX && length < PATH_MAX - 1 - size) {
		memcpy(to, directory, size);
		to[size] = '/';
		memcpy(to + size + 1, name, length + 1);
	}
	return true;
}

static int walk(struct search *search, const char *path, struct err *err)
{
	while (next_candidate(&path, search->argv[0], search->path))
		if (*search->path && try_candidate(search, err) < 0)
			return -1;
	return 0;
}

/* Of a long PATH, the end matters less than that the message can be read. */
#define PATH_SHOWN 60

/* Who quotes a whole command makes one word of it. */
static int not_found_in(const char *name, const char *path, struct err *err)
{
	size_t shown =
		strlen(path) > PATH_SHOWN ? str_cut(path, PATH_SHOWN) : strlen(path);

	err_set(err, ERR_NOT_FOUND, "command '%s' not found in PATH (%.*s%s)", name,
		(int)shown, path, path[shown] ? "…" : "");
	return strchr(name, ' ')
		? err_append(err,
			  "; that is one word, blanks and all: without the "
			  "quotes around it, it would be several")
		: -1;
}

/* `path`: that was searched, or NULL; `closed`: what could not be reached, or NULL. */
static int not_found(
	const char *name, const char *path, const char *closed, struct err *err)
{
	if (!path && closed)
		return err_set(err, ERR_NOT_EXECUTABLE,
			"'%s' cannot be reached: permission denied on the way", name);
	if (!path)
		return err_set(err, ERR_NOT_FOUND, "command '%s' not found", name);
	(void)not_found_in(name, path, err); /* always -1 */
	return closed ? err_append(err, "; permission denied for '%s'", closed) : -1;
}

/* Of a path: `workdir` is where one starts that is relative. */
static int path_not_found(const char *name, const char *workdir, struct err *err)
{
	(void)not_found(name, NULL, NULL, err); /* always -1 */
	return *name == '/'
		? -1
		: err_append(err, "; a relative path starts at '%s'", workdir);
}

int execute(char *const *argv, char *const *env, const char *workdir, struct err *err)
{
	const char *name = argv[0];
	char cwd[PATH_MAX];
	const char *path = env_find(env, "PATH"); /* NULL: `name` is one itself */
	struct search search;
	int rc;

	search.argv = argv;
	search.env = env;
	search.blocked_code = 0;
	search.any_closed = false;
	if (!name || !*name)
		return err_set(err, ERR_NOT_FOUND, "the command is empty");
	if (strchr(name, '/'))
		path = NULL;
	else if (!path)
		path = DEFAULT_PATH;
	search.in_path = path;
	err->kind = ERR_NONE;
	if (path) {
		rc = walk(&search, path, err);
	} else if (strlen(name) < sizeof search.path) {
		memcpy(search.path, name, strlen(name) + 1);
		rc = try_candidate(&search, err);
	} else {
		rc = err_set(err, ERR_NOT_FOUND, "command '%.*s…': its path is too long",
			(int)str_cut(name, 60), name);
	}
	if (rc < 0 && err->kind != ERR_NONE)
		return -1;
	if (search.blocked_code)
		return diagnose(search.blocked, search.blocked_code, err);
	if (path || search.any_closed)
		return not_found(
			name, path, search.any_closed ? search.closed : NULL, err);
	if (!workdir)
		workdir = getcwd(cwd, sizeof cwd);
	return path_not_found(name, workdir ? workdir : "(it was removed)", err);
}

/* What a look-up has found of one file. */
enum found {
	FOUND_FINE, /* or it may be made, or that is not known */
	FOUND_NOTHING,
	FOUND_CLOSED,  /* we have no permission to reach it */
	FOUND_BLOCKED, /* it cannot be executed */
};

static enum found inspect(const char *file, bool in_path,
	const struct execute_search *search, struct err *err)
{
	char whole[PATH_MAX];
	const char *absolute = file;
	struct stat st;
	int n = 0;
	bool there, closed;

	if (*file != '/' && !search->workdir)
		return FOUND_FINE;
	if (*file != '/') {
		n = snprintf(whole, sizeof whole, "%s/%s", search->workdir, file);
		absolute = whole;
	}
	if (n < 0 || n >= PATH_MAX)
		return FOUND_NOTHING;
	there = stat(file, &st) == 0;
	closed = !there && errno == EACCES;
	if (there && in_path && S_ISDIR(st.st_mode))
		return FOUND_NOTHING;
	if (there && diagnose_ahead(file, err) == 0)
		return FOUND_FINE;
	if (!there && !closed && errno != ENOENT && errno != ENOTDIR && errno != ELOOP &&
		errno != ENAMETOOLONG)
		return FOUND_FINE;
	if (search->is_made && search->is_made(search->user, absolute))
		return FOUND_FINE;
	return there ? FOUND_BLOCKED : closed ? FOUND_CLOSED : FOUND_NOTHING;
}

/* Inspects each candidate: what is blocked is reported where no other is there. */
static int inspect_path(const char *name, const char *path,
	const struct execute_search *search, struct err *err)
{
	const char *rest = path;
	char file[PATH_MAX];
	char closed[PATH_MAX] = "";
	DECLARE_ERR(blocked);

	while (next_candidate(&rest, name, file)) {
		DECLARE_ERR(why);
		enum found found =
			*file ? inspect(file, true, search, &why) : FOUND_NOTHING;

		if (found == FOUND_FINE)
			return 0;
		if (found == FOUND_BLOCKED && blocked.kind == ERR_NONE)
			blocked = why;
		if (found == FOUND_CLOSED && !*closed)
			memcpy(closed, file, strlen(file) + 1);
	}
	if (blocked.kind == ERR_NONE)
		return not_found(name, path, *closed ? closed : NULL, err);
	*err = blocked;
	return -1;
}

int execute_look_up(
	const char *name, const struct execute_search *search, struct err *err)
{
	DECLARE_ERR(why);

	if (!*name)
		return err_set(err, ERR_NOT_FOUND, "the command is empty");
	if (!strchr(name, '/'))
		return inspect_path(
			name, search->path ? search->path : DEFAULT_PATH, search, err);
	switch (inspect(name, false, search, &why)) {
	case FOUND_FINE:
		return 0;
	case FOUND_BLOCKED:
		*err = why;
		return -1;
	case FOUND_CLOSED:
		return not_found(name, NULL, name, err);
	default:
		return path_not_found(name, search->workdir, err);
	}
}
