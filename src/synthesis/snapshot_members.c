/* A balanced tree (an AA tree), not a hash table: names come from files that anyone may have
 * written. */
#include "synthesis/snapshot_members.h"

#include <assert.h>

/* That an object or an array is indexed is a node, too. */
enum { BY_KEY, BY_VALUE, BY_NOTHING, OTHERS };

struct key {
    const struct cJSON *of;
    int by;
    struct text name;
};

struct node {
    struct key key;
    struct snapshot_found *found;
    struct node *left, *right;
    unsigned level;
};

struct snapshot_members {
    struct arena *arena;
    struct node *root;
};

struct snapshot_members *snapshot_members(struct arena *arena) {
    struct snapshot_members *members = arena_new(arena, struct snapshot_members);
    members->arena = arena;
    return members;
}

/* ---- The balanced tree ---- */

static int compare(const struct key *a, const struct key *b) {
    if (a->of != b->of) {
        return (uintptr_t)a->of < (uintptr_t)b->of ? -1 : 1;
    }
    return a->by != b->by ? a->by - b->by : text_compare(a->name, b->name);
}

static struct node *find(struct snapshot_members *members, const struct cJSON *of, int by, struct text name) {
    const struct key key = {of, by, name};
    struct node *it = members->root;
    for (int order; it && (order = compare(&key, &it->key)) != 0;) {
        it = order < 0 ? it->left : it->right;
    }
    return it;
}

/* No left child on the same level. */
static struct node *skew(struct node *it) {
    struct node *left = it->left;
    if (!left || left->level != it->level) {
        return it;
    }
    it->left = left->right;
    left->right = it;
    return left;
}

/* No two right ones on the same level. */
static struct node *split(struct node *it) {
    struct node *right = it->right;
    if (!right || !right->right || right->right->level != it->level) {
        return it;
    }
    it->right = right->left;
    right->left = it;
    right->level++;
    return right;
}

static struct node *insert(struct arena *arena, struct node *it, const struct key *key, struct node **ret_node) {
    int order = it ? compare(key, &it->key) : 0;
    if (order == 0) {
        if (!it) {
            it = arena_new(arena, struct node);
            *it = (struct node){.key = *key, .level = 1};
        }
        *ret_node = it;
        return it;
    }
    struct node **child = order < 0 ? &it->left : &it->right;
    *child = insert(arena, *child, key, ret_node);
    return split(skew(it));
}

/* The name must live as long as the arena. */
static struct node *node_of(struct snapshot_members *members, const struct key *key) {
    struct node *node;
    members->root = insert(members->arena, members->root, key, &node);
    return node;
}

static struct snapshot_found *put(struct snapshot_members *members, const struct key *key,
                                  const struct snapshot_found *found) {
    struct node *node = node_of(members, key);
    struct snapshot_found *made = arena_new(members->arena, struct snapshot_found);
    *made = *found;
    made->next = node->found;
    return node->found = made;
}

static bool is_indexed(struct snapshot_members *members, const struct cJSON *of) {
    return find(members, of, BY_NOTHING, TEXT(""));
}

static void mark_indexed(struct snapshot_members *members, const struct cJSON *of) {
    node_of(members, &(struct key){of, BY_NOTHING, TEXT("")});
}

/* ---- Members of one object ---- */

/* Objects with fewer are looked through. */
static bool has_many(const struct cJSON *parent) {
    enum { MANY = 16 };
    size_t count = 0;
    for (const struct cJSON *it = json_first(parent); it && count < MANY; it = json_following(it)) {
        count++;
    }
    return count == MANY;
}

static void put_member(struct snapshot_members *members, const struct cJSON *object, struct cJSON *item) {
    put(members, &(struct key){object, BY_KEY, text_of(json_key(item))}, &(struct snapshot_found){.item = item});
}

static void index_members(struct snapshot_members *members, const struct cJSON *object) {
    for (struct cJSON *it = json_first(object); it; it = json_following(it)) {
        put_member(members, object, it);
    }
    mark_indexed(members, object);
}

/* True if the object has so many members that they are indexed; they are then. */
static bool has_index(struct snapshot_members *members, const struct cJSON *object) {
    bool has_one = json_is_object(object) && has_many(object);
    if (has_one && !is_indexed(members, object)) {
        index_members(members, object);
    }
    return has_one;
}

struct cJSON *snapshot_member(struct snapshot_members *members, const struct cJSON *object, const char *key) {
    if (!has_index(members, object)) {
        return json_member(object, key);
    }
    const struct node *node = find(members, object, BY_KEY, text_of(key));
    const struct snapshot_found *found = node ? node->found : NULL;
    /* Of several, by a rename that PostgreSQL refuses, it is the last one. */
    struct cJSON *it = !found ? NULL : found->next ? json_member(object, key) : found->item;
    assert(it == json_member(object, key));
    return it;
}

bool snapshot_is_member(struct snapshot_members *members, const struct cJSON *object, const struct cJSON *item) {
    if (!has_index(members, object)) {
        const struct cJSON *it = json_first(object);
        while (it && it != item) {
            it = json_following(it);
        }
        return it;
    }
    const struct node *node = find(members, object, BY_KEY, text_of(json_key(item)));
    const struct snapshot_found *found = node ? node->found : NULL;
    while (found && found->item != item) {
        found = found->next;
    }
    return found;
}

/* Forgets one of this name: this item, or any (NULL). */
static void forget(struct snapshot_members *members, const struct key *key, const struct cJSON *item) {
    struct node *node = find(members, key->of, key->by, key->name);
    struct snapshot_found **link = node ? &node->found : NULL;
    while (link && *link && (*link)->item != item) {
        link = &(*link)->next;
    }
    if (link && *link) {
        *link = (*link)->next;
    }
}

struct cJSON *snapshot_add(struct snapshot_members *members, struct cJSON *object, const char *key) {
    struct cJSON *item = json_add_object(object, key);
    if (is_indexed(members, object)) {
        put_member(members, object, item);
    }
    return item;
}

static void move(struct snapshot_members *members, struct cJSON *holder, struct cJSON *object) {
    struct cJSON *item = json_first(holder);
    json_move(holder, item, object);
    if (is_indexed(members, object)) {
        put_member(members, object, item);
    }
}

void snapshot_add_copy(struct snapshot_members *members, struct cJSON *object, const char *key,
                       const struct cJSON *value) {
    struct cJSON *holder = json_object(members->arena);
    json_set_copy(holder, key, value);
    move(members, holder, object);
}

void snapshot_add_text(struct snapshot_members *members, struct cJSON *object, const char *key, struct text value) {
    struct cJSON *holder = json_object(members->arena);
    json_set_text(holder, key, value);
    move(members, holder, object);
}

void snapshot_remove(struct snapshot_members *members, struct cJSON *object, struct cJSON *item) {
    forget(members, &(struct key){object, BY_KEY, text_of(json_key(item))}, item);
    json_remove(object, item);
}

void snapshot_remove_key(struct snapshot_members *members, struct cJSON *object, const char *key) {
    struct cJSON *item = snapshot_member(members, object, key);
    if (item) {
        snapshot_remove(members, object, item);
    }
}

void snapshot_rename(struct snapshot_members *members, struct cJSON *object, struct cJSON *item, struct text key) {
    forget(members, &(struct key){object, BY_KEY, text_of(json_key(item))}, item);
    json_rename(item, key);
    if (is_indexed(members, object)) {
        put_member(members, object, item);
    }
}

void snapshot_set(struct snapshot_members *members, struct cJSON *object, const char *key, const struct cJSON *value) {
    struct cJSON *item = snapshot_member(members, object, key), *holder, *copy, *it;
    if (!item) {
        snapshot_add_copy(members, object, key, value);
        return;
    }
    if (!json_is_object(item) || !json_is_object(value)) {
        forget(members, &(struct key){object, BY_KEY, text_of(key)}, item);
        json_set_copy(object, key, value);
        if (is_indexed(members, object)) {
            put_member(members, object, json_member(object, key));
        }
        return;
    }
    while ((it = json_first(item))) {
        json_remove(item, it);
    }
    holder = json_object(members->arena);
    json_set_copy(holder, key, value);
    copy = json_first(holder);
    while ((it = json_first(copy))) {
        json_move(copy, it, item);
    }
}

/* ---- Values of an enum ---- */

static struct key key_of_value(const struct cJSON *values, struct text value) {
    return (struct key){values, BY_VALUE, value};
}

bool snapshot_has_value(struct snapshot_members *members, const struct cJSON *values, struct text value) {
    if (!has_many(values)) {
        return snapshot_has_text(values, value);
    }
    if (!is_indexed(members, values)) {
        for (struct cJSON *it = json_first(values); it; it = json_following(it)) {
            const struct key key = key_of_value(values, text_of(json_chars(it)));
            put(members, &key, &(struct snapshot_found){0});
        }
        mark_indexed(members, values);
    }
    const struct node *node = find(members, values, BY_VALUE, value);
    assert((node && node->found) == snapshot_has_text(values, value));
    return node && node->found;
}

static void put_value(struct snapshot_members *members, const struct cJSON *values, struct text value) {
    if (is_indexed(members, values)) {
        const struct key key = key_of_value(values, text_copy(members->arena, value));
        put(members, &key, &(struct snapshot_found){0});
    }
}

static void forget_value(struct snapshot_members *members, const struct cJSON *values, const struct cJSON *it) {
    const struct key key = key_of_value(values, text_of(json_chars(it)));
    forget(members, &key, NULL);
}

void snapshot_add_value(struct snapshot_members *members, struct cJSON *values, struct cJSON *before,
                        struct text value) {
    json_insert(values, before, value);
    put_value(members, values, value);
}

void snapshot_replace_value(struct snapshot_members *members, struct cJSON *values, struct cJSON *it,
                            struct text value) {
    forget_value(members, values, it);
    json_replace_text(values, it, value);
    put_value(members, values, value);
}

void snapshot_remove_value(struct snapshot_members *members, struct cJSON *values, struct cJSON *it) {
    forget_value(members, values, it);
    json_remove(values, it);
}

struct snapshot_found **snapshot_members_at(struct snapshot_members *members, const struct cJSON *of, int by,
                                            struct text name) {
    return &node_of(members, &(struct key){of, OTHERS + by, name})->found;
}

bool snapshot_has_text(const struct cJSON *array, struct text value) {
    for (const struct cJSON *it = json_first(array); it; it = json_following(it)) {
        if (json_chars(it) && text_equal(text_of(json_chars(it)), value)) {
            return true;
        }
    }
    return false;
}
