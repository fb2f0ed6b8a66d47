/* Reads questions from standard input and answers each on a line: the bytes in hexadecimal, so that any byte may stand in a name.
 *     compare HEX HEX → -1, 0, 1      date HEX → milliseconds or NaN      folder WHEN HEX → HEX */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/drizzle/names_v1.h"

/* A text of the line from its hexadecimal digits, in place. */
static struct text from_hex(char *digits) {
    size_t length = digits != NULL ? strlen(digits) / 2 : 0;
    for (size_t i = 0; i < length; i++) {
        char pair[3] = {digits[2 * i], digits[2 * i + 1], '\0'};
        digits[i] = (char)strtoul(pair, NULL, 16);
    }
    return (struct text){digits, length};
}

static void answer(struct arena *arena, char *line) {
    char *rest = NULL;
    const char *verb = strtok_r(line, " \n", &rest);
    char *first = strtok_r(NULL, " \n", &rest), *second = strtok_r(NULL, " \n", &rest);
    int64_t milliseconds;
    if (strcmp(verb, "compare") == 0) {
        printf("%d\n", names_v1_compare(from_hex(first + 1), from_hex(second + 1)));
    } else if (strcmp(verb, "date") == 0) {
        if (names_v1_date(from_hex(first + 1), &milliseconds)) {
            printf("%" PRId64 "\n", milliseconds);
        } else {
            puts("NaN");
        }
    } else {
        struct text folder = names_v1_folder(arena, strtoll(first, NULL, 10), from_hex(second + 1));
        for (size_t i = 0; i < folder.length; i++) {
            printf("%02x", (unsigned char)folder.bytes[i]);
        }
        putchar('\n');
    }
}

static void answer_all(void *context) {
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, stdin) > 0) {
        answer(context, line);
    }
    free(line);
}

int main(void) {
    struct arena *arena = arena_create();
    bool is_done = arena != NULL && arena_run(arena, answer_all, arena);
    arena_destroy(arena);
    return is_done ? 0 : 1;
}
