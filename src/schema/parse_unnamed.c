#include "schema/parse_unnamed.h"

#include <pg_query.h>

#include "migfs/json/tree.h"
#include "migfs/schema/tokens.h"
#include "schema/parse_index.h"

struct unnamed {
    struct arena *arena;
    struct text printed; /* the parser's output */
    uint32_t place;
    struct protocol_writer *writer;
};

static void write_parts(void *context) {
    const struct unnamed *unnamed = context;
    struct tree_walk walk = {.arena = unnamed->arena, .writer = unnamed->writer};
    struct tree_list parts = {0}, columns = {0};
    const cJSON *statements = tree_at(json_tree_printed(unnamed->arena, unnamed->printed), "stmts");
    const cJSON *index = tree_as(tree_at(statements ? statements->child : NULL, "stmt"), "IndexStmt");
    if (!index || tree_text(index, "idxname").length > 0) {
        return;
    }
    parse_index_elements(&walk, tree_at(index, "indexParams"), &parts, &columns);
    parse_index_elements(&walk, tree_at(index, "indexIncludingParams"), &parts, &columns);
    protocol_begin(unnamed->writer, TOKENS_INDEX, 0, 1);
    protocol_field(unnamed->writer, (struct text){(const char *)&unnamed->place, sizeof unnamed->place});
    for (size_t i = 0; i < parts.count; i++) {
        protocol_field(unnamed->writer, parts.items[i]);
    }
}

void parse_unnamed(const char *sql, uint32_t place, struct protocol_writer *writer) {
    PgQueryParseResult result = pg_query_parse(sql);
    struct unnamed unnamed = {.arena = arena_create(), .place = place, .writer = writer};
    if (!result.error) {
        unnamed.printed = text_of(result.parse_tree);
        writer->has_failed = writer->has_failed || !unnamed.arena || !arena_run(unnamed.arena, write_parts, &unnamed);
    }
    arena_destroy(unnamed.arena);
    pg_query_free_parse_result(result);
}
