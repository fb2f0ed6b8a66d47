/* Starts a program under a filter that refuses filters, as the one of a service manager may.
 *
 *     refused EPERM|ENOSYS PROGRAM [ARGUMENT…] */
#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int count, char **arguments) {
    if (count < 3) {
        return 2;
    }
    uint32_t refuse = SCMP_ACT_ERRNO(strcmp(arguments[1], "ENOSYS") == 0 ? ENOSYS : EPERM);
    struct scmp_arg_cmp by_prctl = {.arg = 0, .op = SCMP_CMP_EQ, .datum_a = PR_SET_SECCOMP};
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter || seccomp_rule_add(filter, refuse, SCMP_SYS(seccomp), 0) != 0 ||
        seccomp_rule_add_array(filter, refuse, SCMP_SYS(prctl), 1, &by_prctl) != 0 || seccomp_load(filter) != 0) {
        return 2;
    }
    execv(arguments[2], arguments + 2);
    perror(arguments[2]);
    return 2;
}
