/* The reader against a real server; `run` beside this starts one and sets MIGFS_TEST_PGHOST, MIGFS_TEST_PGBOUNCER (the folders of
 * their sockets) and MIGFS_TEST_LIBRARY. Nothing here is decided by how long something takes: a test waits for what must come
 * about and gives up after LIMIT_S. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <dirent.h>
#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "migfs/ledger_reader.h"

enum { LIMIT_S = 60, POLL_MS = 50, PATIENT_MS = 20000, IMPATIENT_MS = 600 };

static const char *cluster;
static PGconn *admin; /* to database "ledgers" */

/* ---- the server's side ---- */

static PGconn *connect_to(const char *host, const char *port, const char *database) {
    const char *keywords[] = {"host", "port", "dbname", "user", NULL};
    const char *values[] = {host, port, database, "postgres", NULL};
    PGconn *pg = PQconnectdbParams(keywords, values, 0);
    if (PQstatus(pg) != CONNECTION_OK) {
        fail_msg("%s", PQerrorMessage(pg));
    }
    return pg;
}

static void ignore_notice(void *context, const char *message) {
}

/* Returns the first value, valid until the next call. */
static const char *query(PGconn *pg, const char *sql) {
    static char value[256];
    PGresult *result = PQexec(pg, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        fail_msg("%s: %s", sql, PQerrorMessage(pg));
    }
    snprintf(value, sizeof(value), "%s", PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return value;
}

static const char *sql(const char *text) {
    return query(admin, text);
}

static void connect_admin(void) {
    admin = connect_to(cluster, "5432", "ledgers");
    PQsetNoticeProcessor(admin, ignore_notice, NULL);
}

static void server(const char *command) {
    char line[1024];
    snprintf(line, sizeof(line), "bash -c '. \"%s\"; %s \"%s\"'", getenv("MIGFS_TEST_LIBRARY"), command, cluster);
    assert_int_equal(system(line), 0);
}

static pid_t postmaster(void) {
    char path[512];
    int pid = 0;
    snprintf(path, sizeof(path), "%s/data/postmaster.pid", cluster);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%d", &pid), 1);
    fclose(file);
    return pid;
}

#define TABLE "drizzle.__drizzle_migrations"

/* As drizzle-orm makes it. */
static void make_ledger(void) {
    sql("drop schema if exists drizzle cascade; create schema drizzle; create table " TABLE
        " (id serial primary key, hash text not null, created_at bigint)");
}

/* ---- our side ---- */

static char notices[2048];

static void keep_notice(void *context, const char *sentence) {
    strncat(notices, sentence, sizeof(notices) - strlen(notices) - 1);
}

static struct ledger_reader_options options_of(unsigned timeout_ms) {
    return (struct ledger_reader_options){.schema = "drizzle",
                                          .table = "__drizzle_migrations",
                                          .timeout_ms = timeout_ms,
                                          .poll_ms = POLL_MS,
                                          .connections = 100};
}

static struct ledger_reader *reader_with(const struct ledger_reader_options *options, const char *conninfo) {
    const struct ledger_reader_database database = {"staging", conninfo};
    struct error error;
    notices[0] = '\0';
    struct ledger_reader *reader = ledger_reader_create(options, &database, 1, keep_notice, NULL, &error);
    if (!reader) {
        fail_msg("%s", error.sentence);
    }
    return reader;
}

static const char *uri_as(const char *user, const char *database) {
    static char uri[512];
    snprintf(uri, sizeof(uri), "postgresql:///%s?host=%s&user=%s", database, cluster, user);
    return uri;
}

/* A folder as the host of a URI. */
static const char *as_host(const char *folder) {
    static char host[512];
    char *end = host;
    for (; *folder != '\0'; folder++) {
        end = *folder == '/' ? stpcpy(end, "%2F") : (*end = *folder, end + 1);
    }
    *end = '\0';
    return host;
}

static const char *uri(void) {
    return uri_as("postgres", "ledgers");
}

static struct ledger_reader *reader_of(const char *conninfo, unsigned timeout_ms) {
    struct ledger_reader_options options = options_of(timeout_ms);
    return reader_with(&options, conninfo);
}

/* Waits once, as the owner of a reader does. Returns true when a ledger has changed. */
static bool turn(struct ledger_reader *reader) {
    struct pollfd ready = {.fd = ledger_reader_descriptor(reader), .events = POLLIN};
    int wait = ledger_reader_wait_ms(reader);
    assert_true(poll(&ready, 1, wait) >= 0);
    return ledger_reader_step(reader);
}

static time_t limit;

static void begin_waiting(void) {
    limit = time(NULL) + LIMIT_S;
}

static bool may_wait(const struct ledger_reader *reader, const char *for_what) {
    if (time(NULL) > limit) {
        fail_msg("waited in vain for %s; the reason of the first is: %s", for_what,
                 ledger_reader_ledger(reader, 0)->reason.bytes);
    }
    return true;
}

/* A whole read, begun after this call. */
static const struct ledger *read_now(struct ledger_reader *reader) {
    uint64_t request = ledger_reader_request(reader);
    begin_waiting();
    while (!ledger_reader_has_read(reader, request) && may_wait(reader, "a read")) {
        turn(reader);
    }
    return ledger_reader_ledger(reader, 0);
}

/* By polls alone. */
static const struct ledger *wait_for(struct ledger_reader *reader, enum ledger_status status) {
    begin_waiting();
    while (ledger_reader_ledger(reader, 0)->status != status && may_wait(reader, "a status")) {
        turn(reader);
    }
    return ledger_reader_ledger(reader, 0);
}

static void assert_says(const struct ledger *ledger, const char *part) {
    if (!strstr(ledger->reason.bytes, part)) {
        fail_msg("`%s` does not say `%s`", ledger->reason.bytes, part);
    }
    assert_null(strchr(ledger->reason.bytes, '\n'));
}

static void assert_unreadable(const struct ledger *ledger, const char *part) {
    assert_int_equal(ledger->status, LEDGER_UNREADABLE);
    assert_says(ledger, part);
}

/* Reads once; expects to be told this. */
static void assert_read_fails(const char *conninfo, const char *part) {
    struct ledger_reader *reader = reader_of(conninfo, PATIENT_MS);
    assert_unreadable(read_now(reader), part);
    ledger_reader_destroy(reader);
}

static size_t count_descriptors(void) {
    size_t count = 0;
    DIR *directory = opendir("/proc/self/fd");
    while (readdir(directory)) {
        count++;
    }
    closedir(directory);
    return count;
}

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
    assert_unreadable(read_now(reader), "holds more than 200000 rows");
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
    struct ledger_reader *reader = reader_of(uri(), IMPATIENT_MS);
    read_now(reader);
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

static void a_server_that_hangs_is_given_up_and_found_again(void **state) {
    make_ledger();
    sql("insert into " TABLE " (hash) values ('a')");
    struct ledger_reader *reader = reader_of(uri(), IMPATIENT_MS);
    int backend = 0;
    read_now(reader);
    sscanf(sql("select pid from pg_stat_activity where application_name = 'migfs'"), "%d", &backend);
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
    assert_read_fails(uri_as("asked", "ledgers"), "asks user \"asked\" for a password, and none is given");
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
        const struct ledger_reader_database database = {"staging", wrong[i]};
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
    assert_string_equal(notices, "database staging: parameters of other libraries are left out: schema, "
                                 "connection_limit, options");
    assert_true(read_now(reader)->was_read);
    ledger_reader_destroy(reader);
    snprintf(conninfo, sizeof(conninfo), "host=%s dbname=ledgers user=postgres options='-c x.y=z'", cluster);
    reader = reader_of(conninfo, PATIENT_MS);
    assert_non_null(strstr(notices, "options"));
    ledger_reader_destroy(reader);
}

/* ---- silent and dead servers ---- */

/* A socket that listens on a port of its own. With `is_full` its queue is full, so the kernel drops what asks to connect; without,
 * it accepts and never answers. */
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

static struct ledger_reader *reader_of_many(size_t count, unsigned connections, unsigned timeout_ms, size_t dead,
                                            const char *dead_conninfo) {
    struct ledger_reader_database *databases = calloc(count, sizeof(*databases));
    char(*names)[24] = calloc(count, sizeof(*names));
    for (size_t i = 0; i < count; i++) {
        snprintf(names[i], sizeof(names[i]), "d%zu", i);
        databases[i] = (struct ledger_reader_database){names[i], i < dead ? dead_conninfo : uri()};
    }
    struct ledger_reader_options options = options_of(timeout_ms);
    options.connections = connections;
    struct error error;
    struct ledger_reader *reader = ledger_reader_create(&options, databases, count, NULL, NULL, &error);
    assert_non_null(reader);
    free(names);
    free(databases);
    return reader;
}

static size_t count_status(const struct ledger_reader *reader, enum ledger_status status) {
    size_t count = 0;
    for (size_t i = 0; i < ledger_reader_count(reader); i++) {
        count += ledger_reader_ledger(reader, i)->status == status;
    }
    return count;
}

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
    struct ledger_reader *reader = reader_of_many(MANY, 100, PATIENT_MS, 1, conninfo);
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

static void more_databases_than_connections_take_turns(void **state) {
    make_ledger();
    struct ledger_reader *reader = reader_of_many(MANY, 4, PATIENT_MS, 0, NULL);
    uint64_t request = ledger_reader_request(reader);
    begin_waiting();
    while (!ledger_reader_has_read(reader, request) && may_wait(reader, "everyone's turn")) {
        turn(reader);
        const char *open = sql("select count(*) from pg_stat_activity where application_name = 'migfs'");
        assert_true(atoi(open) <= 8); /* 4 of ours, and those that the server has not buried yet */
    }
    assert_int_equal(count_status(reader, LEDGER_READ), MANY);
    ledger_reader_destroy(reader);
}

static void the_dead_hold_half_the_connections_at_most(void **state) {
    struct silent silent = silent_create(true);
    char conninfo[200];
    make_ledger();
    snprintf(conninfo, sizeof(conninfo), "postgres://u:p@127.0.0.1:%d/x", silent.port);
    struct ledger_reader *reader = reader_of_many(10, 4, IMPATIENT_MS, 6, conninfo);
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

static void at_rest_only_the_poll_wakes(void **state) {
    make_ledger();
    struct ledger_reader_options options = options_of(PATIENT_MS);
    options.poll_ms = 3600000;
    struct ledger_reader *reader = reader_with(&options, uri());
    read_now(reader);
    int wait = ledger_reader_wait_ms(reader);
    struct pollfd ready = {.fd = ledger_reader_descriptor(reader), .events = POLLIN};
    assert_true(wait > 3500000 && wait <= 3600000);
    assert_int_equal(poll(&ready, 1, 0), 0);
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

static int check_descriptors_before(void **state) {
    *state = (void *)count_descriptors();
    return 0;
}

/* A look-up's thread may take a moment longer to let go of its own. */
static int check_descriptors_after(void **state) {
    begin_waiting();
    while (count_descriptors() != (size_t)*state) {
        if (time(NULL) > limit) {
            return -1;
        }
        poll(NULL, 0, 1);
    }
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, check_descriptors_before, check_descriptors_after)

int main(void) {
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
        TEST(a_server_that_hangs_is_given_up_and_found_again),
        TEST(a_server_that_is_killed_and_restarted_is_read_again),
        TEST(a_server_that_comes_later_is_found),
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
        TEST(more_databases_than_connections_take_turns),
        TEST(the_dead_hold_half_the_connections_at_most),
        TEST(a_request_is_met_by_a_read_that_began_after_it),
        TEST(at_rest_only_the_poll_wakes),
        TEST(a_pooler_in_transaction_mode_notices_nothing),
        TEST(two_readers_share_one_pooled_connection),
    };
    cluster = getenv("MIGFS_TEST_PGHOST");
    if (!cluster || !getenv("MIGFS_TEST_PGBOUNCER") || !getenv("MIGFS_TEST_LIBRARY")) {
        fprintf(stderr, "start this by tests/ledger/run\n");
        return 77;
    }
    PGconn *first = connect_to(cluster, "5432", "postgres");
    query(first, "drop database if exists ledgers");
    query(first, "create database ledgers");
    PQfinish(first);
    connect_admin();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    PQfinish(admin);
    return failed;
}
