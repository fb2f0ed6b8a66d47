/* A reader of ledgers that needs no database: the tests say what it has read. What includes this
 * takes the place of ledger_reader.c. */
#ifndef TESTS_UNIT_LEDGERS_H
#define TESTS_UNIT_LEDGERS_H

#include "migfs/ledger/reader.h"

struct ledger_reader {
    size_t count;
};

static struct ledger_reader the_reader;
static struct ledger *read_ledgers[8];
static size_t read_count;  /* how many of them there are */
static bool reader_fails;  /* it cannot be created */
static uint64_t requested; /* how often it was asked to read */

struct ledger_reader *ledger_reader_create(const struct ledger_reader_options *options,
                                           const struct ledger_reader_database *databases, size_t count,
                                           void (*notice)(void *context, const char *sentence), void *context,
                                           struct error *error) {
    (void)options, (void)databases, (void)notice, (void)context;
    the_reader.count = count;
    if (reader_fails) {
        error_set_memory(error);
        return NULL;
    }
    return &the_reader;
}

void ledger_reader_destroy(struct ledger_reader *reader) {
    (void)reader;
}

size_t ledger_reader_count(const struct ledger_reader *reader) {
    (void)reader;
    return read_count;
}

struct ledger *ledger_reader_ledger(const struct ledger_reader *reader, size_t index) {
    (void)reader;
    return read_ledgers[index];
}

struct catalog *ledger_reader_catalog(const struct ledger_reader *reader, size_t index) {
    (void)reader;
    (void)index;
    return NULL;
}

uint64_t ledger_reader_request(struct ledger_reader *reader) {
    (void)reader;
    return ++requested;
}

uint64_t ledger_reader_request_names(struct ledger_reader *reader) {
    (void)reader;
    return 0;
}

bool ledger_reader_step(struct ledger_reader *reader) {
    (void)reader;
    return false;
}

bool ledger_reader_has_read(const struct ledger_reader *reader, uint64_t request) {
    (void)reader;
    return request <= requested;
}

int ledger_reader_descriptor(const struct ledger_reader *reader) {
    (void)reader;
    return -1;
}

int ledger_reader_wait_ms(const struct ledger_reader *reader) {
    (void)reader;
    return 0;
}

#endif
