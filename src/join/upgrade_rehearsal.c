/* Simulates the first run of v1 on each ledger, with the folders that drizzle-kit would make from
 * the journal. */
#include "migfs/join/upgrade_rehearsal.h"

#include "join/ledger_v1.h"
#include "join/upgrade_kit.h"
#include "migfs/join/effects_ahead.h"

struct rehearsal {
    const struct join *join;
    const struct effects_join *effects; /* NULL: not known */
    struct upgrade *upgrade;
    const struct folders_v1 *folders; /* those of entries that become a folder */
    size_t *entry;                    /* [folders->count]: index in upgrade->folders */
};

static struct rehearsal create_rehearsal(struct arena *arena, const struct join *join,
                                         const struct effects_join *effects, struct upgrade *upgrade) {
    struct folder_v1 *folders = arena_array(arena, struct folder_v1, upgrade->folder_count);
    size_t *entry = arena_array(arena, size_t, upgrade->folder_count), count = 0;
    for (size_t i = 0; i < upgrade->folder_count; i++) {
        const struct upgrade_folder *it = &upgrade->folders[i];
        if (it->file && it->name.length > 0) {
            entry[count] = i;
            folders[count++] = (struct folder_v1){it->name, it->has_date, it->date, it->file->sql->digest};
        }
    }
    return (struct rehearsal){join, effects, upgrade, ledger_v1_sort(arena, folders, count), entry};
}

static void list_runs(const struct rehearsal *rehearsal, size_t database, const struct ledger_v1 *read) {
    const struct folders_v1 *folders = rehearsal->folders;
    struct upgrade_database *it = &rehearsal->upgrade->databases[database];
    it->runs = arena_array(folders->arena, struct upgrade_run, folders->count);
    for (size_t i = 0; i < folders->count && !read->throws; i++) {
        size_t at = folders->by_date[i];
        const struct upgrade_folder *folder = &rehearsal->upgrade->folders[rehearsal->entry[at]];
        const struct runner_candidate candidate = {.name = folder->name, .is_named = read->is_recorded[at]};
        if (!runner_runs(&runner_v1, &candidate, rehearsal->join->databases[database].watermark)) {
            continue;
        }
        const struct standing *standing = folder->migration ? &folder->migration->standings[database] : NULL;
        it->runs[it->run_count++] = (struct upgrade_run){
            .folder = rehearsal->entry[at],
            .was_passed_over = standing && standing->state == STATE_SKIPPED,
            .failure = TEXT(""),
            .aborts = !runner_records(&runner_v1, &candidate) || (standing && !standing->row && standing->applied_by)};
    }
}

/* Marks the migrations whose effects exist already, and where the run would fail because of
 * existing objects. */
static void mark_effects(const struct rehearsal *rehearsal, size_t database) {
    const struct effects_join *effects = rehearsal->effects;
    struct upgrade_database *it = &rehearsal->upgrade->databases[database];
    struct arena *arena = rehearsal->folders->arena;
    const struct migration **runs = arena_array(arena, const struct migration *, it->run_count);
    size_t count = 0;
    bool is_whole = true; /* all so far have a migration with known effects */
    for (size_t i = 0; i < it->run_count; i++) {
        const struct migration *migration = rehearsal->upgrade->folders[it->runs[i].folder].migration;
        is_whole = is_whole && migration && migration->file;
        if (!migration || !migration->file) {
            continue;
        }
        size_t index = (size_t)(migration - rehearsal->join->migrations);
        it->runs[i].is_there = effects_standing_of(effects, index, database)->is_found;
        it->runs[i].aborts = it->runs[i].aborts || (it->runs[i].is_there && !effects->own[index].effects.is_guarded);
        if (is_whole) {
            runs[count++] = migration;
        }
    }
    struct effects_failure failure = effects_ahead(arena, effects, database, runs, count);
    if (failure.migration != SIZE_MAX) {
        it->runs[failure.position].failure = failure.what;
        it->runs[failure.position].aborts = true;
    }
}

static void rehearse_database(const struct rehearsal *rehearsal, size_t database) {
    struct arena *arena = rehearsal->folders->arena;
    const struct ledger *ledger = rehearsal->join->databases[database].ledger;
    struct upgrade_database *it = &rehearsal->upgrade->databases[database];
    it->is_known = ledger->status != LEDGER_UNREADABLE;
    if (!it->is_known) {
        return;
    }
    const struct ledger_v1 *read = ledger_v1_read(rehearsal->folders, ledger);
    const size_t *by_id = ledger_v1_by_id(arena, ledger);
    it->is_v1 = ledger->is_v1;
    it->throws = read->throws;
    it->unmatched = read->unmatched;
    it->rows = arena_array(arena, struct upgrade_row, ledger->count);
    for (size_t i = 0; i < ledger->count; i++) {
        size_t folder = read->folder[by_id[i]];
        it->rows[i] = (struct upgrade_row){.row = &ledger->rows[by_id[i]],
                                           .folder = folder == SIZE_MAX ? SIZE_MAX : rehearsal->entry[folder],
                                           .is_by_hash = read->match[by_id[i]] == MATCH_V1_HASH};
    }
    list_runs(rehearsal, database, read);
    if (rehearsal->effects && rehearsal->effects->databases[database].is_known) {
        mark_effects(rehearsal, database);
    }
}

static bool is_obstacle(const struct upgrade_database *database) {
    bool aborts = false;
    for (size_t i = 0; i < database->run_count; i++) {
        aborts = aborts || database->runs[i].aborts;
    }
    return !database->is_known || database->throws || aborts;
}

struct upgrade *upgrade_rehearse(struct arena *arena, const struct join *join, const struct effects_join *effects) {
    struct upgrade *upgrade = upgrade_plan(arena, join);
    if (!upgrade) {
        return NULL;
    }
    struct rehearsal rehearsal = create_rehearsal(arena, join, effects, upgrade);
    upgrade->databases = arena_array(arena, struct upgrade_database, join->database_count);
    upgrade->obstacles = upgrade->fault_count;
    for (size_t i = 0; i < join->database_count; i++) {
        rehearse_database(&rehearsal, i);
        upgrade->obstacles += is_obstacle(&upgrade->databases[i]);
    }
    return upgrade;
}
