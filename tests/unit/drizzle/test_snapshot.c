/* Reading and writing snapshots. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/drizzle/snapshot.h"

static struct arena *arena;

static int begin(void **state) {
    arena = arena_create();
    return arena ? 0 : -1;
}

static int end(void **state) {
    arena_destroy(arena);
    return 0;
}

static void assert_refused(const char *text, const char *reason) {
    struct text said;
    assert_null(snapshot_read(arena, text_of(text), &said));
    assert_string_equal(said.bytes, reason);
}

static void only_version_7_of_postgresql_is_taken(void **state) {
    assert_refused("[", "is not JSON: line 1, column 2: it ends too early");
    assert_refused("{}", "is not a snapshot of drizzle-kit's");
    assert_refused("{\"id\": \"a\", \"version\": \"5\", \"dialect\": \"pg\"}",
                   "is of version 5: run `drizzle-kit up` first");
    assert_refused("{\"id\": \"a\", \"version\": \"7\", \"dialect\": \"mysql\"}", "is not of PostgreSQL");
    assert_refused("{\"id\": \"a\", \"version\": \"7\", \"dialect\": \"postgresql\"}",
                   "is not a snapshot of drizzle-kit's");
}

static void it_is_written_as_drizzle_kit_writes_it(void **state) {
    struct text reason;
    struct cJSON *tree = snapshot_read(arena,
                                       TEXT("{\"_meta\": {\"x\": []}, \"tables\": {}, \"dialect\": \"postgresql\", "
                                            "\"version\": \"7\", \"prevId\": \"q\", \"id\": \"p\"}"),
                                       &reason);
    assert_non_null(tree);
    struct text written = snapshot_write(arena, tree, TEXT("p"), TEXT("0001_x"));
    static const char rest[] =
        "\",\n  \"prevId\": \"p\",\n  \"version\": \"7\",\n  \"dialect\": \"postgresql\",\n"
        "  \"tables\": {},\n  \"enums\": {},\n  \"schemas\": {},\n  \"sequences\": {},\n  \"roles\": {},\n"
        "  \"policies\": {},\n  \"views\": {},\n  \"_meta\": {\n    \"x\": [],\n    \"columns\": {},\n    \"schemas\": "
        "{},\n"
        "    \"tables\": {}\n  }\n}";
    assert_string_equal(written.bytes + strlen("{\n  \"id\": \"") + 36, rest);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_version_7_of_postgresql_is_taken),
        cmocka_unit_test(it_is_written_as_drizzle_kit_writes_it),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
