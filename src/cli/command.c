/* A new command needs a row here, one in main(), and its own source file. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

const struct command command_table[COMMAND_COUNT] = {
    [COMMAND_MOUNT] = {NULL, {OPERAND_SOURCE, OPERAND_MOUNTPOINT}, "mount the view of a folder", true, false},
    [COMMAND_CHECK] = {"check", {OPERAND_SOURCES}, "print the problems", true, true},
    [COMMAND_STATUS] = {"status", {OPERAND_SOURCES}, "show one screen: what has run where", true, true},
    [COMMAND_FIX] = {"fix", {OPERAND_ANY_SOURCE}, "write the consistent journal", true, true},
    [COMMAND_PRINT] = {"print", {OPERAND_ANY_SOURCE, OPERAND_PATH}, "print one file of the view", true, true},
    [COMMAND_EXPLAIN] =
        {"explain", {OPERAND_TOPIC, OPERAND_ANY_SOURCE}, "explain a problem or a migration", true, true},
    [COMMAND_HELP] = {"help", {OPERAND_COMMAND}, "show how a command is used", true, false},
    [COMMAND_VERSION] = {"version", {OPERAND_NONE}, "print the version", true, false},
    [COMMAND_COMPLETION] = {"completion", {OPERAND_SHELL}, "print a shell's completions", true, false},
};

/* The names of operands in usage messages. */
static const char *const operand_names[] = {
    [OPERAND_NONE] = "",
    [OPERAND_SOURCE] = "SOURCE",
    [OPERAND_ANY_SOURCE] = "[SOURCE]",
    [OPERAND_SOURCES] = "[SOURCE...]",
    [OPERAND_MOUNTPOINT] = "MOUNTPOINT",
    [OPERAND_PATH] = "PATH",
    [OPERAND_SHELL] = "bash|zsh|fish",
    [OPERAND_COMMAND] = "[COMMAND]",
    [OPERAND_TOPIC] = "CODE|TAG",
};

void command_usage(const struct command *command, char *buffer, size_t size) {
    size_t used = (size_t)snprintf(buffer, size, "%s", command->name ? command->name : "");
    for (size_t i = 0; i < COMMAND_OPERANDS && command->operands[i] != OPERAND_NONE && used < size; i++) {
        used += (size_t)snprintf(buffer + used, size - used, "%s%s", used > 0 ? " " : "",
                                 operand_names[command->operands[i]]);
    }
}

enum command_kind command_find(const char *name) {
    size_t kind = 0;
    while (kind < COMMAND_COUNT && (!command_table[kind].name || strcmp(command_table[kind].name, name) != 0)) {
        kind++;
    }
    return (enum command_kind)kind;
}
