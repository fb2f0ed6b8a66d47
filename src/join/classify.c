/* Decides by rule, journal and name which files are migrations, and which ones are held for a
 * decision. */
#include "join/classify.h"

#include <string.h>

#include "migfs/util/sorted.h"

static bool has_down_suffix(struct text tag) {
    static const char *const suffixes[] = {".down", "_down", ".rollback", "_rollback", ".undo", ".revert"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        if (text_ends(tag, suffixes[i])) {
            return true;
        }
    }
    return false;
}

static void classify_by_name(const struct join *join, struct migration *it) {
    it->rule = rules_decide(join->rules, it->tag);
    if (it->rule) {
        it->kind = it->rule->verb == RULE_EXCLUDE ? MIGRATION_EXCLUDED : MIGRATION_COUNTS;
        it->reason = REASON_RULE;
    } else if (it->entry || it->fused) {
        it->kind = MIGRATION_COUNTS;
    } else if (it->number.length == 0) {
        it->kind = MIGRATION_EXCLUDED;
        it->reason = REASON_NAME;
    } else if (has_down_suffix(it->tag)) {
        it->kind = MIGRATION_EXCLUDED;
        it->reason = REASON_SUFFIX;
    }
}

/* Returns the original tag if this is a desktop's copy (`x 2`, `x (1)`, `x copy`, `x copy 2`, `x -
 * Copy`), or empty. */
static struct text copied_tag(struct text tag) {
    struct text base = tag;
    while (base.length > 0 && ((base.bytes[base.length - 1] >= '0' && base.bytes[base.length - 1] <= '9') ||
                               base.bytes[base.length - 1] == '(' || base.bytes[base.length - 1] == ')')) {
        base.length--;
    }
    if (base.length < tag.length && text_ends(base, " ")) {
        base.length--;
    } else {
        base = tag;
    }
    static const char *const words[] = {" copy", " - Copy", " Copy"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (text_ends(base, words[i])) {
            return text_slice(base, 0, base.length - strlen(words[i]));
        }
    }
    return base.length < tag.length ? base : TEXT("");
}

/* Listed migrations sorted by a key, to find the one that shares its key with an unlisted file. */
struct listed {
    const struct join *join;
    size_t *indices;
    size_t count;
    int (*compare)(const struct migration *a, const struct migration *b);
};

static int compare_bytes(const struct migration *a, const struct migration *b) {
    return digest_compare(&a->file->sql->digest, &b->file->sql->digest);
}

static int compare_numbers(const struct migration *a, const struct migration *b) {
    return number_compare(a->number, b->number);
}

static int compare_listed(const void *context, size_t a, size_t b) {
    const struct listed *listed = context;
    return listed->compare(&listed->join->migrations[a], &listed->join->migrations[b]);
}

static bool has_run_anywhere(const struct join *join, const struct migration *it) {
    for (size_t i = 0; i < join->database_count; i++) {
        if (standing_has_run(&it->standings[i])) {
            return true;
        }
    }
    return false;
}

/* An unreadable journal lists nothing. Then migrations that have run count as listed. */
static bool is_listed(const struct join *join, const struct migration *it) {
    bool is_rebuilt = join->journal->status == JOURNAL_UNREADABLE;
    bool is_entered = it->entry || it->fused;
    return it->kind == MIGRATION_COUNTS && (is_rebuilt ? has_run_anywhere(join, it) : is_entered);
}

static struct listed sort_listed(struct arena *arena, const struct join *join, bool with_file,
                                 int (*compare)(const struct migration *a, const struct migration *b)) {
    struct listed listed = {.join = join, .indices = arena_array(arena, size_t, join->count), .compare = compare};
    for (size_t i = 0; i < join->count; i++) {
        const struct migration *it = &join->migrations[i];
        if (is_listed(join, it) && (with_file ? it->file != NULL : it->number.length > 0)) {
            listed.indices[listed.count++] = i;
        }
    }
    sorted_order(listed.indices, listed.count, compare_listed, &listed);
    return listed;
}

struct sought {
    const struct listed *listed;
    const struct migration *migration;
};

static bool listed_lies_before(const void *context, size_t position) {
    const struct sought *sought = context;
    const struct listed *listed = sought->listed;
    return listed->compare(&listed->join->migrations[listed->indices[position]], sought->migration) < 0;
}

static size_t find_listed(const struct listed *listed, const struct migration *it) {
    size_t at = sorted_find(listed->count, listed_lies_before, &(struct sought){listed, it});
    bool is_found = at < listed->count && listed->compare(&listed->join->migrations[listed->indices[at]], it) == 0;
    return is_found ? listed->indices[at] : SIZE_MAX;
}

static void hold(struct migration *it, enum migration_reason reason, size_t other) {
    it->kind = MIGRATION_HELD;
    it->reason = reason;
    it->other = other;
}

/* Returns whether an entry with `.sql` in its tag, which finds no file, was meant for this file. */
static bool is_meant_by(const struct migration *it, const struct migration *listed) {
    return !listed->file && text_ends(listed->tag, ".sql") &&
           text_equal(text_slice(listed->tag, 0, listed->tag.length - 4), it->tag);
}

void join_hold_leftovers(struct arena *arena, struct join *join) {
    struct listed by_bytes = sort_listed(arena, join, true, compare_bytes);
    struct listed by_number = sort_listed(arena, join, false, compare_numbers);
    for (size_t i = 0; i < join->count; i++) {
        struct migration *it = &join->migrations[i];
        if (it->kind != MIGRATION_COUNTS || (it->rule && text_is_utf8(it->tag)) || !it->file || it->entry ||
            it->fused || is_listed(join, it)) {
            continue;
        }
        if (!text_is_utf8(it->tag)) {
            hold(it, REASON_ENCODING, SIZE_MAX);
            continue;
        }
        struct text original = copied_tag(it->tag);
        const struct migration *copied = original.length > 0 ? join_find(join, original) : NULL;
        size_t same_bytes = find_listed(&by_bytes, it), same_number = find_listed(&by_number, it);
        if (same_bytes != SIZE_MAX) {
            hold(it, REASON_SAME_BYTES, same_bytes);
        } else if (copied && copied->file) {
            hold(it, REASON_COPY, (size_t)(copied - join->migrations));
        } else if (same_number != SIZE_MAX && !is_meant_by(it, &join->migrations[same_number])) {
            hold(it, REASON_SAME_NUMBER, same_number);
        }
    }
}

/* ---- after matching the rows ---- */

/* Counts the databases with a row of it, and those with any rows. */
static size_t count_rows(const struct join *join, const struct migration *it, size_t *ret_with_rows) {
    size_t count = 0;
    *ret_with_rows = 0;
    for (size_t i = 0; i < join->database_count; i++) {
        *ret_with_rows += join->databases[i].ledger->count > 0;
        count += it->standings[i].row != NULL;
    }
    return count;
}

/* A row shows that Drizzle ran it, whatever its name. If only some databases have one, it is not
 * known what the others need. */
static void release(const struct join *join, struct migration *it) {
    size_t with_rows, count = count_rows(join, it, &with_rows);
    if (count > 0 && count == with_rows) {
        it->kind = MIGRATION_COUNTS;
        it->reason = REASON_NONE;
    }
}

/* Like a listed migration, one that has run is an original of which others may be copies. */
static void hold_copies_of_run(struct arena *arena, struct join *join) {
    struct listed run = {.join = join, .indices = arena_array(arena, size_t, join->count), .compare = compare_bytes};
    for (size_t i = 0; i < join->count; i++) {
        const struct migration *it = &join->migrations[i];
        if (migration_counts(it) && !it->entry && !it->fused && has_run_anywhere(join, it)) {
            run.indices[run.count++] = i;
        }
    }
    sorted_order(run.indices, run.count, compare_listed, &run);
    for (size_t i = 0; run.count > 0 && i < join->count; i++) {
        struct migration *it = &join->migrations[i];
        if (migration_counts(it) && !it->rule && !it->entry && !it->fused && !has_run_anywhere(join, it)) {
            size_t original = find_listed(&run, it);
            if (original != SIZE_MAX) {
                hold(it, REASON_SAME_BYTES, original);
            }
        }
    }
}

void join_settle_leftovers(struct arena *arena, struct join *join) {
    for (size_t i = 0; i < join->count; i++) {
        struct migration *it = &join->migrations[i];
        if (it->kind == MIGRATION_HELD && it->reason != REASON_ENCODING) {
            release(join, it);
        }
    }
    hold_copies_of_run(arena, join);
}

void join_classify(struct join *join) {
    for (size_t i = 0; i < join->count; i++) {
        classify_by_name(join, &join->migrations[i]);
    }
}
