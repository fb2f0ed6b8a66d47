/* Every name of the view is written here, and nowhere else. */
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
    struct arena *scratch; /* for rendering one file, which takes several times the size of the result */
    struct tree_builder *builder;
    const struct view *view;
    struct tree_attributes directory; /* of generated directories */
    struct tree_attributes file;      /* of generated files: the newest mtime they are made from */
    struct timespec journal_mtime;
};

static struct timespec later(struct timespec a, struct timespec b) {
    bool is_first = a.tv_sec > b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec >= b.tv_nsec);
    return is_first ? a : b;
}

/* Permissions of a file or folder of the source, for the users that the view has. */
static mode_t mode_of(const struct disk_entry *entry, bool is_shared) {
    return is_shared ? entry->granted : entry->mode;
}

/* What is generated has the owner and permissions of the source folder: what the source shows to no
 * other user, the view does not either. Nor does it to users who cannot reach the source folder:
 * they may have entered the view before the folder was closed or replaced. */
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
    return view;
}

void view_rehearse_upgrade(struct arena *arena, struct view *view) {
    view->upgrade = upgrade_rehearse(arena, view->join, view->effects);
}

static struct tree_draft *add_directory(struct layout *layout, struct tree_draft *parent, const char *name) {
    return tree_add_directory(layout->builder, parent, text_of(name), &layout->directory);
}

/* `bytes` were rendered in the scratch arena; only they are kept. */
static struct text keep(struct layout *layout, struct text bytes) {
    struct text kept = text_copy(layout->arena, bytes);
    arena_destroy(layout->scratch);
    layout->scratch = arena_within(layout->arena);
    return kept;
}

static void add_rendered(struct layout *layout, struct tree_draft *parent, struct text name,
                         const struct tree_attributes *attributes, struct text bytes) {
    tree_add_file(layout->builder, parent, name, attributes, keep(layout, bytes));
}

static void add_file(struct layout *layout, struct tree_draft *parent, const char *name, struct text bytes) {
    add_rendered(layout, parent, text_of(name), &layout->file, bytes);
}

/* The journal of one synthesis. A refused one has a size, so that no reader takes it for an empty
 * file. */
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

/* What is generated from a migration's file and from the journal is for users who can read both. */
static mode_t readers_of_status(const struct layout *layout, const struct migration *it) {
    const struct disk *disk = layout->view->join->disk;
    const struct disk_entry *journal = disk_find(disk, TEXT("meta/_journal.json"));
    if (!layout->view->is_shared) {
        return 0444;
    }
    const struct disk_entry *root = &disk->entries[0];
    return (journal ? readers_of(disk, journal, root) : 0444) & (it->file ? readers_of(disk, it->file, root) : 0444);
}

/* Of a status file, and of the links to it. */
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
        add_rendered(layout, status, tree_safe_name(layout->arena, it->tag), &attributes,
                     render_status(layout->scratch, layout->view, it));
    }
}

static void add_link(struct layout *layout, struct tree_draft *parent, const struct migration *it, const char *up) {
    struct tree_attributes attributes = layout->file;
    struct text name = tree_safe_name(layout->arena, it->tag);
    struct buffer target = BUFFER(layout->arena);
    attributes.mtime = status_mtime(layout, it);
    attributes.mode = 0777; /* a link's target says nothing about it */
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
    struct text *schemas = arena_array(layout->arena, struct text, view->join->database_count);
    add_file(layout, parent, "overview", render_overview(layout->scratch, view));
    for (size_t i = 0; i < view->join->database_count; i++) {
        struct tree_draft *folder =
            tree_add_directory(layout->builder, parent, view->join->databases[i].name, &layout->directory);
        add_file(layout, folder, "summary", render_database_summary(layout->scratch, view, i));
        add_file(layout, folder, "next", render_next(layout->scratch, view, i));
        add_file(layout, folder, "ledger", render_ledger(layout->scratch, view, i));
        if (view->effects) {
            size_t alike = view->effects->databases[i].first_alike;
            schemas[i] = alike < i ? schemas[alike] : keep(layout, render_schema(layout->scratch, view, i));
            tree_add_file(layout->builder, folder, TEXT("schema"), &layout->file, schemas[i]);
            add_file(layout, folder, "baseline.sql", render_baseline(layout->scratch, view, i));
        }
        if (view->join->layout->has_journal) {
            add_journal(layout, folder, view->own[i], &layout->file);
        }
        add_states_in(layout, folder, i);
    }
}

/* ---- migrations ---- */

/* Owner and permissions as in the source, without the write bits. */
static struct tree_attributes source_attributes(const struct disk_entry *entry, bool is_shared) {
    return (struct tree_attributes){
        .mode = mode_of(entry, is_shared) & 0555, .uid = entry->uid, .gid = entry->gid, .mtime = entry->mtime};
}

/* Sets the identity of a directory that stands for a folder of the source; `passages` are those
 * into the folders above it. */
static void identify(const struct layout *layout, struct readers_passage *passages, size_t index,
                     struct tree_attributes *attributes) {
    const struct disk_entry *folder = &layout->view->join->disk->entries[index];
    if (layout->view->is_shared) {
        attributes->identity = readers_identity(passages[folder->parent], folder);
        passages[index] = readers_passage_into(passages[folder->parent], folder);
    }
}

/* Generated names are sorted in among those on disk. */
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
        if (entry->is_link && entry->kind == DISK_FILE && layout->view->is_shared) {
            attributes.mode &= readers_of(disk, entry, entry); /* its target may be closed to others */
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
    if (!meta && !disk_find(disk, TEXT("meta")) && join->layout->has_journal) {
        meta = add_directory(layout, folders[0], "meta");
    }
    if (meta && join->layout->has_journal) {
        add_journal(layout, meta, layout->view->synthesis, &journal_attributes);
        add_snapshots(layout, meta);
    }
}

void layout_add(struct tree_builder *builder, struct arena *arena, const struct view *view, bool with_metrics) {
    const struct disk *disk = view->join->disk;
    const struct disk_entry *journal = disk_find(disk, TEXT("meta/_journal.json"));
    struct layout layout = {.arena = arena,
                            .scratch = arena_within(arena),
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
    add_file(&layout, root, ".gitignore", TEXT("*\n")); /* keeps views out of commits */
    add_file(&layout, root, "README", render_readme());
    if (view->is_shared) {
        layout.file.mode &= readers_of_all(disk) & view->rules_readers;
    }
    add_file(&layout, root, "summary", render_summary(layout.scratch, view));
    add_file(&layout, root, "problems", render_problems(layout.scratch, view));
    if (view->join->layout->has_journal) {
        add_file(&layout, root, "changes", render_changes(layout.scratch, view));
    }
    add_file(&layout, root, "status.json", render_json(layout.scratch, view));
    if (view->upgrade) {
        add_file(&layout, root, "upgrade", render_upgrade(layout.scratch, view));
    }
    if (with_metrics) {
        add_file(&layout, root, "metrics.prom", render_metrics(layout.scratch, view));
    }
    if (view->join->layout->has_journal) {
        add_journal(&layout, root, view->synthesis, &journal_attributes);
    }
    add_statuses(&layout, root);
    add_states(&layout, root);
    add_databases(&layout, root);
    add_migrations(&layout, root);
    arena_destroy(layout.scratch);
}
