/* Counted versions of files. A held one is a block of memory and nothing else. One on demand is loaded by whoever needs
 * it first; the bytes of those lately used stay for a while, so that a large file read piece by piece is loaded once. It
 * knows nothing of files: a loader gets the bytes and vouches for them. */
#include "migfs/util/content.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/util/record.h"

struct on_demand {
    struct content_loader loader;
    void *context;
    pthread_mutex_t loading; /* one loads while the others who want the same bytes wait */
    /* These are guarded by idle_list.lock: */
    char *bytes; /* NULL while not loaded */
    unsigned pins;
    bool was_used;                 /* since the last content_drop_unused() */
    struct content *newer, *older; /* in the list of the idle */
};

/* One block, since most contents are short, and there are many. */
struct content {
    struct record record;
    size_t size;
    struct on_demand *on_demand; /* NULL: held */
    char held[];
};

/* Contents on demand that are loaded and not pinned, the one used last first. A loaded content is pinned or in here. */
static struct {
    pthread_mutex_t lock; /* taken after a content's `loading`, never before it */
    struct content *newest, *oldest;
    size_t size; /* bytes of all of them */
} idle_list = {.lock = PTHREAD_MUTEX_INITIALIZER};

struct content *content_create_blank(size_t size, char **ret_bytes) {
    struct content *content = malloc(sizeof *content + size + 1);
    if (content) {
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

struct content *content_create_on_demand(size_t size, const struct content_loader *loader, void *context) {
    char *none;
    struct content *content = content_create_blank(0, &none);
    struct on_demand *on_demand = calloc(1, sizeof *on_demand);
    if (!content || !on_demand) {
        free(content);
        free(on_demand);
        return NULL;
    }
    on_demand->loader = *loader;
    on_demand->context = context;
    pthread_mutex_init(&on_demand->loading, NULL);
    content->size = size;
    content->on_demand = on_demand;
    return content;
}

struct content *content_ref(struct content *content) {
    record_ref(&content->record);
    return content;
}

static void idle_add(struct content *content) {
    content->on_demand->older = idle_list.newest;
    content->on_demand->newer = NULL;
    *(idle_list.newest ? &idle_list.newest->on_demand->newer : &idle_list.oldest) = content;
    idle_list.newest = content;
    idle_list.size += content->size;
}

static void idle_remove(struct content *content) {
    struct content *newer = content->on_demand->newer, *older = content->on_demand->older;
    *(newer ? &newer->on_demand->older : &idle_list.newest) = older;
    *(older ? &older->on_demand->newer : &idle_list.oldest) = newer;
    idle_list.size -= content->size;
}

static void idle_drop(struct content *content) {
    idle_remove(content);
    free(content->on_demand->bytes);
    content->on_demand->bytes = NULL;
}

void content_drop_unused(void) {
    pthread_mutex_lock(&idle_list.lock);
    for (struct content *content = idle_list.oldest; content;) {
        struct content *newer = content->on_demand->newer;
        if (!content->on_demand->was_used) {
            idle_drop(content);
        } else {
            content->on_demand->was_used = false;
        }
        content = newer;
    }
    pthread_mutex_unlock(&idle_list.lock);
}

void content_unref(struct content *content) {
    if (!content || !record_unref(&content->record)) {
        return;
    }
    if (content->on_demand) {
        pthread_mutex_lock(&idle_list.lock);
        if (content->on_demand->bytes) {
            idle_remove(content);
        }
        pthread_mutex_unlock(&idle_list.lock);
        free(content->on_demand->bytes);
        if (content->on_demand->loader.release) {
            content->on_demand->loader.release(content->on_demand->context);
        }
        pthread_mutex_destroy(&content->on_demand->loading);
        free(content->on_demand);
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

/* Pins what is loaded already; false when nothing is. */
static bool pin_loaded(struct content *content) {
    struct on_demand *on_demand = content->on_demand;
    pthread_mutex_lock(&idle_list.lock);
    bool is_loaded = on_demand->bytes;
    if (is_loaded && on_demand->pins++ == 0) {
        idle_remove(content);
    }
    pthread_mutex_unlock(&idle_list.lock);
    return is_loaded;
}

/* Under `loading`. */
static bool pin_loading(struct content *content, struct error *error) {
    struct on_demand *on_demand = content->on_demand;
    if (pin_loaded(content)) {
        return true;
    }
    char *bytes = malloc(content->size > 0 ? content->size : 1);
    if (!bytes) {
        return error_set_memory(error);
    }
    if (!on_demand->loader.load(on_demand->context, bytes, content->size, error)) {
        free(bytes);
        return false;
    }
    pthread_mutex_lock(&idle_list.lock);
    on_demand->bytes = bytes;
    on_demand->pins = 1;
    pthread_mutex_unlock(&idle_list.lock);
    return true;
}

bool content_pin(struct content *content, struct text *ret_text, struct error *error) {
    if (content->on_demand) {
        pthread_mutex_lock(&content->on_demand->loading);
        bool is_pinned = pin_loading(content, error);
        pthread_mutex_unlock(&content->on_demand->loading);
        if (!is_pinned) {
            return false;
        }
    }
    *ret_text = content_text(content);
    return true;
}

void content_unpin(struct content *content) {
    struct on_demand *on_demand = content->on_demand;
    if (!on_demand) {
        return;
    }
    pthread_mutex_lock(&idle_list.lock);
    on_demand->was_used = true;
    if (--on_demand->pins == 0) {
        idle_add(content);
        while (idle_list.size > CONTENT_IDLE_MAXIMUM && idle_list.oldest != idle_list.newest) {
            idle_drop(idle_list.oldest);
        }
    }
    pthread_mutex_unlock(&idle_list.lock);
}
