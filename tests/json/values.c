/* Reads texts from standard input, each behind its length in four bytes, low byte first, and prints
 * one line for each: `-` when it is no JSON, else `+` and its value. With the argument `tree` the
 * value is what json_stringify() makes of the tree, in hexadecimal. Strings are in hexadecimal,
 * numbers are the bits of a double, members are sorted by key, the last of equal keys stands. Of
 * texts longer than VALUE_LONGEST it prints only the sign, since here values are walked by
 * recursion. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/json/print.h"
#include "migfs/json/text.h"

enum { VALUE_LONGEST = 4096 };

struct member {
    struct text key, value;
    size_t order;
};

static int compare_members(const void *a, const void *b) {
    const struct member *left = a, *right = b;
    int order = text_compare(left->key, right->key);
    return order != 0 ? order : (left->order > right->order) - (left->order < right->order);
}

static void print_bytes(struct text text) {
    for (size_t i = 0; i < text.length; i++) {
        printf("%02x", (unsigned)(unsigned char)text.bytes[i]);
    }
}

static void print_string(struct text text) {
    putchar('s');
    print_bytes(text);
}

static void print_number(double number) {
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    printf("n%016" PRIx64, bits);
}

static void print_value(struct arena *arena, struct text value);

static void print_array(struct arena *arena, struct text value) {
    struct json_walk walk = {.rest = value};
    struct text key, element;
    putchar('[');
    while (json_next(&walk, &key, &element)) {
        print_value(arena, element);
        putchar(',');
    }
    putchar(']');
}

static void print_object(struct arena *arena, struct text value) {
    struct json_walk walk = {.rest = value};
    struct member *members = arena_array(arena, struct member, value.length);
    size_t count = 0;
    struct text key;
    while (json_next(&walk, &key, &members[count].value)) {
        members[count].key = json_string(arena, key);
        members[count].order = count;
        count++;
    }
    qsort(members, count, sizeof *members, compare_members);
    putchar('{');
    for (size_t i = 0; i < count; i++) {
        if (i + 1 == count || !text_equal(members[i].key, members[i + 1].key)) {
            print_string(members[i].key);
            putchar(':');
            print_value(arena, members[i].value);
            putchar(',');
        }
    }
    putchar('}');
}

static void print_value(struct arena *arena, struct text value) {
    switch (json_type(value)) {
    case JSON_OBJECT:
        print_object(arena, value);
        break;
    case JSON_ARRAY:
        print_array(arena, value);
        break;
    case JSON_STRING:
        print_string(json_string(arena, value));
        break;
    case JSON_NUMBER:
        print_number(json_number(value));
        break;
    case JSON_TRUE:
        putchar('t');
        break;
    case JSON_FALSE:
        putchar('f');
        break;
    case JSON_NULL:
    default:
        putchar('z');
    }
}

/* Each text in a block of its own size, so that a sanitizer sees who reads beyond it. */
static bool read_text(char **ret_bytes, size_t *ret_length) {
    unsigned char length[4];
    if (fread(length, 1, sizeof length, stdin) != sizeof length) {
        return false;
    }
    *ret_length = length[0] | (size_t)length[1] << 8 | (size_t)length[2] << 16 | (size_t)length[3] << 24;
    *ret_bytes = malloc(*ret_length + 1);
    if (!*ret_bytes || fread(*ret_bytes, 1, *ret_length, stdin) != *ret_length) {
        abort();
    }
    (*ret_bytes)[*ret_length] = '\0'; /* as behind the journal's own copy */
    return true;
}

static void say_value(struct arena *arena, struct text text) {
    struct json_fault fault;
    if (!json_check(arena, text, &fault)) {
        putchar('-');
        return;
    }
    putchar('+');
    if (text.length <= VALUE_LONGEST) {
        print_value(arena, json_value(text));
    }
}

static void say_tree(struct arena *arena, struct text text) {
    struct json_fault fault;
    struct cJSON *tree = json_tree(arena, text, &fault);
    if (!tree) {
        putchar('-');
        return;
    }
    putchar('+');
    print_bytes(json_stringify(arena, tree));
}

int main(int argc, char **argv) {
    bool is_tree = argc > 1 && strcmp(argv[1], "tree") == 0;
    char *bytes;
    size_t length;
    while (read_text(&bytes, &length)) {
        struct arena *arena = arena_create();
        (is_tree ? say_tree : say_value)(arena, (struct text){bytes, length});
        putchar('\n');
        arena_destroy(arena);
        free(bytes);
    }
    return 0;
}
