/* Holds one reference to each record set and replaces it when it has changed; views and trees are made from what is held. */
#include "migfs/inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { RULES_SIZE_LIMIT = 1 << 20, MOST_THREADS = 4 };

struct inputs {
    struct inputs_options options;
    unsigned threads;
    struct disk_source *source;
    struct disk *disk;
    bool is_behind; /* `disk` is newer than the journal and the rules: reading them failed */
    struct journal *journal;
    struct content *journal_content; /* what `journal` was parsed from; NULL when it was not from a content */
    struct rules *rules;             /* NULL: none */
    struct content *rules_content;   /* likewise */
    struct ledger_reader *reader;    /* NULL: no database */
};

struct inputs *inputs_create(const struct inputs_options *options, void (*notice)(void *context, const char *sentence),
                             void *context, struct error *error) {
    struct inputs *inputs = calloc(1, sizeof *inputs);
    if (!inputs) {
        error_set_memory(error);
        return NULL;
    }
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    inputs->options = *options;
    inputs->threads = processors < 1 ? 1 : processors > MOST_THREADS ? MOST_THREADS : (unsigned)processors;
    inputs->source = disk_open(options->source, error);
    if (inputs->source && options->database_count > 0) {
        inputs->reader =
            ledger_reader_create(&options->reader, options->databases, options->database_count, notice, context, error);
    }
    if (!inputs->source || (options->database_count > 0 && !inputs->reader)) {
        inputs_destroy(inputs);
        return NULL;
    }
    return inputs;
}

void inputs_destroy(struct inputs *inputs) {
    if (!inputs) {
        return;
    }
    ledger_reader_destroy(inputs->reader);
    content_unref(inputs->rules_content);
    content_unref(inputs->journal_content);
    rules_unref(inputs->rules);
    journal_unref(inputs->journal);
    disk_unref(inputs->disk);
    disk_close(inputs->source);
    free(inputs);
}

struct disk *inputs_disk(const struct inputs *inputs) {
    return inputs->disk;
}

struct ledger_reader *inputs_reader(const struct inputs *inputs) {
    return inputs->reader;
}

/* ---- journal and rules ---- */

static struct content *content_at(const struct disk *disk, const char *path, const struct disk_entry **ret_entry) {
    *ret_entry = disk_find(disk, text_of(path));
    return *ret_entry && (*ret_entry)->kind == DISK_FILE ? (*ret_entry)->content : NULL;
}

static struct journal *journal_from(struct content *content, const struct disk_entry *entry, struct error *error) {
    if (!entry) {
        return journal_missing(error);
    }
    if (!content) {
        bool is_refused = entry->kind == DISK_REFUSED;
        return journal_unreadable(is_refused ? entry->refusal.bytes : "it is not a file", error);
    }
    if (content_size(content) > JOURNAL_SIZE_LIMIT) {
        return journal_unreadable("it is larger than 64 MiB", error);
    }
    struct text text;
    if (!content_pin(content, &text, error)) {
        return error->code == ERROR_MEMORY ? NULL : journal_unreadable("it changed while it was read", error);
    }
    struct journal *journal = journal_parse(text, error);
    content_unpin(content);
    return journal;
}

static bool read_journal(struct inputs *inputs, bool *ret_changed, struct error *error) {
    const struct disk_entry *entry;
    struct content *content = content_at(inputs->disk, "meta/_journal.json", &entry);
    if (inputs->journal && content && content == inputs->journal_content) {
        return true;
    }
    struct journal *journal = journal_from(content, entry, error);
    if (!journal) {
        return false;
    }
    journal_unref(inputs->journal);
    content_unref(inputs->journal_content);
    inputs->journal = journal;
    inputs->journal_content = content ? content_ref(content) : NULL;
    *ret_changed = true;
    return true;
}

/* A rules file that the user named, wherever it is. */
static struct content *read_rules_file(const char *path, struct error *error) {
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat status;
    struct content *content = NULL;
    char *bytes = NULL;
    if (descriptor < 0 || fstat(descriptor, &status) < 0) {
        error_set_errno(error, "the rules file %s cannot be read", path);
    } else if (!S_ISREG(status.st_mode) || status.st_size > RULES_SIZE_LIMIT) {
        error_set(error, ERROR_USAGE, "the rules file %s is not a regular file of at most 1 MiB", path);
    } else if (!(bytes = malloc((size_t)status.st_size + 1))) {
        error_set_memory(error);
    } else {
        ssize_t length = pread(descriptor, bytes, (size_t)status.st_size, 0);
        content = content_create((struct text){bytes, length < 0 ? 0 : (size_t)length});
        if (!content) {
            error_set_memory(error);
        }
    }
    free(bytes);
    if (descriptor >= 0) {
        close(descriptor);
    }
    return content;
}

static bool same_bytes(const struct content *a, const struct content *b) {
    return a == b ||
           (a && b && content_is_held(a) && content_is_held(b) && text_equal(content_text(a), content_text(b)));
}

/* Takes the reference to the content over. */
static bool set_rules(struct inputs *inputs, struct content *content, bool *ret_changed, struct error *error) {
    if (same_bytes(content, inputs->rules_content)) {
        content_unref(content);
        return true;
    }
    struct rules *rules = NULL;
    if (content) {
        struct text text, name = text_of(inputs->options.rules_file ? inputs->options.rules_file : ".migfs");
        const char *slash = strrchr(name.bytes, '/');
        if (!content_pin(content, &text, error)) {
            content_unref(content);
            return false;
        }
        rules = rules_parse(slash ? text_of(slash + 1) : name, text, error);
        content_unpin(content);
        if (!rules) {
            content_unref(content);
            return false;
        }
    }
    rules_unref(inputs->rules);
    content_unref(inputs->rules_content);
    inputs->rules = rules;
    inputs->rules_content = content;
    *ret_changed = true;
    return true;
}

static bool read_rules(struct inputs *inputs, bool *ret_changed, struct error *error) {
    if (inputs->options.rules_file) {
        struct content *content = read_rules_file(inputs->options.rules_file, error);
        if (!content) {
            return inputs->rules != NULL; /* once read, they hold until they can be read again */
        }
        return set_rules(inputs, content, ret_changed, error);
    }
    const struct disk_entry *entry;
    struct content *content = content_at(inputs->disk, ".migfs", &entry);
    return set_rules(inputs, content ? content_ref(content) : NULL, ret_changed, error);
}

bool inputs_scan(struct inputs *inputs, bool *ret_changed, struct error *error) {
    struct disk *disk = disk_scan(inputs->source, inputs->disk, inputs->threads, error);
    if (!disk) {
        return false;
    }
    bool is_changed = inputs->is_behind || disk != inputs->disk;
    disk_unref(inputs->disk);
    inputs->disk = disk;
    inputs->is_behind = is_changed;
    bool is_good = (!is_changed || read_journal(inputs, &is_changed, error)) && read_rules(inputs, &is_changed, error);
    inputs->is_behind = is_changed && !is_good;
    *ret_changed = is_changed;
    return is_good;
}

/* ---- databases ---- */

static bool wait_for_databases(struct inputs *inputs, struct error *error) {
    uint64_t request = ledger_reader_request(inputs->reader);
    ledger_reader_step(inputs->reader);
    while (!ledger_reader_has_read(inputs->reader, request)) {
        struct pollfd waiting = {.fd = ledger_reader_descriptor(inputs->reader), .events = POLLIN};
        if (poll(&waiting, 1, ledger_reader_wait_ms(inputs->reader)) < 0 && errno != EINTR) {
            return error_set_errno(error, "waiting for the databases");
        }
        ledger_reader_step(inputs->reader);
    }
    return true;
}

bool inputs_read_all(struct inputs *inputs, struct error *error) {
    bool is_changed;
    return inputs_scan(inputs, &is_changed, error) && (!inputs->reader || wait_for_databases(inputs, error));
}

/* ---- views and trees ---- */

struct making {
    struct inputs *inputs;
    struct arena *arena;
    struct ledger **ledgers;
    void (*body)(void *context, struct arena *arena, const struct view *view);
    void *context;
    struct tree *previous, *tree;
    bool wants_tree;
    struct error *error;
};

static void make(void *context) {
    struct making *making = context;
    struct inputs *inputs = making->inputs;
    size_t count = inputs->reader ? ledger_reader_count(inputs->reader) : 0;
    making->ledgers = arena_array(making->arena, struct ledger *, count);
    for (size_t i = 0; i < count; i++) {
        making->ledgers[i] = ledger_reader_ledger(inputs->reader, i);
    }
    struct view *view = view_create(making->arena, inputs->disk, inputs->journal, inputs->rules, making->ledgers, count,
                                    &inputs->options.synthesis);
    if (making->body) {
        making->body(making->context, making->arena, view);
    }
    if (making->wants_tree) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME,
                      &now); /* of the new version of a file that changed; no byte of any file says it */
        struct tree_attributes root = layout_root_attributes(inputs->disk);
        struct tree_builder *builder = tree_builder_create(making->arena, making->previous, now, &root);
        layout_add(builder, making->arena, view, inputs->options.with_metrics);
        making->tree = tree_finish(builder, making->error);
    }
}

static bool run(struct making *making) {
    making->arena = arena_create();
    bool is_done = making->arena && arena_run(making->arena, make, making);
    if (!is_done) {
        error_set_memory(making->error);
    }
    arena_destroy(making->arena);
    return is_done;
}

bool inputs_view(struct inputs *inputs, void (*body)(void *context, struct arena *arena, const struct view *view),
                 void *context, struct error *error) {
    struct making making = {.inputs = inputs, .body = body, .context = context, .error = error};
    return run(&making);
}

struct tree *inputs_tree(struct inputs *inputs, struct tree *previous,
                         void (*body)(void *context, struct arena *arena, const struct view *view), void *context,
                         struct error *error) {
    struct making making = {
        .inputs = inputs, .body = body, .context = context, .previous = previous, .wants_tree = true, .error = error};
    run(&making);
    return making.tree;
}
