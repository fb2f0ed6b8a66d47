/* Facts and their index. The effects that change them are applied by fold.c. */
#include "migfs/schema/facts.h"

#include <string.h>

#include "migfs/util/hash.h"

/* ---- the index of facts ---- */

static size_t place_of(const struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table, uint32_t name) {
    size_t last = fold->index_size - 1, at = hash_numbers(fold->key, kind, schema, table, name) & last;
    for (; fold->index[at]; at = (at + 1) & last) {
        const struct fact *fact = &fold->facts[fold->index[at] - 1];
        if (fact->kind == kind && fact->schema == schema && fact->table == table && fact->name == name) {
            break;
        }
    }
    return at;
}

/* If several facts have come to share a key, keeps the last that is not erased. */
void fold_reindex(struct fold *fold) {
    memset(fold->index, 0, fold->index_size * sizeof *fold->index);
    fold->work += fold->count;
    for (size_t i = 0; i < fold->count; i++) {
        const struct fact *fact = &fold->facts[i];
        size_t at = place_of(fold, fact->kind, fact->schema, fact->table, fact->name);
        if (fold->index[at] == 0 || !fact->is_erased) {
            if (fold->index[at] != 0) {
                fold->facts[fold->index[at] - 1].is_erased = true;
            }
            fold->index[at] = (uint32_t)i + 1;
        }
    }
}

static void grow_facts(struct fold *fold) {
    size_t capacity = fold->capacity ? 2 * fold->capacity : 256;
    if (capacity > fold->room) {
        fold->facts = arena_grow(fold->arena, fold->facts, fold->count, capacity, sizeof *fold->facts);
        fold->index = arena_array(fold->arena, uint32_t, 2 * capacity);
        fold->room = capacity;
    }
    fold->capacity = capacity;
    fold->index_size = 2 * capacity;
    fold_reindex(fold);
}

struct fact *fold_find(const struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table, uint32_t name) {
    size_t at = place_of(fold, kind, schema, table, name);
    struct fact *fact = fold->index[at] ? &fold->facts[fold->index[at] - 1] : NULL;
    return fact && !fact->is_erased ? fact : NULL;
}

/* Stands for the table in the facts that note the names of constraints. */
enum { ANY_TABLE = INT32_MAX };

static void note_constraint(struct fold *fold, uint32_t schema, uint32_t name) {
    if (!fold_may_have_constraint(fold, schema, name)) {
        fold_put(fold, FACT_NONE, schema, ANY_TABLE, name, false);
    }
}

bool fold_may_have_constraint(const struct fold *fold, uint32_t schema, uint32_t name) {
    return fold->index[place_of(fold, FACT_NONE, schema, ANY_TABLE, name)] != 0;
}

void fold_note_constraints(struct fold *fold) {
    for (size_t i = 0, count = fold->count; i < count; i++) {
        const struct fact fact = fold->facts[i];
        if (fact.kind == FACT_CONSTRAINT && !fact.is_erased) {
            note_constraint(fold, fact.schema, fact.name);
        }
    }
    fold->work += fold->count;
}

void fold_speak_of(struct fold *fold, uint32_t schema, uint32_t table) {
    if (!fold_has_spoken_of(fold, schema, table)) {
        fold_put(fold, FACT_NONE, schema, 0, table, false);
    }
}

bool fold_has_spoken_of(const struct fold *fold, uint32_t schema, uint32_t table) {
    return fold->index[place_of(fold, FACT_RELATION, schema, 0, table)] ||
           fold->index[place_of(fold, FACT_NONE, schema, 0, table)];
}

struct fact *fold_put(struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table, uint32_t name,
                      bool is_there) {
    if (table != 0 && kind != FACT_VALUE && kind != FACT_NONE) {
        fold_speak_of(fold, schema, table);
    }
    if (kind == FACT_CONSTRAINT) {
        note_constraint(fold, schema, name);
    }
    if (fold->count == fold->capacity) {
        grow_facts(fold);
    }
    size_t at = place_of(fold, kind, schema, table, name);
    if (!fold->index[at]) {
        fold->index[at] = (uint32_t)++fold->count;
    }
    struct fact *fact = &fold->facts[fold->index[at] - 1];
    *fact = (struct fact){.kind = (uint8_t)kind,
                          .is_there = is_there,
                          .is_maybe = (fold->flags & EFFECT_MAYBE) || fold->has_maybe_parts,
                          .schema = schema,
                          .table = table,
                          .name = name,
                          .writer = fold->writer};
    return fact;
}

void fold_erase(struct fact *fact) {
    if (fact) {
        fact->is_erased = true;
    }
}

/* ---- lists ---- */

uint32_t *fold_list_new(struct fold *fold, size_t count, uint32_t *ret_list) {
    *ret_list = 0;
    if (count == 0) {
        return NULL;
    }
    if (fold->list_count + count + 1 > fold->list_capacity) {
        size_t capacity = 2 * fold->list_capacity + count + 256;
        fold->lists = arena_grow(fold->arena, fold->lists, fold->list_count, capacity, sizeof *fold->lists);
        fold->list_capacity = capacity;
    }
    uint32_t *list = fold->lists + fold->list_count;
    *ret_list = (uint32_t)fold->list_count;
    *list = (uint32_t)count;
    fold->list_count += count + 1;
    return list + 1;
}

uint32_t fold_list_of(struct fold *fold, const uint32_t *names, size_t count) {
    uint32_t list, *copies = fold_list_new(fold, count, &list);
    if (count > 0) {
        memcpy(copies, names, count * sizeof *names);
    }
    return list;
}

const uint32_t *fold_list(const struct fold *fold, uint32_t list, size_t *ret_count) {
    *ret_count = list ? fold->lists[list] : 0;
    return fold->lists + list + 1;
}

bool fold_has(const struct fold *fold, uint32_t list, uint32_t name) {
    size_t count;
    const uint32_t *names = fold_list(fold, list, &count);
    for (size_t i = 0; i < count; i++) {
        if (names[i] == name) {
            return true;
        }
    }
    return false;
}

void fold_replace(struct fold *fold, uint32_t *list, uint32_t old, uint32_t new) {
    if (fold_has(fold, *list, old)) {
        for (uint32_t i = 1; i <= fold->lists[*list]; i++) {
            uint32_t *name = &fold->lists[*list + i];
            *name = *name == old ? new : *name;
        }
    }
}

/* ---- folds ---- */

struct fold *fold_create(struct arena *arena, struct names *names, struct text default_schema) {
    struct fold *fold = arena_new(arena, struct fold);
    *fold = (struct fold){.arena = arena, .names = names, .key = names_key(names)};
    fold->default_schema = fold->path = names_number(names, default_schema);
    fold->lists = arena_array(arena, uint32_t, 256);
    fold->list_count = 1;
    fold->list_capacity = 256;
    fold->most_work = SIZE_MAX;
    grow_facts(fold);
    return fold;
}

void fold_copy(struct fold *to, const struct fold *from) {
    struct fold kept = *to;
    *to = *from;
    to->arena = kept.arena;
    to->saved = kept.saved;
    to->work = kept.work;
    to->most_work = kept.most_work;
    if (kept.room < from->capacity) {
        kept.facts = arena_array(kept.arena, struct fact, from->capacity);
        kept.index = arena_array(kept.arena, uint32_t, from->index_size);
        kept.room = from->capacity;
    }
    to->room = kept.room;
    if (kept.list_capacity < from->list_capacity) {
        kept.lists = arena_array(kept.arena, uint32_t, from->list_capacity);
        kept.list_capacity = from->list_capacity;
    }
    to->list_capacity = kept.list_capacity;
    to->facts = kept.facts;
    to->index = kept.index;
    to->lists = kept.lists;
    memcpy(to->facts, from->facts, from->count * sizeof *to->facts);
    memcpy(to->index, from->index, from->index_size * sizeof *to->index);
    memcpy(to->lists, from->lists, from->list_count * sizeof *to->lists);
}

static bool same_lists(const struct fold *a, uint32_t of_a, const struct fold *b, uint32_t of_b) {
    size_t count_a, count_b;
    const uint32_t *names_a = fold_list(a, of_a, &count_a), *names_b = fold_list(b, of_b, &count_b);
    return count_a == count_b && memcmp(names_a, names_b, count_a * sizeof *names_a) == 0;
}

/* Of the same key. */
static bool same_facts(const struct fold *a, const struct fact *of_a, const struct fold *b, const struct fact *of_b) {
    return of_a->type == of_b->type && of_a->is_there == of_b->is_there && of_a->is_maybe == of_b->is_maybe &&
           of_a->is_array == of_b->is_array && of_a->is_identity == of_b->is_identity &&
           of_a->to_schema == of_b->to_schema && of_a->to_table == of_b->to_table && of_a->writer == of_b->writer &&
           same_lists(a, of_a->columns, b, of_b->columns) && same_lists(a, of_a->referred, b, of_b->referred);
}

bool fold_equal(const struct fold *a, const struct fold *b) {
    bool is_equal = a->count == b->count;
    for (size_t i = 0; i < a->count && is_equal; i++) {
        const struct fact *fact = &a->facts[i];
        size_t at = place_of(b, fact->kind, fact->schema, fact->table, fact->name);
        const struct fact *same = b->index[at] ? &b->facts[b->index[at] - 1] : NULL;
        is_equal = same && same->is_erased == fact->is_erased && same_facts(a, fact, b, same);
    }
    return is_equal;
}

bool fact_is_view(const struct fact *fact) {
    return fact && (fact->type == 'v' || fact->type == 'm');
}

bool fact_is_part(const struct fact *fact, uint32_t schema, uint32_t table) {
    return !fact->is_erased && fact->schema == schema && fact->table == table && table != 0 && fact->kind != FACT_VALUE;
}

bool fact_is_owned(const struct fact *fact, uint32_t schema, uint32_t table) {
    return !fact->is_erased && fact->kind == FACT_RELATION && (fact->type == 'i' || fact->type == 'S') &&
           fact->to_schema == schema && fact->to_table == table;
}

bool fold_same_names(const struct fold *fold, uint32_t a, uint32_t b) {
    size_t count_a, count_b;
    const uint32_t *names = fold_list(fold, a, &count_a);
    fold_list(fold, b, &count_b);
    for (size_t i = 0; i < count_a; i++) {
        if (!fold_has(fold, b, names[i])) {
            return false;
        }
    }
    return count_a == count_b;
}

uint32_t fold_number(struct fold *fold, struct text field) {
    return names_number_again(fold->names, field);
}

uint32_t fold_schema(struct fold *fold, struct text field) {
    return field.length > 0 ? fold_number(fold, field) : fold->path;
}

bool fold_knows(const struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table, uint32_t name) {
    const struct fact *fact = fold_find(fold, kind, schema, table, name);
    return fact && fact->is_there && !fact->is_maybe;
}

bool fold_lacks(const struct fold *fold, enum fact_kind kind, uint32_t schema, uint32_t table, uint32_t name) {
    const struct fact *fact = fold_find(fold, kind, schema, table, name);
    return fact ? !fact->is_there && !fact->is_maybe : fold->is_complete;
}

void fold_fail(struct fold *fold, const char *sqlstate, enum fact_kind kind, char type, uint32_t schema, uint32_t table,
               uint32_t name) {
    if (fold->is_complete && !fold->is_uncertain && !fold->failure.sqlstate && !(fold->flags & EFFECT_MAYBE)) {
        fold->failure = (struct fold_failure){
            .sqlstate = sqlstate,
            .line = fold->line,
            .fact = {.kind = (uint8_t)kind, .type = type, .schema = schema, .table = table, .name = name}};
    }
}

/* ---- for people ---- */

char fact_letter(struct text field, char otherwise) {
    if (field.length == 0) {
        return otherwise;
    }
    return field.bytes[0];
}

bool fact_is_existence(const struct fact *fact) {
    return fact->kind < FACT_NOT_NULL;
}

bool fact_is_judged(const struct fact *fact) {
    return !fact->is_erased && fact->kind != FACT_NONE && fact->kind < FACT_USE;
}

static const char *relation_noun(char relkind) {
    switch (relkind) {
    case 'i':
        return "index";
    case 'S':
        return "sequence";
    case 'v':
        return "view";
    case 'm':
        return "materialized view";
    case 'f':
        return "foreign table";
    default:
        return "table";
    }
}

const char *fact_noun(const struct fact *fact) {
    static const char *const nouns[FACT_KIND_COUNT] = {
        [FACT_SCHEMA] = "schema",         [FACT_COLUMN] = "column",
        [FACT_CONSTRAINT] = "constraint", [FACT_TYPE] = "type",
        [FACT_VALUE] = "value",           [FACT_POLICY] = "policy",
        [FACT_TRIGGER] = "trigger",       [FACT_EXTENSION] = "extension",
        [FACT_FUNCTION] = "function",     [FACT_NOT_NULL] = "not null",
        [FACT_DEFAULT] = "default",       [FACT_ROW_SECURITY] = "row security",
        [FACT_BASE_TYPE] = "type of",     [FACT_USE] = "use",
        [FACT_CHILD] = "child",
    };
    return fact->kind == FACT_RELATION ? relation_noun(fact->type) : nouns[fact->kind];
}

enum { NAME_PARTS = 3 };

static size_t parts_of_name(const struct fold *fold, const struct fact *fact, struct text ret_parts[NAME_PARTS]) {
    const uint32_t parts[NAME_PARTS] = {
        fact->schema == fold->default_schema && fact->kind != FACT_SCHEMA ? 0 : fact->schema, fact->table, fact->name};
    size_t count = 0;
    for (size_t i = 0; i < NAME_PARTS; i++) {
        if (parts[i]) {
            ret_parts[count++] = names_text(fold->names, parts[i]);
        }
    }
    return count;
}

/* Joins them with dots, in one piece of memory: there are hundreds for a file. `first` stands in front
 * of them, with a blank, unless it is empty. */
static struct text join_parts(struct arena *arena, struct text first, const struct text *parts, size_t count) {
    size_t length = first.length + 1, at = first.length;
    for (size_t i = 0; i < count; i++) {
        length += parts[i].length + 1;
    }
    char *bytes = arena_alloc(arena, length);
    memcpy(bytes, first.bytes, first.length);
    for (size_t i = 0; i < count; i++) {
        if (at > 0) {
            bytes[at++] = i > 0 ? '.' : ' ';
        }
        memcpy(bytes + at, parts[i].bytes, parts[i].length);
        at += parts[i].length;
    }
    return (struct text){bytes, at};
}

struct text fact_name(struct arena *arena, const struct fold *fold, const struct fact *fact) {
    struct text parts[NAME_PARTS];
    return join_parts(arena, TEXT(""), parts, parts_of_name(fold, fact, parts));
}

struct text fact_label(struct arena *arena, const struct fold *fold, const struct fact *fact) {
    struct text parts[NAME_PARTS];
    return join_parts(arena, text_of(fact_noun(fact)), parts, parts_of_name(fold, fact, parts));
}
