/* Privileges are dropped permanently, so each test has its own process. tests/security tests that a
 * mount works without them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/privileges.h"

enum { NOBODY = 65534 };

static char path[] = "/tmp/privileges.XXXXXX"; /* file used by the checks */

/* Ends the process of the test if the condition does not hold. */
static void require(bool holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "it does not hold that %s: %s\n", what, strerror(errno));
        _exit(EXIT_FAILURE);
    }
}

static void assert_holds_in_a_process(void (*body)(void)) {
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL); /* cmocka's handler would go on with the next test */
        body();
        _exit(EXIT_SUCCESS);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void reduce(void) {
    struct error error;
    require(privileges_reduce(&error), "privileges can be given up");
}

static void confine(void) {
    struct error error;
    require(privileges_confine(&error), "system calls can be given up");
}

static uint64_t permitted(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    require(syscall(SYS_capget, &header, data) == 0, "capabilities can be asked for");
    return data[0].permitted | (uint64_t)data[1].permitted << 32;
}

/* A field from the status of the calling thread. */
static long thread_status(const char *field) {
    char line[256];
    long value = -1;
    FILE *status = fopen("/proc/thread-self/status", "re");
    require(status, "a thread has a status");
    while (fgets(line, sizeof line, status)) {
        if (strncmp(line, field, strlen(field)) == 0 && line[strlen(field)] == ':') {
            value = strtol(line + strlen(field) + 1, NULL, 10);
        }
    }
    fclose(status);
    return value;
}

static bool is_refused(long result) {
    return result < 0 && errno == EPERM;
}

/* ---- as root ---- */

static void check_capabilities(void) {
    uint64_t kept = UINT64_C(1) << CAP_SYS_ADMIN | UINT64_C(1) << CAP_DAC_READ_SEARCH, before = permitted();
    reduce();
    require(permitted() == (before & kept), "these two capabilities are left");
    require(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1, "there are no new ones");
    require(prctl(PR_CAPBSET_READ, CAP_SYS_PTRACE) == 0, "nothing but these is within bounds");
    require(is_refused(chown(path, NOBODY, NOBODY)), "an owner is not changed");
    require(chdir("/") == 0 && access("/etc/shadow", F_OK) == 0, "ordinary calls go on");
}

/* Calls by number, since the C library may not know them. Without the filter each fails with
 * another error, since none of the arguments is valid. */
static void check_young_calls(void) {
    static const struct {
        long number;
        const char *name;
    } calls[] = {{428, "open_tree"},   {429, "move_mount"}, {430, "fsopen"},        {431, "fsconfig"},
                 {432, "fsmount"},     {433, "fspick"},     {442, "mount_setattr"}, {443, "quotactl_fd"},
                 {452, "fchmodat2"},   {463, "setxattrat"}, {466, "removexattrat"}, {467, "open_tree_attr"},
                 {469, "file_setattr"}};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        require(is_refused(syscall(calls[i].number, -1, NULL, -1, NULL, 0, 0)), calls[i].name);
    }
}

/* By number, since the headers of the kernel and of the C library conflict. */
static void check_requests(void) {
    static const struct {
        unsigned long number;
        const char *name;
    } requests[] = {{0xc0045877, "FIFREEZE"},          {0xc0185879, "FITRIM"},
                    {0x8004587d, "EXT4_IOC_SHUTDOWN"}, {0x40086602, "FS_IOC_SETFLAGS"},
                    {0x401c5820, "FS_IOC_FSSETXATTR"}, {0x41009432, "FS_IOC_SETFSLABEL"},
                    {0x40049409, "FICLONE"},           {0x125d, "BLKROSET"},
                    {0xc138fd06, "DM_DEV_SUSPEND"},    {TIOCSTI, "TIOCSTI"},
                    {TIOCLINUX, "TIOCLINUX"}};
    int ends[2], waiting;
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        require(is_refused(syscall(SYS_ioctl, -1, requests[i].number, NULL)), requests[i].name);
        require(is_refused(syscall(SYS_ioctl, -1, requests[i].number | 1UL << 40, NULL)), requests[i].name);
    }
    require(pipe(ends) == 0 && ioctl(ends[0], FIONREAD, &waiting) == 0, "what libpq asks for is answered");
}

static void check_opening(const char *absent) {
    static const int writing[] = {O_WRONLY, O_RDWR, O_RDONLY | O_TRUNC, O_WRONLY | O_APPEND, O_ACCMODE};
    for (size_t i = 0; i < sizeof writing / sizeof *writing; i++) {
        require(is_refused(open(path, writing[i])), "nothing is opened to write");
        require(is_refused(syscall(SYS_openat, AT_FDCWD, path, writing[i])), "nothing is opened to write");
#ifdef SYS_open
        require(is_refused(syscall(SYS_open, path, writing[i])), "nothing is opened to write");
#endif
    }
    require(is_refused(open(absent, O_RDONLY | O_CREAT | O_CLOEXEC, 0600)), "no file is made");
    require(is_refused(open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)), "no file without a name is made");
    require(access(absent, F_OK) < 0 && errno == ENOENT, "no file was made");
}

#ifdef __x86_64__

static long call_by_32_bits(void) {
    enum { GETPID_OF_32_BITS = 20 };
    long returned;
    __asm__ volatile("int $0x80" : "=a"(returned) : "a"((long)GETPID_OF_32_BITS) : "memory");
    return returned;
}

/* Some kernels and hypervisors end a process that makes a call so. */
static bool has_calls_by_32_bits(void) {
    int status;
    pid_t child = fork();
    require(child >= 0, "a process can be had");
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL);
        _exit(call_by_32_bits() == getpid() ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    require(waitpid(child, &status, 0) == child, "it ends");
    return status == 0;
}

#else

static long call_by_32_bits(void) {
    return -EPERM;
}

static bool has_calls_by_32_bits(void) {
    return false;
}

#endif

/* By the numbers of 32 bits and of x32, even a call that does nothing. */
static void check_foreign_numbers(bool has_32_bits) {
    require(!has_32_bits || call_by_32_bits() == -EPERM, "no call is made by a number of 32 bits");
#ifdef __x86_64__
    enum { X32 = 0x40000000 };
    require(is_refused(syscall(X32 + SYS_getpid)), "no call is made by a number of x32");
#endif
}

static void check_calls(void) {
    char other[sizeof path + 2];
    char *none[] = {NULL};
    int file = open(path, O_RDWR | O_CLOEXEC);
    snprintf(other, sizeof other, "%s.b", path);
    require(file >= 0, "a file can be opened");
    bool has_32_bits = has_calls_by_32_bits();
    reduce();
    confine();
    require(thread_status("Seccomp") == 2, "there is a filter");
    require(is_refused(execve("/bin/true", none, none)), "no program is started");
    require(is_refused(mount("none", "/mnt", "tmpfs", 0, NULL)), "nothing is mounted");
    require(is_refused(syscall(SYS_unshare, 0)), "no namespace is left");
    require(is_refused(syscall(SYS_bpf, 0, NULL, 0)), "nothing is loaded into the kernel");
    require(is_refused(syscall(SYS_open_by_handle_at, -1, NULL, 0)), "nothing is opened by a handle");
    require(is_refused(unlink(path)), "nothing is removed");
    require(is_refused(rename(path, other)), "nothing is renamed");
    require(is_refused(link(path, other)), "no name is added");
    require(is_refused(symlink(path, other)), "no link is made");
    require(is_refused(mkdir(other, 0700)), "no folder is made");
    require(is_refused(truncate(path, 0)), "nothing is cut off");
    require(is_refused(chmod(path, 0777)) && is_refused(fchmod(file, 0777)), "no mode is changed");
    check_young_calls();
    check_foreign_numbers(has_32_bits);
    check_requests();
    check_opening(other);
    /* What serving a mount needs. */
    require(umount2("/nowhere/at all", 0) < 0 && errno == ENOENT, "a mount can be ended");
    require(write(file, "x", 1) == 1, "what is open can be written to: the kernel's end of a mount");
    int again = open(path, O_RDONLY | O_CLOEXEC);
    require(again >= 0 && lseek(again, 0, SEEK_END) == 1, "files can be read");
}

static pthread_barrier_t barrier;

static void *wait_and_check(void *context) {
    pthread_barrier_wait(&barrier); /* it runs */
    pthread_barrier_wait(&barrier); /* the first thread has the filter */
    require(thread_status("Seccomp") == 2, "a thread that ran before is confined");
    return context;
}

static void check_threads(void) {
    pthread_t thread;
    reduce();
    require(pthread_barrier_init(&barrier, NULL, 2) == 0, "a barrier can be had");
    require(pthread_create(&thread, NULL, wait_and_check, NULL) == 0, "a thread can be had");
    pthread_barrier_wait(&barrier);
    confine();
    pthread_barrier_wait(&barrier);
    require(pthread_join(thread, NULL) == 0, "it has ended");
}

static void skip_unless_root(void) {
    if (geteuid() != 0) {
        skip();
    }
}

static void root_keeps_what_mounting_and_reading_take(void **state) {
    (void)state;
    skip_unless_root();
    assert_holds_in_a_process(check_capabilities);
}

static void root_can_start_and_change_nothing_any_more(void **state) {
    (void)state;
    skip_unless_root();
    assert_holds_in_a_process(check_calls);
}

static void threads_that_run_already_are_confined_too(void **state) {
    (void)state;
    skip_unless_root();
    assert_holds_in_a_process(check_threads);
}

/* ---- with a sanitizer ---- */

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define HAS_ADDRESS_SANITIZER 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define HAS_ADDRESS_SANITIZER 1
#endif

#ifdef HAS_ADDRESS_SANITIZER

static char log_path[] = "/tmp/privileges-log.XXXXXX";

/* Confines a process, in which `fault` then triggers a sanitizer. The report must be in the log. */
static void assert_is_reported(void (*fault)(void), const char *sentence) {
    char report[4096] = "";
    int status;
    int file = open(log_path, O_RDWR | O_TRUNC | O_CLOEXEC);
    assert_true(file >= 0);
    pid_t child = fork();
    if (child == 0) {
        setenv("MIGFS_SANITIZER_LOG", log_path, 1);
        reduce();
        confine();
        fault();
        _exit(EXIT_SUCCESS);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_not_equal(status, 0);
    assert_true(read(file, report, sizeof report - 1) > 0);
    close(file);
    assert_non_null(strstr(report, sentence));
}

static void write_past_the_end(void) {
    volatile size_t size = 8;
    volatile char *block = malloc(size);
    block[size] = 1;
    free((void *)block);
}

static void overflow(void) {
    volatile int most = INT32_MAX;
    most = most + 1;
}

static void what_a_sanitizer_finds_in_a_confined_daemon_is_reported(void **state) {
    skip_unless_root();
    int file = mkstemp(log_path);
    assert_true(file >= 0);
    close(file);
    assert_is_reported(write_past_the_end, "heap-buffer-overflow");
    assert_is_reported(overflow, "signed integer overflow");
    unlink(log_path);
}

#else

static void what_a_sanitizer_finds_in_a_confined_daemon_is_reported(void **state) {
}

#endif

/* ---- as another user ---- */

static void check_nothing_is_given_up(void) {
    if (geteuid() == 0) {
        require(setresgid(NOBODY, NOBODY, NOBODY) == 0 && setresuid(NOBODY, NOBODY, NOBODY) == 0, "root can be left");
    }
    reduce();
    confine();
    require(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0, "set-uid programs work");
    require(thread_status("Seccomp") != 2, "there is no filter");
}

static void anybody_else_can_still_run_fusermount3(void **state) {
    (void)state;
    assert_holds_in_a_process(check_nothing_is_given_up);
}

static int make_file(void **state) {
    int file = mkstemp(path);
    (void)state;
    return file >= 0 ? close(file) : -1;
}

static int remove_file(void **state) {
    (void)state;
    return unlink(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(root_keeps_what_mounting_and_reading_take),
        cmocka_unit_test(root_can_start_and_change_nothing_any_more),
        cmocka_unit_test(threads_that_run_already_are_confined_too),
        cmocka_unit_test(what_a_sanitizer_finds_in_a_confined_daemon_is_reported),
        cmocka_unit_test(anybody_else_can_still_run_fusermount3),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
