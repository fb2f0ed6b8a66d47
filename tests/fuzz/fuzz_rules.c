/* A rules file of any bytes, asked about any tag: what stands before the first empty line is the tag. */
#include "fuzz.h"

#include "migfs/project/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text all = {size > 0 ? (const char *)data : "", size}, tag = TEXT(""), bytes = all;
    struct error error;
    size_t at;
    if (text_find(all, "\n\n", &at)) {
        tag = text_slice(all, 0, at);
        bytes = text_slice(all, at + 2, all.length);
    }
    struct rules *rules = rules_parse(TEXT(".migfs"), bytes, &error);
    HOLDS(rules);
    for (size_t i = 0; i < rules->fault_count; i++) {
        HOLDS(rules->faults[i].line > 0);
        holds_one_safe_line(rules->faults[i].sentence);
    }
    size_t line = 0;
    for (size_t i = 0; i < rules->count; i++) {
        HOLDS(rules->rules[i].line > line);
        line = rules->rules[i].line;
        HOLDS(rules->rules[i].glob.length > 0);
        HOLDS(rules->rules[i].verb == RULE_APPLIED || rules->rules[i].database.length == 0);
    }
    const struct rule *decision = rules_decide(rules, tag), *applied = rules_applied(rules, tag, TEXT("db"));
    HOLDS(!decision || decision->verb != RULE_APPLIED);
    HOLDS(!applied || applied->verb == RULE_APPLIED);
    rules_unref(rules);
    return 0;
}
