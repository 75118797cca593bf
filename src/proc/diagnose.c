/* SPDX-License-Identifier: MIT */
/* Why a file cannot be executed. */
#include "proc/diagnose.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "proc/elf_file.h"
#include "proc/identity.h"

/* The kernel reads this much of a script, and follows this many interpreters. */
#define HEAD_SIZE 256
#define DEPTH_MAX 5

static int no(struct err *err, const char *path, const char *why)
{
	return err_set(err, ERR_NOT_EXECUTABLE, "'%s' %s", path, why);
}

static int diagnose_file(const char *path, int code, int depth, struct err *err);

/* As the kernel judges: by the owner's bits, else the group's, else the others'. */
static bool may_execute(const struct stat *st)
{
	int count = getgroups(0, NULL);
	CLEANUP_FREE gid_t *groups =
		mem_resize(NULL, (size_t)(count > 0 ? count : 0) + 1, sizeof *groups);

	count = getgroups(count, groups);
	if (geteuid() == 0)
		return st->st_mode & 0111;
	if (geteuid() == st->st_uid)
		return st->st_mode & 0100;
	if (getegid() == st->st_gid)
		return st->st_mode & 0010;
	for (int i = 0; i < count; i++)
		if (groups[i] == st->st_gid)
			return st->st_mode & 0010;
	return st->st_mode & 0001;
}

static int diagnose_access(const char *path, const struct stat *st, struct err *err)
{
	char owner[128];
	char us[128];
	struct statvfs fs;

	if (S_ISDIR(st->st_mode))
		return no(err, path, "is a directory");
	if (!S_ISREG(st->st_mode))
		return no(err, path, "is not a regular file");
	if (!(st->st_mode & 0111))
		return err_set(err, ERR_NOT_EXECUTABLE,
			"'%s' has no execute bit (its mode is %04o): chmod +x it", path,
			(unsigned)st->st_mode & 07777);
	if (statvfs(path, &fs) == 0 && (fs.f_flag & ST_NOEXEC))
		return no(err, path, "lies on a file system that is mounted noexec");
	if (may_execute(st))
		return 0;
	return err_set(err, ERR_NOT_EXECUTABLE,
		"'%s' may not be executed by user %s (mode %04o, owner %s, group %u)",
		path, identity_uid_text(geteuid(), us, sizeof us),
		(unsigned)st->st_mode & 07777,
		identity_uid_text(st->st_uid, owner, sizeof owner), (unsigned)st->st_gid);
}

static int diagnose_script(
	const char *path, char *head, int code, int depth, struct err *err)
{
	CLEANUP_BUF struct buf shown = BUF_INIT;
	struct stat st;
	char *interpreter;
	bool missing;

	if (!strchr(head, '\n') && strlen(head) == HEAD_SIZE - 1)
		return no(err, path, "is a script whose first line is too long");
	/* Cut out of "#! /bin/sh -e". */
	interpreter = head + 2;
	interpreter[strcspn(interpreter, "\n")] = '\0';
	interpreter += strspn(interpreter, " \t");
	interpreter[strcspn(interpreter, " \t")] = '\0';
	if (!*interpreter)
		return no(err, path, "is a script whose '#!' names no interpreter");
	if (stat(interpreter, &st) == 0) {
		if (diagnose_file(interpreter, code, depth + 1, err) == 0)
			return 0;
		return err_prefix(err, "script '%s': its interpreter", path);
	}
	missing = errno == ENOENT || errno == ENOTDIR;
	for (const char *at = interpreter; *at; at++)
		buf_add(&shown, *at == '\r' ? "\\r" : at, *at == '\r' ? 2 : 1);
	return err_set(err, ERR_NOT_EXECUTABLE, "script '%s': its interpreter '%s' %s%s",
		path, shown.data, missing ? "does not exist" : "cannot be reached",
		strchr(interpreter, '\r') ? " (the script has Windows line ends: "
					    "remove the \\r)"
					  : "");
}

static int incomplete(const char *path, const struct elf_file *elf, struct err *err)
{
	return err_set(err, ERR_NOT_EXECUTABLE,
		"'%s' is a truncated binary: it has %llu bytes of at least %llu", path,
		(unsigned long long)elf->size, (unsigned long long)elf->announced);
}

static int diagnose_elf(
	const char *path, const struct elf_file *elf, int code, struct err *err)
{
	char own[48], machine[48];
	struct stat st;

	if (elf->state == ELF_TRUNCATED)
		return incomplete(path, elf, err);
	if (elf->state == ELF_FOREIGN && code != ENOEXEC)
		return 0; /* binfmt_misc may know it */
	if (elf->state == ELF_FOREIGN)
		return err_set(err, ERR_NOT_EXECUTABLE,
			"'%s' is a binary for another architecture (%s); this is %s",
			path, elf_file_machine(elf, machine, sizeof machine),
			elf_own_machine(own, sizeof own));
	if (!elf->program)
		return no(err, path, "is an object file, not a program");
	if (*elf->loader && stat(elf->loader, &st) < 0)
		return err_set(err, ERR_NOT_EXECUTABLE,
			"'%s' needs the loader '%s', which does not exist (is it built "
			"for another C library?)",
			path, elf->loader);
	return 0;
}

static int diagnose_content(const char *path, int fd, const struct stat *st, int code,
	int depth, struct err *err)
{
	char head[HEAD_SIZE] = {0};
	struct elf_file elf;

	if (st->st_size == 0)
		return no(err, path, "is empty");
	elf_file_read(fd, (uint64_t)st->st_size, &elf);
	if (elf.state != ELF_NONE)
		return diagnose_elf(path, &elf, code, err);
	if (pread(fd, head, sizeof head - 1, 0) < 0)
		return 0; /* what execve said must do */
	if (strncmp(head, "#!", 2) == 0)
		return depth < DEPTH_MAX ? diagnose_script(path, head, code, depth, err)
					 : 0;
	return code == ENOEXEC
		? no(err, path,
			  "has no '#!' line and is no binary of this system: "
			  "a script begins with its interpreter, '#!/bin/sh'")
		: 0;
}

/* Returns -1 with the reason, or 0 where nothing was found to be wrong. */
static int diagnose_file(const char *path, int code, int depth, struct err *err)
{
	struct stat st;
	CLEANUP_FD int fd = -1;

	if (stat(path, &st) < 0)
		return 0;
	/* Opening a device or a pipe can have an effect. */
	if (S_ISREG(st.st_mode))
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if ((code == EACCES || !S_ISREG(st.st_mode)) &&
		diagnose_access(path, &st, err) < 0)
		return -1;
	return fd < 0 ? 0 : diagnose_content(path, fd, &st, code, depth, err);
}

int diagnose(const char *path, int code, struct err *err)
{
	if (code == E2BIG)
		return no(err, path,
			"cannot be executed: arguments and environment are "
			"too long together");
	if (code == ETXTBSY)
		return no(err, path,
			"cannot be executed: a process has it open for writing");
	/* execve(2): a change of the user went over it, which is said only now. */
	if (code == EAGAIN)
		return no(err, path,
			"cannot be executed: its user has as many processes as the "
			"limit nproc lets it have (`limits` of [app], or ulimit -u)");
	if (diagnose_file(path, code, 0, err) < 0)
		return -1;
	return err_set(err, ERR_NOT_EXECUTABLE, "'%s' cannot be executed: %s", path,
		strerror(code));
}

/* What has no "#!" may be executed by what binfmt_misc knows, and that is not shown. */
static bool is_executed_by_others(void)
{
	struct stat st;

	return stat("/proc/sys/fs/binfmt_misc/register", &st) == 0;
}

int diagnose_ahead(const char *path, struct err *err)
{
	if (diagnose_file(path, EACCES, 0, err) < 0)
		return -1;
	return is_executed_by_others() ? 0 : diagnose_file(path, ENOEXEC, 0, err);
}

int diagnose_incomplete(const char *path, struct err *err)
{
	struct stat st;
	struct elf_file elf;
	/* musl's open(2) sets the flag of O_CLOEXEC once more. */
	CLEANUP_FD int fd =
		openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	elf_file_read(fd, (uint64_t)st.st_size, &elf);
	return elf.state == ELF_TRUNCATED ? incomplete(path, &elf, err) : 0;
}
