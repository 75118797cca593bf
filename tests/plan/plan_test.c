/* SPDX-License-Identifier: MIT */
/* Order, cycles, requirements, selection. */
#include "../ground.h"

/* The ids in the order in which they run; of what is selected alone. */
static void order_is(const char *expected)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	const struct plan *plan = &ground.bootstrap.plan;

	for (size_t i = 0; i < plan->count; i++)
		if (!plan->order[i]->left_out)
			buf_printf(&got, "%s%s ", plan->order[i]->step->id,
				plan->order[i]->forced ? "!" : "");
	assert_string_equal(got.data, expected);
}

#define LINK(name) "[link:" name "]\npath = " name "\ntarget = x\n"

static void lowest_goes_first(void **state)
{
	(void)state;
	ground_load(LINK("b") LINK("a") LINK("B") LINK("a.b") LINK("a1")
			    LINK("late") "order = 90\n" LINK(
				    "early") "order = 0\n"
					     "[directory:z]\npath = z\n[exec:e]\ncommand "
					     "= x\n",
		NULL);
	order_is("link:early directory:z link:B link:a link:a.b link:a1 link:b exec:e "
		 "link:late ");
}

static void requirements_go_before(void **state)
{
	(void)state;
	ground_load(
		LINK("a") "requires = link:z\n" LINK("b") LINK("z") LINK(
			"y") "order = 1\nrequires = exec:e\n"
			     "[exec:e]\ncommand = x\nrequires = link:a link:a link:b\n",
		NULL);
	order_is("link:b link:z link:a exec:e link:y ");
	assert_int_equal(ground.bootstrap.plan.nodes[4].requires_count, 2);
}

static void references_are_requirements(void **state)
{
	(void)state;
	ground_load(
		"[file:a]\npath = a\norder = 1\ncontent =\n  # ${key:text}\n  x\n"
		"[link:b]\npath = b\norder = 1\ntarget = ${X:-${key:deep}}\n"
		"[directory:c]\npath =\n  # ${key:comment} is none, either\n  c\norder = "
		"1\n"
		"requires =\n"
		"  # ${key:comment} is no reference here\n  key:listed\n"
		"[key:text]\npath = t\n[key:deep]\npath = d\n[key:listed]\npath = l\n",
		NULL);
	order_is("key:deep link:b key:listed directory:c key:text file:a ");
}

static void cycles_are_named_whole(void **state)
{
	static const char cycle[] = "[defaults:link]\npath = x\ntarget = x\n"
				    "[link:a]\nrequires = link:b\n"
				    "[link:b]\nrequires = link:c\n"
				    "[link:c]\nrequires = link:a\n"
				    "[link:d]\nrequires = link:a\n[link:e]\n";

	(void)state;
	assert_int_equal(ground_read(cycle, NULL, NULL), 0);
	assert_int_equal(ground.bootstrap.problems.count, 1);
	says(ground_problems(), "requires itself: link:");
	says(ground_problems(), "link:a → link:b → link:c");
	assert_null(strstr(ground_problems(), "link:d"));
	assert_int_equal(ground_read(LINK("a") "requires = link:a\n", NULL, NULL), 0);
	says(ground_problems(), "1: [link:a] requires itself: link:a → link:a");
	assert_int_equal(ground_read("[key:a]\npath = x${key:a}\n", NULL, NULL), 0);
	says(ground_problems(), "requires itself: key:a → key:a");
}

static void no_hint_leads_to_what_is_refused(void **state)
{
	static const char *const cases[] = {
		LINK("a") "requires = link:aa\n",
		LINK("a") "requires = db:0\n",
		LINK("a") "requires = db:70000\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(ground_read(cases[i], NULL, NULL), 0);
		says(ground_problems(), "there is no step");
		assert_null(strstr(ground_problems(), "did you mean"));
	}
}

static void what_is_unknown_is_an_error(void **state)
{
	static const struct {
		const char *ini, *text;
	} cases[] = {
		{LINK("a") "requires = link:bb\n" LINK("b"),
			"4: [link:a] requires: there is no step "
			"'link:bb'; did you mean 'link:b'?"},
		{LINK("a") "requires = db:5432\n", "did you mean 'tcp://db:5432'?"},
		{LINK("a") "requires = tcp://db\n", "names no port"},
		{LINK("a") "requires = tcp:/db:5432\n", "did you mean 'tcp://db:5432'?"},
		{LINK("a") "requires = unix:/run/x\n", "did you mean 'unix:///run/x'?"},
		{LINK("a") "requires = nothing:near-it\n",
			"there is no step 'nothing:near-it'"},
		{LINK("a") "requires = a\n",
			"there is no step 'a': an id is KIND:NAME, as in 'link:a'"},
		{LINK("a") "requires = none\n", "KIND:NAME, as in 'directory:data'"},
		{"[link:a]\npath = a\ntarget = ${key:gone}\n",
			"3:10: [link:a] target: there is no step 'key:gone'"},
		{"[migrations:m]\ndatabase = gone\npath = x\n",
			"2: [migrations:m] database: there is no step 'database:gone'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(ground_read(cases[i].ini, NULL, NULL), 0);
		assert_int_equal(ground.bootstrap.problems.count, 1);
		says(ground_problems(), cases[i].text);
	}
}

static void own_keys_of_nobody_require_nothing(void **state)
{
	(void)state;
	ground_load(LINK("a") "x-note = ${key:nobody}\n", NULL);
	order_is("link:a ");
}

static void selection(void **state)
{
	static const char ini[] = LINK("a") LINK("b") "requires = link:a\n" LINK(
		"c") "requires = link:b\n" LINK("d") "[directory:d]\npath = dir\n";
	static const struct {
		const char *only[3], *skip[3], *force[3];
		const char *order; /* NULL: refused */
	} cases[] = {
		{{NULL}, {NULL}, {NULL}, "directory:d link:a link:b link:c link:d "},
		{{"link:c"}, {NULL}, {NULL}, "link:a link:b link:c "},
		{{"link:d", "directory:*"}, {NULL}, {NULL}, "directory:d link:d "},
		{{"*:d"}, {NULL}, {NULL}, "directory:d link:d "},
		{{NULL}, {"link:*"}, {NULL}, "directory:d "},
		{{NULL}, {"link:a"}, {"link:b"}, "directory:d link:b! link:c link:d "},
		{{"link:c"}, {"link:a"}, {NULL}, "link:b link:c "},
		{{"link:gone"}, {NULL}, {NULL}, NULL},
		{{NULL}, {"link:[x]"}, {NULL}, NULL},
		{{NULL}, {NULL}, {"d"}, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct selection chosen = {.only = cases[i].only,
			.skip = cases[i].skip,
			.force = cases[i].force};

		if (ground_read(ini, NULL, &chosen) == 0) {
			assert_non_null(cases[i].order);
			order_is(cases[i].order);
		} else {
			assert_null(cases[i].order);
			assert_int_equal(ground.err.kind, ERR_USAGE);
			says(shown(&ground.err), "there is no such step");
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUND(lowest_goes_first),
		GROUND(requirements_go_before),
		GROUND(references_are_requirements),
		GROUND(cycles_are_named_whole),
		GROUND(what_is_unknown_is_an_error),
		GROUND(no_hint_leads_to_what_is_refused),
		GROUND(own_keys_of_nobody_require_nothing),
		GROUND(selection),
	};

	return cmocka_run_group_tests_name("plan/plan", tests, NULL, NULL);
}
