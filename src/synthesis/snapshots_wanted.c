/* Finds the snapshots that the folder lacks: those after the newest, and those before a later
 * one. */
#include "migfs/synthesis/snapshots_wanted.h"

#include "synthesis/snapshot.h"
#include "synthesis/snapshot_folder.h"
#include "synthesis/snapshot_gaps.h"

/* The newest snapshot: the last name, as in drizzle-kit's reading of meta/. */
static const struct disk_entry *newest_of(const struct disk *disk) {
    const struct disk_entry *newest = NULL;
    for (size_t i = 1; i < disk->count; i++) {
        const struct disk_entry *it = &disk->entries[i];
        if (it->snapshot && (!newest || text_compare(it->name, newest->name) > 0)) {
            newest = it;
        }
    }
    return newest;
}

/* True if the migration sorts after the newest snapshot. */
static bool comes_after(struct arena *arena, const struct migration *it, const struct disk_entry *newest) {
    return it->number.length > 0 && text_compare(snapshot_file_name(arena, it->tag), newest->name) > 0;
}

/* Makes those after the newest snapshot, each from the previous one. */
static void make_newest(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                        const struct disk_entry *newest, const struct snapshots_reader *reader, size_t *room,
                        struct snapshots *snapshots) {
    struct snapshots_file *files = arena_array(arena, struct snapshots_file, synthesis->count);
    struct text base;
    size_t count = 0;
    struct snapshot_folder_before before = {.join = join, .synthesis = synthesis, .reader = reader};
    for (size_t i = 0; i < synthesis->count; i++) {
        const struct migration *it = &join->migrations[synthesis->entries[i].migration];
        if (it->file && !it->has_snapshot && comes_after(arena, it, newest)) {
            before.count = count == 0 ? i : before.count;
            files[count++] = snapshot_folder_file(arena, join, synthesis->entries[i].migration, reader);
        }
    }
    if (count > 0 && snapshot_folder_read(arena, newest, &base)) {
        const struct snapshots_start start = {.content = base,
                                              .name = newest->path,
                                              .habits = TEXT(""),
                                              .schema = reader->schema,
                                              .earlier = snapshot_folder_files,
                                              .context = &before};
        snapshots_make(arena, &start, files, count, room, snapshots);
    }
}

struct snapshots *snapshots_of(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                               const struct snapshots_reader *reader) {
    struct snapshots *snapshots = arena_new(arena, struct snapshots);
    const struct disk_entry *newest = newest_of(join->disk);
    /* A snapshot that is not JSON or has no version is reported separately. */
    if (!newest || !newest->snapshot->is_json || newest->snapshot->version == 0 || synthesis->refusal != REFUSAL_NONE) {
        return snapshots;
    }
    size_t room = SNAPSHOTS_ROOM;
    make_newest(arena, join, synthesis, newest, reader, &room, snapshots);
    bool *is_between = arena_array(arena, bool, synthesis->count);
    for (size_t i = 0; i < synthesis->count; i++) {
        const struct migration *it = &join->migrations[synthesis->entries[i].migration];
        is_between[i] = it->file && !it->has_snapshot && !comes_after(arena, it, newest);
    }
    snapshot_gaps_make(arena, join, synthesis, is_between, reader, &room, snapshots);
    return snapshots;
}
