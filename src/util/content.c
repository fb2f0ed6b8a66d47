/* Reference-counted versions of files. A held one is one block of memory. One on demand keeps no
 * bytes: it has a source, which reads the bytes and checks their version. Nothing here knows
 * files. */
#include "migfs/util/content.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/util/record.h"
#include "util/pages.h"

struct on_demand {
    struct content_source source;
    void *context;
    pthread_mutex_t pinning; /* held by the thread that reads all of it; guards the next two */
    unsigned pins;
    char *bytes; /* NULL while it is not pinned */
    atomic_uint silence;
};

/* One block, since most contents are short and there are many of them. */
struct content {
    struct record record;
    size_t size;
    struct on_demand *on_demand; /* NULL: held */
    char held[];
};

struct content *content_create_blank(size_t size, char **ret_bytes) {
    struct content *content = malloc(sizeof *content + size + 1);
    if (content) {
        pages_prefer_huge(content->held, size);
        record_init(&content->record);
        content->size = size;
        content->on_demand = NULL;
        *ret_bytes = content->held;
    }
    return content;
}

struct content *content_create(struct text text) {
    char *bytes;
    struct content *content = content_create_blank(text.length, &bytes);
    if (content && text.length > 0) {
        memcpy(bytes, text.bytes, text.length);
    }
    return content;
}

struct content *content_create_on_demand(size_t size, const struct content_source *source, void *context) {
    char *none;
    struct content *content = content_create_blank(0, &none);
    struct on_demand *on_demand = calloc(1, sizeof *on_demand);
    if (!content || !on_demand) {
        free(content);
        free(on_demand);
        return NULL;
    }
    on_demand->source = *source;
    on_demand->context = context;
    pthread_mutex_init(&on_demand->pinning, NULL);
    content->size = size;
    content->on_demand = on_demand;
    return content;
}

struct content *content_ref(struct content *content) {
    record_ref(&content->record);
    return content;
}

void content_unref(struct content *content) {
    if (!content || !record_unref(&content->record)) {
        return;
    }
    struct on_demand *on_demand = content->on_demand;
    if (on_demand) {
        if (on_demand->source.release) {
            on_demand->source.release(on_demand->context);
        }
        pthread_mutex_destroy(&on_demand->pinning);
        free(on_demand->bytes);
        free(on_demand);
    }
    free(content);
}

size_t content_size(const struct content *content) {
    return content->size;
}

bool content_is_held(const struct content *content) {
    return !content->on_demand;
}

struct text content_text(const struct content *content) {
    return (struct text){content->on_demand ? content->on_demand->bytes : content->held, content->size};
}

unsigned content_silence(const struct content *content) {
    return content->on_demand ? atomic_load(&content->on_demand->silence) : 0;
}

void content_set_silence(struct content *content, unsigned seconds) {
    atomic_store(&content->on_demand->silence, seconds);
}

static _Thread_local const struct content_reader *reader;

void content_set_reader(const struct content_reader *of_this_thread) {
    reader = of_this_thread;
}

/* Does not use the thread's reader. */
static bool read_part(const struct content *content, char *bytes, size_t size, size_t offset, size_t *ret_length,
                      struct error *error) {
    size_t left = offset < content->size ? content->size - offset : 0;
    size_t length = size < left ? size : left;
    const struct on_demand *on_demand = content->on_demand;
    if (length > 0 && !on_demand) {
        memcpy(bytes, content->held + offset, length);
    } else if (length > 0 && !on_demand->source.read(on_demand->context, bytes, length, offset, error)) {
        return false;
    }
    *ret_length = length;
    return true;
}

bool content_read(struct content *content, char *bytes, size_t size, size_t offset, size_t *ret_length,
                  struct error *error) {
    if (!reader || !content->on_demand) {
        return read_part(content, bytes, size, offset, ret_length, error);
    }
    struct text text;
    if (!content_pin(content, &text, error)) {
        return false;
    }
    text = text_slice(text, offset, size < SIZE_MAX - offset ? offset + size : SIZE_MAX);
    if (text.length > 0) {
        memcpy(bytes, text.bytes, text.length);
    }
    *ret_length = text.length;
    content_unpin(content);
    return true;
}

void content_hold(struct content *content, char *bytes) {
    struct on_demand *on_demand = content->on_demand;
    pthread_mutex_lock(&on_demand->pinning);
    if (on_demand->pins++ == 0) {
        on_demand->bytes = bytes;
    } else {
        free(bytes);
    }
    pthread_mutex_unlock(&on_demand->pinning);
}

/* The first pin reads. Called with `pinning` locked. */
static bool pin_first(struct content *content, struct error *error) {
    struct on_demand *on_demand = content->on_demand;
    size_t length;
    on_demand->bytes = malloc(content->size > 0 ? content->size : 1);
    if (!on_demand->bytes) {
        return error_set_memory(error);
    }
    if (!read_part(content, on_demand->bytes, content->size, 0, &length, error)) {
        free(on_demand->bytes);
        on_demand->bytes = NULL;
        return false;
    }
    return true;
}

static bool pin_on_demand(struct content *content, struct error *error) {
    struct on_demand *on_demand = content->on_demand;
    pthread_mutex_lock(&on_demand->pinning);
    bool is_pinned = on_demand->pins > 0 || (!reader && pin_first(content, error));
    on_demand->pins += is_pinned;
    pthread_mutex_unlock(&on_demand->pinning);
    return is_pinned || (reader && reader->hold(reader->context, content, error));
}

bool content_pin(struct content *content, struct text *ret_text, struct error *error) {
    if (content->on_demand && !pin_on_demand(content, error)) {
        return false;
    }
    *ret_text = content_text(content);
    return true;
}

void content_unpin(struct content *content) {
    struct on_demand *on_demand = content->on_demand;
    if (!on_demand) {
        return;
    }
    pthread_mutex_lock(&on_demand->pinning);
    if (--on_demand->pins == 0) {
        free(on_demand->bytes);
        on_demand->bytes = NULL;
    }
    pthread_mutex_unlock(&on_demand->pinning);
}
