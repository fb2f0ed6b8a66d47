/* What goes between us and the worker, which reads SQL and is not trusted (worker.h).
 *
 *     request   kind (4 bytes), length (4 bytes), the SQL text
 *     answer    status (4 bytes), length (4 bytes), and after PROTOCOL_DONE records, after PROTOCOL_REFUSED a sentence
 *     record    kind (1 byte), flags (1 byte), count of fields (2 bytes), line (4 bytes), then for each field length (4 bytes) and bytes
 *
 * Numbers are in the machine's own byte order: both ends are one program. A kind of request has a handler in the worker, a row in
 * handlers[] of keeper.c, and a meaning for its records that its own header tells. Whatever the worker writes, protocol_next() stays within
 * the answer and yields only whole records; what they say is to be checked by who takes them. Any thread. */
#ifndef MIGFS_SCHEMA_PROTOCOL_H
#define MIGFS_SCHEMA_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/util/text.h"

enum protocol_request {
    PROTOCOL_EFFECTS = 1, /* what the statements make, change and drop: effects.h */
    PROTOCOL_TOKENS,      /* its statements and their tokens: tokens.h */
    PROTOCOL_REQUEST_END
};

enum protocol_status {
    PROTOCOL_DONE,
    PROTOCOL_REFUSED, /* the parser does not take the text */
    PROTOCOL_STATUS_END
};

/* Bytes. A longer text is never sent; of an answer that is longer the worker is not believed. */
enum { PROTOCOL_SQL_MAXIMUM = 4 << 20, PROTOCOL_ANSWER_MAXIMUM = 64 << 20, PROTOCOL_FIELDS_MAXIMUM = UINT16_MAX };

struct protocol_head {
    uint32_t what; /* a request's kind or an answer's status */
    uint32_t length;
};

struct protocol_record {
    uint8_t kind, flags;
    uint32_t line; /* of the text, from 1 */
    uint16_t count;
    const struct text *fields; /* slices of the answer */
};

/* ---- for the worker ---- */

struct protocol_writer {
    char *bytes;
    size_t length, capacity;
    size_t record;   /* where the record that is being written begins */
    bool has_failed; /* memory ran out, or a record has too many fields: the answer is not to be sent */
};

void protocol_begin(struct protocol_writer *writer, uint8_t kind, uint8_t flags, uint32_t line);
void protocol_field(struct protocol_writer *writer, struct text field);

/* ---- for who asked ---- */

/* What is left of an answer, and room for the fields of one record. */
struct protocol_reader {
    struct arena *arena;
    struct text rest;
    struct text *fields;
    size_t room;
};

/* The next record, whose fields are there until the record after it is asked for. False at the end, and then `rest` is empty, or where what
 * follows is no record, and then it is not. */
bool protocol_next(struct protocol_reader *reader, struct protocol_record *ret_record);

#endif
