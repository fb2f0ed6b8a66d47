/* Snapshots are large and their heads are short, so the head is read from the first piece if
 * possible. */
#include "migfs/drizzle/snapshot_head.h"

#include <math.h>
#include <string.h>

#include "migfs/json/text.h"

bool snapshot_is_named_so(struct text name) {
    return name.length > 0 && name.bytes[0] != '_';
}

static void copy_id(char *ret_id, struct text id) {
    id = text_slice(id, 0, SNAPSHOT_ID_MAXIMUM);
    memcpy(ret_id, id.bytes, id.length);
    ret_id[id.length] = '\0';
}

static int whole_version(double number) {
    return number >= 1 && number <= 1000 && number == floor(number) ? (int)number : 0;
}

/* ---- the first piece ---- */

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static void skip_blanks(struct text *rest) {
    while (rest->length > 0 && is_blank(rest->bytes[0])) {
        *rest = text_slice(*rest, 1, rest->length);
    }
}

static bool take_byte(struct text *rest, char byte) {
    skip_blanks(rest);
    if (rest->length == 0 || rest->bytes[0] != byte) {
        return false;
    }
    *rest = text_slice(*rest, 1, rest->length);
    return true;
}

/* A string of plain ASCII without escapes; files with any other are read whole. */
static bool take_plain_string(struct text *rest, struct text *ret_string) {
    if (!take_byte(rest, '"')) {
        return false;
    }
    size_t length = 0;
    while (length < rest->length && rest->bytes[length] != '"') {
        unsigned char byte = (unsigned char)rest->bytes[length++];
        if (byte < 0x20 || byte > 0x7E || byte == '\\') {
            return false;
        }
    }
    if (length == rest->length) {
        return false;
    }
    *ret_string = text_slice(*rest, 0, length);
    *rest = text_slice(*rest, length + 1, rest->length);
    return true;
}

bool snapshot_head_of_piece(struct text piece, struct snapshot_head *ret_head) {
    struct snapshot_head head = {.is_json = true};
    bool has_id = false, has_version = false;
    if (!take_byte(&piece, '{')) {
        return false;
    }
    struct text key, value;
    int64_t version;
    while (!has_id || !head.has_prev_id || !has_version) {
        if (!take_plain_string(&piece, &key) || !take_byte(&piece, ':') || !take_plain_string(&piece, &value) ||
            !take_byte(&piece, ',')) {
            return false;
        }
        if (text_is(key, "id")) {
            has_id = true;
            copy_id(head.id, value);
        } else if (text_is(key, "prevId")) {
            head.has_prev_id = true;
            copy_id(head.prev_id, value);
        } else if (text_is(key, "version")) {
            has_version = text_to_int64(value, &version);
            head.version = has_version ? whole_version((double)version) : 0;
            if (!has_version) {
                return false;
            }
        }
    }
    *ret_head = head;
    return true;
}

/* ---- the whole file ---- */

static void take_member(struct arena *arena, struct snapshot_head *head, struct text key, struct text value) {
    key = json_string(arena, key);
    bool is_string = json_type(value) == JSON_STRING;
    struct text string = is_string ? json_string(arena, value) : TEXT("");
    if (text_is(key, "id")) {
        copy_id(head->id, string);
    } else if (text_is(key, "prevId")) {
        head->has_prev_id = is_string;
        copy_id(head->prev_id, string);
    } else if (text_is(key, "version")) {
        int64_t version;
        head->version = json_type(value) == JSON_NUMBER   ? whole_version(json_number(value))
                        : text_to_int64(string, &version) ? whole_version((double)version)
                                                          : 0;
    }
}

void snapshot_head_of_file(struct arena *arena, struct text file, struct snapshot_head *ret_head) {
    *ret_head = (struct snapshot_head){0};
    struct json_fault fault = {0};
    if (!json_check(arena, file, &fault)) {
        ret_head->line = fault.line;
        ret_head->column = fault.column;
        return;
    }
    struct text value = json_value(file), key, member;
    if (json_type(value) != JSON_OBJECT) {
        ret_head->line = ret_head->column = 1;
        return;
    }
    ret_head->is_json = true;
    struct json_walk walk = {.rest = value};
    while (json_next(&walk, &key, &member)) {
        /* Only the keys of interest are decoded: there are few, and they are short. */
        take_member(arena, ret_head, key, member);
    }
}
