/* The messages between a connection, in the process that serves the view, and its session, in the process that speaks with the server
 * (session.h). A message is its length, its kind and its bytes. What comes from a session is checked like what comes from a
 * server: lengths are those of the message, never those that it claims. */
#ifndef MIGFS_LEDGER_POSTGRES_WIRE_H
#define MIGFS_LEDGER_POSTGRES_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/util/text.h"

enum wire_kind {
    WIRE_ASK = 'q', /* to the session: SQL, NUL-terminated; the only message in this direction */

    WIRE_WAITS =
        'w', /* a number of enum wire_wait, a number: the server is near; what to say should nothing more come, and should the session end */
    WIRE_ADDRESSES = 'a', /* a host, its numeric address and port, any number of times */

    /* the answer: for each statement one command, or columns, rows, end */
    WIRE_COMMAND = 'k', /* its tag */
    WIRE_COLUMNS = 'c', /* numbers: their types' in pg_type */
    WIRE_ROW = 'r',     /* cells */
    WIRE_END = 'e',     /* the command's tag, `SELECT 3` */

    WIRE_DONE = 'd',   /* the answer is whole */
    WIRE_FAILED = 'f', /* a number of enum wire_failure, a SQLSTATE or nothing, the sentence */
};

enum wire_wait { WIRE_LOOKING_UP, WIRE_CONNECTING, WIRE_LOGGING_IN, WIRE_ASKING };

enum wire_failure {
    WIRE_FAILED_TO_CONNECT,
    WIRE_FAILED_FOR_PLACES, /* the server, or a pooler before it, has no place for one more */
    WIRE_FAILED_AND_LOST,   /* after it was connected */
    WIRE_FAILED_TO_ANSWER,  /* the connection is still there */
};

/* A growing row of messages. After memory has run out, nothing is added and `is_failed` is true. */
struct wire_buffer {
    char *bytes;
    size_t length, room;
    bool is_failed;
};

/* Makes room for `count` more bytes at the end. */
bool wire_reserve(struct wire_buffer *buffer, size_t count);

void wire_begin(struct wire_buffer *buffer, enum wire_kind kind, size_t *ret_start);
void wire_end(struct wire_buffer *buffer, size_t start);

/* The parts of a message, between begin and end. */
void wire_put_number(struct wire_buffer *buffer, uint32_t number);
void wire_put_string(struct wire_buffer *buffer, const char *string); /* and a NUL */
void wire_put_cell(struct wire_buffer *buffer, const char *bytes, size_t length);
void wire_put_null(struct wire_buffer *buffer);

void wire_release(struct wire_buffer *buffer);

/* A message, or a part of one, as it is read: taking a part moves the beginning. */
struct wire_message {
    enum wire_kind kind;
    const char *at, *end;
};

enum { WIRE_HEAD = 5, WIRE_MESSAGE_MAXIMUM = 2 << 20 };

/* Takes the next message from [*at, end). Returns 1, or 0 where it is not all there, or -1 where it is longer than any may be. */
int wire_take_message(const char **at, const char *end, struct wire_message *ret_message);

/* False where there is no such part; then the message is not what it should be. */
bool wire_take_number(struct wire_message *message, uint32_t *ret_number);
bool wire_take_string(struct wire_message *message, const char **ret_string);
bool wire_take_cell(struct wire_message *message, struct text *ret_cell, bool *ret_is_null);

/* Takes a statement's whole answer that is its tag and nothing else. */
bool wire_take_command(const char **at, const char *end, const char *tag);

/* Whether the message ends a result of so many rows. */
bool wire_is_end(struct wire_message *message, size_t row_count);

#endif
