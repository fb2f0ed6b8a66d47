/* Building a tree beside the one before it. */
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
    struct timespec
        mtime; /* of the newest file it was made from: what the first tree shows. In a later tree a name that is new
                              or has changed shows `now`, and in any case a later time than it had */
    uint64_t
        identity; /* of a directory: where this is another one than before, what was there is gone, and this is a new directory of the
                          same name. Who was in the old one sees nothing of this one. */
};

/* Starts a tree beside `previous` (NULL for the first one), which must outlive the building. `now` is CLOCK_REALTIME. The builder has
 * nothing but memory of `scratch`, so that a caller who loses interest, or runs out of memory, just leaves it. All these functions, tree_finish()
 * too, run inside arena_run() of `scratch`. */
struct tree_builder *tree_builder_create(struct arena *scratch, const struct tree *previous, struct timespec now,
                                         const struct tree_attributes *root);
struct tree_draft *tree_builder_root(struct tree_builder *builder);

/* Names are 1 to 255 bytes without slash or NUL, not "." or "..": see tree_safe_name. Each is added once to a directory; of several
 * the first stays. Names, bytes, targets and contents are not copied: they must live until tree_finish(). */
struct tree_draft *tree_add_directory(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                                      const struct tree_attributes *attributes);
void tree_add_file(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                   const struct tree_attributes *attributes, struct text bytes);
/* Shares the content. Two on-demand contents count as the same only if they are the same object. */
void tree_add_content(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                      const struct tree_attributes *attributes, struct content *content);
void tree_add_link(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                   const struct tree_attributes *attributes, struct text target);
/* A file that is there and whose reading fails with EIO. `size` is what it shows, above 0. */
void tree_add_refused(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                      const struct tree_attributes *attributes, uint64_t size);

/* The finished tree, or NULL with an error when memory has run out: then nothing is left behind but the scratch arena. If nothing at all
 * differs from `previous` it returns that one with one more reference. It may leave by way of arena_run() too. */
struct tree *tree_finish(struct tree_builder *builder, struct error *error);

/* Makes any text usable as a name, different texts different names: a slash, NUL, control characters and `%` as %XX, "." and ".." likewise;
 * the empty text as "%"; what is longer than 255 bytes is cut, with a digest at its end. Other texts come back as they are. */
struct text tree_safe_name(struct arena *arena, struct text text);

#endif
