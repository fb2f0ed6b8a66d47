/* "Did you mean …?": the word nearest to one that is not known. Pure; any thread. */
#ifndef MIGFS_CLI_SUGGEST_H
#define MIGFS_CLI_SUGGEST_H

#include <stddef.h>

/* How many letters must be added, left out, replaced or swapped with the next to make one of the other. Long words count as far apart. */
size_t suggest_distance(const char *a, const char *b);

/* The best so far, while words are looked at one by one; begin with {.word = …}. `best` is NULL while none is near. */
struct suggestion {
    const char *word;
    const char *best;
    size_t distance;
};
void suggest_consider(struct suggestion *suggestion, const char *candidate);

#endif
