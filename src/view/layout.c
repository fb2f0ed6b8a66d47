/* Every name of the view stands here, and nowhere else. */
#include "migfs/view/layout.h"

#include "migfs/join/effects_hold.h"
#include "migfs/join/effects_join.h"
#include "migfs/join/join.h"
#include "migfs/join/upgrade_rehearsal.h"
#include "migfs/synthesis/snapshot_witness.h"
#include "migfs/synthesis/snapshots_wanted.h"
#include "migfs/view/readers.h"

struct layout {
    struct arena *arena;
    struct tree_builder *builder;
    const struct view *view;
    struct tree_attributes directory; /* of directories of our making */
    struct tree_attributes file;      /* of files of our making: as old as the newest file they are made from */
    struct timespec journal_mtime;
};

static struct timespec later(struct timespec a, struct timespec b) {
    bool is_first = a.tv_sec > b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec >= b.tv_nsec);
    return is_first ? a : b;
}

/* What a file or a folder of the source lets those do who can be in the view. */
static mode_t mode_of(const struct disk_entry *entry, bool is_shared) {
    return is_shared ? entry->granted : entry->mode;
}

/* Owner and permissions of what we make are those of the source folder: what it shows to no other user, we do not either. Nor to who cannot get
 * to it: somebody may have been in the view since before the folder was closed, or was another one. */
static struct tree_attributes made_attributes(const struct disk *disk, bool is_shared, mode_t mode) {
    const struct disk_entry *root = &disk->entries[0];
    struct timespec newest = {0};
    for (size_t i = 0; i < disk->count; i++) {
        newest = disk->entries[i].kind == DISK_FILE ? later(newest, disk->entries[i].mtime) : newest;
    }
    if (is_shared) {
        mode &= root->granted & readers_of_way(disk);
    }
    return (struct tree_attributes){.mode = root->mode & mode, .uid = root->uid, .gid = root->gid, .mtime = newest};
}

struct tree_attributes layout_root_attributes(const struct disk *disk, bool is_shared) {
    return made_attributes(disk, is_shared, 0555);
}

struct view *view_create(struct arena *arena, const struct disk *disk, const struct journal *journal,
                         const struct rules *rules, struct ledger *const *ledgers, size_t ledger_count,
                         const struct synthesis_options *options, const struct effects_input *effects) {
    struct view *view = arena_new(arena, struct view);
    struct join *join = join_create(arena, disk, journal, rules, ledgers, ledger_count);
    struct effects_join *facts = effects ? effects_join_create(arena, join, effects) : NULL;
    if (facts) {
        effects_hold(join, facts);
    }
    size_t *all = arena_array(arena, size_t, ledger_count);
    for (size_t i = 0; i < ledger_count; i++) {
        all[i] = i;
    }
    const struct synthesis **own = arena_array(arena, const struct synthesis *, ledger_count);
    struct synthesis *synthesis = synthesize(arena, join, all, ledger_count, options);
    for (size_t i = 0; i < ledger_count; i++) {
        own[i] = ledger_count == 1 ? synthesis : synthesize(arena, join, &all[i], 1, options);
    }
    if (options->snapshots) {
        struct snapshots *snapshots = snapshots_of(arena, join, synthesis, options->snapshots);
        if (facts) {
            snapshot_witness_ask(arena, join, synthesis, facts, effects->catalogs, snapshots);
        }
        synthesis->snapshots = snapshots;
    }
    *view = (struct view){.join = join, .synthesis = synthesis, .own = own, .effects = facts, .rules_readers = 0444};
    view->deploys = deploy_all(arena, join, synthesis, own, facts);
    view->problems = problems_find(arena, join, synthesis, NULL, facts, view->deploys);
    view->upgrade = upgrade_rehearse(arena, join, facts);
    return view;
}

static struct tree_draft *add_directory(struct layout *layout, struct tree_draft *parent, const char *name) {
    return tree_add_directory(layout->builder, parent, text_of(name), &layout->directory);
}

static void add_file(struct layout *layout, struct tree_draft *parent, const char *name, struct text bytes) {
    tree_add_file(layout->builder, parent, text_of(name), &layout->file, bytes);
}

/* The journal of one synthesis. One that is refused shows a size, so that no reader takes it for an empty file. */
static void add_journal(struct layout *layout, struct tree_draft *parent, const struct synthesis *synthesis,
                        const struct tree_attributes *attributes) {
    const struct disk_entry *on_disk = disk_find(layout->view->join->disk, TEXT("meta/_journal.json"));
    struct text name = TEXT("_journal.json");
    if (synthesis->refusal != REFUSAL_NONE) {
        uint64_t size = on_disk && on_disk->size > 0 ? (uint64_t)on_disk->size : 1;
        tree_add_refused(layout->builder, parent, name, attributes, size);
    } else {
        tree_add_file(layout->builder, parent, name, attributes, synthesis->bytes);
    }
}

/* ---- status, state ---- */

/* What is made of a migration's file and of the journal is for those who can read both. */
static mode_t readers_of_status(const struct layout *layout, const struct migration *it) {
    const struct disk *disk = layout->view->join->disk;
    const struct disk_entry *journal = disk_find(disk, TEXT("meta/_journal.json"));
    if (!layout->view->is_shared) {
        return 0444;
    }
    const struct disk_entry *root = &disk->entries[0];
    return (journal ? readers_of(disk, journal, root) : 0444) & (it->file ? readers_of(disk, it->file, root) : 0444);
}

/* Of a status, and of the links to it. */
static struct timespec status_mtime(const struct layout *layout, const struct migration *it) {
    return it->file ? later(layout->journal_mtime, it->file->mtime) : layout->journal_mtime;
}

static struct tree_attributes status_attributes(const struct layout *layout, const struct migration *it) {
    struct tree_attributes attributes = layout->file;
    attributes.mtime = status_mtime(layout, it);
    attributes.mode = layout->directory.mode & readers_of_status(layout, it);
    return attributes;
}

static void add_statuses(struct layout *layout, struct tree_draft *root) {
    const struct join *join = layout->view->join;
    struct tree_draft *status = add_directory(layout, root, "status");
    for (size_t i = 0; i < join->count; i++) {
        const struct migration *it = &join->migrations[i];
        struct tree_attributes attributes = status_attributes(layout, it);
        tree_add_file(layout->builder, status, tree_safe_name(layout->arena, it->tag), &attributes,
                      render_status(layout->arena, layout->view, it));
    }
}

static void add_link(struct layout *layout, struct tree_draft *parent, const struct migration *it, const char *up) {
    struct tree_attributes attributes = layout->file;
    struct text name = tree_safe_name(layout->arena, it->tag);
    struct buffer target = BUFFER(layout->arena);
    attributes.mtime = status_mtime(layout, it);
    attributes.mode = 0777; /* of a link it says nothing */
    buffer_add_string(&target, up);
    buffer_add_string(&target, "status/");
    buffer_add(&target, name);
    tree_add_link(layout->builder, parent, name, &attributes, buffer_text(&target));
}

static void add_states(struct layout *layout, struct tree_draft *root) {
    const struct join *join = layout->view->join;
    struct tree_draft *parent = add_directory(layout, root, "state"), *folders[STATE_COUNT] = {0};
    for (enum state state = 0; state < STATE_COUNT; state++) {
        folders[state] = state_facts(state)->is_overall ? add_directory(layout, parent, state_name(state)) : NULL;
    }
    for (size_t i = 0; i < join->count; i++) {
        add_link(layout, folders[join->migrations[i].state], &join->migrations[i], "../../");
    }
}

/* ---- databases ---- */

static void add_states_in(struct layout *layout, struct tree_draft *parent, size_t database) {
    const struct join *join = layout->view->join;
    struct tree_draft *state_folder = add_directory(layout, parent, "state"), *folders[STATE_COUNT] = {0};
    for (enum state state = 0; state < STATE_COUNT; state++) {
        folders[state] =
            state_facts(state)->is_per_database ? add_directory(layout, state_folder, state_name(state)) : NULL;
    }
    for (size_t i = 0; i < join->count; i++) {
        const struct migration *it = &join->migrations[i];
        if (it->kind != MIGRATION_EXCLUDED) {
            add_link(layout, folders[it->standings[database].state], it, "../../../../");
        }
    }
}

static void add_databases(struct layout *layout, struct tree_draft *root) {
    const struct view *view = layout->view;
    struct tree_draft *parent = add_directory(layout, root, "databases");
    add_file(layout, parent, "overview", render_overview(layout->arena, view));
    for (size_t i = 0; i < view->join->database_count; i++) {
        struct tree_draft *folder =
            tree_add_directory(layout->builder, parent, view->join->databases[i].name, &layout->directory);
        add_file(layout, folder, "summary", render_database_summary(layout->arena, view, i));
        add_file(layout, folder, "next", render_next(layout->arena, view, i));
        add_file(layout, folder, "ledger", render_ledger(layout->arena, view, i));
        if (view->effects) {
            add_file(layout, folder, "schema", render_schema(layout->arena, view, i));
            add_file(layout, folder, "baseline.sql", render_baseline(layout->arena, view, i));
        }
        if (!view->join->is_v1) {
            add_journal(layout, folder, view->own[i], &layout->file);
        }
        add_states_in(layout, folder, i);
    }
}

/* ---- migrations ---- */

/* Owner and permissions as in the source, without what no user can do here. */
static struct tree_attributes source_attributes(const struct disk_entry *entry, bool is_shared) {
    return (struct tree_attributes){
        .mode = mode_of(entry, is_shared) & 0555, .uid = entry->uid, .gid = entry->gid, .mtime = entry->mtime};
}

/* Sets the identity of a directory that stands for a folder of the source; `passages` are those into the folders above it. */
static void identify(const struct layout *layout, struct readers_passage *passages, size_t index,
                     struct tree_attributes *attributes) {
    const struct disk_entry *folder = &layout->view->join->disk->entries[index];
    if (layout->view->is_shared) {
        attributes->identity = readers_identity(passages[folder->parent], folder);
        passages[index] = readers_passage_into(passages[folder->parent], folder);
    }
}

/* Those that are made stand among those on disk. */
static void add_snapshots(struct layout *layout, struct tree_draft *meta) {
    const struct snapshots *snapshots = layout->view->synthesis->snapshots;
    for (size_t i = 0; snapshots && i < snapshots->count; i++) {
        tree_add_file(layout->builder, meta, snapshots->made[i].name, &layout->file, snapshots->made[i].content);
    }
}

static void add_migrations(struct layout *layout, struct tree_draft *root) {
    const struct join *join = layout->view->join;
    const struct disk *disk = join->disk;
    struct tree_draft **folders = arena_array(layout->arena, struct tree_draft *, disk->count), *meta = NULL;
    struct readers_passage *passages = arena_array(layout->arena, struct readers_passage, disk->count);
    struct tree_attributes journal_attributes = layout->file;
    passages[0] = readers_passage_into(readers_passage_to(disk), &disk->entries[0]);
    folders[0] = add_directory(layout, root, "migrations");
    for (size_t i = 1; i < disk->count; i++) {
        const struct disk_entry *entry = &disk->entries[i];
        struct tree_attributes attributes = source_attributes(entry, layout->view->is_shared);
        if (entry->is_link && layout->view->is_shared) {
            attributes.mode &= readers_of(disk, entry, entry); /* the folder that it leads to may be closed to others */
        }
        struct tree_draft *parent = folders[entry->parent];
        if (text_is(entry->path, "meta/_journal.json")) {
            journal_attributes = entry->kind == DISK_FILE ? attributes : journal_attributes;
        } else if (entry->kind == DISK_DIRECTORY) {
            identify(layout, passages, i, &attributes);
            folders[i] = tree_add_directory(layout->builder, parent, entry->name, &attributes);
            meta = text_is(entry->path, "meta") ? folders[i] : meta;
        } else if (entry->kind == DISK_FILE) {
            tree_add_content(layout->builder, parent, entry->name, &attributes, entry->content);
        }
    }
    if (!meta && !disk_find(disk, TEXT("meta")) && !join->is_v1) {
        meta = add_directory(layout, folders[0], "meta");
    }
    if (meta && !join->is_v1) {
        add_journal(layout, meta, layout->view->synthesis, &journal_attributes);
        add_snapshots(layout, meta);
    }
}

void layout_add(struct tree_builder *builder, struct arena *arena, const struct view *view, bool with_metrics) {
    const struct disk *disk = view->join->disk;
    const struct disk_entry *journal = disk_find(disk, TEXT("meta/_journal.json"));
    struct layout layout = {.arena = arena,
                            .builder = builder,
                            .view = view,
                            .directory = layout_root_attributes(disk, view->is_shared),
                            .file = made_attributes(disk, view->is_shared, 0444)};
    if (view->is_shared) {
        layout.directory.identity = readers_identity(readers_passage_to(disk), &disk->entries[0]);
    }
    layout.journal_mtime = journal ? journal->mtime : disk->entries[0].mtime;
    struct tree_draft *root = tree_builder_root(builder);
    struct tree_attributes journal_attributes = layout.file;
    if (journal && journal->kind == DISK_FILE) {
        journal_attributes.mode &=
            journal->mode & (view->is_shared ? readers_of(disk, journal, &disk->entries[0]) : 0777);
    }
    add_file(&layout, root, ".gitignore", TEXT("*\n")); /* a view inside a repository is not committed */
    add_file(&layout, root, "README", render_readme());
    if (view->is_shared) {
        layout.file.mode &= readers_of_all(disk) & view->rules_readers;
    }
    add_file(&layout, root, "summary", render_summary(arena, view));
    add_file(&layout, root, "problems", render_problems(arena, view));
    if (!view->join->is_v1) {
        add_file(&layout, root, "changes", render_changes(arena, view));
    }
    add_file(&layout, root, "status.json", render_json(arena, view));
    if (view->upgrade) {
        add_file(&layout, root, "upgrade", render_upgrade(arena, view));
    }
    if (with_metrics) {
        add_file(&layout, root, "metrics.prom", render_metrics(arena, view));
    }
    if (!view->join->is_v1) {
        add_journal(&layout, root, view->synthesis, &journal_attributes);
    }
    add_statuses(&layout, root);
    add_states(&layout, root);
    add_databases(&layout, root);
    add_migrations(&layout, root);
}
