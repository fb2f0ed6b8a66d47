/* What the reader reads, and how it behaves towards one server, also one that hangs, dies or comes
 * late. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "groups.h"
#include "migfs/util/clock.h"
#include "server.h"

/* ---- what is read ---- */

static void a_database_without_schema_or_table_is_fresh(void **state) {
    sql("drop schema if exists drizzle cascade");
    struct ledger_reader_options options = options_of(PATIENT_MS);
    options.table = "__never__";
    struct ledger_reader *reader = reader_with(&options, uri());
    assert_int_equal(ledger_reader_ledger(reader, 0)->status, LEDGER_UNREADABLE);
    assert_false(ledger_reader_ledger(reader, 0)->was_read);
    assert_says(ledger_reader_ledger(reader, 0), "has not answered yet");
    const struct ledger *ledger = read_now(reader);
    assert_int_equal(ledger->status, LEDGER_FRESH);
    assert_true(ledger->was_read);
    sql("create schema drizzle");
    assert_int_equal(read_now(reader)->status, LEDGER_FRESH);
    ledger_reader_destroy(reader);
}

static void rows_are_read_exactly(void **state) {
    make_ledger();
    sql("alter table " TABLE " alter hash drop not null; insert into " TABLE " (id, hash, created_at) values"
        " (1, 'a', 9223372036854775807), (2, 'b', -9223372036854775808), (3, E'line\\n\\t\\x1b[31m\\\\', -1),"
        " (4, null, 1759655001380), (5, '', null), (6, repeat('\xc3\xa4', 2000), 0), (7, 'd', 9007199254740993)");
    struct ledger_reader *reader = reader_of(uri(), PATIENT_MS);
    const struct ledger *ledger = read_now(reader);
    assert_int_equal(ledger->status, LEDGER_READ);
    assert_int_equal(ledger->count, 7);
    assert_false(ledger->is_v1);
    const struct ledger_row *rows = ledger->rows;
    assert_true(text_is(rows[0].id, "5") && !rows[0].has_created_at && !rows[0].is_hash_null);
    assert_true(rows[1].created_at == INT64_MIN);
    assert_true(rows[2].created_at == -1 && text_is(rows[2].hash, "line\n\t\x1b[31m\\"));
    assert_true(rows[3].created_at == 0 && rows[3].hash.length == 1024 && text_is_utf8(rows[3].hash));
    assert_true(rows[4].created_at == 1759655001380 && rows[4].is_hash_null && rows[4].hash.length == 0);
    assert_true(rows[5].created_at == 9007199254740993);
    assert_true(rows[6].created_at == INT64_MAX);
    ledger_reader_destroy(reader);
}

static void a_hash_is_cut_at_the_end_of_a_character(void **state) {
    make_ledger();
    sql("insert into " TABLE " (hash) values ('x' || repeat('\xe2\x82\xac', 400000))");
    struct ledger_reader *reader = reader_of(uri(), PATIENT_MS);
    struct text hash = read_now(reader)->rows[0].hash;
    assert_int_equal(hash.length, 1 + 3 * 341);
    assert_true(text_is_utf8(hash));
    ledger_reader_destroy(reader);
}

static void columns_of_v1_are_seen_when_they_come_and_when_they_go(void **state) {
    make_ledger();
    sql("insert into " TABLE " (hash, created_at) values ('a', 1)");
    struct ledger_reader *reader = reader_of(uri(), PATIENT_MS);
    assert_false(read_now(reader)->is_v1);
    sql("alter table " TABLE " add name text, add applied_at timestamptz; update " TABLE " set name = '0000_init'");
    const struct ledger *ledger = read_now(reader);
    assert_true(ledger->is_v1);
    assert_true(text_is(ledger->rows[0].name, "0000_init"));
    sql("alter table " TABLE " drop name, drop applied_at");
    ledger = read_now(reader);
    assert_false(ledger->is_v1);
    assert_int_equal(ledger->rows[0].name.length, 0);
    ledger_reader_destroy(reader);
}

static void a_ledger_without_id_is_read(void **state) {
    make_ledger();
    sql("alter table " TABLE " drop id; insert into " TABLE " values ('a', 1)");
    struct ledger_reader *reader = reader_of(uri(), PATIENT_MS);
    const struct ledger *ledger = read_now(reader);
    assert_int_equal(ledger->count, 1);
    assert_int_equal(ledger->rows[0].id.length, 0);
    ledger_reader_destroy(reader);
}

static void the_table_may_be_dropped_renamed_and_made_again(void **state) {
    make_ledger();
    struct ledger_reader *reader = reader_of(uri(), PATIENT_MS);
    assert_int_equal(read_now(reader)->status, LEDGER_READ);
    sql("alter table " TABLE " rename to other");
    assert_int_equal(read_now(reader)->status, LEDGER_FRESH);
    sql("alter table drizzle.other rename to __drizzle_migrations; insert into " TABLE " (hash) values ('a')");
    assert_int_equal(read_now(reader)->count, 1);
    sql("drop schema drizzle cascade");
    const struct ledger *ledger = read_now(reader);
    assert_int_equal(ledger->status, LEDGER_FRESH);
    assert_int_equal(ledger->count, 0);
    ledger_reader_destroy(reader);
}

static void schema_and_table_may_have_any_name(void **state) {
    static const char schema[] = "a\"b'c\\d; drop", table[] = "Ta ble$1\xc3\xa4";
    sql("drop schema if exists \"a\"\"b'c\\d; drop\" cascade; create schema \"a\"\"b'c\\d; drop\";"
        "create table \"a\"\"b'c\\d; drop\".\"Ta ble$1\xc3\xa4\" (hash text, created_at int);"
        "insert into \"a\"\"b'c\\d; drop\".\"Ta ble$1\xc3\xa4\" values ('a', 7)");
    struct ledger_reader_options options = options_of(PATIENT_MS);
    options.schema = schema;
    options.table = table;
    struct ledger_reader *reader = reader_with(&options, uri());
    const struct ledger *ledger = read_now(reader);
    assert_int_equal(ledger->status, LEDGER_READ);
    assert_int_equal(ledger->rows[0].created_at, 7);
    ledger_reader_destroy(reader);
    sql("drop schema \"a\"\"b'c\\d; drop\" cascade");
}

static void a_created_at_that_is_no_whole_number_makes_a_ledger_unreadable(void **state) {
    make_ledger();
    sql("insert into " TABLE " (hash, created_at) values ('a', 7)");
    struct ledger_reader *reader = reader_of(uri(), PATIENT_MS);
    assert_int_equal(read_now(reader)->status, LEDGER_READ);
    sql("alter table " TABLE " alter created_at type timestamptz using now()");
    const struct ledger *ledger = read_now(reader);
    assert_unreadable(ledger,
                      "\"created_at\" of \"drizzle\".\"__drizzle_migrations\" has type timestamp with time zone");
    assert_true(ledger->was_read);
    assert_int_equal(ledger->rows[0].created_at, 7);
    sql("alter table " TABLE " alter created_at type numeric using 8.5");
    assert_unreadable(read_now(reader), "8.5");
    sql("alter table " TABLE " alter created_at type numeric using 8");
    assert_int_equal(read_now(reader)->rows[0].created_at, 8);
    sql("alter table " TABLE " alter created_at type smallint");
    assert_int_equal(read_now(reader)->status, LEDGER_READ);
    sql("alter table " TABLE " drop created_at");
    assert_unreadable(read_now(reader), "no column \"created_at\"");
    sql("alter table " TABLE " drop hash");
    assert_unreadable(read_now(reader), "no column \"hash\"");
    ledger_reader_destroy(reader);
}

static void a_table_of_too_many_rows_is_not_fetched(void **state) {
    make_ledger();
    sql("insert into " TABLE " (hash, created_at) select 'a', i from generate_series(1, 200000) i");
    struct ledger_reader *reader = reader_of(uri(), PATIENT_MS);
    assert_int_equal(read_now(reader)->count, 200000);
    sql("insert into " TABLE " (hash, created_at) select 'a', i from generate_series(1, 800000) i");
    assert_unreadable(read_now(reader), "has more than 200000 rows");
    ledger_reader_destroy(reader);
}

static void the_same_answer_changes_nothing(void **state) {
    make_ledger();
    sql("insert into " TABLE " (hash, created_at) select 'a', i from generate_series(1, 340) i");
    struct ledger_reader *reader = reader_of(uri(), PATIENT_MS);
    const struct ledger *ledger = read_now(reader);
    sql("update " TABLE " set hash = hash where id < 170"); /* other places in the table, another order */
    for (int i = 0; i < 3; i++) {
        uint64_t request = ledger_reader_request(reader);
        while (!ledger_reader_has_read(reader, request)) {
            assert_false(turn(reader));
        }
        assert_ptr_equal(ledger_reader_ledger(reader, 0), ledger);
    }
    sql("update " TABLE " set hash = null || 'b' where false; update " TABLE " set created_at = null where id = 3");
    assert_ptr_not_equal(read_now(reader), ledger);
    ledger_reader_destroy(reader);
}

static void a_change_is_seen_by_polling_alone(void **state) {
    make_ledger();
    struct ledger_reader *reader = reader_of(uri(), PATIENT_MS);
    assert_int_equal(read_now(reader)->count, 0);
    sql("insert into " TABLE " (hash) values ('a')");
    begin_waiting();
    while (ledger_reader_ledger(reader, 0)->count == 0 && may_wait(reader, "a row")) {
        assert_true(ledger_reader_wait_ms(reader) <= PATIENT_MS);
        turn(reader);
    }
    ledger_reader_destroy(reader);
}

/* ---- how it behaves towards the server ---- */

static void nothing_is_held_between_polls(void **state) {
    make_ledger();
    struct ledger_reader *reader = reader_of(uri(), PATIENT_MS);
    read_now(reader);
    static const char ours[] = "select string_agg(pid || state || coalesce(xact_start::text, '-'), ' ') from "
                               "pg_stat_activity where application_name = 'migfs'";
    char before[256];
    snprintf(before, sizeof(before), "%s", sql(ours));
    assert_non_null(strstr(before, "idle-"));
    assert_string_equal(
        sql("select count(*) from pg_locks join pg_stat_activity using (pid) where application_name = 'migfs'"), "0");
    read_now(reader);
    assert_string_equal(sql(ours), before); /* the same connection */
    make_ledger();                          /* would wait for ever behind a lock of ours */
    ledger_reader_destroy(reader);
}

static void a_failed_read_leaves_no_transaction_open(void **state) {
    make_ledger();
    sql("alter table " TABLE " enable row level security; grant usage on schema drizzle to reader;"
        "grant select on " TABLE " to reader");
    struct ledger_reader *reader = reader_of(uri_as("reader", "ledgers"), PATIENT_MS);
    assert_unreadable(read_now(reader), "row-level security");
    assert_string_equal(sql("select string_agg(state, ' ') from pg_stat_activity where application_name = 'migfs'"),
                        "idle");
    sql("alter table " TABLE " disable row level security");
    assert_int_equal(read_now(reader)->status, LEDGER_READ);
    ledger_reader_destroy(reader);
}

static void the_grants_named_are_the_grants_needed(void **state) {
    make_ledger();
    struct ledger_reader *reader = reader_of(uri_as("reader", "ledgers"), PATIENT_MS);
    assert_unreadable(read_now(reader), "GRANT USAGE ON SCHEMA \"drizzle\" and GRANT SELECT ON "
                                        "\"drizzle\".\"__drizzle_migrations\"");
    sql("grant usage on schema \"drizzle\" to reader");
    assert_unreadable(read_now(reader), "user \"reader\" may not read");
    sql("grant select on \"drizzle\".\"__drizzle_migrations\" to reader");
    assert_int_equal(wait_for(reader, LEDGER_READ)->count, 0);
    sql("revoke select on " TABLE " from reader");
    assert_true(wait_for(reader, LEDGER_UNREADABLE)->was_read);
    ledger_reader_destroy(reader);
}

static void a_lock_held_by_somebody_is_waited_for_only_so_long(void **state) {
    make_ledger();
    sql("insert into " TABLE " (hash) values ('a')");
    struct ledger_reader *reader = reader_of(uri(), 3 * IMPATIENT_MS);
    read_until(reader, LEDGER_READ);
    sql("begin; lock " TABLE " in access exclusive mode");
    const struct ledger *ledger = wait_for(reader, LEDGER_UNREADABLE);
    assert_says(ledger, "somebody holds a lock on it");
    assert_int_equal(ledger->count, 1);
    sql("commit");
    assert_int_equal(wait_for(reader, LEDGER_READ)->count, 1);
    ledger_reader_destroy(reader);
}

static void a_kept_connection_that_was_cut_is_replaced_without_a_word(void **state) {
    make_ledger();
    struct ledger_reader *reader = reader_of(uri(), PATIENT_MS);
    const struct ledger *ledger = read_now(reader);
    sql("select pg_terminate_backend(pid, 10000) from pg_stat_activity where application_name = 'migfs'");
    uint64_t request = ledger_reader_request(reader);
    while (!ledger_reader_has_read(reader, request)) {
        assert_false(turn(reader));
    }
    assert_ptr_equal(ledger_reader_ledger(reader, 0), ledger);
    ledger_reader_destroy(reader);
}

/* Not under a sanitizer, which keeps freed memory. */
static void assert_memory_is_at_most(unsigned long kibibytes) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    assert_in_range(most_memory_of_a_session(), 1, kibibytes);
#endif
}

/* A pooler can pass on notifications that another client listens for. Here a function behind the
 * ledger listens, and all 42 MB are sent before the next read. */
static void notifications_between_reads_of_a_kept_connection_are_dropped(void **state) {
    static const char ours[] =
        "select string_agg(pid::text, ' ') from pg_stat_activity where application_name = 'migfs'";
    enum { SOME_KIB = 8 << 10 };
    char before[64];
    make_ledger();
    sql("alter table " TABLE " rename to rows; insert into drizzle.rows (hash) values ('a');"
        "create function drizzle.listens() returns boolean language plpgsql as"
        " $$ begin listen jobs; return true; end $$;"
        "create view " TABLE " as select * from drizzle.rows where drizzle.listens()");
    struct ledger_reader *reader = reader_of(uri(), PATIENT_MS);
    assert_int_equal(read_now(reader)->count, 1);
    snprintf(before, sizeof(before), "%s", sql(ours));
    unsigned long memory = most_memory_of_a_session();
    sql("select count(pg_notify('jobs', number || repeat('x', 7000))) from generate_series(1, 6000) number");
    assert_string_not_equal(sql("select pg_notification_queue_usage()"), "0"); /* the session listens */
    begin_waiting();
    while (strcmp(sql("select pg_notification_queue_usage()"), "0") != 0 && may_wait(reader, "all to be sent")) {
        poll(NULL, 0, 1);
    }
    assert_int_equal(read_now(reader)->status, LEDGER_READ);
    assert_string_equal(sql(ours), before); /* the same connection */
    assert_memory_is_at_most(memory + SOME_KIB);
    ledger_reader_destroy(reader);
}

/* As behind `create database … template …`, which holds up each login to the template. */
static void a_login_that_waits_leaves_the_answer_before_for_twice_the_time(void **state) {
    struct ledger_reader_options options = options_of(IMPATIENT_MS);
    options.keeps_near = false;
    options.poll_ms = 3600000;
    make_ledger();
    struct ledger_reader *reader = reader_with(&options, uri());
    read_until(reader, LEDGER_READ);
    pid_t master = postmaster();
    kill(master, SIGSTOP);
    int64_t begun = clock_ms();
    assert_unreadable(read_now(reader), "did not accept a connection");
    assert_true(clock_ms() - begun >= 2 * IMPATIENT_MS);
    kill(master, SIGCONT);
    read_until(reader, LEDGER_READ);
    ledger_reader_destroy(reader);
}

static void a_database_of_this_machine_can_be_copied_and_dropped_between_reads(void **state) {
    struct ledger_reader_options options = options_of(PATIENT_MS);
    options.keeps_near = false;
    options.poll_ms = 3600000;
    sql("drop database if exists template_of_it");
    sql("create database template_of_it");
    struct ledger_reader *reader = reader_with(&options, uri_as("postgres", "template_of_it"));
    assert_int_equal(read_now(reader)->status, LEDGER_FRESH);
    sql("drop database if exists copy_of_it");
    sql("create database copy_of_it template template_of_it");
    assert_int_equal(read_now(reader)->status, LEDGER_FRESH);
    sql("drop database template_of_it");
    sql("drop database copy_of_it");
    ledger_reader_destroy(reader);
}

static void a_server_that_hangs_is_given_up_and_found_again(void **state) {
    make_ledger();
    sql("insert into " TABLE " (hash) values ('a')");
    struct ledger_reader *reader = reader_of(uri(), IMPATIENT_MS);
    int backend = 0;
    read_until(reader, LEDGER_READ);
    sscanf(sql("select pid from pg_stat_activity where application_name = 'migfs'"), "%d", &backend);
    assert_true(backend > 0);
    pid_t master = postmaster();
    kill(master, SIGSTOP);
    kill(backend, SIGSTOP);
    const struct ledger *ledger = wait_for(reader, LEDGER_UNREADABLE);
    assert_says(ledger, "did not answer within 0.6 s");
    assert_int_equal(ledger->count, 1);
    assert_unreadable(read_now(reader), "did not accept a connection within 0.6 s");
    kill(backend, SIGCONT);
    kill(master, SIGCONT);
    wait_for(reader, LEDGER_READ);
    ledger_reader_destroy(reader);
}

static void a_server_that_is_killed_and_restarted_is_read_again(void **state) {
    make_ledger();
    struct ledger_reader *reader = reader_of(uri(), PATIENT_MS);
    read_now(reader);
    PQfinish(admin);
    server("postgres_stop");
    assert_unreadable(wait_for(reader, LEDGER_UNREADABLE), "cannot connect to \"ledgers\" at the socket in /");
    server("postgres_start");
    connect_admin();
    wait_for(reader, LEDGER_READ);
    ledger_reader_destroy(reader);
}

static void a_server_that_comes_later_is_found(void **state) {
    char conninfo[600];
    snprintf(conninfo, sizeof(conninfo), "host='%s/later' dbname=ledgers user=postgres", cluster);
    struct ledger_reader *reader = reader_of(conninfo, PATIENT_MS);
    char path[600];
    snprintf(path, sizeof(path), "%s/later", cluster);
    assert_unreadable(read_now(reader), "No such file or directory");
    assert_int_equal(symlink(".", path), 0);
    assert_true(wait_for(reader, LEDGER_READ)->was_read);
    unlink(path);
    ledger_reader_destroy(reader);
}

int test_reading(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_database_without_schema_or_table_is_fresh),
        TEST(rows_are_read_exactly),
        TEST(a_hash_is_cut_at_the_end_of_a_character),
        TEST(columns_of_v1_are_seen_when_they_come_and_when_they_go),
        TEST(a_ledger_without_id_is_read),
        TEST(the_table_may_be_dropped_renamed_and_made_again),
        TEST(schema_and_table_may_have_any_name),
        TEST(a_created_at_that_is_no_whole_number_makes_a_ledger_unreadable),
        TEST(a_table_of_too_many_rows_is_not_fetched),
        TEST(the_same_answer_changes_nothing),
        TEST(a_change_is_seen_by_polling_alone),
        TEST(nothing_is_held_between_polls),
        TEST(a_failed_read_leaves_no_transaction_open),
        TEST(the_grants_named_are_the_grants_needed),
        TEST(a_lock_held_by_somebody_is_waited_for_only_so_long),
        TEST(a_kept_connection_that_was_cut_is_replaced_without_a_word),
        TEST(notifications_between_reads_of_a_kept_connection_are_dropped),
        TEST(a_login_that_waits_leaves_the_answer_before_for_twice_the_time),
        TEST(a_database_of_this_machine_can_be_copied_and_dropped_between_reads),
        TEST(a_server_that_hangs_is_given_up_and_found_again),
        TEST(a_server_that_is_killed_and_restarted_is_read_again),
        TEST(a_server_that_comes_later_is_found),
    };
    return cmocka_run_group_tests_name("reading", tests, NULL, NULL);
}
