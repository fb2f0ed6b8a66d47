/* Applies the statements of migrations to a snapshot, one file after another. */
#include "migfs/synthesis/snapshots.h"

#include <string.h>

#include "migfs/drizzle/snapshot.h"
#include "migfs/schema/tokens.h"
#include "migfs/synthesis/snapshot_undeclared.h"
#include "synthesis/snapshot_finish.h"
#include "synthesis/snapshot_statement.h"

/* drizzle-kit drops a primary key with a comment that explains how. The key is gone from the
 * schema, though not from the database. */
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

/* Lists those of a file, which are the last ones from `from`. */
static struct text list_put(struct arena *arena, const struct snapshot_puts *put, size_t from, bool is_undeclared) {
    enum { NAMED = 5 };
    struct buffer list = BUFFER(arena);
    size_t count = 0;
    for (size_t i = from; i < put->count; i++) {
        const struct snapshot_put *it = &put->puts[i];
        if (it->is_undeclared != is_undeclared || count++ >= NAMED) {
            continue;
        }
        buffer_format(&list, "%s%s ", count > 1 ? ", " : "", it->kind);
        buffer_add_escaped(&list, it->table);
        buffer_add_string(&list, it->table.length > 0 ? "." : "");
        buffer_add_escaped(&list, it->name);
    }
    if (count > NAMED) {
        buffer_format(&list, " and %zu more", count - NAMED);
    }
    return buffer_text(&list);
}

/* What the next snapshot is made from. */
struct previous {
    struct text whole; /* content with what the schema lacks, since later SQL may change that */
    struct text id;    /* of the content without it; empty: the same as in `whole` */
};

/* Returns the content of the file. */
static struct text write_made(struct making *making, const struct snapshots_schema *schema, struct text previous_id,
                              struct text tag, struct previous *ret_previous) {
    struct arena *arena = making->arena;
    struct text reason, whole = snapshot_write(arena, making->tree, previous_id, tag);
    *ret_previous = (struct previous){.whole = whole, .id = TEXT("")};
    if (!schema || making->put->count == 0) {
        return whole;
    }
    making->tree = snapshot_read(arena, whole, &reason);
    if (!snapshot_remove_undeclared(making, schema)) {
        return whole;
    }
    struct text content = snapshot_write(arena, making->tree, previous_id, tag);
    ret_previous->id = text_of(json_chars(json_member(snapshot_read(arena, content, &reason), "id")));
    return content;
}

void snapshots_make(struct arena *arena, struct text base, struct text base_name, const struct snapshots_file *files,
                    size_t count, struct text habits, const struct snapshots_schema *schema, size_t *room,
                    struct snapshots *ret_snapshots) {
    struct snapshots *snapshots = ret_snapshots;
    *snapshots = (struct snapshots){.made = arena_array(arena, struct snapshots_made, count), .wanted = count};
    struct snapshot_names left = {0};
    struct snapshot_puts put = {0};
    struct previous before = {.whole = base, .id = TEXT("")};
    struct text reason;
    const struct cJSON *kept = habits.length > 0 ? snapshot_read(arena, habits, &reason) : NULL;
    struct text name = base_name;
    for (size_t i = 0; i < count; i++) {
        snapshots->blocked_tag = files[i].tag;
        snapshots->blocked = files[i].migration;
        /* Each snapshot is read and written once, so memory use is proportional to its size. */
        if (before.whole.length > *room) {
            snapshots->is_out_of_room = true;
            snapshots->reason = TEXT("no more are made at once; it is made after those before it are written");
            return;
        }
        *room -= before.whole.length;
        struct making making = {.arena = arena, .left = &left, .notes = BUFFER(arena), .put = &put};
        making.tree = snapshot_read(arena, before.whole, &reason);
        making.original = making.tree ? snapshot_read(arena, before.whole, &reason) : NULL;
        if (!making.tree) {
            snapshots->reason = text_format(arena, "%s %s", text_escaped(arena, name).bytes, reason.bytes);
            return;
        }
        making.habits = kept ? kept : making.original;
        struct text previous_id =
            before.id.length > 0 ? before.id : text_of(json_chars(json_member(making.tree, "id")));
        struct snapshots_made *made = &snapshots->made[i];
        size_t from = put.count;
        if (!apply_file(&making, &files[i], snapshots, &made->is_by_hand)) {
            return;
        }
        made->migration = files[i].migration;
        made->tag = files[i].tag;
        made->name = snapshot_file_name(arena, files[i].tag);
        made->left = buffer_text(&making.notes);
        made->differs = made->confirmed = TEXT("");
        made->content = write_made(&making, schema, previous_id, files[i].tag, &before);
        made->put = list_put(arena, &put, from, false);
        made->undeclared = list_put(arena, &put, from, true);
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

const struct snapshots_gap *snapshots_gap_before(const struct snapshots *snapshots, const struct disk_entry *next) {
    for (size_t i = 0; i < snapshots->gap_count; i++) {
        if (snapshots->gaps[i].next == next) {
            return &snapshots->gaps[i];
        }
    }
    return NULL;
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
