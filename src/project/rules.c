/* The rules file, line by line. A line that is not understood decides nothing and is reported. */
#include "migfs/project/rules.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/util/record.h"

struct rules_set {
    struct rules rules; /* first, so that the one is the other */
    struct arena *arena;
    struct record record;
};

static const struct {
    const char *name;
    enum rule_verb verb;
} verbs[] = {{"exclude", RULE_EXCLUDE}, {"include", RULE_INCLUDE}, {"applied", RULE_APPLIED}};

struct parse {
    struct rules *rules;
    struct arena *arena;
    struct text name, bytes;
    struct rule *rule;        /* as many as there are lines */
    struct rule_fault *fault; /* likewise */
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

static bool find_verb(struct text word, enum rule_verb *ret_verb) {
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (text_is(word, verbs[i].name)) {
            *ret_verb = verbs[i].verb;
            return true;
        }
    }
    return false;
}

/* A copy each, since fnmatch() wants a NUL behind the glob. */
static void parse_line(struct parse *parse, struct text line, size_t number) {
    struct text verb_name = next_word(&line), glob = next_word(&line), database = next_word(&line);
    struct rule rule = {
        .line = number, .glob = text_copy(parse->arena, glob), .database = text_copy(parse->arena, database)};
    if (verb_name.length == 0 || verb_name.bytes[0] == '#') {
        return;
    }
    if (!find_verb(verb_name, &rule.verb)) {
        struct text shown = text_escaped(parse->arena, text_slice(verb_name, 0, 60));
        add_fault(parse, number,
                  text_format(parse->arena,
                              "\"%.*s\" is no verb: a line is `exclude`, `include` or `applied`, then a glob",
                              TEXT_ARGS(shown)));
    } else if (glob.length == 0 || glob.bytes[0] == '#') {
        add_fault(parse, number,
                  text_format(parse->arena, "`%s` needs a glob after it, such as 0019_*", verbs[rule.verb].name));
    } else if (database.length > 0 && database.bytes[0] != '#' && rule.verb != RULE_APPLIED) {
        add_fault(
            parse, number,
            text_format(parse->arena, "only `applied` takes a database; a glob has no blanks (write `?` for one)"));
    } else {
        struct text more = text_trim(line);
        if (more.length > 0 && more.bytes[0] != '#' && !text_starts(database, "#")) {
            add_fault(parse, number,
                      TEXT("more words than a verb, a glob and a database; a glob has no blanks (write `?` for one)"));
            return;
        }
        if (text_starts(database, "#")) {
            rule.database = TEXT("");
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
        add_fault(parse, 1, TEXT("the file is not UTF-8, so none of its lines counts"));
        parse->rules->faults = parse->fault;
        return;
    }
    size_t lines = 1;
    for (size_t i = 0; i < rest.length; i++) {
        lines += rest.bytes[i] == '\n';
    }
    parse->rule = arena_array(parse->arena, struct rule, lines);
    parse->fault = arena_array(parse->arena, struct rule_fault, lines);
    for (size_t number = 1; text_line(&rest, &line); number++) {
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

/* Tags are the names of files, so none holds a NUL; one that does (from a journal) fits no glob. */
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

const struct rule *rules_decide(const struct rules *rules, struct text tag) {
    for (size_t i = 0; rules && i < rules->count; i++) {
        if (rules->rules[i].verb != RULE_APPLIED && glob_fits(rules->rules[i].glob, tag)) {
            return &rules->rules[i];
        }
    }
    return NULL;
}

const struct rule *rules_applied(const struct rules *rules, struct text tag, struct text database) {
    for (size_t i = 0; rules && i < rules->count; i++) {
        const struct rule *rule = &rules->rules[i];
        if (rule->verb == RULE_APPLIED && (rule->database.length == 0 || text_equal(rule->database, database)) &&
            glob_fits(rule->glob, tag)) {
            return rule;
        }
    }
    return NULL;
}
