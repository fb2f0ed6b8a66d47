/* Splits the words into options and operands. */
#include "cli/command_line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/discover.h"
#include "cli/environment.h"
#include "cli/folders.h"
#include "cli/option_table.h"
#include "cli/options_database.h"
#include "cli/suggest.h"
#include "migfs/ledger/postgres/conninfo.h"

/* ---- the command line ---- */

struct command_line {
    struct options *options;
    int argc;
    char **argv;
    int at;
    const char *operands[OPTIONS_SOURCES];
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

/* Only our own names are repeated, since the word may be a part of a connection string. */
static bool explain_unknown(const char *spelling, struct error *error) {
    struct suggestion suggestion = {.word = spelling + 2};
    for (size_t i = 0; i < option_table_count && spelling[2]; i++) {
        if (option_table[i].name) {
            suggest_consider(&suggestion, option_table[i].name);
        }
    }
    if (suggestion.best) {
        return error_set(error, ERROR_USAGE, "there is no option %s; did you mean --%s?", spelling, suggestion.best);
    }
    return error_set(error, ERROR_USAGE, "there is no option %s; see migfs --help", spelling);
}

static bool parse_long(struct command_line *line, char *argument, struct error *error) {
    char spelling[64];
    char *equals = strchr(argument, '=');
    size_t length = equals ? (size_t)(equals - argument) : strlen(argument);
    const struct option_row *row = option_find(argument + 2, length - 2);
    snprintf(spelling, sizeof spelling, "%.*s", (int)strspn(argument, "abcdefghijklmnopqrstuvwxyz-"), argument);
    if (!row) {
        return explain_unknown(spelling, error);
    }
    return take_argument(line, row, spelling, equals ? equals + 1 : NULL, error);
}

static bool parse_letters(struct command_line *line, char *argument, struct error *error) {
    for (char *letter = argument + 1; *letter; letter++) {
        const struct option_row *row = option_find_letter(*letter);
        char spelling[] = {'-', *letter, '\0'};
        if (!row) {
            size_t length = strcspn(argument + 1, "=");
            row = option_find(argument + 1, length);
            return row ? error_set(error, ERROR_USAGE, "there is no option -%s; did you mean --%s?", row->name,
                                   row->name)
                       : error_set(error, ERROR_USAGE, "there is no option %s; see migfs --help", spelling);
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
                         "a connection string is not a folder; it is the value of --database, or better stands in a "
                         "--database-file");
    }
    enum command_kind command = command_find(argument);
    if (line->operand_count == 0 && options->command == COMMAND_MOUNT && command != COMMAND_COUNT) {
        options->command = command;
        return true;
    }
    if (line->operand_count == OPTIONS_SOURCES) {
        return error_set(error, ERROR_USAGE, "more than %d words", OPTIONS_SOURCES);
    }
    line->operands[line->operand_count++] = argument;
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

/* `migfs chek drizzle`: if the first word does not exist, it is a misspelt command or folder, so
 * nothing is mounted. */
static bool check_first(const struct command_line *line, struct error *error) {
    const char *first = line->operands[0];
    if (line->options->command != COMMAND_MOUNT || line->operand_count == 0 || strchr(first, '/') ||
        access(first, F_OK) == 0 || errno != ENOENT) {
        return true;
    }
    struct suggestion suggestion = {.word = first};
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (command_table[i].name) {
            suggest_consider(&suggestion, command_table[i].name);
        }
    }
    if (strcmp(first, "umount") == 0 || strcmp(first, "unmount") == 0) {
        return error_set(error, ERROR_USAGE, "a view is unmounted by fusermount3 -u MOUNTPOINT");
    }
    if (suggestion.best) {
        return error_set(error, ERROR_USAGE, "there is no command %s; did you mean migfs %s?", first, suggestion.best);
    }
    char beside[4096 + 256];
    if (line->operand_count > 1 && folders_beside(first, beside, sizeof beside)) {
        return error_set(error, ERROR_USAGE, "there is no folder %s; did you mean %s?", first, beside);
    }
    return error_set(error, ERROR_USAGE, "\"%s\" is neither a command nor a folder; see migfs --help", first);
}

static bool is_there(const char *path) {
    return access(path, F_OK) == 0 || errno != ENOENT;
}

static bool is_folder(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Detects a wrong order: `migfs drizzle check`, `migfs print problems drizzle`, `migfs explain
 * drizzle unjournaled`. */
static bool check_order(const struct command_line *line, struct error *error) {
    enum command_kind command = line->options->command;
    if (line->operand_count != 2) {
        return true;
    }
    const char *first = line->operands[0], *second = line->operands[1];
    enum command_kind meant = command_find(second);
    if (command == COMMAND_MOUNT && meant != COMMAND_COUNT && is_folder(first) && !is_there(second)) {
        return error_set(error, ERROR_USAGE, "the command comes first; did you mean migfs %s %s?", second, first);
    }
    /* The word that may be the folder is accessed last: it may hang, and no other process watches
     * yet. */
    bool is_turned = (command == COMMAND_PRINT && discover_is_migrations(second) && !is_there(first)) ||
                     (command == COMMAND_EXPLAIN && discover_is_migrations(first) && !is_there(second));
    return !is_turned ||
           error_set(error, ERROR_USAGE, "the folder comes %s; did you mean migfs %s %s %s?",
                     command == COMMAND_PRINT ? "first" : "last", command_table[command].name, second, first);
}

/* Normalizes like a shell: `/` and `.` are the view itself, and `./status/` is `status`. */
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

static bool is_optional(enum operand operand) {
    return operand == OPERAND_ANY_SOURCE || operand == OPERAND_SOURCES || operand == OPERAND_COMMAND;
}

static bool take_operand(struct options *options, enum operand operand, const char *value, struct error *error) {
    switch (operand) {
    case OPERAND_SOURCE:
    case OPERAND_ANY_SOURCE:
    case OPERAND_SOURCES:
        options->sources[options->source_count++] = value;
        return true;
    case OPERAND_MOUNTPOINT:
        return options_set_path(&options->mountpoint, value, error);
    case OPERAND_PATH:
        return set_path(options, value, error);
    case OPERAND_SHELL:
    case OPERAND_COMMAND:
    case OPERAND_TOPIC:
        return set_copy(&options->word, value, error);
    case OPERAND_NONE:
    default:
        return true;
    }
}

static bool explain_usage(const struct command *command, struct error *error) {
    char usage[64];
    command_usage(command, usage, sizeof usage);
    return error_set(error, ERROR_USAGE, "usage: migfs %s%s; see migfs --help", usage,
                     command->name ? "" : ", or without a mount migfs status, migfs check");
}

/* Assigns words to operands from the left. An optional operand gets a word only if more words are
 * left than the required operands need. */
static bool give_operands(struct command_line *line, const struct command *command, struct error *error) {
    size_t needed = 0, at = 0;
    for (size_t i = 0; i < COMMAND_OPERANDS; i++) {
        needed += command->operands[i] != OPERAND_NONE && !is_optional(command->operands[i]);
    }
    bool is_good = true;
    for (size_t i = 0; i < COMMAND_OPERANDS && is_good; i++) {
        enum operand operand = command->operands[i];
        bool is_taken = operand != OPERAND_NONE && at < line->operand_count &&
                        (!is_optional(operand) || line->operand_count - at > needed);
        needed -= is_taken && !is_optional(operand);
        do {
            is_good = !is_taken || take_operand(line->options, operand, line->operands[at++], error);
        } while (is_good && operand == OPERAND_SOURCES && at < line->operand_count);
    }
    if (is_good && at < line->operand_count) {
        return error_set(error, ERROR_USAGE, "\"%s\" is one word too many; see migfs --help", line->operands[at]);
    }
    return is_good;
}

static bool take_operands(struct command_line *line, struct error *error) {
    const struct command *command = &command_table[line->options->command];
    size_t needed = 0;
    for (size_t i = 0; i < COMMAND_OPERANDS; i++) {
        needed += command->operands[i] != OPERAND_NONE && !is_optional(command->operands[i]);
    }
    if (!check_first(line, error) || !check_order(line, error)) {
        return false;
    }
    if (line->operand_count == 1 && line->options->command == COMMAND_MOUNT) {
        return error_set(
            error, ERROR_USAGE,
            "a mount needs a folder to mount on: mkdir view && migfs %s view (or, without a mount: migfs check %s)",
            line->operands[0], line->operands[0]);
    }
    return line->operand_count < needed ? explain_usage(command, error) : give_operands(line, command, error);
}

bool command_line_parse(struct options *options, int argc, char **argv, struct error *error) {
    static struct command_line line;
    *options = (struct options){.environment = environment_create()};
    line = (struct command_line){.options = options, .argc = argc, .argv = argv};
    if (!options->environment) {
        return error_set_memory(error);
    }
    if (!parse_all(&line, error) || !option_set_defaults(options, error)) {
        return false;
    }
    options->typed = options->given;
    bool is_asked_for_help = options->command == COMMAND_HELP || options->command == COMMAND_VERSION;
    if (is_asked_for_help && (options->word || line.operand_count == 0)) {
        return true;
    }
    if (!option_check_command(options, error)) {
        return false;
    }
    if (options->is_json && options->command == COMMAND_CHECK) {
        options->format = CHECK_JSON;
    }
    return take_operands(&line, error);
}

bool command_line_reads(int argc, char **argv) {
    static const char *const asking[] = {"-h", "--help", "-V", "--version"};
    const char *first = argc > 1 ? argv[1] : "";
    enum command_kind command = command_find(first);
    bool is_about_program = command != COMMAND_COUNT && !command_table[command].is_apart;
    for (size_t i = 0; i < sizeof asking / sizeof *asking; i++) {
        is_about_program = is_about_program || strcmp(first, asking[i]) == 0;
    }
    return !is_about_program;
}
