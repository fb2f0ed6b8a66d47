/* Readers that nobody would want.
 *
 *     reader list VIEW PAGE        lists the folder into memory that is PAGE, whose bytes never come
 *     reader read FILE PAGE        reads the file into such memory
 *     reader map FILE              maps the file and reads it byte by byte, backwards
 *     reader splice FILE           splices the file into a pipe that is full, and stays there
 *     reader open VIEW COUNT       opens the folder so often, reads from none, and stays
 *     reader absent VIEW COUNT     asks for so many names that are not there
 *
 * Says `ready` on standard output before what may take for ever. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fail(const char *what) {
    fprintf(stderr, "reader: %s: %s\n", what, strerror(errno));
    return 1;
}

static void ready(void) {
    puts("ready");
    fflush(stdout);
}

static void *page_of(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
}

static int into_page(int source, const char *page_path, int is_folder) {
    void *page = page_of(page_path);
    if (source < 0 || page == MAP_FAILED) {
        return fail("opening");
    }
    ready();
    return (is_folder ? syscall(SYS_getdents64, source, page, 4096) : read(source, page, 4096)) < 0;
}

static int map(int file) {
    struct stat attributes;
    unsigned sum = 0;
    if (file < 0 || fstat(file, &attributes) != 0) {
        return fail("opening");
    }
    size_t size = (size_t)attributes.st_size;
    const volatile unsigned char *bytes = mmap(NULL, size, PROT_READ, MAP_SHARED, file, 0);
    if (bytes == MAP_FAILED) {
        return fail("mapping");
    }
    ready();
    for (size_t i = size; i > 0; i--) {
        sum += bytes[i - 1];
    }
    printf("%u\n", sum);
    return 0;
}

static int splice_into_full_pipe(int file) {
    int ends[2];
    if (file < 0 || pipe(ends) != 0) {
        return fail("opening");
    }
    ready();
    while (splice(file, NULL, ends[1], NULL, 4096, 0) > 0) {
        lseek(file, 0, SEEK_SET);
    }
    return 1;
}

static int open_many(const char *folder, int count) {
    for (int i = 0; i < count; i++) {
        if (open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) < 0) {
            return fail("opening");
        }
    }
    ready();
    pause();
    return 0;
}

static int ask_for_absent(const char *folder, int count) {
    char path[4096];
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/absent %d", folder, i);
        if (access(path, F_OK) == 0) {
            return 1;
        }
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "list") == 0) {
        return into_page(open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC), argv[3], 1);
    }
    if (argc == 4 && strcmp(argv[1], "read") == 0) {
        return into_page(open(argv[2], O_RDONLY | O_CLOEXEC), argv[3], 0);
    }
    if (argc == 3 && strcmp(argv[1], "map") == 0) {
        return map(open(argv[2], O_RDONLY | O_CLOEXEC));
    }
    if (argc == 3 && strcmp(argv[1], "splice") == 0) {
        return splice_into_full_pipe(open(argv[2], O_RDONLY | O_CLOEXEC));
    }
    if (argc == 4 && strcmp(argv[1], "absent") == 0) {
        return ask_for_absent(argv[2], atoi(argv[3]));
    }
    return argc == 4 && strcmp(argv[1], "open") == 0 ? open_many(argv[2], atoi(argv[3])) : 2;
}
