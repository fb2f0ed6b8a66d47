/* The rules file: lines by which people say what a file is, what they know and what they do not want to read, with `#` comments:
 * `VERB GLOB [DATABASE]`, `ignore CODE [GLOB]`, `foreign DATABASE`. Globs are those of fnmatch(3) and match a tag, or a file's name
 * with its `.sql`. The first line that fits decides. What a code may be, and which databases there are, is not known here.
 *
 * Immutable and counted; any thread may read it. */
#ifndef MIGFS_PROJECT_RULES_H
#define MIGFS_PROJECT_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "migfs/util/error.h"
#include "migfs/util/text.h"

enum rule_verb { RULE_EXCLUDE, RULE_INCLUDE, RULE_APPLIED, RULE_EDITED, RULE_IGNORE, RULE_FOREIGN };

struct rule {
    size_t line; /* from 1 */
    enum rule_verb verb;
    struct text code;   /* RULE_IGNORE: of the problems; else empty */
    struct text glob;   /* empty where all fit: RULE_IGNORE without one, RULE_FOREIGN */
    struct text digits; /* RULE_EDITED: the first eight of the hash of the only text it accepts, or empty */
    struct text
        database; /* RULE_APPLIED, RULE_EDITED: the only one it speaks of, or empty for all; RULE_FOREIGN: the one */
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

/* The first edited rule that accepts this text of the migration in this database, or NULL. `hash` is in hexadecimal digits. Takes
 * NULL rules. */
const struct rule *rules_edited(const struct rules *rules, struct text tag, struct text hash, struct text database);

/* The first ignore rule that fits a problem with this code about a migration or a database of this name (empty: about neither), or
 * NULL. Takes NULL rules. */
const struct rule *rules_ignored(const struct rules *rules, struct text code, struct text name);

/* A tag as a line may name it: what would not be itself in a glob is `?`. */
struct text rules_glob(struct arena *arena, struct text tag);

/* The first foreign rule that names this database, or NULL. Takes NULL rules. */
const struct rule *rules_foreign(const struct rules *rules, struct text database);

#endif
