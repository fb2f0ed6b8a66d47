/* The rules file, line by line. A line that cannot be parsed has no effect and is reported. */
#include "migfs/project/rules.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/util/record.h"
#include "migfs/util/sorted.h"

struct rules_set {
    struct rules rules; /* first, so that the one is the other */
    struct arena *arena;
    struct record record;
    const size_t *patterns; /* the rules that are matched one by one, in order */
    size_t pattern_count;
    const size_t *names; /* the rules whose glob is a whole name, by name, then in order */
    size_t name_count;
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

/* Each of them is matched with each migration in each database; whole names are looked up. */
enum { MOST_PATTERNS = 1000 };

struct parse {
    struct rules *rules;
    struct rules_set *set; /* that of `rules` */
    struct arena *arena;
    size_t *patterns, *names; /* of the set; one per line at most */
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

static bool is_pattern(const struct rule *rule) {
    struct text glob = rule->glob;
    for (size_t i = 0; i < glob.length; i++) {
        if (memchr("*?[\\", glob.bytes[i], sizeof "*?[\\")) { /* or a NUL, at which fnmatch() stops */
            return true;
        }
    }
    return glob.length == 0;
}

/* False if there are too many. */
static bool add_rule(struct parse *parse, const struct rule *rule) {
    size_t at = parse->rules->count;
    if (rule->verb != RULE_FOREIGN && is_pattern(rule)) { /* that one has no glob */
        if (parse->set->pattern_count == MOST_PATTERNS) {
            return false;
        }
        parse->patterns[parse->set->pattern_count++] = at;
    } else if (rule->verb != RULE_FOREIGN) {
        parse->names[parse->set->name_count++] = at;
    }
    parse->rule[at] = *rule;
    parse->rules->count++;
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
    } else {
        if (rule.verb == RULE_EDITED) {
            split_digits(parse, &rule);
        }
        parse->is_full = !add_rule(parse, &rule);
        if (parse->is_full) {
            add_fault(parse, number,
                      text_format(parse->arena,
                                  "only the first %d rules with `*`, `?`, `[` or no glob count, and no rule from here "
                                  "on; there may be more of those with a whole name",
                                  MOST_PATTERNS));
        }
    }
}

static int compare_names(const void *context, size_t a, size_t b) {
    const struct rules *rules = context;
    return text_compare(rules->rules[a].glob, rules->rules[b].glob);
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
    parse->patterns = arena_array(parse->arena, size_t, MOST_PATTERNS);
    parse->names = arena_array(parse->arena, size_t, lines);
    parse->fault = arena_array(parse->arena, struct rule_fault, lines);
    for (size_t number = 1; !parse->is_full && text_line(&rest, &line); number++) {
        parse_line(parse, line, number);
    }
    parse->rules->rules = parse->rule;
    parse->rules->faults = parse->fault;
    parse->set->patterns = parse->patterns;
    parse->set->names = parse->names;
    sorted_order(parse->names, parse->set->name_count, compare_names, parse->rules);
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
    struct parse parse = {.rules = &set->rules, .set = set, .arena = arena, .name = name, .bytes = bytes};
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

/* ---- to be asked ---- */

/* What is asked: a rule that is one of these, with a glob that matches a name. */
struct question {
    unsigned verbs;                            /* a bit for each */
    const struct text *code, *database, *hash; /* NULL: any */
};

static bool is_asked_for(const struct question *question, const struct rule *rule) {
    return (question->verbs & 1U << rule->verb) && (!question->code || text_equal(rule->code, *question->code)) &&
           (!question->database || rule->database.length == 0 || text_equal(rule->database, *question->database)) &&
           (!question->hash || rule->digits.length == 0 ||
            text_equal(text_slice(*question->hash, 0, rule->digits.length), rule->digits));
}

struct sought {
    const struct rules_set *set;
    struct text name;
};

static bool lies_before(const void *context, size_t position) {
    const struct sought *sought = context;
    return text_compare(sought->set->rules.rules[sought->set->names[position]].glob, sought->name) < 0;
}

/* The first rule with this whole name, as an index; SIZE_MAX if there is none. */
static size_t first_by_name(const struct rules_set *set, struct text name, const struct question *question) {
    struct sought sought = {set, name};
    for (size_t at = sorted_find(set->name_count, lies_before, &sought); at < set->name_count; at++) {
        const struct rule *rule = &set->rules.rules[set->names[at]];
        if (!text_equal(rule->glob, name)) {
            break;
        }
        if (is_asked_for(question, rule)) {
            return set->names[at];
        }
    }
    return SIZE_MAX;
}

/* Likewise among the others. `tag` and `file` are NULL if no glob matches them. */
static size_t first_pattern(const struct rules_set *set, const char *tag, const char *file,
                            const struct question *question) {
    for (size_t i = 0; i < set->pattern_count; i++) {
        const struct rule *rule = &set->rules.rules[set->patterns[i]];
        if (is_asked_for(question, rule) &&
            (rule->glob.length == 0 ||
             (tag && (fnmatch(rule->glob.bytes, tag, 0) == 0 || fnmatch(rule->glob.bytes, file, 0) == 0)))) {
            return set->patterns[i];
        }
    }
    return SIZE_MAX;
}

/* Tags are file names and contain no NUL; a tag from a journal that has one is matched by no
 * glob. */
static const struct rule *first(const struct rules *rules, struct text tag, const struct question *question) {
    const struct rules_set *set = (const struct rules_set *)rules;
    char file[512], name[sizeof file];
    if (!rules || rules->count == 0) {
        return NULL;
    }
    if (tag.length + sizeof ".sql" > sizeof file || (tag.length > 0 && memchr(tag.bytes, '\0', tag.length))) {
        size_t any = first_pattern(set, NULL, NULL, question);
        return any == SIZE_MAX ? NULL : &rules->rules[any];
    }
    snprintf(name, sizeof name, "%.*s", TEXT_ARGS(tag));
    struct text with_suffix = {file, (size_t)snprintf(file, sizeof file, "%.*s.sql", TEXT_ARGS(tag))};
    size_t firsts[] = {first_pattern(set, name, file, question), first_by_name(set, tag, question),
                       first_by_name(set, with_suffix, question)};
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        least = firsts[i] < least ? firsts[i] : least;
    }
    return least == SIZE_MAX ? NULL : &rules->rules[least];
}

const struct rule *rules_decide(const struct rules *rules, struct text tag) {
    return first(rules, tag, &(struct question){.verbs = 1U << RULE_EXCLUDE | 1U << RULE_INCLUDE});
}

const struct rule *rules_applied(const struct rules *rules, struct text tag, struct text database) {
    return first(rules, tag, &(struct question){.verbs = 1U << RULE_APPLIED, .database = &database});
}

const struct rule *rules_applied_anywhere(const struct rules *rules, struct text tag) {
    return first(rules, tag, &(struct question){.verbs = 1U << RULE_APPLIED});
}

const struct rule *rules_edited(const struct rules *rules, struct text tag, struct text hash, struct text database) {
    return first(rules, tag, &(struct question){.verbs = 1U << RULE_EDITED, .database = &database, .hash = &hash});
}

const struct rule *rules_ignored(const struct rules *rules, struct text code, struct text name) {
    return first(rules, name, &(struct question){.verbs = 1U << RULE_IGNORE, .code = &code});
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
