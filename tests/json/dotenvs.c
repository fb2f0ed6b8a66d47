/* Reads texts, each behind a line with its length, and prints for each a line with its variables:
 * names and values in hexadecimal, in order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/dotenv.h"

static void print(struct text text) {
    for (size_t i = 0; i < text.length; i++) {
        printf("%02x", (unsigned char)text.bytes[i]);
    }
}

int main(void) {
    size_t length;
    while (scanf("%zu", &length) == 1 && getchar() == '\n') {
        struct dotenv dotenv;
        struct text name;
        char *value, *file = malloc(length + 1);
        if (!file || fread(file, 1, length, stdin) != length || !dotenv_begin(&dotenv, (struct text){file, length})) {
            return 1;
        }
        while (dotenv_next(&dotenv, &name, &value)) {
            print(name);
            putchar('=');
            print(text_of(value));
            putchar(' ');
            free(value);
        }
        putchar('\n');
        dotenv_end(&dotenv);
        free(file);
    }
    return 0;
}
