/* The rules file: lines of `VERB GLOB [DATABASE]` with `#` comments, by which people say what a file is. Globs are those of
 * fnmatch(3) and match a tag, or a file's name with its `.sql`. The first line that fits decides.
 *
 * Immutable and counted; any thread may read it. */
#ifndef MIGFS_PROJECT_RULES_H
#define MIGFS_PROJECT_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/error.h"
#include "migfs/util/text.h"

enum rule_verb { RULE_EXCLUDE, RULE_INCLUDE, RULE_APPLIED };

struct rule {
    size_t line; /* from 1 */
    enum rule_verb verb;
    struct text glob;
    struct text database; /* RULE_APPLIED: the only database it speaks of, or empty for all */
};

struct rule_fault {
    size_t line;
    struct text sentence; /* what is wrong with the line and what it should be */
};

struct rules {
    struct text name; /* of the file, for problems: ".migfs" or as the user gave it */
    const struct rule *rules;
    size_t count;
    const struct rule_fault *faults;
    size_t fault_count;
};

/* Never fails for what the bytes hold; NULL when memory has run out. */
struct rules *rules_parse(struct text name, struct text bytes, struct error *error);
struct rules *rules_ref(struct rules *rules);
void rules_unref(struct rules *rules); /* takes NULL */

/* The first exclude or include rule that fits the tag, or NULL. Takes NULL rules. */
const struct rule *rules_decide(const struct rules *rules, struct text tag);

/* The first applied rule that fits the tag in this database, or NULL. Takes NULL rules. */
const struct rule *rules_applied(const struct rules *rules, struct text tag, struct text database);

#endif
