/* Walks by descriptors, so that paths may be of any length. Folders are visited in the order of
 * their names. */
#include "cli/discover.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "migfs/util/patience.h"

/* Limits the total number of names, since a listing may be endless. */
enum { DEEPEST = 100, MOST_NAMES = 300000 };

struct walk {
    struct discovered *found;
    dev_t device;
    size_t listed; /* names */
    bool is_good;  /* false: memory has run out */
};

static bool is_file_at(int folder, const char *path) {
    struct stat status;
    patience_step();
    return fstatat(folder, path, &status, 0) == 0 && S_ISREG(status.st_mode);
}

static int is_wanted(const struct dirent *entry) {
    return (entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN) && entry->d_name[0] != '.' &&
           strcmp(entry->d_name, "node_modules") != 0;
}

static bool is_v1_folder(int folder, const char *name) {
    char path[sizeof((struct dirent *)NULL)->d_name + sizeof "/migration.sql"];
    snprintf(path, sizeof path, "%s/migration.sql", name);
    return is_file_at(folder, path);
}

static bool has_v1_folder(int folder, char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (is_v1_folder(folder, names[i])) {
            return true;
        }
    }
    return false;
}

static DIR *open_listing(int folder) {
    int descriptor = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = descriptor >= 0 ? fdopendir(descriptor) : NULL;
    if (!directory && descriptor >= 0) {
        close(descriptor);
    }
    return directory;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void free_names(char **names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        free(names[i]);
    }
    free((void *)names);
}

static bool add_name(struct walk *walk, char ***names, size_t *count, const char *name) {
    char *copy = strdup(name), **more = reallocarray((void *)*names, *count + 1, sizeof *more);
    *names = more ? more : *names;
    if (!copy || !more) {
        free(copy);
        walk->is_good = false;
        return false;
    }
    more[(*count)++] = copy;
    return true;
}

/* Returns the names of the folders to search, sorted; each malloc'ed. */
static char **list_names(struct walk *walk, int folder, size_t *ret_count) {
    char **names = NULL;
    struct dirent *entry;
    DIR *directory = open_listing(folder);
    *ret_count = 0;
    while (directory && walk->listed < MOST_NAMES && (entry = readdir(directory))) {
        walk->listed++;
        patience_step();
        if (is_wanted(entry) && !add_name(walk, &names, ret_count, entry->d_name)) {
            break;
        }
    }
    if (directory) {
        closedir(directory);
    }
    if (names) {
        qsort((void *)names, *ret_count, sizeof *names, compare_names);
    }
    return names;
}

static void add(struct walk *walk, const char *path) {
    walk->is_good = discover_add(walk->found, strdup(path)) && walk->is_good;
}

static void look(struct walk *walk, int parent, const char *name, const char *path, int depth);

static void look_below(struct walk *walk, int folder, const char *path, char *const *names, size_t count, int depth) {
    for (size_t i = 0; i < count && walk->is_good; i++) {
        char *below;
        bool is_here = strcmp(path, ".") == 0;
        if (asprintf(&below, "%s%s%s", is_here ? "" : path, is_here ? "" : "/", names[i]) < 0) {
            walk->is_good = false;
            return;
        }
        look(walk, folder, names[i], below, depth);
        free(below);
    }
}

/* Skips folders that cannot be opened. */
static void look(struct walk *walk, int parent, const char *name, const char *path, int depth) {
    struct stat status;
    int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (depth > 0 ? O_NOFOLLOW : 0));
    if (folder < 0) {
        return;
    }
    bool is_ours = fstat(folder, &status) == 0 && (depth == 0 || status.st_dev == walk->device);
    walk->device = depth == 0 ? status.st_dev : walk->device;
    if (is_ours && depth > 0 && is_file_at(folder, "meta/_journal.json")) {
        add(walk, path);
        is_ours = false; /* nothing below is searched */
    }
    size_t count = 0;
    char **names = is_ours ? list_names(walk, folder, &count) : NULL;
    if (depth > 0 && has_v1_folder(folder, names, count)) {
        add(walk, path);
    } else if (depth < DEEPEST) {
        look_below(walk, folder, path, names, count, depth + 1);
    }
    free_names(names, count);
    close(folder);
}

bool discover_below(const char *from, struct discovered *ret_found, struct error *error) {
    *ret_found = (struct discovered){0};
    struct walk walk = {.found = ret_found, .is_good = true};
    look(&walk, AT_FDCWD, from, from, 0);
    if (!walk.is_good) {
        discover_finish(ret_found);
        return error_set_memory(error);
    }
    return true;
}

void discover_finish(struct discovered *found) {
    for (size_t i = 0; i < found->count; i++) {
        free(found->paths[i]);
    }
    free(found->paths);
    *found = (struct discovered){0};
}

bool discover_add(struct discovered *found, char *path) {
    char **paths = path ? reallocarray(found->paths, found->count + 1, sizeof *paths) : NULL;
    if (!paths) {
        free(path);
        return false;
    }
    found->paths = paths;
    found->paths[found->count++] = path;
    return true;
}

/* Other .sql files do not count: many project roots have a seed.sql or baseline.sql. */
static bool is_of_migrations(int folder, const struct dirent *entry) {
    const char *name = entry->d_name;
    size_t length = strlen(name);
    bool is_digit = name[0] >= '0' && name[0] <= '9';
    return strcmp(name, "meta") == 0 || strcmp(name, ".migfs") == 0 ||
           (is_digit && length > 4 && strcmp(name + length - 4, ".sql") == 0) ||
           (is_digit && is_wanted(entry) && is_v1_folder(folder, name));
}

bool discover_is_migrations(const char *path) {
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = folder >= 0 ? open_listing(folder) : NULL;
    struct dirent *entry;
    size_t listed = 0;
    bool is_one = false;
    while (!is_one && directory && (entry = readdir(directory))) {
        patience_step();
        is_one = is_of_migrations(folder, entry) || ++listed > MOST_NAMES; /* reading it will fail */
    }
    if (directory) {
        closedir(directory);
    }
    if (folder >= 0) {
        close(folder);
    }
    return is_one;
}
