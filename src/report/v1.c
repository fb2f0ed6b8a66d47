/* The runner of v1 runs each folder whose name is in no row, in the order of the names, and stops at nothing but a name without a date. */
#include "report/v1.h"

#include "migfs/drizzle/names_v1.h"
#include "report/phrases.h"

bool v1_runs(const struct migration *it, size_t database) {
    enum state state = it->standings[database].state;
    return state == STATE_PENDING || state == STATE_RERUN;
}

static bool has_date(const struct migration *it) {
    int64_t date;
    return names_v1_date(it->tag, &date);
}

struct text v1_abortion(struct arena *arena, const struct join *join, size_t database) {
    if (join->has_stray_journal) {
        return TEXT("meta/_journal.json is there");
    }
    if (join->databases[database].v1_throws) {
        return TEXT("its ledger is one of 0.x, and has rows of no folder here");
    }
    for (size_t i = 0; i < join->v1_count; i++) {
        const struct migration *it = &join->migrations[join->v1_order[i]];
        if (v1_runs(it, database) && !has_date(it)) {
            return text_format(arena, "the name of %.*s begins with no date", TEXT_ARGS(phrase_tag(arena, it->tag)));
        }
    }
    return TEXT("");
}

size_t v1_list_runs(const struct join *join, size_t database, const struct migration **runs) {
    size_t count = 0;
    for (size_t i = 0; i < join->v1_count; i++) {
        const struct migration *it = &join->migrations[join->v1_order[i]];
        if (v1_runs(it, database)) {
            runs[count++] = it;
        }
    }
    return count;
}

struct text v1_drizzle(struct arena *arena, const struct join *join, const struct migration *it) {
    if (it->reason == REASON_UNREAD) {
        return TEXT("never reads it: it is not NAME/migration.sql");
    }
    if (join->database_count == 0) {
        return TEXT("runs it where no row has its name");
    }
    struct phrase_list runs = phrase_list(arena, join->database_count),
                       aborts = phrase_list(arena, join->database_count);
    for (size_t i = 0; i < join->database_count; i++) {
        if (v1_runs(it, i)) {
            bool is_aborted = v1_abortion(arena, join, i).length > 0;
            phrase_list_add(is_aborted ? &aborts : &runs, join->databases[i].name);
        }
    }
    struct text in = phrase_list_end(&runs), not_in = phrase_list_end(&aborts);
    if (in.length == 0 && not_in.length == 0) {
        return TEXT("does not run it again");
    }
    return text_format(arena, "%s%.*s%s%s%.*s", in.length > 0 ? "runs it in " : "", TEXT_ARGS(in),
                       in.length > 0 && not_in.length > 0 ? "; " : "", not_in.length > 0 ? "aborts in " : "",
                       TEXT_ARGS(not_in));
}
