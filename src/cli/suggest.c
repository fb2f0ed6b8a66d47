/* The Damerau-Levenshtein distance (optimal string alignment), with three rows of its table in
 * memory. */
#include "cli/suggest.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { LONGEST = 255, SHORTEST_PREFIX = 3 };

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

size_t suggest_distance(const char *a, const char *b) {
    size_t rows[3][LONGEST + 1], a_length = strlen(a), b_length = strlen(b);
    if (a_length > LONGEST || b_length > LONGEST) {
        return LONGEST + 1;
    }
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b_length; j++) {
        before[j] = last[j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = least(row[j], before[j - 2] + 1);
            }
        }
        size_t *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[b_length];
}

/* Up to a third of the letters may differ. A prefix, or a word that differs only in case, is
 * similar, too. */
void suggest_consider(struct suggestion *suggestion, const char *candidate) {
    size_t length = strlen(suggestion->word), distance = suggest_distance(suggestion->word, candidate);
    if (strcasecmp(suggestion->word, candidate) == 0) {
        distance = 0;
    }
    bool is_cut = length >= SHORTEST_PREFIX && strncmp(suggestion->word, candidate, length) == 0;
    bool is_near = distance <= (length + 1) / 3 || is_cut;
    if (is_near && (!suggestion->best || distance < suggestion->distance)) {
        suggestion->best = candidate;
        suggestion->distance = distance;
    }
}

/* Used only if no candidate is similar. */
void suggest_containing(struct suggestion *suggestion, const char *candidate) {
    if (!suggestion->best && strlen(suggestion->word) > SHORTEST_PREFIX && strstr(candidate, suggestion->word)) {
        suggestion->best = candidate;
        suggestion->distance = LONGEST;
    }
}
