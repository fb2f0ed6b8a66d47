/* Facts, rows and catalogs become verdicts: for each migration what its SQL makes and drops, and for each database whether that is there.
 *
 * A migration with a row promises the facts that it wrote last among all that have one; one without a row has for evidence the facts that change
 * when it is added to those that ran. What is found to be all there counts as having run for the others.
 *
 * Pure; what it returns lives in the arena and points into what it was made from. One thread. */
#ifndef MIGFS_JOIN_EFFECTS_H
#define MIGFS_JOIN_EFFECTS_H

#include "migfs/join/joined.h"
#include "migfs/ledger/catalog.h"
#include "migfs/schema/facts.h"

/* What is known of the SQL and of the catalogs. */
struct effects_input {
    /* Of the text with this hash. */
    void (*effects)(void *context, struct arena *arena, const struct digest *digest, struct effects *ret_effects);
    void *context;
    struct catalog *const *catalogs; /* [databases]; NULL: not read */
};

enum effects_state {
    EFFECTS_NONE,    /* nothing in the catalogs */
    EFFECTS_THERE,   /* all of it */
    EFFECTS_MISSING, /* nothing of it */
    EFFECTS_PARTLY,
    EFFECTS_SUPERSEDED, /* later migrations have written all of it */
    EFFECTS_UNKNOWN,
    EFFECTS_STATE_COUNT
};

const char *effects_state_name(enum effects_state state);

/* A fact and how it stands. */
struct effects_fact {
    struct fact fact;
    bool is_there, is_unknown;
};

/* A migration in one database. */
struct effects_standing {
    enum effects_state state;
    size_t there, of;
    size_t existence_there, existence; /* of them, without attributes */
    size_t present;                    /* of those there: things that are there, rather than gone as promised */
    bool is_found;                     /* it has no row, and all is there, some of it more than attributes */
    struct fact *missing;
    size_t missing_count;
};

/* Where a run fails. */
struct effects_failure {
    size_t migration; /* SIZE_MAX: nowhere that is certain */
    size_t position;  /* of the migration in the run */
    const char *sqlstate;
    uint32_t line;
    struct text what; /* "table users is there already", "table wc is not there" */
};

/* A table besides the ledger that was asked for: it has the columns of one of Drizzle's, and no others, or the usual name; or it is another
 * tool's, `supabase_migrations.schema_migrations` or the like, and names migrations of this folder. */
struct effects_ledger {
    struct text schema, table;
    size_t names; /* so many migrations of this folder; 0: a ledger of Drizzle's */
};

struct effects_database {
    bool is_known; /* its catalogs have been read, and say where its tables are looked for */
    /* Schemas in which they are, while the search path has none of them; then is_known is false. */
    struct text *elsewhere;
    size_t elsewhere_count;
    struct effects_ledger *ledgers; /* other tools' first, then by schema and name */
    size_t ledger_count;
    bool *is_named; /* [join->count]: another tool's ledger says that it ran; NULL: no such ledger */
    struct text default_schema;
    struct effects_fact *facts; /* of all that ran or was found, in the order in which they were first said */
    size_t fact_count;
    bool is_emptied;
    size_t found_first; /* where no row is there: how many from the first on are there, of those that make something */
    const struct fold *catalog; /* all that is there; NULL: not known */
};

/* What a migration's SQL does, by itself. */
struct effects_own {
    struct effects effects;
    struct fact *facts;
    size_t count;
};

/* Its absences are unknown, and with them those of what older migrations wrote. */
struct effects_doubt {
    size_t migration;
    bool is_read;      /* it is opaque; else it is not parsed */
    struct text kinds; /* is_read: letters of the kinds of fact that it may have changed */
};

struct effects_join {
    const struct join *join;
    struct effects_doubt *doubts;
    size_t doubt_count;
    struct fold *names_of;              /* any fold: for fact_name() */
    struct effects_own *own;            /* [join->count] */
    struct effects_standing *standings; /* [join->count * databases] */
    struct effects_database *databases; /* [databases] */
};

const struct effects_standing *effects_standing_of(const struct effects_join *effects, size_t migration,
                                                   size_t database);

/* "table users", "index wc_user", "value c of mood": escaped. */
struct text effects_name(struct arena *arena, const struct effects_join *effects, const struct fact *fact);

#endif
