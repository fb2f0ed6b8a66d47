/* Messages use the machine's byte order, since both ends are the same program on the same
 * machine. */
#include "ledger/postgres/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_ROOM = 4096 };

static const uint32_t NULL_CELL = UINT32_MAX;

bool wire_reserve(struct wire_buffer *buffer, size_t count) {
    if (!buffer->is_failed && buffer->room - buffer->length < count) {
        size_t room = buffer->room < LEAST_ROOM ? LEAST_ROOM : buffer->room * 2;
        while (room - buffer->length < count) {
            room *= 2;
        }
        char *bytes = realloc(buffer->bytes, room);
        buffer->is_failed = !bytes;
        buffer->bytes = bytes ? bytes : buffer->bytes;
        buffer->room = bytes ? room : buffer->room;
    }
    return !buffer->is_failed;
}

static void put(struct wire_buffer *buffer, const void *bytes, size_t length) {
    if (length > 0 && wire_reserve(buffer, length)) {
        memcpy(buffer->bytes + buffer->length, bytes, length);
        buffer->length += length;
    }
}

void wire_begin(struct wire_buffer *buffer, enum wire_kind kind, size_t *ret_start) {
    char letter = (char)kind;
    *ret_start = buffer->length;
    wire_put_number(buffer, 0);
    put(buffer, &letter, 1);
}

void wire_end(struct wire_buffer *buffer, size_t start) {
    if (!buffer->is_failed) {
        uint32_t length = (uint32_t)(buffer->length - start - WIRE_HEAD);
        memcpy(buffer->bytes + start, &length, sizeof(length));
    }
}

void wire_put_number(struct wire_buffer *buffer, uint32_t number) {
    put(buffer, &number, sizeof(number));
}

void wire_put_string(struct wire_buffer *buffer, const char *string) {
    put(buffer, string, strlen(string) + 1);
}

void wire_put_cell(struct wire_buffer *buffer, const char *bytes, size_t length) {
    wire_put_number(buffer, (uint32_t)length);
    put(buffer, bytes, length);
}

void wire_put_null(struct wire_buffer *buffer) {
    wire_put_number(buffer, NULL_CELL);
}

void wire_release(struct wire_buffer *buffer) {
    free(buffer->bytes);
    *buffer = (struct wire_buffer){0};
}

int wire_take_message(const char **at, const char *end, struct wire_message *ret_message) {
    uint32_t length;
    if ((size_t)(end - *at) < WIRE_HEAD) {
        return 0;
    }
    memcpy(&length, *at, sizeof(length));
    if (length > WIRE_MESSAGE_MAXIMUM) {
        return -1;
    }
    if ((size_t)(end - *at) - WIRE_HEAD < length) {
        return 0;
    }
    const char *body = *at + WIRE_HEAD;
    *ret_message = (struct wire_message){(enum wire_kind)(*at)[4], body, body + length};
    *at = body + length;
    return 1;
}

bool wire_take_number(struct wire_message *message, uint32_t *ret_number) {
    if ((size_t)(message->end - message->at) < sizeof(*ret_number)) {
        return false;
    }
    memcpy(ret_number, message->at, sizeof(*ret_number));
    message->at += sizeof(*ret_number);
    return true;
}

bool wire_take_string(struct wire_message *message, const char **ret_string) {
    const char *nul = memchr(message->at, '\0', (size_t)(message->end - message->at));
    if (!nul) {
        return false;
    }
    *ret_string = message->at;
    message->at = nul + 1;
    return true;
}

bool wire_take_cell(struct wire_message *message, struct text *ret_cell, bool *ret_is_null) {
    uint32_t length;
    if (!wire_take_number(message, &length)) {
        return false;
    }
    *ret_is_null = length == NULL_CELL;
    *ret_cell = TEXT("");
    if (length == NULL_CELL) {
        return true;
    }
    if ((size_t)(message->end - message->at) < length) {
        return false;
    }
    *ret_cell = (struct text){message->at, length};
    message->at += length;
    return true;
}

bool wire_take_command(const char **at, const char *end, const char *tag) {
    struct wire_message message;
    const char *given;
    return wire_take_message(at, end, &message) == 1 && message.kind == WIRE_COMMAND &&
           wire_take_string(&message, &given) && strcmp(given, tag) == 0;
}

bool wire_is_end(struct wire_message *message, size_t row_count) {
    char expected[32];
    const char *tag;
    snprintf(expected, sizeof(expected), "SELECT %zu", row_count);
    return message->kind == WIRE_END && wire_take_string(message, &tag) && strcmp(tag, expected) == 0;
}
