/* The runner of v1 only checks whether a row has the name of a folder. Hash and date do not matter
 * to it; here they show what has changed since it ran, and what ran under another name. */
#include "join/v1.h"

#include <stdlib.h>

#include "join/ledger_v1.h"
#include "join/state.h"
#include "migfs/drizzle/names_v1.h"
#include "migfs/util/sorted.h"

struct joining {
    struct arena *arena;
    struct join *join;
    const struct folders_v1 *folders; /* migrations[i] is folder i, for all folders that v1 reads */
};

/* ---- the migrations ---- */

static int compare_migrations(const void *a, const void *b) {
    const struct migration *left = a, *right = b;
    if (left->reason != right->reason) {
        return left->reason == REASON_UNREAD ? 1 : -1;
    }
    int order = names_v1_compare(left->tag, right->tag);
    return order != 0 ? order : text_compare(left->tag, right->tag);
}

static int compare_tags(const void *context, size_t a, size_t b) {
    const struct migration *migrations = context;
    return text_compare(migrations[a].tag, migrations[b].tag);
}

/* If a folder and a flat file have the same tag, drops the file, since there is only one
 * status/TAG. */
static void drop_doubled(struct arena *arena, struct join *join) {
    const size_t *by_tag = sorted_all(arena, join->count, compare_tags, join->migrations);
    bool *is_doubled = arena_array(arena, bool, join->count);
    for (size_t i = 1; i < join->count; i++) {
        size_t a = by_tag[i - 1], b = by_tag[i];
        if (text_equal(join->migrations[a].tag, join->migrations[b].tag)) {
            is_doubled[join->migrations[a].reason == REASON_UNREAD ? a : b] = true;
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < join->count; i++) {
        if (!is_doubled[i]) {
            join->migrations[kept++] = join->migrations[i];
        }
    }
    join->count = kept;
}

static void collect(struct arena *arena, struct join *join) {
    const struct disk *disk = join->disk;
    join->migrations = arena_array(arena, struct migration, disk->count);
    for (size_t i = 1; i < disk->count; i++) {
        const struct disk_entry *file = &disk->entries[i];
        if (join->layout->is_migration(file)) {
            join->migrations[join->count++] =
                (struct migration){.tag = join->layout->tag(disk, file), .file = file, .kind = MIGRATION_COUNTS};
        } else if (layout_v0.is_migration(file)) {
            join->migrations[join->count++] = (struct migration){
                .tag = layout_v0.tag(disk, file), .file = file, .kind = MIGRATION_EXCLUDED, .reason = REASON_UNREAD};
        } else if (file->kind == DISK_DIRECTORY && file->parent != 0 && disk->entries[file->parent].parent == 0 &&
                   text_is(file->name, "migration.sql")) {
            join->aborting_folder = file; /* exists but cannot be read as a file */
        }
    }
    drop_doubled(arena, join);
    qsort(join->migrations, join->count, sizeof *join->migrations, compare_migrations);
    join->by_tag = sorted_all(arena, join->count, compare_tags, join->migrations);
    join->entry_migration = arena_array(arena, size_t, 0);
    join->aborting_entry = SIZE_MAX;
    struct standing *standings = arena_array(arena, struct standing, join->count * join->database_count);
    for (size_t i = 0; i < join->count; i++) {
        struct migration *it = &join->migrations[i];
        it->standings = standings + i * join->database_count;
        const struct disk_entry *snapshot = join->layout->snapshot(arena, disk, it->tag);
        it->has_snapshot = it->kind == MIGRATION_COUNTS && snapshot && snapshot->kind == DISK_FILE;
    }
}

static void sort_folders(struct joining *joining) {
    struct join *join = joining->join;
    struct folder_v1 *folders = arena_array(joining->arena, struct folder_v1, join->count);
    size_t count = 0;
    while (count < join->count && join->migrations[count].kind == MIGRATION_COUNTS) {
        const struct migration *it = &join->migrations[count];
        folders[count] = (struct folder_v1){.name = it->tag, .digest = it->file->sql->digest};
        folders[count].has_date = names_v1_date(it->tag, &folders[count].date);
        count++;
    }
    joining->folders = ledger_v1_sort(joining->arena, folders, count);
    join->items = arena_array(joining->arena, struct join_item, count);
    join->item_count = count;
    for (size_t i = 0; i < count; i++) {
        join->items[i].migration = joining->folders->by_date[i];
    }
}

/* ---- one database ---- */

/* A hash that the runner left empty says nothing about the text. */
static bool shows_text(const struct runner_rules *runner, const struct ledger_row *row, const struct migration *it) {
    struct digest digest;
    return (row->hash.length == 0 && runner->hash == RUNNER_MAY_LEAVE_HASH_EMPTY) ||
           (digest_from_hex(row->hash, &digest) && digest_equal(&digest, &it->file->sql->digest));
}

static enum match match_of(enum match_v1 match) {
    return match == MATCH_V1_NAME ? MATCH_NAME : match == MATCH_V1_HASH ? MATCH_HASH : MATCH_SECOND;
}

static void give_rows(const struct joining *joining, size_t index, const struct ledger_v1 *read) {
    struct join *join = joining->join;
    struct database *database = &join->databases[index];
    const struct ledger *ledger = database->ledger;
    for (size_t i = 0; i < ledger->count; i++) {
        database->row_migration[i] = read->folder[i];
        if (read->folder[i] == SIZE_MAX) {
            database->unmatched++;
            continue;
        }
        struct standing *standing = &join->migrations[read->folder[i]].standings[index];
        database->row_match[i] = standing->row ? MATCH_AGAIN : match_of(read->match[i]);
        if (!standing->row) {
            standing->row = &ledger->rows[i];
            standing->match = database->row_match[i];
        }
    }
}

/* Iterates over the folders of a range in one of the orders that have neither a row nor a
 * lookalike. Each folder is visited once, so a ledger full of equal rows costs no more than any
 * other. */
struct candidates {
    const size_t *order;
    size_t *given; /* [count]: at the first position of a range, how many folders of it were visited */
};

static struct standing *next_candidate(const struct joining *joining, size_t index, struct candidates *candidates,
                                       size_t first, size_t count) {
    while (count > 0 && candidates->given[first] < count) {
        size_t folder = candidates->order[first + candidates->given[first]++];
        struct standing *standing = &joining->join->migrations[folder].standings[index];
        if (!standing->row && !standing->lookalike) {
            return standing;
        }
    }
    return NULL;
}

/* Matches rows without a folder to migrations without a row by hash or second: these ran under
 * another name, or under none. */
static void find_lookalikes(const struct joining *joining, size_t index) {
    const struct folders_v1 *folders = joining->folders;
    const struct database *database = &joining->join->databases[index];
    struct candidates by_hash = {folders->by_hash, arena_array(joining->arena, size_t, folders->count)};
    struct candidates by_date = {folders->by_date, arena_array(joining->arena, size_t, folders->count)};
    for (size_t i = 0; i < database->ledger->count; i++) {
        const struct ledger_row *row = &database->ledger->rows[i];
        struct digest digest;
        int64_t date;
        size_t first = 0, count = 0;
        if (database->row_migration[i] != SIZE_MAX) {
            continue;
        }
        count = digest_from_hex(row->hash, &digest) ? ledger_v1_of_hash(folders, &digest, &first) : 0;
        struct standing *standing = next_candidate(joining, index, &by_hash, first, count);
        if (!standing) {
            count = ledger_v1_second(row, &date) ? ledger_v1_of_second(folders, date, &first) : 0;
            standing = next_candidate(joining, index, &by_date, first, count);
        }
        if (standing) {
            standing->lookalike = row;
        }
    }
}

static enum state state_in(const struct join *join, const struct migration *it, size_t database) {
    const struct standing *standing = &it->standings[database];
    if (join->databases[database].ledger->status == LEDGER_UNREADABLE) {
        return STATE_UNKNOWN;
    }
    if (it->kind == MIGRATION_EXCLUDED) {
        return STATE_NOT_APPLIED;
    }
    if (standing->row) {
        return shows_text(join->layout->runner, standing->row, it) ? STATE_APPLIED : STATE_MODIFIED;
    }
    return standing->lookalike ? STATE_RERUN : STATE_PENDING;
}

static void join_database(const struct joining *joining, size_t index) {
    struct join *join = joining->join;
    struct database *database = &join->databases[index];
    database->row_migration = arena_array(joining->arena, size_t, database->ledger->count);
    database->row_match = arena_array(joining->arena, enum match, database->ledger->count);
    const struct ledger_v1 *read = ledger_v1_read(joining->folders, database->ledger);
    database->v1_throws = read->throws;
    give_rows(joining, index, read);
    find_lookalikes(joining, index);
    for (size_t i = 0; i < join->count; i++) {
        struct migration *it = &join->migrations[i];
        struct standing *standing = &it->standings[index];
        if (!standing->row) {
            standing->applied_by = rules_applied(join->rules, it->tag, database->name);
        }
        standing->state = state_in(join, it, index);
    }
    join_find_failing(join, index);
}

/* ---- overall ---- */

static enum state overall_state(const struct join *join, const struct migration *it) {
    static const enum state order[] = {STATE_RERUN, STATE_PENDING, STATE_MODIFIED, STATE_UNKNOWN};
    if (it->reason == REASON_UNREAD) {
        return STATE_UNREAD;
    }
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        for (size_t d = 0; d < join->database_count; d++) {
            if (it->standings[d].state == order[i]) {
                return order[i];
            }
        }
    }
    return join->database_count > 0 ? STATE_APPLIED : STATE_JOURNALED;
}

void join_v1(struct arena *arena, struct join *join) {
    struct joining joining = {.arena = arena, .join = join};
    collect(arena, join);
    sort_folders(&joining);
    for (size_t i = 0; i < join->database_count; i++) {
        join_database(&joining, i);
    }
    for (size_t i = 0; i < join->count; i++) {
        join->migrations[i].state = overall_state(join, &join->migrations[i]);
    }
}
