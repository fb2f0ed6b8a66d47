/* Sequences, and those of identity columns. What a statement does not give stays as it was. */
#include "synthesis/snapshot_sequences.h"

#include "migfs/json/print.h"
#include "synthesis/snapshot_changes.h"
#include "synthesis/snapshot_objects.h"

/* ---- Options ---- */

static const struct {
    const char *words, *key;
} numbers[] = {
    {"increment by", "increment"}, {"increment", "increment"}, {"start with", "startWith"}, {"start", "startWith"},
    {"minvalue", "minValue"},      {"maxvalue", "maxValue"},   {"cache", "cache"}};

static struct text take_number(struct sql_reader *sql) {
    size_t from = sql->at;
    if (!sql_take_sign(sql, '-')) {
        sql_take_sign(sql, '+');
    }
    sql_skip(sql);
    return sql_slice(sql, from, sql->at);
}

/* What changes where a sequence stands, but none of what a snapshot has of it. */
static bool take_restart(struct sql_reader *sql) {
    if (!sql_take(sql, "restart")) {
        return false;
    }
    bool has_sign = sql_is_sign(sql, '-') || sql_is_sign(sql, '+');
    bool has_number = has_sign || (!sql_at_end(sql) && sql->tokens[sql->at].kind == TOKEN_NUMBER);
    if (sql_take(sql, "with") || has_number) {
        take_number(sql);
    }
    return true;
}

/* Reads one into a member; false if it is none. RESTART has no place there; NO MINVALUE and NO
 * MAXVALUE are empty numbers. */
static bool take_option(struct cJSON *object, struct sql_reader *sql) {
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (sql_take(sql, numbers[i].words)) {
            json_set_text(object, numbers[i].key, take_number(sql));
            return true;
        }
    }
    if (sql_take(sql, "no cycle") || sql_take(sql, "cycle")) {
        struct sql_reader before = *sql;
        before.at -= before.at >= 2 ? 2 : 1;
        json_set_bool(object, "cycle", !sql_take(&before, "no"));
        return true;
    }
    bool is_least = sql_take(sql, "no minvalue");
    if (is_least || sql_take(sql, "no maxvalue")) {
        json_set_text(object, is_least ? "minValue" : "maxValue", TEXT(""));
        return true;
    }
    return take_restart(sql);
}

static bool set_options(struct cJSON *object, struct sql_reader *sql) {
    while (!sql_at_end(sql)) {
        if (!take_option(object, sql)) {
            return false;
        }
    }
    return true;
}

static const char *most_of(struct text type) {
    return text_starts(type, "smallint") ? "32767" : text_starts(type, "bigint") ? "9223372036854775807" : "2147483647";
}

static const char *least_of(struct text type) {
    return text_starts(type, "smallint") ? "-32768"
           : text_starts(type, "bigint") ? "-9223372036854775808"
                                         : "-2147483648";
}

/* Makes numbers of empty ones: those that the type has, and the direction in which it counts. */
static void set_bounds(struct cJSON *object, struct text type) {
    bool is_down = text_starts(snapshot_text(object, "increment"), "-");
    if (snapshot_text_is(object, "minValue", TEXT(""))) {
        json_set_text(object, "minValue", text_of(is_down ? least_of(type) : "1"));
    }
    if (snapshot_text_is(object, "maxValue", TEXT(""))) {
        json_set_text(object, "maxValue", text_of(is_down ? "-1" : most_of(type)));
    }
}

/* ---- Identities ---- */

bool snapshot_set_identity(struct making *making, const struct cJSON *table, struct cJSON *column,
                           struct sql_reader *sql) {
    bool is_always = sql_take(sql, "always");
    if ((!is_always && !sql_take(sql, "by default")) || !sql_take(sql, "as identity")) {
        return snapshot_refuse(making, "it makes a column in a way that snapshots cannot express");
    }
    struct text schema = snapshot_text(table, "schema"), type = snapshot_text(column, "type");
    struct sql_name name = {schema, text_format(making->arena, "%s_%s_seq", snapshot_text(table, "name").bytes,
                                                snapshot_text(column, "name").bytes)};
    struct sql_reader inner = {0};
    if (sql_take_group(sql, &inner, NULL) && sql_take(&inner, "sequence name") && !sql_take_qualified(&inner, &name)) {
        return snapshot_refuse(making, "its sequence has no name");
    }
    json_remove_key(column, "identity");
    struct cJSON *identity = json_add_object(column, "identity");
    json_add_literal(identity, "type", is_always ? "always" : "byDefault");
    json_add_text(identity, "name", name.name);
    json_add_text(identity, "schema", schema.length > 0 ? schema : TEXT("public"));
    json_add_literal(identity, "increment", "1");
    struct cJSON *given = json_object(making->arena);
    if (inner.arena && !set_options(given, &inner)) {
        return snapshot_refuse(making, "its sequence has options that snapshots cannot express");
    }
    struct text increment = snapshot_text(given, "increment");
    bool is_down = text_starts(increment, "-");
    json_set_text(identity, "increment", increment.length > 0 ? increment : TEXT("1"));
    struct text least = snapshot_text(given, "minValue"), most = snapshot_text(given, "maxValue");
    least = least.length > 0 ? least : is_down ? text_of(least_of(type)) : TEXT("1");
    most = most.length > 0 ? most : is_down ? TEXT("-1") : text_of(most_of(type));
    json_add_text(identity, "minValue", least);
    json_add_text(identity, "maxValue", most);
    struct text start = snapshot_text(given, "startWith"), cache = snapshot_text(given, "cache");
    json_add_text(identity, "startWith", start.length > 0 ? start : is_down ? most : least);
    json_add_text(identity, "cache", cache.length > 0 ? cache : TEXT("1"));
    json_add_bool(identity, "cycle", json_is_true(json_member(given, "cycle")));
    json_set_bool(column, "notNull", true);
    return true;
}

bool snapshot_alter_identity(struct making *making, struct cJSON *column, struct sql_reader *sql) {
    struct cJSON *identity = json_member(column, "identity");
    if (!identity) {
        return snapshot_refuse(making, "column \"%s\" is not an identity in the snapshot before",
                               snapshot_text(column, "name").bytes);
    }
    while (!sql_at_end(sql)) {
        sql_take(sql, "set");
        if (sql_take(sql, "generated always")) {
            json_set_text(identity, "type", TEXT("always"));
        } else if (sql_take(sql, "generated by default")) {
            json_set_text(identity, "type", TEXT("byDefault"));
        } else if (!take_option(identity, sql)) {
            return snapshot_refuse(making, "it changes an identity in a way that snapshots cannot express");
        }
    }
    set_bounds(identity, snapshot_text(column, "type"));
    return true;
}

/* ---- Sequences ---- */

static bool has_all_options(const struct cJSON *options) {
    return json_member(options, "increment") && json_member(options, "minValue") && json_member(options, "maxValue") &&
           json_member(options, "startWith") && json_member(options, "cache");
}

static void copy_options(struct cJSON *sequence, const struct cJSON *options) {
    static const char *const keys[] = {"increment", "minValue", "maxValue", "startWith", "cache"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (json_member(options, keys[i])) {
            json_set_copy(sequence, keys[i], json_member(options, keys[i]));
        }
    }
}

/* Snapshots do not have the type of a sequence; drizzle-kit gives none. */
#define SEQUENCE_TYPE TEXT("bigint")

bool snapshot_create_sequence(struct making *making, struct sql_reader *sql) {
    struct sql_name name;
    sql_take(sql, "if not exists");
    if (!sql_take_qualified(sql, &name)) {
        return snapshot_refuse(making, "its sequence cannot be read");
    }
    struct cJSON *options = json_object(making->arena);
    if (!making->is_kit || !set_options(options, sql) || !has_all_options(options)) {
        return snapshot_leave(making, "sequence", name.name);
    }
    struct cJSON *sequences = snapshot_part(making, "sequences");
    struct text key = snapshot_key(making->arena, name);
    snapshot_remove_key(making->members, sequences, key.bytes);
    struct cJSON *sequence = snapshot_add(making->members, sequences, key.bytes);
    json_add_text(sequence, "name", name.name);
    json_add_text(sequence, "schema", snapshot_schema(name));
    copy_options(sequence, options);
    set_bounds(sequence, SEQUENCE_TYPE);
    json_add_bool(sequence, "cycle", json_is_true(json_member(options, "cycle")));
    return true;
}

/* What a snapshot has nothing of. */
static bool take_other_option(struct sql_reader *sql) {
    if (sql_take(sql, "owned by")) {
        do {
            sql_skip(sql);
        } while (sql_take_sign(sql, '.'));
        return true;
    }
    return sql_take(sql, "set logged") || sql_take(sql, "set unlogged");
}

/* Beside a type, a bound that was the type's stays it, in whatever direction the sequence counts. */
static void keep_bound(struct cJSON *options, const struct cJSON *before, const char *key, const char *bound) {
    if (snapshot_text_is(options, key, TEXT("")) && snapshot_text_is(before, key, text_of(bound))) {
        json_remove_key(options, key);
    }
}

/* What is not given stays as it was. drizzle-kit gives all but NO CYCLE, which it does not write. */
static bool set_sequence(struct making *making, struct cJSON *sequence, struct sql_reader *sql) {
    struct cJSON *options = json_object(making->arena), *before = snapshot_copied(making->arena, sequence);
    bool has_type = false;
    while (!sql_at_end(sql)) {
        if (sql_take(sql, "as bigint") || sql_take(sql, "as int8")) {
            has_type = true;
        } else if (!take_other_option(sql) && !take_option(options, sql)) {
            return snapshot_refuse(making, "it changes sequence \"%s\" in a way that snapshots cannot express",
                                   snapshot_text(sequence, "name").bytes);
        }
    }
    if (has_type) {
        keep_bound(options, before, "minValue", least_of(SEQUENCE_TYPE));
        keep_bound(options, before, "maxValue", most_of(SEQUENCE_TYPE));
    }
    copy_options(sequence, options);
    set_bounds(sequence, SEQUENCE_TYPE);
    bool is_whole = making->is_kit && has_all_options(options);
    if (is_whole || json_member(options, "cycle")) {
        json_set_bool(sequence, "cycle", json_is_true(json_member(options, "cycle")));
    }
    if (is_whole || !text_equal(json_stringify(making->arena, before), json_stringify(making->arena, sequence))) {
        snapshot_change_object(making, NULL, "sequences", before, sequence);
    }
    return true;
}

bool snapshot_alter_sequence(struct making *making, struct sql_reader *sql) {
    struct sql_name name;
    struct text after;
    sql_take(sql, "if exists");
    if (!sql_take_qualified(sql, &name)) {
        return snapshot_refuse(making, "its sequence cannot be read");
    }
    struct cJSON *found =
        snapshot_member(making->members, snapshot_part(making, "sequences"), snapshot_key(making->arena, name).bytes);
    if (!found) {
        return true; /* a column's own sequence, or left out */
    }
    if (sql_take(sql, "rename to") && sql_take_name(sql, &after)) {
        struct text schema = text_copy(making->arena, snapshot_text(found, "schema"));
        snapshot_move_object(making, "sequences", found, schema, after);
    } else if (sql_take(sql, "set schema") && sql_take_name(sql, &after)) {
        struct text of = text_copy(making->arena, snapshot_text(found, "name"));
        snapshot_move_object(making, "sequences", found, after, of);
    } else if (!sql_take(sql, "owner")) {
        return set_sequence(making, found, sql);
    }
    return true;
}
