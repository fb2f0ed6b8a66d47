/* The upgrade rehearsal in status.json. */
#include "migfs/report/render.h"

#include "migfs/json/print.h"

static void add_fault(struct cJSON *faults, struct arena *arena, const struct view *view,
                      const struct upgrade_fault *fault) {
    struct cJSON *object = json_add_object(faults, NULL);
    if (fault->folder == SIZE_MAX) {
        json_add_null(object, "tag");
    } else {
        json_add_text(object, "tag", view->upgrade->folders[fault->folder].entry->tag);
    }
    json_add_literal(object, "code", upgrade_obstacle_name(fault->obstacle));
    json_add_text(object, "sentence", render_upgrade_sentence(arena, view, fault));
}

static void add_id(struct cJSON *unmatched, struct text id) {
    int64_t number;
    if (text_to_int64(id, &number)) {
        json_add_integer(unmatched, NULL, number);
    } else {
        json_add_text(unmatched, NULL, id);
    }
}

static void add_database(struct cJSON *databases, const struct view *view, size_t database) {
    const struct upgrade *upgrade = view->upgrade;
    const struct upgrade_database *it = &upgrade->databases[database];
    const struct ledger *ledger = view->join->databases[database].ledger;
    struct cJSON *object = json_add_object(databases, ledger->database.bytes);
    if (!it->is_known) {
        json_add_null(object, "throws");
        json_add_null(object, "unmatched");
        json_add_null(object, "runs");
        json_add_null(object, "aborts");
        return;
    }
    json_add_bool(object, "throws", it->throws);
    struct cJSON *unmatched = json_add_array(object, "unmatched");
    for (size_t i = 0; i < ledger->count; i++) {
        if (it->rows[i].folder == SIZE_MAX) {
            add_id(unmatched, it->rows[i].row->id);
        }
    }
    struct cJSON *runs = json_add_array(object, "runs");
    const struct upgrade_run *aborting = NULL;
    for (size_t i = 0; i < it->run_count; i++) {
        json_add_text(runs, NULL, upgrade->folders[it->runs[i].folder].name);
        aborting = aborting == NULL && it->runs[i].aborts ? &it->runs[i] : aborting;
    }
    if (aborting) {
        json_add_text(object, "aborts", upgrade->folders[aborting->folder].entry->tag);
    } else {
        json_add_null(object, "aborts");
    }
}

static void add_all(struct cJSON *object, struct arena *arena, const struct view *view) {
    const struct upgrade *upgrade = view->upgrade;
    json_add_bool(object, "ready", upgrade->obstacles == 0);
    struct cJSON *faults = json_add_array(object, "kit");
    for (size_t i = 0; i < upgrade->fault_count; i++) {
        add_fault(faults, arena, view, &upgrade->faults[i]);
    }
    struct cJSON *names = json_add_object(object, "names");
    for (size_t i = 0; i < upgrade->folder_count; i++) {
        if (upgrade->folders[i].name.length > 0) {
            json_add_text(names, text_copy(arena, upgrade->folders[i].entry->tag).bytes, upgrade->folders[i].name);
        }
    }
    struct cJSON *left = json_add_array(object, "left");
    for (size_t i = 0; i < upgrade->left_count; i++) {
        json_add_text(left, NULL, upgrade->left[i]->name);
    }
    struct cJSON *databases = json_add_object(object, "databases");
    for (size_t i = 0; i < view->join->database_count; i++) {
        add_database(databases, view, i);
    }
}

void render_upgrade_json(struct cJSON *tree, struct arena *arena, const struct view *view) {
    if (view->upgrade) {
        add_all(json_add_object(tree, "upgrade"), arena, view);
    } else {
        json_add_null(tree, "upgrade");
    }
}

struct text render_upgrade_tree(struct arena *arena, const struct view *view) {
    struct cJSON *tree = json_object(arena);
    add_all(tree, arena, view);
    return json_print_lines(arena, tree);
}
