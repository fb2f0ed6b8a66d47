/* Somebody who owns what leads to a source, and the source, swaps folders for links into a folder
 * that is closed to others, while others read all of the view: `swaps VIEW SITE SWAPS`. What is
 * closed has "secret" in its names and its bytes, and nothing else has. Prints the counts; ends
 * with 1 when others got a piece of a secret, 2 when the test itself did not see what it must.
 * Started by root. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OWNER = 1001, NOBODY = 65534, READERS_BY_PATH = 2, DEPTH = 8 };

/* Between all processes. */
static struct counts {
    atomic_bool is_over;
    atomic_ulong swaps, reads, leaks, seen_by_root;
    char first[512]; /* what leaked */
} * counts;

static void become(uid_t id) {
    if (setgroups(0, NULL) != 0 || setresgid(id, id, id) != 0 || setresuid(id, id, id) != 0) {
        abort();
    }
}

/* ---- reading ---- */

static void found_secret(const char *what, const char *name, const char *where) {
    if (atomic_fetch_add(&counts->leaks, 1) == 0) {
        snprintf(counts->first, sizeof counts->first, "%s of %s, by %s", what, name, where);
    }
}

static bool holds(const char *bytes, size_t size, const char *word) {
    return memmem(bytes, size, word, strlen(word));
}

static void read_file(int directory, const char *name, const char *where, bool is_root) {
    char bytes[1 << 16];
    int file = openat(directory, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, bytes, sizeof bytes);
    if (file >= 0) {
        close(file);
    }
    if (length <= 0) {
        return;
    }
    counts->reads++;
    if (!holds(bytes, (size_t)length, "secret")) {
        return;
    }
    if (is_root) {
        counts->seen_by_root++;
    } else {
        found_secret("bytes", name, where);
    }
}

/* Reads all below an opened directory, which it closes. Returns how many names there were. */
static size_t read_all(int opened, const char *where, bool is_root, int depth) {
    DIR *directory = fdopendir(opened);
    size_t names = 0;
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        names++;
        if (!is_root && strstr(entry->d_name, "secret")) {
            found_secret("name", entry->d_name, where);
        }
        int below = entry->d_type == DT_DIR && depth > 0
                        ? openat(dirfd(directory), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                        : -1;
        if (below >= 0) {
            read_all(below, where, is_root, depth - 1);
        } else if (entry->d_type != DT_DIR) {
            read_file(dirfd(directory), entry->d_name, where, is_root);
        }
    }
    if (directory) {
        closedir(directory);
    } else {
        close(opened);
    }
    return names;
}

static void read_by_path(const char *view, bool is_root) {
    while (!counts->is_over) {
        int root = open(view, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (root >= 0) {
            read_all(root, "path", is_root, DEPTH);
        }
    }
}

/* Stays in a directory that it once came into, and reads there for as long as there is anything; by
 * names that it knows, too. */
static void read_from_within(const char *view, const char *within) {
    static const char *const known[] = {"0000_secret.sql",    "0000_secret",   "sub/secret.txt", "secret.txt",
                                        "meta/_journal.json", "_journal.json", "problems",       "status/0000_secret"};
    while (!counts->is_over) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", view, within);
        int held = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        for (int idle = 0; held >= 0 && idle < 50 && !counts->is_over;) {
            int listed = openat(held, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
            size_t names = listed < 0 ? 0 : read_all(listed, within, false, DEPTH);
            for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
                read_file(held, known[i], within, false);
            }
            idle = names > 0 ? 0 : idle + 1;
        }
        if (held >= 0) {
            close(held);
        }
    }
}

/* ---- swapping ---- */

static void swap(const char *site, const char *one, const char *other) {
    char first[4096], second[4096];
    snprintf(first, sizeof first, "%s/%s", site, one);
    snprintf(second, sizeof second, "%s/%s", site, other);
    if (renameat2(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE) == 0) {
        counts->swaps++;
    }
}

/* The source itself, the folder above it, one in it; each there and, on the whole as often, back.
 * Sometimes it is given the time to be noticed. */
static void swap_all(const char *site, unsigned long swaps) {
    unsigned seed = 1;
    while (counts->swaps < swaps) {
        int what = rand_r(&seed) % 3;
        swap(site,
             what == 0   ? "app/drizzle"
             : what == 1 ? "app"
                         : "app/drizzle/sub",
             what == 0   ? "to_drizzle"
             : what == 1 ? "to_app"
                         : "app/drizzle/private");
        int pause = rand_r(&seed) % 16;
        usleep(pause == 0 ? 60000 : pause < 8 ? 0 : (useconds_t)(rand_r(&seed) % 2000));
    }
}

static void ask_for_refreshes(const char *view) {
    char path[4096];
    snprintf(path, sizeof path, "%s/README", view);
    while (!counts->is_over) {
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file >= 0) {
            fsync(file);
            close(file);
        }
    }
}

/* ---- processes ---- */

enum { PROCESSES_MAXIMUM = 16 };
static pid_t processes[PROCESSES_MAXIMUM];
static size_t process_count;

static bool fork_as(uid_t id) {
    pid_t child = fork();
    if (child == 0) {
        if (id != 0) {
            become(id);
        }
        return true;
    }
    processes[process_count++] = child;
    return false;
}

int main(int argc, char **argv) {
    static const char *const within[] = {"migrations", "status", "migrations/sub", "."};
    if (argc != 4) {
        return 2;
    }
    counts = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (counts == MAP_FAILED) {
        return 2;
    }
    for (int i = 0; i < READERS_BY_PATH; i++) {
        if (fork_as(NOBODY)) {
            read_by_path(argv[1], false);
            _exit(0);
        }
    }
    for (size_t i = 0; i < sizeof within / sizeof *within; i++) {
        if (fork_as(NOBODY)) {
            read_from_within(argv[1], within[i]);
            _exit(0);
        }
    }
    if (fork_as(0)) {
        read_by_path(argv[1], true);
        _exit(0);
    }
    if (fork_as(0)) {
        ask_for_refreshes(argv[1]);
        _exit(0);
    }
    if (fork_as(OWNER)) {
        swap_all(argv[2], strtoul(argv[3], NULL, 10));
        _exit(0);
    }
    waitpid(processes[--process_count], NULL, 0);
    counts->is_over = true;
    for (size_t i = 0; i < process_count; i++) {
        waitpid(processes[i], NULL, 0);
    }
    printf("%lu swaps, %lu files read, %lu times root saw what is closed, %lu leaks\n", counts->swaps, counts->reads,
           counts->seen_by_root, counts->leaks);
    if (counts->leaks > 0) {
        printf("the first: %s\n", counts->first);
        return 1;
    }
    return counts->reads > 0 && counts->seen_by_root > 0 ? 0 : 2;
}
