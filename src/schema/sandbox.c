/* The parser copies standard error to a pipe while it works; this is why pipe, dup and fcntl are
 * allowed. */
#include "schema/sandbox.h"

#include <errno.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MEMORY = 1 << 30, STACK = 8 << 20, SECONDS = 600, FILE_SIZE = 1 << 16 };

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

static bool limit(__rlimit_resource_t resource, rlim_t most) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) < 0) {
        return false;
    }
    limit.rlim_max = limit.rlim_max < most ? limit.rlim_max : most;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(resource, &limit) == 0;
}

/* A sanitizer reserves terabytes of address space for its shadow memory. */
static bool limit_all(void) {
    return (IS_SANITIZED || limit(RLIMIT_AS, MEMORY)) && limit(RLIMIT_STACK, STACK) && limit(RLIMIT_CPU, SECONDS) &&
           limit(RLIMIT_FSIZE, FILE_SIZE) && limit(RLIMIT_CORE, 0);
}

static void drop_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
    syscall(SYS_capset, &header, none);
}

static bool refuse_system_calls(void) {
    static const int left[] = {
        SCMP_SYS(read),      SCMP_SYS(write),     SCMP_SYS(readv),         SCMP_SYS(writev),
        SCMP_SYS(brk),       SCMP_SYS(mmap),      SCMP_SYS(munmap),        SCMP_SYS(mremap),
        SCMP_SYS(madvise),   SCMP_SYS(mprotect),  SCMP_SYS(close),         SCMP_SYS(pipe),
        SCMP_SYS(pipe2),     SCMP_SYS(dup),       SCMP_SYS(dup2),          SCMP_SYS(dup3),
        SCMP_SYS(fcntl),     SCMP_SYS(setitimer), SCMP_SYS(rt_sigreturn),  SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(futex),     SCMP_SYS(getrandom), SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),
        SCMP_SYS(getpid),    SCMP_SYS(gettid),    SCMP_SYS(sigaltstack),   SCMP_SYS(exit),
        SCMP_SYS(exit_group)};
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    bool is_filled = filter != NULL &&
                     seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1) == 0; /* else every error is ECANCELED */
    for (size_t i = 0; is_filled && i < sizeof left / sizeof *left; i++) {
        int added = seccomp_rule_add(filter, SCMP_ACT_ALLOW, left[i], 0);
        is_filled = added == 0 || added == -EDOM; /* this architecture has no such call */
    }
    int loaded = is_filled ? seccomp_load(filter) : -ENOMEM;
    seccomp_release(filter);
    return loaded == 0 || loaded == -ENOSYS || loaded == -EINVAL;
}

bool sandbox_enter(void) {
    drop_capabilities();
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || !limit_all()) {
        return false;
    }
    return IS_SANITIZED || refuse_system_calls();
}
