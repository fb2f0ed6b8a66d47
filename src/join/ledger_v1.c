/* Where drizzle-orm uses a Map, this uses a sorted list, and picks the same one among equal
 * keys. */
#include "join/ledger_v1.h"

#include "migfs/drizzle/names_v1.h"
#include "migfs/util/sorted.h"

/* ---- the folders, sorted ---- */

static int compare_dates(const void *context, size_t a, size_t b) {
    const struct folders_v1 *folders = context;
    const struct folder_v1 *left = &folders->folders[a], *right = &folders->folders[b];
    if (left->has_date != right->has_date) {
        return left->has_date ? -1 : 1;
    }
    if (left->date != right->date) {
        return left->date < right->date ? -1 : 1;
    }
    return names_v1_compare(left->name, right->name);
}

static int compare_hashes(const void *context, size_t a, size_t b) {
    const struct folders_v1 *folders = context;
    int order = digest_compare(&folders->folders[a].digest, &folders->folders[b].digest);
    return order != 0 ? order : (folders->place[a] > folders->place[b]) - (folders->place[a] < folders->place[b]);
}

static int compare_names(const void *context, size_t a, size_t b) {
    const struct folders_v1 *folders = context;
    return text_compare(folders->folders[a].name, folders->folders[b].name);
}

struct folders_v1 *ledger_v1_sort(struct arena *arena, const struct folder_v1 *folders, size_t count) {
    struct folders_v1 *sorted = arena_new(arena, struct folders_v1);
    *sorted = (struct folders_v1){.arena = arena, .folders = folders, .count = count};
    sorted->by_date = sorted_all(arena, count, compare_dates, sorted);
    sorted->place = arena_array(arena, size_t, count);
    for (size_t i = 0; i < count; i++) {
        sorted->place[sorted->by_date[i]] = i;
    }
    sorted->by_hash = sorted_all(arena, count, compare_hashes, sorted);
    sorted->by_name = sorted_all(arena, count, compare_names, sorted);
    return sorted;
}

/* ---- a row ---- */

struct sought {
    const struct folders_v1 *folders;
    int64_t date;
    struct digest digest;
    struct text name;
    size_t place;
};

static bool date_lies_before(const void *context, size_t position) {
    const struct sought *sought = context;
    const struct folder_v1 *folder = &sought->folders->folders[sought->folders->by_date[position]];
    return folder->has_date && folder->date < sought->date;
}

static bool hash_lies_before(const void *context, size_t position) {
    const struct sought *sought = context;
    return digest_compare(&sought->folders->folders[sought->folders->by_hash[position]].digest, &sought->digest) < 0;
}

static bool name_lies_before(const void *context, size_t position) {
    const struct sought *sought = context;
    return text_compare(sought->folders->folders[sought->folders->by_name[position]].name, sought->name) < 0;
}

/* Hashes are compared as strings, so one in upper case matches nothing. */
static bool row_has_hash(const struct ledger_row *row, struct digest *ret_digest) {
    char hex[DIGEST_HEX_LENGTH + 1];
    if (!digest_from_hex(row->hash, ret_digest)) {
        return false;
    }
    digest_to_hex(ret_digest, hex);
    return text_is(row->hash, hex);
}

bool ledger_v1_second(const struct ledger_row *row, int64_t *ret_date) {
    *ret_date = row->has_created_at ? names_v1_second(row->created_at) : 0;
    return row->has_created_at;
}

static bool date_lies_not_after(const void *context, size_t position) {
    const struct sought *sought = context;
    const struct folder_v1 *folder = &sought->folders->folders[sought->folders->by_date[position]];
    return folder->has_date && folder->date <= sought->date;
}

static bool hash_lies_not_after(const void *context, size_t position) {
    const struct sought *sought = context;
    return digest_compare(&sought->folders->folders[sought->folders->by_hash[position]].digest, &sought->digest) <= 0;
}

size_t ledger_v1_of_second(const struct folders_v1 *folders, int64_t date, size_t *ret_first) {
    struct sought sought = {.folders = folders, .date = date};
    *ret_first = sorted_find(folders->count, date_lies_before, &sought);
    return sorted_find(folders->count, date_lies_not_after, &sought) - *ret_first;
}

size_t ledger_v1_of_hash(const struct folders_v1 *folders, const struct digest *digest, size_t *ret_first) {
    struct sought sought = {.folders = folders, .digest = *digest};
    *ret_first = sorted_find(folders->count, hash_lies_before, &sought);
    return sorted_find(folders->count, hash_lies_not_after, &sought) - *ret_first;
}

/* Sorted by hash, then by position in by_date. */
static bool place_lies_before(const void *context, size_t position) {
    const struct sought *sought = context;
    const struct folders_v1 *folders = sought->folders;
    size_t folder = folders->by_hash[position];
    int order = digest_compare(&folders->folders[folder].digest, &sought->digest);
    return order < 0 || (order == 0 && folders->place[folder] < sought->place);
}

/* Returns the first folder with this hash among `count` positions in by_date, or SIZE_MAX. */
static size_t first_with_hash(const struct folders_v1 *folders, const struct digest *digest, size_t first,
                              size_t count) {
    struct sought sought = {.folders = folders, .digest = *digest, .place = first};
    size_t at = sorted_find(folders->count, place_lies_before, &sought);
    size_t folder = at < folders->count ? folders->by_hash[at] : SIZE_MAX;
    bool fits = folder != SIZE_MAX && digest_equal(&folders->folders[folder].digest, digest) &&
                folders->place[folder] < first + count;
    return fits ? folder : SIZE_MAX;
}

/* Matches a row like the upgrade of a 0.x ledger. Among several folders with its second, takes the
 * first one with its hash; if matched by hash only, takes the last one. */
static size_t match_row(const struct folders_v1 *folders, const struct ledger_row *row, enum match_v1 *ret_match) {
    struct digest digest;
    int64_t date;
    bool has_hash = row_has_hash(row, &digest);
    size_t first = 0, count = ledger_v1_second(row, &date) ? ledger_v1_of_second(folders, date, &first) : 0;
    *ret_match = MATCH_V1_SECOND;
    if (count == 1) {
        return folders->by_date[first];
    }
    size_t among = has_hash && count > 0 ? first_with_hash(folders, &digest, first, count) : SIZE_MAX;
    if (among != SIZE_MAX) {
        return among;
    }
    size_t same = has_hash && count == 0 ? ledger_v1_of_hash(folders, &digest, &first) : 0;
    *ret_match = same > 0 ? MATCH_V1_HASH : MATCH_V1_NOTHING;
    return same > 0 ? folders->by_hash[first + same - 1] : SIZE_MAX;
}

static size_t match_name(const struct folders_v1 *folders, struct text name, enum match_v1 *ret_match) {
    struct sought sought = {.folders = folders, .name = name};
    size_t at = sorted_find(folders->count, name_lies_before, &sought);
    bool is_there =
        name.length > 0 && at < folders->count && text_equal(folders->folders[folders->by_name[at]].name, name);
    *ret_match = is_there ? MATCH_V1_NAME : MATCH_V1_NOTHING;
    return is_there ? folders->by_name[at] : SIZE_MAX;
}

/* ---- a ledger ---- */

struct ledger_v1 *ledger_v1_read(const struct folders_v1 *folders, const struct ledger *ledger) {
    struct ledger_v1 *read = arena_new(folders->arena, struct ledger_v1);
    read->match = arena_array(folders->arena, enum match_v1, ledger->count);
    read->folder = arena_array(folders->arena, size_t, ledger->count);
    read->is_recorded = arena_array(folders->arena, bool, folders->count);
    for (size_t i = 0; i < ledger->count; i++) {
        const struct ledger_row *row = &ledger->rows[i];
        read->folder[i] =
            ledger->is_v1 ? match_name(folders, row->name, &read->match[i]) : match_row(folders, row, &read->match[i]);
        if (read->folder[i] == SIZE_MAX) {
            read->unmatched++;
        } else {
            read->is_recorded[read->folder[i]] = true;
        }
    }
    read->throws = read->unmatched > 0 && !ledger->is_v1;
    return read;
}

/* Same as ORDER BY id on a serial column. */
static int compare_ids(const void *context, size_t a, size_t b) {
    const struct ledger_row *rows = context;
    int64_t left, right;
    bool has_left = text_to_int64(rows[a].id, &left), has_right = text_to_int64(rows[b].id, &right);
    if (has_left && has_right && left != right) {
        return left < right ? -1 : 1;
    }
    return has_left == has_right ? text_compare(rows[a].id, rows[b].id) : has_left ? -1 : 1;
}

size_t *ledger_v1_by_id(struct arena *arena, const struct ledger *ledger) {
    return sorted_all(arena, ledger->count, compare_ids, ledger->rows);
}
