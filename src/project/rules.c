/* The rules file, line by line. A line that cannot be parsed has no effect and is reported. */
#include "migfs/project/rules.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/util/record.h"

struct rules_set {
    struct rules rules; /* first, so that the one is the other */
    struct arena *arena;
    struct record record;
};

/* The words after a verb, in this order. */
enum words {
    WORD_CODE = 1,     /* a problem's code */
    WORD_GLOB = 2,     /* required, unless preceded by a code */
    WORD_DATABASE = 4, /* required, unless preceded by a glob */
};

static const struct verb {
    const char *name;
    enum rule_verb verb;
    unsigned words;
    const char *example; /* of the required words */
} verbs[] = {
    {"exclude", RULE_EXCLUDE, WORD_GLOB, "a glob after it, such as 0019_*"},
    {"include", RULE_INCLUDE, WORD_GLOB, "a glob after it, such as 0019_*"},
    {"applied", RULE_APPLIED, WORD_GLOB | WORD_DATABASE, "a glob after it, such as 0019_*"},
    {"edited", RULE_EDITED, WORD_GLOB | WORD_DATABASE, "a glob after it, such as 0019_*"},
    {"ignore", RULE_IGNORE, WORD_CODE | WORD_GLOB, "a problem's code after it, such as nested-sql"},
    {"foreign", RULE_FOREIGN, WORD_DATABASE, "the name of a database after it"},
};

/* Each of them is matched with each migration. */
enum { MOST_RULES = 1000 };

struct parse {
    struct rules *rules;
    struct arena *arena;
    struct text name, bytes;
    struct rule *rule;        /* one per line at most */
    struct rule_fault *fault; /* likewise */
    bool is_full;
};

static struct text next_word(struct text *rest) {
    size_t start = 0;
    while (start < rest->length && (rest->bytes[start] == ' ' || rest->bytes[start] == '\t')) {
        start++;
    }
    size_t end = start;
    while (end < rest->length && rest->bytes[end] != ' ' && rest->bytes[end] != '\t') {
        end++;
    }
    struct text word = text_slice(*rest, start, end);
    *rest = text_slice(*rest, end, rest->length);
    return word;
}

static void add_fault(struct parse *parse, size_t line, struct text sentence) {
    parse->fault[parse->rules->fault_count++] = (struct rule_fault){.line = line, .sentence = sentence};
}

static const struct verb *find_verb(struct text word) {
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (text_is(word, verbs[i].name)) {
            return &verbs[i];
        }
    }
    return NULL;
}

static bool is_end(struct text word) {
    return word.length == 0 || word.bytes[0] == '#';
}

/* `0001_posts@1a2b3c4d`: the part before the `@` is the glob. */
static void split_digits(struct parse *parse, struct rule *rule) {
    enum { DIGITS = 8 };
    struct text glob = rule->glob;
    if (glob.length <= DIGITS + 1 || glob.bytes[glob.length - DIGITS - 1] != '@') {
        return;
    }
    struct text digits = text_slice(glob, glob.length - DIGITS, glob.length);
    for (size_t i = 0; i < digits.length; i++) {
        if (!strchr("0123456789abcdef", digits.bytes[i])) {
            return;
        }
    }
    rule->digits = digits;
    rule->glob = text_copy(parse->arena, text_slice(glob, 0, glob.length - DIGITS - 1));
}

/* Stores the words in order; false if a required one is missing. Globs are copied, since fnmatch()
 * needs a NUL. */
static bool take_words(struct parse *parse, const struct verb *verb, struct text *rest, struct rule *rule) {
    enum { PLACES = 3 };
    struct text *places[PLACES] = {&rule->code, &rule->glob, &rule->database};
    bool is_first = true;
    for (size_t i = 0; i < PLACES; i++) {
        struct text before = *rest, word;
        if (!(verb->words & 1U << i)) {
            continue;
        }
        word = next_word(rest);
        if (is_end(word)) {
            *rest = before;
            return !is_first;
        }
        *places[i] = text_copy(parse->arena, word);
        is_first = false;
    }
    return true;
}

static void parse_line(struct parse *parse, struct text line, size_t number) {
    struct text name = next_word(&line);
    struct rule rule = {.line = number, .code = TEXT(""), .glob = TEXT(""), .digits = TEXT(""), .database = TEXT("")};
    if (is_end(name)) {
        return;
    }
    const struct verb *verb = find_verb(name);
    if (!verb) {
        struct text shown = text_escaped(parse->arena, text_slice(name, 0, 60));
        add_fault(parse, number,
                  text_format(parse->arena,
                              "\"%.*s\" is not a verb: a line begins with `exclude`, `include`, `applied`, `edited`, "
                              "`ignore` or `foreign`",
                              TEXT_ARGS(shown)));
        return;
    }
    rule.verb = verb->verb;
    if (!take_words(parse, verb, &line, &rule)) {
        add_fault(parse, number, text_format(parse->arena, "`%s` needs %s", verb->name, verb->example));
    } else if (!is_end(next_word(&line))) {
        bool takes_database = verb->words & WORD_DATABASE;
        add_fault(parse, number,
                  takes_database ? text_format(parse->arena, "too many words; a glob has no blanks (write `?` for one)")
                                 : text_format(parse->arena,
                                               "too many words: `%s` takes no database, and a glob has no blanks "
                                               "(write `?` for one)",
                                               verb->name));
    } else if (parse->rules->count == MOST_RULES) {
        parse->is_full = true;
        add_fault(parse, number,
                  text_format(parse->arena, "only the first %d rules count, and not those from here on", MOST_RULES));
    } else {
        if (rule.verb == RULE_EDITED) {
            split_digits(parse, &rule);
        }
        parse->rule[parse->rules->count++] = rule;
    }
}

static void parse_bytes(void *context) {
    struct parse *parse = context;
    struct text rest = text_copy(parse->arena, parse->bytes), line;
    parse->rules->name = text_copy(parse->arena, parse->name);
    if (!text_is_utf8(rest)) {
        parse->fault = arena_array(parse->arena, struct rule_fault, 1);
        add_fault(parse, 1, TEXT("the file is not UTF-8, so none of its lines has any effect"));
        parse->rules->faults = parse->fault;
        return;
    }
    size_t lines = 1;
    for (size_t i = 0; i < rest.length; i++) {
        lines += rest.bytes[i] == '\n';
    }
    parse->rule = arena_array(parse->arena, struct rule, lines);
    parse->fault = arena_array(parse->arena, struct rule_fault, lines);
    for (size_t number = 1; !parse->is_full && text_line(&rest, &line); number++) {
        parse_line(parse, line, number);
    }
    parse->rules->rules = parse->rule;
    parse->rules->faults = parse->fault;
}

struct rules *rules_parse(struct text name, struct text bytes, struct error *error) {
    struct arena *arena = arena_create();
    struct rules_set *set = arena ? calloc(1, sizeof *set) : NULL;
    if (!set) {
        arena_destroy(arena);
        error_set_memory(error);
        return NULL;
    }
    *set = (struct rules_set){.arena = arena};
    record_init(&set->record);
    struct parse parse = {.rules = &set->rules, .arena = arena, .name = name, .bytes = bytes};
    if (!arena_run(arena, parse_bytes, &parse)) {
        rules_unref(&set->rules);
        error_set_memory(error);
        return NULL;
    }
    return &set->rules;
}

struct rules *rules_ref(struct rules *rules) {
    record_ref(&((struct rules_set *)rules)->record);
    return rules;
}

void rules_unref(struct rules *rules) {
    struct rules_set *set = (struct rules_set *)rules;
    if (set && record_unref(&set->record)) {
        arena_destroy(set->arena);
        free(set);
    }
}

/* Tags are file names and contain no NUL; a tag from a journal that has one matches no glob. */
static bool glob_fits(struct text glob, struct text tag) {
    char name[512];
    if (tag.length + sizeof ".sql" > sizeof name || memchr(tag.bytes, '\0', tag.length)) {
        return false;
    }
    memcpy(name, tag.bytes, tag.length);
    memcpy(name + tag.length, "", 1);
    if (fnmatch(glob.bytes, name, 0) == 0) {
        return true;
    }
    memcpy(name + tag.length, ".sql", sizeof ".sql");
    return fnmatch(glob.bytes, name, 0) == 0;
}

static bool database_fits(const struct rule *rule, struct text database) {
    return rule->database.length == 0 || text_equal(rule->database, database);
}

const struct rule *rules_decide(const struct rules *rules, struct text tag) {
    for (size_t i = 0; rules && i < rules->count; i++) {
        const struct rule *rule = &rules->rules[i];
        if ((rule->verb == RULE_EXCLUDE || rule->verb == RULE_INCLUDE) && glob_fits(rule->glob, tag)) {
            return rule;
        }
    }
    return NULL;
}

const struct rule *rules_applied(const struct rules *rules, struct text tag, struct text database) {
    for (size_t i = 0; rules && i < rules->count; i++) {
        const struct rule *rule = &rules->rules[i];
        if (rule->verb == RULE_APPLIED && database_fits(rule, database) && glob_fits(rule->glob, tag)) {
            return rule;
        }
    }
    return NULL;
}

const struct rule *rules_edited(const struct rules *rules, struct text tag, struct text hash, struct text database) {
    for (size_t i = 0; rules && i < rules->count; i++) {
        const struct rule *rule = &rules->rules[i];
        if (rule->verb == RULE_EDITED && database_fits(rule, database) && glob_fits(rule->glob, tag) &&
            (rule->digits.length == 0 || text_equal(text_slice(hash, 0, rule->digits.length), rule->digits))) {
            return rule;
        }
    }
    return NULL;
}

const struct rule *rules_ignored(const struct rules *rules, struct text code, struct text name) {
    for (size_t i = 0; rules && i < rules->count; i++) {
        const struct rule *rule = &rules->rules[i];
        if (rule->verb == RULE_IGNORE && text_equal(rule->code, code) &&
            (rule->glob.length == 0 || glob_fits(rule->glob, name))) {
            return rule;
        }
    }
    return NULL;
}

const struct rule *rules_foreign(const struct rules *rules, struct text database) {
    for (size_t i = 0; rules && i < rules->count; i++) {
        if (rules->rules[i].verb == RULE_FOREIGN && text_equal(rules->rules[i].database, database)) {
            return &rules->rules[i];
        }
    }
    return NULL;
}

/* ---- to be written ---- */

/* A character of a tag as part of a glob in .migfs: itself, or a bracket expression if it is
 * special in globs or ends a word. Bytes that cannot be displayed are each `?`: rules match bytes,
 * since no locale is set. */
static void add_to_glob(struct buffer *buffer, struct text character, bool is_special) {
    unsigned char byte = (unsigned char)character.bytes[0];
    bool is_shown =
        byte < 0x80 ? isgraph(byte) && byte != '`' : text_equal(text_escaped(buffer->arena, character), character);
    if (byte == ' ') {
        buffer_add_string(buffer, "[[:blank:]]");
    } else if (byte == '\\') {
        buffer_add_string(buffer, "[\\\\]");
    } else if (is_shown && (is_special || (byte < 0x80 && strchr("*?[", byte)))) {
        buffer_format(buffer, "[%c]", byte);
    } else if (is_shown) {
        buffer_add(buffer, character);
    } else {
        for (size_t i = 0; i < character.length; i++) {
            buffer_add_char(buffer, '?');
        }
    }
}

/* At the end, `@` with eight digits would be a text's hash; at the beginning, `#` would start a
 * comment. */
struct text rules_glob(struct arena *arena, struct text tag) {
    enum { DIGITS = 8 };
    struct buffer buffer = BUFFER(arena);
    for (struct text rest = tag; rest.length > 0;) {
        struct text before = rest;
        text_character(&rest);
        bool is_first = before.length == tag.length, is_suffix = before.length == DIGITS + 1;
        bool is_special = (is_first && before.bytes[0] == '#') || (is_suffix && before.bytes[0] == '@');
        add_to_glob(&buffer, text_slice(before, 0, before.length - rest.length), is_special);
    }
    return buffer_text(&buffer);
}
