/* Keeps a copy of each value that was asked for. */
#include "cli/environment.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/util/text.h"

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

/* ---- files ---- */

/* What stands behind the equals sign, to the end of the line or of the quotes. */
static char *copy_value(const char *at) {
    at += strspn(at, " \t");
    const char quote = *at;
    bool is_quoted = quote && strchr("'\"`", quote) && strchr(at + 1, quote);
    char *value = malloc(strlen(at) + 1);
    size_t length = 0;
    if (!value) {
        return NULL;
    }
    if (is_quoted) {
        for (at++; *at && *at != quote; at++) {
            if (quote == '"' && *at == '\\' && at[1] == 'n') {
                value[length++] = '\n';
                at++;
            } else if (quote == '"' && *at == '\\' && at[1] == 'r') {
                value[length++] = '\r';
                at++;
            } else {
                value[length++] = *at;
            }
        }
    } else {
        for (; *at && *at != '\n' && *at != '#'; at++) {
            value[length++] = *at;
        }
        while (length > 0 && isspace((unsigned char)value[length - 1])) {
            length--;
        }
    }
    value[length] = '\0';
    return value;
}

char *environment_find(const char *text, const char *name) {
    size_t length = strlen(name);
    char *found = NULL;
    while (*text) {
        const char *at = text + strspn(text, " \t");
        if (strncmp(at, "export", 6) == 0 && (at[6] == ' ' || at[6] == '\t')) {
            at += 6;
            at += strspn(at, " \t");
        }
        if (strncmp(at, name, length) == 0) {
            at += length;
            at += strspn(at, " \t");
            if (*at == '=') {
                wipe(found); /* the last of two counts */
                found = copy_value(at + 1);
            }
        }
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return found;
}

static bool find_in_file(const char *file, const char *name, char **ret_value, struct error *error) {
    static char text[LARGEST_FILE];
    FILE *stream = fopen(file, "re");
    if (!stream) {
        return error_set_errno(error, "--env-file %s cannot be read", file);
    }
    size_t length = fread(text, 1, sizeof text - 1, stream);
    bool is_good = !ferror(stream) || error_set_errno(error, "--env-file %s cannot be read", file);
    fclose(stream);
    text[length] = '\0';
    *ret_value = is_good ? environment_find(text, name) : NULL;
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
    for (const struct variable *it = environment->variables; it; it = it->next) {
        if (strcmp(it->name, name) == 0) {
            *ret_value = it->value;
            return true;
        }
    }
    char *here = getenv(name), *value = NULL;
    if (here && !is_blank(here)) {
        value = strdup(here);
        memset(here, '*', strlen(here));
        return value ? remember(environment, name, value, ret_value, error) : error_set_memory(error);
    }
    if (file && !find_in_file(file, name, &value, error)) {
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
