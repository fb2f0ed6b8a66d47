/* Each text is read once, by one of several workers, and forgotten when it is no longer wanted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/schema/reader.h"

static struct worker_keeper *keeper;
static struct schema_reader *reader;
static struct arena *arena;

static int begin(void **state) {
    arena = arena_create();
    reader = schema_reader_create(keeper, PROTOCOL_EFFECTS, 3);
    return arena && reader ? 0 : -1;
}

static int end(void **state) {
    schema_reader_destroy(reader);
    arena_destroy(arena);
    return 0;
}

static struct text table(unsigned number) {
    return text_format(arena, "CREATE TABLE t%u (a int);", number);
}

static void want(struct text sql) {
    struct digest digest = digest_of(sql);
    struct content *content = content_create(sql);
    assert_true(schema_reader_want(reader, &digest, content));
    content_unref(content);
}

static struct effects effects_of(struct text sql) {
    struct digest digest = digest_of(sql);
    struct effects effects;
    schema_reader_effects(reader, arena, &digest, &effects);
    return effects;
}

/* Whether the first relation among the effects is this table. */
static bool makes(struct text sql, unsigned number) {
    struct effects effects = effects_of(sql);
    struct protocol_reader records = effects_begin(arena, &effects);
    struct effect effect = {0};
    bool is_there = effects.status == EFFECTS_KNOWN;
    while (is_there && effect.kind != EFFECT_RELATION) {
        is_there = effects_next(&records, &effect);
    }
    return is_there && text_equal(effect.fields[1], text_format(arena, "t%u", number));
}

static void want_tables(unsigned from, unsigned to) {
    schema_reader_begin(reader);
    for (unsigned i = from; i < to; i++) {
        want(table(i));
    }
    schema_reader_end(reader);
}

static void each_of_many_has_its_own_answer(void **state) {
    want_tables(0, 1000);
    assert_int_equal(effects_of(table(5)).status, EFFECTS_PENDING);
    assert_true(schema_reader_step(reader, -1));
    assert_true(schema_reader_is_done(reader));
    for (unsigned i = 0; i < 1000; i++) {
        assert_true(makes(table(i), i));
    }
    assert_int_equal(schema_reader_asked(reader), 1000);
}

static void an_edited_file_costs_one_reading(void **state) {
    want_tables(0, 50);
    schema_reader_step(reader, -1);
    want_tables(1, 51);
    assert_false(schema_reader_is_done(reader));
    schema_reader_step(reader, -1);
    assert_int_equal(schema_reader_asked(reader), 51);
    assert_true(makes(table(50), 50));
    assert_int_equal(effects_of(table(0)).status, EFFECTS_PENDING); /* forgotten */
    want_tables(1, 51);
    assert_true(schema_reader_is_done(reader));
}

static void one_text_in_two_files_is_read_once(void **state) {
    schema_reader_begin(reader);
    want(table(1));
    want(table(1));
    schema_reader_end(reader);
    schema_reader_step(reader, -1);
    assert_int_equal(schema_reader_asked(reader), 1);
}

/* A text that is forgotten while a worker reads it does not disturb the others. */
static void what_is_wanted_may_change_at_any_time(void **state) {
    for (unsigned i = 0; i < 200; i++) {
        want_tables(i * 10, i * 10 + 100);
        schema_reader_step(reader, 0);
    }
    schema_reader_step(reader, -1);
    assert_true(schema_reader_is_done(reader));
    for (unsigned i = 1990; i < 2090; i++) {
        assert_true(makes(table(i), i));
    }
}

/* As long as something is left to read, the awaited descriptors become ready. */
static void who_waits_for_what_is_awaited_is_woken(void **state) {
    schema_reader_begin(reader);
    for (unsigned i = 0; i < 3000; i++) {
        want(i % 100 == 99 ? text_format(arena, "SELECT %u%c", i, '\0') : table(i));
    }
    schema_reader_end(reader);
    for (schema_reader_step(reader, 0); !schema_reader_is_done(reader); schema_reader_step(reader, 0)) {
        struct pollfd awaited[SCHEMA_READER_WORKERS];
        size_t count = schema_reader_awaited(reader, awaited);
        assert_int_not_equal(count, 0);
        assert_true(poll(awaited, count, 60000) > 0);
    }
    assert_true(makes(table(2998), 2998));
}

#ifndef MIGFS_SANITIZED /* it would report the worker's death as a failure of the test */
static void a_text_that_kills_costs_itself_alone(void **state) {
    struct buffer bomb = BUFFER(arena);
    buffer_add_string(&bomb, "SELECT 1");
    for (int i = 0; i < 400000; i++) {
        buffer_add_string(&bomb, "+1");
    }
    schema_reader_begin(reader);
    for (unsigned i = 0; i < 40; i++) {
        want(i == 7 ? buffer_text(&bomb) : i == 9 ? TEXT("no SQL") : table(i));
    }
    schema_reader_end(reader);
    schema_reader_step(reader, -1);
    assert_int_equal(effects_of(buffer_text(&bomb)).status, EFFECTS_FAILED);
    assert_int_equal(effects_of(TEXT("no SQL")).status, EFFECTS_REFUSED);
    for (unsigned i = 0; i < 40; i++) {
        assert_true(i == 7 || i == 9 || makes(table(i), i));
    }
    want_tables(0, 1);
    schema_reader_rest(reader);
    assert_true(schema_reader_is_done(reader));
}
#endif

/* ---- texts that are late ---- */

enum { LATE_TEXTS = 8 };

static struct content *late[LATE_TEXTS];
static bool is_late[LATE_TEXTS];
static unsigned tries;

static bool read_nothing(void *context, char *bytes, size_t size, size_t offset, struct error *error) {
    return error_set(error, ERROR_SYSTEM, "not by this thread");
}

static bool hold_table(void *context, struct content *content, struct error *error) {
    for (unsigned i = 0; i < LATE_TEXTS; i++) {
        if (late[i] == content && !is_late[i]) {
            content_hold(content, strndup(table(i).bytes, table(i).length));
            return true;
        }
    }
    tries++;
    return error_set(error, ERROR_LATE, "later");
}

static const struct content_reader late_reader = {hold_table, NULL};

static int begin_late(void **state) {
    static const struct content_source source = {read_nothing, NULL};
    for (unsigned i = 0; i < LATE_TEXTS; i++) {
        late[i] = content_create_on_demand(table(i).length, &source, NULL);
        is_late[i] = true;
    }
    content_set_reader(&late_reader);
    return 0;
}

static int end_late(void **state) {
    content_set_reader(NULL);
    for (unsigned i = 0; i < LATE_TEXTS; i++) {
        content_unref(late[i]);
    }
    return end(state);
}

static int begin_with_late(void **state) {
    return begin(state) == 0 ? begin_late(state) : -1;
}

static void want_late(unsigned count) {
    schema_reader_begin(reader);
    for (unsigned i = 0; i < count; i++) {
        struct digest digest = digest_of(table(i));
        assert_true(schema_reader_want(reader, &digest, late[i]));
    }
    want(table(100));
    schema_reader_end(reader);
}

static void a_late_text_is_asked_for_again_and_others_do_not_wait_for_it(void **state) {
    want_late(2);
    assert_true(schema_reader_step(reader, -1)); /* the other one */
    assert_true(makes(table(100), 100));
    assert_false(schema_reader_is_done(reader));
    assert_false(schema_reader_step(reader, -1));
    assert_int_equal(effects_of(table(0)).status, EFFECTS_PENDING);
    is_late[1] = false;
    assert_true(schema_reader_step(reader, -1));
    assert_true(makes(table(1), 1));
    assert_int_equal(effects_of(table(0)).status, EFFECTS_PENDING);
    is_late[0] = false;
    assert_true(schema_reader_step(reader, -1));
    assert_true(makes(table(0), 0));
    assert_true(schema_reader_is_done(reader));
}

static void a_silent_text_is_unknown_until_it_arrives(void **state) {
    want_late(1);
    schema_reader_step(reader, -1);
    assert_false(schema_reader_is_done(reader));
    content_set_silence(late[0], 5);
    assert_true(schema_reader_is_done(reader));
    assert_int_equal(effects_of(table(0)).status, EFFECTS_FAILED);
    assert_true(text_is(effects_of(table(0)).reason, "its file has not answered for 5 seconds"));
    content_set_silence(late[0], 0);
    is_late[0] = false;
    assert_false(schema_reader_is_done(reader));
    assert_true(schema_reader_step(reader, -1));
    assert_true(makes(table(0), 0));
}

/* What reads them keeps what it has read. Those that are silent do not count. */
static void few_texts_are_late_at_a_time(void **state) {
    want_late(LATE_TEXTS);
    tries = 0;
    schema_reader_step(reader, 0);
    assert_int_equal(tries, 4);
    content_set_silence(late[0], 1);
    content_set_silence(late[3], 1);
    tries = 0;
    schema_reader_step(reader, 0);
    assert_int_equal(tries, 6);
}

static void a_late_text_is_forgotten_like_others(void **state) {
    want_late(2);
    schema_reader_step(reader, -1);
    want_tables(100, 101);
    assert_true(schema_reader_is_done(reader));
    want_late(1);
    is_late[0] = false;
    schema_reader_step(reader, -1);
    assert_true(makes(table(0), 0));
}

static void a_text_that_is_too_large_is_not_read(void **state) {
    content_unref(late[0]);
    static const struct content_source source = {read_nothing, NULL};
    late[0] = content_create_on_demand(PROTOCOL_SQL_MAXIMUM + 1, &source, NULL);
    want_late(1);
    tries = 0;
    schema_reader_step(reader, -1);
    assert_int_equal(effects_of(table(0)).status, EFFECTS_FAILED);
    assert_int_equal(tries, 0);
}

static void without_a_keeper_all_is_unknown_at_once(void **state) {
    schema_reader_destroy(reader);
    reader = schema_reader_create(NULL, PROTOCOL_EFFECTS, 2);
    want_tables(0, 3000);
    assert_true(schema_reader_step(reader, 0));
    assert_true(schema_reader_is_done(reader));
    assert_int_equal(effects_of(table(2999)).status, EFFECTS_FAILED);
    assert_true(text_is(effects_of(table(2999)).reason, "no process could be started to parse it"));
}

int main(int count, char **arguments) {
    if (!worker_parser()) {
        return 0; /* built without the parser */
    }
    keeper = worker_start(count, arguments);
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_of_many_has_its_own_answer, begin, end),
        cmocka_unit_test_setup_teardown(an_edited_file_costs_one_reading, begin, end),
        cmocka_unit_test_setup_teardown(one_text_in_two_files_is_read_once, begin, end),
        cmocka_unit_test_setup_teardown(what_is_wanted_may_change_at_any_time, begin, end),
        cmocka_unit_test_setup_teardown(who_waits_for_what_is_awaited_is_woken, begin, end),
#ifndef MIGFS_SANITIZED
        cmocka_unit_test_setup_teardown(a_text_that_kills_costs_itself_alone, begin, end),
#endif
        cmocka_unit_test_setup_teardown(a_late_text_is_asked_for_again_and_others_do_not_wait_for_it, begin_with_late,
                                        end_late),
        cmocka_unit_test_setup_teardown(a_silent_text_is_unknown_until_it_arrives, begin_with_late, end_late),
        cmocka_unit_test_setup_teardown(few_texts_are_late_at_a_time, begin_with_late, end_late),
        cmocka_unit_test_setup_teardown(a_late_text_is_forgotten_like_others, begin_with_late, end_late),
        cmocka_unit_test_setup_teardown(a_text_that_is_too_large_is_not_read, begin_with_late, end_late),
        cmocka_unit_test_setup_teardown(without_a_keeper_all_is_unknown_at_once, begin, end),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    worker_stop(keeper);
    return failed;
}
