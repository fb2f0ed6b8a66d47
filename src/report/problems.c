/* Runs all finders and sorts the problems. */
#include "migfs/report/problems.h"

#include <stdlib.h>

#include "report/find_in.h"

static int compare_findings(const void *a, const void *b, void *context) {
    const struct finding *findings = context;
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    const struct finding *l = &findings[left], *r = &findings[right];
    if (!l->problem.ignored_by != !r->problem.ignored_by) {
        return l->problem.ignored_by ? 1 : -1;
    }
    if (l->problem.severity != r->problem.severity) {
        return (int)l->problem.severity - (int)r->problem.severity;
    }
    if (l->order != r->order) {
        return l->order < r->order ? -1 : 1;
    }
    int order = text_compare(text_of(l->problem.code->code), text_of(r->problem.code->code));
    if (order == 0 && l->problem.line != r->problem.line) {
        return l->problem.line < r->problem.line ? -1 : 1;
    }
    return order != 0 ? order : (left > right) - (left < right);
}

struct problems *problems_find(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                               const struct report_base *base, const struct effects_join *effects,
                               const struct deploys *deploys) {
    struct finder finder;
    finder_init(&finder, arena, join, synthesis);
    finder.base = base;
    finder.effects = effects;
    finder.deploys = deploys;
    find_in_base(&finder);
    find_in_folder(&finder);
    if (!join->layout->has_journal) {
        find_in_v1(&finder);
    } else {
        find_in_journal(&finder);
        find_in_order(&finder);
        find_in_migrations(&finder);
        find_in_names(&finder);
        find_in_snapshots(&finder);
    }
    find_in_sql(&finder);
    find_in_databases(&finder);
    find_in_effects(&finder);
    size_t *sorted = arena_array(arena, size_t, finder.count);
    for (size_t i = 0; i < finder.count; i++) {
        sorted[i] = i;
    }
    if (finder.count > 0) {
        qsort_r(sorted, finder.count, sizeof *sorted, compare_findings, finder.findings);
    }
    struct problems *problems = arena_new(arena, struct problems);
    problems->problems = arena_array(arena, struct problem, finder.count);
    for (size_t i = 0; i < finder.count; i++) {
        problems->problems[i] = finder.findings[sorted[i]].problem;
        bool is_ignored = problems->problems[i].ignored_by;
        problems->ignored_count += is_ignored;
        problems->by_severity[problems->problems[i].severity] += !is_ignored;
    }
    problems->count = finder.count - problems->ignored_count;
    return problems;
}
