/* The reader under test as its owner uses it, for as long as the tests are willing to wait. Knows
 * nothing of what they expect. */
#include "client.h"

#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "migfs/ledger/postgres/driver.h"
#include "server.h"

enum { LIMIT_S = 120, POLL_MS = 50 };

char notices[NOTICES_SIZE];

static void keep_notice(void *context, const char *sentence) {
    strncat(notices, sentence, sizeof(notices) - strlen(notices) - 1);
}

struct ledger_reader_options options_of(unsigned timeout_ms) {
    static const struct ledger_driver *const drivers[] = {&ledger_postgres, NULL};
    return (struct ledger_reader_options){.drivers = drivers,
                                          .schema = "drizzle",
                                          .keeps_near = true,
                                          .table = "__drizzle_migrations",
                                          .timeout_ms = timeout_ms,
                                          .poll_ms = POLL_MS,
                                          .connections = 100};
}

struct ledger_reader *reader_with(const struct ledger_reader_options *options, const char *conninfo) {
    const struct ledger_reader_database database = {.name = "staging", .conninfo = conninfo};
    struct error error;
    notices[0] = '\0';
    struct ledger_reader *reader = ledger_reader_create(options, &database, 1, keep_notice, NULL, &error);
    if (!reader) {
        fail_msg("%s", error.sentence);
    }
    return reader;
}

const char *uri_as(const char *user, const char *database) {
    static char uri[512];
    snprintf(uri, sizeof(uri), "postgresql:///%s?host=%s&user=%s", database, cluster, user);
    return uri;
}

const char *as_host(const char *folder) {
    static char host[512];
    char *end = host;
    for (; *folder != '\0'; folder++) {
        end = *folder == '/' ? stpcpy(end, "%2F") : (*end = *folder, end + 1);
    }
    *end = '\0';
    return host;
}

const char *uri(void) {
    return uri_as("postgres", "ledgers");
}

struct ledger_reader *reader_of(const char *conninfo, unsigned timeout_ms) {
    struct ledger_reader_options options = options_of(timeout_ms);
    return reader_with(&options, conninfo);
}

bool turn(struct ledger_reader *reader) {
    struct pollfd ready = {.fd = ledger_reader_descriptor(reader), .events = POLLIN};
    int wait = ledger_reader_wait_ms(reader);
    assert_true(poll(&ready, 1, wait) >= 0);
    return ledger_reader_step(reader);
}

static time_t limit;

void begin_waiting(void) {
    limit = time(NULL) + LIMIT_S;
}

bool may_wait(const struct ledger_reader *reader, const char *for_what) {
    if (time(NULL) > limit) {
        fail_msg("waited in vain for %s; the reason of the first is: %s", for_what,
                 ledger_reader_ledger(reader, 0)->reason.bytes);
    }
    return true;
}

static const struct ledger *read_once(struct ledger_reader *reader) {
    uint64_t request = ledger_reader_request(reader);
    while (!ledger_reader_has_read(reader, request) && may_wait(reader, "a read")) {
        turn(reader);
    }
    return ledger_reader_ledger(reader, 0);
}

const struct ledger *read_now(struct ledger_reader *reader) {
    begin_waiting();
    return read_once(reader);
}

const struct ledger *read_until(struct ledger_reader *reader, enum ledger_status status) {
    begin_waiting();
    const struct ledger *ledger = read_once(reader);
    while (ledger->status != status) {
        ledger = read_once(reader);
    }
    return ledger;
}

const struct ledger *wait_for(struct ledger_reader *reader, enum ledger_status status) {
    begin_waiting();
    while (ledger_reader_ledger(reader, 0)->status != status && may_wait(reader, "a status")) {
        turn(reader);
    }
    return ledger_reader_ledger(reader, 0);
}

void assert_says(const struct ledger *ledger, const char *part) {
    if (!strstr(ledger->reason.bytes, part)) {
        fail_msg("`%s` does not say `%s`", ledger->reason.bytes, part);
    }
    assert_null(strchr(ledger->reason.bytes, '\n'));
}

void assert_unreadable(const struct ledger *ledger, const char *part) {
    assert_int_equal(ledger->status, LEDGER_UNREADABLE);
    assert_says(ledger, part);
}

void assert_read_fails(const char *conninfo, const char *part) {
    struct ledger_reader *reader = reader_of(conninfo, PATIENT_MS);
    assert_unreadable(read_now(reader), part);
    ledger_reader_destroy(reader);
}

struct ledger_reader *reader_of_many(size_t count, const struct ledger_reader_options *options, size_t others,
                                     const char *other) {
    struct ledger_reader_database *databases = calloc(count, sizeof(*databases));
    char(*names)[24] = calloc(count, sizeof(*names));
    for (size_t i = 0; i < count; i++) {
        snprintf(names[i], sizeof(names[i]), "d%zu", i);
        databases[i] = (struct ledger_reader_database){.name = names[i], .conninfo = i < others ? other : uri()};
    }
    struct error error;
    struct ledger_reader *reader = ledger_reader_create(options, databases, count, NULL, NULL, &error);
    assert_non_null(reader);
    free(names);
    free(databases);
    return reader;
}

size_t count_status(const struct ledger_reader *reader, enum ledger_status status) {
    size_t count = 0;
    for (size_t i = 0; i < ledger_reader_count(reader); i++) {
        count += ledger_reader_ledger(reader, i)->status == status;
    }
    return count;
}

/* Of a line of its status, or 0. */
static unsigned long status_of(unsigned long process, const char *key) {
    char path[64], line[128];
    unsigned long value = 0;
    snprintf(path, sizeof(path), "/proc/%lu/status", process);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof(line), file)) {
        if (strncmp(line, key, strlen(key)) == 0) {
            value = strtoul(line + strlen(key), NULL, 10);
        }
    }
    if (file) {
        fclose(file);
    }
    return value;
}

unsigned long most_memory_of_a_session(void) {
    unsigned long most = 0;
    DIR *processes = opendir("/proc");
    assert_non_null(processes);
    for (struct dirent *entry; (entry = readdir(processes));) {
        unsigned long process = strtoul(entry->d_name, NULL, 10);
        unsigned long parent = process > 0 ? status_of(process, "PPid:") : 0;
        if (parent > 0 && status_of(parent, "PPid:") == (unsigned long)getpid()) {
            unsigned long memory = status_of(process, "VmHWM:");
            most = memory > most ? memory : most;
        }
    }
    closedir(processes);
    return most;
}

static size_t count_descriptors(void) {
    size_t count = 0;
    DIR *directory = opendir("/proc/self/fd");
    while (directory && readdir(directory)) {
        count++;
    }
    if (directory) {
        closedir(directory);
    }
    return count;
}

int check_descriptors_before(void **state) {
    *state = (void *)count_descriptors();
    return 0;
}

/* A look-up's thread may take a moment longer to let go of its own. */
int check_descriptors_after(void **state) {
    begin_waiting();
    while (count_descriptors() != (size_t)*state) {
        if (time(NULL) > limit) {
            return -1;
        }
        poll(NULL, 0, 1);
    }
    return 0;
}
