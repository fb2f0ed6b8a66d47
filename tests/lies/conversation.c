/* PostgreSQL's protocol, version 3, as far as a ledger is read by it. */
#include "conversation.h"

#include <stdlib.h>
#include <string.h>

enum { THOUSAND = 1000, INT8 = 20, TEXT = 25, OID = 26, NAME = 19, REGCLASS = 2205 };

/* ---- bytes ---- */

static void put(struct conversation *conversation, const void *bytes, size_t length) {
    memcpy(conversation->bytes + conversation->length, bytes, length);
    conversation->length += length;
}

static void put_number(struct conversation *conversation, uint32_t number, int size) {
    for (int i = size - 1; i >= 0; i--) {
        unsigned char byte = (unsigned char)(number >> 8 * i);
        put(conversation, &byte, 1);
    }
}

static void put_string(struct conversation *conversation, const char *string) {
    put(conversation, string, strlen(string) + 1);
}

static void begin(struct conversation *conversation, enum phase phase, char letter) {
    conversation->messages[conversation->count].phase = phase;
    conversation->messages[conversation->count].at = conversation->length;
    put(conversation, &letter, 1);
    put_number(conversation, 0, 4);
}

static void end(struct conversation *conversation) {
    size_t at = conversation->messages[conversation->count].at, whole = conversation->length;
    conversation->messages[conversation->count++].length = whole - at;
    conversation->length = at + 1;
    put_number(conversation, (uint32_t)(whole - at - 1), 4);
    conversation->length = whole;
}

/* ---- messages ---- */

static void parameter(struct conversation *conversation, const char *name, const char *value) {
    begin(conversation, GREETING, 'S');
    put_string(conversation, name);
    put_string(conversation, value);
    end(conversation);
}

static void ready(struct conversation *conversation, enum phase phase) {
    begin(conversation, phase, 'Z');
    put(conversation, "I", 1);
    end(conversation);
}

static void complete(struct conversation *conversation, enum phase phase, const char *tag) {
    begin(conversation, phase, 'C');
    put_string(conversation, tag);
    end(conversation);
}

static void describe(struct conversation *conversation, enum phase phase, const uint32_t *types, uint32_t count) {
    begin(conversation, phase, 'T');
    put_number(conversation, count, 2);
    for (uint32_t i = 0; i < count; i++) {
        put_string(conversation, "c");
        put_number(conversation, 0, 4);
        put_number(conversation, 0, 2);
        put_number(conversation, types[i], 4);
        put_number(conversation, 0xffff, 2);
        put_number(conversation, 0xffffffff, 4);
        put_number(conversation, 0, 2);
    }
    end(conversation);
}

static void row(struct conversation *conversation, enum phase phase, const char *const *cells, uint32_t count) {
    begin(conversation, phase, 'D');
    put_number(conversation, count, 2);
    for (uint32_t i = 0; i < count; i++) {
        put_number(conversation, cells[i] ? (uint32_t)strlen(cells[i]) : UINT32_MAX, 4);
        if (cells[i]) {
            put(conversation, cells[i], strlen(cells[i]));
        }
    }
    end(conversation);
}

static void greet(struct conversation *conversation) {
    begin(conversation, GREETING, 'R');
    put_number(conversation, 0, 4);
    end(conversation);
    parameter(conversation, "server_version", "15.4");
    parameter(conversation, "client_encoding", "UTF8");
    parameter(conversation, "standard_conforming_strings", "on");
    begin(conversation, GREETING, 'K');
    put_number(conversation, 1, 4);
    put_number(conversation, 2, 4);
    end(conversation);
    ready(conversation, GREETING);
}

static void begin_transaction(struct conversation *conversation, enum phase phase, size_t settings) {
    complete(conversation, phase, "BEGIN");
    for (size_t i = 0; i < settings; i++) {
        complete(conversation, phase, "SET");
    }
}

static void answer_runs(struct conversation *conversation, enum phase phase) {
    static const uint32_t runs[] = {INT8, INT8, INT8};
    static const char *const run[] = {"2", "0", NULL};
    begin_transaction(conversation, phase, 3);
    describe(conversation, phase, runs, 3);
    row(conversation, phase, run, 3);
    complete(conversation, phase, "SELECT 1");
    complete(conversation, phase, "COMMIT");
}

static void answer_columns(struct conversation *conversation, enum phase phase) {
    static const uint32_t found[] = {REGCLASS, NAME, TEXT, TEXT, INT8};
    static const char *const columns[][5] = {{"16400", "id", "integer", NULL, NULL},
                                             {"16400", "hash", "text", NULL, NULL},
                                             {"16400", "created_at", "bigint", NULL, NULL}};
    begin_transaction(conversation, phase, 4);
    describe(conversation, phase, found, 5);
    for (size_t i = 0; i < 3; i++) {
        row(conversation, phase, columns[i], 5);
    }
    complete(conversation, phase, "SELECT 3");
}

static void answer_rows(struct conversation *conversation, enum phase phase) {
    static const uint32_t types[] = {TEXT, TEXT, INT8, TEXT};
    static const char *const rows[][4] = {{"1", "aaaa", "1000", NULL}, {"2", "bbbb", "2000", NULL}};
    describe(conversation, phase, types, 4);
    row(conversation, phase, rows[0], 4);
    row(conversation, phase, rows[1], 4);
    complete(conversation, phase, "SELECT 2");
}

/* That it was small and is large, a table that may be another tool's ledger, and one relation where
 * names are asked for. */
static void answer_catalogs(struct conversation *conversation, enum phase phase) {
    static const uint32_t types[] = {TEXT, OID, OID, TEXT, TEXT, TEXT, TEXT, TEXT};
    static const char *const rows[][8] = {{"s", "0", "0", NULL, NULL, "f", NULL, NULL},
                                          {"s", "16400", "0", "u", "public", "t", NULL, NULL},
                                          {"l", "16450", "0", "v", "public", "version", NULL, NULL},
                                          {"r", "16500", "2200", "users", "r", "false", NULL, NULL}};
    describe(conversation, phase, types, 8);
    row(conversation, phase, rows[phase == COLUMNS ? 0 : 1], 8);
    row(conversation, phase, rows[2], 8);
    if (phase == NAMED) {
        row(conversation, phase, rows[3], 8);
    }
    complete(conversation, phase, phase == NAMED ? "SELECT 3" : "SELECT 2");
}

static void finish(struct conversation *conversation, enum phase phase) {
    complete(conversation, phase, "COMMIT");
    ready(conversation, phase);
}

void conversation_create(struct conversation *conversation) {
    memset(conversation, 0, sizeof *conversation);
    greet(conversation);
    answer_columns(conversation, COLUMNS);
    answer_catalogs(conversation, COLUMNS);
    finish(conversation, COLUMNS);
    answer_runs(conversation, LARGE);
    answer_columns(conversation, LARGE);
    answer_rows(conversation, LARGE);
    answer_catalogs(conversation, LARGE);
    finish(conversation, LARGE);
    answer_catalogs(conversation, NAMED);
    finish(conversation, NAMED);
    conversation->lied_count = conversation->count;
    conversation->lied_length = conversation->length;
    answer_runs(conversation, NAMED_HEAD);
    answer_columns(conversation, NAMED_HEAD);
    answer_rows(conversation, NAMED_HEAD);
    answer_columns(conversation, PLAIN_COLUMNS);
    finish(conversation, PLAIN_COLUMNS);
    answer_columns(conversation, PLAIN_ROWS);
    answer_rows(conversation, PLAIN_ROWS);
    finish(conversation, PLAIN_ROWS);
}

/* ---- lies ---- */

static void flood_of(struct said *said, char letter) {
    static const unsigned char request[] = {'R', 0, 0, 0, 8, 0, 0, 0, 3};
    memset(said->flood, 'x', sizeof said->flood);
    if (letter == 'R') {
        memcpy(said->flood, request, sizeof request);
        said->flood_length = sizeof request;
        return;
    }
    static const unsigned char head[] = {0, 0, 0, 200};
    said->flood[0] = (unsigned char)letter;
    memcpy(said->flood + 1, head, sizeof head);
    said->flood_length = 201;
    said->flood[200] = '\0';
    if (letter == 'D') { /* five cells, one of which is long */
        static const unsigned char cells[] = {0,    5,    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                              0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0,    0,    0,    174};
        memcpy(said->flood + 5, cells, sizeof cells);
    } else if (letter == 'A' || letter == 'S') {
        memset(said->flood + 5, 1, 4);
        said->flood[60] = '\0';
    } else if (letter == 'N' || letter == 'E') {
        said->flood[5] = 'M';
        said->flood[199] = '\0';
    } else if (letter == 'I') {
        said->flood[4] = 4;
        said->flood_length = 5;
    } else if (letter == 'Z') {
        said->flood[4] = 5;
        said->flood[5] = 'I';
        said->flood_length = 6;
    }
}

static void append(struct said *said, const unsigned char *bytes, size_t length) {
    memcpy(said->bytes + said->length, bytes, length);
    said->length += length;
}

static void set_length(unsigned char *message, uint32_t length) {
    for (int i = 0; i < 4; i++) {
        message[1 + i] = (unsigned char)(length >> 8 * (3 - i));
    }
}

/* Message `i` as the lie has it. Returns false where nothing comes after it. */
static bool say_message(const struct conversation *conversation, const struct lie *lie, size_t i, struct said *said) {
    const unsigned char *bytes = conversation->bytes + conversation->messages[i].at;
    size_t at = conversation->messages[i].at, length = conversation->messages[i].length;
    bool is_meant = lie->where == i, has_byte = lie->where >= at && lie->where < at + length;
    if (lie->kind == STOPS && has_byte) {
        append(said, bytes, lie->where - at);
        said->ending = lie->ending;
        return false;
    }
    if (lie->kind == FLOODS && is_meant) {
        flood_of(said, (char)lie->value);
        return false;
    }
    if (lie->kind == SWAPS && (is_meant || lie->where + 1 == i)) {
        size_t other = is_meant ? i + 1 : i - 1;
        append(said, conversation->bytes + conversation->messages[other].at, conversation->messages[other].length);
        return true;
    }
    for (size_t times = lie->kind == REPEATS && is_meant   ? THOUSAND
                        : lie->kind == DOUBLES && is_meant ? 2
                                                           : 1;
         times > 0; times--) {
        append(said, bytes, length);
    }
    if (lie->kind == DROPS && is_meant) {
        said->length -= length;
    } else if (lie->kind == LENGTH && is_meant) {
        set_length(said->bytes + said->length - length, lie->value);
    } else if (lie->kind == LETTER && is_meant) {
        said->bytes[said->length - length] = (unsigned char)lie->value;
    } else if (lie->kind == BYTE && has_byte) {
        said->bytes[said->length - length + (lie->where - at)] = (unsigned char)lie->value;
    }
    return true;
}

void conversation_say(const struct conversation *conversation, const struct lie *lie, enum phase phase,
                      struct said *ret_said) {
    *ret_said = (struct said){.bytes = malloc(sizeof conversation->bytes + THOUSAND * 256)};
    for (size_t i = 0; i < conversation->count; i++) {
        if (conversation->messages[i].phase == phase && !say_message(conversation, lie, i, ret_said)) {
            break;
        }
    }
}
