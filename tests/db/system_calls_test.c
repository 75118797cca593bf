/* SPDX-License-Identifier: MIT */
/* What each of the replaced system calls allows. */
#include "../filter.h"
#include "fixture.h"

#include "db/files.h"

#define STRANGER 12345 /* a user who is neither root nor the database's owner */

typedef int open_call(const char *path, int flags, int mode);
typedef int stat_call(const char *path, struct stat *ret);
typedef int path_call(const char *path);

static sqlite3_syscall_ptr find_call(const char *name)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);

	return vfs->xGetSystemCall(vfs, name);
}

static int call_open(const char *path, int flags)
{
	return ((open_call *)find_call("open"))(path, flags, 0640);
}

static int call_stat(const char *path, struct stat *ret)
{
	return ((stat_call *)find_call("stat"))(path, ret);
}

static int call_unlink(const char *path)
{
	return ((path_call *)find_call("unlink"))(path);
}

/* The test's world, with a database of `owner` that SQLite is restricted to. */
struct kept {
	struct world *world;
	struct files files;
	char writing[SYSTEM_CALLS_DIRECTORY_MAX];
	char reading[SYSTEM_CALLS_DIRECTORY_MAX];
};

static struct kept keep(struct world *world, uid_t owner)
{
	struct kept kept = {.world = world};

	put("app.db", "not asked here");
	if (geteuid() == 0)
		assert_int_equal(chown(world->db, owner, 54321), 0);
	kept.files = (struct files){
		.dirfd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC),
		.name = "app.db",
		.owner = geteuid() == 0 ? owner : geteuid(),
		.shared = true,
	};
	assert_true(kept.files.dirfd >= 0);
	system_calls_directory(&kept.files, false, kept.writing);
	system_calls_directory(&kept.files, true, kept.reading);
	assert_int_equal(system_calls_install(&world->err), 0);
	return kept;
}

static void release(struct kept *kept)
{
	restore_system_calls();
	(void)close(kept->files.dirfd);
}

static const char *written_in(struct kept *kept, const char *name)
{
	return arena_printf(&kept->world->arena, "%s/%s", kept->writing, name);
}

static const char *read_in(struct kept *kept, const char *name)
{
	return arena_printf(&kept->world->arena, "%s/%s", kept->reading, name);
}

#define assert_refused(expression, code) \
	do { \
		errno = 0; \
		assert_int_equal(expression, -1); \
		assert_int_equal(errno, code); \
	} while (0)

static void any_other_path_is_refused(void **state)
{
	struct kept kept = keep(*state, 0);
	const char *paths[] = {
		"/etc/passwd",
		"app.db",
		at(*state, "app.db"),
		at(*state, "app.db-wal"),
		written_in(&kept, "../app.db"),
		written_in(&kept, "other.db"),
		written_in(&kept, "app.db-mj0123ABCD9"),
		written_in(&kept, "app.db-wal/x"),
		written_in(&kept, "app"),
		"/1.2/app.db",
		"/x.0.0.6/app.db",
		"/dev/zero",
		"",
	};

	put("other.db", "x");
	put("app.db-mj0123ABCD9", "x");
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct stat st;

		assert_refused(call_open(paths[i], O_RDONLY), EPERM);
		assert_refused(call_open(paths[i], O_RDWR | O_CREAT), EPERM);
		assert_refused(call_stat(paths[i], &st), EPERM);
		assert_refused(call_unlink(paths[i]), EPERM);
	}
	assert_true(exists("other.db"));
	release(&kept);
}

static void the_database_and_its_sidecars_are_opened(void **state)
{
	struct kept kept = keep(*state, 0);
	int fd;

	for (size_t i = 0; i < FILES_COUNT; i++) {
		const char *name =
			arena_printf(&kept.world->arena, "app.db%s", files_endings[i]);
		struct stat there, asked;

		fd = call_open(written_in(&kept, name), O_RDWR | O_CREAT);
		assert_true(fd >= 0);
		assert_int_equal(close(fd), 0);
		assert_int_equal(stat(at(*state, name), &there), 0);
		assert_int_equal(call_stat(written_in(&kept, name), &asked), 0);
		assert_int_equal(there.st_ino, asked.st_ino);
	}
	assert_int_equal(call_unlink(written_in(&kept, "app.db-wal")), 0);
	assert_false(exists("app.db-wal"));
	fd = call_open("/dev/urandom", O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
	release(&kept);
}

static void one_who_reads_changes_nothing(void **state)
{
	struct kept kept = keep(*state, 0);
	int fd;

	put("app.db-wal", "x");
	assert_refused(call_open(read_in(&kept, "app.db-wal"), O_RDWR), EACCES);
	assert_refused(call_open(read_in(&kept, "app.db-shm"), O_RDWR | O_CREAT), EACCES);
	assert_refused(call_unlink(read_in(&kept, "app.db-wal")), EACCES);
	assert_true(exists("app.db-wal"));
	assert_false(exists("app.db-shm"));
	fd = call_open(read_in(&kept, "app.db-wal"), O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
	release(&kept);
}

static void links_are_refused(void **state)
{
	struct kept kept = keep(*state, 0);
	const char *path = written_in(&kept, "app.db-wal");
	struct stat st;

	put("outside", "as it was");
	assert_int_equal(symlink("outside", at(*state, "app.db-wal")), 0);
	assert_refused(call_open(path, O_RDWR | O_CREAT), ELOOP);
	assert_refused(call_unlink(path), EPERM);
	assert_int_equal(call_stat(path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(unlink(at(*state, "app.db-wal")), 0);

	assert_int_equal(link(at(*state, "outside"), at(*state, "app.db-wal")), 0);
	assert_refused(call_open(path, O_RDWR | O_CREAT), EPERM);
	assert_refused(call_open(path, O_RDONLY), EPERM);
	assert_refused(call_unlink(path), EPERM);
	assert_int_equal(unlink(at(*state, "app.db-wal")), 0);

	assert_int_equal(mkfifo(at(*state, "app.db-wal"), 0644), 0);
	assert_refused(call_open(path, O_RDWR | O_CREAT), EPERM);
	release(&kept);
}

static void only_the_owners_files_and_ours_are_opened(void **state)
{
	struct kept kept;
	const char *path;
	char open_to_all[SYSTEM_CALLS_DIRECTORY_MAX];
	int fd;

	NEEDS_ROOT();
	kept = keep(*state, 1000);
	path = written_in(&kept, "app.db-wal");
	put("app.db-wal", "x");
	fd = call_open(path, O_RDWR | O_CREAT); /* root's */
	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(chown(at(*state, "app.db-wal"), 1000, 1000), 0);
	fd = call_open(path, O_RDWR | O_CREAT);
	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(chown(at(*state, "app.db-wal"), STRANGER, 1000), 0);
	assert_refused(call_open(path, O_RDWR | O_CREAT), EPERM);
	assert_refused(call_open(path, O_RDONLY), EPERM);
	assert_refused(call_unlink(path), EPERM);
	/* As an ordinary user, the kernel decides alone. */
	kept.files.shared = false;
	system_calls_directory(&kept.files, false, open_to_all);
	fd = call_open(
		arena_printf(&kept.world->arena, "%s/app.db-wal", open_to_all), O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
	release(&kept);
}

/* Another process may remove its journal, or the lock, between open(2) and fstat(2). */
static void what_was_just_removed_is_no_danger(void **state)
{
	struct kept kept = keep(*state, 0);
	struct stat st;

	assert_int_equal(fstatat(kept.files.dirfd, "app.db", &st, 0), 0);
	assert_true(files_accept(&kept.files, &st));
	st.st_nlink = 0;
	assert_true(files_accept(&kept.files, &st));
	st.st_nlink = 2;
	assert_false(files_accept(&kept.files, &st));
	release(&kept);
}

/* A file that was renamed to a sidecar's name would be given away with it. */
static void what_is_there_is_not_given_away(void **state)
{
	struct kept kept;
	struct stat st;
	int fd;

	NEEDS_ROOT();
	kept = keep(*state, 1000);
	put("app.db-wal", "");
	assert_int_equal(chmod(at(*state, "app.db-wal"), 0600), 0);
	fd = call_open(written_in(&kept, "app.db-wal"), O_RDWR | O_CREAT);
	assert_true(fd >= 0);
	assert_int_equal(
		((int (*)(int, uid_t, gid_t))find_call("fchown"))(fd, 1000, 1000), 0);
	assert_int_equal(((int (*)(int, mode_t))find_call("fchmod"))(fd, 0666), 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_uid, 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(close(fd), 0);
	release(&kept);
}

static void assert_created_for_the_owner(struct world *world)
{
	struct kept kept = keep(world, 1000);
	mode_t mask = umask(077);
	struct stat st;
	int fd = call_open(written_in(&kept, "app.db-shm"), O_RDWR | O_CREAT);

	(void)umask(mask);
	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(stat(at(world, "app.db-shm"), &st), 0);
	assert_int_equal(st.st_uid, 1000);
	assert_int_equal(st.st_gid, 54321);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(st.st_nlink, 1);
	release(&kept);
}

static void a_new_sidecar_is_the_owners(void **state)
{
	NEEDS_ROOT();
	assert_created_for_the_owner(*state);
}

/* From now on openat(2) fails for O_TMPFILE. */
static int deny_nameless(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3),
		BPF_STMT(
			BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_TMPFILE & ~O_DIRECTORY, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EOPNOTSUPP),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return filter_install(filter, sizeof filter / sizeof *filter);
}

static int create_without_nameless_files(struct world *world)
{
	if (deny_nameless() < 0)
		return 77;
	assert_created_for_the_owner(world);
	return 0;
}

static void a_new_sidecar_is_the_owners_where_files_need_a_name(void **state)
{
	NEEDS_ROOT();
	in_child(*state, 0, create_without_nameless_files);
}

/* Opens a temporary file as SQLite does, and writes to it. */
static void use_temporary(struct kept *kept)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	sqlite3_file *file = mem_zalloc((size_t)vfs->szOsFile);
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE |
		SQLITE_OPEN_DELETEONCLOSE | SQLITE_OPEN_TEMP_DB;

	sqlite3_temp_directory = kept->writing;
	assert_int_equal(vfs->xOpen(vfs, NULL, file, flags, &flags), SQLITE_OK);
	assert_int_equal(file->pMethods->xWrite(file, "text", 4, 0), SQLITE_OK);
	assert_int_equal(file->pMethods->xClose(file), SQLITE_OK);
	sqlite3_temp_directory = NULL;
	free(file);
}

static void assert_empty(const char *path)
{
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void a_temporary_file_has_no_name(void **state)
{
	struct kept kept = keep(*state, 0);
	const char *before;

	assert_int_equal(mkdir(at(*state, "tmp"), 0700), 0);
	assert_int_equal(setenv("SQLITE_TMPDIR", at(*state, "tmp"), 1), 0);
	before = footprint(*state);
	use_temporary(&kept);
	assert_string_equal(footprint(*state), before);
	assert_empty(at(*state, "tmp"));
	assert_int_equal(unsetenv("SQLITE_TMPDIR"), 0);
	release(&kept);
}

/* The directory that it is in; NULL: the database's. */
static const char *temporary_in(const struct files *files)
{
	const char *found;
	int fd = system_calls_open_temporary(files, true, "etilqs_x", &found);

	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
	return found;
}

static void a_temporary_file_is_in_the_first_directory_that_takes_it(void **state)
{
	struct kept kept = keep(*state, 0);
	struct files closed = kept.files;
	const char *former = getenv("TMPDIR");

	closed.beside = true;
	closed.dirfd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(mkdir(at(*state, "sqlite"), 0700), 0);
	assert_int_equal(mkdir(at(*state, "tmp"), 0700), 0);
	assert_int_equal(setenv("SQLITE_TMPDIR", at(*state, "sqlite"), 1), 0);
	former = former ? arena_strdup(&kept.world->arena, former) : NULL;
	assert_int_equal(setenv("TMPDIR", at(*state, "tmp"), 1), 0);
	assert_string_equal(temporary_in(&kept.files), at(*state, "sqlite"));
	assert_string_equal(temporary_in(&closed), at(*state, "sqlite"));
	assert_int_equal(rmdir(at(*state, "sqlite")), 0);
	assert_string_equal(temporary_in(&kept.files), at(*state, "tmp"));
	kept.files.beside = true;
	assert_null(temporary_in(&kept.files));
	assert_int_equal(unsetenv("SQLITE_TMPDIR"), 0);
	assert_int_equal(former ? setenv("TMPDIR", former, 1) : unsetenv("TMPDIR"), 0);
	assert_int_equal(close(closed.dirfd), 0);
	release(&kept);
}

static int use_temporary_with_a_name(struct world *world)
{
	struct kept kept = keep(world, 0);

	if (deny_nameless() < 0)
		return 77;
	use_temporary(&kept);
	release(&kept);
	return 0;
}

static void a_temporary_file_loses_its_name(void **state)
{
	assert_int_equal(mkdir(at(*state, "tmp"), 0700), 0);
	assert_int_equal(setenv("SQLITE_TMPDIR", at(*state, "tmp"), 1), 0);
	in_child(*state, 0, use_temporary_with_a_name);
	assert_empty(at(*state, "tmp"));
	assert_int_equal(unsetenv("SQLITE_TMPDIR"), 0);
}

/* The end of a rollback journal of a transaction over several databases. */
static void a_journal_of_several_databases_is_not_played_back(void **state)
{
	struct kept kept = keep(*state, 0);
	const char *path = written_in(&kept, "app.db-journal");
	int fd;

	put("app.db-journal", "pages, then \xd9\xd5\x05\xf9\x20\xa1\x63\xd7");
	assert_refused(call_open(path, O_RDWR), EPERM);
	assert_refused(call_open(read_in(&kept, "app.db-journal"), O_RDONLY), EPERM);
	assert_int_equal(files_check(&kept.files, kept.world->db, &kept.world->err), -1);
	assert_says(kept.world->err.text, "transaction over several databases");
	put("app.db-journal", "pages");
	fd = call_open(path, O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
	release(&kept);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(any_other_path_is_refused),
		TEST(the_database_and_its_sidecars_are_opened),
		TEST(one_who_reads_changes_nothing),
		TEST(links_are_refused),
		TEST(only_the_owners_files_and_ours_are_opened),
		TEST(what_was_just_removed_is_no_danger),
		TEST(what_is_there_is_not_given_away),
		TEST(a_new_sidecar_is_the_owners),
		TEST(a_new_sidecar_is_the_owners_where_files_need_a_name),
		TEST(a_temporary_file_has_no_name),
		TEST(a_temporary_file_is_in_the_first_directory_that_takes_it),
		TEST(a_temporary_file_loses_its_name),
		TEST(a_journal_of_several_databases_is_not_played_back),
	};

	return cmocka_run_group_tests_name("db/system_calls", tests, NULL, NULL);
}
