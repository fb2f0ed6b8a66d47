/* A table counts as another tool's ledger of this folder if its contents can hardly be anything
 * else: whole tags or file names, numbers that are times, or numbers with matching names. Small
 * numbers alone (1, 2, 3) occur in every folder: they count only if the table is named like a
 * ledger and has no number that is not in this folder. In doubt, a migration counts as not run. */
#include "join/tools.h"

#include <string.h>
#include <strings.h>

#include "migfs/util/sorted.h"

/* Fields of rows of kind `l` and `m`, see ledger/postgres/tools.c. */
enum { TABLE, SCHEMA };
enum { NUMBER, NAME, MARK };

enum { DIGITS_OF_A_TIME = 8, FEW = 2 };

struct reading {
    const struct join *join;
    bool *is_named;  /* [join->count]: recorded in this table */
    bool *is_likely; /* [join->count]: matched only by a small number */
    size_t names, likely;
    size_t strangers; /* number of rows that match no file */
    size_t newest;    /* number of rows with the newest number */
};

static bool is_digits(struct text text) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9') {
            return false;
        }
    }
    return text.length > 0;
}

/* In the form of `migration.number`. */
static struct text number_of(struct text text) {
    if (!is_digits(text)) {
        return TEXT("");
    }
    while (text.length > 1 && text.bytes[0] == '0') {
        text = text_slice(text, 1, text.length);
    }
    return text;
}

/* Returns a file name without its folders and its suffix. */
static struct text tag_of(struct text name) {
    for (size_t i = name.length; i > 0; i--) {
        if (name.bytes[i - 1] == '/') {
            name = text_slice(name, i, name.length);
            break;
        }
    }
    return text_ends(name, ".sql") ? text_slice(name, 0, name.length - 4) : name;
}

/* Returns whether the title equals the tag after its number; some tools write blanks instead of
 * `_`. */
static bool is_title_of(struct text title, struct text tag) {
    size_t at;
    if (title.length == 0 || !text_find(tag, "_", &at)) {
        return false;
    }
    struct text rest = text_slice(tag, at + 1, tag.length);
    bool is_same = rest.length == title.length;
    for (size_t i = 0; i < rest.length && is_same; i++) {
        is_same = rest.bytes[i] == title.bytes[i] || (rest.bytes[i] == '_' && title.bytes[i] == ' ');
    }
    return is_same;
}

struct sought_number {
    const struct join *join;
    struct text number;
};

/* Migrations are sorted by number. */
static bool number_lies_before(const void *context, size_t position) {
    const struct sought_number *sought = context;
    return number_compare(sought->join->migrations[position].number, sought->number) < 0;
}

static bool is_file(const struct migration *it) {
    return it && it->file && it->kind != MIGRATION_EXCLUDED;
}

/* Returns the count of migrations with this number, and the first of them in *ret_first. *ret_alone
 * is the only one with a file, or NULL. */
static size_t files_with(const struct join *join, struct text number, size_t *ret_first,
                         const struct migration **ret_alone) {
    size_t count = 0, files = 0;
    *ret_alone = NULL;
    *ret_first = sorted_find(join->count, number_lies_before, &(struct sought_number){join, number});
    for (size_t i = *ret_first; i < join->count && number_compare(join->migrations[i].number, number) == 0; i++) {
        files += is_file(&join->migrations[i]);
        *ret_alone = files == 1 && is_file(&join->migrations[i]) ? &join->migrations[i] : *ret_alone;
        count++;
    }
    *ret_alone = files == 1 ? *ret_alone : NULL;
    return count;
}

static void set(const struct join *join, bool *flags, const struct migration *it, size_t *ret_count) {
    size_t i = (size_t)(it - join->migrations);
    *ret_count += !flags[i];
    flags[i] = true;
}

/* A table with only the newest number means that all migrations up to it have run. */
static void read_newest(struct reading *reading, size_t end) {
    for (size_t i = 0; i < end && reading->newest == 0; i++) {
        if (is_file(&reading->join->migrations[i])) {
            set(reading->join, reading->is_likely, &reading->join->migrations[i], &reading->likely);
        }
    }
    reading->newest++;
}

/* Finds the migration that a row names, if any. */
static void read_row(struct reading *reading, const struct catalog_row *row) {
    const struct join *join = reading->join;
    struct text first = tag_of(row->fields[NUMBER]), second = tag_of(row->fields[NAME]);
    struct text number = number_of(first.length > 0 ? first : second);
    bool is_dirty = text_is(row->fields[MARK], "dirty");
    const struct migration *by_first = join_find(join, first), *by_second = join_find(join, second), *alone = NULL;
    const struct migration *named = is_file(by_first) ? by_first : is_file(by_second) ? by_second : NULL;
    size_t at = 0, count = number.length > 0 ? files_with(join, number, &at, &alone) : 0;
    for (size_t i = at; i < at + count && !named; i++) {
        bool is_named = is_file(&join->migrations[i]) && is_title_of(second, join->migrations[i].tag);
        named = is_named ? &join->migrations[i] : NULL;
    }
    named = !named && number.length >= DIGITS_OF_A_TIME ? alone : named;
    if (named && !is_dirty) {
        set(join, reading->is_named, named, &reading->names);
    }
    if (row->fields[MARK].length > 0 && count > 0) {
        read_newest(reading, is_dirty ? at : at + count);
    } else if (alone) {
        set(join, reading->is_likely, alone, &reading->likely);
    }
    reading->strangers += !named && count == 0;
}

static bool contains(struct text text, const char *word) {
    size_t length = strlen(word);
    for (size_t i = 0; i + length <= text.length; i++) {
        if (strncasecmp(text.bytes + i, word, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_called_ledger(const struct catalog_row *table) {
    static const char *const words[] = {"migrat",         "schema_version", "schemaversion",
                                        "schema_history", "changelog",      "db_version"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (contains(table->fields[TABLE], words[i]) || contains(table->fields[SCHEMA], words[i])) {
            return true;
        }
    }
    return false;
}

/* Reads one candidate table. */
static void read_table(struct arena *arena, const struct join *join, const struct catalog *catalog,
                       const struct catalog_row *table, struct effects_database *database) {
    struct reading reading = {.join = join,
                              .is_named = arena_array(arena, bool, join->count),
                              .is_likely = arena_array(arena, bool, join->count)};
    for (size_t i = 0; i < catalog->count; i++) {
        if (catalog->rows[i].kind == 'm' && catalog->rows[i].object == table->object) {
            read_row(&reading, &catalog->rows[i]);
        }
    }
    bool is_called = is_called_ledger(table);
    for (size_t i = 0; i < join->count; i++) {
        if (reading.is_likely[i] && is_called && reading.strangers == 0 && reading.likely >= FEW) {
            set(join, reading.is_named, &join->migrations[i], &reading.names);
        }
    }
    if (reading.names == 0 || (!is_called && reading.names < FEW)) {
        return;
    }
    database->is_named = database->is_named ? database->is_named : arena_array(arena, bool, join->count);
    for (size_t i = 0; i < join->count; i++) {
        database->is_named[i] = database->is_named[i] || reading.is_named[i];
    }
    size_t count = database->ledger_count;
    database->ledgers =
        arena_more(arena, database->ledgers, count, &database->ledger_capacity, sizeof *database->ledgers);
    database->ledgers[database->ledger_count++] = (struct effects_ledger){
        text_copy(arena, table->fields[SCHEMA]), text_copy(arena, table->fields[TABLE]), .names = reading.names};
}

void tools_find(struct arena *arena, const struct join *join, const struct catalog *catalog,
                struct effects_database *database) {
    for (size_t i = 0; i < catalog->count; i++) {
        if (catalog->rows[i].kind == 'l') {
            read_table(arena, join, catalog, &catalog->rows[i], database);
        }
    }
}
