/* Plans the conversion of each entry by `drizzle-kit up`, and lists all its faults; drizzle-kit
 * itself stops at the first one. */
#include "join/upgrade_kit.h"

#include "migfs/drizzle/names_v1.h"
#include "migfs/util/sorted.h"

/* The parent id of a first snapshot, as drizzle-kit writes it. */
static const char no_parent[] = "00000000-0000-0000-0000-000000000000";

/* The newest snapshot version that drizzle-kit 1.0.0-rc.5 knows. */
enum { NEWEST_VERSION = 9 };

struct plan {
    struct arena *arena;
    const struct join *join;
    struct upgrade *upgrade;
    size_t fault_capacity;
    size_t *by_name; /* folders with a name, sorted by name, then in the journal's order */
    size_t named;
    size_t *by_id; /* those whose snapshot has an id, sorted by id, then in that order, nameless last */
    size_t with_id;
    size_t *place; /* [folders]: position in by_name */
};

static void add_fault(struct plan *plan, enum upgrade_obstacle obstacle, size_t folder, size_t other) {
    struct upgrade *upgrade = plan->upgrade;
    upgrade->faults =
        arena_more(plan->arena, upgrade->faults, upgrade->fault_count, &plan->fault_capacity, sizeof *upgrade->faults);
    upgrade->faults[upgrade->fault_count++] = (struct upgrade_fault){obstacle, folder, other};
}

static bool has_head(const struct upgrade_folder *folder) {
    return folder->snapshot && folder->snapshot->snapshot && folder->snapshot->snapshot->is_json &&
           folder->snapshot->snapshot->id[0] != '\0';
}

static bool is_first(const struct snapshot_head *head) {
    return !head->has_prev_id || head->prev_id[0] == '\0' || text_is(text_of(head->prev_id), no_parent);
}

/* ---- single entries ---- */

/* The tag up to its first underscore, whatever it contains: drizzle-kit's number of a snapshot. */
static struct text prefix_of(struct text tag) {
    size_t underscore;
    return text_find(tag, "_", &underscore) ? text_slice(tag, 0, underscore) : tag;
}

static bool is_flat_sql(const struct disk_entry *entry) {
    return entry->parent == 0 && entry->path.length > 0 && text_ends(entry->name, ".sql");
}

/* Returns TAG.sql, or the only file whose name begins with the same number, or NULL. */
static const struct disk_entry *sql_of(const struct plan *plan, struct text tag, bool *ret_are_several) {
    const struct disk *disk = plan->join->disk;
    const struct disk_entry *own = disk_find(disk, text_format(plan->arena, "%.*s.sql", TEXT_ARGS(tag)));
    *ret_are_several = false;
    if (own) {
        return own;
    }
    struct text start = text_format(plan->arena, "%.*s_", TEXT_ARGS(prefix_of(tag)));
    const struct disk_entry *found = NULL;
    for (size_t i = 1; i < disk->count; i++) {
        if (is_flat_sql(&disk->entries[i]) && text_starts(disk->entries[i].name, start.bytes)) {
            *ret_are_several = found != NULL;
            found = &disk->entries[i];
            if (*ret_are_several) {
                return NULL;
            }
        }
    }
    return found;
}

static void plan_entry(struct plan *plan, size_t at) {
    struct upgrade_folder *folder = &plan->upgrade->folders[at];
    const struct journal_entry *entry = &plan->join->journal->entries[at];
    size_t migration = plan->join->entry_migration[at];
    folder->entry = entry;
    folder->migration = migration == SIZE_MAX ? NULL : &plan->join->migrations[migration];
    if (!entry->is_object || !entry->tag_value.is_valid) {
        add_fault(plan, UPGRADE_BAD_ENTRY, at, SIZE_MAX);
        return;
    }
    bool are_several;
    const struct disk_entry *sql = sql_of(plan, entry->tag, &are_several);
    folder->file = sql && sql->sql ? sql : NULL;
    if (!folder->file) {
        add_fault(plan, are_several ? UPGRADE_SEVERAL_SQL : UPGRADE_NO_SQL, at, SIZE_MAX);
    }
    folder->name = names_v1_folder(plan->arena, names_v1_when(&entry->when), entry->tag);
    folder->has_date = names_v1_date(folder->name, &folder->date);
    folder->snapshot = disk_find(plan->join->disk,
                                 text_format(plan->arena, "meta/%.*s_snapshot.json", TEXT_ARGS(prefix_of(entry->tag))));
    if (!folder->snapshot) {
        add_fault(plan, UPGRADE_NO_SNAPSHOT, at, SIZE_MAX);
    } else if (!has_head(folder)) {
        add_fault(plan, UPGRADE_BAD_SNAPSHOT, at, SIZE_MAX);
    } else if (folder->snapshot->snapshot->version < 1 || folder->snapshot->snapshot->version > NEWEST_VERSION) {
        add_fault(plan, UPGRADE_SNAPSHOT_VERSION, at, SIZE_MAX);
    }
}

/* ---- all entries together ---- */

static int compare_names(const void *context, size_t a, size_t b) {
    const struct plan *plan = context;
    int order = text_compare(plan->upgrade->folders[a].name, plan->upgrade->folders[b].name);
    return order != 0 ? order : (a > b) - (a < b);
}

static const char *id_at(const struct plan *plan, size_t folder) {
    return plan->upgrade->folders[folder].snapshot->snapshot->id;
}

static int compare_ids(const void *context, size_t a, size_t b) {
    const struct plan *plan = context;
    int order = text_compare(text_of(id_at(plan, a)), text_of(id_at(plan, b)));
    return order != 0 ? order : (plan->place[a] > plan->place[b]) - (plan->place[a] < plan->place[b]);
}

static void sort_plan(struct plan *plan) {
    size_t count = plan->upgrade->folder_count;
    plan->by_name = arena_array(plan->arena, size_t, count);
    plan->by_id = arena_array(plan->arena, size_t, count);
    plan->place = arena_array(plan->arena, size_t, count);
    for (size_t i = 0; i < count; i++) {
        if (plan->upgrade->folders[i].name.length > 0) {
            plan->by_name[plan->named++] = i;
        }
    }
    sorted_order(plan->by_name, plan->named, compare_names, plan);
    for (size_t i = 0; i < count; i++) {
        plan->place[i] = count;
        if (has_head(&plan->upgrade->folders[i])) {
            plan->by_id[plan->with_id++] = i;
        }
    }
    for (size_t i = 0; i < plan->named; i++) {
        plan->place[plan->by_name[i]] = i;
    }
    sorted_order(plan->by_id, plan->with_id, compare_ids, plan);
}

struct id_sought {
    const struct plan *plan;
    struct text id;
};

static bool id_lies_not_after(const void *context, size_t position) {
    const struct id_sought *sought = context;
    return text_compare(text_of(id_at(sought->plan, sought->plan->by_id[position])), sought->id) <= 0;
}

/* Returns the folder whose snapshot has this id, the last one if there are several; SIZE_MAX:
 * none. */
static size_t folder_with_id(const struct plan *plan, const char *id) {
    struct id_sought sought = {plan, text_of(id)};
    size_t after = sorted_find(plan->with_id, id_lies_not_after, &sought);
    return after > 0 && text_is(sought.id, id_at(plan, plan->by_id[after - 1])) ? plan->by_id[after - 1] : SIZE_MAX;
}

static void find_parent(struct plan *plan, size_t at, size_t first) {
    const struct upgrade_folder *folders = plan->upgrade->folders;
    const struct snapshot_head *head = folders[at].snapshot->snapshot;
    if (folders[at].name.length == 0) {
        return; /* its place is only known once it has a `when` */
    }
    if (is_first(head)) {
        if (at != first) {
            add_fault(plan, UPGRADE_TWO_FIRSTS, at, first);
        }
        return;
    }
    size_t parent = folder_with_id(plan, head->prev_id);
    if (parent == SIZE_MAX && at > 0 && !has_head(&folders[at - 1])) {
        /* Its parent is probably the snapshot of the previous entry, which has its own fault. */
        parent = at - 1;
    }
    if (parent == SIZE_MAX) {
        add_fault(plan, UPGRADE_NO_PARENT, at, SIZE_MAX);
    } else if (folders[parent].name.length > 0 && !text_equal(folders[at].name, folders[parent].name) &&
               !names_v1_sorts_after(folders[at].name, folders[parent].name)) {
        add_fault(plan, UPGRADE_ORDER, at, parent);
    }
}

static void find_missing_when(struct plan *plan, size_t at) {
    const struct upgrade_folder *folder = &plan->upgrade->folders[at];
    if (folder->name.length == 0 && folder->entry->is_object && folder->entry->tag_value.is_valid) {
        bool has_parent = has_head(folder) && !is_first(folder->snapshot->snapshot);
        size_t parent = has_parent ? folder_with_id(plan, folder->snapshot->snapshot->prev_id) : SIZE_MAX;
        add_fault(plan, UPGRADE_BAD_WHEN, at, parent);
    }
}

/* Returns the first folder in drizzle-kit's order whose snapshot has no parent, or SIZE_MAX. */
static size_t first_of(const struct plan *plan) {
    for (size_t i = 0; i < plan->named; i++) {
        const struct upgrade_folder *folder = &plan->upgrade->folders[plan->by_name[i]];
        if (has_head(folder) && is_first(folder->snapshot->snapshot)) {
            return plan->by_name[i];
        }
    }
    return SIZE_MAX;
}

static int compare_tags(const void *context, size_t a, size_t b) {
    const struct plan *plan = context;
    int order = text_compare(plan->upgrade->folders[a].entry->tag, plan->upgrade->folders[b].entry->tag);
    return order != 0 ? order : (a > b) - (a < b);
}

static int compare_prefixes(const void *context, size_t a, size_t b) {
    const struct plan *plan = context;
    int order =
        text_compare(prefix_of(plan->upgrade->folders[a].entry->tag), prefix_of(plan->upgrade->folders[b].entry->tag));
    return order != 0 ? order : (a > b) - (a < b);
}

/* Adds a fault for each one that is like its predecessor in `sorted`. */
static void find_likes(struct plan *plan, const size_t *sorted, size_t count, enum upgrade_obstacle obstacle,
                       bool (*are_like)(const struct plan *plan, size_t a, size_t b)) {
    for (size_t i = 1; i < count; i++) {
        if (are_like(plan, sorted[i - 1], sorted[i])) {
            add_fault(plan, obstacle, sorted[i], sorted[i - 1]);
        }
    }
}

static bool have_one_tag(const struct plan *plan, size_t a, size_t b) {
    const struct upgrade_folder *folders = plan->upgrade->folders;
    return folders[a].entry->tag_value.is_valid && folders[b].entry->tag_value.is_valid &&
           text_equal(folders[a].entry->tag, folders[b].entry->tag);
}

static bool have_one_name(const struct plan *plan, size_t a, size_t b) {
    return !have_one_tag(plan, a, b) && text_equal(plan->upgrade->folders[a].name, plan->upgrade->folders[b].name);
}

static bool have_one_snapshot(const struct plan *plan, size_t a, size_t b) {
    const struct upgrade_folder *folders = plan->upgrade->folders;
    return !have_one_tag(plan, a, b) && folders[a].snapshot && folders[a].snapshot == folders[b].snapshot;
}

static int compare_faults(const void *context, size_t a, size_t b) {
    const struct upgrade_fault *faults = context;
    if (faults[a].folder != faults[b].folder) {
        return faults[a].folder < faults[b].folder ? -1 : 1;
    }
    return (faults[a].obstacle > faults[b].obstacle) - (faults[a].obstacle < faults[b].obstacle);
}

static void sort_faults(struct plan *plan) {
    struct upgrade *upgrade = plan->upgrade;
    const size_t *order = sorted_all(plan->arena, upgrade->fault_count, compare_faults, upgrade->faults);
    struct upgrade_fault *faults = arena_array(plan->arena, struct upgrade_fault, upgrade->fault_count);
    for (size_t i = 0; i < upgrade->fault_count; i++) {
        faults[i] = upgrade->faults[order[i]];
    }
    upgrade->faults = faults;
}

/* ---- unconverted files ---- */

static int compare_left(const void *context, size_t a, size_t b) {
    const struct plan *plan = context;
    const struct disk_entry *left = plan->upgrade->folders[a].file, *right = plan->upgrade->folders[b].file;
    return (left > right) - (left < right);
}

struct file_sought {
    const struct plan *plan;
    const size_t *by_file;
    const struct disk_entry *file;
};

static bool file_lies_before(const void *context, size_t position) {
    const struct file_sought *sought = context;
    return sought->plan->upgrade->folders[sought->by_file[position]].file < sought->file;
}

static void list_left(struct plan *plan) {
    const struct disk *disk = plan->join->disk;
    struct upgrade *upgrade = plan->upgrade;
    const size_t *by_file = sorted_all(plan->arena, upgrade->folder_count, compare_left, plan);
    upgrade->left = arena_array(plan->arena, const struct disk_entry *, disk->count);
    for (size_t i = 1; i < disk->count; i++) {
        struct file_sought sought = {plan, by_file, &disk->entries[i]};
        size_t at = sorted_find(upgrade->folder_count, file_lies_before, &sought);
        bool is_moved = at < upgrade->folder_count && upgrade->folders[by_file[at]].file == sought.file;
        if (is_flat_sql(sought.file) && !is_moved) {
            upgrade->left[upgrade->left_count++] = sought.file;
        }
    }
}

/* Returns false for a v1 folder, which has no journal, and for a folder without migrations. */
static bool is_of_0x(const struct join *join) {
    bool has_flat_sql = false;
    for (size_t i = 1; i < join->disk->count; i++) {
        const struct disk_entry *entry = &join->disk->entries[i];
        has_flat_sql = has_flat_sql || is_flat_sql(entry);
        if (join->journal->status == JOURNAL_MISSING && text_ends(entry->path, "/migration.sql")) {
            return false;
        }
    }
    return !join->disk->is_gone && (has_flat_sql || join->journal->status != JOURNAL_MISSING);
}

struct upgrade *upgrade_plan(struct arena *arena, const struct join *join) {
    if (!is_of_0x(join)) {
        return NULL;
    }
    struct upgrade *upgrade = arena_new(arena, struct upgrade);
    struct plan plan = {.arena = arena, .join = join, .upgrade = upgrade};
    upgrade->folder_count = join->journal->status == JOURNAL_READ ? join->journal->count : 0;
    upgrade->folders = arena_array(arena, struct upgrade_folder, upgrade->folder_count);
    if (join->journal->status != JOURNAL_READ) {
        add_fault(&plan, UPGRADE_NO_JOURNAL, SIZE_MAX, SIZE_MAX);
    }
    for (size_t i = 0; i < upgrade->folder_count; i++) {
        plan_entry(&plan, i);
    }
    sort_plan(&plan);
    size_t first = first_of(&plan);
    for (size_t i = 0; i < plan.with_id; i++) {
        find_parent(&plan, plan.by_id[i], first);
    }
    for (size_t i = 0; i < upgrade->folder_count; i++) {
        find_missing_when(&plan, i);
    }
    find_likes(&plan, plan.by_name, plan.named, UPGRADE_SAME_FOLDER, have_one_name);
    find_likes(&plan, sorted_all(arena, upgrade->folder_count, compare_tags, &plan), upgrade->folder_count,
               UPGRADE_DOUBLED_TAG, have_one_tag);
    find_likes(&plan, sorted_all(arena, upgrade->folder_count, compare_prefixes, &plan), upgrade->folder_count,
               UPGRADE_SHARED_SNAPSHOT, have_one_snapshot);
    sort_faults(&plan);
    list_left(&plan);
    return upgrade;
}
