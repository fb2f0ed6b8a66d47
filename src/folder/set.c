/* Queries on a finished set, and its destruction. */
#include "folder/set.h"

#include <stdlib.h>
#include <string.h>

#include "migfs/util/sorted.h"

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
    disk_unref(disk_set_of(disk)->original);
    for (size_t i = 0; i < DISK_THREADS; i++) {
        arena_destroy(disk_set_of(disk)->of_threads[i]);
    }
    arena_destroy(disk_set_of(disk)->arena);
}

struct copying {
    struct arena *arena;
    struct disk *disk;
    struct text refusal;
    struct disk_set *set;
};

/* Runs in the arena. What the original knows already need not be read again, and it keeps it. */
static void copy_known(struct disk_set *set, const struct disk_set *original) {
    size_t count = set->disk.count;
    if (original->line_ends) {
        set->line_ends = arena_array(set->arena, struct line_ends *, count);
        memcpy(set->line_ends, original->line_ends, count * sizeof(struct line_ends *));
    }
    if (original->statements) {
        set->statements = arena_array(set->arena, struct sql_statements *, count);
        memcpy(set->statements, original->statements, count * sizeof(struct sql_statements *));
    }
}

/* Runs in the arena. */
static void copy(void *context) {
    struct copying *copying = context;
    const struct disk *disk = copying->disk;
    struct disk_set *set = arena_new(copying->arena, struct disk_set);
    struct disk_entry *entries = arena_array(copying->arena, struct disk_entry, disk->count);
    set->arena = copying->arena;
    set->is_racy = arena_array(copying->arena, bool, disk->count);
    set->threads = disk_set_of(disk)->threads;
    set->disk = *disk;
    set->disk.entries = entries;
    memcpy(entries, disk->entries, disk->count * sizeof *entries);
    if (copying->refusal.length > 0) {
        set->disk.is_silent = true;
        entries[0].kind = DISK_REFUSED;
        entries[0].refusal = text_copy(copying->arena, copying->refusal);
    }
    disk_set_index(set);
    copy_known(set, disk_set_of(disk));
    record_init(&set->record);
    copying->set = set;
}

struct disk *disk_copy(struct disk *disk, struct text refusal) {
    struct copying copying = {.arena = arena_create(), .disk = disk, .refusal = refusal};
    if (!copying.arena || !arena_run(copying.arena, copy, &copying)) {
        arena_destroy(copying.arena);
        return NULL;
    }
    for (size_t i = 0; i < disk->count; i++) {
        if (disk->entries[i].content) {
            content_ref(disk->entries[i].content);
        }
    }
    copying.set->original = disk_ref(disk);
    return &copying.set->disk;
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

/* ---- what links lead to ---- */

static int compare_identity(const struct disk_entry *a, const struct disk_entry *b) {
    int order = (a->device > b->device) - (a->device < b->device);
    return order != 0 ? order : (a->inode > b->inode) - (a->inode < b->inode);
}

/* Among several names of one file the first comes first. */
static int compare_files(const void *a, const void *b, void *entries) {
    size_t first = *(const size_t *)a, second = *(const size_t *)b;
    const struct disk_entry *entry = entries;
    int order = compare_identity(&entry[first], &entry[second]);
    return order != 0 ? order : (first > second) - (first < second);
}

void disk_set_index(struct disk_set *set) {
    const struct disk *disk = &set->disk;
    bool has_link = false;
    for (size_t i = 0; i < disk->count; i++) {
        has_link = has_link || disk->entries[i].is_link;
    }
    set->files = has_link ? arena_array(set->arena, size_t, disk->count) : NULL;
    for (size_t i = 0; has_link && i < disk->count; i++) {
        if (disk->entries[i].kind == DISK_FILE && !disk->entries[i].is_link) {
            set->files[set->file_count++] = i;
        }
    }
    if (has_link) {
        qsort_r(set->files, set->file_count, sizeof *set->files, compare_files, (void *)disk->entries);
    }
}

struct target_of_link {
    const struct disk *disk;
    const struct disk_entry *link;
};

static bool lies_before_target(const void *context, size_t position) {
    const struct target_of_link *sought = context;
    size_t file = disk_set_of(sought->disk)->files[position];
    return compare_identity(&sought->disk->entries[file], sought->link) < 0;
}

const struct disk_entry *disk_target(const struct disk *disk, const struct disk_entry *link) {
    const struct disk_set *set = disk_set_of(disk);
    struct target_of_link sought = {disk, link};
    size_t at = sorted_find(set->file_count, lies_before_target, &sought);
    const struct disk_entry *found = at < set->file_count ? &disk->entries[set->files[at]] : NULL;
    return found && compare_identity(found, link) == 0 ? found : NULL;
}

/* ---- line ends ---- */

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
        arena_run(set->arena, keep_line_ends, &task); /* out of memory: made again next time */
    } else {
        return false;
    }
    *ret_lf = line_ends.lf;
    *ret_crlf = line_ends.crlf;
    return true;
}
