/* Applies the migrations of a run, one after another, to the contents of the catalogs. */
#include "migfs/join/effects_ahead.h"

#include <string.h>

#include "migfs/schema/fold.h"

static struct text describe(struct arena *arena, const struct effects_join *effects,
                            const struct fold_failure *failure) {
    bool is_there = strcmp(failure->sqlstate, "42P01") != 0;
    struct text name = effects_name(arena, effects, &failure->fact);
    return text_format(arena, "%.*s is %s", TEXT_ARGS(name), is_there ? "there already" : "not there");
}

/* Every version of PostgreSQL rejects a comment without an end. Other text that the parser rejects
 * may be valid for a later server. */
static bool is_refused_by_all(const struct effects *own) {
    return own->status == EFFECTS_REFUSED && text_starts(own->reason, "unterminated /* comment");
}

struct effects_failure effects_ahead(struct arena *arena, const struct effects_join *effects, size_t database,
                                     const struct migration *const *runs, size_t count) {
    struct effects_failure failure = {.migration = SIZE_MAX, .what = TEXT("")};
    const struct fold *catalog = effects->databases[database].catalog;
    if (!catalog || count == 0) {
        return failure;
    }
    struct fold *fold = fold_create(arena, catalog->names, TEXT(""));
    fold_copy(fold, catalog);
    fold->default_schema = names_number(catalog->names, effects->databases[database].default_schema);
    for (size_t i = 0; i < count && failure.migration == SIZE_MAX; i++) {
        size_t migration = (size_t)(runs[i] - effects->join->migrations);
        const struct effects *own = &effects->own[migration].effects;
        if (is_refused_by_all(own)) {
            failure = (struct effects_failure){.migration = migration,
                                               .position = i,
                                               .sqlstate = "42601",
                                               .is_syntax = true,
                                               .line = own->line,
                                               .what = TEXT("a comment does not end before the next breakpoint")};
            break;
        }
        fold_apply(fold, own, (uint32_t)migration, true);
        if (fold->failure.sqlstate) {
            failure = (struct effects_failure){.migration = migration,
                                               .position = i,
                                               .sqlstate = fold->failure.sqlstate,
                                               .line = fold->failure.line,
                                               .what = describe(arena, effects, &fold->failure)};
        }
    }
    return failure;
}
