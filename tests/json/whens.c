/* Reads JSON values, one a line, and prints the bits of the number with which JavaScript compares
 * each. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drizzle/when.h"

int main(void) {
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    while ((length = getline(&line, &room, stdin)) > 0) {
        struct arena *arena = arena_create();
        struct text text = text_copy(arena, text_trim((struct text){line, (size_t)length}));
        struct json_fault fault;
        if (!json_check(arena, text, &fault)) {
            fprintf(stderr, "no JSON: %s\n", line);
            return 1;
        }
        double number = when_number(arena, text);
        uint64_t bits;
        memcpy(&bits, &number, sizeof bits);
        printf("%s%016" PRIx64 "\n", isnan(number) ? "NaN" : "", isnan(number) ? 0 : bits);
        arena_destroy(arena);
    }
    free(line);
    return 0;
}
