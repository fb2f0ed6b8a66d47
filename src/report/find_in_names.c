/* Problems with names that two migrations share, or almost share. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report/find_in.h"
#include "report/phrases.h"

/* The tag with the next number above all used ones, in as many digits as its own. */
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

/* If one of them has run nowhere, that one can be renamed; if both have run, or neither, no action
 * is needed. */
static void find_shared_number(struct finder *finder, const struct migration *first, const struct migration *second) {
    bool first_ran = finder_has_run_somewhere(finder, first), second_ran = finder_has_run_somewhere(finder, second);
    const struct migration *it = second_ran && !first_ran ? first : second, *other = it == first ? second : first;
    struct place place = {.file = it->file->name, .migration = it};
    if (first_ran && second_ran) {
        return;
    }
    const char *tag = free_tag(finder, it->tag).bytes;
    found_as(
        finder, first_ran != second_ran ? SEVERITY_WARNING : SEVERITY_NOTE, PROBLEM_DUPLICATE_PREFIX, &place,
        "has the same number as %s%s: Drizzle runs both, but drizzle-kit keeps one snapshot per number; %srename it to "
        "%s.sql%s",
        phrase_tag(finder->arena, other->tag).bytes,
        first_ran != second_ran ? ", which has run, and has itself run nowhere" : "",
        first_ran != second_ran ? "" : "while it has run nowhere, ", tag,
        it->entry ? text_format(finder->arena, ", and the tag of its entry to %s", tag).bytes : "");
}

static bool differ_in_case_alone(struct text left, struct text right) {
    return left.length == right.length && strncasecmp(left.bytes, right.bytes, left.length) == 0;
}

static void find_shared_numbers(struct finder *finder) {
    const struct migration *first = NULL; /* migrations are sorted by number */
    for (size_t i = 0; i < finder->join->count; i++) {
        const struct migration *it = &finder->join->migrations[i];
        if (!migration_counts(it) || it->number.length == 0) {
            continue;
        }
        if (first && text_equal(first->number, it->number)) {
            if (!differ_in_case_alone(first->tag, it->tag)) { /* else reported as case-clash */
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

/* If only one of them has run nowhere, that one is to be renamed, otherwise the second: its rows
 * are then matched by hash. */
static void find_case_clash(struct finder *finder, const struct migration *first, const struct migration *second) {
    bool is_first = finder_has_run_somewhere(finder, second) && !finder_has_run_somewhere(finder, first);
    const struct migration *it = is_first ? first : second, *other = is_first ? second : first;
    struct place place = {.file = it->file->name, .migration = it};
    const char *tag = free_tag(finder, it->tag).bytes;
    found(finder, PROBLEM_CASE_CLASH, &place,
          "differs from %s.sql only in case: on macOS and Windows one of them is lost; rename it to %s.sql%s",
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
