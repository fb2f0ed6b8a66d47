/* Prints the problems of each folder that are severe enough, and determines the exit status. */
#include "cli/check.h"

#include <stdio.h>

#include "cli/base.h"
#include "cli/folders.h"
#include "cli/formats.h"
#include "cli/reading.h"
#include "migfs/util/log.h"

enum { EXIT_NONE = 0, EXIT_SOME = 1 };

struct checking {
    struct formats *formats;
    size_t by_severity[SEVERITY_COUNT]; /* counts of printed problems, in all folders */
};

/* One of the folders to check. */
struct checking_folder {
    struct checking *checking;
    const struct options *options;
    const struct report_base *base; /* NULL: none */
    int status;
};

/* ---- --fail-on ---- */

/* Names the databases in which it has this state, unless all have. */
static void add_where(struct buffer *buffer, const struct view *view, const struct migration *it, enum state state) {
    enum { NAMED = 3 };
    size_t count = view->join->database_count, found = 0;
    for (size_t d = 0; d < count; d++) {
        found += it->standings[d].state == state;
    }
    if (found == count || found == 0) {
        return;
    }
    buffer_add_string(buffer, " in ");
    for (size_t d = 0, named = 0; d < count && named < NAMED; d++) {
        if (it->standings[d].state == state) {
            buffer_add_string(buffer, named++ > 0 ? " and " : "");
            buffer_add_escaped(buffer, view->join->databases[d].name);
        }
    }
    if (found > NAMED) {
        buffer_format(buffer, " and %zu more", found - NAMED);
    }
}

static bool is_in_state(const struct view *view, const struct migration *it, enum state state) {
    bool is_so = it->kind != MIGRATION_EXCLUDED && it->state == state;
    for (size_t d = 0; d < view->join->database_count; d++) {
        is_so = is_so || (it->kind != MIGRATION_EXCLUDED && it->standings[d].state == state);
    }
    return is_so;
}

/* Reports on standard error which migrations have one of the states given; standard output has
 * problems only. */
static void check_states(struct checking_folder *folder, struct arena *arena, const struct view *view) {
    const struct options *options = folder->options;
    for (enum state state = 0; state < STATE_COUNT; state++) {
        struct buffer tags = BUFFER(arena);
        size_t count = 0;
        for (size_t i = 0; options->fail_on >> state & 1 && i < view->join->count; i++) {
            const struct migration *it = &view->join->migrations[i];
            if (is_in_state(view, it, state)) {
                buffer_add_string(&tags, count++ > 0 ? ", " : "");
                buffer_add_escaped(&tags, it->tag);
                add_where(&tags, view, it, state);
            }
        }
        if (count > 0) {
            log_error("%s: %s: %s", options->written, state_name(state), buffer_text(&tags).bytes);
            folder->status = folder->status == EXIT_NONE ? EXIT_SOME : folder->status;
        }
    }
}

/* ---- problems ---- */

/* Prints the rehearsal instead of problems. The status is EXIT_SOME if there is any obstacle, and
 * READING_CANNOT_TELL if a database cannot be read. */
static void check_upgrade(struct checking_folder *folder, struct arena *arena, const struct view *view) {
    if (!view->upgrade) {
        log_error("%s: not a folder of Drizzle 0.x, so there is nothing to upgrade", folder->options->written);
        folder->status = READING_CANNOT_TELL;
        return;
    }
    bool is_json = folder->options->format == CHECK_JSON;
    struct text text = is_json ? render_upgrade_tree(arena, view) : render_upgrade(arena, view);
    fwrite(text.bytes, 1, text.length, stdout);
    folder->status = view->upgrade->obstacles > 0 ? EXIT_SOME : EXIT_NONE;
    for (size_t i = 0; i < view->join->database_count; i++) {
        if (!view->upgrade->databases[i].is_known) {
            folder->status = READING_CANNOT_TELL;
        }
    }
}

static void check_view(void *context, struct arena *arena, const struct view *view) {
    struct checking_folder *folder = context;
    if (folder->options->upgrade) {
        check_upgrade(folder, arena, view);
        return;
    }
    const struct problems *problems =
        folder->base ? problems_find(arena, view->join, view->synthesis, folder->base, view->effects, view->deploys)
                     : view->problems;
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *problem = &problems->problems[i];
        if (problem->code == &problem_codes[PROBLEM_DATABASE_UNREADABLE] ||
            problem->code == &problem_codes[PROBLEM_SOURCE_MISSING]) {
            folder->status = READING_CANNOT_TELL;
        }
        if (problem->severity > folder->options->severity) {
            continue;
        }
        folder->status = folder->status == EXIT_NONE ? EXIT_SOME : folder->status;
        folder->checking->by_severity[problem->severity]++;
        formats_add(folder->checking->formats, folder->options, arena, problem);
    }
    check_states(folder, arena, view);
}

static int check_inputs(const struct options *options, struct checking *checking, const struct report_base *base) {
    struct inputs *inputs = reading_inputs(options, NULL);
    struct checking_folder folder = {.checking = checking, .options = options, .base = base};
    struct error error;
    if (!inputs) {
        folder.status = READING_CANNOT_TELL;
    } else if (!inputs_view(inputs, check_view, &folder, &error)) {
        log_error("%s", error.sentence);
        folder.status = READING_CANNOT_TELL;
    }
    inputs_destroy(inputs);
    return folder.status;
}

static int check_folder(struct options *options, void *context) {
    struct base base = {.tip = NULL};
    struct error error;
    bool has_base = options->base || options->base_ref;
    if (options->needs_database && options->database_count == 0) {
        log_error("%s: no database is attached, and --require-database asks for one", options->written);
        return READING_CANNOT_TELL;
    }
    if (has_base && !base_read(&base, options, &error)) {
        log_error("%s", error.sentence);
        base_finish(&base);
        return READING_CANNOT_TELL;
    }
    int status = check_inputs(options, context, has_base ? &base.report : NULL);
    base_finish(&base);
    return status;
}

/* Printed on standard error, so that programs that read the problems do not get it; nothing if
 * there is none. */
static void say_counts(const struct checking *checking) {
    char line[128];
    size_t used = 0;
    for (enum severity severity = 0; severity < SEVERITY_COUNT; severity++) {
        size_t count = checking->by_severity[severity];
        if (count > 0) {
            used += (size_t)snprintf(line + used, sizeof line - used, "%s%zu %s%s", used > 0 ? ", " : "", count,
                                     severity_name(severity), count > 1 ? "s" : "");
        }
    }
    if (used > 0) {
        log_notice("%s", line);
    }
}

int check_run(struct options *options) {
    struct checking checking = {.formats = formats_create(options)};
    if (!checking.formats) {
        log_error("out of memory");
        return READING_CANNOT_TELL;
    }
    int status = folders_run(options, FOLDERS_ANY, check_folder, &checking);
    if (!options->upgrade) {
        formats_end(checking.formats);
    }
    formats_destroy(checking.formats);
    if (!reading_is_written()) {
        return READING_CANNOT_TELL;
    }
    if (!options->is_quiet) {
        say_counts(&checking);
    }
    return status;
}
