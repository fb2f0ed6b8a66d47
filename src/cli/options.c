/* One table of options. Every long one is also one behind -o; what is not in the table there goes to FUSE. */
#include "cli/options.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/options_database.h"
#include "migfs/ledger/postgres/conninfo.h"

typedef bool (*setter)(struct options *options, const char *value, struct error *error);

struct option_row {
    char letter;          /* 0: none */
    const char *name;     /* NULL: only a letter */
    const char *argument; /* NULL: takes none */
    const char *help;
    setter set;
};

static bool replace(char **into, const char *value, struct error *error) {
    char *copy = strdup(value);
    if (!copy) {
        return error_set_memory(error);
    }
    free(*into);
    *into = copy;
    return true;
}

/* Which of the choices the value is, or -1 with the error. */
static int find_choice(const char *name, const char *value, const char *const *choices, struct error *error) {
    for (int i = 0; choices[i]; i++) {
        if (strcmp(value, choices[i]) == 0) {
            return i;
        }
    }
    char all[128] = "";
    for (int i = 0; choices[i]; i++) {
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i > 0 ? " or " : "", choices[i]);
    }
    error_set(error, ERROR_USAGE, "--%s is %s, not \"%s\"", name, all, value);
    return -1;
}

/* Seconds, with a fraction if one likes, to milliseconds. */
static bool set_seconds(const char *name, const char *value, unsigned *ret_ms, struct error *error) {
    enum { LONGEST = 86400 };
    char *end;
    double seconds = strtod(value, &end);
    if (end == value || *end || !(seconds >= 0.01 && seconds <= LONGEST)) {
        return error_set(error, ERROR_USAGE, "--%s is a number of seconds from 0.01 to %d, not \"%s\"", name, LONGEST,
                         value);
    }
    *ret_ms = (unsigned)(seconds * 1000 + 0.5);
    return true;
}

static bool set_no_database(struct options *options, const char *value, struct error *error) {
    (void)value, (void)error;
    options->no_database = true;
    return true;
}

static bool set_schema(struct options *options, const char *value, struct error *error) {
    return replace(&options->schema, value, error);
}

static bool set_table(struct options *options, const char *value, struct error *error) {
    return replace(&options->table, value, error);
}

static bool set_absolute(char **into, const char *value, struct error *error) {
    char folder[PATH_MAX] = "";
    if (value[0] != '/' && !getcwd(folder, sizeof folder)) {
        return error_set_errno(error, "the current folder");
    }
    char *path;
    if (asprintf(&path, "%s%s%s", folder, value[0] == '/' ? "" : "/", value) < 0) {
        return error_set_memory(error);
    }
    free(*into);
    *into = path;
    return true;
}

static bool set_rules(struct options *options, const char *value, struct error *error) {
    return set_absolute(&options->rules_file, value, error);
}

static bool set_base(struct options *options, const char *value, struct error *error) {
    return replace(&options->base, value, error);
}

static bool set_idx(struct options *options, const char *value, struct error *error) {
    static const char *const choices[] = {[IDX_PREFIX] = "prefix", [IDX_POSITION] = "position", NULL};
    int choice = find_choice("idx", value, choices, error);
    options->inputs.synthesis.idx = (enum idx_mode)choice;
    return choice >= 0;
}

static bool set_stale(struct options *options, const char *value, struct error *error) {
    static const char *const choices[] = {[STALE_REFUSE] = "refuse", [STALE_SERVE] = "serve", NULL};
    int choice = find_choice("stale", value, choices, error);
    options->inputs.synthesis.stale = (enum stale_mode)choice;
    return choice >= 0;
}

static bool set_poll(struct options *options, const char *value, struct error *error) {
    return set_seconds("poll", value, &options->inputs.reader.poll_ms, error);
}

static bool set_timeout(struct options *options, const char *value, struct error *error) {
    return set_seconds("timeout", value, &options->inputs.reader.timeout_ms, error);
}

static bool set_connections(struct options *options, const char *value, struct error *error) {
    int64_t count;
    if (!text_to_int64(text_of(value), &count) || count < 1 || count > 1000) {
        return error_set(error, ERROR_USAGE, "--connections is a number from 1 to 1000, not \"%s\"", value);
    }
    options->inputs.reader.connections = (unsigned)count;
    return true;
}

static bool set_format(struct options *options, const char *value, struct error *error) {
    static const char *const choices[] = {
        [CHECK_TEXT] = "text", [CHECK_JSON] = "json", [CHECK_GITHUB] = "github", NULL};
    int choice = find_choice("format", value, choices, error);
    options->format = (enum check_format)choice;
    return choice >= 0;
}

static bool set_severity(struct options *options, const char *value, struct error *error) {
    static const char *const choices[] = {
        [SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning", [SEVERITY_NOTE] = "note", NULL};
    int choice = find_choice("severity", value, choices, error);
    options->severity = (enum severity)choice;
    return choice >= 0;
}

static bool set_foreground(struct options *options, const char *value, struct error *error) {
    (void)value, (void)error;
    options->is_foreground = true;
    return true;
}

static bool set_help(struct options *options, const char *value, struct error *error) {
    (void)value, (void)error;
    options->command = COMMAND_HELP;
    return true;
}

static bool set_version(struct options *options, const char *value, struct error *error) {
    (void)value, (void)error;
    options->command = COMMAND_VERSION;
    return true;
}

static bool set_metrics(struct options *options, const char *value, struct error *error) {
    (void)value, (void)error;
    options->inputs.with_metrics = true;
    return true;
}

static bool set_list(struct options *options, const char *value, struct error *error);

static const struct option_row table[] = {
    {0, "database", "[NAME=]CONNINFO", "a database, by URI or keywords (DATABASE_URL)", options_add_database},
    {0, "database-file", "[NAME=]FILE", "the same, read from a file (a mounted secret)", options_add_database_file},
    {0, "no-database", NULL, "disk and journal alone, despite DATABASE_URL", set_no_database},
    {0, "migrations-schema", "NAME", "schema of the ledger (drizzle)", set_schema},
    {0, "migrations-table", "NAME", "table of the ledger (__drizzle_migrations)", set_table},
    {0, "rules", "FILE", "what is a migration (SOURCE/.migfs, if there)", set_rules},
    {0, "idx", "prefix|position", "how new entries are numbered (prefix)", set_idx},
    {0, "poll", "SECONDS", "how often the databases are read (2)", set_poll},
    {0, "timeout", "SECONDS", "longest wait for a database (5)", set_timeout},
    {0, "connections", "NUMBER", "most connections at once (what servers spare)", set_connections},
    {0, "stale", "refuse|serve", "the journal while a database is down (refuse)", set_stale},
    {0, "metrics", NULL, "metrics.prom in the view, for Prometheus", set_metrics},
    {0, "format", "text|json|github", "check: how problems are printed (text)", set_format},
    {0, "severity", "error|warning|note", "check: the least that counts (note)", set_severity},
    {0, "base", "FILE", "check: a journal whose stamps must not move", set_base},
    {'f', NULL, NULL, "stay in the foreground", set_foreground},
    {'o', NULL, "OPTION,...", "these without --, or FUSE's (allow_other)", set_list},
    {'h', "help", NULL, "this text", set_help},
    {'V', "version", NULL, "the version", set_version},
};

enum { ROWS = sizeof table / sizeof *table };

void options_print_help(FILE *file) {
    fputs("usage: migfs [OPTIONS] SOURCE MOUNTPOINT  mount the view of a folder\n"
          "       migfs check [OPTIONS] SOURCE       print the problems\n"
          "       migfs print [OPTIONS] SOURCE PATH  print one file of the view\n",
          file);
    for (size_t i = 0; i < ROWS; i++) {
        const struct option_row *row = &table[i];
        const char *argument = row->argument ? row->argument : "", *joint = row->argument ? "=" : "";
        char spelling[64], letter[] = {'-', row->letter, '\0'};
        if (!row->name) {
            snprintf(spelling, sizeof spelling, "%s%s%s", letter, row->argument ? " " : "", argument);
        } else {
            snprintf(spelling, sizeof spelling, "%s%s--%s%s%s", row->letter ? letter : "", row->letter ? ", " : "",
                     row->name, joint, argument);
        }
        fprintf(file, "  %-29s %s\n", spelling, row->help);
    }
    fputs("check exits with 0 for no problem, 1 for some, 2 where it could not tell.\n"
          "Unmount: fusermount3 -u MOUNTPOINT. What is what: cat MOUNTPOINT/README\n",
          file);
}

static const struct option_row *find_row(const char *name, size_t length) {
    for (size_t i = 0; i < ROWS; i++) {
        if (table[i].name && strlen(table[i].name) == length && strncmp(table[i].name, name, length) == 0) {
            return &table[i];
        }
    }
    return NULL;
}

/* ---- behind -o ---- */

/* Whether it is one of the words of a list. */
static bool is_one_of(const char *list, const char *word, size_t length) {
    while (*list) {
        size_t here = strcspn(list, " ");
        if (here == length && strncmp(list, word, length) == 0) {
            return true;
        }
        list += here + (list[here] == ' ');
    }
    return false;
}

/* What mount(8) and fstab add and what does not matter to a view that is always read-only, without devices and programs. */
static bool is_ignored(const char *option) {
    static const char ignored[] = "rw ro auto noauto user nouser users nousers owner group dev nodev suid nosuid exec "
                                  "noexec async atime noatime diratime nodiratime relatime _netdev nofail defaults "
                                  "default_permissions";
    return is_one_of(ignored, option, strlen(option)) || strncmp(option, "x-", 2) == 0 ||
           strncmp(option, "comment=", 8) == 0;
}

/* What may follow a connection string in a list: anything else is a piece of it, and perhaps of a password. */
static bool is_of_fuse(const char *option) {
    static const char known[] = "allow_other auto_unmount blkdev clone_fd context debug defcontext dirsync fscontext "
                                "fsname max_read max_threads rootcontext subtype sync";
    return is_one_of(known, option, strcspn(option, "="));
}

static bool set_behind_o(struct options *options, const char *option, bool is_after_database, struct error *error) {
    size_t length = strcspn(option, "=");
    const struct option_row *row = find_row(option, length);
    if (row && row->argument && option[length] != '=') {
        return error_set(error, ERROR_USAGE, "-o %s needs a value: -o %s=%s", option, option, row->argument);
    }
    if (row && !row->argument && option[length] == '=') {
        return error_set(error, ERROR_USAGE, "-o %s takes no value", row->name);
    }
    if (row) {
        return row->set(options, option[length] == '=' ? option + length + 1 : NULL, error);
    }
    if (is_ignored(option) || *option == '\0') {
        return true;
    }
    if (is_after_database && !is_of_fuse(option)) {
        return error_set(error, ERROR_USAGE,
                         "what follows the database behind -o is no option; a comma in a connection string is written "
                         "\\, there");
    }
    if (options->mount_option_count == OPTIONS_MOUNT) {
        return error_set(error, ERROR_USAGE, "more than %d options behind -o", OPTIONS_MOUNT);
    }
    char *copy = strdup(option);
    if (!copy) {
        return error_set_memory(error);
    }
    options->mount_options[options->mount_option_count++] = copy;
    return true;
}

/* A list, in which a backslash keeps a comma together with what is around it, as in fstab. */
static bool set_list(struct options *options, const char *value, struct error *error) {
    char *option = malloc(strlen(value) + 1);
    if (!option) {
        return error_set_memory(error);
    }
    bool is_good = true, has_database = false;
    while (is_good && *value) {
        size_t length = 0;
        for (; *value && *value != ','; value++) {
            value += value[0] == '\\' && (value[1] == ',' || value[1] == '\\');
            option[length++] = *value;
        }
        option[length] = '\0';
        value += *value == ',';
        is_good = set_behind_o(options, option, has_database, error);
        has_database = has_database || strncmp(option, "database=", strlen("database=")) == 0;
        explicit_bzero(option, length);
    }
    free(option);
    return is_good;
}

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
    if (row->argument && !value) {
        if (line->at + 1 >= line->argc) {
            return error_set(error, ERROR_USAGE, "%s needs a value: %s", spelling, row->argument);
        }
        value = line->argv[++line->at];
    } else if (!row->argument && value) {
        return error_set(error, ERROR_USAGE, "%s takes no value", spelling);
    }
    bool is_good = row->set(line->options, value, error);
    if (value) {
        options_hide(row->set == set_list || row->set == options_add_database, value);
    }
    return is_good;
}

static bool parse_long(struct command_line *line, char *argument, struct error *error) {
    char spelling[64];
    char *equals = strchr(argument, '=');
    size_t length = equals ? (size_t)(equals - argument) : strlen(argument);
    const struct option_row *row = find_row(argument + 2, length - 2);
    snprintf(spelling, sizeof spelling, "%.*s", (int)strspn(argument, "abcdefghijklmnopqrstuvwxyz-"), argument);
    if (!row) {
        return error_set(error, ERROR_USAGE, "there is no option %s; see migfs --help", spelling);
    }
    return take_argument(line, row, spelling, equals ? equals + 1 : NULL, error);
}

static bool parse_letters(struct command_line *line, char *argument, struct error *error) {
    for (char *letter = argument + 1; *letter; letter++) {
        const struct option_row *row = NULL;
        char spelling[] = {'-', *letter, '\0'};
        for (size_t i = 0; i < ROWS && !row; i++) {
            row = table[i].letter == *letter ? &table[i] : NULL;
        }
        if (!row) {
            return error_set(error, ERROR_USAGE, "there is no option %s; see migfs --help", spelling);
        }
        if (row->argument) {
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
    if (line->operand_count == 0 && options->command == COMMAND_MOUNT && strcmp(argument, "check") == 0) {
        options->command = COMMAND_CHECK;
    } else if (line->operand_count == 0 && options->command == COMMAND_MOUNT && strcmp(argument, "print") == 0) {
        options->command = COMMAND_PRINT;
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

static bool take_operands(struct command_line *line, struct error *error) {
    static const char *const usages[] = {[COMMAND_MOUNT] = "migfs SOURCE MOUNTPOINT",
                                         [COMMAND_CHECK] = "migfs check SOURCE",
                                         [COMMAND_PRINT] = "migfs print SOURCE PATH"};
    struct options *options = line->options;
    size_t wanted = options->command == COMMAND_CHECK ? 1 : 2;
    if (!check_first(line, error)) {
        return false;
    }
    if (line->operand_count > 2) {
        return error_set(error, ERROR_USAGE, "\"%s\" is one word too many; see migfs --help", line->operands[2]);
    }
    if (line->operand_count == 1 && options->command == COMMAND_MOUNT) {
        return error_set(
            error, ERROR_USAGE,
            "where to? Give a folder to mount on: mkdir view && migfs %s view (or, without a mount: migfs check %s)",
            line->operands[0], line->operands[0]);
    }
    if (line->operand_count != wanted) {
        return error_set(error, ERROR_USAGE, "usage: %s; see migfs --help", usages[options->command]);
    }
    if (!set_absolute(&options->source, line->operands[0], error)) {
        return false;
    }
    if (options->command == COMMAND_MOUNT) {
        return set_absolute(&options->mountpoint, line->operands[1], error);
    }
    return options->command == COMMAND_CHECK || set_path(options, line->operands[1], error);
}

bool options_parse(struct options *options, int argc, char **argv, struct error *error) {
    *options = (struct options){
        .severity = SEVERITY_NOTE,
        .inputs = {.reader = {.timeout_ms = 5000, .poll_ms = 2000}},
    };
    struct command_line line = {.options = options, .argc = argc, .argv = argv, .operands = {"", "", ""}};
    options->inputs.databases = options->databases;
    if (!set_schema(options, "drizzle", error) || !set_table(options, "__drizzle_migrations", error) ||
        !parse_all(&line, error)) {
        return false;
    }
    if (options->command == COMMAND_HELP || options->command == COMMAND_VERSION) {
        return true;
    }
    if (!take_operands(&line, error) || !options_add_environment(options, error)) {
        return false;
    }
    options->inputs.source = options->source;
    options->inputs.rules_file = options->rules_file;
    options->inputs.reader.schema = options->schema;
    options->inputs.reader.table = options->table;
    return true;
}

void options_finish(struct options *options) {
    options_finish_databases(options);
    for (size_t i = 0; i < options->mount_option_count; i++) {
        free((void *)options->mount_options[i]); /* ours, const only to those who read it */
    }
    free(options->source);
    free(options->mountpoint);
    free(options->path);
    free(options->base);
    free(options->rules_file);
    free(options->schema);
    free(options->table);
}
