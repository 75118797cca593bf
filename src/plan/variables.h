/* SPDX-License-Identifier: MIT */
/*
 * The section [env]: variables for steps, settings and the application, NAME = value, in
 * the order of their first declaration. A later drop-in replaces the value in its place.
 */
#ifndef PLAN_VARIABLES_H
#define PLAN_VARIABLES_H

struct conf;
struct ctx;
struct env;
struct problems;

/*
 * Sets them in `env`, which ctx->env is: each value is expanded when its turn has come,
 * and sees those before it, and what the name had before. "NAME =", and a value that
 * expands to nothing, unset it. A value that holds a secret is one, and its name is added
 * to ctx->secret_env. What is wrong goes to `problems`. For `check` a value with a name
 * that is unset leaves the variable as it is.
 */
void variables_set(const struct conf *conf, struct ctx *ctx, struct env *env,
	struct problems *problems);

/* Once more secrets are known: the names that have one in their value carry one, too. */
void variables_find_secrets(const struct conf *conf, struct ctx *ctx, struct env *env);

#endif
