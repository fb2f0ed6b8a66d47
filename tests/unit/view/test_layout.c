#include "fixture.h"

#include "migfs/tree/build.h"

struct building {
    struct world *world;
    struct tree *tree;
};

static void build(void *context) {
    struct building *building = context;
    struct world *world = building->world;
    struct error error;
    struct tree_attributes root = layout_root_attributes(world->folder->disk, false);
    struct tree_builder *builder = tree_builder_create(world->arena, NULL, (struct timespec){.tv_sec = 9}, &root);
    layout_add(builder, world->arena, world->view, false);
    building->tree = tree_finish(builder, &error);
}

static struct tree *tree_of(struct world *world) {
    struct building building = {.world = world};
    assert_true(arena_run(world->arena, build, &building));
    assert_non_null(building.tree);
    return building.tree;
}

/* Every path below a directory of the view, a slash behind directories, links with what they lead
 * to. */
static void add_paths(struct buffer *buffer, const struct tree_directory *directory, const char *above) {
    for (size_t i = 0; i < directory->count; i++) {
        const struct tree_name *name = &directory->names[i];
        buffer_format(buffer, "%s%s", above, name->name.bytes);
        if (name->node->kind == NODE_LINK) {
            buffer_format(buffer, " -> %.*s", TEXT_ARGS(content_text(name->node->content)));
        }
        buffer_add_string(buffer, name->directory ? "/\n" : name->node->is_refused ? " refused\n" : "\n");
        if (name->directory) {
            add_paths(buffer, name->directory, text_format(buffer->arena, "%s%s/", above, name->name.bytes).bytes);
        }
    }
}

static struct text paths_of(struct world *world, const struct tree *tree) {
    struct buffer buffer = BUFFER(world->arena);
    add_paths(&buffer, tree->root, "");
    return buffer_text(&buffer);
}

static struct text bytes_at(const struct tree *tree, const char *path) {
    const struct node *node = tree_find(tree, text_of(path));
    assert_non_null(node);
    return content_text(node->content);
}

static void the_view_holds_these_names_and_no_others(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "x");
    file(world, "0001_b.sql", "y");
    ENTRIES(world, "0000_a@1000");
    LEDGER(world, "db", "file:0000_a@1000");
    look(world);
    struct tree *tree = tree_of(world);
    assert_text(paths_of(world, tree), ".gitignore\n"
                                       "README\n"
                                       "_journal.json\n"
                                       "changes\n"
                                       "databases/\n"
                                       "databases/db/\n"
                                       "databases/db/_journal.json\n"
                                       "databases/db/ledger\n"
                                       "databases/db/next\n"
                                       "databases/db/state/\n"
                                       "databases/db/state/applied/\n"
                                       "databases/db/state/applied/0000_a -> ../../../../status/0000_a\n"
                                       "databases/db/state/missing/\n"
                                       "databases/db/state/modified/\n"
                                       "databases/db/state/not-applied/\n"
                                       "databases/db/state/not-applied/0001_b -> ../../../../status/0001_b\n"
                                       "databases/db/state/pending/\n"
                                       "databases/db/state/rerun/\n"
                                       "databases/db/state/skipped/\n"
                                       "databases/db/state/unknown/\n"
                                       "databases/db/summary\n"
                                       "databases/overview\n"
                                       "migrations/\n"
                                       "migrations/0000_a.sql\n"
                                       "migrations/0001_b.sql\n"
                                       "migrations/meta/\n"
                                       "migrations/meta/_journal.json\n"
                                       "problems\n"
                                       "state/\n"
                                       "state/applied/\n"
                                       "state/applied/0000_a -> ../../status/0000_a\n"
                                       "state/excluded/\n"
                                       "state/held/\n"
                                       "state/journaled/\n"
                                       "state/missing/\n"
                                       "state/modified/\n"
                                       "state/pending/\n"
                                       "state/rerun/\n"
                                       "state/skipped/\n"
                                       "state/unjournaled/\n"
                                       "state/unjournaled/0001_b -> ../../status/0001_b\n"
                                       "state/unknown/\n"
                                       "state/unread/\n"
                                       "status/\n"
                                       "status/0000_a\n"
                                       "status/0001_b\n"
                                       "status.json\n"
                                       "summary\n"
                                       "upgrade\n");
    assert_true(text_equal(bytes_at(tree, "_journal.json"), world->view->synthesis->bytes));
    assert_true(text_equal(bytes_at(tree, "migrations/meta/_journal.json"), world->view->synthesis->bytes));
    assert_true(text_is(bytes_at(tree, "migrations/0001_b.sql"), "y"));
    tree_unref(tree);
}

static void a_refused_journal_is_there_with_a_size_and_cannot_be_read(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    journal(world, "{}x");
    look(world);
    struct tree *tree = tree_of(world);
    static const char *const paths[] = {"_journal.json", "migrations/meta/_journal.json"};
    for (size_t i = 0; i < 2; i++) {
        const struct node *node = tree_find(tree, text_of(paths[i]));
        assert_true(node->is_refused);
        assert_int_equal(node->size, 3);
    }
    assert_true(bytes_at(tree, "problems").length > 0);
    tree_unref(tree);
}

static void a_refused_journal_has_a_size_even_where_the_one_on_disk_has_none(void **state) {
    struct world *world = *state;
    journal(world, "");
    look(world);
    struct tree *tree = tree_of(world);
    const struct node *node = tree_find(tree, TEXT("_journal.json"));
    assert_true(node->is_refused);
    assert_int_equal(node->size, 1);
    tree_unref(tree);
}

static void a_meta_that_is_no_folder_is_not_replaced_by_one(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "x");
    assert_int_equal(mkfifo(in_folder(world->folder, "meta"), 0600), 0);
    look(world);
    struct tree *tree = tree_of(world);
    assert_non_null(tree_find(tree, TEXT("migrations/0000_a.sql")));
    assert_null(tree_find(tree, TEXT("migrations/meta")));
    tree_unref(tree);
}

static void a_folder_without_a_journal_gets_one(void **state) {
    struct world *world = *state;
    file(world, "0000_a.sql", "x");
    look(world);
    struct tree *tree = tree_of(world);
    assert_true(text_equal(bytes_at(tree, "migrations/meta/_journal.json"), world->view->synthesis->bytes));
    tree_unref(tree);
}

static void tags_that_are_no_names_are_made_into_names(void **state) {
    struct world *world = *state;
    ENTRIES(world, "@1000", "../x@2000", "..@3000");
    look(world);
    struct tree *tree = tree_of(world);
    const struct tree_directory *directory = tree_lookup(tree->root, TEXT("status"))->directory;
    assert_int_equal(directory->count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_true(text_starts(directory->names[i].name, "%") || text_starts(directory->names[i].name, "..%"));
    }
    tree_unref(tree);
}

static void owner_and_permissions_are_those_of_the_source(void **state) {
    struct world *world = *state;
    FILES(world, "0000_a");
    assert_int_equal(chmod(world->folder->path, 0750), 0);
    assert_int_equal(chmod(in_folder(world->folder, "0000_a.sql"), 0640), 0);
    ENTRIES(world, "0000_a@1000");
    assert_int_equal(chmod(in_folder(world->folder, "meta/_journal.json"), 0600), 0);
    look(world);
    struct tree *tree = tree_of(world);
    assert_int_equal(tree->root->node->mode, 0550);
    assert_int_equal(tree_find(tree, TEXT("_journal.json"))->mode, 0400);
    assert_int_equal(tree_find(tree, TEXT("migrations/meta/_journal.json"))->mode, 0400);
    assert_int_equal(tree_find(tree, TEXT("summary"))->mode, 0440);
    assert_int_equal(tree_find(tree, TEXT("migrations/0000_a.sql"))->mode, 0440);
    assert_int_equal(tree_find(tree, TEXT("summary"))->uid, getuid());
    tree_unref(tree);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(the_view_holds_these_names_and_no_others),
        world_test(a_refused_journal_is_there_with_a_size_and_cannot_be_read),
        world_test(a_refused_journal_has_a_size_even_where_the_one_on_disk_has_none),
        world_test(a_meta_that_is_no_folder_is_not_replaced_by_one),
        world_test(a_folder_without_a_journal_gets_one),
        world_test(tags_that_are_no_names_are_made_into_names),
        world_test(owner_and_permissions_are_those_of_the_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
