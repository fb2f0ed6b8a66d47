#include "migfs/folder/statements.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "folder/set.h"

/* ---- one file ---- */

struct task {
    struct arena *arena;
    struct text text;
    struct sql_statements statements;
    struct disk_set *set;
    size_t index;
};

static void make_statements(void *context) {
    struct task *task = context;
    sql_statements_read(task->arena, task->text, &task->statements);
}

static void make_list(void *context) {
    struct disk_set *set = context;
    if (!set->statements) {
        set->statements = arena_array(set->arena, struct sql_statements *, set->disk.count);
    }
}

static void keep_statements(void *context) {
    struct task *task = context;
    make_list(task->set);
    task->set->statements[task->index] = sql_statements_copy(task->set->arena, &task->statements);
}

const struct sql_statements *disk_statements(const struct disk *disk, const struct disk_entry *entry) {
    struct disk_set *set = disk_set_of(disk);
    struct task task = {.set = set, .index = (size_t)(entry - disk->entries)};
    struct error error;
    if (set->statements && set->statements[task.index]) {
        return set->statements[task.index];
    }
    task.arena = arena_create();
    bool is_kept = false;
    if (entry->content && task.arena && content_pin(entry->content, &task.text, &error)) {
        is_kept = arena_run(task.arena, make_statements, &task) && arena_run(set->arena, keep_statements, &task);
        content_unpin(entry->content);
    }
    arena_destroy(task.arena);
    return is_kept ? set->statements[task.index] : NULL;
}

/* ---- many files ---- */

enum { FILES_WORTH_A_THREAD = 64 };

struct files {
    struct disk_set *set;
    size_t *indices;
    size_t count;
    atomic_size_t next;
};

/* A thread's part. It writes only the elements of `statements` that are its own. */
struct part {
    struct files *files;
    struct arena *arena;
};

static void read_files(void *context) {
    const struct part *part = context;
    struct files *files = part->files;
    const struct disk_entry *entries = files->set->disk.entries;
    struct arena *scratch = arena_within(part->arena);
    for (size_t i; (i = atomic_fetch_add_explicit(&files->next, 1, memory_order_relaxed)) < files->count;) {
        struct sql_statements statements;
        size_t index = files->indices[i];
        sql_statements_read(scratch, content_text(entries[index].content), &statements);
        files->set->statements[index] = sql_statements_copy(part->arena, &statements);
        arena_clear(scratch);
    }
    arena_destroy(scratch);
}

static void *read_part(void *context) {
    struct part *part = context;
    arena_run(part->arena, read_files, part); /* out of memory: its file is left to disk_statements() */
    return NULL;
}

static void list_files(struct files *files) {
    const struct disk *disk = &files->set->disk;
    for (size_t i = 0; i < disk->count; i++) {
        const struct disk_entry *entry = &disk->entries[i];
        if (entry->sql && entry->content && content_is_held(entry->content) && !files->set->statements[i]) {
            files->indices[files->count++] = i;
        }
    }
}

static void read_all(struct files *files) {
    struct part parts[DISK_THREADS];
    pthread_t helpers[DISK_THREADS];
    struct arena **of_threads = files->set->of_threads;
    size_t count = 0;
    while (count < files->set->threads && count < DISK_THREADS && count * FILES_WORTH_A_THREAD < files->count) {
        of_threads[count] = of_threads[count] ? of_threads[count] : arena_create();
        parts[count] = (struct part){files, of_threads[count]};
        if (!of_threads[count] || (count > 0 && pthread_create(&helpers[count], NULL, read_part, &parts[count]) != 0)) {
            break;
        }
        count++;
    }
    if (count > 0) {
        read_part(&parts[0]);
    }
    while (count > 1) {
        pthread_join(helpers[--count], NULL);
    }
}

void disk_read_statements(const struct disk *disk) {
    struct files files = {.set = disk_set_of(disk), .indices = calloc(disk->count, sizeof *files.indices)};
    if (files.indices && arena_run(files.set->arena, make_list, files.set)) {
        list_files(&files);
        read_all(&files);
    }
    free(files.indices);
}
