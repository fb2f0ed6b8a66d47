/* Reads only the bytes that the scan has seen. */
#include "synthesis/snapshot_folder.h"

bool snapshot_folder_read(struct arena *arena, const struct disk_entry *entry, struct text *ret_text) {
    struct error error;
    size_t size = content_size(entry->content), length = 0;
    char *bytes = arena_alloc(arena, size + 1);
    *ret_text = (struct text){bytes, size};
    return content_read(entry->content, bytes, size, 0, &length, &error) && length == size;
}

/* Another migration with the same number, and so with the same snapshot file. */
static const struct migration *with_same_number(const struct join *join, const struct migration *it) {
    for (size_t i = 0; i < join->count; i++) {
        const struct migration *other = &join->migrations[i];
        if (other != it && migration_counts(other) && text_equal(other->number, it->number)) {
            return other;
        }
    }
    return NULL;
}

struct snapshots_file snapshot_folder_file(struct arena *arena, const struct join *join, size_t migration,
                                           const struct snapshots_reader *reader) {
    const struct migration *it = &join->migrations[migration], *other = with_same_number(join, it);
    struct snapshots_file file = {.migration = migration, .tag = it->tag, .fault = TEXT("")};
    if (other) {
        file.fault = text_format(arena, "%s has the same number, and with it the same snapshot",
                                 text_escaped(arena, other->tag).bytes);
    } else {
        reader->read_sql(reader->context, arena, it->file, &file);
    }
    return file;
}

const struct snapshots_file *snapshot_folder_files(const void *context, struct arena *arena, size_t *ret_count) {
    const struct snapshot_folder_before *before = context;
    struct snapshots_file *files = arena_array(arena, struct snapshots_file, before->count);
    for (size_t i = 0; i < before->count; i++) {
        const struct migration *it = &before->join->migrations[before->synthesis->entries[i].migration];
        files[i] = (struct snapshots_file){.tag = it->tag, .fault = TEXT("")};
        before->reader->read_sql(before->reader->context, arena, it->file, &files[i]);
    }
    *ret_count = before->count;
    return files;
}
