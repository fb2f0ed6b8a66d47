/* One row per option; how each kind sets its value is below the table. */
#include "cli/option_table.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/environment.h"
#include "cli/options_database.h"

enum { LONGEST_SECONDS = 86400, HIGHEST_COUNT = 1000 };

static const char *const idx_choices[] = {[IDX_PREFIX] = "prefix", [IDX_POSITION] = "position", NULL};
static const char *const stale_choices[] = {[STALE_REFUSE] = "refuse", [STALE_SERVE] = "serve", NULL};
static const char *const format_choices[] = {[CHECK_TEXT] = "text",
                                             [CHECK_GCC] = "gcc",
                                             [CHECK_JSON] = "json",
                                             [CHECK_GITHUB] = "github",
                                             [CHECK_GITLAB] = "gitlab",
                                             [CHECK_SARIF] = "sarif",
                                             NULL};
static const char *const color_choices[] = {
    [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never", NULL};
static const char *const severity_choices[] = {
    [SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning", [SEVERITY_NOTE] = "note", NULL};

/* Shows the help of the command before it, if there is one. */
static bool ask_help(struct options *options, const char *value, struct error *error) {
    (void)value;
    if (options->command != COMMAND_MOUNT && !options->word) {
        options->word = strdup(command_table[options->command].name);
    }
    bool is_good = options->command == COMMAND_MOUNT || options->word || error_set_memory(error);
    options->command = COMMAND_HELP;
    return is_good;
}

static bool ask_version(struct options *options, const char *value, struct error *error) {
    (void)value, (void)error;
    options->command = COMMAND_VERSION;
    return true;
}

/* "pending,skipped": names of states as in the view. */
static bool set_fail_on(struct options *options, const char *value, struct error *error) {
    while (*value) {
        size_t length = strcspn(value, ","), state = 0;
        while (state < STATE_COUNT && !(strlen(state_name((enum state)state)) == length &&
                                        strncmp(state_name((enum state)state), value, length) == 0)) {
            state++;
        }
        if (state == STATE_COUNT) {
            return error_set(
                error, ERROR_USAGE,
                "--fail-on takes names of states with commas between, such as pending,skipped,unjournaled, "
                "not \"%.*s\"",
                (int)length, value);
        }
        options->fail_on |= 1U << state;
        value += length + (value[length] == ',');
    }
    return true;
}

#define AT(member) offsetof(struct options, member)
#define CALL(function) .kind = OPTION_CALL, .call = (function)
#define FLAG(member) .kind = OPTION_FLAG, .place = AT(member)
#define STRING(member, default_text) .kind = OPTION_STRING, .place = AT(member), .initial = (default_text)
#define FILE_PATH(member) .kind = OPTION_PATH, .place = AT(member)
#define SECONDS(member, default_text) .kind = OPTION_SECONDS, .place = AT(member), .initial = (default_text)
#define COUNT(member) .kind = OPTION_COUNT, .place = AT(member)
#define CHOICE(member, words, default_text)                                                                            \
    .kind = OPTION_CHOICE, .place = AT(member), .choices = (words), .initial = (default_text)

/* The commands that accept an option. */
#define BIT(command) (1U << COMMAND_##command)
#define VIEWS (BIT(MOUNT) | BIT(CHECK) | BIT(STATUS) | BIT(FIX) | BIT(PRINT) | BIT(EXPLAIN))
#define SCREENS (BIT(CHECK) | BIT(STATUS))
#define EVERY (~0U)

const struct option_row option_table[] = {
    {0, "database", "[NAME=]CONNINFO", "a database, by URI or keywords (DATABASE_URL)", VIEWS,
     CALL(options_add_database), .may_hold_password = true},
    {0, "database-file", "[NAME=]FILE", "the same, read from a file (a mounted secret)", VIEWS,
     CALL(options_add_database_file)},
    {0, "database-dir", "DIR", "one file per database, which it names", VIEWS, CALL(options_add_database_dir)},
    {0, "no-database", NULL, "disk and journal alone, despite DATABASE_URL", VIEWS, FLAG(no_database)},
    {0, "env-file", "FILE", "where to find DATABASE_URL if it is not set", VIEWS, FILE_PATH(env_file)},
    {0, "config", "FILE", "the project's options (migfs.conf, if there)", VIEWS, FILE_PATH(config)},
    {0, "migrations-schema", "NAME", "schema of the ledger", VIEWS, STRING(schema, "drizzle")},
    {0, "migrations-table", "NAME", "table of the ledger", VIEWS, STRING(table, "__drizzle_migrations")},
    {0, "rules", "FILE", "what is a migration (SOURCE/.migfs, if there)", VIEWS, FILE_PATH(rules_file)},
    {0, "idx", NULL, "how new entries are numbered", VIEWS, CHOICE(idx, idx_choices, "prefix")},
    {0, "poll", "SECONDS", "how often the databases are read", BIT(MOUNT), SECONDS(poll_ms, "2")},
    {0, "timeout", "SECONDS", "longest wait for a database", VIEWS, SECONDS(timeout_ms, "5")},
    {0, "connections", "NUMBER", "most connections at once (what servers spare)", VIEWS, COUNT(connections)},
    {0, "stale", NULL, "the journal while a database is down", BIT(MOUNT), CHOICE(stale, stale_choices, "refuse")},
    {0, "metrics", NULL, "metrics.prom in the view, for Prometheus", BIT(MOUNT) | BIT(PRINT), FLAG(with_metrics)},
    {0, "format", NULL, "how problems are printed", BIT(CHECK), CHOICE(format, format_choices, "text")},
    {0, "json", NULL, "check: --format=json; status: status.json", SCREENS, FLAG(is_json)},
    {0, "severity", NULL, "the least that counts", BIT(CHECK), CHOICE(severity, severity_choices, "warning")},
    {0, "upgrade", NULL, "what Drizzle v1 would do instead", BIT(CHECK), FLAG(upgrade)},
    {0, "all-snapshots", NULL, "also the snapshots missing before a later one", BIT(FIX), FLAG(all_snapshots)},
    {0, "dry-run", NULL, "write nothing; say what would be written", BIT(FIX), FLAG(is_dry_run)},
    {0, "base", "FILE", "the base branch's journal", BIT(CHECK), STRING(base, NULL)},
    {0, "base-ref", "REF", "the base branch itself, asking git", BIT(CHECK), STRING(base_ref, NULL)},
    {0, "fail-on", "STATE,...", "exit with 1 if a migration is, say, pending", BIT(CHECK), CALL(set_fail_on)},
    {0, "require-database", NULL, "exit with 2 if no database is attached", BIT(CHECK), FLAG(needs_database)},
    {0, "color", NULL, "colours", SCREENS, CHOICE(color, color_choices, "auto")},
    {'q', "quiet", NULL, "no counts and notices on standard error", SCREENS, FLAG(is_quiet)},
    {'f', NULL, NULL, "stay in the foreground", BIT(MOUNT), FLAG(is_foreground)},
    {'o', NULL, "OPTION,...", "any of these without --, or FUSE's", BIT(MOUNT), CALL(option_set_list),
     .may_hold_password = true},
    {'h', "help", NULL, "this text", EVERY, CALL(ask_help)},
    {'V', "version", NULL, "the version", EVERY, CALL(ask_version)},
};

const size_t option_table_count = sizeof option_table / sizeof *option_table;

_Static_assert(sizeof option_table / sizeof *option_table <= 64, "a bit of options.given for each row");
_Static_assert(sizeof(enum idx_mode) == sizeof(int) && sizeof(enum stale_mode) == sizeof(int) &&
                   sizeof(enum check_format) == sizeof(int) && sizeof(enum severity) == sizeof(int),
               "a choice is written as an int");

/* ---- finding ---- */

const struct option_row *option_find(const char *name, size_t length) {
    for (size_t i = 0; i < option_table_count; i++) {
        const char *is = option_table[i].name;
        if (is && strlen(is) == length && strncmp(is, name, length) == 0) {
            return &option_table[i];
        }
    }
    return NULL;
}

const struct option_row *option_find_letter(char letter) {
    for (size_t i = 0; i < option_table_count; i++) {
        if (option_table[i].letter == letter) {
            return &option_table[i];
        }
    }
    return NULL;
}

bool option_takes_value(const struct option_row *row) {
    return row->argument || row->choices;
}

/* Lists the choices with a separator. */
static const char *list_choices(const struct option_row *row, const char *between, char *buffer, size_t size) {
    size_t used = 0;
    *buffer = '\0';
    for (const char *const *choice = row->choices; *choice && used < size; choice++) {
        int length = snprintf(buffer + used, size - used, "%s%s", choice == row->choices ? "" : between, *choice);
        used += length > 0 ? (size_t)length : 0;
    }
    return buffer;
}

const char *option_argument(const struct option_row *row, char *buffer, size_t size) {
    return row->argument ? row->argument : row->choices ? list_choices(row, "|", buffer, size) : "";
}

/* ---- values ---- */

/* Converts seconds, which may have a fraction, to milliseconds. */
static bool set_seconds(const struct option_row *row, unsigned *ret_ms, const char *value, struct error *error) {
    char *end;
    double seconds = strtod(value, &end);
    if (end == value || *end || !(seconds >= 0.01 && seconds <= LONGEST_SECONDS)) {
        return error_set(error, ERROR_USAGE, "--%s is a number of seconds from 0.01 to %d, not \"%s\"", row->name,
                         LONGEST_SECONDS, value);
    }
    *ret_ms = (unsigned)(seconds * 1000 + 0.5);
    return true;
}

static bool set_count(const struct option_row *row, unsigned *ret_count, const char *value, struct error *error) {
    int64_t count;
    if (!text_to_int64(text_of(value), &count) || count < 1 || count > HIGHEST_COUNT) {
        return error_set(error, ERROR_USAGE, "--%s is a number from 1 to %d, not \"%s\"", row->name, HIGHEST_COUNT,
                         value);
    }
    *ret_count = (unsigned)count;
    return true;
}

/* Words may be abbreviated to four letters or more: --severity=warn. */
static bool set_choice(const struct option_row *row, void *place, const char *value, struct error *error) {
    enum { SHORTEST = 4 };
    size_t length = strlen(value), cut = 0;
    int chosen = -1;
    for (int i = 0; row->choices[i] && cut <= 1; i++) {
        if (strcmp(value, row->choices[i]) == 0) {
            chosen = i;
            cut = 1;
            break;
        }
        if (length >= SHORTEST && strncmp(value, row->choices[i], length) == 0) {
            chosen = i;
            cut++;
        }
    }
    if (cut == 1) {
        memcpy(place, &chosen, sizeof chosen);
        return true;
    }
    char all[128];
    return error_set(error, ERROR_USAGE, "--%s is %s, not \"%s\"", row->name,
                     list_choices(row, " or ", all, sizeof all), value);
}

static bool set(const struct option_row *row, struct options *options, const char *value, struct error *error) {
    void *place = (char *)options + row->place;
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)place = true;
        return true;
    case OPTION_STRING:
        return options_set_string(place, strdup(value), error);
    case OPTION_PATH:
        return options_set_path(place, value, error);
    case OPTION_SECONDS:
        return set_seconds(row, place, value, error);
    case OPTION_COUNT:
        return set_count(row, place, value, error);
    case OPTION_CHOICE:
        return set_choice(row, place, value, error);
    case OPTION_CALL:
    default:
        return row->call(options, value, error);
    }
}

bool option_set(const struct option_row *row, struct options *options, const char *value, struct error *error) {
    options->given |= UINT64_C(1) << (row - option_table);
    return set(row, options, value, error);
}

bool option_set_defaults(struct options *options, struct error *error) {
    for (size_t i = 0; i < option_table_count; i++) {
        const struct option_row *row = &option_table[i];
        bool is_given = options->given >> i & 1;
        if (!is_given && row->initial && !set(row, options, row->initial, error)) {
            return false;
        }
    }
    return true;
}

/* ---- all of them ---- */

/* Gives a copy its own strings for the options that own one. After an error it has only some of
 * them. */
static bool copy_strings(struct options *copy, struct error *error) {
    bool is_good = true;
    for (size_t i = 0; i < option_table_count; i++) {
        const struct option_row *row = &option_table[i];
        char **place = (char **)((char *)copy + row->place);
        if ((row->kind == OPTION_STRING || row->kind == OPTION_PATH) && *place) {
            *place = is_good ? strdup(*place) : NULL;
            is_good = *place != NULL;
        }
    }
    return is_good || error_set_memory(error);
}

static bool copy_mount_options(struct options *copy, const struct options *options) {
    for (; copy->mount_option_count < options->mount_option_count; copy->mount_option_count++) {
        char *option = strdup(options->mount_options[copy->mount_option_count]);
        if (!option) {
            return false;
        }
        copy->mount_options[copy->mount_option_count] = option;
    }
    return true;
}

bool option_copy(struct options *copy, const struct options *options, struct error *error) {
    *copy = *options;
    copy->is_copy = true;
    copy->database_count = copy->mount_option_count = 0;
    copy->source = copy->written = NULL;
    copy->mountpoint = options->mountpoint ? strdup(options->mountpoint) : NULL;
    copy->path = options->path ? strdup(options->path) : NULL;
    copy->word = options->word ? strdup(options->word) : NULL;
    bool is_whole = !copy->mountpoint == !options->mountpoint && !copy->path == !options->path &&
                    !copy->word == !options->word && copy_mount_options(copy, options);
    return copy_strings(copy, error) && options_copy_databases(copy, options, error) &&
           (is_whole || error_set_memory(error));
}

static void finish_strings(struct options *options) {
    for (size_t i = 0; i < option_table_count; i++) {
        const struct option_row *row = &option_table[i];
        if (row->kind == OPTION_STRING || row->kind == OPTION_PATH) {
            char **place = (char **)((char *)options + row->place);
            free(*place);
            *place = NULL;
        }
    }
}

void option_finish(struct options *options) {
    options_finish_databases(options);
    for (size_t i = 0; i < options->mount_option_count; i++) {
        free((void *)options->mount_options[i]); /* owned; const for other files only */
    }
    finish_strings(options);
    free(options->source);
    free(options->written);
    free(options->mountpoint);
    free(options->path);
    free(options->word);
    if (!options->is_copy) {
        environment_destroy(options->environment);
    }
    options->environment = NULL;
}

bool option_is_of_databases(const struct option_row *row) {
    return row->name &&
           (strncmp(row->name, "database", strlen("database")) == 0 || strcmp(row->name, "no-database") == 0);
}

static bool has_any(uint64_t rows) {
    for (size_t i = 0; i < option_table_count; i++) {
        if ((rows >> i & 1) && option_is_of_databases(&option_table[i])) {
            return true;
        }
    }
    return false;
}

bool option_names_databases(const struct options *options) {
    return has_any(options->given);
}

bool option_types_databases(const struct options *options) {
    return has_any(options->typed);
}

/* Options of `check` or `fix` alone determine the exit status. Ignored by another command, they
 * would turn a CI gate into one that always passes. */
bool option_check_command(const struct options *options, struct error *error) {
    static const enum command_kind deciding[] = {COMMAND_CHECK, COMMAND_FIX};
    for (size_t i = 0; i < option_table_count; i++) {
        for (size_t c = 0; c < sizeof deciding / sizeof *deciding; c++) {
            enum command_kind kind = deciding[c];
            if ((options->given >> i & 1) && option_table[i].commands == 1U << kind && options->command != kind) {
                const char *command = command_table[options->command].name;
                return error_set(error, ERROR_USAGE, "--%s is an option of migfs %s, not of %s%s", option_table[i].name,
                                 command_table[kind].name, command ? "migfs " : "a mount", command ? command : "");
            }
        }
    }
    return true;
}
