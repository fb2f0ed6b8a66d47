/* The table of states. A new state needs only a row here. */
#include "migfs/drizzle/state.h"

static const struct state_facts facts[STATE_COUNT] = {
    [STATE_MISSING] = {"missing", "meta/_journal.json lists it and its file is not there: the run aborts", true, true},
    [STATE_RERUN] = {"rerun", "it has run, and its entry's timestamp makes Drizzle run it again", true, true},
    [STATE_SKIPPED] = {"skipped", "it is listed, has not run, and its timestamp makes Drizzle skip it forever", true,
                       true},
    [STATE_HELD] = {"held", "a leftover as likely as a migration: it waits for your decision", true, false},
    [STATE_UNJOURNALED] = {"unjournaled", "meta/_journal.json does not list it: Drizzle never runs it", true, false},
    [STATE_UNKNOWN] = {"unknown", "a database cannot be read, so the state there is unknown", true, true},
    [STATE_MODIFIED] = {"modified", "it has run, and its file has changed since", true, true},
    [STATE_PENDING] = {"pending", "the next deploy runs it", true, true},
    [STATE_APPLIED] = {"applied", "it has run", true, true},
    [STATE_JOURNALED] = {"journaled", "it is listed; no database is attached", true, false},
    [STATE_UNREAD] = {"unread", "SQL that a runner of Drizzle v1 never reads", true, false},
    [STATE_EXCLUDED] = {"excluded", "not a migration, by its name or by a rule", true, false},
    [STATE_NOT_APPLIED] = {"not-applied", "it has not run here, and is not listed", false, true},
};

const struct state_facts *state_facts(enum state state) {
    return &facts[state];
}

const char *state_name(enum state state) {
    return facts[state].name;
}
