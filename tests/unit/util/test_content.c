/* Versions of files: who keeps them, when they are loaded and when dropped. */
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

/* A loader that counts; it fills the bytes with a letter, or fails. */
struct source {
    char letter;
    atomic_int loads;
    int releases;
    bool is_broken;
};

static bool load(void *context, char *bytes, size_t size, struct error *error) {
    struct source *source = context;
    atomic_fetch_add(&source->loads, 1);
    if (source->is_broken) {
        return error_set(error, ERROR_SYSTEM, "the file has changed");
    }
    memset(bytes, source->letter, size);
    return true;
}

static void release(void *context) {
    ((struct source *)context)->releases++;
}

static const struct content_loader loader = {load, release};

static struct content *content_from(struct source *source, size_t size) {
    struct content *content = content_create_on_demand(size, &loader, source);
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
    assert_int_equal(source.loads, 0);
    content_unref(NULL);
}

static void bytes_on_demand_are_loaded_once_for_all_pins(void **state) {
    struct source source = {.letter = 'a'};
    struct content *content = content_from(&source, 3);
    struct text one, two;
    struct error error;
    assert_false(content_is_held(content));
    assert_true(content_pin(content, &one, &error));
    assert_true(content_pin(content, &two, &error));
    assert_true(text_is(one, "aaa"));
    assert_ptr_equal(one.bytes, two.bytes);
    content_unpin(content);
    assert_true(text_is(two, "aaa"));
    content_unpin(content);
    use(content);
    assert_int_equal(source.loads, 1);
    content_unref(content);
    assert_int_equal(source.releases, 1);
}

static void a_failed_load_is_an_error_and_is_tried_again(void **state) {
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
    assert_int_equal(source.loads, 2);
    content_unref(content);
}

static void unused_bytes_are_dropped_at_the_second_call(void **state) {
    struct source source = {.letter = 'a'};
    struct content *content = content_from(&source, 3);
    use(content);
    content_drop_unused();
    use(content);
    assert_int_equal(source.loads, 1);
    content_drop_unused();
    content_drop_unused();
    use(content);
    assert_int_equal(source.loads, 2);
    content_unref(content);
}

static void pinned_bytes_are_never_dropped(void **state) {
    struct source source = {.letter = 'a'};
    struct content *content = content_from(&source, 3);
    struct text text;
    struct error error;
    assert_true(content_pin(content, &text, &error));
    content_drop_unused();
    content_drop_unused();
    assert_true(text_is(text, "aaa"));
    content_unpin(content);
    content_unref(content);
}

static void those_used_last_stay_up_to_the_bound(void **state) {
    enum { COUNT = 4 };
    struct source sources[COUNT] = {{.letter = 'a'}, {.letter = 'b'}, {.letter = 'c'}, {.letter = 'd'}};
    struct content *contents[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        contents[i] = content_from(&sources[i], CONTENT_IDLE_MAXIMUM / 3);
        use(contents[i]);
        use(contents[0]);
    }
    use(contents[2]);
    use(contents[3]);
    use(contents[0]);
    use(contents[1]);
    assert_int_equal(sources[0].loads, 1);
    assert_int_equal(sources[1].loads, 2);
    assert_int_equal(sources[2].loads, 1);
    assert_int_equal(sources[3].loads, 1);
    for (size_t i = 0; i < COUNT; i++) {
        content_unref(contents[i]);
    }
}

static void one_larger_than_the_bound_stays_until_another_is_used(void **state) {
    struct source large = {.letter = 'a'}, small = {.letter = 'b'};
    struct content *one = content_from(&large, (size_t)CONTENT_IDLE_MAXIMUM + 1), *two = content_from(&small, 1);
    use(one);
    use(one);
    assert_int_equal(large.loads, 1);
    use(two);
    use(one);
    assert_int_equal(large.loads, 2);
    content_unref(one);
    content_unref(two);
}

static void *use_often(void *context) {
    for (int i = 0; i < 2000; i++) {
        struct content *content = content_ref(context);
        use(content);
        content_unref(content);
        if (i % 100 == 0) {
            content_drop_unused();
        }
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
        cmocka_unit_test(bytes_on_demand_are_loaded_once_for_all_pins),
        cmocka_unit_test(a_failed_load_is_an_error_and_is_tried_again),
        cmocka_unit_test(unused_bytes_are_dropped_at_the_second_call),
        cmocka_unit_test(pinned_bytes_are_never_dropped),
        cmocka_unit_test(those_used_last_stay_up_to_the_bound),
        cmocka_unit_test(one_larger_than_the_bound_stays_until_another_is_used),
        cmocka_unit_test(threads_share_contents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
