/* Makes what a gap lacks, and holds it against the snapshot that follows. */
#include "synthesis/snapshot_gaps.h"

#include <string.h>

#include "migfs/drizzle/snapshot.h"
#include "synthesis/snapshot.h"
#include "synthesis/snapshot_difference.h"
#include "synthesis/snapshot_folder.h"

/* What a folder begins from, with the id that drizzle-kit gives to the parent of the first. */
static const char nothing[] = "{\"id\": \"00000000-0000-0000-0000-000000000000\", \"version\": \"7\", "
                              "\"dialect\": \"postgresql\", \"tables\": {}}";

struct gap {
    struct arena *arena;
    const struct join *join;
    const struct synthesis *synthesis;
    size_t *room;    /* see snapshots_make() */
    size_t from, to; /* entries that lack their snapshot: [from, to) */
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

/* Takes back what was made. */
static void refuse(struct gap *gap, size_t entry, struct text reason) {
    struct snapshots *within = &gap->it->within;
    within->count = 0;
    within->blocked = gap->synthesis->entries[entry].migration;
    within->blocked_tag = migration_at(gap, entry)->tag;
    within->reason = reason;
    within->line = 0;
}

/* ---- The snapshots around it ---- */

/* The snapshot from which the first is made. */
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

/* Another snapshot than the next one that follows the same as the first made one would: drizzle-kit stops at two. */
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

/* The text with another prevId, and not a byte else; empty where it has this one. */
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

/* The files of the gap and, behind them, the one that has a snapshot, whose habits theirs will have been. */
static void make(struct gap *gap, struct text base, struct text base_name, struct text real,
                 const struct snapshots_reader *reader) {
    struct snapshots *within = &gap->it->within;
    size_t count = gap->to - gap->from;
    struct snapshots_file *files = arena_array(gap->arena, struct snapshots_file, count + 1);
    for (size_t i = 0; i <= count; i++) {
        size_t migration = gap->synthesis->entries[gap->from + i].migration;
        files[i] = snapshot_folder_file(gap->arena, gap->join, migration, reader);
    }
    snapshots_make(gap->arena, base, base_name, files, count + 1, real, gap->room, within);
    within->wanted = count;
}

static void hold_against(struct gap *gap, struct text real) {
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
        const struct cJSON *newest = json_tree(gap->arena, within->made[last - 1].content, &fault);
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
    make(gap, base, name, real, reader);
    if (gap->it->within.count > gap->it->within.wanted) {
        hold_against(gap, real);
    } else {
        gap->it->within.count = 0; /* a part of them would serve nothing */
    }
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
        if (gap.to > gap.from) {
            gap.it = &snapshots->gaps[snapshots->gap_count++];
            make_gap(&gap, reader);
        }
        i = gap.to + 1;
    }
}
