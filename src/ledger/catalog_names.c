/* A set of names is one block of memory: the texts, then their bytes. */
#include "migfs/ledger/catalog_names.h"

#include <stdlib.h>
#include <string.h>

static bool is_usable(struct text name) {
    for (size_t i = 0; i < name.length; i++) {
        if (name.bytes[i] < ' ' || name.bytes[i] > '~') {
            return false;
        }
    }
    return name.length > 0;
}

/* In an element of an array within an E'' literal. */
static size_t escaped_length(char byte) {
    return byte == '\\' ? 4 : byte == '"' ? 3 : byte == '\'' ? 2 : 1;
}

/* With its quotes and a comma. */
static size_t literal_length(struct text name) {
    size_t length = sizeof "\"\"," - 1;
    for (size_t i = 0; i < name.length; i++) {
        length += escaped_length(name.bytes[i]);
    }
    return length;
}

static size_t literal_length_of(const struct catalog_names *names) {
    size_t length = sizeof "E'{}'::text[]";
    for (size_t i = 0; i < names->count; i++) {
        length += literal_length(names->names[i]);
    }
    return length;
}

/* The usable ones, sorted, each once. Returns their number. */
static size_t sort(struct text *texts, const struct text *names, size_t count) {
    size_t usable = 0, kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_usable(names[i])) {
            texts[usable++] = names[i];
        }
    }
    if (usable > 0) {
        qsort(texts, usable, sizeof *texts, text_compare_elements);
    }
    for (size_t i = 0; i < usable; i++) {
        if (kept == 0 || !text_equal(texts[kept - 1], texts[i])) {
            texts[kept++] = texts[i];
        }
    }
    return kept;
}

static struct catalog_names *copy(const struct text *texts, size_t count) {
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        bytes += texts[i].length;
    }
    struct catalog_names *names = malloc(sizeof *names + count * sizeof *texts + bytes + 1);
    if (!names) {
        return NULL;
    }
    char *end = (char *)&names->names[count];
    record_init(&names->record);
    names->count = count;
    for (size_t i = 0; i < count; i++) {
        names->names[i] = (struct text){end, texts[i].length};
        memcpy(end, texts[i].bytes, texts[i].length);
        end += texts[i].length;
    }
    names->are_too_many = literal_length_of(names) > CATALOG_NAMES_MAXIMUM;
    return names;
}

struct catalog_names *catalog_names_create(const struct text *names, size_t count) {
    struct text *texts = calloc(count + 1, sizeof *texts);
    struct catalog_names *created = texts ? copy(texts, sort(texts, names, count)) : NULL;
    free(texts);
    return created;
}

struct catalog_names *catalog_names_ref(struct catalog_names *names) {
    if (names) {
        record_ref(&names->record);
    }
    return names;
}

void catalog_names_unref(struct catalog_names *names) {
    if (names && record_unref(&names->record)) {
        free(names);
    }
}

bool catalog_names_have(const struct catalog_names *names, struct text name) {
    return !is_usable(name) ||
           (names && bsearch(&name, names->names, names->count, sizeof *names->names, text_compare_elements) != NULL);
}

bool catalog_names_cover(const struct catalog_names *names, const struct catalog_names *wanted) {
    for (size_t i = 0; names != wanted && i < wanted->count; i++) {
        if (!catalog_names_have(names, wanted->names[i])) {
            return false;
        }
    }
    return true;
}

static char *add_escaped(char *end, struct text name) {
    for (size_t i = 0; i < name.length; i++) {
        char byte = name.bytes[i];
        if (byte == '\\') {
            end = stpcpy(end, "\\\\\\");
        } else if (byte == '"') {
            end = stpcpy(end, "\\\\");
        } else if (byte == '\'') {
            *end++ = '\'';
        }
        *end++ = byte;
    }
    return end;
}

char *catalog_names_literal(const struct catalog_names *names) {
    char *literal = malloc(literal_length_of(names));
    if (!literal) {
        return NULL;
    }
    char *end = stpcpy(literal, "E'{");
    for (size_t i = 0; i < names->count; i++) {
        end = stpcpy(end, i > 0 ? ",\"" : "\"");
        end = add_escaped(end, names->names[i]);
        *end++ = '"';
    }
    stpcpy(end, "}'::text[]");
    return literal;
}
