/* drizzle.config.* is a JavaScript program. Only plain strings are read; other expressions are
 * ignored, not guessed. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/discover.h"
#include "cli/regular.h"

enum { LARGEST = 1 << 20, DEEPEST = 16 };

static bool is_of_word(char byte) {
    return isalnum((unsigned char)byte) || byte == '_' || byte == '$';
}

/* Returns the position after the string that begins at its quote, or the end of the text. */
static char *skip_string(char *at) {
    char quote = *at++;
    while (*at && *at != quote) {
        at += at[0] == '\\' && at[1] ? 2 : 1;
    }
    return *at ? at + 1 : at;
}

static void blank_comments(char *text) {
    for (char *at = text; *at;) {
        if (strchr("'\"`", *at)) {
            at = skip_string(at);
        } else if (at[0] == '/' && (at[1] == '/' || at[1] == '*')) {
            char *end = at[1] == '/' ? strchr(at, '\n') : strstr(at + 2, "*/");
            end = !end ? at + strlen(at) : at[1] == '*' ? end + 2 : end;
            memset(at, ' ', (size_t)(end - at));
            at = end;
        } else {
            at++;
        }
    }
}

/* Returns the value of `key:` at this depth of braces, between `at` and `end`, or NULL. */
static char *value_of(char *at, const char *end, const char *key) {
    size_t length = strlen(key);
    int depth = 0;
    char before = ' ';
    while (at < end && *at) {
        bool is_quoted = strchr("'\"`", *at) != NULL;
        const char *word = is_quoted ? at + 1 : at;
        if (depth == 0 && !is_of_word(before) && before != '.' && strncmp(word, key, length) == 0 &&
            (is_quoted ? word[length] == *at : !is_of_word(word[length]))) {
            char *behind = at + length + (is_quoted ? 2 : 0);
            behind += strspn(behind, " \t\r\n");
            if (*behind == ':') {
                behind++;
                return behind + strspn(behind, " \t\r\n");
            }
        }
        before = *at;
        depth += (*at == '{' || *at == '[' || *at == '(') - (*at == '}' || *at == ']' || *at == ')');
        at = is_quoted ? skip_string(at) : at + 1;
    }
    return NULL;
}

/* Returns a copy of the plain string that begins here, or NULL. */
static char *plain_string(const char *at) {
    if (!at || !*at || !strchr("'\"`", *at)) {
        return NULL;
    }
    const char quote = *at;
    size_t length = strcspn(at + 1, (const char[]){quote, '\\', '\n', '\0'});
    const char *behind = at + 1 + length;
    bool is_plain = *behind == quote && !(quote == '`' && memmem(at, length + 1, "${", 2));
    behind += is_plain;
    behind += strspn(behind, " \t\r\n");
    return is_plain && (!*behind || strchr(",}]", *behind)) ? strndup(at + 1, length) : NULL;
}

/* Takes a plain string, or an array of nothing else. */
static void take_files(char *at, struct discovered *ret_files) {
    if (!at || *at != '[') {
        discover_add(ret_files, plain_string(at));
        return;
    }
    at++;
    while (*(at += strspn(at, " \t\r\n,")) != ']') {
        if (!discover_add(ret_files, plain_string(at))) {
            discover_finish(ret_files);
            return;
        }
        at = skip_string(at);
    }
}

/* Returns the brace that closes the one at `at`, or the end of the text. Gives up at the depth limit:
 * scanning ahead from every open brace would be quadratic. */
static char *closing(char *at) {
    int depth = 0;
    while (*at) {
        depth += (*at == '{') - (*at == '}');
        if (depth == 0 || depth > DEEPEST) {
            return at;
        }
        at = strchr("'\"`", *at) ? skip_string(at) : at + 1;
    }
    return at;
}

/* Returns the settings object: the first brace that directly contains a `dialect`, `out` or
 * `schema`. */
static char *settings_of(char *text) {
    static const char *const keys[] = {"dialect", "out", "schema"};
    for (char *at = text; *at;) {
        if (*at == '{') {
            const char *end = closing(at);
            for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
                if (value_of(at + 1, end, keys[i])) {
                    return at;
                }
            }
        }
        at = strchr("'\"`", *at) ? skip_string(at) : at + 1;
    }
    return NULL;
}

/* The path as a person would write it: drizzle-kit's own template says ./drizzle. */
static char *without_dots(char *path) {
    while (path && strncmp(path, "./", 2) == 0 && path[2] != '\0') {
        memmove(path, path + 2, strlen(path + 2) + 1);
    }
    return path;
}

void discover_config_parse(char *text, struct discover_config *ret_config) {
    *ret_config = (struct discover_config){0};
    blank_comments(text);
    char *settings = settings_of(text);
    if (!settings) {
        return;
    }
    const char *end = closing(settings);
    ret_config->out = without_dots(plain_string(value_of(settings + 1, end, "out")));
    ret_config->has_casing = value_of(settings + 1, end, "casing");
    ret_config->casing = plain_string(value_of(settings + 1, end, "casing"));
    if (!memmem(settings, (size_t)(end - settings), "...", strlen("..."))) {
        take_files(value_of(settings + 1, end, "schema"), &ret_config->files);
    }
    char *migrations = value_of(settings + 1, end, "migrations");
    if (migrations && *migrations == '{') {
        end = closing(migrations);
        ret_config->table = plain_string(value_of(migrations + 1, end, "table"));
        ret_config->schema = plain_string(value_of(migrations + 1, end, "schema"));
    }
}

void discover_config_read(const char *folder, struct discover_config *ret_config) {
    static const char *const names[] = {"drizzle.config.ts",  "drizzle.config.js",  "drizzle.config.mjs",
                                        "drizzle.config.cjs", "drizzle.config.mts", "drizzle.config.cts",
                                        "drizzle.config.json"};
    *ret_config = (struct discover_config){0};
    for (size_t i = 0; i < sizeof names / sizeof *names && !ret_config->name; i++) {
        char *path;
        if (asprintf(&path, "%s/%s", folder, names[i]) < 0) {
            return;
        }
        FILE *stream = regular_open(path);
        char *text = stream ? malloc(LARGEST + 1) : NULL;
        if (text) {
            text[fread(text, 1, LARGEST, stream)] = '\0';
            discover_config_parse(text, ret_config);
            ret_config->name = strdup(names[i]);
        }
        if (stream) {
            fclose(stream);
        }
        free(text);
        free(path);
    }
}

void discover_config_finish(struct discover_config *config) {
    free(config->name);
    free(config->out);
    free(config->table);
    free(config->schema);
    free(config->casing);
    discover_finish(&config->files);
    *config = (struct discover_config){0};
}
