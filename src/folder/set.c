/* The opened source folder, and what a finished scan is asked. How scans are made is in disk_scan.c. */
#include "folder/scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "folder/walk.h"

/* ---- the folder ---- */

struct disk_source *disk_open(const char *absolute_path, struct error *error) {
    struct disk_source *source = calloc(1, sizeof *source);
    if (!source || !(source->path = strdup(absolute_path))) {
        disk_close(source);
        error_set_memory(error);
        return NULL;
    }
    source->root = disk_root_open(absolute_path);
    if (!source->root) {
        error_set_folder(error, absolute_path);
        disk_close(source);
        return NULL;
    }
    struct disk_outcome outcome;
    int descriptor = disk_root_open_directory(source->root, "", &outcome);
    if (descriptor < 0) {
        errno = outcome.error;
        error_set_folder(error, absolute_path);
        disk_close(source);
        return NULL;
    }
    close(descriptor);
    return source;
}

void disk_close(struct disk_source *source) {
    if (source) {
        disk_root_unref(source->root);
        free(source->path);
        free(source);
    }
}

void disk_set_watch(struct disk_source *source, struct disk_watch *watch) {
    source->watch = watch;
}

size_t disk_files_read(const struct disk_source *source) {
    return source->files_read;
}

struct disk_progress disk_progress(const struct disk_source *source) {
    return (struct disk_progress){.read = source->answered, .total = source->asked};
}

/* ---- the scan ---- */

struct disk *disk_ref(struct disk *disk) {
    atomic_fetch_add_explicit(&scan_of(disk)->references, 1, memory_order_relaxed);
    return disk;
}

void disk_unref(struct disk *disk) {
    if (!disk || atomic_fetch_sub_explicit(&scan_of(disk)->references, 1, memory_order_acq_rel) > 1) {
        return;
    }
    for (size_t i = 0; i < disk->count; i++) {
        content_unref(disk->entries[i].content);
    }
    arena_destroy(scan_of(disk)->arena);
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
    struct scan *scan;
    size_t index;
};

static void make_line_ends(void *context) {
    struct line_end_task *task = context;
    sql_line_end_digests(task->arena, task->text, &task->line_ends.lf, &task->line_ends.crlf);
}

static void keep_line_ends(void *context) {
    struct line_end_task *task = context;
    if (!task->scan->line_ends) {
        task->scan->line_ends = arena_array(task->arena, struct line_ends *, task->scan->disk.count);
    }
    struct line_ends *line_ends = arena_new(task->arena, struct line_ends);
    *line_ends = task->line_ends;
    task->scan->line_ends[task->index] = line_ends;
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
    struct scan *scan = scan_of(disk);
    size_t index = (size_t)(entry - disk->entries);
    struct line_ends line_ends;
    if (scan->line_ends && scan->line_ends[index]) {
        line_ends = *scan->line_ends[index];
    } else if (line_ends_of_content(entry->content, &line_ends)) {
        struct line_end_task task = {.arena = scan->arena, .line_ends = line_ends, .scan = scan, .index = index};
        arena_run(scan->arena, keep_line_ends, &task); /* without the memory it is made again next time */
    } else {
        return false;
    }
    *ret_lf = line_ends.lf;
    *ret_crlf = line_ends.crlf;
    return true;
}
