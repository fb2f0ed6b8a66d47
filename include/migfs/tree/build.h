/* Builds a tree as the successor of another. */
#ifndef MIGFS_TREE_BUILD_H
#define MIGFS_TREE_BUILD_H

#include "migfs/tree/tree.h"
#include "migfs/util/arena.h"

struct tree_builder;
struct tree_draft; /* a directory that is being filled */

struct tree_attributes {
    mode_t mode; /* permission bits */
    uid_t uid;
    gid_t gid;
    /* mtime of the newest file it is made from: what the first tree shows. In later trees, a name
     * that is new or changed shows `now`, and always a later time than before */
    struct timespec mtime;
    /* for directories: when this differs from the previous tree's, the old directory is gone and
     * this is a new one of the same name. A process in the old one sees nothing of the new one. */
    uint64_t identity;
};

/* Begins a tree that follows `previous` (NULL for the first one), which must outlive the building.
 * `now` is CLOCK_REALTIME. The builder holds nothing but memory of `scratch`, so a caller can
 * simply drop it. All these functions, tree_finish() included, run inside arena_run() of
 * `scratch`. */
struct tree_builder *tree_builder_create(struct arena *scratch, const struct tree *previous, struct timespec now,
                                         const struct tree_attributes *root);
struct tree_draft *tree_builder_root(struct tree_builder *builder);

/* Names are 1 to 255 bytes without slash or NUL, and not "." or "..": see tree_safe_name. If a name
 * is added twice to a directory, the first one stays. Names, bytes, targets and contents are not
 * copied: they must live until tree_finish(). */
struct tree_draft *tree_add_directory(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                                      const struct tree_attributes *attributes);
void tree_add_file(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                   const struct tree_attributes *attributes, struct text bytes);
/* Shares the content. Two on-demand contents are equal only if they are the same object. */
void tree_add_content(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                      const struct tree_attributes *attributes, struct content *content);
void tree_add_link(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                   const struct tree_attributes *attributes, struct text target);
/* A file that exists and whose reads fail with EIO. `size` is its st_size, above 0. */
void tree_add_refused(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                      const struct tree_attributes *attributes, uint64_t size);

/* The finished tree, or NULL with an error when memory has run out; nothing but the scratch arena
 * needs to be freed then. If nothing differs from `previous`, returns it with one more reference.
 * Can also leave through arena_run(). */
struct tree *tree_finish(struct tree_builder *builder, struct error *error);

/* Turns any text into a valid name; different texts give different names. A slash, NUL, control
 * characters and `%` become %XX, "." and ".." likewise; the empty text becomes "%"; a text of more
 * than 255 bytes is cut and a digest appended. Other texts are returned as they are. */
struct text tree_safe_name(struct arena *arena, struct text text);

#endif
