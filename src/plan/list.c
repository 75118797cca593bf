/* SPDX-License-Identifier: MIT */
/* Printing the list of steps. */
#include "plan/list.h"

#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/log.h"
#include "base/str.h"
#include "plan/plan.h"
#include "plan/print.h"
#include "step/part.h"

#define BESIDE 6 /* what stands in front of an id */

struct lister {
	const struct node *last; /* by order and id, of those before */
	int width, columns;
	struct buf *to;
};

/* Would it come behind that one, if neither required anything? */
static bool is_behind(const struct node *node, const struct node *other)
{
	if (node->step->keys.order != other->step->keys.order)
		return node->step->keys.order > other->step->keys.order;
	return strcmp(node->step->id, other->step->id) > 0;
}

/*
 * The requirement that keeps a step behind another one that its order would be before, or
 * NULL. The nodes are asked in their order.
 */
static const struct node *holds_back(struct lister *lister, const struct node *node)
{
	const struct node *latest = NULL;

	if (!lister->last || is_behind(node, lister->last)) {
		lister->last = node;
		return NULL;
	}
	for (size_t i = 0; i < node->requires_count; i++)
		if (!latest || node->requires[i]->position > latest->position)
			latest = node->requires[i];
	return latest;
}

static bool is_written(const struct node *node)
{
	return section_get(node->step->section, "order") != NULL;
}

/* ---- text ---- */

static void add_requirements(const struct node *node, struct buf *to)
{
	if (node->requires_count || node->services.count)
		buf_separate(to, "; ");
	for (size_t i = 0; i < node->requires_count; i++) {
		bool plain = str_equal(node->requires_by[i], "requires");

		buf_printf(
			to, "%s%s", i ? ", " : "requires ", node->requires[i]->step->id);
		if (!plain)
			buf_printf(to, " (%s)", node->requires_by[i]);
	}
	if (node->services.count)
		buf_puts(to, node->requires_count ? ", " : "requires ");
	services_name(&node->services, to);
}

/* Behind what begins the line there. */
static void add_line(
	const struct lister *lister, size_t begin, const char *id, const struct buf *text)
{
	buf_puts(lister->to, id);
	if (text->len) {
		buf_printf(lister->to, "%*s  ", lister->width - (int)strlen(id), "");
		log_show(lister->to, text->data, text->len, 0);
	}
	log_wrap(lister->to, begin, lister->columns, BESIDE + lister->width + 2);
	buf_putc(lister->to, '\n');
}

static void add_step(struct lister *lister, const struct node *node)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	const struct node *before = holds_back(lister, node);
	size_t begin = lister->to->len;

	buf_puts(&text, step_description(node->step));
	add_requirements(node, &text);
	if (before) {
		buf_separate(&text, "; ");
		buf_printf(&text, "behind %s", before->step->id);
	}
	if (is_written(node)) {
		buf_separate(&text, "; ");
		buf_puts(&text, "its order is written");
	}
	if (node->left_out || !node->step->keys.enabled) {
		buf_separate(&text, "; ");
		buf_puts(&text, node->left_out ? "not selected" : "not enabled");
	}
	buf_printf(lister->to, "%4lld  ", (long long)node->step->keys.order);
	add_line(lister, begin, node->step->id, &text);
}

static void add_part(
	struct lister *lister, const struct step *whole, const struct part *part)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	size_t begin = lister->to->len;

	buf_printf(&text, "contributes to %s", whole->id);
	for (size_t i = 0; i < part->after.count; i++)
		buf_printf(&text, "%s%s", i ? ", " : " after ", part->after.items[i]);
	buf_puts(lister->to, "      ");
	add_line(lister, begin, part->section->id, &text);
}

static void widen(struct lister *lister, const char *id)
{
	if ((int)strlen(id) > lister->width)
		lister->width = (int)strlen(id);
}

void list_text(const struct plan *plan, const char *command, int columns, struct buf *ret)
{
	struct lister lister = {.to = ret, .columns = columns};
	CLEANUP_BUF struct buf text = BUF_INIT;
	size_t begin;

	for (size_t i = 0; i < plan->count; i++) {
		const struct step *step = plan->order[i]->step;

		widen(&lister, step->id);
		for (size_t k = 0; k < step->parts_count; k++)
			widen(&lister, step->parts[k].section->id);
	}
	for (size_t i = 0; i < plan->count; i++) {
		const struct step *step = plan->order[i]->step;

		add_step(&lister, plan->order[i]);
		for (size_t k = 0; k < step->parts_count; k++)
			add_part(&lister, step, &step->parts[k]);
	}
	if (!*command)
		return;
	buf_puts(&text, command);
	begin = ret->len;
	buf_puts(ret, "      ");
	add_line(&lister, begin, "[app]", &text);
}

/* ---- JSON ---- */

static void add_step_json(struct lister *lister, const struct node *node)
{
	const struct node *before = holds_back(lister, node);

	print_node_json(node, lister->to);
	buf_puts(lister->to, ",\"requires_by\":[");
	for (size_t i = 0; i < node->requires_count; i++)
		json_string(lister->to, node->requires_by[i]);
	buf_printf(lister->to, "],\"order_written\":%s",
		is_written(node) ? "true" : "false");
	if (before)
		json_member(lister->to, "behind", before->step->id);
	buf_printf(lister->to, ",\"enabled\":%s,\"selected\":%s}",
		node->step->keys.enabled ? "true" : "false",
		node->left_out ? "false" : "true");
}

static void add_part_json(
	struct lister *lister, const struct step *whole, const struct part *part)
{
	json_next(lister->to);
	buf_putc(lister->to, '{');
	json_member(lister->to, "id", part->section->id);
	json_member(lister->to, "to", whole->id);
	buf_puts(lister->to, ",\"after\":[");
	for (size_t i = 0; i < part->after.count; i++)
		json_string(lister->to, part->after.items[i]);
	buf_puts(lister->to, "]}");
}

void list_json(const struct plan *plan, const char *command,
	const struct print_wrong *wrong, struct buf *ret)
{
	struct lister lister = {.to = ret};

	buf_puts(ret, "{\"version\":1");
	print_problems_json(wrong, ret);
	buf_puts(ret, ",\"steps\":[");
	for (size_t i = 0; i < plan->count; i++)
		add_step_json(&lister, plan->order[i]);
	buf_puts(ret, "],\"contributions\":[");
	for (size_t i = 0; i < plan->count; i++) {
		const struct step *step = plan->order[i]->step;

		for (size_t k = 0; k < step->parts_count; k++)
			add_part_json(&lister, step, &step->parts[k]);
	}
	buf_puts(ret, "]");
	if (*command)
		json_member(ret, "command", command);
	buf_puts(ret, "}\n");
}
