/* Reads the journal as drizzle-kit does, names the folders, and takes each ledger through the first run of v1. Everything that would be
 * a look-up in a Map over there is one in a sorted list here, with the same winner among equals. */
#include "migfs/join/upgrade.h"

#include <string.h>

#include "join/upgrade_kit.h"
#include "migfs/drizzle/names_v1.h"
#include "migfs/util/sorted.h"

struct rehearsal {
    struct arena *arena;
    const struct join *join;
    struct upgrade *upgrade;
    size_t *by_date; /* the folders that become one, by date and then by name: as the upgrade of a ledger sorts them */
    size_t *by_hash; /* the same, by hash and then by that order */
    size_t *place;   /* [folders]: position in by_date */
    size_t count;
};

static const struct upgrade_folder *folder_at(const struct rehearsal *rehearsal, size_t folder) {
    return &rehearsal->upgrade->folders[folder];
}

/* ---- the folders, sorted ---- */

static int compare_dates(const void *context, size_t a, size_t b) {
    const struct upgrade_folder *left = folder_at(context, a), *right = folder_at(context, b);
    if (left->has_date != right->has_date) {
        return left->has_date ? -1 : 1;
    }
    if (left->date != right->date) {
        return left->date < right->date ? -1 : 1;
    }
    return names_v1_compare(left->name, right->name);
}

static int compare_hashes(const void *context, size_t a, size_t b) {
    const struct rehearsal *rehearsal = context;
    int order =
        digest_compare(&folder_at(rehearsal, a)->file->sql->digest, &folder_at(rehearsal, b)->file->sql->digest);
    return order != 0 ? order
                      : (rehearsal->place[a] > rehearsal->place[b]) - (rehearsal->place[a] < rehearsal->place[b]);
}

static void sort_folders(struct rehearsal *rehearsal) {
    struct upgrade *upgrade = rehearsal->upgrade;
    rehearsal->by_date = arena_array(rehearsal->arena, size_t, upgrade->folder_count);
    rehearsal->by_hash = arena_array(rehearsal->arena, size_t, upgrade->folder_count);
    rehearsal->place = arena_array(rehearsal->arena, size_t, upgrade->folder_count);
    for (size_t i = 0; i < upgrade->folder_count; i++) {
        if (upgrade->folders[i].file && upgrade->folders[i].name.length > 0) {
            rehearsal->by_date[rehearsal->count++] = i;
        }
    }
    sorted_order(rehearsal->by_date, rehearsal->count, compare_dates, rehearsal);
    for (size_t i = 0; i < rehearsal->count; i++) {
        rehearsal->place[rehearsal->by_date[i]] = i;
        rehearsal->by_hash[i] = rehearsal->by_date[i];
    }
    sorted_order(rehearsal->by_hash, rehearsal->count, compare_hashes, rehearsal);
}

/* ---- one row ---- */

struct sought {
    const struct rehearsal *rehearsal;
    int64_t date;
    struct digest digest;
};

static bool date_lies_before(const void *context, size_t position) {
    const struct sought *sought = context;
    const struct upgrade_folder *folder = folder_at(sought->rehearsal, sought->rehearsal->by_date[position]);
    return folder->has_date && folder->date < sought->date;
}

/* Equal ones count as before: what is found is the end of their run, since the last folder of a hash wins. */
static bool hash_lies_not_after(const void *context, size_t position) {
    const struct sought *sought = context;
    const struct upgrade_folder *folder = folder_at(sought->rehearsal, sought->rehearsal->by_hash[position]);
    return digest_compare(&folder->file->sql->digest, &sought->digest) <= 0;
}

/* The runner compares the hash as a string, so one in capitals matches nothing. */
static bool row_has_hash(const struct ledger_row *row, struct digest *ret_digest) {
    char hex[DIGEST_HEX_LENGTH + 1];
    if (!digest_from_hex(row->hash, ret_digest)) {
        return false;
    }
    digest_to_hex(ret_digest, hex);
    return text_is(row->hash, hex);
}

/* The last three digits of created_at are cut off as text and three zeros put in their place, so what lies within a second of the epoch
 * becomes 0 on either side of it. A NULL becomes NaN, which no folder with a date has. */
static bool second_of_row(const struct ledger_row *row, int64_t *ret_date) {
    *ret_date = row->has_created_at ? row->created_at / 1000 * 1000 : 0;
    return row->has_created_at;
}

static void match_row(const struct rehearsal *rehearsal, struct upgrade_row *row) {
    struct sought sought = {.rehearsal = rehearsal};
    bool has_hash = row_has_hash(row->row, &sought.digest);
    size_t at = rehearsal->count, end;
    if (second_of_row(row->row, &sought.date)) {
        at = sorted_find(rehearsal->count, date_lies_before, &sought);
    }
    for (end = at; end < rehearsal->count; end++) {
        const struct upgrade_folder *folder = folder_at(rehearsal, rehearsal->by_date[end]);
        if (!folder->has_date || folder->date != sought.date) {
            break;
        }
    }
    if (end - at == 1) {
        row->match = UPGRADE_BY_SECOND;
        row->folder = rehearsal->by_date[at];
    } else if (end > at) {
        for (; at < end && row->match == UPGRADE_BY_NOTHING; at++) {
            const struct upgrade_folder *folder = folder_at(rehearsal, rehearsal->by_date[at]);
            if (has_hash && digest_equal(&folder->file->sql->digest, &sought.digest)) {
                row->match = UPGRADE_BY_SECOND;
                row->folder = rehearsal->by_date[at];
            }
        }
    } else if (has_hash) {
        size_t after = sorted_find(rehearsal->count, hash_lies_not_after, &sought);
        if (after > 0 &&
            digest_equal(&folder_at(rehearsal, rehearsal->by_hash[after - 1])->file->sql->digest, &sought.digest)) {
            row->match = UPGRADE_BY_HASH;
            row->folder = rehearsal->by_hash[after - 1];
        }
    }
}

/* ---- one ledger ---- */

static int compare_names(const void *context, size_t a, size_t b) {
    return text_compare(folder_at(context, a)->name, folder_at(context, b)->name);
}

struct name_sought {
    const struct rehearsal *rehearsal;
    const size_t *by_name;
    struct text name;
};

static bool name_lies_before(const void *context, size_t position) {
    const struct name_sought *sought = context;
    return text_compare(folder_at(sought->rehearsal, sought->by_name[position])->name, sought->name) < 0;
}

/* The rows of a ledger that has been upgraded go by their names alone. */
static void match_names(const struct rehearsal *rehearsal, struct upgrade_row *rows, size_t count) {
    size_t *by_name = arena_array(rehearsal->arena, size_t, rehearsal->count);
    memcpy(by_name, rehearsal->by_date, rehearsal->count * sizeof *by_name);
    sorted_order(by_name, rehearsal->count, compare_names, rehearsal);
    for (size_t i = 0; i < count; i++) {
        struct name_sought sought = {rehearsal, by_name, rows[i].row->name};
        size_t at = sorted_find(rehearsal->count, name_lies_before, &sought);
        if (sought.name.length > 0 && at < rehearsal->count &&
            text_equal(folder_at(rehearsal, by_name[at])->name, sought.name)) {
            rows[i].match = UPGRADE_BY_NAME;
            rows[i].folder = by_name[at];
        }
    }
}

/* By id as a number: ORDER BY id on a serial column. */
static int compare_row_ids(const void *context, size_t a, size_t b) {
    const struct ledger_row *rows = context;
    int64_t left, right;
    bool has_left = text_to_int64(rows[a].id, &left), has_right = text_to_int64(rows[b].id, &right);
    if (has_left && has_right && left != right) {
        return left < right ? -1 : 1;
    }
    return has_left == has_right ? text_compare(rows[a].id, rows[b].id) : has_left ? -1 : 1;
}

static void list_runs(const struct rehearsal *rehearsal, size_t database, const bool *is_recorded) {
    struct upgrade_database *it = &rehearsal->upgrade->databases[database];
    it->runs = arena_array(rehearsal->arena, struct upgrade_run, rehearsal->count);
    for (size_t i = 0; i < rehearsal->count; i++) {
        size_t folder = rehearsal->by_date[i];
        if (is_recorded[folder]) {
            continue;
        }
        const struct migration *migration = folder_at(rehearsal, folder)->migration;
        const struct standing *standing = migration ? &migration->standings[database] : NULL;
        it->runs[it->run_count++] = (struct upgrade_run){
            .folder = folder,
            .was_passed_over = standing && standing->state == STATE_SKIPPED,
            .aborts = !folder_at(rehearsal, folder)->has_date || (standing && !standing->row && standing->applied_by)};
    }
}

static void rehearse_database(const struct rehearsal *rehearsal, size_t database) {
    const struct ledger *ledger = rehearsal->join->databases[database].ledger;
    struct upgrade_database *it = &rehearsal->upgrade->databases[database];
    it->is_known = ledger->status != LEDGER_UNREADABLE;
    if (!it->is_known) {
        return;
    }
    it->is_v1 = ledger->is_v1;
    it->rows = arena_array(rehearsal->arena, struct upgrade_row, ledger->count);
    const size_t *by_id = sorted_all(rehearsal->arena, ledger->count, compare_row_ids, ledger->rows);
    for (size_t i = 0; i < ledger->count; i++) {
        it->rows[i] = (struct upgrade_row){&ledger->rows[by_id[i]], UPGRADE_BY_NOTHING, SIZE_MAX};
        if (!it->is_v1) {
            match_row(rehearsal, &it->rows[i]);
        }
    }
    if (it->is_v1) {
        match_names(rehearsal, it->rows, ledger->count);
    }
    bool *is_recorded = arena_array(rehearsal->arena, bool, rehearsal->upgrade->folder_count);
    for (size_t i = 0; i < ledger->count; i++) {
        if (it->rows[i].match == UPGRADE_BY_NOTHING) {
            it->unmatched++;
        } else {
            is_recorded[it->rows[i].folder] = true;
        }
    }
    it->throws = it->unmatched > 0 && !it->is_v1;
    if (!it->throws) {
        list_runs(rehearsal, database, is_recorded);
    }
}

static bool is_obstacle(const struct upgrade_database *database) {
    bool aborts = false;
    for (size_t i = 0; i < database->run_count; i++) {
        aborts = aborts || database->runs[i].aborts;
    }
    return !database->is_known || database->throws || aborts;
}

struct upgrade *upgrade_rehearse(struct arena *arena, const struct join *join) {
    struct upgrade *upgrade = upgrade_plan(arena, join);
    if (!upgrade) {
        return NULL;
    }
    struct rehearsal rehearsal = {.arena = arena, .join = join, .upgrade = upgrade};
    sort_folders(&rehearsal);
    upgrade->databases = arena_array(arena, struct upgrade_database, join->database_count);
    upgrade->obstacles = upgrade->fault_count;
    for (size_t i = 0; i < join->database_count; i++) {
        rehearse_database(&rehearsal, i);
        upgrade->obstacles += is_obstacle(&upgrade->databases[i]);
    }
    return upgrade;
}
