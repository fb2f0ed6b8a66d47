/* What a view costs at 1,000 and 10,000 migrations, in work that is counted and not timed: the
 * compiler puts a call before every basic block of the core, and every allocation is added up. Ten
 * times the migrations may cost ten times and the logarithm more; one step in which each looks at
 * every other costs a hundred times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "folder/set.h"
#include "migfs/view/layout.h"

/* ---- the counters ---- */

static uint64_t blocks, bytes, held, most_held;

void __sanitizer_cov_trace_pc(void); /* the compiler's name, and the linker's */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void __wrap_free(void *block);

void __sanitizer_cov_trace_pc(void) {
    blocks++;
}

static void *hold(void *block) {
    held += malloc_usable_size(block);
    most_held = held > most_held ? held : most_held;
    return block;
}

void *__wrap_malloc(size_t size) {
    bytes += size;
    return hold(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size) {
    bytes += count * size;
    return hold(__real_calloc(count, size));
}

void __wrap_free(void *block) {
    held -= malloc_usable_size(block);
    __real_free(block);
}

/* ---- folders that no disk has to hold ---- */

/* How folder, journal and ledgers of one size are made. */
struct shape {
    const char *name;
    size_t listed_of_ten;
    bool same_bytes;   /* in every file and every row */
    bool same_number;  /* in every name */
    bool falling;      /* timestamps, numbers and rows */
    bool listed_twice; /* every entry */
    bool edited;       /* since every row was written; told by timestamp, name, line ends or mark in turn */
    bool unreadable;   /* the journal */
    bool strange_rows; /* as many that are of nobody */
    bool case_clash;   /* of every two names */
    bool links;        /* every second file, to the one before; and others may look */
};

struct made {
    const struct shape *shape;
    size_t count;
    struct arena *arena;
    struct disk *disk;
    struct journal *journal;
    struct ledger *ledgers[2];
    struct tree *tree;
    uint64_t most_held; /* while the first tree was built, beyond what the view holds */
};

static struct text tag_of(const struct made *made, size_t i) {
    const struct shape *shape = made->shape;
    size_t number = shape->falling ? made->count - i : i;
    return text_format(made->arena, "%04zu_%s%06zu", shape->same_number ? 7 : number,
                       shape->case_clash && i % 2 ? "MIGRATION" : "migration", shape->case_clash ? i / 2 : i);
}

static struct text sql_of(const struct made *made, size_t i) {
    return made->shape->same_bytes ? TEXT("select 1;\n") : text_format(made->arena, "select %zu;\n", i);
}

static int64_t stamp_of(const struct made *made, size_t i) {
    return INT64_C(1700000000000) + (int64_t)(made->shape->falling ? made->count - i : i) * 1000;
}

static bool is_listed(const struct made *made, size_t i) {
    return i % 10 < made->shape->listed_of_ten;
}

static struct disk_entry entry_of(struct text path, size_t parent, enum disk_kind kind) {
    const char *slash = memrchr(path.bytes, '/', path.length);
    struct text name = slash ? text_slice(path, (size_t)(slash + 1 - path.bytes), path.length) : path;
    return (struct disk_entry){.path = path, .name = name, .parent = parent, .kind = kind, .mode = 0644};
}

static int compare_entries(const void *a, const void *b) {
    return disk_path_compare(((const struct disk_entry *)a)->path, ((const struct disk_entry *)b)->path);
}

static void make_disk(void *context) {
    struct made *made = context;
    struct disk_set *set = arena_new(made->arena, struct disk_set);
    struct disk_entry *entries = arena_array(made->arena, struct disk_entry, made->count + 2);
    entries[0] = entry_of(TEXT(""), 0, DISK_DIRECTORY);
    entries[1] = entry_of(TEXT("meta"), 0, DISK_DIRECTORY);
    for (size_t i = 0; i < made->count; i++) {
        struct text tag = tag_of(made, i), text = sql_of(made, i);
        struct sql *sql = arena_new(made->arena, struct sql);
        struct disk_entry *entry = &entries[i + 2];
        *entry = entry_of(text_format(made->arena, "%s.sql", tag.bytes), 0, DISK_FILE);
        entry->is_link = made->shape->links && i % 2 == 1;
        entry->inode = 10 + i - entry->is_link;
        sql_examine(made->arena, text, sql);
        entry->sql = sql;
        entry->size = (off_t)text.length;
        entry->content = content_create(text);
        assert_non_null(entry->content);
    }
    qsort(entries, made->count + 2, sizeof *entries, compare_entries);
    *set = (struct disk_set){.disk = {.entries = entries, .count = made->count + 2}, .arena = made->arena};
    record_init(&set->record);
    disk_set_index(set);
    made->disk = &set->disk;
}

static void add_entry(const struct made *made, struct buffer *buffer, size_t i) {
    buffer_format(buffer, "%s{\"idx\": %zu, \"when\": %" PRId64 ", \"tag\": \"%s\"}", i > 0 ? ",\n" : "", i,
                  stamp_of(made, i), tag_of(made, i).bytes);
}

static struct text journal_of(const struct made *made) {
    struct buffer buffer = BUFFER(made->arena);
    buffer_add_string(&buffer, "{\"entries\": [");
    for (size_t i = 0; i < made->count; i++) {
        if (is_listed(made, i)) {
            add_entry(made, &buffer, i);
        }
        if (is_listed(made, i) && made->shape->listed_twice) {
            add_entry(made, &buffer, i + (i == 0));
        }
    }
    buffer_add_string(&buffer, made->shape->unreadable ? "]" : "]}");
    return buffer_text(&buffer);
}

static struct ledger_row row_of(const struct made *made, size_t i, struct text sql) {
    char *hex = arena_alloc(made->arena, DIGEST_HEX_LENGTH + 1);
    struct digest digest = digest_of(sql);
    digest_to_hex(&digest, hex);
    return (struct ledger_row){
        .id = TEXT("7"), .hash = text_of(hex), .has_created_at = true, .created_at = stamp_of(made, i)};
}

static struct ledger_row row_of_migration(const struct made *made, size_t i) {
    struct text sql = sql_of(made, i);
    if (!made->shape->edited) {
        return row_of(made, i, sql);
    }
    struct ledger_row row = row_of(made, i, text_format(made->arena, "%s--", sql.bytes));
    switch (i % 4) {
    case 0: /* by timestamp */
        break;
    case 1:
        row.hash = tag_of(made, i);
        break;
    case 2: {
        struct text crlf = text_slice(sql, 0, sql.length - 1);
        row = row_of(made, i, text_format(made->arena, "%.*s\r\n", TEXT_ARGS(crlf)));
        break;
    }
    default:
        row.created_at = stamp_marked(stamp_mark(tag_of(made, i)), row.created_at);
    }
    return row;
}

static struct ledger *ledger_of(const struct made *made, const char *name) {
    size_t count = made->shape->strange_rows ? 2 * made->count : made->count;
    struct ledger_row *rows = calloc(count, sizeof *rows);
    assert_non_null(rows);
    for (size_t i = 0; i < made->count; i++) {
        rows[i] = row_of_migration(made, i);
        if (made->shape->strange_rows) {
            rows[made->count + i] = row_of(made, i, tag_of(made, i));
        }
    }
    struct ledger from = {
        .database = text_of(name), .status = LEDGER_READ, .was_read = true, .rows = rows, .count = count};
    struct error error;
    struct ledger *ledger = ledger_create(&from, &error);
    assert_non_null(ledger);
    free(rows);
    return ledger;
}

/* ---- what is counted ---- */

static void make_view(void *context) {
    struct made *made = context;
    struct arena *arena = arena_create();
    struct error error;
    struct view *view = view_create(arena, made->disk, made->journal, NULL, made->ledgers, 2,
                                    &(struct synthesis_options){.idx = IDX_PREFIX}, NULL);
    view_rehearse_upgrade(arena, view);
    view->is_shared = made->shape->links;
    uint64_t before = most_held = held;
    struct tree_attributes root = layout_root_attributes(made->disk, view->is_shared);
    struct tree_builder *builder = tree_builder_create(arena, made->tree, (struct timespec){.tv_sec = 9}, &root);
    layout_add(builder, arena, view, true);
    struct tree *tree = tree_finish(builder, &error);
    assert_non_null(tree);
    made->most_held = made->tree ? made->most_held : most_held - before;
    tree_unref(made->tree);
    made->tree = tree;
    arena_destroy(arena);
}

/* The sizes of all files, added up. */
static uint64_t content_bytes(const struct tree_directory *directory) {
    uint64_t sum = 0;
    for (size_t i = 0; i < directory->count; i++) {
        const struct tree_name *name = &directory->names[i];
        sum += name->directory ? content_bytes(name->directory) : name->node->size;
    }
    return sum;
}

struct cost {
    uint64_t blocks, bytes, most_held, content_bytes;
};

static struct cost cost_of(const struct shape *shape, size_t count) {
    struct made made = {.shape = shape, .count = count, .arena = arena_create()};
    struct error error;
    assert_true(arena_run(made.arena, make_disk, &made));
    struct text journal = journal_of(&made);
    made.ledgers[0] = ledger_of(&made, "one");
    made.ledgers[1] = ledger_of(&made, "two");
    blocks = bytes = 0;
    made.journal = journal_parse(journal, &error);
    assert_non_null(made.journal);
    make_view(&made);
    make_view(&made); /* and once more beside the first */
    struct cost cost = {blocks, bytes, made.most_held, content_bytes(made.tree->root)};
    tree_unref(made.tree);
    ledger_destroy(made.ledgers[0]);
    ledger_destroy(made.ledgers[1]);
    journal_unref(made.journal);
    disk_unref(made.disk); /* and with it the arena */
    return cost;
}

/* Ten times the migrations may cost this many tenths more: the work for each grows by a twelfth at
 * most. A step of a single block for every pair adds as many blocks for each as there are
 * migrations, which is a fifth and more at 10,000. */
enum { MOST_GROWTH = 115 };

/* While a tree is built its contents exist twice, beside its names and the one file that is being
 * rendered. Keeping what the other files took to render would add as much again. */
enum { MOST_HELD = 3 };

static void assert_growth(const struct shape *shape) {
    struct cost before = {0};
    for (size_t count = 1000; count <= 10000; count *= 10) {
        struct cost cost = cost_of(shape, count);
        print_message("# %s, %zu migrations: %" PRIu64 " blocks, %" PRIu64 " bytes each, %" PRIu64
                      " bytes held at once for %" PRIu64 " bytes of contents\n",
                      shape->name, count, cost.blocks / count, cost.bytes / count, cost.most_held / count,
                      cost.content_bytes / count);
        assert_true(cost.blocks > 100 * count && cost.bytes > 100 * count); /* it is counted */
        assert_true(cost.most_held < MOST_HELD * cost.content_bytes);
        if (before.blocks > 0) {
            assert_true(10 * cost.blocks < MOST_GROWTH * before.blocks);
            assert_true(10 * cost.bytes < MOST_GROWTH * before.bytes);
        }
        before = cost;
    }
}

static void a_folder_in_order_costs_no_more_than_n_log_n(void **state) {
    assert_growth(&(struct shape){.name = "in order", .listed_of_ten = 10});
}

static void so_does_one_with_many_unlisted_migrations_and_a_journal_upside_down(void **state) {
    assert_growth(&(struct shape){.name = "upside down", .listed_of_ten = 5, .falling = true, .strange_rows = true});
}

static void so_does_one_in_which_everything_is_the_same(void **state) {
    assert_growth(&(struct shape){
        .name = "the same", .listed_of_ten = 5, .same_bytes = true, .same_number = true, .listed_twice = true});
}

static void so_does_one_edited_since_it_ran(void **state) {
    assert_growth(&(struct shape){.name = "edited", .listed_of_ten = 9, .edited = true, .case_clash = true});
}

static void so_does_one_whose_journal_cannot_be_read(void **state) {
    assert_growth(&(struct shape){.name = "unreadable", .listed_of_ten = 10, .unreadable = true, .same_number = true});
}

/* What each leads to is looked for. */
static void so_does_one_in_which_every_second_file_is_a_link(void **state) {
    assert_growth(&(struct shape){.name = "links", .listed_of_ten = 10, .links = true});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_in_order_costs_no_more_than_n_log_n),
        cmocka_unit_test(so_does_one_with_many_unlisted_migrations_and_a_journal_upside_down),
        cmocka_unit_test(so_does_one_in_which_everything_is_the_same),
        cmocka_unit_test(so_does_one_edited_since_it_ran),
        cmocka_unit_test(so_does_one_whose_journal_cannot_be_read),
        cmocka_unit_test(so_does_one_in_which_every_second_file_is_a_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
