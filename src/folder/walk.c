/* Lists directory by directory. Each is opened in the very directory in which its name was listed,
 * so that a replacement anywhere on its path is not listed under its name. Decides what may be
 * read, and reads nothing. */
#include "folder/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "folder/acl.h"
#include "migfs/util/patience.h"

enum { DEPTH_MAXIMUM = 64 };

/* Adds an element, or returns NULL with `error` set. */
static struct disk_found *walk_grow(struct disk_walk *walk) {
    if (walk->count == walk->capacity) {
        size_t capacity = walk->capacity > 0 ? 2 * walk->capacity : 64;
        struct disk_found *found = reallocarray(walk->found, capacity, sizeof *found);
        if (!found) {
            walk->error = ENOMEM;
            return NULL;
        }
        walk->found = found;
        walk->capacity = capacity;
    }
    struct disk_found *found = &walk->found[walk->count];
    *found = (struct disk_found){.entry.kind = DISK_DIRECTORY};
    return found;
}

static void set_path(struct disk_walk *walk, struct disk_entry *entry, struct text parent, struct text name) {
    size_t before = parent.length > 0 ? parent.length + 1 : 0;
    char *bytes = arena_alloc(walk->arena, before + name.length + 1);
    if (before > 0) {
        memcpy(bytes, parent.bytes, parent.length);
        bytes[parent.length] = '/';
    }
    memcpy(bytes + before, name.bytes, name.length);
    entry->path = (struct text){bytes, before + name.length};
    entry->name = (struct text){bytes + before, name.length};
}

/* Sets the kind of a name that is not a directory, without opening it. */
static void classify(struct disk_walk *walk, struct disk_found *found) {
    struct stat stat;
    found->entry.kind = DISK_FILE;
    if (fstatat(dirfd(walk->directory), found->entry.name.bytes, &stat, AT_SYMLINK_NOFOLLOW) < 0) {
        found->outcome = disk_outcome_of_errno(errno);
        return;
    }
    disk_entry_describe(&found->entry, &stat);
    if (S_ISREG(stat.st_mode)) {
        return;
    }
    if (S_ISDIR(stat.st_mode)) {
        found->entry.kind = DISK_DIRECTORY;
        return;
    }
    found->entry.is_link = S_ISLNK(stat.st_mode);
    if (!found->entry.is_link) {
        found->outcome = disk_outcome_of_mode(stat.st_mode, false);
        return;
    }
    stat.st_mode = 0;
    int looked_at = disk_root_follow(walk->root, found->entry.path.bytes, &stat, &found->outcome);
    disk_entry_describe(&found->entry, &stat);
    if (looked_at >= 0) {
        close(looked_at);
    }
    found->leads_to_folder = found->outcome.kind == OUTCOME_REFUSED && S_ISDIR(stat.st_mode);
}

/* Adds a file of the folder to which a link directly in the source leads; false if it cannot be
 * read. */
static bool add_linked_file(struct disk_walk *walk, size_t folder, const char *name) {
    struct stat stat;
    struct disk_found *found = walk_grow(walk);
    if (!found) {
        return false;
    }
    set_path(walk, &found->entry, walk->found[folder].entry.path, text_of(name));
    found->entry.kind = DISK_FILE;
    found->entry.is_link = true;
    found->in = walk->found[folder].in;
    found->depth = walk->found[folder].depth + 1;
    int looked_at = disk_root_follow(walk->root, found->entry.path.bytes, &stat, &found->outcome);
    if (looked_at < 0) {
        walk->error = found->outcome.kind == OUTCOME_TROUBLE ? found->outcome.error : walk->error;
        return false;
    }
    close(looked_at);
    disk_entry_describe(&found->entry, &stat);
    walk->count++;
    return true;
}

/* A link within the source to a folder with a migration.sql is, for drizzle v1, that migration
 * under the link's name. Only the files that v1 reads are shown through the link; the folder itself
 * is shown at its own place. */
static void follow_to_folder(struct disk_walk *walk, size_t index) {
    struct stat stat;
    if (!add_linked_file(walk, index, "migration.sql")) {
        return;
    }
    add_linked_file(walk, index, "snapshot.json");
    struct disk_found *found = &walk->found[index];
    int looked_at = disk_root_follow_directory(walk->root, found->entry.path.bytes, &stat, &found->outcome);
    if (looked_at < 0) { /* the link has changed meanwhile */
        walk->count = index + 1;
        walk->error = found->outcome.kind == OUTCOME_TROUBLE ? found->outcome.error : walk->error;
        return;
    }
    disk_entry_describe(&found->entry, &stat);
    found->entry.granted = disk_acl_narrow_looked_at(looked_at, found->entry.mode);
    found->entry.kind = DISK_DIRECTORY;
    close(looked_at);
}

static void add_name(struct disk_walk *walk, size_t parent, const struct dirent *listed) {
    if (strcmp(listed->d_name, ".") == 0 || strcmp(listed->d_name, "..") == 0) {
        return;
    }
    struct disk_found *found = walk_grow(walk);
    if (!found) {
        return;
    }
    set_path(walk, &found->entry, walk->found[parent].entry.path, text_of(listed->d_name));
    found->in = walk->found[parent].place;
    found->depth = walk->found[parent].depth + 1;
    if (listed->d_type != DT_DIR) { /* never query a possible mount point */
        classify(walk, found);
    }
    if (found->outcome.kind == OUTCOME_TROUBLE) {
        walk->error = found->outcome.error;
    }
    if (found->outcome.kind == OUTCOME_REACHED || found->outcome.kind == OUTCOME_REFUSED) {
        bool is_to_folder = parent == 0 && found->leads_to_folder;
        walk->count++;
        if (is_to_folder && walk->error == 0) {
            follow_to_folder(walk, walk->count - 1);
        }
    }
}

/* Lists the opened directory. After an error in mid-list the directory is refused and none of it is
 * shown. */
static void list(struct disk_walk *walk, size_t index) {
    size_t count = walk->count;
    struct dirent *listed;
    while (walk->error == 0 && walk->listed <= DISK_NAMES_MAXIMUM && (errno = 0, listed = readdir(walk->directory))) {
        walk->listed++;
        patience_step();
        add_name(walk, index, listed);
    }
    if (walk->error == 0 && errno != 0) {
        walk->found[index].outcome = disk_outcome_of_errno(errno);
        walk->count = count;
    }
}

/* A directory that may not be listed may still be looked at, but a mount point may not. */
static void describe_refused(const struct disk_walk *walk, struct disk_found *found, int in) {
    struct stat stat = {0};
    struct disk_outcome outcome;
    if (found->outcome.kind == OUTCOME_REFUSED && found->outcome.error != 0 &&
        disk_root_look(walk->root, in, found->in ? found->entry.name.bytes : ".", &stat, &outcome) < 0 &&
        stat.st_mode != 0) {
        disk_entry_describe(&found->entry, &stat);
    }
}

/* Returns the descriptor of the directory, or -1 with its outcome. */
static int open_directory(struct disk_walk *walk, struct disk_found *found) {
    if (found->depth > DEPTH_MAXIMUM) {
        found->outcome = (struct disk_outcome){OUTCOME_REFUSED, "is nested too deep", 0};
        return -1;
    }
    int in = found->in ? disk_reach(&walk->reach, found->in, &found->outcome) : -1;
    if (found->in && in < 0) {
        return -1;
    }
    int descriptor = disk_root_open_directory(walk->root, in, found->entry.name.bytes, &found->outcome);
    if (descriptor < 0) {
        describe_refused(walk, found, in);
    }
    return descriptor;
}

static struct disk_place *place_of(struct disk_walk *walk, const struct disk_found *found) {
    struct disk_place *place = arena_new(walk->arena, struct disk_place);
    *place = (struct disk_place){.parent = found->in,
                                 .name = found->entry.name.bytes,
                                 .device = found->entry.device,
                                 .inode = found->entry.inode};
    return place;
}

static void open_and_list(struct disk_walk *walk, size_t index) {
    struct disk_found *found = &walk->found[index];
    struct stat stat;
    int descriptor = open_directory(walk, found);
    if (descriptor < 0) {
        return;
    }
    if (walk->about_to_list) {
        walk->about_to_list(walk->context, descriptor);
    }
    if (fstat(descriptor, &stat) < 0 || !(walk->directory = fdopendir(descriptor))) {
        found->outcome = disk_outcome_of_errno(errno);
        close(descriptor);
        return;
    }
    disk_entry_describe(&found->entry, &stat);
    found->entry.granted = disk_acl_narrow(descriptor, found->entry.mode);
    found->place = place_of(walk, found);
    list(walk, index);
    closedir(walk->directory);
    walk->directory = NULL;
}

static int compare_found(const void *a, const void *b) {
    return disk_path_compare(((const struct disk_found *)a)->entry.path, ((const struct disk_found *)b)->entry.path);
}

/* Sorts, and drops directories that have vanished and names listed twice, which happens while a
 * folder changes. */
static void sort_found(struct disk_walk *walk) {
    qsort(walk->found, walk->count, sizeof *walk->found, compare_found);
    size_t kept = 1;
    for (size_t i = 1; i < walk->count; i++) {
        if (walk->found[i].outcome.kind != OUTCOME_VANISHED &&
            !text_equal(walk->found[i].entry.path, walk->found[kept - 1].entry.path)) {
            walk->found[kept++] = walk->found[i];
        }
    }
    walk->count = kept;
}

void disk_walk(void *context) {
    struct disk_walk *walk = context;
    struct disk_found *root = walk_grow(walk);
    if (!root) {
        return;
    }
    root->entry.path = root->entry.name = TEXT("");
    walk->reach.root = walk->root;
    walk->count = 1;
    for (size_t i = 0; i < walk->count && walk->error == 0 && walk->listed <= DISK_NAMES_MAXIMUM; i++) {
        const struct disk_entry *entry = &walk->found[i].entry;
        if (entry->kind == DISK_DIRECTORY && !entry->is_link && walk->found[i].outcome.kind == OUTCOME_REACHED) {
            open_and_list(walk, i);
            if (walk->found[i].outcome.kind == OUTCOME_TROUBLE) {
                walk->error = walk->found[i].outcome.error;
            }
        }
    }
    if (walk->listed > DISK_NAMES_MAXIMUM) {
        walk->found[0].outcome = (struct disk_outcome){OUTCOME_REFUSED, "contains more than 300,000 names", 0};
        walk->count = 1;
    }
    if (walk->error == 0) {
        sort_found(walk);
    }
}

void disk_walk_finish(struct disk_walk *walk) {
    if (walk->directory) {
        closedir(walk->directory);
    }
    disk_reach_finish(&walk->reach);
    free(walk->found);
}
