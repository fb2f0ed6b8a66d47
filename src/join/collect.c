/* Collects the migrations: every tag of a file or an entry, with both. */
#include "join/collect.h"

#include <stdlib.h>
#include <string.h>

#include "migfs/util/sorted.h"

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

static int compare_tags(const void *a, const void *b) {
    return text_compare(((const struct migration *)a)->tag, ((const struct migration *)b)->tag);
}

static int compare_file_order(const void *a, const void *b) {
    const struct migration *left = a, *right = b;
    int order = number_compare(left->number, right->number);
    return order != 0 ? order : text_compare(left->tag, right->tag);
}

static int compare_by_tag(const void *context, size_t a, size_t b) {
    const struct migration *migrations = context;
    return text_compare(migrations[a].tag, migrations[b].tag);
}

/* Lists every tag of a file or an entry once, in file order. */
static void collect_tags(struct arena *arena, struct join *join) {
    const struct disk *disk = join->disk;
    const struct journal *journal = join->journal;
    struct migration *all = arena_array(arena, struct migration, disk->count + journal->count);
    size_t count = 0;
    for (size_t i = 1; i < disk->count; i++) {
        const struct disk_entry *file = &disk->entries[i];
        if (join->layout->is_migration(file)) {
            all[count++] = (struct migration){.tag = join->layout->tag(disk, file), .file = file};
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
    join->by_tag = sorted_all(arena, kept, compare_by_tag, all);
}

static void attach_entries(struct arena *arena, struct join *join) {
    const struct journal *journal = join->journal;
    join->entry_migration = arena_array(arena, size_t, journal->count);
    join->items = arena_array(arena, struct join_item, journal->count);
    join->item_count = journal->count;
    for (size_t i = 0; i < journal->count; i++) {
        join->entry_migration[i] = SIZE_MAX;
        join->items[i] = (struct join_item){&journal->entries[i], SIZE_MAX};
        if (!journal->entries[i].tag_value.is_valid) {
            continue;
        }
        struct migration *it = &join->migrations[join_find(join, journal->entries[i].tag) - join->migrations];
        join->entry_migration[i] = join->items[i].migration = (size_t)(it - join->migrations);
        const struct journal_entry *entry = &journal->entries[i], *highest = it->highest_entry;
        it->entry = it->entry ? it->entry : entry;
        if (entry->when.is_valid && (!highest || entry->when.number > highest->when.number)) {
            it->highest_entry = entry;
        }
    }
    for (size_t i = 0; i < journal->count; i++) {
        const struct journal_entry *entry = &journal->entries[i];
        const struct migration *it = entry->fused_tag_value.is_valid ? join_find(join, entry->fused_tag) : NULL;
        if (it && it->file && !it->entry && !it->fused) {
            join->migrations[it - join->migrations].fused = entry;
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

/* Returns whether the runner may find `${folder}/${tag}.sql` where we do not: drizzle-orm 0.45.4,
 * migrator.js, readMigrationFiles. */
static bool may_be_elsewhere(struct arena *arena, const struct join *join, struct text tag) {
    size_t at;
    if (memchr(tag.bytes, '\0', tag.length)) {
        return false;
    }
    const struct disk_entry *found = disk_find(join->disk, text_format(arena, "%.*s.sql", TEXT_ARGS(tag)));
    return text_starts(tag, "../") || text_find(tag, "/../", &at) || (found && found->kind != DISK_DIRECTORY);
}

void join_collect(struct arena *arena, struct join *join) {
    collect_tags(arena, join);
    attach_entries(arena, join);
    struct standing *standings = arena_array(arena, struct standing, join->count * join->database_count);
    for (size_t i = 0; i < join->count; i++) {
        join->migrations[i].standings = standings + i * join->database_count;
        const struct disk_entry *snapshot = join->layout->snapshot(arena, join->disk, join->migrations[i].tag);
        join->migrations[i].has_snapshot = snapshot && snapshot->kind == DISK_FILE;
        join->migrations[i].is_out_of_reach = join->migrations[i].entry && !join->migrations[i].file &&
                                              may_be_elsewhere(arena, join, join->migrations[i].tag);
    }
}
