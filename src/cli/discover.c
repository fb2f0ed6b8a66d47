/* Walks by descriptors, so that a long path is no matter, and one folder after the other in the order of their names. */
#include "cli/discover.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEEPEST = 100 };

struct walk {
    struct discovered *found;
    dev_t device;
    bool is_good; /* memory has not run out */
};

static bool is_file_at(int folder, const char *path) {
    struct stat status;
    return fstatat(folder, path, &status, 0) == 0 && S_ISREG(status.st_mode);
}

static int is_wanted(const struct dirent *entry) {
    return (entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN) && entry->d_name[0] != '.' &&
           strcmp(entry->d_name, "node_modules") != 0;
}

static int compare_names(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool has_v1_folder(int folder, struct dirent **names, int count) {
    for (int i = 0; i < count; i++) {
        char path[sizeof names[i]->d_name + sizeof "/migration.sql"];
        snprintf(path, sizeof path, "%s/migration.sql", names[i]->d_name);
        if (is_file_at(folder, path)) {
            return true;
        }
    }
    return false;
}

static void add(struct walk *walk, const char *path) {
    struct discovered *found = walk->found;
    char **paths = reallocarray(found->paths, found->count + 1, sizeof *paths), *copy = strdup(path);
    found->paths = paths ? paths : found->paths;
    if (paths && copy) {
        found->paths[found->count++] = copy;
    } else {
        free(copy);
        walk->is_good = false;
    }
}

static void look(struct walk *walk, int parent, const char *name, const char *path, int depth);

static void look_below(struct walk *walk, int folder, const char *path, struct dirent **names, int count, int depth) {
    for (int i = 0; i < count && walk->is_good; i++) {
        char *below;
        bool is_here = strcmp(path, ".") == 0;
        if (asprintf(&below, "%s%s%s", is_here ? "" : path, is_here ? "" : "/", names[i]->d_name) < 0) {
            walk->is_good = false;
            return;
        }
        look(walk, folder, names[i]->d_name, below, depth);
        free(below);
    }
}

/* What cannot be opened holds nothing for us. */
static void look(struct walk *walk, int parent, const char *name, const char *path, int depth) {
    struct stat status;
    struct dirent **names;
    int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (depth > 0 ? O_NOFOLLOW : 0));
    if (folder < 0) {
        return;
    }
    bool is_ours = fstat(folder, &status) == 0 && (depth == 0 || status.st_dev == walk->device);
    walk->device = depth == 0 ? status.st_dev : walk->device;
    if (is_ours && depth > 0 && is_file_at(folder, "meta/_journal.json")) {
        add(walk, path);
        is_ours = false; /* nothing of interest lies below */
    }
    int count = is_ours ? scandirat(folder, ".", &names, is_wanted, compare_names) : -1;
    if (count >= 0) {
        if (depth > 0 && has_v1_folder(folder, names, count)) {
            add(walk, path);
        } else if (depth < DEEPEST) {
            look_below(walk, folder, path, names, count, depth + 1);
        }
        for (int i = 0; i < count; i++) {
            free(names[i]);
        }
        free(names);
    }
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

static int is_of_migrations(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return strcmp(entry->d_name, "meta") == 0 || strcmp(entry->d_name, ".migfs") == 0 ||
           (length > 4 && strcmp(entry->d_name + length - 4, ".sql") == 0) ||
           (is_wanted(entry) && entry->d_name[0] >= '0' && entry->d_name[0] <= '9');
}

bool discover_is_migrations(const char *path) {
    struct dirent **names;
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), count = -1;
    if (folder >= 0) {
        count = scandirat(folder, ".", &names, is_of_migrations, compare_names);
    }
    bool is_one = false;
    for (int i = 0; i < count; i++) {
        bool is_digit = names[i]->d_name[0] >= '0' && names[i]->d_name[0] <= '9';
        bool is_sql = strstr(names[i]->d_name, ".sql") != NULL;
        is_one = is_one || !is_digit || is_sql || has_v1_folder(folder, &names[i], 1);
        free(names[i]);
    }
    if (count >= 0) {
        free(names);
    }
    if (folder >= 0) {
        close(folder);
    }
    return is_one;
}
