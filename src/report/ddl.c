/* Reads the first words of a statement. A statement that it does not recognize counts as
 * harmless. */
#include "report/ddl.h"

#include <string.h>

static struct text next_word(struct text *rest) {
    *rest = text_trim(*rest);
    const char *blank = rest->length > 0 ? memchr(rest->bytes, ' ', rest->length) : NULL;
    size_t length = blank ? (size_t)(blank - rest->bytes) : rest->length;
    struct text word = text_slice(*rest, 0, length);
    *rest = text_slice(*rest, length, rest->length);
    return word;
}

/* Skips the next word if it is this one. */
static bool skip(struct text *rest, const char *word) {
    struct text before = *rest;
    if (text_is(next_word(rest), word)) {
        return true;
    }
    *rest = before;
    return false;
}

static bool skip_all(struct text *rest, const char *const *words) {
    struct text before = *rest;
    for (; *words; words++) {
        if (!skip(rest, *words)) {
            *rest = before;
            return false;
        }
    }
    return true;
}

static bool is_one_of(struct text word, const char *const *words) {
    for (; *words; words++) {
        if (text_is(word, *words)) {
            return true;
        }
    }
    return false;
}

/* Removes the quotes that only tell a name from a word of the command. */
static struct text without_quotes(struct text name) {
    bool is_plain = name.length > 2 && name.bytes[0] == '"' && name.bytes[name.length - 1] == '"';
    for (size_t i = 1; is_plain && i + 1 < name.length; i++) {
        is_plain = name.bytes[i] >= 'a' && name.bytes[i] <= 'z';
    }
    return is_plain ? text_slice(name, 1, name.length - 1) : name;
}

/* The last part of `schema.name`. */
static struct text last_part(struct text name) {
    size_t from = 0;
    bool is_quoted = false;
    for (size_t i = 0; i < name.length; i++) {
        is_quoted ^= name.bytes[i] == '"';
        from = name.bytes[i] == '.' && !is_quoted ? i + 1 : from;
    }
    return without_quotes(text_slice(name, from, name.length));
}

static const char *const if_exists[] = {"if", "exists", NULL}, *const if_not_exists[] = {"if", "not", "exists", NULL},
                         *const or_replace[] = {"or", "replace", NULL};

static const char *const kinds[] = {"table",       "index",      "type",      "schema", "sequence",  "view",
                                    "function",    "trigger",    "extension", "domain", "policy",    "rule",
                                    "procedure",   "role",       "user",      "server", "aggregate", "collation",
                                    "publication", "statistics", "group",     NULL};

static bool is_part_of_table(struct text kind) {
    static const char *const parts[] = {"index", "policy", "trigger", NULL};
    return is_one_of(kind, parts);
}

/* `ONLY t`, `ONLY (t)` and `t *` are the table t. */
static struct text next_table(struct text *rest) {
    bool is_bracketed = skip(rest, "only") && skip(rest, "(");
    struct text table = last_part(next_word(rest));
    if (!is_bracketed || !skip(rest, ")")) {
        skip(rest, "*");
    }
    return table;
}

/* Returns the table after the next ON. */
static struct text owner_behind_on(struct text rest) {
    while (rest.length > 0) {
        if (text_is(next_word(&rest), "on")) {
            return next_table(&rest);
        }
    }
    return TEXT("");
}

/* Skips the words between CREATE or DROP and the kind of object: TEMPORARY, UNIQUE,
 * MATERIALIZED. */
static void skip_qualities(struct text *rest) {
    static const char *const qualities[] = {"global",     "local",   "temp",      "temporary",
                                            "unlogged",   "unique",  "recursive", "materialized",
                                            "constraint", "foreign", "event",     NULL};
    struct text before = *rest;
    while (is_one_of(next_word(rest), qualities)) {
        before = *rest;
    }
    *rest = before;
}

static struct ddl read_create(struct text rest) {
    struct ddl ddl = {.kind = DDL_MAKES, .name = TEXT(""), .owner = TEXT(""), .to = TEXT("")};
    ddl.is_guarded = skip_all(&rest, or_replace);
    skip_qualities(&rest);
    struct text kind = next_word(&rest);
    if (text_is(kind, "index")) {
        skip(&rest, "concurrently");
    }
    ddl.is_guarded = skip_all(&rest, if_not_exists) || ddl.is_guarded;
    struct text name = next_word(&rest);
    /* PostgreSQL picks a free name for an index without one. */
    bool is_nameless = text_is(kind, "index") && text_is(name, "on");
    ddl.kind = is_one_of(kind, kinds) && !is_nameless ? DDL_MAKES : DDL_NONE;
    ddl.name = last_part(name);
    ddl.owner = is_part_of_table(kind) ? owner_behind_on(rest) : TEXT("");
    return ddl;
}

static struct ddl read_drop(struct text rest) {
    struct ddl ddl = {.kind = DDL_DROPS, .name = TEXT(""), .owner = TEXT(""), .to = TEXT("")};
    skip_qualities(&rest);
    struct text kind = next_word(&rest);
    if (text_is(kind, "index")) {
        skip(&rest, "concurrently");
    }
    ddl.is_guarded = skip_all(&rest, if_exists);
    ddl.kind = is_one_of(kind, kinds) ? DDL_DROPS : DDL_NONE;
    ddl.name = last_part(next_word(&rest));
    ddl.owner = owner_behind_on(rest);
    return ddl;
}

static void read_add(struct ddl *ddl, struct text kind, struct text rest) {
    static const char *const unnamed[] = {"foreign", "check", "unique", "table", NULL};
    if (text_is(kind, "type")) {
        ddl->is_enum_value = skip(&rest, "value");
        ddl->kind = ddl->is_enum_value ? DDL_MAKES : DDL_NONE;
    } else {
        bool is_named = skip(&rest, "column") || skip(&rest, "constraint");
        struct text after = rest, word = next_word(&after);
        bool is_exclusion = text_is(word, "exclude") && (skip(&after, "using") || skip(&after, "("));
        ddl->kind = is_named || !(is_exclusion || is_one_of(word, unnamed)) ? DDL_MAKES : DDL_NONE;
    }
    ddl->is_guarded = skip_all(&rest, if_not_exists);
    ddl->name = last_part(next_word(&rest));
}

/* Unlike in a type, VALUE and ATTRIBUTE may be names in a table. */
static void read_rename(struct ddl *ddl, struct text kind, struct text rest) {
    static const char *const in_table[] = {"column", "constraint", NULL}, *const in_type[] = {"value", "attribute",
                                                                                              NULL};
    const char *const *words = text_is(kind, "type") ? in_type : in_table;
    ddl->kind = DDL_MOVES;
    if (skip(&rest, "to")) {
        ddl->name = ddl->owner;
        ddl->owner = TEXT("");
    } else {
        for (size_t i = 0; words[i] && !skip(&rest, words[i]); i++) {
        }
        ddl->name = last_part(next_word(&rest));
        skip(&rest, "to");
    }
    ddl->to = last_part(next_word(&rest));
}

static struct ddl read_alter(struct text rest) {
    struct ddl ddl = {.kind = DDL_NONE, .name = TEXT(""), .owner = TEXT(""), .to = TEXT("")};
    static const char *const set_schema[] = {"set", "schema", NULL};
    skip_qualities(&rest);
    struct text kind = next_word(&rest);
    bool is_table = text_is(kind, "table");
    skip_all(&rest, if_exists);
    ddl.owner = next_table(&rest);
    if (!is_one_of(kind, kinds)) {
        return ddl;
    }
    if ((is_table || text_is(kind, "type")) && skip(&rest, "add")) {
        read_add(&ddl, kind, rest);
    } else if (is_table && skip(&rest, "drop")) {
        bool is_said = skip(&rest, "column") || skip(&rest, "constraint");
        ddl.is_guarded = skip_all(&rest, if_exists) && is_said;
        ddl.kind = DDL_DROPS;
        ddl.name = last_part(next_word(&rest));
    } else if (skip(&rest, "rename")) {
        read_rename(&ddl, kind, rest);
    } else if (skip_all(&rest, set_schema)) {
        ddl.kind = DDL_MOVES;
        ddl.name = ddl.owner;
        ddl.owner = TEXT("");
    }
    return ddl;
}

struct ddl ddl_read(struct text statement) {
    struct text rest = statement;
    if (skip(&rest, "create")) {
        return read_create(rest);
    }
    if (skip(&rest, "drop")) {
        return read_drop(rest);
    }
    if (skip(&rest, "alter")) {
        return read_alter(rest);
    }
    return (struct ddl){.kind = DDL_NONE, .name = TEXT(""), .owner = TEXT(""), .to = TEXT("")};
}

/* ---- transactions ---- */

static bool has_word(struct text statement, const char *word) {
    size_t at;
    if (!text_find(statement, word, &at)) {
        return false; /* which is faster than to look at each word */
    }
    while (statement.length > 0) {
        if (text_is(next_word(&statement), word)) {
            return true;
        }
    }
    return false;
}

/* COMMIT, ROLLBACK, END, ABORT and PREPARE TRANSACTION, but not ROLLBACK TO SAVEPOINT. */
static const char *what_ends(struct text statement) {
    struct text rest = statement;
    if (skip(&rest, "commit")) {
        return "COMMIT";
    }
    if (skip(&rest, "end")) {
        return "END";
    }
    if (skip(&rest, "abort")) {
        return "ABORT";
    }
    if (skip(&rest, "rollback")) {
        return has_word(rest, "to") ? NULL : "ROLLBACK";
    }
    return skip(&rest, "prepare") && skip(&rest, "transaction") ? "PREPARE TRANSACTION" : NULL;
}

bool ddl_ends(struct text statement) {
    return what_ends(statement);
}

static const char *const makers[] = {"create", "alter", "drop", NULL};

bool ddl_may_be_forbidden(struct text statement) {
    static const char *const commands[] = {"abort",   "cluster", "commit",   "discard", "end",
                                           "prepare", "reindex", "rollback", "vacuum",  NULL};
    static const char *const kinds_outside[] = {"database", "subscription", "system", "tablespace", NULL};
    struct text rest = statement, command = next_word(&rest);
    if (is_one_of(command, makers)) {
        return is_one_of(next_word(&rest), kinds_outside) || has_word(statement, "concurrently");
    }
    return is_one_of(command, commands);
}

const char *ddl_forbidden(struct text statement) {
    static const struct {
        const char *begins, *holds, *what; /* `holds`: a word that must follow, or NULL */
    } forbidden[] = {
        {"create index concurrently ", NULL, "CREATE INDEX CONCURRENTLY"},
        {"create unique index concurrently ", NULL, "CREATE INDEX CONCURRENTLY"},
        {"drop index concurrently ", NULL, "DROP INDEX CONCURRENTLY"},
        {"reindex ", "concurrently", "REINDEX CONCURRENTLY"},
        {"reindex database", NULL, "REINDEX DATABASE"},
        {"reindex system", NULL, "REINDEX SYSTEM"},
        {"reindex schema", NULL, "REINDEX SCHEMA"},
        {"vacuum", NULL, "VACUUM"},
        {"alter system ", NULL, "ALTER SYSTEM"},
        {"create database ", NULL, "CREATE DATABASE"},
        {"drop database ", NULL, "DROP DATABASE"},
        {"alter database ", "tablespace", "ALTER DATABASE … SET TABLESPACE"},
        {"create tablespace ", NULL, "CREATE TABLESPACE"},
        {"drop tablespace ", NULL, "DROP TABLESPACE"},
        {"create subscription ", NULL, "CREATE SUBSCRIPTION"},
        {"drop subscription ", NULL, "DROP SUBSCRIPTION"},
        {"alter table ", "detach", "DETACH PARTITION CONCURRENTLY"},
        {"discard all", NULL, "DISCARD ALL"},
    };
    if (!ddl_may_be_forbidden(statement)) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        bool holds = !forbidden[i].holds || has_word(statement, forbidden[i].holds);
        bool is_detach = forbidden[i].holds && strcmp(forbidden[i].holds, "detach") == 0;
        if (text_starts(statement, forbidden[i].begins) && holds &&
            (!is_detach || has_word(statement, "concurrently"))) {
            return forbidden[i].what;
        }
    }
    return text_is(statement, "cluster") ? "CLUSTER" : what_ends(statement);
}

bool ddl_mentions(struct text statement, struct text word) {
    while (statement.length > 0) {
        if (text_equal(last_part(next_word(&statement)), word)) {
            return true;
        }
    }
    return false;
}
