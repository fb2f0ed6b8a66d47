/* Tags that share a mark, for tests of whom a row with it belongs to. */
#ifndef MIGFS_TEST_MARKS_H
#define MIGFS_TEST_MARKS_H

#include <stdio.h>

#include "migfs/drizzle/stamp.h"

/* Finds two tags with the same mark. */
static inline void two_with_one_mark(char (*ret_tags)[32]) {
    for (unsigned i = 0;; i++) {
        for (unsigned j = 0; j < i; j++) {
            snprintf(ret_tags[0], 32, "%04u_a", j);
            snprintf(ret_tags[1], 32, "%04u_a", i);
            struct stamp_mark one = stamp_mark(text_of(ret_tags[0])), other = stamp_mark(text_of(ret_tags[1]));
            if (one.milliseconds == other.milliseconds && one.seconds == other.seconds) {
                return;
            }
        }
    }
}

#endif
