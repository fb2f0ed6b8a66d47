/* Opens the source folder and counts what the scans of it cost. */
#include "folder/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct disk_source *disk_open(const char *absolute_path, struct error *error) {
    struct disk_source *source = calloc(1, sizeof *source);
    if (!source || !(source->path = strdup(absolute_path))) {
        disk_close(source);
        error_set_memory(error);
        return NULL;
    }
    source->root = disk_root_open(absolute_path);
    if (!source->root) {
        error_set_folder(error, absolute_path);
        disk_close(source);
        return NULL;
    }
    struct disk_outcome outcome;
    int descriptor = disk_root_open_directory(source->root, "", &outcome);
    if (descriptor < 0) {
        errno = outcome.error;
        error_set_folder(error, absolute_path);
        disk_close(source);
        return NULL;
    }
    close(descriptor);
    return source;
}

void disk_close(struct disk_source *source) {
    if (source) {
        disk_root_unref(source->root);
        free(source->path);
        free(source);
    }
}

void disk_before_listing(struct disk_source *source, void (*about_to_list)(void *context, struct text path),
                         void *context) {
    source->about_to_list = about_to_list;
    source->context = context;
}

size_t disk_files_read(const struct disk_source *source) {
    return source->files_read;
}

struct disk_progress disk_progress(const struct disk_source *source) {
    return (struct disk_progress){.read = source->answered, .total = source->asked};
}
