/* A view is only valid during the callback, so everything to write is copied. */
#include "cli/fix_plan.h"

#include <stdlib.h>
#include <string.h>

#include "migfs/report/render.h"
#include "migfs/synthesis/plan.h"
#include "migfs/synthesis/refusal.h"
#include "migfs/synthesis/snapshots.h"

struct copying {
    struct arena *arena;
    struct fix_plan *plan;
    bool wants_all; /* also the snapshots before a later one */
};

void fix_plan_finish(struct fix_plan *plan) {
    for (size_t i = 0; i < plan->snapshot_count; i++) {
        free(plan->snapshots[i].name);
        free(plan->snapshots[i].bytes);
        free(plan->snapshots[i].made_from);
        free(plan->snapshots[i].remark);
    }
    free(plan->snapshots);
    free(plan->refusal);
    free(plan->undeclared);
    free(plan->changed);
    free(plan->again);
    free(plan->unsure);
    free(plan->absent);
    free(plan->missing);
    free(plan->open);
    free(plan->bytes);
    free(plan->changes);
    *plan = (struct fix_plan){0};
}

static char *copy(struct text text) {
    char *bytes = malloc(text.length + 1);
    if (bytes) {
        memcpy(bytes, text.bytes, text.length);
        bytes[text.length] = '\0';
    }
    return bytes;
}

/* ---- snapshots ---- */

static bool add_snapshot(struct fix_plan *plan, struct text name, struct text content, struct text made_from,
                         struct text remark) {
    struct fix_snapshot *it = &plan->snapshots[plan->snapshot_count++];
    it->name = copy(name);
    it->bytes = copy(content);
    it->length = content.length;
    it->made_from = made_from.length > 0 ? copy(made_from) : NULL;
    it->remark = copy(remark);
    return it->name && it->bytes && it->remark && (it->made_from || made_from.length == 0);
}

/* For a snapshot that is followed by an existing one, it does not matter what schema.ts declares:
 * drizzle-kit compares it with the newest only. */
static bool add_made(const struct copying *copying, const struct snapshots_made *made, bool is_newest) {
    struct buffer remark = BUFFER(copying->arena);
    if (is_newest && made->put.length > 0) {
        buffer_format(&remark, "; the next `drizzle-kit generate` drops what schema.ts does not declare of %.*s",
                      TEXT_ARGS(made->put));
    }
    if (is_newest && made->altered.length > 0) {
        buffer_format(&remark, "; the next `drizzle-kit generate` changes back what schema.ts has as it was of %.*s",
                      TEXT_ARGS(made->altered));
    }
    if (made->differs.length > 0) {
        buffer_format(&remark, "; but %.*s", TEXT_ARGS(made->differs));
    }
    return add_snapshot(copying->plan, made->name, made->content, text_escaped(copying->arena, made->tag),
                        buffer_text(&remark));
}

/* Written from the end. If the writing is interrupted, each snapshot still follows an existing one
 * or, as before, a missing one, and no two follow the same. */
static bool add_gap(const struct copying *copying, const struct snapshots_gap *gap) {
    bool is_added = gap->next_content.length == 0 ||
                    add_snapshot(copying->plan, gap->next->name, gap->next_content, TEXT(""), TEXT(""));
    for (size_t i = gap->within.count; is_added && i-- > 0;) {
        is_added = add_made(copying, &gap->within.made[i], false);
    }
    return is_added;
}

static size_t count_snapshots(const struct snapshots *snapshots) {
    size_t count = snapshots->count;
    for (size_t i = 0; i < snapshots->gap_count; i++) {
        count += snapshots->gaps[i].within.count + 1;
    }
    return count;
}

static bool copy_snapshots(const struct copying *copying, const struct snapshots *snapshots) {
    struct fix_plan *plan = copying->plan;
    plan->snapshots = calloc(count_snapshots(snapshots) + 1, sizeof *plan->snapshots);
    bool is_copied = plan->snapshots;
    for (size_t i = 0; is_copied && copying->wants_all && i < snapshots->gap_count; i++) {
        is_copied = add_gap(copying, &snapshots->gaps[i]);
    }
    for (size_t i = 0; is_copied && i < snapshots->count; i++) {
        is_copied = add_made(copying, &snapshots->made[i], true);
        plan->newest_snapshot = plan->snapshots[plan->snapshot_count - 1].name;
    }
    return is_copied;
}

static struct text undeclared_of(const struct snapshots_made *made) {
    return made->undeclared;
}

static struct text changed_of(const struct snapshots_made *made) {
    return made->changed;
}

static struct text again_of(const struct snapshots_made *made) {
    return made->again;
}

static struct text unsure_of(const struct snapshots_made *made) {
    return made->unsure;
}

static struct text absent_of(const struct snapshots_made *made) {
    return made->absent;
}

/* "table audit of 0003_audit, column users.x of 0004_x" */
static struct text list_left(struct arena *arena, const struct snapshots *snapshots,
                             struct text (*left_of)(const struct snapshots_made *made)) {
    struct buffer list = BUFFER(arena);
    for (size_t i = 0; i < snapshots->count; i++) {
        struct text left = left_of(&snapshots->made[i]);
        if (left.length > 0) {
            buffer_format(&list, "%s%.*s of ", list.length > 0 ? ", " : "", TEXT_ARGS(left));
            buffer_add_escaped(&list, snapshots->made[i].tag);
        }
    }
    return buffer_text(&list);
}

/* One line for each gap that cannot be filled although all snapshots were requested. */
static struct text why_not_all(struct arena *arena, const struct snapshots *snapshots) {
    struct buffer lines = BUFFER(arena);
    for (size_t i = 0; i < snapshots->gap_count; i++) {
        const struct snapshots *within = &snapshots->gaps[i].within;
        if (within->blocked_tag.length > 0) {
            buffer_add(&lines, snapshots_blocked(arena, within));
            buffer_add_char(&lines, '\n');
        }
    }
    if (snapshots->count < snapshots->wanted) {
        buffer_add(&lines, snapshots_blocked(arena, snapshots));
        buffer_add_char(&lines, '\n');
    }
    return buffer_text(&lines);
}

/* ---- all of it ---- */

static void copy_plan(void *context, struct arena *arena, const struct view *view) {
    static const struct snapshots none;
    struct copying *copying = context;
    copying->arena = arena;
    struct fix_plan *plan = copying->plan;
    const struct synthesis *synthesis = view->synthesis;
    const struct snapshots *snapshots = synthesis->snapshots ? synthesis->snapshots : &none;
    struct text changes = render_changes(arena, view);
    if (synthesis->refusal != REFUSAL_NONE) {
        plan->refusal = copy(synthesis_refusal(arena, view->join, synthesis));
        plan->is_copied = plan->refusal;
        return;
    }
    plan->missing = copy(copying->wants_all ? why_not_all(arena, snapshots) : TEXT(""));
    plan->is_rebuilt = synthesis->is_rebuilt;
    plan->undeclared = copy(list_left(arena, snapshots, undeclared_of));
    plan->changed = copy(list_left(arena, snapshots, changed_of));
    plan->again = copy(list_left(arena, snapshots, again_of));
    plan->unsure = copy(list_left(arena, snapshots, unsure_of));
    plan->absent = copy(list_left(arena, snapshots, absent_of));
    plan->open = copy(render_open(arena, view));
    plan->is_copied = plan->missing && plan->undeclared && plan->changed && plan->again && plan->unsure &&
                      plan->absent && plan->open && copy_snapshots(copying, snapshots);
    /* A folder without a migration needs no journal. */
    bool is_needed = view->join->journal->status != JOURNAL_MISSING || synthesis->count > 0;
    if (!synthesis->is_identical && is_needed) {
        plan->length = synthesis->bytes.length;
        plan->bytes = copy(synthesis->bytes);
        plan->changes = copy(changes);
        const struct synthesis_entry *newest = plan_newest_made(synthesis);
        plan->newest_made = newest ? newest->when : INT64_MIN;
        plan->has_databases = view->join->database_count > 0;
        plan->is_copied = plan->is_copied && plan->bytes && plan->changes;
    }
}

bool fix_plan_make(const struct options *options, struct inputs *inputs, struct fix_plan *ret_plan,
                   struct error *error) {
    *ret_plan = (struct fix_plan){0};
    struct copying copying = {.plan = ret_plan, .wants_all = options->all_snapshots};
    return inputs_view(inputs, copy_plan, &copying, error) && (ret_plan->is_copied || error_set_memory(error));
}

bool fix_plan_is_same(const struct fix_plan *a, const struct fix_plan *b) {
    bool is_same = !a->bytes == !b->bytes && a->length == b->length && a->snapshot_count == b->snapshot_count;
    is_same = is_same && (!a->bytes || memcmp(a->bytes, b->bytes, a->length) == 0);
    for (size_t i = 0; is_same && i < a->snapshot_count; i++) {
        is_same = strcmp(a->snapshots[i].name, b->snapshots[i].name) == 0 &&
                  strcmp(a->snapshots[i].bytes, b->snapshots[i].bytes) == 0;
    }
    return is_same;
}
