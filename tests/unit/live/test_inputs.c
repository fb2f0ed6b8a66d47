/* When what is read again counts as changed; every way that reading can fail is
 * test_inputs_memory's. */
#include "folder.h"

#include <poll.h>

#include "driver.h"
#include "migfs/live/inputs.h"
#include "migfs/schema/reader.h"
#include "migfs/util/clock.h"

static bool parser_hangs;
static int64_t ahead; /* of the true clock, in milliseconds: the time that waits would have taken meanwhile */
static unsigned parsed_effects, waits, waits_hanging; /* the hanging parser goes on after so many; 0: never */
static size_t more_read;                              /* texts that count as read */

/* ---- before the real ones; the names are the linker's ---- */

bool __real_schema_reader_step(struct schema_reader *reader, int wait_ms);
bool __wrap_schema_reader_step(struct schema_reader *reader, int wait_ms);
size_t __real_schema_reader_read(const struct schema_reader *reader);
size_t __wrap_schema_reader_read(const struct schema_reader *reader);
void __real_worker_ask(struct worker *worker, enum protocol_request kind, struct text sql);
void __wrap_worker_ask(struct worker *worker, enum protocol_request kind, struct text sql);
int64_t __real_clock_ms(void);
int64_t __wrap_clock_ms(void);
int __real_poll(struct pollfd *descriptors, nfds_t count, int timeout);
int __wrap_poll(struct pollfd *descriptors, nfds_t count, int timeout);

size_t __wrap_schema_reader_read(const struct schema_reader *reader) {
    return __real_schema_reader_read(reader) + more_read;
}

bool __wrap_schema_reader_step(struct schema_reader *reader, int wait_ms) {
    return !parser_hangs && __real_schema_reader_step(reader, wait_ms);
}

void __wrap_worker_ask(struct worker *worker, enum protocol_request kind, struct text sql) {
    parsed_effects += kind == PROTOCOL_EFFECTS;
    __real_worker_ask(worker, kind, sql);
}

int64_t __wrap_clock_ms(void) {
    return __real_clock_ms() + ahead;
}

int __wrap_poll(struct pollfd *descriptors, nfds_t count, int timeout) {
    if (!parser_hangs) {
        return __real_poll(descriptors, count, timeout);
    }
    assert_true(timeout >= 0);
    ahead += timeout;
    waits++;
    parser_hangs = waits != waits_hanging;
    return __real_poll(descriptors, count, 0);
}

static void find_state(void *context, struct arena *arena, const struct view *view) {
    (void)arena;
    *(enum state *)context = join_find(view->join, TEXT("0001_b"))->state;
}

/* Of 0001_b. */
static enum state state_now(struct inputs *inputs) {
    enum state state = STATE_COUNT;
    struct error error;
    assert_true(inputs_view(inputs, find_state, &state, &error));
    return state;
}

static bool scan_again(struct inputs *inputs) {
    bool is_changed = false;
    struct error error;
    assert_true(inputs_scan(inputs, &is_changed, &error));
    return is_changed;
}

static void write_rules(const char *path, const char *text) {
    FILE *stream = fopen(path, "we");
    assert_non_null(stream);
    fputs(text, stream);
    fclose(stream);
}

static void a_named_rules_file_is_read_at_each_scan_and_holds_while_it_cannot_be(void **state) {
    struct folder *folder = *state;
    struct error error;
    char *rules = beside(folder, "rules");
    struct inputs_options options = {.source = folder->path, .rules_file = rules};
    put(folder, "0000_a.sql", "select 1;");
    put(folder, "0001_b.sql", "select 2;");
    write_rules(rules, "exclude 0001_*\n");
    struct inputs *inputs = inputs_create(&options, NULL, NULL, &error);
    assert_non_null(inputs);
    assert_true(scan_again(inputs));
    assert_int_equal(state_now(inputs), STATE_EXCLUDED);
    assert_false(scan_again(inputs));

    write_rules(rules, "exclude 0009_*\n");
    assert_true(scan_again(inputs));
    assert_int_equal(state_now(inputs), STATE_UNJOURNALED);

    write_rules(rules, "exclude 0001_b\n");
    assert_true(scan_again(inputs));
    assert_int_equal(unlink(rules), 0);
    assert_false(scan_again(inputs));
    assert_int_equal(state_now(inputs), STATE_EXCLUDED);
    inputs_destroy(inputs);
}

static void a_named_rules_file_that_was_never_read_is_an_error(void **state) {
    struct folder *folder = *state;
    struct error error;
    bool is_changed;
    struct inputs_options options = {.source = folder->path, .rules_file = beside(folder, "rules")};
    struct inputs *inputs = inputs_create(&options, NULL, NULL, &error);
    assert_non_null(inputs);
    assert_false(inputs_scan(inputs, &is_changed, &error));
    assert_non_null(strstr(error.sentence, "/rules cannot be read"));
    inputs_destroy(inputs);
}

static void the_rules_of_the_folder_go_with_their_file(void **state) {
    struct folder *folder = *state;
    struct error error;
    struct inputs_options options = {.source = folder->path};
    put(folder, "0001_b.sql", "select 2;");
    put(folder, ".migfs", "exclude 0001_*\n");
    struct inputs *inputs = inputs_create(&options, NULL, NULL, &error);
    assert_non_null(inputs);
    assert_true(scan_again(inputs));
    assert_int_equal(state_now(inputs), STATE_EXCLUDED);
    assert_int_equal(unlink(in_folder(folder, ".migfs")), 0);
    assert_true(scan_again(inputs));
    assert_int_equal(state_now(inputs), STATE_UNJOURNALED);
    inputs_destroy(inputs);
}

static void note_read(void *context, struct arena *arena, const struct view *view) {
    char *read = context;
    for (size_t i = 0; i < view->join->count; i++) {
        read[i] = view->effects->own[i].effects.status == EFFECTS_PENDING ? '-' : 'x';
    }
}

/* The files that a parser was asked to read: "x-x", in their order. */
static const char *parsed(struct folder *folder, bool only_problems, bool has_database) {
    static const struct ledger_reader_database database = {.name = "db", .conninfo = "0"};
    static char read[8];
    struct error error;
    struct inputs_options options = {
        .source = folder->path,
        .databases = &database,
        .database_count = has_database,
        .reader = {.drivers = fake_drivers, .schema = "s", .table = "t", .timeout_ms = FAKE_TIMEOUT_MS},
        .only_problems = only_problems,
        .effects_wait_ms = -1};
    memset(read, 0, sizeof read);
    struct inputs *inputs = inputs_create(&options, NULL, NULL, &error);
    assert_non_null(inputs);
    assert_true(inputs_read_all(inputs, &error));
    assert_true(inputs_view(inputs, note_read, read, &error));
    inputs_destroy(inputs);
    return read;
}

static void without_a_database_only_what_problems_above_notes_need_is_parsed(void **state) {
    struct folder *folder = *state;
    if (!worker_parser()) {
        return;
    }
    put(folder, "0000_a.sql", "create table a (x int);");
    put(folder, "0001_b.sql", "create table b (x int);");
    put(folder, "0002_c.sql", "create table a (x integer);");
    assert_string_equal(parsed(folder, true, false), "x-x");
    assert_string_equal(parsed(folder, false, false), "xxx");
    assert_string_equal(parsed(folder, true, true), "xxx");
}

/* The databases have answered by then, and what they say is shown. */
static void the_first_view_waits_only_so_long_for_effects(void **state) {
    struct folder *folder = *state;
    struct error error;
    char read[8] = "";
    struct inputs_options options = {.source = folder->path, .effects_wait_ms = 1000};
    if (!worker_parser()) {
        return;
    }
    put(folder, "0000_a.sql", "create table a (x int);");
    put(folder, "0001_b.sql", "create table b (x int);");
    struct inputs *inputs = inputs_create(&options, NULL, NULL, &error);
    assert_non_null(inputs);
    parser_hangs = true;
    ahead = 0;
    waits = 0;
    assert_true(inputs_read_all(inputs, &error));
    assert_in_range(ahead, 1, 1000);
    assert_int_equal(waits, 1);
    assert_false(inputs_has_effects(inputs));
    assert_true(inputs_view(inputs, note_read, read, &error));
    assert_string_equal(read, "--");
    parser_hangs = false;
    assert_true(inputs_read_effects(inputs, -1));
    assert_true(inputs_view(inputs, note_read, read, &error));
    assert_string_equal(read, "xx");
    inputs_destroy(inputs);
}

static struct inputs *create_with_large_database(const struct folder *folder, int effects_wait_ms) {
    const struct ledger_reader_database database = {.name = "db", .conninfo = "0"};
    const struct inputs_options options = {.source = folder->path,
                                           .databases = &database,
                                           .database_count = 1,
                                           .reader = {.drivers = fake_drivers,
                                                      .schema = "s",
                                                      .table = "t",
                                                      .timeout_ms = FAKE_TIMEOUT_MS,
                                                      .poll_ms = 3600000},
                                           .effects_wait_ms = effects_wait_ms};
    struct error error;
    memset(fakes, 0, sizeof fakes);
    fakes[0].is_large = true;
    struct inputs *inputs = inputs_create(&options, NULL, NULL, &error);
    assert_non_null(inputs);
    return inputs;
}

/* Whether the SQL is read before it answers, or after it. */
static void the_catalogs_of_a_large_database_are_read_once_at_the_beginning(void **state) {
    struct folder *folder = *state;
    struct error error;
    if (!worker_parser()) {
        return;
    }
    put(folder, "0000_a.sql", "create table a (x int);");
    for (waits_hanging = 0; waits_hanging <= 10; waits_hanging += 10) {
        struct inputs *inputs = create_with_large_database(folder, -1);
        parser_hangs = waits_hanging > 0;
        waits = 0;
        assert_true(inputs_read_all(inputs, &error));
        assert_int_equal(fakes[0].catalogs, 1);
        assert_int_equal(fakes[0].begun, waits_hanging > 0 ? 2 : 1);
        assert_non_null(ledger_reader_catalog(inputs_reader(inputs), 0));
        inputs_destroy(inputs);
    }
    waits_hanging = 0;
}

static void a_large_database_is_shown_without_catalogs_until_the_sql_is_read(void **state) {
    struct folder *folder = *state;
    struct error error;
    if (!worker_parser()) {
        return;
    }
    put(folder, "0000_a.sql", "create table a (x int);");
    struct inputs *inputs = create_with_large_database(folder, 1000);
    parser_hangs = true;
    assert_true(inputs_read_all(inputs, &error));
    struct ledger_reader *reader = inputs_reader(inputs);
    assert_int_equal(ledger_reader_ledger(reader, 0)->status, LEDGER_READ);
    assert_null(ledger_reader_catalog(reader, 0));
    assert_int_equal(inputs_request_names(inputs), 0);
    parser_hangs = false;
    assert_true(inputs_read_effects(inputs, -1));
    uint64_t request = inputs_request_names(inputs);
    while (!ledger_reader_has_read(reader, request)) {
        ledger_reader_step(reader);
    }
    assert_non_null(ledger_reader_catalog(reader, 0));
    assert_int_equal(fakes[0].catalogs, 1);
    inputs_destroy(inputs);
}

/* What is shown of two files while a third is being read, with so many more that are read. */
static const char *shown_with(struct folder *folder, size_t more, bool was_shown) {
    static char read[8];
    struct error error;
    struct inputs_options options = {.source = folder->path, .effects_wait_ms = 1000};
    put(folder, "0000_a.sql", "create table a (x int);");
    put(folder, "0001_b.sql", "create table b (x int);");
    struct inputs *inputs = inputs_create(&options, NULL, NULL, &error);
    assert_non_null(inputs);
    assert_true(inputs_read_all(inputs, &error));
    assert_true(inputs_has_effects(inputs));
    memset(read, 0, sizeof read);
    more_read = more;
    if (was_shown) {
        assert_true(inputs_view(inputs, note_read, read, &error));
        assert_string_equal(read, "xx");
    }
    parser_hangs = true;
    put(folder, "0002_c.sql", "create table c (x int);");
    assert_true(scan_again(inputs));
    assert_true(inputs_view(inputs, note_read, read, &error));
    parser_hangs = false;
    inputs_destroy(inputs);
    assert_int_equal(unlink(in_folder(folder, "0002_c.sql")), 0);
    more_read = 0;
    return read;
}

static void the_first_view_of_many_shows_the_effects_of_all_or_of_none(void **state) {
    if (!worker_parser()) {
        return;
    }
    assert_string_equal(shown_with(*state, 0, false), "xx-");
    assert_string_equal(shown_with(*state, 998, false), "xx-");
    assert_string_equal(shown_with(*state, 999, false), "---");
    assert_string_equal(shown_with(*state, 999, true), "xx-");
}

static void one_edited_file_costs_one_parse(void **state) {
    struct folder *folder = *state;
    struct error error;
    struct inputs_options options = {.source = folder->path, .effects_wait_ms = -1};
    if (!worker_parser()) {
        return;
    }
    put(folder, "0000_a.sql", "create table a (x int);");
    put(folder, "0001_b.sql", "create table b (x int);");
    put(folder, "0002_c.sql", "create table c (x int);");
    struct inputs *inputs = inputs_create(&options, NULL, NULL, &error);
    assert_non_null(inputs);
    parsed_effects = 0;
    assert_true(inputs_read_all(inputs, &error));
    assert_int_equal(parsed_effects, 3);
    put(folder, "0001_b.sql", "create table b (x int, y int);");
    assert_true(scan_again(inputs));
    assert_true(inputs_read_effects(inputs, -1));
    assert_int_equal(parsed_effects, 4);
    assert_false(scan_again(inputs));
    assert_true(inputs_has_effects(inputs));
    inputs_destroy(inputs);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(a_named_rules_file_is_read_at_each_scan_and_holds_while_it_cannot_be),
        folder_test(a_named_rules_file_that_was_never_read_is_an_error),
        folder_test(the_rules_of_the_folder_go_with_their_file),
        folder_test(without_a_database_only_what_problems_above_notes_need_is_parsed),
        folder_test(the_first_view_waits_only_so_long_for_effects),
        folder_test(the_catalogs_of_a_large_database_are_read_once_at_the_beginning),
        folder_test(a_large_database_is_shown_without_catalogs_until_the_sql_is_read),
        folder_test(the_first_view_of_many_shows_the_effects_of_all_or_of_none),
        folder_test(one_edited_file_costs_one_parse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
