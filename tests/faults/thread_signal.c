/* thread_signal PROCESS THREAD NUMBER: sends a signal to one thread alone, which kill(1) does not:
 * whatever number it is given, the whole process gets the signal. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc != 4) {
        fputs("usage: thread_signal PROCESS THREAD NUMBER\n", stderr);
        return 2;
    }
    if (syscall(SYS_tgkill, atoi(argv[1]), atoi(argv[2]), atoi(argv[3])) != 0) {
        perror("thread_signal");
        return 1;
    }
    return 0;
}
