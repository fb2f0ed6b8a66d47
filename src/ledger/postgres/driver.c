/* Gives the reader's questions to a connection, and its answers the form that the reader knows. */
#include "migfs/ledger/postgres/driver.h"

#include <stdlib.h>

#include "ledger/postgres/connection.h"

/* Keywords have no mark of their own. */
static bool takes(const char *conninfo) {
    (void)conninfo;
    return true;
}

static void destroy(struct ledger_connection *connection) {
    if (connection) {
        ledger_connection_finish(connection);
        ledger_target_wipe(&connection->target);
        ledger_query_destroy(&connection->query);
        free(connection);
    }
}

static struct ledger_connection *create(const struct ledger_driver_options *options, const char *conninfo,
                                        void (*dropped)(void *context, const char *names), void *context,
                                        struct error *error) {
    struct ledger_connection *connection = calloc(1, sizeof(*connection));
    if (!connection) {
        error_set_memory(error);
        return NULL;
    }
    connection->timeout_ms = options->timeout_ms;
    connection->epoll = options->epoll;
    connection->event = options->event;
    if (!ledger_query_create(&connection->query, options->schema, options->table, options->timeout_ms, error) ||
        !ledger_target_parse(conninfo, &connection->target, dropped, context, error)) {
        destroy(connection);
        return NULL;
    }
    return connection;
}

static bool is_same_server(const struct ledger_connection *a, const struct ledger_connection *b) {
    return ledger_target_is_server_of(&a->target, &b->target);
}

static enum ledger_phase phase_of(const struct ledger_connection *connection) {
    static const enum ledger_phase phases[] = {
        [POSTGRES_CLOSED] = LEDGER_PHASE_CLOSED,         [POSTGRES_KEPT] = LEDGER_PHASE_KEPT,
        [POSTGRES_LOOKING_UP] = LEDGER_PHASE_CONNECTING, [POSTGRES_CONNECTING] = LEDGER_PHASE_CONNECTING,
        [POSTGRES_ASKING] = LEDGER_PHASE_ASKING,         [POSTGRES_ROLLING_BACK] = LEDGER_PHASE_ASKING,
    };
    return phases[connection->phase];
}

static struct ledger_turn turn_of(const struct ledger_connection *connection, enum ledger_progress progress) {
    return (struct ledger_turn){
        .progress = progress,
        .phase = phase_of(connection),
        .deadline = connection->deadline,
        .is_full = progress == LEDGER_PROGRESS_FAILED && connection->verdict == LEDGER_VERDICT_FULL,
    };
}

static struct ledger_turn begin(struct ledger_connection *connection, enum ledger_asks_for_places places, int64_t now,
                                struct error *error) {
    connection->asks_for_places = places;
    return turn_of(connection, ledger_connection_begin(connection, now, error));
}

static struct ledger_turn proceed(struct ledger_connection *connection, int64_t now, struct error *error) {
    return turn_of(connection, ledger_connection_proceed(connection, now, error));
}

static struct ledger_turn expire(struct ledger_connection *connection, int64_t now, struct error *error) {
    return turn_of(connection, ledger_connection_expire(connection, now, error));
}

static bool answer(struct ledger_connection *connection, struct text database, const struct digest *last,
                   struct ledger_answer *ret_answer, struct error *error) {
    struct ledger_answer answer = {.places = connection->places};
    if (!ledger_query_digest(&connection->columns, connection->rows, &answer.digest, error)) {
        return false;
    }
    if (!last || !digest_equal(last, &answer.digest)) {
        answer.ledger =
            ledger_query_ledger(&connection->query, database, &connection->columns, connection->rows, error);
        if (!answer.ledger) {
            return false;
        }
    }
    *ret_answer = answer;
    return true;
}

static enum ledger_phase rest(struct ledger_connection *connection) {
    ledger_connection_rest(connection);
    return phase_of(connection);
}

const struct ledger_driver ledger_postgres = {
    .name = "postgres",
    .takes = takes,
    .create = create,
    .is_same_server = is_same_server,
    .begin = begin,
    .proceed = proceed,
    .expire = expire,
    .answer = answer,
    .rest = rest,
    .close = ledger_connection_close,
    .destroy = destroy,
};
