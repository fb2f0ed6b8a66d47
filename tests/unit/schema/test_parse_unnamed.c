/* Indexes without a name, as the worker finds them in statements and in DO blocks. */
#include "snapshots.h"

#include "migfs/schema/tokens.h"

/* The parts of all of them: `a lower, n`, with the place of each ON before. */
static const char *indexes_of(const char *sql) {
    struct snapshots_file file = snapshots_file_of("x", sql);
    struct buffer said = BUFFER(snapshots_arena);
    struct tokens tokens;
    assert_true(tokens_read(snapshots_arena, file.sql, file.answer, &tokens));
    for (size_t i = 0; i < tokens.count; i++) {
        for (size_t at = 0; at < tokens.statements[i].index_count; at++) {
            const struct token_index *it = &tokens.statements[i].indexes[at];
            buffer_format(&said, "%s%u:", said.length > 0 ? ", " : "", it->on);
            for (size_t part = 0; part < it->count; part++) {
                buffer_format(&said, " %s", it->parts[part].bytes);
            }
        }
    }
    return buffer_text(&said).bytes;
}

static void the_parts_of_their_names_are_told(void **state) {
    assert_string_equal(indexes_of("CREATE INDEX ON t (a, lower(b), (a + 1)) INCLUDE (a)"), "13: a lower expr a1");
    assert_string_equal(indexes_of("create unique /* x */ index concurrently on t (a); CREATE INDEX ON t (b)"),
                        "41: a, 64: b");
    assert_string_equal(indexes_of("CREATE INDEX i ON t (a); CREATE INDEX IF NOT EXISTS j ON t (a); SELECT 1"), "");
    assert_string_equal(indexes_of("SELECT 1; " BREAK "CREATE INDEX ON t (a)"), "48: a");
    assert_string_equal(
        indexes_of("SELECT 'create index on t (a)'; CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ "
                   "CREATE INDEX ON t (a) $$"),
        "");
}

static void those_in_a_do_are_found(void **state) {
    assert_string_equal(indexes_of("DO $$ BEGIN CREATE INDEX ON t (a); CREATE INDEX ON t (b); END $$"), "25: a, 48: b");
    assert_string_equal(indexes_of("DO $$ BEGIN CREATE INDEX ON; END $$"), ""); /* the parser takes any body */
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parts_of_their_names_are_told),
        cmocka_unit_test(those_in_a_do_are_found),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
