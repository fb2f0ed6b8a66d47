/* Members by their key: each is compared with the one that looking through the object finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "migfs/util/text.h"
#include "synthesis/snapshot_members.h"

enum { FEW = 3, MANY = 300 };

static struct arena *arena;
static struct snapshot_members *members;

static int begin(void **state) {
    arena = arena_create();
    members = arena ? snapshot_members(arena) : NULL;
    return arena ? 0 : -1;
}

static int end(void **state) {
    arena_destroy(arena);
    return 0;
}

static const char *key_of(int i) {
    return text_format(arena, "k%d", i).bytes;
}

static struct cJSON *object_of(int count) {
    struct cJSON *object = json_object(arena);
    for (int i = 0; i < count; i++) {
        json_add_object(object, key_of(i));
    }
    return object;
}

static void assert_same(const struct cJSON *object) {
    for (int i = -1; i <= 2 * MANY; i++) {
        assert_ptr_equal(snapshot_member(members, object, key_of(i)), json_member(object, key_of(i)));
    }
}

/* Of each step of what may be done, the answers stay those of json_member(). */
static void assert_steps(struct cJSON *object, int count) {
    assert_same(object);
    json_add_bool(snapshot_add(members, object, key_of(count)), "added", true);
    assert_same(object);
    snapshot_remove(members, object, json_member(object, key_of(1)));
    snapshot_remove_key(members, object, key_of(0));
    snapshot_remove_key(members, object, "none");
    assert_same(object);
    snapshot_rename(members, object, json_member(object, key_of(2)), text_of(key_of(0)));
    assert_same(object);
    snapshot_rename(members, object, json_member(object, key_of(0)), text_of(key_of(2)));
    snapshot_rename(members, object, json_member(object, key_of(2)), text_of(key_of(count))); /* there twice */
    assert_same(object);
    snapshot_remove(members, object, json_member(object, key_of(count)));
    assert_same(object);
    assert_true(snapshot_is_member(members, object, json_member(object, key_of(count))));
    struct cJSON *copied = json_object(arena), *before = json_member(object, key_of(count));
    json_add_integer(copied, "n", 7);
    snapshot_set(members, object, key_of(count), copied);
    assert_ptr_equal(json_member(object, key_of(count)), before);
    assert_true(json_is_number(json_member(before, "n")));
    snapshot_set(members, object, key_of(count + 1), copied);
    snapshot_set(members, object, key_of(count + 1), json_member(copied, "n"));
    assert_true(json_is_number(json_member(object, key_of(count + 1))));
    snapshot_add_text(members, object, key_of(count + 2), TEXT("text"));
    snapshot_set(members, object, key_of(count + 2), copied);
    assert_true(json_is_object(json_member(object, key_of(count + 2))));
    assert_same(object);
    assert_false(snapshot_is_member(members, object, json_member(copied, "n")));
}

static void members_are_those_that_are_there(void **state) {
    assert_steps(object_of(FEW), FEW);
    assert_steps(object_of(MANY), MANY);
    assert_null(snapshot_member(members, NULL, "k"));
}

static void values_are_those_that_are_there(void **state) {
    for (int count = FEW; count <= MANY; count += MANY - FEW) {
        struct cJSON *values = json_array(arena);
        for (int i = 0; i < count; i++) {
            json_add_text(values, NULL, text_of(key_of(i)));
        }
        assert_true(snapshot_has_value(members, values, TEXT("k2")));
        assert_false(snapshot_has_value(members, values, TEXT("new")));
        snapshot_add_value(members, values, json_first(values), TEXT("new"));
        assert_true(snapshot_has_value(members, values, TEXT("new")));
        assert_string_equal(json_chars(json_first(values)), "new");
        snapshot_replace_value(members, values, json_first(values), TEXT("k2")); /* there twice */
        assert_false(snapshot_has_value(members, values, TEXT("new")));
        snapshot_remove_value(members, values, json_first(values));
        assert_true(snapshot_has_value(members, values, TEXT("k2")));
        snapshot_remove_value(members, values, json_following(json_following(json_first(values))));
        assert_false(snapshot_has_value(members, values, TEXT("k2")));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_those_that_are_there),
        cmocka_unit_test(values_are_those_that_are_there),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
