/* The reader against a server that lies: about lengths, counts, kinds and order, about its end, and
 * without one. Whatever it says, the ledger and the catalogs are unreadable or exactly what an
 * honest server says; it is never a fresh database. Beside each batch of lies an honest database is read, no step of the
 * reader takes long, and memory is bounded. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "conversation.h"
#include "liar.h"
#include "migfs/ledger/postgres/driver.h"
#include "migfs/ledger/reader.h"

enum { LIES_MAXIMUM = 20000, BATCH = 50, TIMEOUT_MS = 400, LONG_MS = 20000, STEP_MS = 50, MEMORY_KIB = 64 << 10 };

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
    if (!catalog || !catalog->is_partial || catalog->count != 2) {
        return false;
    }
    const struct catalog_row *first = &catalog->rows[0], *second = &catalog->rows[1];
    const struct catalog_row *relation = first->kind == 'r' ? first : second;
    return first->kind + second->kind == 's' + 'r' && text_is(relation->fields[0], "users");
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

/* The last of the databases is honest. */
static void test_batch(size_t first, size_t count, unsigned timeout_ms) {
    static const struct ledger_driver *const drivers[] = {&ledger_postgres, NULL};
    const struct ledger_reader_options options = {.drivers = drivers,
                                                  .schema = "s",
                                                  .table = "t",
                                                  .timeout_ms = timeout_ms,
                                                  .poll_ms = 3600000,
                                                  .reads_catalogs = true,
                                                  .names = &names_of_large};
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
    for (size_t i = 0; i < count; i++) {
        judge(&lies[first + i], ledger_reader_ledger(reader, i), ledger_reader_catalog(reader, i));
    }
    for (int i = 0; i < 200 && !is_all_honest(reader, count); i++) {
        read_all(reader); /* on a busy machine it may have been late */
    }
    if (!is_all_honest(reader, count)) {
        fail("the honest database beside them", &lies[0], ledger_reader_ledger(reader, count));
    }
    ledger_reader_destroy(reader);
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
static void test(int number, const char *name, void (*add_lies)(void), size_t batch, unsigned timeout_ms) {
    size_t first = lie_count, failed = failed_count;
    add_lies();
    for (size_t at = first; at < lie_count; at += batch) {
        test_batch(at, lie_count - at < batch ? lie_count - at : batch, timeout_ms);
    }
    printf("%s %d - %s\n", failed_count == failed ? "ok" : "not ok", number, name);
    printf("# %zu lies\n", lie_count - first);
    fflush(stdout);
}

static void report(int number, bool is_right, const char *name) {
    printf("%s %d - %s\n", is_right ? "ok" : "not ok", number, name);
    failed_count += !is_right;
}

int main(void) {
    char path[64];
    struct rusage used;
    struct error error;
    if (!mkdtemp(folder)) {
        perror(folder);
        return 1;
    }
    conversation_create(&conversation);
    names_of_large = catalog_names_create(&TEXT("users"), 1);
    if (!names_of_large) {
        puts("no memory");
        return 1;
    }
    if (!ledger_postgres_prepare(NULL, &error)) { /* before the liar's threads */
        puts(error.sentence);
        return 1;
    }
    liar_start(folder, &conversation, lies);
    printf("1..10\n");
    test(1, "an end at each byte makes a ledger or its catalogs unreadable", an_end_at_each_byte, BATCH, LONG_MS);
    test(2, "silence at each byte makes a ledger or its catalogs unreadable", silence_at_each_byte, BATCH, TIMEOUT_MS);
    test(3, "no message may have another length", another_length, BATCH, TIMEOUT_MS);
    test(4, "no message may be of another kind", another_kind, BATCH, TIMEOUT_MS);
    test(5, "messages that are missing, doubled, swapped or many are seen", another_order_or_number, BATCH, TIMEOUT_MS);
    test(6, "any byte may be another", another_byte, BATCH, TIMEOUT_MS);
    test(7, "messages without end are not waited for", no_end, 5, TIMEOUT_MS);
    getrusage(RUSAGE_SELF, &used);
    printf(
        "# %zu lies, of which %zu changed nothing; the longest step took %.1f ms of processor time; %ld KiB at most\n",
        tested_count, read_count, longest_ms, used.ru_maxrss);
    report(8, tested_count >= 3000, "there are at least 3,000 lies");
    report(9, longest_ms < STEP_MS, "no step of the reader takes 50 ms");
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    report(10, true, "memory stays below 64 MiB # told by the release build");
#else
    report(10, used.ru_maxrss < MEMORY_KIB, "memory stays below 64 MiB");
#endif
    snprintf(path, sizeof path, "%s/.s.PGSQL.5432", folder);
    unlink(path);
    rmdir(folder);
    catalog_names_unref(names_of_large);
    return failed_count == 0 ? 0 : 1;
}
