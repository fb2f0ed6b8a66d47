/* Holds one reference to each record set and replaces it when it has changed; views and trees are made from what is held. */
#include "migfs/live/inputs.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "live/parsed.h"
#include "migfs/folder/named.h"
#include "migfs/schema/reader.h"
#include "migfs/util/clock.h"
#include "migfs/util/patience.h"
#include "migfs/view/readers.h"

/* For the tokens of a file that lacks a snapshot a view waits so long at least: it need not say first that it is being read. Milliseconds. */
enum { TOKENS_AT_ONCE = 50 };

enum { RULES_SIZE_LIMIT = 1 << 20, MOST_THREADS = 4 };

/* What one scan of the folder led to: all of it or, when something fails on the way, none. */
struct folder {
    struct disk *disk;
    struct journal *journal;
    struct content *journal_content; /* what `journal` was parsed from; NULL when it was not from a content */
    struct rules *rules;             /* NULL: none */
    struct content *rules_content;   /* likewise */
    mode_t rules_readers;            /* as in struct view */
};

struct inputs {
    struct inputs_options options;
    unsigned threads;
    struct disk_source *source;
    struct folder folder;
    struct ledger_reader *reader; /* NULL: no database */
    struct parsed *parsed;
    struct snapshots_reader snapshots; /* of `parsed` */
    struct schema_reader *schema;
    int64_t first_until; /* the first view waits for SQL no longer than that; 0: it stands */
};

static void folder_finish(struct folder *folder) {
    content_unref(folder->rules_content);
    content_unref(folder->journal_content);
    rules_unref(folder->rules);
    journal_unref(folder->journal);
    disk_unref(folder->disk);
}

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
    inputs->parsed = parsed_create(options->keeper);
    inputs->snapshots = (struct snapshots_reader){parsed_read_sql, inputs->parsed};
    inputs->options.synthesis.snapshots = &inputs->snapshots;
    if (!inputs->parsed) {
        error_set_memory(error);
        inputs_destroy(inputs);
        return NULL;
    }
    patience_begin(options->source);
    inputs->source = disk_open(options->source, error);
    patience_end();
    inputs->schema = schema_reader_create(options->keeper, PROTOCOL_EFFECTS, inputs->threads);
    inputs->options.reader.reads_catalogs = worker_parser() != NULL;
    if (inputs->source && options->database_count > 0) {
        inputs->reader = ledger_reader_create(&inputs->options.reader, options->databases, options->database_count,
                                              notice, context, error);
    }
    if (inputs->source && !inputs->schema) {
        error_set_memory(error);
    }
    if (!inputs->source || !inputs->schema || (options->database_count > 0 && !inputs->reader)) {
        inputs_destroy(inputs);
        return NULL;
    }
    return inputs;
}

void inputs_destroy(struct inputs *inputs) {
    if (!inputs) {
        return;
    }
    schema_reader_destroy(inputs->schema);
    ledger_reader_destroy(inputs->reader);
    folder_finish(&inputs->folder);
    disk_close(inputs->source);
    parsed_destroy(inputs->parsed);
    free(inputs);
}

void inputs_set_hooks(struct inputs *inputs, const struct disk_hooks *hooks) {
    disk_set_hooks(inputs->source, hooks);
}

struct disk_follower *inputs_follower(struct inputs *inputs, struct error *error) {
    return disk_source_follower(inputs->source, error);
}

struct disk_progress inputs_progress(const struct inputs *inputs) {
    return disk_progress(inputs->source);
}

struct disk *inputs_disk(const struct inputs *inputs) {
    return inputs->folder.disk;
}

struct ledger_reader *inputs_reader(const struct inputs *inputs) {
    return inputs->reader;
}

/* ---- journal and rules ---- */

static struct content *content_at(const struct disk *disk, const char *path, const struct disk_entry **ret_entry) {
    *ret_entry = disk_find(disk, text_of(path));
    return *ret_entry && (*ret_entry)->kind == DISK_FILE ? (*ret_entry)->content : NULL;
}

/* A folder that may not be listed may well hold a journal. */
static struct journal *journal_not_found(const struct disk *disk, struct error *error) {
    const struct disk_entry *meta = disk_find(disk, TEXT("meta"));
    struct error reason;
    if (!meta || meta->kind != DISK_REFUSED) {
        return journal_missing(error);
    }
    error_set(&reason, ERROR_SYSTEM, "meta %s", meta->refusal.bytes);
    return journal_unreadable(reason.sentence, error);
}

static struct journal *journal_from(const struct disk *disk, struct content *content, const struct disk_entry *entry,
                                    struct error *error) {
    if (!entry) {
        return journal_not_found(disk, error);
    }
    if (!content) {
        bool is_refused = entry->kind == DISK_REFUSED;
        return journal_unreadable(is_refused ? entry->refusal.bytes : "it is not a file", error);
    }
    if (content_size(content) > JOURNAL_SIZE_LIMIT) {
        return journal_too_large(error);
    }
    struct text text;
    if (!content_pin(content, &text, error)) {
        return error->code == ERROR_MEMORY ? NULL : journal_unreadable("it changed while it was read", error);
    }
    struct journal *journal = journal_parse(text, error);
    content_unpin(content);
    return journal;
}

/* From here on `next` is the folder as it is becoming; what has not changed is taken over from the folder as it was. */

static bool read_journal(struct folder *next, const struct folder *last, struct error *error) {
    const struct disk_entry *entry;
    struct content *content = content_at(next->disk, "meta/_journal.json", &entry);
    bool is_same = next->disk == last->disk || (content && content == last->journal_content);
    next->journal = is_same ? journal_ref(last->journal) : journal_from(next->disk, content, entry, error);
    next->journal_content = content ? content_ref(content) : NULL;
    return next->journal;
}

static struct content *read_whole(int descriptor, const char *path, size_t size, struct error *error) {
    char *bytes;
    struct content *content = content_create_blank(size, &bytes);
    if (!content) {
        error_set_memory(error);
    } else if (pread(descriptor, bytes, size, 0) != (ssize_t)size) {
        content_unref(content);
        error_set(error, ERROR_SYSTEM, "the rules file %s cannot be read to its end", path);
        return NULL;
    }
    return content;
}

static struct content *read_opened_rules(int descriptor, const char *path, struct error *error) {
    struct stat status;
    if (fstat(descriptor, &status) < 0) {
        error_set_errno(error, "the rules file %s cannot be read", path);
        return NULL;
    }
    if (status.st_size > RULES_SIZE_LIMIT) {
        error_set(error, ERROR_USAGE, "the rules file %s is larger than 1 MiB", path);
        return NULL;
    }
    return read_whole(descriptor, path, (size_t)status.st_size, error);
}

/* A rules file that the user named, wherever it is. What it says may be quoted in the view, so those who could not read it see nothing of
 * that. */
static struct content *read_rules_file(const struct disk *disk, const char *path, mode_t *ret_readers,
                                       struct error *error) {
    struct disk_named named;
    if (!disk_named_open(path, &named)) {
        if (errno == EINVAL || errno == EISDIR) {
            error_set(error, ERROR_USAGE, "the rules file %s is not a regular file", path);
        } else {
            error_set_errno(error, "the rules file %s cannot be read", path);
        }
        return NULL;
    }
    struct content *content = read_opened_rules(named.descriptor, path, error);
    if (content) {
        *ret_readers = readers_of_named(disk, &named);
    }
    disk_named_finish(&named);
    return content;
}

static bool same_bytes(const struct content *a, const struct content *b) {
    return a == b ||
           (a && b && content_is_held(a) && content_is_held(b) && text_equal(content_text(a), content_text(b)));
}

static struct rules *rules_from(struct content *content, const char *path, struct error *error) {
    struct text text;
    const char *slash = strrchr(path, '/');
    if (!content_pin(content, &text, error)) {
        return NULL;
    }
    struct rules *rules = rules_parse(text_of(slash ? slash + 1 : path), text, error);
    content_unpin(content);
    return rules;
}

/* A file that the user named holds, once read, until it can be read again. */
static bool read_rules(const struct inputs *inputs, struct folder *next, struct error *error) {
    const struct folder *last = &inputs->folder;
    const char *path = inputs->options.rules_file ? inputs->options.rules_file : ".migfs";
    next->rules_readers = 0444;
    if (inputs->options.rules_file) {
        next->rules_readers = last->rules_readers;
        next->rules_content = read_rules_file(next->disk, path, &next->rules_readers, error);
        if (!next->rules_content && !last->rules_content) {
            return false;
        }
    } else {
        const struct disk_entry *entry;
        struct content *content = content_at(next->disk, path, &entry);
        next->rules_content = content ? content_ref(content) : NULL;
    }
    bool is_kept = inputs->options.rules_file && !next->rules_content;
    if (is_kept || same_bytes(next->rules_content, last->rules_content)) {
        content_unref(next->rules_content);
        next->rules_content = last->rules_content ? content_ref(last->rules_content) : NULL;
        next->rules = last->rules ? rules_ref(last->rules) : NULL;
        return true;
    }
    next->rules = next->rules_content ? rules_from(next->rules_content, path, error) : NULL;
    return next->rules || !next->rules_content;
}

/* ---- effects ---- */

static bool want_effects(struct inputs *inputs, const struct disk *disk, struct error *error) {
    bool is_wanted = true;
    if (disk == inputs->folder.disk) {
        return true;
    }
    schema_reader_begin(inputs->schema);
    for (size_t i = 0; i < disk->count; i++) {
        const struct disk_entry *entry = &disk->entries[i];
        if (entry->kind == DISK_FILE && entry->sql) {
            is_wanted = schema_reader_want(inputs->schema, &entry->sql->digest, entry->content) && is_wanted;
        }
    }
    schema_reader_end(inputs->schema);
    return is_wanted || error_set_memory(error);
}

bool inputs_has_effects(const struct inputs *inputs) {
    return schema_reader_is_done(inputs->schema) && parsed_is_done(inputs->parsed);
}

bool inputs_read_effects(struct inputs *inputs, int wait_ms) {
    if (inputs_has_effects(inputs)) {
        return false;
    }
    bool has_read = schema_reader_step(inputs->schema, wait_ms);
    schema_reader_rest(inputs->schema);
    has_read = parsed_step(inputs->parsed, 0) || has_read;
    return has_read && inputs_has_effects(inputs);
}

_Static_assert(INPUTS_AWAITED >= SCHEMA_READER_WORKERS + 2, "the workers, the snapshots' worker and the databases");

void inputs_awaited(const struct inputs *inputs, struct pollfd ret_awaited[INPUTS_AWAITED]) {
    size_t count = schema_reader_awaited(inputs->schema, ret_awaited);
    count += parsed_awaited(inputs->parsed, ret_awaited + count);
    if (inputs->reader) {
        ret_awaited[count++] = (struct pollfd){.fd = ledger_reader_descriptor(inputs->reader), .events = POLLIN};
    }
    for (; count < INPUTS_AWAITED; count++) {
        ret_awaited[count].fd = -1;
    }
}

static void effects_of(void *context, struct arena *arena, const struct digest *digest, struct effects *ret_effects) {
    schema_reader_effects(context, arena, digest, ret_effects);
}

static bool look(struct inputs *inputs, struct folder *next, struct error *error) {
    struct folder *last = &inputs->folder;
    patience_begin(inputs->options.source);
    *next = (struct folder){.disk = disk_scan(inputs->source, last->disk, inputs->threads, error)};
    bool is_whole = next->disk && read_journal(next, last, error) && read_rules(inputs, next, error);
    patience_end();
    return is_whole;
}

bool inputs_scan(struct inputs *inputs, bool *ret_changed, struct error *error) {
    struct folder *last = &inputs->folder;
    struct folder next;
    if (!look(inputs, &next, error) || !want_effects(inputs, next.disk, error)) {
        folder_finish(&next);
        return false;
    }
    *ret_changed = next.disk != last->disk || next.rules != last->rules || next.rules_readers != last->rules_readers;
    folder_finish(last);
    *last = next;
    return true;
}

/* ---- databases ---- */

static bool databases_have_answered(struct inputs *inputs, uint64_t request) {
    if (!inputs->reader) {
        return true;
    }
    ledger_reader_step(inputs->reader);
    return ledger_reader_has_read(inputs->reader, request);
}

/* How long there is something to wait for; -1: until it comes. */
static int wait_left(const struct inputs *inputs, bool is_answered, bool is_read) {
    enum { LOOK = 1000 }; /* at what workers are at, see schema_reader_awaited() */
    int64_t left = inputs->first_until == INT64_MAX ? LOOK : inputs->first_until - clock_ms();
    int wait = is_answered ? -1 : ledger_reader_wait_ms(inputs->reader);
    left = left < 0 ? 0 : left > LOOK ? LOOK : left;
    return is_read || (wait >= 0 && wait < left) ? wait : (int)left;
}

/* SQL is read while the databases are asked. */
bool inputs_read_all(struct inputs *inputs, struct error *error) {
    bool is_changed;
    int most = inputs->options.effects_wait_ms;
    if (!inputs_scan(inputs, &is_changed, error)) {
        return false;
    }
    inputs->first_until = most < 0 ? INT64_MAX : clock_ms() + most;
    uint64_t request = inputs->reader ? ledger_reader_request(inputs->reader) : 0;
    for (;;) {
        inputs_read_effects(inputs, 0);
        bool is_answered = databases_have_answered(inputs, request),
             is_read = inputs_has_effects(inputs) || clock_ms() >= inputs->first_until;
        if (is_answered && is_read) {
            return true;
        }
        struct pollfd awaited[INPUTS_AWAITED];
        inputs_awaited(inputs, awaited);
        if (poll(awaited, INPUTS_AWAITED, wait_left(inputs, is_answered, is_read)) < 0 && errno != EINTR) {
            return error_set_errno(error, "waiting for the databases");
        }
    }
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
    const struct inputs *inputs = making->inputs;
    const struct folder *folder = &inputs->folder;
    size_t count = inputs->reader ? ledger_reader_count(inputs->reader) : 0;
    making->ledgers = arena_array(making->arena, struct ledger *, count);
    struct catalog **catalogs = arena_array(making->arena, struct catalog *, count);
    for (size_t i = 0; i < count; i++) {
        making->ledgers[i] = ledger_reader_ledger(inputs->reader, i);
        catalogs[i] = ledger_reader_catalog(inputs->reader, i);
    }
    const struct effects_input effects = {.effects = effects_of, .context = inputs->schema, .catalogs = catalogs};
    struct view *view = view_create(making->arena, folder->disk, folder->journal, folder->rules, making->ledgers, count,
                                    &inputs->options.synthesis, &effects);
    view->is_shared = inputs->options.is_shared;
    view->rules_readers = folder->rules_readers;
    view->source = text_of(inputs->options.source);
    view->places = inputs->options.places;
    if (making->body) {
        making->body(making->context, making->arena, view);
    }
    if (making->wants_tree) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME,
                      &now); /* of the new version of a file that changed; no byte of any file says it */
        struct tree_attributes root = layout_root_attributes(folder->disk, view->is_shared);
        struct tree_builder *builder = tree_builder_create(making->arena, making->previous, now, &root);
        layout_add(builder, making->arena, view, inputs->options.with_metrics);
        making->tree = tree_finish(builder, making->error);
    }
}

/* Commands wait for all; so does the first view, for a while. */
static int wait_for_tokens(struct inputs *inputs) {
    int64_t left = inputs->first_until - clock_ms();
    inputs->first_until = inputs->options.effects_wait_ms < 0 ? INT64_MAX : 0;
    return inputs->options.effects_wait_ms < 0 ? -1 : left > TOKENS_AT_ONCE ? (int)left : TOKENS_AT_ONCE;
}

static bool run(struct making *making) {
    making->arena = arena_create();
    parsed_begin(making->inputs->parsed, wait_for_tokens(making->inputs));
    bool is_done = making->arena && arena_run(making->arena, make, making);
    if (!is_done) {
        error_set_memory(making->error);
    }
    arena_destroy(making->arena);
    parsed_end(making->inputs->parsed);
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
