/* Names of tables, columns, enums and the rest. */
#include "synthesis/snapshot_unchanged_names.h"

#include "synthesis/snapshot_constraints.h"
#include "synthesis/snapshot_objects.h"
#include "synthesis/snapshot_renames.h"

/* Of two names: the new one counts if it is there, else the old one. Where neither is, both may be
 * made in a way that is not understood; it is left to the other questions. */
static enum snapshots_declared choose(enum snapshots_declared now, enum snapshots_declared before) {
    return now == SNAPSHOTS_DECLARED    ? SNAPSHOTS_DECLARED
           : before == SNAPSHOTS_ABSENT ? SNAPSHOTS_DECLARED
           : now == SNAPSHOTS_ABSENT    ? snapshot_search_opposite(before)
                                        : SNAPSHOTS_UNSURE;
}

static enum snapshots_declared choose_whole(const struct snapshot_search *search, struct text now, struct text before) {
    return snapshot_search_ask(search, now, SNAPSHOTS_WHOLE) == SNAPSHOTS_DECLARED ? SNAPSHOTS_DECLARED
           : snapshot_search_ask(search, before, SNAPSHOTS_WHOLE) == SNAPSHOTS_DECLARED
               ? SNAPSHOTS_ABSENT
               : choose(snapshot_search_ask(search, now, SNAPSHOTS_TABLE),
                        snapshot_search_ask(search, before, SNAPSHOTS_TABLE));
}

/* The files name schemas, but not which of their tables are in them. */
static enum snapshots_declared choose_schema(const struct snapshot_search *search, struct text now,
                                             struct text before) {
    enum snapshots_declared has_now =
        text_is(now, "public") ? SNAPSHOTS_UNSURE : snapshot_search_ask(search, now, SNAPSHOTS_TABLE);
    enum snapshots_declared had_before =
        text_is(before, "public") ? SNAPSHOTS_UNSURE : snapshot_search_ask(search, before, SNAPSHOTS_TABLE);
    return has_now == SNAPSHOTS_ABSENT      ? SNAPSHOTS_ABSENT
           : had_before == SNAPSHOTS_ABSENT ? SNAPSHOTS_DECLARED
                                            : SNAPSHOTS_UNSURE;
}

static enum snapshots_declared choose_column(const struct snapshot_search *search, const struct cJSON *table,
                                             struct text now, struct text before) {
    if (snapshot_search_column(search, table, now, SNAPSHOTS_WHOLE) == SNAPSHOTS_DECLARED) {
        return SNAPSHOTS_DECLARED;
    }
    if (snapshot_search_column(search, table, before, SNAPSHOTS_WHOLE) == SNAPSHOTS_DECLARED) {
        return SNAPSHOTS_ABSENT;
    }
    return choose(snapshot_search_column(search, table, now, SNAPSHOTS_COLUMN),
                  snapshot_search_column(search, table, before, SNAPSHOTS_COLUMN));
}

/* A name that drizzle-kit derives is not in the files. */
static enum snapshots_declared ask_name(const struct snapshot_search *search, const struct cJSON *table,
                                        const char *place, struct text name) {
    static const struct snapshot_part_kind key = {"compositePrimaryKeys", "_pk", SNAPSHOTS_OF_KEY};
    const struct snapshot_part_kind *kind = strcmp(place, key.key) == 0 ? &key : NULL;
    for (size_t i = 0; i < SNAPSHOT_PART_KINDS; i++) {
        kind = strcmp(place, snapshot_part_kinds[i].key) == 0 ? &snapshot_part_kinds[i] : kind;
    }
    return kind ? snapshot_search_part(search, table, kind, name) : snapshot_search_ask(search, name, SNAPSHOTS_PART);
}

static struct cJSON *object_of(const struct snapshot_search *search, const struct snapshot_change *change) {
    return snapshot_member(search->making.members, snapshot_part(&search->making, change->place), change->key.bytes);
}

static bool give_name_of_table(struct snapshot_search *search, struct snapshot_change *change, struct cJSON *table) {
    struct text schema = snapshot_text(table, "schema"), name = snapshot_text(table, "name");
    bool is_moved = !text_equal(snapshot_schema((struct sql_name){schema, name}), change->schema_before);
    enum snapshots_declared is_now =
        text_equal(name, change->before) ? SNAPSHOTS_DECLARED : choose_whole(search, name, change->before);
    if (is_now == SNAPSHOTS_DECLARED && is_moved) {
        is_now = choose_schema(search, snapshot_schema((struct sql_name){schema, name}), change->schema_before);
    }
    struct text before = text_is(change->schema_before, "public") ? TEXT("") : change->schema_before;
    struct sql_name whole = {before, change->before};
    bool is_free = !snapshot_member(search->making.members, snapshot_part(&search->making, "tables"),
                                    snapshot_key(search->making.arena, whole).bytes);
    return is_free && snapshot_search_undoes(change, is_now) &&
           snapshot_rename_table(&search->making, table, before, change->before);
}

static bool give_name_of_enum(struct snapshot_search *search, struct snapshot_change *change, struct cJSON *it) {
    struct text schema = snapshot_text(it, "schema"), name = snapshot_text(it, "name");
    enum snapshots_declared is_now =
        text_equal(name, change->before) ? SNAPSHOTS_DECLARED : choose_whole(search, name, change->before);
    if (is_now == SNAPSHOTS_DECLARED && !text_equal(schema, change->schema_before)) {
        is_now = choose_schema(search, schema, change->schema_before);
    }
    struct text key = snapshot_key(search->making.arena, (struct sql_name){change->schema_before, change->before});
    if (snapshot_member(search->making.members, snapshot_part(&search->making, "enums"), key.bytes) ||
        !snapshot_search_undoes(change, is_now)) {
        return false;
    }
    snapshot_rename_enum(&search->making, it, change->schema_before, change->before);
    return true;
}

static bool give_name_of_value(struct snapshot_search *search, struct snapshot_change *change) {
    struct cJSON *it =
        snapshot_member(search->making.members, snapshot_part(&search->making, "enums"), change->key.bytes);
    struct cJSON *values = json_member(it, "values");
    struct text name = snapshot_text(it, "name");
    for (struct cJSON *value = json_first(values); value; value = json_following(value)) {
        if (text_equal(text_of(json_chars(value)), change->name)) {
            enum snapshots_declared now = snapshot_search_says(search, name, TEXT(""), SNAPSHOTS_OF_WORD, change->name);
            enum snapshots_declared before =
                snapshot_search_says(search, name, TEXT(""), SNAPSHOTS_OF_WORD, change->before);
            if (snapshot_search_undoes(change, choose(now, before))) {
                snapshot_replace_value(search->making.members, values, value, change->before);
                snapshot_changes_rename(&search->making, "values", change->key, change->name, change->before);
                return true;
            }
            return false;
        }
    }
    return false;
}

static bool give_name_of_part(struct snapshot_search *search, struct snapshot_change *change, struct cJSON *table) {
    struct cJSON *part = snapshot_in(&search->making, table, change->place, change->name);
    if (!part || snapshot_in(&search->making, table, change->place, change->before)) {
        return false;
    }
    enum snapshots_declared now = ask_name(search, table, change->place, change->name);
    enum snapshots_declared before = ask_name(search, table, change->place, change->before);
    if (!snapshot_search_undoes(change, choose(now, before))) {
        return false;
    }
    struct text name = change->before;
    snapshot_rename_part(&search->making, table, change->place, part, name);
    return true;
}

static bool give_name_of_object(struct snapshot_search *search, struct snapshot_change *change) {
    struct cJSON *it = object_of(search, change);
    struct text schema = it ? snapshot_text(it, "schema") : TEXT("");
    if (!it) {
        return false;
    }
    enum snapshots_declared is_now = text_equal(change->name, change->before)
                                         ? SNAPSHOTS_DECLARED
                                         : choose(snapshot_search_ask(search, change->name, SNAPSHOTS_TABLE),
                                                  snapshot_search_ask(search, change->before, SNAPSHOTS_TABLE));
    if (is_now == SNAPSHOTS_DECLARED && !text_equal(schema, change->schema_before)) {
        is_now = choose_schema(search, schema, change->schema_before);
    }
    if (!snapshot_search_undoes(change, is_now)) {
        return false;
    }
    snapshot_move_object(&search->making, change->place, it, change->schema_before, change->before);
    return true;
}

static bool give_name_of_schema(struct snapshot_search *search, struct snapshot_change *change) {
    enum snapshots_declared now = snapshot_search_ask(search, change->name, SNAPSHOTS_TABLE);
    enum snapshots_declared before = snapshot_search_ask(search, change->before, SNAPSHOTS_TABLE);
    bool is_undone = object_of(search, change) && snapshot_search_undoes(change, choose(now, before));
    if (is_undone) {
        snapshot_rename_schema(&search->making, change->name, change->before);
    }
    return is_undone;
}

static bool give_name_of_role(struct snapshot_search *search, struct snapshot_change *change) {
    struct cJSON *it = object_of(search, change);
    enum snapshots_declared now = snapshot_search_ask(search, change->name, SNAPSHOTS_TABLE);
    enum snapshots_declared before = snapshot_search_ask(search, change->before, SNAPSHOTS_TABLE);
    bool is_undone = it && snapshot_search_undoes(change, choose(now, before));
    if (is_undone) {
        snapshot_rename(search->making.members, snapshot_part(&search->making, "roles"), it, change->before);
        json_set_text(it, "name", change->before);
    }
    return is_undone;
}

static bool give_name(struct snapshot_search *search, struct snapshot_change *change) {
    struct cJSON *table = snapshot_search_table(search, change);
    if (snapshot_change_is_at(change, "tables")) {
        return table && give_name_of_table(search, change, table);
    }
    if (snapshot_change_is_at(change, "enums")) {
        struct cJSON *it = object_of(search, change);
        return it && give_name_of_enum(search, change, it);
    }
    if (snapshot_change_is_at(change, "schemas")) {
        return give_name_of_schema(search, change);
    }
    if (snapshot_change_is_at(change, "roles")) {
        return give_name_of_role(search, change);
    }
    if (snapshot_change_is_at(change, "values")) {
        return give_name_of_value(search, change);
    }
    if (snapshot_change_is_at(change, "sequences") || snapshot_change_is_at(change, "views")) {
        return give_name_of_object(search, change);
    }
    if (!snapshot_change_is_at(change, "columns")) {
        return table && give_name_of_part(search, change, table);
    }
    struct cJSON *column = table ? snapshot_in(&search->making, table, "columns", change->name) : NULL;
    if (!column || snapshot_in(&search->making, table, "columns", change->before) ||
        !snapshot_search_undoes(change, choose_column(search, table, change->name, change->before))) {
        return false;
    }
    snapshot_rename_column(&search->making, table, column, change->before);
    return true;
}

static bool is_whole(const struct snapshot_change *change) {
    return snapshot_change_is_at(change, "tables") || snapshot_change_is_at(change, "enums") ||
           snapshot_change_is_at(change, "schemas");
}

/* The schema is asked for parts by the name of what has them. */
static bool give_names(struct snapshot_search *search, bool are_whole) {
    struct snapshot_changes *all = search->making.changes;
    bool is_any = false;
    for (size_t i = all->count; i-- > 0;) {
        struct snapshot_change *it = &all->changes[i];
        if (it->kind == SNAPSHOT_CHANGED_NAME && it->key.length > 0 && is_whole(it) == are_whole) {
            is_any = give_name(search, it) || is_any;
        }
    }
    return is_any;
}

bool snapshot_unchanged_names(struct snapshot_search *search) {
    bool is_any = give_names(search, true);
    return give_names(search, false) || is_any;
}
