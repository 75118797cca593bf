/* SPDX-License-Identifier: MIT */
/* Watching what is read, for `reload`. */
#include "plan/reload.h"

#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/conf.h"
#include "plan/bootstrap.h"
#include "plan/reload_steps.h"
#include "plan/run.h"
#include "proc/activity.h"
#include "proc/descriptors.h"
#include "proc/sources.h"
#include "proc/watch.h"
#include "step/from_file.h"

/* ---- the run ---- */

void reload_note_changes(struct reload *reload, const struct run *run)
{
	for (; reload->seen < run->count &&
		run->results[reload->seen].status != STATUS_NOT_RUN;
		reload->seen++)
		if (run->results[reload->seen].changed)
			activity_change(reload->worker->activity);
}

/* ---- what is watched ---- */

static void note_reading(void *user, const char *path)
{
	struct reload *reload = user;

	watched_file(reload->watched, path);
	list_add(&reload->files, reload->bootstrap->ctx.arena, path, strlen(path));
}

static void note_listing(void *user, const char *path)
{
	struct reload *reload = user;

	watched_directory(reload->watched, path);
	list_add(&reload->directories, reload->bootstrap->ctx.arena, path, strlen(path));
}

static void hear(struct reload *reload, bool on)
{
	struct fs *fs = &reload->bootstrap->ctx.fs;

	fs->on_read = on ? note_reading : NULL;
	fs->on_list = on ? note_listing : NULL;
	fs->on_user = reload;
}

/* The drop-ins. Returns whether they have changed since they were read. */
static bool watch_dropins(struct reload *reload)
{
	const char *const *path = reload->config ? reload->config : conf_search_path;
	struct bootstrap *bootstrap = reload->bootstrap;
	struct watched *watched = reload->watched;
	struct arena *arena = bootstrap->ctx.arena;
	const char *base = bootstrap->ctx.base;
	bool changed;

	for (; *path; path++)
		watched_directory(watched, path_join(arena, base, *path));
	for (size_t i = 0; i < bootstrap->conf.dropins_count; i++)
		watched_file(
			watched, path_join(arena, base, bootstrap->conf.files[i].path));
	changed = watched->changed;
	watched->changed = false;
	return changed && !conf_is_as_read(&bootstrap->conf, reload->config);
}

/* What was read, since `read_since` if that is known, before it could be watched. */
static void watch_configuration(struct reload *reload, const struct timespec *read_since)
{
	const struct bootstrap *bootstrap = reload->bootstrap;
	const struct app_settings *app = &bootstrap->settings.app;
	const struct list *modules = &bootstrap->settings.bootstrap.modules;
	const struct conf *conf = &bootstrap->conf;
	struct watched *watched = reload->watched;
	bool changed;

	if (!bootstrap->ctx.base) /* not even the working directory could be found */
		return;
	watched->read_since = read_since;
	changed = watch_dropins(reload);
	for (size_t i = conf->dropins_count; i < conf->files_count; i++)
		watched_file(watched,
			path_join(bootstrap->ctx.arena, bootstrap->ctx.base,
				conf->files[i].path));
	for (size_t i = 0; i < modules->count; i++)
		watched_directory(watched, read_path_name(modules->items[i]));
	for (size_t i = 0; i < app->env_file.count; i++)
		watched_file(watched, read_path_name(app->env_file.items[i]));
	for (size_t i = 0; i < bootstrap->ctx.from_file_count; i++) {
		const char *path =
			from_file_path(&bootstrap->ctx.from_file[i], &bootstrap->env);

		if (path)
			watched_file(watched, path);
	}
	if (changed || watched->changed)
		sources_set_due(watched->sources);
	watched->read_since = NULL;
	for (size_t i = 0; i < app->reload_watch.count; i++)
		watched_directory(watched, read_path_name(app->reload_watch.items[i]));
}

/* What the last whole run has read: a directory may be another one by now. */
static void watch_known(const struct reload *reload)
{
	struct watched *watched = reload->watched;
	const char *path = NULL;
	bool directory;

	while ((path = sources_next_path(watched->sources, path, &directory)))
		if (directory)
			watched_directory(watched, path);
		else
			watched_file(watched, path);
	watched_again(watched); /* it may be exchanged until it is read */
}

static int compare(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return strcmp(*left, *right);
}

static void keep_list(struct sources *sources, const struct list *list, bool directories)
{
	if (list->count)
		qsort(list->items, list->count, sizeof *list->items, compare);
	for (size_t i = 0; i < list->count; i++)
		if (i == 0 || !str_equal(list->items[i], list->items[i - 1]))
			sources_keep_path(sources, list->items[i], directories);
}

static void keep_known(const struct reload *reload)
{
	struct sources *sources = reload->watched->sources;

	sources_forget_paths(sources);
	keep_list(sources, &reload->files, false);
	keep_list(sources, &reload->directories, true);
}

/* 0: the key is not written. */
static uint64_t digest_of(const struct section *app, const char *key)
{
	const struct setting *setting = app ? section_get(app, key) : NULL;
	const struct value *value = setting ? setting->value : NULL;
	uint64_t digest = value ? HASH_BEGIN : 0;

	for (; value; value = value->next)
		digest = hash_add(digest, value->flat, strlen(value->flat) + 1);
	return digest;
}

static void note_keys(const struct bootstrap *bootstrap, uint64_t *ret)
{
	const struct section *app = conf_section(&bootstrap->conf, "app");

	for (size_t i = 0; settings_app_fields[i].name && i < ACTIVITY_KEYS_MAX; i++)
		ret[i] = digest_of(app, settings_app_fields[i].name);
}

void reload_compare(const struct reload *reload)
{
	CLEANUP_BUF struct buf changed = BUF_INIT;
	const uint64_t *before = activity_app_keys(reload->worker->activity);
	uint64_t now[ACTIVITY_KEYS_MAX] = {0};

	note_keys(reload->bootstrap, now);
	for (size_t i = 0; settings_app_fields[i].name && i < ACTIVITY_KEYS_MAX; i++)
		if (now[i] != before[i])
			buf_printf(&changed, "%s%s", changed.len ? ", " : "",
				settings_app_fields[i].name);
	if (changed.len)
		log_warn(reload->bootstrap->ctx.log,
			"[app] %s: what has changed there waits for the next start",
			changed.data);
}

void reload_begin(struct reload *reload, struct bootstrap *bootstrap,
	const struct worker *worker, const char *const *config)
{
	DECLARE_ERR(err);

	reload->bootstrap = bootstrap;
	reload->worker = worker;
	/* A later run goes on to watch, whatever has become of the configuration. */
	if (!worker->again && !bootstrap->settings.app.launch.reload)
		return;
	/* Pages that a start without it does not touch. */
	reload->watched = arena_alloc(&bootstrap->arena, sizeof *reload->watched);
	if (watched_begin(reload->watched, worker->inotify_fd,
		    activity_sources(worker->activity), &bootstrap->arena,
		    bootstrap->ctx.log, &err) < 0) {
		log_warn(bootstrap->ctx.log, "[app] reload: %s: no change is signalled",
			err.text);
		return;
	}
	reload->on = true;
	reload->config = config;
	if (!worker->again)
		note_keys(bootstrap, activity_app_keys(worker->activity));
	watch_configuration(reload, &bootstrap->began);
	if (worker->again)
		watch_known(reload);
	hear(reload, true);
}

static void watch_step(struct reload *reload, const struct node *node)
{
	if (node->left_out || !node->step->keys.enabled || !reload_runs_again(node->step))
		return;
	hear(reload, true);
	step_reads(node->step, &reload->bootstrap->ctx);
	hear(reload, false);
}

void reload_watch_steps(struct reload *reload)
{
	const struct plan *plan = &reload->bootstrap->plan;

	for (size_t i = 0; reload->on && i < plan->count; i++)
		watch_step(reload, plan->order[i]);
}

void reload_watch_unread(struct reload *reload, const struct run *run)
{
	bool on = reload->on && !run->err.kind;

	for (size_t i = 0; on && i < run->count; i++)
		if (run->results[i].hinders)
			watch_step(reload, run->results[i].node);
}

static void note_written(void *user, const struct inotify_event *event)
{
	struct reload *reload = user;
	const char *name = event->len ? event->name : "";
	enum sources_written written = sources_note_written(reload->watched->sources,
		event->wd, watched_path(reload->watched, event->wd), name);

	reload->exec_wrote |= written == SOURCES_OWN || written == SOURCES_OWN_NAME;
	if (written != SOURCES_OWN_NAME || !*name || reload->warned)
		return;
	reload->warned = true;
	log_warn(reload->bootstrap->ctx.log,
		"[app] reload: '%s', which [%s] writes, lies in a directory that is "
		"watched: that starts no other run",
		name, reload->exec);
}

static void note_changed(void *user, const struct inotify_event *event)
{
	struct reload *reload = user;

	if (sources_may_matter(
		    reload->watched->sources, event->wd, event->len ? event->name : ""))
		sources_set_due(reload->watched->sources);
}

/* What has changed until now: by the exec that has just run, or by others. */
static void take_changes(struct reload *reload)
{
	void (*note)(void *, const struct inotify_event *) =
		reload->exec ? note_written : note_changed;

	bool dropped = sources_read(reload->watched->fd, note, reload);

	if (dropped && reload->exec)
		sources_note_dropped(reload->watched->sources);
	else if (dropped)
		sources_set_due(reload->watched->sources);
	reload->exec = NULL;
}

void reload_step(struct reload *reload, const char *id)
{
	bool is_exec = id && str_starts(id, "exec:");
	bool again = is_exec;

	if (!reload->on)
		return;
	if (reload->exec || is_exec)
		take_changes(reload);
	reload->exec = is_exec ? id : NULL;
	for (size_t i = 0; id && reload_kinds[i]; i++)
		again |= str_starts(id, reload_kinds[i]) &&
			id[strlen(reload_kinds[i])] == ':';
	hear(reload, again);
}

/* An exec may have exchanged links and directories that lead to what is watched. */
static void watch_again(struct reload *reload)
{
	struct watched *watched = reload->watched;

	watched_again(watched);
	watch_configuration(reload, NULL);
	for (size_t i = 0; i < reload->files.count; i++)
		watched_file(watched, reload->files.items[i]);
	for (size_t i = 0; i < reload->directories.count; i++)
		watched_directory(watched, reload->directories.items[i]);
}

void reload_end(struct reload *reload, bool whole)
{
	if (!reload->on)
		return;
	hear(reload, false);
	if (reload->exec)
		take_changes(reload);
	if (reload->exec_wrote)
		watch_again(reload);
	whole = whole && reload->bootstrap->settings.app.launch.reload;
	if (whole)
		keep_known(reload);
	sources_end(reload->watched->sources, whole);
	if (whole && reload->worker->again)
		watched_prune(reload->watched);
	if (!reload->worker->again &&
		fd_pass(reload->worker->stop_fd, reload->watched->fd) < 0)
		log_warn(reload->bootstrap->ctx.log,
			"[app] reload: the watch cannot be handed over: no "
			"change is signalled");
}
