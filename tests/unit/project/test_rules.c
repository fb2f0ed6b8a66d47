#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/project/rules.h"

static struct rules *parsed(const char *text) {
    struct error error;
    struct rules *rules = rules_parse(TEXT(".migfs"), text_of(text), &error);
    assert_non_null(rules);
    return rules;
}

static size_t line_of(const struct rule *rule) {
    return rule ? rule->line : 0;
}

static size_t decides(const char *rules_text, const char *tag) {
    struct rules *rules = parsed(rules_text);
    size_t line = line_of(rules_decide(rules, text_of(tag)));
    rules_unref(rules);
    return line;
}

static void a_glob_fits_a_tag_or_a_file_name(void **state) {
    assert_int_equal(decides("exclude 0001_a", "0001_a"), 1);
    assert_int_equal(decides("exclude 0001_a.sql", "0001_a"), 1);
    assert_int_equal(decides("exclude 0001_*", "0001_a"), 1);
    assert_int_equal(decides("exclude *.sql", "0001_a"), 1);
    assert_int_equal(decides("exclude *.down", "0001_a.down"), 1);
    assert_int_equal(decides("exclude [0-9][0-9][0-9][0-9]_?", "0001_a"), 1);
    assert_int_equal(decides("exclude a?b", "a b"), 1);
    assert_int_equal(decides("exclude 0001", "0001_a"), 0);
    assert_int_equal(decides("exclude 0001_A", "0001_a"), 0);
    assert_int_equal(decides("exclude *", "a\xff"), 1);
}

static void the_first_line_that_fits_decides(void **state) {
    const char *text = "# a comment\n\n  include 0001_b # the one\r\nexclude 0001_*\ninclude *\n";
    assert_int_equal(decides(text, "0001_b"), 3);
    assert_int_equal(decides(text, "0001_c"), 4);
    assert_int_equal(decides(text, "0002_d"), 5);
}

static void applied_speaks_of_one_database_or_all_and_decides_nothing_else(void **state) {
    struct rules *rules = parsed("applied 0001_* staging\napplied 0002_*\t# everywhere\nexclude 0001_*");
    assert_int_equal(line_of(rules_applied(rules, TEXT("0001_a"), TEXT("staging"))), 1);
    assert_int_equal(line_of(rules_applied(rules, TEXT("0001_a"), TEXT("production"))), 0);
    assert_int_equal(line_of(rules_applied(rules, TEXT("0002_a"), TEXT("production"))), 2);
    assert_int_equal(line_of(rules_decide(rules, TEXT("0001_a"))), 3);
    assert_int_equal(line_of(rules_decide(rules, TEXT("0002_a"))), 0);
    rules_unref(rules);
}

static size_t accepts(const char *rules_text, const char *tag, const char *hash, const char *database) {
    struct rules *rules = parsed(rules_text);
    assert_int_equal(rules->fault_count, 0);
    size_t line = line_of(rules_edited(rules, text_of(tag), text_of(hash), text_of(database)));
    rules_unref(rules);
    return line;
}

static void edited_accepts_every_text_or_the_one_whose_hash_begins_so(void **state) {
    assert_int_equal(accepts("edited 0001_*", "0001_a", "1a2b3c4d5e", "db"), 1);
    assert_int_equal(accepts("edited 0001_* staging", "0001_a", "1a2b3c4d5e", "db"), 0);
    assert_int_equal(accepts("edited 0001_a@1a2b3c4d db # it is", "0001_a", "1a2b3c4d5e", "db"), 1);
    assert_int_equal(accepts("edited 0001_a@1a2b3c4e", "0001_a", "1a2b3c4d5e", "db"), 0);
    assert_int_equal(accepts("edited *@12345678", "0001_a@12345678", "0000000000", "db"), 0);
    assert_int_equal(accepts("edited 0001_a@home", "0001_a@home", "1a2b3c4d5e", "db"), 1);
}

static void ignore_names_a_code_and_what_it_is_about(void **state) {
    struct rules *rules = parsed("ignore modified 0001_*\nignore unknown-row # noise\nforeign shop\n");
    assert_int_equal(line_of(rules_ignored(rules, TEXT("modified"), TEXT("0001_a"))), 1);
    assert_int_equal(line_of(rules_ignored(rules, TEXT("modified"), TEXT("0002_a"))), 0);
    assert_int_equal(line_of(rules_ignored(rules, TEXT("unknown-row"), TEXT("production"))), 2);
    assert_int_equal(line_of(rules_ignored(rules, TEXT("unknown-row"), TEXT(""))), 2);
    assert_int_equal(line_of(rules_ignored(rules, TEXT("unknown"), TEXT(""))), 0);
    assert_int_equal(line_of(rules_foreign(rules, TEXT("shop"))), 3);
    assert_int_equal(line_of(rules_foreign(rules, TEXT("sho"))), 0);
    assert_int_equal(line_of(rules_decide(rules, TEXT("0001_a"))), 0);
    assert_int_equal(line_of(rules_applied(rules, TEXT("0001_a"), TEXT("shop"))), 0);
    rules_unref(rules);
}

static void without_rules_nothing_is_decided(void **state) {
    assert_null(rules_decide(NULL, TEXT("0001_a")));
    assert_null(rules_applied(NULL, TEXT("0001_a"), TEXT("db")));
    assert_null(rules_edited(NULL, TEXT("0001_a"), TEXT("00"), TEXT("db")));
    assert_null(rules_ignored(NULL, TEXT("modified"), TEXT("")));
    assert_null(rules_foreign(NULL, TEXT("db")));
    struct rules *rules = parsed("");
    assert_int_equal(rules->count, 0);
    assert_int_equal(rules->fault_count, 0);
    rules_unref(rules);
}

static void a_line_that_is_not_understood_is_told_and_decides_nothing(void **state) {
    static const struct {
        const char *line, *sentence;
    } faults[] = {
        {"drop 0001_a",
         "\"drop\" is not a verb: a line begins with `exclude`, `include`, `applied`, `edited`, `ignore` or `foreign`"},
        {"Exclude 0001_a", "\"Exclude\" is not a verb: a line begins with `exclude`, `include`, `applied`, `edited`, "
                           "`ignore` or `foreign`"},
        {"\x1b[31m x", "\"\\x1b[31m\" is not a verb: a line begins with `exclude`, `include`, `applied`, `edited`, "
                       "`ignore` or `foreign`"},
        {"exclude", "`exclude` needs a glob after it, such as 0019_*"},
        {"include # all", "`include` needs a glob after it, such as 0019_*"},
        {"exclude 0001_a staging",
         "too many words: `exclude` takes no database, and a glob has no blanks (write `?` for one)"},
        {"edited", "`edited` needs a glob after it, such as 0019_*"},
        {"ignore", "`ignore` needs a problem's code after it, such as nested-sql"},
        {"ignore nested-sql archive production",
         "too many words: `ignore` takes no database, and a glob has no blanks (write `?` for one)"},
        {"foreign # all", "`foreign` needs the name of a database after it"},
        {"foreign a b", "too many words; a glob has no blanks (write `?` for one)"},
        {"applied 0001_a staging production", "too many words; a glob has no blanks (write `?` for one)"},
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        char text[128], found[256];
        snprintf(text, sizeof text, "include z\n%s\ninclude y\n", faults[i].line);
        struct rules *rules = parsed(text);
        assert_int_equal(rules->count, 2);
        assert_int_equal(rules->fault_count, 1);
        assert_int_equal(rules->faults[0].line, 2);
        snprintf(found, sizeof found, "%.*s", TEXT_ARGS(rules->faults[0].sentence));
        assert_string_equal(found, faults[i].sentence);
        rules_unref(rules);
    }
}

/* Each of them costs time with each migration. */
static void only_the_first_thousand_patterns_count(void **state) {
    char text[32 * 1100] = "";
    size_t length = 0;
    for (int i = 1; i <= 1100; i++) {
        length += (size_t)sprintf(text + length, "exclude %04d_*\n", i);
    }
    length += (size_t)sprintf(text + length, "exclude whole_name\n");
    assert_int_equal(decides(text, "whole_name"), 0); /* nothing after the first that does not count */
    assert_int_equal(decides(text, "1000_a"), 1000);
    assert_int_equal(decides(text, "1001_a"), 0);
    struct rules *rules = parsed(text);
    assert_int_equal(rules->count, 1000);
    assert_int_equal(rules->fault_count, 1);
    assert_int_equal(rules->faults[0].line, 1001);
    rules_unref(rules);
}

/* They are looked up, so any number of them costs no time. */
static void whole_names_count_without_limit(void **state) {
    enum { NAMES = 30000 };
    char *text = malloc(32 * NAMES), name[16];
    size_t length = 0;
    for (int i = 1; i <= NAMES; i++) {
        length += (size_t)sprintf(text + length, "applied %05d_a%s d%d\n", i / 2, i % 3 ? "" : ".sql", i % 7);
    }
    struct rules *rules = parsed(text);
    assert_int_equal(rules->count, NAMES);
    assert_int_equal(rules->fault_count, 0);
    for (int i = 1; i <= NAMES; i++) {
        char database[] = {'d', (char)('0' + i % 7), '\0'};
        sprintf(name, "%05d_a", i / 2);
        assert_int_equal(line_of(rules_applied(rules, text_of(name), text_of(database))), i);
        assert_null(rules_applied(rules, text_of(name), TEXT("d8")));
        int first = i % 2 == 0 ? i : i > 1 ? i - 1 : i;
        assert_int_equal(line_of(rules_applied_anywhere(rules, text_of(name))), first);
    }
    assert_null(rules_applied(rules, TEXT("99999_a"), TEXT("d1")));
    rules_unref(rules);
    free(text);
}

/* Whether a glob is looked up or matched makes no difference to which rule comes first. */
static void whole_names_and_patterns_are_one_list(void **state) {
    assert_int_equal(decides("exclude 0001_*\ninclude 0001_a\n", "0001_a"), 1);
    assert_int_equal(decides("include 0001_a\nexclude 0001_*\n", "0001_a"), 1);
    assert_int_equal(decides("include 0001_b\nexclude 0001_a.sql\nexclude 0001_a\n", "0001_a"), 2);
    assert_int_equal(decides("include 0001_b\nexclude 0001_a\nexclude 0001_a.sql\n", "0001_a"), 2);
    assert_int_equal(decides("applied 0001_a\nexclude 0001_a\n", "0001_a"), 2);
    assert_int_equal(decides("exclude 0001\\_a\n", "0001_a"), 1);
    assert_int_equal(decides("exclude 0001[_]a\n", "0001_a"), 1);
    assert_int_equal(decides("exclude 0001?a\n", "0001_a"), 1);
    assert_int_equal(decides("exclude a\n", "a.sql"), 0);
    assert_int_equal(decides("exclude a.sql.sql\n", "a.sql"), 1);
}

static void a_file_that_is_not_utf8_decides_nothing(void **state) {
    struct rules *rules = parsed("exclude a\nexclude \xff\n");
    assert_int_equal(rules->count, 0);
    assert_int_equal(rules->fault_count, 1);
    rules_unref(rules);
}

static void a_tag_with_a_nul_or_too_long_a_tag_fits_nothing(void **state) {
    struct rules *rules = parsed("exclude *\n");
    char tag[600];
    memset(tag, 'a', sizeof tag);
    assert_null(rules_decide(rules, (struct text){tag, sizeof tag}));
    assert_non_null(rules_decide(rules, (struct text){tag, 255}));
    assert_null(rules_decide(rules, (struct text){"a\0b", 3}));
    rules_unref(rules);
}

static void the_last_reference_keeps_the_rules_and_all_their_texts(void **state) {
    char text[] = "applied 0001_a db", name[] = "rules";
    struct error error;
    struct rules *rules = rules_parse(text_of(name), text_of(text), &error);
    memset(text, 'x', sizeof text - 1);
    memset(name, 'x', sizeof name - 1);
    assert_ptr_equal(rules_ref(rules), rules);
    rules_unref(rules);
    assert_true(text_is(rules->name, "rules"));
    assert_true(text_is(rules->rules[0].glob, "0001_a"));
    assert_true(text_is(rules->rules[0].database, "db"));
    rules_unref(rules);
    rules_unref(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_glob_fits_a_tag_or_a_file_name),
        cmocka_unit_test(the_first_line_that_fits_decides),
        cmocka_unit_test(applied_speaks_of_one_database_or_all_and_decides_nothing_else),
        cmocka_unit_test(edited_accepts_every_text_or_the_one_whose_hash_begins_so),
        cmocka_unit_test(ignore_names_a_code_and_what_it_is_about),
        cmocka_unit_test(without_rules_nothing_is_decided),
        cmocka_unit_test(a_line_that_is_not_understood_is_told_and_decides_nothing),
        cmocka_unit_test(only_the_first_thousand_patterns_count),
        cmocka_unit_test(whole_names_count_without_limit),
        cmocka_unit_test(whole_names_and_patterns_are_one_list),
        cmocka_unit_test(a_file_that_is_not_utf8_decides_nothing),
        cmocka_unit_test(a_tag_with_a_nul_or_too_long_a_tag_fits_nothing),
        cmocka_unit_test(the_last_reference_keeps_the_rules_and_all_their_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
