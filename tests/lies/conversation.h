/* What an honest server says to the reader, message by message, and how each lie changes it. Knows
 * no sockets. */
#ifndef MIGFS_TESTS_LIES_CONVERSATION_H
#define MIGFS_TESTS_LIES_CONVERSATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MESSAGES_MAXIMUM = 128 };

/* After the login, and after each question: for the columns, and what the catalogs are asked for
 * depends on; for the rows and the catalogs, which turn out to be large by now; for the rows again,
 * and the catalogs by name. The last ones are never lied in: what a large database answers before
 * its catalogs, and what it answers once more where the rest made no sense, without runs and
 * catalogs. */
enum phase { GREETING, COLUMNS, LARGE, NAMED, NAMED_HEAD, PLAIN_COLUMNS, PLAIN_ROWS };

struct conversation {
    struct {
        enum phase phase;
        size_t at, length; /* of its bytes; the letter comes first */
    } messages[MESSAGES_MAXIMUM];
    size_t count;
    unsigned char bytes[8192];
    size_t length;
    size_t lied_count, lied_length; /* of the messages and bytes that may be lied about */
};

void conversation_create(struct conversation *conversation);

/* How the server ends a conversation that it breaks off. */
enum ending { GOES_ON, FALLS_SILENT, CLOSES, RESETS };

/* One lie. */
struct lie {
    enum lie_kind {
        HONEST,
        STOPS,   /* `where`: a byte; the ending says how */
        LENGTH,  /* `where`: a message; `value`: what it says it is long */
        LETTER,  /* `where`: a message; `value`: its letter */
        DROPS,   /* `where`: a message */
        DOUBLES, /* likewise */
        SWAPS,   /* with the next one */
        REPEATS, /* a message, a thousand times */
        FLOODS,  /* `where`: a message before which messages of the letter `value` come without end */
        BYTE,    /* `where`: a byte; `value`: what it is instead */
    } kind;
    size_t where;
    uint32_t value;
    enum ending ending;
};

/* The bytes of one phase as the liar sends them; malloc'ed. `*ret_flood` (may be empty) is sent
 * without end after them, then the ending. */
struct said {
    unsigned char *bytes;
    size_t length;
    enum ending ending;
    unsigned char flood[256];
    size_t flood_length;
};

void conversation_say(const struct conversation *conversation, const struct lie *lie, enum phase phase,
                      struct said *ret_said);

#endif
