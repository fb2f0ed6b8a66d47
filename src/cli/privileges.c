/* Sets capabilities through the kernel's interface, which is small; filter.c has the seccomp
 * filter. */
#include "cli/privileges.h"

#include <linux/capability.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/filter.h"
#include "cli/sanitizer.h"

/* ---- capabilities ---- */

static const uint64_t KEPT = UINT64_C(1) << CAP_SYS_ADMIN | UINT64_C(1) << CAP_DAC_READ_SEARCH;

static bool reduce_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    if (syscall(SYS_capget, &header, data) < 0) {
        return false;
    }
    for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
        data[i].permitted &= (uint32_t)(KEPT >> 32 * i);
        data[i].effective = data[i].permitted;
        data[i].inheritable = 0;
    }
    return syscall(SYS_capset, &header, data) == 0;
}

bool privileges_reduce(struct error *error) {
    if (geteuid() != 0) {
        return true;
    }
    /* Fails in containers without CAP_SETPCAP; no_new_privs is enough then. */
    for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; capability++) {
        if (!(KEPT >> capability & 1)) {
            prctl(PR_CAPBSET_DROP, capability);
        }
    }
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || !reduce_capabilities()) {
        return error_set_errno(error, "the privileges of root could not be given up");
    }
    return true;
}

/* ---- system calls ---- */

bool privileges_confine(struct error *error) {
    if (geteuid() != 0) {
        return true;
    }
    sanitizer_open_log();
    return filter_install(error);
}
