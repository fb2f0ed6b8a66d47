#include "synthesis/snapshot_search.h"

const struct snapshot_part_kind snapshot_part_kinds[SNAPSHOT_PART_KINDS] = {
    {"indexes", "_index", SNAPSHOTS_OF_INDEX},
    {"uniqueConstraints", "_unique", SNAPSHOTS_OF_UNIQUE},
    {"foreignKeys", "_fk", SNAPSHOTS_OF_REFERENCE},
    {"checkConstraints", "\n", SNAPSHOTS_PART}, /* each has a name of its own */
};

enum snapshots_declared snapshot_search_ask(const struct snapshot_search *search, struct text name,
                                            enum snapshots_named kind) {
    return snapshot_schema_has(search->schema, name, TEXT(""), kind);
}

enum snapshots_declared snapshot_search_column(const struct snapshot_search *search, const struct cJSON *table,
                                               struct text column, enum snapshots_named kind) {
    return snapshot_schema_has(search->schema, snapshot_text(table, "name"), column, kind);
}

bool snapshot_search_may_have(const struct snapshot_search *search, struct text name, enum snapshots_named kind) {
    return snapshot_search_ask(search, name, kind) != SNAPSHOTS_ABSENT;
}

bool snapshot_search_is_derived(const struct snapshot_search *search, const struct snapshot_part_kind *part,
                                struct text name) {
    return text_ends(name, part->derived) && snapshot_search_ask(search, name, SNAPSHOTS_PART) != SNAPSHOTS_DECLARED;
}

enum snapshots_declared snapshot_search_part(const struct snapshot_search *search, const struct cJSON *table,
                                             const struct snapshot_part_kind *part, struct text name) {
    size_t most, count = 0;
    if (!snapshot_search_is_derived(search, part, name)) {
        return snapshot_search_ask(search, name, SNAPSHOTS_PART);
    }
    for (struct cJSON *it = json_first(json_member(table, part->key)); it; it = json_following(it)) {
        count += snapshot_search_is_derived(search, part, text_of(json_key(it)));
    }
    enum snapshots_declared declared =
        search->schema->has(search->schema->context, snapshot_text(table, "name"), TEXT(""), part->of, &most);
    return declared == SNAPSHOTS_DECLARED && count > most ? SNAPSHOTS_UNSURE : declared;
}

struct cJSON *snapshot_search_find_part(const struct snapshot_search *search, const struct cJSON *table,
                                        struct text name, const struct snapshot_part_kind **ret_part) {
    for (size_t i = 0; table && i < SNAPSHOT_PART_KINDS; i++) {
        struct cJSON *it = snapshot_in(&search->making, table, snapshot_part_kinds[i].key, name);
        if (it) {
            *ret_part = &snapshot_part_kinds[i];
            return it;
        }
    }
    return NULL;
}

enum snapshots_declared snapshot_search_says(const struct snapshot_search *search, struct text table,
                                             struct text column, enum snapshots_named kind, struct text text) {
    return search->schema->says(search->schema->context, table, column, kind, text);
}

enum snapshots_declared snapshot_search_opposite(enum snapshots_declared declared) {
    return declared == SNAPSHOTS_DECLARED ? SNAPSHOTS_ABSENT
           : declared == SNAPSHOTS_ABSENT ? SNAPSHOTS_DECLARED
                                          : SNAPSHOTS_UNSURE;
}

bool snapshot_search_undoes(struct snapshot_change *change, enum snapshots_declared is_now) {
    change->is_undone = is_now != SNAPSHOTS_DECLARED;
    change->is_unsure = is_now == SNAPSHOTS_UNSURE;
    return change->is_undone;
}

struct cJSON *snapshot_search_table(const struct snapshot_search *search, const struct snapshot_change *change) {
    return snapshot_member(search->making.members, snapshot_part(&search->making, "tables"), change->key.bytes);
}
