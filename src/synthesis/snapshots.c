/* Applies the statements of migrations to a snapshot, one file after another. */
#include "migfs/synthesis/snapshots.h"

#include <string.h>

#include "migfs/drizzle/snapshot.h"
#include "migfs/schema/tokens.h"
#include "synthesis/snapshot_across.h"
#include "synthesis/snapshot_changes.h"
#include "synthesis/snapshot_earlier.h"
#include "synthesis/snapshot_finish.h"
#include "synthesis/snapshot_statement.h"
#include "synthesis/snapshot_undeclared.h"

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

/* The chain so far. */
struct chain {
    struct arena *arena;
    const struct snapshots_start *start;
    const struct cJSON *habits; /* NULL: the snapshot before */
    struct snapshot_names left;
    struct snapshot_puts put;
    struct snapshot_changes changes;
    struct text whole; /* the content with what is left out of it, since later SQL may change that */
    struct text id;    /* of the content without it; empty: the same as in `whole` */
    bool has_earlier;  /* `whole` has what earlier SQL made */
    struct snapshots *snapshots;
    const struct snapshots_file *files; /* from which they are made */
    size_t at;                          /* the one being applied */
    struct snapshot_earlier history;    /* what all SQL before that gives */
    bool has_history;                   /* it is kept once some SQL needs it */
};

/* Files that cannot be read are passed over. */
static void read_earlier(struct snapshot_earlier *earlier, struct arena *arena, const struct snapshots_file *files,
                         size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct tokens tokens;
        if (files[i].fault.length == 0 && tokens_read(arena, files[i].sql, files[i].answer, &tokens)) {
            snapshot_earlier_apply(earlier, arena, &tokens);
        }
    }
}

/* An index without a name gets one that no relation has, whether the snapshots have it or not. */
static void read_history(struct chain *chain, const struct tokens *tokens) {
    size_t count;
    bool is_needed = false;
    for (size_t i = 0; i < tokens->count && !is_needed; i++) {
        is_needed = tokens->statements[i].index_count > 0;
    }
    if (is_needed && !chain->has_history && chain->start->earlier) {
        const struct snapshots_file *files = chain->start->earlier(chain->start->context, chain->arena, &count);
        chain->has_history = true;
        chain->history = snapshot_earlier_none(chain->arena);
        read_earlier(&chain->history, chain->arena, files, count);
        read_earlier(&chain->history, chain->arena, chain->files, chain->at);
    }
}

static bool apply_file(struct chain *chain, struct making *making, const struct snapshots_file *file,
                       bool *ret_is_by_hand) {
    struct snapshots *snapshots = chain->snapshots;
    struct tokens tokens;
    *ret_is_by_hand = false;
    if (file->fault.length > 0 || !tokens_read(making->arena, file->sql, file->answer, &tokens)) {
        snapshots->reason = file->fault.length > 0 ? file->fault : TEXT("its SQL could not be read");
        return false;
    }
    read_history(chain, &tokens);
    struct making history = snapshot_earlier_making(&chain->history, chain->arena);
    making->history = chain->has_history ? &history : NULL;
    for (size_t i = 0; i < tokens.count; i++) {
        const struct token_statement *statement = &tokens.statements[i];
        if (statement->count == 0) {
            apply_comment(making, statement->comment);
            continue;
        }
        if (!snapshot_has_room(making) || !snapshot_apply(making, tokens.sql, statement)) {
            snapshots->line = statement->line;
            snapshots->reason = text_escaped(making->arena, making->reason);
            return false;
        }
        *ret_is_by_hand = *ret_is_by_hand || !making->is_kit;
        if (making->history && snapshot_has_room(&history)) {
            snapshot_apply(&history, tokens.sql, statement);
        }
    }
    snapshot_finish(making);
    if (making->history) {
        snapshot_finish(&history);
    }
    return true;
}

static bool is_put_in(const struct snapshot_put *it) {
    return !it->is_undeclared && !it->is_within;
}

static bool is_undeclared(const struct snapshot_put *it) {
    return it->is_undeclared && !it->is_unsure && !it->is_other;
}

static bool is_other(const struct snapshot_put *it) {
    return it->is_undeclared && !it->is_unsure && it->is_other;
}

static bool is_unsure(const struct snapshot_put *it) {
    return it->is_undeclared && it->is_unsure;
}

static bool is_changed(const struct snapshot_put *it) {
    return it->is_absent && it->is_changed;
}

static bool is_undone(const struct snapshot_change *it) {
    return it->is_undone && !it->is_unsure;
}

static bool is_undone_unsure(const struct snapshot_change *it) {
    return it->is_undone && it->is_unsure;
}

static bool is_again(const struct snapshot_change *it) {
    return it->is_again;
}

static bool is_altered(const struct snapshot_change *it) {
    return !it->is_judged && !it->is_of_put && it->key.length > 0;
}

/* Where those of a file begin: they are the last ones. */
struct place {
    size_t put, change;
};

/* Lists those of a file that fit; NULL: none of this kind. */
static struct text list(const struct chain *chain, struct place from, bool (*fits)(const struct snapshot_put *it),
                        bool (*is)(const struct snapshot_change *it)) {
    enum { NAMED = 5 };
    struct buffer list = BUFFER(chain->arena);
    size_t count = 0;
    for (size_t i = from.put; fits && i < chain->put.count; i++) {
        const struct snapshot_put *it = &chain->put.puts[i];
        if (!fits(it) || count++ >= NAMED) {
            continue;
        }
        buffer_format(&list, "%s%s ", count > 1 ? ", " : "", it->kind);
        buffer_add_escaped(&list, it->table);
        buffer_add_string(&list, it->table.length > 0 ? "." : "");
        buffer_add_escaped(&list, it->name);
    }
    for (size_t i = from.change; is && i < chain->changes.count; i++) {
        const struct snapshot_change *it = &chain->changes.changes[i];
        if (!it->is_earlier && is(it) && count++ < NAMED) {
            buffer_add_string(&list, count > 1 ? ", " : "");
            snapshot_change_print(&list, it);
        }
    }
    if (count > NAMED) {
        buffer_format(&list, " and %zu more", count - NAMED);
    }
    return buffer_text(&list);
}

/* Returns the content of the file. */
static struct text write_made(struct chain *chain, struct making *making, struct text previous_id, struct text tag) {
    struct arena *arena = chain->arena;
    struct text reason;
    chain->whole = snapshot_write(arena, making->tree, previous_id, tag);
    chain->id = TEXT("");
    if ((making->put->count == 0 && making->changes->count == 0) || (!chain->start->schema && !chain->has_earlier)) {
        return chain->whole;
    }
    making->tree = snapshot_read(arena, chain->whole, &reason);
    bool is_removed = snapshot_earlier_remove(making, chain->start->schema);
    if (chain->start->schema) {
        is_removed = snapshot_remove_undeclared(making, chain->start->schema) || is_removed;
    }
    if (!is_removed) {
        return chain->whole;
    }
    struct text content = snapshot_write(arena, making->tree, previous_id, tag);
    chain->id = text_of(json_chars(json_member(snapshot_read(arena, content, &reason), "id")));
    return content;
}

/* Returns false, with the reason, if the snapshot before cannot be read. */
static bool begin(struct chain *chain, struct text name, struct making *ret_making) {
    struct arena *arena = chain->arena;
    struct text reason;
    *ret_making = (struct making){.arena = arena,
                                  .members = snapshot_members(arena),
                                  .left = &chain->left,
                                  .notes = BUFFER(arena),
                                  .put = &chain->put,
                                  .changes = &chain->changes};
    ret_making->tree = snapshot_read(arena, chain->whole, &reason);
    ret_making->original = ret_making->tree ? snapshot_read(arena, chain->whole, &reason) : NULL;
    ret_making->habits = chain->habits ? chain->habits : ret_making->original;
    if (!ret_making->tree) {
        chain->snapshots->reason = text_format(arena, "%s %s", text_escaped(arena, name).bytes, reason.bytes);
    }
    return ret_making->tree;
}

/* Applies a file that was refused again, to the snapshot before with what earlier SQL has made. If it
 * is refused again, the first reason stands. */
static bool apply_with_earlier(struct chain *chain, const struct snapshots_file *file, struct making *making,
                               bool *ret_is_by_hand) {
    struct text reason = chain->snapshots->reason;
    size_t line = chain->snapshots->line, count;
    if (!chain->start->earlier || chain->has_earlier || line == 0) {
        return false;
    }
    const struct snapshots_file *files = chain->start->earlier(chain->start->context, chain->arena, &count);
    struct snapshot_earlier earlier = snapshot_earlier_none(chain->arena);
    read_earlier(&earlier, chain->arena, files, count);
    chain->has_earlier = true;
    chain->has_history = false; /* it has some of the file's statements */
    if (begin(chain, TEXT(""), making)) {
        snapshot_earlier_add(making, &earlier);
        if (apply_file(chain, making, file, ret_is_by_hand)) {
            return true;
        }
    }
    chain->snapshots->reason = reason;
    chain->snapshots->line = line;
    return false;
}

static bool make_one(struct chain *chain, const struct snapshots_file *file, struct text name) {
    struct snapshots *snapshots = chain->snapshots;
    struct snapshots_made *made = &snapshots->made[snapshots->count];
    struct making making;
    size_t left = chain->left.count;
    struct place from = {chain->put.count, chain->changes.count};
    if (!begin(chain, name, &making)) {
        return false;
    }
    struct text previous_id = chain->id.length > 0 ? chain->id : text_of(json_chars(json_member(making.tree, "id")));
    if (!apply_file(chain, &making, file, &made->is_by_hand)) {
        chain->left.count = left;
        chain->put.count = from.put;
        chain->changes.count = from.change;
        if (!apply_with_earlier(chain, file, &making, &made->is_by_hand)) {
            return false;
        }
    }
    snapshots->line = 0;
    made->migration = file->migration;
    made->tag = file->tag;
    made->name = snapshot_file_name(chain->arena, file->tag);
    made->left = buffer_text(&making.notes);
    made->differs = made->confirmed = TEXT("");
    made->content = write_made(chain, &making, previous_id, file->tag);
    made->put = list(chain, from, is_put_in, NULL);
    made->altered = list(chain, from, NULL, is_altered);
    made->undeclared = list(chain, from, is_undeclared, NULL);
    made->changed = list(chain, from, is_other, is_undone);
    made->unsure = list(chain, from, is_unsure, is_undone_unsure);
    made->again = list(chain, from, NULL, is_again);
    made->absent = list(chain, (struct place){0}, is_changed, NULL);
    snapshots->count++;
    return true;
}

void snapshots_make(struct arena *arena, const struct snapshots_start *start, const struct snapshots_file *files,
                    size_t count, size_t *room, struct snapshots *ret_snapshots) {
    struct snapshots *snapshots = ret_snapshots;
    *snapshots = (struct snapshots){.made = arena_array(arena, struct snapshots_made, count), .wanted = count};
    struct text reason;
    struct chain chain = {.arena = arena,
                          .start = start,
                          .whole = start->content,
                          .id = TEXT(""),
                          .snapshots = snapshots,
                          .files = files};
    chain.habits = start->habits.length > 0 ? snapshot_read(arena, start->habits, &reason) : NULL;
    for (size_t i = 0; i < count; i++) {
        snapshots->blocked_tag = files[i].tag;
        snapshots->blocked = files[i].migration;
        /* Each snapshot is read and written once, so memory use is proportional to its size. */
        if (chain.whole.length > *room) {
            snapshots->is_out_of_room = true;
            snapshots->reason = TEXT("no more are made at once; it is made after those before it are written");
            return;
        }
        *room -= chain.whole.length;
        chain.at = i;
        if (!make_one(&chain, &files[i], start->name)) {
            return;
        }
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
