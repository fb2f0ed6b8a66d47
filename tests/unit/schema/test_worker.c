/* The worker: its answers, its deaths, and its isolation from this process. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "migfs/schema/worker.h"

static int argument_count;
static char **arguments;
static struct worker_keeper *keeper_of;
static struct worker *worker;

static enum worker_progress ask(struct text sql, struct text *ret_answer) {
    worker_ask(worker, PROTOCOL_EFFECTS, sql);
    return worker_step(worker, -1, ret_answer);
}

static enum worker_progress ask_string(const char *sql) {
    struct text answer;
    return ask(text_of(sql), &answer);
}

/* `count` times `part` between `before` and `after`. */
static struct text repeated(const char *before, const char *part, size_t count, const char *after) {
    char *sql = malloc(strlen(before) + strlen(part) * count + strlen(after) + 1), *end = stpcpy(sql, before);
    for (size_t i = 0; i < count; i++) {
        end = stpcpy(end, part);
    }
    end = stpcpy(end, after);
    return (struct text){sql, (size_t)(end - sql)};
}

static enum worker_progress ask_repeated(const char *before, const char *part, size_t count, const char *after) {
    struct text sql = repeated(before, part, count, after), answer;
    enum worker_progress progress = ask(sql, &answer);
    free((char *)sql.bytes);
    return progress;
}

static int start(void **state) {
    keeper_of = worker_start(argument_count, arguments);
    worker = worker_create(keeper_of);
    return keeper_of && worker ? 0 : -1;
}

static int end(void **state) {
    worker_destroy(worker);
    worker_stop(keeper_of);
    return 0;
}

static void it_reads_sql(void **state) {
    assert_int_equal(ask_string("CREATE TABLE a (x int);--> statement-breakpoint\nCREATE TABLE b (y int);"),
                     WORKER_ANSWERED);
    assert_int_equal(ask_string(""), WORKER_ANSWERED);
    assert_int_equal(worker_count(worker), 1);
}

static void what_is_no_sql_is_refused_with_a_sentence(void **state) {
    struct text answer;
    assert_int_equal(ask(TEXT("SELECT 1;\nCREATE TABEL a (x int)"), &answer), WORKER_REFUSED);
    assert_non_null(memmem(answer.bytes, answer.length, "syntax error", 12));
}

#define BREAKPOINT "--> statement-breakpoint"

/* The runner splits the text before anything parses it. */
static void a_breakpoint_cuts_wherever_it_stands(void **state) {
    static const struct {
        const char *sql;
        enum worker_progress progress;
    } cases[] = {
        {"SELECT 1" BREAKPOINT "\nSELECT 2", WORKER_ANSWERED},
        {"SELECT 1 -- one " BREAKPOINT "\n;SELECT 2", WORKER_ANSWERED},
        {BREAKPOINT BREAKPOINT "\n;;" BREAKPOINT, WORKER_ANSWERED},
        {"SELECT 'a" BREAKPOINT "\nb'", WORKER_REFUSED},
        {"SELECT 1; SELECT $$a" BREAKPOINT "$$; SELECT 2", WORKER_REFUSED},
        {"CREATE TABLE a (x int" BREAKPOINT ", y int)", WORKER_REFUSED},
        {"SELECT 1; /* " BREAKPOINT " */ SELECT 2", WORKER_REFUSED},
        {"SELECT 1; /* " BREAKPOINT " */", WORKER_REFUSED},
        {"SELECT 1; /* " BREAKPOINT " */ ; SELECT 2", WORKER_REFUSED},
        {"SELECT 1 -- " BREAKPOINT " FROM nothing at all", WORKER_REFUSED},
        {"SELECT 1; -- " BREAKPOINT, WORKER_ANSWERED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (ask_string(cases[i].sql) != cases[i].progress) {
            fail_msg("%s", cases[i].sql);
        }
    }
}

/* Both texts have the same answer. */
static void assert_same_answer(const char *first, const char *second) {
    struct text answer;
    assert_int_equal(ask(text_of(first), &answer), WORKER_ANSWERED);
    struct text kept = {memcpy(malloc(answer.length), answer.bytes, answer.length), answer.length};
    assert_int_equal(ask(text_of(second), &answer), WORKER_ANSWERED);
    assert_true(text_equal(kept, answer));
    free((char *)kept.bytes);
}

static void a_breakpoint_is_as_good_as_a_semicolon(void **state) {
    assert_same_answer("CREATE TABLE a (x int);" BREAKPOINT "\nCREATE TABLE b (y int)",
                       "CREATE TABLE a (x int);\nCREATE TABLE b (y int)");
    assert_same_answer("DO $$ BEGIN CREATE TYPE e AS ENUM('a'); END $$" BREAKPOINT "\n\nDROP TABLE a",
                       "DO $$ BEGIN CREATE TYPE e AS ENUM('a'); END $$;\n\nDROP TABLE a");
    /* One that has to be cut into pieces. */
    assert_same_answer("SELECT 1 -- " BREAKPOINT "\n;CREATE TABLE a (x int)" BREAKPOINT "\nDROP TABLE b",
                       "SELECT 1 --\n;CREATE TABLE a (x int);\nDROP TABLE b");
    /* The same, which is only known behind its first statement. */
    assert_same_answer("CREATE TEMP TABLE a (x int);\n-- " BREAKPOINT "\nCREATE TABLE b (y int)",
                       "CREATE TEMP TABLE a (x int);\n--\nCREATE TABLE b (y int)");
}

static void a_nul_or_more_than_four_mebibytes_is_never_sent(void **state) {
    struct text answer, large = repeated("", " ", PROTOCOL_SQL_MAXIMUM + 1, "");
    assert_int_equal(ask(TEXT("SELECT\0 1"), &answer), WORKER_FAILED);
    assert_int_equal(ask(large, &answer), WORKER_FAILED);
    assert_int_equal(worker_count(worker), 0);
    assert_int_equal(ask(text_slice(large, 1, large.length), &answer), WORKER_ANSWERED);
    free((char *)large.bytes);
}

static void a_death_costs_its_own_text_alone(void **state) {
    assert_int_equal(ask_string("SELECT 1"), WORKER_ANSWERED);
    assert_int_equal(ask_repeated("SELECT 1", "+1", 400000, ""), WORKER_FAILED);
    assert_int_equal(worker_count(worker), 2); /* the text was the second worker's first */
    assert_int_equal(ask_string("SELECT 1"), WORKER_ANSWERED);
    assert_int_equal(worker_count(worker), 3);
}

static void bombs_of_stack_memory_and_time_are_failures(void **state) {
    assert_int_not_equal(ask_repeated("SELECT ", "(", 200000, "1"), WORKER_ANSWERED);
    assert_int_not_equal(ask_repeated("SELECT ", "a.", 300000, "b"), WORKER_BUSY);
    assert_int_not_equal(ask_repeated("SELECT 1", ",1", 300000, ""), WORKER_BUSY);
    assert_int_equal(ask_repeated("", "/*", 1 << 18, ""), WORKER_FAILED);
    assert_int_equal(ask_string("SELECT 1"), WORKER_ANSWERED);
}

static void garbage_is_refused(void **state) {
    uint64_t random = 1;
    for (int i = 0; i < 300; i++) {
        char garbage[257];
        for (size_t at = 0; at < sizeof garbage - 1; at++) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
            garbage[at] = (char)(1 + (random >> 33) % 255);
        }
        garbage[sizeof garbage - 1] = '\0';
        enum worker_progress progress = ask_string(garbage);
        assert_true(progress == WORKER_REFUSED || progress == WORKER_ANSWERED);
    }
    assert_int_equal(worker_count(worker), 1);
}

/* Valid SQL with some bytes changed, doubled and removed. */
static void ten_thousand_broken_texts_are_read(void **state) {
    static const char *const right[] = {
        "CREATE TABLE a (x int PRIMARY KEY, y text DEFAULT 'z', CHECK (x > 0), UNIQUE (y));",
        "ALTER TABLE a ADD CONSTRAINT b FOREIGN KEY (x) REFERENCES c (d) ON DELETE cascade;",
        "DO $$ BEGIN CREATE TYPE e AS ENUM('a'); EXCEPTION WHEN duplicate_object THEN null; END $$;",
        "CREATE INDEX CONCURRENTLY i ON a USING btree (lower(y) DESC NULLS LAST) WHERE x IS NOT NULL;",
        "/* one /* two */ */ -- three\nALTER TYPE e ADD VALUE IF NOT EXISTS 'b' BEFORE 'a';",
        "DO $x$ DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP EXECUTE format('DROP TABLE %I', r); END LOOP; END $x$",
        "CREATE POLICY p ON a FOR ALL TO public USING (true) WITH CHECK (y = current_user);",
        "CREATE FUNCTION f(a int, b text[]) RETURNS trigger AS $f$ BEGIN RETURN NEW; END $f$ LANGUAGE plpgsql;"};
    enum { TEXTS = 10000 };
    uint64_t random = 7;
    size_t given = 0, taken = 0;
    while (taken < TEXTS) {
        struct text answer;
        if (given < TEXTS && worker_has_room(worker)) {
            char text[512];
            size_t length = strlen(strcpy(text, right[given++ % (sizeof right / sizeof *right)]));
            for (int i = 0; i < 3; i++) {
                random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
                size_t at = (random >> 33) % length, byte = 1 + (random >> 20) % 255;
                if (byte % 3 == 0) {
                    memmove(text + at, text + at + 1, length-- - at);
                } else if (byte % 3 == 1 && length < sizeof text - 1) {
                    memmove(text + at + 1, text + at, ++length - at);
                } else {
                    text[at] = (char)byte;
                }
            }
            worker_ask(worker, given % 2 ? PROTOCOL_EFFECTS : PROTOCOL_TOKENS, (struct text){text, length});
            continue;
        }
        enum worker_progress progress = worker_step(worker, -1, &answer);
        assert_true(progress == WORKER_REFUSED || progress == WORKER_ANSWERED);
        taken++;
    }
    assert_int_equal(worker_count(worker), 1);
    assert_int_equal(ask_string("SELECT 1"), WORKER_ANSWERED);
}

/* ---- as the system sees it ---- */

/* The first child of a process, or 0. */
static pid_t child_of(pid_t parent) {
    char path[64];
    int child = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", parent, parent);
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%d", &child) != 1) {
        child = 0;
    }
    if (file) {
        fclose(file);
    }
    return child;
}

static size_t read_file(pid_t process, const char *name, char *ret_bytes, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", process, name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file >= 0 ? read(file, ret_bytes, size) : -1;
    close(file);
    return length > 0 ? (size_t)length : 0;
}

static void neither_arguments_nor_environment_are_there(void **state) {
    assert_int_equal(ask_string("SELECT 1"), WORKER_ANSWERED);
    pid_t keeper = child_of(getpid()), reader = child_of(keeper), both[] = {keeper, reader};
    assert_int_not_equal(reader, 0);
    for (size_t i = 0; i < 2; i++) {
        char bytes[65536];
        size_t length = read_file(both[i], "environ", bytes, sizeof bytes);
        for (size_t at = 0; at < length; at++) {
            assert_int_equal(bytes[at], 0);
        }
        length = read_file(both[i], "cmdline", bytes, sizeof bytes);
        assert_true(length > 0);
        assert_memory_equal(bytes, "migfs: reads SQL", 16);
    }
}

static void a_killed_worker_is_replaced_and_a_killed_keeper_is_not(void **state) {
    assert_int_equal(ask_string("SELECT 1"), WORKER_ANSWERED);
    pid_t keeper = child_of(getpid());
    kill(child_of(keeper), SIGKILL);
    assert_int_equal(ask_string("SELECT 2"), WORKER_ANSWERED);
    assert_int_equal(worker_count(worker), 2);
    kill(keeper, SIGKILL);
    waitpid(keeper, NULL, 0);
    assert_int_equal(ask_string("SELECT 3"), WORKER_ABSENT);
}

static void both_end_with_us(void **state) {
    int ends[2];
    pid_t found[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        struct text answer;
        struct worker *own = worker_create(worker_start(argument_count, arguments));
        worker_ask(own, PROTOCOL_EFFECTS, TEXT("SELECT 1"));
        worker_step(own, -1, &answer);
        found[0] = child_of(getpid());
        found[1] = child_of(found[0]);
        ssize_t put = write(ends[1], found, sizeof found);
        pause();
        _exit(put < 0);
    }
    assert_int_equal(read(ends[0], found, sizeof found), sizeof found);
    assert_true(found[0] > 0 && found[1] > 0);
    close(ends[1]);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    for (int i = 0; i < 500 && (kill(found[0], 0) == 0 || kill(found[1], 0) == 0); i++) {
        char state_of[256] = "";
        usleep(10000);
        /* They remain zombies if process 1 does not reap them. */
        if (read_file(found[0], "stat", state_of, sizeof state_of - 1) > 0 && strstr(state_of, ") Z ")) {
            break;
        }
    }
    char bytes[64];
    assert_int_equal(read_file(found[0], "cmdline", bytes, sizeof bytes), 0);
    assert_int_equal(read_file(found[1], "cmdline", bytes, sizeof bytes), 0);
    close(ends[0]);
}

static void it_starts_in_an_empty_root(void **state) {
    if (geteuid() != 0) {
        skip();
    }
    char root[] = "/tmp/migfs-root-XXXXXX";
    assert_non_null(mkdtemp(root));
    pid_t child = fork();
    if (child == 0) {
        struct text answer;
        bool is_in = chroot(root) == 0 && chdir("/") == 0;
        struct worker *own = worker_create(is_in ? worker_start(argument_count, arguments) : NULL);
        worker_ask(own, PROTOCOL_EFFECTS, TEXT("CREATE TABLE a (x int)"));
        _exit(worker_step(own, -1, &answer) == WORKER_ANSWERED ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    rmdir(root);
    assert_int_equal(status, 0);
}

/* For example a child stuck in the kernel on a hanging filesystem: it has our end of the socket
 * too. */
static void it_ends_though_a_copy_of_us_goes_on(void **state) {
    struct worker_keeper *keeper = worker_start(argument_count, arguments);
    assert_non_null(keeper);
    pid_t copy = fork();
    if (copy == 0) {
        pause();
        _exit(0);
    }
    worker_stop(keeper);
    kill(copy, SIGKILL);
    assert_int_equal(waitpid(copy, NULL, 0), copy);
}

/* Whoever may kill it may stop it. */
static void a_stopped_keeper_holds_up_nothing(void **state) {
    pid_t keeper = child_of(getpid());
    assert_int_equal(kill(keeper, SIGSTOP), 0);
    assert_int_equal(ask_string("SELECT 1"), WORKER_ABSENT);
    assert_int_equal(ask_string("SELECT 2"), WORKER_ABSENT);
    worker_destroy(worker);
    worker_stop(keeper_of);
    assert_int_equal(kill(keeper, 0), -1);
    start(state);
}

int main(int count, char **given) {
    argument_count = count;
    arguments = given;
    if (!worker_parser()) {
        return 0; /* built without the parser */
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_reads_sql, start, end),
        cmocka_unit_test_setup_teardown(a_breakpoint_cuts_wherever_it_stands, start, end),
        cmocka_unit_test_setup_teardown(a_breakpoint_is_as_good_as_a_semicolon, start, end),
        cmocka_unit_test_setup_teardown(what_is_no_sql_is_refused_with_a_sentence, start, end),
        cmocka_unit_test_setup_teardown(a_nul_or_more_than_four_mebibytes_is_never_sent, start, end),
        cmocka_unit_test_setup_teardown(a_death_costs_its_own_text_alone, start, end),
        cmocka_unit_test_setup_teardown(bombs_of_stack_memory_and_time_are_failures, start, end),
        cmocka_unit_test_setup_teardown(garbage_is_refused, start, end),
        cmocka_unit_test_setup_teardown(ten_thousand_broken_texts_are_read, start, end),
        cmocka_unit_test_setup_teardown(neither_arguments_nor_environment_are_there, start, end),
        cmocka_unit_test_setup_teardown(a_killed_worker_is_replaced_and_a_killed_keeper_is_not, start, end),
        cmocka_unit_test_setup_teardown(a_stopped_keeper_holds_up_nothing, start, end),
        cmocka_unit_test(it_ends_though_a_copy_of_us_goes_on),
        cmocka_unit_test(both_end_with_us),
        cmocka_unit_test(it_starts_in_an_empty_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
