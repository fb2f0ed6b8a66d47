/* Problems of single migrations that only the catalogs show: those that ran by hand, and recorded
 * ones whose objects do not exist. Databases with the same outcome share one line. */
#include "migfs/join/effects_hold.h"
#include "report/effect_phrases.h"
#include "report/evidence.h"
#include "report/find_in.h"
#include "report/phrases.h"

enum { NAMED = 5 };

enum outcome {
    OUTCOME_NOTHING,
    OUTCOME_UNDECIDED,
    OUTCOME_BY_HAND,
    OUTCOME_HALF_THERE,
    OUTCOME_NOT_EFFECTIVE,
    OUTCOME_PARTLY_EFFECTIVE
};

/* A migration and the databases that share one line. */
struct members {
    const struct finder *finder;
    const struct migration *it;
    size_t migration;
    const size_t *databases;
    size_t count;
    struct text unseen; /* evidence_unseen() of each */
};

/* ---- parts of sentences ---- */

static const char *failure_of(const struct finder *finder, size_t migration, size_t database) {
    const struct effects_failure *failure = evidence_failure_at(finder, migration, database);
    bool is_of_disk = failure == &finder->deploys[database].disk.failure;
    return !failure
               ? ""
               : text_format(finder->arena, "; the next run%s aborts at line %u of it: %.*s",
                             is_of_disk ? "" : " from the consistent journal", failure->line, TEXT_ARGS(failure->what))
                     .bytes;
}

static struct text missing_of(const struct finder *finder, const struct effects_standing *standing) {
    return effect_phrase_facts(finder->arena, finder->effects, standing->missing, standing->missing_count);
}

/* A new row gets the entry's timestamp. Returns a pending migration with a lower one, which would be
 * skipped from then on; or NULL. */
static const struct migration *passed_over_by(const struct finder *finder, const struct migration *it,
                                              size_t database) {
    for (size_t i = 0; it->entry && i < finder->join->count; i++) {
        const struct migration *other = &finder->join->migrations[i];
        if (migration_counts(other) && other->entry && other->entry->when.number < it->entry->when.number &&
            !standing_has_run(&other->standings[database]) &&
            !effects_standing_of(finder->effects, i, database)->is_found) {
            return other;
        }
    }
    return NULL;
}

/* ---- lines ---- */

static const char *names_of(const struct members *members) {
    struct phrase_list names = phrase_list(members->finder->arena, NAMED);
    for (size_t i = 0; i < members->count; i++) {
        phrase_list_add(&names, members->finder->join->databases[members->databases[i]].name);
    }
    return text_format(members->finder->arena, "database%s %.*s", phrase_s(members->count),
                       TEXT_ARGS(phrase_list_end(&names)))
        .bytes;
}

static const char *baseline_of(const struct members *members) {
    const struct finder *finder = members->finder;
    const struct migration *lower = passed_over_by(finder, members->it, members->databases[0]);
    const char *then =
        lower ? text_format(finder->arena, " (%s then needs `migfs fix`)", phrase_tag(finder->arena, lower->tag).bytes)
                    .bytes
              : "";
    struct phrase_list files = phrase_list(finder->arena, NAMED);
    for (size_t i = 0; i < members->count; i++) {
        struct text name = finder->join->databases[members->databases[i]].name;
        phrase_list_add(&files, text_format(finder->arena, "databases/%.*s/baseline.sql", TEXT_ARGS(name)));
    }
    bool is_one = members->count == 1;
    return text_format(finder->arena, "%.*s, %srun with psql, record%s it%s%s", TEXT_ARGS(phrase_list_end(&files)),
                       is_one ? "" : "each ", is_one ? "s" : "", then,
                       evidence_uncomment(finder->arena, members->unseen, members->count))
        .bytes;
}

static const char *applied_of(const struct members *members) {
    struct arena *arena = members->finder->arena;
    struct phrase_list lines = phrase_list(arena, NAMED);
    for (size_t i = 0; i < members->count; i++) {
        struct text name = members->finder->join->databases[members->databases[i]].name;
        phrase_list_add(&lines, text_format(arena, "`applied %s %s`", phrase_glob(arena, members->it->tag).bytes,
                                            shown(members->finder, name)));
    }
    return text_format(arena, "where every database that lacks it is attached, %s in .migfs say%s so",
                       phrase_list_end(&lines).bytes, members->count == 1 ? "s" : "")
        .bytes;
}

/* How to record that it has run: by a row, or by a rule if that leaves a timestamp that is right
 * for all attached databases. */
static const char *recording(const struct members *members) {
    const struct join *join = members->finder->join;
    bool has_row =
        !join->layout->has_journal || members->it->entry || plan_entry(members->finder->synthesis, members->migration);
    /* The journal has no influence if the runner goes by the names in the rows. */
    bool has_rule = join->layout->has_journal && plan_may_be_applied(join, members->it);
    const char *rule = has_rule ? applied_of(members) : "", *row = has_row ? baseline_of(members) : "";
    return text_format(members->finder->arena, "%s%s%s", row, *rule && *row ? "; or, " : "", rule).bytes;
}

/* Reports a migration that is not listed and whose objects exist in some databases only. No journal
 * is served until a rule says whether to list it. */
static void find_undecided(struct finder *finder, const struct migration *it, const struct place *place) {
    found(finder, PROBLEM_RAN_BY_HAND, place,
          "not in meta/_journal.json, and %s, where no row says that it ran, but not in every other, so the journal is "
          "refused: write `exclude %s` into .migfs if the others are not to get it, else %s",
          evidence_all_there(finder, it), phrase_glob(finder->arena, it->tag).bytes, evidence_listing(finder, it));
}

/* What to do if the objects are missing on purpose. */
static const char *if_on_purpose(const struct finder *finder, const struct migration *it, const char *code) {
    return text_format(finder->arena, "if it was dropped on purpose, write `ignore %s %s` into .migfs", code,
                       phrase_glob(finder->arena, it->tag).bytes)
        .bytes;
}

static void find_unrecorded(struct finder *finder, enum outcome outcome, const struct members *members,
                            const struct place *place) {
    size_t first = members->databases[0];
    const struct effects_standing *standing = effects_standing_of(finder->effects, members->migration, first);
    const char *failure = failure_of(finder, members->migration, first), *names = names_of(members);
    if (outcome == OUTCOME_BY_HAND) {
        bool is_harmless = finder->effects->own[members->migration].effects.is_guarded && !*failure;
        found_as(finder, is_harmless ? SEVERITY_NOTE : SEVERITY_ERROR, PROBLEM_RAN_BY_HAND, place,
                 "has no row in %s, but everything it does is there (%zu of %zu)%s; %s", names, standing->there,
                 standing->of, failure, recording(members));
    } else {
        found_as(finder, *failure ? SEVERITY_ERROR : SEVERITY_WARNING, PROBLEM_HALF_THERE, place,
                 "has no row in %s, but only part of what it does is there (%zu of %zu), missing: %s%s; drop "
                 "what is there, or make the rest by hand and record it as the next check says",
                 names, standing->there, standing->of, missing_of(finder, standing).bytes, failure);
    }
}

static void find_recorded(struct finder *finder, enum outcome outcome, const struct members *members,
                          const struct place *place) {
    const struct effects_standing *standing =
        effects_standing_of(finder->effects, members->migration, members->databases[0]);
    const char *names = names_of(members), *missing = missing_of(finder, standing).bytes;
    if (outcome == OUTCOME_NOT_EFFECTIVE) {
        found(finder, PROBLEM_NOT_EFFECTIVE, place,
              "has a row in %s, but nothing that it does is there (missing: %s), and Drizzle never runs it "
              "again; run its SQL there by hand; %s",
              names, missing, if_on_purpose(finder, members->it, "not-effective"));
    } else {
        found(finder, PROBLEM_PARTLY_EFFECTIVE, place,
              "has a row in %s, but only part of what it does is there (%zu of %zu, missing: %s), and Drizzle "
              "never repairs it; make what is missing by hand, or by a new migration; %s",
              names, standing->there, standing->of, missing, if_on_purpose(finder, members->it, "partly-effective"));
    }
}

static void find_for(struct finder *finder, enum outcome outcome, const struct members *members) {
    struct place place = {.file = members->it->file->path, .migration = members->it, .database = TEXT("")};
    if (members->count == 1 || outcome == OUTCOME_UNDECIDED) {
        place.database = finder->join->databases[members->databases[0]].name;
    }
    if (outcome == OUTCOME_UNDECIDED) {
        find_undecided(finder, members->it, &place);
    } else if (outcome == OUTCOME_BY_HAND || outcome == OUTCOME_HALF_THERE) {
        find_unrecorded(finder, outcome, members, &place);
    } else {
        find_recorded(finder, outcome, members, &place);
    }
}

/* ---- findings ---- */

static enum outcome outcome_of_recorded(const struct effects_standing *standing) {
    if (standing->state == EFFECTS_MISSING && standing->existence > 0) {
        return OUTCOME_NOT_EFFECTIVE;
    }
    return standing->state == EFFECTS_PARTLY || standing->state == EFFECTS_MISSING ? OUTCOME_PARTLY_EFFECTIVE
                                                                                   : OUTCOME_NOTHING;
}

static enum outcome outcome_of_unrecorded(const struct finder *finder, const struct migration *it,
                                          const struct effects_standing *standing, size_t database) {
    if (it->standings[database].lookalike) {
        return OUTCOME_NOTHING; /* reported as `rerun`: a row with another name or with none shows that it ran */
    }
    if (standing->is_found) {
        return effects_hold_applies(finder->join, it) ? OUTCOME_UNDECIDED : OUTCOME_BY_HAND;
    }
    return standing->state == EFFECTS_PARTLY && standing->existence_there + standing->there > 0 ? OUTCOME_HALF_THERE
                                                                                                : OUTCOME_NOTHING;
}

/* The end of the range of migrations that `ledger-lost` covers. */
static size_t end_of_lost(const struct finder *finder, size_t database) {
    size_t seen = 0, end = 0;
    if (finder_is_another_tools(finder, database)) {
        return 0;
    }
    for (; end < finder->join->count && seen < finder->effects->databases[database].found_first; end++) {
        const struct migration *it = &finder->join->migrations[end];
        seen += it->file && it->kind == MIGRATION_COUNTS && it->standings[database].state != STATE_UNKNOWN &&
                effects_standing_of(finder->effects, end, database)->is_found;
    }
    return end;
}

static enum outcome outcome_of(const struct finder *finder, size_t migration, size_t database, size_t lost) {
    const struct migration *it = &finder->join->migrations[migration];
    const struct effects_standing *standing = effects_standing_of(finder->effects, migration, database);
    if (it->standings[database].state == STATE_UNKNOWN) {
        return OUTCOME_NOTHING;
    }
    bool is_covered = migration < lost && standing->is_found && !effects_hold_applies(finder->join, it);
    if (it->standings[database].row && !finder->effects->databases[database].is_emptied &&
        !finder_is_modified(finder, it, database)) {
        return outcome_of_recorded(standing);
    }
    if (!standing_has_run(&it->standings[database]) && !is_covered && !finder_named_elsewhere(finder, it, database)) {
        return outcome_of_unrecorded(finder, it, standing, database);
    }
    return OUTCOME_NOTHING;
}

/* A database to check, and its outcome for the current migration. */
struct asked {
    size_t database;
    size_t lost;        /* see end_of_lost() */
    struct text unseen; /* evidence_unseen() */
    enum outcome outcome;
    struct text key;
};

/* The part of a line by which two databases may differ, apart from their names. */
static struct text key_of(const struct finder *finder, const struct asked *asked, size_t migration) {
    const struct effects_standing *standing = effects_standing_of(finder->effects, migration, asked->database);
    bool is_by_hand = asked->outcome == OUTCOME_BY_HAND, is_half_there = asked->outcome == OUTCOME_HALF_THERE;
    if (asked->outcome == OUTCOME_NOTHING || asked->outcome == OUTCOME_UNDECIDED) {
        return TEXT(""); /* that line names all databases anyway */
    }
    const struct migration *lower =
        is_by_hand ? passed_over_by(finder, &finder->join->migrations[migration], asked->database) : NULL;
    return text_format(finder->arena, "%zu of %zu, %s%s%s %s", standing->there, standing->of,
                       missing_of(finder, standing).bytes,
                       is_by_hand || is_half_there ? failure_of(finder, migration, asked->database) : "",
                       lower ? lower->tag.bytes : "", is_by_hand ? asked->unseen.bytes : "");
}

static void find_in_migration(struct finder *finder, size_t migration, struct asked *asked, size_t count,
                              size_t *databases) {
    for (size_t i = 0; i < count; i++) {
        asked[i].outcome = outcome_of(finder, migration, asked[i].database, asked[i].lost);
        asked[i].key = key_of(finder, &asked[i], migration);
    }
    for (size_t i = 0; i < count; i++) {
        struct members members = {finder,         &finder->join->migrations[migration], migration, databases, 0,
                                  asked[i].unseen};
        const enum outcome outcome = asked[i].outcome;
        for (size_t k = i; k < count && outcome != OUTCOME_NOTHING; k++) {
            if (asked[k].outcome == outcome && text_equal(asked[k].key, asked[i].key)) {
                databases[members.count++] = asked[k].database;
                asked[k].outcome = OUTCOME_NOTHING;
            }
        }
        if (members.count > 0) {
            find_for(finder, outcome, &members);
        }
    }
}

void find_in_standings(struct finder *finder) {
    struct asked *asked = arena_array(finder->arena, struct asked, finder->join->database_count);
    size_t *databases = arena_array(finder->arena, size_t, finder->join->database_count), count = 0;
    for (size_t i = 0; i < finder->join->database_count; i++) {
        if (finder->effects->databases[i].is_known && !finder->join->databases[i].is_wrong) {
            asked[count++] =
                (struct asked){.database = i, .lost = end_of_lost(finder, i), .unseen = evidence_unseen(finder, i)};
        }
    }
    for (size_t i = 0; i < finder->join->count; i++) {
        if (finder->join->migrations[i].file && finder->join->migrations[i].kind == MIGRATION_COUNTS) {
            find_in_migration(finder, i, asked, count, databases);
        }
    }
}
