/* A kind of database server that answers as the tests tell it, without a server. A connection
 * string is the number of a fake, from `0`. */
#ifndef TESTS_UNIT_DRIVER_H
#define TESTS_UNIT_DRIVER_H

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "migfs/ledger/driver.h"

enum { FAKES = 40, FAKE_TIMEOUT_MS = 60000 };

/* What a test says, and below it what it can see. */
static struct fake {
    enum { FAKE_ANSWERS, FAKE_FAILS, FAKE_IS_FULL, FAKE_IS_SILENT, FAKE_HAS_NO_LEDGER } manner;
    int server;
    unsigned steps; /* of waiting before it answers */
    size_t rows;
    struct ledger_server_places places;
    bool is_let_go; /* its connection does not outlive a read */
    bool is_large;  /* its catalogs are read by name */
    bool is_outrun; /* its rows are others than those read with its catalogs */

    unsigned begun, closed, places_asked_for;
    atomic_uint answered, requested, catalogs; /* requests of its catalogs, and reads of them */
    atomic_size_t names;                       /* of the last read of these */
    enum ledger_phase phase;
} fakes[FAKES];

struct ledger_connection {
    struct ledger_driver_options options;
    struct fake *fake;
    int descriptor;
    unsigned steps;
    bool wants_catalogs, asked_for_catalogs;
    struct catalog_names *names; /* of the last read of the catalogs */
};

static bool fake_takes(const char *conninfo) {
    return conninfo[0] >= '0' && conninfo[0] <= '9' && atoi(conninfo) < FAKES;
}

static struct ledger_connection *fake_create(const struct ledger_driver_options *options, const char *conninfo,
                                             void (*dropped)(void *context, const char *names), void *context,
                                             struct error *error) {
    struct ledger_connection *connection = calloc(1, sizeof *connection);
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = options->event};
    connection->options = *options;
    connection->fake = &fakes[atoi(conninfo)];
    connection->wants_catalogs = true;
    connection->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    epoll_ctl(options->epoll, EPOLL_CTL_ADD, connection->descriptor, &event);
    if (strchr(conninfo, '!')) {
        dropped(context, "colour, size");
    }
    return connection;
}

static bool fake_is_same_server(const struct ledger_connection *a, const struct ledger_connection *b) {
    return a->fake->server == b->fake->server;
}

static struct ledger_turn fake_turn(struct ledger_connection *connection, enum ledger_progress progress,
                                    enum ledger_phase phase, int64_t now) {
    connection->fake->phase = phase;
    return (struct ledger_turn){progress, phase, now + connection->options.timeout_ms, false};
}

static void fake_refresh_catalogs(struct ledger_connection *connection) {
    connection->fake->requested++;
    connection->wants_catalogs = true;
}

static void fake_ask_for_catalogs(struct ledger_connection *connection) {
    const struct ledger_names *from = &connection->options.names;
    bool is_large = connection->fake->is_large;
    struct catalog_names *names = is_large && from->get ? from->get(from->context) : NULL;
    connection->asked_for_catalogs =
        connection->options.reads_catalogs && connection->wants_catalogs && (!is_large || names);
    if (connection->asked_for_catalogs) {
        connection->wants_catalogs = false;
        catalog_names_unref(connection->names);
        connection->names = catalog_names_ref(names);
        connection->fake->names = names ? names->count : 0;
        connection->fake->catalogs++;
    }
}

static struct ledger_turn fake_begin(struct ledger_connection *connection, bool asks_for_places, int64_t now,
                                     struct error *error) {
    connection->fake->begun++;
    connection->fake->places_asked_for += asks_for_places;
    connection->steps = connection->fake->steps;
    fake_ask_for_catalogs(connection);
    eventfd_write(connection->descriptor, 1);
    return fake_turn(connection, LEDGER_PROGRESS_NONE, LEDGER_PHASE_CONNECTING, now);
}

static struct ledger_turn fake_proceed(struct ledger_connection *connection, int64_t now, struct error *error) {
    struct fake *fake = connection->fake;
    eventfd_t ignored;
    struct ledger_turn turn;
    if (fake->manner == FAKE_IS_SILENT || connection->steps-- > 0) {
        if (fake->manner == FAKE_IS_SILENT) {
            eventfd_read(connection->descriptor, &ignored);
        }
        return fake_turn(connection, LEDGER_PROGRESS_NONE, LEDGER_PHASE_ASKING, now);
    }
    eventfd_read(connection->descriptor, &ignored);
    switch (fake->manner) {
    case FAKE_FAILS:
        connection->wants_catalogs |= connection->asked_for_catalogs;
        error_set(error, ERROR_DATABASE, "fake %d fails", (int)(fake - fakes));
        return fake_turn(connection, LEDGER_PROGRESS_FAILED, LEDGER_PHASE_CLOSED, now);
    case FAKE_IS_FULL:
        error_set(error, ERROR_DATABASE, "fake %d has no place", (int)(fake - fakes));
        turn = fake_turn(connection, LEDGER_PROGRESS_FAILED, LEDGER_PHASE_CLOSED, now);
        turn.is_full = true;
        return turn;
    default:
        fake->answered++;
        return fake_turn(connection, LEDGER_PROGRESS_ANSWERED, LEDGER_PHASE_KEPT, now);
    }
}

static struct ledger_turn fake_expire(struct ledger_connection *connection, int64_t now, struct error *error) {
    error_set(error, ERROR_DATABASE, "fake %d is silent", (int)(connection->fake - fakes));
    return fake_turn(connection, LEDGER_PROGRESS_FAILED, LEDGER_PHASE_CLOSED, now);
}

static bool fake_answer(struct ledger_connection *connection, const struct ledger *before, const struct digest *last,
                        struct ledger_answer *ret_answer, struct error *error) {
    const struct fake *fake = connection->fake;
    struct ledger_row rows[16] = {0};
    struct ledger from = *before;
    from.status = LEDGER_READ;
    from.was_read = true;
    from.rows = rows;
    from.count = fake->rows;
    struct ledger_answer answer = {.places = fake->places};
    if (fake->manner == FAKE_HAS_NO_LEDGER) {
        return error_set(error, ERROR_DATABASE, "fake %d has no ledger", (int)(fake - fakes));
    }
    answer.digest.bytes[0] = (uint8_t)fake->rows;
    if (!last || !digest_equal(last, &answer.digest)) {
        answer.ledger = ledger_create(&from, error);
    }
    if (connection->asked_for_catalogs) {
        char *bytes;
        answer.catalog = catalog_create(0, 0, &bytes);
        answer.catalog->is_partial = fake->is_large;
        answer.catalog->names = catalog_names_ref(connection->names);
    }
    answer.waits_for_names = connection->options.reads_catalogs && connection->wants_catalogs && fake->is_large;
    answer.is_catalog_old = fake->is_outrun && !answer.catalog;
    *ret_answer = answer;
    return true;
}

static void fake_close(struct ledger_connection *connection) {
    eventfd_t ignored;
    eventfd_read(connection->descriptor, &ignored);
    connection->fake->closed++;
    connection->fake->phase = LEDGER_PHASE_CLOSED;
}

static enum ledger_phase fake_rest(struct ledger_connection *connection) {
    if (connection->fake->is_let_go) {
        fake_close(connection);
    }
    return connection->fake->phase;
}

static void fake_destroy(struct ledger_connection *connection) {
    if (connection) {
        close(connection->descriptor);
        catalog_names_unref(connection->names);
        free(connection);
    }
}

static const struct ledger_driver fake_driver = {
    .name = "fake",
    .takes = fake_takes,
    .create = fake_create,
    .is_same_server = fake_is_same_server,
    .refresh_catalogs = fake_refresh_catalogs,
    .begin = fake_begin,
    .proceed = fake_proceed,
    .expire = fake_expire,
    .answer = fake_answer,
    .rest = fake_rest,
    .close = fake_close,
    .destroy = fake_destroy,
};

static const struct ledger_driver *const fake_drivers[] = {&fake_driver, NULL};

#endif
