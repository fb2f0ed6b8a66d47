/* Matches rows to migrations, in one pass per criterion. Each pass looks up rows in a sorted array
 * and skips those already matched, so a ledger full of equal rows costs no more than any other. */
#include "join/match.h"

#include "join/marks.h"
#include "migfs/util/sorted.h"

/* The rows of a ledger sorted by a criterion. `next_free` skips matched rows, so that a pass visits
 * none of them twice. */
struct sorted_rows {
    size_t *rows;
    size_t *next_free;
    size_t count;
};

/* The passes over migrations, by priority: rows go to migrations first, then to leftovers, then to
 * entries without a file. */
enum pass { PASS_MIGRATIONS, PASS_LEFTOVERS, PASS_GONE, PASSES_END };

struct matching {
    struct arena *arena;
    struct join *join;
    struct database *database;
    size_t index; /* of the database */
    const struct ledger_row *rows;
    struct digest *digests; /* [rows] */
    bool *has_digest;
    const size_t *order;
    size_t free_rows;
    enum pass pass;
};

struct comparison {
    const struct matching *matching;
    int (*compare)(const struct matching *matching, size_t a, size_t b);
};

static int compare_rows(const void *context, size_t a, size_t b) {
    const struct comparison *comparison = context;
    return comparison->compare(comparison->matching, a, b);
}

static bool is_free(const struct matching *matching, size_t row) {
    return matching->database->row_migration[row] == SIZE_MAX;
}

/* Returns the free rows for which `takes` is true, sorted. */
static struct sorted_rows sort_rows(const struct matching *matching,
                                    bool (*takes)(const struct matching *matching, size_t row),
                                    int (*compare)(const struct matching *matching, size_t a, size_t b)) {
    size_t count = matching->database->ledger->count;
    struct sorted_rows sorted = {.rows = arena_array(matching->arena, size_t, count),
                                 .next_free = arena_array(matching->arena, size_t, count + 1)};
    for (size_t row = 0; row < count; row++) {
        if (is_free(matching, row) && takes(matching, row)) {
            sorted.rows[sorted.count++] = row;
        }
    }
    struct comparison comparison = {matching, compare};
    sorted_order(sorted.rows, sorted.count, compare_rows, &comparison);
    for (size_t i = 0; i <= sorted.count; i++) {
        sorted.next_free[i] = i;
    }
    return sorted;
}

/* Returns the first position from `at` on with a free row, or count. */
static size_t free_from(struct sorted_rows *sorted, const struct matching *matching, size_t at) {
    size_t found = at;
    while (found < sorted->count && !is_free(matching, sorted->rows[found])) {
        found = sorted->next_free[found] > found ? sorted->next_free[found] : found + 1;
    }
    while (at < found) {
        size_t next = sorted->next_free[at] > at ? sorted->next_free[at] : at + 1;
        sorted->next_free[at] = found;
        at = next;
    }
    return found;
}

/* The key that a pass looks up. */
struct sought {
    const struct digest *digest;
    struct text name;
    int64_t stamp;
};

/* Compares a row with a key. */
typedef int row_compare(const struct matching *matching, size_t row, const struct sought *sought);

struct lookup {
    const struct sorted_rows *sorted;
    const struct matching *matching;
    const struct sought *sought;
    row_compare *compare;
};

static bool row_lies_before(const void *context, size_t position) {
    const struct lookup *lookup = context;
    return lookup->compare(lookup->matching, lookup->sorted->rows[position], lookup->sought) < 0;
}

/* Returns the first free row that is equal to the key, or SIZE_MAX. */
static size_t find_row(struct sorted_rows *sorted, const struct matching *matching, const struct sought *sought,
                       row_compare *compare) {
    struct lookup lookup = {sorted, matching, sought, compare};
    size_t at = free_from(sorted, matching, sorted_find(sorted->count, row_lies_before, &lookup));
    return at < sorted->count && compare(matching, sorted->rows[at], sought) == 0 ? sorted->rows[at] : SIZE_MAX;
}

static void give(struct matching *matching, size_t migration, size_t row, enum match match) {
    matching->database->row_migration[row] = migration;
    matching->database->row_match[row] = match;
    matching->free_rows--;
}

static void take(struct matching *matching, size_t migration, size_t row, enum match match) {
    struct standing *standing = &matching->join->migrations[migration].standings[matching->index];
    standing->row = &matching->rows[row];
    standing->match = match;
    give(matching, migration, row, match);
}

static bool is_matched(const struct matching *matching, size_t migration) {
    return matching->join->migrations[migration].standings[matching->index].row != NULL;
}

static bool is_in_pass(const struct matching *matching, size_t migration) {
    const struct migration *it = &matching->join->migrations[migration];
    enum pass pass = !it->file ? PASS_GONE : it->kind == MIGRATION_COUNTS ? PASS_MIGRATIONS : PASS_LEFTOVERS;
    return pass == matching->pass && !it->standings[matching->index].row;
}

/* ---- by hash ---- */

static bool has_digest(const struct matching *matching, size_t row) {
    return matching->has_digest[row];
}

static int compare_digests(const struct matching *matching, size_t a, size_t b) {
    /* Equal ones stay in row order, which is by created_at. */
    return digest_compare(&matching->digests[a], &matching->digests[b]);
}

static int row_to_digest(const struct matching *matching, size_t row, const struct sought *sought) {
    return digest_compare(&matching->digests[row], sought->digest);
}

static int row_to_digest_and_stamp(const struct matching *matching, size_t row, const struct sought *sought) {
    int order = row_to_digest(matching, row, sought);
    if (order != 0) {
        return order;
    }
    const struct ledger_row *found = &matching->rows[row];
    return !found->has_created_at ? -1 : (found->created_at > sought->stamp) - (found->created_at < sought->stamp);
}

static void match_by_hash(struct matching *matching, struct sorted_rows *sorted, bool with_stamp) {
    for (size_t i = 0; i < matching->join->count; i++) {
        size_t migration = matching->order[i];
        const struct migration *it = &matching->join->migrations[migration];
        int64_t when = 0;
        bool has_stamp = migration_when(it, &when);
        if (!it->file || !is_in_pass(matching, migration) || (with_stamp && !has_stamp)) {
            continue;
        }
        struct sought sought = {.digest = &it->file->sql->digest, .stamp = when};
        size_t row = find_row(sorted, matching, &sought, with_stamp ? row_to_digest_and_stamp : row_to_digest);
        if (row != SIZE_MAX) {
            take(matching, migration, row, with_stamp ? MATCH_HASH_AND_STAMP : MATCH_HASH);
        }
    }
}

/* Gets the digests of a file's text with LF and with CRLF. Returns false if its bytes are no longer
 * available. If they are held in memory, the failure means that memory has run out, and the join
 * must not go on to match the row to another migration. */
static bool find_line_ends(const struct matching *matching, const struct disk_entry *file, struct digest *ret_ends) {
    if (disk_line_end_digests(matching->join->disk, file, &ret_ends[0], &ret_ends[1])) {
        return true;
    }
    if (content_is_held(file->content)) {
        arena_exhausted(matching->arena);
    }
    return false;
}

static void match_by_line_ends(struct matching *matching) {
    struct sorted_rows sorted = sort_rows(matching, has_digest, compare_digests);
    for (size_t i = 0; i < matching->join->count && sorted.count > 0; i++) {
        size_t migration = matching->order[i];
        const struct migration *it = &matching->join->migrations[migration];
        struct digest ends[2];
        if (!it->file || !is_in_pass(matching, migration) || !find_line_ends(matching, it->file, ends)) {
            continue;
        }
        for (size_t end = 0; end < 2 && !is_matched(matching, migration); end++) {
            struct sought sought = {.digest = &ends[end]};
            size_t row = find_row(&sorted, matching, &sought, row_to_digest);
            if (row != SIZE_MAX) {
                take(matching, migration, row, MATCH_LINE_ENDS);
            }
        }
    }
}

/* ---- by name ---- */

static struct text without_sql(struct text name) {
    return text_ends(name, ".sql") ? text_slice(name, 0, name.length - 4) : name;
}

static struct text name_in_hash(const struct matching *matching, size_t row) {
    return without_sql(matching->rows[row].hash);
}

static struct text name_in_name(const struct matching *matching, size_t row) {
    return without_sql(matching->rows[row].name);
}

static bool has_name_in_hash(const struct matching *matching, size_t row) {
    return !matching->has_digest[row] && matching->rows[row].hash.length > 0;
}

static bool has_name(const struct matching *matching, size_t row) {
    return matching->rows[row].name.length > 0;
}

static int compare_names_in_hash(const struct matching *matching, size_t a, size_t b) {
    return text_compare(name_in_hash(matching, a), name_in_hash(matching, b));
}

static int compare_names(const struct matching *matching, size_t a, size_t b) {
    return text_compare(name_in_name(matching, a), name_in_name(matching, b));
}

static int row_to_name_in_hash(const struct matching *matching, size_t row, const struct sought *sought) {
    return text_compare(name_in_hash(matching, row), sought->name);
}

static int row_to_name(const struct matching *matching, size_t row, const struct sought *sought) {
    return text_compare(name_in_name(matching, row), sought->name);
}

static void match_by_name(struct matching *matching, bool in_hash) {
    struct sorted_rows sorted = in_hash ? sort_rows(matching, has_name_in_hash, compare_names_in_hash)
                                        : sort_rows(matching, has_name, compare_names);
    for (size_t i = 0; i < matching->join->count && sorted.count > 0; i++) {
        size_t migration = matching->order[i];
        if (!is_in_pass(matching, migration)) {
            continue;
        }
        /* Rows are compared without `.sql`, so it is removed from the tag as well. */
        struct sought sought = {.name = without_sql(matching->join->migrations[migration].tag)};
        size_t row = find_row(&sorted, matching, &sought, in_hash ? row_to_name_in_hash : row_to_name);
        if (row != SIZE_MAX) {
            take(matching, migration, row, MATCH_NAME);
        }
    }
}

/* ---- by timestamp ---- */

static bool has_stamp(const struct matching *matching, size_t row) {
    return matching->rows[row].has_created_at;
}

static int compare_stamps(const struct matching *matching, size_t a, size_t b) {
    int64_t left = matching->rows[a].created_at, right = matching->rows[b].created_at;
    return (left > right) - (left < right);
}

static int row_to_stamp(const struct matching *matching, size_t row, const struct sought *sought) {
    int64_t stamp = matching->rows[row].created_at;
    return (stamp > sought->stamp) - (stamp < sought->stamp);
}

static void match_by_stamp(struct matching *matching, const struct stamp_seconds *seconds) {
    struct sorted_rows sorted = sort_rows(matching, has_stamp, compare_stamps);
    for (size_t i = 0; i < matching->join->count && sorted.count > 0; i++) {
        size_t migration = matching->order[i];
        struct sought sought = {0};
        if (!is_in_pass(matching, migration) ||
            !migration_when(&matching->join->migrations[migration], &sought.stamp)) {
            continue;
        }
        size_t row = find_row(&sorted, matching, &sought, row_to_stamp);
        if (row != SIZE_MAX) {
            const struct migration *it = &matching->join->migrations[migration];
            it->standings[matching->index].is_told_by_when_alone = !stamp_tells_name(sought.stamp, it, seconds);
            take(matching, migration, row, MATCH_STAMP);
        }
    }
}

/* ---- by second: migrations only, since a leftover may have a similar name ---- */

static int row_to_second(const struct matching *matching, size_t row, const struct sought *sought) {
    int64_t second = stamp_second(matching->rows[row].created_at);
    return (second > sought->stamp) - (second < sought->stamp);
}

static void match_by_second(struct matching *matching) {
    struct sorted_rows sorted = sort_rows(matching, has_stamp, compare_stamps);
    for (size_t i = 0; i < matching->join->count && sorted.count > 0; i++) {
        size_t migration = matching->order[i];
        const struct migration *it = &matching->join->migrations[migration];
        struct sought sought = {0};
        if (!is_in_pass(matching, migration) || !stamp_second_of_number(it->number, &sought.stamp)) {
            continue;
        }
        size_t row = find_row(&sorted, matching, &sought, row_to_second);
        if (row != SIZE_MAX) {
            take(matching, migration, row, MATCH_SECOND);
        }
    }
}

/* ---- by mark ---- */

/* A migration that the runner would run is not matched by mark, since a similar timestamp must not
 * hide that. */
static bool may_claim_by_mark(const struct matching *matching, size_t migration) {
    const struct migration *it = &matching->join->migrations[migration];
    const struct join_item item = {it->highest_entry, migration};
    bool would_run = it->highest_entry && join_runs(matching->join, &item, matching->index);
    return is_in_pass(matching, migration) && !would_run;
}

static bool is_said_to_have_run(const void *context, size_t migration) {
    const struct matching *matching = context;
    const struct join *join = matching->join;
    return rules_applied(join->rules, join->migrations[migration].tag, matching->database->name) != NULL;
}

/* If several migrations may own a row, none gets it, unless a rule says of exactly one that it has
 * run. */
static void match_by_mark(struct matching *matching, const struct stamp_seconds *seconds) {
    size_t *unmatched = arena_array(matching->arena, size_t, matching->join->count), count = 0;
    for (size_t i = 0; i < matching->join->count; i++) {
        if (may_claim_by_mark(matching, matching->order[i])) {
            unmatched[count++] = matching->order[i];
        }
    }
    struct mark_claims claims =
        mark_claims_of(matching->arena, matching->join, unmatched, count, is_said_to_have_run, matching);
    for (size_t row = 0; count > 0 && row < matching->database->ledger->count; row++) {
        if (!is_free(matching, row) || !has_stamp(matching, row)) {
            continue;
        }
        int64_t stamp = matching->rows[row].created_at;
        struct mark_claimants found = mark_claimants(&claims, stamp, seconds);
        size_t migration = found.count == 1 ? found.first : found.ruled_count == 1 ? found.ruled : SIZE_MAX;
        if (migration != SIZE_MAX && !is_matched(matching, migration)) {
            take(matching, migration, row, MATCH_MARK);
        }
        if (found.count > 1 && migration == SIZE_MAX) {
            mark_contest(&claims, stamp, seconds, matching->join, matching->index);
            matching->database->is_contested[row] = true;
            matching->database->contested++;
        }
    }
}

/* ---- the remaining rows ---- */

/* Matches rows with the hash of a migration that already has a row. */
static void match_again(struct matching *matching) {
    struct sorted_rows sorted = sort_rows(matching, has_digest, compare_digests);
    for (size_t i = 0; i < matching->join->count && sorted.count > 0; i++) {
        const struct disk_entry *file = matching->join->migrations[matching->order[i]].file;
        struct sought sought = {.digest = file ? &file->sql->digest : NULL};
        size_t row;
        while (file && (row = find_row(&sorted, matching, &sought, row_to_digest)) != SIZE_MAX) {
            give(matching, matching->order[i], row, MATCH_AGAIN);
        }
    }
}

static void match_pass(struct matching *matching, const struct stamp_seconds *seconds) {
    if (matching->database->ledger->is_v1) {
        match_by_name(matching, false);
    }
    struct sorted_rows by_digest = sort_rows(matching, has_digest, compare_digests);
    match_by_hash(matching, &by_digest, true);
    match_by_hash(matching, &by_digest, false);
    if (matching->free_rows > 0) {
        match_by_line_ends(matching);
        match_by_name(matching, true);
        match_by_stamp(matching, seconds);
    }
    if (matching->free_rows > 0 && matching->pass == PASS_MIGRATIONS) {
        match_by_second(matching);
    }
}

void join_match(struct arena *arena, struct join *join, size_t database, const size_t *order,
                const struct stamp_seconds *seconds) {
    struct database *into = &join->databases[database];
    size_t count = into->ledger->count;
    struct matching matching = {.arena = arena,
                                .join = join,
                                .database = into,
                                .index = database,
                                .rows = into->ledger->rows,
                                .digests = arena_array(arena, struct digest, count),
                                .has_digest = arena_array(arena, bool, count),
                                .order = order,
                                .free_rows = count};
    into->row_migration = arena_array(arena, size_t, count);
    into->row_match = arena_array(arena, enum match, count);
    into->is_contested = arena_array(arena, bool, count);
    for (size_t row = 0; row < count; row++) {
        into->row_migration[row] = SIZE_MAX;
        matching.has_digest[row] = digest_from_hex(matching.rows[row].hash, &matching.digests[row]);
    }
    for (; matching.pass < PASSES_END && matching.free_rows > 0; matching.pass++) {
        match_pass(&matching, seconds);
    }
    if (matching.free_rows > 0) {
        matching.pass = PASS_MIGRATIONS;
        match_by_mark(&matching, seconds);
        match_again(&matching);
    }
    into->unmatched = matching.free_rows;
}
