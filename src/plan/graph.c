/* SPDX-License-Identifier: MIT */
/* The plan as a picture. */
#include "plan/graph.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "plan/escaped.h"
#include "plan/plan.h"
#include "step/part.h"

enum shape {
	SHAPE_STEP,
	SHAPE_OFF,
	SHAPE_LEFT_OUT,
	SHAPE_SERVICE,
	SHAPE_PART,
	SHAPE_APP
};

/* How one of the languages says it; numbers name what is drawn. */
struct language {
	const char *begin, *end;
	/* What a character that has a meaning in a text is written as; "" ends. */
	const char *const (*escapes)[2];
	const char *node[6][2]; /* of each shape: what stands before and behind a text */
	const char *edge, *part_edge;
	const char *edge_end;
};

static const char *const dot_escapes[][2] = {
	{"\"", "\\\""}, {"\\", "\\\\"}, {NULL, NULL}};
static const char *const mermaid_escapes[][2] = {
	{"\"", "#quot;"}, {"#", "#35;"}, {"<", "#lt;"}, {">", "#gt;"}, {NULL, NULL}};

static const struct language dot = {
	.begin = "digraph groundwork {\n\trankdir=LR;\n\tnode [shape=box];\n",
	.end = "}\n",
	.escapes = dot_escapes,
	.node =
		{
			[SHAPE_STEP] = {" [label=\"", "\"];\n"},
			[SHAPE_OFF] = {" [style=dashed, label=\"", "\"];\n"},
			[SHAPE_LEFT_OUT] = {" [style=dotted, label=\"", "\"];\n"},
			[SHAPE_SERVICE] = {" [shape=ellipse, label=\"", "\"];\n"},
			[SHAPE_PART] = {" [shape=note, label=\"", "\"];\n"},
			[SHAPE_APP] = {" [style=bold, label=\"", "\"];\n"},
		},
	.edge = " -> ",
	.part_edge = " -> ",
	.edge_end = ";\n",
};

static const struct language mermaid = {
	.begin = "flowchart LR\n",
	.end = "",
	.escapes = mermaid_escapes,
	.node =
		{
			[SHAPE_STEP] = {"[\"", "\"]\n"},
			[SHAPE_OFF] = {"[\"", " (not enabled)\"]\n"},
			[SHAPE_LEFT_OUT] = {"[\"", " (not selected)\"]\n"},
			[SHAPE_SERVICE] = {"([\"", "\"])\n"},
			[SHAPE_PART] = {">\"", "\"]\n"},
			[SHAPE_APP] = {"{{\"", "\"}}\n"},
		},
	.edge = " --> ",
	.part_edge = " -.-> ",
	.edge_end = "\n",
};

struct graph {
	const struct language *language;
	struct buf *to;
	size_t others; /* nodes that are no step, so far */
};

static void add_text(struct graph *graph, const char *text)
{
	CLEANUP_BUF struct buf line = BUF_INIT;

	for (; *text; text++)
		buf_putc(&line, (unsigned char)*text < ' ' ? ' ' : *text);
	escaped_add(graph->to, line.data, graph->language->escapes);
}

/* A letter and a number: "s4" is the fifth step, "o0" the first of all others. */
static void add_node(struct graph *graph, char letter, size_t number, enum shape shape,
	const char *text)
{
	buf_printf(
		graph->to, "\t%c%zu%s", letter, number, graph->language->node[shape][0]);
	add_text(graph, text);
	buf_puts(graph->to, graph->language->node[shape][1]);
}

static void add_edge(struct graph *graph, char letter, size_t from, const char *arrow,
	char to_letter, size_t to)
{
	buf_printf(graph->to, "\t%c%zu%s%c%zu%s", letter, from, arrow, to_letter, to,
		graph->language->edge_end);
}

static void add_step(struct graph *graph, const struct node *node)
{
	const char *arrow = graph->language->edge;
	CLEANUP_BUF struct buf text = BUF_INIT;

	buf_printf(&text, "%s (%lld)", node->step->id, (long long)node->step->keys.order);
	add_node(graph, 's', node->position,
		node->left_out                     ? SHAPE_LEFT_OUT
			: node->step->keys.enabled ? SHAPE_STEP
						   : SHAPE_OFF,
		text.data);
	for (size_t i = 0; i < node->requires_count; i++) {
		const struct node *required = node->requires[i];

		add_edge(graph, 's', required->position, arrow, 's', node->position);
	}
	for (size_t i = 0; i < node->services.count; i++) {
		add_node(graph, 'o', graph->others, SHAPE_SERVICE,
			node->services.list[i]->shown);
		add_edge(graph, 'o', graph->others++, arrow, 's', node->position);
	}
}

/* Finds the part of this name; what is the database's own is none. */
static bool find_part(const struct step *whole, const char *name, size_t *ret)
{
	for (size_t i = 0; i < whole->parts_count; i++) {
		*ret = i;
		if (str_equal(whole->parts[i].section->name, name))
			return true;
	}
	return false;
}

/* What contributes to a step, and behind which others. */
static void add_parts(struct graph *graph, const struct node *node)
{
	const struct step *whole = node->step;
	const char *arrow = graph->language->part_edge;
	size_t first = graph->others, before;

	for (size_t i = 0; i < whole->parts_count; i++) {
		const struct part *part = &whole->parts[i];

		add_node(graph, 'o', graph->others, SHAPE_PART, part->section->id);
		add_edge(graph, 'o', graph->others++, arrow, 's', node->position);
		for (size_t k = 0; k < part->after.count; k++)
			if (find_part(whole, part->after.items[k], &before))
				add_edge(graph, 'o', first + before, arrow, 'o',
					first + i);
	}
}

/* Behind all steps that no other one requires. */
static void add_application(
	struct graph *graph, const struct plan *plan, const char *command)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	buf_printf(&text, "[app]%s%s", *command ? " " : "", command);
	buf_printf(graph->to, "\tapp%s", graph->language->node[SHAPE_APP][0]);
	add_text(graph, text.data);
	buf_puts(graph->to, graph->language->node[SHAPE_APP][1]);
	for (size_t i = 0; i < plan->count; i++)
		if (!plan->order[i]->required_by)
			buf_printf(graph->to, "\ts%zu%sapp%s", i, graph->language->edge,
				graph->language->edge_end);
}

static void print(const struct language *language, const struct plan *plan,
	const char *command, struct buf *ret)
{
	struct graph graph = {.language = language, .to = ret};

	buf_puts(ret, language->begin);
	for (size_t i = 0; i < plan->count; i++)
		add_step(&graph, plan->order[i]);
	for (size_t i = 0; i < plan->count; i++)
		add_parts(&graph, plan->order[i]);
	add_application(&graph, plan, command);
	buf_puts(ret, language->end);
}

void graph_dot(const struct plan *plan, const char *command, struct buf *ret)
{
	print(&dot, plan, command, ret);
}

void graph_mermaid(const struct plan *plan, const char *command, struct buf *ret)
{
	print(&mermaid, plan, command, ret);
}
