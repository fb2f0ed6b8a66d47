/* Selects by the first words of a statement. Statements that change no snapshot are accepted,
 * unknown ones are refused. */
#include "synthesis/snapshot_statement.h"

#include <string.h>

#include "synthesis/snapshot_indexes.h"
#include "synthesis/snapshot_objects.h"
#include "synthesis/snapshot_sequences.h"
#include "synthesis/snapshot_tables.h"
#include "synthesis/snapshot_types.h"
#include "synthesis/snapshot_views.h"

static bool refuse_unknown(struct making *making, const struct sql_reader *sql) {
    struct sql_reader start = *sql;
    size_t to = start.count < 3 ? start.count : 3;
    return snapshot_refuse(making, "`%s …` is a statement that snapshots cannot express",
                           text_copy(sql->arena, sql_slice(&start, 0, to)).bytes);
}

/* True if the next token is one of the words. */
static bool is_one_of(const struct sql_reader *sql, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (sql_is(sql, words[i])) {
            return true;
        }
    }
    return false;
}

#define IS_ONE_OF(sql, words) is_one_of((sql), (words), sizeof(words) / sizeof *(words))

/* Kinds of objects that snapshots do not have. */
static bool is_kind_without_snapshot(const struct sql_reader *sql) {
    static const char *const kinds[] = {
        "extension", "function",   "procedure", "trigger",  "event",      "publication", "subscription", "aggregate",
        "cast",      "operator",   "collation", "rule",     "server",     "foreign",     "text",         "statistics",
        "user",      "database",   "default",   "language", "transform",  "access",      "group",        "conversion",
        "domain",    "constraint", "routine",   "trusted",  "procedural", "system",      "tablespace",   "large"};
    return IS_ONE_OF(sql, kinds);
}

static bool apply_create(struct making *making, struct sql_reader *sql) {
    bool is_unique = false;
    sql_take(sql, "or replace");
    if (sql_take(sql, "temp") || sql_take(sql, "temporary") || sql_take(sql, "local") || sql_take(sql, "global")) {
        struct sql_name name;
        sql_skip(sql);
        sql_take(sql, "if not exists");
        if (sql_take_qualified(sql, &name)) {
            snapshot_add_name(making->arena, making->left, name.name);
        }
        return true;
    }
    sql_take(sql, "unlogged");
    is_unique = sql_take(sql, "unique");
    if (sql_take(sql, "table")) {
        return snapshot_create_table(making, sql);
    }
    if (sql_take(sql, "index")) {
        return snapshot_create_index(making, sql, is_unique);
    }
    if (sql_take(sql, "type")) {
        return snapshot_create_type(making, sql);
    }
    if (sql_take(sql, "schema")) {
        return snapshot_create_schema(making, sql);
    }
    if (sql_take(sql, "sequence")) {
        return snapshot_create_sequence(making, sql);
    }
    if (sql_take(sql, "role")) {
        return snapshot_create_role(making, sql);
    }
    if (sql_take(sql, "materialized view")) {
        return snapshot_create_view(making, sql, true);
    }
    if (sql_take(sql, "view") || sql_take(sql, "recursive view")) {
        return snapshot_create_view(making, sql, false);
    }
    if (sql_take(sql, "policy")) {
        return snapshot_create_policy(making, sql);
    }
    if (sql_take(sql, "domain")) {
        struct sql_name name;
        if (sql_take_qualified(sql, &name)) {
            snapshot_add_name(making->arena, making->left, name.name);
        }
        return true;
    }
    return is_kind_without_snapshot(sql) || refuse_unknown(making, sql);
}

static bool apply_alter(struct making *making, struct sql_reader *sql) {
    if (sql_take(sql, "table")) {
        return snapshot_alter_table(making, sql);
    }
    if (sql_take(sql, "index")) {
        return snapshot_alter_index(making, sql);
    }
    if (sql_take(sql, "type")) {
        return snapshot_alter_type(making, sql);
    }
    if (sql_take(sql, "schema")) {
        return snapshot_alter_schema(making, sql);
    }
    if (sql_take(sql, "sequence")) {
        return snapshot_alter_sequence(making, sql);
    }
    if (sql_take(sql, "role")) {
        return snapshot_alter_role(making, sql);
    }
    if (sql_take(sql, "materialized view")) {
        return snapshot_alter_view(making, sql, true);
    }
    if (sql_take(sql, "view")) {
        return snapshot_alter_view(making, sql, false);
    }
    if (sql_take(sql, "policy")) {
        return snapshot_alter_policy(making, sql);
    }
    return is_kind_without_snapshot(sql) || refuse_unknown(making, sql);
}

static bool apply_drop(struct making *making, struct sql_reader *sql) {
    if (sql_take(sql, "table")) {
        return snapshot_drop_table(making, sql);
    }
    if (sql_take(sql, "index")) {
        return snapshot_drop_index(making, sql);
    }
    if (sql_take(sql, "type")) {
        return snapshot_drop_type(making, sql);
    }
    if (sql_take(sql, "schema")) {
        return snapshot_drop_schema(making, sql);
    }
    if (sql_take(sql, "sequence")) {
        return snapshot_drop_object(making, sql, "sequences");
    }
    if (sql_take(sql, "role")) {
        return snapshot_drop_object(making, sql, "roles");
    }
    if (sql_take(sql, "view") || sql_take(sql, "materialized view")) {
        return snapshot_drop_object(making, sql, "views");
    }
    if (sql_take(sql, "policy")) {
        return snapshot_drop_policy(making, sql);
    }
    return (is_kind_without_snapshot(sql) && !sql_is(sql, "owned")) || refuse_unknown(making, sql);
}

/* SELECT … INTO creates a table. */
static bool makes_table(struct sql_reader sql) {
    while (!sql_at_end(&sql)) {
        if (sql_is(&sql, "into")) {
            return true;
        }
        sql_skip(&sql);
    }
    return false;
}

static bool apply_words(struct making *making, struct sql_reader *sql) {
    static const char *const nothing[] = {
        "insert",  "update",  "delete",   "merge",      "comment", "grant",      "revoke",    "set",
        "reset",   "show",    "truncate", "lock",       "begin",   "start",      "commit",    "end",
        "analyze", "vacuum",  "refresh",  "reindex",    "copy",    "notify",     "listen",    "unlisten",
        "discard", "explain", "security", "checkpoint", "cluster", "values",     "savepoint", "release",
        "perform", "raise",   "null",     "return",     "prepare", "deallocate", "table"};
    if (sql_take(sql, "create")) {
        return apply_create(making, sql);
    }
    if (sql_take(sql, "alter")) {
        return apply_alter(making, sql);
    }
    if (sql_take(sql, "drop")) {
        return apply_drop(making, sql);
    }
    if (sql_is(sql, "select") || sql_is(sql, "with") || sql_is_sign(sql, '(')) {
        return !(sql_is(sql, "select") && makes_table(*sql)) || snapshot_refuse(making, "it makes a table of a query");
    }
    return IS_ONE_OF(sql, nothing) || refuse_unknown(making, sql);
}

/* ---- DO ---- */

static bool has_word(struct sql_reader sql, const char *word) {
    for (; !sql_at_end(&sql); sql.at++) {
        if (sql_is(&sql, word)) {
            return true;
        }
    }
    return false;
}

/* True if there are only handlers of duplicates: `WHEN duplicate_object THEN null;`. */
static bool is_handler_of_duplicates(struct sql_reader handlers) {
    bool has_any = false;
    for (; !sql_at_end(&handlers); handlers.at++) {
        if (sql_take(&handlers, "when") || sql_take(&handlers, "or")) {
            struct text condition;
            if (!sql_take_name(&handlers, &condition) || !text_starts(condition, "duplicate_")) {
                return false;
            }
            has_any = true;
        }
    }
    return has_any;
}

/* Applies the statements up to the end, EXCEPTION or END IF, each ended by a semicolon. */
static bool apply_block(struct making *making, struct sql_reader *sql, size_t *ret_count);

/* After IF: `[NOT] EXISTS (…) THEN … END IF;`. */
static bool apply_condition(struct making *making, struct sql_reader *sql, size_t *ret_count) {
    bool was_tolerant = making->is_tolerant;
    sql_take(sql, "not");
    if (!sql_take(sql, "exists") || !sql_take_group(sql, NULL, NULL) || !sql_take(sql, "then")) {
        return snapshot_refuse(making, "a DO block decides by a condition what it does");
    }
    making->is_tolerant = true;
    bool is_right = apply_block(making, sql, ret_count) && sql_take(sql, "end if");
    making->is_tolerant = was_tolerant;
    sql_take_sign(sql, ';');
    return is_right || (making->reason.length > 0 ? false : snapshot_refuse(making, "a DO block cannot be read"));
}

static bool apply_block(struct making *making, struct sql_reader *sql, size_t *ret_count) {
    while (!sql_at_end(sql) && !sql_is(sql, "end") && !sql_is(sql, "exception")) {
        if (sql_take(sql, "if")) {
            if (!apply_condition(making, sql, ret_count)) {
                return false;
            }
            continue;
        }
        struct sql_reader statement = *sql;
        sql_skip_to(sql, ';');
        statement.count = sql->at;
        sql_take_sign(sql, ';');
        ++*ret_count;
        if (!apply_words(making, &statement)) {
            return false;
        }
    }
    return true;
}

static bool apply_do(struct making *making, struct sql_reader body) {
    static const char *const changing[] = {"create", "alter", "drop", "execute"};
    static const char *const logic[] = {"execute", "loop", "else", "elsif", "declare", "call", "case"};
    bool changes = false;
    for (size_t i = 0; i < sizeof changing / sizeof *changing; i++) {
        changes = changes || has_word(body, changing[i]);
    }
    if (!changes) {
        return true;
    }
    for (size_t i = 0; i < sizeof logic / sizeof *logic; i++) {
        if (has_word(body, logic[i])) {
            return snapshot_refuse(making, "a DO block with %s does what only running it would show", logic[i]);
        }
    }
    if (!sql_take(&body, "begin")) {
        return snapshot_refuse(making, "a DO block cannot be read");
    }
    struct sql_reader rest = body;
    while (!sql_at_end(&rest) && !sql_is(&rest, "exception")) {
        sql_skip(&rest);
    }
    size_t count = 0;
    bool has_handler = sql_take(&rest, "exception");
    if (has_handler && !is_handler_of_duplicates(rest)) {
        return snapshot_refuse(making, "a DO block handles errors other than duplicates");
    }
    making->is_tolerant = has_handler;
    bool is_right = apply_block(making, &body, &count);
    making->is_tolerant = false;
    if (is_right && has_handler && count > 1) {
        return snapshot_refuse(making, "a DO block with an error handler has more than one statement");
    }
    return is_right;
}

/* ---- drizzle-kit's form ---- */

/* `ALTER TABLE "`, `CREATE UNIQUE INDEX CONCURRENTLY "`: keywords in capitals, separated by one
 * blank, then a quoted name. */
static bool has_kit_form(struct text sql, const struct token_statement *statement) {
    for (size_t at = statement->tokens[0].start; at < sql.length; at++) {
        char byte = sql.bytes[at];
        if (byte == '"') {
            return statement->is_alone && at > statement->tokens[0].start;
        }
        if (byte != ' ' && (byte < 'A' || byte > 'Z')) {
            return false;
        }
    }
    return false;
}

bool snapshot_apply(struct making *making, struct text sql, const struct token_statement *statement) {
    struct sql_reader reader = {
        .arena = making->arena, .text = sql, .tokens = statement->tokens, .count = statement->count};
    making->is_kit = has_kit_form(sql, statement);
    making->is_tolerant = false;
    making->indexes = statement->indexes;
    making->index_count = statement->index_count;
    if (!sql_take(&reader, "do")) {
        return apply_words(making, &reader);
    }
    if (statement->body_count == 0) {
        return snapshot_refuse(making, "a DO block cannot be read");
    }
    return apply_do(
        making, (struct sql_reader){
                    .arena = making->arena, .text = sql, .tokens = statement->body, .count = statement->body_count});
}
