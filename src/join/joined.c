/* Queries on a finished join, and the table of match properties. */
#include "migfs/join/joined.h"

#include "migfs/util/sorted.h"

/* A row matched by second or mark identifies the migration but not the text that ran. */
static const struct match_facts facts[MATCH_COUNT] = {
    [MATCH_NONE] = {.name = "-"},
    [MATCH_HASH_AND_STAMP] = {.name = "hash+stamp", .shows_text = true},
    [MATCH_HASH] = {.name = "hash", .shows_text = true},
    [MATCH_LINE_ENDS] = {.name = "line-ends", .shows_text = true},
    [MATCH_NAME] = {.name = "name", .shows_text = true},
    [MATCH_STAMP] = {.name = "stamp", .is_by_when_only = true},
    [MATCH_SECOND] = {.name = "second"},
    [MATCH_MARK] = {.name = "mark"},
    [MATCH_AGAIN] = {.name = "again", .shows_text = true},
};

const struct match_facts *match_facts(enum match match) {
    return &facts[match];
}

bool migration_counts(const struct migration *it) {
    return it->kind == MIGRATION_COUNTS && it->file != NULL;
}

bool migration_when(const struct migration *it, int64_t *ret_when) {
    const struct journal_value *when = it->entry ? &it->entry->when : it->fused ? &it->fused->fused_when : NULL;
    if (when && when->is_valid) {
        *ret_when = when->number;
    }
    return when && when->is_valid;
}

struct runner_candidate join_candidate(const struct join *join, const struct join_item *item, size_t database) {
    struct runner_candidate candidate = {.entry = item->entry};
    if (item->migration != SIZE_MAX) {
        candidate.name = join->migrations[item->migration].tag;
        candidate.is_named = join->migrations[item->migration].standings[database].row != NULL;
    }
    return candidate;
}

bool join_runs(const struct join *join, const struct join_item *item, size_t database) {
    struct runner_candidate candidate = join_candidate(join, item, database);
    return runner_runs(join->layout->runner, &candidate, join->databases[database].watermark);
}

bool standing_has_run(const struct standing *standing) {
    return standing->row != NULL || standing->applied_by != NULL;
}

bool standing_has_hash(const struct standing *standing) {
    return standing->row && text_trim(standing->row->hash).length > 0;
}

int number_compare(struct text a, struct text b) {
    if (a.length == 0 || b.length == 0) {
        return (a.length == 0) - (b.length == 0);
    }
    return a.length != b.length ? (a.length > b.length) - (a.length < b.length) : text_compare(a, b);
}

struct sought_tag {
    const struct join *join;
    struct text tag;
};

static bool tag_lies_before(const void *context, size_t position) {
    const struct sought_tag *sought = context;
    return text_compare(sought->join->migrations[sought->join->by_tag[position]].tag, sought->tag) < 0;
}

const struct migration *join_find(const struct join *join, struct text tag) {
    size_t at = sorted_find(join->count, tag_lies_before, &(struct sought_tag){join, tag});
    const struct migration *it = at < join->count ? &join->migrations[join->by_tag[at]] : NULL;
    return it && text_equal(it->tag, tag) ? it : NULL;
}
