/* Every allocation of a refresh fails in turn: reading the folder, the journal and the rules,
 * joining, and building the tree. Whatever fails, the tree before stands unharmed, the next refresh
 * makes the right one, and the sanitizer finds nothing left behind. */
#include "folder.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "migfs/live/inputs.h"

#include "ledgers.h"

/* ---- an allocator that can be told to fail once; the linker puts it before the real one ---- */

static _Atomic long until_failure = -1; /* allocations before the one that fails; below 0: none fails */

static bool fails(void) {
    return atomic_load(&until_failure) >= 0 && atomic_fetch_sub(&until_failure, 1) == 0;
}

/* The names are the linker's. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_reallocarray(void *block, size_t count, size_t size);
char *__real_strdup(const char *string);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_reallocarray(void *block, size_t count, size_t size);
char *__wrap_strdup(const char *string);

void *__wrap_malloc(size_t size) {
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size) {
    return fails() ? NULL : __real_realloc(block, size);
}

void *__wrap_reallocarray(void *block, size_t count, size_t size) {
    return fails() ? NULL : __real_reallocarray(block, count, size);
}

char *__wrap_strdup(const char *string) {
    return fails() ? NULL : __real_strdup(string);
}

/* ---- two states of one folder ---- */

static void put_before(const struct folder *folder) {
    put(folder, "0000_a.sql", "select 1;\n");
    put(folder, "0001_b.sql", "select 2;\r\n");
    put(folder, "meta/_journal.json", "{\"entries\":[{\"idx\":0,\"when\":1000,\"tag\":\"0000_a\"}]}");
    put(folder, ".migfs", "include 0001_b\n");
}

static void put_after(const struct folder *folder) {
    put(folder, "0002_c.sql", "select 3;\n-- \xff and more\n");
    put(folder, "0000_a.sql", "select 1;\r\n");
    put(folder, "meta/_journal.json",
        "{\"entries\":[{\"idx\":0,\"when\":1000,\"t\\u0061g\":\"0000_a\"},{\"idx\":1,\"when\":2000,\"tag\":\"0009_"
        "gone\"}]}");
    put(folder, ".migfs", "include 0001_b\napplied 0002_c two\nnonsense\n");
}

static struct ledger *ledger_of(const char *name, const char *text, int64_t stamp) {
    char hex[DIGEST_HEX_LENGTH + 1];
    struct digest digest = digest_of(text_of(text));
    digest_to_hex(&digest, hex);
    struct ledger_row rows[] = {
        {.id = TEXT("1"), .hash = text_of(hex), .has_created_at = true, .created_at = stamp},
        {.id = TEXT("2"), .hash = TEXT("0001_b"), .has_created_at = true, .created_at = stamp + 5000},
        {.id = TEXT("3"), .hash = TEXT("nobody's"), .has_created_at = true, .created_at = stamp + 1},
    };
    struct ledger from = {.database = text_of(name), .status = LEDGER_READ, .was_read = true, .rows = rows, .count = 3};
    struct error error;
    struct ledger *ledger = ledger_create(&from, &error);
    assert_non_null(ledger);
    return ledger;
}

/* All that can be read in a tree, as one digest. */
static void add_directory(struct buffer *buffer, const struct tree_directory *directory) {
    for (size_t i = 0; i < directory->count; i++) {
        const struct tree_name *name = &directory->names[i];
        buffer_add(buffer, name->name);
        buffer_format(buffer, " %d %o %llu\n", (int)name->node->kind, (unsigned)name->node->mode,
                      (unsigned long long)name->node->size);
        if (name->directory) {
            add_directory(buffer, name->directory);
        } else if (name->node->content) {
            buffer_add(buffer, content_text(name->node->content));
        }
    }
}

static struct digest digest_of_tree(const struct tree *tree) {
    struct arena *arena = arena_create();
    struct buffer buffer = BUFFER(arena);
    add_directory(&buffer, tree->root);
    struct digest digest = digest_of(buffer_text(&buffer));
    arena_destroy(arena);
    return digest;
}

static void assert_tree(const struct tree *tree, const struct digest *expected) {
    struct digest found = digest_of_tree(tree);
    assert_non_null(tree);
    assert_true(digest_equal(&found, expected));
}

static struct inputs *create(const struct folder *folder, struct error *error) {
    static const struct ledger_reader_database databases[] = {{.name = "one"}, {.name = "two"}};
    struct inputs_options options = {.source = folder->path, .databases = databases, .database_count = 2};
    return inputs_create(&options, NULL, NULL, error);
}

/* A refresh: the folder is read and the tree made anew. */
static struct tree *refresh(struct inputs *inputs, struct tree *previous, struct error *error) {
    bool is_changed;
    return inputs_scan(inputs, &is_changed, error) ? inputs_tree(inputs, previous, NULL, NULL, error) : NULL;
}

static void prepare(struct folder *folder) {
    put_directory(folder, "meta");
    read_ledgers[0] = ledger_of("one", "select 1;\n", 1000);
    read_ledgers[1] = ledger_of("two", "select 1;\r\n", 1200);
    read_count = 2;
}

static void forget(void) {
    ledger_destroy(read_ledgers[0]);
    ledger_destroy(read_ledgers[1]);
}

static struct digest expected_tree(struct folder *folder) {
    struct error error;
    struct inputs *inputs = create(folder, &error);
    assert_non_null(inputs);
    struct tree *tree = refresh(inputs, NULL, &error);
    assert_non_null(tree);
    struct digest digest = digest_of_tree(tree);
    tree_unref(tree);
    inputs_destroy(inputs);
    return digest;
}

static void whichever_allocation_of_a_refresh_fails_the_tree_before_stands_and_the_next_is_right(void **state) {
    struct folder *folder = *state;
    struct error error;
    prepare(folder);
    put_before(folder);
    struct digest before = expected_tree(folder);
    put_after(folder);
    struct digest after = expected_tree(folder);
    long failed = 0;
    for (bool did_fail = true; did_fail; failed++) {
        assert_int_equal(unlink(in_folder(folder, "0002_c.sql")), 0);
        put_before(folder);
        struct inputs *inputs = create(folder, &error);
        assert_non_null(inputs);
        struct tree *first = refresh(inputs, NULL, &error), *second;
        assert_tree(first, &before);
        put_after(folder);

        atomic_store(&until_failure, failed);
        second = refresh(inputs, first, &error);
        did_fail = atomic_exchange(&until_failure, -1) < 0;

        assert_tree(first, &before);
        if (!second) {
            assert_true(did_fail);
            second = refresh(inputs, first, &error);
        }

        assert_tree(second, &after);
        tree_unref(second);
        tree_unref(first);
        inputs_destroy(inputs);
    }
    assert_true(failed > 50);
    forget();
}

static void whichever_allocation_of_the_first_view_fails_it_is_told_and_nothing_is_left(void **state) {
    struct folder *folder = *state;
    struct error error;
    prepare(folder);
    put_before(folder);
    put_after(folder);
    struct digest after = expected_tree(folder);
    bool did_fail = true;
    for (long failed = 0; did_fail; failed++) {
        error.code = ERROR_NONE;
        atomic_store(&until_failure, failed);
        struct inputs *inputs = create(folder, &error);
        struct tree *tree = inputs ? refresh(inputs, NULL, &error) : NULL;
        did_fail = atomic_exchange(&until_failure, -1) < 0;
        if (tree) {
            assert_tree(tree, &after);
        } else {
            assert_true(did_fail);
            assert_true(error.code == ERROR_MEMORY || error.code == ERROR_SYSTEM);
        }
        tree_unref(tree);
        inputs_destroy(inputs);
    }
    forget();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(whichever_allocation_of_a_refresh_fails_the_tree_before_stands_and_the_next_is_right),
        folder_test(whichever_allocation_of_the_first_view_fails_it_is_told_and_nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
