/* The properties of a migration's text, and the hash that the runner records for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "migfs/drizzle/statements.h"

static struct sql examine(struct text text) {
    struct arena *arena = arena_create();
    assert_non_null(arena);
    struct sql sql;
    sql_examine(arena, text, &sql);
    arena_destroy(arena);
    return sql;
}

static void assert_digest_of(struct text expected, const struct digest *digest) {
    struct digest wanted = digest_of(expected);
    assert_memory_equal(digest->bytes, wanted.bytes, sizeof wanted.bytes);
}

static void assert_hashed_as(struct text text, struct text expected) {
    struct sql sql = examine(text);
    assert_digest_of(expected, &sql.digest);
    assert_int_equal(sql.is_utf8, text_equal(text, expected));
}

static void hash_is_that_of_the_bytes_when_they_are_utf8(void **state) {
    assert_hashed_as(TEXT(""), TEXT(""));
    assert_hashed_as(TEXT("select 1;\r\n"), TEXT("select 1;\r\n"));
    assert_hashed_as(TEXT("\xef\xbb\xbfselect 'ü';"), TEXT("\xef\xbb\xbfselect 'ü';"));
}

static void hash_is_that_of_the_repaired_text_when_they_are_not(void **state) {
    assert_hashed_as(TEXT("a\xe2\x82z"), TEXT("a\xef\xbf\xbdz"));
    assert_hashed_as(TEXT("\xc0\xaf"), TEXT("\xef\xbf\xbd\xef\xbf\xbd"));
    assert_hashed_as(TEXT("\xed\xa0\x80"), TEXT("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"));
    assert_hashed_as(TEXT("\xf4\x90\x80\x80"), TEXT("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"));
}

static void statements_are_the_pieces_between_breakpoints_that_are_not_blank(void **state) {
    const struct {
        struct text text;
        size_t statements;
    } cases[] = {
        {TEXT(""), 0},
        {TEXT(" \n\t"), 0},
        {TEXT("\xef\xbb\xbf\n"), 0},
        {TEXT("select 1;"), 1},
        {TEXT("select 1; select 2;"), 1},
        {TEXT("select 1;--> statement-breakpoint\nselect 2;"), 2},
        {TEXT("select 1;\n--> statement-breakpoint"), 1},
        {TEXT("--> statement-breakpoint--> statement-breakpoint\n--> statement-breakpoint"), 0},
        {TEXT("a --> statement-breakpoint \r\n --> statement-breakpoint b"), 2},
        {TEXT("--> statement-breakpoin"), 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(examine(cases[i].text).statements, cases[i].statements);
    }
}

static void a_text_of_blanks_and_comments_is_empty(void **state) {
    const struct text empty[] = {
        TEXT(""),
        TEXT("\xef\xbb\xbf"),
        TEXT(" \r\n\t\v\f"),
        TEXT("-- Custom SQL migration file, put your code below! --"),
        TEXT("-- one\n  -- two\r\n\n"),
        TEXT("/* one */ /* two\n * lines */ -- three"),
        TEXT("/* nested /* comment */ still */"),
        TEXT("/**/"),
        TEXT("--> statement-breakpoint"),
    };
    const struct text full[] = {
        TEXT("select 1;"),  TEXT("-- one\nx"), TEXT("/* a */ b"),
        TEXT("/* /* */ x"), TEXT("/*/"),       TEXT("/* without an end"),
        TEXT("- -"),        TEXT(";"),         TEXT("-"),
        TEXT("/"),          TEXT("*/"),        TEXT("\xc3\xa4"),
    };
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        assert_true(examine(empty[i]).is_empty);
    }
    for (size_t i = 0; i < sizeof full / sizeof *full; i++) {
        assert_false(examine(full[i]).is_empty);
    }
}

static void conflict_markers_count_when_all_three_stand_at_line_starts(void **state) {
    const struct text conflicts[] = {
        TEXT("<<<<<<< HEAD\na\n=======\nb\n>>>>>>> main\n"),
        TEXT("x\r\n<<<<<<< HEAD\r\na\r\n=======\r\nb\r\n>>>>>>> main"),
        TEXT("<<<<<<< HEAD\n========\n||||||| base\n=======\n>>>>>>> main\n"),
    };
    const struct text none[] = {
        TEXT(""),
        TEXT("-- title\n=======\nselect 1;\n"),
        TEXT("<<<<<<< HEAD\na\n=======\nb\n"),
        TEXT("<<<<<<< HEAD\na\n>>>>>>> main\n"),
        TEXT("<<<<<<< =======\n>>>>>>> main\n"),
        TEXT("<<<<<<< HEAD\n ======= \n>>>>>>> main\n"),
        TEXT("<<<<<<< HEAD\n========\n>>>>>>> main\n"),
        TEXT(" <<<<<<< HEAD\n=======\n>>>>>>> main\n"),
        TEXT("=======\n<<<<<<< HEAD\n>>>>>>> main\n"),
        TEXT("<<<<<<<HEAD\n=======\n>>>>>>> main\n"),
        TEXT("<<<<<<< HEAD\n======="),
    };
    for (size_t i = 0; i < sizeof conflicts / sizeof *conflicts; i++) {
        assert_true(examine(conflicts[i]).has_conflict_markers);
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_false(examine(none[i]).has_conflict_markers);
    }
}

static void utf16_is_known_by_its_mark_or_its_nuls(void **state) {
    assert_true(examine(TEXT("\xff\xfes\0e\0")).is_utf16);
    assert_true(examine(TEXT("\xfe\xff\0s\0e")).is_utf16);
    assert_true(examine(TEXT("s\0e\0l\0")).is_utf16);
    assert_true(examine(TEXT("\0s\0e\0l\0e\0c\0t")).is_utf16);
    assert_false(examine(TEXT("select 1;")).is_utf16);
    assert_false(examine(TEXT("s\0elect")).is_utf16);
    assert_false(examine(TEXT("\0\0\0\0\0\0")).is_utf16);
    assert_false(examine(TEXT("s\0")).is_utf16);
    assert_false(examine(TEXT("")).is_utf16);
}

static void a_nul_anywhere_is_seen(void **state) {
    assert_true(examine(TEXT("select '\0';")).has_nul);
    assert_false(examine(TEXT("select '0';")).has_nul);
    assert_false(examine(TEXT("")).has_nul);
    assert_true(examine(TEXT("\xef\xbb\xbfselect 1;")).has_byte_order_mark);
    assert_false(examine(TEXT("select 1; -- \xef\xbb\xbf")).has_byte_order_mark);
}

static void line_end_digests_are_those_of_the_text_with_one_kind_of_line_end(void **state) {
    struct arena *arena = arena_create();
    struct digest lf, crlf;
    sql_line_end_digests(arena, TEXT("a\r\nb\nc\rd\r\r\n\ne"), &lf, &crlf);
    assert_digest_of(TEXT("a\nb\nc\rd\r\n\ne"), &lf);
    assert_digest_of(TEXT("a\r\nb\r\nc\rd\r\r\n\r\ne"), &crlf);
    sql_line_end_digests(arena, TEXT("\n\n\n"), &lf, &crlf);
    assert_digest_of(TEXT("\n\n\n"), &lf);
    assert_digest_of(TEXT("\r\n\r\n\r\n"), &crlf);
    sql_line_end_digests(arena, TEXT("\xff\r"), &lf, &crlf);
    assert_digest_of(TEXT("\xef\xbf\xbd\r"), &lf);
    assert_digest_of(TEXT("\xef\xbf\xbd\r"), &crlf);
    sql_line_end_digests(arena, TEXT(""), &lf, &crlf);
    assert_digest_of(TEXT(""), &crlf);
    arena_destroy(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hash_is_that_of_the_bytes_when_they_are_utf8),
        cmocka_unit_test(hash_is_that_of_the_repaired_text_when_they_are_not),
        cmocka_unit_test(statements_are_the_pieces_between_breakpoints_that_are_not_blank),
        cmocka_unit_test(a_text_of_blanks_and_comments_is_empty),
        cmocka_unit_test(conflict_markers_count_when_all_three_stand_at_line_starts),
        cmocka_unit_test(utf16_is_known_by_its_mark_or_its_nuls),
        cmocka_unit_test(a_nul_anywhere_is_seen),
        cmocka_unit_test(line_end_digests_are_those_of_the_text_with_one_kind_of_line_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
