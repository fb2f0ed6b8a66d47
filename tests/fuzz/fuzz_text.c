/* Any bytes: repair, escaping, JSON, names and SQL. */
#include "fuzz.h"

#include <string.h>

#include "migfs/drizzle/statements.h"
#include "migfs/json/text.h"
#include "migfs/tree/build.h"

static void repair(struct arena *arena, struct text text) {
    struct text repaired = text_repair_utf8(arena, text);
    HOLDS(text_is_utf8(repaired));
    HOLDS(text_equal(text_repair_utf8(arena, repaired), repaired));
    HOLDS(text_is_utf8(text) == text_equal(text, repaired));
    HOLDS(repaired.length <= 3 * text.length);
}

static void escape(struct arena *arena, struct text text) {
    struct json_fault fault;
    struct buffer buffer = BUFFER(arena);
    holds_one_safe_line(text_escaped(arena, text));
    buffer_add_json(&buffer, text);
    HOLDS(json_check(arena, buffer_text(&buffer), &fault));
    HOLDS(text_equal(json_string(arena, buffer_text(&buffer)), text_repair_utf8(arena, text)));
}

static void name(struct arena *arena, struct text text) {
    struct text safe = tree_safe_name(arena, text);
    HOLDS(safe.length > 0 && safe.length <= TREE_NAME_MAXIMUM);
    HOLDS(!memchr(safe.bytes, '/', safe.length) && !memchr(safe.bytes, '\0', safe.length));
    HOLDS(!text_is(safe, ".") && !text_is(safe, ".."));
}

static void examine(struct arena *arena, struct text text) {
    struct sql sql;
    struct digest lf, crlf, again;
    sql_examine(arena, text, &sql);
    HOLDS(sql.is_utf8 == text_is_utf8(text));
    again = digest_of(text_repair_utf8(arena, text));
    HOLDS(digest_equal(&sql.digest, &again));
    sql_line_end_digests(arena, text, &lf, &crlf);
    HOLDS(digest_equal(&lf, &crlf) == !memchr(text.bytes, '\n', text.length));
}

static void all(void *context) {
    struct text text = *(struct text *)context;
    struct arena *arena = arena_create();
    repair(arena, text);
    escape(arena, text);
    name(arena, text);
    examine(arena, text);
    arena_destroy(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text text = {size > 0 ? (const char *)data : "", size};
    all(&text);
    return 0;
}
