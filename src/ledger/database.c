/* After a failure, a database is read again after one poll, then less and less often, but at least
 * every PATIENCE_MS or poll, whichever is longer, so that a database that is back shows soon. */
#include "ledger/database.h"

enum {
    PATIENCE_MS = 2000,
    BETWEEN_MS = 100, /* shortest time between the beginnings of two reads */
};

/* ---- beginning and end ---- */

static void tell_dropped(void *context, const char *names) {
    const struct ledger_database_options *options = context;
    struct error sentence;
    if (options->notice) {
        error_set(&sentence, ERROR_NONE, "database %s: parameters that are not passed on to the server: %s",
                  options->name, names);
        options->notice(options->context, sentence.sentence);
    }
}

static bool connect_to_driver(struct ledger_database *database, const struct ledger_database_options *options,
                              struct error *error) {
    struct ledger_database_options told = *options;
    const struct ledger_driver *const *driver = options->drivers;
    for (; *driver && !(*driver)->takes(options->conninfo); driver++) {
    }
    database->driver = *driver;
    if (!database->driver) {
        return error_set(error, ERROR_USAGE, "no kind of server that is known is meant by it");
    }
    database->connection = database->driver->create(&options->driver, options->conninfo, tell_dropped, &told, error);
    return database->connection;
}

bool ledger_database_init(struct ledger_database *database, const struct ledger_database_options *options,
                          struct error *error) {
    struct ledger silent = {.database = text_of(options->name),
                            .schema = text_of(options->driver.schema),
                            .table = text_of(options->driver.table),
                            .status = LEDGER_UNREADABLE,
                            .reason = TEXT("has not answered yet")};
    if (!connect_to_driver(database, options, error)) {
        return error_wrap(error, "the connection string of database %s cannot be used", options->name);
    }
    database->ledger = ledger_create(&silent, error);
    return database->ledger;
}

void ledger_database_finish(struct ledger_database *database) {
    if (database->connection) {
        database->driver->destroy(database->connection);
    }
    ledger_destroy(database->ledger);
    catalog_unref(database->catalog);
}

/* ---- requests and times ---- */

static int64_t soonest(const struct ledger_database *database, int64_t now) {
    int64_t next = database->begun_at + BETWEEN_MS;
    return next > now ? next : now;
}

void ledger_database_request(struct ledger_database *database, uint64_t request, int64_t now) {
    int64_t due = soonest(database, now);
    database->requested = request;
    database->due = database->due < due ? database->due : due;
    if (database->driver->refresh_catalogs) {
        database->driver->refresh_catalogs(database->connection);
    }
}

bool ledger_database_is_requested(const struct ledger_database *database) {
    return database->begun < database->requested;
}

bool ledger_database_has_read(const struct ledger_database *database, uint64_t request) {
    return database->answered >= request || database->answered >= database->requested;
}

bool ledger_database_lacks(const struct ledger_database *database, const struct ledger_names *names) {
    const struct catalog *catalog = database->catalog;
    bool is_partial = catalog && catalog->is_partial;
    const struct catalog_names *wanted =
        (database->waits_for_names || is_partial) && names->get ? names->get(names->context) : NULL;
    return wanted && (database->waits_for_names || !catalog_names_cover(catalog->names, wanted));
}

struct ledger_turn ledger_database_begin(struct ledger_database *database, bool asks_for_places, uint64_t requested,
                                         int64_t now, struct error *error) {
    database->begun = requested;
    database->begun_at = now;
    return database->driver->begin(database->connection, asks_for_places, now, error);
}

/* The pause grows with every failure and is reset by an answer. */
static void wait_for_next(struct ledger_database *database, bool is_answered, unsigned poll_ms, int64_t now) {
    unsigned longest = poll_ms > PATIENCE_MS ? poll_ms : PATIENCE_MS;
    if (is_answered) {
        database->pause_ms = 0;
        database->full = 0;
    } else if (database->pause_ms == 0) {
        database->pause_ms = poll_ms > 0 ? poll_ms : 1;
    } else {
        database->pause_ms = database->pause_ms < longest / 2 ? database->pause_ms * 2 : longest;
    }
    database->due = now + (is_answered ? poll_ms : database->pause_ms);
    if (ledger_database_is_requested(database)) {
        database->due = soonest(database, now);
    }
}

/* ---- answers ---- */

/* When memory runs out, the old ledger is kept, and the read counts as not done and is repeated. */
static bool tell_failure(struct ledger_database *database, const struct error *failure) {
    bool is_changed = false;
    database->has_digest = false;
    if (failure->code == ERROR_MEMORY) {
        return false;
    }
    if (database->ledger->status != LEDGER_UNREADABLE || !text_is(database->ledger->reason, failure->sentence)) {
        struct error error;
        struct ledger *failed = ledger_fail(database->ledger, failure->sentence, &error);
        if (!failed) {
            return false;
        }
        is_changed = ledger_replace(&database->ledger, failed);
    }
    database->answered = database->begun;
    return is_changed;
}

/* Rows must not be compared with the catalogs of another moment. */
static bool drop_catalog(struct ledger_database *database) {
    bool was_there = database->catalog;
    catalog_unref(database->catalog);
    database->catalog = NULL;
    return was_there;
}

/* An unchanged answer is recognized by its digest before a ledger is made from it. */
static bool tell_answer(struct ledger_database *database, struct ledger_server_places *ret_places, bool *ret_changed,
                        struct error *error) {
    struct ledger_answer answer;
    if (!database->driver->answer(database->connection, database->ledger,
                                  database->has_digest ? &database->digest : NULL, &answer, error)) {
        return false;
    }
    if (answer.ledger) {
        *ret_changed = ledger_replace(&database->ledger, answer.ledger);
        database->digest = answer.digest;
        database->has_digest = true;
    }
    *ret_changed = catalog_replace(&database->catalog, answer.catalog) || *ret_changed;
    *ret_changed = (answer.is_catalog_old && drop_catalog(database)) || *ret_changed;
    database->waits_for_names = answer.waits_for_names;
    database->answered = database->begun;
    *ret_places = answer.places;
    return true;
}

bool ledger_database_conclude(struct ledger_database *database, bool is_answered, unsigned poll_ms, int64_t now,
                              struct ledger_server_places *ret_places, bool *ret_changed, struct error *error) {
    bool is_told = is_answered && tell_answer(database, ret_places, ret_changed, error);
    if (!is_told) {
        *ret_changed = tell_failure(database, error);
    }
    wait_for_next(database, is_told, poll_ms, now);
    return is_told;
}
