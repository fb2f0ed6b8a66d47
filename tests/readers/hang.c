/* A file system that stops answering.
 *
 *     hang FLAG FOLDER MOUNT [reads [NAME [again]]]        shows FOLDER (one level of folders), and `page`, whose bytes never come
 *
 * While the file FLAG exists, reading, looking up and listing are not answered. With `reads` only
 * reading is not, and then nothing else; with NAME only reading the files of that name is not, and
 * everything else is answered; with `again` only from the second time on that they are read from
 * their beginning. In the foreground; ends by SIGTERM. */
#define FUSE_USE_VERSION 314
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *flag, *folder, *only_name;
static bool only_reads, only_again;
static unsigned beginnings;
static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;

/* Numbers are places in this table; 1 is the root. */
enum { ENTRIES = 4096, PAGE = ENTRIES };
static char *paths[ENTRIES];
static atomic_size_t count = 2;

/* Until the file is gone; whoever asks meanwhile is answered then, too. */
static void hang(bool is_read) {
    while ((is_read || !only_reads) && access(flag, F_OK) == 0) {
        usleep(10000);
    }
}

static const char *path_of(fuse_ino_t number) {
    return number == 1 ? folder : number < count ? paths[number] : "/nowhere";
}

static fuse_ino_t number_of(const char *path) {
    size_t at = 2;
    pthread_mutex_lock(&table);
    while (at < count && strcmp(paths[at], path) != 0) {
        at++;
    }
    if (at == count && count < ENTRIES) {
        paths[at] = strdup(path);
        count++; /* from here on others look at it */
    }
    pthread_mutex_unlock(&table);
    return at;
}

static bool may_hang(fuse_ino_t number, off_t offset) {
    const char *path = path_of(number), *slash = strrchr(path, '/');
    if (only_name && strcmp(slash ? slash + 1 : path, only_name) != 0) {
        return false;
    }
    pthread_mutex_lock(&table);
    beginnings = access(flag, F_OK) == 0 ? beginnings + (offset == 0) : 0;
    bool is_again = beginnings > 1;
    pthread_mutex_unlock(&table);
    return is_again || !only_again;
}

static int describe(fuse_ino_t number, struct stat *ret_stat) {
    if (number == PAGE) {
        *ret_stat = (struct stat){.st_mode = S_IFREG | 0644, .st_nlink = 1, .st_size = 1 << 20};
    } else if (stat(path_of(number), ret_stat) != 0) {
        return errno;
    }
    ret_stat->st_ino = number;
    return 0;
}

static void do_lookup(fuse_req_t request, fuse_ino_t parent, const char *name) {
    char path[PATH_MAX];
    struct fuse_entry_param entry = {.ino = PAGE};
    if (parent != 1 || strcmp(name, "page") != 0) {
        hang(false);
        snprintf(path, sizeof path, "%s/%s", path_of(parent), name);
        entry.ino = access(path, F_OK) == 0 ? number_of(path) : 0;
    }
    int error = entry.ino ? describe(entry.ino, &entry.attr) : ENOENT;
    if (error) {
        fuse_reply_err(request, error);
    } else {
        fuse_reply_entry(request, &entry);
    }
}

static void do_getattr(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *file) {
    struct stat attributes;
    (void)file;
    hang(false);
    int error = describe(number, &attributes);
    if (error) {
        fuse_reply_err(request, error);
    } else {
        fuse_reply_attr(request, &attributes, 0);
    }
}

static void do_open(fuse_req_t request, fuse_ino_t number, struct fuse_file_info *file) {
    file->direct_io = number != PAGE;
    file->keep_cache = number == PAGE; /* else a second open would wait for the bytes, too */
    fuse_reply_open(request, file);
}

static void do_read(fuse_req_t request, fuse_ino_t number, size_t size, off_t offset, struct fuse_file_info *file) {
    (void)file;
    if (number == PAGE) {
        return;
    }
    if (may_hang(number, offset)) {
        hang(true);
    }
    char *bytes = malloc(size);
    int source = open(path_of(number), O_RDONLY | O_CLOEXEC);
    ssize_t got = source >= 0 && bytes ? pread(source, bytes, size, offset) : -1;
    if (got < 0) {
        fuse_reply_err(request, EIO);
    } else {
        fuse_reply_buf(request, bytes, (size_t)got);
    }
    if (source >= 0) {
        close(source);
    }
    free(bytes);
}

static void do_readdir(fuse_req_t request, fuse_ino_t number, size_t size, off_t offset, struct fuse_file_info *file) {
    char *bytes = calloc(1, size);
    size_t used = 0;
    off_t at = 0;
    (void)file;
    hang(false);
    DIR *source = opendir(path_of(number));
    for (struct dirent *entry; source && (entry = readdir(source));) {
        if (at++ < offset) {
            continue;
        }
        struct stat attributes = {.st_ino = 2, .st_mode = (mode_t)entry->d_type << 12};
        size_t needed = fuse_add_direntry(request, bytes + used, size - used, entry->d_name, &attributes, at);
        if (needed > size - used) {
            break;
        }
        used += needed;
    }
    if (source) {
        closedir(source);
    }
    fuse_reply_buf(request, bytes, used);
    free(bytes);
}

int main(int argc, char **argv) {
    static const struct fuse_lowlevel_ops operations = {.lookup = do_lookup,
                                                        .getattr = do_getattr,
                                                        .open = do_open,
                                                        .opendir = do_open,
                                                        .read = do_read,
                                                        .readdir = do_readdir};
    struct fuse_args arguments = FUSE_ARGS_INIT(0, NULL);
    if (argc < 4 || argc > 7 || fuse_opt_add_arg(&arguments, "hang") != 0 ||
        fuse_opt_add_arg(&arguments, "-oallow_other") != 0) {
        return 2;
    }
    flag = argv[1];
    folder = argv[2];
    only_reads = argc >= 5;
    only_name = argc >= 6 ? argv[5] : NULL;
    only_again = argc == 7;
    struct fuse_session *session = fuse_session_new(&arguments, &operations, sizeof operations, NULL);
    if (!session || fuse_set_signal_handlers(session) != 0 || fuse_session_mount(session, argv[3]) != 0) {
        return 1;
    }
    int status = only_name ? fuse_session_loop_mt(session, NULL) : fuse_session_loop(session);
    fuse_session_unmount(session);
    fuse_session_destroy(session);
    fuse_opt_free_args(&arguments);
    return status < 0;
}
