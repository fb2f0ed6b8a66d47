/* Converts SQLSTATEs and libpq's messages to one sentence each. Only chooses the words. */
#include "ledger/postgres/failure.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { MESSAGE_SIZE = 384 };

/* Copies a foreign message on one line, without the password and without a blank or full stop at
 * its end. */
static void fold(char folded[MESSAGE_SIZE], const char *message, size_t length, const char *password) {
    size_t written = 0, password_length = password ? strlen(password) : 0;
    for (size_t i = 0; i < length && written < MESSAGE_SIZE - 4;) {
        if (password_length > 0 && length - i >= password_length &&
            strncmp(message + i, password, password_length) == 0) {
            memcpy(folded + written, "***", 3);
            written += 3;
            i += password_length;
        } else if (!isspace((unsigned char)message[i])) {
            folded[written++] = message[i++];
        } else {
            bool is_line_end = false;
            for (; i < length && isspace((unsigned char)message[i]); i++) {
                is_line_end = is_line_end || message[i] == '\n';
            }
            if (is_line_end && i < length && written > 0) {
                folded[written++] = ';';
            }
            folded[written++] = ' ';
        }
    }
    while (written > 0 && strchr(" .;", folded[written - 1])) {
        written--;
    }
    folded[written] = '\0';
}

static const char *text_or(const char *text, const char *otherwise) {
    return text && *text ? text : otherwise;
}

/* `"shop" at db.example.com:5432`, or `"shop" at the socket in /run/postgresql`. */
struct where {
    char text[512];
};

static struct where where_of(const struct ledger_place *place) {
    struct where where;
    const char *database = text_or(place->pg ? PQdb(place->pg) : NULL, "?");
    const struct ledger_address *address = place->address;
    if (!address) {
        snprintf(where.text, sizeof(where.text), "\"%s\"", database);
    } else if (address->address[0] == '\0') {
        snprintf(where.text, sizeof(where.text), "\"%s\" at the socket in %s", database,
                 text_or(address->host, "the default folder"));
    } else {
        bool is_ipv6 = strchr(text_or(address->host, address->address), ':');
        snprintf(where.text, sizeof(where.text), "\"%s\" at %s%s%s:%s", database, is_ipv6 ? "[" : "",
                 text_or(address->host, address->address), is_ipv6 ? "]" : "", text_or(address->port, "5432"));
    }
    return where;
}

static const char *user_of(const struct ledger_place *place) {
    return text_or(place->pg ? PQuser(place->pg) : NULL, "?");
}

static const char *password_of(const struct ledger_place *place) {
    return place->pg ? PQpass(place->pg) : NULL;
}

static bool is_state(const char *state, const char *expected) {
    return strncmp(state, expected, strlen(expected)) == 0;
}

/* Sets the error for states that may follow both a login and a statement. Returns false for other
 * states. */
static bool set_common(const struct ledger_place *place, const char *state, const char *said, struct error *error) {
    struct where where = where_of(place);
    if (is_state(state, "53300")) {
        error_set(error, ERROR_DATABASE,
                  "the server of %s has no connection to spare (%s); close some, or raise max_connections", where.text,
                  said);
    } else if (is_state(state, "57P01") || is_state(state, "57P02") || is_state(state, "57P03")) {
        error_set(error, ERROR_DATABASE, "the server of %s is starting up or shutting down (%s); it is tried again",
                  where.text, said);
    } else {
        return false;
    }
    return true;
}

static void set_login(const struct ledger_place *place, const char *state, const char *said, struct error *error) {
    struct where where = where_of(place);
    if (set_common(place, state, said, error)) {
        return;
    }
    if (is_state(state, "28")) {
        error_set(error, ERROR_DATABASE,
                  "%s refuses the login of user \"%s\" (%s); correct user and password, or the server's pg_hba.conf",
                  where.text, user_of(place), said);
    } else if (is_state(state, "3D000")) {
        error_set(error, ERROR_DATABASE, "there is no database %s (%s); create it or correct its name", where.text,
                  said);
    } else if (is_state(state, "42501")) {
        error_set(error, ERROR_DATABASE, "user \"%s\" may not connect to %s (%s); GRANT CONNECT ON DATABASE fixes it",
                  user_of(place), where.text, said);
    } else {
        error_set(error, ERROR_DATABASE, "cannot connect to %s: %s [%.5s]", where.text, said, state);
    }
}

/* With PQERRORS_VERBOSE, a server's message reads `…FATAL:  28P01: password authentication failed…`
 * in any language. libpq has the SQLSTATE of a failed login nowhere else. Of several, the last one
 * counts. */
static const char *find_sqlstate(const char *message) {
    const char *found = NULL;
    for (const char *at = strstr(message, ":  "); at; at = strstr(at + 1, ":  ")) {
        if (strspn(at + 3, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 5 && strncmp(at + 8, ": ", 2) == 0) {
            found = at + 3;
        }
    }
    return found;
}

/* libpq's messages begin with `connection to server at … failed: `; our sentence already names the
 * server. */
static const char *skip_preamble(const char *message) {
    static const char end[] = " failed: ";
    const char *found = strncmp(message, "connection to server", 20) == 0 ? strstr(message, end) : NULL;
    return found ? found + strlen(end) : message;
}

/* PgBouncer uses the same SQLSTATE for many errors, but its messages are always in English. */
static enum ledger_verdict verdict_of(const char *state) {
    if (is_state(state, "53300") || strstr(state, "no more connections allowed")) {
        return LEDGER_VERDICT_FULL;
    }
    return is_state(state, "28") || is_state(state, "3D000") || is_state(state, "42501") ? LEDGER_VERDICT_REFUSED
                                                                                         : LEDGER_VERDICT_NONE;
}

bool ledger_failure_connect(const struct ledger_place *place, enum ledger_verdict *ret_verdict, struct error *error) {
    const char *message = text_or(PQerrorMessage(place->pg), "libpq says nothing");
    const char *state = find_sqlstate(message);
    char said[MESSAGE_SIZE];
    if (state) {
        fold(said, state + 7, strcspn(state + 7, "\n"), password_of(place));
        set_login(place, state, said, error);
        *ret_verdict = verdict_of(state);
        return false;
    }
    message = skip_preamble(message);
    fold(said, message, strlen(message), password_of(place));
    *ret_verdict = PQconnectionNeedsPassword(place->pg) ? LEDGER_VERDICT_REFUSED : LEDGER_VERDICT_NONE;
    if (*ret_verdict == LEDGER_VERDICT_REFUSED) {
        return error_set(error, ERROR_DATABASE, "%s asks user \"%s\" for a password, but none was given",
                         where_of(place).text, user_of(place));
    }
    if (strstr(said, "certificate verify failed")) { /* OpenSSL's message, which is never translated */
        return error_set(
            error, ERROR_DATABASE,
            "%s shows a certificate that no trusted authority has signed or that has expired (%s); name the file of "
            "its authority by sslrootcert, or have it renewed",
            where_of(place).text, said);
    }
    return error_set(error, ERROR_DATABASE, "cannot connect to %s: %s", where_of(place).text, said);
}

static bool is_locked(const char *state) {
    return is_state(state, "55P03") || is_state(state, "57014");
}

bool ledger_failure_query(const struct ledger_place *place, const PGresult *result, struct error *error) {
    const char *state = text_or(PQresultErrorField(result, PG_DIAG_SQLSTATE), "?????");
    const char *message = text_or(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY), PQresultErrorMessage(result));
    struct where where = where_of(place);
    char said[MESSAGE_SIZE];
    fold(said, message, strlen(message), password_of(place));
    if (set_common(place, state, said, error)) {
        return false;
    }
    if (is_state(state, "42501")) {
        return error_set(
            error, ERROR_DATABASE,
            "user \"%s\" may not read %s.%s in %s (%s); GRANT USAGE ON SCHEMA %s and GRANT SELECT ON %s.%s "
            "to that user fix it",
            user_of(place), place->schema, place->table, where.text, said, place->schema, place->schema, place->table);
    }
    if (is_locked(state)) {
        return error_set(error, ERROR_DATABASE,
                         "%s.%s in %s could not be read within %g s (%s): somebody holds a lock on it, see pg_locks",
                         place->schema, place->table, where.text, place->timeout_ms / 1000.0, said);
    }
    return error_set(error, ERROR_DATABASE, "cannot read %s.%s in %s: %s [%.5s]", place->schema, place->table,
                     where.text, said, state);
}

bool ledger_failure_lost(const struct ledger_place *place, struct error *error) {
    const char *message = text_or(PQerrorMessage(place->pg), "no reason given");
    char said[MESSAGE_SIZE];
    fold(said, message, strlen(message), password_of(place));
    return error_set(error, ERROR_DATABASE, "the connection to %s broke: %s", where_of(place).text, said);
}

bool ledger_failure_connect_timeout(const struct ledger_place *place, struct error *error) {
    if (!place->address) {
        return error_set(error, ERROR_DATABASE,
                         "the host's name was not looked up within %g s; see whether the name server answers",
                         place->timeout_ms / 1000.0);
    }
    return error_set(error, ERROR_DATABASE,
                     "%s did not accept a connection within %g s; see whether the server hangs or a firewall drops "
                     "packets, or raise --timeout",
                     where_of(place).text, place->timeout_ms / 1000.0);
}

bool ledger_failure_answer_timeout(const struct ledger_place *place, struct error *error) {
    return error_set(error, ERROR_DATABASE,
                     "%s accepted a connection but did not answer within %g s; see whether the server hangs, or raise "
                     "--timeout",
                     where_of(place).text, place->timeout_ms / 1000.0);
}

bool ledger_failure_answer(const struct ledger_place *place, bool is_too_long, struct error *error) {
    return error_set(error, ERROR_DATABASE, "%s answers with %s; see whether PostgreSQL runs there",
                     where_of(place).text,
                     is_too_long ? "more than any ledger holds" : "something that is not an answer to what was asked");
}

bool ledger_failure_ended(const struct ledger_place *place, struct error *error) {
    return error_set(error, ERROR_DATABASE,
                     "the process that talks to %s ended: it was killed, or the server made it use too much memory or "
                     "processor time",
                     where_of(place).text);
}
