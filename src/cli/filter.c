/* The seccomp filter, made by libseccomp. It is a deny list, since libpq, OpenSSL and C libraries
 * differ in the calls they make. */
#include "cli/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* umount2() is missing because it ends the mount. openat2() is missing because it reads the folder,
 * and its flags are in memory, which a filter cannot read. */
static const char *const REFUSED[] = {
    /* running programs */
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
    /* CAP_DAC_READ_SEARCH allows opening any file of a filesystem by its handle, even outside a
     * container */
    "open_by_handle_at",
    /* ways around a filter, common in attacks */
    "io_uring_setup",
    "userfaultfd",
    "keyctl",
    "add_key",
    "request_key",
    /* changes to the disk */
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
    /* the same on older architectures */
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

/* Calls that an older libseccomp does not know by name. From number 424 on, all architectures use
 * the same numbers. */
static const struct {
    const char *name;
    int number;
} YOUNG[] = {
    {"open_tree", 428},     {"move_mount", 429},     {"fsopen", 430},       {"fsconfig", 431},  {"fsmount", 432},
    {"fspick", 433},        {"mount_setattr", 442},  {"quotactl_fd", 443},  {"fchmodat2", 452}, {"setxattrat", 463},
    {"removexattrat", 466}, {"open_tree_attr", 467}, {"file_setattr", 469},
};

/* The flags that make open() more than a read. O_TMPFILE requires O_WRONLY or O_RDWR, so it is
 * refused with them. */
static const scmp_datum_t WRITING[] = {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC};

/* The second byte of an ioctl() request is its type. Sockets and terminals are needed. Others can
 * freeze a file system, set file flags or reach devices, and a read-only descriptor is enough. */
enum { SOCKETS = 0x89, TYPES = 256 };
#define TYPE_OF(request) ((request) >> 8 & 0xff)

/* These inject input into a terminal. */
static const scmp_datum_t REFUSED_REQUESTS[] = {TIOCSTI, TIOCLINUX};

static const uint32_t REFUSE = SCMP_ACT_ERRNO(EPERM);

/* Some architectures add an offset to the numbers. */
static int number_of(const char *name, int number) {
    int known = seccomp_syscall_resolve_name(name);
    return known != __NR_SCMP_ERROR ? known : number + seccomp_syscall_resolve_name("pidfd_send_signal") - 424;
}

/* One rule per flag, since rules for the same call are alternatives. Returns 0, or a negative
 * errno. */
static int refuse_writing(scmp_filter_ctx filter, const char *name, unsigned argument) {
    int number = seccomp_syscall_resolve_name(name);
    int status = 0;
    for (size_t i = 0; i < sizeof WRITING / sizeof *WRITING && status == 0; i++) {
        struct scmp_arg_cmp flag = SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, WRITING[i], WRITING[i]);
        status = seccomp_rule_add_array(filter, REFUSE, number, 1, &flag);
    }
    return status;
}

/* The kernel uses the low 32 bits of a request. */
static int refuse_request(scmp_filter_ctx filter, scmp_datum_t mask, scmp_datum_t value) {
    struct scmp_arg_cmp request = SCMP_CMP(1, SCMP_CMP_MASKED_EQ, mask, value);
    return seccomp_rule_add_array(filter, REFUSE, seccomp_syscall_resolve_name("ioctl"), 1, &request);
}

static int refuse_requests(scmp_filter_ctx filter) {
    int status = 0;
    for (scmp_datum_t type = 0; type < TYPES && status == 0; type++) {
        bool is_used =
            type == SOCKETS || type == TYPE_OF(FIONREAD) || type == TYPE_OF(FIONBIO) || type == TYPE_OF(TCGETS);
        status = is_used ? 0 : refuse_request(filter, 0xff00, type << 8);
    }
    for (size_t i = 0; i < sizeof REFUSED_REQUESTS / sizeof *REFUSED_REQUESTS && status == 0; i++) {
        status = refuse_request(filter, 0xffffffff, REFUSED_REQUESTS[i]);
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
        status = refuse_requests(filter);
    }
    if (status == 0) {
        status = refuse_writing(filter, "open", 1);
    }
    return status == 0 ? refuse_writing(filter, "openat", 2) : status;
}

/* Applies to all threads. Calls of a foreign architecture (32 bits, x32) are all refused. */
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

/* What the kernel answers to a filter that cannot be read. EFAULT: one that can be read would be
 * accepted. ENOSYS and EINVAL: there are none. Anything else comes from a filter that is in force
 * already, such as that of a systemd unit. */
static int ask_kernel(void) {
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL) == 0 ? EFAULT : errno;
}

bool filter_install(struct error *error) {
    int answer = ask_kernel();
    bool has_none = answer == ENOSYS || answer == EINVAL, is_refused = !has_none && answer != EFAULT;
    int status = has_none ? 0 : is_refused ? -answer : load();
    if (status == 0) {
        return true;
    }
    errno = -status;
    return error_set_errno(error, is_refused ? "the seccomp filter could not be installed, since the filter of a "
                                               "service manager or a container does not allow seccomp(2)"
                                             : "the seccomp filter could not be installed");
}
