/* A new command is a row here and a source of its own. */
#include "cli/command.h"

#include <string.h>

#include "cli/check.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "cli/mount.h"
#include "cli/print.h"

const struct command command_table[COMMAND_COUNT] = {
    [COMMAND_MOUNT] = {NULL, {OPERAND_SOURCE, OPERAND_MOUNTPOINT}, "mount the view of a folder", true, mount_run},
    [COMMAND_CHECK] = {"check", {OPERAND_SOURCE}, "print the problems", true, check_run},
    [COMMAND_PRINT] = {"print", {OPERAND_SOURCE, OPERAND_PATH}, "print one file of the view", true, print_run},
    [COMMAND_HELP] = {"help", {OPERAND_NONE}, "how it is used", false, help_run},
    [COMMAND_VERSION] = {"version", {OPERAND_NONE}, "the version", false, help_run_version},
    [COMMAND_COMPLETION] =
        {"completion", {OPERAND_SHELL}, "what a shell completes command lines by", false, completion_run},
};

static const char *const operand_names[] = {
    [OPERAND_NONE] = "",     [OPERAND_SOURCE] = "SOURCE", [OPERAND_MOUNTPOINT] = "MOUNTPOINT",
    [OPERAND_PATH] = "PATH", [OPERAND_SHELL] = "SHELL",
};

const char *command_operand_name(enum operand operand) {
    return operand_names[operand];
}

enum command_kind command_find(const char *name) {
    size_t kind = 0;
    while (kind < COMMAND_COUNT && (!command_table[kind].name || strcmp(command_table[kind].name, name) != 0)) {
        kind++;
    }
    return (enum command_kind)kind;
}
