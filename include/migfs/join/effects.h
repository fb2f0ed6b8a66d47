/* Derives verdicts from facts, rows and catalogs: what the SQL of each migration creates and drops,
 * and whether that exists in each database.
 *
 * A migration with a row promises the facts that it wrote last among all migrations with a row. The
 * evidence for one without a row is the facts that change when it is added to those that ran. If
 * all of these exist, it counts as run when the others are judged.
 *
 * Pure; the result lives in the arena and points into its inputs. One thread. */
#ifndef MIGFS_JOIN_EFFECTS_H
#define MIGFS_JOIN_EFFECTS_H

#include "migfs/join/joined.h"
#include "migfs/ledger/catalog.h"
#include "migfs/schema/facts.h"

/* What is known about the SQL and the catalogs. */
struct effects_input {
    /* Gets the effects of the text with this hash. */
    void (*effects)(void *context, struct arena *arena, const struct digest *digest, struct effects *ret_effects);
    void *context;
    struct catalog *const *catalogs; /* [databases]; NULL: not read */
};

enum effects_state {
    EFFECTS_NONE,    /* no effect that the catalogs show */
    EFFECTS_THERE,   /* all effects exist */
    EFFECTS_MISSING, /* none exists */
    EFFECTS_PARTLY,
    EFFECTS_SUPERSEDED, /* later migrations have overwritten all of it */
    EFFECTS_UNKNOWN,
    EFFECTS_STATE_COUNT
};

const char *effects_state_name(enum effects_state state);

/* A fact and its state. */
struct effects_fact {
    struct fact fact;
    bool is_there, is_unknown;
};

/* The effects of a migration in one database. */
struct effects_standing {
    enum effects_state state;
    size_t there, of;
    size_t existence_there, existence; /* among them, those that are not attributes */
    /* Of those in `there`, things that exist; the others are gone, as promised. */
    size_t present;
    bool is_found;  /* it has no row and all effects exist, not only attributes */
    bool is_unseen; /* no row, nothing in the catalogs, and it may have run with those found */
    struct fact *missing;
    size_t missing_count, missing_capacity;
};

/* The point where a run fails. */
struct effects_failure {
    size_t migration; /* SIZE_MAX: no certain failure */
    size_t position;  /* index of the migration in the run */
    const char *sqlstate;
    bool is_syntax; /* the text itself is rejected, whatever the database has */
    uint32_t line;
    struct text what; /* "table users is there already", "table wc is not there" */
};

/* A table that may be a ledger, other than the configured one: it has exactly the columns of
 * Drizzle's, or the usual name; or it belongs to another tool, like
 * `supabase_migrations.schema_migrations`, and names migrations of this folder. */
struct effects_ledger {
    struct text schema, table;
    size_t names; /* number of migrations of this folder; 0: a ledger of Drizzle */
};

struct effects_database {
    bool is_known; /* its catalogs were read and show the schema of its tables */
    /* Schemas with its tables if none on the search path has them; then is_known is false. */
    struct text *elsewhere;
    size_t elsewhere_count;
    struct effects_ledger *ledgers; /* sorted: other tools' first, then by schema and name */
    size_t ledger_count, ledger_capacity;
    bool *is_named; /* [join->count]: recorded in another tool's ledger; NULL: no such ledger */
    struct text default_schema;
    struct effects_fact *facts; /* of all that ran or was found, in the order of first occurrence */
    size_t fact_count;
    bool is_emptied;
    /* For a ledger without rows: how many migrations exist, counted from the first up to a missing
     * one; those without effects are not counted. */
    size_t found_first;
    const struct fold *catalog; /* everything that exists; NULL: not known */
    /* The first database of which the same is known: equal catalogs, and the same migrations ran.
     * The database itself if there is none before it. */
    size_t first_alike;
};

/* The effects of a migration's SQL alone. */
struct effects_own {
    struct effects effects;
    struct fact *facts;
    size_t count;
};

/* A migration that may have removed what it or older ones created, so that missing facts prove
 * nothing. */
struct effects_doubt {
    size_t migration;
    bool is_read;      /* parsed but opaque; else not parsed */
    struct text kinds; /* is_read: letters of the kinds of facts that it may have changed */
};

struct effects_join {
    const struct join *join;
    struct effects_doubt *doubts;
    size_t doubt_count;
    size_t last_pending;                /* last migration with unparsed SQL; SIZE_MAX: none */
    size_t searched;                    /* bytes; see effects_are_unknown() */
    struct fold *names_of;              /* an empty fold, for fact_name() */
    struct effects_own *own;            /* [join->count] */
    struct effects_standing *standings; /* [join->count * databases] */
    struct effects_database *databases; /* [databases] */
};

const struct effects_standing *effects_standing_of(const struct effects_join *effects, size_t migration,
                                                   size_t database);

/* "table users", "index wc_user", "value c of mood"; escaped. */
struct text effects_name(struct arena *arena, const struct effects_join *effects, const struct fact *fact);

#endif
