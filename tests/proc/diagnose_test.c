/* SPDX-License-Identifier: MIT */
/* The diagnosis of everything that cannot run. */
#include "try_execute.h"

#include <elf.h>
#include <sys/mount.h>

static void scripts(void **state)
{
	(void)state;
	make("no-interpreter", "#!/no/such/sh -e\n", 0755);
	run("./no-interpreter", NULL);
	expect(ERR_NOT_EXECUTABLE,
		"script './no-interpreter': its interpreter '/no/such/sh' does not "
		"exist");
	make("crlf", "#!/bin/sh\r\nexit 0\r\n", 0755);
	run("./crlf", NULL);
	expect(ERR_NOT_EXECUTABLE,
		"its interpreter '/bin/sh\\r' does not exist (the script has Windows "
		"line ends");
	make("bare", "#!  \nexit 0\n", 0755);
	run("./bare", NULL);
	expect(ERR_NOT_EXECUTABLE, "names no interpreter");
	make("plain", "exit 0\n", 0755);
	run("./plain", NULL);
	expect(ERR_NOT_EXECUTABLE, "'./plain' has no '#!' line");
	make("not-executable", "", 0644);
	make("indirect", "#!./not-executable\n", 0755);
	run("./indirect", NULL);
	expect(ERR_NOT_EXECUTABLE,
		"script './indirect': its interpreter: "
		"'./not-executable' has no execute bit");
	make("itself", "#!./itself\n", 0755);
	run("./itself", NULL);
	expect(ERR_NOT_EXECUTABLE, "'./itself' cannot be executed: ");
}

static void files(void **state)
{
	(void)state;
	make("empty", "", 0755);
	run("./empty", NULL);
	expect(ERR_NOT_EXECUTABLE, "'./empty' is empty");
	make("no-bit", "#!/bin/sh\n", 0640);
	run("./no-bit", NULL);
	expect(ERR_NOT_EXECUTABLE, "'./no-bit' has no execute bit (its mode is 0640)");
	assert_int_equal(mkdir("directory", 0755), 0);
	run("./directory", NULL);
	expect(ERR_NOT_EXECUTABLE, "'./directory' is a directory");
	assert_int_equal(mkfifo("fifo", 0777), 0);
	run("./fifo", NULL);
	expect(ERR_NOT_EXECUTABLE, "'./fifo' is not a regular file");
	run("/dev/null", NULL);
	expect(ERR_NOT_EXECUTABLE, "'/dev/null' is not a regular file");
}

static void a_file_of_another_user(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make("private", "#!/bin/sh\nexit 0\n", 0744);
	run_as(10001, "./private", NULL);
	expect(ERR_NOT_EXECUTABLE,
		"'./private' may not be executed by user 10001 (mode 0744, "
		"owner root (0), group 0)");
	make("unreadable", "#!/bin/sh\nexit 0\n", 0700);
	run_as(10001, "./unreadable", NULL);
	expect(ERR_NOT_EXECUTABLE, "'./unreadable' may not be executed by user 10001");
}

static void noexec_mount(void **state)
{
	(void)state;
	assert_int_equal(mkdir("mounted", 0755), 0);
	if (mount("none", "mounted", "tmpfs", MS_NOEXEC, NULL) < 0)
		SKIP("mounting is not permitted");
	make("mounted/tool", "#!/bin/sh\nexit 0\n", 0755);
	run("mounted/tool", NULL);
	assert_int_equal(umount("mounted"), 0);
	expect(ERR_NOT_EXECUTABLE, "mounted noexec");
}

/* ---- binaries ---- */

static unsigned char binary[4 * 1024 * 1024];
static size_t binary_size;

/* This program's own bytes: a real binary of this machine. */
static void read_binary(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	binary_size = 0;
	for (;;) {
		ssize_t n = read(fd, binary + binary_size, sizeof binary - binary_size);

		assert_true(n >= 0);
		if (n == 0)
			break;
		binary_size += (size_t)n;
	}
	close(fd);
}

static void other_architectures(void **state)
{
	static const struct {
		unsigned char machine, class;
		const char *text;
	} cases[] = {
		{EM_AARCH64, ELFCLASS64,
			"another architecture (aarch64, 64-bit); this is "},
		{EM_S390, ELFCLASS64, "another architecture (s390, 64-bit)"},
		{EM_ARM, ELFCLASS32, "another architecture (arm, 32-bit)"},
		{99, ELFCLASS64, "another architecture (machine 99, 64-bit)"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		Elf64_Ehdr head = {.e_type = ET_EXEC, .e_machine = cases[i].machine};

		if (cases[i].machine == EM_AARCH64) {
			read_binary();
			memcpy(&head, binary, sizeof head);
			if (head.e_machine == EM_AARCH64)
				continue;
			memset(&head, 0, sizeof head);
			head.e_type = ET_EXEC;
			head.e_machine = cases[i].machine;
		}
		memcpy(head.e_ident, ELFMAG, SELFMAG);
		head.e_ident[EI_CLASS] = cases[i].class;
		head.e_ident[EI_DATA] = ELFDATA2LSB;
		make_bytes("foreign", &head, sizeof head, 0755);
		run("./foreign", NULL);
		expect(ERR_NOT_EXECUTABLE, cases[i].text);
	}
}

static void truncated_binaries(void **state)
{
	static const size_t sizes[] = {4, 20, 63, 64, 100, 4096, 8192};

	(void)state;
	read_binary();
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		make_bytes("short", binary, sizes[i], 0755);
		run("./short", NULL);
		expect(ERR_NOT_EXECUTABLE, "'./short' is a truncated binary");
	}
}

/* Swaps the loader's name, which stands in the file, for one that does not exist. */
static void missing_loader(void **state)
{
	unsigned char *at = NULL;

	(void)state;
	read_binary();
	for (size_t i = 0; i + 8 < 4096 && !at; i++)
		if (memcmp(binary + i, "/lib", 4) == 0)
			at = binary + i;
	if (!at)
		SKIP("this is a static program");
	memcpy(at, "/not", 4);
	make_bytes("other-library", binary, binary_size, 0755);
	run("./other-library", NULL);
	expect(ERR_NOT_EXECUTABLE, "'./other-library' needs the loader '/not");
}

static void too_many_arguments(void **state)
{
	enum { COUNT = 20, SIZE = 200 * 1024 };
	static char word[SIZE];
	char sh[] = "/bin/true";
	char *argv[COUNT + 2] = {sh};
	char *env[] = {NULL};
	DECLARE_ERR(err);

	(void)state;
	memset(word, 'x', SIZE - 1);
	for (int i = 1; i <= COUNT; i++)
		argv[i] = word;
	assert_int_equal(execute(argv, env, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_NOT_EXECUTABLE);
	assert_non_null(strstr(err.text, "too long"));
}

static void open_for_writing(void **state)
{
	int fd;

	(void)state;
	read_binary();
	make_bytes("busy", binary, binary_size, 0755);
	fd = open("busy", O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	run("./busy", NULL);
	close(fd);
	expect(ERR_NOT_EXECUTABLE, "open for writing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(scripts),
		CASE(files),
		CASE(a_file_of_another_user),
		CASE(noexec_mount),
		CASE(other_architectures),
		CASE(truncated_binaries),
		CASE(missing_loader),
		CASE(too_many_arguments),
		CASE(open_for_writing),
	};

	return cmocka_run_group_tests_name("proc/diagnose", tests, NULL, NULL);
}
