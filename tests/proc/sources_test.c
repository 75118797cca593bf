/* SPDX-License-Identifier: MIT */
/* Which changes of files matter. */
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../directory.h"
#include "proc/sources.h"

static struct sources sources;

static int begin(void **state)
{
	(void)state;
	memset(&sources, 0, sizeof sources);
	return 0;
}

static void names_and_directories(void **state)
{
	(void)state;
	assert_false(sources_matter(&sources, 1, "a"));
	sources_begin(&sources);
	sources_add(&sources, 1, "a");
	sources_add(&sources, 2, NULL);
	assert_false(sources_matter(&sources, 1, "a")); /* not before the end */
	sources_end(&sources, true);
	assert_true(sources_matter(&sources, 1, "a"));
	assert_true(sources_matter(&sources, 1, "")); /* the directory itself */
	assert_false(sources_matter(&sources, 1, "b"));
	assert_false(sources_matter(&sources, 3, "a"));
	assert_true(sources_matter(&sources, 2, "whatever"));
}

static void a_run_that_is_due_is_asked_for_once(void **state)
{
	(void)state;
	assert_false(sources_are_due(&sources));
	sources_set_due(&sources);
	assert_true(sources_are_due(&sources));
	assert_true(sources_take_due(&sources));
	assert_false(sources_take_due(&sources));
}

static void what_an_exec_writes_starts_one_run(void **state)
{
	(void)state;
	sources_begin(&sources);
	sources_add(&sources, 1, "named");
	sources_add(&sources, 2, NULL);
	assert_int_equal(sources_note_written(&sources, 1, NULL, "x"), SOURCES_UNRELATED);
	assert_false(sources_are_due(&sources));
	assert_int_equal(sources_note_written(&sources, 2, NULL, "a"), SOURCES_CHANGED);
	assert_true(sources_are_due(&sources));
	assert_int_equal(sources_note_written(&sources, 2, NULL, "a"), SOURCES_OWN);
	sources_end(&sources, true);
	sources_set_cause(&sources, true);
	assert_false(sources_are_due(&sources));
	sources_begin(&sources);
	assert_int_equal(sources_note_written(&sources, 2, NULL, "a"), SOURCES_OWN);
	assert_int_equal(
		sources_note_written(&sources, 2, NULL, "new"), SOURCES_OWN_NAME);
	assert_false(sources_are_due(&sources));
	/* A source that is named is read again, once. */
	assert_int_equal(
		sources_note_written(&sources, 1, NULL, "named"), SOURCES_CHANGED);
	assert_int_equal(sources_note_written(&sources, 1, NULL, "named"), SOURCES_OWN);
	sources_set_cause(&sources, false);
	assert_int_equal(sources_note_written(&sources, 2, NULL, "new"), SOURCES_CHANGED);
}

static void a_directory_that_is_made_anew_is_known_by_its_path(void **state)
{
	(void)state;
	sources_begin(&sources);
	for (int i = 1; i <= 3; i++) {
		sources_add(&sources, i, "a");
		assert_int_equal(sources_note_written(&sources, i, "/d", "a"),
			i == 1 ? SOURCES_CHANGED : SOURCES_OWN);
	}
	assert_int_equal(sources_note_written(&sources, 3, "/", "a"), SOURCES_CHANGED);
}

static void the_paths_of_a_whole_run_are_kept(void **state)
{
	char path[4096];
	const char *kept = NULL;
	bool whole;
	size_t count = 0;

	(void)state;
	assert_null(sources_next_path(&sources, NULL, &whole));
	sources_keep_path(&sources, "/a", false);
	sources_keep_path(&sources, "/b/c", true);
	kept = sources_next_path(&sources, kept, &whole);
	assert_string_equal(kept, "/a");
	assert_false(whole);
	kept = sources_next_path(&sources, kept, &whole);
	assert_string_equal(kept, "/b/c");
	assert_true(whole);
	assert_null(sources_next_path(&sources, kept, &whole));
	sources_forget_paths(&sources);
	assert_null(sources_next_path(&sources, NULL, &whole));
	/* As many as there is room for. */
	memset(path, 'x', sizeof path);
	path[sizeof path - 1] = '\0';
	for (size_t i = 0; i < SOURCES_PATHS_SIZE / sizeof path + 2; i++)
		sources_keep_path(&sources, path, false);
	kept = NULL;
	while ((kept = sources_next_path(&sources, kept, &whole)))
		count += strlen(kept) == sizeof path - 1;
	assert_int_equal(count, SOURCES_PATHS_SIZE / (sizeof path + 1));
}

static void a_run_makes_a_set_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++) {
		sources_begin(&sources);
		sources_add(&sources, i, "a");
		sources_end(&sources, true);
		assert_true(sources_matter(&sources, i, "a"));
		assert_false(sources_matter(&sources, i - 1, "a"));
	}
	/* What a failed one has not come to is still of interest. */
	sources_begin(&sources);
	sources_add(&sources, 9, "a");
	sources_end(&sources, false);
	assert_true(sources_matter(&sources, 9, "a"));
	assert_true(sources_matter(&sources, 4, "a"));
	assert_false(sources_matter(&sources, 3, "a"));
}

static void with_too_many_everything_matters(void **state)
{
	char name[32];

	(void)state;
	sources_begin(&sources);
	for (int i = 0; i < SOURCES_SLOTS; i++) {
		snprintf(name, sizeof name, "name%d", i);
		sources_add(&sources, 1, name);
	}
	sources_end(&sources, true);
	assert_true(sources_matter(&sources, 7, "other"));
	sources_begin(&sources);
	sources_add(&sources, 1, "a");
	sources_end(&sources, false);
	assert_true(sources_matter(&sources, 7, "other"));
	sources_begin(&sources);
	sources_add(&sources, 1, "a");
	sources_end(&sources, true);
	assert_false(sources_matter(&sources, 7, "other"));
}

static int changes;

static void change_again(void *user, const struct inotify_event *event)
{
	const char *path = user;

	(void)event;
	if (changes++ < 100) /* and not for ever, where the test fails */
		(void)!truncate(path, changes);
}

/* Who writes without end does not keep the reader from all else. */
static void what_changes_meanwhile_is_read_the_next_time(void **state)
{
	int fd = inotify_init1(IN_NONBLOCK);
	char path[PATH_MAX];

	(void)state;
	(void)snprintf(path, sizeof path, "%s", in("a"));
	put("a", "1");
	assert_true(inotify_add_watch(fd, directory, IN_MODIFY) >= 0);
	changes = 0;
	assert_int_equal(truncate(path, 0), 0);
	sources_read(fd, change_again, path);
	assert_int_equal(changes, 1);
	close(fd);
}

static void pass_over(void *user, const struct inotify_event *event)
{
	int *events = user;

	assert_false(event->mask & IN_Q_OVERFLOW);
	++*events;
}

static int queue_size(void)
{
	FILE *file = fopen("/proc/sys/fs/inotify/max_queued_events", "r");
	int size = 0;

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%d", &size), 1);
	fclose(file);
	return size;
}

static void what_the_kernel_drops_is_said(void **state)
{
	int fd = inotify_init1(IN_NONBLOCK);
	int size = queue_size(), events = 0;
	char one[PATH_MAX], other[PATH_MAX];

	(void)state;
	(void)snprintf(one, sizeof one, "%s", in("a"));
	(void)snprintf(other, sizeof other, "%s", in("b"));
	put("a", "1");
	put("b", "1");
	assert_true(inotify_add_watch(fd, directory, IN_ATTRIB) >= 0);
	assert_int_equal(chmod(one, 0600), 0);
	assert_false(sources_read(fd, pass_over, &events));
	assert_int_equal(events, 1);
	/* Two that are alike, one behind the other, are one. */
	for (int i = 0; i < size; i++)
		assert_int_equal(chmod(i % 2 ? one : other, 0600), 0);
	assert_int_equal(chmod(other, 0600), 0);
	assert_true(sources_read(fd, pass_over, &events));
	assert_int_equal(events, size + 1);
	close(fd);
}

/* Each run drops some, and is caused by an exec: one more, and no other. */
static void what_was_dropped_starts_one_run(void **state)
{
	(void)state;
	sources_set_cause(&sources, false);
	sources_note_dropped(&sources);
	assert_true(sources_are_due(&sources));
	sources_set_cause(&sources, true);
	assert_false(sources_are_due(&sources));
	sources_note_dropped(&sources);
	assert_false(sources_are_due(&sources));
	sources_set_cause(&sources, false);
	sources_note_dropped(&sources);
	assert_true(sources_are_due(&sources));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(names_and_directories, begin),
		cmocka_unit_test_setup(a_run_that_is_due_is_asked_for_once, begin),
		cmocka_unit_test_setup(what_an_exec_writes_starts_one_run, begin),
		cmocka_unit_test_setup(
			a_directory_that_is_made_anew_is_known_by_its_path, begin),
		cmocka_unit_test_setup(the_paths_of_a_whole_run_are_kept, begin),
		cmocka_unit_test_setup(a_run_makes_a_set_of_its_own, begin),
		cmocka_unit_test_setup(with_too_many_everything_matters, begin),
		UNIT(what_changes_meanwhile_is_read_the_next_time),
		UNIT(what_the_kernel_drops_is_said),
		cmocka_unit_test_setup(what_was_dropped_starts_one_run, begin),
	};

	return cmocka_run_group_tests_name("proc/sources", tests, NULL, NULL);
}
