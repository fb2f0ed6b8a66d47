/* Writes and reads records. Knows nothing of what they mean. */
#include "migfs/schema/protocol.h"

#include <stdlib.h>
#include <string.h>

struct record_head {
    uint8_t kind, flags;
    uint16_t count;
    uint32_t line;
};

static void add(struct protocol_writer *writer, const void *bytes, size_t length) {
    if (writer->has_failed || length > PROTOCOL_ANSWER_MAXIMUM - writer->length) {
        writer->has_failed = true;
        return;
    }
    if (writer->length + length > writer->capacity) {
        size_t capacity = 2 * writer->capacity + length + 4096;
        char *grown = realloc(writer->bytes, capacity);
        if (!grown) {
            writer->has_failed = true;
            return;
        }
        writer->bytes = grown;
        writer->capacity = capacity;
    }
    if (length > 0) {
        memcpy(writer->bytes + writer->length, bytes, length);
        writer->length += length;
    }
}

void protocol_begin(struct protocol_writer *writer, uint8_t kind, uint8_t flags, uint32_t line) {
    struct record_head head = {.kind = kind, .flags = flags, .line = line};
    writer->record = writer->length;
    add(writer, &head, sizeof head);
}

void protocol_field(struct protocol_writer *writer, struct text field) {
    uint32_t length = (uint32_t)field.length;
    struct record_head head;
    if (field.length > PROTOCOL_ANSWER_MAXIMUM) {
        writer->has_failed = true;
    }
    add(writer, &length, sizeof length);
    add(writer, field.bytes, field.length);
    if (writer->has_failed) {
        return;
    }
    memcpy(&head, writer->bytes + writer->record, sizeof head);
    writer->has_failed = head.count == PROTOCOL_FIELDS_MAXIMUM;
    head.count++;
    memcpy(writer->bytes + writer->record, &head, sizeof head);
}

static bool take(struct text *rest, void *ret, size_t length) {
    if (rest->length < length) {
        return false;
    }
    memcpy(ret, rest->bytes, length);
    *rest = text_slice(*rest, length, rest->length);
    return true;
}

static void make_room(struct protocol_reader *reader, size_t count) {
    if (count > reader->room) {
        enum { LEAST = 16 };
        reader->room = count > LEAST ? count : LEAST;
        reader->fields = arena_array(reader->arena, struct text, reader->room);
    }
}

bool protocol_next(struct protocol_reader *reader, struct protocol_record *ret_record) {
    struct text left = reader->rest;
    struct record_head head;
    if (left.length == 0 || !take(&left, &head, sizeof head) || head.count > left.length / sizeof(uint32_t)) {
        return false;
    }
    make_room(reader, head.count);
    for (size_t i = 0; i < head.count; i++) {
        uint32_t length;
        if (!take(&left, &length, sizeof length) || length > left.length) {
            return false;
        }
        reader->fields[i] = text_slice(left, 0, length);
        left = text_slice(left, length, left.length);
    }
    *ret_record = (struct protocol_record){head.kind, head.flags, head.line, head.count, reader->fields};
    reader->rest = left;
    return true;
}
