/* The text is what the tables of commands and options hold. */
#include "cli/help.h"

#include <stdlib.h>
#include <string.h>

#include "cli/option_table.h"
#include "migfs/schema/worker.h"

static void print_usage(FILE *file, const struct command *command, const char *before) {
    char usage[64] = "migfs";
    size_t used = strlen(usage);
    used += (size_t)snprintf(usage + used, sizeof usage - used, "%s%s [OPTIONS]", command->name ? " " : "",
                             command->name ? command->name : "");
    for (size_t i = 0; i < COMMAND_OPERANDS && command->operands[i] != OPERAND_NONE; i++) {
        used += (size_t)snprintf(usage + used, sizeof usage - used, " %s", command_operand_name(command->operands[i]));
    }
    fprintf(file, "%s %-33s  %s\n", before, usage, command->help);
}

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
    fprintf(file, "  %-29s %s", spelling, row->help);
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
    fputs("check exits with 0 for no problem, 1 for some, 2 where it could not tell.\n"
          "Unmount: fusermount3 -u MOUNTPOINT. What is what: cat MOUNTPOINT/README\n",
          file);
}

int help_run(struct options *options) {
    (void)options;
    help_print(stdout);
    return EXIT_SUCCESS;
}

int help_run_version(struct options *options) {
    (void)options;
    const char *parser = worker_parser();
    puts("migfs " MIGFS_VERSION);
    puts(parser ? parser : "built without what reads SQL");
    return EXIT_SUCCESS;
}
