/* Parses with cJSON what json_check() has accepted, and builds trees with it. cJSON ends strings at
 * \u0000 and rejects lone surrogates and numbers of more than 63 characters; texts that have any of
 * these are rewritten first. */
#include "migfs/json/tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NUMBER = 60, FEW_MEMBERS = 8 };

static _Thread_local struct arena *tree_arena;

static void *tree_allocate(size_t size) {
    return arena_alloc(tree_arena, size);
}

static void tree_free(void *block) {
    (void)block;
}

static void install_hooks(void) {
    cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = tree_allocate, .free_fn = tree_free});
}

void json_use(struct arena *arena) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install_hooks);
    tree_arena = arena;
}

struct arena *json_used(void) {
    return tree_arena;
}

/* ---- Reading ---- */

/* Copies a checked text, converting what cJSON does not accept. */
struct rewrite {
    struct buffer out;
    struct text text;
    size_t at, copied; /* bytes before `copied` are in `out` */
    size_t depth;
};

static void replace(struct rewrite *rewrite, size_t length, struct text with) {
    buffer_add(&rewrite->out, text_slice(rewrite->text, rewrite->copied, rewrite->at));
    buffer_add(&rewrite->out, with);
    rewrite->at += length;
    rewrite->copied = rewrite->at;
}

/* The code unit of the \u escape at `at`, or -1 if there is none. */
static long escaped_unit(struct text text, size_t at) {
    char digits[5] = "";
    if (text.length < 6 || at > text.length - 6 || text.bytes[at] != '\\' || text.bytes[at + 1] != 'u') {
        return -1;
    }
    memcpy(digits, text.bytes + at + 2, 4);
    return strtol(digits, NULL, 16);
}

static void rewrite_escape(struct rewrite *rewrite) {
    long unit = escaped_unit(rewrite->text, rewrite->at);
    long next = unit >= 0xd800 && unit <= 0xdbff ? escaped_unit(rewrite->text, rewrite->at + 6) : -1;
    if (next >= 0xdc00 && next <= 0xdfff) {
        rewrite->at += 12;
    } else if (unit >= 0xd800 && unit <= 0xdfff) {
        const char bytes[] = {'\xed', (char)(0x80 | (unit >> 6 & 0x3f)), (char)(0x80 | (unit & 0x3f))};
        replace(rewrite, 6, (struct text){bytes, sizeof bytes});
    } else if (unit == 0) {
        replace(rewrite, 6, TEXT("\xc0\x80"));
    } else {
        rewrite->at += 2;
    }
}

static void rewrite_string(struct rewrite *rewrite) {
    for (rewrite->at++; rewrite->text.bytes[rewrite->at] != '"';) {
        if (rewrite->text.bytes[rewrite->at] == '\\') {
            rewrite_escape(rewrite);
        } else {
            rewrite->at++;
        }
    }
    rewrite->at++;
}

static void rewrite_number(struct rewrite *rewrite) {
    struct text text = rewrite->text;
    size_t end = rewrite->at;
    while (end < text.length && strchr("0123456789+-.eE", text.bytes[end]) && text.bytes[end]) {
        end++;
    }
    if (end - rewrite->at <= LONGEST_NUMBER) {
        rewrite->at = end;
        return;
    }
    double number = json_number(text_copy(rewrite->out.arena, text_slice(text, rewrite->at, end)));
    struct text shorter =
        isinf(number) ? text_of(number < 0 ? "-1e999" : "1e999") : text_format(rewrite->out.arena, "%.17g", number);
    replace(rewrite, end - rewrite->at, shorter);
}

/* False if it is nested too deep, with `at` at that point. */
static bool rewrite_all(struct rewrite *rewrite) {
    while (rewrite->at < rewrite->text.length) {
        char byte = rewrite->text.bytes[rewrite->at];
        if (byte == '"') {
            rewrite_string(rewrite);
        } else if (byte == '-' || (byte >= '0' && byte <= '9')) {
            rewrite_number(rewrite);
        } else {
            if ((byte == '{' || byte == '[') && ++rewrite->depth > CJSON_NESTING_LIMIT) {
                return false;
            }
            rewrite->depth -= byte == '}' || byte == ']';
            rewrite->at++;
        }
    }
    if (rewrite->copied > 0) {
        replace(rewrite, 0, TEXT(""));
    }
    return true;
}

struct place {
    cJSON *item;
    size_t order;
};

static int compare_places(const void *a, const void *b) {
    const struct place *left = a, *right = b;
    int order = strcmp(left->item->string, right->item->string);
    return order != 0 ? order : (left->order > right->order) - (left->order < right->order);
}

static bool has_equal_keys(const cJSON *object) {
    for (const cJSON *a = object->child; a; a = a->next) {
        for (const cJSON *b = a->next; b; b = b->next) {
            if (strcmp(a->string, b->string) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void unite(cJSON *object, cJSON *first, cJSON *last) {
    first->type = last->type;
    first->valuestring = last->valuestring;
    first->valuedouble = last->valuedouble;
    first->valueint = last->valueint;
    first->child = last->child;
    cJSON_DetachItemViaPointer(object, last);
}

static void unite_equal_keys(cJSON *object) {
    size_t count = (size_t)cJSON_GetArraySize(object), at = 0;
    if (count <= FEW_MEMBERS && !has_equal_keys(object)) {
        return;
    }
    struct place *places = arena_array(tree_arena, struct place, count);
    for (cJSON *item = object->child; item; item = item->next, at++) {
        places[at] = (struct place){item, at};
    }
    qsort(places, count, sizeof *places, compare_places);
    for (size_t i = 0, first = 0; i < count; i++) {
        if (i > first && strcmp(places[i].item->string, places[first].item->string) == 0) {
            unite(object, places[first].item, places[i].item);
        } else {
            first = i;
        }
    }
}

static void unite_all(cJSON *value) {
    if (cJSON_IsObject(value)) {
        unite_equal_keys(value);
    }
    for (cJSON *item = value->child; item; item = item->next) {
        unite_all(item);
    }
}

struct cJSON *json_tree(struct arena *arena, struct text text, struct json_fault *ret_fault) {
    json_use(arena);
    if (!json_check(arena, text, ret_fault)) {
        return NULL;
    }
    struct rewrite rewrite = {.out = BUFFER(arena), .text = text_repair_utf8(arena, text)};
    if (!rewrite_all(&rewrite)) {
        *ret_fault = json_fault_at(rewrite.text, rewrite.at, "it is nested more than 1000 deep");
        return NULL;
    }
    struct text taken = rewrite.copied > 0 ? buffer_text(&rewrite.out) : rewrite.text;
    cJSON *tree = cJSON_ParseWithLengthOpts(taken.bytes, taken.length, NULL, false);
    if (!tree) {
        *ret_fault = json_fault_at(text, 0, "it cannot be read");
        return NULL;
    }
    unite_all(tree);
    return tree;
}

struct cJSON *json_tree_next(struct arena *arena, struct text *rest) {
    const char *end = rest->bytes;
    json_use(arena);
    struct cJSON *tree = cJSON_ParseWithLengthOpts(rest->bytes, rest->length, &end, false);
    *rest = (struct text){end, rest->length - (size_t)(end - rest->bytes)};
    return tree;
}

struct cJSON *json_tree_printed(struct arena *arena, struct text text) {
    return json_tree_next(arena, &text);
}

struct cJSON *json_member(const struct cJSON *object, const char *key) {
    cJSON *found = NULL;
    for (cJSON *item = cJSON_IsObject(object) ? object->child : NULL; item; item = item->next) {
        if (strcmp(item->string, key) == 0) {
            found = item;
        }
    }
    return found;
}

bool json_integer(const struct cJSON *value, int64_t *ret_number) {
    const double limit = 9007199254740992.0;
    if (!cJSON_IsNumber(value) || !(fabs(value->valuedouble) < limit) ||
        trunc(value->valuedouble) != value->valuedouble) {
        return false;
    }
    *ret_number = (int64_t)value->valuedouble;
    return true;
}

const char *json_chars(const struct cJSON *value) {
    return cJSON_IsString(value) ? value->valuestring : NULL;
}

bool json_is_true(const struct cJSON *value) {
    return cJSON_IsTrue(value);
}

bool json_is_number(const struct cJSON *value) {
    return cJSON_IsNumber(value);
}

bool json_is_object(const struct cJSON *value) {
    return cJSON_IsObject(value);
}

bool json_is_empty(const struct cJSON *value) {
    return !value || !value->child;
}

struct cJSON *json_first(const struct cJSON *parent) {
    return parent ? parent->child : NULL;
}

struct cJSON *json_following(const struct cJSON *item) {
    return item->next;
}

const char *json_key(const struct cJSON *member) {
    return member->string;
}

/* ---- Changing ---- */

static cJSON *string_node(struct text value) {
    return cJSON_CreateStringReference(text_copy(tree_arena, value).bytes);
}

void json_remove(struct cJSON *parent, struct cJSON *item) {
    cJSON_DetachItemViaPointer(parent, item);
}

void json_remove_key(struct cJSON *object, const char *key) {
    cJSON *item = json_member(object, key);
    if (item) {
        cJSON_DetachItemViaPointer(object, item);
    }
}

void json_rename(struct cJSON *member, struct text key) {
    char *copy = arena_alloc(tree_arena, key.length + 1);
    memcpy(copy, key.bytes, key.length);
    member->string = copy;
}

void json_move(struct cJSON *from, struct cJSON *item, struct cJSON *to) {
    cJSON_DetachItemViaPointer(from, item);
    cJSON_AddItemToArray(to, item); /* keeps the item's key */
}

/* cJSON_InsertItemInArray() is not used: Debian's 1.7.15 accepts only the first position. */
void json_insert(struct cJSON *array, struct cJSON *before, struct text value) {
    cJSON *made = string_node(value);
    cJSON_AddItemToArray(array, made);
    for (cJSON *item = before, *next; item && item != made; item = next) {
        next = item->next;
        cJSON_DetachItemViaPointer(array, item);
        cJSON_AddItemToArray(array, item);
    }
}

static void set(cJSON *object, const char *key, cJSON *value) {
    cJSON *item = json_member(object, key);
    if (item) {
        value->string = item->string;
        value->type |= item->type & cJSON_StringIsConst;
        cJSON_ReplaceItemViaPointer(object, item, value);
    } else {
        cJSON_AddItemToObject(object, key, value);
    }
}

void json_set_text(struct cJSON *object, const char *key, struct text value) {
    set(object, key, string_node(value));
}

void json_set_bool(struct cJSON *object, const char *key, bool value) {
    set(object, key, cJSON_CreateBool(value));
}

void json_set_copy(struct cJSON *object, const char *key, const struct cJSON *value) {
    set(object, key, cJSON_Duplicate(value, true));
}

void json_replace_text(struct cJSON *parent, struct cJSON *item, struct text value) {
    cJSON *made = string_node(value);
    made->string = item->string;
    cJSON_ReplaceItemViaPointer(parent, item, made);
}

/* ---- Building ---- */

struct cJSON *json_object(struct arena *arena) {
    json_use(arena);
    return cJSON_CreateObject();
}

struct cJSON *json_array(struct arena *arena) {
    json_use(arena);
    return cJSON_CreateArray();
}

static cJSON *add(cJSON *parent, const char *key, cJSON *item) {
    if (key) {
        cJSON_AddItemToObjectCS(parent, key, item);
    } else {
        cJSON_AddItemToArray(parent, item);
    }
    return item;
}

struct cJSON *json_add_object(struct cJSON *parent, const char *key) {
    return add(parent, key, cJSON_CreateObject());
}

struct cJSON *json_add_array(struct cJSON *parent, const char *key) {
    return add(parent, key, cJSON_CreateArray());
}

/* Uses a node type that the parser never produces, with the elements in place of its string. */
void json_add_elements(struct cJSON *parent, const char *key, const struct json_elements *elements) {
    cJSON *node = cJSON_CreateNull();
    node->type = cJSON_Raw | cJSON_IsReference;
    node->valuestring = (char *)elements;
    add(parent, key, node);
}

void json_add_null(struct cJSON *parent, const char *key) {
    add(parent, key, cJSON_CreateNull());
}

void json_add_bool(struct cJSON *parent, const char *key, bool value) {
    add(parent, key, cJSON_CreateBool(value));
}

void json_add_literal(struct cJSON *parent, const char *key, const char *value) {
    add(parent, key, cJSON_CreateStringReference(value));
}

/* `bytes`: the same text, NUL-terminated; NULL: it is to be copied. */
static void add_text(struct cJSON *parent, const char *key, struct text value, const char *bytes) {
    struct text repaired = text_repair_utf8(tree_arena, value);
    if (!memchr(repaired.bytes, '\0', repaired.length)) {
        bool is_kept = bytes && repaired.bytes == value.bytes;
        add(parent, key, cJSON_CreateStringReference(is_kept ? bytes : text_copy(tree_arena, repaired).bytes));
        return;
    }
    struct buffer form = BUFFER(tree_arena);
    for (size_t i = 0; i < repaired.length; i++) {
        buffer_add(&form, repaired.bytes[i] == '\0' ? TEXT("\xc0\x80") : text_slice(repaired, i, i + 1));
    }
    add(parent, key, cJSON_CreateStringReference(buffer_text(&form).bytes));
}

void json_add_text(struct cJSON *parent, const char *key, struct text value) {
    add_text(parent, key, value, NULL);
}

void json_add_lasting_text(struct cJSON *parent, const char *key, struct text value) {
    add_text(parent, key, value, value.bytes);
}

void json_add_integer(struct cJSON *parent, const char *key, int64_t value) {
    const int64_t limit = INT64_C(9007199254740992);
    if (value > -limit && value < limit) {
        add(parent, key, cJSON_CreateNumber((double)value));
    } else {
        add(parent, key, cJSON_CreateStringReference(text_format(tree_arena, "%lld", (long long)value).bytes));
    }
}

void json_add_double(struct cJSON *parent, const char *key, double value) {
    add(parent, key, cJSON_CreateNumber(value));
}
