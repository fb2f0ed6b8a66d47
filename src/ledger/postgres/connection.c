/* The phases of connection.h and the ways between them. It owns the libpq connection and its place in the epoll set, and
 * knows nothing of other databases.
 *
 *     closed → looking up → connecting (each address in turn) → asking → kept → asking → …
 *
 * Addresses are tried one by one rather than left to libpq, whose non-blocking calls would wait for a silent first address for ever:
 * each gets an even share of the time left. A kept connection that turns out to be broken is replaced within the same read. */
#include "ledger/postgres/connection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

/* Taking turns means a new connection per read; name servers need not be asked as often. */
enum { LOOKUP_KEPT_MS = 60000 };

/* A table may change its columns between two messages, but not for ever. */
enum { ASKED_MAXIMUM = 4 };

static enum ledger_progress look_up(struct ledger_connection *connection, int64_t now, struct error *error);

static struct ledger_place place_of(const struct ledger_connection *connection) {
    const struct ledger_lookup *lookup = connection->lookup;
    bool has_address = lookup && ledger_lookup_has_ended(lookup) && connection->address < lookup->count;
    return (struct ledger_place){
        .pg = connection->pg,
        .address = has_address ? &lookup->addresses[connection->address] : NULL,
        .schema = connection->query.schema,
        .table = connection->query.table,
        .timeout_ms = connection->timeout_ms,
    };
}

/* libpq may close its socket and open another under the same number; then epoll has forgotten it. */
static bool watch(const struct ledger_connection *connection, int descriptor, uint32_t events, struct error *error) {
    struct epoll_event event = {.events = events, .data.u64 = connection->event};
    if (epoll_ctl(connection->epoll, EPOLL_CTL_MOD, descriptor, &event) == 0 ||
        (errno == ENOENT && epoll_ctl(connection->epoll, EPOLL_CTL_ADD, descriptor, &event) == 0)) {
        return true;
    }
    return error_set_errno(error, "cannot wait for a database's socket");
}

static void forget_lookup(struct ledger_connection *connection) {
    if (connection->lookup) {
        epoll_ctl(connection->epoll, EPOLL_CTL_DEL, ledger_lookup_descriptor(connection->lookup), NULL);
        ledger_lookup_release(connection->lookup);
        connection->lookup = NULL;
    }
}

static void clear_answer(struct ledger_connection *connection) {
    PQclear(connection->rows);
    PQclear(connection->failed);
    connection->rows = connection->failed = NULL;
    connection->has_columns = false;
}

void ledger_connection_close(struct ledger_connection *connection) {
    clear_answer(connection);
    PQfinish(connection->pg);
    connection->pg = NULL;
    connection->phase = POSTGRES_CLOSED;
}

void ledger_connection_rest(struct ledger_connection *connection) {
    clear_answer(connection);
}

void ledger_connection_finish(struct ledger_connection *connection) {
    ledger_connection_close(connection);
    forget_lookup(connection);
}

static enum ledger_progress fail(struct ledger_connection *connection) {
    ledger_connection_close(connection);
    return LEDGER_PROGRESS_FAILED;
}

static enum ledger_progress fail_and_look_up_anew(struct ledger_connection *connection) {
    forget_lookup(connection);
    return fail(connection);
}

static void ignore_notice(void *context, const PGresult *result) {
    (void)context;
    (void)result;
}

static bool start_connection(struct ledger_connection *connection, struct error *error) {
    const struct ledger_target *target = &connection->target;
    const struct ledger_address *address = &connection->lookup->addresses[connection->address];
    const char **keywords = calloc(target->count + 4, sizeof(*keywords));
    const char **values = calloc(target->count + 4, sizeof(*values));
    if (keywords && values) {
        memcpy(keywords, target->keywords, target->count * sizeof(*keywords));
        memcpy(values, target->values, target->count * sizeof(*values));
        keywords[target->count] = "host";
        values[target->count] = address->host;
        keywords[target->count + 1] = "hostaddr";
        values[target->count + 1] = address->address;
        keywords[target->count + 2] = "port";
        values[target->count + 2] = address->port;
        connection->pg = PQconnectStartParams(keywords, values, 0);
    }
    free(keywords);
    free(values);
    if (!connection->pg) {
        return error_set_memory(error);
    }
    PQsetErrorVerbosity(connection->pg, PQERRORS_VERBOSE);
    PQsetNoticeReceiver(connection->pg, ignore_notice, NULL);
    return true;
}

/* Begins with the address in turn, or with the first after it that can be begun with. */
static enum ledger_progress connect_from(struct ledger_connection *connection, int64_t now, struct error *error) {
    const struct ledger_lookup *lookup = connection->lookup;
    for (; connection->address < lookup->count; connection->address++) {
        PQfinish(connection->pg);
        connection->pg = NULL;
        connection->verdict = LEDGER_VERDICT_NONE;
        if (!start_connection(connection, error)) {
            return fail(connection);
        }
        if (PQstatus(connection->pg) != CONNECTION_BAD) {
            int64_t left = connection->connect_deadline - now;
            connection->phase = POSTGRES_CONNECTING;
            connection->deadline = now + left / (int64_t)(lookup->count - connection->address);
            return watch(connection, PQsocket(connection->pg), EPOLLOUT, error) ? LEDGER_PROGRESS_NONE
                                                                                : fail(connection);
        }
        struct ledger_place place = place_of(connection);
        ledger_failure_connect(&place, &connection->verdict, error);
    }
    return fail_and_look_up_anew(connection);
}

static enum ledger_progress connect_next(struct ledger_connection *connection, int64_t now, struct error *error) {
    connection->address++;
    return connect_from(connection, now, error);
}

static enum ledger_progress use_lookup(struct ledger_connection *connection, int64_t now, struct error *error) {
    if (!ledger_lookup_has_ended(connection->lookup)) {
        return LEDGER_PROGRESS_NONE;
    }
    ledger_lookup_close_descriptor(connection->lookup);
    if (connection->lookup->count == 0) {
        *error = connection->lookup->error;
        return fail_and_look_up_anew(connection);
    }
    connection->address = 0;
    return connect_from(connection, now, error);
}

/* A look-up that did not end in time is taken up again by the next read: there is never more than one for a database. */
static enum ledger_progress look_up(struct ledger_connection *connection, int64_t now, struct error *error) {
    connection->phase = POSTGRES_LOOKING_UP;
    connection->connect_deadline = connection->deadline = now + connection->timeout_ms;
    if (connection->lookup && ledger_lookup_has_ended(connection->lookup) &&
        now - connection->lookup_begun > LOOKUP_KEPT_MS) {
        forget_lookup(connection);
    }
    if (!connection->lookup) {
        connection->lookup = ledger_lookup_begin(&connection->target, error);
        connection->lookup_begun = now;
        if (!connection->lookup) {
            return fail(connection);
        }
    }
    if (!ledger_lookup_has_ended(connection->lookup) &&
        !watch(connection, ledger_lookup_descriptor(connection->lookup), EPOLLIN, error)) {
        return fail(connection);
    }
    return use_lookup(connection, now, error);
}

/* The connection broke. If it may have been broken before we asked, the database deserves a new one. */
static enum ledger_progress lose(struct ledger_connection *connection, int64_t now, struct error *error) {
    if (connection->was_kept) {
        connection->was_kept = false;
        ledger_connection_close(connection);
        return look_up(connection, now, error);
    }
    struct ledger_place place = place_of(connection);
    if (connection->failed) {
        ledger_failure_query(&place, connection->failed, error);
    } else {
        ledger_failure_lost(&place, error);
    }
    return fail(connection);
}

/* Sends what libpq has not sent yet and waits for the rest. */
static bool flush(const struct ledger_connection *connection, struct error *error) {
    int left = PQflush(connection->pg);
    return left >= 0 && watch(connection, PQsocket(connection->pg), left == 0 ? EPOLLIN : EPOLLIN | EPOLLOUT, error);
}

static enum ledger_progress ask(struct ledger_connection *connection, int64_t now, struct error *error) {
    clear_answer(connection);
    connection->phase = POSTGRES_ASKING;
    connection->asked++;
    connection->expected = connection->columns;
    bool asks_for_places = connection->asks_for_places == LEDGER_PLACES_ALWAYS ||
                           (connection->asks_for_places == LEDGER_PLACES_WHEN_NEW && !connection->was_kept);
    if (!ledger_query_send(&connection->query, connection->pg, &connection->expected, asks_for_places) ||
        !flush(connection, error)) {
        return lose(connection, now, error);
    }
    return LEDGER_PROGRESS_NONE;
}

static enum ledger_progress begin_to_ask(struct ledger_connection *connection, int64_t now, struct error *error) {
    connection->asked = 0;
    connection->deadline = now + connection->timeout_ms;
    return ask(connection, now, error);
}

enum ledger_progress ledger_connection_begin(struct ledger_connection *connection, int64_t now, struct error *error) {
    connection->was_kept = connection->phase == POSTGRES_KEPT;
    connection->verdict = LEDGER_VERDICT_NONE;
    return connection->was_kept ? begin_to_ask(connection, now, error) : look_up(connection, now, error);
}

static enum ledger_progress continue_connecting(struct ledger_connection *connection, int64_t now,
                                                struct error *error) {
    PostgresPollingStatusType status = PQconnectPoll(connection->pg);
    if (status == PGRES_POLLING_OK) {
        PQsetnonblocking(connection->pg, 1);
        return begin_to_ask(connection, now, error);
    }
    if (status != PGRES_POLLING_FAILED) {
        uint32_t events = status == PGRES_POLLING_READING ? EPOLLIN : EPOLLOUT;
        return watch(connection, PQsocket(connection->pg), events, error) ? LEDGER_PROGRESS_NONE : fail(connection);
    }
    struct ledger_place place = place_of(connection);
    ledger_failure_connect(&place, &connection->verdict, error);
    return connection->verdict == LEDGER_VERDICT_REFUSED ? fail_and_look_up_anew(connection)
                                                         : connect_next(connection, now, error);
}

/* The first result set tells the columns, the second the rows; the rest says only that a statement was carried out. */
static void take(struct ledger_connection *connection, PGresult *result) {
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_TUPLES_OK && !connection->has_columns) {
        ledger_columns_read(result, &connection->columns);
        connection->places = ledger_server_places_read(result);
        connection->has_columns = true;
    } else if (status == PGRES_TUPLES_OK && !connection->rows) {
        connection->rows = result;
        return;
    } else if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && !connection->failed) {
        connection->failed = result;
        return;
    }
    PQclear(result);
}

/* The table or a column of it went away between the question for columns and the question for rows. */
static bool is_out_of_date(const struct ledger_connection *connection) {
    const char *state = PQresultErrorField(connection->failed, PG_DIAG_SQLSTATE);
    return connection->has_columns && state &&
           (strcmp(state, "42P01") == 0 || strcmp(state, "3F000") == 0 || strcmp(state, "42703") == 0);
}

/* The whole answer to a message is in, and the server is at rest. */
static enum ledger_progress settle(struct ledger_connection *connection, int64_t now, struct error *error) {
    bool is_as_expected = ledger_columns_equal(&connection->columns, &connection->expected);
    bool is_changed = connection->failed ? is_out_of_date(connection)
                                         : !is_as_expected && (ledger_columns_suffice(&connection->columns) ||
                                                               ledger_columns_suffice(&connection->expected));
    if (is_changed && connection->asked < ASKED_MAXIMUM) {
        return ask(connection, now, error);
    }
    connection->phase = POSTGRES_KEPT;
    if (connection->failed) {
        struct ledger_place place = place_of(connection);
        ledger_failure_query(&place, connection->failed, error);
        clear_answer(connection);
        return LEDGER_PROGRESS_FAILED;
    }
    return LEDGER_PROGRESS_ANSWERED;
}

static enum ledger_progress roll_back(struct ledger_connection *connection, int64_t now, struct error *error) {
    connection->phase = POSTGRES_ROLLING_BACK;
    if (PQsendQuery(connection->pg, "ROLLBACK") != 1 || !flush(connection, error)) {
        return lose(connection, now, error);
    }
    return LEDGER_PROGRESS_NONE;
}

static enum ledger_progress continue_asking(struct ledger_connection *connection, int64_t now, struct error *error) {
    if (!PQconsumeInput(connection->pg) || !flush(connection, error)) {
        return lose(connection, now, error);
    }
    while (!PQisBusy(connection->pg)) {
        PGresult *result = PQgetResult(connection->pg);
        if (result) {
            take(connection, result);
            continue;
        }
        if (PQstatus(connection->pg) == CONNECTION_BAD) {
            return lose(connection, now, error);
        }
        return PQtransactionStatus(connection->pg) == PQTRANS_IDLE ? settle(connection, now, error)
                                                                   : roll_back(connection, now, error);
    }
    return LEDGER_PROGRESS_NONE;
}

/* Nobody asked: a parameter changed, or the server or a pooler is saying good-bye. */
static void hear_out(struct ledger_connection *connection) {
    if (!PQconsumeInput(connection->pg) || PQstatus(connection->pg) == CONNECTION_BAD) {
        ledger_connection_close(connection);
        return;
    }
    while (!PQisBusy(connection->pg)) {
        PGresult *result = PQgetResult(connection->pg);
        if (!result) {
            return;
        }
        PQclear(result);
    }
}

enum ledger_progress ledger_connection_proceed(struct ledger_connection *connection, int64_t now, struct error *error) {
    switch (connection->phase) {
    case POSTGRES_LOOKING_UP:
        return use_lookup(connection, now, error);
    case POSTGRES_CONNECTING:
        return continue_connecting(connection, now, error);
    case POSTGRES_ASKING:
    case POSTGRES_ROLLING_BACK:
        return continue_asking(connection, now, error);
    case POSTGRES_KEPT:
        hear_out(connection);
        return LEDGER_PROGRESS_NONE;
    case POSTGRES_CLOSED:
        break;
    }
    /* A look-up given up on has ended; the next read takes its addresses. */
    if (connection->lookup && ledger_lookup_has_ended(connection->lookup)) {
        ledger_lookup_close_descriptor(connection->lookup);
    }
    return LEDGER_PROGRESS_NONE;
}

enum ledger_progress ledger_connection_expire(struct ledger_connection *connection, int64_t now, struct error *error) {
    struct ledger_place place = place_of(connection);
    if (connection->phase == POSTGRES_LOOKING_UP || connection->phase == POSTGRES_CONNECTING) {
        ledger_failure_connect_timeout(&place, error);
    } else {
        ledger_failure_answer_timeout(&place, error);
    }
    if (connection->phase != POSTGRES_CONNECTING) {
        return fail(connection);
    }
    if (connection->address + 1 < connection->lookup->count) {
        return connect_next(connection, now, error);
    }
    return fail_and_look_up_anew(connection);
}
