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

/* `0007_snapshot.json` for 0007_some_name. */
static struct text snapshot_name_of(struct arena *arena, struct text tag) {
    size_t underscore;
    struct text prefix = text_find(tag, "_", &underscore) ? text_slice(tag, 0, underscore) : tag;
    struct buffer name = BUFFER(arena);
    buffer_add(&name, prefix);
    buffer_add_string(&name, "_snapshot.json");
    return buffer_text(&name);
}

void snapshots_make(struct arena *arena, struct text base, struct text base_name, const struct snapshots_file *files,
                    size_t count, struct snapshots *ret_snapshots) {
    struct snapshots *snapshots = ret_snapshots;
    *snapshots = (struct snapshots){.made = arena_array(arena, struct snapshots_made, count), .wanted = count};
    struct snapshot_names left = {0};
    struct text reason, before = base;
    struct text name = base_name;
    for (size_t i = 0; i < count; i++) {
        snapshots->blocked_tag = files[i].tag;
        snapshots->blocked = files[i].migration;
        struct making making = {.arena = arena, .left = &left, .notes = BUFFER(arena)};
        making.tree = snapshot_read(arena, before, &reason);
        making.original = making.tree ? snapshot_read(arena, before, &reason) : NULL;
        if (!making.tree) {
            snapshots->reason = text_format(arena, "%s %s", text_escaped(arena, name).bytes, reason.bytes);
            return;
        }
        struct text previous_id = text_of(json_chars(json_member(making.tree, "id")));
        struct snapshots_made *made = &snapshots->made[i];
        if (!apply_file(&making, &files[i], snapshots, &made->is_by_hand)) {
            return;
        }
        made->migration = files[i].migration;
        made->tag = files[i].tag;
        made->name = snapshot_name_of(arena, files[i].tag);
        made->left = buffer_text(&making.notes);
        made->content = snapshot_write(arena, making.tree, previous_id, files[i].tag);
        before = made->content;
        snapshots->count++;
    }
    snapshots->blocked_tag = TEXT("");
}

/* ---- What a folder lacks ---- */

/* The newest snapshot: the last name, as drizzle-kit reads meta/. */
static const struct disk_entry *newest_of(const struct disk *disk) {
    const struct disk_entry *newest = NULL;
    for (size_t i = 1; i < disk->count; i++) {
        const struct disk_entry *it = &disk->entries[i];
        if (it->snapshot && (!newest || text_compare(it->name, newest->name) > 0)) {
            newest = it;
        }
    }
    return newest;
}

static bool read_whole(struct arena *arena, const struct disk_entry *entry, struct text *ret_text) {
    struct error error;
    size_t size = content_size(entry->content), length = 0;
    char *bytes = arena_alloc(arena, size + 1);
    *ret_text = (struct text){bytes, size};
    return content_read(entry->content, bytes, size, 0, &length, &error) && length == size;
}

/* Another migration with the number, and with it the snapshot's name. */
static const struct migration *with_same_number(const struct join *join, const struct migration *it) {
    for (size_t i = 0; i < join->count; i++) {
        const struct migration *other = &join->migrations[i];
        if (other != it && migration_counts(other) && text_equal(other->number, it->number)) {
            return other;
        }
    }
    return NULL;
}

static size_t find_wanted(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                          struct text newest, struct snapshots_file *files) {
    size_t count = 0;
    for (size_t i = 0; i < synthesis->count; i++) {
        size_t migration = synthesis->entries[i].migration;
        const struct migration *it = &join->migrations[migration];
        if (it->file && !it->has_snapshot && it->number.length > 0 &&
            text_compare(snapshot_name_of(arena, it->tag), newest) > 0) {
            files[count++] = (struct snapshots_file){.migration = migration, .tag = it->tag, .fault = TEXT("")};
        }
    }
    return count;
}

const struct snapshots *snapshots_of(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                                     const struct snapshots_reader *reader) {
    struct snapshots *snapshots = arena_new(arena, struct snapshots);
    const struct disk_entry *newest = newest_of(join->disk);
    struct snapshots_file *files = arena_array(arena, struct snapshots_file, synthesis->count);
    struct text base;
    /* One that is no JSON or has no version is a problem of its own. */
    if (!newest || !newest->snapshot->is_json || newest->snapshot->version == 0 || synthesis->refusal != REFUSAL_NONE) {
        return snapshots;
    }
    size_t count = find_wanted(arena, join, synthesis, newest->name, files);
    if (count == 0 || !read_whole(arena, newest, &base)) {
        return snapshots;
    }
    for (size_t i = 0; i < count; i++) {
        const struct migration *it = &join->migrations[files[i].migration], *other = with_same_number(join, it);
        if (other) {
            files[i].fault = text_format(arena, "%s has the same number, and with it the same snapshot",
                                         text_escaped(arena, other->tag).bytes);
        } else {
            reader->read_sql(reader->context, arena, it->file, &files[i]);
        }
    }
    snapshots_make(arena, base, newest->path, files, count, snapshots);
    return snapshots;
}

const struct snapshots_made *snapshots_find(const struct snapshots *snapshots, size_t migration) {
    for (size_t i = 0; i < snapshots->count; i++) {
        if (snapshots->made[i].migration == migration) {
            return &snapshots->made[i];
        }
    }
    return NULL;
}
