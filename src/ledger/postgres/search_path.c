/* Splits words as the server does: at blanks, unless they are escaped by a backslash. */
#include "ledger/postgres/search_path.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Copies the next word to ret_word, which has room for the whole string. Returns NULL at the
 * end. */
static const char *take_word(const char *at, char *ret_word) {
    at += strspn(at, " \t\r\n\f\v");
    if (!*at) {
        return NULL;
    }
    for (; *at && !isspace((unsigned char)*at); at++) {
        at += *at == '\\' && at[1];
        *ret_word++ = *at;
    }
    *ret_word = '\0';
    return at;
}

/* Returns the value if the setting is the search path, or NULL. */
static const char *value_of(const char *setting) {
    static const char names[][12] = {"search_path", "search-path"};
    enum { LENGTH = sizeof names[0] - 1 };
    bool is_it = strncasecmp(setting, names[0], LENGTH) == 0 || strncasecmp(setting, names[1], LENGTH) == 0;
    return is_it && setting[LENGTH] == '=' ? setting + LENGTH + 1 : NULL;
}

char *search_path_find(const char *options, bool *ret_has_others) {
    char *word = calloc(1, strlen(options) + 1), *found = NULL;
    const char *setting;
    *ret_has_others = false;
    while (word && (options = take_word(options, word))) {
        if (strcmp(word, "-c") == 0) {
            options = take_word(options, word);
            *ret_has_others = *ret_has_others || !options;
            if (!options) {
                break;
            }
            setting = word;
        } else {
            setting = strncmp(word, "-c", 2) == 0 || strncmp(word, "--", 2) == 0 ? word + 2 : "";
        }
        const char *value = value_of(setting);
        *ret_has_others = *ret_has_others || !value;
        if (value) {
            free(found);
            found = strdup(value);
        }
    }
    free(word);
    return found;
}
