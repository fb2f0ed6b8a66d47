/* When which database is read: turns, deadlines, polls and patience. How one is read is ledger_connection.h's business; here
 * stands only what concerns all of them.
 *
 * While there are no more databases than connections, each keeps its own. Otherwise they take turns, the longest waiting first, and
 * those that failed last time may hold half the connections at most: so the dead delay the living at the first round
 * only. A failure is tried again after one poll, then less and less often, but at least every PATIENCE_MS or poll,
 * whichever is longer: a database that is back must show soon. */
#include "migfs/ledger_reader.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "migfs/clock.h"
#include "migfs/ledger_connection.h"

enum {
    PATIENCE_MS = 2000,
    EVENTS_AT_ONCE = 64,
};

struct database {
    struct ledger_target target;
    struct ledger_connection connection;
    struct ledger *ledger; /* as last told */
    struct digest digest;  /* of the answer that `ledger` was made from */
    bool has_digest;
    int64_t due;       /* ms of CLOCK_MONOTONIC; when the next read begins */
    unsigned pause_ms; /* after the failure just seen; 0 after an answer */
    uint64_t begun;    /* the newest request when the read in progress, or the last one, began */
    uint64_t answered; /* every request up to this one has been met */
};

struct ledger_reader {
    struct ledger_query query;
    unsigned poll_ms, connections;
    int epoll;
    uint64_t requested;
    size_t count;
    struct database databases[];
};

struct notice {
    void (*notice)(void *context, const char *sentence);
    void *context;
    const char *database;
};

static void tell_dropped(void *context, const char *names) {
    const struct notice *notice = context;
    struct error sentence;
    if (notice->notice) {
        error_set(&sentence, ERROR_NONE, "database %s: parameters of other libraries are left out: %s",
                  notice->database, names);
        notice->notice(notice->context, sentence.sentence);
    }
}

static bool create_database(struct ledger_reader *reader, const struct ledger_reader_options *options,
                            const struct ledger_reader_database *given, struct notice *notice, struct error *error) {
    struct database *database = &reader->databases[reader->count];
    struct ledger silent = {
        .database = text_of(given->name), .status = LEDGER_UNREADABLE, .reason = TEXT("has not answered yet")};
    notice->database = given->name;
    if (!ledger_target_parse(given->conninfo, &database->target, tell_dropped, notice, error)) {
        return error_wrap(error, "the connection string of database %s cannot be used", given->name);
    }
    database->connection = (struct ledger_connection){
        .target = &database->target,
        .query = &reader->query,
        .timeout_ms = options->timeout_ms,
        .epoll = reader->epoll,
        .event = reader->count,
    };
    reader->count++;
    database->ledger = ledger_create(&silent, error);
    return database->ledger;
}

struct ledger_reader *ledger_reader_create(const struct ledger_reader_options *options,
                                           const struct ledger_reader_database *databases, size_t count,
                                           void (*notice)(void *context, const char *sentence), void *context,
                                           struct error *error) {
    struct ledger_reader *reader = calloc(1, sizeof(*reader) + count * sizeof(reader->databases[0]));
    struct notice notices = {.notice = notice, .context = context};
    if (!reader) {
        error_set_memory(error);
        return NULL;
    }
    reader->poll_ms = options->poll_ms;
    reader->connections = options->connections > 0 ? options->connections : 1;
    reader->epoll = epoll_create1(EPOLL_CLOEXEC);
    bool is_right = reader->epoll >= 0 || error_set_errno(error, "cannot wait for databases");
    is_right =
        is_right && ledger_query_create(&reader->query, options->schema, options->table, options->timeout_ms, error);
    for (size_t i = 0; is_right && i < count; i++) {
        is_right = create_database(reader, options, &databases[i], &notices, error);
    }
    if (!is_right) {
        ledger_reader_destroy(reader);
        return NULL;
    }
    return reader;
}

void ledger_reader_destroy(struct ledger_reader *reader) {
    if (!reader) {
        return;
    }
    for (size_t i = 0; i < reader->count; i++) {
        ledger_connection_finish(&reader->databases[i].connection);
        ledger_target_wipe(&reader->databases[i].target);
        ledger_destroy(reader->databases[i].ledger);
    }
    ledger_query_destroy(&reader->query);
    if (reader->epoll >= 0) {
        close(reader->epoll);
    }
    free(reader);
}

static bool takes_turns(const struct ledger_reader *reader) {
    return reader->count > reader->connections;
}

/* Patience grows with every failure and is not asked for after an answer. */
static void wait_for_next(const struct ledger_reader *reader, struct database *database, bool is_answered,
                          int64_t now) {
    unsigned longest = reader->poll_ms > PATIENCE_MS ? reader->poll_ms : PATIENCE_MS;
    if (is_answered) {
        database->pause_ms = 0;
    } else if (database->pause_ms == 0) {
        database->pause_ms = reader->poll_ms > 0 ? reader->poll_ms : 1;
    } else {
        database->pause_ms = database->pause_ms < longest / 2 ? database->pause_ms * 2 : longest;
    }
    database->due = now + (is_answered ? reader->poll_ms : database->pause_ms);
    if (database->begun < reader->requested) {
        database->due = now;
    }
}

static bool replace_ledger(struct database *database, struct ledger *ledger) {
    if (ledger_same(ledger, database->ledger)) {
        ledger_destroy(ledger);
        return false;
    }
    ledger_destroy(database->ledger);
    database->ledger = ledger;
    return true;
}

/* When memory runs out, what stood before stands: the read counts as not done and is tried again. */
static bool tell_failure(struct database *database, const struct error *failure) {
    bool is_changed = false;
    database->has_digest = false;
    if (failure->code == ERROR_MEMORY) {
        return false;
    }
    if (database->ledger->status != LEDGER_UNREADABLE || !text_is(database->ledger->reason, failure->sentence)) {
        struct error error;
        struct ledger *failed = ledger_fail(database->ledger, failure->sentence, &error);
        if (!failed) {
            return false;
        }
        is_changed = replace_ledger(database, failed);
    }
    database->answered = database->begun;
    return is_changed;
}

/* The same answer as last time is known by its digest, before anything is made from it. */
static bool tell_answer(const struct ledger_reader *reader, struct database *database, struct error *error,
                        bool *ret_changed) {
    const struct ledger_connection *connection = &database->connection;
    struct digest digest;
    if (!ledger_query_digest(&connection->columns, connection->rows, &digest, error)) {
        return false;
    }
    if (!database->has_digest || !digest_equal(&digest, &database->digest)) {
        struct ledger *ledger = ledger_query_ledger(&reader->query, database->ledger->database, &connection->columns,
                                                    connection->rows, error);
        if (!ledger) {
            return false;
        }
        *ret_changed = replace_ledger(database, ledger);
        database->digest = digest;
        database->has_digest = true;
    }
    database->answered = database->begun;
    return true;
}

/* Returns true when the database's ledger has changed. */
static bool conclude(const struct ledger_reader *reader, struct database *database, enum ledger_progress progress,
                     struct error *error, int64_t now) {
    bool is_changed = false;
    if (progress == LEDGER_PROGRESS_NONE) {
        return false;
    }
    bool is_answered = progress == LEDGER_PROGRESS_ANSWERED && tell_answer(reader, database, error, &is_changed);
    if (!is_answered) {
        is_changed = tell_failure(database, error);
    }
    wait_for_next(reader, database, is_answered, now);
    if (takes_turns(reader)) {
        ledger_connection_close(&database->connection);
    } else {
        ledger_connection_rest(&database->connection);
    }
    return is_changed;
}

static bool is_open(const struct database *database) {
    return database->connection.phase != LEDGER_PHASE_CLOSED;
}

struct room {
    size_t all, failing; /* how many more may be opened; of them, databases that failed last time */
};

static struct room find_room(const struct ledger_reader *reader) {
    size_t open = 0, failing = 0;
    for (size_t i = 0; i < reader->count; i++) {
        if (is_open(&reader->databases[i])) {
            open++;
            failing += reader->databases[i].pause_ms > 0;
        }
    }
    size_t limit = reader->connections, half = takes_turns(reader) && limit > 1 ? limit / 2 : limit;
    return (struct room){limit > open ? limit - open : 0, half > failing ? half - failing : 0};
}

static bool may_begin(const struct database *database, struct room room) {
    return is_open(database) || (room.all > 0 && (database->pause_ms == 0 || room.failing > 0));
}

/* The database whose read should have begun longest ago among those that may; NULL when none is due. */
static struct database *find_due(struct ledger_reader *reader, int64_t now) {
    struct room room = find_room(reader);
    struct database *found = NULL;
    for (size_t i = 0; i < reader->count; i++) {
        struct database *database = &reader->databases[i];
        if (!ledger_connection_is_busy(&database->connection) && database->due <= now && may_begin(database, room) &&
            (!found || database->due < found->due)) {
            found = database;
        }
    }
    return found;
}

static bool begin_due(struct ledger_reader *reader, int64_t now) {
    bool is_changed = false;
    for (struct database *database; (database = find_due(reader, now));) {
        struct error error;
        database->begun = reader->requested;
        enum ledger_progress progress = ledger_connection_begin(&database->connection, now, &error);
        is_changed |= conclude(reader, database, progress, &error, now);
    }
    return is_changed;
}

static bool expire_overdue(struct ledger_reader *reader, int64_t now) {
    bool is_changed = false;
    for (size_t i = 0; i < reader->count; i++) {
        struct database *database = &reader->databases[i];
        if (ledger_connection_is_busy(&database->connection) && database->connection.deadline <= now) {
            struct error error;
            enum ledger_progress progress = ledger_connection_expire(&database->connection, now, &error);
            is_changed |= conclude(reader, database, progress, &error, now);
        }
    }
    return is_changed;
}

static bool continue_ready(struct ledger_reader *reader, int64_t now) {
    struct epoll_event events[EVENTS_AT_ONCE];
    bool is_changed = false;
    int count = epoll_wait(reader->epoll, events, EVENTS_AT_ONCE, 0);
    for (int i = 0; i < count; i++) {
        struct database *database = &reader->databases[events[i].data.u64];
        struct error error;
        enum ledger_progress progress = ledger_connection_continue(&database->connection, now, &error);
        is_changed |= conclude(reader, database, progress, &error, now);
    }
    return is_changed;
}

/* Answers come before deadlines, so that whoever calls late takes no answer for a silence. */
bool ledger_reader_step(struct ledger_reader *reader) {
    int64_t now = clock_ms();
    bool is_changed = continue_ready(reader, now);
    is_changed |= expire_overdue(reader, now);
    is_changed |= begin_due(reader, now);
    return is_changed;
}

int ledger_reader_wait_ms(const struct ledger_reader *reader) {
    struct room room = find_room(reader);
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < reader->count; i++) {
        const struct database *database = &reader->databases[i];
        if (ledger_connection_is_busy(&database->connection)) {
            next = database->connection.deadline < next ? database->connection.deadline : next;
        } else if (may_begin(database, room)) {
            next = database->due < next ? database->due : next;
        }
    }
    if (next == INT64_MAX) {
        return -1;
    }
    int64_t wait = next - clock_ms();
    return wait < 0 ? 0 : wait > INT32_MAX ? INT32_MAX : (int)wait;
}

uint64_t ledger_reader_request(struct ledger_reader *reader) {
    reader->requested++;
    for (size_t i = 0; i < reader->count; i++) {
        reader->databases[i].due = 0;
    }
    return reader->requested;
}

bool ledger_reader_has_read(const struct ledger_reader *reader, uint64_t request) {
    for (size_t i = 0; i < reader->count; i++) {
        if (reader->databases[i].answered < request) {
            return false;
        }
    }
    return true;
}

int ledger_reader_descriptor(const struct ledger_reader *reader) {
    return reader->epoll;
}

size_t ledger_reader_count(const struct ledger_reader *reader) {
    return reader->count;
}

struct ledger *ledger_reader_ledger(const struct ledger_reader *reader, size_t index) {
    return reader->databases[index].ledger;
}
