/* bin/migfs of the portable tarball: runs the program beside it with the libraries and the loader that were packed with it. Linked statically,
 * so that it needs nothing of the machine, and neither a shell nor /proc. */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#define LIBRARIES "/lib/migfs"
#define LOADER LIBRARIES "/ld.so"
#define PROGRAM LIBRARIES "/program"

enum { OWN_ARGUMENTS = 4, CANNOT_RUN = 2 };

/* What was executed, as the kernel has it; links are followed, since package managers and people make links to bin/migfs. */
static bool find_own_path(char ret_path[PATH_MAX]) {
    const char *executed = (const char *)getauxval(AT_EXECFN);
    return (executed && realpath(executed, ret_path)) || realpath("/proc/self/exe", ret_path);
}

/* Takes the last name off. */
static void go_up(char *path) {
    char *slash = strrchr(path, '/');
    if (slash) {
        *slash = '\0';
    }
}

int main(int argc, char **argv) {
    char root[PATH_MAX], libraries[PATH_MAX + sizeof LIBRARIES], loader[PATH_MAX + sizeof LOADER],
        program[PATH_MAX + sizeof PROGRAM];
    if (!find_own_path(root)) {
        fputs("migfs: error: cannot tell where it lies; call it by its whole path\n", stderr);
        return CANNOT_RUN;
    }
    go_up(root);
    go_up(root);
    snprintf(libraries, sizeof libraries, "%s" LIBRARIES, root);
    snprintf(loader, sizeof loader, "%s" LOADER, root);
    snprintf(program, sizeof program, "%s" PROGRAM, root);
    const char **arguments = calloc((size_t)argc + OWN_ARGUMENTS + 2, sizeof *arguments);
    if (!arguments) {
        return CANNOT_RUN;
    }
    /* No cache: it lists the machine's libraries. The program's path stands right before its arguments, as in any other process. */
    const char *own[OWN_ARGUMENTS + 1] = {loader, "--inhibit-cache", "--library-path", libraries, program};
    memcpy(arguments, own, sizeof own);
    for (int i = 1; i < argc; i++) {
        arguments[OWN_ARGUMENTS + i] = argv[i];
    }
    /* A library of the machine's would be loaded into a program with another C library. */
    unsetenv("LD_PRELOAD");
    unsetenv("LD_AUDIT");
    execv(loader, (char *const *)arguments);
    fprintf(stderr, "migfs: error: cannot run %s; bin/ and lib/ must lie in one folder, as they were packed\n", loader);
    return CANNOT_RUN;
}
