/* What can be reached below the source folder, and what cannot: links out of it, FIFOs, devices,
 * sockets, other filesystems. */
#include "folder.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include "folder/root.h"

static bool is_refused(const struct disk *disk, const char *path, const char *refusal) {
    const struct disk_entry *entry = disk_find(disk, text_of(path));
    return entry && entry->kind == DISK_REFUSED && text_is(entry->refusal, refusal);
}

static bool holds(const struct disk *disk, const char *path, const char *text) {
    const struct disk_entry *entry = disk_find(disk, text_of(path));
    return entry && entry->kind == DISK_FILE && text_is(content_text(entry->content), text);
}

static void become_nobody(const struct folder *folder) {
    if (geteuid() == 0) {
        CHECK(chown(folder->path, 65534, 65534) == 0 && chown(folder->outside, 65534, 65534) == 0);
        CHECK(setresgid(65534, 65534, 65534) == 0 && setresuid(65534, 65534, 65534) == 0);
    }
}

static void watch_opens(int watch, const char *path) {
    assert_true(inotify_add_watch(watch, path, IN_OPEN) > 0);
}

static void assert_nothing_opened(int watch) {
    char events[4096];
    assert_int_equal(read(watch, events, sizeof events), -1);
    assert_int_equal(errno, EAGAIN);
    close(watch);
}

static void put_socket(const struct folder *folder, const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", folder->path, path);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(descriptor, (struct sockaddr *)&address, sizeof address), 0);
    close(descriptor);
}

static void special_files_are_refused_and_never_opened(void **state) {
    struct folder *folder = *state;
    int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    assert_int_equal(mkfifo(in_folder(folder, "fifo.sql"), 0666), 0);
    put_socket(folder, "socket.sql");
    put_link(folder, "to_fifo.sql", "fifo.sql");
    put_link(folder, "to_socket.sql", "socket.sql");
    watch_opens(watch, in_folder(folder, "fifo.sql"));
    watch_opens(watch, in_folder(folder, "socket.sql"));
    bool has_device = mknod(in_folder(folder, "device.sql"), S_IFCHR | 0666, makedev(1, 3)) == 0;
    if (has_device) {
        put_link(folder, "to_device.sql", "device.sql");
        watch_opens(watch, in_folder(folder, "device.sql"));
    }
    scan(folder);
    assert_refused(folder, "fifo.sql", "is a FIFO");
    assert_refused(folder, "socket.sql", "is a socket");
    assert_refused(folder, "to_fifo.sql", "is a symbolic link to a FIFO");
    assert_refused(folder, "to_socket.sql", "is a symbolic link to a socket");
    if (has_device) {
        assert_refused(folder, "device.sql", "is a device");
        assert_refused(folder, "to_device.sql", "is a symbolic link to a device");
    }
    assert_nothing_opened(watch);
}

static void links_within_the_folder_are_shown_as_the_files_they_lead_to(void **state) {
    struct folder *folder = *state;
    put_directory(folder, "meta");
    put(folder, "a.sql", "select 1;");
    assert_int_equal(chmod(in_folder(folder, "a.sql"), 0600), 0);
    put_link(folder, "link.sql", "./a.sql");
    put_link(folder, "chain.sql", "link.sql");
    put_link(folder, "meta/up", "../a.sql");
    scan(folder);
    static const char *const links[] = {"link.sql", "chain.sql", "meta/up"};
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        assert_holds(folder, links[i], "select 1;");
        assert_true(find(folder, links[i])->is_link);
        assert_int_equal(find(folder, links[i])->mode, 0600);
        assert_int_equal(find(folder, links[i])->size, 9);
        assert_int_equal(find(folder, links[i])->inode, find(folder, "a.sql")->inode);
    }
    assert_int_equal(find(folder, "link.sql")->sql->statements, 1);
    put(folder, "a.sql", "select 2;");
    scan(folder);
    assert_holds(folder, "chain.sql", "select 2;");
    put(folder, "b.sql", "select 3;");
    assert_int_equal(unlink(in_folder(folder, "link.sql")), 0);
    put_link(folder, "link.sql", "b.sql");
    scan(folder);
    assert_holds(folder, "chain.sql", "select 3;");
}

static void links_that_lead_elsewhere_are_refused_and_never_followed(void **state) {
    static const struct {
        const char *name, *target, *refusal;
    } links[] = {
        {"absolute.sql", "/etc/shadow", "is a symbolic link that leads out of the folder"},
        {"environment.sql", "/proc/self/environ", "is a symbolic link that leads out of the folder"},
        {"nowhere.sql", "/does/not/exist", "is a symbolic link that leads out of the folder"},
        {"out.sql", "../secret", "is a symbolic link that leads out of the folder"},
        {"out_and_in.sql", "../source/a.sql", "is a symbolic link that leads out of the folder"},
        {"by_another.sql", "out.sql", "is a symbolic link that leads out of the folder"},
        {"through.sql", "outside/secret", "is a symbolic link that leads out of the folder"},
        {"outside", "..", "is a symbolic link that leads out of the folder"},
        {"dangling.sql", "missing.sql", "is a dangling symbolic link"},
        {"below_a_file.sql", "a.sql/b", "is a dangling symbolic link"},
        {"loop.sql", "pool.sql", "is a symbolic link in a loop"},
        {"pool.sql", "loop.sql", "is a symbolic link in a loop"},
        {"directory.sql", "meta", "is a symbolic link to a directory"},
        {"self.sql", ".", "is a symbolic link to a directory"},
    };
    struct folder *folder = *state;
    int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    put_directory(folder, "meta");
    put(folder, "a.sql", "select 1;");
    put(folder, "meta/inside", "");
    put(folder, "../secret", "secret");
    watch_opens(watch, in_folder(folder, "../secret"));
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        put_link(folder, links[i].name, links[i].target);
    }
    scan(folder);
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        assert_refused(folder, links[i].name, links[i].refusal);
        assert_true(find(folder, links[i].name)->is_link);
    }
    assert_null(find(folder, "directory.sql/inside"));
    assert_nothing_opened(watch);
}

static void scan_as_nobody(struct folder *folder) {
    struct error error;
    become_nobody(folder);
    struct disk_source *source = disk_open(folder->path, &error);
    struct disk *disk = source ? disk_scan(source, NULL, 1, &error) : NULL;
    CHECK(disk);
    CHECK(is_refused(disk, "file.sql", "cannot be read: Permission denied"));
    CHECK(is_refused(disk, "link.sql", "cannot be read: Permission denied"));
    CHECK(is_refused(disk, "directory", "cannot be read: Permission denied"));
    CHECK(disk_find(disk, TEXT("directory"))->mode == 0300);
    CHECK(is_refused(disk, "large", "cannot be read: Permission denied"));
    CHECK(is_refused(disk, "no_search/file", "cannot be read: Permission denied"));
    CHECK(!disk_find(disk, TEXT("directory/inside")));

    int descriptor = open(in_folder(folder, "mine.sql"), O_WRONLY | O_CREAT | O_CLOEXEC, 0);
    CHECK(descriptor >= 0 && write(descriptor, "x", 1) == 1);
    struct disk *without = disk_scan(source, disk, 1, &error);
    CHECK(without && is_refused(without, "mine.sql", "cannot be read: Permission denied"));
    CHECK(disk_scan(source, without, 1, &error) == without);
    CHECK(fchmod(descriptor, 0400) == 0);
    struct disk *with = disk_scan(source, without, 1, &error);
    CHECK(with && holds(with, "mine.sql", "x"));

    CHECK(chmod(folder->path, 0) == 0);
    struct disk *closed = disk_scan(source, with, 1, &error);
    CHECK(closed && closed->count == 1 && !closed->is_gone);
    CHECK(is_refused(closed, "", "cannot be read: Permission denied"));
    CHECK(!disk_open(folder->path, &error));
    CHECK(strstr(error.sentence, "cannot be read: Permission denied") && strstr(error.sentence, folder->path));
    CHECK(rename(folder->path, beside(folder, "away")) == 0);
    struct disk *gone = disk_scan(source, closed, 1, &error);
    CHECK(gone && gone->is_gone && gone->entries[0].kind == DISK_DIRECTORY && gone->entries[0].refusal.length == 0);
    CHECK(rename(beside(folder, "away"), folder->path) == 0 && chmod(folder->path, 0755) == 0);
}

static void what_may_not_be_read_is_refused_until_it_may(void **state) {
    struct folder *folder = *state;
    put(folder, "file.sql", "");
    put_link(folder, "link.sql", "file.sql");
    put_sparse(folder, "large", DISK_HELD_EACH + 1);
    put_directory(folder, "directory");
    put(folder, "directory/inside", "");
    put_directory(folder, "no_search");
    put(folder, "no_search/file", "");
    assert_int_equal(chmod(in_folder(folder, "file.sql"), 0), 0);
    assert_int_equal(chmod(in_folder(folder, "large"), 0), 0);
    assert_int_equal(chmod(in_folder(folder, "directory"), 0300), 0);
    assert_int_equal(chmod(in_folder(folder, "no_search"), 0444), 0);
    in_child(folder, scan_as_nobody);
    assert_int_equal(chmod(in_folder(folder, "directory"), 0755), 0); /* so that it can be removed */
    assert_int_equal(chmod(in_folder(folder, "no_search"), 0755), 0);
}

static void directories_are_entered_up_to_a_depth(void **state) {
    struct folder *folder = *state;
    char path[256] = "d";
    for (size_t depth = 1; depth <= 70; depth++) {
        put_directory(folder, path);
        strcat(path, "/d");
    }
    scan(folder);
    assert_int_equal(folder->disk->count, 1 + 65);
    path[2 * 64 - 1] = '\0';
    assert_int_equal(find(folder, path)->kind, DISK_DIRECTORY);
    path[2 * 64 - 1] = '/';
    path[2 * 65 - 1] = '\0';
    assert_refused(folder, path, "is nested too deep");
}

/* ---- other filesystems ---- */

/* Mounts a FUSE filesystem that never answers, like a hanging daemon. */
static void mount_hanging(const char *path) {
    char options[128];
    int descriptor = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    if (descriptor < 0) {
        _exit(CHILD_SKIPPED);
    }
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", descriptor);
    CHECK(mount("hanging", path, "fuse", MS_NOSUID | MS_NODEV, options) == 0);
}

static void scan_with_mounts(struct folder *folder) {
    struct error error;
    enter_own_mounts();
    CHECK(mount("tmpfs", in_folder(folder, "memory"), "tmpfs", 0, NULL) == 0);
    CHECK(mount(in_folder(folder, "a.sql"), in_folder(folder, "bound.sql"), NULL, MS_BIND, NULL) == 0);
    mount_hanging(in_folder(folder, "hanging"));
    struct disk_source *source = disk_open(folder->path, &error);
    struct disk *disk = source ? disk_scan(source, NULL, 1, &error) : NULL;
    CHECK(disk);
    CHECK(is_refused(disk, "memory", "is the mount point of another filesystem"));
    CHECK(is_refused(disk, "hanging", "is the mount point of another filesystem"));
    CHECK(is_refused(disk, "into.sql", "is a symbolic link that leads out of the folder"));
    CHECK(is_refused(disk, "bound.sql", "is the mount point of another filesystem"));

    mount_hanging(folder->path);
    struct disk *covered = disk_scan(source, disk, 1, &error);
    CHECK(covered && !covered->is_gone && holds(covered, "a.sql", "select 1;"));
}

static void other_filesystems_are_not_entered_even_if_they_hang(void **state) {
    struct folder *folder = *state;
    put_directory(folder, "memory");
    put_directory(folder, "hanging");
    put_link(folder, "into.sql", "hanging/a.sql");
    put(folder, "a.sql", "select 1;");
    put(folder, "bound.sql", "");
    in_child(folder, scan_with_mounts);
}

/* ---- without /proc ---- */

static void put_files_to_reach(const struct folder *folder) {
    put_directory(folder, "meta");
    put_directory(folder, "meta/deeper");
    put(folder, "a.sql", "select 1;");
    put(folder, "meta/deeper/b.sql", "select 2;");
    put_link(folder, "link.sql", "a.sql");
    put_link(folder, "out", "..");
    assert_int_equal(mkfifo(in_folder(folder, "fifo.sql"), 0666), 0);
}

static void scan_without_proc(struct folder *folder) {
    struct error error;
    enter_own_mounts();
    CHECK(mount("tmpfs", "/proc", "tmpfs", 0, NULL) == 0);
    struct disk_source *source = disk_open(folder->path, &error);
    struct disk *disk = source ? disk_scan(source, NULL, 1, &error) : NULL;
    CHECK(disk);
    CHECK(holds(disk, "a.sql", "select 1;"));
    CHECK(holds(disk, "link.sql", "select 1;"));
    CHECK(holds(disk, "meta/deeper/b.sql", "select 2;"));
    CHECK(is_refused(disk, "fifo.sql", "is a FIFO"));

    struct disk_root *root = disk_root_create(open(folder->path, O_PATH | O_DIRECTORY | O_CLOEXEC));
    struct disk_name name = {-1, "a.sql", false};
    struct disk_outcome outcome;
    struct stat stat;
    int looked_at = root ? disk_root_look(root, -1, "a.sql", &stat, &outcome) : -1;
    CHECK(looked_at >= 0 && rename(in_folder(folder, "fifo.sql"), in_folder(folder, "a.sql")) == 0);
    /* Does not wait for a writer. */
    CHECK(disk_root_open_looked_at(root, looked_at, &name) == -1 && errno == ENOENT);
}

static void files_are_read_without_proc(void **state) {
    put_files_to_reach(*state);
    in_child(*state, scan_without_proc);
}

/* ---- without openat2() ---- */

static void forbid_openat2(int error) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

static void scan_without_openat2(struct folder *folder, int missing) {
    static const char refusal[] = "is a symbolic link, which cannot be followed safely on this system";
    struct error error;
    forbid_openat2(missing);
    struct disk_source *source = disk_open(folder->path, &error);
    struct disk *disk = source ? disk_scan(source, NULL, 1, &error) : NULL;
    CHECK(disk);
    CHECK(holds(disk, "a.sql", "select 1;"));
    CHECK(holds(disk, "meta/deeper/b.sql", "select 2;"));
    CHECK(is_refused(disk, "link.sql", refusal));
    CHECK(is_refused(disk, "out", refusal));
    CHECK(is_refused(disk, "fifo.sql", "is a FIFO"));

    CHECK(rename(in_folder(folder, "meta"), in_folder(folder, "../meta")) == 0);
    CHECK(symlink("../meta", in_folder(folder, "meta")) == 0);
    struct disk_root *root = disk_root_create(open(folder->path, O_PATH | O_DIRECTORY | O_CLOEXEC));
    struct disk_outcome outcome;
    struct stat stat;
    CHECK(root && disk_root_look(root, -1, "meta", &stat, &outcome) == -1);
    int self = disk_root_open_directory(root, -1, ".", &outcome);
    CHECK(self >= 0 && disk_root_open_directory(root, self, "meta", &outcome) == -1);
    CHECK(disk_root_open_directory(root, self, "meta/deeper", &outcome) == -1);
    CHECK(disk_root_look(root, -1, "meta/deeper/b.sql", &stat, &outcome) == -1);
}

static void scan_without_openat2_as_on_an_old_kernel(struct folder *folder) {
    scan_without_openat2(folder, ENOSYS);
}

static void scan_without_openat2_as_in_an_old_container(struct folder *folder) {
    scan_without_openat2(folder, EPERM);
}

static void without_openat2_no_link_is_followed(void **state) {
    put_files_to_reach(*state);
    in_child(*state, scan_without_openat2_as_on_an_old_kernel);
}

static void where_openat2_is_forbidden_no_link_is_followed(void **state) {
    put_files_to_reach(*state);
    in_child(*state, scan_without_openat2_as_in_an_old_container);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(special_files_are_refused_and_never_opened),
        folder_test(links_within_the_folder_are_shown_as_the_files_they_lead_to),
        folder_test(links_that_lead_elsewhere_are_refused_and_never_followed),
        folder_test(what_may_not_be_read_is_refused_until_it_may),
        folder_test(directories_are_entered_up_to_a_depth),
        folder_test(other_filesystems_are_not_entered_even_if_they_hang),
        folder_test(files_are_read_without_proc),
        folder_test(without_openat2_no_link_is_followed),
        folder_test(where_openat2_is_forbidden_no_link_is_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
