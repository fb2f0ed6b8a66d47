/* Reads texts in the order in which they were first wanted, with several workers at a time. Caches
 * the answers undecoded. */
#include "migfs/schema/reader.h"

#include <stdlib.h>
#include <string.h>

#include "migfs/util/clock.h"

/* Interval of the checks of the workers' deadlines, in milliseconds. */
enum { LOOK = 1000 };

struct entry {
    struct digest digest;
    struct content *content; /* until it is read */
    bool is_wanted, is_asked, is_done, is_decoded;
    bool is_late; /* its content could not be had yet; not asked */
    enum worker_progress progress;
    char *answer;
    size_t length;
    struct effects effects; /* valid if is_decoded; points into the answer */
};

/* A worker and its pending requests, in order. */
struct line {
    struct worker *worker;
    struct entry **asked;
    size_t first, count, room;
};

struct schema_reader {
    enum protocol_request kind;
    struct line lines[SCHEMA_READER_WORKERS];
    unsigned line_count;
    struct entry **entries;
    size_t count, capacity;
    size_t *index; /* by digest: position of an entry + 1 */
    size_t index_size;
    size_t next;   /* all entries before it were asked for, or are late */
    size_t undone; /* entries that are not done */
    size_t late;
    unsigned asked;
};

struct schema_reader *schema_reader_create(struct worker_keeper *keeper, enum protocol_request kind, unsigned workers) {
    struct schema_reader *reader = calloc(1, sizeof *reader);
    if (!reader) {
        return NULL;
    }
    reader->kind = kind;
    for (; reader->line_count < workers && reader->line_count < SCHEMA_READER_WORKERS; reader->line_count++) {
        struct worker *worker = worker_create(keeper);
        if (!worker) {
            schema_reader_destroy(reader);
            return NULL;
        }
        reader->lines[reader->line_count].worker = worker;
    }
    return reader;
}

static void free_entry(struct entry *entry) {
    content_unref(entry->content);
    free(entry->answer);
    free(entry);
}

void schema_reader_destroy(struct schema_reader *reader) {
    if (reader) {
        for (size_t i = 0; i < reader->count; i++) {
            free_entry(reader->entries[i]);
        }
        for (unsigned i = 0; i < reader->line_count; i++) {
            worker_destroy(reader->lines[i].worker);
            free(reader->lines[i].asked);
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
        if (digest_equal(&reader->entries[reader->index[at] - 1]->digest, digest)) {
            break;
        }
    }
    return &reader->index[at];
}

static struct entry *entry_of(const struct schema_reader *reader, const struct digest *digest) {
    size_t place = reader->count > 0 ? *place_of(reader, digest) : 0;
    return place > 0 ? reader->entries[place - 1] : NULL;
}

static void reindex(struct schema_reader *reader) {
    memset(reader->index, 0, reader->index_size * sizeof *reader->index);
    for (size_t i = 0; i < reader->count; i++) {
        *place_of(reader, &reader->entries[i]->digest) = i + 1;
    }
}

static bool grow(struct schema_reader *reader) {
    size_t capacity = reader->capacity ? 2 * reader->capacity : 64;
    struct entry **entries = reallocarray(reader->entries, capacity, sizeof(struct entry *));
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
        reader->entries[i]->is_wanted = false;
    }
}

bool schema_reader_want(struct schema_reader *reader, const struct digest *digest, struct content *content) {
    struct entry *entry = entry_of(reader, digest);
    if (!entry) {
        if (reader->count == reader->capacity && !grow(reader)) {
            return false;
        }
        entry = calloc(1, sizeof *entry);
        if (!entry) {
            return false;
        }
        *entry = (struct entry){.digest = *digest, .content = content_ref(content)};
        reader->entries[reader->count] = entry;
        *place_of(reader, digest) = reader->count + 1;
        reader->count++;
        reader->undone++;
    }
    entry->is_wanted = true;
    return true;
}

/* An entry that a worker is reading is kept even if it is no longer wanted: its answer must be
 * awaited. */
void schema_reader_end(struct schema_reader *reader) {
    size_t kept = 0;
    for (size_t i = 0; i < reader->count; i++) {
        struct entry *entry = reader->entries[i];
        if (entry->is_wanted || (entry->is_asked && !entry->is_done)) {
            reader->entries[kept++] = entry;
        } else {
            reader->undone -= !entry->is_done;
            reader->late -= entry->is_late;
            free_entry(entry);
        }
    }
    if (kept < reader->count) {
        reader->next = 0;
        reader->count = kept;
        reindex(reader);
    }
}

/* ---- reading ---- */

static void finish(struct schema_reader *reader, struct entry *entry, enum worker_progress progress,
                   struct text answer) {
    entry->progress = progress;
    entry->is_done = true;
    reader->undone--;
    content_unref(entry->content);
    entry->content = NULL;
    if (progress == WORKER_ANSWERED || progress == WORKER_REFUSED) {
        entry->answer = malloc(answer.length + 1);
        entry->progress = entry->answer ? progress : WORKER_FAILED;
        entry->length = entry->answer ? answer.length : 0;
        if (entry->length > 0) {
            memcpy(entry->answer, answer.bytes, answer.length);
        }
    }
}

struct asking {
    struct schema_reader *reader;
    struct worker *worker;
    struct arena *arena;
    struct text text;
    bool is_asked;
};

/* Invalid UTF-8 reaches PostgreSQL as U+FFFD. */
static void ask_decoded(void *context) {
    struct asking *asking = context;
    struct text sql = text_repair_utf8(asking->arena, asking->text);
    asking->is_asked = worker_takes(sql);
    if (asking->is_asked) {
        worker_ask(asking->worker, asking->reader->kind, sql);
    }
}

enum asked { ASKED, NOT_ASKED, LATE };

/* Returns NOT_ASKED if the text cannot be read, or must not be sent to a worker. */
static enum asked ask(struct schema_reader *reader, struct worker *worker, struct entry *entry) {
    struct error error = {0};
    struct asking asking = {.reader = reader, .worker = worker};
    if (content_size(entry->content) > PROTOCOL_SQL_MAXIMUM) {
        return NOT_ASKED;
    }
    asking.arena = arena_create();
    if (asking.arena && content_pin(entry->content, &asking.text, &error)) {
        arena_run(asking.arena, ask_decoded, &asking);
        content_unpin(entry->content);
    }
    arena_destroy(asking.arena);
    return asking.is_asked ? ASKED : error.code == ERROR_LATE ? LATE : NOT_ASKED;
}

static size_t place_in(const struct line *line, size_t at) {
    at += line->first;
    return at >= line->room ? at - line->room : at;
}

static bool make_room(struct line *line) {
    if (line->count < line->room) {
        return true;
    }
    size_t room = line->room > 0 ? 2 * line->room : 64;
    struct entry **asked = calloc(room, sizeof(struct entry *));
    if (!asked) {
        return false;
    }
    for (size_t i = 0; i < line->count; i++) {
        asked[i] = line->asked[place_in(line, i)];
    }
    free(line->asked);
    *line = (struct line){.worker = line->worker, .asked = asked, .count = line->count, .room = room};
    return true;
}

/* The next text that has not been asked for, or NULL. */
static struct entry *next_entry(struct schema_reader *reader) {
    while (reader->next < reader->count &&
           (reader->entries[reader->next]->is_asked || reader->entries[reader->next]->is_late)) {
        reader->next++;
    }
    return reader->next < reader->count ? reader->entries[reader->next] : NULL;
}

/* Late texts are asked for once more. */
static void forget_late(struct schema_reader *reader) {
    for (size_t i = reader->count; reader->late > 0 && i-- > 0;) {
        if (reader->entries[i]->is_late) {
            reader->entries[i]->is_late = false;
            reader->late--;
            reader->next = i;
        }
    }
}

/* While some texts are late, others are not asked for in great numbers, since what reads them keeps
 * the bytes. *awaited is the number of texts that are late but not silent. */
static void fill(struct schema_reader *reader, struct line *line, size_t *awaited) {
    enum { LATE_MAXIMUM = 4 };
    struct entry *entry;
    while (*awaited < LATE_MAXIMUM && worker_has_room(line->worker) && (entry = next_entry(reader))) {
        enum asked asked = make_room(line) ? ask(reader, line->worker, entry) : NOT_ASKED;
        if (asked == LATE) {
            entry->is_late = true;
            reader->late++;
            *awaited += content_silence(entry->content) == 0;
            continue;
        }
        entry->is_asked = true;
        if (asked == ASKED) {
            line->asked[place_in(line, line->count++)] = entry;
            reader->asked++;
        } else {
            finish(reader, entry, WORKER_FAILED, TEXT(""));
        }
    }
}

/* Takes the finished answers of a worker. Returns true if there was one. */
static bool take(struct schema_reader *reader, struct line *line) {
    bool has_taken = false;
    while (line->count > 0) {
        struct text answer = TEXT("");
        enum worker_progress progress = worker_step(line->worker, 0, &answer);
        if (progress == WORKER_BUSY) {
            break;
        }
        finish(reader, line->asked[line->first], progress, answer);
        line->first = place_in(line, 1);
        line->count--;
        has_taken = true;
    }
    return has_taken;
}

static bool are_silent(const struct schema_reader *reader) {
    size_t silent = 0;
    for (size_t i = 0; silent < reader->late && i < reader->count; i++) {
        silent += reader->entries[i]->is_late && content_silence(reader->entries[i]->content) > 0;
    }
    return silent == reader->late;
}

bool schema_reader_is_done(const struct schema_reader *reader) {
    return (reader->undone == reader->late && are_silent(reader)) || !worker_parser();
}

/* Fills the first worker before using the second. Answers are taken first, and the requests that
 * then fit are sent at once; otherwise we and the workers would wait for each other. */
static bool turn(struct schema_reader *reader) {
    bool has_taken = false;
    for (unsigned i = 0; i < reader->line_count; i++) {
        has_taken = take(reader, &reader->lines[i]) || has_taken;
    }
    size_t awaited = 0;
    forget_late(reader);
    for (unsigned i = 0; i < reader->line_count; i++) {
        fill(reader, &reader->lines[i], &awaited);
        worker_push(reader->lines[i].worker);
    }
    return has_taken;
}

size_t schema_reader_awaited(const struct schema_reader *reader, struct pollfd *ret_awaited) {
    size_t count = 0;
    for (unsigned i = 0; i < reader->line_count; i++) {
        ret_awaited[count] = worker_awaited(reader->lines[i].worker);
        count += ret_awaited[count].fd >= 0;
    }
    return count;
}

/* Returns at once if no worker runs: the next turn finishes what they were asked. */
static void wait_for_workers(const struct schema_reader *reader, int64_t until) {
    struct pollfd awaited[SCHEMA_READER_WORKERS];
    size_t count = schema_reader_awaited(reader, awaited);
    int64_t left = until == INT64_MAX ? LOOK : until - clock_ms();
    if (count > 0) {
        poll(awaited, count, left < 0 ? 0 : left > LOOK ? LOOK : (int)left);
    }
}

bool schema_reader_step(struct schema_reader *reader, int wait_ms) {
    int64_t until = wait_ms < 0 ? INT64_MAX : clock_ms() + wait_ms;
    bool has_read = false, has_time = true;
    struct pollfd awaited[SCHEMA_READER_WORKERS];
    while (!schema_reader_is_done(reader) && has_time) {
        size_t undone = reader->undone;
        if (!turn(reader) && undone == reader->undone) {
            if (reader->late > 0 && schema_reader_awaited(reader, awaited) == 0) {
                break; /* no worker has anything to do before a late text arrives */
            }
            wait_for_workers(reader, until);
        }
        has_read = has_read || reader->undone < undone;
        has_time = until == INT64_MAX || clock_ms() < until || schema_reader_awaited(reader, awaited) == 0;
    }
    return has_read;
}

void schema_reader_rest(struct schema_reader *reader) {
    for (unsigned i = 0; schema_reader_is_done(reader) && i < reader->line_count; i++) {
        worker_rest(reader->lines[i].worker);
    }
}

size_t schema_reader_read(const struct schema_reader *reader) {
    return reader->count - reader->undone;
}

unsigned schema_reader_asked(const struct schema_reader *reader) {
    return reader->asked;
}

/* ---- looking ---- */

enum worker_progress schema_reader_answer(const struct schema_reader *reader, const struct digest *digest,
                                          struct text *ret_answer) {
    const struct entry *entry = entry_of(reader, digest);
    if (!entry || !entry->is_done) {
        return worker_parser() ? WORKER_BUSY : WORKER_ABSENT;
    }
    *ret_answer = (struct text){entry->answer ? entry->answer : "", entry->length};
    return entry->progress;
}

static void refuse(struct arena *arena, struct text answer, struct effects *ret_effects) {
    struct protocol_reader reader = protocol_read(arena, answer);
    struct protocol_record record;
    *ret_effects = (struct effects){.status = EFFECTS_REFUSED, .reason = TEXT("it cannot be parsed")};
    if (protocol_next(&reader, &record) && record.count > 0) {
        ret_effects->reason = text_slice(record.fields[0], 0, 300);
        ret_effects->line = record.line;
    }
}

static void decode(struct arena *arena, const struct entry *entry, struct effects *ret_effects) {
    struct text answer = {entry->answer, entry->length};
    *ret_effects = (struct effects){.status = EFFECTS_FAILED};
    if (entry->progress == WORKER_REFUSED) {
        refuse(arena, answer, ret_effects);
    } else if (entry->progress == WORKER_ABSENT) {
        ret_effects->reason = TEXT("no process could be started to parse it");
    } else if (entry->progress == WORKER_ANSWERED && !effects_decode(arena, answer, ret_effects)) {
        *ret_effects = (struct effects){.status = EFFECTS_FAILED};
    }
}

/* Of a text that is not read. */
static void decode_undone(struct arena *arena, const struct entry *entry, struct effects *ret_effects) {
    unsigned silence = entry && entry->is_late ? content_silence(entry->content) : 0;
    *ret_effects = (struct effects){.status = worker_parser() ? EFFECTS_PENDING : EFFECTS_NOT_BUILT};
    if (silence > 0) {
        ret_effects->status = EFFECTS_FAILED;
        ret_effects->reason =
            text_format(arena, "its file has not answered for %u second%s", silence, silence == 1 ? "" : "s");
    }
}

void schema_reader_effects(struct schema_reader *reader, struct arena *arena, const struct digest *digest,
                           struct effects *ret_effects) {
    struct entry *entry = entry_of(reader, digest);
    if (!worker_parser() || !entry || !entry->is_done) {
        decode_undone(arena, worker_parser() ? entry : NULL, ret_effects);
        return;
    }
    if (!entry->is_decoded) {
        decode(arena, entry, &entry->effects);
        entry->is_decoded = true;
    }
    *ret_effects = entry->effects;
}
