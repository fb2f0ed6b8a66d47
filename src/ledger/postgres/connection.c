/* Implements the phases of driver.h. Messages from a session are checked, since it talks to an
 * untrusted server. */
#include "ledger/postgres/connection.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ledger/postgres/answer.h"
#include "ledger/postgres/spawner.h"
#include "ledger/postgres/tools.h"

enum {
    LOOKUP_KEPT_MS = 60000, /* resolved names are reused by the sessions that follow */
    ASKED_MAXIMUM = 5,      /* columns may change between two queries, but not endlessly */
    PLAIN_MS = 1000,        /* the full query, and two after it, are not for each of ten reads a second */
    READ_AT_ONCE = 64 << 10,
    READS_AT_ONCE = 16,
    IN_MAXIMUM = ANSWER_BYTES_MAXIMUM + (8 << 20), /* messages are slightly longer than the server's */
};

static void clear_answer(struct ledger_connection *connection) {
    wire_release(&connection->in);
    connection->answer = connection->taken = 0;
    connection->result.rows = TEXT("");
}

void ledger_connection_close(struct ledger_connection *connection) {
    clear_answer(connection);
    if (connection->session >= 0) {
        epoll_ctl(connection->epoll, EPOLL_CTL_DEL, connection->session, NULL);
        close(connection->session);
        connection->session = -1;
    }
    connection->phase = LEDGER_PHASE_CLOSED;
}

void ledger_connection_rest(struct ledger_connection *connection) {
    clear_answer(connection);
    if (connection->is_near && !connection->keeps_near) {
        ledger_connection_close(connection);
    }
}

static enum ledger_progress fail(struct ledger_connection *connection) {
    connection->has_answered = false;
    ledger_connection_close(connection);
    return LEDGER_PROGRESS_FAILED;
}

/* ---- sessions and queries ---- */

static bool spawn(struct ledger_connection *connection, int64_t now, struct error *error) {
    struct wire_buffer order = {0};
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = connection->event};
    if (now - connection->looked_up > LOOKUP_KEPT_MS) {
        connection->order.lookup.count = 0;
    }
    ledger_order_put(&order, &connection->order);
    connection->session = ledger_spawner_spawn(&order, error);
    if (order.bytes) {
        explicit_bzero(order.bytes, order.length);
    }
    wire_release(&order);
    snprintf(connection->silent, sizeof(connection->silent), "no session began within %g s",
             connection->order.timeout_ms / 1000.0);
    snprintf(connection->ended, sizeof(connection->ended), "no process could be started for the connection");
    if (connection->session < 0) {
        return false;
    }
    return epoll_ctl(connection->epoll, EPOLL_CTL_ADD, connection->session, &event) == 0 ||
           error_set_errno(error, "cannot wait for a database's session");
}

static struct catalog_names *names_of(const struct ledger_connection *connection) {
    return connection->names.get ? connection->names.get(connection->names.context) : NULL;
}

/* Until the names are known, a query for the catalogs of a large database would be for nothing. */
static bool may_ask_for_catalogs(const struct ledger_connection *connection) {
    return !connection->is_large || !connection->names.get || names_of(connection);
}

/* Chooses what to read of the catalogs. */
static void choose_extent(struct ledger_connection *connection) {
    struct catalog_names *names = connection->is_large ? names_of(connection) : NULL;
    connection->extent = !names ? CATALOG_IF_SMALL : names->are_too_many ? CATALOG_WHOLE : CATALOG_NAMED;
    catalog_names_ref(names);
    catalog_names_unref(connection->asked_names);
    connection->asked_names = names;
}

static bool asks_for_tools(const struct ledger_connection *connection) {
    return connection->asked_for_catalogs && connection->tools && *connection->tools != '\0' &&
           !connection->skips_tools;
}

static bool send_question(struct ledger_connection *connection) {
    const struct catalog_question catalogs = {
        .extent = connection->extent,
        .names = connection->asked_names,
        .tools = asks_for_tools(connection) ? connection->tools : "",
    };
    bool asks_for_any = connection->asked_for_catalogs || connection->asked_ahead;
    char *sql = ledger_query_text(&connection->query, &connection->expected, connection->asks_for_places,
                                  connection->asked_for_runs, asks_for_any ? &catalogs : NULL);
    struct wire_buffer out = {0};
    size_t start;
    if (!sql) {
        return false;
    }
    wire_begin(&out, WIRE_ASK, &start);
    wire_put_string(&out, sql);
    wire_end(&out, start);
    free(sql);
    bool is_sent = !out.is_failed &&
                   send(connection->session, out.bytes, out.length, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)out.length;
    wire_release(&out);
    return is_sent;
}

static void forget_columns(struct ledger_connection *connection) {
    connection->result.columns = (struct ledger_columns){0};
    connection->knows_columns = false;
}

/* Until the columns are known, neither rows nor catalogs are read, since both must be of one
 * snapshot; only what the query for the catalogs depends on, so that it need not be repeated. */
static void choose_question(struct ledger_connection *connection, int64_t now) {
    bool wants_catalogs = connection->reads_catalogs && !connection->is_plain &&
                          (connection->wants_catalogs || connection->catalogs_read == 0 ||
                           now - connection->catalogs_read >= connection->catalogs_ms);
    connection->expected = connection->result.columns;
    connection->asked_for_runs = connection->knows_columns && !connection->is_plain;
    connection->asked_for_catalogs = wants_catalogs && connection->knows_columns && may_ask_for_catalogs(connection);
    connection->asked_ahead = wants_catalogs && !connection->knows_columns;
    connection->wants_catalogs = connection->wants_catalogs || wants_catalogs;
    connection->wants_since = false;
    if (connection->asked_for_catalogs) {
        choose_extent(connection);
    } else if (connection->asked_ahead) {
        connection->extent = CATALOG_AHEAD;
    }
}

/* A session kept between reads may have ended since; then starts a new one. */
static enum ledger_progress ask(struct ledger_connection *connection, int64_t now, struct error *error) {
    clear_answer(connection);
    connection->asked++;
    choose_question(connection, now);
    if (connection->session >= 0 && send_question(connection)) {
        return LEDGER_PROGRESS_NONE;
    }
    ledger_connection_close(connection);
    connection->was_kept = false;
    connection->phase = LEDGER_PHASE_CONNECTING;
    connection->deadline = now + connection->order.timeout_ms;
    if (!spawn(connection, now, error)) {
        return fail(connection);
    }
    return send_question(connection) || error_set_errno(error, "a database's session could not be asked")
               ? LEDGER_PROGRESS_NONE
               : fail(connection);
}

enum ledger_progress ledger_connection_begin(struct ledger_connection *connection, int64_t now, bool *ret_full,
                                             struct error *error) {
    *ret_full = false;
    connection->was_kept = connection->phase == LEDGER_PHASE_KEPT;
    connection->phase = connection->was_kept ? LEDGER_PHASE_ASKING : LEDGER_PHASE_CONNECTING;
    connection->asked = 0;
    connection->is_plain = now < connection->plain_until;
    connection->skips_tools = false;
    connection->begun = now;
    connection->deadline = now + connection->order.timeout_ms;
    return ask(connection, now, error);
}

/* ---- messages from a session ---- */

/* A login waits while another session copies the database as a template, so the deadline is doubled
 * if there is a previous answer to show meanwhile. */
static bool take_waits(struct ledger_connection *connection, struct wire_message *message, int64_t now) {
    uint32_t wait, is_near;
    const char *silent, *ended;
    if (!wire_take_number(message, &wait) || !wire_take_number(message, &is_near) ||
        !wire_take_string(message, &silent) || !wire_take_string(message, &ended)) {
        return false;
    }
    connection->is_near = is_near != 0;
    connection->was_kept = false;
    snprintf(connection->silent, sizeof(connection->silent), "%s", silent);
    snprintf(connection->ended, sizeof(connection->ended), "%s", ended);
    if (wait == WIRE_ASKING) {
        connection->phase = LEDGER_PHASE_ASKING;
        connection->deadline = now + connection->order.timeout_ms;
        connection->answer = connection->taken;
    } else {
        connection->phase = LEDGER_PHASE_CONNECTING;
        if (wait == WIRE_LOGGING_IN && connection->has_answered) {
            connection->deadline = connection->begun + 2 * (int64_t)connection->order.timeout_ms;
        }
    }
    return true;
}

static bool is_out_of_date(const char *state) {
    return strcmp(state, "42P01") == 0 || strcmp(state, "3F000") == 0 || strcmp(state, "42703") == 0;
}

static enum ledger_progress no_sense(struct ledger_connection *connection, struct error *error) {
    error_set(error, ERROR_DATABASE, "the process that talks to the database server sent something invalid");
    return fail(connection);
}

/* The table or a column may have been dropped between the queries for columns and for rows. */
static enum ledger_progress take_failed(struct ledger_connection *connection, struct wire_message *message, int64_t now,
                                        bool *ret_full, struct error *error) {
    uint32_t failure;
    const char *state, *sentence;
    if (!wire_take_number(message, &failure) || !wire_take_string(message, &state) ||
        !wire_take_string(message, &sentence)) {
        return no_sense(connection, error);
    }
    /* A table of another tool may be locked or dropped. */
    if (failure == WIRE_FAILED_TO_ANSWER && asks_for_tools(connection)) {
        connection->skips_tools = true;
        return ask(connection, now, error);
    }
    if (failure == WIRE_FAILED_TO_ANSWER && is_out_of_date(state) && connection->asked < ASKED_MAXIMUM) {
        forget_columns(connection);
        return ask(connection, now, error);
    }
    error_set(error, ERROR_DATABASE, "%s", sentence);
    if (failure == WIRE_FAILED_TO_ANSWER) {
        connection->phase = LEDGER_PHASE_KEPT;
        return LEDGER_PROGRESS_FAILED;
    }
    *ret_full = failure == WIRE_FAILED_FOR_PLACES;
    connection->order.lookup.count = 0;
    return fail(connection);
}

/* The first read is at the same time for all databases; this spreads the following ones. */
static int64_t head_start(const struct ledger_connection *connection) {
    enum { MOMENTS = 32 };
    return (int64_t)(connection->event % MOMENTS) * connection->catalogs_ms / MOMENTS / 2;
}

/* If the rows differ from those read with the catalogs, the catalogs are outdated: both are read
 * again, in one snapshot. */
static void compare_rows(struct ledger_connection *connection, int64_t now) {
    struct digest rows = ledger_query_digest(&connection->result);
    if (connection->asked_for_catalogs) {
        connection->catalogs_read = connection->catalogs_read == 0 ? now - head_start(connection) : now;
        connection->catalogs_rows = rows;
        connection->wants_catalogs = connection->wants_since;
    } else if (connection->asked_ahead || (connection->reads_catalogs && !connection->is_plain &&
                                           !digest_equal(&rows, &connection->catalogs_rows))) {
        connection->wants_catalogs = true;
    }
}

/* Returns whether the catalogs list other tool tables than the query was made for. */
static bool tools_are_others(struct ledger_connection *connection) {
    char *tools = tools_query(&connection->result.catalogs);
    bool is_same = !tools || strcmp(tools, connection->tools ? connection->tools : "") == 0;
    if (tools) {
        free(connection->tools);
        connection->tools = tools;
    }
    connection->skips_tools = connection->skips_tools && is_same;
    return !is_same;
}

/* Returns whether the database is larger or smaller than the query assumed, or the names have
 * changed since, and it must be asked again to see everything that can be seen. */
static bool extent_is_other(const struct ledger_connection *connection) {
    if (connection->extent == CATALOG_IF_SMALL) {
        return connection->is_large && connection->names.get;
    }
    if (connection->extent != CATALOG_NAMED || !connection->is_large) {
        return connection->extent == CATALOG_NAMED;
    }
    const struct catalog_names *names = names_of(connection);
    return names && !catalog_names_cover(connection->asked_names, names);
}

/* Decides whether the catalogs must be read again, to see everything that can be seen. */
static void examine_catalogs(struct ledger_connection *connection) {
    struct catalog_answer *catalogs = &connection->result.catalogs;
    if (catalogs->is_there) {
        connection->is_large = catalogs->is_large;
        connection->wants_catalogs |= tools_are_others(connection);
        connection->wants_catalogs |= extent_is_other(connection);
        catalogs->is_there = !connection->asked_ahead;
    }
}

bool ledger_connection_waits_for_names(const struct ledger_connection *connection) {
    return connection->wants_catalogs && !connection->is_plain && !may_ask_for_catalogs(connection);
}

/* The answer to a query is complete. */
static enum ledger_progress take_done(struct ledger_connection *connection, int64_t now, size_t length,
                                      struct error *error) {
    struct ledger_result result;
    struct text answer = {connection->in.bytes + connection->answer, length};
    if (!ledger_query_read(&connection->query, &connection->expected, connection->asked_for_runs,
                           connection->asked_for_catalogs || connection->asked_ahead, answer, &result, error)) {
        if (connection->is_plain) {
            return fail(connection);
        }
        connection->is_plain = true;
        connection->plain_until = now + PLAIN_MS;
        forget_columns(connection);
        return ask(connection, now, error);
    }
    bool is_changed = !ledger_columns_equal(&result.columns, &connection->expected) &&
                      (ledger_columns_suffice(&result.columns) || ledger_columns_suffice(&connection->expected));
    connection->result = result;
    connection->knows_columns = true;
    if (!is_changed) {
        compare_rows(connection, now);
    }
    examine_catalogs(connection);
    bool lacks_catalogs = connection->wants_catalogs && !connection->is_plain && may_ask_for_catalogs(connection);
    if (!is_changed && lacks_catalogs && connection->asked < ASKED_MAXIMUM) {
        return ask(connection, now, error);
    }
    if (!is_changed) {
        connection->phase = LEDGER_PHASE_KEPT;
        connection->has_answered = true;
        return LEDGER_PROGRESS_ANSWERED;
    }
    if (connection->asked < ASKED_MAXIMUM) {
        return ask(connection, now, error);
    }
    error_set(error, ERROR_DATABASE, "%s.%s has different columns each time it is read", connection->query.schema,
              connection->query.table);
    return fail(connection);
}

static enum ledger_progress take(struct ledger_connection *connection, struct wire_message *message, int64_t now,
                                 bool *ret_full, struct error *error) {
    size_t before = (size_t)(message->at - connection->in.bytes) - WIRE_HEAD;
    switch (message->kind) {
    case WIRE_COMMAND:
    case WIRE_COLUMNS:
    case WIRE_ROW:
    case WIRE_END:
        return LEDGER_PROGRESS_NONE;
    case WIRE_WAITS:
        return take_waits(connection, message, now) ? LEDGER_PROGRESS_NONE : no_sense(connection, error);
    case WIRE_ADDRESSES:
        connection->looked_up = now;
        return ledger_addresses_take(message, &connection->order.lookup) ? LEDGER_PROGRESS_NONE
                                                                         : no_sense(connection, error);
    case WIRE_DONE:
        return take_done(connection, now, before - connection->answer, error);
    case WIRE_FAILED:
        return take_failed(connection, message, now, ret_full, error);
    default:
        return no_sense(connection, error);
    }
}

/* Stops at a new query, which discards the messages of the previous one. */
static enum ledger_progress take_all(struct ledger_connection *connection, int64_t now, bool *ret_full,
                                     struct error *error) {
    for (;;) {
        const char *at = connection->in.bytes + connection->taken;
        struct wire_message message;
        unsigned asked = connection->asked;
        int taken =
            connection->in.bytes ? wire_take_message(&at, connection->in.bytes + connection->in.length, &message) : 0;
        if (taken == 0) {
            return LEDGER_PROGRESS_NONE;
        }
        if (taken < 0) {
            return no_sense(connection, error);
        }
        connection->taken = (size_t)(at - connection->in.bytes);
        enum ledger_progress progress = take(connection, &message, now, ret_full, error);
        if (progress != LEDGER_PROGRESS_NONE || connection->asked != asked) {
            return progress;
        }
    }
}

/* When a session ends without a pending query, an idle connection was closed. It may also end just
 * when a query is sent; if it has not taken that up, another session is asked. */
static enum ledger_progress take_end(struct ledger_connection *connection, int64_t now, struct error *error) {
    if (connection->phase == LEDGER_PHASE_KEPT) {
        ledger_connection_close(connection);
        return LEDGER_PROGRESS_NONE;
    }
    if (connection->was_kept) {
        ledger_connection_close(connection);
        return ask(connection, now, error);
    }
    error_set(error, ERROR_DATABASE, "%s", connection->ended);
    return fail(connection);
}

enum ledger_progress ledger_connection_proceed(struct ledger_connection *connection, int64_t now, bool *ret_full,
                                               struct error *error) {
    *ret_full = false;
    for (int i = 0; i < READS_AT_ONCE && connection->session >= 0; i++) {
        struct wire_buffer *in = &connection->in;
        if (in->length > IN_MAXIMUM) {
            error_set(error, ERROR_DATABASE, "the server answers with more than any ledger contains");
            return fail(connection);
        }
        if (!wire_reserve(in, READ_AT_ONCE)) {
            error_set_memory(error);
            return fail(connection);
        }
        ssize_t length = recv(connection->session, in->bytes + in->length, READ_AT_ONCE, MSG_DONTWAIT);
        if (length < 0 && in->length == 0) {
            wire_release(in);
        }
        if (length < 0) {
            return errno == EAGAIN || errno == EINTR ? LEDGER_PROGRESS_NONE : take_end(connection, now, error);
        }
        if (length == 0) {
            return take_end(connection, now, error);
        }
        if (connection->phase == LEDGER_PHASE_KEPT) {
            return no_sense(connection, error);
        }
        in->length += (size_t)length;
        enum ledger_progress progress = take_all(connection, now, ret_full, error);
        if (progress != LEDGER_PROGRESS_NONE) {
            return progress;
        }
    }
    return LEDGER_PROGRESS_NONE;
}

enum ledger_progress ledger_connection_expire(struct ledger_connection *connection, struct error *error) {
    error_set(error, ERROR_DATABASE, "%s", connection->silent);
    connection->order.lookup.count = 0;
    return fail(connection);
}
