/* The messages between a connection, in the process that serves the view, and its session, in the
 * process that talks to the server (session.h). A message has a length, a kind and its bytes.
 * Messages from a session are checked like data from a server: a part's claimed length never
 * exceeds its message. */
#ifndef MIGFS_LEDGER_POSTGRES_WIRE_H
#define MIGFS_LEDGER_POSTGRES_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "migfs/util/text.h"

enum wire_kind {
    WIRE_ASK = 'q', /* to the session: SQL, NUL-terminated; the only message in this direction */

    /* enum wire_wait, and whether the server is near, as numbers; then the errors to report if
     * nothing more comes and if the session ends */
    WIRE_WAITS = 'w',
    WIRE_ADDRESSES = 'a', /* a host, its numeric address and port, repeated */

    /* the answer: for each statement a command, or columns, rows and end */
    WIRE_COMMAND = 'k', /* the command tag */
    WIRE_COLUMNS = 'c', /* numbers: OIDs in pg_type */
    WIRE_ROW = 'r',     /* cells */
    WIRE_END = 'e',     /* the command's tag, `SELECT 3` */

    WIRE_DONE = 'd',   /* the answer is complete */
    WIRE_FAILED = 'f', /* enum wire_failure as a number, a SQLSTATE or nothing, the sentence */
};

enum wire_wait { WIRE_LOOKING_UP, WIRE_CONNECTING, WIRE_LOGGING_IN, WIRE_ASKING };

enum wire_failure {
    WIRE_FAILED_TO_CONNECT,
    WIRE_FAILED_FOR_PLACES, /* the server, or a pooler before it, has no free connection */
    WIRE_FAILED_AND_LOST,   /* after it was connected */
    WIRE_FAILED_TO_ANSWER,  /* the connection still exists */
};

/* A growing buffer of messages. When memory runs out, `is_failed` is set and nothing more is
 * added. */
struct wire_buffer {
    char *bytes;
    size_t length, room;
    bool is_failed;
};

/* Makes room for `count` more bytes at the end. */
bool wire_reserve(struct wire_buffer *buffer, size_t count);

void wire_begin(struct wire_buffer *buffer, enum wire_kind kind, size_t *ret_start);
void wire_end(struct wire_buffer *buffer, size_t start);

/* Add the parts of a message, between begin and end. */
void wire_put_number(struct wire_buffer *buffer, uint32_t number);
void wire_put_string(struct wire_buffer *buffer, const char *string); /* and a NUL */
void wire_put_cell(struct wire_buffer *buffer, const char *bytes, size_t length);
void wire_put_null(struct wire_buffer *buffer);

void wire_release(struct wire_buffer *buffer);

/* A message, or the rest of one; taking a part advances `at`. */
struct wire_message {
    enum wire_kind kind;
    const char *at, *end;
};

enum { WIRE_HEAD = 5, WIRE_MESSAGE_MAXIMUM = 2 << 20 };

/* Takes the next message from [*at, end). Returns 1; 0 if it is incomplete; -1 if it is longer than
 * allowed. */
int wire_take_message(const char **at, const char *end, struct wire_message *ret_message);

/* Return false if there is no such part; then the message is invalid. */
bool wire_take_number(struct wire_message *message, uint32_t *ret_number);
bool wire_take_string(struct wire_message *message, const char **ret_string);
bool wire_take_cell(struct wire_message *message, struct text *ret_cell, bool *ret_is_null);

/* Takes an answer that consists of a command tag only. */
bool wire_take_command(const char **at, const char *end, const char *tag);

/* Returns whether the message ends a result with this number of rows. */
bool wire_is_end(struct wire_message *message, size_t row_count);

#endif
