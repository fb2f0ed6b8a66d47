/* Duplicates: files with the same SQL, and statements that two files share. */
#include <stdlib.h>

#include "migfs/util/hash.h"
#include "migfs/util/sorted.h"
#include "report/find_in.h"
#include "report/phrases.h"
#include "report/sql_run.h"

struct place_of_name {
    const struct sql_run *run;
    struct text name;
    size_t from; /* index of a deed */
};

static int compare_names(const void *context, size_t a, size_t b) {
    const struct sql_run *run = context;
    return text_compare(run->deeds[a].ddl.name, run->deeds[b].ddl.name);
}

static bool lies_before(const void *context, size_t position) {
    const struct place_of_name *sought = context;
    size_t deed = sought->run->by_name[position];
    int order = text_compare(sought->run->deeds[deed].ddl.name, sought->name);
    return order != 0 ? order < 0 : deed < sought->from;
}

/* Returns whether one undoes the other: dropping or renaming undoes creating, creating undoes
 * dropping or renaming. */
static bool opposes(const struct sql_deed *other, const struct sql_deed *deed) {
    return deed->ddl.kind == DDL_MAKES ? other->ddl.kind != DDL_MAKES : other->ddl.kind == DDL_MAKES;
}

/* Returns whether a deed strictly between these two undoes what the first did to this name. */
static bool is_undone_by_name(struct sql_run *run, const struct sql_deed *deed, struct text name, size_t first,
                              size_t second) {
    if (!run->by_name) { /* most folders repeat nothing */
        run->by_name = sorted_all(run->arena, run->deed_count, compare_names, run);
    }
    struct place_of_name sought = {run, name, first};
    size_t position = sorted_find(run->deed_count, lies_before, &sought);
    for (; position < run->deed_count && name.length > 0; position++) {
        size_t at = run->by_name[position];
        if (!text_equal(run->deeds[at].ddl.name, name) || at >= second) {
            return false;
        }
        if (opposes(&run->deeds[at], deed) && (run->deeds[at].source != deed->source)) {
            return true;
        }
    }
    return false;
}

/* Returns whether `deed` is undone before the deed with the index `second`, directly or with the
 * object that it belongs to. */
static bool is_undone(struct sql_run *run, const struct sql_deed *deed, size_t first, size_t second) {
    return is_undone_by_name(run, deed, deed->ddl.name, first, second) ||
           is_undone_by_name(run, deed, deed->ddl.owner, first, second) ||
           (deed->ddl.to.length > 0 && is_undone_by_name(run, deed, deed->ddl.to, first, second));
}

enum where { EVERYWHERE, UNKNOWN, SOMEWHERE_NOT };

/* Whether both have run in every database that can be read; UNKNOWN if there is no such
 * database. */
static enum where where_both_ran(const struct finder *finder, const struct migration *a, const struct migration *b) {
    size_t readable = 0;
    for (size_t i = 0; i < finder->join->database_count; i++) {
        if (finder_reads(finder, i)) {
            readable++;
            if (!standing_has_run(&a->standings[i]) || !standing_has_run(&b->standings[i])) {
                return SOMEWHERE_NOT;
            }
        }
    }
    return readable > 0 ? EVERYWHERE : UNKNOWN;
}

/* Says which of the two to change: one that has run nowhere, preferably the later one. */
static const char *way_out(const struct finder *finder, const struct migration *first, const struct migration *second,
                           const char *what) {
    bool is_first = finder_has_run_somewhere(finder, second),
         is_neither = is_first && finder_has_run_somewhere(finder, first);
    if (is_neither) {
        return "each has run somewhere: make it harmless in both, with IF NOT EXISTS or IF EXISTS";
    }
    const char *name = shown(finder, (is_first ? first : second)->file->path);
    bool is_known = finder->join->database_count > 0;
    return text_format(finder->arena, "%sempty %s of %s and leave a comment in its place",
                       is_known ? "" : "while it has run nowhere, ", name, what)
        .bytes;
}

/* `line`: of the statement in `it`, or 0. */
static void note_repeat(struct finder *finder, const struct migration *it, size_t line, const struct migration *other) {
    finder->repeats = arena_more(finder->arena, finder->repeats, finder->repeat_count, &finder->repeat_capacity,
                                 sizeof *finder->repeats);
    finder->repeats[finder->repeat_count++] = (struct finder_repeat){it, other, line};
}

/* For the next run's failure there, unless a rule hides this problem. */
static void note_same(struct finder *finder, const struct migration *first, size_t first_line,
                      const struct migration *second, size_t second_line) {
    if (!finder_ignores(finder, PROBLEM_SAME_SQL, second)) {
        note_repeat(finder, first, first_line, second);
        note_repeat(finder, second, second_line, first);
    }
}

static void say_same(struct finder *finder, const struct migration *first, const struct migration *second, size_t line,
                     const char *is_what, const char *what) {
    struct place place = {.file = second->file->path, .line = line, .migration = second};
    bool is_known = where_both_ran(finder, first, second) == SOMEWHERE_NOT;
    found_as(finder, is_known ? SEVERITY_ERROR : SEVERITY_WARNING, PROBLEM_SAME_SQL, &place,
             "%s %s: where both run, the second fails, or undoes what came in between; %s", is_what,
             phrase_tag(finder->arena, first->tag).bytes, way_out(finder, first, second, what));
}

/* By their statements if both are parsed, else by their texts. */
static int compare_files(const void *context, size_t a, size_t b) {
    const struct sql_run *run = context;
    const struct sql_sources *left = &run->sources[a], *right = &run->sources[b];
    if (left->is_parsed != right->is_parsed) {
        return left->is_parsed ? -1 : 1;
    }
    if (!left->is_parsed) {
        return digest_compare(&run->statements[a]->digest, &run->statements[b]->digest);
    }
    if (left->count != right->count) {
        return left->count < right->count ? -1 : 1;
    }
    for (size_t i = 0; i < left->count; i++) {
        int order = text_compare(left->sources[i].same, right->sources[i].same);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

struct deeds_of_file {
    const struct sql_run *run;
    size_t file;
};

static bool is_of_earlier_file(const void *context, size_t deed) {
    const struct deeds_of_file *sought = context;
    return sought->run->deeds[deed].at < sought->file;
}

/* Returns the end of the deeds of a file, and their start in *ret_from. */
static size_t deeds_of(const struct sql_run *run, size_t file, size_t *ret_from) {
    struct deeds_of_file sought = {run, file};
    size_t end = *ret_from = sorted_find(run->deed_count, is_of_earlier_file, &sought);
    while (end < run->deed_count && run->deeds[end].at == file) {
        end++;
    }
    return end;
}

/* Returns whether a second run of the file's text does harm: a deed in it is not guarded, and
 * nothing between the two files undoes it. */
static bool is_text_harmful(struct sql_run *run, size_t first, size_t second) {
    size_t from, to, next, ignored;
    to = deeds_of(run, first, &from);
    ignored = deeds_of(run, second, &next);
    (void)ignored;
    for (size_t i = from; i < to; i++) {
        if (!run->deeds[i].ddl.is_guarded && !is_undone(run, &run->deeds[i], to, next)) {
            return true;
        }
    }
    return false;
}

/* Marks in `same` each file that has the same text as an earlier one. */
static void find_same_texts(struct sql_run *run, bool *same) {
    size_t *sorted = sorted_all(run->arena, run->count, compare_files, run);
    for (size_t i = 1; i < run->count; i++) {
        size_t first = sorted[i - 1], second = sorted[i];
        if (compare_files(run, first, second) == 0 &&
            where_both_ran(run->finder, run->files[first], run->files[second]) != EVERYWHERE &&
            is_text_harmful(run, first, second)) {
            same[second] = true;
            note_same(run->finder, run->files[first], 0, run->files[second], 0);
            bool is_text = digest_equal(&run->statements[first]->digest, &run->statements[second]->digest);
            say_same(run->finder, run->files[first], run->files[second], 0,
                     is_text ? "holds the same text as" : "holds the same statements as", is_text ? "it" : "them");
        }
    }
}

/* For each deed, the last one before it with the same statement; SIZE_MAX: none. */
static size_t *find_earlier(const struct sql_run *run) {
    struct hash_key key = hash_key();
    size_t size = 1;
    while (size < 2 * run->deed_count) {
        size *= 2;
    }
    size_t *last = arena_array(run->arena, size_t, size); /* by statement: a deed + 1 */
    size_t *earlier = arena_array(run->arena, size_t, run->deed_count);
    for (size_t i = 0; i < run->deed_count; i++) {
        struct text same = run->deeds[i].source->same;
        size_t at = hash_text(&key, same) & (size - 1);
        while (last[at] && !text_equal(run->deeds[last[at] - 1].source->same, same)) {
            at = (at + 1) & (size - 1);
        }
        earlier[i] = last[at] ? last[at] - 1 : SIZE_MAX;
        last[at] = i + 1;
    }
    return earlier;
}

static bool is_repeated(struct sql_run *run, size_t first, size_t second) {
    const struct sql_deed *earlier = &run->deeds[first], *later = &run->deeds[second];
    return earlier->at != later->at && !earlier->ddl.is_guarded &&
           where_both_ran(run->finder, run->files[earlier->at], run->files[later->at]) != EVERYWHERE &&
           !is_undone(run, later, first + 1, second);
}

/* Reports each pair of files with a common statement once, at the first such statement. */
static void find_same_statements(struct sql_run *run, const bool *same) {
    size_t *earlier = find_earlier(run);
    size_t *last_told = arena_array(run->arena, size_t, run->count); /* of each file: the later one, plus one */
    for (size_t i = 0; i < run->deed_count; i++) {
        const struct sql_deed *second = &run->deeds[i];
        if (earlier[i] == SIZE_MAX || same[second->at] || !is_repeated(run, earlier[i], i)) {
            continue;
        }
        const struct sql_deed *first = &run->deeds[earlier[i]];
        size_t line = second->source->statement->line;
        note_same(run->finder, run->files[first->at], first->source->statement->line, run->files[second->at], line);
        if (last_told[first->at] != second->at + 1) {
            last_told[first->at] = second->at + 1;
            const char *statement = phrase_statement(run->finder->arena, second->source->statement->text).bytes;
            say_same(run->finder, run->files[first->at], run->files[second->at], line,
                     text_format(run->finder->arena, "repeats %s of", statement).bytes, "this statement");
        }
    }
}

void find_in_same_sql(struct sql_run *run) {
    bool *same = arena_array(run->arena, bool, run->count);
    find_same_texts(run, same);
    find_same_statements(run, same);
}
