/* What is given up is given up for good, so each test is a process of its own. What is left must serve a mount: tests/security. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/privileges.h"

enum { NOBODY = 65534 };

static char path[] = "/tmp/privileges.XXXXXX"; /* a file to be tried on */

/* In a process of its own: ends it when something does not hold. */
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

/* A field of the calling thread's own status. */
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

static void check_calls(void) {
    char other[sizeof path + 2];
    char *none[] = {NULL};
    int file = open(path, O_RDWR | O_CLOEXEC);
    snprintf(other, sizeof other, "%s.b", path);
    require(file >= 0, "a file can be opened");
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
    /* What serving takes. */
    require(umount2("/nowhere/at all", 0) < 0 && errno == ENOENT, "a mount can be ended");
    require(write(file, "x", 1) == 1, "what is open can be written to: the kernel's end of a mount");
    int again = open(path, O_RDONLY | O_CLOEXEC);
    require(again >= 0 && lseek(again, 0, SEEK_END) == 1, "files can be read");
}

static pthread_barrier_t barrier;

static void *wait_and_check(void *context) {
    pthread_barrier_wait(&barrier); /* it runs */
    pthread_barrier_wait(&barrier); /* the first thread is confined */
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

/* ---- as anybody else ---- */

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
        cmocka_unit_test(anybody_else_can_still_run_fusermount3),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
