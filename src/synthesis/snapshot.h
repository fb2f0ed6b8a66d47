/* Shared by the parts that apply SQL to a snapshot: the snapshot being made, refusals, and lookups
 * in it. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_H
#define MIGFS_SYNTHESIS_SNAPSHOT_H

#include "synthesis/snapshot_members.h"
#include "synthesis/sql.h"

struct snapshot_names {
    struct text *names;
    size_t count, capacity;
};

/* An object made by a hand-written statement. */
struct snapshot_put {
    const char *kind;
    struct text key;   /* in the snapshot, of its table or of the enum */
    struct text table; /* name of a column's table; else empty */
    struct text name;
    /* of a primary key, whose `name` is the table's: its own name if it has one, and its column if
     * that is all the snapshot has of it */
    struct text constraint, column;
    bool is_not_null;       /* that column, even without the key */
    struct cJSON *previous; /* of a default: the one before; NULL: none */
    bool is_within;         /* made by the statement that made its table or its column */
    bool is_undeclared;     /* the snapshot that is written lacks it */
    bool is_unsure;         /* although the schema may declare it */
    bool is_other;          /* of a default: the schema declares another one */
    bool is_absent;         /* of earlier SQL, and lacking in the snapshot from which these are made */
    struct text text;       /* of what is absent: as the files before left it */
    bool is_changed;        /* what is absent: by the last file */
};

/* The kinds of a primary key, and of what a column has. */
#define SNAPSHOT_KEY "primary key of"
#define SNAPSHOT_DEFAULT "default of"
#define SNAPSHOT_NOT_NULL "NOT NULL of"

struct snapshot_puts {
    struct snapshot_put *puts;
    size_t count, capacity;
};

struct snapshot_changes;

struct making {
    struct arena *arena;
    struct cJSON *tree; /* the snapshot being made */
    struct snapshot_members *members;
    const struct cJSON *original; /* the snapshot before this file */
    const struct cJSON *habits;   /* a snapshot of this folder, for what the SQL leaves open */
    struct snapshot_column_habits {
        bool is_read;                        /* when they are first asked for */
        struct snapshot_names types;         /* sorted */
        bool has_number, has_number_as_text; /* among defaults */
    } column_habits;
    struct snapshot_index_habits {
        bool is_read;                    /* likewise */
        bool has_concurrent, has_number; /* a number: among their storage parameters */
    } index_habits;
    struct snapshot_names *left;       /* names left out, in this file and those before */
    struct buffer notes;               /* left out of this file: `policy "p", check "c"` */
    struct snapshot_puts *put;         /* made by hand-written statements, in this file and those before */
    struct snapshot_changes *changes;  /* and changed or dropped (snapshot_changes.h); NULL: not recorded */
    struct text created;               /* key of the table that the statement makes, or a column of it; else empty */
    struct snapshot_names secured;     /* keys of tables with ENABLE ROW LEVEL SECURITY */
    struct snapshot_names remade;      /* table key, column name, …: to be added again in this file */
    const struct token_index *indexes; /* of the statement, without a name */
    size_t index_count;
    struct making *history; /* what all SQL so far gives, whether left out or not; NULL: not known */
    bool is_kit;            /* the statement has drizzle-kit's own form */
    bool is_tolerant;       /* "already exists" and "does not exist" are not errors here */
    struct text reason;     /* why the statement is refused */
};

/* Refuses the statement: returns false. The reason is formatted as by text_format(). */
bool snapshot_refuse(struct making *making, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Leaves an object out and remembers its name. Returns true. */
bool snapshot_leave(struct making *making, const char *kind, struct text name);
bool snapshot_is_left(const struct making *making, struct text name);
void snapshot_add_name(struct arena *arena, struct snapshot_names *names, struct text name);

/* Records an object made by a hand-written statement: if the schema lacks it, the next `generate`
 * drops it. */
void snapshot_put(struct making *making, struct snapshot_put put);

/* Forgets what was put: it is gone, or drizzle-kit's own statement has made it. */
void snapshot_forget_put(struct making *making, const char *kind, struct text key, struct text name);

/* The record of it, or NULL. */
struct snapshot_put *snapshot_put_of(const struct making *making, const char *kind, struct text key, struct text name);

/* Finds what was put, and what holds it; for a primary key without a name, its column. Returns NULL
 * if it is not there; the parent may be there nevertheless. */
struct cJSON *snapshot_find_put(const struct making *making, const struct snapshot_put *put, struct cJSON **ret_parent);

/* Records the new name of an index or a constraint of a table. */
void snapshot_rename_put(struct making *making, const struct cJSON *table, struct text before, struct text after);

/* The schema as in keys: public if the name has none. */
struct text snapshot_schema(struct sql_name name);
struct text snapshot_key(struct arena *arena, struct sql_name name); /* `schema.name` */

struct cJSON *snapshot_part(const struct making *making, const char *part); /* tables, enums, … */
struct cJSON *snapshot_in(const struct making *making, const struct cJSON *parent, const char *part, struct text name);
struct text snapshot_text(const struct cJSON *object, const char *key); /* empty if no string */
bool snapshot_text_is(const struct cJSON *object, const char *key, struct text value);
void snapshot_add_texts(struct cJSON *object, const char *key, const struct text *texts, size_t count);

/* `0007_snapshot.json` for 0007_some_name. */
struct text snapshot_file_name(struct arena *arena, struct text tag);

#endif
