/* The table of commands: their names and operands. Each has a source file of the same name, called
 * by main(). */
#ifndef MIGFS_CLI_COMMAND_H
#define MIGFS_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

/* In the order of the help text. */
enum command_kind {
    COMMAND_MOUNT,
    COMMAND_CHECK,
    COMMAND_STATUS,
    COMMAND_FIX,
    COMMAND_PRINT,
    COMMAND_EXPLAIN,
    COMMAND_HELP,
    COMMAND_VERSION,
    COMMAND_COMPLETION,
    COMMAND_COUNT
};

enum { COMMAND_OPERANDS = 2 };

/* The kinds of operands. */
enum operand {
    OPERAND_NONE,
    OPERAND_SOURCE,     /* required */
    OPERAND_ANY_SOURCE, /* optional */
    OPERAND_SOURCES,    /* any number */
    OPERAND_MOUNTPOINT,
    OPERAND_PATH,
    OPERAND_SHELL,
    OPERAND_COMMAND, /* optional */
    OPERAND_TOPIC,
};

struct command {
    const char *name; /* NULL: the command without a name */
    enum operand operands[COMMAND_OPERANDS];
    const char *help;
    bool is_shown; /* in the output of --help */
    bool is_apart; /* reads a source and exits; see cli/apart.h */
};

extern const struct command command_table[COMMAND_COUNT];

/* "check [SOURCE...]", to follow "migfs " or "migfs [OPTIONS] ". */
void command_usage(const struct command *command, char *buffer, size_t size);

/* Returns the command with this name, or COMMAND_COUNT. */
enum command_kind command_find(const char *name);

#endif
