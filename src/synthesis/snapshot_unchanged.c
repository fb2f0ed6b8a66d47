#include "synthesis/snapshot_unchanged.h"

#include "migfs/json/print.h"
#include "synthesis/snapshot_across.h"
#include "synthesis/snapshot_constraints.h"

/* ---- columns ---- */

static struct text shown(const struct snapshot_search *search, const struct cJSON *value) {
    return json_chars(value) ? text_of(json_chars(value))
           : value           ? json_stringify(search->making.arena, value)
                             : TEXT("");
}

/* As the schema is asked for it: its kind, and whether it has options. */
static struct text identity_shown(const struct snapshot_search *search, const struct cJSON *identity) {
    bool is_plain = snapshot_text_is(identity, "increment", TEXT("1")) &&
                    snapshot_text_is(identity, "minValue", TEXT("1")) &&
                    snapshot_text_is(identity, "startWith", TEXT("1")) &&
                    snapshot_text_is(identity, "cache", TEXT("1")) && !json_is_true(json_member(identity, "cycle"));
    return text_format(search->making.arena, "%s%s", snapshot_text(identity, "type").bytes,
                       is_plain || !identity ? "" : "+");
}

static enum snapshots_declared ask_member(const struct snapshot_search *search, const struct cJSON *table,
                                          const struct snapshot_change *change, const struct cJSON *now) {
    struct text of = snapshot_text(table, "name");
    if (snapshot_change_is_at(change, "type")) {
        return snapshot_search_says(search, of, change->name, SNAPSHOTS_OF_TYPE, shown(search, now));
    }
    if (snapshot_change_is_at(change, "identity")) {
        return snapshot_search_says(search, of, change->name, SNAPSHOTS_OF_IDENTITY, identity_shown(search, now));
    }
    if (snapshot_change_is_at(change, "generated")) {
        return snapshot_search_says(search, of, change->name, SNAPSHOTS_OF_GENERATED, snapshot_text(now, "as"));
    }
    return snapshot_search_opposite(snapshot_search_column(
        search, table, change->name,
        snapshot_change_is_at(change, "notNull") ? SNAPSHOTS_OF_NOT_NULL : SNAPSHOTS_OF_DEFAULT));
}

/* The key of the enum that a column had; it may be dropped since. */
static struct text key_of_type(const struct snapshot_search *search, const struct cJSON *column) {
    struct text type = snapshot_text(column, "type");
    size_t end = text_find(type, "[", &end) ? end : type.length;
    struct sql_name name = {snapshot_text(column, "typeSchema"), text_slice(type, 0, end)};
    return snapshot_key(search->making.arena, name);
}

/* Returns false if a column cannot have it again. */
static bool give_enum(struct snapshot_search *search, const struct cJSON *column) {
    struct cJSON *enums = snapshot_part(&search->making, "enums");
    if (!json_member(column, "typeSchema")) {
        return true;
    }
    struct text key = key_of_type(search, column);
    for (size_t i = 0; i < search->making.changes->count && !snapshot_member(search->making.members, enums, key.bytes);
         i++) {
        struct snapshot_change *it = &search->making.changes->changes[i];
        if (it->kind == SNAPSHOT_DROPPED && snapshot_change_is_at(it, "enums") && text_equal(it->key, key)) {
            snapshot_add_copy(search->making.members, enums, key.bytes, it->previous);
            snapshot_note_enum(&search->making, snapshot_member(search->making.members, enums, key.bytes));
            it->is_again = false;
        }
    }
    return snapshot_member(search->making.members, enums, key.bytes);
}

static void give_type(struct cJSON *column, const struct cJSON *before) {
    json_set_text(column, "type", snapshot_text(before, "type"));
    json_remove_key(column, "typeSchema");
    if (json_member(before, "typeSchema")) {
        json_set_text(column, "typeSchema", snapshot_text(before, "typeSchema"));
    }
}

static bool give_member(struct snapshot_search *search, struct snapshot_change *change) {
    struct cJSON *table = snapshot_search_table(search, change);
    struct cJSON *column = table ? snapshot_in(&search->making, table, "columns", change->name) : NULL;
    struct cJSON *now = json_member(column, change->place), *before = change->previous;
    bool is_type = snapshot_change_is_at(change, "type");
    if (!column || text_equal(shown(search, now), shown(search, is_type ? json_member(before, "type") : before)) ||
        (snapshot_change_is_at(change, "notNull") && json_is_true(now)) ||
        (snapshot_change_is_at(change, "default") && now) ||
        !snapshot_search_undoes(change, ask_member(search, table, change, now))) {
        return false;
    }
    if (is_type) {
        change->is_undone = give_enum(search, before);
        if (change->is_undone) {
            give_type(column, before);
        }
    } else if (before) {
        json_set_copy(column, change->place, before);
    } else {
        json_remove_key(column, change->place);
    }
    snapshot_note(&search->making, table, "columns", column);
    return change->is_undone;
}

/* ---- parts of tables ---- */

static bool has_columns(const struct snapshot_search *search, const struct cJSON *table, const struct cJSON *names) {
    bool has = true;
    for (const struct cJSON *it = json_first(names); it && has; it = json_following(it)) {
        bool is_expression = json_is_true(json_member(it, "isExpression"));
        struct text name = json_chars(it) ? text_of(json_chars(it)) : snapshot_text(it, "expression");
        has = is_expression || snapshot_in(&search->making, table, "columns", name);
    }
    return has;
}

/* A foreign key needs the column that it leads to. */
static bool has_target(const struct snapshot_search *search, const struct cJSON *part) {
    struct text schema = snapshot_text(part, "schemaTo"), name = snapshot_text(part, "tableTo");
    return name.length == 0 || has_columns(search, snapshot_table(&search->making, (struct sql_name){schema, name}),
                                           json_member(part, "columnsTo"));
}

/* The column that may declare it, where it has only one. */
static struct text column_of(const struct cJSON *part) {
    const struct cJSON *columns = json_member(part, "columnsFrom");
    columns = columns ? columns : json_member(part, "columns");
    const struct cJSON *first = json_first(columns);
    return first && json_chars(first) && !json_following(first) ? text_of(json_chars(first)) : TEXT("");
}

/* Whether the schema still has a part that is dropped. One without a name of its own is not declared
 * if those that the table has are as many as it declares. */
static enum snapshots_declared ask_dropped(const struct snapshot_search *search, const struct cJSON *table,
                                           const struct snapshot_change *change) {
    const struct snapshot_part_kind *kind = NULL;
    for (size_t i = 0; i < SNAPSHOT_PART_KINDS; i++) {
        kind = snapshot_change_is_at(change, snapshot_part_kinds[i].key) ? &snapshot_part_kinds[i] : kind;
    }
    if (!kind || !snapshot_search_is_derived(search, kind, change->name)) {
        return snapshot_search_ask(search, change->name, SNAPSHOTS_PART);
    }
    bool is_reference = kind->of == SNAPSHOTS_OF_REFERENCE;
    struct text column = column_of(change->previous);
    if (column.length > 0 && (is_reference || kind->of == SNAPSHOTS_OF_UNIQUE) &&
        snapshot_search_column(search, table, column, kind->of) == SNAPSHOTS_DECLARED) {
        return SNAPSHOTS_DECLARED;
    }
    size_t most, count = 0;
    for (struct cJSON *it = json_first(json_member(table, kind->key)); it; it = json_following(it)) {
        count += is_reference || snapshot_search_is_derived(search, kind, text_of(json_key(it)));
    }
    enum snapshots_declared declared =
        search->schema->has(search->schema->context, snapshot_text(table, "name"), TEXT(""), kind->of, &most);
    return declared == SNAPSHOTS_ABSENT || count >= most ? SNAPSHOTS_ABSENT
           : most == SIZE_MAX                            ? SNAPSHOTS_UNSURE
                                                         : declared;
}

/* What is made again by hand as something else is named as that. The schema is not searched for what
 * it is: if it is that, the next `generate` makes it once more, which changes nothing. */
static bool give_instead(struct snapshot_put *put, bool is_same) {
    if (!put || is_same) {
        return false;
    }
    put->is_undeclared = put->is_unsure = true;
    return true;
}

static struct snapshot_put *put_again(const struct snapshot_search *search, const struct snapshot_change *change) {
    const char *kind = snapshot_change_is_at(change, "indexes") ? "index" : "constraint";
    return snapshot_put_of(&search->making, kind, change->key, change->name);
}

static bool give_part(struct snapshot_search *search, struct snapshot_change *change) {
    struct cJSON *table = snapshot_search_table(search, change), *place = json_member(table, change->place);
    const struct cJSON *before = change->previous,
                       *now = snapshot_member(search->making.members, place, change->name.bytes);
    if (!table || !has_columns(search, table, json_member(before, "columns")) ||
        !has_columns(search, table, json_member(before, "columnsFrom")) || !has_target(search, before)) {
        return false;
    }
    bool is_same = text_equal(shown(search, now), shown(search, before));
    if (now ? !give_instead(put_again(search, change), is_same)
            : !snapshot_search_undoes(change, snapshot_search_opposite(ask_dropped(search, table, change)))) {
        return false;
    }
    snapshot_set(search->making.members, place, change->name.bytes, before);
    snapshot_note(&search->making, table, change->place,
                  snapshot_member(search->making.members, place, change->name.bytes));
    return true;
}

static bool give_key(struct snapshot_search *search, struct snapshot_change *change) {
    struct cJSON *table = snapshot_search_table(search, change), *it;
    const struct cJSON *keys = json_member(change->previous, "compositePrimaryKeys");
    const struct cJSON *names = json_member(change->previous, "columns");
    if (!table || !has_columns(search, table, names) ||
        !has_columns(search, table, json_member(json_first(keys), "columns"))) {
        return false;
    }
    struct text name = snapshot_text(table, "name");
    struct cJSON *now = snapshot_key_of(search->making.arena, table);
    bool has_one =
        !json_is_empty(json_member(now, "columns")) || !json_is_empty(json_member(now, "compositePrimaryKeys"));
    struct snapshot_put *put = snapshot_put_of(&search->making, SNAPSHOT_KEY, change->key, change->name);
    bool is_same = text_equal(shown(search, now), shown(search, change->previous));
    if (has_one ? !give_instead(put, is_same)
                : !snapshot_search_undoes(
                      change, snapshot_search_opposite(snapshot_search_ask(search, name, SNAPSHOTS_OF_KEY)))) {
        return false;
    }
    for (it = json_first(json_member(now, "columns")); it; it = json_following(it)) {
        struct cJSON *column = snapshot_in(&search->making, table, "columns", text_of(json_chars(it)));
        bool is_not_null = put && text_is(put->column, json_chars(it)) ? put->is_not_null
                                                                       : json_is_true(json_member(column, "notNull"));
        json_set_bool(column, "primaryKey", false);
        json_set_bool(column, "notNull", is_not_null);
    }
    json_set_copy(table, "compositePrimaryKeys", keys);
    for (it = json_first(json_member(table, "compositePrimaryKeys")); it; it = json_following(it)) {
        snapshot_note(&search->making, table, "compositePrimaryKeys", it);
    }
    for (it = json_first(names); it; it = json_following(it)) {
        json_set_bool(snapshot_in(&search->making, table, "columns", text_of(json_chars(it))), "primaryKey", true);
    }
    return true;
}

static bool give_security(struct snapshot_search *search, struct snapshot_change *change) {
    struct cJSON *table = snapshot_search_table(search, change);
    struct text name = snapshot_text(table, "name");
    if (!table || json_is_true(json_member(table, "isRLSEnabled"))) {
        return false;
    }
    enum snapshots_declared is_on = snapshot_search_says(search, name, TEXT(""), SNAPSHOTS_OF_WORD, TEXT("enableRLS"));
    is_on = is_on == SNAPSHOTS_DECLARED
                ? is_on
                : snapshot_search_says(search, name, TEXT(""), SNAPSHOTS_OF_WORD, TEXT("withRLS"));
    if (!snapshot_search_undoes(change, snapshot_search_opposite(is_on))) {
        return false;
    }
    json_set_bool(table, "isRLSEnabled", true);
    return true;
}

/* ---- the rest ---- */

static bool take_value(struct snapshot_search *search, struct snapshot_change *change) {
    struct cJSON *it =
        snapshot_member(search->making.members, snapshot_part(&search->making, "enums"), change->key.bytes);
    struct cJSON *values = json_member(it, "values");
    for (struct cJSON *value = json_first(values); value; value = json_following(value)) {
        if (text_equal(text_of(json_chars(value)), change->name)) {
            struct text name = snapshot_text(it, "name");
            bool is_undone = snapshot_search_undoes(
                change, snapshot_search_says(search, name, TEXT(""), SNAPSHOTS_OF_WORD, change->name));
            if (is_undone) {
                snapshot_remove_value(search->making.members, values, value);
            }
            return is_undone;
        }
    }
    return false;
}

/* Of what it says, nothing is searched. */
static bool give_object(struct snapshot_search *search, struct snapshot_change *change) {
    struct cJSON *table = snapshot_change_is_at(change, "policies") ? snapshot_search_table(search, change) : NULL;
    struct cJSON *place = table ? json_member(table, change->place) : snapshot_part(&search->making, change->place);
    struct text key = table ? change->name : change->key;
    struct cJSON *it = snapshot_member(search->making.members, place, key.bytes);
    if (!it || text_equal(shown(search, it), shown(search, change->previous)) ||
        !snapshot_search_undoes(change, SNAPSHOTS_UNSURE)) {
        return false;
    }
    snapshot_set(search->making.members, place, key.bytes, change->previous);
    return true;
}

/* Marks a value that is gone if the schema has it. */
static void ask_value(const struct snapshot_search *search, struct snapshot_change *change) {
    const struct cJSON *it =
        snapshot_member(search->making.members, snapshot_part(&search->making, "enums"), change->key.bytes);
    struct text name = snapshot_text(it, "name");
    bool is_gone = it && !snapshot_has_value(search->making.members, json_member(it, "values"), change->name);
    change->is_again =
        is_gone && snapshot_search_says(search, name, TEXT(""), SNAPSHOTS_OF_WORD, change->name) == SNAPSHOTS_DECLARED;
}

/* A view or a sequence that is made again by hand is left out as what it is now. */
static bool give_dropped(struct snapshot_search *search, struct snapshot_change *change) {
    bool is_column = snapshot_change_is_at(change, "columns");
    if (snapshot_change_is_at(change, "values")) {
        ask_value(search, change);
        return false;
    }
    struct cJSON *table = is_column ? snapshot_search_table(search, change) : NULL, *place;
    place = is_column ? json_member(table, "columns") : snapshot_part(&search->making, change->place);
    struct text key = is_column || snapshot_change_is_at(change, "roles") ? change->name : change->key;
    if ((is_column && !table) || snapshot_member(search->making.members, place, key.bytes)) {
        return false;
    }
    bool is_object = snapshot_change_is_at(change, "views") || snapshot_change_is_at(change, "sequences") ||
                     snapshot_change_is_at(change, "roles");
    if (is_object && snapshot_is_left(&search->making, change->name)) {
        snapshot_search_undoes(change, SNAPSHOTS_UNSURE);
        snapshot_add_copy(search->making.members, place, key.bytes, change->previous);
        return true;
    }
    enum snapshots_declared is_there =
        is_column ? snapshot_search_column(search, table, change->name, SNAPSHOTS_COLUMN)
                  : snapshot_search_ask(search, change->name, is_object ? SNAPSHOTS_TABLE : SNAPSHOTS_WHOLE);
    change->is_again = is_there == SNAPSHOTS_DECLARED;
    return false;
}

static bool give(struct snapshot_search *search, struct snapshot_change *change) {
    switch (change->kind) {
    case SNAPSHOT_CHANGED_COLUMN:
        return give_member(search, change);
    case SNAPSHOT_CHANGED_VALUE:
        return take_value(search, change);
    case SNAPSHOT_CHANGED_SECURITY:
        return give_security(search, change);
    case SNAPSHOT_CHANGED_OBJECT:
        return give_object(search, change);
    case SNAPSHOT_DROPPED_PART:
        return give_part(search, change);
    case SNAPSHOT_DROPPED_KEY:
        return give_key(search, change);
    case SNAPSHOT_DROPPED:
        return give_dropped(search, change);
    case SNAPSHOT_CHANGED_NAME:
    default:
        return false;
    }
}

bool snapshot_unchanged(struct snapshot_search *search) {
    struct snapshot_changes *all = search->making.changes;
    bool is_any = false;
    for (size_t i = all->count; i-- > 0;) {
        if (all->changes[i].key.length > 0) {
            is_any = give(search, &all->changes[i]) || is_any;
        }
    }
    return is_any;
}
