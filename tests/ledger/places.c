/* How many connections are made and kept: databases that take turns, servers with places to spare,
 * and servers without. What is counted is the server's view of us, or our own ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "client.h"
#include "groups.h"
#include "server.h"

/* The server has 240 places (see run), of which we may have the half that nobody else takes. */
enum { MANY = 50, AT_ONCE = 16, USUAL = 64, BEYOND = 100, OFFERED = 240 };

#define OURS "from pg_stat_activity where application_name = 'migfs'"

static void make_ledger_for(const char *role) {
    char grants[200];
    make_ledger();
    snprintf(grants, sizeof(grants), "grant usage on schema drizzle to %s; grant select on " TABLE " to %s", role,
             role);
    sql(grants);
}

/* Reads when asked to and at no other time, so that rounds can be told apart. */
static struct ledger_reader *reader_of_us(size_t count, unsigned limit, const char *conninfo) {
    struct ledger_reader_options options = options_of(PATIENT_MS);
    options.connections = limit;
    options.poll_ms = 3600000;
    return reader_of_many(count, &options, count, conninfo);
}

/* A read of all of which nobody may be told that there was no place. Returns how many of our ends
 * there were at most. */
static unsigned read_all(struct ledger_reader *reader, unsigned others) {
    uint64_t request = ledger_reader_request(reader);
    unsigned most = 0;
    begin_waiting();
    while (!ledger_reader_has_read(reader, request) && may_wait(reader, "everyone's turn")) {
        turn(reader);
        unsigned open = connections() - others;
        most = open > most ? open : most;
        for (size_t i = 0; i < ledger_reader_count(reader); i++) {
            const struct ledger *ledger = ledger_reader_ledger(reader, i);
            if (ledger->status != LEDGER_READ) {
                assert_says(ledger, "has not answered yet");
            }
        }
    }
    assert_int_equal(count_status(reader, LEDGER_READ), ledger_reader_count(reader));
    return most;
}

/* The server goes on counting connections for a moment after their end, longer on a busy machine;
 * then it may refuse what it would take a moment later. */
static void wait_until_ended_are_gone(const struct ledger_reader *reader, unsigned others) {
    enum { STANDING = 40 }; /* the pooler's, the test's and the server's own */
    begin_waiting();
    while ((unsigned)atoi(sql("select count(*) from pg_stat_activity")) > connections() - others + STANDING &&
           may_wait(reader, "the end of the connections before")) {
    }
}

/* What is still connecting counts as taken, so that it takes some rounds to have all that can be
 * had. */
static void read_until_all_are_kept(struct ledger_reader *reader, unsigned others) {
    enum { ROUNDS = 100 };
    for (int i = 0; i < ROUNDS && connections() - others < ledger_reader_count(reader); i++) {
        read_all(reader, others);
    }
    assert_int_equal(connections() - others, ledger_reader_count(reader));
}

/* ---- taking turns ---- */

static void more_databases_than_connections_take_turns(void **state) {
    make_ledger();
    unsigned others = connections();
    struct ledger_reader *reader = reader_of_us(MANY, 4, uri());
    assert_int_equal(read_all(reader, others), 4);
    ledger_reader_destroy(reader);
}

static void only_databases_without_a_place_connect_anew(void **state) {
    enum { PLACES = 40 };
    char kept[200];
    make_ledger();
    unsigned others = connections();
    struct ledger_reader *reader = reader_of_us(MANY, PLACES, uri());
    read_all(reader, others);
    snprintf(kept, sizeof(kept), "select count(*) " OURS " and backend_start < '%s'", sql("select clock_timestamp()"));
    read_all(reader, others);
    assert_true(atoi(sql(kept)) >= PLACES - (MANY - PLACES));
    ledger_reader_destroy(reader);
}

static void nobody_waits_longer_than_a_round_however_often_all_are_asked_for(void **state) {
    make_ledger();
    struct ledger_reader *reader = reader_of_us(10, 2, uri());
    uint64_t first = ledger_reader_request(reader);
    begin_waiting();
    while (!ledger_reader_has_read(reader, first) && may_wait(reader, "the first request")) {
        ledger_reader_request(reader);
        turn(reader);
    }
    ledger_reader_destroy(reader);
}

/* ---- as many as the server can spare ---- */

static void where_no_limit_is_given_half_of_the_servers_places_are_used(void **state) {
    make_ledger();
    unsigned others = connections();
    struct ledger_reader *reader = reader_of_us(BEYOND, 0, uri());
    wait_until_ended_are_gone(reader, others);
    read_until_all_are_kept(reader, others);
    ledger_reader_destroy(reader);
    reader = reader_of_us(2 * BEYOND, 0, uri());
    for (int i = 0; i < 5; i++) {
        wait_until_ended_are_gone(reader, others);
        unsigned most = read_all(reader, others);
        assert_true(most >= USUAL && most < OFFERED / 2);
    }
    ledger_reader_destroy(reader);
}

static void what_others_have_of_the_half_is_left_to_them(void **state) {
    PGconn *taken[60];
    make_ledger();
    unsigned before = connections();
    struct ledger_reader *reader = reader_of_us(BEYOND, 0, uri());
    wait_until_ended_are_gone(reader, before);
    for (size_t i = 0; i < 60; i++) {
        taken[i] = connect_to(cluster, "5432", "ledgers");
    }
    unsigned others = connections();
    for (int i = 0; i < 3; i++) {
        unsigned most = read_all(reader, others);
        assert_true(most > AT_ONCE && most <= USUAL); /* those that are kept, and those being read */
    }
    ledger_reader_destroy(reader);
    for (size_t i = 0; i < 60; i++) {
        PQfinish(taken[i]);
    }
}

static void places_are_given_back_when_others_come_to_need_them(void **state) {
    PGconn *taken[90];
    make_ledger();
    unsigned others = connections();
    struct ledger_reader *reader = reader_of_us(BEYOND, 0, uri());
    wait_until_ended_are_gone(reader, others);
    read_until_all_are_kept(reader, others);
    for (size_t i = 0; i < 90; i++) {
        taken[i] = connect_to(cluster, "5432", "ledgers");
    }
    read_all(reader, others + 90);
    assert_true(connections() - others <= OFFERED / 2);
    for (size_t i = 0; i < 90; i++) {
        PQfinish(taken[i]);
    }
    ledger_reader_destroy(reader);
}

static void descriptors_are_left_for_others(void **state) {
    struct rlimit before, low;
    make_ledger();
    unsigned others = connections();
    getrlimit(RLIMIT_NOFILE, &before);
    low = (struct rlimit){80, before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &low);
    struct ledger_reader *reader = reader_of_us(MANY, 0, uri());
    unsigned most = read_all(reader, others);
    setrlimit(RLIMIT_NOFILE, &before);
    assert_int_equal(most, 40);
    ledger_reader_destroy(reader);
}

/* ---- servers that have no place for one more ---- */

static void a_server_that_refuses_has_them_take_turns_and_nobody_is_told(void **state) {
    make_ledger_for("eighty");
    unsigned others = connections();
    struct ledger_reader *reader = reader_of_us(BEYOND, 0, uri_as("eighty", "ledgers"));
    for (int i = 0; i < 3; i++) {
        read_all(reader, others);
    }
    assert_true(connections() - others <= USUAL);
    ledger_reader_destroy(reader);
}

static void a_limit_above_what_the_server_has_makes_them_take_turns_too(void **state) {
    make_ledger_for("twenty");
    unsigned others = connections();
    struct ledger_reader *reader = reader_of_us(MANY, MANY, uri_as("twenty", "ledgers"));
    for (int i = 0; i < 3; i++) {
        read_all(reader, others);
    }
    assert_true(connections() - others < 20);
    ledger_reader_destroy(reader);
}

static void a_pooler_that_refuses_has_them_take_turns_and_nobody_is_told(void **state) {
    char conninfo[600];
    make_ledger();
    snprintf(conninfo, sizeof(conninfo), "host=%s port=6432 dbname=ledgers user=postgres",
             getenv("MIGFS_TEST_PGBOUNCER"));
    unsigned others = connections();
    struct ledger_reader *reader = reader_of_us(BEYOND, BEYOND, conninfo);
    for (int i = 0; i < 3; i++) {
        read_all(reader, others);
    }
    ledger_reader_destroy(reader);
}

static void who_gets_no_place_in_time_is_told(void **state) {
    make_ledger_for("alone");
    struct ledger_reader_options options = options_of(3 * IMPATIENT_MS);
    options.connections = 0;
    struct ledger_reader *reader = reader_of_many(2, &options, 2, uri_as("alone", "ledgers"));
    read_now(reader);
    assert_int_equal(count_status(reader, LEDGER_READ), 1);
    size_t without = ledger_reader_ledger(reader, 0)->status == LEDGER_READ;
    assert_unreadable(ledger_reader_ledger(reader, without), "has no connection to spare");
    ledger_reader_destroy(reader);
}

int test_places(void) {
    const struct CMUnitTest tests[] = {
        TEST(more_databases_than_connections_take_turns),
        TEST(only_databases_without_a_place_connect_anew),
        TEST(nobody_waits_longer_than_a_round_however_often_all_are_asked_for),
        TEST(where_no_limit_is_given_half_of_the_servers_places_are_used),
        TEST(what_others_have_of_the_half_is_left_to_them),
        TEST(places_are_given_back_when_others_come_to_need_them),
        TEST(descriptors_are_left_for_others),
        TEST(a_server_that_refuses_has_them_take_turns_and_nobody_is_told),
        TEST(a_limit_above_what_the_server_has_makes_them_take_turns_too),
        TEST(a_pooler_that_refuses_has_them_take_turns_and_nobody_is_told),
        TEST(who_gets_no_place_in_time_is_told),
    };
    return cmocka_run_group_tests_name("places", tests, NULL, NULL);
}
