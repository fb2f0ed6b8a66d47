/* Runs libpq synchronously, step by step. It may block here, since the other end has the timeout.
 *
 *     resolve → connect (each address in turn) → log in → query → wait for the next query → query → …
 *
 * Addresses are tried one by one instead of by libpq, which would wait indefinitely for a silent
 * first one. If an idle connection turns out to be broken, it is replaced within the same query. */
#include "ledger/postgres/session.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ledger/postgres/answer.h"
#include "ledger/postgres/failure.h"
#include "ledger/postgres/libpq.h"
#include "ledger/postgres/limits.h"
#include "ledger/postgres/order.h"
#include "ledger/postgres/wire.h"
#include "migfs/util/clock.h"

enum { LEAVING_MS = 1000, SENT_AT_ONCE = 64 << 10 };

struct session {
    int control;
    struct ledger_order order;
    size_t address; /* index in the resolved addresses */
    PGconn *pg;
    enum ledger_verdict verdict;
    struct wire_buffer out;
};

static bool has_addresses(const struct session *session) {
    return session->order.lookup.count > 0;
}

static const struct ledger_address *address_of(const struct session *session) {
    return &session->order.lookup.addresses[session->address];
}

/* ---- messages to the other end ---- */

/* Exits when memory has run out, since nothing can be sent then, or when the other end is
 * closed. */
static void flush(struct session *session) {
    for (size_t sent = 0; sent < session->out.length;) {
        ssize_t count = send(session->control, session->out.bytes + sent, session->out.length - sent, MSG_NOSIGNAL);
        if (count < 0 && errno != EINTR) {
            _exit(0);
        }
        sent += count > 0 ? (size_t)count : 0;
    }
    if (session->out.is_failed) {
        _exit(0);
    }
    session->out.length = 0;
}

static struct ledger_place place_of(const struct session *session) {
    return (struct ledger_place){
        .pg = session->pg,
        .address = has_addresses(session) ? address_of(session) : NULL,
        .schema = session->order.schema,
        .table = session->order.table,
        .timeout_ms = session->order.timeout_ms,
    };
}

/* Also sends the errors that the other end reports if we time out or are killed while waiting. */
static void say_waits(struct session *session, enum wire_wait wait) {
    struct ledger_place place = place_of(session);
    struct error silent, ended;
    size_t start;
    if (wait == WIRE_ASKING) {
        ledger_failure_answer_timeout(&place, &silent);
    } else {
        ledger_failure_connect_timeout(&place, &silent);
    }
    ledger_failure_ended(&place, &ended);
    wire_begin(&session->out, WIRE_WAITS, &start);
    wire_put_number(&session->out, wait);
    wire_put_number(&session->out, has_addresses(session) && ledger_address_is_near(address_of(session)));
    wire_put_string(&session->out, silent.sentence);
    wire_put_string(&session->out, ended.sentence);
    wire_end(&session->out, start);
    flush(session);
}

static void say_addresses(struct session *session) {
    size_t start;
    wire_begin(&session->out, WIRE_ADDRESSES, &start);
    ledger_addresses_put(&session->out, &session->order.lookup);
    wire_end(&session->out, start);
}

static void say_failed(struct session *session, enum wire_failure failure, const char *state,
                       const struct error *error) {
    size_t start;
    wire_begin(&session->out, WIRE_FAILED, &start);
    wire_put_number(&session->out, failure);
    wire_put_string(&session->out, state);
    wire_put_string(&session->out, error->sentence);
    wire_end(&session->out, start);
    flush(session);
}

static void say_done(struct session *session) {
    size_t start;
    wire_begin(&session->out, WIRE_DONE, &start);
    wire_end(&session->out, start);
    flush(session);
}

/* ---- waiting ---- */

/* Returns false at the deadline, in ms of CLOCK_MONOTONIC; 0: none. */
static bool wait_for_server(const struct session *session, short events, int64_t deadline) {
    struct pollfd server = {.fd = PQsocket(session->pg), .events = events};
    for (;;) {
        int64_t left = deadline > 0 ? deadline - clock_ms() : -1;
        if (deadline > 0 && left <= 0) {
            return false;
        }
        if (poll(&server, 1, (int)left) > 0) {
            return true;
        }
    }
}

static bool flush_to_server(const struct session *session) {
    int left;
    while ((left = PQflush(session->pg)) > 0) {
        wait_for_server(session, POLLIN | POLLOUT, 0);
        if (!PQconsumeInput(session->pg)) {
            return false;
        }
    }
    return left == 0;
}

/* Some poolers deliver notifications that other clients listen for. */
static void drop_notifications(const struct session *session) {
    for (PGnotify *notify; (notify = PQnotifies(session->pg));) {
        PQfreemem(notify);
    }
}

/* ---- connecting ---- */

static void let_go(struct session *session) {
    PQfinish(session->pg);
    session->pg = NULL;
}

/* A server counts a connection for a moment after we close it. Once it closes its side, it no
 * longer does. */
static void leave(struct session *session) {
    char ignored[4096];
    int64_t deadline = clock_ms() + LEAVING_MS, left;
    int server = session->pg ? dup(PQsocket(session->pg)) : -1;
    let_go(session);
    struct pollfd end = {.fd = server, .events = POLLIN};
    while (server >= 0 && (left = deadline - clock_ms()) > 0 && poll(&end, 1, (int)left) != 0) {
        ssize_t length = recv(server, ignored, sizeof(ignored), 0);
        if (length == 0 || (length < 0 && errno != EINTR && errno != EAGAIN)) {
            return;
        }
    }
}

static void ignore_notice(void *context, const PGresult *result) {
    (void)context;
    (void)result;
}

/* Set to non-blocking before the first message: libpq would wait forever for a server that does not
 * read. */
static bool start_connection(struct session *session) {
    const struct ledger_target *target = &session->order.target;
    const struct ledger_address *address = address_of(session);
    const char **keywords = calloc(target->count + 4, sizeof(*keywords));
    const char **values = calloc(target->count + 4, sizeof(*values));
    if (keywords && values) {
        memcpy(keywords, target->keywords, target->count * sizeof(*keywords));
        memcpy(values, target->values, target->count * sizeof(*values));
        keywords[target->count] = "host";
        values[target->count] = address->host;
        keywords[target->count + 1] = "hostaddr";
        values[target->count + 1] = address->address;
        keywords[target->count + 2] = "port";
        values[target->count + 2] = address->port;
        session->pg = PQconnectStartParams(keywords, values, 0);
    }
    free(keywords);
    free(values);
    if (session->pg) {
        PQsetErrorVerbosity(session->pg, PQERRORS_VERBOSE);
        PQsetNoticeReceiver(session->pg, ignore_notice, NULL);
        PQsetnonblocking(session->pg, 1);
    }
    return session->pg && PQstatus(session->pg) != CONNECTION_BAD;
}

/* Each address gets an equal share of the remaining time; the last one is limited only by the
 * deadline of the other end. */
static bool log_in(struct session *session, int64_t begun) {
    size_t others = session->order.lookup.count - session->address - 1;
    int64_t now = clock_ms(), left = begun + session->order.timeout_ms - now;
    int64_t deadline = others > 0 ? now + left / (int64_t)(others + 1) : 0;
    enum wire_wait said = WIRE_CONNECTING;
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    while (status != PGRES_POLLING_OK && status != PGRES_POLLING_FAILED) {
        if (!wait_for_server(session, status == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline)) {
            return false;
        }
        status = PQconnectPoll(session->pg);
        if (said != WIRE_LOGGING_IN && PQstatus(session->pg) == CONNECTION_AWAITING_RESPONSE) {
            said = WIRE_LOGGING_IN;
            deadline = 0;
            say_waits(session, said);
        }
    }
    return status == PGRES_POLLING_OK;
}

static bool try_address(struct session *session, int64_t begun, struct error *error) {
    let_go(session);
    session->verdict = LEDGER_VERDICT_NONE;
    bool is_started = start_connection(session);
    if (!session->pg) {
        return error_set(error, ERROR_DATABASE, "out of memory while connecting");
    }
    say_waits(session, WIRE_CONNECTING);
    if (is_started && log_in(session, begun)) {
        return true;
    }
    struct ledger_place place = place_of(session);
    return ledger_failure_connect(&place, &session->verdict, error);
}

static bool look_up(struct session *session, struct error *error) {
    session->address = 0;
    if (!has_addresses(session)) {
        say_waits(session, WIRE_LOOKING_UP);
        if (!ledger_lookup(&session->order.target, &session->order.lookup, error)) {
            return false;
        }
        say_addresses(session);
    }
    return true;
}

static bool connect_to_server(struct session *session) {
    int64_t begun = clock_ms();
    struct error error;
    if (look_up(session, &error)) {
        while (!try_address(session, begun, &error)) {
            if (session->verdict == LEDGER_VERDICT_REFUSED || session->address + 1 == session->order.lookup.count) {
                break;
            }
            session->address++;
        }
    }
    if (session->pg && PQstatus(session->pg) == CONNECTION_OK) {
        return true;
    }
    bool is_full = session->verdict == LEDGER_VERDICT_FULL;
    say_failed(session, is_full ? WIRE_FAILED_FOR_PLACES : WIRE_FAILED_TO_CONNECT, "", &error);
    return false;
}

/* ---- queries ---- */

/* Sends one or more statements to the server, and the results to the other end. */
static enum answer_end carry(struct session *session, const char *sql, struct answer *answer) {
    bool is_sent = PQsendQuery(session->pg, sql) == 1 && PQsetSingleRowMode(session->pg) && flush_to_server(session);
    while (is_sent) {
        wait_for_server(session, POLLIN, 0);
        enum answer_end read = answer_read(answer, session->pg);
        if (read != ANSWER_GOES_ON) {
            return read;
        }
        drop_notifications(session);
        while (!PQisBusy(session->pg)) {
            PGresult *result = PQgetResult(session->pg);
            enum answer_end end = result ? answer_take(answer, result) : ANSWER_WHOLE;
            if (!result && PQstatus(session->pg) == CONNECTION_BAD) {
                return ANSWER_LOST;
            }
            if (end != ANSWER_GOES_ON) {
                return end;
            }
            if (session->out.length > SENT_AT_ONCE) {
                flush(session);
            }
        }
    }
    return ANSWER_LOST;
}

static bool roll_back(struct session *session) {
    struct wire_buffer ignored = {0};
    struct answer answer = {.out = &ignored};
    bool is_idle =
        carry(session, "ROLLBACK", &answer) == ANSWER_WHOLE && PQtransactionStatus(session->pg) == PQTRANS_IDLE;
    answer_finish(&answer);
    wire_release(&ignored);
    return is_idle;
}

/* Returns whether the connection can be used further. */
static bool conclude(struct session *session, struct answer *answer, enum answer_end end) {
    struct ledger_place place = place_of(session);
    struct error error;
    bool is_idle = end == ANSWER_WHOLE &&
                   (PQtransactionStatus(session->pg) == PQTRANS_IDLE || (answer->failed && roll_back(session)));
    if (is_idle && !answer->failed) {
        say_done(session);
        return true;
    }
    const char *state = answer->failed ? PQresultErrorField(answer->failed, PG_DIAG_SQLSTATE) : NULL;
    if (answer->failed) {
        ledger_failure_query(&place, answer->failed, &error);
    } else if (end == ANSWER_LOST) {
        ledger_failure_lost(&place, &error);
    } else {
        ledger_failure_answer(&place, end == ANSWER_TOO_LONG, &error);
    }
    say_failed(session, is_idle ? WIRE_FAILED_TO_ANSWER : WIRE_FAILED_AND_LOST, state ? state : "", &error);
    return is_idle;
}

/* Returns whether there may be another query. If an idle connection turns out to be broken,
 * connects again, once. */
static bool ask(struct session *session, const char *sql) {
    bool was_kept = session->pg;
    for (;;) {
        struct answer answer = {.out = &session->out};
        if (!session->pg && !connect_to_server(session)) {
            return false;
        }
        say_waits(session, WIRE_ASKING);
        enum answer_end end = carry(session, sql, &answer);
        if (end == ANSWER_LOST && was_kept) {
            was_kept = false;
            answer_finish(&answer);
            let_go(session);
            continue;
        }
        bool is_of_use = conclude(session, &answer, end);
        answer_finish(&answer);
        return is_of_use;
    }
}

/* ---- waiting for a query ---- */

/* Reads unsolicited messages: a parameter changed, or the server or a pooler closes the
 * connection. */
static bool hear_out(const struct session *session) {
    if (!PQconsumeInput(session->pg) || PQstatus(session->pg) == CONNECTION_BAD) {
        return false;
    }
    drop_notifications(session);
    for (PGresult *result; !PQisBusy(session->pg) && (result = PQgetResult(session->pg));) {
        PQclear(result);
    }
    return true;
}

/* Returns false if an idle server has closed the connection. */
static bool wait_for_question(struct session *session) {
    for (;;) {
        struct pollfd both[] = {{.fd = session->control, .events = POLLIN},
                                {.fd = session->pg ? PQsocket(session->pg) : -1, .events = POLLIN}};
        if (poll(both, 2, -1) < 0) {
            continue;
        }
        if (both[0].revents) {
            return true;
        }
        if (both[1].revents && !hear_out(session)) {
            return false;
        }
    }
}

static bool read_question(const struct session *session, struct wire_buffer *buffer, const char **ret_sql) {
    struct wire_message message;
    buffer->length = 0;
    for (;;) {
        const char *at = buffer->bytes;
        if (at && wire_take_message(&at, at + buffer->length, &message) == 1) {
            return message.kind == WIRE_ASK && wire_take_string(&message, ret_sql);
        }
        if (!wire_reserve(buffer, SENT_AT_ONCE)) {
            return false;
        }
        ssize_t length = recv(session->control, buffer->bytes + buffer->length, SENT_AT_ONCE, 0);
        if (length == 0 || (length < 0 && errno != EINTR)) {
            return false;
        }
        buffer->length += length > 0 ? (size_t)length : 0;
    }
}

void ledger_session_run(int control, const char *order, size_t length) {
    struct session session = {.control = control};
    struct wire_buffer question = {0};
    const char *sql;
    limits_set(control);
    if (!ledger_order_take(order, length, &session.order)) {
        return;
    }
    while (wait_for_question(&session) && read_question(&session, &question, &sql)) {
        limits_begin();
        bool is_of_use = ask(&session, sql);
        limits_end();
        if (!is_of_use) {
            return;
        }
    }
    leave(&session);
}
