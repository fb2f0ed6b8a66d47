/* A journal of any bytes over one folder and its ledgers: whatever it holds, the view can be made,
 * every line of it is safe to print, and the consistent journal can be vouched for: it can be read
 * again, holds each migration once, runs in each database exactly what that one lacks, and made
 * from itself it stays as it is. */
#include "fuzz.h"
#include "migfs/synthesis/refusal.h"

#include <string.h>

#include "folder/set.h"
#include "migfs/view/layout.h"

enum { FILES = 6, LEDGERS = 2 };

static const char *const names[FILES] = {"0000_a.sql", "0001_b.sql", "0002_c.sql",
                                         "0002_d.sql", "0003_e.sql", "seed.sql"};

struct world {
    struct arena *arena;
    struct disk *disk;
    struct ledger *ledgers[LEDGERS];
};

struct looking {
    const struct world *world;
    struct arena *arena;
    const struct journal *journal;
    struct text bytes; /* of the consistent journal */
    bool is_served,
        is_settled; /* nothing is held for what the journal names and is gone, since the next journal names it no more */
};

static struct text sql_of(const struct world *world, size_t file) {
    return text_format(world->arena, "select %zu;\n", file);
}

static void make_disk(struct world *world) {
    struct disk_set *set = arena_new(world->arena, struct disk_set);
    struct disk_entry *entries = arena_array(world->arena, struct disk_entry, FILES + 1);
    entries[0] = (struct disk_entry){.path = TEXT(""), .name = TEXT(""), .kind = DISK_DIRECTORY, .mode = 0755};
    for (size_t i = 0; i < FILES; i++) {
        struct text text = sql_of(world, i);
        struct sql *sql = arena_new(world->arena, struct sql);
        sql_examine(world->arena, text, sql);
        entries[i + 1] = (struct disk_entry){.path = text_of(names[i]),
                                             .name = text_of(names[i]),
                                             .kind = DISK_FILE,
                                             .mode = 0644,
                                             .size = (off_t)text.length,
                                             .sql = sql,
                                             .content = content_create(text)};
    }
    *set = (struct disk_set){.disk = {.entries = entries, .count = FILES + 1}, .arena = world->arena};
    record_init(&set->record);
    world->disk = &set->disk;
}

static struct ledger_row row_of(const struct world *world, const char *id, size_t file, int64_t stamp) {
    char *hex = arena_alloc(world->arena, DIGEST_HEX_LENGTH + 1);
    struct digest digest = digest_of(sql_of(world, file));
    digest_to_hex(&digest, hex);
    return (struct ledger_row){.id = text_of(id), .hash = text_of(hex), .has_created_at = true, .created_at = stamp};
}

static void make_ledgers(struct world *world) {
    struct ledger_row rows[] = {row_of(world, "1", 0, 1000), row_of(world, "2", 1, 2500), row_of(world, "3", 3, 2000)};
    struct error error;
    rows[2].hash = TEXT("not one of ours");
    struct ledger from = {.database = TEXT("one"), .status = LEDGER_READ, .was_read = true, .rows = rows, .count = 3};
    world->ledgers[0] = ledger_create(&from, &error);
    from.database = TEXT("two");
    from.count = 1;
    world->ledgers[1] = ledger_create(&from, &error);
}

static void make_world(void *context) {
    make_disk(context);
    make_ledgers(context);
}

static const struct world *the_world(void) {
    static struct world world;
    if (!world.arena) {
        world.arena = arena_create();
        HOLDS(arena_run(world.arena, make_world, &world));
    }
    return &world;
}

/* ---- what must hold ---- */

static void holds_for_database(const struct join *join, const struct synthesis *synthesis, size_t database) {
    for (size_t i = 0; i < synthesis->count; i++) {
        const struct synthesis_entry *entry = &synthesis->entries[i];
        const struct standing *standing = &join->migrations[entry->migration].standings[database];
        HOLDS(runner_is_above(join->databases[database].watermark, entry->when) != standing_has_run(standing));
    }
}

static void holds_for_synthesis(struct arena *arena, const struct join *join, const struct synthesis *synthesis) {
    struct json_fault fault;
    if (synthesis->refusal != REFUSAL_NONE) {
        HOLDS(synthesis->bytes.length == 0 && synthesis->count == 0);
        holds_one_safe_line(synthesis_refusal(arena, join, synthesis));
        return;
    }
    HOLDS(json_check(arena, synthesis->bytes, &fault));
    size_t expected = 0;
    for (size_t i = 0; i < join->count; i++) {
        bool counts = join->migrations[i].file && join->migrations[i].kind == MIGRATION_COUNTS;
        HOLDS(counts == (synthesis->of_migration[i] != SIZE_MAX));
        expected += counts;
    }
    HOLDS(synthesis->count == expected);
    for (size_t i = 1; i < synthesis->count; i++) {
        HOLDS(synthesis->entries[i].idx > synthesis->entries[i - 1].idx);
    }
}

static void holds_for_texts(struct arena *arena, const struct view *view) {
    struct json_fault fault;
    holds_safe_lines(render_problems(arena, view));
    holds_safe_lines(render_changes(arena, view));
    holds_safe_lines(render_summary(arena, view));
    HOLDS(json_check(arena, render_json(arena, view), &fault));
    for (size_t i = 0; i < view->join->count; i++) {
        struct text status = render_status(arena, view, &view->join->migrations[i]), line;
        size_t lines = 0;
        holds_safe_lines(status);
        while (text_line(&status, &line)) {
            lines++;
        }
        HOLDS(lines == 12 + view->join->database_count);
    }
    struct text changes = render_changes(arena, view), line;
    size_t lines = 0;
    while (text_line(&changes, &line)) {
        lines++;
    }
    /* Beside the differences stand what they mean, and the snapshots that are made. */
    HOLDS(lines >= render_changes_count(view));
}

static bool is_settled(const struct join *join) {
    for (size_t i = 0; i < join->count; i++) {
        const struct migration *it = &join->migrations[i];
        if (it->kind == MIGRATION_HELD && it->other != SIZE_MAX && !join->migrations[it->other].file) {
            return false;
        }
    }
    return true;
}

static void look(void *context) {
    struct looking *looking = context;
    const struct world *world = looking->world;
    for (size_t ledgers = 0; ledgers <= LEDGERS; ledgers += LEDGERS) {
        struct view *view = view_create(looking->arena, world->disk, looking->journal, NULL, world->ledgers, ledgers,
                                        &(struct synthesis_options){.idx = IDX_PREFIX}, NULL);
        holds_for_synthesis(looking->arena, view->join, view->synthesis);
        for (size_t i = 0; i < ledgers; i++) {
            holds_for_synthesis(looking->arena, view->join, view->own[i]);
            holds_for_database(view->join, view->own[i], i);
            holds_for_database(view->join, view->synthesis, i);
        }
        holds_for_texts(looking->arena, view);
        looking->bytes = view->synthesis->bytes;
        looking->is_settled = is_settled(view->join);
        looking->is_served = view->synthesis->refusal == REFUSAL_NONE;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct error error;
    struct looking looking = {.world = the_world(), .arena = arena_create()};
    struct journal *first = journal_parse((struct text){size > 0 ? (const char *)data : "", size}, &error);
    looking.journal = first;
    look(&looking);
    if (looking.is_served && looking.is_settled) {
        struct text bytes = looking.bytes;
        struct journal *second = journal_parse(bytes, &error);
        looking.journal = second;
        look(&looking);
        HOLDS(looking.is_served && text_equal(looking.bytes, bytes));
        journal_unref(second);
    }
    journal_unref(first);
    arena_destroy(looking.arena);
    return 0;
}
