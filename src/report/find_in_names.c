/* Problems of names that two migrations share, or nearly share. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/find_in.h"
#include "report/phrases.h"

static bool has_run_somewhere(const struct finder *finder, const struct migration *it) {
    for (size_t i = 0; i < finder->join->database_count; i++) {
        if (!finder->join->databases[i].is_wrong && standing_has_run(&it->standings[i])) {
            return true;
        }
    }
    return false;
}

/* The tag with the number behind all that are taken, as wide as its own. */
static struct text free_tag(const struct finder *finder, struct text tag) {
    size_t digits = 0;
    unsigned long long highest = 0;
    while (digits < tag.length && isdigit((unsigned char)tag.bytes[digits])) {
        digits++;
    }
    for (size_t i = 0; i < finder->join->count; i++) {
        struct text number = finder->join->migrations[i].number;
        enum { COUNTABLE = 18 };
        if (number.length > 0 && number.length <= COUNTABLE) {
            unsigned long long value = strtoull(number.bytes, NULL, 10); /* ends at the `_` */
            highest = value > highest ? value : highest;
        }
    }
    return text_format(finder->arena, "%0*llu%s", (int)digits, highest + 1,
                       phrase_tag(finder->arena, text_slice(tag, digits, tag.length)).bytes);
}

/* The one that has run nowhere can get another name; where both have run, or neither, nothing has to be done. */
static void find_shared_number(struct finder *finder, const struct migration *first, const struct migration *second) {
    bool first_ran = has_run_somewhere(finder, first), second_ran = has_run_somewhere(finder, second);
    const struct migration *it = second_ran && !first_ran ? first : second, *other = it == first ? second : first;
    struct place place = {.file = it->file->name, .migration = it};
    if (first_ran && second_ran) {
        return;
    }
    const char *tag = free_tag(finder, it->tag).bytes;
    found_as(
        finder, first_ran != second_ran ? SEVERITY_WARNING : SEVERITY_NOTE, PROBLEM_DUPLICATE_PREFIX, &place,
        "begins with the number of %s%s: Drizzle runs both, but drizzle-kit has one snapshot for a number; %srename "
        "it to %s.sql%s",
        phrase_tag(finder->arena, other->tag).bytes,
        first_ran != second_ran ? ", which has run, and has run nowhere itself" : "",
        first_ran != second_ran ? "" : "while it has run nowhere, ", tag,
        it->entry ? text_format(finder->arena, ", and the tag of its entry to %s", tag).bytes : "");
}

static bool differ_in_case_alone(struct text left, struct text right) {
    return left.length == right.length && strncasecmp(left.bytes, right.bytes, left.length) == 0;
}

static void find_shared_numbers(struct finder *finder) {
    const struct migration *first = NULL; /* migrations come by number */
    for (size_t i = 0; i < finder->join->count; i++) {
        const struct migration *it = &finder->join->migrations[i];
        if (!migration_counts(it) || it->number.length == 0) {
            continue;
        }
        if (first && text_equal(first->number, it->number)) {
            if (!differ_in_case_alone(first->tag, it->tag)) { /* else that is said */
                find_shared_number(finder, first, it);
            }
        } else {
            first = it;
        }
    }
}

static int compare_without_case(const void *a, const void *b, void *context) {
    const struct migration *migrations = context;
    struct text l = migrations[*(const size_t *)a].tag, r = migrations[*(const size_t *)b].tag;
    for (size_t i = 0; i < l.length && i < r.length; i++) {
        int left = tolower((unsigned char)l.bytes[i]), right = tolower((unsigned char)r.bytes[i]);
        if (left != right) {
            return left - right;
        }
    }
    return l.length != r.length ? (l.length > r.length) - (l.length < r.length) : text_compare(l, r);
}

/* Of two of which one has run nowhere that one is to be renamed; of others the second: their rows are found by hash. */
static void find_case_clash(struct finder *finder, const struct migration *first, const struct migration *second) {
    bool is_first = has_run_somewhere(finder, second) && !has_run_somewhere(finder, first);
    const struct migration *it = is_first ? first : second, *other = is_first ? second : first;
    struct place place = {.file = it->file->name, .migration = it};
    const char *tag = free_tag(finder, it->tag).bytes;
    found(
        finder, PROBLEM_CASE_CLASH, &place,
        "differs from %s.sql in nothing but upper and lower case: on macOS and Windows one of them is lost; rename it "
        "to %s.sql%s",
        phrase_tag(finder->arena, other->tag).bytes, tag,
        it->entry ? text_format(finder->arena, ", and the tag of its entry to %s", tag).bytes : "");
}

static void find_case_clashes(struct finder *finder) {
    const struct join *join = finder->join;
    size_t *sorted = arena_array(finder->arena, size_t, join->count), count = 0;
    for (size_t i = 0; i < join->count; i++) {
        if (join->migrations[i].file) {
            sorted[count++] = i;
        }
    }
    qsort_r(sorted, count, sizeof *sorted, compare_without_case, join->migrations);
    for (size_t i = 1; i < count; i++) {
        const struct migration *first = &join->migrations[sorted[i - 1]], *second = &join->migrations[sorted[i]];
        if (differ_in_case_alone(first->tag, second->tag)) {
            find_case_clash(finder, first, second);
        }
    }
}

void find_in_names(struct finder *finder) {
    find_shared_numbers(finder);
    find_case_clashes(finder);
}
