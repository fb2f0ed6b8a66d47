/* Problems of drizzle-kit's snapshots in meta/: the one that its next `generate` compares the
 * schema with, and those that make it stop. The runner reads none of them. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/synthesis/snapshots.h"
#include "migfs/util/sorted.h"
#include "report/find_in.h"
#include "report/phrases.h"

struct chain {
    const struct disk_entry **snapshots; /* by name */
    size_t count;
};

static struct chain list_snapshots(const struct finder *finder) {
    const struct disk *disk = finder->join->disk;
    struct chain chain = {.snapshots = arena_array(finder->arena, const struct disk_entry *, disk->count)};
    for (size_t i = 1; i < disk->count; i++) {
        if (disk->entries[i].snapshot && text_ends(disk->entries[i].name, ".json")) {
            chain.snapshots[chain.count++] = &disk->entries[i];
        }
    }
    return chain;
}

/* The number at the start of a snapshot's name, without leading zeros; empty: none. */
static struct text number_of(struct text name) {
    size_t digits = 0, zeros = 0;
    while (digits < name.length && name.bytes[digits] >= '0' && name.bytes[digits] <= '9') {
        digits++;
    }
    while (zeros + 1 < digits && name.bytes[zeros] == '0') {
        zeros++;
    }
    return text_slice(name, zeros, digits);
}

/* What to do: `migfs fix` if all of them can be made, else also what to do by hand. */
static const char *step_for_missing(const struct finder *finder) {
    static const char by_hand[] = "delete from what it writes whatever is already there";
    const struct snapshots *snapshots = finder->synthesis->snapshots;
    struct text made = phrase_snapshots(finder->arena, finder->synthesis);
    if (made.length == 0) {
        return by_hand;
    }
    return snapshots->count == snapshots->wanted ? made.bytes
                                                 : text_format(finder->arena, "%s; %s", made.bytes, by_hand).bytes;
}

/* drizzle-kit compares the schema with the last snapshot by name, so a missing one before that
 * never matters. */
static void find_missing(struct finder *finder, const struct chain *chain) {
    enum { NAMED = 3 };
    struct text newest = chain->count > 0 ? number_of(chain->snapshots[chain->count - 1]->name) : TEXT("");
    struct phrase_list tags = phrase_list(finder->arena, NAMED);
    const struct migration *first = NULL;
    for (size_t i = 0; i < finder->join->count; i++) {
        const struct migration *it = &finder->join->migrations[i];
        bool is_after = chain->count == 0 || number_compare(it->number, newest) > 0;
        if (migration_counts(it) && it->number.length > 0 && is_after && !it->has_snapshot) {
            first = first ? first : it;
            phrase_list_add(&tags, it->tag);
        }
    }
    if (!first) {
        return;
    }
    struct place place = {.file = first->file->name, .migration = first};
    struct text missing = phrase_list_end(&tags);
    if (chain->count == 0) {
        /* None is made: there is no snapshot to make the first from, and none to confirm it. */
        found(
            finder, PROBLEM_SNAPSHOT_MISSING, &place,
            "%s ha%s no snapshot, and meta/ contains no other: Drizzle's runner needs none, but the next `drizzle-kit "
            "generate` writes the whole schema again; if version control has the snapshots, restore them, else delete "
            "from what it writes whatever is already there",
            missing.bytes, tags.count == 1 ? "s" : "ve");
    } else {
        found(finder, PROBLEM_SNAPSHOT_MISSING, &place,
              "%s come%s after the newest snapshot in meta/: Drizzle's runner needs none, but the next `drizzle-kit "
              "generate` writes %s statements again; %s",
              missing.bytes, tags.count == 1 ? "s" : "", tags.count == 1 ? "its" : "their", step_for_missing(finder));
    }
}

/* ---- the chain ---- */

static const char *file_shown(const struct finder *finder, const struct disk_entry *snapshot) {
    return shown(finder, snapshot->name);
}

static void find_unreadable(struct finder *finder, const struct disk_entry *snapshot) {
    const struct snapshot_head *head = snapshot->snapshot;
    struct place place = {.file = snapshot->path, .line = head->line, .column = head->line > 0 ? head->column : 0};
    if (!head->is_json) {
        found(finder, PROBLEM_SNAPSHOT_CHAIN, &place,
              "is not JSON, so `drizzle-kit generate` and `check` stop; restore the file from version control");
    }
}

static int compare_parents(const void *context, size_t a, size_t b) {
    const struct chain *chain = context;
    return strcmp(chain->snapshots[a]->snapshot->prev_id, chain->snapshots[b]->snapshot->prev_id);
}

static int compare_ids(const void *context, size_t a, size_t b) {
    const struct chain *chain = context;
    return strcmp(chain->snapshots[a]->snapshot->id, chain->snapshots[b]->snapshot->id);
}

/* Returns the migration that this snapshot belongs to, by its number, or NULL if there is none or
 * more than one. */
static const struct migration *migration_of(const struct finder *finder, const struct disk_entry *snapshot) {
    const struct migration *found = NULL;
    for (size_t i = 0; i < finder->join->count; i++) {
        const struct migration *it = &finder->join->migrations[i];
        if (migration_counts(it) && text_equal(it->number, number_of(snapshot->name))) {
            if (found) {
                return NULL;
            }
            found = it;
        }
    }
    return found;
}

static void find_collisions(struct finder *finder, const struct chain *chain, bool by_parent) {
    size_t *sorted = sorted_all(finder->arena, chain->count, by_parent ? compare_parents : compare_ids, chain);
    for (size_t i = 1; i < chain->count; i++) {
        const struct disk_entry *first = chain->snapshots[sorted[i - 1]], *second = chain->snapshots[sorted[i]];
        const char *left = by_parent ? first->snapshot->prev_id : first->snapshot->id;
        const char *right = by_parent ? second->snapshot->prev_id : second->snapshot->id;
        bool is_said = !by_parent && strcmp(first->snapshot->prev_id, second->snapshot->prev_id) == 0;
        if (is_said || *left == '\0' || strcmp(left, right) != 0 || !first->snapshot->is_json ||
            !second->snapshot->is_json) {
            continue;
        }
        const struct migration *it = migration_of(finder, second);
        struct place place = {.file = second->path, .migration = it};
        const char *tag = it ? phrase_tag(finder->arena, it->tag).bytes : "its migration";
        found(
            finder, PROBLEM_SNAPSHOT_CHAIN, &place,
            "has the %s of %s, as after a merge of two branches, so `drizzle-kit generate` and `check` stop; while %s "
            "has run nowhere, delete it with its entry and this snapshot, and generate it again (docs/branches.md)",
            by_parent ? "prevId" : "id", file_shown(finder, first), tag);
    }
}

/* ---- the next number ---- */

/* Returns whether another problem about the numbers is reported whose fix covers this: a migration
 * that is not listed, or a repeated idx. */
static bool is_settled_otherwise(const struct finder *finder, const struct journal_entry *last) {
    const struct journal *journal = finder->join->journal;
    for (size_t i = 0; i < finder->join->count; i++) {
        if (migration_counts(&finder->join->migrations[i]) && !finder->join->migrations[i].entry) {
            return true;
        }
    }
    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_entry *entry = &journal->entries[i];
        if (entry != last && entry->idx.is_valid && entry->idx.number == last->idx.number) {
            return true;
        }
    }
    return false;
}

/* `generate` uses the last entry's idx plus 1, in four digits, and overwrites an existing snapshot
 * with that number. */
static void find_overwrite(struct finder *finder, const struct chain *chain) {
    const struct journal *journal = finder->join->journal;
    const struct journal_entry *last = journal->count > 0 ? &journal->entries[journal->count - 1] : NULL;
    size_t migration = last ? finder->join->entry_migration[last->position] : SIZE_MAX;
    enum { INDEX_DIGITS = 4, LARGEST = 9999 };
    if (migration == SIZE_MAX || !last->idx.is_valid || last->idx.number > LARGEST ||
        finder->join->migrations[migration].number.length > INDEX_DIGITS) {
        return;
    }
    struct text next = text_format(finder->arena, "%04" PRId64 "_snapshot.json", last->idx.number + 1);
    int64_t highest = -1;
    bool is_there = false;
    for (size_t i = 0; i < chain->count; i++) {
        struct text number = number_of(chain->snapshots[i]->name);
        int64_t value;
        is_there = is_there || text_equal(chain->snapshots[i]->name, next);
        highest = number.length <= INDEX_DIGITS && text_to_int64(number, &value) && value > highest ? value : highest;
    }
    if (is_there && !is_settled_otherwise(finder, last)) {
        struct place place = {.file = TEXT("meta/_journal.json"), .line = last->line};
        found(finder, PROBLEM_SNAPSHOT_OVERWRITE, &place,
              "idx of %s, the last entry, is %" PRId64
              ", so the next `drizzle-kit generate` overwrites meta/%s, which exists; set it to %" PRId64,
              phrase_tag(finder->arena, last->tag).bytes, last->idx.number, next.bytes, highest);
    }
}

void find_in_snapshots(struct finder *finder) {
    struct chain chain = list_snapshots(finder);
    find_missing(finder, &chain);
    for (size_t i = 0; i < chain.count; i++) {
        find_unreadable(finder, chain.snapshots[i]);
    }
    find_collisions(finder, &chain, true);
    find_collisions(finder, &chain, false);
    find_overwrite(finder, &chain);
}
