/* The runner's own loop: each entry in the order of the array whose `when` lies above the watermark that it has read once. */
#include "report/deploy.h"

#include "migfs/drizzle/runner.h"
#include "migfs/synthesis/refusal.h"
#include "report/phrases.h"
#include "report/v1.h"

static struct deploy empty(struct arena *arena, const struct join *join, size_t count) {
    return (struct deploy){.obstacle = TEXT(""),
                           .runs = arena_array(arena, const struct migration *, count),
                           .leaves_out = arena_array(arena, const struct migration *, join->count)};
}

static bool is_left_out(const struct migration *it, size_t database) {
    enum state state = it->standings[database].state;
    return it->kind != MIGRATION_EXCLUDED && (state == STATE_NOT_APPLIED || state == STATE_SKIPPED);
}

struct deploy deploy_from_disk(struct arena *arena, const struct join *join, size_t database) {
    const struct database *in = &join->databases[database];
    struct deploy deploy = empty(arena, join, join->is_v1 ? join->v1_count : join->journal->count);
    if (join->is_v1) {
        struct text abortion = v1_abortion(arena, join, database);
        deploy.count = abortion.length > 0 ? 0 : v1_list_runs(join, database, deploy.runs);
        deploy.obstacle = abortion.length > 0 ? text_format(arena, "aborts every run: %s", abortion.bytes) : TEXT("");
        return deploy;
    }
    if (join->journal->status != JOURNAL_READ || join->aborting_entry != SIZE_MAX) {
        deploy.obstacle = phrase_abortion(arena, join);
        return deploy;
    }
    if (in->failing) {
        deploy.obstacle = phrase_failure(arena, in->failing);
        return deploy;
    }
    for (size_t i = 0; i < join->journal->count; i++) {
        size_t migration = join->entry_migration[i];
        if (migration != SIZE_MAX && runner_runs(&join->journal->entries[i], in->watermark)) {
            deploy.runs[deploy.count++] = &join->migrations[migration];
        }
    }
    for (size_t i = 0; i < join->count; i++) {
        if (is_left_out(&join->migrations[i], database)) {
            deploy.leaves_out[deploy.left_out_count++] = &join->migrations[i];
        }
    }
    return deploy;
}

struct deploy deploy_from_here(struct arena *arena, const struct join *join, const struct synthesis *by,
                               size_t database) {
    if (join->is_v1) {
        return deploy_from_disk(arena, join, database);
    }
    struct deploy deploy = empty(arena, join, by->count);
    if (by->refusal != REFUSAL_NONE) {
        deploy.obstacle = text_format(arena, "refused: %s", synthesis_refusal(arena, join, by).bytes);
        return deploy;
    }
    for (size_t i = 0; i < by->count; i++) {
        const struct migration *it = &join->migrations[by->entries[i].migration];
        if (!standing_has_run(&it->standings[database])) {
            deploy.runs[deploy.count++] = it;
        }
    }
    for (size_t i = 0; i < join->count; i++) {
        if (is_left_out(&join->migrations[i], database) && by->of_migration[i] == SIZE_MAX) {
            deploy.leaves_out[deploy.left_out_count++] = &join->migrations[i];
        }
    }
    return deploy;
}

static bool same_lists(const struct migration **a, size_t a_count, const struct migration **b, size_t b_count) {
    bool is_same = a_count == b_count;
    for (size_t i = 0; i < a_count && is_same; i++) {
        is_same = a[i] == b[i];
    }
    return is_same;
}

bool deploy_equal(const struct deploy *a, const struct deploy *b) {
    return text_equal(a->obstacle, b->obstacle) && same_lists(a->runs, a->count, b->runs, b->count) &&
           same_lists(a->leaves_out, a->left_out_count, b->leaves_out, b->left_out_count);
}
