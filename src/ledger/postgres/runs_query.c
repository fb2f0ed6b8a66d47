/* Sequences are not transactional, so the order matters: first the sequence's last value, then the
 * transactions that hold a writer's lock on the ledger, and then, in the next transaction, the
 * snapshot of the rows. If a run had taken a number by the first step, it is open at the second, or
 * its rows are in the third, or it was rolled back.
 *
 * Nothing waits for a lock: a sequence that is being altered is not read. No grant is needed:
 * values that may not be read are NULL. */
#include "ledger/postgres/runs_query.h"

#include <stdio.h>
#include <string.h>

#include "ledger/postgres/wire.h"

enum { SEQUENCE, WRITERS, SINCE, COLUMNS };
enum { INT8 = 20 };

/* The drizzle runner writes a row after each migration, in the same transaction, so a run is
 * visible from the end of its first migration. */
#define WRITES                                                                                                         \
    " locktype = 'relation' AND relation = ledger AND granted AND pid IS DISTINCT FROM pg_backend_pid()"               \
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"                                 \
    " AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')"

static const char format[] =
    "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY;"
    "SET LOCAL statement_timeout = %u; SET LOCAL lock_timeout = %u; SET LOCAL search_path = pg_catalog;"
    "SELECT CASE WHEN sequence IS NOT NULL AND has_sequence_privilege(sequence, 'SELECT,USAGE')"
    " AND NOT EXISTS (SELECT FROM pg_locks WHERE relation = sequence AND mode IN"
    " ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'))"
    " THEN pg_sequence_last_value(sequence) END,"
    " (SELECT count(*) FROM pg_locks WHERE" WRITES "),"
    " (SELECT floor(extract(epoch FROM min(xact_start)) * 1000)::bigint FROM pg_stat_activity"
    " WHERE pid IN (SELECT pid FROM pg_locks WHERE" WRITES "))"
    " FROM (SELECT to_regclass(%s)) AS found (ledger) LEFT JOIN LATERAL (SELECT objid::regclass FROM pg_depend"
    " JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid AND attname = 'id'"
    " JOIN pg_class ON pg_class.oid = objid AND relkind = 'S'"
    " WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND refobjid = ledger"
    " AND deptype IN ('a', 'i') LIMIT 1) AS numbers (sequence) ON true;"
    "COMMIT;";

char *runs_query_text(const char *literal, unsigned statement_ms, unsigned lock_ms) {
    char *text;
    return asprintf(&text, format, statement_ms, lock_ms, literal) < 0 ? NULL : text;
}

static bool take_types(const char **at, const char *end) {
    struct wire_message message;
    bool is_right = wire_take_message(at, end, &message) == 1 && message.kind == WIRE_COLUMNS;
    for (int i = 0; is_right && i < COLUMNS; i++) {
        uint32_t type;
        is_right = wire_take_number(&message, &type) && type == INT8;
    }
    return is_right && message.at == message.end;
}

static bool take_row(const char **at, const char *end, int64_t *ret_numbers) {
    struct wire_message message;
    bool is_right = wire_take_message(at, end, &message) == 1 && message.kind == WIRE_ROW;
    for (int i = 0; is_right && i < COLUMNS; i++) {
        struct text cell;
        bool is_null;
        ret_numbers[i] = 0;
        is_right = wire_take_cell(&message, &cell, &is_null) && (is_null || text_to_int64(cell, &ret_numbers[i]));
    }
    return is_right && message.at == message.end;
}

bool runs_query_take(const char **at, const char *end, struct ledger_runs *ret_runs) {
    struct wire_message message;
    int64_t numbers[COLUMNS];
    bool is_right = wire_take_command(at, end, "BEGIN") && wire_take_command(at, end, "SET") &&
                    wire_take_command(at, end, "SET") && wire_take_command(at, end, "SET") && take_types(at, end) &&
                    take_row(at, end, numbers) && wire_take_message(at, end, &message) == 1 &&
                    wire_is_end(&message, 1) && wire_take_command(at, end, "COMMIT");
    if (is_right) {
        *ret_runs =
            (struct ledger_runs){.is_open = numbers[WRITERS] > 0, .since = numbers[SINCE], .above = numbers[SEQUENCE]};
    }
    return is_right;
}

/* Ids that are not numbers do not come from the sequence. */
void runs_query_judge(struct ledger_runs *runs, const struct ledger *ledger) {
    int64_t newest = 0, last = runs->above;
    runs->above = 0;
    for (size_t i = 0; i < ledger->count; i++) {
        int64_t id;
        if (!text_to_int64(ledger->rows[i].id, &id)) {
            return;
        }
        newest = id > newest ? id : newest;
    }
    if (!runs->is_open && last > newest) {
        runs->above = last - newest;
    }
}
