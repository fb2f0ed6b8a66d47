/* Statements and tokens as PostgreSQL's parser and scanner find them, obtained from the worker. */
#include "snapshots.h"

#include "migfs/schema/tokens.h"

static struct tokens tokens_of(const char *sql) {
    struct snapshots_file file = snapshots_file_of("x", sql);
    struct tokens tokens;
    assert_true(tokens_read(snapshots_arena, file.sql, file.answer, &tokens));
    return tokens;
}

static const char *text_of_token(const struct tokens *tokens, const struct token *token) {
    return text_copy(snapshots_arena, text_slice(tokens->sql, token->start, token->end)).bytes;
}

static void statements_are_split_as_the_parser_splits_them(void **state) {
    struct tokens tokens = tokens_of("SELECT ';', $a$;$a$; -- no ; here\nSELECT 2 " BREAK ";;SELECT \"a;b\";");
    assert_int_equal(tokens.count, 4); /* three statements and a comment */
    assert_int_equal(tokens.statements[0].count, 4);
    assert_false(tokens.statements[0].is_alone);
    assert_string_equal(text_of_token(&tokens, &tokens.statements[0].tokens[1]), "';'");
    assert_string_equal(text_copy(snapshots_arena, tokens.statements[1].comment).bytes, "-- no ; here");
    assert_int_equal(tokens.statements[2].line, 2);
    assert_int_equal(tokens.statements[2].count, 2);
    assert_true(tokens.statements[3].is_alone);
    assert_int_equal(tokens.statements[3].line, 3);
}

static void the_body_of_a_do_has_its_own_tokens(void **state) {
    struct tokens tokens = tokens_of("DO LANGUAGE plpgsql $x$ BEGIN NULL; END $x$");
    assert_int_equal(tokens.count, 1);
    assert_int_equal(tokens.statements[0].body_count, 4);
    assert_string_equal(text_of_token(&tokens, &tokens.statements[0].body[1]), "NULL");
    tokens = tokens_of("DO '\nBEGIN NULL; END'");
    assert_int_equal(tokens.statements[0].body_count, 0);
}

static void offsets_are_bytes(void **state) {
    struct tokens tokens = tokens_of("SELECT '\xc3\xa4\xe2\x82\xac', \"\xf0\x9f\x98\x80\"");
    assert_string_equal(text_of_token(&tokens, &tokens.statements[0].tokens[3]), "\"\xf0\x9f\x98\x80\"");
}

static void what_the_parser_does_not_take_is_refused_with_its_line(void **state) {
    struct text answer;
    struct protocol_record record;
    worker_ask(snapshots_worker, PROTOCOL_TOKENS, TEXT("SELECT 1" BREAK "\nCREATE TABEL a ()"));
    assert_int_equal(worker_step(snapshots_worker, -1, &answer), WORKER_REFUSED);
    struct protocol_reader reader = protocol_read(snapshots_arena, answer);
    assert_true(protocol_next(&reader, &record));
    assert_int_equal(record.line, 3);
    assert_string_equal(text_copy(snapshots_arena, record.fields[0]).bytes, "syntax error at or near \"TABEL\"");
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_are_split_as_the_parser_splits_them),
        cmocka_unit_test(the_body_of_a_do_has_its_own_tokens),
        cmocka_unit_test(offsets_are_bytes),
        cmocka_unit_test(what_the_parser_does_not_take_is_refused_with_its_line),
    };
    RUN_SNAPSHOTS_TESTS(argc, argv, tests);
}
