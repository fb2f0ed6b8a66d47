/* "Did you mean …?": finds the known word most similar to an unknown one. Pure; any thread. */
#ifndef MIGFS_CLI_SUGGEST_H
#define MIGFS_CLI_SUGGEST_H

#include <stddef.h>

/* Returns how many letters must be inserted, deleted, replaced or swapped with a neighbour to turn
 * one word into the other. Words that are too long count as entirely different. */
size_t suggest_distance(const char *a, const char *b);

/* The best candidate so far; initialize with {.word = …}. `best` is NULL while none is similar. */
struct suggestion {
    const char *word;
    const char *best;
    size_t distance;
};
void suggest_consider(struct suggestion *suggestion, const char *candidate);

/* The same for a candidate that contains the word; used only if none is similar. */
void suggest_containing(struct suggestion *suggestion, const char *candidate);

#endif
