/* A worker's answer with offsets outside the SQL is rejected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "migfs/schema/tokens.h"

static struct arena *arena;

static int begin(void **state) {
    arena = arena_create();
    return arena ? 0 : -1;
}

static int end(void **state) {
    arena_destroy(arena);
    return 0;
}

/* One record with one field of these numbers. */
static struct text answer(uint8_t kind, const uint32_t *numbers, size_t count) {
    struct protocol_writer writer = {0};
    protocol_begin(&writer, kind, TOKENS_IS_ALONE, 3);
    protocol_field(&writer, (struct text){(const char *)numbers, count * sizeof *numbers});
    struct text made = text_copy(arena, (struct text){writer.bytes, writer.length});
    free(writer.bytes);
    return made;
}

static void tokens_have_kinds_by_how_they_begin_and_end(void **state) {
    static const uint32_t places[] = {0, 3, 4, 7, 8, 12, 13, 16, 17, 19, 20, 25};
    struct tokens tokens;
    assert_true(tokens_read(arena, TEXT("add \"b\" E'x' 1.5 :: $$ $$"), answer(TOKENS_STATEMENT, places, 12), &tokens));
    static const enum token_kind kinds[] = {TOKEN_WORD,   TOKEN_QUOTED, TOKEN_STRING,
                                            TOKEN_NUMBER, TOKEN_OTHER,  TOKEN_STRING};
    assert_int_equal(tokens.count, 1);
    assert_int_equal(tokens.statements[0].line, 3);
    assert_true(tokens.statements[0].is_alone);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(tokens.statements[0].tokens[i].kind, kinds[i]);
    }
}

static void a_comment_has_its_text(void **state) {
    static const uint32_t place[] = {2, 6};
    struct tokens tokens;
    assert_true(tokens_read(arena, TEXT("  -- x\n"), answer(TOKENS_COMMENT, place, 2), &tokens));
    assert_int_equal(tokens.statements[0].count, 0);
    assert_string_equal(text_copy(arena, tokens.statements[0].comment).bytes, "-- x");
}

static void what_leads_out_of_the_sql_is_no_answer(void **state) {
    static const uint32_t beyond[] = {0, 5}, backwards[] = {2, 3, 0, 1}, empty[] = {1, 1}, right[] = {0, 1};
    struct tokens tokens;
    struct text sql = TEXT("abcd");
    assert_false(tokens_read(arena, sql, answer(TOKENS_STATEMENT, beyond, 2), &tokens));
    assert_false(tokens_read(arena, sql, answer(TOKENS_STATEMENT, backwards, 4), &tokens));
    assert_false(tokens_read(arena, sql, answer(TOKENS_STATEMENT, empty, 2), &tokens));
    assert_false(tokens_read(arena, sql, answer(TOKENS_STATEMENT, right, 1), &tokens));
    assert_false(tokens_read(arena, sql, answer(TOKENS_BODY, right, 2), &tokens));
    assert_false(tokens_read(arena, sql, answer(9, right, 2), &tokens));
    struct text cut = answer(TOKENS_STATEMENT, right, 2);
    assert_false(tokens_read(arena, sql, text_slice(cut, 0, cut.length - 1), &tokens));
    assert_true(tokens_read(arena, sql, TEXT(""), &tokens));
    assert_int_equal(tokens.count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_have_kinds_by_how_they_begin_and_end),
        cmocka_unit_test(a_comment_has_its_text),
        cmocka_unit_test(what_leads_out_of_the_sql_is_no_answer),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
