/* Holds one reference to each record set and replaces it when it changed. Views and trees are made
 * from these. */
#include "migfs/live/inputs.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "live/look.h"
#include "live/parsed.h"
#include "migfs/report/sql_needed.h"
#include "migfs/schema/catalog_wanted.h"
#include "migfs/schema/reader.h"
#include "migfs/util/clock.h"
#include "migfs/util/patience.h"

/* Milliseconds that a view waits at least for the tokens of a file without a snapshot, so that it
 * need not say first that the file is still being read. */
enum { TOKENS_AT_ONCE = 50 };

enum { MOST_THREADS = 4 };

/* The effects of as many files are shown while others are being read. */
enum { SHOWN_AT_ONCE = 1000 };

struct inputs {
    struct inputs_options options;
    unsigned threads;
    struct disk_source *source;
    struct looked folder;
    struct disk *stand_in;        /* replaces `folder.disk` while another thread scans; or NULL */
    struct ledger_reader *reader; /* NULL: no database */
    struct parsed *parsed;
    struct snapshots_reader snapshots; /* of `parsed` */
    struct schema_reader *schema;
    struct catalog_names *names; /* what large databases are asked for; NULL: there was none */
    bool names_are_old;          /* since they were collected, the folder has changed or SQL was read */
    int64_t first_until;         /* longest wait for SQL of the first view; 0: the first view exists */
    bool shows_effects;          /* from the first view on that could show all, or has few to show */
};

/* ---- names for large databases ---- */

struct naming {
    const struct inputs *inputs;
    struct arena *arena;
    struct catalog_names *names;
};

static void collect_names(void *context) {
    struct naming *naming = context;
    const struct disk *disk = naming->inputs->folder.disk;
    struct catalog_wanted *wanted = catalog_wanted_create(naming->arena);
    for (size_t i = 0; i < disk->count; i++) {
        const struct disk_entry *entry = &disk->entries[i];
        if (entry->kind == DISK_FILE && entry->sql) {
            struct effects effects;
            schema_reader_effects(naming->inputs->schema, naming->arena, &entry->sql->digest, &effects);
            catalog_wanted_add(wanted, &effects);
        }
    }
    size_t count;
    const struct text *names = catalog_wanted_names(wanted, &count);
    naming->names = catalog_names_create(names, count);
}

/* NULL when memory has run out. */
static struct catalog_names *names_in_folder(const struct inputs *inputs) {
    struct naming naming = {.inputs = inputs, .arena = arena_create()};
    bool is_made = naming.arena && arena_run(naming.arena, collect_names, &naming);
    arena_destroy(naming.arena);
    return is_made ? naming.names : NULL;
}

/* Collects them when they are asked for, since most folders have no large database. Names that are
 * no longer in the folder are kept, so that nothing need be read again. NULL while SQL is being
 * parsed, and when memory has run out; then the next call tries again. */
static struct catalog_names *names_now(void *context) {
    struct inputs *inputs = context;
    if (inputs->names_are_old && inputs->folder.disk && schema_reader_is_done(inputs->schema)) {
        struct catalog_names *names = names_in_folder(inputs);
        bool is_covered = names && inputs->names && catalog_names_cover(inputs->names, names);
        inputs->names_are_old = !names;
        catalog_names_unref(is_covered || !names ? names : inputs->names);
        inputs->names = is_covered || !names ? inputs->names : names;
    }
    return inputs->names_are_old ? NULL : inputs->names;
}

uint64_t inputs_request_names(struct inputs *inputs) {
    return inputs->reader ? ledger_reader_request_names(inputs->reader) : 0;
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
    inputs->snapshots = (struct snapshots_reader){parsed_read_sql, inputs->parsed, options->schema};
    inputs->options.synthesis.snapshots = &inputs->snapshots;
    if (!inputs->parsed) {
        error_set_memory(error);
        inputs_destroy(inputs);
        return NULL;
    }
    patience_begin(options->source);
    inputs->source = disk_open(options->source, error);
    patience_end();
    if (inputs->source && options->is_once) {
        disk_leave_snapshots(inputs->source);
    }
    if (inputs->source && !options->is_shared) {
        disk_leave_lists(inputs->source);
    }
    inputs->schema = schema_reader_create(options->keeper, PROTOCOL_EFFECTS, inputs->threads);
    inputs->options.reader.reads_catalogs = worker_parser() != NULL;
    inputs->options.reader.names = (struct ledger_names){names_now, inputs};
    inputs->names_are_old = true;
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
    catalog_names_unref(inputs->names);
    disk_unref(inputs->stand_in);
    look_finish(&inputs->folder);
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

/* ---- effects ---- */

struct wanting {
    struct inputs *inputs;
    struct arena *arena;
    const struct disk *disk;
    bool has_room;
};

static void want_files(void *context) {
    struct wanting *wanting = context;
    const struct inputs *inputs = wanting->inputs;
    const struct disk *disk = wanting->disk;
    bool wants_all = !inputs->options.only_problems || inputs->options.database_count > 0;
    const bool *is_needed = wants_all ? NULL : sql_needed_find(wanting->arena, disk);
    for (size_t i = 0; i < disk->count; i++) {
        const struct disk_entry *entry = &disk->entries[i];
        if (entry->kind == DISK_FILE && entry->sql && (wants_all || is_needed[i])) {
            wanting->has_room =
                schema_reader_want(inputs->schema, &entry->sql->digest, entry->content) && wanting->has_room;
        }
    }
}

static bool want_effects(struct inputs *inputs, const struct disk *disk, struct error *error) {
    struct wanting wanting = {.inputs = inputs, .disk = disk, .has_room = true};
    if (disk == inputs->folder.disk) {
        return true;
    }
    inputs->names_are_old = true;
    wanting.arena = arena_create();
    schema_reader_begin(inputs->schema);
    bool is_done = wanting.arena && arena_run(wanting.arena, want_files, &wanting);
    schema_reader_end(inputs->schema);
    arena_destroy(wanting.arena);
    return (is_done && wanting.has_room) || error_set_memory(error);
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
    inputs->names_are_old = inputs->names_are_old || has_read;
    has_read = parsed_step(inputs->parsed, 0) || has_read;
    return has_read && inputs_has_effects(inputs);
}

_Static_assert(INPUTS_AWAITED >= SCHEMA_READER_WORKERS + 2, "the workers, the snapshots' worker and the databases");

void inputs_awaited(const struct inputs *inputs, bool for_effects, struct pollfd ret_awaited[INPUTS_AWAITED]) {
    size_t count = for_effects ? schema_reader_awaited(inputs->schema, ret_awaited) : 0;
    count += for_effects ? parsed_awaited(inputs->parsed, ret_awaited + count) : 0;
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

/* Of a large folder's first view, which is replaced as soon as all SQL is read: showing what is
 * known of thousands of files would delay both, since nothing is read meanwhile. */
static void effects_later(void *context, struct arena *arena, const struct digest *digest,
                          struct effects *ret_effects) {
    (void)context, (void)arena, (void)digest;
    *ret_effects = (struct effects){.status = worker_parser() ? EFFECTS_PENDING : EFFECTS_NOT_BUILT};
}

/* Returns the catalogs of a database, or NULL if they may lack something that the SQL names. */
static struct catalog *complete_catalog(const struct inputs *inputs, size_t database) {
    struct catalog *catalog = ledger_reader_catalog(inputs->reader, database);
    bool is_complete = !catalog || !catalog->is_partial ||
                       (!inputs->names_are_old && catalog_names_cover(catalog->names, inputs->names));
    return is_complete ? catalog : NULL;
}

struct looked *inputs_look(const struct inputs *inputs, struct error *error) {
    const struct look look = {.source = inputs->source,
                              .path = inputs->options.source,
                              .rules_file = inputs->options.rules_file,
                              .threads = inputs->threads};
    return look_at_folder(&look, &inputs->folder, error);
}

bool inputs_take(struct inputs *inputs, struct looked *next, bool *ret_changed, struct error *error) {
    struct looked *last = &inputs->folder;
    if (!want_effects(inputs, next->disk, error)) {
        look_destroy(next);
        return false;
    }
    *ret_changed = next->disk != last->disk || next->rules != last->rules ||
                   next->rules_readers != last->rules_readers || inputs->stand_in;
    disk_unref(inputs->stand_in);
    inputs->stand_in = NULL;
    look_finish(last);
    *last = *next;
    free(next);
    return true;
}

bool inputs_scan(struct inputs *inputs, bool *ret_changed, struct error *error) {
    struct looked *next = inputs_look(inputs, error);
    return next && inputs_take(inputs, next, ret_changed, error);
}

bool inputs_stand_in(struct inputs *inputs, unsigned silent_seconds) {
    char refusal[128] = "";
    if (silent_seconds > 0) {
        snprintf(refusal, sizeof refusal, "%shas not answered for %u second%s",
                 inputs->options.rules_file ? "or the file of --rules " : "", silent_seconds,
                 silent_seconds == 1 ? "" : "s");
    }
    struct disk *copy = disk_copy(inputs->folder.disk, text_of(refusal));
    if (copy) {
        disk_unref(inputs->stand_in);
        inputs->stand_in = copy;
    }
    return copy;
}

/* ---- databases ---- */

static bool databases_have_answered(struct inputs *inputs, uint64_t request) {
    if (!inputs->reader) {
        return true;
    }
    ledger_reader_step(inputs->reader);
    return ledger_reader_has_read(inputs->reader, request);
}

/* Timeout in milliseconds of the next wait; -1: none. */
static int wait_left(const struct inputs *inputs, bool is_answered, bool is_read) {
    enum { LOOK = 1000 }; /* see schema_reader_awaited() */
    int64_t left = inputs->first_until == INT64_MAX ? LOOK : inputs->first_until - clock_ms();
    int wait = is_answered ? -1 : ledger_reader_wait_ms(inputs->reader);
    left = left < 0 ? 0 : left > LOOK ? LOOK : left;
    return is_read || (wait >= 0 && wait < left) ? wait : (int)left;
}

/* SQL is parsed while the databases are queried. */
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
        uint64_t named = inputs_request_names(inputs);
        request = named > request ? named : request;
        bool is_answered = databases_have_answered(inputs, request),
             is_read = inputs_has_effects(inputs) || clock_ms() >= inputs->first_until;
        if (is_answered && is_read) {
            return true;
        }
        struct pollfd awaited[INPUTS_AWAITED];
        inputs_awaited(inputs, true, awaited);
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
    struct inputs *inputs = making->inputs;
    const struct looked *folder = &inputs->folder;
    struct disk *disk = inputs->stand_in ? inputs->stand_in : folder->disk;
    size_t count = inputs->reader ? ledger_reader_count(inputs->reader) : 0;
    making->ledgers = arena_array(making->arena, struct ledger *, count);
    struct catalog **catalogs = arena_array(making->arena, struct catalog *, count);
    for (size_t i = 0; i < count; i++) {
        making->ledgers[i] = ledger_reader_ledger(inputs->reader, i);
        catalogs[i] = complete_catalog(inputs, i);
    }
    inputs->shows_effects = inputs->shows_effects || schema_reader_is_done(inputs->schema) ||
                            schema_reader_read(inputs->schema) <= SHOWN_AT_ONCE;
    const struct effects_input effects = {
        .effects = inputs->shows_effects ? effects_of : effects_later, .context = inputs->schema, .catalogs = catalogs};
    struct view *view = view_create(making->arena, disk, folder->journal, folder->rules, making->ledgers, count,
                                    &inputs->options.synthesis, &effects);
    if (!inputs->options.only_problems) {
        view_rehearse_upgrade(making->arena, view);
    }
    view->is_shared = inputs->options.is_shared;
    view->rules_readers = folder->rules_readers;
    view->source = text_of(inputs->options.source);
    view->places = inputs->options.places;
    if (making->body) {
        making->body(making->context, making->arena, view);
    }
    if (making->wants_tree) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now); /* of the new version, which no byte of the file contains */
        struct tree_attributes root = layout_root_attributes(disk, view->is_shared);
        struct tree_builder *builder = tree_builder_create(making->arena, making->previous, now, &root);
        layout_add(builder, making->arena, view, inputs->options.with_metrics);
        making->tree = tree_finish(builder, making->error);
    }
}

/* Commands wait for all SQL; the first view waits for it up to a limit. */
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
