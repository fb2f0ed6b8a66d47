/* The closed list of states, with name, rank and meaning in one table, which parsing, printing, the
 * folders of the view, tests and docs read. Pure; any thread. */
#ifndef MIGFS_DRIZZLE_STATE_H
#define MIGFS_DRIZZLE_STATE_H

#include <stdbool.h>

#include "migfs/util/text.h"

/* In order of priority: the first that applies is a migration's overall state. */
enum state {
    STATE_MISSING,
    STATE_RERUN,
    STATE_SKIPPED,
    STATE_HELD,
    STATE_UNJOURNALED,
    STATE_PENDING,
    STATE_MODIFIED,
    STATE_UNKNOWN,
    STATE_APPLIED,
    STATE_JOURNALED,
    STATE_UNREAD,
    STATE_EXCLUDED,
    STATE_NOT_APPLIED, /* in one database only */
    STATE_COUNT
};

struct state_facts {
    const char *name;
    const char *meaning;  /* one sentence for people */
    bool is_overall;      /* a possible overall state: has a folder in state/ */
    bool is_per_database; /* a possible state in one database: in databases/NAME/state/ */
};

const struct state_facts *state_facts(enum state state);
const char *state_name(enum state state);

#endif
