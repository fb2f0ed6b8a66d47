/* The text comes from the tables of commands and options. */
#include "cli/help.h"

#include <stdlib.h>
#include <string.h>

#include "cli/option_table.h"
#include "cli/reading.h"
#include "cli/suggest.h"
#include "migfs/schema/worker.h"
#include "migfs/util/log.h"

static void print_usage(FILE *file, const struct command *command, const char *before) {
    char usage[64], line[96];
    command_usage(command, usage, sizeof usage);
    snprintf(line, sizeof line, "migfs %s%s", command->name ? "" : "[OPTIONS] ", usage);
    fprintf(file, "%s %-35s  %s\n", before, line, command->help);
}

enum { WIDTH = 29, LINE = 80 };

static void print_option(FILE *file, const struct option_row *row) {
    char spelling[64], argument[64];
    const char *value = option_argument(row, argument, sizeof argument);
    const char letter[] = {'-', row->letter, '\0'};
    bool takes_value = option_takes_value(row);
    if (!row->name) {
        snprintf(spelling, sizeof spelling, "%s%s%s", letter, takes_value ? " " : "", value);
    } else {
        snprintf(spelling, sizeof spelling, "%s%s--%s%s%s", row->letter ? letter : "", row->letter ? ", " : "",
                 row->name, takes_value ? "=" : "", value);
    }
    size_t initial = row->initial ? strlen(row->initial) + strlen(" ()") : 0;
    if (strlen(spelling) > WIDTH && 3 + strlen(spelling) + strlen(row->help) + initial > LINE) {
        fprintf(file, "  %s\n  %*s %s", spelling, WIDTH, "", row->help);
    } else {
        fprintf(file, "  %-*s %s", WIDTH, spelling, row->help);
    }
    if (row->initial) {
        fprintf(file, " (%s)", row->initial);
    }
    fputc('\n', file);
}

void help_print(FILE *file) {
    const char *before = "usage:";
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (command_table[i].is_shown) {
            print_usage(file, &command_table[i], before);
            before = "      ";
        }
    }
    for (size_t i = 0; i < option_table_count; i++) {
        print_option(file, &option_table[i]);
    }
    fputs("Options may stand anywhere. The options of one command: migfs help COMMAND.\n"
          "Without SOURCE the folder is found below the current one, or as migfs.conf says.\n"
          "Unmount: fusermount3 -u MOUNTPOINT. What each file is: cat MOUNTPOINT/README\n",
          file);
}

/* The last line for a command, below its options. */
static const char *const endings[COMMAND_COUNT] = {
    [COMMAND_MOUNT] = "Unmount: fusermount3 -u MOUNTPOINT. What each file is: cat MOUNTPOINT/README\n",
    [COMMAND_CHECK] = "It exits with 0 for no problem, 1 for some, 2 if it could not tell.\n",
    [COMMAND_STATUS] = "It exits with 0 whatever the problems, 2 if it could not show the folder.\n",
    [COMMAND_FIX] = "It exits with 0 if done or nothing was to be done, 1 if refused, 2 on failure.\n",
    [COMMAND_PRINT] = "PATH is a file or a folder of the view; `/` is all of it.\n",
    [COMMAND_EXPLAIN] = "CODE stands in brackets behind each problem; TAG is a migration, or its number.\n",
};

void help_print_command(FILE *file, enum command_kind kind) {
    print_usage(file, &command_table[kind], "usage:");
    for (size_t i = 0; i < option_table_count; i++) {
        bool is_for_all = option_table[i].commands == ~0U;
        if ((option_table[i].commands >> kind & 1U) && !is_for_all) {
            print_option(file, &option_table[i]);
        }
    }
    fputs(endings[kind] ? endings[kind] : "", file);
}

int help_run(struct options *options) {
    struct suggestion suggestion = {.word = options->word};
    enum command_kind kind = options->word ? command_find(options->word) : COMMAND_COUNT;
    if (!options->word) {
        help_print(stdout);
    } else if (kind != COMMAND_COUNT) {
        help_print_command(stdout, kind);
    } else if (strcmp(options->word, "mount") == 0) {
        help_print_command(stdout, COMMAND_MOUNT);
    } else {
        for (size_t i = 0; i < COMMAND_COUNT; i++) {
            if (command_table[i].name) {
                suggest_consider(&suggestion, command_table[i].name);
            }
        }
        log_error(suggestion.best ? "there is no command %s; did you mean migfs help %s?"
                                  : "there is no command %s; see migfs --help",
                  options->word, suggestion.best);
        return READING_CANNOT_TELL;
    }
    return reading_is_written() ? EXIT_SUCCESS : READING_CANNOT_TELL;
}

int help_run_version(struct options *options) {
    (void)options;
    const char *parser = worker_parser();
    puts("migfs " MIGFS_VERSION);
    puts(parser ? parser : "built without what reads SQL");
    return reading_is_written() ? EXIT_SUCCESS : READING_CANNOT_TELL;
}
