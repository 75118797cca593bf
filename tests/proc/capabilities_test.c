/* SPDX-License-Identifier: MIT */
/* Capabilities: as written, and as /proc shows them after a change of user. */
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit.h"
#include "base/err.h"
#include "proc/capabilities.h"
#include "proc/identity.h"

#define CHOWN            UINT64_C(0x1)
#define NET_BIND_SERVICE UINT64_C(0x400)

static void words_are_bits(void **state)
{
	struct capabilities found = {0};
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(capabilities_add(&found, "net_bind_service", &err), 0);
	assert_int_equal(capabilities_add(&found, "CAP_CHOWN", &err), 0);
	assert_int_equal(capabilities_add(&found, "checkpoint_restore", &err), 0);
	assert_true(found.keep == (NET_BIND_SERVICE | CHOWN | UINT64_C(1) << 40));
	assert_true(found.set);
	found = (struct capabilities){0};
	assert_int_equal(capabilities_add(&found, "none", &err), 0);
	assert_true(found.set && found.none && found.keep == 0);
	found = (struct capabilities){0};
	assert_int_equal(capabilities_add(&found, "ALL", &err), 0);
	assert_true(found.set && found.all);
}

static void bad_words_are_refused(void **state)
{
	static const struct {
		const char *word, *text;
	} cases[] = {{"net_bind_servce", "did you mean 'net_bind_service'?"},
		{"CAP_CHWON",
			"there is no capability 'CAP_CHWON'; did you mean 'chown'?"},
		{"cap_", "there is no capability 'cap_'"},
		{"", "there is no capability ''"},
		{"all", "'all' and 'none' stand alone"}, {"none", "stand alone"}};
	struct capabilities found = {0};
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(capabilities_add(&found, "chown", &err), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		err_init(&err);
		assert_int_equal(capabilities_add(&found, cases[i].word, &err), -1);
		if (err.kind != ERR_CONFIG || !strstr(err.text, cases[i].text))
			fail_msg("'%s': %s", cases[i].word, err.text);
	}
	assert_true(found.keep == CHOWN && !found.all && !found.none);
}

/* ---- in a process of its own ---- */

static int has_line(const char *name, uint64_t value)
{
	char want[64], line[256];
	int found = 0;
	FILE *file = fopen("/proc/self/status", "re");

	snprintf(want, sizeof want, "%s:\t%016llx\n", name, (unsigned long long)value);
	while (file && fgets(line, sizeof line, file))
		found = found || strcmp(line, want) == 0;
	if (file)
		fclose(file);
	return found;
}

static int sets_are(uint64_t keep, uint64_t bounding)
{
	return has_line("CapInh", keep) && has_line("CapPrm", keep) &&
		has_line("CapEff", keep) && has_line("CapAmb", keep) &&
		has_line("CapBnd", bounding);
}

static int take(const char *word, bool no_new_privs, bool change_user, struct err *err)
{
	struct capabilities wanted = {0};
	struct identity identity = {.set = change_user,
		.uid = 10001,
		.gid = 10001,
		.group_set = true,
		.groups = (const gid_t[]){10001},
		.groups_count = 1};

	if (word && capabilities_add(&wanted, word, err) < 0)
		return -1;
	if (capabilities_limit(&wanted, no_new_privs, err) < 0 ||
		identity_become(&identity, err) < 0)
		return -1;
	return capabilities_take(&wanted, err);
}

static int one_as_user(void)
{
	DECLARE_ERR(err);

	if (take("net_bind_service", false, true, &err) < 0)
		return 2;
	return !sets_are(NET_BIND_SERVICE, NET_BIND_SERVICE);
}

static int one_as_root(void)
{
	DECLARE_ERR(err);

	if (take("chown", false, false, &err) < 0)
		return 2;
	return !sets_are(CHOWN, CHOWN);
}

static int none_as_user(void)
{
	DECLARE_ERR(err);

	if (take("none", false, true, &err) < 0)
		return 2;
	return !sets_are(0, 0);
}

static int not_ours(void)
{
	DECLARE_ERR(err);

	/* What remains is chown: setpcap, too, is gone. */
	if (take("chown", false, false, &err) < 0)
		return 2;
	err_init(&err);
	if (take("net_bind_service", false, false, &err) == 0)
		return 3;
	return !strstr(err.text, "keep cap_net_bind_service: it is not among our");
}

/* Somebody who cannot lower the bounding set: only no_new_privs makes that harmless. */
static int bounding_set_stays(void)
{
	DECLARE_ERR(err);

	if (prctl(PR_CAPBSET_DROP, 0, 0, 0, 0) < 0 || setuid(10001) < 0)
		return 2;
	if (take("none", false, false, &err) == 0 || !strstr(err.text, "no_new_privs"))
		return 3;
	return take("none", true, false, &err) < 0;
}

static int all_of_them(void)
{
	DECLARE_ERR(err);

	if (take("chown", false, false, &err) < 0 || take("all", false, false, &err) < 0)
		return 2;
	return !sets_are(CHOWN, CHOWN);
}

static void check(int (*question)(void))
{
	int status;
	pid_t pid;

	if (geteuid() != 0 || prctl(PR_CAPBSET_READ, 8, 0, 0, 0) != 1)
		SKIP("needs root");
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(question());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void a_user_keeps_one(void **state)
{
	(void)state;
	check(one_as_user);
}

static void root_keeps_one(void **state)
{
	(void)state;
	check(one_as_root);
}

static void none_are_kept(void **state)
{
	(void)state;
	check(none_as_user);
}

static void one_that_is_not_ours_is_an_error(void **state)
{
	(void)state;
	check(not_ours);
}

static void a_bounding_set_that_stays_is_an_error(void **state)
{
	(void)state;
	check(bounding_set_stays);
}

static void all_are_those_that_we_have(void **state)
{
	(void)state;
	check(all_of_them);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_bits),
		cmocka_unit_test(bad_words_are_refused),
		cmocka_unit_test(a_user_keeps_one),
		cmocka_unit_test(root_keeps_one),
		cmocka_unit_test(none_are_kept),
		cmocka_unit_test(one_that_is_not_ours_is_an_error),
		cmocka_unit_test(a_bounding_set_that_stays_is_an_error),
		cmocka_unit_test(all_are_those_that_we_have),
	};

	return cmocka_run_group_tests_name("proc/capabilities", tests, NULL, NULL);
}
