/* Builds a tree from its predecessor in two steps. First everything is laid out and compared in the
 * scratch arena, where running out of memory is harmless, since nothing else is held. Then the new
 * directories and nodes are allocated with malloc; a failure releases what was made so far. */
#include "migfs/tree/build.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/util/digest.h"

/* One name as it was added. */
struct draft_name {
    struct text name;
    struct tree_attributes attributes;
    enum node_kind kind;
    bool is_refused;
    uint64_t position;              /* among all names added */
    struct text bytes;              /* of a file or a link's target, unless there is: */
    struct content *content;        /* shared */
    uint64_t size;                  /* of a refused file */
    struct tree_draft *draft;       /* of a directory */
    struct draft_name *next;        /* as added */
    const struct tree_name *before; /* this name in the previous directory, whatever it led to */
    struct node *kept;              /* the previous node, if it can be reused */
};

struct tree_draft {
    struct tree_attributes attributes;
    struct draft_name *first, **end;
    size_t count;
    const struct tree_directory *before; /* the directory at this path in the previous tree, or NULL */
    bool is_same;                        /* it is reused: nothing below has changed */
    bool has_same_listing;               /* its node serves */
    struct draft_name **names;           /* sorted by bytes */
    uint32_t *order;                     /* as in struct tree_directory */
    size_t name_bytes;                   /* with a NUL each */
    uint32_t subdirectories;
};

/* The journal is at several paths, often with the same bytes, and is the largest generated file. */
enum { LARGE = 64 << 10, LARGE_KEPT = 4 };

struct tree_builder {
    struct arena *scratch;
    const struct tree *previous;
    struct timespec now;
    struct tree_draft *root;
    uint64_t name_count;
    struct content *large[LARGE_KEPT]; /* made last; reused for the same bytes; held by nodes */
    size_t large_count;
};

/* ---- adding ---- */

static struct tree_draft *draft_create(struct arena *scratch, const struct tree_attributes *attributes) {
    struct tree_draft *draft = arena_new(scratch, struct tree_draft);
    draft->attributes = *attributes;
    draft->end = &draft->first;
    return draft;
}

struct tree_builder *tree_builder_create(struct arena *scratch, const struct tree *previous, struct timespec now,
                                         const struct tree_attributes *root) {
    struct tree_builder *builder = arena_new(scratch, struct tree_builder);
    builder->scratch = scratch;
    builder->previous = previous;
    builder->now = now;
    builder->root = draft_create(scratch, root);
    return builder;
}

struct tree_draft *tree_builder_root(struct tree_builder *builder) {
    return builder->root;
}

static struct draft_name *add_name(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                                   const struct tree_attributes *attributes, enum node_kind kind) {
    struct draft_name *added = arena_new(builder->scratch, struct draft_name);
    added->name = name;
    added->attributes = *attributes;
    added->kind = kind;
    added->position = builder->name_count++;
    *parent->end = added;
    parent->end = &added->next;
    parent->count++;
    return added;
}

struct tree_draft *tree_add_directory(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                                      const struct tree_attributes *attributes) {
    struct draft_name *added = add_name(builder, parent, name, attributes, NODE_DIRECTORY);
    added->draft = draft_create(builder->scratch, attributes);
    return added->draft;
}

void tree_add_file(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                   const struct tree_attributes *attributes, struct text bytes) {
    add_name(builder, parent, name, attributes, NODE_FILE)->bytes = bytes;
}

void tree_add_content(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                      const struct tree_attributes *attributes, struct content *content) {
    add_name(builder, parent, name, attributes, NODE_FILE)->content = content;
}

void tree_add_link(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                   const struct tree_attributes *attributes, struct text target) {
    add_name(builder, parent, name, attributes, NODE_LINK)->bytes = target;
}

void tree_add_refused(struct tree_builder *builder, struct tree_draft *parent, struct text name,
                      const struct tree_attributes *attributes, uint64_t size) {
    struct draft_name *added = add_name(builder, parent, name, attributes, NODE_FILE);
    added->is_refused = true;
    added->size = size;
}

/* ---- comparing, in the arena ---- */

static int compare_names(const void *a, const void *b) {
    const struct draft_name *first = *(const struct draft_name *const *)a;
    const struct draft_name *second = *(const struct draft_name *const *)b;
    int order = text_compare(first->name, second->name);
    return order != 0 ? order : (first->position > second->position) - (first->position < second->position);
}

/* Most directories are added in order and need no sorting. */
static void sort_names(struct arena *scratch, struct tree_draft *draft) {
    draft->names = arena_array(scratch, struct draft_name *, draft->count);
    bool is_sorted = true;
    size_t count = 0;
    for (struct draft_name *name = draft->first; name; name = name->next) {
        is_sorted = is_sorted && (count == 0 || text_compare(draft->names[count - 1]->name, name->name) < 0);
        draft->names[count++] = name;
    }
    if (is_sorted) {
        return;
    }
    qsort((void *)draft->names, count, sizeof(struct draft_name *), compare_names);
    draft->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (draft->count == 0 || !text_equal(draft->names[draft->count - 1]->name, draft->names[i]->name)) {
            draft->names[draft->count++] = draft->names[i];
        }
    }
}

static bool attributes_match(const struct node *node, const struct tree_attributes *attributes) {
    return node->mode == attributes->mode && node->uid == attributes->uid && node->gid == attributes->gid;
}

static bool content_matches(struct content *before, const struct draft_name *name) {
    if (before == name->content) {
        return true;
    }
    if (!content_is_held(before) || (name->content && !content_is_held(name->content))) {
        return false;
    }
    return text_equal(content_text(before), name->content ? content_text(name->content) : name->bytes);
}

/* True when a file or link has not changed. */
static bool node_serves(const struct node *node, const struct draft_name *name) {
    if (node->kind != name->kind || node->is_refused != name->is_refused ||
        !attributes_match(node, &name->attributes)) {
        return false;
    }
    return name->is_refused ? node->size == name->size : content_matches(node->content, name);
}

/* Finds each name in the previous directory with one parallel walk, since both are sorted.
 * `ret_now_at` maps the previous names to their positions now: 1 + the index, or 0 when gone. */
static void match_names(struct tree_draft *draft, uint32_t *ret_now_at) {
    const struct tree_directory *before = draft->before;
    for (size_t i = 0, j = 0; i < draft->count && j < before->count;) {
        int order = text_compare(draft->names[i]->name, before->names[j].name);
        if (order == 0) {
            draft->names[i]->before = &before->names[j];
            ret_now_at[j] = (uint32_t)i + 1;
        }
        i += order <= 0;
        j += order >= 0;
    }
}

/* Names that existed before keep their order in listings; new ones come after them. */
static void order_names(struct arena *scratch, struct tree_draft *draft, const uint32_t *now_at) {
    draft->order = arena_array(scratch, uint32_t, draft->count);
    size_t count = 0;
    for (size_t i = 0; draft->before && i < draft->before->count; i++) {
        uint32_t now = now_at[draft->before->order[i]];
        if (now > 0) {
            draft->order[count++] = now - 1;
        }
    }
    for (size_t i = 0; i < draft->count; i++) {
        if (!draft->names[i]->before) {
            draft->order[count++] = (uint32_t)i;
        }
    }
}

static const struct tree_directory *directory_before(const struct draft_name *name) {
    const struct tree_directory *before = name->before ? name->before->directory : NULL;
    return before && before->node->identity == name->attributes.identity ? before : NULL;
}

static void compare_draft(struct arena *scratch, struct tree_draft *draft, const struct tree_directory *before) {
    draft->before = before;
    sort_names(scratch, draft);
    uint32_t *now_at = before ? arena_array(scratch, uint32_t, before->count) : NULL;
    if (before) {
        match_names(draft, now_at);
    }
    order_names(scratch, draft, now_at);

    draft->has_same_listing =
        before && before->count == draft->count && attributes_match(before->node, &draft->attributes);
    draft->is_same = true;
    for (size_t i = 0; i < draft->count; i++) {
        struct draft_name *name = draft->names[i];
        bool has_same_inode = false;
        if (name->draft) {
            compare_draft(scratch, name->draft, directory_before(name));
            has_same_inode = name->draft->before != NULL;
            draft->is_same = draft->is_same && name->draft->is_same;
            draft->subdirectories++;
        } else {
            name->kept = name->before && node_serves(name->before->node, name) ? name->before->node : NULL;
            has_same_inode = name->kept != NULL;
        }
        draft->has_same_listing = draft->has_same_listing && has_same_inode;
        draft->name_bytes += name->name.length + 1;
    }
    draft->is_same = draft->is_same && draft->has_same_listing;
}

/* ---- making, by malloc ---- */

static uint64_t next_inode(void) {
    static _Atomic uint64_t last = TREE_ROOT_INODE;
    return atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
}

/* A reader that compares times must notice the change, even when the clock was set back. */
static struct timespec mtime_of(const struct tree_builder *builder, const struct tree_attributes *attributes,
                                const struct node *before) {
    if (!builder->previous) {
        return attributes->mtime;
    }
    struct timespec now = builder->now;
    if (before && (now.tv_sec < before->mtime.tv_sec ||
                   (now.tv_sec == before->mtime.tv_sec && now.tv_nsec <= before->mtime.tv_nsec))) {
        now = before->mtime;
        now.tv_nsec++;
        if (now.tv_nsec >= 1000000000) {
            now.tv_sec++;
            now.tv_nsec = 0;
        }
    }
    return now;
}

static struct node *node_create(const struct tree_builder *builder, const struct tree_attributes *attributes,
                                enum node_kind kind, uint64_t inode, const struct node *before) {
    struct node *node = calloc(1, sizeof *node);
    if (node) {
        *node = (struct node){.inode = inode,
                              .kind = kind,
                              .mode = attributes->mode,
                              .uid = attributes->uid,
                              .gid = attributes->gid,
                              .links = 1,
                              .mtime = mtime_of(builder, attributes, before)};
        record_init(&node->record);
    }
    return node;
}

static struct content *make_content(struct tree_builder *builder, struct text bytes) {
    for (size_t i = 0; bytes.length >= LARGE && i < builder->large_count && i < LARGE_KEPT; i++) {
        if (text_equal(content_text(builder->large[i]), bytes)) {
            return content_ref(builder->large[i]);
        }
    }
    struct content *content = content_create(bytes);
    if (content && bytes.length >= LARGE) {
        builder->large[builder->large_count++ % LARGE_KEPT] = content;
    }
    return content;
}

static struct node *make_file_or_link(struct tree_builder *builder, const struct draft_name *name) {
    const struct node *before = name->before ? name->before->node : NULL;
    struct node *node = node_create(builder, &name->attributes, name->kind, next_inode(), before);
    if (!node) {
        return NULL;
    }
    if (name->is_refused) {
        node->is_refused = true;
        node->size = name->size;
        return node;
    }
    node->content = name->content ? content_ref(name->content) : make_content(builder, name->bytes);
    if (!node->content) {
        node_unref(node);
        return NULL;
    }
    node->size = content_size(node->content);
    return node;
}

static struct node *make_directory_node(const struct tree_builder *builder, const struct tree_draft *draft,
                                        uint64_t inode) {
    if (draft->has_same_listing) {
        return node_ref(draft->before->node);
    }
    const struct node *before = draft->before ? draft->before->node : NULL;
    struct node *node = node_create(builder, &draft->attributes, NODE_DIRECTORY, inode, before);
    if (node) {
        node->links = 2 + draft->subdirectories;
        node->identity = draft->attributes.identity;
    }
    return node;
}

static struct tree_directory *make_directory(struct tree_builder *builder, const struct tree_draft *draft,
                                             uint64_t parent_inode);

static bool make_name(struct tree_builder *builder, const struct draft_name *name, uint64_t parent_inode,
                      struct tree_name *ret_name) {
    if (name->kept) {
        ret_name->node = node_ref(name->kept);
    } else if (!name->draft) {
        ret_name->node = make_file_or_link(builder, name);
    } else {
        ret_name->directory = make_directory(builder, name->draft, parent_inode);
        ret_name->node = ret_name->directory ? node_ref(ret_name->directory->node) : NULL;
    }
    return ret_name->node != NULL;
}

/* The directory with a reference for the caller, or NULL when memory has run out. */
static struct tree_directory *make_directory(struct tree_builder *builder, const struct tree_draft *draft,
                                             uint64_t parent_inode) {
    if (draft->is_same) {
        return tree_directory_ref((struct tree_directory *)draft->before);
    }
    bool is_root = draft == builder->root;
    uint64_t inode = draft->before ? draft->before->node->inode : is_root ? TREE_ROOT_INODE : next_inode();
    struct tree_directory *directory = tree_directory_create(draft->count, draft->name_bytes);
    if (!directory) {
        return NULL;
    }
    directory->parent_inode = parent_inode;
    directory->next_cookie = draft->before ? draft->before->next_cookie : TREE_FIRST_COOKIE;
    directory->node = make_directory_node(builder, draft, inode);
    bool is_whole = directory->node != NULL;
    char *text = tree_directory_name_bytes(directory);
    for (size_t i = 0; i < draft->count && is_whole; i++) {
        const struct draft_name *name = draft->names[i];
        struct tree_name *made = &directory->names[i];
        memcpy(text, name->name.bytes, name->name.length);
        made->name = (struct text){text, name->name.length};
        text += name->name.length + 1;
        made->cookie = name->before ? name->before->cookie : directory->next_cookie++;
        is_whole = make_name(builder, name, inode, made);
    }
    if (!is_whole) {
        tree_directory_unref(directory);
        return NULL;
    }
    for (size_t i = 0; i < draft->count; i++) {
        directory->order[i] = draft->order[i];
    }
    return directory;
}

struct tree *tree_finish(struct tree_builder *builder, struct error *error) {
    compare_draft(builder->scratch, builder->root, builder->previous ? builder->previous->root : NULL);
    if (builder->root->is_same) {
        return tree_ref((struct tree *)builder->previous);
    }
    struct tree_directory *root = make_directory(builder, builder->root, TREE_ROOT_INODE);
    struct tree *tree = root ? tree_create(root) : NULL;
    if (!tree) {
        tree_directory_unref(root);
        error_set_memory(error);
    }
    return tree;
}

/* ---- names ---- */

/* U+0080 to U+009F, the controls beyond ASCII: U+009B begins an escape sequence like ESC [. */
static bool begins_control(struct text text, size_t at) {
    return at + 1 < text.length && (unsigned char)text.bytes[at] == 0xc2 &&
           ((unsigned char)text.bytes[at + 1] & 0xe0) == 0x80;
}

static bool is_unsafe(struct text text, size_t at) {
    unsigned char byte = (unsigned char)text.bytes[at];
    bool is_only_dots = text_is(text, ".") || text_is(text, "..");
    return byte < 0x20 || byte == 0x7f || byte == '/' || byte == '%' || is_only_dots || begins_control(text, at) ||
           (at > 0 && begins_control(text, at - 1));
}

/* Cuts so that no %XX and no UTF-8 character is split. */
static struct text cut_name(struct text name, size_t length) {
    for (size_t back = 1; back <= 2; back++) {
        if (name.bytes[length - back] == '%') {
            return text_slice(name, 0, length - back);
        }
    }
    while (length > 0 && ((unsigned char)name.bytes[length] & 0xc0) == 0x80) {
        length--;
    }
    return text_slice(name, 0, length);
}

static bool is_safe(struct text text) {
    size_t at = 0;
    while (at < text.length && !is_unsafe(text, at)) {
        at++;
    }
    return at == text.length && text.length > 0 && text.length <= TREE_NAME_MAXIMUM;
}

struct text tree_safe_name(struct arena *arena, struct text text) {
    if (is_safe(text)) {
        return text;
    }
    struct buffer name = BUFFER(arena);
    for (size_t i = 0; i < text.length; i++) {
        if (is_unsafe(text, i)) {
            buffer_format(&name, "%%%02X", (unsigned)(unsigned char)text.bytes[i]);
        } else {
            buffer_add_char(&name, text.bytes[i]);
        }
    }
    if (text.length == 0) {
        return TEXT("%"); /* no other text is escaped to this */
    }
    if (name.length <= TREE_NAME_MAXIMUM) {
        return buffer_text(&name);
    }
    enum { DIGITS = 16 };
    char hex[DIGEST_HEX_LENGTH + 1];
    struct digest digest = digest_of(text);
    digest_to_hex(&digest, hex);
    struct text start = cut_name(buffer_text(&name), TREE_NAME_MAXIMUM - DIGITS - 1);
    return text_format(arena, "%.*s~%.*s", TEXT_ARGS(start), DIGITS, hex);
}
