/* SPDX-License-Identifier: MIT */
/* The subcommand install: this program, copied to a volume that other images share. */
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/cwd.h"
#include "base/err.h"
#include "base/exit_code.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/path.h"
#include "cli/command.h"
#include "net/network.h"

/* Where it goes: into a directory, under our name; else exactly there. */
static int find_target(
	struct cli *cli, const char *path, const char **ret, struct err *err)
{
	char cwd[PATH_MAX];
	struct stat st;
	const char *target;

	if (cwd_get(cwd, sizeof cwd, err) < 0)
		return -1;
	target = path_join(&cli->options.arena, cwd, path);
	if (stat(target, &st) == 0 && S_ISDIR(st.st_mode))
		target = path_join(&cli->options.arena, target, "groundwork");
	*ret = target;
	return 0;
}

static int copy(struct cli *cli, const char *from, const char *target, struct err *err)
{
	CLEANUP_FS struct fs fs = FS_INIT;
	CLEANUP_STAGE struct fs_stage stage = FS_STAGE_INIT;
	struct fs_attr attr = {.mode = 0755, .uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT};
	enum fs_outcome outcome;
	CLEANUP_FD int fd = open(from, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(err, "open '%s'", from);
	fs_begin(&fs);
	if (fs_stage_open(&fs, &stage, target, &attr, err) < 0 ||
		fs_stage_copy(&stage, fd, NULL, err) < 0 ||
		fs_stage_publish(&stage, true, &outcome, err) < 0)
		return -1;
	log_info(&cli->log, "installed as '%s'", target);
	return 0;
}

static int install(struct cli *cli, const char *path, struct err *err)
{
	struct arena *arena = &cli->options.arena;
	CLEANUP_BUF struct buf beside = BUF_INIT;
	const char *target = NULL;

	if (find_target(cli, path, &target, err) < 0 || network_path(&beside, err) < 0)
		return -1;
	/* First what the other needs. */
	if (beside.len &&
		copy(cli, beside.data,
			path_join(arena, path_dir(arena, target), NETWORK_PROGRAM),
			err) < 0)
		return -1;
	return copy(cli, "/proc/self/exe", target, err);
}

int command_install(struct cli *cli, const struct worker *worker)
{
	char **words = cli->options.words;
	DECLARE_ERR(err);

	(void)worker;
	if (!words || !words[0] || words[1])
		err_set(&err, ERR_USAGE,
			"install takes one word, the PATH to copy this to");
	else if (install(cli, words[0], &err) == 0)
		return EXIT_DONE;
	log_err(&cli->log, LOG_ERROR, &err);
	return exit_code_of_error(&err);
}
