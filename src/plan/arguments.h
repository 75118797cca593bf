/* SPDX-License-Identifier: MIT */
/*
 * What must not become an argument: any user can list the arguments of every process.
 */
#ifndef PLAN_ARGUMENTS_H
#define PLAN_ARGUMENTS_H

struct conf;
struct ctx;
struct problems;

/*
 * Adds to `problems` each ${…} in a command, of any section, whose value is a secret: a
 * ${kind:name}, or a variable of ctx->secret_env; and each in a path that {file} or {dir}
 * puts into a command. ${NAME:+other} shows no value of NAME. A variable whose value only
 * contains a secret is refused when it is expanded.
 */
void arguments_check(const struct conf *conf, struct ctx *ctx, struct problems *problems);

#endif
