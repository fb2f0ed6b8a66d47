/* Makes the snapshots of a gap and compares the result with the snapshot after it. */
#include "synthesis/snapshot_gaps.h"

#include <string.h>

#include "migfs/drizzle/snapshot.h"
#include "synthesis/snapshot.h"
#include "synthesis/snapshot_difference.h"
#include "synthesis/snapshot_folder.h"

/* drizzle-kit's prevId of the first snapshot, and the empty snapshot that a folder starts from. */
#define NO_PARENT "00000000-0000-0000-0000-000000000000"
static const char no_parent[] = NO_PARENT;
static const char nothing[] =
    "{\"id\": \"" NO_PARENT "\", \"version\": \"7\", \"dialect\": \"postgresql\", \"tables\": {}}";

struct gap {
    struct arena *arena;
    const struct join *join;
    const struct synthesis *synthesis;
    size_t *room;    /* see snapshots_make() */
    size_t from, to; /* entries without a snapshot: [from, to) */
    struct snapshots_gap *it;
};

static const struct migration *migration_at(const struct gap *gap, size_t entry) {
    return &gap->join->migrations[gap->synthesis->entries[entry].migration];
}

static const struct disk_entry *snapshot_at(const struct gap *gap, size_t entry) {
    const struct migration *it = migration_at(gap, entry);
    struct text name = snapshot_file_name(gap->arena, it->tag);
    return it->has_snapshot ? disk_find(gap->join->disk, text_format(gap->arena, "meta/%s", name.bytes)) : NULL;
}

/* Discards the snapshots made and records the reason. */
static void refuse(struct gap *gap, size_t entry, struct text reason) {
    struct snapshots *within = &gap->it->within;
    within->count = 0;
    within->blocked = gap->synthesis->entries[entry].migration;
    within->blocked_tag = migration_at(gap, entry)->tag;
    within->reason = reason;
    within->is_out_of_room = false;
    within->line = 0;
}

/* ---- Room ---- */

/* Estimates the size of all of them, growing evenly. A gap is made as a whole or not at all, so one
 * that is too large takes no room from the others. */
static bool has_room(struct gap *gap, size_t base, size_t next) {
    size_t wanted = (base + next) / 2 * (gap->to - gap->from + 1);
    if (wanted > SNAPSHOTS_ROOM) {
        refuse(gap, gap->from, TEXT("it and those after it are more than the 16 MiB of snapshots made at once"));
    } else if (wanted > *gap->room) {
        refuse(gap, gap->from, TEXT("no more of them are made at once; it follows when the others are written"));
        gap->it->within.is_out_of_room = true;
    }
    return wanted <= *gap->room;
}

/* ---- The snapshots around it ---- */

/* The snapshot that the first one is made from. */
static bool find_base(struct gap *gap, struct text *ret_base, struct text *ret_name) {
    const struct disk_entry *before = gap->from > 0 ? snapshot_at(gap, gap->from - 1) : NULL;
    *ret_base = text_of(nothing);
    *ret_name = TEXT("");
    if (gap->from == 0) {
        return true;
    }
    if (!before || !snapshot_folder_read(gap->arena, before, ret_base)) {
        refuse(gap, gap->from, TEXT("there is no snapshot before it to make it from"));
        return false;
    }
    *ret_name = before->path;
    return true;
}

/* Another snapshot than the next one with the same parent as the first made one would have:
 * drizzle-kit stops if two snapshots have one parent. */
static const struct disk_entry *find_sibling(const struct gap *gap, const char *parent) {
    const struct disk *disk = gap->join->disk;
    for (size_t i = 1; i < disk->count; i++) {
        const struct snapshot_head *head = disk->entries[i].snapshot;
        if (head && head->is_json && &disk->entries[i] != gap->it->next && strcmp(head->prev_id, parent) == 0) {
            return &disk->entries[i];
        }
    }
    return NULL;
}

/* ---- prevId ---- */

/* The text with only its prevId changed; empty if it has this prevId already. */
static struct text with_parent(struct arena *arena, struct text text, struct text id) {
    struct json_walk walk = {.rest = json_value(text)};
    struct text key, value, found = {0};
    while (json_next(&walk, &key, &value)) {
        if (text_equal(json_string(arena, key), TEXT("prevId"))) {
            found = value;
        }
    }
    if (!found.bytes || (json_type(found) == JSON_STRING && text_equal(json_string(arena, found), id))) {
        return TEXT("");
    }
    size_t at = (size_t)(found.bytes - text.bytes);
    struct buffer changed = BUFFER(arena);
    buffer_add(&changed, text_slice(text, 0, at));
    buffer_add_json(&changed, id);
    buffer_add(&changed, text_slice(text, at + found.length, text.length));
    return buffer_text(&changed);
}

/* ---- Making ---- */

/* Makes the snapshots of the gap and of the migration after it. The existing snapshot of the latter
 * supplies the habits. */
static void make(struct gap *gap, struct text base, struct text base_name, struct text real,
                 const struct snapshots_reader *reader) {
    struct snapshots *within = &gap->it->within;
    size_t count = gap->to - gap->from;
    struct snapshots_file *files = arena_array(gap->arena, struct snapshots_file, count + 1);
    for (size_t i = 0; i <= count; i++) {
        size_t migration = gap->synthesis->entries[gap->from + i].migration;
        files[i] = snapshot_folder_file(gap->arena, gap->join, migration, reader);
    }
    const struct snapshot_folder_before before = {gap->join, gap->synthesis, reader, gap->from};
    const struct snapshots_start start = {
        .content = base, .name = base_name, .habits = real, .earlier = snapshot_folder_files, .context = &before};
    snapshots_make(gap->arena, &start, files, count + 1, gap->room, within);
    within->wanted = count;
}

static void hold_against(struct gap *gap, struct text base, struct text real) {
    struct snapshots *within = &gap->it->within;
    struct text reason, difference;
    size_t last = within->wanted;
    const char *path = text_escaped(gap->arena, gap->it->next->path).bytes;
    const struct cJSON *tree = snapshot_read(gap->arena, real, &reason);
    const struct cJSON *made = snapshot_read(gap->arena, within->made[last].content, &reason);
    if (!tree || !made) {
        refuse(gap, gap->to, text_format(gap->arena, "%s %s", path, reason.bytes));
    } else if (!snapshot_is_same(gap->arena, made, tree, &difference)) {
        reason = text_format(gap->arena, "the SQL gives another schema than %s has: %s", path, difference.bytes);
        refuse(gap, gap->from, reason);
    } else {
        struct json_fault fault;
        const struct cJSON *newest = json_tree(gap->arena, last > 0 ? within->made[last - 1].content : base, &fault);
        gap->it->next_content = with_parent(gap->arena, real, text_of(json_chars(json_member(newest, "id"))));
        within->count = last;
    }
}

static void make_gap(struct gap *gap, const struct snapshots_reader *reader) {
    struct text base, name, real, reason;
    gap->it->within.wanted = gap->to - gap->from;
    gap->it->migrations = arena_array(gap->arena, size_t, gap->it->within.wanted);
    for (size_t i = gap->from; i < gap->to; i++) {
        gap->it->migrations[i - gap->from] = gap->synthesis->entries[i].migration;
    }
    gap->it->next = gap->to < gap->synthesis->count ? snapshot_at(gap, gap->to) : NULL;
    if (!gap->it->next || !snapshot_folder_read(gap->arena, gap->it->next, &real)) {
        refuse(gap, gap->from, TEXT("no snapshot follows it that could confirm what the SQL gives"));
        return;
    }
    if (!find_base(gap, &base, &name)) {
        return;
    }
    const struct cJSON *parent = snapshot_read(gap->arena, base, &reason);
    const struct disk_entry *sibling = parent ? find_sibling(gap, json_chars(json_member(parent, "id"))) : NULL;
    if (sibling) {
        reason = text_format(gap->arena, "%s follows the snapshot that it would follow",
                             text_escaped(gap->arena, sibling->path).bytes);
        refuse(gap, gap->from, reason);
        return;
    }
    if (!has_room(gap, base.length, real.length)) {
        return;
    }
    make(gap, base, name, real, reader);
    if (gap->it->within.count > gap->it->within.wanted) {
        hold_against(gap, base, real);
    } else {
        gap->it->within.count = 0; /* an incomplete gap is of no use */
    }
}

/* True if the entry's snapshot names a parent that does not exist, as after a merge that kept one
 * of two snapshots. */
static bool has_lost_parent(const struct gap *gap, size_t entry) {
    const struct disk *disk = gap->join->disk;
    const struct disk_entry *snapshot = snapshot_at(gap, entry);
    const struct disk_entry *before = entry > 0 ? snapshot_at(gap, entry - 1) : NULL;
    const struct snapshot_head *head = snapshot ? snapshot->snapshot : NULL;
    bool is_lost = head && head->is_json && head->has_prev_id && strcmp(head->prev_id, no_parent) != 0;
    if (is_lost && before && before->snapshot && strcmp(before->snapshot->id, head->prev_id) == 0) {
        return false; /* the usual case */
    }
    for (size_t i = 1; i < disk->count && is_lost; i++) {
        const struct snapshot_head *other = disk->entries[i].snapshot;
        is_lost = !other || !other->is_json || strcmp(other->id, head->prev_id) != 0;
    }
    return is_lost;
}

void snapshot_gaps_make(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                        const bool *is_missing, const struct snapshots_reader *reader, size_t *room,
                        struct snapshots *snapshots) {
    snapshots->gaps = arena_array(arena, struct snapshots_gap, synthesis->count);
    for (size_t i = 0; i < synthesis->count;) {
        struct gap gap = {.arena = arena, .join = join, .synthesis = synthesis, .room = room, .from = i, .to = i};
        while (gap.to < synthesis->count && is_missing[gap.to]) {
            gap.to++;
        }
        if (gap.to > gap.from || has_lost_parent(&gap, i)) {
            gap.it = &snapshots->gaps[snapshots->gap_count++];
            make_gap(&gap, reader);
        }
        i = gap.to + 1;
    }
}
