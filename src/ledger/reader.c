/* Decides when to read which database: turns, deadlines and polls. `database` knows what is read of
 * one and when it is due, the driver how to read it (driver.h), and places.h how many may be
 * connected.
 *
 * A database keeps its connection until another one has waited longer for a connection than this
 * one has been idle; the one that is due last is closed. So a poll only connects the others.
 *
 * A full server is reported only if it stays full for the whole timeout. */
#include "migfs/ledger/reader.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "ledger/database.h"
#include "ledger/places.h"
#include "ledger/silence.h"
#include "migfs/util/clock.h"

enum {
    PLACE_AGAIN_MS = 100, /* first delay before a full server is tried again; doubles each time */
    FORGOTTEN_MS = 1000,  /* a server counts a connection for a moment after it was closed */
};

struct ledger_server {
    const struct ledger_database *member; /* one of its databases */
    struct ledger_places places;
    struct ledger_database *resting; /* of the idle ones, the one that is due last */
    int64_t left;                    /* ms of CLOCK_MONOTONIC; when a connection to it was last closed */
    struct ledger_silence silence;
};

struct ledger_reader {
    unsigned poll_ms, timeout_ms;
    struct ledger_names names;
    int epoll;
    uint64_t requested;
    struct ledger_places places; /* of all servers together */
    struct ledger_database *resting;
    struct ledger_server *servers;
    struct epoll_event *events; /* room for one of each database */
    size_t server_count, count;
    struct ledger_database databases[];
};

static bool is_at(const struct ledger_database *database, const struct ledger_server *server) {
    return database->driver == server->member->driver &&
           database->driver->is_same_server(database->connection, server->member->connection);
}

static void use_server(struct ledger_reader *reader, struct ledger_database *database, unsigned connections) {
    size_t i = 0;
    while (i < reader->server_count && !is_at(database, &reader->servers[i])) {
        i++;
    }
    if (i == reader->server_count) {
        reader->servers[i] = (struct ledger_server){.member = database, .places = ledger_places_of_server(connections)};
        reader->server_count++;
    }
    database->server = &reader->servers[i];
    database->server->places.databases++;
    reader->places.databases++;
}

static bool create_database(struct ledger_reader *reader, const struct ledger_reader_options *options,
                            struct ledger_database_options *of_database, const struct ledger_reader_database *given,
                            struct error *error) {
    struct ledger_database *database = &reader->databases[reader->count];
    of_database->name = given->name;
    of_database->conninfo = given->conninfo;
    of_database->driver.schema = given->schema ? given->schema : options->schema;
    of_database->driver.table = given->table ? given->table : options->table;
    of_database->driver.event = reader->count;
    reader->count++;
    if (!ledger_database_init(database, of_database, error)) {
        return false;
    }
    use_server(reader, database, options->connections);
    return true;
}

struct ledger_reader *ledger_reader_create(const struct ledger_reader_options *options,
                                           const struct ledger_reader_database *databases, size_t count,
                                           void (*notice)(void *context, const char *sentence), void *context,
                                           struct error *error) {
    struct ledger_reader *reader = calloc(1, sizeof(*reader) + count * sizeof(reader->databases[0]));
    if (!reader) {
        error_set_memory(error);
        return NULL;
    }
    reader->poll_ms = options->poll_ms;
    reader->timeout_ms = options->timeout_ms;
    reader->names = options->names;
    reader->places = ledger_places_of_all(ledger_places_limit(options->connections));
    reader->servers = calloc(count + 1, sizeof(*reader->servers));
    reader->events = calloc(count + 1, sizeof(*reader->events));
    reader->epoll = epoll_create1(EPOLL_CLOEXEC);
    bool has_room = reader->servers && reader->events;
    bool is_right =
        has_room ? reader->epoll >= 0 || error_set_errno(error, "cannot wait for databases") : error_set_memory(error);
    struct ledger_database_options of_database = {.drivers = options->drivers,
                                                  .driver = {.timeout_ms = options->timeout_ms,
                                                             .reads_catalogs = options->reads_catalogs,
                                                             .catalogs_ms = 1000 * catalog_seconds(count),
                                                             .names = options->names,
                                                             .keeps_near = options->keeps_near,
                                                             .epoll = reader->epoll},
                                                  .notice = notice,
                                                  .context = context};
    for (size_t i = 0; has_room && is_right && i < count; i++) {
        is_right = create_database(reader, options, &of_database, &databases[i], error);
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
        ledger_database_finish(&reader->databases[i]);
    }
    if (reader->epoll >= 0) {
        close(reader->epoll);
    }
    free(reader->servers);
    free(reader->events);
    free(reader);
}

static bool is_open(const struct ledger_database *database) {
    return database->phase != LEDGER_PHASE_CLOSED;
}

static bool is_busy(const struct ledger_database *database) {
    return database->phase == LEDGER_PHASE_CONNECTING || database->phase == LEDGER_PHASE_ASKING;
}

/* Call after every action that may open or close a connection. */
static void count_places(struct ledger_reader *reader, struct ledger_database *database) {
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

static void leave_place(struct ledger_reader *reader, struct ledger_database *database) {
    database->driver->close(database->connection);
    database->phase = LEDGER_PHASE_CLOSED;
    database->server->left = clock_ms();
    count_places(reader, database);
}

static void give_places_back(struct ledger_reader *reader, const struct ledger_server *server) {
    for (size_t i = 0; i < reader->count && ledger_places_are_overdrawn(&server->places); i++) {
        struct ledger_database *database = &reader->databases[i];
        if (database->server == server && database->phase == LEDGER_PHASE_KEPT) {
            leave_place(reader, database);
        }
    }
}

/* Returns whether to try again a connection that failed because ours use up the server's limit. */
static bool waits_for_place(struct ledger_reader *reader, struct ledger_database *database, int64_t now) {
    struct ledger_server *server = database->server;
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

/* Returns true when the database's ledger has changed. */
static bool conclude(struct ledger_reader *reader, struct ledger_database *database, struct ledger_turn turn,
                     struct error *error, int64_t now) {
    bool is_changed = false;
    database->phase = turn.phase;
    database->deadline = turn.deadline;
    count_places(reader, database);
    if (turn.progress == LEDGER_PROGRESS_NONE ||
        (turn.progress == LEDGER_PROGRESS_FAILED && turn.is_full && waits_for_place(reader, database, now))) {
        return false;
    }
    struct ledger_server_places places;
    if (ledger_database_conclude(database, turn.progress == LEDGER_PROGRESS_ANSWERED, reader->poll_ms, now, &places,
                                 &is_changed, error)) {
        ledger_places_hear(&database->server->places, places.offered, places.taken, database->came);
    }
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
        struct ledger_database *database = &reader->databases[i], **of_server = &database->server->resting;
        if (database->phase == LEDGER_PHASE_KEPT) {
            *of_server = !*of_server || database->due > (*of_server)->due ? database : *of_server;
            reader->resting = !reader->resting || database->due > reader->resting->due ? database : reader->resting;
        }
    }
}

static bool has_place(const struct ledger_places *places, const struct ledger_database *resting,
                      const struct ledger_database *database) {
    return ledger_places_admit(places, database->pause_ms > 0) &&
           (!ledger_places_are_full(places) || (resting && resting->due > database->due));
}

static bool costs_much(const struct ledger_database *database) {
    return !is_open(database) || ledger_database_is_requested(database);
}

/* Returns whether it can be read as soon as it is due: it has a turn, and has or can get a
 * connection, perhaps another one's. Uses find_resting(). */
static bool may_begin(const struct ledger_reader *reader, const struct ledger_database *database) {
    return !is_busy(database) &&
           (!costs_much(database) || ledger_places_have_turn(&database->server->places, database->pause_ms > 0)) &&
           (is_open(database) || (has_place(&reader->places, reader->resting, database) &&
                                  has_place(&database->server->places, database->server->resting, database)));
}

/* Returns the database that has waited longest and can be read now, or NULL. */
static struct ledger_database *find_waiting(struct ledger_reader *reader, int64_t now) {
    struct ledger_database *found = NULL;
    find_resting(reader);
    for (size_t i = 0; i < reader->count; i++) {
        struct ledger_database *database = &reader->databases[i];
        if (database->due <= now && (!found || database->due < found->due) && may_begin(reader, database)) {
            found = database;
        }
    }
    return found;
}

static void make_place(struct ledger_reader *reader, const struct ledger_database *waiting) {
    struct ledger_database *leaving = ledger_places_are_full(&waiting->server->places) ? waiting->server->resting
                                      : ledger_places_are_full(&reader->places)        ? reader->resting
                                                                                       : NULL;
    if (leaving && !is_open(waiting)) {
        leave_place(reader, leaving);
    }
}

static bool begin(struct ledger_reader *reader, struct ledger_database *database, int64_t now) {
    struct error error;
    bool asks_for_places = ledger_places_ask(&database->server->places);
    database->is_costly = costs_much(database);
    database->came = database->server->places.came;
    struct ledger_turn turn = ledger_database_begin(database, asks_for_places, reader->requested, now, &error);
    return conclude(reader, database, turn, &error, now);
}

static bool begin_due(struct ledger_reader *reader, int64_t now) {
    bool is_changed = false;
    for (struct ledger_database *database; (database = find_waiting(reader, now));) {
        make_place(reader, database);
        is_changed |= begin(reader, database, now);
    }
    return is_changed;
}

static bool expire_overdue(struct ledger_reader *reader, int64_t now) {
    bool is_changed = false;
    for (size_t i = 0; i < reader->count; i++) {
        struct ledger_database *database = &reader->databases[i];
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
        struct ledger_database *database = &reader->databases[reader->events[i].data.u64];
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
        const struct ledger_database *database = &reader->databases[i];
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
        ledger_database_request(&reader->databases[i], reader->requested, now);
    }
    return reader->requested;
}

/* Each is requested once until it has the names: one that cannot be read is asked for them when it
 * is due again. */
uint64_t ledger_reader_request_names(struct ledger_reader *reader) {
    uint64_t request = reader->requested + 1, newest = 0;
    for (size_t i = 0; i < reader->count; i++) {
        struct ledger_database *database = &reader->databases[i];
        bool lacked_names = database->lacks_names;
        database->lacks_names = ledger_database_lacks(database, &reader->names);
        if (database->lacks_names && !lacked_names) {
            reader->requested = request;
            ledger_database_request(database, request, clock_ms());
        }
        if (database->lacks_names && database->requested > newest) {
            newest = database->requested;
        }
    }
    return newest;
}

bool ledger_reader_has_read(const struct ledger_reader *reader, uint64_t request) {
    for (size_t i = 0; i < reader->count; i++) {
        if (!ledger_database_has_read(&reader->databases[i], request)) {
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
