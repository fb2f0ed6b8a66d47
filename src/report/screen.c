/* Puts the screen together: a line on the folder, the table, what runs next, and what needs something. */
#include "migfs/report/screen.h"

#include <string.h>

#include "report/phrases.h"
#include "report/screen_table.h"

/* Of problems: as many as leave the screen one, but at least some. */
enum { MOST_LINES = 59, LINES_EACH = 3, LEAST_KINDS = 3, LEAST_LINES = LINES_EACH * LEAST_KINDS };

static const char *plural(size_t count) {
    return count == 1 ? "" : "s";
}

/* ---- the folder ---- */

static void add_folder(struct buffer *buffer, const struct view *view, const struct screen_options *options) {
    const struct join *join = view->join;
    size_t count = 0, unreadable = 0;
    for (size_t i = 0; i < join->count; i++) {
        count += join->migrations[i].kind != MIGRATION_EXCLUDED;
    }
    for (size_t i = 0; i < join->database_count; i++) {
        unreadable += join->databases[i].ledger->status == LEDGER_UNREADABLE;
    }
    buffer_add_escaped(buffer, options->source);
    buffer_format(buffer, ": %zu migration%s", count, plural(count));
    if (join->is_v1) {
        buffer_add_string(buffer, " of drizzle v1");
    } else if (join->journal->status == JOURNAL_READ) {
        buffer_format(buffer, ", %zu in meta/_journal.json", join->journal->count);
    } else {
        buffer_add_string(buffer, join->journal->status == JOURNAL_MISSING ? ", no meta/_journal.json"
                                                                           : ", meta/_journal.json cannot be read");
    }
    if (join->database_count == 0) {
        buffer_add_string(buffer, "; no database is attached, so what has run is not known\n");
    } else {
        buffer_format(buffer, "; %zu database%s", join->database_count, plural(join->database_count));
        if (unreadable > 0) {
            buffer_format(buffer, ", %zu cannot be read", unreadable);
        }
        buffer_add_char(buffer, '\n');
    }
}

/* ---- the next deploy ---- */

/* By one of the journals. */
struct next {
    const struct view *view;
    bool is_from_disk;
};

static const struct deploy *deploy_of(const struct next *next, size_t database) {
    const struct deploys *deploys = &next->view->deploys[database];
    return next->is_from_disk ? &deploys->disk : &deploys->here;
}

static bool has_answered(const struct view *view, size_t database) {
    return view->join->databases[database].ledger->status != LEDGER_UNREADABLE;
}

static bool deploy_alike(void *context, size_t a, size_t b) {
    const struct next *next = context;
    bool can_tell = has_answered(next->view, a);
    return can_tell == has_answered(next->view, b) &&
           (!can_tell || deploy_equal(deploy_of(next, a), deploy_of(next, b)));
}

static void add_tags(struct buffer *buffer, const char *what, const struct migration **tags, size_t count) {
    struct screen_list list = {.buffer = buffer, .indent = 6, .used = 4 + strlen(what)};
    if (count == 0) {
        return;
    }
    buffer_format(buffer, "    %s", what);
    for (size_t i = 0; i < count; i++) {
        screen_list_add(&list, tags[i]->tag);
    }
    buffer_add_char(buffer, '\n');
}

static void add_deploy(struct buffer *buffer, const struct next *next, const struct screen_group *group) {
    const struct deploy *deploy = deploy_of(next, group->databases[0]);
    bool can_tell = has_answered(next->view, group->databases[0]);
    bool is_idle = can_tell && deploy->obstacle.length == 0 && deploy->count + deploy->left_out_count == 0;
    if (!is_idle && !screen_says_all(group)) {
        screen_add_names(buffer, next->view, group);
    }
    buffer_format(buffer, "  %.*s: ", TEXT_ARGS(group->label));
    if (!can_tell) {
        buffer_add_string(buffer, "cannot be read\n");
    } else if (deploy->obstacle.length > 0) {
        buffer_add(buffer, deploy->obstacle);
        buffer_add_char(buffer, '\n');
    } else {
        if (deploy_fails(deploy)) {
            buffer_add(buffer, phrase_abort(buffer->arena, next->view->join, &deploy->failure));
            buffer_format(buffer, "\n    of %zu\n", deploy->count);
        } else {
            buffer_format(buffer, deploy->count > 0 ? "runs %zu\n" : "runs nothing\n", deploy->count);
        }
        add_tags(buffer, "in this order:", deploy->runs, deploy->count);
        add_tags(buffer, "never runs:", deploy->leaves_out, deploy->left_out_count);
    }
}

static void add_deploys(struct buffer *buffer, struct next *next, const char *title) {
    struct screen_groups groups = screen_group_databases(buffer->arena, next->view, deploy_alike, next);
    buffer_format(buffer, "\n%s\n", title);
    for (size_t i = 0; i < groups.count; i++) {
        add_deploy(buffer, next, &groups.groups[i]);
    }
}

static void add_running(struct buffer *buffer, const struct view *view) {
    static const char label[] = "a run is in progress:";
    struct screen_list list = {.buffer = buffer, .indent = 4, .used = sizeof label + 1};
    for (size_t i = 0; i < view->join->database_count; i++) {
        if (view->join->databases[i].ledger->runs.is_open) {
            if (list.count == 0) {
                buffer_format(buffer, "  %s", label);
            }
            screen_list_add(&list, view->join->databases[i].name);
        }
    }
    buffer_add_string(buffer, list.count > 0 ? "\n" : "");
}

/* By both journals where that makes a difference to some database. */
static void add_both(struct buffer *buffer, const struct view *view) {
    struct next disk = {view, true}, here = {view, false};
    bool is_same = true;
    for (size_t i = 0; i < view->join->database_count; i++) {
        is_same = is_same && (!has_answered(view, i) || deploy_equal(deploy_of(&disk, i), deploy_of(&here, i)));
    }
    add_deploys(buffer, &disk, is_same ? "next deploy" : "next deploy, by meta/_journal.json as it is");
    add_running(buffer, view);
    if (!is_same) {
        add_deploys(buffer, &here, "next deploy, by the consistent journal");
    }
}

/* ---- problems ---- */

/* Those that `migfs fix` puts right by the journal that it writes, while none is refused. */
static bool is_fixed(const struct problem *problem) {
    static const enum problem_kind kinds[] = {PROBLEM_UNJOURNALED, PROBLEM_SKIPPED, PROBLEM_RERUN,
                                              PROBLEM_JOURNAL_INCOMPLETE, PROBLEM_JOURNAL_MISSING};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (problem->code == &problem_codes[kinds[i]]) {
            return true;
        }
    }
    return false;
}

/* A word as a shell takes it. */
static void add_quoted(struct buffer *buffer, struct text word) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/+:@%,=";
    bool is_plain = word.length > 0 && word.bytes[0] != '-', is_safe = true;
    for (size_t i = 0; i < word.length; i++) {
        is_plain = is_plain && word.bytes[i] && strchr(plain, word.bytes[i]);
        is_safe = is_safe && (unsigned char)word.bytes[i] >= ' ' && word.bytes[i] != 0x7f;
    }
    if (!is_safe) {
        buffer_add_escaped(buffer, word); /* to be read, not to be pasted */
        return;
    }
    if (is_plain) {
        buffer_add(buffer, word);
        return;
    }
    buffer_add_string(buffer, word.length > 0 && word.bytes[0] == '-' ? "./'" : "'");
    for (size_t i = 0; i < word.length; i++) {
        if (word.bytes[i] == '\'') {
            buffer_add_string(buffer, "'\\''");
        } else {
            buffer_add_char(buffer, word.bytes[i]);
        }
    }
    buffer_add_char(buffer, '\'');
}

static bool is_of_kind(const struct problem *a, const struct problem *b) {
    return a->code == b->code && a->severity == b->severity;
}

/* The problems of one kind: their places, what is so, and a command. */
static void add_kind(struct buffer *buffer, const struct view *view, size_t first,
                     const struct screen_options *options) {
    enum { NAMED = 3 };
    static const char *const colours[SEVERITY_COUNT] = {"\033[1;31m", "\033[1;35m", ""};
    const struct problem *problems = view->problems->problems, *it = &problems[first];
    struct phrase_list places = phrase_list(buffer->arena, NAMED);
    for (size_t i = first; i < view->problems->count; i++) {
        if (is_of_kind(it, &problems[i])) {
            phrase_list_add(&places, problems[i].file);
        }
    }
    buffer_format(buffer, "  %s%s%s %s: ", options->is_coloured ? colours[it->severity] : "",
                  severity_name(it->severity), options->is_coloured ? "\033[0m" : "", it->code->code);
    buffer_add(buffer, phrase_list_end(&places));
    buffer_add_string(buffer, "\n    ");
    buffer_add(buffer, it->sentence);
    buffer_add_string(buffer, "\n    $ migfs ");
    if (options->has_fix && view->synthesis->refusal == REFUSAL_NONE && is_fixed(it)) {
        buffer_add_string(buffer, "fix ");
        add_quoted(buffer, options->source);
        buffer_add_char(buffer, '\n');
    } else {
        buffer_format(buffer, "explain %s\n", it->code->code);
    }
}

static bool is_first_of_kind(const struct view *view, size_t at) {
    const struct problem *problems = view->problems->problems;
    if (problems[at].severity == SEVERITY_NOTE) {
        return false;
    }
    for (size_t i = 0; i < at; i++) {
        if (is_of_kind(&problems[i], &problems[at])) {
            return false;
        }
    }
    return true;
}

static size_t count_lines(const struct buffer *buffer) {
    size_t count = 0;
    for (size_t i = 0; i < buffer->length; i++) {
        count += buffer->bytes[i] == '\n';
    }
    return count;
}

static void add_problems(struct buffer *buffer, const struct view *view, const struct screen_options *options) {
    const size_t *by = view->problems->by_severity;
    size_t errors = by[SEVERITY_ERROR], warnings = by[SEVERITY_WARNING], used = count_lines(buffer) + 3, more = 0;
    size_t room = used + LEAST_LINES < MOST_LINES ? (MOST_LINES - used) / LINES_EACH : LEAST_KINDS;
    if (errors + warnings == 0) {
        return;
    }
    buffer_format(buffer, "\nproblems: %zu error%s, %zu warning%s\n", errors, plural(errors), warnings,
                  plural(warnings));
    for (size_t i = 0; i < view->problems->count; i++) {
        if (!is_first_of_kind(view, i)) {
            continue;
        }
        if (room == 0) {
            more++;
        } else {
            add_kind(buffer, view, i, options);
            room--;
        }
    }
    if (more > 0) {
        buffer_format(buffer, "  and %zu more kind%s: migfs check ", more, plural(more));
        add_quoted(buffer, options->source);
        buffer_add_char(buffer, '\n');
    }
}

struct text screen_render(struct arena *arena, const struct view *view, const struct screen_options *options) {
    struct buffer buffer = BUFFER(arena);
    const char *unreachable = disk_unreachable(view->join->disk);
    if (unreachable) {
        buffer_add_escaped(&buffer, options->source);
        buffer_format(&buffer, ": the migrations folder %s\n", unreachable);
        return buffer_text(&buffer);
    }
    add_folder(&buffer, view, options);
    screen_add_table(&buffer, view, options->is_coloured);
    if (view->join->database_count > 0) {
        add_both(&buffer, view);
    }
    add_problems(&buffer, view, options);
    return buffer_text(&buffer);
}
