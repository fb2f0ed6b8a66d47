/* One text at a time, in the order in which they were first wanted. Answers are kept as they came and decoded when they are looked at. */
#include "migfs/schema/reader.h"

#include <stdlib.h>
#include <string.h>

#include "migfs/util/clock.h"

struct entry {
    struct digest digest;
    struct content *content; /* while it is to be read */
    bool is_wanted, is_done;
    enum worker_progress progress;
    char *answer;
    size_t length;
};

struct schema_reader {
    struct worker *worker;
    struct entry *entries;
    size_t count, capacity;
    size_t *index; /* by digest: place of an entry, from 1 */
    size_t index_size;
    size_t next; /* all before it are done */
    bool is_asking;
    unsigned asked;
};

struct schema_reader *schema_reader_create(struct worker *worker) {
    struct schema_reader *reader = calloc(1, sizeof *reader);
    if (reader) {
        reader->worker = worker;
    }
    return reader;
}

static void finish_entry(struct entry *entry) {
    content_unref(entry->content);
    free(entry->answer);
}

void schema_reader_destroy(struct schema_reader *reader) {
    if (reader) {
        for (size_t i = 0; i < reader->count; i++) {
            finish_entry(&reader->entries[i]);
        }
        free(reader->entries);
        free(reader->index);
        free(reader);
    }
}

/* ---- by digest ---- */

static size_t *place_of(const struct schema_reader *reader, const struct digest *digest) {
    size_t at;
    memcpy(&at, digest->bytes, sizeof at);
    for (at %= reader->index_size; reader->index[at]; at = (at + 1) % reader->index_size) {
        if (digest_equal(&reader->entries[reader->index[at] - 1].digest, digest)) {
            break;
        }
    }
    return &reader->index[at];
}

static void reindex(struct schema_reader *reader) {
    memset(reader->index, 0, reader->index_size * sizeof *reader->index);
    for (size_t i = 0; i < reader->count; i++) {
        *place_of(reader, &reader->entries[i].digest) = i + 1;
    }
}

static bool grow(struct schema_reader *reader) {
    size_t capacity = reader->capacity ? 2 * reader->capacity : 64;
    struct entry *entries = reallocarray(reader->entries, capacity, sizeof *entries);
    if (!entries) {
        return false;
    }
    reader->entries = entries;
    size_t *index = calloc(2 * capacity, sizeof *index);
    if (!index) {
        return false;
    }
    free(reader->index);
    reader->index = index;
    reader->index_size = 2 * capacity;
    reader->capacity = capacity;
    reindex(reader);
    return true;
}

void schema_reader_begin(struct schema_reader *reader) {
    for (size_t i = 0; i < reader->count; i++) {
        reader->entries[i].is_wanted = false;
    }
}

bool schema_reader_want(struct schema_reader *reader, const struct digest *digest, struct content *content) {
    if (reader->count == reader->capacity && !grow(reader)) {
        return false;
    }
    size_t *place = place_of(reader, digest);
    if (*place == 0) {
        reader->entries[reader->count] = (struct entry){.digest = *digest, .content = content_ref(content)};
        *place = ++reader->count;
    }
    reader->entries[*place - 1].is_wanted = true;
    return true;
}

/* The one that the worker is at stays, wanted or not: its answer is to be waited for. */
void schema_reader_end(struct schema_reader *reader) {
    size_t kept = 0, next = 0;
    for (size_t i = 0; i < reader->count; i++) {
        bool is_asked = reader->is_asking && i == reader->next;
        if (!reader->entries[i].is_wanted && !is_asked) {
            finish_entry(&reader->entries[i]);
            continue;
        }
        next = i == reader->next ? kept : next;
        reader->entries[kept++] = reader->entries[i];
    }
    if (kept < reader->count) {
        reader->next = reader->is_asking ? next : 0;
        reader->count = kept;
        reindex(reader);
    }
}

/* ---- reading ---- */

struct asking {
    struct schema_reader *reader;
    struct arena *arena;
    struct text text;
};

/* What is not UTF-8 reaches PostgreSQL as U+FFFD. */
static void ask_decoded(void *context) {
    struct asking *asking = context;
    worker_ask(asking->reader->worker, PROTOCOL_EFFECTS, text_repair_utf8(asking->arena, asking->text));
    asking->reader->is_asking = true;
}

static void ask(struct schema_reader *reader, struct entry *entry) {
    struct error error;
    struct asking asking = {.reader = reader, .arena = arena_create()};
    if (asking.arena && content_pin(entry->content, &asking.text, &error)) {
        reader->asked += arena_run(asking.arena, ask_decoded, &asking);
        content_unpin(entry->content);
    }
    arena_destroy(asking.arena);
    if (!reader->is_asking) {
        entry->is_done = true;
        entry->progress = WORKER_FAILED;
    }
}

static void take(struct schema_reader *reader, struct entry *entry, enum worker_progress progress, struct text answer) {
    bool has_answer = progress == WORKER_ANSWERED || progress == WORKER_REFUSED;
    entry->progress = progress;
    entry->is_done = true;
    reader->is_asking = false;
    content_unref(entry->content);
    entry->content = NULL;
    if (has_answer) {
        entry->answer = malloc(answer.length + 1);
        entry->progress = entry->answer ? progress : WORKER_FAILED;
        entry->length = entry->answer ? answer.length : 0;
        if (entry->answer && answer.length > 0) {
            memcpy(entry->answer, answer.bytes, answer.length);
        }
    }
}

bool schema_reader_is_done(const struct schema_reader *reader) {
    return reader->next == reader->count || !worker_parser();
}

bool schema_reader_step(struct schema_reader *reader, int wait_ms) {
    int64_t until = wait_ms < 0 ? INT64_MAX : clock_ms() + wait_ms;
    bool has_read = false;
    while (!schema_reader_is_done(reader)) {
        struct entry *entry = &reader->entries[reader->next];
        if (entry->is_done) {
            reader->next++;
            continue;
        }
        if (!reader->is_asking) {
            ask(reader, entry);
        }
        if (reader->is_asking) {
            struct text answer = TEXT("");
            int64_t left = until == INT64_MAX ? -1 : until - clock_ms();
            int wait = until == INT64_MAX ? -1 : left > 0 ? (int)left : 0;
            enum worker_progress progress = worker_step(reader->worker, wait, &answer);
            if (progress == WORKER_BUSY) {
                return has_read;
            }
            take(reader, entry, progress, answer);
        }
        has_read = true;
        if (until != INT64_MAX && clock_ms() >= until) {
            return true;
        }
    }
    return has_read;
}

void schema_reader_pause(struct schema_reader *reader) {
    reader->is_asking = false;
}

unsigned schema_reader_asked(const struct schema_reader *reader) {
    return reader->asked;
}

/* ---- looking ---- */

static void refuse(struct arena *arena, const struct entry *entry, struct effects *ret_effects) {
    struct text rest = {entry->answer, entry->length};
    struct protocol_record record;
    *ret_effects = (struct effects){.status = EFFECTS_REFUSED, .reason = TEXT("it cannot be parsed")};
    if (protocol_next(arena, &rest, &record) && record.count > 0) {
        ret_effects->reason = text_slice(record.fields[0], 0, 300);
        ret_effects->line = record.line;
    }
}

void schema_reader_effects(const struct schema_reader *reader, struct arena *arena, const struct digest *digest,
                           struct effects *ret_effects) {
    *ret_effects = (struct effects){.status = worker_parser() ? EFFECTS_PENDING : EFFECTS_NOT_BUILT};
    size_t place = worker_parser() && reader->count > 0 ? *place_of(reader, digest) : 0;
    const struct entry *entry = place ? &reader->entries[place - 1] : NULL;
    if (!entry || !entry->is_done) {
        return;
    }
    ret_effects->status = EFFECTS_FAILED;
    if (entry->progress == WORKER_REFUSED) {
        refuse(arena, entry, ret_effects);
    } else if (entry->progress == WORKER_ANSWERED &&
               !effects_decode(arena, (struct text){entry->answer, entry->length}, ret_effects)) {
        *ret_effects = (struct effects){.status = EFFECTS_FAILED};
    }
}
