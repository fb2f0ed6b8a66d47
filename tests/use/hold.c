/* hold FILE: whoever opens FILE waits until there is something to read on standard input. Needs
 * CAP_SYS_ADMIN. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/fanotify.h>

int main(int argc, char **argv) {
    (void)argc;
    int group = fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY);
    if (group < 0 || fanotify_mark(group, FAN_MARK_ADD, FAN_OPEN_PERM, AT_FDCWD, argv[1]) < 0) {
        perror("hold");
        return 1;
    }
    puts("holding");
    fflush(stdout);
    getchar();
    return 0; /* the kernel lets go whoever waits for an answer of ours */
}
