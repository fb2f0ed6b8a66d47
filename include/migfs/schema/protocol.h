/* The protocol between migfs and the worker, which parses SQL and is not trusted (worker.h).
 *
 *     request   kind (4 bytes), length (4 bytes), the SQL text
 *     answer    status (4 bytes), length (4 bytes); then records after PROTOCOL_DONE, or a sentence
 *               after PROTOCOL_REFUSED
 *     record    kind (1 byte), flags (1 byte), count of fields (2 bytes), line, then the fields
 *     field     twice its length, then its bytes; or, for a repeated field, twice the distance back
 *               to an earlier copy, plus 1
 *
 * Numbers of a stated size are in native byte order: both ends are the same program. Other numbers
 * have seven bits per byte, lowest first, with the eighth bit set in all bytes but the last. This
 * keeps answers small: those of a whole folder are cached, and most of their names repeat.
 *
 * Each kind of request has a handler in the worker, listed in handlers[] of keeper.c, and its own
 * meaning of records, described in its header. Whatever the worker writes, protocol_next() stays
 * within the answer and yields only whole records; the caller must check their contents. Any
 * thread. */
#ifndef MIGFS_SCHEMA_PROTOCOL_H
#define MIGFS_SCHEMA_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/util/text.h"

enum protocol_request {
    PROTOCOL_EFFECTS = 1, /* objects created, altered and dropped: effects.h */
    PROTOCOL_TOKENS,      /* statements and their tokens: tokens.h */
    PROTOCOL_REQUEST_END
};

enum protocol_status {
    PROTOCOL_DONE,
    PROTOCOL_REFUSED,    /* the parser rejects the text */
    PROTOCOL_UNCONFINED, /* the worker could not give up its rights, and parses nothing */
    PROTOCOL_STATUS_END
};

/* Bytes. A longer text is never sent; a longer answer is malformed. */
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

enum { PROTOCOL_RECENT = 2048 };

struct protocol_writer {
    char *bytes;
    size_t length, capacity;
    size_t record;                    /* start of the record being written */
    bool has_failed;                  /* out of memory or too many fields: do not send the answer */
    uint32_t recent[PROTOCOL_RECENT]; /* by hash of a field: its offset in `bytes` + 1 */
};

void protocol_begin(struct protocol_writer *writer, uint8_t kind, uint8_t flags, uint32_t line);
void protocol_field(struct protocol_writer *writer, struct text field);
void protocol_forget(struct protocol_writer *writer); /* all records so far */

/* ---- for the caller ---- */

/* The rest of an answer, and a buffer for the fields of one record. */
struct protocol_reader {
    struct arena *arena;
    const char *start; /* of the answer */
    struct text rest;
    struct text *fields;
    size_t room;
};

/* `answer` must outlive the reader. */
struct protocol_reader protocol_read(struct arena *arena, struct text answer);

/* Reads the next record; its fields are valid until the next call. Returns false at the end, with
 * `rest` empty, or at malformed bytes, with `rest` not empty. */
bool protocol_next(struct protocol_reader *reader, struct protocol_record *ret_record);

#endif
