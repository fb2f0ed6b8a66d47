/* Encodes and decodes records, without knowledge of their meaning. */
#include "migfs/schema/protocol.h"

#include <stdlib.h>
#include <string.h>

struct record_head {
    uint8_t kind, flags;
    uint16_t count;
};

enum { BITS = 7, MORE = 1 << BITS, LONGEST_NUMBER = 5 /* bytes, of 32 bits */ };

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

static void add_number(struct protocol_writer *writer, uint32_t number) {
    unsigned char bytes[LONGEST_NUMBER];
    size_t count = 0;
    for (; number >= MORE; number >>= BITS) {
        bytes[count++] = (unsigned char)(number | MORE);
    }
    bytes[count++] = (unsigned char)number;
    add(writer, bytes, count);
}

void protocol_begin(struct protocol_writer *writer, uint8_t kind, uint8_t flags, uint32_t line) {
    struct record_head head = {.kind = kind, .flags = flags};
    writer->record = writer->length;
    add(writer, &head, sizeof head);
    add_number(writer, line);
}

static inline void skip(struct text *rest, size_t length) {
    rest->bytes += length;
    rest->length -= length;
}

static bool take(struct text *rest, void *ret, size_t length) {
    if (rest->length < length) {
        return false;
    }
    memcpy(ret, rest->bytes, length);
    skip(rest, length);
    return true;
}

static inline bool take_number(struct text *rest, uint32_t *ret_number) {
    if (rest->length > 0 && (unsigned char)rest->bytes[0] < MORE) { /* as nearly all are */
        *ret_number = (unsigned char)rest->bytes[0];
        skip(rest, 1);
        return true;
    }
    uint64_t number = 0;
    for (size_t i = 0; i < LONGEST_NUMBER && i < rest->length; i++) {
        unsigned char byte = (unsigned char)rest->bytes[i];
        number |= (uint64_t)(byte & (MORE - 1)) << (BITS * i);
        if (byte < MORE) {
            skip(rest, i + 1);
            *ret_number = (uint32_t)number;
            return number <= UINT32_MAX;
        }
    }
    return false;
}

/* Reads a field that is stored literally. */
static inline bool take_literal(struct text *rest, struct text *ret_field) {
    uint32_t number;
    if (!take_number(rest, &number) || (number & 1) || number / 2 > rest->length) {
        return false;
    }
    *ret_field = (struct text){rest->bytes, number / 2};
    skip(rest, number / 2);
    return true;
}

/* ---- for the worker ---- */

/* The slot of `recent` for the field. Fields that share one are only written more often. */
static uint32_t *note_of(struct protocol_writer *writer, struct text field) {
    uint64_t hash = field.length, word;
    size_t left = field.length;
    for (const char *at = field.bytes; left > 0; at += sizeof word) {
        word = 0;
        memcpy(&word, at, left < sizeof word ? left : sizeof word);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
        left -= left < sizeof word ? left : sizeof word;
    }
    return &writer->recent[hash % PROTOCOL_RECENT];
}

/* Distance back to an equal field; 0: none is known. */
static size_t distance_to(const struct protocol_writer *writer, uint32_t note, struct text field) {
    struct text same, rest;
    if (note == 0) {
        return 0;
    }
    rest = (struct text){writer->bytes + note - 1, writer->length - (note - 1)};
    return take_literal(&rest, &same) && text_equal(same, field) ? writer->length - (note - 1) : 0;
}

static void add_field(struct protocol_writer *writer, struct text field) {
    enum { SHORTEST = 2 };
    uint32_t *note = field.length >= SHORTEST ? note_of(writer, field) : NULL;
    size_t distance = note ? distance_to(writer, *note, field) : 0;
    if (distance > 0) {
        add_number(writer, (uint32_t)(2 * distance + 1));
        return;
    }
    if (note) {
        *note = (uint32_t)writer->length + 1;
    }
    add_number(writer, (uint32_t)(2 * field.length));
    add(writer, field.bytes, field.length);
}

void protocol_field(struct protocol_writer *writer, struct text field) {
    struct record_head head;
    if (field.length > PROTOCOL_ANSWER_MAXIMUM) {
        writer->has_failed = true;
    }
    if (!writer->has_failed) {
        add_field(writer, field);
    }
    if (writer->has_failed) {
        return;
    }
    memcpy(&head, writer->bytes + writer->record, sizeof head);
    writer->has_failed = head.count == PROTOCOL_FIELDS_MAXIMUM;
    head.count++;
    memcpy(writer->bytes + writer->record, &head, sizeof head);
}

void protocol_forget(struct protocol_writer *writer) {
    writer->length = 0;
    memset(writer->recent, 0, sizeof writer->recent);
}

/* ---- for the caller ---- */

struct protocol_reader protocol_read(struct arena *arena, struct text answer) {
    return (struct protocol_reader){.arena = arena, .start = answer.bytes, .rest = answer};
}

static void make_room(struct protocol_reader *reader, size_t count) {
    if (count > reader->room) {
        enum { LEAST = 16 };
        reader->room = count > LEAST ? count : LEAST;
        reader->fields = arena_array(reader->arena, struct text, reader->room);
    }
}

static bool take_field(const char *start, struct text *rest, struct text *ret_field) {
    struct text left = *rest;
    uint32_t number;
    if (!take_number(&left, &number)) {
        return false;
    }
    if (!(number & 1)) {
        return take_literal(rest, ret_field);
    }
    size_t behind = (size_t)(rest->bytes - start), distance = number / 2;
    if (distance == 0 || distance > behind) {
        return false;
    }
    struct text earlier = {rest->bytes - distance, distance};
    *rest = left;
    return take_literal(&earlier, ret_field);
}

bool protocol_next(struct protocol_reader *reader, struct protocol_record *ret_record) {
    struct text left = reader->rest;
    struct record_head head;
    uint32_t line;
    if (left.length == 0 || !take(&left, &head, sizeof head) || !take_number(&left, &line) ||
        head.count > left.length) {
        return false;
    }
    make_room(reader, head.count);
    for (size_t i = 0; i < head.count; i++) {
        if (!take_field(reader->start, &left, &reader->fields[i])) {
            return false;
        }
    }
    *ret_record = (struct protocol_record){head.kind, head.flags, line, head.count, reader->fields};
    reader->rest = left;
    return true;
}
