/* Decisions that need the whole file: a default may be set before its column becomes an enum's. */
#include "synthesis/snapshot_finish.h"

#include "synthesis/snapshot_renames.h"
#include "synthesis/snapshot_views.h"

/* `'x'::"public"."mood"` on a column of that enum becomes `'x'`. */
static void finish_default(struct making *making, struct cJSON *column) {
    struct text text = snapshot_text(column, "default"), name = snapshot_text(column, "type");
    size_t at = 0, length = text.length;
    if (!json_member(column, "typeSchema") || !text_starts(text, "'")) {
        return;
    }
    for (size_t i = 0; i + 1 < length; i++) {
        at = text.bytes[i] == ':' && text.bytes[i + 1] == ':' ? i : at;
    }
    struct text type = text_slice(text, at + 2, length), bare = name;
    for (size_t i = 0; i < name.length; i++) {
        if (name.bytes[i] == '[') {
            bare = text_slice(name, 0, i);
            break;
        }
    }
    size_t found;
    bare = text_copy(making->arena, bare);
    if (at > 0 && text.bytes[at - 1] == '\'' && text_find(type, bare.bytes, &found)) {
        json_set_text(column, "default", text_slice(text, 0, at));
    }
}

/* True if this folder's snapshots have policies with isRLSEnabled false: the schema does not call
 * .enableRLS(). */
static bool keeps_false_beside_policies(const struct making *making) {
    const struct cJSON *table;
    for (table = json_first(json_member(making->habits, "tables")); table; table = json_following(table)) {
        if (!json_is_empty(json_member(table, "policies")) && !json_is_true(json_member(table, "isRLSEnabled"))) {
            return true;
        }
    }
    return false;
}

/* drizzle-kit also enables row security for a table's first policy, even if the schema does not ask
 * for it. */
static bool has_first_policy(const struct making *making, const struct cJSON *table) {
    const struct cJSON *before =
        snapshot_member(making->members, json_member(making->original, "tables"), json_key(table));
    return !json_is_empty(json_member(table, "policies")) && json_is_empty(json_member(before, "policies"));
}

static void finish_row_security(struct making *making) {
    bool keeps_false = keeps_false_beside_policies(making);
    for (size_t i = 0; i < making->secured.count; i++) {
        struct cJSON *table =
            snapshot_member(making->members, snapshot_part(making, "tables"), making->secured.names[i].bytes);
        if (table && !(keeps_false && has_first_policy(making, table))) {
            json_set_bool(table, "isRLSEnabled", true);
        }
    }
}

static void finish_remade(struct making *making) {
    for (size_t i = 0; i + 1 < making->remade.count; i += 2) {
        struct cJSON *table =
            snapshot_member(making->members, snapshot_part(making, "tables"), making->remade.names[i].bytes);
        if (table && !snapshot_in(making, table, "columns", making->remade.names[i + 1])) {
            snapshot_drop_made_of(making, table, making->remade.names[i + 1]);
        }
    }
}

void snapshot_finish(struct making *making) {
    struct cJSON *table, *column;
    finish_remade(making);
    for (table = json_first(snapshot_part(making, "tables")); table; table = json_following(table)) {
        for (column = json_first(json_member(table, "columns")); column; column = json_following(column)) {
            finish_default(making, column);
        }
    }
    finish_row_security(making);
    snapshot_finish_views(making);
}
