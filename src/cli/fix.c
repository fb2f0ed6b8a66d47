/* Reads everything, writes the missing snapshots and meta/_journal.json by the consistent journal,
 * and says how to undo that with git. */
#include "cli/fix.h"

#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/fix_plan.h"
#include "cli/folders.h"
#include "cli/reading.h"
#include "cli/replace.h"
#include "cli/schema_config.h"
#include "cli/schema_files.h"
#include "migfs/util/log.h"

enum { FIX_DONE = 0, FIX_REFUSED = 1 };

/* ---- git ---- */

/* Runs git in this folder and returns whether it exits with 0. */
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

/* Returns whether git's newest commit has the file as it is now. */
static bool is_committed(const char *source, const char *path) {
    const char *const known[] = {"ls-files", "--error-unmatch", "--", path, NULL};
    const char *const same[] = {"diff", "--quiet", "HEAD", "--", path, NULL};
    return git_agrees(source, known) && git_agrees(source, same);
}

/* Prints a path quoted for a shell. */
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

/* ---- messages ---- */

static bool is_of_snapshot(struct text line) {
    size_t at;
    return text_starts(line, "meta/") && text_find(line, "_snapshot.json: ", &at);
}

/* Generated timestamps are up to a minute ahead of those that they are derived from. A migration
 * generated in that time gets a lower one, and never runs where this one has run without it.
 * Timestamps further ahead are not from us. */
static void print_wait(const struct fix_plan *plan) {
    enum { LONGEST_S = 3600 };
    char at[32];
    time_t now = time(NULL), next = (time_t)(plan->newest_made / 1000 + 1);
    struct tm parts;
    if (plan->newest_made == INT64_MIN || next <= now || next - now > LONGEST_S || !gmtime_r(&next, &parts)) {
        return;
    }
    strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", &parts);
    printf("its newest timestamp lies %lld s ahead of the clock: generate the next migration after %s%s\n",
           (long long)(next - now), at,
           plan->has_databases ? ", or run `migfs fix` with the same databases once it is generated" : "");
}

/* SQL written by hand in drizzle-kit's own form cannot be recognized, so what it adds to a snapshot
 * is not named. Only drizzle-kit shows what it would drop. */
static void print_check(const struct options *options, const struct fix_plan *plan) {
    if (!plan->newest_snapshot) {
        return;
    }
    struct schema_options schema;
    schema_options_read(options->source, &schema);
    fputs("before you commit, run `drizzle-kit generate --dialect=postgresql --schema=", stdout);
    print_word(schema.files ? schema.files : "SCHEMA");
    if (schema.has_casing) {
        fputs(" --casing=", stdout);
        print_word(schema.casing ? schema.casing : "CASING");
    }
    fputs(" --out=./COPY`", stdout);
    if (schema.folder) {
        fputs(" in ", stdout);
        print_word(schema.folder);
    }
    printf(
        " on a copy of the folder: it compares your schema with meta/%s, and drops what the schema does not declare; "
        "add to the schema what is to stay\n",
        plan->newest_snapshot);
    schema_options_finish(&schema);
}

/* Prints the snapshots, in the order of writing, then the lines of `changes` about the journal. */
static void print_plan(const struct options *options, const struct fix_plan *plan, bool is_dry) {
    const char *written = is_dry ? "would write" : "wrote";
    for (size_t i = 0; i < plan->snapshot_count; i++) {
        const struct fix_snapshot *it = &plan->snapshots[i];
        if (it->made_from) {
            printf("%s meta/%s, made from %s.sql%s\n", written, it->name, it->made_from, it->remark);
        } else {
            printf("%s meta/%s: its prevId, and nothing else\n", written, it->name);
        }
    }
    if (plan->undeclared[0]) {
        printf("%s what no file of your schema names, so that `drizzle-kit generate` does not drop it: %s; if the "
               "schema is to have it, undo this, add it there and run `migfs fix` again\n",
               is_dry ? "would leave out" : "left out", plan->undeclared);
    }
    if (plan->changed[0]) {
        printf("%s what hand-written SQL changed although your schema has it as it was, so that `drizzle-kit generate` "
               "does not change it back: %s; if the schema is to have the change, undo this, make it there and run "
               "`migfs fix` again\n",
               is_dry ? "would leave out" : "left out", plan->changed);
    }
    if (plan->unsure[0]) {
        printf("%s what your schema may or may not declare, so that `drizzle-kit generate` does not undo it: %s; if "
               "the next `drizzle-kit generate` writes this again, replace those statements in its file with a "
               "comment, since earlier SQL has them\n",
               is_dry ? "would leave out" : "left out", plan->unsure);
    }
    if (plan->again[0]) {
        printf("your schema declares what hand-written SQL dropped: %s; the next `drizzle-kit generate` makes it "
               "again, without what was in it; if it is to stay dropped, take it out of the schema\n",
               plan->again);
    }
    if (plan->absent[0]) {
        printf("%s what the snapshot before does not have, although earlier SQL made it: %s\n",
               is_dry ? "would leave out" : "left out", plan->absent);
    }
    print_check(options, plan);
    if (!plan->bytes) {
        return;
    }
    printf("%s meta/_journal.json:\n", written);
    struct text rest = text_of(plan->changes), line;
    while (text_line(&rest, &line)) {
        if (!is_of_snapshot(line)) {
            printf("  %.*s\n", TEXT_ARGS(line));
        }
    }
    print_wait(plan);
}

/* ---- writing ---- */

/* A file to write, in meta/. */
struct writing {
    const char *name;
    struct text bytes;
    const struct disk_entry *before; /* NULL: a new file */
    bool was_committed;
};

/* If the writing is interrupted, the files on disk are still valid, and another run continues: each
 * snapshot follows an existing one or is followed by none, and the journal names no missing
 * file. */
static size_t list_writings(const struct options *options, const struct inputs *inputs, const struct fix_plan *plan,
                            struct writing *writings) {
    size_t count = 0;
    for (size_t i = 0; i < plan->snapshot_count; i++) {
        const struct fix_snapshot *it = &plan->snapshots[i];
        writings[count++] = (struct writing){.name = it->name, .bytes = {it->bytes, it->length}};
    }
    if (plan->bytes) {
        writings[count++] = (struct writing){.name = "_journal.json", .bytes = {plan->bytes, plan->length}};
    }
    for (size_t i = 0; i < count; i++) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "meta/%s", writings[i].name);
        bool is_there = i >= plan->snapshot_count || !plan->snapshots[i].made_from;
        writings[i].before = is_there ? disk_find(inputs_disk(inputs), text_of(path)) : NULL;
        writings[i].was_committed = writings[i].before && is_committed(options->source, path);
    }
    return count;
}

static void print_undo(const char *source, const struct writing *writings, size_t count) {
    const char *separator = "to undo, delete ", *end = "";
    for (size_t i = 0; i < count; i++) {
        if (!writings[i].before) {
            printf("%smeta/%s", separator, writings[i].name);
            separator = ", ";
            end = "\n";
        }
    }
    fputs(end, stdout);
    end = "";
    for (size_t i = 0; i < count; i++) {
        if (writings[i].was_committed) {
            if (!end[0]) {
                fputs("to undo: git -C ", stdout);
                print_word(source);
                fputs(" checkout HEAD --", stdout);
                end = "\n";
            }
            printf(" meta/%s", writings[i].name);
        }
    }
    fputs(end, stdout);
    for (size_t i = 0; i < count; i++) {
        if (writings[i].before && !writings[i].was_committed) {
            printf("git cannot undo it: meta/%s was not committed as it was\n", writings[i].name);
        }
    }
}

static int write_plan(const struct options *options, const struct inputs *inputs, const struct fix_plan *plan) {
    struct writing *writings = calloc(plan->snapshot_count + 1, sizeof *writings);
    struct error error;
    enum replaced outcome = REPLACED;
    if (!writings) {
        error_set_memory(&error);
        log_error("%s", error.sentence);
        return READING_CANNOT_TELL;
    }
    size_t count = list_writings(options, inputs, plan, writings);
    for (size_t i = 0; outcome == REPLACED && i < count; i++) {
        outcome = replace_in_meta(options->source, writings[i].name, writings[i].before, writings[i].bytes, &error);
    }
    if (outcome == REPLACED) {
        print_plan(options, plan, false);
        print_undo(options->source, writings, count);
    } else {
        log_error("%s", error.sentence);
    }
    free(writings);
    if (outcome != REPLACED) {
        return outcome == REPLACE_REFUSED ? FIX_REFUSED : READING_CANNOT_TELL;
    }
    return reading_is_written() ? FIX_DONE : READING_CANNOT_TELL;
}

/* ---- the command ---- */

/* Reading the databases takes time, so the folder is read again and must still give the same
 * plan. */
static int fix_again(const struct options *options, struct inputs *inputs, const struct fix_plan *plan) {
    struct fix_plan now;
    struct error error;
    bool is_changed;
    if (!inputs_scan(inputs, &is_changed, &error) || !fix_plan_make(options, inputs, &now, &error)) {
        log_error("%s", error.sentence);
        return READING_CANNOT_TELL;
    }
    bool is_same = fix_plan_is_same(&now, plan);
    fix_plan_finish(&now);
    if (!is_same) {
        log_error("the folder has changed since it was read; run it once more");
        return FIX_REFUSED;
    }
    if (options->is_dry_run) {
        print_plan(options, plan, true);
        return reading_is_written() ? FIX_DONE : READING_CANNOT_TELL;
    }
    return write_plan(options, inputs, plan);
}

/* Logs what was requested but could not be made; the rest is written anyway. */
static int log_missing(const struct fix_plan *plan, int status) {
    struct text rest = text_of(plan->missing), line;
    while (text_line(&rest, &line)) {
        log_error("not all snapshots: %.*s", TEXT_ARGS(line));
    }
    return plan->missing[0] && status == FIX_DONE ? FIX_REFUSED : status;
}

/* On standard error: standard output says only what is written. */
static void say_open(const struct fix_plan *plan) {
    struct text rest = text_of(plan->open), line;
    while (text_line(&rest, &line)) {
        log_notice("%.*s", TEXT_ARGS(line));
    }
}

static int fix(const struct options *options, struct inputs *inputs) {
    struct fix_plan plan;
    struct error error;
    int status = FIX_DONE;
    if (!fix_plan_make(options, inputs, &plan, &error)) {
        log_error("%s", error.sentence);
        status = READING_CANNOT_TELL;
    } else if (plan.refusal) {
        log_error("refused: %s", plan.refusal);
        status = FIX_REFUSED;
    } else {
        bool has_to_write = plan.bytes || plan.snapshot_count > 0;
        if (has_to_write && plan.is_rebuilt) {
            log_notice("meta/_journal.json could not be read: this one is rebuilt from the ledgers and the files");
        }
        status = has_to_write ? fix_again(options, inputs, &plan) : FIX_DONE;
        if (status == FIX_DONE) {
            say_open(&plan);
        }
        status = log_missing(&plan, status);
    }
    if (!options->is_dry_run) {
        replace_remove_left(options->source, disk_find(inputs_disk(inputs), TEXT("meta/_journal.json")));
    }
    fix_plan_finish(&plan);
    return status;
}

static int fix_folder(struct options *options, void *context) {
    (void)context;
    struct schema_files *files = schema_files_read(options->source);
    const struct snapshots_schema schema = {schema_files_have, files, schema_files_say};
    struct inputs *inputs = reading_inputs(options, files ? &schema : NULL);
    int status = inputs ? fix(options, inputs) : READING_CANNOT_TELL;
    inputs_destroy(inputs);
    schema_files_destroy(files);
    return status;
}

int fix_run(struct options *options) {
    return folders_run(options, FOLDERS_ONE, fix_folder, NULL);
}
