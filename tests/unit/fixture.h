/* Whole views for the tests of the pure modules: files in a real folder, a journal, rules and
 * ledgers go in as short strings, and states, matches, timestamps, problems and bytes come out as
 * short strings, so that a test reads as a table.
 *
 * A row is `KIND:VALUE@STAMP`: `file:0000_a@1000` has the hash of that file as it is now,
 * `text:select 1@1000` the hash of that text, `raw:abc@1000` holds `abc` where the hash belongs,
 * `name:0000_a@1000` is a row of a v1 ledger. The timestamp may be NULL. */
#ifndef TESTS_UNIT_FIXTURE_H
#define TESTS_UNIT_FIXTURE_H

#include "folder.h"

#include <inttypes.h>

#include "migfs/view/layout.h"

enum { WORLD_LEDGERS = 60 };

struct world {
    struct folder *folder;
    struct arena *arena; /* of the view and of the tests' own texts */
    struct journal *journal;
    struct rules *rules;
    struct ledger *ledgers[WORLD_LEDGERS];
    size_t ledger_count;
    struct catalog *catalogs[WORLD_LEDGERS]; /* by database; NULL: not read. See effects.h */
    struct effects_input *effects;           /* NULL: no SQL is read */
    struct synthesis_options options;
    const struct view *view;
};

static inline int world_create(void **state) {
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    void *folder;
    folder_create(&folder);
    world->folder = folder;
    world->arena = arena_create();
    assert_non_null(world->arena);
    *state = world;
    return 0;
}

static inline void forget_ledgers(struct world *world) {
    for (size_t i = 0; i < world->ledger_count; i++) {
        ledger_destroy(world->ledgers[i]);
        catalog_unref(world->catalogs[i]);
        world->catalogs[i] = NULL;
    }
    world->ledger_count = 0;
}

static inline int world_destroy(void **state) {
    struct world *world = *state;
    void *folder = world->folder;
    forget_ledgers(world);
    rules_unref(world->rules);
    journal_unref(world->journal);
    arena_destroy(world->arena);
    folder_destroy(&folder);
    free(world);
    return 0;
}

#define world_test(function) cmocka_unit_test_setup_teardown(function, world_create, world_destroy)

/* ---- what goes in ---- */

static inline void file(struct world *world, const char *name, const char *text) {
    put(world->folder, name, text);
}

/* Creates files with one migration each, with different texts, and their snapshots. */
#define FILES(world, ...) files((world), (const char *const[]){__VA_ARGS__, NULL})
static inline void files(struct world *world, const char *const *tags) {
    mkdir(in_folder(world->folder, "meta"), 0755);
    for (; *tags; tags++) {
        char name[512], text[512], snapshot[512];
        snprintf(name, sizeof name, "%s.sql", *tags);
        snprintf(text, sizeof text, "select '%s';\n", *tags);
        snprintf(snapshot, sizeof snapshot, "meta/%.*s_snapshot.json", (int)strcspn(*tags, "_"), *tags);
        put(world->folder, name, text);
        put(world->folder, snapshot, "{}");
    }
}

static inline void journal_bytes(struct world *world, const char *bytes, size_t size) {
    struct error error;
    mkdir(in_folder(world->folder, "meta"), 0755);
    put_bytes(world->folder, "meta/_journal.json", bytes, size);
    journal_unref(world->journal);
    world->journal = journal_parse((struct text){bytes, size}, &error);
    assert_non_null(world->journal);
}

static inline void journal(struct world *world, const char *text) {
    journal_bytes(world, text, strlen(text));
}

/* A journal as drizzle-kit writes it, of entries `TAG@WHEN` or `TAG@WHEN#IDX`; without IDX it is
 * the position. */
#define ENTRIES(world, ...) entries((world), (const char *const[]){__VA_ARGS__, NULL})
static inline struct text drizzle_journal(struct arena *arena, const char *const *lines) {
    struct buffer buffer = BUFFER(arena);
    buffer_add_string(&buffer, "{\n  \"version\": \"7\",\n  \"dialect\": \"postgresql\",\n  \"entries\": [");
    for (size_t i = 0; lines[i]; i++) {
        const char *at = strchr(lines[i], '@'), *hash = strchr(lines[i], '#');
        buffer_format(&buffer, "%s\n    {\n      \"idx\": %zu,\n      \"version\": \"7\",\n", i > 0 ? "," : "",
                      hash ? (size_t)strtoul(hash + 1, NULL, 10) : i);
        buffer_format(&buffer, "      \"when\": %.*s,\n      \"tag\": \"%.*s\",\n      \"breakpoints\": true\n    }",
                      (int)strcspn(at + 1, "#"), at + 1, (int)(at - lines[i]), lines[i]);
    }
    buffer_add_string(&buffer, lines[0] ? "\n  ]\n}" : "]\n}");
    return buffer_text(&buffer);
}

static inline void entries(struct world *world, const char *const *lines) {
    struct text text = drizzle_journal(world->arena, lines);
    journal_bytes(world, text.bytes, text.length);
}

static inline void rules_file(struct world *world, const char *text) {
    struct error error;
    put(world->folder, ".migfs", text);
    rules_unref(world->rules);
    world->rules = rules_parse(TEXT(".migfs"), text_of(text), &error);
    assert_non_null(world->rules);
}

static inline struct text hash_of(struct world *world, struct text text) {
    char hex[DIGEST_HEX_LENGTH + 1];
    struct digest digest = digest_of(text);
    digest_to_hex(&digest, hex);
    return text_copy(world->arena, text_of(hex));
}

static inline struct text hash_of_file(struct world *world, struct text tag) {
    char bytes[65536];
    char name[300];
    snprintf(name, sizeof name, "%.*s.sql", TEXT_ARGS(tag));
    FILE *stream = fopen(in_folder(world->folder, name), "re");
    assert_non_null(stream);
    size_t size = fread(bytes, 1, sizeof bytes, stream);
    fclose(stream);
    return hash_of(world, (struct text){bytes, size});
}

static inline struct ledger_row row_of(struct world *world, const char *line, size_t number) {
    const char *colon = strchr(line, ':'), *at = strrchr(line, '@');
    struct text kind = {line, (size_t)(colon - line)}, value = {colon + 1, (size_t)(at - colon - 1)};
    struct ledger_row row = {.id = text_format(world->arena, "%zu", number), .hash = TEXT("")};
    if (text_is(kind, "file")) {
        row.hash = hash_of_file(world, value);
    } else if (text_is(kind, "text")) {
        row.hash = hash_of(world, value);
    } else if (text_is(kind, "raw")) {
        row.hash = value;
    } else {
        row.name = value;
    }
    row.has_created_at = strcmp(at, "@NULL") != 0;
    row.created_at = row.has_created_at ? strtoll(at + 1, NULL, 10) : 0;
    return row;
}

/* A ledger that was read. Files whose hashes its rows have must exist. */
#define LEDGER(world, name, ...) ledger((world), (name), (const char *const[]){__VA_ARGS__, NULL})
static inline struct ledger *ledger(struct world *world, const char *name, const char *const *lines) {
    struct ledger_row rows[64];
    struct error error;
    struct ledger from = {.database = text_of(name), .status = LEDGER_READ, .was_read = true, .rows = rows};
    for (; lines[from.count]; from.count++) {
        rows[from.count] = row_of(world, lines[from.count], from.count + 1);
        from.is_v1 = from.is_v1 || rows[from.count].name.length > 0;
    }
    assert_true(world->ledger_count < WORLD_LEDGERS);
    world->ledgers[world->ledger_count] = ledger_create(&from, &error);
    assert_non_null(world->ledgers[world->ledger_count]);
    return world->ledgers[world->ledger_count++];
}

/* A database whose ledger has no row, or no table yet. */
static inline void empty_ledger(struct world *world, const char *name) {
    ledger(world, name, (const char *const[]){NULL});
}

static inline void fresh_ledger(struct world *world, const char *name) {
    struct error error;
    struct ledger from = {.database = text_of(name), .status = LEDGER_FRESH, .was_read = true};
    world->ledgers[world->ledger_count++] = ledger_create(&from, &error);
}

/* From now on the ledger added last cannot be read. */
static inline void fail_ledger(struct world *world) {
    struct error error;
    struct ledger *last = world->ledgers[world->ledger_count - 1];
    world->ledgers[world->ledger_count - 1] = ledger_fail(last, "the server is gone", &error);
    ledger_destroy(last);
}

/* A database that was never read. */
static inline void unread_ledger(struct world *world, const char *name) {
    struct error error;
    struct ledger from = {.database = text_of(name)};
    world->ledgers[world->ledger_count++] = ledger_fail(&from, "no such host", &error);
}

/* ---- the view ---- */

static inline void world_make(void *context) {
    struct world *world = context;
    struct view *view = view_create(world->arena, world->folder->disk, world->journal, world->rules, world->ledgers,
                                    world->ledger_count, &world->options, world->effects);
    view_rehearse_upgrade(world->arena, view);
    world->view = view;
}

static inline const struct view *look(struct world *world) {
    struct error error;
    scan(world->folder);
    if (!world->journal) {
        world->journal = journal_missing(&error);
        assert_non_null(world->journal);
    }
    assert_true(arena_run(world->arena, world_make, world));
    return world->view;
}

static inline const struct migration *migration(const struct world *world, const char *tag) {
    const struct migration *it = join_find(world->view->join, text_of(tag));
    assert_non_null(it);
    return it;
}

/* ---- what comes out ---- */

#define assert_text(text, expected) assert_string_equal(text_copy(world->arena, (text)).bytes, (expected))

/* "0000_a applied, 0001_b pending": overall. */
static inline struct text overall(const struct world *world) {
    struct buffer buffer = BUFFER(world->arena);
    for (size_t i = 0; i < world->view->join->count; i++) {
        const struct migration *it = &world->view->join->migrations[i];
        buffer_add_string(&buffer, i > 0 ? ", " : "");
        buffer_add(&buffer, it->tag);
        buffer_format(&buffer, " %s", state_name(it->state));
    }
    return buffer_text(&buffer);
}

/* "0000_a applied hash, 0001_b pending -": in one database. */
static inline struct text standings(const struct world *world, size_t database) {
    struct buffer buffer = BUFFER(world->arena);
    for (size_t i = 0; i < world->view->join->count; i++) {
        const struct migration *it = &world->view->join->migrations[i];
        const struct standing *standing = &it->standings[database];
        buffer_add_string(&buffer, i > 0 ? ", " : "");
        buffer_add(&buffer, it->tag);
        buffer_format(&buffer, " %s %s", state_name(standing->state), match_facts(standing->match)->name);
    }
    return buffer_text(&buffer);
}

/* "0000_a@1000#0, 0001_b@2000#1": the entries served, in their order. */
static inline struct text served(const struct world *world, const struct synthesis *synthesis) {
    struct buffer buffer = BUFFER(world->arena);
    for (size_t i = 0; i < synthesis->count; i++) {
        const struct synthesis_entry *entry = &synthesis->entries[i];
        buffer_add_string(&buffer, i > 0 ? ", " : "");
        buffer_add(&buffer, world->view->join->migrations[entry->migration].tag);
        buffer_format(&buffer, "@%" PRId64 "#%" PRId64, entry->when, entry->idx);
    }
    return buffer_text(&buffer);
}

/* The codes of the problems, in order, except the given ones. */
static inline struct text codes_without(const struct world *world, const char *ignored) {
    struct buffer buffer = BUFFER(world->arena);
    for (size_t i = 0; i < world->view->problems->count; i++) {
        const char *code = world->view->problems->problems[i].code->code;
        if (!strstr(ignored, code)) {
            buffer_add_string(&buffer, buffer.length > 0 ? " " : "");
            buffer_add_string(&buffer, code);
        }
    }
    return buffer_text(&buffer);
}

/* The first problem with this code as it is printed; fails if there is none. */
static inline struct text problem(const struct world *world, const char *code) {
    for (size_t i = 0; i < world->view->problems->count; i++) {
        if (strcmp(world->view->problems->problems[i].code->code, code) == 0) {
            struct buffer buffer = BUFFER(world->arena);
            problem_print(&buffer, &world->view->problems->problems[i]);
            return buffer_text(&buffer);
        }
    }
    fail_msg("no problem has the code %s", code);
    return TEXT("");
}

#define assert_overall(expected) assert_text(overall(world), expected)
#define assert_in(database, expected) assert_text(standings(world, database), expected)
#define assert_served(expected) assert_text(served(world, world->view->synthesis), expected)
#define assert_own(database, expected) assert_text(served(world, world->view->own[database]), expected)
#define assert_problems(expected) assert_text(codes_without(world, ""), expected)
#define assert_bytes(expected) assert_text(world->view->synthesis->bytes, expected)

/* Fails unless the text contains `part`. */
static inline void assert_holds_text(struct text text, const char *part) {
    size_t at;
    if (!text_find(text, part, &at)) {
        fail_msg("\"%s\" is not in:\n%.*s", part, TEXT_ARGS(text));
    }
}

static inline void assert_lacks_text(struct text text, const char *part) {
    size_t at;
    if (text_find(text, part, &at)) {
        fail_msg("\"%s\" is in:\n%.*s", part, TEXT_ARGS(text));
    }
}

#endif
