/* The FUSE handlers. Each one takes what it needs from the inodes, drops their lock, and answers
 * once, at its end. The mount is read-only and the kernel checks permissions itself; requests
 * without a handler here are never sent, or libfuse answers them with ENOSYS and the kernel stops
 * sending them. */
#include "mount/fs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* How long the kernel may answer from its caches, in seconds. The contents behind an inode number
 * never change. A name, and whether a directory is still the same one, is looked up again after a
 * second, so that a killed daemon shows as an error and not as outdated contents. (The kernel is
 * notified of changes at once; see notify.c.) With allow_other, names and directories are looked up
 * each time. */
static const double NAME_SECONDS = 1;
static const double DIRECTORY_SECONDS = 1;
static const double FILE_SECONDS = 365.0 * 24 * 60 * 60;

enum { BLOCK_SIZE = 4096, COOKIE_SELF = 1, COOKIE_PARENT = 2 };

/* The C library reads a directory in parts of st_blksize, and the kernel requests as much from us:
 * a larger value fetches twice as many names at once. */
enum { LISTING_SIZE = 1 << 16 };

enum { BACKGROUND = 4096 };

_Static_assert((int)COOKIE_PARENT < (int)TREE_FIRST_COOKIE, "no name has the cookies of . and ..");

static struct fs *fs_of(fuse_req_t request) {
    return fuse_req_userdata(request);
}

static mode_t type_of(const struct node *node) {
    static const mode_t types[] = {[NODE_DIRECTORY] = S_IFDIR, [NODE_FILE] = S_IFREG, [NODE_LINK] = S_IFLNK};
    return types[node->kind];
}

static struct stat stat_of(const struct node *node) {
    return (struct stat){.st_ino = node->inode,
                         .st_mode = type_of(node) | node->mode,
                         .st_nlink = node->links,
                         .st_uid = node->uid,
                         .st_gid = node->gid,
                         .st_size = (off_t)node->size,
                         .st_blksize = node->kind == NODE_DIRECTORY ? LISTING_SIZE : BLOCK_SIZE,
                         .st_blocks = (blkcnt_t)((node->size + 511) / 512),
                         .st_atim = node->mtime,
                         .st_mtim = node->mtime,
                         .st_ctim = node->mtime};
}

static double attribute_seconds(const struct fs *fs, const struct node *node) {
    return node->kind != NODE_DIRECTORY ? FILE_SECONDS : fs->is_shared ? 0 : DIRECTORY_SECONDS;
}

static double name_seconds(const struct fs *fs) {
    return fs->is_shared ? 0 : NAME_SECONDS;
}

static struct fuse_entry_param entry_of(const struct fs *fs, const struct node *node) {
    return (struct fuse_entry_param){.ino = node->inode,
                                     .attr = stat_of(node),
                                     .attr_timeout = attribute_seconds(fs, node),
                                     .entry_timeout = name_seconds(fs)};
}

static void fs_init(void *userdata, struct fuse_conn_info *connection) {
    const struct fs *fs = userdata;
    connection->want |= connection->capable & (FUSE_CAP_PARALLEL_DIROPS | FUSE_CAP_CACHE_SYMLINKS |
                                               FUSE_CAP_AUTO_INVAL_DATA | FUSE_CAP_NO_OPEN_SUPPORT);
    /* By default the kernel requests attributes only with the first part of a listing. */
    connection->want &= ~(unsigned)(FUSE_CAP_READDIRPLUS_AUTO | FUSE_CAP_READDIRPLUS | FUSE_CAP_NO_OPENDIR_SUPPORT);
    /* The kernel reads ahead in the background, by default with up to a dozen requests: that many
     * reads of a source that hangs would block all other readers. */
    connection->max_background = connection->congestion_threshold = BACKGROUND;
    /* The kernel keeps a listing when opendir was not answered; attributes that came with names are
     * useful as long as the names are. */
    if (!fs->is_shared) {
        connection->want |= connection->capable & (FUSE_CAP_READDIRPLUS | FUSE_CAP_NO_OPENDIR_SUPPORT);
    }
}

/* ---- names and attributes ---- */

static void fs_lookup(fuse_req_t request, fuse_ino_t parent, const char *name) {
    const struct fs *fs = fs_of(request);
    if (strlen(name) > TREE_NAME_MAXIMUM) {
        fuse_reply_err(request, ENAMETOOLONG);
        return;
    }
    struct node *node = inodes_lookup(fs->inodes, parent, text_of(name));
    /* Number 0: the name does not exist, and the kernel may cache that. */
    struct fuse_entry_param entry =
        node ? entry_of(fs, node) : (struct fuse_entry_param){.entry_timeout = name_seconds(fs)};
    if (fuse_reply_entry(request, &entry) != 0 && node) {
        inodes_forget(fs->inodes, node->inode, 1); /* the kernel never got it */
    }
    node_unref(node);
}

static void fs_forget(fuse_req_t request, fuse_ino_t inode, uint64_t lookups) {
    inodes_forget(fs_of(request)->inodes, inode, lookups);
    fuse_reply_none(request);
}

static void fs_forget_multi(fuse_req_t request, size_t count, struct fuse_forget_data *forgets) {
    for (size_t i = 0; i < count; i++) {
        inodes_forget(fs_of(request)->inodes, forgets[i].ino, forgets[i].nlookup);
    }
    fuse_reply_none(request);
}

static void fs_getattr(fuse_req_t request, fuse_ino_t inode, struct fuse_file_info *file) {
    (void)file;
    struct node *node = inodes_get(fs_of(request)->inodes, inode);
    if (node) {
        struct stat attributes = stat_of(node);
        fuse_reply_attr(request, &attributes, attribute_seconds(fs_of(request), node));
    } else {
        fuse_reply_err(request, ENOENT);
    }
    node_unref(node);
}

/* ---- bytes ---- */

/* Returns the content of a file or a link. No lock is held meanwhile. */
static void reply_bytes(fuse_req_t request, fuse_ino_t inode, enum node_kind kind, size_t size, size_t offset) {
    struct node *node = inodes_get(fs_of(request)->inodes, inode);
    if (!node) {
        fuse_reply_err(request, ENOENT);
    } else if (node->kind != kind) {
        fuse_reply_err(request, EINVAL);
    } else if (node->is_refused) {
        fuse_reply_err(request, EIO);
    } else if (content_is_held(node->content)) {
        struct text part = text_slice(content_text(node->content), offset, offset + size);
        fuse_reply_buf(request, part.bytes, part.length);
    } else {
        slow_read(fs_of(request)->slow, request, node->content, size, offset);
    }
    node_unref(node);
}

static void fs_readlink(fuse_req_t request, fuse_ino_t inode) {
    reply_bytes(request, inode, NODE_LINK, SIZE_MAX, 0);
}

static void fs_read(fuse_req_t request, fuse_ino_t inode, size_t size, off_t offset, struct fuse_file_info *file) {
    (void)file;
    reply_bytes(request, inode, NODE_FILE, size, (size_t)offset);
}

/* Answered once; then the kernel opens files itself and keeps their pages. */
static void fs_open(fuse_req_t request, fuse_ino_t inode, struct fuse_file_info *file) {
    (void)inode;
    (void)file;
    fuse_reply_err(request, ENOSYS);
}

/* The same for listings; with allow_other the kernel asks each time and may not keep one. */
static void fs_opendir(fuse_req_t request, fuse_ino_t inode, struct fuse_file_info *file) {
    (void)inode;
    if (fs_of(request)->is_shared) {
        fuse_reply_open(request, file);
    } else {
        fuse_reply_err(request, ENOSYS);
    }
}

/* ---- listings ---- */

/* A part of a listing that is being filled. */
struct part {
    fuse_req_t request;
    char *bytes;
    size_t size, used;
    bool has_attributes; /* readdirplus */
};

/* False when the entry does not fit. */
static bool part_add(struct part *part, const char *name, const struct fuse_entry_param *entry, uint64_t cookie) {
    char *at = part->bytes + part->used;
    size_t room = part->size - part->used;
    size_t needed = part->has_attributes
                        ? fuse_add_direntry_plus(part->request, at, room, name, entry, (off_t)cookie)
                        : fuse_add_direntry(part->request, at, room, name, &entry->attr, (off_t)cookie);
    if (needed > room) {
        return false;
    }
    part->used += needed;
    return true;
}

/* `.` and `..` have a number and a type, and are not counted as lookups. */
static bool part_add_dots(struct part *part, const struct tree_directory *directory, uint64_t after) {
    struct fuse_entry_param self = {.attr = {.st_ino = directory->node->inode, .st_mode = S_IFDIR}};
    struct fuse_entry_param parent = {.attr = {.st_ino = directory->parent_inode, .st_mode = S_IFDIR}};
    return (after >= COOKIE_SELF || part_add(part, ".", &self, COOKIE_SELF)) &&
           (after >= COOKIE_PARENT || part_add(part, "..", &parent, COOKIE_PARENT));
}

/* Adds names from `position` on; returns the position after the last one added. Each entry with
 * attributes counts as a lookup. */
static size_t part_add_names(struct part *part, struct inodes *inodes, const struct tree_directory *directory,
                             size_t position) {
    for (; position < directory->count; position++) {
        const struct tree_name *name = &directory->names[directory->order[position]];
        struct fuse_entry_param entry = entry_of(fs_of(part->request), name->node);
        if (!part_add(part, name->name.bytes, &entry, name->cookie)) {
            break;
        }
        if (part->has_attributes) {
            inodes_remember(inodes, name->node);
        }
    }
    return position;
}

/* The cookie is a listing's only state: reading continues after it, in the tree that is current by
 * then. */
static void list(struct part *part, const struct tree_directory *directory, uint64_t after) {
    struct inodes *inodes = fs_of(part->request)->inodes;
    size_t first = tree_position_after(directory, after);
    size_t end = first;
    if (part_add_dots(part, directory, after)) {
        end = part_add_names(part, inodes, directory, first);
    }
    if (part->used == 0 && part->has_attributes) {
        fs_of(part->request)->listed(fs_of(part->request)->context, directory->node->inode);
    }
    if (fuse_reply_buf(part->request, part->bytes, part->used) != 0 && part->has_attributes) {
        for (size_t i = first; i < end; i++) {
            inodes_forget(inodes, directory->names[directory->order[i]].node->inode, 1);
        }
    }
}

static void reply_listing(fuse_req_t request, fuse_ino_t inode, size_t size, off_t after, bool has_attributes) {
    struct tree *tree = inodes_tree(fs_of(request)->inodes);
    const struct tree_directory *directory = tree_directory_of(tree, inode);
    struct part part = {.request = request, .bytes = malloc(size), .size = size, .has_attributes = has_attributes};
    if (!part.bytes) {
        fuse_reply_err(request, ENOMEM);
    } else if (!directory) {
        fuse_reply_buf(request, NULL, 0); /* the directory and everything in it is gone */
    } else {
        list(&part, directory, (uint64_t)after);
    }
    free(part.bytes);
    tree_unref(tree);
}

static void fs_readdir(fuse_req_t request, fuse_ino_t inode, size_t size, off_t after, struct fuse_file_info *file) {
    (void)file;
    reply_listing(request, inode, size, after, false);
}

static void fs_readdirplus(fuse_req_t request, fuse_ino_t inode, size_t size, off_t after,
                           struct fuse_file_info *file) {
    (void)file;
    reply_listing(request, inode, size, after, true);
}

/* ---- sync ---- */

static void fs_fsync(fuse_req_t request, fuse_ino_t inode, int data_only, struct fuse_file_info *file) {
    (void)inode;
    (void)data_only;
    (void)file;
    fs_of(request)->sync(fs_of(request)->context, request);
}

/* Answered once; then the kernel answers itself, with success. It holds the directory's lock during
 * this request, so no process could list the directory. */
static void fs_fsyncdir(fuse_req_t request, fuse_ino_t inode, int data_only, struct fuse_file_info *file) {
    (void)inode;
    (void)data_only;
    (void)file;
    fuse_reply_err(request, ENOSYS);
}

const struct fuse_lowlevel_ops fs_operations = {
    .init = fs_init,
    .lookup = fs_lookup,
    .forget = fs_forget,
    .forget_multi = fs_forget_multi,
    .getattr = fs_getattr,
    .readlink = fs_readlink,
    .read = fs_read,
    .open = fs_open,
    .opendir = fs_opendir,
    .readdir = fs_readdir,
    .readdirplus = fs_readdirplus,
    .fsync = fs_fsync,
    .fsyncdir = fs_fsyncdir,
};
