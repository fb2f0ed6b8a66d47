/* upgrade: what drizzle v1 would do with this folder and these ledgers, and what to do first. */
#include <inttypes.h>

#include "migfs/report/render.h"
#include "migfs/synthesis/snapshots.h"

/* ---- sentences about the folder ---- */

static struct text tag_of(const struct upgrade *upgrade, size_t folder) {
    return folder == SIZE_MAX ? TEXT("") : upgrade->folders[folder].entry->tag;
}

/* The earliest `when`, in milliseconds, with which a folder sorts after its parent's. */
static int64_t when_after(const struct upgrade_folder *parent) {
    return parent->date + 1000;
}

/* What that `when` would do in the ledgers: in one that has the migration, 0.x runs it again if the timestamp lies above the watermark, and
 * v1 then knows its row by the hash alone. */
static void add_when_in_ledgers(struct buffer *buffer, const struct view *view, size_t folder, int64_t when) {
    const struct migration *it = view->upgrade->folders[folder].migration;
    bool are_all_fine = true;
    for (size_t i = 0; it && i < view->join->database_count; i++) {
        const struct database *database = &view->join->databases[i];
        const struct standing *standing = &it->standings[i];
        if (!standing->row) {
            continue;
        }
        bool runs_again = watermark_lets_run(database->watermark, when);
        bool is_known_by_hash = standing->match == MATCH_HASH || standing->match == MATCH_HASH_AND_STAMP;
        if (runs_again || !is_known_by_hash) {
            are_all_fine = false;
            buffer_add_string(buffer, "; in ");
            buffer_add_escaped(buffer, database->name);
            buffer_add_string(
                buffer, runs_again ? " 0.x would then run it again, so change it when only v1 deploys there"
                                   : " its row would then match no folder, since the file has changed since it ran");
        }
    }
    if (are_all_fine && view->join->database_count > 0) {
        buffer_add_string(buffer, "; every ledger attached allows it");
    }
}

/* `migfs fix` where it makes the snapshot; else why it does not. */
static void add_snapshot_step(struct buffer *buffer, const struct view *view, const struct migration *it) {
    const struct snapshots *snapshots = view->synthesis->snapshots;
    if (snapshots && it) {
        size_t migration = (size_t)(it - view->join->migrations);
        const struct snapshots_gap *gap = snapshots_gap_of(snapshots, migration);
        if (snapshots_find(snapshots, migration)) {
            buffer_add_string(buffer, "`migfs fix` makes it from the SQL");
            return;
        }
        if (gap && gap->within.count > 0) {
            buffer_add_string(buffer, "`migfs fix --all-snapshots` makes it from the SQL");
            return;
        }
        if (!gap && snapshots->is_out_of_room) {
            buffer_add_string(buffer,
                              "`migfs fix` makes it from the SQL when it has written those before it: run it again");
            return;
        }
        const struct snapshots *within = gap ? &gap->within : snapshots;
        if (gap || snapshots->count < snapshots->wanted) {
            buffer_add_string(buffer, "restore it from git, since it cannot be made from the SQL: ");
            bool is_its_own = within->line == 0 && within->blocked == migration;
            buffer_add(buffer, is_its_own ? within->reason : snapshots_blocked(buffer->arena, within));
            return;
        }
    }
    buffer_add_string(buffer, "restore it from git");
}

static void add_sentence(struct buffer *buffer, const struct view *view, const struct upgrade_fault *fault) {
    const struct upgrade *upgrade = view->upgrade;
    if (fault->obstacle == UPGRADE_NO_JOURNAL) {
        buffer_add_string(
            buffer,
            "there is no meta/_journal.json that drizzle-kit can read, so nothing is converted; put it right first");
        return;
    }
    const struct upgrade_folder *folder = &upgrade->folders[fault->folder];
    const struct upgrade_folder *other = &upgrade->folders[fault->other == SIZE_MAX ? fault->folder : fault->other];
    struct text other_tag = text_escaped(buffer->arena, other->entry->tag);
    struct text number = text_escaped(buffer->arena, folder->entry->tag);
    size_t underscore;
    if (text_find(number, "_", &underscore)) {
        number = text_slice(number, 0, underscore);
    }
    switch (fault->obstacle) {
    case UPGRADE_BAD_ENTRY:
        buffer_format(buffer, "entry %zu of the journal has no tag; remove it", folder->entry->position);
        break;
    case UPGRADE_BAD_WHEN:
        buffer_add_string(buffer, "it has no `when`, so its folder would be named after the moment of the call; set "
                                  "`when` to a time in milliseconds");
        break;
    case UPGRADE_DOUBLED_TAG:
        buffer_add_string(
            buffer,
            "the journal lists it twice, and the conversion breaks half-way: some folders made, their SQL moved; "
            "remove one of the entries first");
        break;
    case UPGRADE_SAME_FOLDER:
        buffer_format(
            buffer,
            "it would become the same folder as %.*s, and the conversion breaks half-way; set its `when` to %" PRId64
            " or later",
            TEXT_ARGS(other_tag), when_after(other));
        add_when_in_ledgers(buffer, view, fault->folder, when_after(other));
        break;
    case UPGRADE_NO_SQL:
        buffer_format(buffer, "neither its file nor another one that begins with %.*s_ is there; restore it from git",
                      TEXT_ARGS(number));
        break;
    case UPGRADE_SEVERAL_SQL:
        buffer_format(buffer,
                      "its file is not there, and several others begin with %.*s_; rename the right one to its tag",
                      TEXT_ARGS(number));
        break;
    case UPGRADE_NO_SNAPSHOT:
        buffer_format(buffer, "meta/%.*s_snapshot.json is missing; ", TEXT_ARGS(number));
        add_snapshot_step(buffer, view, folder->migration);
        break;
    case UPGRADE_SHARED_SNAPSHOT:
        buffer_format(
            buffer,
            "it has the number of %.*s, and so the same snapshot, meta/%.*s_snapshot.json; give one of them another "
            "number and a snapshot of its own",
            TEXT_ARGS(other_tag), TEXT_ARGS(number));
        break;
    case UPGRADE_BAD_SNAPSHOT:
        buffer_format(buffer, "meta/%.*s_snapshot.json cannot be read as a snapshot; restore it from git",
                      TEXT_ARGS(number));
        break;
    case UPGRADE_SNAPSHOT_VERSION:
        buffer_format(buffer, "meta/%.*s_snapshot.json has no version that drizzle-kit knows; restore it from git",
                      TEXT_ARGS(number));
        break;
    case UPGRADE_NO_PARENT:
        buffer_format(buffer,
                      "its snapshot follows one with the id %s, which no snapshot has; restore that one from git",
                      text_escaped(buffer->arena, text_of(folder->snapshot->snapshot->prev_id)).bytes);
        break;
    case UPGRADE_ORDER:
        buffer_format(
            buffer,
            "its folder would not sort after that of %.*s, which its snapshot follows; set its `when` to %" PRId64
            " or later",
            TEXT_ARGS(other_tag), when_after(other));
        add_when_in_ledgers(buffer, view, fault->folder, when_after(other));
        break;
    case UPGRADE_TWO_FIRSTS:
        buffer_format(
            buffer,
            "its snapshot follows none, as that of %.*s does, and a folder may have one first; restore the right one "
            "from git",
            TEXT_ARGS(other_tag));
        break;
    case UPGRADE_NO_JOURNAL:
    case UPGRADE_OBSTACLE_COUNT:
        break;
    }
}

struct text render_upgrade_sentence(struct arena *arena, const struct view *view, const struct upgrade_fault *fault) {
    struct buffer buffer = BUFFER(arena);
    add_sentence(&buffer, view, fault);
    return buffer_text(&buffer);
}

/* ---- the ledgers ---- */

static void add_plural(struct buffer *buffer, size_t count, const char *what) {
    buffer_format(buffer, "%zu %s%s", count, what, count == 1 ? "" : "s");
}

/* The folder that v1 would give to the row of a migration whose hash were right, or SIZE_MAX: what is offered must end well. */
static bool hash_would_match(const struct upgrade *upgrade, const struct migration *it) {
    size_t same = 0;
    for (size_t i = 0; i < upgrade->folder_count; i++) {
        const struct disk_entry *file = upgrade->folders[i].file;
        same += file && digest_equal(&file->sql->digest, &it->file->sql->digest);
    }
    return same == 1;
}

static void add_unmatched(struct buffer *buffer, const struct view *view, size_t database,
                          const struct upgrade_row *row) {
    const struct database *it = &view->join->databases[database];
    size_t at = it->row_migration[row->row - it->ledger->rows];
    const struct migration *migration = at == SIZE_MAX ? NULL : &view->join->migrations[at];
    buffer_add_string(buffer, "    row ");
    buffer_add_escaped(buffer, row->row->id);
    if (row->row->has_created_at) {
        buffer_format(buffer, " (created_at %" PRId64 ")", row->row->created_at);
    } else {
        buffer_add_string(buffer, " (created_at NULL)");
    }
    buffer_add_string(buffer, " matches no folder by its second or its hash: ");
    if (migration && migration->file && migration->entry && hash_would_match(view->upgrade, migration)) {
        char hex[DIGEST_HEX_LENGTH + 1];
        digest_to_hex(&migration->file->sql->digest, hex);
        buffer_add_string(buffer, "it is that of ");
        buffer_add_escaped(buffer, migration->tag);
        buffer_format(buffer, ", edited since; set its hash to %s, that of the file as it is now\n", hex);
    } else {
        buffer_add_string(buffer, "restore its migration, or delete the row once 0.x no longer deploys there\n");
    }
}

static void add_run(struct buffer *buffer, const struct view *view, size_t database, const struct upgrade_run *run) {
    const struct upgrade *upgrade = view->upgrade;
    const char *passed = run->was_passed_over ? " 0.x passed over it, and" : "";
    buffer_add_string(buffer, "    ");
    buffer_add_escaped(buffer, upgrade->folders[run->folder].name);
    if (!upgrade->folders[run->folder].has_date) {
        buffer_add_string(buffer, ": its name has no date, since its `when` is not a number, and the run aborts");
    } else if (run->is_there && run->aborts) {
        buffer_format(buffer,
                      ":%s all that it does is there, so the run aborts; databases/%.*s/baseline.sql, run with psql, "
                      "records it",
                      passed, TEXT_ARGS(view->join->databases[database].name));
    } else if (run->failure.length > 0) {
        buffer_format(buffer, ":%s the run aborts at it: %.*s", passed, TEXT_ARGS(run->failure));
    } else if (run->aborts) {
        buffer_add_string(buffer, ": .migfs says that it was run by hand here, so it would run again");
    } else if (run->was_passed_over) {
        buffer_add_string(buffer, ": 0.x passed over it");
    }
    buffer_add_char(buffer, '\n');
}

static void add_database(struct buffer *buffer, const struct view *view, size_t database) {
    const struct upgrade_database *it = &view->upgrade->databases[database];
    const struct ledger *ledger = view->join->databases[database].ledger;
    buffer_add_string(buffer, "\ndatabase ");
    buffer_add_escaped(buffer, ledger->database);
    if (!it->is_known) {
        buffer_add_string(buffer, ": cannot be read, so what the first run of v1 does there is not known\n");
        return;
    }
    buffer_add_string(buffer, ": ");
    add_plural(buffer, ledger->count, "row");
    if (it->throws) {
        buffer_format(buffer, "\n  the first run of v1 throws, for %zu of them, and changes nothing:\n", it->unmatched);
        for (size_t i = 0; i < ledger->count; i++) {
            if (it->rows[i].folder == SIZE_MAX) {
                add_unmatched(buffer, view, database, &it->rows[i]);
            }
        }
        return;
    }
    buffer_add_string(buffer, ledger->status == LEDGER_FRESH ? ", no table yet\n"
                              : it->is_v1                    ? ", its table is one of v1 already\n"
                                                             : ", each with its folder\n");
    if (it->run_count == 0) {
        buffer_add_string(buffer, "  the first run of v1 runs nothing\n");
        return;
    }
    buffer_format(buffer, "  the first run of v1 runs %zu, in this order:\n", it->run_count);
    for (size_t i = 0; i < it->run_count; i++) {
        add_run(buffer, view, database, &it->runs[i]);
    }
}

struct text render_upgrade(struct arena *arena, const struct view *view) {
    const struct upgrade *upgrade = view->upgrade;
    struct buffer buffer = BUFFER(arena);
    if (upgrade->obstacles == 0) {
        buffer_add_string(
            &buffer, "Ready for drizzle v1: `drizzle-kit up` takes this folder, and no ledger stands in the way.\n");
    } else {
        add_plural(&buffer, upgrade->obstacles, "thing");
        buffer_format(&buffer, " %s in the way of drizzle v1.\n", upgrade->obstacles == 1 ? "stands" : "stand");
    }
    buffer_add_string(&buffer, "\n`drizzle-kit up`: ");
    if (upgrade->fault_count == 0) {
        buffer_add_string(&buffer, "takes this folder\n");
    } else {
        buffer_add_string(&buffer, "refuses this folder, for\n");
    }
    for (size_t i = 0; i < upgrade->fault_count; i++) {
        struct text tag = tag_of(upgrade, upgrade->faults[i].folder);
        buffer_add_string(&buffer, "  ");
        buffer_add_escaped(&buffer, tag.length > 0 ? tag : TEXT("meta/_journal.json"));
        buffer_add_string(&buffer, ": ");
        add_sentence(&buffer, view, &upgrade->faults[i]);
        buffer_format(&buffer, " [%s]\n", upgrade_obstacle_name(upgrade->faults[i].obstacle));
    }
    for (size_t i = 0; i < view->join->database_count; i++) {
        add_database(&buffer, view, i);
    }
    if (upgrade->left_count > 0) {
        buffer_add_string(&buffer, "\nleft as they are, and never read by v1:\n");
    }
    for (size_t i = 0; i < upgrade->left_count; i++) {
        buffer_add_string(&buffer, "  ");
        buffer_add_escaped(&buffer, upgrade->left[i]->name);
        buffer_add_char(&buffer, '\n');
    }
    buffer_add_string(&buffer, upgrade->folder_count > 0 ? "\nthe folders:\n" : "");
    for (size_t i = 0; i < upgrade->folder_count; i++) {
        const struct upgrade_folder *folder = &upgrade->folders[i];
        buffer_add_string(&buffer, "  ");
        buffer_add_escaped(&buffer, folder->entry->tag);
        buffer_add_string(&buffer, " -> ");
        buffer_add_escaped(&buffer, folder->name.length > 0 ? folder->name : TEXT("-"));
        buffer_add_char(&buffer, '\n');
    }
    return buffer_text(&buffer);
}
