#include "fixture.h"

#include "cli/base.h"

struct comparing {
    struct world *world;
    const struct journal *base;
    struct problems *problems;
};

static void compare(void *context) {
    struct comparing *comparing = context;
    comparing->problems = base_add_problems(comparing->world->arena, comparing->world->view, comparing->base);
}

static struct problems *compared(struct world *world, const struct journal *base) {
    struct comparing comparing = {.world = world, .base = base};
    assert_true(arena_run(world->arena, compare, &comparing));
    return comparing.problems;
}

/* "code tag" of the problems that the base shows. */
static struct text shown_by(struct world *world, const char *const *entries) {
    char path[256];
    struct error error;
    struct text text = drizzle_journal(world->arena, entries);
    snprintf(path, sizeof path, "%s/base.json", world->folder->outside);
    FILE *stream = fopen(path, "we");
    assert_non_null(stream);
    fwrite(text.bytes, 1, text.length, stream);
    fclose(stream);
    struct journal *base = base_read(path, &error);
    assert_non_null(base);
    struct problems *problems = compared(world, base);
    journal_unref(base); /* what is shown does not point into it */
    struct buffer buffer = BUFFER(world->arena);
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *it = &problems->problems[i];
        if (strncmp(it->code->code, "base-", 5) == 0) {
            buffer_format(&buffer, "%s%s %.*s", buffer.length > 0 ? ", " : "", it->code->code, TEXT_ARGS(it->tag));
        }
    }
    return buffer_text(&buffer);
}

#define assert_base(expected, ...) assert_text(shown_by(world, (const char *const[]){__VA_ARGS__, NULL}), expected)

static void entries_of_the_base_must_not_move_and_new_ones_lie_above_it(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
    look(world);
    assert_base("", "0000_a@1000", "0001_b@2000");
    assert_base("", "0000_a@1000", "0001_b@2000", "0002_c@3000", "0009_gone@2500");
    assert_base("base-moved 0001_b", "0000_a@1000", "0001_b@1500");
    assert_base("base-below 0002_c", "0000_a@1000", "0001_b@2000", "0009_gone@3000");
    assert_base("base-moved 0001_b", "0000_a@1000", "0001_b@2500");
    assert_base("", "0000_a@1000", "0001_b@\"soon\"");
    assert_text(shown_by(world, (const char *const[]){NULL}), "");
}

static void the_problems_of_the_view_follow(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000", "0009_gone@2000");
    look(world);
    assert_int_equal(compared(world, NULL)->count, world->view->problems->count);
    assert_base("base-moved 0000_a", "0000_a@900");
}

static void a_base_that_is_no_journal_is_none(void **state) {
    struct world *world = *state;
    struct error error;
    FILES(world, "0000_a");
    assert_null(base_read(in_folder(world->folder, "0000_a.sql"), &error));
    assert_int_equal(error.code, ERROR_FORMAT);
    assert_non_null(strstr(error.sentence, "0000_a.sql is no journal: "));
    assert_null(base_read(in_folder(world->folder, "nowhere"), &error));
    assert_non_null(strstr(error.sentence, "nowhere: No such file"));
    assert_null(base_read(world->folder->path, &error));
    assert_non_null(strstr(error.sentence, ": Is a directory"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(entries_of_the_base_must_not_move_and_new_ones_lie_above_it),
        world_test(the_problems_of_the_view_follow),
        world_test(a_base_that_is_no_journal_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
