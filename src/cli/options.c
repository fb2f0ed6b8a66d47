/* Functions that do not need the option table. */
#include "cli/options.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "migfs/ledger/postgres/driver.h"

bool options_set_string(char **into, char *value, struct error *error) {
    if (!value) {
        return error_set_memory(error);
    }
    free(*into);
    *into = value;
    return true;
}

bool options_set_path(char **into, const char *value, struct error *error) {
    char folder[PATH_MAX] = "", *path;
    if (value[0] != '/' && !getcwd(folder, sizeof folder)) {
        return error_set_errno(error, "the current folder");
    }
    if (asprintf(&path, "%s%s%s", folder, value[0] == '/' ? "" : "/", value) < 0) {
        path = NULL;
    }
    return options_set_string(into, path, error);
}

bool options_set_source(struct options *options, const char *path, struct error *error) {
    free(options->written);
    options->written = strdup(path);
    return options->written ? options_set_path(&options->source, path, error) : error_set_memory(error);
}

bool options_are_coloured(const struct options *options) {
    const char *no_color = getenv("NO_COLOR");
    return options->color == COLOR_ALWAYS ||
           (options->color == COLOR_AUTO && isatty(STDOUT_FILENO) && !(no_color && *no_color));
}

/* A mount shows its first view after this time even if not all SQL has been parsed.
 * Milliseconds. */
enum { EFFECTS_WAIT = 1000 };

struct inputs_options options_inputs(const struct options *options) {
    static const struct ledger_driver *const drivers[] = {&ledger_postgres, NULL};
    return (struct inputs_options){
        .source = options->source,
        .rules_file = options->rules_file,
        .databases = options->databases,
        .database_count = options->database_count,
        .places = (const char *const *)options->places,
        .reader = {.drivers = drivers,
                   .schema = options->schema,
                   .table = options->table,
                   .timeout_ms = options->timeout_ms,
                   .poll_ms = options->poll_ms,
                   .connections = options->connections},
        .synthesis = {.idx = options->idx, .stale = options->stale},
        .with_metrics = options->with_metrics,
        .keeper = options->keeper,
        .only_problems = options->command == COMMAND_CHECK && options->severity < SEVERITY_NOTE && !options->upgrade,
        .effects_wait_ms = options->command == COMMAND_MOUNT ? EFFECTS_WAIT : -1,
    };
}
