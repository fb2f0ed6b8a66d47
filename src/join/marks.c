/* Marks are sorted by milliseconds, so a row is compared with at most sixty marks. */
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

struct mark_claims mark_claims_of(struct arena *arena, const struct join *join, const size_t *migrations, size_t count,
                                  bool (*has_rule)(const void *context, size_t migration), const void *context) {
    struct mark_claim *all = arena_array(arena, struct mark_claim, count);
    size_t *sorted = arena_array(arena, size_t, count);
    for (size_t i = 0; i < count; i++) {
        all[i] = (struct mark_claim){.mark = stamp_mark(join->migrations[migrations[i]].tag)};
    }
    const size_t *order = sorted_all(arena, count, compare_marks, all);
    struct mark_claims claims = {.claims = arena_array(arena, struct mark_claim, count)};
    for (size_t i = 0; i < count; i++) {
        sorted[i] = migrations[order[i]];
        if (i == 0 || compare_marks(all, order[i - 1], order[i]) != 0) {
            claims.claims[claims.count] = all[order[i]];
            claims.claims[claims.count++].migrations = &sorted[i];
        }
        struct mark_claim *claim = &claims.claims[claims.count - 1];
        claim->count++;
        if (has_rule(context, sorted[i])) {
            claim->ruled = sorted[i];
            claim->ruled_count++;
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

/* Returns the next claim after `at` that fits this row, or the first for SIZE_MAX. SIZE_MAX:
 * none. */
static size_t next_claim(const struct mark_claims *claims, size_t at, int64_t stamp,
                         const struct stamp_seconds *seconds) {
    struct sought sought = {claims, stamp_milliseconds(stamp)};
    at = at == SIZE_MAX ? sorted_find(claims->count, claim_lies_before, &sought) : at + 1;
    while (at < claims->count && claims->claims[at].mark.milliseconds == sought.milliseconds) {
        if (stamp_may_be_made(stamp, claims->claims[at].mark, seconds)) {
            return at;
        }
        at++;
    }
    return SIZE_MAX;
}

struct mark_claimants mark_claimants(const struct mark_claims *claims, int64_t stamp,
                                     const struct stamp_seconds *seconds) {
    struct mark_claimants found = {.first = SIZE_MAX, .ruled = SIZE_MAX};
    for (size_t at = SIZE_MAX; (at = next_claim(claims, at, stamp, seconds)) != SIZE_MAX;) {
        const struct mark_claim *claim = &claims->claims[at];
        found.first = found.count == 0 ? claim->migrations[0] : found.first;
        found.count += claim->count;
        found.ruled = claim->ruled_count > 0 ? claim->ruled : found.ruled;
        found.ruled_count += claim->ruled_count;
    }
    return found;
}

void mark_contest(const struct mark_claims *claims, int64_t stamp, const struct stamp_seconds *seconds,
                  const struct join *join, size_t database) {
    for (size_t at = SIZE_MAX; (at = next_claim(claims, at, stamp, seconds)) != SIZE_MAX;) {
        struct mark_claim *claim = &claims->claims[at];
        for (size_t i = 0; !claim->is_contested && i < claim->count; i++) {
            join->migrations[claim->migrations[i]].standings[database].is_claimant = true;
        }
        claim->is_contested = true;
    }
}
