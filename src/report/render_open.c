/* What `migfs fix` leaves open: it writes a consistent journal, which neither decides what only
 * people know nor repairs SQL and databases. */
#include "migfs/report/render.h"
#include "report/phrases.h"

/* Problems that stay whatever the journal says, and that stop a run or leave out a file. Without a
 * database it is not known whether a run is still to come. */
static bool is_open(const struct view *view, const struct problem *problem) {
    static const enum problem_kind kinds[] = {PROBLEM_RAN_BY_HAND, PROBLEM_HALF_THERE,    PROBLEM_LEDGER_LOST,
                                              PROBLEM_WILL_ABORT,  PROBLEM_SQL_CONFLICT,  PROBLEM_SAME_SQL,
                                              PROBLEM_HELD,        PROBLEM_IN_TRANSACTION};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (problem->code == &problem_codes[kinds[i]]) {
            return problem->severity == SEVERITY_ERROR && (view->join->database_count > 0 || kinds[i] == PROBLEM_HELD);
        }
    }
    return false;
}

static const struct effects_failure *failure_in(const struct view *view, size_t database) {
    const struct deploy *here = &view->deploys[database].here;
    return here->obstacle.length == 0 && deploy_fails(here) ? &here->failure : NULL;
}

static bool fails_alike(const struct effects_failure *a, const struct effects_failure *b) {
    return a && b && a->migration == b->migration && a->line == b->line && text_equal(a->what, b->what);
}

/* The first database in which the next run fails in the same way as in this one. */
static size_t first_alike(const struct view *view, size_t database) {
    size_t first = 0;
    while (!fails_alike(failure_in(view, first), failure_in(view, database))) {
        first++;
    }
    return first;
}

/* One line for all databases in which the run fails in the same way. */
static void add_failure(struct buffer *buffer, const struct view *view, size_t first) {
    enum { NAMED = 5 };
    struct phrase_list names = phrase_list(buffer->arena, NAMED);
    for (size_t i = first; i < view->join->database_count; i++) {
        if (failure_in(view, i) && first_alike(view, i) == first) {
            phrase_list_add(&names, view->join->databases[i].name);
        }
    }
    buffer_format(buffer, "the next run in database%s %s, by the consistent journal, %s\n", phrase_s(names.count),
                  phrase_list_end(&names).bytes,
                  phrase_abort(buffer->arena, view->join, failure_in(view, first)).bytes);
}

struct text render_open(struct arena *arena, const struct view *view) {
    struct buffer buffer = BUFFER(arena);
    for (size_t i = 0; i < view->join->database_count; i++) {
        if (failure_in(view, i) && first_alike(view, i) == i) {
            add_failure(&buffer, view, i);
        }
    }
    for (size_t i = 0; i < view->problems->count; i++) {
        const struct problem *problem = &view->problems->problems[i];
        if (is_open(view, problem)) {
            bool is_held = problem->code == &problem_codes[PROBLEM_HELD];
            buffer_add_string(&buffer, is_held ? "for you to decide: " : "still open: ");
            problem_print(&buffer, problem);
            buffer_add_char(&buffer, '\n');
        }
    }
    return buffer_text(&buffer);
}
