/* The check against a base journal, as `git show origin/main:…/meta/_journal.json` gives it: it catches the merge that will be skipped, before it is
 * merged. */
#include "cli/base.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads a stream to its end into memory for the caller to free. False, with errno, when that cannot be. */
static bool read_stream(FILE *stream, char **ret_bytes, size_t *ret_length) {
    char part[65536];
    size_t got;
    FILE *into = open_memstream(ret_bytes, ret_length);
    if (!into) {
        return false;
    }
    while ((got = fread(part, 1, sizeof part, stream)) > 0 && fwrite(part, 1, got, into) == got) {
    }
    bool is_read = !ferror(stream) && !ferror(into);
    return fclose(into) == 0 && is_read;
}

struct journal *base_read(const char *file, struct error *error) {
    FILE *stream = strcmp(file, "-") == 0 ? stdin : fopen(file, "re");
    char *bytes = NULL;
    size_t length = 0;
    if (!stream) {
        error_set_errno(error, "--base %s", file);
        return NULL;
    }
    bool is_read = read_stream(stream, &bytes, &length) || error_set_errno(error, "--base %s", file);
    if (stream != stdin) {
        fclose(stream);
    }
    struct journal *base = is_read ? journal_parse((struct text){bytes, length}, error) : NULL;
    free(bytes);
    if (base && base->status != JOURNAL_READ) {
        error_set(error, ERROR_FORMAT, "--base %s is no journal: %.*s", file, TEXT_ARGS(base->reason));
        journal_unref(base);
        return NULL;
    }
    return base;
}

/* The base's entries by tag and, of those that have one twice, by when. */
static int compare_entries(const struct journal_entry *a, const struct journal_entry *b) {
    int order = text_compare(a->tag, b->tag);
    return order != 0 ? order : (a->when.number > b->when.number) - (a->when.number < b->when.number);
}

static int compare_indices(const void *a, const void *b, void *context) {
    const struct journal_entry *entries = context;
    return compare_entries(&entries[*(const size_t *)a], &entries[*(const size_t *)b]);
}

/* The entry of the base with this tag: with the same when, if there is one. */
static const struct journal_entry *find_entry(const struct journal *base, const size_t *sorted, size_t count,
                                              const struct journal_entry *entry) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_entries(&base->entries[sorted[middle]], entry) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const struct journal_entry *at = low < count ? &base->entries[sorted[low]] : NULL;
    if (at && text_equal(at->tag, entry->tag)) {
        return at;
    }
    const struct journal_entry *before = low > 0 ? &base->entries[sorted[low - 1]] : NULL;
    return before && text_equal(before->tag, entry->tag) ? before : NULL;
}

struct comparison {
    struct arena *arena;
    const struct view *view;
    const struct journal *base;
    struct problem *problems;
    size_t count;
    const struct journal_entry *newest; /* of the base */
};

static void add(struct comparison *comparison, const struct journal_entry *entry, enum problem_kind kind,
                struct text sentence) {
    comparison->problems[comparison->count++] = (struct problem){.code = &problem_codes[kind],
                                                                 .severity = problem_codes[kind].usual,
                                                                 .file = TEXT("meta/_journal.json"),
                                                                 .line = entry->line,
                                                                 .tag = entry->tag,
                                                                 .sentence = sentence};
}

static void compare_entry(struct comparison *comparison, const struct journal_entry *entry,
                          const struct journal_entry *before) {
    const struct journal_entry *newest = comparison->newest;
    struct arena *arena = comparison->arena;
    const char *tag = text_escaped(arena, text_slice(entry->tag, 0, 300)).bytes;
    if (!entry->when.is_valid) {
        return; /* when-invalid has said it */
    }
    if (before && before->when.is_valid && before->when.number != entry->when.number) {
        add(comparison, entry, PROBLEM_BASE_MOVED,
            text_format(arena,
                        "when of %s was published as %" PRId64 " and is now %" PRId64
                        ": databases that ran it go by the old one; put it back",
                        tag, before->when.number, entry->when.number));
    }
    if ((!before || !before->when.is_valid) && newest && entry->when.number <= newest->when.number) {
        add(comparison, entry, PROBLEM_BASE_BELOW,
            text_format(arena,
                        "when of %s, %" PRId64 ", is not above %" PRId64
                        ", the newest of the base (%s): databases that ran the base never run it; generate it again on "
                        "top of the base",
                        tag, entry->when.number, newest->when.number,
                        text_escaped(arena, text_slice(newest->tag, 0, 300)).bytes));
    }
}

static void compare(struct comparison *comparison) {
    const struct journal *base = comparison->base, *journal = comparison->view->join->journal;
    size_t *sorted = arena_array(comparison->arena, size_t, base->count), count = 0;
    for (size_t i = 0; i < base->count; i++) {
        const struct journal_entry *entry = &base->entries[i];
        sorted[count] = i;
        count += entry->tag_value.is_valid;
        bool is_newer =
            entry->when.is_valid && (!comparison->newest || entry->when.number > comparison->newest->when.number);
        comparison->newest = is_newer ? entry : comparison->newest;
    }
    if (count > 0) {
        qsort_r(sorted, count, sizeof *sorted, compare_indices, (void *)base->entries);
    }
    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_entry *entry = &journal->entries[i];
        if (entry->tag_value.is_valid) {
            compare_entry(comparison, entry, find_entry(base, sorted, count, entry));
        }
    }
}

/* The base's problems first: they are why the base was given. */
static struct problems *join_lists(struct comparison *comparison, const struct problems *others) {
    struct problems *all = arena_new(comparison->arena, struct problems);
    *all = *others;
    all->problems = arena_array(comparison->arena, struct problem, comparison->count + others->count);
    for (size_t i = 0; i < comparison->count; i++) {
        all->problems[i] = comparison->problems[i];
        all->by_severity[all->problems[i].severity]++;
    }
    for (size_t i = 0; i < others->count; i++) {
        all->problems[comparison->count + i] = others->problems[i];
    }
    all->count = comparison->count + others->count;
    return all;
}

struct problems *base_add_problems(struct arena *arena, const struct view *view, const struct journal *base) {
    struct comparison comparison = {.arena = arena, .view = view, .base = base};
    if (base) {
        comparison.problems = arena_array(arena, struct problem, 2 * view->join->journal->count);
        compare(&comparison);
    }
    return join_lists(&comparison, view->problems);
}
