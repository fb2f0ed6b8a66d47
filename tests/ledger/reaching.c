/* How the reader reaches its servers: logging in, servers that do not answer, many at once, and
 * through a pooler. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"
#include "groups.h"
#include "server.h"

/* ---- logging in ---- */

static void a_wrong_password_is_told_without_it(void **state) {
    char conninfo[600];
    snprintf(conninfo, sizeof(conninfo), "postgres://asked:hunter%%32@%s/ledgers", as_host(cluster));
    make_ledger();
    sql("grant usage on schema drizzle to asked; grant select on " TABLE " to asked");
    struct ledger_reader *reader = reader_of(conninfo, PATIENT_MS);
    const struct ledger *ledger = read_now(reader);
    assert_unreadable(ledger, "refuses the login of user \"asked\"");
    assert_null(strstr(ledger->reason.bytes, "hunter"));
    sql("alter role asked password 'hunter2'");
    wait_for(reader, LEDGER_READ);
    sql("alter role asked password 'correct horse'");
    ledger_reader_destroy(reader);
}

static void a_password_is_blotted_out_of_what_the_server_says(void **state) {
    char conninfo[600];
    snprintf(conninfo, sizeof(conninfo), "host='%s' dbname=hunter2_db user=postgres password=hunter2", cluster);
    struct ledger_reader *reader = reader_of(conninfo, PATIENT_MS);
    assert_unreadable(read_now(reader), "database \"***_db\" does not exist");
    ledger_reader_destroy(reader);
}

static void the_right_password_is_taken_from_uri_and_keywords(void **state) {
    char conninfo[600];
    make_ledger();
    sql("grant usage on schema drizzle to asked; grant select on " TABLE " to asked");
    snprintf(conninfo, sizeof(conninfo), "postgres://asked:correct horse@/ledgers?host=%s\n", cluster);
    struct ledger_reader *reader = reader_of(conninfo, PATIENT_MS);
    assert_int_equal(read_now(reader)->status, LEDGER_READ);
    ledger_reader_destroy(reader);
    snprintf(conninfo, sizeof(conninfo), "host=%s dbname=ledgers user=asked password='correct horse'", cluster);
    reader = reader_of(conninfo, PATIENT_MS);
    assert_int_equal(read_now(reader)->status, LEDGER_READ);
    ledger_reader_destroy(reader);
}

static void what_keeps_us_out_is_told(void **state) {
    char conninfo[600];
    assert_read_fails(uri_as("asked", "ledgers"), "asks user \"asked\" for a password, but none was given");
    assert_read_fails(uri_as("refused", "ledgers"), "refuses the login of user \"refused\" (pg_hba.conf rejects");
    assert_read_fails(uri_as("postgres", "nowhere"), "there is no database \"nowhere\" at the socket in /");
    PGconn *first = PQconnectdb(uri_as("alone", "ledgers"));
    assert_int_equal(PQstatus(first), CONNECTION_OK);
    assert_read_fails(uri_as("alone", "ledgers"), "has no connection to spare");
    PQfinish(first);
    sql("revoke connect on database ledgers from public");
    assert_read_fails(uri_as("reader", "ledgers"), "GRANT CONNECT ON DATABASE");
    sql("grant connect on database ledgers to public");
    snprintf(conninfo, sizeof(conninfo), "host=no-such-host.invalid dbname=x");
    assert_read_fails(conninfo, "host name \"no-such-host.invalid\" is not known");
}

static void a_conninfo_that_cannot_be_understood_names_the_database_and_repeats_nothing(void **state) {
    static const char *const wrong[] = {"host=x hunter2",
                                        "hunter2",
                                        "postgres://u:hun#ter2@h/x",
                                        "mysql://u:hunter2@h/x",
                                        "host=a,b hostaddr=127.0.0.1 password=hunter2",
                                        "hunter2=x"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        const struct ledger_reader_database database = {.name = "staging", .conninfo = wrong[i]};
        struct ledger_reader_options options = options_of(PATIENT_MS);
        struct error error = {0};
        assert_null(ledger_reader_create(&options, &database, 1, NULL, NULL, &error));
        assert_non_null(strstr(error.sentence, "database staging"));
        assert_null(strstr(error.sentence, "ter2"));
    }
}

static void parameters_left_out_are_told_once(void **state) {
    char conninfo[600];
    snprintf(conninfo, sizeof(conninfo), "%s&schema=public&connection_limit=5&options=-c%%20x", uri());
    struct ledger_reader *reader = reader_of(conninfo, PATIENT_MS);
    assert_string_equal(notices, "database staging: parameters that are not passed on to the server: schema, "
                                 "connection_limit, options");
    assert_true(read_now(reader)->was_read);
    ledger_reader_destroy(reader);
    snprintf(conninfo, sizeof(conninfo), "host=%s dbname=ledgers user=postgres options='-c x.y=z'", cluster);
    reader = reader_of(conninfo, PATIENT_MS);
    assert_non_null(strstr(notices, "options"));
    ledger_reader_destroy(reader);
}

/* ---- silent and dead servers ---- */

/* A socket that listens on a port of its own. With `is_full` its queue is full, so the kernel drops
 * what asks to connect; without, it accepts and never answers. */
struct silent {
    int descriptor, fillers[8];
    int port;
};

static struct silent silent_create(bool is_full) {
    struct silent silent = {.descriptor = socket(AF_INET, SOCK_STREAM, 0)};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    assert_int_equal(bind(silent.descriptor, (struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(silent.descriptor, is_full ? 0 : 100), 0);
    getsockname(silent.descriptor, (struct sockaddr *)&address, &length);
    silent.port = ntohs(address.sin_port);
    for (size_t i = 0; i < 8; i++) {
        silent.fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (is_full) {
            connect(silent.fillers[i], (struct sockaddr *)&address, length);
        }
    }
    return silent;
}

static void silent_destroy(struct silent *silent) {
    close(silent->descriptor);
    for (size_t i = 0; i < 8; i++) {
        close(silent->fillers[i]);
    }
}

static void a_silent_server_is_given_up_in_time(void **state) {
    for (int is_full = 0; is_full < 2; is_full++) {
        struct silent silent = silent_create(is_full);
        char conninfo[200];
        snprintf(conninfo, sizeof(conninfo), "postgres://u:p@127.0.0.1:%d/x", silent.port);
        struct ledger_reader *reader = reader_of(conninfo, IMPATIENT_MS);
        assert_unreadable(read_now(reader), "did not accept a connection within 0.6 s");
        ledger_reader_destroy(reader);
        silent_destroy(&silent);
    }
}

static void a_port_where_nobody_listens_refuses_at_once(void **state) {
    struct silent silent = silent_create(false);
    char conninfo[200];
    silent_destroy(&silent);
    snprintf(conninfo, sizeof(conninfo), "postgres://u:p@localhost:%d/x", silent.port);
    assert_read_fails(conninfo, "Connection refused");
}

static void a_silent_first_host_does_not_hide_the_second(void **state) {
    struct silent silent = silent_create(true);
    char conninfo[600];
    make_ledger();
    snprintf(conninfo, sizeof(conninfo), "host=127.0.0.1,/nowhere,%s port=%d,5432,5432 dbname=ledgers user=postgres",
             cluster, silent.port);
    struct ledger_reader *reader = reader_of(conninfo, 3 * IMPATIENT_MS);
    assert_int_equal(read_now(reader)->status, LEDGER_READ);
    ledger_reader_destroy(reader);
    silent_destroy(&silent);
}

/* ---- many ---- */

enum { MANY = 50 };

static void wait_for_all_but(struct ledger_reader *reader, size_t dead) {
    begin_waiting();
    while (count_status(reader, LEDGER_READ) < ledger_reader_count(reader) - dead &&
           may_wait(reader, "all but the dead")) {
        turn(reader);
    }
}

static void one_dead_database_of_many_delays_none_of_the_others(void **state) {
    struct silent silent = silent_create(true);
    char conninfo[200];
    make_ledger();
    sql("insert into " TABLE " (hash, created_at) select md5(i::text), i from generate_series(1, 340) i");
    snprintf(conninfo, sizeof(conninfo), "postgres://u:p@127.0.0.1:%d/x", silent.port);
    struct ledger_reader_options options = options_of(PATIENT_MS);
    struct ledger_reader *reader = reader_of_many(MANY, &options, 1, conninfo);
    wait_for_all_but(reader, 1);
    assert_says(ledger_reader_ledger(reader, 0), "has not answered yet");
    sql("insert into " TABLE " (hash) values ('new')");
    begin_waiting();
    while (ledger_reader_ledger(reader, MANY - 1)->count < 341 && may_wait(reader, "a second read")) {
        turn(reader);
    }
    assert_says(ledger_reader_ledger(reader, 0), "has not answered yet");
    ledger_reader_destroy(reader);
    silent_destroy(&silent);
}

static void the_dead_hold_half_the_connections_at_most(void **state) {
    struct silent silent = silent_create(true);
    char conninfo[200];
    make_ledger();
    snprintf(conninfo, sizeof(conninfo), "postgres://u:p@127.0.0.1:%d/x", silent.port);
    struct ledger_reader_options options =
        options_of(3 * IMPATIENT_MS); /* the living answer in time on a busy machine, too */
    options.connections = 4;
    struct ledger_reader *reader = reader_of_many(10, &options, 6, conninfo);
    read_now(reader); /* the first round knows nobody as dead */
    assert_int_equal(count_status(reader, LEDGER_READ), 4);
    for (int i = 0; i < 5; i++) {
        char row[200];
        snprintf(row, sizeof(row), "insert into " TABLE " (hash) values ('%d')", i);
        sql(row);
        begin_waiting();
        for (size_t living = 6; living < 10; living++) {
            while (ledger_reader_ledger(reader, living)->count <= (size_t)i && may_wait(reader, "the living")) {
                turn(reader);
            }
        }
    }
    ledger_reader_destroy(reader);
    silent_destroy(&silent);
}

static void a_request_is_met_by_a_read_that_began_after_it(void **state) {
    make_ledger();
    struct ledger_reader *reader = reader_of(uri(), PATIENT_MS);
    read_now(reader);
    for (int i = 0; i < 50; i++) {
        uint64_t early = ledger_reader_request(reader);
        ledger_reader_step(reader); /* a read is under way */
        sql("insert into " TABLE " (hash) values ('a')");
        uint64_t late = ledger_reader_request(reader);
        assert_true(late > early);
        begin_waiting();
        while (!ledger_reader_has_read(reader, late) && may_wait(reader, "the later request")) {
            turn(reader);
        }
        assert_int_equal(ledger_reader_ledger(reader, 0)->count, i + 1);
    }
    ledger_reader_destroy(reader);
}

static void at_rest_only_the_poll_and_a_request_wake(void **state) {
    make_ledger();
    struct ledger_reader_options options = options_of(PATIENT_MS);
    options.poll_ms = 3600000;
    struct ledger_reader *reader = reader_with(&options, uri());
    read_now(reader);
    int wait = ledger_reader_wait_ms(reader);
    struct pollfd ready = {.fd = ledger_reader_descriptor(reader), .events = POLLIN};
    assert_true(wait > 3500000 && wait <= 3600000);
    assert_int_equal(poll(&ready, 1, 0), 0);
    ledger_reader_request(reader);
    wait = ledger_reader_wait_ms(reader);
    assert_true(wait >= 0 && wait <= 100); /* at most ten reads a second */
    ledger_reader_destroy(reader);
    struct error error;
    reader = ledger_reader_create(&options, NULL, 0, NULL, NULL, &error);
    assert_int_equal(ledger_reader_wait_ms(reader), -1);
    assert_true(ledger_reader_has_read(reader, ledger_reader_request(reader)));
    ledger_reader_destroy(reader);
}

/* ---- through a pooler ---- */

static void a_pooler_in_transaction_mode_notices_nothing(void **state) {
    const char *bouncer = getenv("MIGFS_TEST_PGBOUNCER");
    char conninfo[600];
    make_ledger();
    sql("insert into " TABLE " (hash, created_at) values ('a', 1)");
    snprintf(conninfo, sizeof(conninfo), "postgres://postgres@%s:6432/ledgers?pgbouncer=true&schema=drizzle",
             as_host(bouncer));
    struct ledger_reader *reader = reader_of(conninfo, IMPATIENT_MS);
    wait_for(reader, LEDGER_READ);
    sql("begin; lock " TABLE " in access exclusive mode");
    assert_unreadable(wait_for(reader, LEDGER_UNREADABLE), "somebody holds a lock");
    /* There is one server connection, and this client gets it now. */
    PGconn *other = connect_to(bouncer, "6432", "ledgers");
    assert_string_equal(query(other,
                              "select current_setting('statement_timeout') || current_setting('lock_timeout') || "
                              "current_setting('row_security') || current_setting('transaction_read_only')"),
                        "00onoff");
    assert_string_equal(query(other, "select count(*) from pg_prepared_statements"), "0");
    PQfinish(other);
    sql("commit");
    wait_for(reader, LEDGER_READ);
    sql("drop table " TABLE);
    wait_for(reader, LEDGER_FRESH);
    make_ledger();
    wait_for(reader, LEDGER_READ);
    ledger_reader_destroy(reader);
}

static void two_readers_share_one_pooled_connection(void **state) {
    char conninfo[600];
    make_ledger();
    snprintf(conninfo, sizeof(conninfo), "host=%s port=6432 dbname=ledgers user=postgres",
             getenv("MIGFS_TEST_PGBOUNCER"));
    struct ledger_reader *one = reader_of(conninfo, PATIENT_MS), *other = reader_of(conninfo, PATIENT_MS);
    for (int i = 0; i < 20; i++) {
        uint64_t request = ledger_reader_request(one);
        ledger_reader_request(other);
        begin_waiting();
        while ((!ledger_reader_has_read(one, request) || !ledger_reader_has_read(other, request)) &&
               may_wait(one, "both")) {
            ledger_reader_step(one);
            ledger_reader_step(other);
        }
        assert_int_equal(ledger_reader_ledger(one, 0)->status, LEDGER_READ);
        assert_int_equal(ledger_reader_ledger(other, 0)->status, LEDGER_READ);
    }
    ledger_reader_destroy(one);
    ledger_reader_destroy(other);
}

int test_reaching(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_wrong_password_is_told_without_it),
        TEST(a_password_is_blotted_out_of_what_the_server_says),
        TEST(the_right_password_is_taken_from_uri_and_keywords),
        TEST(what_keeps_us_out_is_told),
        TEST(a_conninfo_that_cannot_be_understood_names_the_database_and_repeats_nothing),
        TEST(parameters_left_out_are_told_once),
        TEST(a_silent_server_is_given_up_in_time),
        TEST(a_port_where_nobody_listens_refuses_at_once),
        TEST(a_silent_first_host_does_not_hide_the_second),
        TEST(one_dead_database_of_many_delays_none_of_the_others),
        TEST(the_dead_hold_half_the_connections_at_most),
        TEST(a_request_is_met_by_a_read_that_began_after_it),
        TEST(at_rest_only_the_poll_and_a_request_wake),
        TEST(a_pooler_in_transaction_mode_notices_nothing),
        TEST(two_readers_share_one_pooled_connection),
    };
    return cmocka_run_group_tests_name("reaching", tests, NULL, NULL);
}
