/* When a request to be up to date is met: after everything that came before it has been read, and
 * stands in the view. What is waited for is made to fail or to take its time by functions that the
 * linker puts before the real ones. */
#include "folder.h"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "driver.h"
#include "migfs/live/refresh.h"
#include "migfs/schema/reader.h"
#include "migfs/schema/worker.h"
#include "migfs/util/patience.h"

static struct refresh *refresh;
static char later[256]; /* a migration that is not there at first */

/* What goes wrong, on the refresh thread. */
static atomic_bool scan_fails, tree_fails, scan_is_overtaken, scan_finds_later;

/* A scan that hangs says so, and goes on when it may. */
static atomic_bool scan_hangs;
static sem_t hanging, goes_on;
static _Atomic int64_t ahead; /* of the true clock, in milliseconds */

/* The parser of SQL takes its time. */
static struct worker_keeper *keeper;
static atomic_bool parser_hangs, parser_answers_in_vain; /* once it has been asked, its answer is not taken */
static atomic_bool parser_is_in_time;                    /* who waits for it a little waits to its end */
static sem_t is_asked;
static sem_t shows_pending; /* a tree was published that says of the later migration that its SQL is being read */

static atomic_uint scans; /* since the first reading */
static atomic_uint polls;
static sem_t at_rest; /* each time that the refresh thread waits with nothing planned */

/* The databases are fakes[0] and fakes[1]. */
static bool is_large;          /* the first one */
static atomic_bool is_in_tree; /* a tree was made since it answered last */

/* As one change of the folder. */
static void put_later(const struct folder *folder, const char *sql) {
    char *before = beside(folder, "new");
    FILE *stream = fopen(before, "we");
    assert_non_null(stream);
    fputs(sql, stream);
    fclose(stream);
    assert_int_equal(rename(before, later), 0);
}

static void add_later(void) {
    close(open(later, O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
}

/* ---- before the real ones; the names are the linker's ---- */

struct looked *__real_inputs_look(const struct inputs *inputs, struct error *error);
struct looked *__wrap_inputs_look(const struct inputs *inputs, struct error *error);
struct tree *__real_inputs_tree(struct inputs *inputs, struct tree *previous,
                                void (*body)(void *context, struct arena *arena, const struct view *view),
                                void *context, struct error *error);
struct tree *__wrap_inputs_tree(struct inputs *inputs, struct tree *previous,
                                void (*body)(void *context, struct arena *arena, const struct view *view),
                                void *context, struct error *error);
bool __real_schema_reader_step(struct schema_reader *reader, int wait_ms);
bool __wrap_schema_reader_step(struct schema_reader *reader, int wait_ms);
int64_t __real_clock_ms(void);
int64_t __wrap_clock_ms(void);
int __real_poll(struct pollfd *descriptors, nfds_t count, int timeout);
int __wrap_poll(struct pollfd *descriptors, nfds_t count, int timeout);

/* A scan that fails is made again when something changes. */
struct looked *__wrap_inputs_look(const struct inputs *inputs, struct error *error) {
    if (atomic_exchange(&scan_fails, false)) {
        add_later();
        error_set_memory(error);
        return NULL;
    }
    if (atomic_exchange(&scan_hangs, false)) {
        patience_begin("a file system");
        sem_post(&hanging);
        sem_wait(&goes_on);
        patience_end();
    }
    if (atomic_exchange(&scan_finds_later, false)) {
        add_later();
    }
    struct looked *looked = __real_inputs_look(inputs, error);
    scans++;
    if (atomic_exchange(&scan_is_overtaken, false)) {
        add_later();
        refresh_request(refresh);
    }
    return looked;
}

bool __wrap_schema_reader_step(struct schema_reader *reader, int wait_ms) {
    struct pollfd awaited[SCHEMA_READER_WORKERS];
    if (parser_hangs) {
        return false;
    }
    wait_ms = parser_answers_in_vain ? 0 : parser_is_in_time && wait_ms > 0 ? -1 : wait_ms;
    bool has_read = __real_schema_reader_step(reader, wait_ms);
    if (parser_answers_in_vain && schema_reader_awaited(reader, awaited) > 0) {
        parser_hangs = true;
        sem_post(&is_asked);
    }
    return has_read;
}

int64_t __wrap_clock_ms(void) {
    return __real_clock_ms() + atomic_load(&ahead);
}

/* A tree that could not be made is made again when something wakes the loop. */
struct tree *__wrap_inputs_tree(struct inputs *inputs, struct tree *previous,
                                void (*body)(void *context, struct arena *arena, const struct view *view),
                                void *context, struct error *error) {
    if (atomic_exchange(&tree_fails, false)) {
        refresh_request(refresh);
        error_set_memory(error);
        return NULL;
    }
    is_in_tree = fakes[0].answered == fakes[0].begun;
    return __real_inputs_tree(inputs, previous, body, context, error);
}

int __wrap_poll(struct pollfd *descriptors, nfds_t count, int timeout) {
    if (timeout < 0) {
        sem_post(&at_rest);
    }
    polls++;
    return __real_poll(descriptors, count, timeout);
}

/* ---- who is told ---- */

enum { MOST_REQUESTS = 4096 };

static struct tree *tree; /* last published */

/* What was so when the request of this number, and those before it, were met. */
static struct {
    bool is_met, shows_later, shows_answers, shows_silence, shows_first, shows_effects, has_journal;
    size_t names;                 /* that the catalogs of the first database were last read for */
    unsigned catalogs, requested; /* of the first, and of the second one */
} met[MOST_REQUESTS];
static sem_t told;

static const char SILENCE[] = "has not answered for", PENDING[] = "effects: being read";

static struct text bytes_of(const char *path) {
    return content_text(tree_find(tree, text_of(path))->content);
}

static bool later_is_being_read(void) {
    return tree && tree_find(tree, TEXT("status/0001_later")) &&
           memmem(bytes_of("status/0001_later").bytes, bytes_of("status/0001_later").length, PENDING, strlen(PENDING));
}

static void published(void *context, struct tree *next) {
    tree_unref(tree);
    tree = tree_ref(next);
    if (later_is_being_read()) {
        sem_post(&shows_pending);
    }
}

static void synced(void *context, uint64_t number) {
    met[number].shows_later = tree && tree_find(tree, TEXT("status/0001_later"));
    met[number].shows_first = tree && tree_find(tree, TEXT("status/0000_first"));
    met[number].shows_silence =
        tree && memmem(bytes_of("problems").bytes, bytes_of("problems").length, SILENCE, strlen(SILENCE));
    met[number].shows_effects = met[number].shows_later && !later_is_being_read();
    met[number].has_journal = tree && !tree_find(tree, TEXT("_journal.json"))->is_refused;
    met[number].shows_answers = is_in_tree;
    met[number].catalogs = fakes[0].catalogs;
    met[number].requested = fakes[1].requested;
    met[number].names = fakes[0].answered == fakes[0].begun ? fakes[0].names : 0;
    met[number].is_met = true;
    sem_post(&told);
}

static uint64_t wait_until_met(uint64_t number) {
    do {
        assert_int_equal(sem_wait(&told), 0);
    } while (!met[number].is_met);
    return number;
}

static int begin_with(void **state, size_t databases) {
    static const struct ledger_reader_database list[] = {{.name = "one", .conninfo = "0"},
                                                         {.name = "two", .conninfo = "1"}};
    static const struct refresh_listener listener = {published, synced, NULL};
    folder_create(state);
    struct folder *folder = *state;
    struct inputs_options inputs = {
        .source = folder->path,
        .databases = list,
        .database_count = databases,
        .keeper = keeper,
        .reader = {
            .drivers = fake_drivers, .schema = "s", .table = "t", .timeout_ms = FAKE_TIMEOUT_MS, .poll_ms = 3600000}};
    struct error error;
    put(folder, "0000_first.sql", "select 1;");
    snprintf(later, sizeof later, "%s/0001_later.sql", folder->path);
    memset(fakes, 0, sizeof fakes);
    fakes[0].steps = 5;
    fakes[0].is_large = is_large;
    memset(met, 0, sizeof met);
    tree = NULL;
    sem_init(&told, 0, 0);
    sem_init(&hanging, 0, 0);
    sem_init(&goes_on, 0, 0);
    sem_init(&shows_pending, 0, 0);
    sem_init(&is_asked, 0, 0);
    parser_hangs = parser_answers_in_vain = parser_is_in_time = false;
    patience_own();
    ahead = 0;
    sem_init(&at_rest, 0, 0);
    scans = 0;
    refresh = refresh_create(&inputs, &error);
    assert_non_null(refresh);
    assert_true(refresh_start(refresh, &listener, &error));
    return 0;
}

static int begin(void **state) {
    return begin_with(state, 0);
}

static int begin_with_database(void **state) {
    return begin_with(state, 1);
}

static int begin_with_large_database(void **state) {
    is_large = true;
    begin_with(state, 2);
    is_large = false;
    wait_until_met(refresh_request(refresh));
    return 0;
}

static int begin_and_sync(void **state) {
    begin(state);
    wait_until_met(refresh_request(refresh));
    return 0;
}

static int end(void **state) {
    refresh_destroy(refresh);
    tree_unref(tree);
    return folder_destroy(state);
}

/* ---- tests ---- */

static void what_was_read_at_the_start_is_not_read_again(void **state) {
    assert_int_equal(sem_wait(&at_rest), 0);
    assert_int_equal(scans, 0);
}

static void a_request_is_met_when_the_view_shows_what_came_before_it(void **state) {
    add_later();
    assert_true(met[wait_until_met(refresh_request(refresh))].shows_later);
}

static void a_scan_that_failed_meets_no_request(void **state) {
    scan_fails = true;
    assert_true(met[wait_until_met(refresh_request(refresh))].shows_later);
}

static void a_tree_that_could_not_be_made_meets_no_request(void **state) {
    tree_fails = true;
    add_later();
    assert_true(met[wait_until_met(refresh_request(refresh))].shows_later);
}

static void a_scan_that_had_begun_meets_no_request(void **state) {
    scan_is_overtaken = true;
    assert_true(met[wait_until_met(refresh_request(refresh) + 1)].shows_later);
}

static void a_request_waits_for_the_databases_and_for_the_view_of_what_they_answered(void **state) {
    is_in_tree = false;
    fakes[0].rows = 1;
    assert_true(met[wait_until_met(refresh_request(refresh))].shows_answers);
    is_in_tree = false;
    fakes[0].rows = 2;
    assert_true(met[wait_until_met(refresh_request(refresh))].shows_answers);
}

/* The catalogs may have come to hold what a new file speaks of. */
static void a_folder_that_changed_has_the_databases_read_again(void **state) {
    fakes[0].rows = 1;
    wait_until_met(refresh_request(refresh));
    unsigned begun = fakes[0].begun;
    add_later();
    for (int i = 0; i < 3000 && fakes[0].begun == begun; i++) {
        usleep(10000);
    }
    assert_int_not_equal(fakes[0].begun, begun);
}

static void a_request_that_finds_a_change_has_the_databases_read_once(void **state) {
    wait_until_met(refresh_request(refresh));
    unsigned requested = fakes[0].requested;
    scan_finds_later = true;
    uint64_t number = wait_until_met(refresh_request(refresh));
    assert_true(met[number].shows_later && met[number].shows_answers);
    assert_int_equal(fakes[0].requested, requested + 1);
}

static void wait_for_answers(unsigned count) {
    for (int i = 0; i < 3000 && fakes[0].answered < count; i++) {
        usleep(10000);
    }
    assert_true(fakes[0].answered >= count);
}

static void new_names_cost_each_database_one_read(void **state) {
    unsigned begun = fakes[0].begun, requested = fakes[1].requested, catalogs = fakes[0].catalogs;
    if (!worker_parser()) {
        return;
    }
    parser_is_in_time = true;
    usleep(150000); /* so that a read begins at once, not together with a later one */
    put_later(*state, "create table later (x int);");
    wait_for_answers(fakes[0].answered + 1);
    assert_int_not_equal(fakes[0].names, 0);
    assert_int_equal(fakes[0].begun, begun + 1);
    assert_int_equal(fakes[0].catalogs, catalogs + 1);
    assert_int_equal(fakes[1].requested, requested + 1);
}

/* Where the SQL takes longer than the databases, these are read without the catalogs first. */
static void a_request_waits_for_the_catalogs_by_names_that_are_new(void **state) {
    unsigned answered = fakes[0].answered, requested = fakes[1].requested, catalogs = fakes[0].catalogs;
    if (!worker_parser()) {
        return;
    }
    parser_hangs = true;
    put_later(*state, "create table later (x int);");
    assert_int_equal(sem_wait(&shows_pending), 0);
    wait_for_answers(answered + 1);
    uint64_t number = refresh_request(refresh);
    wait_for_answers(answered + 2);
    assert_int_equal(fakes[0].catalogs, catalogs);
    parser_hangs = false;
    refresh_request(refresh); /* wakes the thread */
    assert_int_not_equal(met[wait_until_met(number)].names, 0);
    assert_int_equal(met[number].catalogs, catalogs + 1);
    assert_int_equal(met[number].requested, requested + 2);
}

static void a_request_waits_for_the_effects(void **state) {
    if (!worker_parser()) {
        return;
    }
    parser_hangs = true;
    add_later();
    uint64_t number = refresh_request(refresh);
    assert_int_equal(sem_wait(&shows_pending), 0); /* the view shows meanwhile what it knows */
    parser_hangs = false;
    refresh_request(refresh); /* wakes the thread */
    assert_true(met[wait_until_met(number)].shows_effects);
}

/* Returns once the look that this asks for hangs, and has done so for longer than is waited. */
static void hang(void) {
    scan_hangs = true;
    refresh_request(refresh);
    assert_int_equal(sem_wait(&hanging), 0);
    ahead += FAKE_TIMEOUT_MS;
}

static void a_folder_that_does_not_answer_is_said_and_holds_up_no_request(void **state) {
    wait_until_met(refresh_request(refresh));
    hang();
    uint64_t number = wait_until_met(refresh_request(refresh));
    assert_true(met[number].shows_silence && met[number].shows_first);
    assert_false(met[number].has_journal);
    add_later();
    sem_post(&goes_on);
    do {
        usleep(10000);
        number = wait_until_met(refresh_request(refresh)); /* one that comes before the answer is met as before */
        assert_true(met[number].shows_silence || met[number].shows_later);
    } while (met[number].shows_silence && number + 1 < MOST_REQUESTS);
    assert_true(met[number].shows_later);
}

static void databases_are_read_while_the_folder_does_not_answer(void **state) {
    wait_until_met(refresh_request(refresh));
    hang();
    fakes[0].rows = 1;
    uint64_t number = wait_until_met(refresh_request(refresh));
    unsigned begun = fakes[0].begun;
    is_in_tree = false;
    fakes[0].rows = 2;
    number = wait_until_met(refresh_request(refresh));
    assert_true(met[number].shows_silence && met[number].shows_answers);
    assert_true(fakes[0].begun > begun);
    sem_post(&goes_on);
}

/* Its effects are read once the folder answers. */
static void an_answer_of_the_parser_wakes_nobody_while_the_folder_does_not_answer(void **state) {
    if (!worker_parser()) {
        return;
    }
    struct folder *folder = *state;
    enum { MANY = 1000 };
    wait_until_met(refresh_request(refresh));
    parser_answers_in_vain = true;
    put(folder, "0001_later.sql", "select 2;");
    uint64_t number = refresh_request(refresh);
    assert_int_equal(sem_wait(&is_asked), 0);
    scan_hangs = true;
    put(folder, "0002_last.sql", "select 3;");
    assert_int_equal(sem_wait(&hanging), 0);
    ahead += FAKE_TIMEOUT_MS;
    wait_until_met(number);
    unsigned before = polls;
    usleep(500000);
    assert_in_range(polls - before, 0, MANY);
    parser_hangs = parser_answers_in_vain = false;
    sem_post(&goes_on);
    do {
        usleep(10000);
        number = wait_until_met(refresh_request(refresh));
    } while (!met[number].shows_effects && number + 1 < MOST_REQUESTS);
    assert_true(met[number].shows_effects);
}

/* The last one: the thread is left where it hangs, with what it needs. */
static void the_end_does_not_wait_for_the_folder(void **state) {
    hang();
    refresh_destroy(refresh);
    refresh = NULL;
}

#define refresh_test(function) cmocka_unit_test_setup_teardown(function, begin_and_sync, end)

int main(int count, char **arguments) {
    keeper = worker_start(count, arguments);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_read_at_the_start_is_not_read_again, begin, end),
        refresh_test(a_request_is_met_when_the_view_shows_what_came_before_it),
        refresh_test(a_scan_that_failed_meets_no_request),
        refresh_test(a_tree_that_could_not_be_made_meets_no_request),
        refresh_test(a_scan_that_had_begun_meets_no_request),
        cmocka_unit_test_setup_teardown(a_request_waits_for_the_databases_and_for_the_view_of_what_they_answered,
                                        begin_with_database, end),
        cmocka_unit_test_setup_teardown(new_names_cost_each_database_one_read, begin_with_large_database, end),
        cmocka_unit_test_setup_teardown(a_request_waits_for_the_catalogs_by_names_that_are_new,
                                        begin_with_large_database, end),
        cmocka_unit_test_setup_teardown(a_request_that_finds_a_change_has_the_databases_read_once, begin_with_database,
                                        end),
        refresh_test(a_request_waits_for_the_effects),
        cmocka_unit_test_setup_teardown(a_folder_that_changed_has_the_databases_read_again, begin_with_database, end),
        cmocka_unit_test_setup_teardown(a_folder_that_does_not_answer_is_said_and_holds_up_no_request, begin, end),
        cmocka_unit_test_setup_teardown(databases_are_read_while_the_folder_does_not_answer, begin_with_database, end),
        cmocka_unit_test_setup_teardown(an_answer_of_the_parser_wakes_nobody_while_the_folder_does_not_answer,
                                        begin_with_database, end),
        cmocka_unit_test_setup_teardown(the_end_does_not_wait_for_the_folder, begin, end),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    worker_stop(keeper);
    return failed;
}
