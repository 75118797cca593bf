/* SPDX-License-Identifier: MIT */
/* The processors that we may use, by the files of control groups. */
#include "../directory.h"
#include "base/cpus.h"

#include <sched.h>

/* As many as there are, at least two: else no quota above one is a limit. */
static unsigned all(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof set, &set) < 0)
		fail_msg("sched_getaffinity");
	return (unsigned)CPU_COUNT(&set);
}

static void make_dirs(const char *path)
{
	char part[256];

	for (const char *slash = path; (slash = strchr(slash, '/')); slash++) {
		(void)snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
		(void)mkdir(in(part), 0755); /* it may be there */
	}
}

static void write_down(const char *path, const char *text)
{
	make_dirs(path);
	put(path, text);
}

static void without_groups_it_is_the_affinity(void **state)
{
	(void)state;
	assert_int_equal(cpus_available(in("nothing")), all());
	write_down("proc/self/cgroup", "0::/\n");
	assert_int_equal(cpus_available(in("")), all());
	write_down("sys/fs/cgroup/cpu.max", "max 100000\n");
	assert_int_equal(cpus_available(in("")), all());
	write_down("sys/fs/cgroup/cpu.max", "100000\n");
	assert_int_equal(cpus_available(in("")), all());
	write_down("sys/fs/cgroup/cpu.max", "1 0\n");
	assert_int_equal(cpus_available(in("")), all());
}

static void a_quota_is_rounded_up(void **state)
{
	static const struct {
		const char *text;
		unsigned count;
	} cases[] = {
		{"100000 100000\n", 1},
		{"1 100000\n", 1},
		{"0 100000\n", 1},
		{"100001 100000\n", 2},
		{"150000 100000\n", 2},
		{"200000 100000\n", 2},
		{"99999999999 100000\n", 99999},
		{"50000 50000", 1},
	};

	(void)state;
	write_down("proc/self/cgroup", "0::/a/b\n");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		unsigned most = all() < cases[i].count ? all() : cases[i].count;

		write_down("sys/fs/cgroup/a/b/cpu.max", cases[i].text);
		assert_int_equal(cpus_available(in("")), most);
	}
}

static void a_group_above_limits_too(void **state)
{
	(void)state;
	write_down("proc/self/cgroup", "0::/a/b\n");
	write_down("sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
	write_down("sys/fs/cgroup/a/cpu.max", "100000 100000\n");
	assert_int_equal(cpus_available(in("")), 1);
}

static void the_first_version_has_two_files(void **state)
{
	(void)state;
	write_down("proc/self/cgroup",
		"5:memory:/x\n4:cpuset:/none\n3:cpuacct,cpu:/host/path\n1:name=s:/\n");
	write_down("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
	write_down("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
	assert_int_equal(cpus_available(in("")), all());
	write_down("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n");
	assert_int_equal(cpus_available(in("")), 1);
	write_down("proc/self/cgroup", "3:cpuacct:/\n");
	assert_int_equal(cpus_available(in("")), all());
}

static void what_is_no_list_of_groups_limits_nothing(void **state)
{
	static const char *const texts[] = {
		"", "\n", "x", "::", "0:", "0::", ":", "\n\n0"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		write_down("proc/self/cgroup", texts[i]);
		assert_int_equal(cpus_available(in("")), all());
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(without_groups_it_is_the_affinity),
		UNIT(a_quota_is_rounded_up),
		UNIT(a_group_above_limits_too),
		UNIT(the_first_version_has_two_files),
		UNIT(what_is_no_list_of_groups_limits_nothing),
	};

	return cmocka_run_group_tests_name("base/cpus", tests, NULL, NULL);
}
