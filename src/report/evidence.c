/* Each database whose catalogs are known and that has no row of the file is evidence for or against
 * it. */
#include "report/evidence.h"

#include "migfs/join/effects_ahead.h"
#include "report/effect_phrases.h"
#include "report/phrases.h"

enum { NAMED = 5 };

static const struct effects_standing *standing_in(const struct finder *finder, const struct migration *it,
                                                  size_t database) {
    const struct join *join = finder->join;
    bool speaks = finder->effects && finder->effects->databases[database].is_known &&
                  !join->databases[database].is_wrong && !standing_has_run(&it->standings[database]);
    return speaks ? effects_standing_of(finder->effects, (size_t)(it - join->migrations), database) : NULL;
}

/* How it would fail as the last migration of the next run by the consistent journal, or alone while
 * that is refused. */
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
    const char *names = phrase_list_end(&there).bytes, *s = phrase_s(there.count);
    return objects == 1
               ? text_format(finder->arena, "what it does is there in database%s %s", s, names).bytes
               : text_format(finder->arena, "all %zu objects it makes are there in database%s %s", objects, s, names)
                     .bytes;
}

const char *evidence_listing(const struct finder *finder, const struct migration *it) {
    struct phrase_list files = phrase_list(finder->arena, NAMED), rules = phrase_list(finder->arena, NAMED);
    const char *glob = phrase_glob(finder->arena, it->tag).bytes;
    for (size_t i = 0; i < finder->join->database_count; i++) {
        struct text name = finder->join->databases[i].name;
        if (it->standings[i].is_there) {
            phrase_list_add(&files, text_format(finder->arena, "databases/%.*s/baseline.sql", TEXT_ARGS(name)));
            phrase_list_add(&rules, text_format(finder->arena, "`applied %s %.*s`", glob, TEXT_ARGS(name)));
        }
    }
    const char *rule = plan_may_be_applied(finder->join, it)
                           ? text_format(finder->arena, "; or, where every database that lacks it is attached, %s",
                                         phrase_list_end(&rules).bytes)
                                 .bytes
                           : "";
    return text_format(finder->arena, "`include %s`, and run %s with psql%s", glob, phrase_list_end(&files).bytes, rule)
        .bytes;
}

/* The reason why it is held decides what its objects prove: if it may be the renamed file of an
 * entry without one, objects that exist show that it has run. */
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
        const char *s = phrase_s(missing.count), *names = phrase_list_end(&missing).bytes;
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

/* ---- migrations with a row ---- */

static const struct effects_standing *recorded_in(const struct finder *finder, const struct migration *it,
                                                  size_t database) {
    const struct effects_database *of = finder->effects ? &finder->effects->databases[database] : NULL;
    bool is_told = of && of->is_known && !of->is_emptied && it->file && it->kind == MIGRATION_COUNTS &&
                   it->standings[database].row;
    return is_told ? effects_standing_of(finder->effects, (size_t)(it - finder->join->migrations), database) : NULL;
}

bool evidence_is_not_effective(const struct finder *finder, const struct migration *it, size_t database) {
    const struct effects_standing *standing = recorded_in(finder, it, database);
    return standing && standing->state == EFFECTS_MISSING && standing->existence > 0;
}

const char *evidence_now_there(const struct finder *finder, const struct migration *it) {
    for (size_t i = 0; i < finder->join->database_count; i++) {
        const struct effects_standing *standing = finder_is_modified(finder, it, i) ? recorded_in(finder, it, i) : NULL;
        if (standing && (standing->state == EFFECTS_PARTLY || standing->state == EFFECTS_MISSING)) {
            struct text missing =
                effect_phrase_facts(finder->arena, finder->effects, standing->missing, standing->missing_count);
            return text_format(finder->arena, " (of what it does now, %s has %zu of %zu, missing: %.*s)",
                               shown(finder, finder->join->databases[i].name), standing->there, standing->of,
                               TEXT_ARGS(missing))
                .bytes;
        }
    }
    return "";
}

const struct effects_failure *evidence_failure_at(const struct finder *finder, size_t migration, size_t database) {
    const struct deploys *deploys = &finder->deploys[database];
    return deploys->disk.failure.migration == migration   ? &deploys->disk.failure
           : deploys->here.failure.migration == migration ? &deploys->here.failure
                                                          : NULL;
}

struct text evidence_unseen(const struct finder *finder, size_t database) {
    enum { TAGS_NAMED = 3 };
    struct phrase_list tags = phrase_list(finder->arena, TAGS_NAMED);
    for (size_t i = 0; i < finder->join->count; i++) {
        const struct migration *it = &finder->join->migrations[i];
        bool is_listed = it->entry || !finder->join->layout->has_journal;
        if (is_listed && effects_standing_of(finder->effects, i, database)->is_unseen) {
            phrase_list_add(&tags, text_escaped(finder->arena, it->tag));
        }
    }
    return tags.count == 0 ? TEXT("") : phrase_list_end(&tags);
}

const char *evidence_uncomment(struct arena *arena, struct text unseen, size_t files) {
    return unseen.length == 0 ? ""
                              : text_format(arena,
                                            "; the catalogs do not show whether %.*s ran: in a copy of %s, first "
                                            "uncomment the row of each that did",
                                            TEXT_ARGS(unseen), files == 1 ? "that file" : "each file")
                                    .bytes;
}
