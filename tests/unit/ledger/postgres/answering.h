/* A connection whose session, at the other end, is the test's own: it answers as it is told, and the
 * time is a number. */
#ifndef TESTS_UNIT_LEDGER_POSTGRES_ANSWERING_H
#define TESTS_UNIT_LEDGER_POSTGRES_ANSWERING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ledger/postgres/connection.h"
#include "ledger/postgres/spawner.h"
#include "migfs/ledger/postgres/driver.h"

enum { TIMEOUT_MS = 5000, CATALOGS_MS = 30000 };
enum { INT8 = 20, NAME = 19, TEXT_TYPE = 25, OID = 26, REGCLASS = 2205 };

static struct ledger_connection *connection;
static struct ledger *ledger;
static int session; /* the test's end; -1: none runs */
static unsigned spawned;

/* What the server has. */
static bool has_ledger, is_large, has_tool;
static unsigned row_count;
static bool fails; /* every query but for the columns: the ledger is dropped each time */

static struct catalog_names *names; /* that a large database is asked for */
static struct catalog *catalog;     /* of the last read, like the next two */
static bool waits_for_names, is_catalog_old;

/* ---- before the real ones; the names are the linker's ---- */

bool __wrap_ledger_spawner_start(struct error *error);
void __wrap_ledger_spawner_stop(void);
int __wrap_ledger_spawner_spawn(const struct wire_buffer *order, struct error *error);

bool __wrap_ledger_spawner_start(struct error *error) {
    return true;
}

void __wrap_ledger_spawner_stop(void) {
}

int __wrap_ledger_spawner_spawn(const struct wire_buffer *order, struct error *error) {
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    if (session >= 0) {
        close(session);
    }
    session = ends[1];
    spawned++;
    return ends[0];
}

/* ---- the answers of the session ---- */

static struct wire_buffer out;

static void put_string(enum wire_kind kind, const char *string) {
    size_t start;
    wire_begin(&out, kind, &start);
    wire_put_string(&out, string);
    wire_end(&out, start);
}

static void put_commands(const char *const *commands) {
    for (; *commands; commands++) {
        put_string(WIRE_COMMAND, *commands);
    }
}

static void put_types(const uint32_t *types, size_t count) {
    size_t start;
    wire_begin(&out, WIRE_COLUMNS, &start);
    for (size_t i = 0; i < count; i++) {
        wire_put_number(&out, types[i]);
    }
    wire_end(&out, start);
}

static void put_row(const char *const *cells, size_t count) {
    size_t start;
    wire_begin(&out, WIRE_ROW, &start);
    for (size_t i = 0; i < count; i++) {
        if (cells[i]) {
            wire_put_cell(&out, cells[i], strlen(cells[i]));
        } else {
            wire_put_null(&out);
        }
    }
    wire_end(&out, start);
}

static void put_runs(void) {
    static const char *const before[] = {"BEGIN", "SET", "SET", "SET", NULL}, *const after[] = {"COMMIT", NULL};
    static const uint32_t types[] = {INT8, INT8, INT8};
    static const char *const cells[] = {NULL, "0", NULL};
    put_commands(before);
    put_types(types, 3);
    put_row(cells, 3);
    put_string(WIRE_END, "SELECT 1");
    put_commands(after);
}

static void put_columns(void) {
    static const uint32_t types[] = {REGCLASS, NAME, TEXT_TYPE, TEXT_TYPE, INT8};
    static const char *const columns[][5] = {{"t", "id", "integer", NULL, NULL},
                                             {"t", "hash", "text", NULL, NULL},
                                             {"t", "created_at", "bigint", NULL, NULL},
                                             {NULL, NULL, NULL, NULL, NULL}};
    put_types(types, 5);
    for (size_t i = has_ledger ? 0 : 3; i < (has_ledger ? 3 : 4); i++) {
        put_row(columns[i], 5);
    }
    put_string(WIRE_END, has_ledger ? "SELECT 3" : "SELECT 1");
}

static void put_rows(void) {
    static const uint32_t types[] = {TEXT_TYPE, TEXT_TYPE, INT8, TEXT_TYPE};
    char tag[32];
    put_types(types, 4);
    for (unsigned i = 0; i < row_count; i++) {
        static const char *const cells[] = {"1", "a", "1000", NULL};
        put_row(cells, 4);
    }
    snprintf(tag, sizeof tag, "SELECT %u", row_count);
    put_string(WIRE_END, tag);
}

/* The first row is not part of an answer ahead. */
static void put_catalogs(bool is_ahead) {
    static const uint32_t types[] = {TEXT_TYPE, OID, OID, TEXT_TYPE, TEXT_TYPE, TEXT_TYPE, TEXT_TYPE, TEXT_TYPE};
    const char *const cells[][8] = {{"n", "2200", "0", "public", NULL, NULL, NULL, NULL},
                                    {"s", "0", "0", "u", "public", is_large ? "t" : "f", NULL, NULL},
                                    {"l", "16385", "0", "versions", "public", "version", NULL, NULL}};
    char tag[32];
    put_types(types, 8);
    for (size_t i = is_ahead; i < (has_tool ? 3 : 2); i++) {
        put_row(cells[i], 8);
    }
    snprintf(tag, sizeof tag, "SELECT %d", 2 + has_tool - is_ahead);
    put_string(WIRE_END, tag);
}

static void put_waits(enum wire_wait wait) {
    size_t start;
    wire_begin(&out, WIRE_WAITS, &start);
    wire_put_number(&out, wait);
    wire_put_number(&out, 0); /* a server elsewhere, so the connection is kept */
    wire_put_string(&out, "it is silent");
    wire_put_string(&out, "it ended");
    wire_end(&out, start);
}

static void send_out(void) {
    assert_int_equal(send(session, out.bytes, out.length, MSG_NOSIGNAL), (ssize_t)out.length);
    wire_release(&out);
}

static void put_end(enum wire_kind kind) {
    size_t start;
    wire_begin(&out, kind, &start);
    if (kind == WIRE_FAILED) {
        wire_put_number(&out, WIRE_FAILED_TO_ANSWER);
        wire_put_string(&out, "42P01");
        wire_put_string(&out, "the table is gone");
    }
    wire_end(&out, start);
    send_out();
}

/* Takes the query and answers it. Adds what was asked for to `asked`: `-` nothing but columns, `a`
 * ahead, `r` rows, `c` catalogs, `n` by name, `t` with the other tool's ledger. */
static void answer_query(char *asked) {
    static const char *const before[] = {"BEGIN", "SET", "SET", "SET", "SET", NULL}, *const after[] = {"COMMIT", NULL};
    static char query[256 << 10];
    ssize_t length = recv(session, query, sizeof query - 1, 0);
    assert_true(length > WIRE_HEAD);
    query[length] = '\0';
    const char *sql = query + WIRE_HEAD;
    bool has_rows = strstr(sql, "left(hash::text"), has_catalogs = strstr(sql, "pg_policy"),
         is_ahead = !has_catalogs && strstr(sql, "row_security_active"), has_runs = strstr(sql, "pg_sequence_last");
    strcat(asked, *asked ? " " : "");
    strcat(asked, has_rows || has_catalogs ? "" : is_ahead ? "a" : "-");
    strcat(asked, has_rows ? "r" : "");
    strcat(asked, has_catalogs ? "c" : "");
    strcat(asked, strstr(sql, "unnest(") ? "n" : "");
    strcat(asked, strstr(sql, "SELECT 'm', 16385::oid") ? "t" : "");
    assert_int_equal(has_runs, !is_ahead);
    put_waits(WIRE_ASKING);
    if (fails && (has_rows || has_catalogs)) {
        put_end(WIRE_FAILED);
        return;
    }
    if (has_runs) {
        put_runs();
    }
    put_commands(before);
    put_columns();
    if (has_rows) {
        put_rows();
    }
    if (has_catalogs || is_ahead) {
        put_catalogs(is_ahead);
    }
    put_commands(after);
    put_end(WIRE_DONE);
}

/* ---- the reads ---- */

static struct ledger_turn proceed(int64_t now) {
    struct error error;
    return ledger_postgres.proceed(connection, now, &error);
}

static void begin_read(int64_t now) {
    struct error error;
    assert_int_equal(ledger_postgres.begin(connection, false, now, &error).progress, LEDGER_PROGRESS_NONE);
}

/* Goes on with a read that has begun, and returns the queries of it that were answered. */
static const char *finish_read(int64_t now) {
    static char asked[64];
    struct ledger_answer answer;
    struct error error;
    struct ledger_turn turn;
    *asked = '\0';
    do {
        answer_query(asked);
        turn = proceed(now);
        assert_int_not_equal(turn.progress, LEDGER_PROGRESS_FAILED);
    } while (turn.progress == LEDGER_PROGRESS_NONE);
    assert_true(ledger_postgres.answer(connection, ledger, NULL, &answer, &error));
    assert_int_equal(answer.ledger->count, has_ledger ? row_count : 0);
    ledger_destroy(answer.ledger);
    catalog_unref(catalog);
    catalog = answer.catalog;
    waits_for_names = answer.waits_for_names;
    is_catalog_old = answer.is_catalog_old;
    ledger_postgres.rest(connection);
    return asked;
}

static const char *read_at(int64_t now) {
    begin_read(now);
    return finish_read(now);
}

static struct catalog_names *get_names(void *context) {
    return names;
}

static void set_names(const char *name, const char *other) {
    const struct text texts[] = {text_of(name ? name : ""), text_of(other ? other : "")};
    catalog_names_unref(names);
    names = name ? catalog_names_create(texts, 2) : NULL;
}

static int epoll;

static int begin(void **state) {
    struct error error;
    const struct ledger before = {.database = TEXT("d"),
                                  .schema = TEXT("s"),
                                  .table = TEXT("t"),
                                  .status = LEDGER_UNREADABLE,
                                  .reason = TEXT("")};
    epoll = epoll_create1(EPOLL_CLOEXEC);
    const struct ledger_driver_options options = {.schema = "s",
                                                  .table = "t",
                                                  .timeout_ms = TIMEOUT_MS,
                                                  .reads_catalogs = true,
                                                  .catalogs_ms = CATALOGS_MS,
                                                  .names = {get_names, NULL},
                                                  .epoll = epoll};
    session = -1;
    spawned = 0;
    has_ledger = true;
    is_large = has_tool = fails = false;
    row_count = 1;
    ledger = ledger_create(&before, &error);
    connection = ledger_postgres.create(&options, "host=nowhere dbname=d user=u", NULL, NULL, &error);
    assert_non_null(connection);
    return 0;
}

static int end(void **state) {
    ledger_postgres.destroy(connection);
    ledger_destroy(ledger);
    catalog_unref(catalog);
    catalog = NULL;
    set_names(NULL, NULL);
    close(epoll);
    if (session >= 0) {
        close(session);
    }
    wire_release(&out);
    return 0;
}

#define connection_test(function) cmocka_unit_test_setup_teardown(function, begin, end)

#endif
