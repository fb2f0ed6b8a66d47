#include "fixture.h"

struct comparing {
    struct world *world;
    struct report_base base;
    struct problems *problems;
};

static void compare(void *context) {
    struct comparing *comparing = context;
    const struct view *view = comparing->world->view;
    comparing->problems =
        problems_find(comparing->world->arena, view->join, view->synthesis, &comparing->base, NULL, view->deploys);
}

/* For any tag, the text of the merge base is that of 0000_a. */
static bool read_text(void *context, struct text tag, struct digest *ret_digest) {
    struct text text = TEXT("select '0000_a';\n");
    *ret_digest = digest_of(text);
    return true;
}

/* "severity code tag" of the problems found by comparing with the base. */
static struct text shown_by(struct world *world, const char *const *tip, const char *const *merge_base,
                            bool has_texts) {
    struct error error;
    struct comparing comparing = {.world = world};
    struct journal *journals[] = {journal_parse(drizzle_journal(world->arena, tip), &error),
                                  journal_parse(drizzle_journal(world->arena, merge_base), &error)};
    comparing.base =
        (struct report_base){.tip = journals[0], .merge_base = journals[1], .read_text = has_texts ? read_text : NULL};
    assert_true(arena_run(world->arena, compare, &comparing));
    struct buffer buffer = BUFFER(world->arena);
    for (size_t i = 0; i < comparing.problems->count; i++) {
        const struct problem *it = &comparing.problems->problems[i];
        if (strncmp(it->code->code, "base-", 5) == 0 || strcmp(it->code->code, "when-order") == 0) {
            buffer_format(&buffer, "%s%s %s %.*s", buffer.length > 0 ? ", " : "", severity_name(it->severity),
                          it->code->code, TEXT_ARGS(it->tag));
        }
    }
    journal_unref(journals[0]);
    journal_unref(journals[1]);
    return buffer_text(&buffer);
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})
#define assert_base(expected, list) assert_text(shown_by(world, (list), (list), false), expected)
#define assert_bases(expected, tip, merge_base) assert_text(shown_by(world, (tip), (merge_base), false), expected)

static void what_is_new_lies_above_the_tip_and_what_was_published_stays(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@3000");
    look(world);
    assert_base("", LIST("0000_a@1000", "0001_b@2000"));
    assert_base("error base-moved 0001_b", LIST("0000_a@1000", "0001_b@1500"));
    assert_base("error base-moved 0001_b", LIST("0000_a@1000", "0001_b@2500"));
    assert_base("error base-below 0002_c, warning base-gone ", LIST("0000_a@1000", "0001_b@2000", "0009_later@3500"));
    assert_base("", LIST("0000_a@1000", "0001_b@\"soon\""));
    assert_text(shown_by(world, (const char *const[]){NULL}, (const char *const[]){NULL}, false), "");
}

static void a_branch_behind_its_base_is_compared_with_both(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@1000", "0001_b@2000");
    look(world);
    assert_bases("", LIST("0000_a@1000", "0001_other@1500"), LIST("0000_a@1000"));
    assert_bases("error base-below 0001_b", LIST("0000_a@1000", "0001_other@2500"), LIST("0000_a@1000"));
    assert_bases("", LIST("0000_a@1000", "0001_b@2000", "0002_other@2500"), LIST("0000_a@1000"));
}

static void entries_that_are_gone_are_counted(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    ENTRIES(world, "0000_a@1000");
    look(world);
    assert_base("warning base-gone ", LIST("0000_a@1000", "0001_b@2000", "0002_c@3000"));
    assert_base("error base-gone ", LIST("0000_x@100", "0001_b@200"));
    assert_base("error base-below 0000_a, warning base-gone ", LIST("0000_x@100", "0001_b@2000"));
}

static void an_entry_with_the_timestamp_of_one_that_is_gone_is_a_rename(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0002_b");
    ENTRIES(world, "0000_a@1000", "0002_b@2000");
    look(world);
    assert_base("", LIST("0000_a@1000", "0001_b@2000"));
    assert_text(shown_by(world, LIST("0000_x@1000", "0002_b@2000"), LIST("0000_x@1000", "0002_b@2000"), true), "");
    assert_text(shown_by(world, LIST("0000_a@1000", "0001_b@2000"), LIST("0000_a@1000", "0001_b@2000"), true),
                "warning base-renamed 0002_b");
}

static void a_timestamp_that_was_out_of_order_may_have_to_move(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b");
    ENTRIES(world, "0000_a@2000", "0001_b@3000");
    look(world);
    assert_base("warning base-moved 0001_b", LIST("0000_a@2000", "0001_b@1000"));
    LEDGER(world, "empty", NULL);
    look(world);
    assert_base("warning base-moved 0001_b", LIST("0000_a@2000", "0001_b@1000"));
    LEDGER(world, "prod", "file:0000_a@2000");
    look(world);
    assert_base("", LIST("0000_a@2000", "0001_b@1000"));
    assert_base("error base-moved 0001_b", LIST("0000_a@2000", "0001_b@2500"));
    LEDGER(world, "other", "file:0000_a@2000", "file:0001_b@1000");
    look(world);
    assert_base("warning base-moved 0001_b", LIST("0000_a@2000", "0001_b@1000"));
}

static void a_rule_that_says_that_a_new_one_has_run_is_heeded_and_no_other(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c");
    ENTRIES(world, "0000_a@1000", "0001_b@2000", "0002_c@1500");
    rules_file(world, "edited 0002_c production\n");
    look(world);
    assert_base("error base-below 0002_c", LIST("0000_a@1000", "0001_b@2000"));
    rules_file(world, "applied 0002_c production\n");
    look(world);
    assert_base("", LIST("0000_a@1000", "0001_b@2000"));
}

/* What is published is not blamed for it, wherever it stands in the journal. */
static void a_line_about_the_base_covers_the_order_of_the_journal(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a", "0001_b", "0002_c", "0003_d");
    ENTRIES(world, "0000_a@1000", "0001_b@5000", "0002_c@2000", "0003_d@3000");
    look(world);
    assert_base("error base-below 0002_c, error base-below 0003_d", LIST("0000_a@1000", "0001_b@5000"));
    assert_base("error base-moved 0001_b", LIST("0000_a@1000", "0001_b@1500", "0002_c@2000", "0003_d@3000"));
    ENTRIES(world, "0000_a@1000", "0001_b@9000", "0002_c@3000", "0003_d@2000");
    look(world);
    assert_base("error base-below 0003_d, warning when-order 0001_b",
                LIST("0000_a@1000", "0001_b@9000", "0002_c@3000"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(a_rule_that_says_that_a_new_one_has_run_is_heeded_and_no_other),
        world_test(what_is_new_lies_above_the_tip_and_what_was_published_stays),
        world_test(a_branch_behind_its_base_is_compared_with_both),
        world_test(entries_that_are_gone_are_counted),
        world_test(an_entry_with_the_timestamp_of_one_that_is_gone_is_a_rename),
        world_test(a_timestamp_that_was_out_of_order_may_have_to_move),
        world_test(a_line_about_the_base_covers_the_order_of_the_journal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
