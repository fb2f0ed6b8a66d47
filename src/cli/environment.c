/* Keeps a copy of each requested value. */
#include "cli/environment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/dotenv.h"

enum { LARGEST_FILE = 1 << 20 };

struct variable {
    char *name, *value;
    struct variable *next;
};

struct environment {
    struct variable *variables;
};

static void wipe(char *value) {
    if (value) {
        explicit_bzero(value, strlen(value));
    }
    free(value);
}

struct environment *environment_create(void) {
    return calloc(1, sizeof(struct environment));
}

void environment_destroy(struct environment *environment) {
    while (environment && environment->variables) {
        struct variable *variable = environment->variables;
        environment->variables = variable->next;
        free(variable->name);
        wipe(variable->value);
        free(variable);
    }
    free(environment);
}

static bool is_blank(const char *value) {
    return value[strspn(value, " \t\r\n")] == '\0';
}

/* Returns a value requested before, which is no longer in the process environment. */
static const char *remembered(const struct environment *environment, const char *name) {
    for (const struct variable *it = environment->variables; it; it = it->next) {
        if (strcmp(it->name, name) == 0) {
            return it->value;
        }
    }
    return NULL;
}

/* ---- files ---- */

/* `${NAME}` is expanded as Next.js, Bun and dotenv-expand do. The package dotenv alone leaves it as
 * it is, but then the URL cannot connect. */
enum { DEEPEST = 16, LONGEST_VALUE = 1 << 16 };

struct expansion {
    const struct environment *environment;
    struct text file;
    char *value; /* the result so far */
    size_t length;
    int depth;
};

static bool expand(struct expansion *expansion, const char *value, struct error *error);

static bool append(struct expansion *expansion, const char *bytes, size_t length, struct error *error) {
    if (expansion->length + length >= LONGEST_VALUE) {
        return error_set(error, ERROR_USAGE, "the value is longer than 64 KiB");
    }
    memcpy(expansion->value + expansion->length, bytes, length);
    expansion->length += length;
    expansion->value[expansion->length] = '\0';
    return true;
}

/* Expands the text between the braces: NAME, NAME-DEFAULT or NAME:-DEFAULT. The environment
 * overrides the file. */
static bool expand_one(struct expansion *expansion, const char *inner, size_t length, struct error *error) {
    char name[64], *copy;
    size_t end = strspn(inner, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
    const char *rest = inner + end, *behind = inner + length;
    rest += rest[0] == ':' && rest[1] == '-';
    if (end == 0 || end >= sizeof name || (rest < behind && *rest != '-')) {
        return append(expansion, "${", 2, error) && append(expansion, inner, length, error) &&
               append(expansion, "}", 1, error);
    }
    memcpy(name, inner, end);
    name[end] = '\0';
    const char *here = remembered(expansion->environment, name);
    here = here ? here : getenv(name);
    char *found = here && *here ? strdup(here) : dotenv_find(expansion->file, name);
    bool has_default = rest < behind;
    if (!found && !has_default) {
        return error_set(error, ERROR_USAGE, "it holds ${%s}, and the variable %s is set neither there nor here", name,
                         name);
    }
    copy = found && *found ? NULL : has_default ? strndup(rest + 1, (size_t)(behind - rest) - 1) : NULL;
    bool is_good = expand(expansion, copy ? copy : found ? found : "", error);
    wipe(found);
    wipe(copy);
    return is_good;
}

static bool expand(struct expansion *expansion, const char *value, struct error *error) {
    const char *start, *end;
    if (++expansion->depth > DEEPEST) {
        return error_set(error, ERROR_USAGE, "the variables that it holds as ${NAME} hold each other");
    }
    bool is_good = true;
    while (is_good && (start = strstr(value, "${")) && (end = strchr(start, '}'))) {
        is_good = append(expansion, value, (size_t)(start - value), error) &&
                  expand_one(expansion, start + 2, (size_t)(end - start) - 2, error);
        value = end + 1;
    }
    expansion->depth--;
    return is_good && append(expansion, value, strlen(value), error);
}

/* Takes ownership of *value and replaces it; by NULL on failure. */
static bool expand_value(const struct environment *environment, struct text file, const char *name, char **value,
                         struct error *error) {
    if (!*value || !strstr(*value, "${")) {
        return true;
    }
    struct expansion expansion = {.environment = environment, .file = file, .value = calloc(1, LONGEST_VALUE)};
    if (!expansion.value) {
        wipe(*value);
        *value = NULL;
        return error_set_memory(error);
    }
    bool is_good = expand(&expansion, *value, error);
    wipe(*value);
    *value = is_good ? strdup(expansion.value) : NULL;
    wipe(expansion.value);
    return is_good ? *value || error_set_memory(error) : error_wrap(error, "%s in --env-file", name);
}

static bool find_in_file(const struct environment *environment, const char *file, const char *name, char **ret_value,
                         struct error *error) {
    static char text[LARGEST_FILE];
    FILE *stream = fopen(file, "re");
    if (!stream) {
        return error_set_errno(error, "--env-file %s cannot be read", file);
    }
    size_t length = fread(text, 1, sizeof text - 1, stream);
    bool is_good = !ferror(stream) || error_set_errno(error, "--env-file %s cannot be read", file);
    fclose(stream);
    is_good = is_good &&
              (length < sizeof text - 1 || error_set(error, ERROR_USAGE, "--env-file %s is larger than 1 MiB", file));
    const struct text found = {text, length};
    *ret_value = is_good ? dotenv_find(found, name) : NULL;
    is_good = is_good && expand_value(environment, found, name, ret_value, error);
    explicit_bzero(text, length);
    return is_good;
}

/* ---- values ---- */

static bool remember(struct environment *environment, const char *name, char *value, const char **ret_value,
                     struct error *error) {
    struct variable *variable = calloc(1, sizeof *variable);
    char *copy = strdup(name);
    if (!variable || !copy) {
        free(variable);
        free(copy);
        wipe(value);
        return error_set_memory(error);
    }
    *variable = (struct variable){.name = copy, .value = value, .next = environment->variables};
    environment->variables = variable;
    *ret_value = value;
    return true;
}

bool environment_get(struct environment *environment, const char *file, const char *name, const char **ret_value,
                     struct error *error) {
    *ret_value = remembered(environment, name);
    if (*ret_value) {
        return true;
    }
    char *here = getenv(name), *value = NULL;
    if (here && !is_blank(here)) {
        value = strdup(here);
        memset(here, '*', strlen(here));
        return value ? remember(environment, name, value, ret_value, error) : error_set_memory(error);
    }
    if (file && !find_in_file(environment, file, name, &value, error)) {
        return false;
    }
    if (!value && here) {
        value = strdup("");
    }
    if (!value) {
        *ret_value = NULL;
        return true;
    }
    return remember(environment, name, value, ret_value, error);
}
