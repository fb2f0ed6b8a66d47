/* What thousands of statements cost, in work that is counted and not timed: the compiler puts a call
 * before every basic block of the core. Ten times the statements may cost ten times and the logarithm
 * more; one step that looks through a table for each statement costs a hundred times. */
#include "snapshots.h"

#include <inttypes.h>

static uint64_t blocks;

void __sanitizer_cov_trace_pc(void); /* the compiler's name, and the linker's */

void __sanitizer_cov_trace_pc(void) {
    blocks++;
}

#define T "CREATE TABLE \"t\" (\"a\" integer, \"b\" text);" BREAK
#define E "CREATE TYPE \"public\".\"e\" AS ENUM('x');" BREAK
#define OPTIONS " INCREMENT BY 1 MINVALUE 1 MAXVALUE 9 START WITH 1 CACHE 1;" BREAK

/* What is made once, for each statement, and the statement itself: all in drizzle-kit's form, so that
 * none is followed as hand-written. */
static const struct kind {
    const char *once, *each, *statement;
} kinds[] = {
    {"", "CREATE TABLE \"t%d\" (\"a\" integer);" BREAK, "CREATE INDEX ON \"t%d\" (\"a\");" BREAK},
    {T, "", "CREATE INDEX \"i%d\" ON \"t\" USING btree (\"a\");" BREAK},
    {T, "CREATE INDEX \"i%d\" ON \"t\" USING btree (\"a\");" BREAK, "DROP INDEX \"i%d\";" BREAK},
    {T, "CREATE INDEX \"i%d\" ON \"t\" USING btree (\"a\");" BREAK, "ALTER INDEX \"i%d\" RENAME TO \"j%1$d\";" BREAK},
    {T, "", "ALTER TABLE \"t\" ADD COLUMN \"c%d\" integer;" BREAK},
    {T, "ALTER TABLE \"t\" ADD COLUMN \"c%d\" integer;" BREAK, "ALTER TABLE \"t\" DROP COLUMN \"c%d\";" BREAK},
    {T, "ALTER TABLE \"t\" ADD COLUMN \"c%d\" integer;" BREAK,
     "ALTER TABLE \"t\" RENAME COLUMN \"c%d\" TO \"d%1$d\";" BREAK},
    {T, "ALTER TABLE \"t\" ADD COLUMN \"c%d\" integer;" BREAK,
     "ALTER TABLE \"t\" ALTER COLUMN \"c%d\" SET DATA TYPE text;" BREAK},
    {T, "ALTER TABLE \"t\" ADD COLUMN \"c%d\" integer;" BREAK,
     "ALTER TABLE \"t\" ALTER COLUMN \"c%d\" SET DEFAULT 5;" BREAK},
    {T, "CREATE TYPE \"public\".\"e%d\" AS ENUM('x');" BREAK, "ALTER TABLE \"t\" ADD COLUMN \"c%d\" \"e%1$d\";" BREAK},
    {E, "", "ALTER TYPE \"public\".\"e\" ADD VALUE 'v%d';" BREAK},
    {"", "CREATE TYPE \"public\".\"e%d\" AS ENUM('x');" BREAK,
     "ALTER TYPE \"public\".\"e%d\" RENAME TO \"f%1$d\";" BREAK},
    {"", "CREATE TYPE \"public\".\"e%d\" AS ENUM('x');" BREAK, "DROP TYPE \"public\".\"e%d\";" BREAK},
    {T, "", "ALTER TABLE \"t\" ADD CONSTRAINT \"u%d\" UNIQUE(\"a\");" BREAK},
    {T, "ALTER TABLE \"t\" ADD CONSTRAINT \"u%d\" UNIQUE(\"a\");" BREAK,
     "ALTER TABLE \"t\" DROP CONSTRAINT \"u%d\";" BREAK},
    {T, "ALTER TABLE \"t\" ADD CONSTRAINT \"u%d\" UNIQUE(\"a\");" BREAK,
     "ALTER TABLE \"t\" RENAME CONSTRAINT \"u%d\" TO \"v%1$d\";" BREAK},
    {T, "", "ALTER TABLE \"t\" ADD CONSTRAINT \"u%d\" CHECK (\"a\" > 0);" BREAK},
    {T, "CREATE TABLE \"t%d\" (\"a\" integer);" BREAK,
     "ALTER TABLE \"t%d\" ADD CONSTRAINT \"k%1$d\" FOREIGN KEY (\"a\") REFERENCES \"public\".\"t\"(\"a\") ON DELETE "
     "no action ON UPDATE no action;" BREAK},
    {"", "", "CREATE SEQUENCE \"public\".\"s%d\"" OPTIONS},
    {"", "CREATE SEQUENCE \"public\".\"s%d\"" OPTIONS, "ALTER SEQUENCE \"public\".\"s%d\"" OPTIONS},
    {"", "CREATE SEQUENCE \"public\".\"s%d\"" OPTIONS, "ALTER SEQUENCE \"public\".\"s%d\" RENAME TO \"r%1$d\";" BREAK},
    {"", "CREATE SEQUENCE \"public\".\"s%d\"" OPTIONS, "DROP SEQUENCE \"public\".\"s%d\";" BREAK},
    {T, "", "CREATE POLICY \"p%d\" ON \"t\" AS PERMISSIVE FOR ALL TO public;" BREAK},
    {T, "CREATE POLICY \"p%d\" ON \"t\" AS PERMISSIVE FOR ALL TO public;" BREAK, "DROP POLICY \"p%d\" ON \"t\";" BREAK},
    {"", "", "CREATE TABLE \"t%d\" (\"a\" integer);" BREAK},
    {"", "CREATE TABLE \"t%d\" (\"a\" integer);" BREAK, "ALTER TABLE \"t%d\" RENAME TO \"u%1$d\";" BREAK},
    {"", "CREATE TABLE \"t%d\" (\"a\" integer);" BREAK, "ALTER TABLE \"t%d\" ENABLE ROW LEVEL SECURITY;" BREAK},
    {"", "CREATE TABLE \"t%d\" (\"a\" integer);" BREAK, "DROP TABLE \"t%d\" CASCADE;" BREAK},
    {"", "CREATE TABLE \"s\".\"t%d\" (\"a\" integer);" BREAK, "ALTER TABLE \"t%d\" ADD COLUMN \"b\" integer;" BREAK},
    {T, "CREATE TABLE \"t%d\" (\"a\" integer);" BREAK, "DROP SCHEMA \"s%d\";" BREAK},
    {"", "", "CREATE ROLE \"r%d\";" BREAK},
    {"", "", "CREATE SCHEMA \"s%d\";" BREAK},
    {T, "", "CREATE VIEW \"public\".\"v%d\" AS (select \"a\", \"b\" from \"t\");" BREAK},
};

static const struct snapshots_file *no_files(const void *context, struct arena *arena, size_t *ret_count) {
    *ret_count = 0;
    return context;
}

static uint64_t cost_of(const struct kind *kind, int count) {
    const struct text before = text_format(snapshots_arena, "%s%s", kind->once, snapshots_many(kind->each, count));
    struct snapshots_file files[] = {snapshots_file_of("0001_before", before.bytes),
                                     snapshots_file_of("0002_after", snapshots_many(kind->statement, count))};
    struct snapshots_start start = snapshots_start_of(NULL, NULL);
    struct snapshots snapshots;
    size_t room = SNAPSHOTS_ROOM;
    start.earlier = no_files;
    blocks = 0;
    snapshots_make(snapshots_arena, &start, files, 2, &room, &snapshots);
    if (snapshots.count < 2) {
        print_error("%s\n%s\n", kind->statement, snapshots.reason.bytes);
    }
    assert_int_equal(snapshots.count, 2);
    return blocks;
}

/* In tenths. A step of a single block for every pair of statements adds 1,800 blocks to each: what
 * the cheapest of them costs, and more than a twentieth of the most expensive. */
enum { MOST_GROWTH = 112 };

static void ten_times_the_statements_cost_ten_times_as_much(void **state) {
    enum { COUNT = 200 };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        uint64_t few = cost_of(&kinds[i], COUNT), many = cost_of(&kinds[i], 10 * COUNT);
        print_message("# %" PRIu64 " blocks of each, then %" PRIu64 ": %.*s\n", few / COUNT, many / (10 * COUNT),
                      (int)strcspn(kinds[i].statement, ";"), kinds[i].statement);
        assert_true(few > 100 * COUNT); /* it is counted */
        assert_true(10 * many < MOST_GROWTH * few);
    }
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_times_the_statements_cost_ten_times_as_much),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
