/* For tests of how SQL changes a snapshot: a table of cases, and the worker that parses the SQL. */
#ifndef MIGFS_TESTS_SNAPSHOTS_H
#define MIGFS_TESTS_SNAPSHOTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/json/print.h"
#include "migfs/schema/worker.h"
#include "migfs/synthesis/snapshots.h"

#define BREAK "--> statement-breakpoint\n"

static struct arena *snapshots_arena;
static struct worker_keeper *snapshots_keeper;
static struct worker *snapshots_worker;

/* SQL in two files; then the member at a path of the snapshot (names separated by `|`) as JSON, `-`
 * if there is none; or, without a path, why the second file is refused. */
struct snapshots_case {
    const char *before, *sql, *path, *expected;
};

static struct snapshots_file snapshots_file_of(const char *tag, const char *sql) {
    struct snapshots_file file = {.tag = text_of(tag), .sql = text_of(sql), .fault = TEXT("")};
    struct text answer = TEXT("");
    worker_ask(snapshots_worker, PROTOCOL_TOKENS, file.sql);
    assert_int_equal(worker_step(snapshots_worker, -1, &answer), WORKER_ANSWERED);
    file.answer = text_copy(snapshots_arena, answer);
    return file;
}

static const char snapshots_empty[] = "{\"id\": \"00000000-0000-0000-0000-000000000000\", \"version\": \"7\", "
                                      "\"dialect\": \"postgresql\", \"tables\": {}}";

static inline struct snapshots_start snapshots_start_of(const char *base, const struct snapshots_schema *schema) {
    return (struct snapshots_start){.content = text_of(base ? base : snapshots_empty),
                                    .name = TEXT("meta/0000_snapshot.json"),
                                    .habits = TEXT(""),
                                    .schema = schema};
}

/* Applies both files to a snapshot, an empty one if `base` is NULL, in a project with this schema or
 * with an unknown one (NULL). */
static inline struct snapshots snapshots_of_schema(const struct snapshots_schema *schema, const char *base,
                                                   const char *before, const char *sql) {
    struct snapshots_file files[] = {snapshots_file_of("0001_before", before), snapshots_file_of("0002_after", sql)};
    struct snapshots snapshots;
    size_t room = SNAPSHOTS_ROOM;
    const struct snapshots_start start = snapshots_start_of(base, schema);
    snapshots_make(snapshots_arena, &start, files, 2, &room, &snapshots);
    return snapshots;
}

static inline struct snapshots snapshots_after(const char *base, const char *before, const char *sql) {
    return snapshots_of_schema(NULL, base, before, sql);
}

/* A value on one line. */
static inline struct text snapshots_shown(const struct cJSON *value) {
    if (!value) {
        return TEXT("-");
    }
    struct cJSON *outer = json_array(snapshots_arena), *inner = json_add_object(outer, NULL);
    json_set_copy(inner, "it", value);
    struct text lines = json_print_lines(snapshots_arena, outer);
    return text_copy(snapshots_arena, text_slice(lines, strlen("[\n  {\"it\": "), lines.length - strlen("}\n]\n")));
}

static inline const struct cJSON *snapshots_at(const struct snapshots *snapshots, size_t file, const char *path) {
    struct json_fault fault;
    const struct cJSON *value = json_tree(snapshots_arena, snapshots->made[file].content, &fault);
    struct text rest = text_of(path);
    size_t end;
    while (rest.length > 0) {
        end = text_find(rest, "|", &end) ? end : rest.length;
        value = json_member(value, text_copy(snapshots_arena, text_slice(rest, 0, end)).bytes);
        rest = text_slice(rest, end + 1, rest.length);
    }
    return value;
}

static inline void snapshots_check(const struct snapshots_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct snapshots snapshots = snapshots_after(NULL, cases[i].before, cases[i].sql);
        if (!cases[i].path) {
            assert_int_equal(snapshots.count, 1);
            assert_string_equal(snapshots.reason.bytes, cases[i].expected);
            continue;
        }
        if (snapshots.count < 2) {
            print_error("%s\n%s\n", cases[i].sql, snapshots.reason.bytes);
        }
        assert_int_equal(snapshots.count, 2);
        assert_string_equal(snapshots_shown(snapshots_at(&snapshots, 1, cases[i].path)).bytes, cases[i].expected);
    }
}

/* `count` statements that hand-written SQL has; the format takes their number. */
static inline const char *snapshots_many(const char *format, int count) {
    struct buffer buffer = BUFFER(snapshots_arena);
    for (int i = 0; i < count; i++) {
        buffer_format(&buffer, format, i);
    }
    return buffer_text(&buffer).bytes;
}

#define CHECK_CASES(cases) snapshots_check((cases), sizeof(cases) / sizeof *(cases))

static int snapshots_begin(void **state) {
    snapshots_arena = arena_create();
    return snapshots_arena && snapshots_worker ? 0 : -1;
}

static int snapshots_end(void **state) {
    arena_destroy(snapshots_arena);
    return 0;
}

/* For main(): starts the worker before anything else. */
#define RUN_SNAPSHOTS_TESTS(argc, argv, tests)                                                                         \
    do {                                                                                                               \
        snapshots_keeper = worker_start((argc), (argv));                                                               \
        snapshots_worker = worker_create(snapshots_keeper);                                                            \
        int failed_tests = cmocka_run_group_tests((tests), snapshots_begin, snapshots_end);                            \
        worker_destroy(snapshots_worker);                                                                              \
        worker_stop(snapshots_keeper);                                                                                 \
        return failed_tests;                                                                                           \
    } while (false)

#endif
