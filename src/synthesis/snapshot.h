/* What the parts that apply SQL to a snapshot share: the snapshot being made, how they say no, and what they find in it. */
#ifndef MIGFS_SYNTHESIS_SNAPSHOT_H
#define MIGFS_SYNTHESIS_SNAPSHOT_H

#include "migfs/json/tree.h"
#include "synthesis/sql.h"

struct snapshot_names {
    struct text *names;
    size_t count;
};

struct making {
    struct arena *arena;
    struct cJSON *tree;            /* the snapshot as far as it is made */
    const struct cJSON *original;  /* as it was before this file */
    const struct cJSON *habits;    /* a snapshot of this folder, for what the SQL does not tell */
    struct snapshot_names *left;   /* names of what was left out, in this file and the ones before */
    struct buffer notes;           /* what was left out of this file: `policy "p", check "c"` */
    struct snapshot_names secured; /* keys of tables with ENABLE ROW LEVEL SECURITY: decided at the end of the file */
    struct snapshot_names remade;  /* key of a table, name of a column, …: dropped, to be added again in this file */
    bool is_kit;                   /* the statement has drizzle-kit's own form */
    bool is_tolerant;              /* it stands where "already there" and "not there" are not errors */
    struct text reason;            /* why the statement stands in the way */
};

/* Says no: returns false. The reason is put together as by text_format(). */
bool snapshot_refuse(struct making *making, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Leaves an object out and remembers its name. Returns true. */
bool snapshot_leave(struct making *making, const char *kind, struct text name);
bool snapshot_is_left(const struct making *making, struct text name);
void snapshot_add_name(struct arena *arena, struct snapshot_names *names, struct text name);

/* The schema's name as keys have it: public for none. */
struct text snapshot_schema(struct sql_name name);
struct text snapshot_key(struct arena *arena, struct sql_name name); /* `schema.name` */

struct cJSON *snapshot_part(const struct making *making, const char *part); /* tables, enums, … */
struct cJSON *snapshot_table(const struct making *making, struct sql_name name);
struct cJSON *snapshot_enum(const struct making *making, struct sql_name name);
struct cJSON *snapshot_in(const struct cJSON *parent, const char *part, struct text name);
struct text snapshot_text(const struct cJSON *object, const char *key); /* empty where it is not a string */
bool snapshot_text_is(const struct cJSON *object, const char *key, struct text value);
bool snapshot_has_text(const struct cJSON *array, struct text value);
void snapshot_add_texts(struct cJSON *object, const char *key, const struct text *texts, size_t count);

/* `0007_snapshot.json` for 0007_some_name. */
struct text snapshot_file_name(struct arena *arena, struct text tag);

#endif
