/* The journal on disk, read as the runner reads it. What is odd is kept as it is; what it means is for others to say. */
#include "migfs/drizzle/journal.h"

#include "migfs/drizzle/when.h"
#include <math.h>
#include <stdlib.h>

#include "migfs/util/record.h"

#define TOO_LARGE "it is larger than 64 MiB"

struct journal_set {
    struct journal journal; /* first, so that the one is the other */
    struct arena *arena;
    struct record record;
};

struct parse {
    struct journal *journal;
    struct arena *arena;
    struct text given;
};

static struct journal_value whole_number(struct arena *arena, struct text value) {
    struct journal_value result = {.text = value};
    result.is_valid = when_is_stamp(arena, value, &result.number);
    return result;
}

/* One that is a string would be joined to the 1 that drizzle-kit adds. */
static struct journal_value idx_value(struct arena *arena, struct text value) {
    struct journal_value result = whole_number(arena, value);
    result.is_valid = result.is_valid && json_type(value) == JSON_NUMBER && result.number >= 0;
    return result;
}

struct key_set {
    struct text *keys;
    size_t count, capacity;
};

/* Notes a key; tells whether it was there already. Objects of a journal have a handful of keys. */
static bool key_is_repeated(struct arena *arena, struct key_set *set, struct text key) {
    for (size_t i = 0; i < set->count; i++) {
        if (text_equal(set->keys[i], key)) {
            return true;
        }
    }
    set->keys = arena_more(arena, set->keys, set->count, &set->capacity, sizeof *set->keys);
    /* Past some hundred keys an object is no entry that anyone wrote; looking further would take for ever. */
    if (set->count < 256) {
        set->keys[set->count++] = key;
    }
    return false;
}

static void parse_entry(struct parse *parse, struct text value, struct key_set *keys, struct journal_entry *entry) {
    entry->text = value;
    entry->tag = entry->repeated_key = TEXT("");
    entry->when_number = NAN;
    entry->is_object = json_type(value) == JSON_OBJECT;
    if (!entry->is_object) {
        return;
    }
    keys->count = 0;
    struct json_walk walk = {.rest = value};
    struct text quoted, member;
    while (json_next(&walk, &quoted, &member)) {
        struct text key = json_string(parse->arena, quoted);
        if (key_is_repeated(parse->arena, keys, key) && entry->repeated_key.length == 0) {
            entry->repeated_key = key;
        }
        if (text_is(key, "tag")) {
            bool is_string = json_type(member) == JSON_STRING;
            entry->tag_value = (struct journal_value){.text = member, .is_valid = is_string};
            entry->tag = is_string ? json_string(parse->arena, member) : TEXT("");
        } else if (text_is(key, "when")) {
            entry->when = whole_number(parse->arena, member);
        } else if (text_is(key, "idx")) {
            entry->idx = idx_value(parse->arena, member);
        }
    }
    struct text when = entry->when.text;
    entry->when_number = when_number(parse->arena, when);
    entry->is_when_recordable = when_can_be_recorded(parse->arena, when);
}

static size_t count_elements(struct text array) {
    size_t count = 0;
    struct json_walk walk = {.rest = array};
    struct text key, value;
    while (json_next(&walk, &key, &value)) {
        count++;
    }
    return count;
}

static void unreadable(struct parse *parse, struct text reason, size_t line, size_t column) {
    parse->journal->status = JOURNAL_UNREADABLE;
    parse->journal->reason = reason;
    parse->journal->line = line;
    parse->journal->column = column;
}

static void parse_entries(struct parse *parse, struct text array) {
    struct journal *journal = parse->journal;
    size_t count = count_elements(array);
    if (count > JOURNAL_ENTRIES_MAXIMUM) {
        unreadable(parse, TEXT("it lists more than 100,000 migrations"), 0, 0);
        journal->is_too_large = true;
        return;
    }
    struct journal_entry *entries = arena_array(parse->arena, struct journal_entry, count);
    struct json_walk walk = {.rest = array};
    struct text key, value;
    struct key_set keys = {0};
    size_t line = 1;
    const char *counted = journal->bytes.bytes;
    for (size_t i = 0; json_next(&walk, &key, &value); i++) {
        for (; counted < value.bytes; counted++) {
            line += *counted == '\n';
        }
        entries[i].position = i;
        entries[i].line = line;
        parse_entry(parse, value, &keys, &entries[i]);
    }
    journal->entries = entries;
    journal->count = count;
    journal->entries_text = array;
}

/* True for a line that git leaves in a file whose merge was not finished. */
static bool is_conflict_marker(struct text line) {
    return text_starts(line, "<<<<<<<") || text_starts(line, ">>>>>>>") || text_starts(line, "|||||||") ||
           text_is(line, "=======");
}

static void unreadable_json(struct parse *parse, const struct json_fault *fault) {
    struct text rest = parse->journal->bytes, line;
    for (size_t number = 1; text_line(&rest, &line); number++) {
        if (is_conflict_marker(line)) {
            parse->journal->has_conflict_markers = true;
            unreadable(parse, TEXT("a merge conflict's marker"), number, 1);
            return;
        }
    }
    unreadable(parse, text_of(fault->reason), fault->line, fault->column);
}

static void parse_document(struct parse *parse) {
    struct journal *journal = parse->journal;
    struct text document = json_value(journal->bytes);
    if (json_type(document) != JSON_OBJECT) {
        unreadable(parse, TEXT("it is not an object with a list of entries"), 0, 0);
        return;
    }
    struct json_walk walk = {.rest = document};
    struct text quoted, value, entries = TEXT("");
    struct key_set keys = {0};
    while (json_next(&walk, &quoted, &value)) {
        struct text key = json_string(parse->arena, quoted);
        if (key_is_repeated(parse->arena, &keys, key) && journal->repeated_key.length == 0) {
            journal->repeated_key = key;
        }
        if (text_is(key, "entries")) {
            entries = value;
        } else if (text_is(key, "dialect") && json_type(value) == JSON_STRING) {
            journal->dialect = json_string(parse->arena, value);
        } else if (text_is(key, "version") && json_type(value) == JSON_STRING) {
            journal->version = json_string(parse->arena, value);
        }
    }
    if (entries.length == 0) {
        unreadable(parse, TEXT("it has no \"entries\""), 0, 0);
    } else if (json_type(entries) != JSON_ARRAY) {
        unreadable(parse, TEXT("its \"entries\" are not a list"), 0, 0);
    } else {
        parse_entries(parse, entries);
    }
}

static void parse_bytes(void *context) {
    struct parse *parse = context;
    struct json_fault fault;
    parse->journal->bytes = text_copy(parse->arena, parse->given);
    if (parse->given.length > JOURNAL_SIZE_LIMIT) {
        unreadable(parse, TEXT(TOO_LARGE), 0, 0);
        parse->journal->is_too_large = true;
    } else if (text_trim(parse->given).length == 0) {
        unreadable(parse, TEXT("it is empty"), 1, 1);
    } else if (!json_check(parse->arena, parse->journal->bytes, &fault)) {
        unreadable_json(parse, &fault);
    } else {
        parse_document(parse);
    }
}

static struct journal *journal_create(enum journal_status status, struct text bytes, const char *reason,
                                      struct error *error) {
    struct arena *arena = arena_create();
    struct journal_set *set = arena ? calloc(1, sizeof *set) : NULL;
    if (!set) {
        arena_destroy(arena);
        error_set_memory(error);
        return NULL;
    }
    *set = (struct journal_set){.arena = arena};
    record_init(&set->record);
    set->journal = (struct journal){.status = status, .bytes = TEXT(""), .reason = text_of(reason)};
    struct parse parse = {.journal = &set->journal, .arena = arena, .given = bytes};
    if (status == JOURNAL_READ && !arena_run(arena, parse_bytes, &parse)) {
        journal_unref(&set->journal);
        error_set_memory(error);
        return NULL;
    }
    return &set->journal;
}

struct journal *journal_parse(struct text bytes, struct error *error) {
    return journal_create(JOURNAL_READ, bytes, NULL, error);
}

struct journal *journal_missing(struct error *error) {
    return journal_create(JOURNAL_MISSING, TEXT(""), NULL, error);
}

static void copy_reason(void *context) {
    struct parse *parse = context;
    parse->journal->reason = text_copy(parse->arena, parse->journal->reason);
}

struct journal *journal_unreadable(const char *reason, struct error *error) {
    struct journal *journal = journal_create(JOURNAL_UNREADABLE, TEXT(""), reason, error);
    struct journal_set *set = (struct journal_set *)journal;
    struct parse parse = {.journal = journal, .arena = set ? set->arena : NULL};
    if (set && !arena_run(set->arena, copy_reason, &parse)) {
        journal_unref(journal);
        error_set_memory(error);
        return NULL;
    }
    return journal;
}

struct journal *journal_too_large(struct error *error) {
    struct journal *journal = journal_create(JOURNAL_UNREADABLE, TEXT(""), TOO_LARGE, error);
    if (journal) {
        journal->is_too_large = true;
    }
    return journal;
}

struct journal *journal_ref(struct journal *journal) {
    record_ref(&((struct journal_set *)journal)->record);
    return journal;
}

void journal_unref(struct journal *journal) {
    struct journal_set *set = (struct journal_set *)journal;
    if (set && record_unref(&set->record)) {
        arena_destroy(set->arena);
        free(set);
    }
}
