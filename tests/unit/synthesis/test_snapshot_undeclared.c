/* What is left out of a snapshot because the schema files do not name it. */
#include "snapshots.h"

#include "migfs/synthesis/snapshot_schema.h"

/* Names separated by blanks; those that begin with ' are strings. A name with + has a primary key, with !
 * a unique constraint, one for each; with ? it may have either. A * stands for what may be composed. A
 * column with = has a default and is not null, with ~ it may be so. */
static enum snapshots_declared has(const void *context, struct text name, struct text column, enum snapshots_named kind,
                                   size_t *ret_most) {
    static const char signs[] = "'+!?=~";
    enum snapshots_declared declared = SNAPSHOTS_ABSENT;
    bool is_of_table = kind == SNAPSHOTS_OF_KEY || kind == SNAPSHOTS_OF_UNIQUE;
    bool is_attribute = kind == SNAPSHOTS_OF_DEFAULT || kind == SNAPSHOTS_OF_NOT_NULL;
    struct text sought = column.length > 0 ? column : name;
    *ret_most = kind == SNAPSHOTS_OF_UNIQUE ? 0 : SIZE_MAX;
    for (const char *at = context; *at;) {
        size_t length = strcspn(at, " ");
        bool has_sign = strchr(signs, *at);
        struct text it = {at + has_sign, length - has_sign};
        bool is_asked = kind == SNAPSHOTS_OF_KEY      ? *at == '+'
                        : kind == SNAPSHOTS_OF_UNIQUE ? *at == '!'
                        : is_attribute                ? *at == '='
                        : kind == SNAPSHOTS_COLUMN    ? !strchr("+!?", *at)
                                                      : *at == '\'';
        bool is_perhaps = is_of_table ? *at == '?' : is_attribute && *at == '~';
        if (is_asked && text_equal(sought, it)) {
            declared = SNAPSHOTS_DECLARED;
            *ret_most += kind == SNAPSHOTS_OF_UNIQUE;
        } else if ((is_perhaps && text_equal(sought, it)) ||
                   (text_is(it, "*") && (kind == SNAPSHOTS_PART || kind == SNAPSHOTS_COLUMN))) {
            declared = declared == SNAPSHOTS_ABSENT ? SNAPSHOTS_UNSURE : declared;
        }
        at += length + (at[length] == ' ');
    }
    return declared;
}

/* What a column is declared with, it is declared with as the SQL has it. */
static enum snapshots_declared says(const void *context, struct text table, struct text column,
                                    enum snapshots_named kind, struct text text) {
    return SNAPSHOTS_DECLARED;
}

static struct snapshots after(const char *names, const char *before, const char *sql) {
    const struct snapshots_schema schema = {has, names, says};
    return snapshots_of_schema(&schema, NULL, before, sql);
}

static void assert_there(const struct snapshots *made, const char *path, bool is_there) {
    assert_int_equal(made->count, 2);
    assert_true((snapshots_at(made, 1, path) != NULL) == is_there);
}

static const char users[] = "CREATE TABLE \"users\" (\"id\" integer);";

static void a_table_that_the_schema_lacks_is_left_out_with_what_belongs_to_it(void **state) {
    struct snapshots made =
        after("'users id audit_id", users,
              "create type kind as enum ('a'); create table audit (id int primary key, kind kind);"
              "create index by_kind on audit (kind); alter table audit add constraint one unique (kind);"
              "alter table users add column audit_id int references audit (id)");
    assert_there(&made, "tables|public.users|columns|audit_id", true);
    assert_there(&made, "tables|public.audit", false);
    assert_there(&made, "enums|public.kind", false);
    assert_true(json_is_empty(snapshots_at(&made, 1, "tables|public.users|foreignKeys")));
    assert_string_equal(made.made[1].undeclared.bytes, "enum kind, table audit, index by_kind, constraint one");
    assert_string_equal(made.made[1].put.bytes, "column users.audit_id");
}

static void what_the_schema_has_is_put_in(void **state) {
    struct snapshots made = after("'users id 'audit 'kind extra x", users,
                                  "create type kind as enum ('a'); create table audit (x int, kind kind);"
                                  "alter table users add column extra int");
    assert_there(&made, "tables|public.audit", true);
    assert_there(&made, "enums|public.kind", true);
    assert_there(&made, "tables|public.users|columns|extra", true);
    assert_string_equal(made.made[1].undeclared.bytes, "");
    /* A word that is no string names no table, but a column. */
    made = after("'users id audit", users, "create table audit (x int)");
    assert_there(&made, "tables|public.audit", false);
}

static void a_column_that_the_schema_lacks_is_left_out_with_its_index(void **state) {
    struct snapshots made =
        after("'users id", users, "alter table users add column legacy text; create index by_legacy on users (legacy)");
    assert_there(&made, "tables|public.users|columns|id", true);
    assert_there(&made, "tables|public.users|columns|legacy", false);
    assert_there(&made, "tables|public.users|indexes|by_legacy", false);
    assert_string_equal(made.made[1].undeclared.bytes, "column users.legacy, index by_legacy");
}

/* A table that is written in another way than the others need not be found. */
static void where_other_tables_are_not_found_nothing_is_left_out(void **state) {
    static const char sql[] = "create table audit (x int); alter table users add column legacy text";
    struct snapshots made = after("id", users, sql);
    assert_there(&made, "tables|public.audit", true);
    assert_there(&made, "tables|public.users|columns|legacy", true);
    made = after("'users", users, sql);
    assert_there(&made, "tables|public.audit", false);
    made = after("", "create table first (x int)", "create table audit (x int)"); /* no others */
    assert_there(&made, "tables|public.audit", true);
}

/* At worst `generate` adds it, which a database that has it refuses; it does not drop it. */
static void what_may_be_declared_is_not_put_into_a_table_that_was_there(void **state) {
    static const char sql[] = "alter table users add column legacy text; create index by_legacy on users (legacy);"
                              "create index by_id on users (id); alter table users add primary key (id);"
                              "alter table users add constraint one unique (id);"
                              "create table audit (id int primary key, x int); create index by_x on audit (x)";
    struct snapshots made = after("'users ?users 'audit ?audit *", users, sql);
    assert_string_equal(made.made[1].undeclared.bytes, "");
    assert_string_equal(made.made[1].unsure.bytes, "column users.legacy, index by_legacy, index by_id, primary key of "
                                                   "users, constraint one");
    assert_string_equal(made.made[1].put.bytes, "table audit, index by_x");
    assert_there(&made, "tables|public.users|columns|id", true);
    assert_there(&made, "tables|public.users|columns|legacy", false);
    assert_true(json_is_empty(snapshots_at(&made, 1, "tables|public.users|indexes")));
    assert_true(json_is_empty(snapshots_at(&made, 1, "tables|public.users|uniqueConstraints")));
    assert_false(json_is_true(snapshots_at(&made, 1, "tables|public.users|columns|id|primaryKey")));
    assert_there(&made, "tables|public.audit|indexes|by_x", true);
    assert_true(json_is_true(snapshots_at(&made, 1, "tables|public.audit|columns|id|primaryKey")));
    /* As where the names of drizzle-kit's own columns are not found. */
    made = after("'users", users, "alter table users add column legacy text");
    assert_there(&made, "tables|public.users|columns|legacy", false);
    assert_string_equal(made.made[1].unsure.bytes, "column users.legacy");
}

/* The table has one, which drizzle-kit made: a schema that certainly declares none is not understood. */
static void where_a_derived_part_is_not_found_nothing_is_certain(void **state) {
    static const char before[] = "CREATE TABLE \"users\" (\"id\" integer, \"at\" integer);" BREAK
                                 "ALTER TABLE \"users\" ADD CONSTRAINT \"users_id_unique\" UNIQUE(\"id\");";
    static const char sql[] = "alter table users add constraint one unique (at)";
    struct snapshots made = after("'users id at", before, sql);
    assert_string_equal(made.made[1].undeclared.bytes, "");
    assert_string_equal(made.made[1].unsure.bytes, "constraint one");
    made = after("'users id at !users", before, sql);
    assert_string_equal(made.made[1].undeclared.bytes, "constraint one");
}

/* Which of them has which name is not known. */
static void more_parts_than_are_declared_without_a_name_are_not_put_in(void **state) {
    static const char before[] = "CREATE TABLE \"users\" (\"id\" integer, \"at\" integer);" BREAK
                                 "ALTER TABLE \"users\" ADD CONSTRAINT \"users_id_unique\" UNIQUE(\"id\");";
    static const char sql[] = "alter table users add constraint users_at_unique unique (at)";
    struct snapshots made = after("'users id at !users", before, sql);
    assert_string_equal(made.made[1].unsure.bytes, "constraint users_at_unique");
    assert_there(&made, "tables|public.users|uniqueConstraints|users_at_unique", false);
    assert_there(&made, "tables|public.users|uniqueConstraints|users_id_unique", true);
    made = after("'users id at !users !users", before, sql);
    assert_string_equal(made.made[1].unsure.bytes, "");
    assert_there(&made, "tables|public.users|uniqueConstraints|users_at_unique", true);
    made = after("'users id at !users 'users_at_unique", before, sql); /* found by its name */
    assert_there(&made, "tables|public.users|uniqueConstraints|users_at_unique", true);
    /* None of two is taken for the one that is declared. */
    made = after("'users id at !users", "CREATE TABLE \"users\" (\"id\" integer, \"at\" integer);",
                 "alter table users add constraint users_at_unique unique (at);"
                 "alter table users add constraint users_id_unique unique (id)");
    assert_string_equal(made.made[1].unsure.bytes, "constraint users_at_unique, constraint users_id_unique");
}

static void what_a_column_is_not_declared_with_is_left_out(void **state) {
    static const char before[] = "CREATE TABLE \"users\" (\"id\" integer, \"at\" integer DEFAULT 1);";
    static const char sql[] =
        "alter table users alter column id set default 5; alter table users alter column id set not "
        "null; alter table users alter column at set default 2";
    struct snapshots made = after("'users id at", before, sql);
    assert_string_equal(made.made[1].undeclared.bytes,
                        "default of users.id, NOT NULL of users.id, default of users.at");
    assert_there(&made, "tables|public.users|columns|id|default", false);
    assert_false(json_is_true(snapshots_at(&made, 1, "tables|public.users|columns|id|notNull")));
    assert_string_equal(snapshots_shown(snapshots_at(&made, 1, "tables|public.users|columns|at|default")).bytes, "1");
    made = after("'users id at ~id ~at", before, sql);
    assert_string_equal(made.made[1].unsure.bytes, "default of users.id, NOT NULL of users.id, default of users.at");
    made = after("'users id at =id =at", before, sql);
    assert_string_equal(made.made[1].put.bytes, "default of users.id, NOT NULL of users.id, default of users.at");
    assert_string_equal(snapshots_shown(snapshots_at(&made, 1, "tables|public.users|columns|at|default")).bytes, "2");
    assert_true(json_is_true(snapshots_at(&made, 1, "tables|public.users|columns|id|notNull")));
    /* By its new name, until it is dropped, or made by drizzle-kit's own statement. */
    made = after("'users id at other ident", before,
                 "alter table users alter column id set default 5; alter table users rename column id to ident");
    assert_string_equal(made.made[1].undeclared.bytes, "default of users.ident");
    assert_there(&made, "tables|public.users|columns|ident|default", false);
    made = after("'users id at", before,
                 "alter table users alter column id set default 5; alter table users alter column id drop default");
    assert_string_equal(made.made[1].undeclared.bytes, "");
    made = after("'users id at", before,
                 "alter table users alter column at set default 5;" BREAK
                 "ALTER TABLE \"users\" ALTER COLUMN \"at\" SET DEFAULT 7;");
    assert_string_equal(snapshots_shown(snapshots_at(&made, 1, "tables|public.users|columns|at|default")).bytes, "7");
}

static void what_a_column_by_hand_may_be_declared_with_stays(void **state) {
    static const char sql[] = "alter table users add column x int not null default 5";
    struct snapshots made = after("'users id x", users, sql);
    assert_string_equal(made.made[1].undeclared.bytes, "NOT NULL of users.x, default of users.x");
    assert_there(&made, "tables|public.users|columns|x|default", false);
    made = after("'users id x ~x", users, sql);
    assert_string_equal(made.made[1].put.bytes, "column users.x");
    assert_string_equal(made.made[1].unsure.bytes, "");
    assert_there(&made, "tables|public.users|columns|x|default", true);
}

static const char *const keys[] = {
    "alter table users add constraint by_hand primary key (id, at)",
    "alter table users add primary key (id)",
    "alter table users add constraint by_hand primary key (id); alter table users rename column id to ident",
    "alter table users add primary key (id, at); alter table users rename constraint users_id_at_pk to by_hand",
};

static void a_key_of_a_table_that_declares_none_is_left_out(void **state) {
    static const char before[] = "CREATE TABLE \"users\" (\"id\" integer, \"at\" integer NOT NULL);" BREAK
                                 "CREATE TABLE \"posts\" (\"id\" integer PRIMARY KEY NOT NULL);";
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct snapshots made = after("'users id at ident 'posts +posts", before, keys[i]);
        const char *id = i == 2 ? "tables|public.users|columns|ident" : "tables|public.users|columns|id";
        assert_int_equal(made.count, 2);
        assert_true(json_is_empty(snapshots_at(&made, 1, "tables|public.users|compositePrimaryKeys")));
        assert_false(json_is_true(json_member(snapshots_at(&made, 1, id), "primaryKey")));
        assert_false(json_is_true(json_member(snapshots_at(&made, 1, id), "notNull")));
        assert_true(json_is_true(snapshots_at(&made, 1, "tables|public.users|columns|at|notNull")));
        assert_true(json_is_true(snapshots_at(&made, 1, "tables|public.posts|columns|id|primaryKey")));
        assert_string_equal(made.made[1].undeclared.bytes, "primary key of users");
    }
}

static void a_key_that_may_be_declared_is_put_in(void **state) {
    static const char before[] = "CREATE TABLE \"users\" (\"id\" integer, \"at\" integer);";
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct snapshots made = after("'users +users id at ident", before, keys[i]);
        assert_int_equal(made.count, 2);
        assert_string_equal(made.made[1].undeclared.bytes, "");
        assert_string_equal(made.made[1].put.bytes, "primary key of users");
    }
    /* Where the key that drizzle-kit made is not found, none is known to be missing. */
    struct snapshots made = after("'users id at 'posts",
                                  "CREATE TABLE \"users\" (\"id\" integer);" BREAK
                                  "CREATE TABLE \"posts\" (\"id\" integer PRIMARY KEY NOT NULL);",
                                  "alter table users add primary key (id)");
    assert_string_equal(made.made[1].undeclared.bytes, "");
}

static void what_is_within_a_table_by_hand_is_judged_too(void **state) {
    static const char sql[] =
        "create table audit (id int not null primary key, legacy text, x int unique, constraint c check (x > 0))";
    struct snapshots made = after("'users 'audit id x", users, sql);
    assert_string_equal(made.made[1].put.bytes, "table audit");
    assert_string_equal(made.made[1].undeclared.bytes,
                        "primary key of audit, column audit.legacy, constraint audit_x_unique, constraint c");
    assert_null(snapshots_at(&made, 1, "tables|public.audit|columns|legacy"));
    assert_true(json_is_true(snapshots_at(&made, 1, "tables|public.audit|columns|id|notNull")));
    assert_true(json_is_empty(snapshots_at(&made, 1, "tables|public.audit|uniqueConstraints")));
    assert_true(json_is_empty(snapshots_at(&made, 1, "tables|public.audit|checkConstraints")));
    made = after("'users 'audit +audit !audit id x legacy 'c", users, sql);
    assert_string_equal(made.made[1].undeclared.bytes, "");
    assert_string_equal(made.made[1].put.bytes, "table audit");
}

static void drizzle_kits_own_statements_are_not_concerned(void **state) {
    struct snapshots made = after("'users id", users, "CREATE TYPE \"kind\" AS ENUM('a');");
    assert_there(&made, "enums|public.kind", true);
    made = after("'users id", users, "ALTER TABLE \"users\" ADD COLUMN \"legacy\" text;");
    assert_there(&made, "tables|public.users|columns|legacy", true);
}

static void an_enum_of_a_column_that_stays_is_put_in(void **state) {
    struct snapshots made =
        after("'users id kinds", users, "create type kind as enum ('a'); alter table users add column kinds kind[]");
    assert_there(&made, "enums|public.kind", true);
}

/* Later SQL is applied to the whole, and each snapshot follows the one that is written. */
static void later_statements_find_what_was_left_out(void **state) {
    struct snapshots_file files[] = {snapshots_file_of("0001_a", users),
                                     snapshots_file_of("0002_b", "create table audit (x int)"),
                                     snapshots_file_of("0003_c", "alter table audit add column y int"),
                                     snapshots_file_of("0004_d", "alter table audit rename to log")};
    const struct snapshots_schema schema = {has, "'users id 'log y", says};
    struct snapshots made;
    size_t room = SNAPSHOTS_ROOM;
    const struct snapshots_start start = snapshots_start_of(NULL, &schema);
    snapshots_make(snapshots_arena, &start, files, 4, &room, &made);
    assert_int_equal(made.count, 4);
    assert_null(snapshots_at(&made, 1, "tables|public.audit"));
    assert_null(snapshots_at(&made, 2, "tables|public.audit"));
    assert_string_equal(made.made[2].undeclared.bytes, "column audit.y");
    assert_non_null(snapshots_at(&made, 3, "tables|public.log|columns|y"));
    for (size_t i = 1; i < 4; i++) {
        assert_string_equal(json_chars(snapshots_at(&made, i, "prevId")), json_chars(snapshots_at(&made, i - 1, "id")));
    }
}

/* Else the new name would be taken for drizzle-kit's, and no name would mean anything. */
static void what_was_renamed_is_known_by_its_new_name(void **state) {
    struct snapshots made =
        after("'users id", users,
              "create table draft (x int); alter table draft rename to audit;"
              "alter table users add column old int; alter table users rename column old to legacy");
    assert_there(&made, "tables|public.audit", false);
    assert_there(&made, "tables|public.users|columns|legacy", false);
    assert_string_equal(made.made[1].undeclared.bytes, "table audit, column users.legacy");
    made = after("'users id 'audit legacy", users,
                 "create table draft (x int); alter table draft rename to audit;"
                 "alter table users add column old int; alter table users rename column old to legacy");
    assert_there(&made, "tables|public.audit", true);
    assert_there(&made, "tables|public.users|columns|legacy", true);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_that_the_schema_lacks_is_left_out_with_what_belongs_to_it),
        cmocka_unit_test(what_the_schema_has_is_put_in),
        cmocka_unit_test(a_column_that_the_schema_lacks_is_left_out_with_its_index),
        cmocka_unit_test(where_other_tables_are_not_found_nothing_is_left_out),
        cmocka_unit_test(what_may_be_declared_is_not_put_into_a_table_that_was_there),
        cmocka_unit_test(more_parts_than_are_declared_without_a_name_are_not_put_in),
        cmocka_unit_test(where_a_derived_part_is_not_found_nothing_is_certain),
        cmocka_unit_test(what_a_column_is_not_declared_with_is_left_out),
        cmocka_unit_test(what_a_column_by_hand_may_be_declared_with_stays),
        cmocka_unit_test(a_key_of_a_table_that_declares_none_is_left_out),
        cmocka_unit_test(a_key_that_may_be_declared_is_put_in),
        cmocka_unit_test(what_is_within_a_table_by_hand_is_judged_too),
        cmocka_unit_test(drizzle_kits_own_statements_are_not_concerned),
        cmocka_unit_test(an_enum_of_a_column_that_stays_is_put_in),
        cmocka_unit_test(what_was_renamed_is_known_by_its_new_name),
        cmocka_unit_test(later_statements_find_what_was_left_out),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
