/* Our side: makes a reader, waits as its owner does, and checks what it says. Nothing here is
 * decided by how long something takes: a test waits for what must come about and gives up after a
 * minute. */
#ifndef MIGFS_TESTS_LEDGER_CLIENT_H
#define MIGFS_TESTS_LEDGER_CLIENT_H

#include "migfs/ledger/reader.h"

/* For a read: more than any takes, and little enough to wait for its end. */
enum { PATIENT_MS = 20000, IMPATIENT_MS = 600, NOTICES_SIZE = 2048 };

extern char notices[NOTICES_SIZE]; /* what the last reader made has told */

struct ledger_reader_options options_of(unsigned timeout_ms);

struct ledger_reader *reader_with(const struct ledger_reader_options *options, const char *conninfo);

struct ledger_reader *reader_of(const char *conninfo, unsigned timeout_ms);

/* Of `count` databases, d0 to d…: the first `others` by their conninfo `other`, the rest all the
 * administrator's. */
struct ledger_reader *reader_of_many(size_t count, const struct ledger_reader_options *options, size_t others,
                                     const char *other);

/* How many databases have it. */
size_t count_status(const struct ledger_reader *reader, enum ledger_status status);

/* To database "ledgers" as the administrator. These three are valid until the next call. */
const char *uri(void);

const char *uri_as(const char *user, const char *database);

/* A folder as the host of a URI. */
const char *as_host(const char *folder);

/* Waits once, as the owner of a reader does. Returns true when a ledger has changed. */
bool turn(struct ledger_reader *reader);

void begin_waiting(void);

/* Returns true, or fails the test when it has waited too long. */
bool may_wait(const struct ledger_reader *reader, const char *for_what);

/* A whole read, begun after this call. */
const struct ledger *read_now(struct ledger_reader *reader);

/* Whole reads until it has this status: where the time for an answer is short, a busy machine needs more than one. */
const struct ledger *read_until(struct ledger_reader *reader, enum ledger_status status);

/* By polls alone. */
const struct ledger *wait_for(struct ledger_reader *reader, enum ledger_status status);

void assert_says(const struct ledger *ledger, const char *part);

void assert_unreadable(const struct ledger *ledger, const char *part);

/* Reads once; expects to be told this. */
void assert_read_fails(const char *conninfo, const char *part);

/* In KiB. Sessions are the children of a child of this process. */
unsigned long most_memory_of_a_session(void);

int check_descriptors_before(void **state);

int check_descriptors_after(void **state);

/* A test that leaves as many descriptors open as it found. */
#define TEST(name) cmocka_unit_test_setup_teardown(name, check_descriptors_before, check_descriptors_after)

#endif
