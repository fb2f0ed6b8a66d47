/* The rules file: lines in which users classify files, state what they know, and silence problems,
 * with `#` comments: `VERB GLOB [DATABASE]`, `ignore CODE [GLOB]`, `foreign DATABASE`. Globs are
 * those of fnmatch(3) and match a tag, or a file name with its `.sql`. The first line that matches
 * decides. Valid codes and existing databases are not known here.
 *
 * Immutable and reference-counted; any thread may read it. */
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
    struct text code;   /* RULE_IGNORE: a problem's code; else empty */
    struct text glob;   /* empty: matches all, as for RULE_IGNORE without one and RULE_FOREIGN */
    struct text digits; /* RULE_EDITED: first eight hex digits of the only hash accepted, or empty */
    /* RULE_APPLIED, RULE_EDITED: the database, or empty for all; RULE_FOREIGN: the database */
    struct text database;
};

struct rule_fault {
    size_t line;
    struct text sentence; /* what is wrong with the line and what it should be */
};

struct rules {
    struct text name; /* of the file, for problems: ".migfs" or as given by the user */
    const struct rule *rules;
    size_t count;
    const struct rule_fault *faults;
    size_t fault_count;
};

/* Any content is accepted; returns NULL only when memory has run out. */
struct rules *rules_parse(struct text name, struct text bytes, struct error *error);
struct rules *rules_ref(struct rules *rules);
void rules_unref(struct rules *rules); /* takes NULL */

/* The first exclude or include rule that matches the tag, or NULL. Accepts NULL rules. */
const struct rule *rules_decide(const struct rules *rules, struct text tag);

/* The first applied rule that matches the tag in this database, or NULL. Accepts NULL rules. */
const struct rule *rules_applied(const struct rules *rules, struct text tag, struct text database);

/* The same, whatever database it names. */
const struct rule *rules_applied_anywhere(const struct rules *rules, struct text tag);

/* The first edited rule that accepts this text of the migration in this database, or NULL. `hash`
 * is in hexadecimal. Accepts NULL rules. */
const struct rule *rules_edited(const struct rules *rules, struct text tag, struct text hash, struct text database);

/* The first ignore rule that matches a problem with this code about a migration or database with
 * this name (empty: about neither), or NULL. Accepts NULL rules. */
const struct rule *rules_ignored(const struct rules *rules, struct text code, struct text name);

/* A glob that matches the tag in a rule; characters that cannot be written literally are `?`. */
struct text rules_glob(struct arena *arena, struct text tag);

/* The first foreign rule for this database, or NULL. Accepts NULL rules. */
const struct rule *rules_foreign(const struct rules *rules, struct text database);

#endif
