#include "folder.h"
#include "migfs/join/join.h"
#include "migfs/synthesis/synthesis.h"
#include "migfs/util/digest.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A migration as recorded by one database; the content of every file is its tag. */
struct ran {
    const char *tag;
    int64_t when;
};

struct site {
    const char *name;
    const struct ran *ran;
    size_t count;
};

#define SITE(name_, ...)                                                                                               \
    { (name_), (const struct ran[]){__VA_ARGS__}, COUNT(((const struct ran[]){__VA_ARGS__})) }
#define FRESH(name_)                                                                                                   \
    { (name_), NULL, 0 }

static struct ledger *ledger_of(const struct site *site) {
    struct ledger_row rows[16];
    char hashes[16][DIGEST_HEX_LENGTH + 1];
    for (size_t i = 0; i < site->count; i++) {
        struct digest digest = digest_of(text_of(site->ran[i].tag));
        digest_to_hex(&digest, hashes[i]);
        rows[i] =
            (struct ledger_row){.hash = text_of(hashes[i]), .has_created_at = true, .created_at = site->ran[i].when};
    }
    struct ledger from = {.database = text_of(site->name),
                          .status = site->count > 0 ? LEDGER_READ : LEDGER_FRESH,
                          .was_read = true,
                          .rows = rows,
                          .count = site->count};
    struct error error;
    struct ledger *ledger = ledger_create(&from, &error);
    assert_non_null(ledger);
    return ledger;
}

struct question {
    struct arena *arena;
    const struct disk *disk;
    const struct journal *journal;
    struct ledger **ledgers;
    size_t ledger_count;
    char answer[2048]; /* tag=when, separated by blanks, in the order served */
    bool is_identical;
};

static void synthesize_all(void *context) {
    struct question *question = context;
    struct join *join = join_create(question->arena, question->disk, question->journal, NULL, question->ledgers,
                                    question->ledger_count);
    size_t databases[8];
    for (size_t i = 0; i < question->ledger_count; i++) {
        databases[i] = i;
    }
    struct synthesis *synthesis =
        synthesize(question->arena, join, databases, question->ledger_count, &(struct synthesis_options){0});
    size_t length = 0;
    for (size_t i = 0; i < synthesis->count; i++) {
        struct text tag = join->migrations[synthesis->entries[i].migration].tag;
        length += (size_t)snprintf(question->answer + length, sizeof question->answer - length, "%s%.*s=%lld",
                                   i > 0 ? " " : "", TEXT_ARGS(tag), (long long)synthesis->entries[i].when);
    }
    question->is_identical = synthesis->is_identical;
}

/* Creates files for all `tags`, a journal of the `listed` ones, and these databases. */
static struct question ask(struct folder *folder, const char *const *tags, size_t tag_count, const struct ran *listed,
                           size_t listed_count, const struct site *sites, size_t site_count) {
    char path[64], text[2048];
    for (size_t i = 0; i < tag_count; i++) {
        snprintf(path, sizeof path, "%s.sql", tags[i]);
        put(folder, path, tags[i]);
    }
    scan(folder);
    size_t length = (size_t)snprintf(text, sizeof text, "{\"entries\":[");
    for (size_t i = 0; i < listed_count; i++) {
        length += (size_t)snprintf(text + length, sizeof text - length, "%s{\"idx\":%zu,\"when\":%lld,\"tag\":\"%s\"}",
                                   i > 0 ? "," : "", i, (long long)listed[i].when, listed[i].tag);
    }
    length += (size_t)snprintf(text + length, sizeof text - length, "]}");
    struct error error;
    struct journal *journal = journal_parse((struct text){text, length}, &error);
    assert_non_null(journal);
    struct ledger *ledgers[8];
    for (size_t i = 0; i < site_count; i++) {
        ledgers[i] = ledger_of(&sites[i]);
    }
    struct question question = {.arena = arena_create(),
                                .disk = folder->disk,
                                .journal = journal,
                                .ledgers = ledgers,
                                .ledger_count = site_count};
    assert_non_null(question.arena);
    assert_true(arena_run(question.arena, synthesize_all, &question));
    arena_destroy(question.arena);
    for (size_t i = 0; i < site_count; i++) {
        ledger_destroy(ledgers[i]);
    }
    journal_unref(journal);
    return question;
}

/* The tags of an answer, without the timestamps. */
static void assert_order(const struct question *question, const char *expected) {
    char order[sizeof question->answer];
    size_t length = 0;
    bool in_stamp = false;
    for (const char *at = question->answer; *at; at++) {
        in_stamp = *at == '=' || (in_stamp && *at != ' ');
        if (!in_stamp) {
            order[length++] = *at;
        }
    }
    order[length] = '\0';
    assert_string_equal(order, expected);
}

/* A branch was merged at its fork point, before entries that have run since, and lost its first
 * entry. */
static void
an_unlisted_migration_that_ran_nowhere_comes_before_one_with_a_higher_number_that_ran_nowhere(void **state) {
    const char *const tags[] = {"0000_first", "0001_lost", "0002_needs_lost", "0003_main"};
    const struct ran listed[] = {{"0000_first", 1000}, {"0002_needs_lost", 2000}, {"0003_main", 3000}};
    const struct site sites[] = {SITE("staging", {"0000_first", 1000}, {"0003_main", 3000})};
    struct question question = ask(*state, tags, COUNT(tags), listed, COUNT(listed), sites, COUNT(sites));
    assert_order(&question, "0000_first 0003_main 0001_lost 0002_needs_lost");
}

/* A branch with lower numbers was merged at the end and has not run. */
static void an_unlisted_migration_that_ran_stays_among_those_that_ran(void **state) {
    const char *const tags[] = {"0000_first", "0003_lost", "0004_main", "0001_late", "0002_late"};
    const struct ran listed[] = {{"0000_first", 1000}, {"0004_main", 4000}, {"0001_late", 1100}, {"0002_late", 1200}};
    const struct site sites[] = {SITE("staging", {"0000_first", 1000}, {"0003_lost", 3000}, {"0004_main", 4000})};
    struct question question = ask(*state, tags, COUNT(tags), listed, COUNT(listed), sites, COUNT(sites));
    assert_order(&question, "0000_first 0003_lost 0004_main 0001_late 0002_late");
}

/* The first timestamp was in the future when it ran, so nothing that ran later can be above it. */
static void stamps_that_are_right_are_kept_where_the_one_before_leaves_no_room(void **state) {
    const char *const tags[] = {"0000_future", "0001_next", "0002_last"};
    const struct ran listed[] = {{"0000_future", 900000}, {"0001_next", 2000}, {"0002_last", 3000}};
    const struct site sites[] = {SITE("production", {"0000_future", 900000}, {"0001_next", 2000}, {"0002_last", 3000}),
                                 FRESH("staging")};
    struct question question = ask(*state, tags, COUNT(tags), listed, COUNT(listed), sites, COUNT(sites));
    assert_string_equal(question.answer, "0000_future=900000 0001_next=2000 0002_last=3000");
    assert_true(question.is_identical);
}

/* The newest row is of a migration whose entry has since been given another timestamp. */
static void a_stamp_that_equals_the_watermark_is_not_above_it(void **state) {
    const char *const tags[] = {"0000_first", "0001_second"};
    const struct ran listed[] = {{"0000_first", 4000}, {"0001_second", 5000}};
    const struct site sites[] = {SITE("staging", {"0000_first", 5000})};
    struct question question = ask(*state, tags, COUNT(tags), listed, COUNT(listed), sites, COUNT(sites));
    char expected[64];
    snprintf(expected, sizeof expected, "0000_first=4000 0001_second=%lld",
             (long long)stamp_marked(stamp_mark(TEXT("0001_second")), 5000));
    assert_string_equal(question.answer, expected);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(an_unlisted_migration_that_ran_nowhere_comes_before_one_with_a_higher_number_that_ran_nowhere),
        folder_test(an_unlisted_migration_that_ran_stays_among_those_that_ran),
        folder_test(a_stamp_that_equals_the_watermark_is_not_above_it),
        folder_test(stamps_that_are_right_are_kept_where_the_one_before_leaves_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
