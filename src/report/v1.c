/* The runner of v1 runs each folder whose name is in no row, in the order of the names, and stops
 * only at a name without a date. */
#include "report/v1.h"

#include "report/phrases.h"

bool v1_runs(const struct migration *it, size_t database) {
    enum state state = it->standings[database].state;
    return state == STATE_PENDING || state == STATE_RERUN;
}

struct text v1_abortion(struct arena *arena, const struct join *join, size_t database) {
    if (join->has_stray_journal) {
        return TEXT("meta/_journal.json is there");
    }
    if (join->aborting_folder) {
        struct text path = text_escaped(arena, text_slice(join->aborting_folder->path, 0, 300));
        return text_format(arena, "%.*s is a directory", TEXT_ARGS(path));
    }
    if (join->databases[database].v1_throws) {
        return TEXT("its ledger is from 0.x, and has rows of no folder here");
    }
    const struct join_item *failing = join->databases[database].failing;
    return failing ? text_format(arena, "the name of %.*s begins with no date",
                                 TEXT_ARGS(phrase_tag(arena, join->migrations[failing->migration].tag)))
                   : TEXT("");
}

struct text v1_drizzle(struct arena *arena, const struct join *join, const struct migration *it) {
    if (it->reason == REASON_UNREAD) {
        return TEXT("never reads it: it is not NAME/migration.sql");
    }
    if (join->database_count == 0) {
        return TEXT("runs it where no row has its name");
    }
    struct phrase_list runs = phrase_list(arena, join->database_count), aborts = runs, unknown = runs;
    for (size_t i = 0; i < join->database_count; i++) {
        if (v1_runs(it, i)) {
            bool is_aborted = v1_abortion(arena, join, i).length > 0;
            phrase_list_add(is_aborted ? &aborts : &runs, join->databases[i].name);
        } else if (it->standings[i].state == STATE_UNKNOWN) {
            phrase_list_add(&unknown, join->databases[i].name);
        }
    }
    const struct {
        const char *what;
        struct text in;
    } parts[] = {{"runs it in ", phrase_list_end(&runs)},
                 {"aborts in ", phrase_list_end(&aborts)},
                 {"unknown in ", phrase_list_end(&unknown)}};
    struct buffer buffer = BUFFER(arena);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].in.length > 0) {
            buffer_format(&buffer, "%s%s%.*s", buffer.length > 0 ? "; " : "", parts[i].what, TEXT_ARGS(parts[i].in));
        }
    }
    return buffer.length > 0 ? buffer_text(&buffer) : TEXT("does not run it again");
}
