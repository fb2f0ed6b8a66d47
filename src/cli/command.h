/* The table of commands: what each is called and takes. Each is done by a source of its own, named like it; main() calls it. Top row. */
#ifndef MIGFS_CLI_COMMAND_H
#define MIGFS_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

/* In the order in which the help shows them. */
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

/* What a word of a command is. */
enum operand {
    OPERAND_NONE,
    OPERAND_SOURCE,     /* needed */
    OPERAND_ANY_SOURCE, /* may be left out */
    OPERAND_SOURCES,    /* any number */
    OPERAND_MOUNTPOINT,
    OPERAND_PATH,
    OPERAND_SHELL,
    OPERAND_COMMAND, /* may be left out */
    OPERAND_TOPIC,
};

struct command {
    const char *name; /* NULL: what is done without the name of a command */
    enum operand operands[COMMAND_OPERANDS];
    const char *help;
    bool is_shown; /* by --help */
    bool is_apart; /* reads a source and ends; see cli/apart.h */
};

extern const struct command command_table[COMMAND_COUNT];

/* What it is called in a usage: "[SOURCE]". */
const char *command_operand_name(enum operand operand);

/* "check [SOURCE...]", behind "migfs [OPTIONS]" or between. */
void command_usage(const struct command *command, char *buffer, size_t size);

/* The command of this name, or COMMAND_COUNT. */
enum command_kind command_find(const char *name);

#endif
