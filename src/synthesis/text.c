/* The journal's bytes. Unchanged entries are copied, changed values are replaced in place, and new
 * entries use the whitespace of their neighbours, which is drizzle-kit's own in a journal that
 * drizzle-kit wrote. */
#include "synthesis/text.h"

#include <inttypes.h>

/* The whitespace of the journal on disk. */
struct style {
    struct text before_entry; /* after the bracket, and after the comma between entries */
    struct text after_last;   /* before the closing bracket */
    struct text before_key;   /* after the brace, and after the comma between keys */
    struct text after_keys;   /* before the closing brace */
    struct text version;
};

static const struct style drizzle_style = {
    .before_entry = {"\n    ", 5},
    .after_last = {"\n  ", 3},
    .before_key = {"\n      ", 7},
    .after_keys = {"\n    ", 5},
    .version = {"7", 1},
};

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static struct text blanks_at_start(struct text text) {
    size_t end = 0;
    while (end < text.length && is_blank(text.bytes[end])) {
        end++;
    }
    return text_slice(text, 0, end);
}

static struct text blanks_at_end(struct text text) {
    size_t start = text.length;
    while (start > 0 && is_blank(text.bytes[start - 1])) {
        start--;
    }
    return text_slice(text, start, text.length);
}

static struct text inside_brackets(struct text value) {
    return text_slice(value, 1, value.length - 1);
}

static struct style style_of(const struct journal *journal) {
    struct style style = drizzle_style;
    if (journal->version.length > 0) {
        style.version = journal->version;
    }
    if (journal->count > 0) {
        struct text list = inside_brackets(journal->entries_text);
        style.before_entry = blanks_at_start(list);
        style.after_last = blanks_at_end(list);
    }
    for (size_t i = 0; i < journal->count; i++) {
        if (journal->entries[i].is_object) {
            struct text keys = inside_brackets(journal->entries[i].text);
            style.before_key = blanks_at_start(keys);
            style.after_keys = blanks_at_end(keys);
            break;
        }
    }
    return style;
}

static void add_new(struct buffer *buffer, const struct style *style, const struct synthesis_entry *entry,
                    struct text tag) {
    buffer_add_char(buffer, '{');
    buffer_add(buffer, style->before_key);
    buffer_format(buffer, "\"idx\": %" PRId64 ",", entry->idx);
    buffer_add(buffer, style->before_key);
    buffer_add_string(buffer, "\"version\": ");
    buffer_add_json(buffer, style->version);
    buffer_add_char(buffer, ',');
    buffer_add(buffer, style->before_key);
    buffer_format(buffer, "\"when\": %" PRId64 ",", entry->when);
    buffer_add(buffer, style->before_key);
    buffer_add_string(buffer, "\"tag\": ");
    buffer_add_json(buffer, tag);
    buffer_add_char(buffer, ',');
    buffer_add(buffer, style->before_key);
    buffer_add_string(buffer, "\"breakpoints\": true");
    buffer_add(buffer, style->after_keys);
    buffer_add_char(buffer, '}');
}

/* A number to set for a key: replaces `value`, or is added at the start if `value` is empty. */
struct edit {
    const char *key;
    struct text value;
    int64_t number;
};

static void add_edited(struct buffer *buffer, const struct style *style, struct text text, const struct edit *edits,
                       size_t count) {
    const char *end = text.bytes + text.length;
    for (size_t i = 0; i < count; i++) {
        if (edits[i].value.length == 0) {
            buffer_add_string(buffer, text.bytes[0] == '{' ? "{" : "");
            buffer_add(buffer, style->before_key);
            buffer_format(buffer, "\"%s\": %" PRId64 ",", edits[i].key, edits[i].number);
            text.bytes += text.bytes[0] == '{';
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (edits[i].value.length > 0) {
            buffer_add(buffer, (struct text){text.bytes, (size_t)(edits[i].value.bytes - text.bytes)});
            buffer_format(buffer, "%" PRId64, edits[i].number);
            text.bytes = edits[i].value.bytes + edits[i].value.length;
        }
    }
    buffer_add(buffer, (struct text){text.bytes, (size_t)(end - text.bytes)});
}

static void add_kept(struct buffer *buffer, const struct style *style, const struct synthesis_entry *entry,
                     const struct journal_entry *on_disk) {
    struct edit edits[2];
    size_t count = 0;
    if (entry->is_idx_new) {
        edits[count++] = (struct edit){"idx", on_disk->idx.text, entry->idx};
    }
    if (entry->is_when_new) {
        edits[count++] = (struct edit){"when", on_disk->when.text, entry->when};
    }
    bool is_turned = count == 2 && edits[0].value.length > 0 && edits[1].value.length > 0 &&
                     edits[0].value.bytes > edits[1].value.bytes;
    if (is_turned) {
        struct edit first = edits[1];
        edits[1] = edits[0];
        edits[0] = first;
    }
    add_edited(buffer, style, on_disk->text, edits, count);
}

/* ---- of one object that holds two entries ---- */

struct member {
    struct text key, value; /* verbatim */
    struct text name;
};

/* Of two entries in one object, the first has the first occurrence of each key, the second the
 * last. */
static bool belongs_to(const struct member *members, size_t count, size_t at, bool is_first) {
    size_t from = is_first ? 0 : at + 1, to = is_first ? at : count;
    for (size_t i = from; i < to; i++) {
        if (text_equal(members[i].name, members[at].name)) {
            return false;
        }
    }
    return true;
}

static void add_member(struct buffer *buffer, const struct style *style, const struct member *member,
                       const struct synthesis_entry *entry) {
    const char *colon = member->key.bytes + member->key.length;
    buffer_add(buffer, style->before_key);
    buffer_add(buffer, member->key);
    buffer_add(buffer, (struct text){colon, (size_t)(member->value.bytes - colon)});
    if (text_is(member->name, "idx") && entry->is_idx_new) {
        buffer_add_number(buffer, entry->idx);
    } else if (text_is(member->name, "when") && entry->is_when_new) {
        buffer_add_number(buffer, entry->when);
    } else {
        buffer_add(buffer, member->value);
    }
}

static void add_split(struct buffer *buffer, const struct style *style, const struct synthesis_entry *entry,
                      struct text object, bool is_first) {
    struct json_walk walk = {.rest = object};
    struct text key, value;
    size_t count = 0, capacity = 0;
    struct member *members = NULL;
    while (json_next(&walk, &key, &value)) {
        members = arena_more(buffer->arena, members, count, &capacity, sizeof *members);
        members[count++] = (struct member){key, value, json_string(buffer->arena, key)};
    }
    const char *separator = "";
    buffer_add_char(buffer, '{');
    for (size_t i = 0; i < count; i++) {
        if (belongs_to(members, count, i, is_first)) {
            buffer_add_string(buffer, separator);
            add_member(buffer, style, &members[i], entry);
            separator = ",";
        }
    }
    buffer_add(buffer, style->after_keys);
    buffer_add_char(buffer, '}');
}

/* ---- the whole ---- */

static bool is_unchanged(const struct join *join, const struct synthesis *synthesis) {
    if (join->journal->status != JOURNAL_READ || synthesis->count != join->journal->count) {
        return false;
    }
    for (size_t i = 0; i < synthesis->count; i++) {
        const struct synthesis_entry *entry = &synthesis->entries[i];
        if (entry->is_new || entry->is_when_new || entry->is_idx_new || entry->is_moved || entry->is_split) {
            return false;
        }
    }
    return true;
}

void synthesis_write(struct arena *arena, const struct join *join, struct synthesis *synthesis) {
    const struct journal *journal = join->journal;
    synthesis->is_identical = is_unchanged(join, synthesis);
    if (synthesis->is_identical) {
        synthesis->bytes = journal->bytes;
        return;
    }
    struct style style = style_of(journal);
    struct buffer buffer = BUFFER(arena);
    struct text kept = journal->status == JOURNAL_CONFLICTED ? journal->side : journal->bytes;
    bool is_read = journal_lists(journal);
    const char *list = is_read ? journal->entries_text.bytes : NULL;
    if (is_read) {
        buffer_add(&buffer, (struct text){kept.bytes, (size_t)(list - kept.bytes)});
    } else {
        buffer_add_string(&buffer, "{\n  \"version\": \"7\",\n  \"dialect\": \"postgresql\",\n  \"entries\": ");
    }
    buffer_add_char(&buffer, '[');
    for (size_t i = 0; i < synthesis->count; i++) {
        const struct synthesis_entry *entry = &synthesis->entries[i];
        const struct migration *it = &join->migrations[entry->migration];
        buffer_add_string(&buffer, i > 0 ? "," : "");
        buffer_add(&buffer, style.before_entry);
        if (entry->is_split) {
            add_split(&buffer, &style, entry, it->fused ? it->fused->text : it->entry->text, it->fused != NULL);
        } else if (entry->is_new) {
            add_new(&buffer, &style, entry, it->tag);
        } else {
            add_kept(&buffer, &style, entry, it->entry);
        }
    }
    buffer_add(&buffer, synthesis->count > 0 ? style.after_last : TEXT(""));
    buffer_add_char(&buffer, ']');
    if (is_read) {
        size_t after = (size_t)(list - kept.bytes) + journal->entries_text.length;
        buffer_add(&buffer, text_slice(kept, after, kept.length));
    } else {
        buffer_add_string(&buffer, "\n}");
    }
    synthesis->bytes = buffer_text(&buffer);
}
