/* Parts of sentences: times, lists of names, and what the runner does with a migration by either
 * journal. */
#include "report/phrases.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

#include "migfs/folder/statements.h"
#include "migfs/synthesis/snapshots.h"

struct text phrase_time(struct arena *arena, int64_t stamp) {
    enum { MILLISECONDS = 1000 };
    int64_t milliseconds = stamp % MILLISECONDS < 0 ? stamp % MILLISECONDS + MILLISECONDS : stamp % MILLISECONDS;
    time_t seconds = stamp / MILLISECONDS - (stamp % MILLISECONDS < 0);
    struct tm tm;
    if (!gmtime_r(&seconds, &tm) || tm.tm_year + 1900 < 1 || tm.tm_year + 1900 > 9999) {
        return TEXT("-");
    }
    return text_format(arena, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                       tm.tm_hour, tm.tm_min, tm.tm_sec, (int)milliseconds);
}

struct text phrase_tag(struct arena *arena, struct text tag) {
    enum { LONGEST = 300 };
    return text_escaped(arena, text_slice(tag, 0, LONGEST));
}

struct text phrase_glob(struct arena *arena, struct text tag) {
    return rules_glob(arena, tag);
}

const char *phrase_s(size_t count) {
    return count == 1 ? "" : "s";
}

void phrase_count(struct buffer *buffer, size_t count, const char *noun) {
    buffer_format(buffer, "%zu %s%s", count, noun, phrase_s(count));
}

struct phrase_list phrase_list(struct arena *arena, size_t named) {
    return (struct phrase_list){.buffer = BUFFER(arena), .named = named};
}

void phrase_list_add(struct phrase_list *list, struct text name) {
    if (++list->count <= list->named) {
        buffer_add_string(&list->buffer, list->count > 1 ? ", " : "");
        buffer_add(&list->buffer, phrase_tag(list->buffer.arena, name));
    }
}

struct text phrase_list_end(struct phrase_list *list) {
    if (list->count > list->named) {
        buffer_format(&list->buffer, " and %zu more", list->count - list->named);
    }
    return buffer_text(&list->buffer);
}

enum { NAMED_DATABASES = 5 };

/* The names of the databases in which the migration has this state. */
static struct text databases_in(struct arena *arena, const struct join *join, const struct migration *it,
                                enum state state) {
    struct phrase_list list = phrase_list(arena, NAMED_DATABASES);
    for (size_t i = 0; i < join->database_count; i++) {
        if (it->standings[i].state == state) {
            phrase_list_add(&list, join->databases[i].name);
        }
    }
    return phrase_list_end(&list);
}

/* Those in which it is recognized by its timestamp alone, and its row has a hash or none. */
static struct text databases_by_stamp(struct arena *arena, const struct join *join, const struct migration *it,
                                      bool has_hash) {
    struct phrase_list list = phrase_list(arena, NAMED_DATABASES);
    for (size_t i = 0; i < join->database_count; i++) {
        if (it->standings[i].state == STATE_MODIFIED && standing_has_hash(&it->standings[i]) == has_hash) {
            phrase_list_add(&list, join->databases[i].name);
        }
    }
    return phrase_list_end(&list);
}

static void add_part(struct buffer *buffer, const char *what, struct text databases, const char *why) {
    if (databases.length > 0) {
        buffer_add_string(buffer, buffer->length > 0 ? "; " : "");
        buffer_add_string(buffer, what);
        buffer_add(buffer, databases);
        buffer_add_string(buffer, why);
    }
}

struct text phrase_abortion(struct arena *arena, const struct join *join) {
    const char *unreachable = disk_unreachable(join->disk);
    if (unreachable) {
        return text_format(arena, "%s every run: the migrations folder %s",
                           join->disk->is_silent ? "holds up" : "aborts", unreachable);
    }
    if (join->journal->status != JOURNAL_READ) {
        return join->journal->status == JOURNAL_MISSING ? TEXT("aborts every run: there is no meta/_journal.json")
                                                        : TEXT("aborts every run: meta/_journal.json cannot be read");
    }
    if (join->aborting_entry != SIZE_MAX) {
        size_t migration = join->entry_migration[join->aborting_entry];
        if (migration == SIZE_MAX) {
            return TEXT("aborts every run: an entry of meta/_journal.json has no tag");
        }
        struct text tag = join->migrations[migration].tag;
        return text_format(arena,
                           join->migrations[migration].is_out_of_reach ? "aborts every run, unless it can read %s.sql"
                                                                       : "aborts every run: %s.sql is not there",
                           phrase_tag(arena, tag).bytes);
    }
    return TEXT("");
}

struct text phrase_failure(struct arena *arena, const struct journal_entry *entry) {
    return text_format(arena, "fails, and rolls back what it ran: the when of %s is not a timestamp",
                       phrase_tag(arena, entry->tag).bytes);
}

struct text phrase_statement(struct arena *arena, struct text statement) {
    enum { LONGEST = 60 };
    bool is_cut = statement.length > LONGEST;
    struct text shown = text_escaped(arena, text_slice(statement, 0, LONGEST));
    return text_format(arena, "`%.*s%s`", TEXT_ARGS(shown), is_cut ? "…" : "");
}

/* Returns the last statement that begins on or before this line. */
static struct text statement_at(const struct join *join, const struct migration *it, uint32_t line) {
    const struct sql_statements *statements = disk_statements(join->disk, it->file);
    struct text found = TEXT("");
    for (size_t i = 0; statements && i < statements->count && statements->statements[i].line <= line; i++) {
        found = statements->statements[i].text;
    }
    return found;
}

struct text phrase_refused(struct arena *arena, const struct join *join, const struct effects_failure *failure) {
    struct text statement = statement_at(join, &join->migrations[failure->migration], failure->line);
    struct text shown = statement.length > 0 ? phrase_statement(arena, statement) : TEXT("");
    return text_format(arena, "%.*s (%s)%s%.*s", TEXT_ARGS(failure->what), failure->sqlstate,
                       shown.length > 0 ? " at " : "", TEXT_ARGS(shown));
}

struct text phrase_abort(struct arena *arena, const struct join *join, const struct effects_failure *failure) {
    const struct migration *it = &join->migrations[failure->migration];
    struct text file = text_escaped(arena, it->file->path), refused = phrase_refused(arena, join, failure);
    return text_format(arena, "aborts at line %u of %.*s, and nothing of the run stays: %.*s", failure->line,
                       TEXT_ARGS(file), TEXT_ARGS(refused));
}

/* Names the databases in which it runs, apart from those in which the whole run fails. */
static void add_runs(struct buffer *buffer, const struct join *join, const struct migration *it) {
    struct phrase_list runs = phrase_list(buffer->arena, NAMED_DATABASES), reruns = runs, fails = runs;
    for (size_t i = 0; i < join->database_count; i++) {
        enum state state = it->standings[i].state;
        struct phrase_list *list = state == STATE_PENDING ? &runs : state == STATE_RERUN ? &reruns : NULL;
        if (list) {
            phrase_list_add(join->databases[i].failing ? &fails : list, join->databases[i].name);
        }
    }
    add_part(buffer, "runs it in ", phrase_list_end(&runs), "");
    add_part(buffer, "runs it again in ", phrase_list_end(&reruns), ": its when is above the watermark");
    add_part(buffer, "fails in ", phrase_list_end(&fails),
             ", where a when that is not a timestamp cannot be recorded, and rolls back what it ran");
}

struct text phrase_drizzle(struct arena *arena, const struct join *join, const struct migration *it) {
    if (!it->entry && join->journal->status == JOURNAL_READ) {
        return TEXT("never runs it: meta/_journal.json does not list it");
    }
    struct text aborts = phrase_abortion(arena, join);
    if (aborts.length > 0 || !it->entry) { /* no entry means no journal, which aborts every run */
        return aborts;
    }
    if (join->database_count == 0) {
        return it->highest_entry ? text_format(arena, "runs it where the newest created_at is below %lld",
                                               (long long)it->highest_entry->when.number)
                                 : TEXT("skips it or fails: its when is not a timestamp");
    }
    struct buffer buffer = BUFFER(arena);
    add_runs(&buffer, join, it);
    add_part(&buffer, "never runs it in ", databases_in(arena, join, it, STATE_SKIPPED),
             it->entry->when.is_valid ? ": its when is not above the watermark" : ": its when is not a timestamp");
    add_part(&buffer, "passes over it in ", databases_in(arena, join, it, STATE_APPLIED), "");
    add_part(&buffer, "passes over it in ", databases_by_stamp(arena, join, it, true),
             ", where it ran with another text");
    add_part(&buffer, "passes over it in ", databases_by_stamp(arena, join, it, false), ", where its row has no hash");
    add_part(&buffer, "unknown in ", databases_in(arena, join, it, STATE_UNKNOWN), "");
    return buffer_text(&buffer);
}

static struct text why_left_out(struct arena *arena, const struct join *join, const struct migration *it) {
    bool names_other = it->other != SIZE_MAX && it->reason >= REASON_SAME_BYTES && it->reason <= REASON_COPY;
    const char *other = names_other ? phrase_tag(arena, join->migrations[it->other].tag).bytes : "";
    switch (it->reason) {
    case REASON_RULE:
        return text_format(arena, "left out: line %zu of the rules file excludes it", it->rule->line);
    case REASON_NAME:
        return TEXT("left out: its name does not begin with a number and _");
    case REASON_SUFFIX:
        return TEXT("left out: it is named like a down script");
    case REASON_SAME_BYTES:
        return text_format(arena, "left out until you decide: the same bytes as %s", other);
    case REASON_SAME_NUMBER:
        return text_format(arena, "left out until you decide: it shares its number with %s", other);
    case REASON_COPY:
        return text_format(arena, "left out until you decide: it is named like a copy of %s", other);
    case REASON_THERE:
        return TEXT("left out until you decide: all that it does is there, and no row says that it ran");
    case REASON_ENCODING:
        return TEXT("left out: its name is not UTF-8");
    case REASON_NONE:
    default:
        return it->is_out_of_reach ? TEXT("refused: see problems")
               : it->file          ? TEXT("-")
                                   : TEXT("left out: its file is not there");
    }
}

struct text phrase_consistent(struct arena *arena, const struct join *join, const struct synthesis *synthesis,
                              const struct migration *it) {
    if (!it->file || it->kind != MIGRATION_COUNTS) {
        return why_left_out(arena, join, it);
    }
    if (synthesis->refusal != REFUSAL_NONE) {
        return TEXT("refused: see problems");
    }
    if (join->database_count == 0) {
        const struct synthesis_entry *entry = &synthesis->entries[synthesis->of_migration[it - join->migrations]];
        return text_format(arena, "runs where the newest created_at is below %lld", (long long)entry->when);
    }
    struct phrase_list runs = phrase_list(arena, NAMED_DATABASES), passes = phrase_list(arena, NAMED_DATABASES);
    for (size_t i = 0; i < join->database_count; i++) {
        phrase_list_add(standing_has_run(&it->standings[i]) ? &passes : &runs, join->databases[i].name);
    }
    struct buffer buffer = BUFFER(arena);
    add_part(&buffer, "runs in ", phrase_list_end(&runs), "");
    add_part(&buffer, "passes over it in ", phrase_list_end(&passes), "");
    return buffer_text(&buffer);
}

/* ---- snapshots ---- */

bool phrase_made(const struct join *join, const struct synthesis *synthesis, const struct migration *it) {
    return synthesis->snapshots && snapshots_find(synthesis->snapshots, (size_t)(it - join->migrations)) != NULL;
}

/* What is told of hand-written SQL. */
static const struct by_hand {
    size_t list; /* where a made snapshot has it */
    const char *before, *behind;
} by_hand[] = {
    {offsetof(struct snapshots_made, left), "; left out of them, since the schema seldom has it: ", ""},
    {offsetof(struct snapshots_made, absent), "; left out of them, since the snapshot before does not have it: ", ""},
    {offsetof(struct snapshots_made, put), "; put in by hand-written SQL: ",
     "; first add to schema.ts what it does not declare of this, or the next `drizzle-kit generate` drops it"},
    {offsetof(struct snapshots_made, altered), "; changed by hand-written SQL: ",
     "; first change in schema.ts what it has as it was of this, or the next `drizzle-kit generate` changes it back"},
};

static void add_by_hand(struct buffer *buffer, const struct snapshots *snapshots, const struct by_hand *told) {
    const char *separator = told->before;
    for (size_t i = 0; i < snapshots->count; i++) {
        const struct text *it = (const struct text *)((const char *)&snapshots->made[i] + told->list);
        if (it->length > 0) {
            buffer_add_string(buffer, separator);
            buffer_add(buffer, *it);
            buffer_add_string(buffer, " of ");
            buffer_add(buffer, phrase_tag(buffer->arena, snapshots->made[i].tag));
            separator = ", ";
        }
    }
    buffer_add_string(buffer, separator != told->before ? told->behind : "");
}

static void add_differences(struct buffer *buffer, const struct snapshots *snapshots) {
    for (size_t i = 0; i < snapshots->count; i++) {
        if (snapshots->made[i].differs.length > 0) {
            buffer_add_string(buffer, "; but ");
            buffer_add(buffer, snapshots->made[i].differs);
        }
    }
}

struct text phrase_snapshots(struct arena *arena, const struct synthesis *synthesis) {
    const struct snapshots *snapshots = synthesis->snapshots;
    struct buffer buffer = BUFFER(arena);
    if (!snapshots || snapshots->wanted == 0) {
        return TEXT("");
    }
    if (snapshots->count == snapshots->wanted) {
        buffer_format(&buffer, "`migfs fix` writes %s, made from the SQL", snapshots->count > 1 ? "them" : "it");
    } else if (snapshots->count > 0) {
        buffer_format(&buffer, "`migfs fix` writes the first %zu, made from the SQL", snapshots->count);
    }
    for (size_t i = 0; i < sizeof by_hand / sizeof *by_hand; i++) {
        add_by_hand(&buffer, snapshots, &by_hand[i]);
    }
    add_differences(&buffer, snapshots);
    if (snapshots->count < snapshots->wanted) {
        buffer_add_string(&buffer, snapshots->count > 0 ? "; " : "");
        buffer_add(&buffer, snapshots_blocked(arena, snapshots));
    }
    return buffer_text(&buffer);
}
