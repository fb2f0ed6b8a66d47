/* What hand-written statements change or drop of what the snapshot before has: if the schema still has
 * it as it was, the next `generate` changes it back. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_CHANGES_H
#define MIGFS_SYNTHESIS_SNAPSHOT_CHANGES_H

#include "synthesis/snapshot.h"

enum snapshot_change_kind {
    SNAPSHOT_CHANGED_COLUMN,   /* a member of it: its type, default, … */
    SNAPSHOT_CHANGED_NAME,     /* of anything, or the schema of a table or an enum */
    SNAPSHOT_CHANGED_VALUE,    /* added to an enum */
    SNAPSHOT_CHANGED_SECURITY, /* of rows: disabled */
    SNAPSHOT_CHANGED_OBJECT,   /* a sequence, a view, a policy: altered, or dropped and made again */
    SNAPSHOT_DROPPED_PART,     /* of a table: an index, a constraint, a policy */
    SNAPSHOT_DROPPED_KEY,
    SNAPSHOT_DROPPED, /* anything else */
};

struct snapshot_change {
    enum snapshot_change_kind kind;
    const char *place; /* the member of a column; else what has it: "tables", "columns", "indexes", … */
    struct text key;   /* in the snapshot, of its table or of what it is */
    struct text table; /* name of its table or enum; empty: none is shown */
    struct text name;
    struct text before, schema_before; /* of a name: the first one */
    struct cJSON *previous;            /* what it was; NULL: it was not there */
    bool is_undone, is_unsure;         /* the snapshot that is written has it as it was; as it may be declared */
    bool is_again;                     /* dropped, and the schema declares it */
    bool is_of_put;                    /* of what hand-written SQL has made itself */
    bool is_earlier;                   /* by a file before the snapshot before */
    bool is_judged;                    /* the schema was asked for it */
};

struct snapshot_changes {
    struct snapshot_change *changes;
    size_t count, capacity;
};

/* False, refused, after so many objects that hand-written SQL has made, changed or left out: each is
 * compared with those before it. */
enum { SNAPSHOT_BY_HAND = 5000 };
bool snapshot_has_room(struct making *making);

/* A copy of the value; NULL of NULL. */
struct cJSON *snapshot_copied(struct arena *arena, const struct cJSON *value);

/* Records what the statement changes, unless it is drizzle-kit's own: then what was recorded of it is
 * forgotten. Of several changes the first one has what it was. `previous` must be a copy. */
void snapshot_change(struct making *making, struct snapshot_change change);

/* The record of it, or NULL. */
struct snapshot_change *snapshot_change_of(const struct making *making, enum snapshot_change_kind kind,
                                           const char *place, struct text key, struct text name);
void snapshot_change_forget(struct snapshot_change *change); /* takes NULL */

bool snapshot_change_is_at(const struct snapshot_change *change, const char *place);

/* Records what the column has no longer. `before` is a copy of it. */
void snapshot_change_column(struct making *making, const struct cJSON *table, const struct cJSON *before,
                            struct cJSON *column);

/* Records that a part of a table, `it`, is about to be dropped, if the snapshot before had it. */
void snapshot_change_drop(struct making *making, const struct cJSON *table, const char *place, const struct cJSON *it);

/* Records are kept under the names of now: of a table or an enum, of a part, a column, a value. */
void snapshot_changes_move(struct making *making, struct text key_before, struct text key, struct text name);
void snapshot_changes_rename(struct making *making, const char *place, struct text key, struct text before,
                             struct text name);

/* `type of users.age`, `dropped index posts_at`; without its table, escaped. */
void snapshot_change_print(struct buffer *list, const struct snapshot_change *change);

#endif
