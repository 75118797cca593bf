/* SPDX-License-Identifier: MIT */
/* --help and --version, which are subcommands, too. */
#include "cli/help.h"

#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/version.h"
#include "cli/command.h"
#include "cli/explain.h"
#include "cli/manual.h"
#include "cli/page.h"
#include "db/db.h"
#include "net/http.h"
#include "net/session.h"
#include "tls/tls.h"

void help_text(const struct command *commands, struct buf *ret)
{
	struct page page;

	page_begin(&page, &page_text_format, ret, &manuals[0].title);
	page_heading(&page, 1, "Usage");
	page_code(&page, "groundwork [OPTION…] [COMMAND]\n");
	page_columns(&page, strlen("exec [--] COMMAND [ARG…]"));
	explain_commands(&page, commands);
	page_text(&page,
		"The first word that is neither an option nor one of these, and --, "
		"begin the command of the application.");
	page_heading(&page, 1, "Options");
	page_columns(&page, strlen("-c, --config PATH"));
	explain_options(&page);
	page_text(&page,
		"A variable in brackets does the same. --config, --only, --skip, "
		"--force and --wait may be repeated. GROUNDWORK_ENABLED=no starts the "
		"application without any step.");
	page_heading(&page, 1, "Exit codes");
	explain_exit_codes(&page);
	page_heading(&page, 1, "More");
	page_code(&page,
		"groundwork explain                  kinds of steps, and sections\n"
		"groundwork explain file             keys of one, and an example\n"
		"groundwork explain groundwork.ini   the manual of the configuration\n");
	page_end(&page);
}

int help_print(const struct cli *cli)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	help_text(cli->commands, &text);
	return command_print(cli, &text);
}

int command_help(struct cli *cli, const struct worker *worker)
{
	char **words = cli->options.words;

	return words && *words ? command_explain(cli, worker) : help_print(cli);
}

/* The release, which is built with its libraries, knows the revision of each. */
void help_version(struct buf *ret)
{
	buf_printf(ret, "groundwork %s\n", VERSION);
#ifdef LIBRARIES
	buf_puts(ret, LIBRARIES);
#else
	buf_printf(ret, "%s\n%s\n", db_version(), crypto_version());
	if (http_available)
		buf_printf(ret, "%s\n%s\n%s\n", http_version(), session_version(),
			tls_version());
#endif
	if (!http_available)
		buf_puts(ret, "without network\n");
}

int command_version(struct cli *cli, const struct worker *worker)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	(void)worker;
	help_version(&text);
	return command_print(cli, &text);
}
