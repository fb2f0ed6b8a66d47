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
#include "migfs/synthesis/snapshots.h"
#include "migfs/util/log.h"

enum { FIX_DONE = 0, FIX_REFUSED = 1 };

/* A snapshot that is missing. */
struct fixing_snapshot {
    char *name, *bytes;
    size_t length;
    char *tag;
};

/* What is to be written, copied out of a view; freed by fixing_finish(). */
struct fixing {
    struct fixing_snapshot *snapshots;
    size_t snapshot_count;
    char *refusal; /* NULL: none */
    char *bytes;   /* NULL: the journal on disk needs no change */
    size_t length;
    char *changes;
    bool is_rebuilt;
    bool is_copied; /* false: memory ran out */
};

static void fixing_finish(struct fixing *fixing) {
    for (size_t i = 0; i < fixing->snapshot_count; i++) {
        free(fixing->snapshots[i].name);
        free(fixing->snapshots[i].bytes);
        free(fixing->snapshots[i].tag);
    }
    free(fixing->snapshots);
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

static bool copy_snapshots(struct fixing *fixing, const struct snapshots *snapshots) {
    size_t count = snapshots ? snapshots->count : 0;
    fixing->snapshots = calloc(count + 1, sizeof *fixing->snapshots);
    for (size_t i = 0; fixing->snapshots && i < count; i++) {
        struct fixing_snapshot *it = &fixing->snapshots[fixing->snapshot_count++];
        it->name = copy(snapshots->made[i].name);
        it->bytes = copy(snapshots->made[i].content);
        it->length = snapshots->made[i].content.length;
        it->tag = copy(snapshots->made[i].tag);
        if (!it->name || !it->bytes || !it->tag) {
            return false;
        }
    }
    return fixing->snapshots;
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
    fixing->is_copied = copy_snapshots(fixing, synthesis->snapshots);
    /* A folder without a migration needs no journal. */
    bool is_needed = view->join->journal->status != JOURNAL_MISSING || synthesis->count > 0;
    if (!synthesis->is_identical && is_needed) {
        fixing->length = synthesis->bytes.length;
        fixing->bytes = copy(synthesis->bytes);
        fixing->changes = copy(changes);
        fixing->is_copied = fixing->is_copied && fixing->bytes && fixing->changes;
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

static bool is_of_snapshot(struct text line) {
    size_t at;
    return text_starts(line, "meta/") && text_find(line, "_snapshot.json: ", &at);
}

/* The lines of `changes`, those of the snapshots first, as they are written first. */
static void print_plan(const struct fixing *fixing, bool is_dry) {
    const char *written = is_dry ? "would write" : "wrote";
    for (size_t i = 0; i < fixing->snapshot_count; i++) {
        printf("%s meta/%s, made from %s.sql\n", written, fixing->snapshots[i].name, fixing->snapshots[i].tag);
    }
    if (!fixing->bytes) {
        return;
    }
    printf("%s meta/_journal.json:\n", written);
    struct text rest = text_of(fixing->changes), line;
    while (text_line(&rest, &line)) {
        if (!is_of_snapshot(line)) {
            printf("  %.*s\n", TEXT_ARGS(line));
        }
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

static void print_undo_of_snapshots(const struct fixing *fixing) {
    const char *separator = "to undo, delete ";
    for (size_t i = 0; i < fixing->snapshot_count; i++) {
        printf("%smeta/%s", separator, fixing->snapshots[i].name);
        separator = ", ";
    }
    if (fixing->snapshot_count > 0) {
        putchar('\n');
    }
}

static int fail(enum replaced outcome, const struct error *error) {
    log_error("%s", error->sentence);
    return outcome == REPLACE_REFUSED ? FIX_REFUSED : READING_CANNOT_TELL;
}

static int write_plan(const struct options *options, struct inputs *inputs, const struct fixing *fixing) {
    struct error error;
    enum replaced outcome = REPLACED;
    const struct disk_entry *before = disk_find(inputs_disk(inputs), TEXT("meta/_journal.json"));
    if (options->is_dry_run) {
        print_plan(fixing, true);
        return reading_is_written() ? FIX_DONE : READING_CANNOT_TELL;
    }
    bool was_committed = fixing->bytes && before && is_committed(options->source);
    /* Each snapshot follows from the ones before it, and the journal names nothing that is not there: wherever this is broken off, what is
     * there is right, and another run goes on. */
    for (size_t i = 0; i < fixing->snapshot_count; i++) {
        const struct fixing_snapshot *it = &fixing->snapshots[i];
        outcome = replace_in_meta(options->source, it->name, NULL, (struct text){it->bytes, it->length}, &error);
        if (outcome != REPLACED) {
            return fail(outcome, &error);
        }
    }
    if (fixing->bytes) {
        struct text bytes = {fixing->bytes, fixing->length};
        outcome = replace_in_meta(options->source, "_journal.json", before, bytes, &error);
        if (outcome != REPLACED) {
            return fail(outcome, &error);
        }
    }
    print_plan(fixing, false);
    print_undo_of_snapshots(fixing);
    if (fixing->bytes) {
        print_undo(options->source, before, was_committed);
    }
    return reading_is_written() ? FIX_DONE : READING_CANNOT_TELL;
}

static bool is_same_plan(const struct fixing *a, const struct fixing *b) {
    bool is_same = !a->bytes == !b->bytes && a->length == b->length && a->snapshot_count == b->snapshot_count;
    is_same = is_same && (!a->bytes || memcmp(a->bytes, b->bytes, a->length) == 0);
    for (size_t i = 0; is_same && i < a->snapshot_count; i++) {
        is_same = strcmp(a->snapshots[i].name, b->snapshots[i].name) == 0 &&
                  strcmp(a->snapshots[i].bytes, b->snapshots[i].bytes) == 0;
    }
    return is_same;
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
    bool is_same = is_same_plan(&now, fixing);
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
    } else if (fixing.bytes || fixing.snapshot_count > 0) {
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
