/* Each database whose catalogs are known and that has no row of it speaks for or against the file. */
#include "report/evidence.h"

#include "migfs/join/effects_ahead.h"
#include "report/phrases.h"

enum { NAMED = 5 };

static const struct effects_standing *standing_in(const struct finder *finder, const struct migration *it,
                                                  size_t database) {
    const struct join *join = finder->join;
    bool speaks = finder->effects && finder->effects->databases[database].is_known &&
                  !join->databases[database].is_wrong && !standing_has_run(&it->standings[database]);
    return speaks ? effects_standing_of(finder->effects, (size_t)(it - join->migrations), database) : NULL;
}

/* Where it would fail at the end of the next run by the consistent journal, or of none while that is refused. */
static struct effects_failure failure_in(const struct finder *finder, const struct migration *it, size_t database) {
    const struct deploy *here = &finder->deploys[database].here;
    const struct migration **runs = arena_array(finder->arena, const struct migration *, here->count + 1);
    for (size_t i = 0; i < here->count; i++) {
        runs[i] = here->runs[i];
    }
    runs[here->count] = it;
    struct effects_failure failure = effects_ahead(finder->arena, finder->effects, database, runs, here->count + 1);
    failure.migration = failure.position == here->count ? failure.migration : SIZE_MAX;
    return failure;
}

static const char *plural(const struct phrase_list *list) {
    return list->count == 1 ? "" : "s";
}

const char *evidence_all_there(const struct finder *finder, const struct migration *it) {
    struct phrase_list there = phrase_list(finder->arena, NAMED);
    size_t objects = 0;
    for (size_t i = 0; i < finder->join->database_count; i++) {
        const struct effects_standing *standing = standing_in(finder, it, i);
        if (standing && standing->is_found) {
            objects = standing->of;
            phrase_list_add(&there, finder->join->databases[i].name);
        }
    }
    if (there.count == 0) {
        return "";
    }
    const char *names = phrase_list_end(&there).bytes, *s = plural(&there);
    return objects == 1
               ? text_format(finder->arena, "what it does is there in database%s %s", s, names).bytes
               : text_format(finder->arena, "all %zu objects it makes are there in database%s %s", objects, s, names)
                     .bytes;
}

const char *evidence_listing(const struct finder *finder, const struct migration *it) {
    bool is_by_rule = plan_may_be_applied(finder->join, it);
    struct phrase_list list = phrase_list(finder->arena, NAMED);
    const char *glob = phrase_glob(finder->arena, it->tag).bytes;
    for (size_t i = 0; i < finder->join->database_count; i++) {
        struct text name = finder->join->databases[i].name;
        if (it->standings[i].is_there) {
            phrase_list_add(&list, is_by_rule
                                       ? text_format(finder->arena, "`applied %s %.*s`", glob, TEXT_ARGS(name))
                                       : text_format(finder->arena, "databases/%.*s/baseline.sql", TEXT_ARGS(name)));
        }
    }
    const char *all = phrase_list_end(&list).bytes;
    return is_by_rule ? all : text_format(finder->arena, "`include %s`, and run %s with psql", glob, all).bytes;
}

/* What it is held for decides what its objects show: an entry whose file is gone may be its own. */
const char *evidence_of_held(const struct finder *finder, const struct migration *it) {
    bool is_renamed = it->other != SIZE_MAX && !finder->join->migrations[it->other].file;
    struct phrase_list missing = phrase_list(finder->arena, NAMED);
    struct effects_failure failure = {.migration = SIZE_MAX};
    size_t objects = 0;
    const char *all = evidence_all_there(finder, it);
    for (size_t i = 0; i < finder->join->database_count; i++) {
        const struct effects_standing *standing = standing_in(finder, it, i);
        if (standing && standing->state == EFFECTS_MISSING && standing->existence > 0) {
            objects = standing->of;
            phrase_list_add(&missing, finder->join->databases[i].name);
            failure = failure.migration == SIZE_MAX ? failure_in(finder, it, i) : failure;
        }
    }
    if (*all && missing.count == 0) {
        return text_format(finder->arena, "; %s: %s", all, is_renamed ? "it has run there" : "`exclude` it").bytes;
    }
    struct buffer buffer = BUFFER(finder->arena);
    if (*all) {
        buffer_format(&buffer, "; %s", all);
    }
    if (missing.count > 0) {
        const char *s = plural(&missing), *names = phrase_list_end(&missing).bytes;
        if (objects == 1) {
            buffer_add_string(&buffer, "; what it does is not there");
        } else {
            buffer_format(&buffer, "; none of its %zu objects is there", objects);
        }
        buffer_format(&buffer, " in database%s %s, and it would %s", s, names,
                      failure.migration == SIZE_MAX ? "run" : "abort");
        if (failure.migration == SIZE_MAX) {
            buffer_add_string(&buffer, ": `include` it if it was meant");
        } else {
            buffer_format(&buffer, " at line %u: %.*s", failure.line, TEXT_ARGS(failure.what));
        }
    }
    return buffer_text(&buffer).bytes;
}
