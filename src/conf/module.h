/* SPDX-License-Identifier: MIT */
/*
 * Modules: directories, one or two levels below a given one, that have a bootstrap.ini,
 * or a manifest.json that says what it requires. One with a file .disabled in it is
 * passed over with all below it, and so are hidden ones.
 */
#ifndef CONF_MODULE_H
#define CONF_MODULE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "conf/field.h"

struct buf;
struct err;
struct log;

#define MODULE_INI      "bootstrap.ini"
#define MODULE_MANIFEST "manifest.json"

struct module {
	const char *name; /* its path below that one: "orders", "shop/orders" */
	const char *path; /* absolute */
	bool ini;         /* has a bootstrap.ini */
	bool manifest;    /* has a manifest.json, which may be for others */
	bool warned;      /* others can exchange its files, as was said of a directory */
};

struct modules {
	struct module *list; /* sorted by name, bytewise */
	size_t count;
	struct list disabled; /* names of what is passed over */
	struct list empty;    /* what is to be said of directories without any */
};

/*
 * Lists the modules below the directories (absolute, NULL-terminated), and what might be
 * one by its manifest. One that is missing is an error, unless a '-' stands before it;
 * that has all of them. As root, a directory that others can change is a warning. Returns
 * 0, or -1.
 */
int modules_find(const char *const *directories, struct arena *arena,
	const struct log *log, struct modules *ret, struct err *err);

/*
 * Is the name of a section ("orders/cache") that of a section of one of these modules,
 * which are passed over? NULL: there are none.
 */
bool modules_disabled(const struct list *disabled, const char *section);

/*
 * Appends what is said of a name that is missing and one of them may have had: "; the
 * disabled module 'orders' may have brought it …". Nothing where there are none.
 */
void modules_blame(const struct list *disabled, struct buf *ret);

/* Has the module's directory something of this relative path? */
bool module_has(const struct module *module, const char *path);

#endif
