/* The runner's own loop over the entries on disk, and the same by the consistent journal. */
#include "migfs/report/deploy.h"

#include "migfs/join/effects_ahead.h"
#include "migfs/synthesis/refusal.h"
#include "report/phrases.h"
#include "report/v1.h"

static struct deploy empty(struct arena *arena, const struct join *join, size_t count) {
    return (struct deploy){.obstacle = TEXT(""),
                           .failure = {.migration = SIZE_MAX, .what = TEXT("")},
                           .runs = arena_array(arena, const struct migration *, count),
                           .leaves_out = arena_array(arena, const struct migration *, join->count)};
}

static bool is_left_out(const struct migration *it, size_t database) {
    enum state state = it->standings[database].state;
    return it->kind != MIGRATION_EXCLUDED && (state == STATE_NOT_APPLIED || state == STATE_SKIPPED);
}

/* Returns why nothing runs at all; empty if there is no obstacle. */
static struct text obstacle_in(struct arena *arena, const struct join *join, size_t database) {
    if (!join->layout->has_journal) {
        struct text abortion = v1_abortion(arena, join, database);
        return abortion.length > 0 ? text_format(arena, "aborts every run: %s", abortion.bytes) : TEXT("");
    }
    struct text abortion = phrase_abortion(arena, join);
    const struct join_item *failing = join->databases[database].failing;
    return abortion.length == 0 && failing ? phrase_failure(arena, failing->entry) : abortion;
}

struct deploy deploy_from_disk(struct arena *arena, const struct join *join, size_t database) {
    struct deploy deploy = empty(arena, join, join->item_count);
    deploy.obstacle = obstacle_in(arena, join, database);
    if (deploy.obstacle.length > 0) {
        return deploy;
    }
    for (size_t i = 0; i < join->item_count; i++) {
        const struct join_item *item = &join->items[i];
        if (item->migration != SIZE_MAX && join_runs(join, item, database)) {
            deploy.runs[deploy.count++] = &join->migrations[item->migration];
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
    if (!join->layout->has_journal) {
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
    bool fails_alike = a->failure.migration == b->failure.migration && text_equal(a->failure.what, b->failure.what);
    return fails_alike && text_equal(a->obstacle, b->obstacle) && same_lists(a->runs, a->count, b->runs, b->count) &&
           same_lists(a->leaves_out, a->left_out_count, b->leaves_out, b->left_out_count);
}

bool deploy_fails(const struct deploy *deploy) {
    return deploy->failure.sqlstate != NULL;
}

/* `alike`: the same of a database before, or NULL. */
static struct effects_failure failure_of(struct arena *arena, const struct effects_join *effects, size_t database,
                                         const struct deploy *deploy, const struct deploy *alike) {
    if (!effects || deploy->obstacle.length > 0) {
        return deploy->failure;
    }
    if (alike && alike->obstacle.length == 0 && same_lists(alike->runs, alike->count, deploy->runs, deploy->count)) {
        return alike->failure;
    }
    return effects_ahead(arena, effects, database, deploy->runs, deploy->count);
}

const struct deploys *deploy_all(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                                 const struct synthesis *const *own, const struct effects_join *effects) {
    struct deploys *deploys = arena_array(arena, struct deploys, join->database_count);
    for (size_t i = 0; i < join->database_count; i++) {
        struct deploys *it = &deploys[i];
        if (join->databases[i].ledger->status == LEDGER_UNREADABLE) {
            continue;
        }
        it->disk = deploy_from_disk(arena, join, i);
        it->here = deploy_from_here(arena, join, synthesis->refusal == REFUSAL_NONE ? synthesis : own[i], i);
        bool is_same = same_lists(it->disk.runs, it->disk.count, it->here.runs, it->here.count);
        size_t first = effects ? effects->databases[i].first_alike : i;
        const struct deploys *alike = first < i ? &deploys[first] : NULL;
        it->disk.failure = failure_of(arena, effects, i, &it->disk, alike ? &alike->disk : NULL);
        it->here.failure = is_same && it->disk.obstacle.length + it->here.obstacle.length == 0
                               ? it->disk.failure
                               : failure_of(arena, effects, i, &it->here, alike ? &alike->here : NULL);
    }
    return deploys;
}
