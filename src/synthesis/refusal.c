/* Why there is no consistent journal, and what to do about it. */
#include "migfs/synthesis/refusal.h"

#include <inttypes.h>

static enum refusal refusal_of_database(const struct database *database, enum stale_mode stale) {
    const struct ledger *ledger = database->ledger;
    if (ledger->status == LEDGER_UNREADABLE && !(stale == STALE_SERVE && ledger->was_read)) {
        return REFUSAL_DATABASE;
    }
    if (database->watermark.kind == WATERMARK_NULL) {
        return REFUSAL_NULL_STAMP;
    }
    if (database->watermark.kind == WATERMARK_STAMP && database->watermark.stamp >= SYNTHESIS_HIGHEST_STAMP) {
        return REFUSAL_WATERMARK;
    }
    return REFUSAL_NONE;
}

enum refusal synthesis_find_refusal(const struct join *join, const size_t *databases, size_t count,
                                    enum stale_mode stale, size_t *ret_database) {
    if (disk_unreachable(join->disk)) {
        return REFUSAL_SOURCE;
    }
    const struct disk_entry *rules = disk_find(join->disk, TEXT(".migfs"));
    if (rules && !join->rules) {
        return REFUSAL_RULES;
    }
    if (join->journal->status == JOURNAL_UNREADABLE && count == 0) {
        return REFUSAL_JOURNAL;
    }
    for (size_t i = 0; i < count; i++) {
        enum refusal refusal = refusal_of_database(&join->databases[databases[i]], stale);
        if (refusal != REFUSAL_NONE) {
            *ret_database = databases[i];
            return refusal;
        }
    }
    return REFUSAL_NONE;
}

struct text synthesis_refusal(struct arena *arena, const struct join *join, const struct synthesis *synthesis) {
    struct text database = join->database_count > 0 ? join->databases[synthesis->database].name : TEXT("");
    switch (synthesis->refusal) {
    case REFUSAL_SOURCE:
        return text_format(arena, "the migrations folder %s", disk_unreachable(join->disk));
    case REFUSAL_RULES:
        return TEXT(".migfs cannot be read, so nobody knows what it leaves out; make it a readable file");
    case REFUSAL_JOURNAL:
        return TEXT("meta/_journal.json cannot be read, and no database is attached to rebuild it from; mend the file");
    case REFUSAL_DATABASE:
        return text_format(arena, "database %.*s cannot be read, so nobody knows what it lacks", TEXT_ARGS(database));
    case REFUSAL_NULL_STAMP:
        return text_format(arena,
                           "the ledger of database %.*s has a row whose created_at is NULL, which makes Drizzle run "
                           "everything again whatever the stamps; give that row its stamp",
                           TEXT_ARGS(database));
    case REFUSAL_WATERMARK:
        return text_format(arena,
                           "the newest created_at in the ledger of database %.*s is so high that no stamp can be above "
                           "it; give that row its real stamp",
                           TEXT_ARGS(database));
    case REFUSAL_CONFLICT: {
        const struct conflict *first = &synthesis->conflicts[0];
        struct text tag = text_escaped(arena, join->migrations[first->migration].tag);
        struct text has = join->databases[first->has].name;
        if (first->lacks == SIZE_MAX) {
            return text_format(
                arena,
                "the rules say %.*s ran in database %.*s, whose ledger has no row at all: there Drizzle runs "
                "everything",
                TEXT_ARGS(tag), TEXT_ARGS(has));
        }
        struct text lacks = join->databases[first->lacks].name;
        return text_format(
            arena,
            "no stamp serves %.*s: database %.*s has run it and would run it again, were its stamp above %" PRId64
            "; database %.*s has not, and runs it only above %" PRId64
            "; use databases/<name>/_journal.json, one for each",
            TEXT_ARGS(tag), TEXT_ARGS(has), join->databases[first->has].watermark.stamp, TEXT_ARGS(lacks),
            join->databases[first->lacks].watermark.stamp);
    }
    case REFUSAL_NONE:
    default:
        return TEXT("");
    }
}
