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

/* A statement, and an index with two parts whose first field has this many bytes. */
static struct text answer_with_index(size_t length, bool has_statement) {
    static const uint32_t place[] = {0, 1};
    struct protocol_writer writer = {0};
    if (has_statement) {
        protocol_begin(&writer, TOKENS_STATEMENT, 0, 1);
        protocol_field(&writer, (struct text){(const char *)place, sizeof place});
    }
    protocol_begin(&writer, TOKENS_INDEX, 0, 1);
    protocol_field(&writer, (struct text){(const char *)&place[1], length});
    protocol_field(&writer, TEXT("a"));
    protocol_field(&writer, TEXT("lower"));
    struct text made = text_copy(arena, (struct text){writer.bytes, writer.length});
    free(writer.bytes);
    return made;
}

static void an_index_without_a_name_belongs_to_the_statement_before(void **state) {
    struct tokens tokens;
    struct text sql = TEXT("abcd");
    assert_true(tokens_read(arena, sql, answer_with_index(sizeof(uint32_t), true), &tokens));
    assert_int_equal(tokens.statements[0].index_count, 1);
    assert_int_equal(tokens.statements[0].indexes[0].on, 1);
    assert_int_equal(tokens.statements[0].indexes[0].count, 2);
    assert_string_equal(tokens.statements[0].indexes[0].parts[1].bytes, "lower");
    assert_false(tokens_read(arena, sql, answer_with_index(sizeof(uint32_t), false), &tokens));
    assert_false(tokens_read(arena, sql, answer_with_index(1, true), &tokens));
    static const uint32_t place[] = {0, 1};
    struct text comment = answer(TOKENS_COMMENT, place, 2), index = answer_with_index(sizeof(uint32_t), false);
    struct text both = text_format(arena, "%*s", (int)(comment.length + index.length), "");
    memcpy((char *)both.bytes, comment.bytes, comment.length);
    memcpy((char *)both.bytes + comment.length, index.bytes, index.length);
    assert_false(tokens_read(arena, sql, both, &tokens));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_have_kinds_by_how_they_begin_and_end),
        cmocka_unit_test(a_comment_has_its_text),
        cmocka_unit_test(what_leads_out_of_the_sql_is_no_answer),
        cmocka_unit_test(an_index_without_a_name_belongs_to_the_statement_before),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
