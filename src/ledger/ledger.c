/* Sorts the rows of a ledger once, and computes what the runner concludes from them. Does not know
 * where they came from, or which migrations they belong to. */
#include "migfs/ledger/ledger.h"

#include <stdlib.h>

#include "migfs/util/arena.h"

/* The ledger is the first member, so a pointer to it is a pointer to this struct. */
struct owned {
    struct ledger ledger;
    struct arena *arena; /* holds this struct and everything it points to */
};

static int compare_numbers(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

/* Ids that are not numbers (such as a uuid in a table made by hand) sort after those that are. */
static int compare_ids(struct text a, struct text b) {
    int64_t a_number, b_number;
    bool a_is_number = text_to_int64(a, &a_number);
    bool b_is_number = text_to_int64(b, &b_number);
    if (a_is_number && b_is_number && a_number != b_number) {
        return compare_numbers(a_number, b_number);
    }
    if (a_is_number != b_is_number) {
        return a_is_number ? -1 : 1;
    }
    return text_compare(a, b);
}

/* Compares hash and name last: servers return rows in any order, and the view must not depend on
 * it. */
static int compare_rows(const void *left, const void *right) {
    const struct ledger_row *a = left, *b = right;
    if (a->has_created_at != b->has_created_at) {
        return a->has_created_at ? 1 : -1;
    }
    if (a->has_created_at && a->created_at != b->created_at) {
        return compare_numbers(a->created_at, b->created_at);
    }
    int order = compare_ids(a->id, b->id);
    if (order == 0) {
        order = text_compare(a->hash, b->hash);
    }
    if (order == 0) {
        order = b->is_hash_null - a->is_hash_null;
    }
    return order != 0 ? order : text_compare(a->name, b->name);
}

struct creation {
    struct arena *arena;
    const struct ledger *from;
    struct owned *ret_owned;
};

static void create_in_arena(void *context) {
    struct creation *creation = context;
    struct arena *arena = creation->arena;
    const struct ledger *from = creation->from;
    struct ledger_row *rows = arena_array(arena, struct ledger_row, from->count);
    for (size_t i = 0; i < from->count; i++) {
        rows[i] = from->rows[i];
        rows[i].id = text_copy(arena, from->rows[i].id);
        rows[i].hash = text_copy(arena, from->rows[i].hash);
        rows[i].name = text_copy(arena, from->rows[i].name);
    }
    if (from->count > 1) {
        qsort(rows, from->count, sizeof(*rows), compare_rows);
    }
    struct owned *owned = arena_new(arena, struct owned);
    owned->arena = arena;
    owned->ledger = *from;
    owned->ledger.database = text_copy(arena, from->database);
    owned->ledger.schema = text_copy(arena, from->schema);
    owned->ledger.table = text_copy(arena, from->table);
    owned->ledger.reason = text_copy(arena, from->reason);
    owned->ledger.rows = rows;
    creation->ret_owned = owned;
}

struct ledger *ledger_create(const struct ledger *from, struct error *error) {
    struct arena *arena = arena_create();
    struct creation creation = {.arena = arena, .from = from};
    if (!arena || !arena_run(arena, create_in_arena, &creation)) {
        arena_destroy(arena);
        error_set_memory(error);
        return NULL;
    }
    return &creation.ret_owned->ledger;
}

struct ledger *ledger_fail(const struct ledger *last, const char *reason, struct error *error) {
    struct ledger failed = *last;
    failed.status = LEDGER_UNREADABLE;
    failed.runs = (struct ledger_runs){0};
    failed.reason = text_of(reason);
    return ledger_create(&failed, error);
}

void ledger_destroy(struct ledger *ledger) {
    if (ledger) {
        arena_destroy(((struct owned *)ledger)->arena);
    }
}

static bool row_same(const struct ledger_row *a, const struct ledger_row *b) {
    return a->has_created_at == b->has_created_at && a->is_hash_null == b->is_hash_null &&
           (!a->has_created_at || a->created_at == b->created_at) && text_equal(a->hash, b->hash) &&
           text_equal(a->id, b->id) && text_equal(a->name, b->name);
}

bool ledger_same(const struct ledger *a, const struct ledger *b) {
    if (a == b) {
        return true;
    }
    if (a->runs.is_open != b->runs.is_open || a->runs.since != b->runs.since || a->runs.above != b->runs.above) {
        return false;
    }
    if (a->status != b->status || a->was_read != b->was_read || a->is_v1 != b->is_v1 || a->count != b->count ||
        !text_equal(a->database, b->database) || !text_equal(a->reason, b->reason)) {
        return false;
    }
    for (size_t i = 0; i < a->count; i++) {
        if (!row_same(&a->rows[i], &b->rows[i])) {
            return false;
        }
    }
    return true;
}

bool ledger_replace(struct ledger **held, struct ledger *read) {
    bool is_same = ledger_same(read, *held);
    ledger_destroy(is_same ? read : *held);
    *held = is_same ? *held : read;
    return !is_same;
}

struct watermark ledger_watermark(const struct ledger *ledger) {
    if (ledger->count == 0) {
        return (struct watermark){.kind = WATERMARK_NONE};
    }
    if (!ledger->rows[0].has_created_at) {
        return (struct watermark){.kind = WATERMARK_NULL};
    }
    return (struct watermark){.kind = WATERMARK_STAMP, .stamp = ledger->rows[ledger->count - 1].created_at};
}
