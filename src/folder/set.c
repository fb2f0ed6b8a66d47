/* What a finished set is asked, and its end. */
#include "folder/set.h"

#include <stdlib.h>

struct disk *disk_ref(struct disk *disk) {
    record_ref(&disk_set_of(disk)->record);
    return disk;
}

void disk_unref(struct disk *disk) {
    if (!disk || !record_unref(&disk_set_of(disk)->record)) {
        return;
    }
    for (size_t i = 0; i < disk->count; i++) {
        content_unref(disk->entries[i].content);
    }
    arena_destroy(disk_set_of(disk)->arena);
}

const char *disk_unreachable(const struct disk *disk) {
    const struct disk_entry *root = &disk->entries[0];
    return disk->is_gone ? "is not there" : root->kind == DISK_REFUSED ? root->refusal.bytes : NULL;
}

static int compare_with_entry(const void *path, const void *entry) {
    return disk_path_compare(*(const struct text *)path, ((const struct disk_entry *)entry)->path);
}

const struct disk_entry *disk_find(const struct disk *disk, struct text path) {
    return bsearch(&path, disk->entries, disk->count, sizeof *disk->entries, compare_with_entry);
}

struct line_end_task {
    struct arena *arena;
    struct text text;
    struct line_ends line_ends;
    struct disk_set *set;
    size_t index;
};

static void make_line_ends(void *context) {
    struct line_end_task *task = context;
    sql_line_end_digests(task->arena, task->text, &task->line_ends.lf, &task->line_ends.crlf);
}

static void keep_line_ends(void *context) {
    struct line_end_task *task = context;
    if (!task->set->line_ends) {
        task->set->line_ends = arena_array(task->arena, struct line_ends *, task->set->disk.count);
    }
    struct line_ends *line_ends = arena_new(task->arena, struct line_ends);
    *line_ends = task->line_ends;
    task->set->line_ends[task->index] = line_ends;
}

static bool line_ends_of_content(struct content *content, struct line_ends *ret_line_ends) {
    struct error error;
    struct line_end_task task = {.arena = arena_create()};
    bool is_made = false;
    if (task.arena && content_pin(content, &task.text, &error)) {
        is_made = arena_run(task.arena, make_line_ends, &task);
        content_unpin(content);
    }
    arena_destroy(task.arena);
    *ret_line_ends = task.line_ends;
    return is_made;
}

bool disk_line_end_digests(const struct disk *disk, const struct disk_entry *entry, struct digest *ret_lf,
                           struct digest *ret_crlf) {
    if (!entry->content) {
        return false;
    }
    struct disk_set *set = disk_set_of(disk);
    size_t index = (size_t)(entry - disk->entries);
    struct line_ends line_ends;
    if (set->line_ends && set->line_ends[index]) {
        line_ends = *set->line_ends[index];
    } else if (line_ends_of_content(entry->content, &line_ends)) {
        struct line_end_task task = {.arena = set->arena, .line_ends = line_ends, .set = set, .index = index};
        arena_run(set->arena, keep_line_ends, &task); /* without the memory it is made again next time */
    } else {
        return false;
    }
    *ret_lf = line_ends.lf;
    *ret_crlf = line_ends.crlf;
    return true;
}
