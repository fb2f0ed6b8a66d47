/* For tests of commands that print: runs one, and gives back its exit status and what it wrote on
 * standard output. */
#ifndef TESTS_UNIT_COMMANDS_H
#define TESTS_UNIT_COMMANDS_H

#include "folder.h"

#include "cli/command_line.h"
#include "cli/option_table.h"

struct result {
    int status;
    char output[65536];
};

/* Runs a command with standard output in a file. */
static inline int run_into(const char *output, int (*command)(struct options *), const char *const *words) {
    static char copies[16][256];
    static char *argv[17];
    static struct options options;
    struct error error;
    int argc = 0, before = dup(STDOUT_FILENO);
    for (; words[argc]; argc++) {
        snprintf(copies[argc], sizeof copies[argc], "%s", words[argc]);
        argv[argc] = copies[argc];
    }
    assert_true(command_line_parse(&options, argc, argv, &error));
    fflush(stdout);
    assert_non_null(freopen(output, "we", stdout));
    int status = command(&options);
    fflush(stdout);
    clearerr(stdout);
    assert_true(dup2(before, STDOUT_FILENO) >= 0);
    close(before);
    option_finish(&options);
    return status;
}

static inline struct result run_command(struct folder *folder, int (*command)(struct options *),
                                        const char *const *words) {
    struct result result = {0};
    char path[128];
    snprintf(path, sizeof path, "%s/output", folder->outside);
    result.status = run_into(path, command, words);
    FILE *stream = fopen(path, "re");
    result.output[fread(result.output, 1, sizeof result.output - 1, stream)] = '\0';
    fclose(stream);
    return result;
}

/* A folder without a problem. */
static inline void put_good(struct folder *folder) {
    put_directory(folder, "meta");
    put(folder, "meta/0000_snapshot.json", "{}");
    put(folder, "0000_a.sql", "select 1;");
    put(folder, "meta/_journal.json", "{\"entries\":[{\"idx\":0,\"when\":1000,\"tag\":\"0000_a\"}]}");
}

#endif
