/* Takes results in libpq's single-row mode: one result per row, and one for the end of each
 * statement. */
#include "ledger/postgres/answer.h"

#include <sys/ioctl.h>

static size_t waiting_bytes(const PGconn *pg) {
    int count = 0;
    return ioctl(PQsocket(pg), FIONREAD, &count) == 0 && count > 0 ? (size_t)count : 0;
}

/* Bytes that arrive during the call are not counted, so the count may be too low; the memory limit
 * still applies. */
enum answer_end answer_read(struct answer *answer, PGconn *pg) {
    size_t before = waiting_bytes(pg);
    if (!PQconsumeInput(pg)) {
        return ANSWER_LOST;
    }
    size_t after = waiting_bytes(pg);
    answer->bytes += before > after ? before - after : 0;
    return answer->bytes > ANSWER_BYTES_MAXIMUM ? ANSWER_TOO_LONG : ANSWER_GOES_ON;
}

static void put_command(struct answer *answer, enum wire_kind kind, PGresult *result) {
    size_t start;
    wire_begin(answer->out, kind, &start);
    wire_put_string(answer->out, PQcmdStatus(result));
    wire_end(answer->out, start);
}

static void put_columns(struct answer *answer, const PGresult *result) {
    size_t start;
    if (!answer->has_columns) {
        wire_begin(answer->out, WIRE_COLUMNS, &start);
        for (int i = 0; i < PQnfields(result); i++) {
            wire_put_number(answer->out, PQftype(result, i));
        }
        wire_end(answer->out, start);
        answer->has_columns = true;
    }
}

static void put_row(struct answer *answer, const PGresult *result) {
    size_t start;
    wire_begin(answer->out, WIRE_ROW, &start);
    for (int i = 0; i < PQnfields(result); i++) {
        if (PQgetisnull(result, 0, i)) {
            wire_put_null(answer->out);
        } else {
            wire_put_cell(answer->out, PQgetvalue(result, 0, i), (size_t)PQgetlength(result, 0, i));
        }
    }
    wire_end(answer->out, start);
}

static bool is_text(const PGresult *result) {
    for (int i = 0; i < PQnfields(result); i++) {
        if (PQfformat(result, i) != 0) {
            return false;
        }
    }
    return true;
}

/* Of several errors, the first one is the cause. */
static enum answer_end take_error(struct answer *answer, PGresult *result) {
    if (answer->failed) {
        PQclear(result);
    } else {
        answer->failed = result;
    }
    return ++answer->results > ANSWER_RESULTS_MAXIMUM ? ANSWER_TOO_LONG : ANSWER_GOES_ON;
}

enum answer_end answer_take(struct answer *answer, PGresult *result) {
    ExecStatusType status = PQresultStatus(result);
    enum answer_end end = ANSWER_GOES_ON;
    if (status == PGRES_FATAL_ERROR) {
        return take_error(answer, result);
    }
    if (status == PGRES_SINGLE_TUPLE && is_text(result)) {
        put_columns(answer, result);
        put_row(answer, result);
        end = ++answer->rows > ANSWER_ROWS_MAXIMUM ? ANSWER_TOO_LONG : end;
    } else if (status == PGRES_TUPLES_OK && PQntuples(result) == 0 && is_text(result)) {
        put_columns(answer, result);
        put_command(answer, WIRE_END, result);
        answer->has_columns = false;
        answer->results++;
    } else if (status == PGRES_COMMAND_OK) {
        put_command(answer, WIRE_COMMAND, result);
        answer->results++;
    } else {
        end = ANSWER_IS_NONE;
    }
    PQclear(result);
    return answer->results > ANSWER_RESULTS_MAXIMUM ? ANSWER_TOO_LONG : end;
}

void answer_finish(struct answer *answer) {
    PQclear(answer->failed);
    answer->failed = NULL;
}
