/* Scans with faults: each allocation fails in turn, descriptors run out, the folder changes while
 * it is read. In all cases the previous scan remains valid and nothing leaks. */
#include "folder.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_OWN_ALLOCATOR 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_OWN_ALLOCATOR 1
#endif
#endif

#ifndef HAS_OWN_ALLOCATOR
/* These replace the C library's functions. The allocation `failing` calls from now fails, once;
 * `blocks` counts those in use. */
static atomic_long failing = -1, blocks;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void __libc_free(void *block);

static bool is_failing(void) {
    return atomic_load(&failing) >= 0 && atomic_fetch_sub(&failing, 1) == 0;
}

static void *counted(void *block) {
    atomic_fetch_add(&blocks, block != NULL);
    return block;
}

void *malloc(size_t size) {
    return is_failing() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size) {
    return is_failing() ? NULL : counted(__libc_calloc(count, size));
}

void *realloc(void *block, size_t size) {
    if (is_failing()) {
        return NULL;
    }
    return block ? __libc_realloc(block, size) : counted(__libc_realloc(NULL, size));
}

void *reallocarray(void *block, size_t count, size_t size) {
    size_t bytes;
    return __builtin_mul_overflow(count, size, &bytes) ? NULL : realloc(block, bytes);
}

void free(void *block) {
    atomic_fetch_sub(&blocks, block != NULL);
    __libc_free(block);
}

static void put_one_of_each(const struct folder *folder) {
    char name[32];
    put_directory(folder, "meta");
    put(folder, "meta/_journal.json", "{}");
    put_link(folder, "link.sql", "a.sql");
    put_link(folder, "out.sql", "/etc/passwd");
    put_directory(folder, "kept");
    put(folder, "kept/migration.sql", "select 1;");
    put_link(folder, "linked", "kept");
    put_sparse(folder, "large", DISK_HELD_EACH + 1);
    put_sparse(folder, "large.sql", DISK_HELD_EACH + 1);
    put(folder, "a.sql", "select 1;");
    put(folder, "broken.sql", "\xff");
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "%03d.sql", i);
        put(folder, name, name);
    }
}

/* Fails each allocation of a scan in turn, until a scan succeeds without a failure. Returns the
 * number of failures. */
static long scan_with_failures(struct folder *folder) {
    struct error error = {.code = ERROR_NONE};
    size_t descriptors = open_descriptors();
    long blocks_before = atomic_load(&blocks);
    for (long i = 0;; i++) {
        atomic_store(&failing, i);
        struct disk *disk = disk_scan(folder->source, folder->disk, 1, &error);
        bool has_failed = atomic_exchange(&failing, -1) < 0;
        if (disk && !has_failed) {
            disk_unref(folder->disk);
            folder->disk = disk;
            return i;
        }
        if (!disk) {
            assert_int_equal(error.code, ERROR_MEMORY);
        }
        disk_unref(disk); /* a library may have coped with it */
        assert_int_equal(atomic_load(&blocks), blocks_before);
        assert_int_equal(open_descriptors(), descriptors);
    }
}

static void out_of_memory_the_scan_before_stands(void **state) {
    struct folder *folder = *state;
    struct error error;
    put_one_of_each(folder);
    folder->source = disk_open(folder->path, &error);
    assert_non_null(folder->source);
    assert_true(scan_with_failures(folder) > 100);
    scan_until_settled(folder);
    struct digest lf, crlf;
    assert_true(disk_line_end_digests(folder->disk, find(folder, "a.sql"), &lf, &crlf));
    put(folder, "a.sql", "select 2;");
    put(folder, "b.sql", "select 3;");
    assert_true(scan_with_failures(folder) > 10);
    assert_holds(folder, "a.sql", "select 2;");
    assert_holds(folder, "b.sql", "select 3;");
    assert_holds(folder, "link.sql", "select 2;");
}

static void out_of_memory_a_folder_is_not_opened(void **state) {
    struct folder *folder = *state;
    struct error error;
    size_t descriptors = open_descriptors();
    struct disk_source *source = NULL;
    for (long i = 0; !source; i++) {
        atomic_store(&failing, i);
        source = disk_open(folder->path, &error);
        atomic_store(&failing, -1);
        assert_true(source || open_descriptors() == descriptors);
    }
    disk_close(source);
}

static void out_of_memory_line_ends_are_made_later(void **state) {
    struct folder *folder = *state;
    struct digest lf, crlf;
    put(folder, "a.sql", "select 1;\r\n");
    scan(folder);
    size_t failures = 0;
    bool is_made = false;
    for (long i = 0; i < 20; i++) {
        atomic_store(&failing, i);
        is_made = disk_line_end_digests(folder->disk, find(folder, "a.sql"), &lf, &crlf);
        atomic_store(&failing, -1);
        failures += !is_made;
    }
    assert_true(is_made);
    assert_true(failures > 0);
    struct digest expected = digest_of(TEXT("select 1;\n"));
    assert_true(digest_equal(&lf, &expected));
}
#endif

static void out_of_descriptors_the_scan_before_stands(void **state) {
    struct folder *folder = *state;
    struct rlimit before, lower;
    put_directory(folder, "meta");
    put(folder, "meta/_journal.json", "{}");
    put(folder, "a.sql", "select 1;");
    put_link(folder, "link.sql", "a.sql");
    scan(folder);
    put(folder, "a.sql", "select 2;");
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    int free_descriptor = dup(0);
    close(free_descriptor);
    for (int allowed = 0; allowed < 2; allowed++) {
        struct error error;
        lower = (struct rlimit){(rlim_t)(free_descriptor + allowed), before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &lower), 0);
        struct disk *disk = disk_scan(folder->source, folder->disk, 1, &error);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
        assert_null(disk);
        assert_int_equal(error.code, ERROR_SYSTEM);
        assert_string_equal(error.sentence, "the folder cannot be read: Too many open files");
    }
    assert_holds(folder, "a.sql", "select 1;");
    scan(folder);
    assert_holds(folder, "a.sql", "select 2;");
}

/* ---- a folder that changes all the time ---- */

struct trouble_maker {
    struct folder *folder;
    atomic_bool is_over;
};

/* Each version consists of one letter only, and each letter has its own length; files and
 * directories come and go. */
static void *make_trouble(void *context) {
    struct trouble_maker *maker = context;
    char path[4][128], bytes[26 * 100];
    static const char *const names[] = {"a.sql", "new", "directory", "directory/file"};
    for (size_t i = 0; i < 4; i++) {
        snprintf(path[i], sizeof path[i], "%s/%s", maker->folder->path, names[i]);
    }
    for (unsigned i = 0; !atomic_load(&maker->is_over); i++) {
        size_t letter = i % 26;
        memset(bytes, (int)('a' + letter), sizeof bytes);
        FILE *file = fopen(path[1], "we");
        if (file) {
            fwrite(bytes, 1, (letter + 1) * 100, file);
            fclose(file);
        }
        rename(path[1], path[0]);
        mkdir(path[2], 0755);
        file = fopen(path[3], "we");
        if (file) {
            fclose(file);
        }
        unlink(path[3]);
        rmdir(path[2]);
    }
    return NULL;
}

static void a_folder_that_changes_is_read_in_whole_versions(void **state) {
    struct folder *folder = *state;
    struct trouble_maker maker = {.folder = folder};
    pthread_t thread;
    put(folder, "a.sql", "");
    scan(folder);
    size_t descriptors = open_descriptors();
    assert_int_equal(pthread_create(&thread, NULL, make_trouble, &maker), 0);
    for (int i = 0; i < 300; i++) {
        scan(folder);
        const struct disk_entry *entry = find(folder, "a.sql");
        if (!entry || entry->kind != DISK_FILE || entry->size == 0) {
            continue; /* replaced too often to be read, or not written yet */
        }
        struct text text = content_text(entry->content);
        assert_int_equal(text.length, entry->size);
        assert_int_equal(text.length, (text.bytes[0] - 'a' + 1) * 100);
        for (size_t at = 0; at < text.length; at++) {
            assert_int_equal(text.bytes[at], text.bytes[0]);
        }
        struct digest expected = digest_of(text);
        assert_true(digest_equal(&entry->sql->digest, &expected));
    }
    atomic_store(&maker.is_over, true);
    pthread_join(thread, NULL);
    assert_int_equal(open_descriptors(), descriptors);
}

/* The file is empty or has a thousand times `a`, never anything between. */
static void *truncate_and_write(void *context) {
    struct trouble_maker *maker = context;
    char bytes[1000];
    memset(bytes, 'a', sizeof bytes);
    int descriptor = open(maker->folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int file = openat(descriptor, "a.sql", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    while (!atomic_load(&maker->is_over)) {
        if (pwrite(file, bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes || ftruncate(file, 0) < 0) {
            break;
        }
    }
    close(file);
    close(descriptor);
    return NULL;
}

static void a_file_cut_short_while_it_is_read_is_read_again(void **state) {
    struct folder *folder = *state;
    struct trouble_maker maker = {.folder = folder};
    pthread_t thread;
    char whole[1000];
    memset(whole, 'a', sizeof whole);
    assert_int_equal(pthread_create(&thread, NULL, truncate_and_write, &maker), 0);
    for (int i = 0; i < 2000; i++) {
        scan(folder);
        const struct disk_entry *entry = find(folder, "a.sql");
        if (entry && entry->kind == DISK_FILE && entry->size > 0) {
            assert_true(text_equal(content_text(entry->content), (struct text){whole, sizeof whole}));
        }
    }
    atomic_store(&maker.is_over, true);
    pthread_join(thread, NULL);
}

/* ---- a file that is written over while it is read ---- */

static char written_over[8200]; /* the path, while a write is due */

/* The linker puts this before the real one. A descriptor that was read from is queried again, and
 * by then the file is another version. */
int __real_fstat(int descriptor, struct stat *stat);
int __wrap_fstat(int descriptor, struct stat *stat);

ssize_t __real_pread(int descriptor, void *bytes, size_t size, off_t offset);
ssize_t __wrap_pread(int descriptor, void *bytes, size_t size, off_t offset);

static bool was_read_in_part;

ssize_t __wrap_pread(int descriptor, void *bytes, size_t size, off_t offset) {
    was_read_in_part = true;
    return __real_pread(descriptor, bytes, size, offset);
}

int __wrap_fstat(int descriptor, struct stat *stat) {
    if (*written_over && (was_read_in_part || lseek(descriptor, 0, SEEK_CUR) > 0)) {
        int file = open(written_over, O_WRONLY | O_CLOEXEC);
        *written_over = '\0';
        if (pwrite(file, "bbbb", 4, 0) != 4) {
            abort();
        }
        close(file);
    }
    return __real_fstat(descriptor, stat);
}

/* Sets an old time first: two versions within one tick of the kernel's clock are
 * indistinguishable. */
static void write_over_in_the_middle(const struct folder *folder, const char *path) {
    const struct timespec long_ago[2] = {{1000, 0}, {1000, 0}};
    assert_int_equal(utimensat(AT_FDCWD, in_folder(folder, path), long_ago, 0), 0);
    was_read_in_part = false;
    strcpy(written_over, in_folder(folder, path));
}

static void a_file_written_over_while_it_is_read_is_read_again(void **state) {
    struct folder *folder = *state;
    put(folder, "a.sql", "aaaa");
    write_over_in_the_middle(folder, "a.sql");
    scan(folder);
    assert_string_equal(written_over, "");
    assert_holds(folder, "a.sql", "bbbb");
}

static void a_large_file_written_over_while_it_is_read_is_not_taken_for_the_version_promised(void **state) {
    struct folder *folder = *state;
    struct text text;
    struct error error;
    put_sparse(folder, "large", DISK_HELD_EACH + 1);
    write_over_in_the_middle(folder, "large");
    scan(folder);
    assert_false(content_pin(find(folder, "large")->content, &text, &error));
    assert_string_equal(written_over, "");
    assert_string_equal(error.sentence, "the file has changed since the folder was read");
}

/* ---- signals ---- */

static pthread_t expecting;
static atomic_bool was_elsewhere;
static atomic_int signals_seen;

static void on_signal(int number) {
    (void)number;
    atomic_fetch_add(&signals_seen, 1);
    if (!pthread_equal(pthread_self(), expecting)) {
        atomic_store(&was_elsewhere, true);
    }
}

static void *send_signals(void *context) {
    while (!atomic_load((atomic_bool *)context)) {
        kill(getpid(), SIGUSR1);
    }
    return NULL;
}

static void signals_go_to_no_thread_of_a_scan(void **state) {
    struct folder *folder = *state;
    atomic_bool is_over = false;
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART}, before;
    sigset_t usr1;
    pthread_t sender;
    char name[32];
    for (int i = 0; i < 400; i++) {
        snprintf(name, sizeof name, "%03d.sql", i);
        put(folder, name, name);
    }
    expecting = pthread_self();
    sigaction(SIGUSR1, &action, &before);
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &usr1, NULL);
    assert_int_equal(pthread_create(&sender, NULL, send_signals, &is_over), 0);
    for (int i = 0; i < 20; i++) {
        struct error error;
        struct disk_source *source = disk_open(folder->path, &error);
        struct disk *disk = disk_scan(source, NULL, 4, &error);
        assert_non_null(disk);
        disk_unref(disk);
        disk_close(source);
    }
    assert_int_equal(signals_seen, 0);
    atomic_store(&is_over, true);
    pthread_join(sender, NULL);
    pthread_sigmask(SIG_UNBLOCK, &usr1, NULL);
    assert_true(signals_seen > 0);
    assert_false(was_elsewhere);
    sigaction(SIGUSR1, &before, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#ifndef HAS_OWN_ALLOCATOR
        folder_test(out_of_memory_the_scan_before_stands),
        folder_test(out_of_memory_a_folder_is_not_opened),
        folder_test(out_of_memory_line_ends_are_made_later),
#endif
        folder_test(out_of_descriptors_the_scan_before_stands),
        folder_test(a_folder_that_changes_is_read_in_whole_versions),
        folder_test(a_file_cut_short_while_it_is_read_is_read_again),
        folder_test(a_file_written_over_while_it_is_read_is_read_again),
        folder_test(a_large_file_written_over_while_it_is_read_is_not_taken_for_the_version_promised),
        folder_test(signals_go_to_no_thread_of_a_scan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
