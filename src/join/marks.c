/* Marks by milliseconds: a row is compared with the at most sixty that share its own. */
#include "join/marks.h"

#include "migfs/util/sorted.h"

static int compare_marks(const void *context, size_t a, size_t b) {
    const struct mark_claim *l = &((const struct mark_claim *)context)[a],
                            *r = &((const struct mark_claim *)context)[b];
    if (l->mark.milliseconds != r->mark.milliseconds) {
        return l->mark.milliseconds < r->mark.milliseconds ? -1 : 1;
    }
    return (l->mark.seconds > r->mark.seconds) - (l->mark.seconds < r->mark.seconds);
}

struct mark_claims mark_claims_of(struct arena *arena, const struct join *join, const size_t *migrations,
                                  size_t count) {
    struct mark_claim *all = arena_array(arena, struct mark_claim, count);
    for (size_t i = 0; i < count; i++) {
        all[i] = (struct mark_claim){stamp_mark(join->migrations[migrations[i]].tag), migrations[i], 1};
    }
    const size_t *order = sorted_all(arena, count, compare_marks, all);
    struct mark_claims claims = {.claims = arena_array(arena, struct mark_claim, count)};
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && compare_marks(all, order[i - 1], order[i]) == 0) {
            claims.claims[claims.count - 1].count++;
        } else {
            claims.claims[claims.count++] = all[order[i]];
        }
    }
    return claims;
}

struct sought {
    const struct mark_claims *claims;
    int64_t milliseconds;
};

static bool claim_lies_before(const void *context, size_t position) {
    const struct sought *sought = context;
    return sought->claims->claims[position].mark.milliseconds < sought->milliseconds;
}

size_t mark_claimants(const struct mark_claims *claims, int64_t stamp, const struct stamp_seconds *seconds,
                      size_t *ret_migration) {
    struct sought sought = {claims, stamp_milliseconds(stamp)};
    size_t found = 0;
    for (size_t i = sorted_find(claims->count, claim_lies_before, &sought);
         i < claims->count && claims->claims[i].mark.milliseconds == sought.milliseconds; i++) {
        if (stamp_may_be_made(stamp, claims->claims[i].mark, seconds)) {
            *ret_migration = found == 0 ? claims->claims[i].migration : *ret_migration;
            found += claims->claims[i].count;
        }
    }
    return found;
}
