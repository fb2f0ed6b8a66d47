/* Two statements that the parser takes for the same create, drop or rename the same object,
 * whatever their spelling: so only files that share such an object are parsed, and those with the
 * words of a command that no transaction allows. */
#include "migfs/report/sql_needed.h"

#include <stdint.h>
#include <string.h>

#include "migfs/folder/statements.h"
#include "migfs/util/hash.h"
#include "migfs/util/sorted.h"
#include "report/ddl.h"

/* A statement that creates, drops or renames something. */
struct deed {
    uint64_t key;
    size_t entry; /* index of its file in the set */
};

struct search {
    struct arena *arena;
    bool *is_needed;
    bool is_ambiguous; /* some statement may be another than its words say */
    struct deed *deeds;
    size_t count, capacity;
};

/* ---- equal for statements that may be the same ---- */

/* A literal, which can be written in several ways, counts as none. */
static bool is_literal(struct text name) {
    return name.length > 0 && name.bytes[0] != '"' &&
           (name.bytes[0] == '$' || memchr(name.bytes, '\'', name.length) != NULL);
}

/* Ignores quotes and case, and what follows the first bytes: PostgreSQL truncates long names. */
static uint64_t add_name(uint64_t key, struct text name) {
    enum { LONGEST = 32 };
    size_t taken = 0;
    for (size_t i = 0; i < name.length && taken < LONGEST && !is_literal(name); i++) {
        char byte = name.bytes[i];
        if (byte != '"') {
            key = hash_byte(key, (unsigned char)(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte));
            taken++;
        }
    }
    return hash_byte(key, '"');
}

static uint64_t key_of(const struct ddl *ddl) {
    return add_name(add_name(hash_byte(HASH_START, (unsigned char)ddl->kind), ddl->name), ddl->owner);
}

/* ---- files ---- */

/* Returns whether the statement can run twice. ALTER has forms that are guarded and not known to
 * be. */
static bool is_harmless(struct text statement, const struct ddl *ddl) {
    return ddl->kind == DDL_NONE || (ddl->is_guarded && !text_starts(statement, "alter "));
}

static void look_at_file(struct search *search, const struct disk *disk, size_t entry) {
    const struct sql_statements *statements = disk_statements(disk, &disk->entries[entry]);
    bool is_needed = !statements;
    for (size_t i = 0; statements && i < statements->count; i++) {
        const struct sql_statement *it = &statements->statements[i];
        struct ddl ddl = ddl_read(it->text);
        is_needed = is_needed || ddl_may_be_forbidden(it->text);
        search->is_ambiguous = search->is_ambiguous || it->is_ambiguous;
        if (!is_harmless(it->text, &ddl)) {
            search->deeds =
                arena_more(search->arena, search->deeds, search->count, &search->capacity, sizeof *search->deeds);
            search->deeds[search->count++] = (struct deed){key_of(&ddl), entry};
        }
    }
    search->is_needed[entry] = is_needed;
}

static int compare_keys(const void *context, size_t a, size_t b) {
    const struct deed *deeds = context;
    return (deeds[a].key > deeds[b].key) - (deeds[a].key < deeds[b].key);
}

static void compare_deeds(struct search *search) {
    size_t *sorted = sorted_all(search->arena, search->count, compare_keys, search->deeds);
    for (size_t i = 1; i < search->count; i++) {
        const struct deed *a = &search->deeds[sorted[i - 1]], *b = &search->deeds[sorted[i]];
        if (a->key == b->key && a->entry != b->entry) {
            search->is_needed[a->entry] = search->is_needed[b->entry] = true;
        }
    }
}

const bool *sql_needed_find(struct arena *arena, const struct disk *disk) {
    struct search search = {.arena = arena, .is_needed = arena_array(arena, bool, disk->count)};
    disk_read_statements(disk);
    for (size_t i = 0; i < disk->count; i++) {
        if (disk->entries[i].sql && disk->entries[i].content) {
            look_at_file(&search, disk, i);
        }
    }
    compare_deeds(&search);
    for (size_t i = 0; i < disk->count; i++) {
        search.is_needed[i] = search.is_needed[i] || (search.is_ambiguous && disk->entries[i].sql);
    }
    return search.is_needed;
}
