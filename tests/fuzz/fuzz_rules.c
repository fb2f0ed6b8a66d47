/* A rules file of any bytes, asked about any tag: what stands before the first empty line is the
 * tag. */
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
        enum rule_verb verb = rules->rules[i].verb;
        HOLDS(rules->rules[i].glob.length > 0 || verb == RULE_FOREIGN || verb == RULE_IGNORE);
        HOLDS(rules->rules[i].database.length == 0 || verb == RULE_APPLIED || verb == RULE_EDITED ||
              verb == RULE_FOREIGN);
    }
    const struct rule *decision = rules_decide(rules, tag), *applied = rules_applied(rules, tag, TEXT("db"));
    HOLDS(!decision || decision->verb == RULE_INCLUDE || decision->verb == RULE_EXCLUDE);
    HOLDS(!applied || applied->verb == RULE_APPLIED);
    rules_unref(rules);
    return 0;
}
