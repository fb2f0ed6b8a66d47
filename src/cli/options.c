/* Words become options and operands. */
#include "cli/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/option_table.h"
#include "cli/options_database.h"
#include "migfs/ledger/postgres/conninfo.h"
#include "migfs/ledger/postgres/driver.h"

/* ---- the command line ---- */

struct command_line {
    struct options *options;
    int argc;
    char **argv;
    int at;
    const char *operands[3];
    size_t operand_count;
};

static bool take_argument(struct command_line *line, const struct option_row *row, const char *spelling, char *attached,
                          struct error *error) {
    char *value = attached;
    if (option_takes_value(row) && !value) {
        if (line->at + 1 >= line->argc) {
            char argument[64];
            return error_set(error, ERROR_USAGE, "%s needs a value: %s", spelling,
                             option_argument(row, argument, sizeof argument));
        }
        value = line->argv[++line->at];
    } else if (!option_takes_value(row) && value) {
        return error_set(error, ERROR_USAGE, "%s takes no value", spelling);
    }
    bool is_good = option_set(row, line->options, value, error);
    if (value) {
        options_hide(row->may_hold_password, value);
    }
    return is_good;
}

static bool parse_long(struct command_line *line, char *argument, struct error *error) {
    char spelling[64];
    char *equals = strchr(argument, '=');
    size_t length = equals ? (size_t)(equals - argument) : strlen(argument);
    const struct option_row *row = option_find(argument + 2, length - 2);
    snprintf(spelling, sizeof spelling, "%.*s", (int)strspn(argument, "abcdefghijklmnopqrstuvwxyz-"), argument);
    if (!row) {
        return error_set(error, ERROR_USAGE, "there is no option %s; see migfs --help", spelling);
    }
    return take_argument(line, row, spelling, equals ? equals + 1 : NULL, error);
}

static bool parse_letters(struct command_line *line, char *argument, struct error *error) {
    for (char *letter = argument + 1; *letter; letter++) {
        const struct option_row *row = option_find_letter(*letter);
        char spelling[] = {'-', *letter, '\0'};
        if (!row) {
            return error_set(error, ERROR_USAGE, "there is no option %s; see migfs --help", spelling);
        }
        if (option_takes_value(row)) {
            return take_argument(line, row, spelling, letter[1] ? letter + 1 : NULL, error);
        }
        if (!take_argument(line, row, spelling, NULL, error)) {
            return false;
        }
    }
    return true;
}

static bool parse_operand(struct command_line *line, char *argument, struct error *error) {
    struct options *options = line->options;
    if (conninfo_is_uri(argument) || strstr(argument, "password=")) {
        options_hide(true, argument);
        return error_set(error, ERROR_USAGE,
                         "a connection string is no folder; it is the value of --database, or better stands in a "
                         "--database-file");
    }
    enum command_kind command = command_find(argument);
    if (line->operand_count == 0 && options->command == COMMAND_MOUNT && command != COMMAND_COUNT) {
        options->command = command;
    } else if (line->operand_count < sizeof line->operands / sizeof *line->operands) {
        line->operands[line->operand_count++] = argument;
    }
    return true;
}

static bool parse_all(struct command_line *line, struct error *error) {
    bool only_operands = false, is_good = true;
    for (line->at = 1; line->at < line->argc && is_good; line->at++) {
        char *argument = line->argv[line->at];
        if (!only_operands && strcmp(argument, "--") == 0) {
            only_operands = true;
        } else if (!only_operands && strncmp(argument, "--", 2) == 0) {
            is_good = parse_long(line, argument, error);
        } else if (!only_operands && argument[0] == '-' && argument[1]) {
            is_good = parse_letters(line, argument, error);
        } else {
            is_good = parse_operand(line, argument, error);
        }
    }
    return is_good;
}

/* `migfs chek drizzle` mounts nothing: its first word is a command that is misspelt. */
static bool check_first(const struct command_line *line, struct error *error) {
    const char *first = line->operands[0];
    if (line->options->command == COMMAND_MOUNT && *first && !strchr(first, '/') && access(first, F_OK) < 0 &&
        errno == ENOENT) {
        return error_set(error, ERROR_USAGE,
                         "\"%s\" is neither a command (check, print) nor a folder; see migfs --help", first);
    }
    return true;
}

/* As a shell would: `/` and `.` are the view itself, and `./status/` is `status`. */
static bool set_path(struct options *options, const char *value, struct error *error) {
    while (*value == '/' || (*value == '.' && (value[1] == '/' || value[1] == '\0'))) {
        value++;
    }
    size_t length = strlen(value);
    while (length > 0 && value[length - 1] == '/') {
        length--;
    }
    options->path = strndup(value, length);
    return options->path || error_set_memory(error);
}

static bool set_copy(char **into, const char *value, struct error *error) {
    *into = strdup(value);
    return *into || error_set_memory(error);
}

static bool take_operand(struct options *options, enum operand operand, const char *value, struct error *error) {
    switch (operand) {
    case OPERAND_SOURCE:
        return option_set_path(&options->source, value, error);
    case OPERAND_MOUNTPOINT:
        return option_set_path(&options->mountpoint, value, error);
    case OPERAND_PATH:
        return set_path(options, value, error);
    case OPERAND_SHELL:
        return set_copy(&options->word, value, error);
    case OPERAND_NONE:
    default:
        return true;
    }
}

static bool explain_usage(const struct command *command, struct error *error) {
    char usage[64] = "";
    for (size_t i = 0; i < COMMAND_OPERANDS && command->operands[i] != OPERAND_NONE; i++) {
        size_t used = strlen(usage);
        snprintf(usage + used, sizeof usage - used, " %s", command_operand_name(command->operands[i]));
    }
    return error_set(error, ERROR_USAGE, "usage: migfs%s%s%s; see migfs --help", command->name ? " " : "",
                     command->name ? command->name : "", usage);
}

static bool take_operands(struct command_line *line, struct error *error) {
    struct options *options = line->options;
    const struct command *command = &command_table[options->command];
    size_t wanted = 0;
    while (wanted < COMMAND_OPERANDS && command->operands[wanted] != OPERAND_NONE) {
        wanted++;
    }
    if (!check_first(line, error)) {
        return false;
    }
    if (line->operand_count > COMMAND_OPERANDS) {
        return error_set(error, ERROR_USAGE, "\"%s\" is one word too many; see migfs --help",
                         line->operands[COMMAND_OPERANDS]);
    }
    if (line->operand_count == 1 && options->command == COMMAND_MOUNT) {
        return error_set(
            error, ERROR_USAGE,
            "where to? Give a folder to mount on: mkdir view && migfs %s view (or, without a mount: migfs check %s)",
            line->operands[0], line->operands[0]);
    }
    if (line->operand_count != wanted) {
        return explain_usage(command, error);
    }
    bool is_good = true;
    for (size_t i = 0; i < wanted && is_good; i++) {
        is_good = take_operand(options, command->operands[i], line->operands[i], error);
    }
    return is_good;
}

bool options_parse(struct options *options, int argc, char **argv, struct error *error) {
    *options = (struct options){0};
    struct command_line line = {.options = options, .argc = argc, .argv = argv, .operands = {"", "", ""}};
    if (!parse_all(&line, error) || !option_set_defaults(options, error)) {
        return false;
    }
    if (options->command == COMMAND_HELP || options->command == COMMAND_VERSION) {
        return true;
    }
    return take_operands(&line, error) && options_add_environment(options, error);
}

void options_finish(struct options *options) {
    options_finish_databases(options);
    for (size_t i = 0; i < options->mount_option_count; i++) {
        free((void *)options->mount_options[i]); /* ours, const only to those who read it */
    }
    option_finish_all(options);
    free(options->source);
    free(options->mountpoint);
    free(options->path);
    free(options->word);
}

struct inputs_options options_inputs(const struct options *options) {
    static const struct ledger_driver *const drivers[] = {&ledger_postgres, NULL};
    return (struct inputs_options){
        .source = options->source,
        .rules_file = options->rules_file,
        .databases = options->databases,
        .database_count = options->database_count,
        .reader = {.drivers = drivers,
                   .schema = options->schema,
                   .table = options->table,
                   .timeout_ms = options->timeout_ms,
                   .poll_ms = options->poll_ms,
                   .connections = options->connections},
        .synthesis = {.idx = options->idx, .stale = options->stale},
        .with_metrics = options->with_metrics,
    };
}
