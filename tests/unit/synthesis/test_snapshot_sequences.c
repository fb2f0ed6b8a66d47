/* Sequences, drizzle-kit's own and as a hand changes them, and those of identities. */
#include "snapshots.h"

static void a_sequence_of_drizzle_kit_has_five_strings(void **state) {
    static const struct snapshots_case cases[] = {
        {"SELECT 1", "CREATE SEQUENCE \"public\".\"q\" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9 START WITH 1 CACHE 1;",
         "sequences|public.q",
         "{\"name\": \"q\", \"schema\": \"public\", \"increment\": \"1\", \"minValue\": \"1\", \"maxValue\": \"9\", "
         "\"startWith\": \"1\", \"cache\": \"1\", \"cycle\": false}"},
        {"CREATE SEQUENCE \"public\".\"q\" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9 START WITH 1 CACHE 1;",
         "ALTER SEQUENCE \"public\".\"q\" RENAME TO \"r\";", "sequences|public.r|name", "\"r\""},
        {"SELECT 1", "CREATE SEQUENCE q", "sequences", "{}"},
        {"CREATE SEQUENCE q", "DROP SEQUENCE q", "sequences", "{}"},
    };
    CHECK_CASES(cases);
}

#define SEQUENCE "CREATE SEQUENCE \"public\".\"q\" INCREMENT BY 3 MINVALUE 5 MAXVALUE 900 START WITH 7 CACHE 4 CYCLE;"
#define IT(increment, least, most, start, cache, cycle)                                                                \
    "{\"name\": \"q\", \"schema\": \"public\", \"increment\": \"" increment "\", \"minValue\": \"" least               \
    "\", \"maxValue\": \"" most "\", \"startWith\": \"" start "\", \"cache\": \"" cache "\", \"cycle\": " cycle "}"

static void what_is_not_given_of_a_sequence_stays(void **state) {
    static const struct snapshots_case cases[] = {
        {SEQUENCE, "ALTER SEQUENCE q INCREMENT 2", "sequences|public.q", IT("2", "5", "900", "7", "4", "true")},
        {SEQUENCE, "ALTER SEQUENCE q MINVALUE 2 MAXVALUE 1000", "sequences|public.q",
         IT("3", "2", "1000", "7", "4", "true")},
        {SEQUENCE, "ALTER SEQUENCE q START 9 CACHE 9", "sequences|public.q", IT("3", "5", "900", "9", "9", "true")},
        {SEQUENCE, "ALTER SEQUENCE q NO CYCLE", "sequences|public.q", IT("3", "5", "900", "7", "4", "false")},
        {SEQUENCE BREAK "ALTER SEQUENCE \"public\".\"q\" NO CYCLE;", "ALTER SEQUENCE q CACHE 9 CYCLE",
         "sequences|public.q", IT("3", "5", "900", "7", "9", "true")},
        {SEQUENCE, "ALTER SEQUENCE q NO MINVALUE NO MAXVALUE", "sequences|public.q",
         IT("3", "1", "9223372036854775807", "7", "4", "true")},
        {SEQUENCE, "ALTER SEQUENCE q NO MAXVALUE NO MINVALUE INCREMENT -2 START WITH -1", "sequences|public.q",
         IT("-2", "-9223372036854775808", "-1", "-1", "4", "true")},
        {SEQUENCE BREAK "ALTER SEQUENCE \"public\".\"q\" NO MAXVALUE;",
         "ALTER SEQUENCE q AS int8 INCREMENT -2 NO MAXVALUE", "sequences|public.q",
         IT("-2", "5", "9223372036854775807", "7", "4", "true")},
        {SEQUENCE, "ALTER SEQUENCE q RESTART OWNED BY a.b.c AS bigint CACHE 9", "sequences|public.q",
         IT("3", "5", "900", "7", "9", "true")},
        {SEQUENCE,
         "ALTER SEQUENCE q RESTART 8 OWNED BY NONE; ALTER SEQUENCE q RESTART WITH -8; ALTER SEQUENCE q OWNER TO z",
         "sequences|public.q", IT("3", "5", "900", "7", "4", "true")},
        {SEQUENCE, "ALTER SEQUENCE q AS integer", NULL,
         "it changes sequence \"q\" in a way that snapshots cannot express"},
        /* drizzle-kit's own: it does not write NO CYCLE */
        {SEQUENCE, "ALTER SEQUENCE \"public\".\"q\" INCREMENT BY 3 MINVALUE 5 MAXVALUE 900 START WITH 7 CACHE 4;",
         "sequences|public.q", IT("3", "5", "900", "7", "4", "false")},
        {SEQUENCE, "ALTER SEQUENCE \"public\".\"q\" INCREMENT BY 4;", "sequences|public.q",
         IT("4", "5", "900", "7", "4", "true")},
        {"CREATE TABLE \"a\" (\"id\" integer GENERATED ALWAYS AS IDENTITY (sequence name \"q\" INCREMENT BY 3 MINVALUE "
         "5 "
         "MAXVALUE 900 START WITH 7 CACHE 4 CYCLE));",
         "ALTER TABLE a ALTER id SET NO MAXVALUE RESTART 8 SET CACHE 2", "tables|public.a|columns|id|identity",
         "{\"type\": \"always\", \"name\": \"q\", \"schema\": \"public\", \"increment\": \"3\", \"minValue\": \"5\", "
         "\"maxValue\": \"2147483647\", \"startWith\": \"7\", \"cache\": \"2\", \"cycle\": true}"},
    };
    CHECK_CASES(cases);
}

static void what_changes_nothing_of_a_sequence_is_no_change(void **state) {
    struct snapshots snapshots = snapshots_after(NULL, SEQUENCE, "ALTER SEQUENCE q RESTART; ALTER SEQUENCE q CYCLE");
    assert_int_equal(snapshots.count, 2);
    assert_string_equal(snapshots.made[1].altered.bytes, "");
    snapshots = snapshots_after(NULL, SEQUENCE, "ALTER SEQUENCE q NO CYCLE");
    assert_string_equal(snapshots.made[1].altered.bytes, "sequence q");
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sequence_of_drizzle_kit_has_five_strings),
        cmocka_unit_test(what_is_not_given_of_a_sequence_stays),
        cmocka_unit_test(what_changes_nothing_of_a_sequence_is_no_change),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
