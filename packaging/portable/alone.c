/* What the program in the portable tarball does otherwise than an installed one: it asks nothing of the machine's that belongs to another C
 * library. Linked into that program alone. */
#include <nss.h>
#include <stddef.h>
#include <sys/prctl.h>

/* Before main(): hosts, users and groups are looked up in files and by DNS, both of which the C library does itself. What else
 * /etc/nsswitch.conf names are modules made for the machine's own C library; and musl systems have no such file. */
__attribute__((constructor)) static void stand_alone(void) {
    static const char *const databases[][2] = {
        {"hosts", "files dns"}, {"passwd", "files"},    {"group", "files"},    {"initgroups", "files"},
        {"services", "files"},  {"protocols", "files"}, {"networks", "files"},
    };
    for (size_t i = 0; i < sizeof databases / sizeof *databases; i++) {
        __nss_configure_lookup(databases[i][0], databases[i][1]);
    }
    prctl(PR_SET_NAME, "migfs"); /* not the loader's name, which the kernel took */
}
