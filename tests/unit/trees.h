/* Trees for tests, from lists of lines: "dir/" a directory, "dir/file=bytes", "dir/link>target",
 * "dir/file!7" a refused file of size 7; a directory stands before what is in it. `#` at a line's
 * start gives it other permissions. The list ends with NULL. */
#ifndef TREES_H
#define TREES_H

#include <stdlib.h>
#include <string.h>

#include "migfs/tree/build.h"

struct trees_job {
    const struct tree *previous;
    const char *const *lines;
    struct timespec now;
    struct arena *arena;
    struct tree *tree;
    struct error error;
};

static inline struct tree_attributes trees_attributes(mode_t mode) {
    return (struct tree_attributes){.mode = mode, .uid = 7, .gid = 8, .mtime = {.tv_sec = 1000}};
}

static inline void trees_add_line(struct tree_builder *builder, struct tree_draft *parent, const char *line,
                                  const char *name, struct tree_draft **ret_draft) {
    size_t length = strcspn(name, "/=>!");
    struct text text = {name, length};
    const char *rest = name + length + 1;
    struct tree_attributes attributes = trees_attributes(*line == '#' ? 0640 : 0444);
    switch (name[length]) {
    case '/':
        attributes.mode = *line == '#' ? 0750 : 0555;
        *ret_draft = tree_add_directory(builder, parent, text, &attributes);
        break;
    case '=':
        tree_add_file(builder, parent, text, &attributes, text_of(rest));
        break;
    case '>':
        tree_add_link(builder, parent, text, &attributes, text_of(rest));
        break;
    case '!':
        tree_add_refused(builder, parent, text, &attributes, strtoull(rest, NULL, 10));
        break;
    default:
        abort();
    }
}

static inline void trees_body(void *context) {
    struct trees_job *job = context;
    struct tree_attributes root = trees_attributes(0555);
    struct tree_builder *builder = tree_builder_create(job->arena, job->previous, job->now, &root);
    struct {
        const char *path;
        size_t length;
        struct tree_draft *draft;
    } drafts[64] = {{"", 0, tree_builder_root(builder)}};
    size_t count = 1;
    for (const char *const *line = job->lines; *line; line++) {
        const char *path = *line + (**line == '#');
        size_t end = strcspn(path, "=>!");
        size_t length = end == strlen(path) ? end - 1 : end; /* without the slash of a directory */
        size_t slash = length;
        while (slash > 0 && path[slash - 1] != '/') {
            slash--;
        }
        for (size_t i = 0; i < count; i++) {
            if (drafts[i].length == slash && memcmp(drafts[i].path, path, slash) == 0) {
                struct tree_draft *draft = NULL;
                trees_add_line(builder, drafts[i].draft, *line, path + slash, &draft);
                if (draft) {
                    drafts[count].path = path;
                    drafts[count].length = length + 1;
                    drafts[count++].draft = draft;
                }
                break;
            }
        }
    }
    job->tree = tree_finish(builder, &job->error);
}

/* The tree of these lines beside `previous`, at this second. */
static inline struct tree *trees_make(const struct tree *previous, time_t now, const char *const *lines) {
    struct trees_job job = {.previous = previous, .lines = lines, .now = {.tv_sec = now}, .arena = arena_create()};
    if (!job.arena || !arena_run(job.arena, trees_body, &job) || !job.tree) {
        abort();
    }
    arena_destroy(job.arena);
    return job.tree;
}

#define TREE(previous, now, ...) trees_make((previous), (now), (const char *const[]){__VA_ARGS__, NULL})

static inline const struct node *trees_node(const struct tree *tree, const char *path) {
    return tree_find(tree, text_of(path));
}

#endif
