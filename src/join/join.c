/* One list of migrations out of files, journal, rules and ledgers: what each is, which rows are its own, and its state. */
#include "migfs/join/join.h"

#include <stdlib.h>
#include <string.h>

#include "join/match.h"
#include "join/state.h"

/* A file name holds 255 bytes at most, `.sql` among them. */
enum { LONGEST_TAG = 251 };

int64_t mark_of(struct text tag) {
    struct digest digest = digest_of(tag);
    uint32_t first = (uint32_t)digest.bytes[0] << 24 | (uint32_t)digest.bytes[1] << 16 |
                     (uint32_t)digest.bytes[2] << 8 | digest.bytes[3];
    return 1 + (int64_t)(first % 999);
}

bool standing_has_run(const struct standing *standing) {
    return standing->row != NULL || standing->applied_by != NULL;
}

int number_compare(struct text a, struct text b) {
    if (a.length == 0 || b.length == 0) {
        return (a.length == 0) - (b.length == 0);
    }
    return a.length != b.length ? (a.length > b.length) - (a.length < b.length) : text_compare(a, b);
}

/* The digits before the first `_`, without leading zeros. */
static struct text number_of(struct text tag) {
    size_t digits = 0, zeros = 0;
    while (digits < tag.length && tag.bytes[digits] >= '0' && tag.bytes[digits] <= '9') {
        digits++;
    }
    if (digits == 0 || digits == tag.length || tag.bytes[digits] != '_') {
        return TEXT("");
    }
    while (zeros + 1 < digits && tag.bytes[zeros] == '0') {
        zeros++;
    }
    return text_slice(tag, zeros, digits);
}

/* ---- the list ---- */

static int compare_tags(const void *a, const void *b) {
    return text_compare(((const struct migration *)a)->tag, ((const struct migration *)b)->tag);
}

static int compare_file_order(const void *a, const void *b) {
    const struct migration *left = a, *right = b;
    int order = number_compare(left->number, right->number);
    return order != 0 ? order : text_compare(left->tag, right->tag);
}

static int compare_indices_by_tag(const void *a, const void *b, void *context) {
    const struct migration *migrations = context;
    return text_compare(migrations[*(const size_t *)a].tag, migrations[*(const size_t *)b].tag);
}

/* Every tag that a file or an entry names, once, in file order. */
static void collect(struct arena *arena, struct join *join) {
    const struct disk *disk = join->disk;
    const struct journal *journal = join->journal;
    struct migration *all = arena_array(arena, struct migration, disk->count + journal->count);
    size_t count = 0;
    for (size_t i = 1; i < disk->count; i++) {
        const struct disk_entry *file = &disk->entries[i];
        if (file->kind == DISK_FILE && file->sql) {
            all[count++] = (struct migration){.tag = text_slice(file->name, 0, file->name.length - 4), .file = file};
        }
    }
    for (size_t i = 0; i < journal->count; i++) {
        if (journal->entries[i].tag_value.is_valid) {
            all[count++].tag = journal->entries[i].tag;
        }
    }
    qsort(all, count, sizeof *all, compare_tags);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && text_equal(all[kept - 1].tag, all[i].tag)) {
            all[kept - 1].file = all[kept - 1].file ? all[kept - 1].file : all[i].file;
        } else {
            all[kept++] = all[i];
        }
    }
    for (size_t i = 0; i < kept; i++) {
        all[i].number = number_of(all[i].tag);
    }
    qsort(all, kept, sizeof *all, compare_file_order);
    join->migrations = all;
    join->count = kept;
    join->by_tag = arena_array(arena, size_t, kept);
    for (size_t i = 0; i < kept; i++) {
        join->by_tag[i] = i;
    }
    qsort_r(join->by_tag, kept, sizeof *join->by_tag, compare_indices_by_tag, all);
}

const struct migration *join_find(const struct join *join, struct text tag) {
    size_t low = 0, high = join->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct migration *it = &join->migrations[join->by_tag[middle]];
        int order = text_compare(it->tag, tag);
        if (order == 0) {
            return it;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

static void attach_entries(struct arena *arena, struct join *join) {
    const struct journal *journal = join->journal;
    join->entry_migration = arena_array(arena, size_t, journal->count);
    for (size_t i = 0; i < journal->count; i++) {
        join->entry_migration[i] = SIZE_MAX;
        if (!journal->entries[i].tag_value.is_valid) {
            continue;
        }
        struct migration *it = &join->migrations[join_find(join, journal->entries[i].tag) - join->migrations];
        join->entry_migration[i] = (size_t)(it - join->migrations);
        const struct journal_entry *entry = &journal->entries[i], *highest = it->highest_entry;
        it->entry = it->entry ? it->entry : entry;
        if (entry->when.is_valid && (!highest || entry->when.number > highest->when.number)) {
            it->highest_entry = entry;
        }
    }
    join->aborting_entry = SIZE_MAX;
    for (size_t i = journal->count; i-- > 0;) {
        size_t migration = join->entry_migration[i];
        if (migration == SIZE_MAX || !join->migrations[migration].file) {
            join->aborting_entry = i;
        }
    }
}

static bool has_snapshot(struct arena *arena, const struct join *join, struct text tag) {
    const char *underscore = memchr(tag.bytes, '_', tag.length);
    struct text prefix = underscore ? text_slice(tag, 0, (size_t)(underscore - tag.bytes)) : tag;
    if (prefix.length > LONGEST_TAG) {
        return false;
    }
    struct text path = text_format(arena, "meta/%.*s_snapshot.json", TEXT_ARGS(prefix));
    const struct disk_entry *found = disk_find(join->disk, path);
    return found && found->kind == DISK_FILE;
}

/* ---- what is a migration ---- */

static bool has_down_suffix(struct text tag) {
    static const char *const suffixes[] = {".down", "_down", ".rollback", "_rollback", ".undo", ".revert"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        if (text_ends(tag, suffixes[i])) {
            return true;
        }
    }
    return false;
}

/* By rule, journal and name. What is left may still be held. */
static void classify_by_name(const struct join *join, struct migration *it) {
    it->rule = rules_decide(join->rules, it->tag);
    if (it->rule) {
        it->kind = it->rule->verb == RULE_EXCLUDE ? MIGRATION_EXCLUDED : MIGRATION_COUNTS;
        it->reason = REASON_RULE;
    } else if (it->entry) {
        it->kind = MIGRATION_COUNTS;
    } else if (it->number.length == 0) {
        it->kind = MIGRATION_EXCLUDED;
        it->reason = REASON_NAME;
    } else if (has_down_suffix(it->tag)) {
        it->kind = MIGRATION_EXCLUDED;
        it->reason = REASON_SUFFIX;
    }
}

/* The tag that a desktop copied to this name: `x 2`, `x (1)`, `x copy`, `x copy 2`, `x - Copy`, or empty. */
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

/* Listed migrations in the order of a key, so that an unlisted file finds the one that shares it. */
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

static int compare_listed(const void *a, const void *b, void *context) {
    const struct listed *listed = context;
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    int order = listed->compare(&listed->join->migrations[left], &listed->join->migrations[right]);
    return order != 0 ? order : (left > right) - (left < right);
}

static bool has_run_anywhere(const struct join *join, const struct migration *it) {
    for (size_t i = 0; i < join->database_count; i++) {
        if (standing_has_run(&it->standings[i])) {
            return true;
        }
    }
    return false;
}

/* A journal that cannot be read lists nothing; what has run then stands in for what it listed. */
static bool is_listed(const struct join *join, const struct migration *it) {
    bool is_rebuilt = join->journal->status == JOURNAL_UNREADABLE;
    return it->kind == MIGRATION_COUNTS && (is_rebuilt ? has_run_anywhere(join, it) : it->entry != NULL);
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
    qsort_r(listed.indices, listed.count, sizeof *listed.indices, compare_listed, &listed);
    return listed;
}

static size_t find_listed(const struct listed *listed, const struct migration *it) {
    size_t low = 0, high = listed->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (listed->compare(&listed->join->migrations[listed->indices[middle]], it) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_found = low < listed->count && listed->compare(&listed->join->migrations[listed->indices[low]], it) == 0;
    return is_found ? listed->indices[low] : SIZE_MAX;
}

static void hold(struct migration *it, enum migration_reason reason, size_t other) {
    it->kind = MIGRATION_HELD;
    it->reason = reason;
    it->other = other;
}

/* An entry with `.sql` in its tag means this file, and finds none. */
static bool is_meant_by(const struct migration *it, const struct migration *listed) {
    return !listed->file && text_ends(listed->tag, ".sql") &&
           text_equal(text_slice(listed->tag, 0, listed->tag.length - 4), it->tag);
}

static void hold_leftovers(struct arena *arena, struct join *join) {
    struct listed by_bytes = sort_listed(arena, join, true, compare_bytes);
    struct listed by_number = sort_listed(arena, join, false, compare_numbers);
    for (size_t i = 0; i < join->count; i++) {
        struct migration *it = &join->migrations[i];
        if (it->kind != MIGRATION_COUNTS || (it->rule && text_is_utf8(it->tag)) || !it->file || it->entry ||
            is_listed(join, it)) {
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

/* ---- rows ---- */

static int claim_of(const struct migration *it) {
    if (it->kind == MIGRATION_EXCLUDED) {
        return 3;
    }
    return it->kind == MIGRATION_HELD ? 2 : it->entry ? 0 : 1;
}

static int compare_claims(const void *a, const void *b, void *context) {
    const struct migration *migrations = context;
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    const struct migration *l = &migrations[left], *r = &migrations[right];
    if (claim_of(l) != claim_of(r)) {
        return claim_of(l) - claim_of(r);
    }
    if (l->entry && r->entry) {
        return (l->entry->position > r->entry->position) - (l->entry->position < r->entry->position);
    }
    return (left > right) - (left < right);
}

static void match_all(struct arena *arena, struct join *join) {
    size_t *order = arena_array(arena, size_t, join->count);
    for (size_t i = 0; i < join->count; i++) {
        order[i] = i;
    }
    qsort_r(order, join->count, sizeof *order, compare_claims, join->migrations);
    struct stamp_seconds seconds = stamp_seconds_of(arena, join);
    for (size_t d = 0; d < join->database_count; d++) {
        join_match(arena, join, d, order, &seconds);
        for (size_t i = 0; i < join->count; i++) {
            struct migration *it = &join->migrations[i];
            if (!it->standings[d].row) {
                it->standings[d].applied_by = rules_applied(join->rules, it->tag, join->databases[d].name);
            }
        }
    }
}

struct join *join_create(struct arena *arena, const struct disk *disk, const struct journal *journal,
                         const struct rules *rules, struct ledger *const *ledgers, size_t ledger_count) {
    struct join *join = arena_new(arena, struct join);
    *join = (struct join){.disk = disk, .journal = journal, .rules = rules, .database_count = ledger_count};
    join->databases = arena_array(arena, struct database, ledger_count);
    for (size_t i = 0; i < ledger_count; i++) {
        join->databases[i] = (struct database){
            .ledger = ledgers[i], .name = ledgers[i]->database, .watermark = ledger_watermark(ledgers[i])};
    }
    collect(arena, join);
    attach_entries(arena, join);
    struct standing *standings = arena_array(arena, struct standing, join->count * ledger_count);
    for (size_t i = 0; i < join->count; i++) {
        struct migration *it = &join->migrations[i];
        it->standings = standings + i * ledger_count;
        it->has_snapshot = has_snapshot(arena, join, it->tag);
        classify_by_name(join, it);
    }
    bool is_rebuilt = journal->status == JOURNAL_UNREADABLE;
    if (!is_rebuilt) {
        hold_leftovers(arena, join); /* before the rows are given out: a leftover has the last claim */
    }
    match_all(arena, join);
    if (is_rebuilt) {
        hold_leftovers(arena, join);
    }
    join_find_states(arena, join);
    return join;
}
