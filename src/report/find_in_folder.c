/* Problems of the folder, namely names that look like migrations but are not, and files that cannot
 * be read; and problems of the rules file. */
#include <string.h>
#include <strings.h>

#include "report/find_in.h"
#include "report/phrases.h"

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static size_t digits_at_start(struct text name) {
    size_t digits = 0;
    while (digits < name.length && is_digit(name.bytes[digits])) {
        digits++;
    }
    return digits;
}

static bool ends_in_sql_of_any_case(struct text name) {
    return name.length > 4 && strncasecmp(name.bytes + name.length - 4, ".sql", 4) == 0;
}

static void find_refused(struct finder *finder, const struct disk_entry *entry) {
    const struct migration *it = NULL;
    if (entry->parent == 0 && text_ends(entry->name, ".sql")) {
        struct text tag = text_slice(entry->name, 0, entry->name.length - 4);
        const struct rule *rule = rules_decide(finder->join->rules, tag);
        if (rule && rule->verb == RULE_EXCLUDE) {
            return;
        }
        it = join_find(finder->join, tag);
    }
    const char *consequence =
        it ? text_format(
                 finder->arena,
                 ", and _journal.json is refused, since Drizzle may read it: put a regular file in its place, or "
                 "write `exclude %s` into .migfs if it is not a migration",
                 phrase_glob(finder->arena, it->tag).bytes)
                 .bytes
           : "";
    if (!finder->join->layout->has_journal) {
        const struct disk_entry *folder = &finder->join->disk->entries[entry->parent];
        bool is_sql = entry->parent != 0 && folder->parent == 0 && text_is(entry->name, "migration.sql");
        consequence = is_sql ? "; the runner of Drizzle v1 reads it or aborts: put a regular file in its place"
                      : entry->parent == 0 && entry->is_link
                          ? "; the runner of Drizzle v1 follows it, and runs what it leads to if that is a folder with "
                            "migration.sql: put the folder itself in its place"
                          : consequence;
    }
    found(finder, PROBLEM_BAD_FILE, &(struct place){.file = entry->path, .migration = it},
          "%s, so it is not read and not shown%s", shown(finder, entry->refusal), consequence);
}

/* Its bytes are not held in memory, and the file system does not return from reading them. */
static void find_silent(struct finder *finder, const struct disk_entry *entry) {
    unsigned silence = entry->kind == DISK_FILE ? content_silence(entry->content) : 0;
    if (silence > 0) {
        found(finder, PROBLEM_BAD_FILE, &(struct place){.file = entry->path},
              "has not answered for %u second%s when it was to be read once more, so what is said of its contents may "
              "lack something, and who reads it waits; is it on a network or another file system that hangs?",
              silence, silence == 1 ? "" : "s");
    }
}

static void find_odd_name(struct finder *finder, const struct disk_entry *entry) {
    struct place place = {.file = entry->path};
    size_t digits = digits_at_start(entry->name);
    if (entry->kind == DISK_FILE && ends_in_sql_of_any_case(entry->name) && !text_ends(entry->name, ".sql")) {
        found(finder, PROBLEM_BAD_NAME, &place,
              "does not end in lower-case .sql, so Drizzle finds it only on some systems; rename it");
    }
    /* If the journal lists it, it is reported as `missing`. */
    if (entry->kind == DISK_DIRECTORY && text_ends(entry->name, ".sql") &&
        !join_find(finder->join, text_slice(entry->name, 0, entry->name.length - 4))) {
        found(finder, PROBLEM_BAD_FILE, &place, "is a directory, so it is not a migration; rename it");
    }
    if (!entry->sql || digits == 0) {
        return;
    }
    const struct migration *it = join_find(finder->join, text_slice(entry->name, 0, entry->name.length - 4));
    if (it && it->kind == MIGRATION_EXCLUDED && it->reason == REASON_NAME) {
        found(finder, PROBLEM_BAD_NAME, &place,
              "begins with a number but has no `_` after it, so it does not count as a migration here, and Drizzle "
              "does not run it unless it is listed; rename it, or write `include %s` or `exclude %s` into .migfs",
              phrase_glob(finder->arena, it->tag).bytes, phrase_glob(finder->arena, it->tag).bytes);
    }
}

static void find_in_meta(struct finder *finder, const struct disk_entry *entry) {
    if (entry->kind == DISK_FILE && !text_starts(entry->name, "_") && !text_ends(entry->name, "_snapshot.json")) {
        found(finder, PROBLEM_META_FILE, &(struct place){.file = entry->path},
              "drizzle-kit takes it for a snapshot, like everything in meta/ whose name does not begin with `_`, and "
              "stops; move it elsewhere");
    }
}

/* `20251005090321_name/migration.sql`, or a name of exactly 14 digits, on which drizzle-kit stops. */
static bool is_v1(const struct disk *disk, size_t index) {
    const struct disk_entry *entry = &disk->entries[index];
    size_t digits = digits_at_start(entry->name);
    if (entry->parent == 0 && digits == 14 && entry->name.length == 14) {
        return true;
    }
    const struct disk_entry *folder = &disk->entries[entry->parent];
    return entry->parent != 0 && folder->parent == 0 && text_is(entry->name, "migration.sql") &&
           digits_at_start(folder->name) == 14 && folder->name.length > 15 && folder->name.bytes[14] == '_';
}

static void find_in_rules(struct finder *finder) {
    const struct join *join = finder->join;
    if (!join->rules) {
        return;
    }
    for (size_t i = 0; i < join->rules->fault_count; i++) {
        const struct rule_fault *fault = &join->rules->faults[i];
        found(finder, PROBLEM_BAD_RULE, &(struct place){.file = join->rules->name, .line = fault->line},
              "%.*s; the line has no effect: correct it", TEXT_ARGS(fault->sentence));
    }
    for (size_t i = 0; i < join->rules->count; i++) {
        const struct rule *rule = &join->rules->rules[i];
        struct place place = {.file = join->rules->name, .line = rule->line};
        bool is_database = rule->database.length == 0 || join->database_count == 0;
        for (size_t d = 0; d < join->database_count; d++) {
            is_database = is_database || text_equal(rule->database, join->databases[d].name);
        }
        if (!is_database) {
            /* It may be attached in other runs: a rule for production has no effect in a run that
             * sees only staging. */
            found_as(finder, SEVERITY_NOTE, PROBLEM_BAD_RULE, &place,
                     "no database that is attached is named %s, so the line has no effect here",
                     shown(finder, text_slice(rule->database, 0, 60)));
        }
        if (rule->verb == RULE_IGNORE && !problem_code_find(rule->code)) {
            found(finder, PROBLEM_BAD_RULE, &place, "no problem has the code %s; the line has no effect: correct it",
                  shown(finder, text_slice(rule->code, 0, 60)));
        }
    }
}

/* Returns whether Drizzle v1 reads the file under another name, through a link. */
static bool is_linked_to(const struct finder *finder, const struct disk_entry *entry) {
    const struct disk *disk = finder->join->disk;
    bool is_linked = false;
    for (size_t i = 1; i < disk->count && !finder->join->layout->has_journal && !is_linked; i++) {
        const struct disk_entry *link = &disk->entries[i];
        is_linked = link->is_link && link->sql && link->inode == entry->inode && link->device == entry->device;
    }
    return is_linked;
}

void find_in_folder(struct finder *finder) {
    const struct disk *disk = finder->join->disk;
    const char *unreachable = disk_unreachable(disk);
    if (disk->is_silent) {
        found(
            finder, PROBLEM_SOURCE_MISSING, &(struct place){.file = TEXT(".")},
            "the migrations folder %s, so what is shown is as it was before; is it on a network or another file system "
            "that hangs?",
            unreachable);
        return;
    }
    if (unreachable) {
        found(finder, PROBLEM_SOURCE_MISSING, &(struct place){.file = TEXT(".")},
              "the migrations folder %s, so Drizzle aborts; the view fills again when it %s", unreachable,
              disk->is_gone ? "is back" : "can be read");
        return;
    }
    size_t sql_files = 0, first_v1 = SIZE_MAX;
    bool *is_told = arena_array(finder->arena, bool, disk->count); /* folders already reported */
    for (size_t i = 1; i < disk->count; i++) {
        const struct disk_entry *entry = &disk->entries[i];
        bool in_meta = entry->parent != 0 && text_is(disk->entries[entry->parent].path, "meta");
        sql_files += entry->sql != NULL;
        find_silent(finder, entry);
        if (entry->kind == DISK_REFUSED) {
            find_refused(finder, entry);
        } else if (entry->parent == 0) {
            find_odd_name(finder, entry);
        } else if (in_meta) {
            find_in_meta(finder, entry);
        }
        if (!finder->join->layout->has_journal ? finder->join->layout->is_migration(entry) : is_v1(disk, i)) {
            first_v1 = first_v1 == SIZE_MAX ? i : first_v1;
        } else if (entry->parent != 0 && entry->kind == DISK_FILE && text_ends(entry->name, ".sql") &&
                   !is_told[entry->parent] && !is_linked_to(finder, entry)) {
            is_told[entry->parent] = true;
            found(finder, PROBLEM_NESTED_SQL, &(struct place){.file = disk->entries[entry->parent].path},
                  "contains .sql files, but Drizzle reads only those directly in the migrations folder; move up those "
                  "that are meant to run");
        }
    }
    if (first_v1 != SIZE_MAX && finder->join->layout->has_journal) {
        found(finder, PROBLEM_V1_FOLDER, &(struct place){.file = disk->entries[first_v1].path},
              "has the layout of Drizzle v1, which the 0.x runner does not read, and whose own runner refuses a folder "
              "with meta/_journal.json; finish `drizzle-kit up` or undo it");
    }
    bool is_said = finder->join->layout->has_journal && finder->join->count == 0 &&
                   finder->join->journal->status == JOURNAL_MISSING;
    if (sql_files == 0 && !is_said) {
        found(finder, PROBLEM_NO_MIGRATIONS, &(struct place){.file = TEXT(".")},
              "there is no .sql file here; is this the migrations folder?");
    }
    find_in_rules(finder);
}
