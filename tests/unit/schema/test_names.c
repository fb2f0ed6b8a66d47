#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/schema/names.h"

static void each_name_has_one_number_and_nothing_has_0(void **state) {
    enum { COUNT = 5000 };
    struct arena *arena = arena_create();
    struct names *names = names_create(arena);
    char name[16];
    for (size_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < COUNT; i++) {
            size_t length = (size_t)snprintf(name, sizeof name, "n%u", i * 7);
            assert_int_equal(names_number(names, (struct text){name, length}), i + 1);
        }
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "n%u", i * 7);
        assert_string_equal(names_text(names, i + 1).bytes, name);
    }
    assert_int_equal(names_number(names, TEXT("")), 0);
    assert_int_equal(names_text(names, 0).length, 0);
    assert_int_equal(names_number(names, (struct text){"n0\0", 3}), COUNT + 1); /* not n0 */
    arena_destroy(arena);
}

static void what_was_looked_up_lately_is_told_by_its_bytes_and_length(void **state) {
    struct arena *arena = arena_create();
    struct names *names = names_create(arena);
    static char many[200];
    char bytes[] = "users";
    struct text users = {bytes, 5}, user = {bytes, 4};
    memset(many, 'a', sizeof many);
    uint32_t of_users = names_number_again(names, users), of_user = names_number_again(names, user);
    assert_int_not_equal(of_users, of_user);
    assert_int_equal(names_number_again(names, users), of_users);
    assert_int_equal(names_number(names, TEXT("user")), of_user);
    for (size_t i = 0; i < sizeof many; i++) { /* more than are remembered */
        uint32_t number = names_number_again(names, (struct text){many + i, sizeof many - i});
        assert_int_equal(number, names_number(names, (struct text){many, sizeof many - i}));
    }
    assert_int_equal(names_number_again(names, users), of_users);
    bytes[0] = 'U';
    names_forget_places(names);
    assert_int_not_equal(names_number_again(names, users), of_users);
    assert_string_equal(names_text(names, names_number_again(names, users)).bytes, "Users");
    arena_destroy(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_name_has_one_number_and_nothing_has_0),
        cmocka_unit_test(what_was_looked_up_lately_is_told_by_its_bytes_and_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
