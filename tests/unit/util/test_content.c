/* Versions of files: who keeps them, how parts of them are read, and when they are whole in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/util/content.h"

/* A source that counts; it fills the bytes with letters that follow one another, or fails. */
struct source {
    char letter;
    atomic_int reads;
    int releases;
    bool is_broken;
};

static bool read_letters(void *context, char *bytes, size_t size, size_t offset, struct error *error) {
    struct source *source = context;
    atomic_fetch_add(&source->reads, 1);
    if (source->is_broken) {
        return error_set(error, ERROR_SYSTEM, "the file has changed");
    }
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (char)(source->letter + (int)((offset + i) % 26));
    }
    return true;
}

static void release(void *context) {
    ((struct source *)context)->releases++;
}

static const struct content_source letters = {read_letters, release};

static struct content *content_from(struct source *source, size_t size) {
    struct content *content = content_create_on_demand(size, &letters, source);
    assert_non_null(content);
    return content;
}

static void use(struct content *content) {
    struct text text;
    struct error error;
    assert_true(content_pin(content, &text, &error));
    assert_int_equal(text.length, content_size(content));
    content_unpin(content);
}

static void a_copy_is_held_and_does_not_need_its_original(void **state) {
    char original[] = "select 1;";
    struct content *content = content_create(text_of(original));
    memset(original, 'x', sizeof original);
    assert_true(content_is_held(content));
    assert_int_equal(content_size(content), 9);
    assert_true(text_is(content_text(content), "select 1;"));
    content_unref(content);
}

static void an_empty_content_is_a_content(void **state) {
    char *bytes;
    struct content *held = content_create(TEXT("")), *blank = content_create_blank(0, &bytes);
    struct source source = {.letter = 'a'};
    struct content *on_demand = content_from(&source, 0);
    assert_int_equal(content_size(held), 0);
    use(held);
    use(blank);
    use(on_demand);
    content_unref(held);
    content_unref(blank);
    content_unref(on_demand);
}

static void a_blank_content_is_what_is_written_into_it(void **state) {
    char *bytes;
    struct content *content = content_create_blank(9, &bytes);
    struct text text;
    struct error error;
    memcpy(bytes, "select 2;;", 10); /* one more than counts */
    assert_true(content_pin(content, &text, &error));
    assert_ptr_equal(text.bytes, bytes);
    assert_true(text_is(text, "select 2;"));
    content_unpin(content);
    content_unref(content);
}

static void a_content_lives_until_its_last_reference_goes(void **state) {
    struct source source = {.letter = 'a'};
    struct content *content = content_from(&source, 10);
    assert_ptr_equal(content_ref(content), content);
    content_unref(content);
    assert_int_equal(source.releases, 0);
    content_unref(content);
    assert_int_equal(source.releases, 1);
    assert_int_equal(source.reads, 0);
    content_unref(NULL);
}

static void overlapping_pins_share_bytes_that_go_with_the_last(void **state) {
    struct source source = {.letter = 'a'};
    struct content *content = content_from(&source, 3);
    struct text one, two;
    struct error error;
    assert_false(content_is_held(content));
    assert_true(content_pin(content, &one, &error));
    assert_true(content_pin(content, &two, &error));
    assert_true(text_is(one, "abc"));
    assert_ptr_equal(one.bytes, two.bytes);
    content_unpin(content);
    assert_true(text_is(two, "abc"));
    assert_int_equal(source.reads, 1);
    content_unpin(content);
    use(content);
    assert_int_equal(source.reads, 2);
    content_unref(content);
    assert_int_equal(source.releases, 1);
}

static void a_failed_pin_is_an_error_and_is_tried_again(void **state) {
    struct source source = {.letter = 'a', .is_broken = true};
    struct content *content = content_from(&source, 3);
    struct text text = TEXT("untouched");
    struct error error;
    assert_false(content_pin(content, &text, &error));
    assert_int_equal(error.code, ERROR_SYSTEM);
    assert_string_equal(error.sentence, "the file has changed");
    assert_true(text_is(text, "untouched"));
    source.is_broken = false;
    use(content);
    assert_int_equal(source.reads, 2);
    content_unref(content);
}

static void assert_reads(struct content *content, size_t size, size_t offset, const char *expected) {
    char bytes[16];
    size_t length = 99;
    struct error error;
    assert_true(content_read(content, bytes, size, offset, &length, &error));
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(bytes, expected, length);
}

static void a_part_is_read_alone_and_ends_where_the_content_does(void **state) {
    struct source source = {.letter = 'a'};
    struct content *contents[] = {content_from(&source, 5), content_create(TEXT("abcde"))};
    for (size_t i = 0; i < 2; i++) {
        assert_reads(contents[i], 3, 1, "bcd");
        assert_reads(contents[i], 16, 0, "abcde");
        assert_reads(contents[i], 16, 4, "e");
        assert_reads(contents[i], 16, 5, "");
        assert_reads(contents[i], 16, SIZE_MAX, "");
        assert_reads(contents[i], 0, 1, "");
        content_unref(contents[i]);
    }
    assert_int_equal(source.reads, 3);
}

static void a_part_of_a_giant_needs_no_more_memory_than_itself(void **state) {
    struct source source = {.letter = 'a'};
    struct content *content = content_from(&source, SIZE_MAX / 2);
    assert_reads(content, 2, 26 * ((size_t)1 << 40) + 1, "bc");
    content_unref(content);
}

static void a_part_that_fails_is_an_error(void **state) {
    struct source source = {.letter = 'a', .is_broken = true};
    struct content *content = content_from(&source, 5);
    char bytes[5];
    size_t length = 99;
    struct error error;
    assert_false(content_read(content, bytes, 5, 0, &length, &error));
    assert_string_equal(error.sentence, "the file has changed");
    assert_int_equal(length, 99);
    content_unref(content);
}

static bool is_late;

static bool hold_letters(void *context, struct content *content, struct error *error) {
    if (is_late) {
        return error_set(error, ERROR_LATE, "later");
    }
    content_hold(content, strdup(context));
    return true;
}

static void a_thread_with_a_reader_reads_nothing_itself(void **state) {
    struct source source = {.letter = 'a'};
    struct content *content = content_from(&source, 5);
    char letters_held[] = "xyzzy";
    const struct content_reader reader = {hold_letters, letters_held};
    struct text text;
    struct error error;
    content_set_reader(&reader);
    assert_true(content_pin(content, &text, &error));
    assert_true(text_is(text, "xyzzy"));
    is_late = true; /* but it is pinned */
    assert_reads(content, 3, 1, "yzz");
    assert_reads(content, SIZE_MAX, 4, "y");
    assert_reads(content, 3, SIZE_MAX, "");
    content_unpin(content);
    assert_false(content_pin(content, &text, &error));
    assert_int_equal(error.code, ERROR_LATE);
    is_late = false;
    assert_reads(content, 3, 1, "yzz");
    content_set_reader(NULL);
    assert_int_equal(source.reads, 0);
    assert_reads(content, 3, 1, "bcd"); /* nothing was left pinned */
    content_unref(content);
}

static void bytes_that_are_held_twice_are_one(void **state) {
    struct source source = {.letter = 'a'};
    struct content *content = content_from(&source, 3);
    struct text text;
    struct error error;
    content_hold(content, strdup("abc"));
    content_hold(content, strdup("abc"));
    content_hold(content, NULL);
    content_unpin(content);
    content_unpin(content);
    assert_true(content_pin(content, &text, &error));
    assert_true(text_is(text, "abc"));
    content_unpin(content);
    content_unpin(content);
    assert_int_equal(source.reads, 0);
    use(content);
    assert_int_equal(source.reads, 1);
    content_unref(content);
}

static void silence_is_that_of_a_source(void **state) {
    struct source source = {.letter = 'a'};
    struct content *held = content_create(TEXT("abc")), *content = content_from(&source, 3);
    assert_int_equal(content_silence(held), 0);
    assert_int_equal(content_silence(content), 0);
    content_set_silence(content, 5);
    assert_int_equal(content_silence(content), 5);
    content_unref(held);
    content_unref(content);
}

static void *use_often(void *context) {
    for (int i = 0; i < 2000; i++) {
        struct content *content = content_ref(context);
        use(content);
        content_unref(content);
    }
    return NULL;
}

static void threads_share_contents(void **state) {
    struct source sources[2] = {{.letter = 'a'}, {.letter = 'b'}};
    struct content *contents[2] = {content_from(&sources[0], 100000), content_from(&sources[1], 3)};
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, use_often, contents[i % 2]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    for (size_t i = 0; i < 2; i++) {
        content_unref(contents[i]);
        assert_int_equal(sources[i].releases, 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_is_held_and_does_not_need_its_original),
        cmocka_unit_test(an_empty_content_is_a_content),
        cmocka_unit_test(a_blank_content_is_what_is_written_into_it),
        cmocka_unit_test(a_content_lives_until_its_last_reference_goes),
        cmocka_unit_test(overlapping_pins_share_bytes_that_go_with_the_last),
        cmocka_unit_test(a_failed_pin_is_an_error_and_is_tried_again),
        cmocka_unit_test(a_part_is_read_alone_and_ends_where_the_content_does),
        cmocka_unit_test(a_part_of_a_giant_needs_no_more_memory_than_itself),
        cmocka_unit_test(a_part_that_fails_is_an_error),
        cmocka_unit_test(a_thread_with_a_reader_reads_nothing_itself),
        cmocka_unit_test(bytes_that_are_held_twice_are_one),
        cmocka_unit_test(silence_is_that_of_a_source),
        cmocka_unit_test(threads_share_contents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
