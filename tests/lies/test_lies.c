/* The reader against a server that lies: about lengths, counts, kinds and order, about its end, and
 * without one. Whatever it says, the ledger and the catalogs are unreadable or exactly what an
 * honest server says; it is never a fresh database. Beside each batch of lies an honest database is read, no step of the
 * reader takes long, and memory is bounded.
 *
 * Most of the time is waiting for the clock to find a lie out, so several processes share the batches, each with a reader and a liar of
 * its own. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "conversation.h"
#include "liar.h"
#include "migfs/ledger/postgres/driver.h"
#include "migfs/ledger/reader.h"

enum { LIES_MAXIMUM = 20000, BATCH = 50, TIMEOUT_MS = 400, LONG_MS = 20000, STEP_MS = 50, MEMORY_KIB = 64 << 10 };

/* With more a machine that has other things to do might answer too late, and lies would be found out by that. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { WORKERS = 2 };
#else
enum { WORKERS = 4 };
#endif

static struct conversation conversation;
static struct lie lies[LIES_MAXIMUM]; /* the first one is none */
static size_t lie_count = 1;
static char folder[] = "/tmp/lies.XXXXXX";
static struct catalog_names *names_of_large;
static size_t failed_count, read_count, tested_count;
static double longest_ms;

static double cpu_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

static void add(enum lie_kind kind, size_t where, uint32_t value, enum ending ending) {
    if (lie_count < LIES_MAXIMUM) {
        lies[lie_count++] = (struct lie){kind, where, value, ending};
    }
}

static void fail(const char *what, const struct lie *lie, const struct ledger *ledger) {
    printf("# %s: lie %d at %zu, value %u, ending %d: status %d, %zu rows, %s\n", what, lie->kind, lie->where,
           lie->value, lie->ending, ledger->status, ledger->count, ledger->reason.bytes ? ledger->reason.bytes : "");
    failed_count++;
}

static bool is_honest(const struct ledger *ledger) {
    return ledger->status == LEDGER_READ && ledger->count == 2 && !ledger->is_v1 &&
           text_is(ledger->rows[0].hash, "aaaa") && ledger->rows[0].created_at == 1000 &&
           text_is(ledger->rows[0].id, "1") && text_is(ledger->rows[1].hash, "bbbb") &&
           ledger->rows[1].created_at == 2000 && text_is(ledger->rows[1].id, "2");
}

/* The rows of a catalog have no order. */
static bool is_honest_catalog(const struct catalog *catalog) {
    if (!catalog || !catalog->is_partial || catalog->count != 3) {
        return false;
    }
    const char *names[128] = {['s'] = "u", ['l'] = "v", ['r'] = "users"};
    for (size_t i = 0; i < catalog->count; i++) {
        const struct catalog_row *row = &catalog->rows[i];
        const char **name = row->kind > 0 ? &names[(int)row->kind] : NULL;
        if (!name || !*name || !text_is(row->fields[0], *name)) {
            return false;
        }
        *name = NULL; /* each once */
    }
    return true;
}

/* A lie about a value cannot be told from the truth; a lie about anything else can. */
static void judge(const struct lie *lie, const struct ledger *ledger, const struct catalog *catalog) {
    bool may_differ = lie->kind == BYTE;
    tested_count++;
    read_count += ledger->status == LEDGER_READ;
    if (ledger->status == LEDGER_FRESH) {
        fail("a fresh database", lie, ledger);
    } else if (ledger->status == LEDGER_READ && !is_honest(ledger) && !may_differ) {
        fail("not what an honest server says", lie, ledger);
    } else if (ledger->count > 2) {
        fail("rows that nobody sent", lie, ledger);
    } else if (catalog && !is_honest_catalog(catalog) && !may_differ) {
        fail("not the catalogs of an honest server", lie, ledger);
    }
}

static void read_all(struct ledger_reader *reader) {
    uint64_t request = ledger_reader_request(reader);
    while (!ledger_reader_has_read(reader, request)) {
        struct pollfd ready = {.fd = ledger_reader_descriptor(reader), .events = POLLIN};
        poll(&ready, 1, ledger_reader_wait_ms(reader));
        double before = cpu_ms();
        ledger_reader_step(reader);
        double took = cpu_ms() - before;
        longest_ms = took > longest_ms ? took : longest_ms;
    }
}

static bool is_all_honest(const struct ledger_reader *reader, size_t database) {
    return is_honest(ledger_reader_ledger(reader, database)) &&
           is_honest_catalog(ledger_reader_catalog(reader, database));
}

static struct catalog_names *get_names(void *context) {
    (void)context;
    return names_of_large;
}

/* Reads the databases of these lies, and one more that is honest. Returns whether that one was read. */
static bool read_batch(size_t first, size_t count, unsigned timeout_ms, bool is_last) {
    static const struct ledger_driver *const drivers[] = {&ledger_postgres, NULL};
    const struct ledger_reader_options options = {.drivers = drivers,
                                                  .schema = "s",
                                                  .table = "t",
                                                  .timeout_ms = timeout_ms,
                                                  .poll_ms = 3600000,
                                                  .reads_catalogs = true,
                                                  .names = {get_names, NULL}};
    struct ledger_reader_database databases[BATCH + 1];
    char names[BATCH + 1][16], conninfos[BATCH + 1][128];
    struct error error;
    for (size_t i = 0; i <= count; i++) {
        snprintf(names[i], sizeof names[i], "d%zu", i);
        snprintf(conninfos[i], sizeof conninfos[i], "host=%s port=5432 user=u password=p dbname=lie%zu", folder,
                 i < count ? first + i : 0);
        databases[i] = (struct ledger_reader_database){.name = names[i], .conninfo = conninfos[i]};
    }
    struct ledger_reader *reader = ledger_reader_create(&options, databases, count + 1, NULL, NULL, &error);
    if (!reader) {
        printf("Bail out! %s\n", error.sentence);
        exit(1);
    }
    read_all(reader);
    bool is_good = is_all_honest(reader, count);
    for (size_t i = 0; (is_good || is_last) && i < count; i++) {
        judge(&lies[first + i], ledger_reader_ledger(reader, i), ledger_reader_catalog(reader, i));
    }
    if (!is_good && is_last) {
        fail("the honest database beside them", &lies[0], ledger_reader_ledger(reader, count));
    }
    ledger_reader_destroy(reader);
    return is_good;
}

/* Where the honest one was late, so were the lies: on a slow or busy machine all have more time, from
 * then on. */
static void test_batch(size_t first, size_t count, unsigned timeout_ms) {
    static unsigned slower = 1;
    while (!read_batch(first, count, timeout_ms * slower, timeout_ms * slower >= LONG_MS) &&
           timeout_ms * slower < LONG_MS) {
        slower *= 2;
    }
}

/* ---- the lies ---- */

/* Without the last one: before the end of the connection nothing more need come. */
static void silence_at_each_byte(void) {
    for (size_t i = 0; i < conversation.lied_length; i++) {
        add(STOPS, i, 0, FALLS_SILENT);
    }
}

static void an_end_at_each_byte(void) {
    for (size_t i = 0; i < conversation.lied_length; i++) {
        add(STOPS, i, 0, CLOSES);
        if (i % 7 == 0) {
            add(STOPS, i, 0, RESETS);
        }
    }
}

static void another_length(void) {
    static const uint32_t lengths[] = {0,     1,      3,          4,          5,          6,          255,
                                       30001, 100000, 0x3fffffff, 0x40000000, 0x7fffffff, 0x80000000, UINT32_MAX};
    for (size_t i = 0; i < conversation.lied_count; i++) {
        uint32_t own = (uint32_t)conversation.messages[i].length - 1;
        for (size_t j = 0; j < sizeof lengths / sizeof *lengths; j++) {
            if (lengths[j] != own) {
                add(LENGTH, i, lengths[j], GOES_ON);
            }
        }
        add(LENGTH, i, own - 1, GOES_ON);
        add(LENGTH, i, own + 1, GOES_ON);
    }
}

static void another_kind(void) {
    static const char letters[] = "TDCZEINSKRAHGWdcVtvns123?\xff";
    for (size_t i = 0; i < conversation.lied_count; i++) {
        for (const char *letter = letters; *letter != '\0'; letter++) {
            if (*letter != (char)conversation.bytes[conversation.messages[i].at]) {
                add(LETTER, i, (unsigned char)*letter, GOES_ON);
            }
        }
    }
}

static void another_order_or_number(void) {
    for (size_t i = 0; i < conversation.lied_count; i++) {
        add(DROPS, i, 0, GOES_ON);
        add(DOUBLES, i, 0, GOES_ON);
        add(REPEATS, i, 0, GOES_ON);
        if (i + 1 < conversation.lied_count && conversation.messages[i].phase == conversation.messages[i + 1].phase) {
            add(SWAPS, i, 0, GOES_ON);
        }
    }
}

static void another_byte(void) {
    for (size_t i = 0; i < conversation.lied_length; i++) {
        unsigned char byte = conversation.bytes[i];
        const unsigned char others[] = {0, 0xff, byte ^ 1, byte ^ 0x80};
        for (size_t j = 0; j < sizeof others; j++) {
            if (others[j] != byte) {
                add(BYTE, i, others[j], GOES_ON);
            }
        }
    }
}

static void no_end(void) {
    static const char letters[] = "TDCZEINSRA";
    for (size_t i = 0; i < conversation.lied_count; i += 4) {
        for (const char *letter = letters; *letter != '\0'; letter++) {
            add(FLOODS, i, (unsigned char)*letter, GOES_ON);
        }
    }
}

/* Lies that are found out by the clock alone get little time; an end must be seen as such. */
static const struct test {
    const char *name;
    void (*add_lies)(void);
    size_t batch;
    unsigned timeout_ms;
} tests[] = {
    {"an end at each byte makes a ledger or its catalogs unreadable", an_end_at_each_byte, BATCH, LONG_MS},
    {"silence at each byte makes a ledger or its catalogs unreadable", silence_at_each_byte, BATCH, TIMEOUT_MS},
    {"no message may have another length", another_length, BATCH, TIMEOUT_MS},
    {"no message may be of another kind", another_kind, BATCH, TIMEOUT_MS},
    {"messages that are missing, doubled, swapped or many are seen", another_order_or_number, BATCH, TIMEOUT_MS},
    {"any byte may be another", another_byte, BATCH, TIMEOUT_MS},
    {"messages without end are not waited for", no_end, 5, TIMEOUT_MS},
};
enum { TESTS = sizeof tests / sizeof *tests };

/* ---- a worker ---- */

/* What a worker says after each test, since the beginning. */
struct result {
    size_t lies, tested, read, failed; /* the lies of all workers; those of this one */
    double longest_ms;
    long memory_kib, all_kib; /* at most; of all workers together, once the results are added */
};

/* Every so many-th batch of each test. */
static void run_tests(size_t worker, int out) {
    struct rusage used;
    size_t number = 0;
    for (size_t i = 0; i < TESTS; i++) {
        size_t first = lie_count, batch = tests[i].batch;
        tests[i].add_lies();
        for (size_t at = first; at < lie_count; at += batch) {
            if (number++ % WORKERS == worker) {
                test_batch(at, lie_count - at < batch ? lie_count - at : batch, tests[i].timeout_ms);
            }
        }
        getrusage(RUSAGE_SELF, &used);
        struct result result = {lie_count - first, tested_count,   read_count, failed_count,
                                longest_ms,        used.ru_maxrss, 0};
        fflush(stdout);
        if (write(out, &result, sizeof result) != sizeof result) {
            exit(1);
        }
    }
}

static void work(size_t worker, int out) {
    char path[64];
    struct error error;
    if (!mkdtemp(folder)) {
        perror(folder);
        exit(1);
    }
    conversation_create(&conversation);
    names_of_large = catalog_names_create(&TEXT("users"), 1);
    if (!names_of_large) {
        puts("no memory");
        exit(1);
    }
    if (!ledger_postgres_prepare(NULL, &error)) { /* before the liar's threads */
        puts(error.sentence);
        exit(1);
    }
    liar_start(folder, &conversation, lies);
    run_tests(worker, out);
    snprintf(path, sizeof path, "%s/.s.PGSQL.5432", folder);
    unlink(path);
    rmdir(folder);
    catalog_names_unref(names_of_large);
    exit(0);
}

/* Returns where it says its results. */
static int start_worker(size_t worker) {
    int ends[2];
    if (pipe(ends) < 0) {
        perror("pipe");
        exit(1);
    }
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(ends[0]);
        work(worker, ends[1]);
    }
    close(ends[1]);
    if (child < 0) {
        perror("fork");
        exit(1);
    }
    return ends[0];
}

/* ---- all of them ---- */

/* Of one that has ended nothing more is known. */
static void add_result(int worker, struct result *sum) {
    struct result own;
    if (read(worker, &own, sizeof own) != sizeof own) {
        sum->failed++;
        return;
    }
    sum->lies = own.lies;
    sum->tested += own.tested;
    sum->read += own.read;
    sum->failed += own.failed;
    sum->longest_ms = own.longest_ms > sum->longest_ms ? own.longest_ms : sum->longest_ms;
    sum->memory_kib = own.memory_kib > sum->memory_kib ? own.memory_kib : sum->memory_kib;
    sum->all_kib += own.memory_kib;
}

static void report(int number, bool is_right, const char *name) {
    printf("%s %d - %s\n", is_right ? "ok" : "not ok", number, name);
    failed_count += !is_right;
}

int main(void) {
    int workers[WORKERS], status;
    struct result sum = {0};
    long all_kib = 0; /* after all lies but those without end, of which each may take what a ledger may */
    for (size_t i = 0; i < WORKERS; i++) {
        workers[i] = start_worker(i);
    }
    printf("1..%d\n", TESTS + 4);
    for (int i = 0; i < TESTS; i++) {
        size_t failed = sum.failed;
        sum = (struct result){0};
        for (size_t j = 0; j < WORKERS; j++) {
            add_result(workers[j], &sum);
        }
        all_kib = tests[i].add_lies == no_end ? all_kib : sum.all_kib;
        report(i + 1, sum.failed == failed, tests[i].name);
        printf("# %zu lies\n", sum.lies);
        fflush(stdout);
    }
    printf(
        "# %zu lies, of which %zu changed nothing; the longest step took %.1f ms of processor time; %ld KiB at most\n",
        sum.tested, sum.read, sum.longest_ms, sum.memory_kib);
    printf("# %ld KiB of all processes together before those without end\n", all_kib);
    report(TESTS + 1, sum.tested >= 3000, "there are at least 3,000 lies");
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    report(TESTS + 2, true, "no step of the reader takes 50 ms # told by the release build");
    report(TESTS + 3, true, "memory stays below 64 MiB # told by the release build");
#else
    report(TESTS + 2, sum.longest_ms < STEP_MS, "no step of the reader takes 50 ms");
    report(TESTS + 3, sum.memory_kib < MEMORY_KIB && all_kib < MEMORY_KIB, "memory stays below 64 MiB");
#endif
    size_t ended = 0;
    while (wait(&status) > 0) {
        ended += WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    report(TESTS + 4, ended == WORKERS, "all processes of the test end as they should");
    return failed_count == 0 ? 0 : 1;
}
