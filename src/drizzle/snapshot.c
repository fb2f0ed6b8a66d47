/* Reads and writes snapshots; knows only their outermost keys. */
#include "migfs/drizzle/snapshot.h"

#include <stdio.h>

#include "migfs/json/print.h"
#include "migfs/util/digest.h"

struct cJSON *snapshot_read(struct arena *arena, struct text text, struct text *ret_reason) {
    struct json_fault fault;
    struct cJSON *tree = json_tree(arena, text, &fault);
    if (!tree) {
        *ret_reason =
            text_format(arena, "is not JSON: line %zu, column %zu: %s", fault.line, fault.column, fault.reason);
        return NULL;
    }
    const char *version = json_chars(json_member(tree, "version")), *dialect = json_chars(json_member(tree, "dialect"));
    bool is_whole = version && dialect && json_chars(json_member(tree, "id"));
    if (is_whole && !text_is(text_of(dialect), "postgresql") && !text_is(text_of(dialect), "pg")) {
        *ret_reason = TEXT("is not of PostgreSQL");
    } else if (is_whole && !text_is(text_of(version), "7")) {
        *ret_reason = text_format(arena, "is of version %s: run `drizzle-kit up` first",
                                  text_escaped(arena, text_of(version)).bytes);
    } else if (!is_whole || !json_is_object(json_member(tree, "tables"))) {
        *ret_reason = TEXT("is not a snapshot of drizzle-kit's");
    } else {
        return tree;
    }
    return NULL;
}

/* The first sixteen bytes of the hash, with version and variant of a UUID. */
static struct text id_of(struct arena *arena, struct text previous_id, struct text tag, struct text body) {
    const struct text parts[] = {TEXT("migfs snapshot\0"), previous_id, TEXT("\0"), tag, TEXT("\0"), body};
    struct digest digest = digest_of_parts(parts, sizeof parts / sizeof *parts);
    char hex[DIGEST_HEX_LENGTH + 1];
    digest_to_hex(&digest, hex);
    hex[12] = '8';
    hex[16] = "89ab"[(hex[16] >= 'a' ? hex[16] - 'a' + 10 : hex[16] - '0') & 3];
    return text_format(arena, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

/* drizzle-kit 1.0.0-rc.5 reads each of them. */
static void complete_meta(struct cJSON *meta) {
    static const char *const keys[] = {"columns", "schemas", "tables"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!json_member(meta, keys[i])) {
            json_add_object(meta, keys[i]);
        }
    }
}

struct text snapshot_write(struct arena *arena, struct cJSON *tree, struct text previous_id, struct text tag) {
    static const char *const keys[] = {"version",   "dialect", "tables",   "enums", "schemas",
                                       "sequences", "roles",   "policies", "views", "_meta"};
    json_remove_key(tree, "id");
    json_remove_key(tree, "prevId");
    struct cJSON *body = json_object(arena), *whole = json_object(arena);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct cJSON *member = json_member(tree, keys[i]);
        if (member) {
            json_move(tree, member, body);
        } else {
            json_add_object(body, keys[i]);
        }
    }
    complete_meta(json_member(body, "_meta"));
    json_add_text(whole, "id", id_of(arena, previous_id, tag, json_stringify(arena, body)));
    json_add_text(whole, "prevId", previous_id);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        json_move(body, json_member(body, keys[i]), whole);
    }
    return json_stringify(arena, whole);
}
