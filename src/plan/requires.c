/* SPDX-License-Identifier: MIT */
/* Resolving what steps require. */
#include "plan/requires.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/problems.h"
#include "base/str.h"
#include "conf/module.h"
#include "conf/words.h"
#include "plan/plan.h"
#include "plan/suggest.h"
#include "step/kinds.h"
#include "step/part.h"
#include "step/when.h"

/* One step whose requirements are being resolved. */
struct resolver {
	struct plan *plan;
	const struct conf *conf;
	struct ctx *ctx;
	struct problems *problems;
	struct node *node; /* NULL: a part of a step, which requires nothing */
	const struct section *section;
	const char *key;
	const struct value *value; /* where ${…} stands */
	struct list unknown;       /* what of it is listed */
	struct place at;
	bool blamed; /* the disabled modules have been named */
};

static void add_requirement(struct resolver *resolver, struct node *required)
{
	struct node *node = resolver->node;

	/* Steps are resolved one after the other: the last one has left its mark. */
	if (required->required_by == node)
		return;
	required->required_by = node;
	node->requires = arena_array_grow(resolver->ctx->arena, node->requires,
		node->requires_count, sizeof(struct node *));
	node->requires_by = arena_array_grow(resolver->ctx->arena, node->requires_by,
		node->requires_count, sizeof(const char *));
	node->requires_by[node->requires_count] = resolver->key;
	node->requires[node->requires_count++] = required;
}

/* Said once, since it is one cause. */
static const char *blame_disabled(struct resolver *resolver)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	if (!resolver->blamed)
		modules_blame(&resolver->conf->disabled, &text);
	resolver->blamed = true;
	return arena_memdup(resolver->ctx->arena, text.data, text.len);
}

static void unknown_id(struct resolver *resolver, const char *id)
{
	const char *where = resolver->section->id;
	const char *colon = strrchr(id, ':'); /* "db:5432" means a service */
	bool own = str_equal(resolver->key, "requires");
	const char *service = own && !strchr(id, '@')
		? address_suggest(id, resolver->ctx->arena)
		: NULL;
	const char *port = own ? address_wrong_port(id) : NULL;

	/* A step of a module may be there, once those can be read. */
	if (resolver->conf->incomplete && strchr(id, '/') && !service)
		return;
	/* It may be a URL whose scheme is missing, with a password. */
	if (strchr(id, '@'))
		problems_add(resolver->problems, resolver->at,
			"[%s] %s: what has an '@' is no id of a step; the address of a "
			"service begins with its scheme, as in tcp://HOST:PORT",
			where, resolver->key);
	else if (!colon)
		problems_add(resolver->problems, resolver->at,
			"[%s] %s: there is no step '%s': an id is KIND:NAME, as in "
			"'%s'%s",
			where, resolver->key, id,
			steps_id_like(&resolver->plan->steps, id),
			own ? "; a service is tcp://HOST:PORT" : "");
	else if (service)
		problems_add(resolver->problems, resolver->at,
			"[%s] %s: there is no step '%s'; did you mean '%s'?", where,
			resolver->key, id, service);
	else if (port)
		problems_add(resolver->problems, resolver->at,
			"[%s] %s: there is no step '%s', and '%s' is no port: a port is "
			"a number from 1 to 65535",
			where, resolver->key, id, port);
	else
		problems_add(resolver->problems, resolver->at,
			"[%s] %s: there is no step '%s'%s%s", where, resolver->key, id,
			problems_full(resolver->problems) /* nobody would read it */
				? ""
				: suggest_id(&resolver->plan->steps,
					  resolver->node ? resolver->node->step : NULL,
					  id, resolver->ctx->arena),
			blame_disabled(resolver));
}

static void require_service(struct resolver *resolver, const char *address)
{
	DECLARE_ERR(err);

	if (services_add(&resolver->node->services, address, resolver->ctx, &err) < 0 ||
		(resolver->node->step->keys.enabled &&
			services_check_build(&resolver->node->services, &err) < 0))
		problems_add(resolver->problems, resolver->at,
			"[%s] requires: the address of a service %s",
			resolver->section->id, err.text);
}

/* Returns the step, or NULL where there is none, which is listed. */
static struct step *find(struct resolver *resolver, const char *id)
{
	struct step *found =
		steps_find(&resolver->plan->steps, resolver->section->module, id);

	if (!found)
		unknown_id(resolver, id);
	return found;
}

/* Returns 0, or -1 where there is none, which is listed. */
static int require(struct resolver *resolver, const char *id)
{
	struct plan *plan = resolver->plan;
	const struct step *required = find(resolver, id);

	if (required)
		add_requirement(resolver, &plan->nodes[required - plan->steps.list]);
	return required ? 0 : -1;
}

static void found_condition(void *user, const char *id)
{
	(void)require(user, id); /* it is listed */
}

/* What is unknown in a value is listed once, at the first ${…} that has it. */
static void require_value(struct resolver *resolver, const char *id)
{
	struct arena *arena = resolver->ctx->arena;

	if (list_has(&resolver->unknown, id))
		return;
	(void)value_find(resolver->value, id, strlen(id), &resolver->at); /* or not */
	if (require(resolver, id) < 0) {
		list_add(&resolver->unknown, arena, id, strlen(id));
		list_add(&resolver->node->step->unknown, arena, id, strlen(id));
	}
	resolver->at = resolver->value->at;
}

static void found_reference(void *user, const char *name, bool shown)
{
	struct resolver *resolver = user;
	struct arena *arena = resolver->ctx->arena;
	const char *colon = strchr(name, ':');
	const struct kind *kind = colon
		? kind_find(arena_memdup(arena, name, (size_t)(colon - name)))
		: NULL;

	(void)shown; /* whether it has a value is asked, too */
	/* Another word is the text's own, or wrong and listed. */
	if (kind && kind->value)
		require_value(resolver, name);
	when_each_step(name, arena, found_condition, resolver);
}

/* The steps that conditions ask about. */
static void conditions(struct resolver *resolver, const char *text)
{
	struct list words = {0};

	words_split(text, WORDS_SPACE, resolver->ctx->arena, &words);
	for (size_t i = 0; i < words.count; i++)
		when_each_step(
			words.items[i], resolver->ctx->arena, found_condition, resolver);
}

static void references(struct resolver *resolver)
{
	const struct field *fields = resolver->node->step->kind->fields;
	const struct setting *setting = resolver->section->settings;

	for (; setting; setting = setting->next) {
		const struct field *own = field_find(fields, setting->key);
		const struct field *field =
			own ? own : field_find(step_fields, setting->key);
		bool text = field && field->type == FIELD_TEXT;

		resolver->key = setting->key;
		for (const struct value *link = setting->value; link; link = link->next) {
			resolver->at = link->at;
			resolver->value = link;
			resolver->unknown = (struct list){0};
			/* A text keeps comment lines, which are part of it. */
			expand_each(text ? link->text : link->flat, found_reference,
				resolver);
			if (field && field->type == FIELD_CONDITIONS)
				conditions(resolver, link->flat);
		}
	}
}

/* A contribution to what no step makes would be lost without a word. */
static void add_part(struct resolver *resolver, const char *kind)
{
	struct expander expander = step_expander(resolver->ctx);
	const struct setting *to = section_get(resolver->section, kind);
	CLEANUP_BUF struct buf prefix = BUF_INIT;
	CLEANUP_BUF struct buf id = BUF_INIT;
	struct expand_result result = {0};
	size_t before = problems_total(resolver->problems);
	struct step *whole;
	DECLARE_ERR(err);

	if (!to)
		return;
	buf_printf(&prefix, "[%s] %s", resolver->section->id, kind);
	buf_printf(&id, "%s:", kind);
	expander.prefix = prefix.data;
	expander.written = to->value;
	expander.reference = NULL;
	expander.reference_why = arena_printf(resolver->ctx->arena,
		"a %s's name is known before any value is made", kind);
	if (expand_collect(&expander, to->value->flat, to->at, resolver->problems, &id,
		    &result, &err) < 0)
		problems_add_err(resolver->problems, &err);
	if (problems_total(resolver->problems) != before || result.unset)
		return;
	resolver->key = kind;
	resolver->at = to->at;
	whole = find(resolver, id.data);
	if (!whole)
		return;
	whole->parts = arena_array_grow(resolver->ctx->arena, whole->parts,
		whole->parts_count, sizeof *whole->parts);
	whole->parts[whole->parts_count++] = (struct part){.section = resolver->section};
}

static void resolve_step(struct resolver *resolver, struct node *node)
{
	const struct setting *requires;

	resolver->node = node;
	resolver->section = node->step->section;
	requires = section_get(resolver->section, "requires");
	resolver->key = "requires";
	resolver->at = requires ? requires->at : resolver->section->at;
	for (size_t i = 0; i < node->step->keys.requires.count; i++) {
		const char *item = node->step->keys.requires.items[i];

		if (address_is(item))
			require_service(resolver, item);
		else
			(void)require(resolver, item); /* it is listed */
	}
	references(resolver);
}

void requires_resolve(struct plan *plan, const struct conf *conf, struct ctx *ctx,
	struct problems *problems)
{
	struct resolver resolver = {
		.plan = plan, .conf = conf, .ctx = ctx, .problems = problems};

	for (size_t i = 0; i < plan->steps.count; i++)
		resolve_step(&resolver, &plan->nodes[i]);
	resolver.node = NULL;
	for (const struct section *item = conf->sections; item; item = item->next) {
		const struct kind *kind = kind_find(item->kind);

		resolver.section = item;
		if (kind && kind->part_of)
			add_part(&resolver, kind->part_of);
	}
}
