/* The journal on disk, read as the runner reads it. Odd values are kept; callers interpret them. */
#include "migfs/drizzle/journal.h"

#include "drizzle/sides.h"
#include "drizzle/when.h"
#include "migfs/util/sorted.h"
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
    struct text text; /* the bytes to parse: the journal's, or one side of a merge */
};

static struct journal_value whole_number(struct arena *arena, struct text value) {
    struct journal_value result = {.text = value};
    result.is_valid = when_is_stamp(arena, value, &result.number);
    return result;
}

/* Must not be a string: drizzle-kit's `+ 1` would append to it. */
static struct journal_value idx_value(struct arena *arena, struct text value) {
    struct journal_value result = whole_number(arena, value);
    result.is_valid = result.is_valid && json_type(value) == JSON_NUMBER && result.number >= 0;
    return result;
}

struct key_set {
    struct text *keys;
    size_t count, capacity;
};

/* Adds a key; returns true if it was there already. Objects of a journal have a handful of keys. */
static bool key_is_repeated(struct arena *arena, struct key_set *set, struct text key) {
    for (size_t i = 0; i < set->count; i++) {
        if (text_equal(set->keys[i], key)) {
            return true;
        }
    }
    set->keys = arena_more(arena, set->keys, set->count, &set->capacity, sizeof *set->keys);
    /* No real entry has hundreds of keys, and checking more would take quadratic time. */
    if (set->count < 256) {
        set->keys[set->count++] = key;
    }
    return false;
}

static void parse_entry(struct parse *parse, struct text value, struct key_set *keys, struct journal_entry *entry) {
    entry->text = value;
    entry->tag = entry->fused_tag = entry->repeated_key = TEXT("");
    entry->when_number = NAN;
    entry->is_object = json_type(value) == JSON_OBJECT;
    if (!entry->is_object) {
        return;
    }
    keys->count = 0;
    struct json_walk walk = {.rest = value};
    struct text quoted, member;
    size_t tags = 0, whens = 0;
    while (json_next(&walk, &quoted, &member)) {
        struct text key = json_string(parse->arena, quoted);
        if (key_is_repeated(parse->arena, keys, key) && entry->repeated_key.length == 0) {
            entry->repeated_key = key;
        }
        if (text_is(key, "tag")) {
            entry->fused_tag_value = entry->tag_value;
            entry->fused_tag = entry->tag;
            entry->tag_value = (struct journal_value){.text = member, .is_valid = json_type(member) == JSON_STRING};
            entry->tag = entry->tag_value.is_valid ? json_string(parse->arena, member) : TEXT("");
            tags++;
        } else if (text_is(key, "when")) {
            entry->fused_when = entry->when;
            entry->when = whole_number(parse->arena, member);
            whens++;
        } else if (text_is(key, "idx")) {
            entry->idx = idx_value(parse->arena, member);
        }
    }
    /* "Accept both" in a merge leaves two of each. */
    entry->fused_tag_value.is_valid = entry->fused_tag_value.is_valid && entry->tag_value.is_valid && tags == 2 &&
                                      whens == 2 && !text_equal(entry->fused_tag, entry->tag);
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
    const char *counted = parse->text.bytes;
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

static void parse_document(struct parse *parse) {
    struct journal *journal = parse->journal;
    struct text document = json_value(parse->text);
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

/* ---- both sides of a merge ---- */

/* An entry is identified by its tag, or by its whole text if it has none. */
static struct text key_of(const struct journal_entry *entry) {
    return entry->tag_value.is_valid ? entry->tag : entry->text;
}

static int compare_keys(const void *context, size_t a, size_t b) {
    const struct journal_entry *entries = context;
    return text_compare(key_of(&entries[a]), key_of(&entries[b]));
}

/* The entries of one side, sorted by key. */
struct known {
    const struct journal_entry *entries;
    size_t count;
    const size_t *sorted;
    struct text sought;
};

static struct known know(struct arena *arena, const struct journal *side) {
    return (struct known){side->entries, side->count, sorted_all(arena, side->count, compare_keys, side->entries),
                          TEXT("")};
}

static bool key_lies_before(const void *context, size_t position) {
    const struct known *known = context;
    return text_compare(key_of(&known->entries[known->sorted[position]]), known->sought) < 0;
}

/* The position of the first entry with this key, or SIZE_MAX. */
static size_t find_key(struct known known, struct text key) {
    known.sought = key;
    size_t at = sorted_find(known.count, key_lies_before, &known);
    bool is_found = at < known.count && text_equal(key_of(&known.entries[known.sorted[at]]), key);
    return is_found ? known.sorted[at] : SIZE_MAX;
}

static void add_entry(struct journal *journal, struct journal_entry *entries, const struct journal_entry *entry) {
    entries[journal->count] = *entry;
    entries[journal->count].position = journal->count;
    journal->count++;
}

/* Entries of both sides keep their places; between two of them, those only in ours precede those
 * only in theirs. */
static void merge_entries(struct arena *arena, struct journal *journal, const struct journal *sides) {
    const struct journal *ours = &sides[0], *theirs = &sides[1];
    struct known known_ours = know(arena, ours), known_theirs = know(arena, theirs);
    struct journal_entry *entries = arena_array(arena, struct journal_entry, ours->count + theirs->count);
    size_t taken = 0; /* of theirs */
    for (size_t i = 0; i <= ours->count; i++) {
        size_t until = i < ours->count ? find_key(known_theirs, key_of(&ours->entries[i])) : theirs->count;
        for (; until != SIZE_MAX && taken < until; taken++) {
            if (find_key(known_ours, key_of(&theirs->entries[taken])) == SIZE_MAX) {
                add_entry(journal, entries, &theirs->entries[taken]);
            }
        }
        if (i < ours->count) {
            add_entry(journal, entries, &ours->entries[i]);
        }
    }
    journal->entries = entries;
}

/* False if a side alone is not a journal. */
static bool parse_side(struct parse *parse, const struct side *side, struct journal *ret_journal) {
    struct json_fault fault;
    *ret_journal = (struct journal){.bytes = side->text};
    struct parse of_side = {.journal = ret_journal, .arena = parse->arena, .text = side->text};
    if (!json_check(parse->arena, side->text, &fault)) {
        return false;
    }
    parse_document(&of_side);
    struct journal_entry *entries = (struct journal_entry *)ret_journal->entries; /* writable */
    for (size_t i = 0; i < ret_journal->count; i++) {
        entries[i].line = side->lines[entries[i].line - 1];
    }
    return ret_journal->status == JOURNAL_READ;
}

static void parse_sides(struct parse *parse) {
    struct journal *journal = parse->journal, parsed[2];
    struct side sides[2];
    bool are_read = sides_split(parse->arena, journal->bytes, sides) && parse_side(parse, &sides[0], &parsed[0]) &&
                    parse_side(parse, &sides[1], &parsed[1]);
    if (!are_read) {
        return;
    }
    journal->status = JOURNAL_CONFLICTED;
    journal->side = sides[0].text;
    journal->entries_text = parsed[0].entries_text;
    journal->dialect = parsed[0].dialect;
    journal->version = parsed[0].version;
    journal->other_entries = parsed[1].entries;
    journal->other_count = parsed[1].count;
    merge_entries(parse->arena, journal, parsed);
}

static void unreadable_json(struct parse *parse, const struct json_fault *fault) {
    struct text rest = parse->journal->bytes, line;
    for (size_t number = 1; text_line(&rest, &line); number++) {
        if (sides_marker(line)) {
            parse->journal->has_conflict_markers = true;
            unreadable(parse, TEXT("a merge conflict's marker"), number, 1);
            parse_sides(parse);
            return;
        }
    }
    unreadable(parse, text_of(fault->reason), fault->line, fault->column);
}

static void parse_bytes(void *context) {
    struct parse *parse = context;
    struct json_fault fault;
    parse->journal->bytes = parse->text = text_copy(parse->arena, parse->given);
    if (parse->given.length > JOURNAL_SIZE_LIMIT) {
        unreadable(parse, TEXT(TOO_LARGE), 0, 0);
        parse->journal->is_too_large = true;
    } else if (text_trim(parse->given).length == 0) {
        unreadable(parse, TEXT("it is empty"), 1, 1);
        parse->journal->is_empty = true;
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

bool journal_lists(const struct journal *journal) {
    return journal->status == JOURNAL_READ || journal->status == JOURNAL_CONFLICTED;
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
