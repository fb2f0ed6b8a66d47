/* Reads everything, writes meta/_journal.json by the consistent journal, and says how git takes that back. */
#include "cli/fix.h"

#include <ctype.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/folders.h"
#include "cli/reading.h"
#include "cli/replace.h"
#include "migfs/synthesis/refusal.h"
#include "migfs/util/log.h"

enum { FIX_DONE = 0, FIX_REFUSED = 1 };

/* What is to be written, copied out of a view; freed by fixing_finish(). */
struct fixing {
    char *refusal; /* NULL: none */
    char *bytes;   /* NULL: the journal on disk needs no change */
    size_t length;
    char *changes;
    bool is_rebuilt;
    bool is_copied; /* false: memory ran out */
};

static void fixing_finish(struct fixing *fixing) {
    free(fixing->refusal);
    free(fixing->bytes);
    free(fixing->changes);
    *fixing = (struct fixing){0};
}

static char *copy(struct text text) {
    char *bytes = malloc(text.length + 1);
    if (bytes) {
        memcpy(bytes, text.bytes, text.length);
        bytes[text.length] = '\0';
    }
    return bytes;
}

static void copy_plan(void *context, struct arena *arena, const struct view *view) {
    struct fixing *fixing = context;
    const struct synthesis *synthesis = view->synthesis;
    struct text changes = render_changes(arena, view);
    if (synthesis->refusal != REFUSAL_NONE) {
        fixing->refusal = copy(synthesis_refusal(arena, view->join, synthesis));
        fixing->is_copied = fixing->refusal;
        return;
    }
    fixing->is_rebuilt = synthesis->is_rebuilt;
    fixing->is_copied = true;
    /* A folder without a migration needs no journal. */
    bool is_needed = view->join->journal->status != JOURNAL_MISSING || synthesis->count > 0;
    if (!synthesis->is_identical && is_needed) {
        fixing->length = synthesis->bytes.length;
        fixing->bytes = copy(synthesis->bytes);
        fixing->changes = copy(changes);
        fixing->is_copied = fixing->bytes && fixing->changes;
    }
}

static bool make_plan(struct inputs *inputs, struct fixing *ret_fixing, struct error *error) {
    *ret_fixing = (struct fixing){0};
    return inputs_view(inputs, copy_plan, ret_fixing, error) && (ret_fixing->is_copied || error_set_memory(error));
}

/* ---- git ---- */

/* True when git in this folder ends with 0. */
static bool git_agrees(const char *folder, const char *const *words) {
    const char *arguments[16] = {"git", "-C", folder};
    size_t count = 3;
    for (; *words; words++) {
        arguments[count++] = *words;
    }
    posix_spawn_file_actions_t silence;
    posix_spawn_file_actions_init(&silence);
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
        posix_spawn_file_actions_addopen(&silence, descriptor, "/dev/null", O_RDWR, 0);
    }
    pid_t child;
    int status = 1;
    if (posix_spawnp(&child, "git", &silence, NULL, (char *const *)(const void *)arguments, environ) == 0) {
        waitpid(child, &status, 0);
    }
    posix_spawn_file_actions_destroy(&silence);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* True when the journal as it is now can be had again from git's newest commit. */
static bool is_committed(const char *source) {
    static const char *const known[] = {"ls-files", "--error-unmatch", "--", "meta/_journal.json", NULL};
    static const char *const same[] = {"diff", "--quiet", "HEAD", "--", "meta/_journal.json", NULL};
    return git_agrees(source, known) && git_agrees(source, same);
}

/* The path as a shell takes it. */
static void print_word(const char *word) {
    size_t plain = 0;
    while (isalnum((unsigned char)word[plain]) || (word[plain] && strchr("/._-+:@%", word[plain]))) {
        plain++;
    }
    if (!word[plain]) {
        fputs(word, stdout);
        return;
    }
    putchar('\'');
    for (; *word; word++) {
        fputs(*word == '\'' ? "'\\''" : (char[]){*word, '\0'}, stdout);
    }
    putchar('\'');
}

/* ---- the command ---- */

static void print_plan(const struct fixing *fixing, bool is_dry) {
    printf("%s meta/_journal.json:\n", is_dry ? "would write" : "wrote");
    struct text rest = text_of(fixing->changes), line;
    while (text_line(&rest, &line)) {
        printf("  %.*s\n", TEXT_ARGS(line));
    }
}

static void print_undo(const char *source, bool was_there, bool was_committed) {
    if (was_committed) {
        fputs("to undo: git -C ", stdout);
        print_word(source);
        fputs(" checkout HEAD -- meta/_journal.json\n", stdout);
    } else if (was_there) {
        puts("git cannot undo it: meta/_journal.json was not committed as it was");
    } else {
        puts("to undo, delete meta/_journal.json");
    }
}

static int write_plan(const struct options *options, struct inputs *inputs, const struct fixing *fixing) {
    struct error error;
    const struct disk_entry *before = disk_find(inputs_disk(inputs), TEXT("meta/_journal.json"));
    if (options->is_dry_run) {
        print_plan(fixing, true);
        return reading_is_written() ? FIX_DONE : READING_CANNOT_TELL;
    }
    bool was_committed = before && is_committed(options->source);
    enum replaced outcome =
        replace_in_meta(options->source, "_journal.json", before, (struct text){fixing->bytes, fixing->length}, &error);
    if (outcome != REPLACED) {
        log_error("%s", error.sentence);
        return outcome == REPLACE_REFUSED ? FIX_REFUSED : READING_CANNOT_TELL;
    }
    print_plan(fixing, false);
    print_undo(options->source, before, was_committed);
    return reading_is_written() ? FIX_DONE : READING_CANNOT_TELL;
}

/* The databases took their time: what the folder holds now must lead to the same. */
static int fix_again(const struct options *options, struct inputs *inputs, const struct fixing *fixing) {
    struct fixing now;
    struct error error;
    bool is_changed;
    if (!inputs_scan(inputs, &is_changed, &error) || !make_plan(inputs, &now, &error)) {
        log_error("%s", error.sentence);
        return READING_CANNOT_TELL;
    }
    bool is_same = now.bytes && now.length == fixing->length && memcmp(now.bytes, fixing->bytes, now.length) == 0;
    fixing_finish(&now);
    if (!is_same) {
        log_error("the folder has changed since it was read; run it once more");
        return FIX_REFUSED;
    }
    return write_plan(options, inputs, fixing);
}

static int fix(const struct options *options, struct inputs *inputs) {
    struct fixing fixing;
    struct error error;
    int status = FIX_DONE;
    if (!make_plan(inputs, &fixing, &error)) {
        log_error("%s", error.sentence);
        status = READING_CANNOT_TELL;
    } else if (fixing.refusal) {
        log_error("refused: %s", fixing.refusal);
        status = FIX_REFUSED;
    } else if (fixing.bytes) {
        if (fixing.is_rebuilt) {
            log_notice("meta/_journal.json could not be read: this one is rebuilt from the ledgers and the files");
        }
        status = fix_again(options, inputs, &fixing);
    }
    fixing_finish(&fixing);
    return status;
}

static int fix_folder(struct options *options, void *context) {
    (void)context;
    struct inputs *inputs = reading_inputs(options);
    int status = inputs ? fix(options, inputs) : READING_CANNOT_TELL;
    inputs_destroy(inputs);
    return status;
}

int fix_run(struct options *options) {
    return folders_run(options, FOLDERS_ONE, fix_folder, NULL);
}
