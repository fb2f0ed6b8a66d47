/* Decides when to read which database: turns, deadlines, polls and retries. The driver knows how to
 * read one (driver.h), and places.h how many may be connected.
 *
 * A database keeps its connection until another one has waited longer for a connection than this
 * one has been idle; the one that is due last is closed. So a poll only connects the others.
 *
 * After a failure, a database is read again after one poll, then less and less often, but at least
 * every PATIENCE_MS or poll, whichever is longer, so that a database that is back shows soon. A
 * full server is reported only if it stays full for the whole timeout. */
#include "migfs/ledger/reader.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "ledger/places.h"
#include "ledger/silence.h"
#include "migfs/util/clock.h"

enum {
    PATIENCE_MS = 2000,
    BETWEEN_MS = 100,     /* shortest time between the beginnings of two reads */
    PLACE_AGAIN_MS = 100, /* first delay before a full server is tried again; doubles each time */
    FORGOTTEN_MS = 1000,  /* a server counts a connection for a moment after it was closed */
};

struct server {
    const struct database *member; /* one of its databases */
    struct ledger_places places;
    struct database *resting; /* of the idle ones, the one that is due last */
    int64_t left;             /* ms of CLOCK_MONOTONIC; when a connection to it was last closed */
    struct ledger_silence silence;
};

struct database {
    const struct ledger_driver *driver;
    struct ledger_connection *connection;
    enum ledger_phase phase; /* of the connection */
    int64_t deadline;        /* ms of CLOCK_MONOTONIC; while waiting for the server */
    struct server *server;
    struct ledger_held held; /* as counted in `places` */
    struct ledger *ledger;   /* as last reported */
    struct catalog *catalog; /* as last read, or NULL */
    struct digest digest;    /* of the answer that `ledger` was made from */
    bool has_digest;
    int64_t due, begun_at; /* ms of CLOCK_MONOTONIC; beginning of the next read, and of the last one */
    unsigned pause_ms;     /* after the last failure; 0 after an answer */
    int64_t full;          /* since when its server is full; 0: it is not */
    size_t came;           /* `came` of its server when that read began */
    uint64_t begun;        /* the newest request when the current or last read began */
    uint64_t answered;     /* every request up to this one is fulfilled */
    bool is_costly;        /* that read: it logs in, or was requested and includes the catalogs */
};

struct ledger_reader {
    unsigned poll_ms, timeout_ms, catalogs_ms;
    int epoll;
    uint64_t requested;
    struct ledger_places places; /* of all servers together */
    struct database *resting;
    struct server *servers;
    struct epoll_event *events; /* room for one of each database */
    size_t server_count, count;
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
        error_set(&sentence, ERROR_NONE, "database %s: parameters that are not passed on to the server: %s",
                  notice->database, names);
        notice->notice(notice->context, sentence.sentence);
    }
}

static bool is_at(const struct database *database, const struct server *server) {
    return database->driver == server->member->driver &&
           database->driver->is_same_server(database->connection, server->member->connection);
}

static void use_server(struct ledger_reader *reader, struct database *database, unsigned connections) {
    size_t i = 0;
    while (i < reader->server_count && !is_at(database, &reader->servers[i])) {
        i++;
    }
    if (i == reader->server_count) {
        reader->servers[i] = (struct server){.member = database, .places = ledger_places_of_server(connections)};
        reader->server_count++;
    }
    database->server = &reader->servers[i];
    database->server->places.databases++;
    reader->places.databases++;
}

static const struct ledger_driver *find_driver(const struct ledger_reader_options *options, const char *conninfo) {
    const struct ledger_driver *const *driver = options->drivers;
    for (; *driver && !(*driver)->takes(conninfo); driver++) {
    }
    return *driver;
}

static bool connect_to_driver(struct ledger_reader *reader, const struct ledger_reader_options *options,
                              const struct ledger_reader_database *given, struct notice *notice, struct error *error) {
    struct database *database = &reader->databases[reader->count];
    const struct ledger_driver_options of_driver = {
        .schema = given->schema ? given->schema : options->schema,
        .table = given->table ? given->table : options->table,
        .timeout_ms = options->timeout_ms,
        .reads_catalogs = options->reads_catalogs,
        .catalogs_ms = reader->catalogs_ms,
        .names = options->names,
        .keeps_near = options->keeps_near,
        .epoll = reader->epoll,
        .event = reader->count,
    };
    database->driver = find_driver(options, given->conninfo);
    if (!database->driver) {
        return error_set(error, ERROR_USAGE, "no kind of server that is known is meant by it");
    }
    database->connection = database->driver->create(&of_driver, given->conninfo, tell_dropped, notice, error);
    return database->connection;
}

static bool create_database(struct ledger_reader *reader, const struct ledger_reader_options *options,
                            const struct ledger_reader_database *given, struct notice *notice, struct error *error) {
    struct database *database = &reader->databases[reader->count];
    struct ledger silent = {.database = text_of(given->name),
                            .schema = text_of(given->schema ? given->schema : options->schema),
                            .table = text_of(given->table ? given->table : options->table),
                            .status = LEDGER_UNREADABLE,
                            .reason = TEXT("has not answered yet")};
    notice->database = given->name;
    if (!connect_to_driver(reader, options, given, notice, error)) {
        return error_wrap(error, "the connection string of database %s cannot be used", given->name);
    }
    reader->count++;
    use_server(reader, database, options->connections);
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
    reader->timeout_ms = options->timeout_ms;
    reader->catalogs_ms = 1000 * catalog_seconds(count);
    reader->places = ledger_places_of_all(ledger_places_limit(options->connections));
    reader->servers = calloc(count + 1, sizeof(*reader->servers));
    reader->events = calloc(count + 1, sizeof(*reader->events));
    reader->epoll = epoll_create1(EPOLL_CLOEXEC);
    bool has_room = reader->servers && reader->events;
    bool is_right =
        has_room ? reader->epoll >= 0 || error_set_errno(error, "cannot wait for databases") : error_set_memory(error);
    for (size_t i = 0; has_room && is_right && i < count; i++) {
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
        reader->databases[i].driver->destroy(reader->databases[i].connection);
        ledger_destroy(reader->databases[i].ledger);
        catalog_unref(reader->databases[i].catalog);
    }
    if (reader->epoll >= 0) {
        close(reader->epoll);
    }
    free(reader->servers);
    free(reader->events);
    free(reader);
}

static bool is_open(const struct database *database) {
    return database->phase != LEDGER_PHASE_CLOSED;
}

static bool is_busy(const struct database *database) {
    return database->phase == LEDGER_PHASE_CONNECTING || database->phase == LEDGER_PHASE_ASKING;
}

/* Call after every action that may open or close a connection. */
static void count_places(struct ledger_reader *reader, struct database *database) {
    struct ledger_held held = {
        .open = is_open(database),
        .connecting = database->phase == LEDGER_PHASE_CONNECTING,
        .failing = is_open(database) && database->pause_ms > 0,
        .reading = is_busy(database) && database->is_costly,
        .retrying = is_busy(database) && database->is_costly && database->pause_ms > 0,
    };
    ledger_places_count(&reader->places, &database->held, &held);
    ledger_places_count(&database->server->places, &database->held, &held);
    database->held = held;
}

static void leave_place(struct ledger_reader *reader, struct database *database) {
    database->driver->close(database->connection);
    database->phase = LEDGER_PHASE_CLOSED;
    database->server->left = clock_ms();
    count_places(reader, database);
}

static void give_places_back(struct ledger_reader *reader, const struct server *server) {
    for (size_t i = 0; i < reader->count && ledger_places_are_overdrawn(&server->places); i++) {
        struct database *database = &reader->databases[i];
        if (database->server == server && database->phase == LEDGER_PHASE_KEPT) {
            leave_place(reader, database);
        }
    }
}

/* Returns whether to try again a connection that failed because ours use up the server's limit. */
static bool waits_for_place(struct ledger_reader *reader, struct database *database, int64_t now) {
    struct server *server = database->server;
    if (server->places.held.open == 0) {
        return false;
    }
    if (now - server->left > FORGOTTEN_MS) {
        ledger_places_refuse(&server->places);
        give_places_back(reader, server);
    }
    database->full = database->full > 0 ? database->full : now;
    int64_t waited = now - database->full;
    database->due = now + (waited > PLACE_AGAIN_MS ? waited : PLACE_AGAIN_MS);
    return waited < reader->timeout_ms;
}

static int64_t soonest(const struct database *database, int64_t now) {
    int64_t next = database->begun_at + BETWEEN_MS;
    return next > now ? next : now;
}

/* The pause grows with every failure and is reset by an answer. */
static void wait_for_next(const struct ledger_reader *reader, struct database *database, bool is_answered,
                          int64_t now) {
    unsigned longest = reader->poll_ms > PATIENCE_MS ? reader->poll_ms : PATIENCE_MS;
    if (is_answered) {
        database->pause_ms = 0;
        database->full = 0;
    } else if (database->pause_ms == 0) {
        database->pause_ms = reader->poll_ms > 0 ? reader->poll_ms : 1;
    } else {
        database->pause_ms = database->pause_ms < longest / 2 ? database->pause_ms * 2 : longest;
    }
    database->due = now + (is_answered ? reader->poll_ms : database->pause_ms);
    if (database->begun < reader->requested) {
        database->due = soonest(database, now);
    }
}

/* When memory runs out, the old ledger is kept, and the read counts as not done and is repeated. */
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
        is_changed = ledger_replace(&database->ledger, failed);
    }
    database->answered = database->begun;
    return is_changed;
}

/* An unchanged answer is recognized by its digest before a ledger is made from it. */
static bool tell_answer(struct database *database, struct error *error, bool *ret_changed) {
    struct ledger_answer answer;
    if (!database->driver->answer(database->connection, database->ledger,
                                  database->has_digest ? &database->digest : NULL, &answer, error)) {
        return false;
    }
    if (answer.ledger) {
        *ret_changed = ledger_replace(&database->ledger, answer.ledger);
        database->digest = answer.digest;
        database->has_digest = true;
    }
    *ret_changed = catalog_replace(&database->catalog, answer.catalog) || *ret_changed;
    ledger_places_hear(&database->server->places, answer.places.offered, answer.places.taken, database->came);
    database->answered = database->begun;
    return true;
}

/* Returns true when the database's ledger has changed. */
static bool conclude(struct ledger_reader *reader, struct database *database, struct ledger_turn turn,
                     struct error *error, int64_t now) {
    bool is_changed = false;
    database->phase = turn.phase;
    database->deadline = turn.deadline;
    count_places(reader, database);
    if (turn.progress == LEDGER_PROGRESS_NONE ||
        (turn.progress == LEDGER_PROGRESS_FAILED && turn.is_full && waits_for_place(reader, database, now))) {
        return false;
    }
    bool is_answered = turn.progress == LEDGER_PROGRESS_ANSWERED && tell_answer(database, error, &is_changed);
    if (!is_answered) {
        is_changed = tell_failure(database, error);
    }
    wait_for_next(reader, database, is_answered, now);
    database->phase = database->driver->rest(database->connection);
    count_places(reader, database);
    if (database->phase == LEDGER_PHASE_KEPT && ledger_places_are_short(&database->server->places)) {
        leave_place(reader, database);
    }
    give_places_back(reader, database->server);
    return is_changed;
}

static void find_resting(struct ledger_reader *reader) {
    reader->resting = NULL;
    for (size_t i = 0; i < reader->server_count; i++) {
        reader->servers[i].resting = NULL;
    }
    for (size_t i = 0; i < reader->count; i++) {
        struct database *database = &reader->databases[i], **of_server = &database->server->resting;
        if (database->phase == LEDGER_PHASE_KEPT) {
            *of_server = !*of_server || database->due > (*of_server)->due ? database : *of_server;
            reader->resting = !reader->resting || database->due > reader->resting->due ? database : reader->resting;
        }
    }
}

static bool has_place(const struct ledger_places *places, const struct database *resting,
                      const struct database *database) {
    return ledger_places_admit(places, database->pause_ms > 0) &&
           (!ledger_places_are_full(places) || (resting && resting->due > database->due));
}

static bool costs_much(const struct ledger_reader *reader, const struct database *database) {
    return !is_open(database) || database->begun < reader->requested;
}

/* Returns whether it can be read as soon as it is due: it has a turn, and has or can get a
 * connection, perhaps another one's. Uses find_resting(). */
static bool may_begin(const struct ledger_reader *reader, const struct database *database) {
    return !is_busy(database) &&
           (!costs_much(reader, database) ||
            ledger_places_have_turn(&database->server->places, database->pause_ms > 0)) &&
           (is_open(database) || (has_place(&reader->places, reader->resting, database) &&
                                  has_place(&database->server->places, database->server->resting, database)));
}

/* Returns the database that has waited longest and can be read now, or NULL. */
static struct database *find_waiting(struct ledger_reader *reader, int64_t now) {
    struct database *found = NULL;
    find_resting(reader);
    for (size_t i = 0; i < reader->count; i++) {
        struct database *database = &reader->databases[i];
        if (database->due <= now && (!found || database->due < found->due) && may_begin(reader, database)) {
            found = database;
        }
    }
    return found;
}

static void make_place(struct ledger_reader *reader, const struct database *waiting) {
    struct database *leaving = ledger_places_are_full(&waiting->server->places) ? waiting->server->resting
                               : ledger_places_are_full(&reader->places)        ? reader->resting
                                                                                : NULL;
    if (leaving && !is_open(waiting)) {
        leave_place(reader, leaving);
    }
}

static bool begin(struct ledger_reader *reader, struct database *database, int64_t now) {
    struct error error;
    bool asks_for_places = ledger_places_ask(&database->server->places);
    database->is_costly = costs_much(reader, database);
    database->begun = reader->requested;
    database->begun_at = now;
    database->came = database->server->places.came;
    struct ledger_turn turn = database->driver->begin(database->connection, asks_for_places, now, &error);
    return conclude(reader, database, turn, &error, now);
}

static bool begin_due(struct ledger_reader *reader, int64_t now) {
    bool is_changed = false;
    for (struct database *database; (database = find_waiting(reader, now));) {
        make_place(reader, database);
        is_changed |= begin(reader, database, now);
    }
    return is_changed;
}

static bool expire_overdue(struct ledger_reader *reader, int64_t now) {
    bool is_changed = false;
    for (size_t i = 0; i < reader->count; i++) {
        struct database *database = &reader->databases[i];
        if (is_busy(database) && database->deadline <= now) {
            struct error error;
            database->server->places.is_silent |= ledger_silence_is_general(&database->server->silence, database->phase,
                                                                            database->deadline - reader->timeout_ms);
            struct ledger_turn turn = database->driver->expire(database->connection, now, &error);
            is_changed |= conclude(reader, database, turn, &error, now);
        }
    }
    return is_changed;
}

static bool continue_ready(struct ledger_reader *reader, int64_t now) {
    bool is_changed = false;
    int count = epoll_wait(reader->epoll, reader->events, (int)reader->count + 1, 0);
    for (int i = 0; i < count; i++) {
        struct database *database = &reader->databases[reader->events[i].data.u64];
        struct error error;
        struct ledger_turn turn = database->driver->proceed(database->connection, now, &error);
        database->server->places.is_silent &= !ledger_silence_hear(&database->server->silence, &turn, now);
        is_changed |= conclude(reader, database, turn, &error, now);
    }
    return is_changed;
}

/* Handles answers before deadlines, so that a late call does not take an answer for a timeout. */
bool ledger_reader_step(struct ledger_reader *reader) {
    int64_t now = clock_ms();
    bool is_changed = continue_ready(reader, now);
    is_changed |= expire_overdue(reader, now);
    is_changed |= begin_due(reader, now);
    return is_changed;
}

int ledger_reader_wait_ms(const struct ledger_reader *reader) {
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < reader->count; i++) {
        const struct database *database = &reader->databases[i];
        if (is_busy(database)) {
            next = database->deadline < next ? database->deadline : next;
        } else if (may_begin(reader, database)) {
            next = database->due < next ? database->due : next;
        }
    }
    int64_t wait = next - clock_ms();
    return next == INT64_MAX ? -1 : wait < 0 ? 0 : wait > INT32_MAX ? INT32_MAX : (int)wait;
}

uint64_t ledger_reader_request(struct ledger_reader *reader) {
    int64_t now = clock_ms();
    reader->requested++;
    for (size_t i = 0; i < reader->count; i++) {
        struct database *database = &reader->databases[i];
        int64_t due = soonest(database, now);
        database->due = database->due < due ? database->due : due;
        if (database->driver->refresh_catalogs) {
            database->driver->refresh_catalogs(database->connection);
        }
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

struct catalog *ledger_reader_catalog(const struct ledger_reader *reader, size_t index) {
    return reader->databases[index].catalog;
}
