/* Applies the statements of migrations to a snapshot, one file after another. */
#include "migfs/synthesis/snapshots.h"

#include <string.h>

#include "migfs/drizzle/snapshot.h"
#include "migfs/schema/tokens.h"
#include "synthesis/snapshot_finish.h"
#include "synthesis/snapshot_statement.h"

/* drizzle-kit's way of dropping a key is a comment that tells how. The table's key is gone from the schema, though not from the database. */
static void apply_comment(struct making *making, struct text comment) {
    static const char start[] =
        "Unfortunately in current drizzle-kit version we can't automatically get name for primary key";
    size_t at, end;
    struct text rest = comment, schema, table;
    if (!text_find(comment, start, &at) || !text_find(rest, "table_schema = '", &at)) {
        return;
    }
    rest = text_slice(rest, at + strlen("table_schema = '"), rest.length);
    if (!text_find(rest, "'", &end)) {
        return;
    }
    schema = text_copy(making->arena, text_slice(rest, 0, end));
    if (!text_find(rest, "table_name = '", &at)) {
        return;
    }
    rest = text_slice(rest, at + strlen("table_name = '"), rest.length);
    if (!text_find(rest, "'\n", &end)) {
        return;
    }
    table = text_copy(making->arena, text_slice(rest, 0, end));
    struct cJSON *columns = json_member(snapshot_table(making, (struct sql_name){schema, table}), "columns");
    for (struct cJSON *it = json_first(columns); it; it = json_following(it)) {
        json_set_bool(it, "primaryKey", false);
    }
}

static bool apply_file(struct making *making, const struct snapshots_file *file, struct snapshots *snapshots,
                       bool *ret_is_by_hand) {
    struct tokens tokens;
    *ret_is_by_hand = false;
    if (file->fault.length > 0 || !tokens_read(making->arena, file->sql, file->answer, &tokens)) {
        snapshots->reason = file->fault.length > 0 ? file->fault : TEXT("its SQL could not be read");
        return false;
    }
    for (size_t i = 0; i < tokens.count; i++) {
        const struct token_statement *statement = &tokens.statements[i];
        if (statement->count == 0) {
            apply_comment(making, statement->comment);
            continue;
        }
        if (!snapshot_apply(making, tokens.sql, statement)) {
            snapshots->line = statement->line;
            snapshots->reason = text_escaped(making->arena, making->reason);
            return false;
        }
        *ret_is_by_hand = *ret_is_by_hand || !making->is_kit;
    }
    snapshot_finish(making);
    return true;
}

void snapshots_make(struct arena *arena, struct text base, struct text base_name, const struct snapshots_file *files,
                    size_t count, struct text habits, size_t *room, struct snapshots *ret_snapshots) {
    struct snapshots *snapshots = ret_snapshots;
    *snapshots = (struct snapshots){.made = arena_array(arena, struct snapshots_made, count), .wanted = count};
    struct snapshot_names left = {0};
    struct text reason, before = base;
    const struct cJSON *kept = habits.length > 0 ? snapshot_read(arena, habits, &reason) : NULL;
    struct text name = base_name;
    for (size_t i = 0; i < count; i++) {
        snapshots->blocked_tag = files[i].tag;
        snapshots->blocked = files[i].migration;
        /* Each is read and written once more than it is long: what it takes in memory is a multiple of its size. */
        if (before.length > *room) {
            snapshots->is_out_of_room = true;
            snapshots->reason = TEXT("no more of them are made at once; it follows when those before it are written");
            return;
        }
        *room -= before.length;
        struct making making = {.arena = arena, .left = &left, .notes = BUFFER(arena)};
        making.tree = snapshot_read(arena, before, &reason);
        making.original = making.tree ? snapshot_read(arena, before, &reason) : NULL;
        if (!making.tree) {
            snapshots->reason = text_format(arena, "%s %s", text_escaped(arena, name).bytes, reason.bytes);
            return;
        }
        making.habits = kept ? kept : making.original;
        struct text previous_id = text_of(json_chars(json_member(making.tree, "id")));
        struct snapshots_made *made = &snapshots->made[i];
        if (!apply_file(&making, &files[i], snapshots, &made->is_by_hand)) {
            return;
        }
        made->migration = files[i].migration;
        made->tag = files[i].tag;
        made->name = snapshot_file_name(arena, files[i].tag);
        made->left = buffer_text(&making.notes);
        made->differs = made->confirmed = TEXT("");
        made->content = snapshot_write(arena, making.tree, previous_id, files[i].tag);
        before = made->content;
        snapshots->count++;
    }
    snapshots->blocked_tag = TEXT("");
}

const struct snapshots_made *snapshots_find(const struct snapshots *snapshots, size_t migration) {
    for (size_t i = 0; i < snapshots->count; i++) {
        if (snapshots->made[i].migration == migration) {
            return &snapshots->made[i];
        }
    }
    return NULL;
}

struct text snapshots_blocked(struct arena *arena, const struct snapshots *snapshots) {
    enum { SHOWN = 300 };
    struct text tag = text_escaped(arena, text_slice(snapshots->blocked_tag, 0, SHOWN));
    if (snapshots->line > 0) {
        return text_format(arena, "%s stands in the way, line %zu: %s", tag.bytes, snapshots->line,
                           snapshots->reason.bytes);
    }
    return text_format(arena, "for %s none can be made: %s", tag.bytes, snapshots->reason.bytes);
}

const struct snapshots_gap *snapshots_gap_of(const struct snapshots *snapshots, size_t migration) {
    for (size_t i = 0; i < snapshots->gap_count; i++) {
        const struct snapshots *within = &snapshots->gaps[i].within;
        for (size_t at = 0; at < within->wanted; at++) {
            if (snapshots->gaps[i].migrations[at] == migration) {
                return &snapshots->gaps[i];
            }
        }
    }
    return NULL;
}
