/* A reader of fakes, as its owner uses it. */
#ifndef TESTS_UNIT_LEDGER_READING_H
#define TESTS_UNIT_LEDGER_READING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>

#include "driver.h"
#include "migfs/ledger/reader.h"
#include "migfs/util/clock.h"

enum { NEVER_MS = 3600000 };

static struct ledger_reader *reader;
static char said[256];

static void say(void *context, const char *sentence) {
    snprintf(said, sizeof said, "%s", sentence);
}

/* What large databases are asked for. */
static struct catalog_names *names;

static struct catalog_names *get_names(void *context) {
    return names;
}

/* NULL: they are not known. */
static void set_names(const char *name, const char *other) {
    const struct text texts[] = {text_of(name ? name : ""), text_of(other ? other : "")};
    catalog_names_unref(names);
    names = name ? catalog_names_create(texts, 2) : NULL;
}

static struct ledger_reader_options options = {.drivers = fake_drivers,
                                               .schema = "s",
                                               .table = "t",
                                               .timeout_ms = FAKE_TIMEOUT_MS,
                                               .poll_ms = NEVER_MS,
                                               .reads_catalogs = true,
                                               .names = {get_names, NULL}};

static const struct ledger_reader_database databases[] = {{.name = "a", .conninfo = "0"},
                                                          {.name = "b", .conninfo = "1"},
                                                          {.name = "c", .conninfo = "2"},
                                                          {.name = "d", .conninfo = "3"}};

static void create(size_t count) {
    struct error error;
    reader = ledger_reader_create(&options, databases, count, say, NULL, &error);
    assert_non_null(reader);
}

static int begin(void **state) {
    memset(fakes, 0, sizeof fakes);
    options.timeout_ms = FAKE_TIMEOUT_MS;
    options.poll_ms = NEVER_MS;
    options.connections = 0;
    reader = NULL;
    said[0] = '\0';
    return 0;
}

static int end(void **state) {
    ledger_reader_destroy(reader);
    set_names(NULL, NULL);
    return 0;
}

static bool turn(void) {
    struct pollfd ready = {.fd = ledger_reader_descriptor(reader), .events = POLLIN};
    poll(&ready, 1, ledger_reader_wait_ms(reader));
    return ledger_reader_step(reader);
}

static bool read_all(void) {
    bool is_changed = false;
    for (uint64_t request = ledger_reader_request(reader); !ledger_reader_has_read(reader, request);) {
        is_changed |= turn();
    }
    return is_changed;
}

static const struct ledger *ledger_at(size_t index) {
    return ledger_reader_ledger(reader, index);
}

#define reader_test(function) cmocka_unit_test_setup_teardown(function, begin, end)

#endif
