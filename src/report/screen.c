/* Assembles the screen: a line on the folder, the table, the next deploy, and the problems. */
#include "migfs/report/screen.h"

#include <string.h>

#include "report/effect_phrases.h"
#include "report/phrases.h"
#include "report/screen_table.h"

/* Lines for problems: as many as the screen has left, but at least LEAST_LINES. */
enum { MOST_LINES = 59, LINES_EACH = 3, LEAST_KINDS = 3, LEAST_LINES = LINES_EACH * LEAST_KINDS };

/* ---- the folder ---- */

/* The width at which sentences are wrapped; 0: they are not. */
static size_t width_of_sentences(const struct screen_options *options) {
    return options->is_wrapped ? options->width : 0;
}

static struct text describe_folder(struct arena *arena, const struct view *view, const struct screen_options *options) {
    struct buffer line = BUFFER(arena), *buffer = &line;
    const struct join *join = view->join;
    size_t count = 0, unreadable = 0;
    for (size_t i = 0; i < join->count; i++) {
        count += join->migrations[i].kind != MIGRATION_EXCLUDED;
    }
    for (size_t i = 0; i < join->database_count; i++) {
        unreadable += join->databases[i].ledger->status == LEDGER_UNREADABLE;
    }
    buffer_add_escaped(buffer, options->source);
    buffer_add_string(buffer, ": ");
    phrase_count(buffer, count, "migration");
    if (!join->layout->has_journal) {
        buffer_add_string(buffer, " of Drizzle v1");
    } else if (join->journal->status == JOURNAL_READ) {
        buffer_format(buffer, ", %zu in meta/_journal.json", join->journal->count);
    } else {
        buffer_add_string(buffer, join->journal->status == JOURNAL_MISSING ? ", no meta/_journal.json"
                                                                           : ", meta/_journal.json cannot be read");
    }
    if (join->database_count == 0) {
        buffer_add_string(buffer, "; no database is attached, so what has run is not known");
    } else {
        buffer_add_string(buffer, "; ");
        phrase_count(buffer, join->database_count, "database");
        if (unreadable > 0) {
            buffer_format(buffer, ", %zu cannot be read", unreadable);
        }
    }
    return buffer_text(buffer);
}

static void add_folder(struct buffer *buffer, const struct view *view, const struct screen_options *options) {
    enum { INDENT = 2 };
    struct text line = describe_folder(buffer->arena, view, options);
    screen_add_sentence(buffer, line, 0, INDENT, width_of_sentences(options));
    buffer_add_char(buffer, '\n');
}

/* ---- the next deploy ---- */

/* The next deploy by one of the journals. */
struct next {
    struct arena *arena;
    const struct view *view;
    const struct screen_options *options;
    bool is_from_disk;
};

static const struct deploy *deploy_of(const struct next *next, size_t database) {
    const struct deploys *deploys = &next->view->deploys[database];
    return next->is_from_disk ? &deploys->disk : &deploys->here;
}

static bool has_answered(const struct view *view, size_t database) {
    return view->join->databases[database].ledger->status != LEDGER_UNREADABLE;
}

static struct text recorded(struct arena *arena, const struct next *next, size_t database) {
    const struct effects_join *effects = next->view->effects;
    const struct deploy *deploy = deploy_of(next, database);
    return effects ? effect_phrase_recorded_runs(arena, effects, database, deploy->runs, deploy->count) : TEXT("");
}

static bool deploy_alike(void *context, size_t a, size_t b) {
    const struct next *next = context;
    bool can_tell = has_answered(next->view, a);
    return can_tell == has_answered(next->view, b) &&
           (!can_tell || (deploy_equal(deploy_of(next, a), deploy_of(next, b)) &&
                          text_equal(recorded(next->arena, next, a), recorded(next->arena, next, b))));
}

static void add_tags(struct buffer *buffer, size_t width, const char *what, const struct migration **tags,
                     size_t count) {
    struct screen_list list = {.buffer = buffer, .width = width, .indent = 6, .used = 4 + strlen(what)};
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
    enum { INDENT = 4 };
    const struct deploy *deploy = deploy_of(next, group->databases[0]);
    size_t width = next->options->width, wrapped = width_of_sentences(next->options);
    size_t used = strlen("  ") + group->label.length + strlen(": ");
    bool can_tell = has_answered(next->view, group->databases[0]);
    bool is_idle = can_tell && deploy->obstacle.length == 0 && deploy->count + deploy->left_out_count == 0;
    if (!is_idle && !screen_says_all(group)) {
        screen_add_names(buffer, next->view, group, next->options->width);
    }
    buffer_format(buffer, "  %.*s: ", TEXT_ARGS(group->label));
    if (!can_tell) {
        buffer_add_string(buffer, "cannot be read\n");
    } else if (deploy->obstacle.length > 0) {
        screen_add_sentence(buffer, deploy->obstacle, used, INDENT, wrapped);
        buffer_add_char(buffer, '\n');
    } else {
        if (deploy_fails(deploy)) {
            struct text abort = phrase_abort(buffer->arena, next->view->join, &deploy->failure);
            screen_add_sentence(buffer, abort, used, INDENT, wrapped);
            buffer_format(buffer, "\n    of %zu\n", deploy->count);
        } else {
            buffer_format(buffer, deploy->count > 0 ? "runs %zu\n" : "runs nothing\n", deploy->count);
        }
        add_tags(buffer, width, "in this order:", deploy->runs, deploy->count);
        struct text elsewhere = recorded(buffer->arena, next, group->databases[0]);
        if (elsewhere.length > 0) {
            buffer_add_string(buffer, "    ");
            screen_add_sentence(buffer, elsewhere, INDENT, INDENT, wrapped);
            buffer_add_char(buffer, '\n');
        }
        add_tags(buffer, width, "never runs:", deploy->leaves_out, deploy->left_out_count);
    }
}

static void add_deploys(struct buffer *buffer, struct next *next, const char *title) {
    struct screen_groups groups = screen_group_databases(buffer->arena, next->view, deploy_alike, next);
    buffer_format(buffer, "\n%s\n", title);
    for (size_t i = 0; i < groups.count; i++) {
        add_deploy(buffer, next, &groups.groups[i]);
    }
}

static void add_running(struct buffer *buffer, const struct view *view, size_t width) {
    static const char label[] = "a run is in progress:";
    struct screen_list list = {.buffer = buffer, .width = width, .indent = 4, .used = sizeof label + 1};
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

/* By both journals if they differ for some database. */
static void add_both(struct buffer *buffer, const struct view *view, const struct screen_options *options) {
    struct next disk = {buffer->arena, view, options, true}, here = {buffer->arena, view, options, false};
    bool is_same = true;
    for (size_t i = 0; i < view->join->database_count; i++) {
        is_same = is_same && (!has_answered(view, i) || deploy_equal(deploy_of(&disk, i), deploy_of(&here, i)));
    }
    add_deploys(buffer, &disk, is_same ? "next deploy" : "next deploy, from meta/_journal.json as it is");
    add_running(buffer, view, options->width);
    if (!is_same) {
        add_deploys(buffer, &here, "next deploy, from the consistent journal");
    }
}

/* ---- problems ---- */

/* Returns whether `migfs fix` solves it by writing the consistent journal, provided that it is not
 * refused. */
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

/* Quotes a word for a shell. */
static void add_quoted(struct buffer *buffer, struct text word) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/+:@%,=";
    bool is_plain = word.length > 0 && word.bytes[0] != '-', is_safe = true;
    for (size_t i = 0; i < word.length; i++) {
        is_plain = is_plain && word.bytes[i] && strchr(plain, word.bytes[i]);
        is_safe = is_safe && (unsigned char)word.bytes[i] >= ' ' && word.bytes[i] != 0x7f;
    }
    if (!is_safe) {
        buffer_add_escaped(buffer, word); /* for reading, not for pasting */
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

/* Adds each file once, with the number of its problems; those of one file follow each other. */
static void add_places(struct phrase_list *places, const struct view *view, size_t first) {
    const struct problem *problems = view->problems->problems;
    for (size_t i = first, next; i < view->problems->count; i = next) {
        size_t count = 1;
        for (next = i + 1; next < view->problems->count; next++) {
            bool is_of = is_of_kind(&problems[first], &problems[next]);
            if (is_of && !text_equal(problems[i].file, problems[next].file)) {
                break;
            }
            count += is_of;
        }
        struct text file = problems[i].file;
        phrase_list_add(
            places, count == 1 ? file : text_format(places->buffer.arena, "%.*s (%zu times)", TEXT_ARGS(file), count));
    }
}

/* The problems of one kind: their places, the sentence of the first, and a command. */
static void add_kind(struct buffer *buffer, const struct view *view, size_t first,
                     const struct screen_options *options) {
    enum { NAMED = 3, INDENT = 4 };
    static const char *const colours[SEVERITY_COUNT] = {"\033[1;31m", "\033[1;35m", ""};
    const struct problem *it = &view->problems->problems[first];
    struct phrase_list places = phrase_list(buffer->arena, NAMED);
    add_places(&places, view, first);
    buffer_format(buffer, "  %s%s%s %s: ", options->is_coloured ? colours[it->severity] : "",
                  severity_name(it->severity), options->is_coloured ? "\033[0m" : "", it->code->code);
    size_t used = strlen("  ") + strlen(severity_name(it->severity)) + 1 + strlen(it->code->code) + strlen(": ");
    size_t width = width_of_sentences(options);
    screen_add_sentence(buffer, phrase_list_end(&places), used, INDENT, width);
    buffer_add_string(buffer, "\n    ");
    screen_add_sentence(buffer, it->sentence, INDENT, INDENT, width);
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
    buffer_format(buffer, "\nproblems: %zu error%s, %zu warning%s\n", errors, phrase_s(errors), warnings,
                  phrase_s(warnings));
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
        buffer_format(buffer, "  and %zu more kind%s: migfs check ", more, phrase_s(more));
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
    screen_add_table(&buffer, view, options->width, options->is_coloured);
    if (view->join->database_count > 0) {
        add_both(&buffer, view, options);
    }
    add_problems(&buffer, view, options);
    return buffer_text(&buffer);
}
