/* upgrade: what drizzle v1 would do with this folder and these ledgers, and what to do before the
 * upgrade. */
#include <inttypes.h>

#include "migfs/drizzle/names_v1.h"
#include "migfs/drizzle/runner.h"
#include "migfs/report/render.h"
#include "migfs/synthesis/plan.h"
#include "migfs/synthesis/snapshots.h"
#include "report/phrases.h"

/* ---- sentences about the folder ---- */

static struct text tag_of(const struct upgrade *upgrade, size_t folder) {
    return folder == SIZE_MAX ? TEXT("") : upgrade->folders[folder].entry->tag;
}

/* The earliest `when`, in milliseconds, that sorts a folder after its parent. */
static int64_t when_after(const struct upgrade_folder *parent) {
    return parent->date + 1000;
}

/* Returns whether no other folder has the same text, so that v1 finds the row by the hash only. */
static bool hash_would_match(const struct upgrade *upgrade, const struct migration *it) {
    size_t same = 0;
    for (size_t i = 0; i < upgrade->folder_count; i++) {
        const struct disk_entry *file = upgrade->folders[i].file;
        same += file && digest_equal(&file->sql->digest, &it->file->sql->digest);
    }
    return same == 1;
}

/* Returns whether v1 still matches the row to this folder after the folder's second changes. v1
 * then goes by the hash, and only if no other folder has the second of the row. */
static bool keeps_its_row(const struct upgrade *upgrade, size_t folder, const struct standing *standing) {
    const struct migration *it = upgrade->folders[folder].migration;
    if ((standing->match != MATCH_HASH && standing->match != MATCH_HASH_AND_STAMP) || !it->file ||
        !hash_would_match(upgrade, it)) {
        return false;
    }
    for (size_t i = 0; i < upgrade->folder_count && standing->row->has_created_at; i++) {
        const struct upgrade_folder *other = &upgrade->folders[i];
        if (i != folder && other->file && other->has_date &&
            other->date == names_v1_second(standing->row->created_at)) {
            return false;
        }
    }
    return true;
}

/* What this `when` would do in ledgers that have a row of the migration. If v1 would no longer find
 * the row, the row needs the same timestamp; 0.x then does not run the migration again either. */
static void add_when_in_ledgers(struct buffer *buffer, const struct view *view, size_t folder, int64_t when) {
    const struct migration *it = view->upgrade->folders[folder].migration;
    bool are_all_fine = true, is_lost = false;
    for (size_t i = 0; it && i < view->join->database_count; i++) {
        const struct database *database = &view->join->databases[i];
        const struct standing *standing = &it->standings[i];
        if (database->ledger->is_v1) {
            are_all_fine = are_all_fine && !standing->row;
            continue;
        }
        bool is_kept = !standing->row || keeps_its_row(view->upgrade, folder, standing);
        if (is_kept && !(standing->row && runner_is_above(database->watermark, when))) {
            continue;
        }
        are_all_fine = false;
        is_lost = is_lost || !is_kept;
        buffer_add_string(buffer, "; in ");
        buffer_add_escaped(buffer, database->name);
        if (is_kept) {
            buffer_add_string(buffer, " 0.x would then run it again, so change it when only v1 deploys there");
        } else {
            buffer_add_string(buffer, " set created_at of its row, ");
            buffer_add_escaped(buffer, standing->row->id);
            buffer_add_string(buffer, ", to that, too, since v1 would otherwise not take it for this one's");
        }
    }
    if (is_lost) {
        buffer_add_string(buffer, "; the same in each that is not attached and has run it");
    } else if (view->join->database_count == 0) {
        buffer_add_string(buffer, "; attach the databases that have run it, to see what that does there");
    } else if (are_all_fine) {
        buffer_add_string(buffer, "; every ledger attached allows it");
    }
}

/* A ledger that v1 has upgraded goes by folder names, and the folder gets another name. */
static void add_name_in_ledgers(struct buffer *buffer, const struct view *view, size_t folder, struct text name) {
    const struct migration *it = view->upgrade->folders[folder].migration;
    for (size_t i = 0; it && i < view->join->database_count; i++) {
        const struct database *database = &view->join->databases[i];
        if (it->standings[i].row && database->ledger->is_v1) {
            buffer_add_string(buffer, "; in ");
            buffer_add_escaped(buffer, database->name);
            buffer_add_string(buffer, " set the name of its row, ");
            buffer_add_escaped(buffer, it->standings[i].row->id);
            buffer_add_string(buffer, ", to ");
            buffer_add_escaped(buffer, name);
        }
    }
}

static void add_when(struct buffer *buffer, const struct view *view, size_t folder, size_t parent) {
    int64_t when = when_after(&view->upgrade->folders[parent]);
    struct text tag = view->upgrade->folders[folder].entry->tag;
    buffer_format(buffer, "; set its `when` to %" PRId64, when);
    add_when_in_ledgers(buffer, view, folder, when);
    add_name_in_ledgers(buffer, view, folder, names_v1_folder(buffer->arena, when, tag));
}

/* Returns the tag with the other tag's words before its own, so that its folder sorts after the
 * other's in the same second. If the words are the same, the number is appended instead. Returns an
 * empty text if that does not help. */
static struct text tag_after(struct arena *arena, const struct view *view, const struct upgrade_folder *folder,
                             const struct upgrade_folder *other) {
    struct text tag = folder->entry->tag, others = other->entry->tag;
    size_t own_at, other_at;
    if (!text_find(tag, "_", &own_at) || !text_find(others, "_", &other_at)) {
        return TEXT("");
    }
    struct text number = text_slice(tag, 0, own_at), own = text_slice(tag, own_at + 1, tag.length);
    struct text words = text_slice(others, other_at + 1, others.length);
    struct text last = text_equal(own, words) ? number : own;
    struct text made = text_format(arena, "%.*s_%.*s_%.*s", TEXT_ARGS(number), TEXT_ARGS(words), TEXT_ARGS(last));
    struct text name = names_v1_folder(arena, names_v1_when(&folder->entry->when), made);
    bool is_taken = disk_find(view->join->disk, text_format(arena, "%.*s.sql", TEXT_ARGS(made)));
    return !is_taken && names_v1_sorts_after(name, other->name) ? made : TEXT("");
}

/* How to make a folder sort after another: in the same second by a new name, which changes nothing in
 * a ledger of 0.x, else by a new `when`. */
static void add_order_step(struct buffer *buffer, const struct view *view, size_t folder, size_t other) {
    const struct upgrade_folder *folders = view->upgrade->folders;
    bool is_of_one_second = folders[folder].date == folders[other].date && folders[folder].has_date;
    struct text tag = is_of_one_second ? tag_after(buffer->arena, view, &folders[folder], &folders[other]) : TEXT("");
    if (tag.length > 0) {
        struct text shown = text_escaped(buffer->arena, tag);
        buffer_format(buffer, "; rename it to %.*s.sql and the tag of its entry to %.*s", TEXT_ARGS(shown),
                      TEXT_ARGS(shown));
        int64_t when = names_v1_when(&folders[folder].entry->when);
        add_name_in_ledgers(buffer, view, folder, names_v1_folder(buffer->arena, when, tag));
    } else {
        add_when(buffer, view, folder, other);
    }
}

/* `migfs fix` if it makes the snapshot, else the reason why it does not. */
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
        const struct snapshots *within = gap ? &gap->within : snapshots;
        if (within->is_out_of_room) {
            buffer_format(buffer, "`migfs fix%s` makes it from the SQL when it has written %s: run it again",
                          gap ? " --all-snapshots" : "", gap ? "others" : "those before it");
            return;
        }
        if (gap || snapshots->count < snapshots->wanted) {
            buffer_add_string(buffer, "restore it from git, since it cannot be made from the SQL: ");
            bool is_its_own = within->line == 0 && within->blocked == migration;
            buffer_add(buffer, is_its_own ? within->reason : snapshots_blocked(buffer->arena, within));
            return;
        }
    }
    buffer_add_string(buffer, "restore it from git");
}

/* The same for an existing snapshot whose parent is missing. */
static void add_parent_step(struct buffer *buffer, const struct view *view, const struct disk_entry *snapshot) {
    const struct snapshots *snapshots = view->synthesis->snapshots;
    const struct snapshots_gap *gap = snapshots ? snapshots_gap_before(snapshots, snapshot) : NULL;
    if (gap && gap->next_content.length > 0) {
        buffer_add_string(buffer, "`migfs fix --all-snapshots` has it follow the one before, as the SQL does");
        return;
    }
    buffer_add_string(buffer, "restore that one from git");
    if (gap && gap->within.blocked_tag.length > 0) {
        buffer_add_string(buffer, ", since it does not follow the one before by the SQL: ");
        buffer_add(buffer, gap->within.reason);
    }
}

static void add_missing_when(struct buffer *buffer, const struct view *view, const struct upgrade_fault *fault) {
    buffer_add_string(buffer, "it has no `when`, so its folder would be named after the moment of the call");
    if (fault->other != SIZE_MAX && view->upgrade->folders[fault->other].has_date) {
        add_when(buffer, view, fault->folder, fault->other);
    } else {
        buffer_add_string(buffer, "; set its `when` to a time in milliseconds that is below all others");
    }
}

static void add_sentence(struct buffer *buffer, const struct view *view, const struct upgrade_fault *fault) {
    const struct upgrade *upgrade = view->upgrade;
    if (fault->obstacle == UPGRADE_NO_JOURNAL) {
        buffer_add_string(
            buffer,
            "there is no meta/_journal.json that drizzle-kit can read, so nothing is converted; `migfs check` says how "
            "to repair it");
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
        buffer_format(buffer, "entry %zu of the journal has no tag; `migfs fix` leaves it out",
                      folder->entry->position);
        break;
    case UPGRADE_BAD_WHEN:
        add_missing_when(buffer, view, fault);
        break;
    case UPGRADE_DOUBLED_TAG:
        buffer_add_string(buffer, "the journal lists it twice, and the conversion fails half-way: some folders made, "
                                  "their SQL moved; `migfs fix` keeps the first entry");
        break;
    case UPGRADE_SAME_FOLDER:
        buffer_format(buffer, "it would become the same folder as %.*s, and the conversion fails half-way",
                      TEXT_ARGS(other_tag));
        add_order_step(buffer, view, fault->folder, fault->other);
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
        buffer_format(buffer, "its snapshot follows one with the id %s, which no snapshot has; ",
                      text_escaped(buffer->arena, text_of(folder->snapshot->snapshot->prev_id)).bytes);
        add_parent_step(buffer, view, folder->snapshot);
        break;
    case UPGRADE_ORDER:
        buffer_format(buffer, "its folder would not sort after that of %.*s, which its snapshot follows",
                      TEXT_ARGS(other_tag));
        if (!other->has_date) {
            buffer_add_string(buffer, " and whose `when` is not a number; `migfs fix` gives that one a timestamp");
            break;
        }
        add_order_step(buffer, view, fault->folder, fault->other);
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

static void add_row(struct buffer *buffer, const struct ledger_row *row) {
    buffer_add_string(buffer, "row ");
    buffer_add_escaped(buffer, row->id);
    if (row->has_created_at) {
        buffer_format(buffer, " (created_at %" PRId64 ")", row->created_at);
    } else {
        buffer_add_string(buffer, " (created_at NULL)");
    }
}

/* All others match by their second. */
static void add_by_hash(struct buffer *buffer, const struct upgrade *upgrade, const struct upgrade_row *row) {
    buffer_add_string(buffer, "  ");
    add_row(buffer, row->row);
    buffer_add_string(buffer, " matches ");
    buffer_add_escaped(buffer, upgrade->folders[row->folder].name);
    buffer_add_string(buffer, " by its hash alone\n");
}

static void add_unmatched(struct buffer *buffer, const struct view *view, size_t database,
                          const struct upgrade_row *row) {
    const struct database *it = &view->join->databases[database];
    size_t at = it->row_migration[row->row - it->ledger->rows];
    const struct migration *migration = at == SIZE_MAX ? NULL : &view->join->migrations[at];
    buffer_add_string(buffer, "    ");
    add_row(buffer, row->row);
    buffer_add_string(buffer, " matches no folder by its second or its hash: ");
    if (migration && migration->file && migration->entry && hash_would_match(view->upgrade, migration)) {
        char hex[DIGEST_HEX_LENGTH + 1];
        digest_to_hex(&migration->file->sql->digest, hex);
        buffer_add_string(buffer, "it is that of ");
        buffer_add_escaped(buffer, migration->tag);
        buffer_format(buffer, ", edited since; set its hash to %s, that of the file as it is now\n", hex);
    } else if (migration && migration->file && !migration->entry && view->synthesis->refusal == REFUSAL_NONE &&
               plan_entry(view->synthesis, at)) {
        buffer_add_string(buffer, "it is that of ");
        buffer_add_escaped(buffer, migration->tag);
        buffer_add_string(buffer, ", which meta/_journal.json does not list; `migfs fix` adds it\n");
    } else {
        buffer_add_string(buffer, "restore its migration, or delete the row once 0.x no longer deploys there\n");
    }
}

/* baseline.sql does not record the migration if no object shows that it ran. */
static void add_unrecorded(struct buffer *buffer, const struct upgrade *upgrade, size_t database,
                           const struct upgrade_run *run) {
    const struct upgrade_folder *folder = &upgrade->folders[run->folder];
    const struct journal_value *when = &folder->entry->when;
    char hex[DIGEST_HEX_LENGTH + 1];
    digest_to_hex(&folder->file->sql->digest, hex);
    buffer_format(buffer,
                  ": .migfs says that it was run by hand here, so it would run again; insert a row with the hash %s "
                  "and the created_at %" PRId64,
                  hex, when->is_valid ? when->number : folder->date);
    if (upgrade->databases[database].is_v1) {
        buffer_add_string(buffer, " and the name ");
        buffer_add_escaped(buffer, folder->name);
    }
}

static void add_run(struct buffer *buffer, const struct view *view, size_t database, const struct upgrade_run *run) {
    const struct upgrade *upgrade = view->upgrade;
    const char *passed = run->was_passed_over ? " 0.x passed over it, and" : "";
    buffer_add_string(buffer, "    ");
    buffer_add_escaped(buffer, upgrade->folders[run->folder].name);
    if (!upgrade->folders[run->folder].has_date) {
        buffer_add_string(buffer,
                          ": its name has no date, since its `when` is not a number, and the run aborts; `migfs fix` "
                          "gives it a timestamp");
    } else if (run->is_there && run->aborts) {
        buffer_format(buffer,
                      ":%s all that it does is there, so the run aborts; databases/%.*s/baseline.sql, run with psql, "
                      "records it",
                      passed, TEXT_ARGS(view->join->databases[database].name));
    } else if (run->failure.length > 0) {
        buffer_format(buffer, ":%s the run aborts at it: %.*s", passed, TEXT_ARGS(run->failure));
    } else if (run->aborts) {
        add_unrecorded(buffer, upgrade, database, run);
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
    phrase_count(buffer, ledger->count, "row");
    buffer_add_string(buffer, it->throws                       ? "\n"
                              : ledger->status == LEDGER_FRESH ? ", no table yet\n"
                              : it->is_v1                      ? ", its table is already v1's\n"
                                                               : ", each with its folder\n");
    for (size_t i = 0; i < ledger->count; i++) {
        if (it->rows[i].is_by_hash) {
            add_by_hash(buffer, view->upgrade, &it->rows[i]);
        }
    }
    if (it->throws) {
        buffer_format(buffer, "  the first run of v1 throws, for %zu of them, and changes nothing:\n", it->unmatched);
        for (size_t i = 0; i < ledger->count; i++) {
            if (it->rows[i].folder == SIZE_MAX) {
                add_unmatched(buffer, view, database, &it->rows[i]);
            }
        }
        return;
    }
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
            &buffer, "Ready for Drizzle v1: `drizzle-kit up` accepts this folder, and no ledger stands in the way.\n");
    } else {
        phrase_count(&buffer, upgrade->obstacles, "thing");
        buffer_format(&buffer, " %s in the way of Drizzle v1.\n", upgrade->obstacles == 1 ? "stands" : "stand");
    }
    buffer_add_string(&buffer, "\n`drizzle-kit up`: ");
    if (upgrade->fault_count == 0) {
        buffer_add_string(&buffer, "accepts this folder\n");
    } else {
        buffer_add_string(&buffer, "refuses this folder because of\n");
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
