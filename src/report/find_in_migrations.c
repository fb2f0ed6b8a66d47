/* Problems of single migrations: what Drizzle does with each that people do not expect. */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "migfs/join/effects_hold.h"
#include "report/evidence.h"
#include "report/find_in.h"
#include "report/phrases.h"

static struct text file_name(const struct finder *finder, const struct migration *it) {
    struct buffer buffer = BUFFER(finder->arena);
    buffer_add(&buffer, it->tag);
    buffer_add_string(&buffer, ".sql");
    return buffer_text(&buffer);
}

static const char *tag_of(const struct finder *finder, const struct migration *it) {
    return phrase_tag(finder->arena, it->tag).bytes;
}

/* ", and has no row in database a"; empty if there is no such database. */
static const char *without_row(const struct finder *finder, const struct migration *it) {
    const char *names = finder_databases(finder, it, STATE_NOT_APPLIED);
    return *names ? text_format(finder->arena, ", and has no row in %s", names).bytes : "";
}

/* Returns whether it was run by hand in every database that lacks it, and there is at least one;
 * this is reported separately. */
static bool ran_by_hand_wherever(const struct finder *finder, const struct migration *it) {
    bool is_lacking = false;
    for (size_t i = 0; i < finder->join->database_count; i++) {
        if (standing_has_run(&it->standings[i])) {
            continue;
        }
        is_lacking = true;
        if (!finder_ran_by_hand(finder, it, i)) {
            return false;
        }
    }
    return is_lacking;
}

/* Returns whether its objects exist without a row in some databases only; ran-by-hand reports the
 * decision to make. */
static bool is_undecided(const struct finder *finder, const struct migration *it) {
    bool is_there = false;
    if (!effects_hold_applies(finder->join, it)) {
        return false;
    }
    for (size_t i = 0; i < finder->join->database_count; i++) {
        is_there = is_there || it->standings[i].is_there;
    }
    return is_there;
}

static bool is_unjournaled(const struct finder *finder, const struct migration *it) {
    return migration_counts(it) && !it->entry && finder->join->journal->status == JOURNAL_READ &&
           finder_lacks_somewhere(finder, it) && !ran_by_hand_wherever(finder, it) && !is_undecided(finder, it);
}

/* Returns the migration whose problem mentions that the order is doubtful: the doubtful one itself
 * if it is reported, else the first one that is, since a commit made for that one lists the
 * doubtful one, too. */
static const struct migration *line_of_doubt(const struct finder *finder) {
    if (!finder->doubtful || is_unjournaled(finder, finder->doubtful)) {
        return finder->doubtful;
    }
    for (size_t i = 0; i < finder->join->count; i++) {
        if (is_unjournaled(finder, &finder->join->migrations[i])) {
            return &finder->join->migrations[i];
        }
    }
    return NULL;
}

static void find_unlisted(struct finder *finder, const struct migration *it, const struct place *place) {
    if (!is_unjournaled(finder, it)) {
        return;
    }
    const char *applied = finder_applied_lines(finder, it, STATE_COUNT);
    found(finder, PROBLEM_UNJOURNALED, place,
          "not in meta/_journal.json, so Drizzle never runs it%s; %s; or write `exclude %s` into .migfs if it is not a "
          "migration%s%s%s",
          without_row(finder, it), finder->advice, phrase_glob(finder->arena, it->tag).bytes,
          *applied ? ", or, if it was run by hand and every database that lacks it is attached, " : "", applied,
          finder_doubt(finder, it));
}

/* A migration that the journal lists is excluded only by a rule. */
static void find_excluded(struct finder *finder, const struct migration *it, const struct place *place) {
    bool runs = finder->join->database_count == 0;
    for (size_t i = 0; i < finder->join->database_count; i++) {
        enum state state = it->standings[i].state;
        runs = runs || state == STATE_PENDING || state == STATE_UNKNOWN || it->is_out_of_reach;
    }
    if (it->kind == MIGRATION_EXCLUDED && it->entry && runs) {
        found(finder, PROBLEM_EXCLUDED, place,
              "listed in meta/_journal.json, so Drizzle runs it, although line %zu of %s excludes it; %s",
              it->rule->line, shown(finder, finder->join->rules->name), finder->advice);
    }
}

/* " and meta/0002_snapshot.json", if it exists and belongs to no other migration. */
static const char *snapshot_of_its_own(const struct finder *finder, const struct migration *it) {
    const struct join *join = finder->join; /* migrations are sorted by number */
    size_t at = (size_t)(it - join->migrations), digits;
    bool is_shared = (at > 0 && text_equal(it[-1].number, it->number)) ||
                     (at + 1 < join->count && text_equal(it[1].number, it->number));
    return !is_shared && it->has_snapshot && text_find(it->tag, "_", &digits)
               ? text_format(finder->arena, " and meta/%.*s_snapshot.json", (int)digits, it->tag.bytes).bytes
               : "";
}

static void find_held(struct finder *finder, const struct migration *it, const struct place *place) {
    const char *other =
        it->reason == REASON_NONE || it->other == SIZE_MAX ? "" : tag_of(finder, &finder->join->migrations[it->other]);
    const char *glob = phrase_glob(finder->arena, it->tag).bytes;
    if (it->reason == REASON_NONE) {
        return;
    }
    const char *decide = text_format(finder->arena, "delete it%s, or write `exclude %s` or `include %s` into .migfs",
                                     snapshot_of_its_own(finder, it), glob, glob)
                             .bytes;
    const char *evidence = it->kind == MIGRATION_HELD ? evidence_of_held(finder, it) : "";
    switch (it->reason) {
    case REASON_SAME_BYTES:
        found(finder, PROBLEM_HELD, place,
              "not in meta/_journal.json, so Drizzle never runs it; a leftover? It has the same bytes as %s: %s%s",
              other, decide, evidence);
        break;
    case REASON_SAME_NUMBER:
        if (finder->join->migrations[it->other].file) {
            found(finder, PROBLEM_HELD, place,
                  "not in meta/_journal.json, so Drizzle never runs it; a leftover? It has the number of %s: %s%s",
                  other, decide, evidence);
        } else {
            found(finder, PROBLEM_HELD, place,
                  "not in meta/_journal.json, so Drizzle never runs it; %s, whose file is not there, under another "
                  "name? Before you commit a journal that lists neither, write `include %s` into .migfs, with `applied "
                  "%s DATABASE` for each in which it has run, or `exclude %s`%s",
                  other, glob, glob, glob, evidence);
        }
        break;
    case REASON_COPY:
        found(finder, PROBLEM_HELD, place,
              "not in meta/_journal.json, so Drizzle never runs it; a leftover? It is named like a copy of %s: %s%s",
              other, decide, evidence);
        break;
    case REASON_THERE:
        found(finder, PROBLEM_HELD, place,
              "not in meta/_journal.json, so Drizzle never runs it, and %s, where no row says that it ran: write "
              "`exclude %s` into .migfs if no other database is to get it, else %s",
              evidence_all_there(finder, it), glob, evidence_listing(finder, it));
        break;
    case REASON_ENCODING:
        found(finder, PROBLEM_HELD, place,
              "its name is not UTF-8, so no journal can list it, and Drizzle never runs it; rename it");
        break;
    default:
        break;
    }
}

/* Returns the entry that causes this state. If the migration is listed twice, the second may be the
 * one that runs. */
static const struct journal_entry *entry_in_state(const struct finder *finder, const struct migration *it,
                                                  enum state state, size_t database) {
    const struct join *join = finder->join;
    for (size_t i = it->entry->position; state == STATE_RERUN && i < join->item_count; i++) {
        const struct join_item *item = &join->items[i];
        if (item->migration == (size_t)(it - join->migrations) && join_runs(join, item, database)) {
            return item->entry;
        }
    }
    return it->entry;
}

/* "its when, 1, is above the newest created_at, 2": the cause of this state in the first database
 * that has it. */
static const char *why_in_state(const struct finder *finder, const struct migration *it, enum state state) {
    size_t first = 0;
    while (!finder_is_in(finder, it, first, state)) {
        first++;
    }
    struct watermark watermark = finder->join->databases[first].watermark;
    const struct journal_entry *entry = entry_in_state(finder, it, state, first);
    const char *when = shown(finder, text_slice(entry->when.text, 0, 60));
    if (watermark.kind == WATERMARK_NONE) {
        return "its ledger has no row";
    }
    if (state == STATE_SKIPPED && !entry->when.is_valid) {
        bool is_missing = entry->when.text.length == 0;
        return text_format(finder->arena, "its when, %s, is not a timestamp", is_missing ? "missing" : when).bytes;
    }
    const char *against = watermark.kind == WATERMARK_NULL
                              ? "the 0 that a created_at of NULL is to Drizzle"
                              : text_format(finder->arena, "the newest created_at, %" PRId64, watermark.stamp).bytes;
    return text_format(finder->arena, "its when, %s, is %sabove %s", when, state == STATE_SKIPPED ? "not " : "",
                       against)
        .bytes;
}

/* Returns whether every rerun of it comes from a NULL created_at, which null-created-at reports
 * once for all migrations. */
static bool is_rerun_by_null(const struct finder *finder, const struct migration *it) {
    for (size_t i = 0; i < finder->join->database_count; i++) {
        if (finder_is_in(finder, it, i, STATE_RERUN) && finder->join->databases[i].watermark.kind != WATERMARK_NULL) {
            return false;
        }
    }
    return true;
}

/* Returns whether the sentence of a conflict says what Drizzle does with it in all of these
 * databases. */
static bool is_said_by_conflict(const struct finder *finder, const struct migration *it, enum state state) {
    const struct conflict *conflict = finder_conflict(finder, it);
    if (!conflict || finder_ignores(finder, PROBLEM_CONFLICT, it)) {
        return false;
    }
    for (size_t i = 0; conflict->lacks == SIZE_MAX && i < finder->join->database_count; i++) {
        if (i != conflict->has && finder_is_in(finder, it, i, state)) {
            return false;
        }
    }
    return conflict->lacks != SIZE_MAX || state == STATE_RERUN;
}

static void find_wrong_runs(struct finder *finder, const struct migration *it, const struct place *place) {
    const char *skipped = finder_databases(finder, it, STATE_SKIPPED);
    const char *rerun = finder_databases(finder, it, STATE_RERUN);
    const char *applied = finder_applied_lines(finder, it, STATE_SKIPPED);
    if (*skipped && !is_said_by_conflict(finder, it, STATE_SKIPPED)) {
        found(finder, PROBLEM_SKIPPED, place, "has no row in %s, and Drizzle never runs it there: %s; %s%s%s%s",
              skipped, why_in_state(finder, it, STATE_SKIPPED), *applied ? "if it was run there by hand, write " : "",
              applied, *applied ? " into .migfs; else " : "", finder->advice);
    }
    if (*rerun && !is_rerun_by_null(finder, it) && !is_said_by_conflict(finder, it, STATE_RERUN)) {
        found(finder, PROBLEM_RERUN, place, "has run in %s, and Drizzle runs it there again: %s; %s", rerun,
              why_in_state(finder, it, STATE_RERUN), finder->advice);
    }
}

/* Reports a text that differs from the one that ran, unless a rule accepts the present text. */
void find_modified(struct finder *finder, const struct migration *it, const struct place *place) {
    enum { NAMED = 5, DIGITS = 8 };
    const struct join *join = finder->join;
    struct phrase_list names = phrase_list(finder->arena, NAMED);
    char hex[DIGEST_HEX_LENGTH + 1];
    bool is_by_when = false, is_without = false;
    digest_to_hex(&it->file->sql->digest, hex);
    for (size_t i = 0; i < join->database_count; i++) {
        if (finder_is_modified(finder, it, i)) {
            is_without = is_without || evidence_is_not_effective(finder, it, i);
            phrase_list_add(&names, join->databases[i].name);
            is_by_when = is_by_when || match_facts(it->standings[i].match)->is_by_when_only;
        }
    }
    if (names.count > 0) {
        found_as(
            finder, is_without ? SEVERITY_ERROR : SEVERITY_WARNING, PROBLEM_MODIFIED, place,
            "has changed since it ran in database%s %s, and Drizzle does not run it again there%s: restore the old "
            "text and put the change into a migration of its own, or, if the edit is intended, write `edited "
            "%s@%.*s` into .migfs%s",
            phrase_s(names.count), phrase_list_end(&names).bytes, evidence_now_there(finder, it),
            phrase_glob(finder->arena, it->tag).bytes, DIGITS, hex,
            is_by_when ? "; if another migration ran there with its timestamp, give it another when" : "");
    }
}

/* Says what is known where the row has only a timestamp. */
static void find_without_hash(struct finder *finder, const struct migration *it, const struct place *place) {
    enum { NAMED = 5 };
    struct phrase_list names = phrase_list(finder->arena, NAMED);
    char hex[DIGEST_HEX_LENGTH + 1];
    digest_to_hex(&it->file->sql->digest, hex);
    for (size_t i = 0; i < finder->join->database_count; i++) {
        struct text name = finder->join->databases[i].name;
        if (finder_is_in(finder, it, i, STATE_MODIFIED) && !standing_has_hash(&it->standings[i]) &&
            !rules_edited(finder->join->rules, it->tag, text_of(hex), name)) {
            phrase_list_add(&names, name);
        }
    }
    if (names.count > 0) {
        found_as(finder, SEVERITY_NOTE, PROBLEM_MODIFIED, place,
                 "recognized by its timestamp alone in database%s %s, where its row has no hash, so it is not known "
                 "whether it has changed since; Drizzle does not run it again there",
                 phrase_s(names.count), phrase_list_end(&names).bytes);
    }
}

static void find_forgotten(struct finder *finder, const struct migration *it, const struct place *place) {
    enum { NAMED = 5 };
    const struct join *join = finder->join;
    struct phrase_list names = phrase_list(finder->arena, NAMED), rules = names;
    for (size_t i = 0; i < join->database_count; i++) {
        if (finder_is_forgotten(join, finder->synthesis, (size_t)(it - join->migrations), i)) {
            phrase_list_add(&names, join->databases[i].name);
            phrase_list_add(&rules,
                            text_format(finder->arena, "`applied %s %.*s`", phrase_glob(finder->arena, it->tag).bytes,
                                        TEXT_ARGS(join->databases[i].name)));
        }
    }
    if (names.count > 0) {
        found(finder, PROBLEM_COMMIT_FORGETS, place,
              "only its timestamp shows that it ran in database%s %s, and the consistent journal must change that: "
              "once that is committed, a later journal runs it there again; before that, write %s into .migfs",
              phrase_s(names.count), phrase_list_end(&names).bytes, phrase_list_end(&rules).bytes);
    }
}

static void find_line_ends(struct finder *finder, const struct migration *it, const struct place *place) {
    for (size_t i = 0; i < finder->join->database_count; i++) {
        if (it->standings[i].match == MATCH_LINE_ENDS) {
            found(finder, PROBLEM_LINE_ENDS, place,
                  "ran in database %.*s with other line endings (CRLF or LF); Drizzle ignores that, and `*.sql text "
                  "eol=lf` in .gitattributes keeps those of the next ones",
                  TEXT_ARGS(finder->join->databases[i].name));
            return;
        }
    }
}

void find_in_text(struct finder *finder, const struct migration *it, const struct place *place) {
    const struct sql *sql = it->file->sql;
    if (sql->has_conflict_markers) {
        found(finder, PROBLEM_SQL_CONFLICT, place,
              "contains the markers of an unfinished merge, on which PostgreSQL fails; finish the merge");
    }
    if (sql->is_utf16) {
        found(finder, PROBLEM_SQL_ENCODING, place,
              "is UTF-16, which Drizzle turns into garbage that PostgreSQL rejects; save it as UTF-8");
    } else if (sql->has_nul) {
        found(finder, PROBLEM_SQL_ENCODING, place, "contains a NUL byte, which PostgreSQL rejects; remove it");
    } else if (sql->has_byte_order_mark && finder_lacks_somewhere(finder, it)) {
        found(finder, PROBLEM_SQL_ENCODING, place,
              "begins with a byte order mark, which PostgreSQL rejects; save it as UTF-8 without one");
    } else if (!sql->is_utf8) {
        found(finder, PROBLEM_SQL_ENCODING, place,
              "is not UTF-8: Drizzle sends U+FFFD for each invalid sequence; save it as UTF-8");
    }
    if (sql->is_unwritten && finder->join->layout->runner->takes_empty_chunk && finder_lacks_somewhere(finder, it)) {
        found(finder, PROBLEM_SQL_EMPTY, place,
              "contains no statement: Drizzle does nothing and records it as run; write it before it runs anywhere, or "
              "add a comment that says why it is empty");
    }
}

static bool disk_refused(const struct finder *finder, struct text name) {
    const struct disk_entry *entry = disk_find(finder->join->disk, name);
    return entry && entry->kind == DISK_REFUSED;
}

static void find_in_migration(struct finder *finder, const struct migration *it) {
    struct place place = {.file = file_name(finder, it), .migration = it};
    if (!it->file) {
        bool is_name = it->tag.length > 0 && it->tag.length <= 251 && !memchr(it->tag.bytes, '/', it->tag.length) &&
                       !memchr(it->tag.bytes, '\0', it->tag.length) && !text_ends(it->tag, ".sql");
        if (it->is_out_of_reach) {
            find_excluded(finder, it, &place);
        }
        /* Otherwise it is reported as bad-tag or bad-file. */
        if (is_name && !disk_refused(finder, file_name(finder, it))) {
            struct place in_journal = {.file = TEXT("meta/_journal.json"), .line = it->entry->line, .migration = it};
            found(finder, PROBLEM_MISSING, &in_journal,
                  "lists %s, and %s.sql is not there, so every run of Drizzle aborts; restore the file; if it is gone "
                  "for good, the consistent journal leaves the entry out: %s",
                  tag_of(finder, it), tag_of(finder, it), finder->advice);
        }
        return;
    }
    find_excluded(finder, it, &place);
    find_held(finder, it, &place);
    find_unlisted(finder, it, &place);
    find_wrong_runs(finder, it, &place);
    find_modified(finder, it, &place);
    find_without_hash(finder, it, &place);
    find_forgotten(finder, it, &place);
    find_line_ends(finder, it, &place);
    if (it->kind != MIGRATION_COUNTS) {
        return;
    }
    find_in_text(finder, it, &place);
}

void find_in_migrations(struct finder *finder) {
    finder->doubt_line = line_of_doubt(finder);
    for (size_t i = 0; i < finder->join->count; i++) {
        find_in_migration(finder, &finder->join->migrations[i]);
    }
}
