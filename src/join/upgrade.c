/* The names of upgrade obstacles. */
#include "migfs/join/upgrade.h"

static const char *const names[UPGRADE_OBSTACLE_COUNT] = {
    [UPGRADE_NO_JOURNAL] = "no-journal",
    [UPGRADE_BAD_ENTRY] = "bad-entry",
    [UPGRADE_BAD_WHEN] = "bad-when",
    [UPGRADE_DOUBLED_TAG] = "doubled-tag",
    [UPGRADE_SAME_FOLDER] = "same-folder",
    [UPGRADE_NO_SQL] = "no-sql",
    [UPGRADE_SEVERAL_SQL] = "several-sql",
    [UPGRADE_NO_SNAPSHOT] = "no-snapshot",
    [UPGRADE_SHARED_SNAPSHOT] = "shared-snapshot",
    [UPGRADE_BAD_SNAPSHOT] = "bad-snapshot",
    [UPGRADE_SNAPSHOT_VERSION] = "snapshot-version",
    [UPGRADE_NO_PARENT] = "no-parent",
    [UPGRADE_ORDER] = "order",
    [UPGRADE_TWO_FIRSTS] = "two-firsts",
};

const char *upgrade_obstacle_name(enum upgrade_obstacle obstacle) {
    return names[obstacle];
}
