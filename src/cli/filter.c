/* The filter of system calls, by libseccomp: a list of what is refused, since libpq, OpenSSL and the C library differ in what they call. */
#include "cli/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* umount2() is not among them, since the mount is ended by it. openat2() is not either: the folder is read by it, and its flags are in
 * memory, where a filter cannot look. */
static const char *const REFUSED[] = {
    /* programs */
    "execve",
    "execveat",
    /* other uses of CAP_SYS_ADMIN */
    "mount",
    "pivot_root",
    "chroot",
    "setns",
    "unshare",
    "swapon",
    "swapoff",
    "sethostname",
    "setdomainname",
    "quotactl",
    "bpf",
    "perf_event_open",
    "fanotify_init",
    "syslog",
    "acct",
    /* CAP_DAC_READ_SEARCH opens any file of a filesystem by its handle, out of a container, too */
    "open_by_handle_at",
    /* ways around a filter, and much used by attacks */
    "io_uring_setup",
    "userfaultfd",
    "keyctl",
    "add_key",
    "request_key",
    /* changes of the disk */
    "unlinkat",
    "renameat",
    "renameat2",
    "mkdirat",
    "mknodat",
    "linkat",
    "symlinkat",
    "truncate",
    "truncate64",
    "ftruncate",
    "ftruncate64",
    "fallocate",
    "fchmod",
    "fchmodat",
    "fchown",
    "fchown32",
    "fchownat",
    "utimensat",
    "utimensat_time64",
    "setxattr",
    "lsetxattr",
    "fsetxattr",
    "removexattr",
    "lremovexattr",
    "fremovexattr",
    /* the calls of older architectures */
    "unlink",
    "rename",
    "mkdir",
    "rmdir",
    "mknod",
    "link",
    "symlink",
    "chmod",
    "chown",
    "chown32",
    "lchown",
    "lchown32",
    "utime",
    "utimes",
    "futimesat",
    "creat",
};

/* Calls that are younger than a libseccomp may be, which then does not know their names. Since number 424 all architectures count alike. */
static const struct {
    const char *name;
    int number;
} YOUNG[] = {
    {"open_tree", 428},     {"move_mount", 429},     {"fsopen", 430},       {"fsconfig", 431},  {"fsmount", 432},
    {"fspick", 433},        {"mount_setattr", 442},  {"quotactl_fd", 443},  {"fchmodat2", 452}, {"setxattrat", 463},
    {"removexattrat", 466}, {"open_tree_attr", 467}, {"file_setattr", 469},
};

/* What makes an open() more than reading. O_TMPFILE is refused with O_WRONLY or O_RDWR, which it needs. */
static const scmp_datum_t WRITING[] = {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC};

static const uint32_t REFUSE = SCMP_ACT_ERRNO(EPERM);

/* Some architectures add a base to the numbers. */
static int number_of(const char *name, int number) {
    int known = seccomp_syscall_resolve_name(name);
    return known != __NR_SCMP_ERROR ? known : number + seccomp_syscall_resolve_name("pidfd_send_signal") - 424;
}

/* One rule for each flag: the rules for one call are alternatives. Returns 0, or a negative errno. */
static int refuse_writing(scmp_filter_ctx filter, const char *name, unsigned argument) {
    int number = seccomp_syscall_resolve_name(name);
    int status = 0;
    for (size_t i = 0; i < sizeof WRITING / sizeof *WRITING && status == 0; i++) {
        struct scmp_arg_cmp flag = SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, WRITING[i], WRITING[i]);
        status = seccomp_rule_add_array(filter, REFUSE, number, 1, &flag);
    }
    return status;
}

static int write_rules(scmp_filter_ctx filter) {
    int status = 0;
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED && status == 0; i++) {
        int number = seccomp_syscall_resolve_name(REFUSED[i]);
        status = number == __NR_SCMP_ERROR ? 0 : seccomp_rule_add(filter, REFUSE, number, 0);
    }
    for (size_t i = 0; i < sizeof YOUNG / sizeof *YOUNG && status == 0; i++) {
        status = seccomp_rule_add(filter, REFUSE, number_of(YOUNG[i].name, YOUNG[i].number), 0);
    }
    if (status == 0) {
        status = refuse_writing(filter, "open", 1);
    }
    return status == 0 ? refuse_writing(filter, "openat", 2) : status;
}

/* In all threads; calls by the numbers of another architecture (32 bits, x32) are all refused. */
static int load(void) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter) {
        return -ENOMEM;
    }
    int status = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    if (status == 0) {
        status = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, REFUSE);
    }
    if (status == 0) {
        status = seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1);
    }
    if (status == 0) {
        status = write_rules(filter);
    }
    if (status == 0) {
        status = seccomp_load(filter);
    }
    seccomp_release(filter);
    return status;
}

/* EFAULT says that a filter would have been taken; a refusal, by a unit of systemd for example, is not the absence of filters. */
static bool kernel_has_filters(void) {
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL) == 0 || (errno != ENOSYS && errno != EINVAL);
}

bool filter_install(struct error *error) {
    int status = kernel_has_filters() ? load() : 0;
    if (status == 0) {
        return true;
    }
    errno = -status;
    return error_set_errno(error, "the system calls that are not needed could not be given up");
}
