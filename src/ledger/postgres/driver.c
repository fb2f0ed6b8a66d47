/* Adapts connections to the interface of the reader. */
#include "migfs/ledger/postgres/driver.h"

#include <stdlib.h>

#include "ledger/postgres/connection.h"
#include "ledger/postgres/libpq.h"
#include "ledger/postgres/spawner.h"

/* libpq keywords have no distinguishing mark, so everything is accepted. */
static bool takes(const char *conninfo) {
    (void)conninfo;
    return true;
}

static void destroy(struct ledger_connection *connection) {
    if (connection) {
        ledger_connection_close(connection);
        ledger_target_wipe(&connection->order.target);
        ledger_query_destroy(&connection->query);
        free(connection->tools);
        catalog_names_unref(connection->asked_names);
        ledger_spawner_stop();
        free(connection);
    }
}

static struct ledger_connection *create(const struct ledger_driver_options *options, const char *conninfo,
                                        void (*dropped)(void *context, const char *names), void *context,
                                        struct error *error) {
    struct ledger_connection *connection = calloc(1, sizeof(*connection));
    if (!connection || !ledger_spawner_start(error)) {
        if (!connection) {
            error_set_memory(error);
        }
        free(connection);
        return NULL;
    }
    connection->session = -1;
    connection->epoll = options->epoll;
    connection->event = options->event;
    connection->keeps_near = options->keeps_near;
    connection->reads_catalogs = options->reads_catalogs;
    connection->catalogs_ms = options->catalogs_ms;
    connection->names = options->names;
    connection->order.timeout_ms = options->timeout_ms;
    if (!ledger_query_create(&connection->query, options->schema, options->table, options->timeout_ms, error) ||
        !ledger_target_parse(conninfo, &connection->order.target, dropped, context, error)) {
        destroy(connection);
        return NULL;
    }
    connection->order.schema = connection->query.schema;
    connection->order.table = connection->query.table;
    return connection;
}

static bool is_same_server(const struct ledger_connection *a, const struct ledger_connection *b) {
    return ledger_target_is_server_of(&a->order.target, &b->order.target);
}

static struct ledger_turn turn_of(const struct ledger_connection *connection, enum ledger_progress progress,
                                  bool is_full) {
    return (struct ledger_turn){progress, connection->phase, connection->deadline, is_full};
}

static void refresh_catalogs(struct ledger_connection *connection) {
    connection->wants_catalogs = connection->wants_since = true;
}

static struct ledger_turn begin(struct ledger_connection *connection, bool asks_for_places, int64_t now,
                                struct error *error) {
    bool is_full;
    connection->asks_for_places = asks_for_places;
    enum ledger_progress progress = ledger_connection_begin(connection, now, &is_full, error);
    return turn_of(connection, progress, is_full);
}

static struct ledger_turn proceed(struct ledger_connection *connection, int64_t now, struct error *error) {
    bool is_full;
    enum ledger_progress progress = ledger_connection_proceed(connection, now, &is_full, error);
    return turn_of(connection, progress, is_full);
}

static struct ledger_turn expire(struct ledger_connection *connection, int64_t now, struct error *error) {
    (void)now;
    return turn_of(connection, ledger_connection_expire(connection, error), false);
}

static bool answer(struct ledger_connection *connection, const struct ledger *before, const struct digest *last,
                   struct ledger_answer *ret_answer, struct error *error) {
    const struct ledger_result *result = &connection->result;
    const struct digest rows = ledger_query_digest(result);
    const struct text parts[] = {{(const char *)rows.bytes, sizeof rows.bytes},
                                 {(const char *)&result->runs.is_open, sizeof result->runs.is_open},
                                 {(const char *)&result->runs.since, sizeof result->runs.since},
                                 {(const char *)&result->runs.above, sizeof result->runs.above}};
    struct ledger_answer answer = {.digest = digest_of_parts(parts, sizeof parts / sizeof *parts),
                                   .places = result->places,
                                   .is_catalog_old =
                                       !result->catalogs.is_there && !digest_equal(&rows, &connection->catalogs_rows),
                                   .waits_for_names = ledger_connection_waits_for_names(connection)};
    if (!last || !digest_equal(last, &answer.digest)) {
        answer.ledger = ledger_query_ledger(&connection->query, before, result, error);
        if (!answer.ledger) {
            return false;
        }
    }
    if (result->catalogs.is_there) {
        answer.catalog = catalog_query_read(&result->catalogs, connection->order.target.search_path, error);
        if (!answer.catalog) {
            ledger_destroy(answer.ledger);
            return false;
        }
        answer.catalog->is_partial = connection->extent == CATALOG_NAMED ||
                                     (connection->extent == CATALOG_IF_SMALL && result->catalogs.is_large);
        answer.catalog->names = answer.catalog->is_partial ? catalog_names_ref(connection->asked_names) : NULL;
    }
    *ret_answer = answer;
    return true;
}

static enum ledger_phase rest(struct ledger_connection *connection) {
    ledger_connection_rest(connection);
    return connection->phase;
}

bool ledger_postgres_load(struct error *error) {
    return libpq_load(error);
}

bool ledger_postgres_prepare(bool (*confine)(struct error *error), struct error *error) {
    ledger_spawner_confine(confine);
    return ledger_spawner_start(error);
}

const struct ledger_driver ledger_postgres = {
    .name = "postgres",
    .takes = takes,
    .create = create,
    .is_same_server = is_same_server,
    .refresh_catalogs = refresh_catalogs,
    .begin = begin,
    .proceed = proceed,
    .expire = expire,
    .answer = answer,
    .rest = rest,
    .close = ledger_connection_close,
    .destroy = destroy,
};

void ledger_postgres_take_options(void) {
    ledger_target_take_options();
}
