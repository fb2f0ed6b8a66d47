/* Problems of what the migrations' statements do together: two that do the same, and what one transaction cannot hold. The runner sends
 * all that a database lacks in one transaction, in the order of the journal. */
#include <stdlib.h>

#include "migfs/util/sorted.h"
#include "report/ddl.h"
#include "report/find_in.h"
#include "report/phrases.h"
#include "report/sql_source.h"

/* One statement that makes, drops or moves something. */
struct deed {
    size_t at;        /* of its file among those that run, in their order */
    size_t statement; /* in the file */
    const struct sql_source *source;
    struct ddl ddl;
};

struct run {
    struct finder *finder;
    const struct migration **files; /* in the order in which they run on an empty database */
    const struct sql_statements **statements;
    struct sql_sources *sources; /* of each file, as `statements` */
    size_t count;
    struct deed *deeds; /* in the order in which they run */
    size_t deed_count;
    size_t *by_name; /* [deed_count]: by name, then in order */
};

/* ---- what runs, in its order ---- */

static void add_file(struct run *run, const struct migration *it) {
    const struct sql_statements *statements =
        migration_counts(it) ? disk_statements(run->finder->join->disk, it->file) : NULL;
    if (statements) {
        const struct effects_join *effects = run->finder->effects;
        size_t migration = (size_t)(it - run->finder->join->migrations);
        run->files[run->count] = it;
        run->sources[run->count] =
            sql_source_list(run->finder->arena, statements, effects ? &effects->own[migration].effects : NULL);
        run->statements[run->count++] = statements;
    }
}

/* By the consistent journal; while there is none by the one on disk, what it does not list after all others. */
static void list_files(struct run *run) {
    const struct join *join = run->finder->join;
    const struct synthesis *synthesis = run->finder->synthesis;
    run->files = arena_array(run->finder->arena, const struct migration *, join->count);
    run->statements = arena_array(run->finder->arena, const struct sql_statements *, join->count);
    run->sources = arena_array(run->finder->arena, struct sql_sources, join->count);
    if (synthesis->refusal == REFUSAL_NONE) {
        for (size_t i = 0; i < synthesis->count; i++) {
            add_file(run, &join->migrations[synthesis->entries[i].migration]);
        }
        return;
    }
    for (size_t i = 0; i < join->journal->count; i++) {
        size_t migration = join->entry_migration[i];
        if (migration != SIZE_MAX && join->migrations[migration].entry == &join->journal->entries[i]) {
            add_file(run, &join->migrations[migration]);
        }
    }
    for (size_t i = 0; i < join->count; i++) {
        if (!join->migrations[i].entry) {
            add_file(run, &join->migrations[i]);
        }
    }
}

static int compare_names(const void *context, size_t a, size_t b) {
    const struct run *run = context;
    return text_compare(run->deeds[a].ddl.name, run->deeds[b].ddl.name);
}

static void list_deeds(struct run *run) {
    size_t all = 0;
    for (size_t i = 0; i < run->count; i++) {
        all += run->statements[i]->count;
    }
    run->deeds = arena_array(run->finder->arena, struct deed, all);
    for (size_t i = 0; i < run->count; i++) {
        for (size_t j = 0; j < run->statements[i]->count; j++) {
            const struct sql_source *source = &run->sources[i].sources[j];
            struct ddl ddl = ddl_read(source->statement->text);
            if (ddl.kind != DDL_NONE) {
                run->deeds[run->deed_count++] = (struct deed){i, j, source, ddl};
            }
        }
    }
    run->by_name = sorted_all(run->finder->arena, run->deed_count, compare_names, run);
}

/* ---- the same twice ---- */

struct place_of_name {
    const struct run *run;
    struct text name;
    size_t from; /* index of a deed */
};

static bool lies_before(const void *context, size_t position) {
    const struct place_of_name *sought = context;
    size_t deed = sought->run->by_name[position];
    int order = text_compare(sought->run->deeds[deed].ddl.name, sought->name);
    return order != 0 ? order < 0 : deed < sought->from;
}

/* What has been made goes by being dropped or moved, what has been dropped or moved comes back by being made. */
static bool opposes(const struct deed *other, const struct deed *deed) {
    return deed->ddl.kind == DDL_MAKES ? other->ddl.kind != DDL_MAKES : other->ddl.kind == DDL_MAKES;
}

/* True when a deed between these two, both left out, undoes what the first did to this name. */
static bool is_undone_by_name(const struct run *run, const struct deed *deed, struct text name, size_t first,
                              size_t second) {
    struct place_of_name sought = {run, name, first};
    size_t position = sorted_find(run->deed_count, lies_before, &sought);
    for (; position < run->deed_count && name.length > 0; position++) {
        size_t at = run->by_name[position];
        if (!text_equal(run->deeds[at].ddl.name, name) || at >= second) {
            return false;
        }
        if (opposes(&run->deeds[at], deed) && (run->deeds[at].source != deed->source)) {
            return true;
        }
    }
    return false;
}

/* Whether what `first` did is undone before the deed with the index `second`: itself, or what it is a part of. */
static bool is_undone(const struct run *run, const struct deed *deed, size_t first, size_t second) {
    return is_undone_by_name(run, deed, deed->ddl.name, first, second) ||
           is_undone_by_name(run, deed, deed->ddl.owner, first, second) ||
           (deed->ddl.to.length > 0 && is_undone_by_name(run, deed, deed->ddl.to, first, second));
}

static bool is_readable(const struct finder *finder, size_t database) {
    const struct database *it = &finder->join->databases[database];
    return !it->is_wrong && it->ledger->status != LEDGER_UNREADABLE;
}

enum where { EVERYWHERE, UNKNOWN, SOMEWHERE_NOT };

/* Whether both have run in every database that can be read; not known without one. */
static enum where where_both_ran(const struct finder *finder, const struct migration *a, const struct migration *b) {
    size_t readable = 0;
    for (size_t i = 0; i < finder->join->database_count; i++) {
        if (is_readable(finder, i)) {
            readable++;
            if (!standing_has_run(&a->standings[i]) || !standing_has_run(&b->standings[i])) {
                return SOMEWHERE_NOT;
            }
        }
    }
    return readable > 0 ? EVERYWHERE : UNKNOWN;
}

static bool has_run_somewhere(const struct finder *finder, const struct migration *it) {
    for (size_t i = 0; i < finder->join->database_count; i++) {
        if (is_readable(finder, i) && standing_has_run(&it->standings[i])) {
            return true;
        }
    }
    return false;
}

/* Which of the two is to give way: one that has run nowhere, rather the later. */
static const char *way_out(const struct finder *finder, const struct migration *first, const struct migration *second,
                           const char *what) {
    bool is_first = has_run_somewhere(finder, second), is_neither = is_first && has_run_somewhere(finder, first);
    if (is_neither) {
        return "each has run somewhere: make it harmless in both, with IF NOT EXISTS or IF EXISTS";
    }
    const char *tag = phrase_tag(finder->arena, is_first ? first->tag : second->tag).bytes;
    bool is_known = finder->join->database_count > 0;
    return text_format(finder->arena, "%sempty %s.sql of %s and leave a comment in its place",
                       is_known ? "" : "while it has run nowhere, ", tag, what)
        .bytes;
}

static void say_same(struct finder *finder, const struct migration *first, const struct migration *second, size_t line,
                     const char *is_what, const char *what) {
    struct place place = {.file = second->file->name, .line = line, .migration = second};
    bool is_known = where_both_ran(finder, first, second) == SOMEWHERE_NOT;
    found_as(finder, is_known ? SEVERITY_ERROR : SEVERITY_WARNING, PROBLEM_SAME_SQL, &place,
             "%s %s: where both run, the second fails, or undoes what came between; %s", is_what,
             phrase_tag(finder->arena, first->tag).bytes, way_out(finder, first, second, what));
}

/* By their statements where both are parsed, else by their texts. */
static int compare_files(const void *context, size_t a, size_t b) {
    const struct run *run = context;
    const struct sql_sources *left = &run->sources[a], *right = &run->sources[b];
    if (left->is_parsed != right->is_parsed) {
        return left->is_parsed ? -1 : 1;
    }
    if (!left->is_parsed) {
        return digest_compare(&run->statements[a]->digest, &run->statements[b]->digest);
    }
    if (left->count != right->count) {
        return left->count < right->count ? -1 : 1;
    }
    for (size_t i = 0; i < left->count; i++) {
        int order = text_compare(left->sources[i].same, right->sources[i].same);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

/* The deeds of a file: from *ret_from up to the one returned. */
static size_t deeds_of(const struct run *run, size_t file, size_t *ret_from) {
    size_t low = 0, high = run->deed_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (run->deeds[middle].at < file) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *ret_from = low;
    while (low < run->deed_count && run->deeds[low].at == file) {
        low++;
    }
    return low;
}

/* True when a second run of the file's text does harm: some deed is not guarded, and nothing between the two files undoes it. */
static bool is_text_harmful(const struct run *run, size_t first, size_t second) {
    size_t from, to, next, ignored;
    to = deeds_of(run, first, &from);
    ignored = deeds_of(run, second, &next);
    (void)ignored;
    for (size_t i = from; i < to; i++) {
        if (!run->deeds[i].ddl.is_guarded && !is_undone(run, &run->deeds[i], to, next)) {
            return true;
        }
    }
    return false;
}

/* Marks in `same` each file whose text an earlier one has, too. */
static void find_same_texts(const struct run *run, bool *same) {
    size_t *sorted = sorted_all(run->finder->arena, run->count, compare_files, run);
    for (size_t i = 1; i < run->count; i++) {
        size_t first = sorted[i - 1], second = sorted[i];
        if (compare_files(run, first, second) == 0 &&
            where_both_ran(run->finder, run->files[first], run->files[second]) != EVERYWHERE &&
            is_text_harmful(run, first, second)) {
            same[second] = true;
            bool is_text = digest_equal(&run->statements[first]->digest, &run->statements[second]->digest);
            say_same(run->finder, run->files[first], run->files[second], 0,
                     is_text ? "holds the same text as" : "holds the same statements as", is_text ? "it" : "them");
        }
    }
}

static int compare_texts(const void *context, size_t a, size_t b) {
    const struct run *run = context;
    return text_compare(run->deeds[a].source->same, run->deeds[b].source->same);
}

/* One line for a file and each that it repeats, at the first statement. */
static void find_same_statements(const struct run *run, const bool *same) {
    size_t *sorted = sorted_all(run->finder->arena, run->deed_count, compare_texts, run);
    size_t *last_told = arena_array(run->finder->arena, size_t, run->count); /* of each file: the one named, plus one */
    for (size_t i = 1; i < run->deed_count; i++) {
        const struct deed *first = &run->deeds[sorted[i - 1]], *second = &run->deeds[sorted[i]];
        if (first->at == second->at || same[second->at] || first->ddl.is_guarded ||
            compare_texts(run, sorted[i - 1], sorted[i]) != 0 || last_told[second->at] == first->at + 1 ||
            where_both_ran(run->finder, run->files[first->at], run->files[second->at]) == EVERYWHERE ||
            is_undone(run, second, sorted[i - 1] + 1, sorted[i])) {
            continue;
        }
        last_told[second->at] = first->at + 1;
        const char *statement = phrase_statement(run->finder->arena, second->source->statement->text).bytes;
        say_same(run->finder, run->files[first->at], run->files[second->at], second->source->statement->line,
                 text_format(run->finder->arena, "repeats %s of", statement).bytes, "this statement");
    }
}

/* ---- one transaction ---- */

static void find_forbidden(const struct run *run, size_t file) {
    for (size_t i = 0; i < run->sources[file].count; i++) {
        const struct sql_statement *statement = run->sources[file].sources[i].statement;
        const char *what = run->sources[file].sources[i].forbidden;
        struct place place = {
            .file = run->files[file]->file->name, .line = statement->line, .migration = run->files[file]};
        if (what) {
            found(run->finder, PROBLEM_IN_TRANSACTION, &place,
                  "%s: Drizzle runs all that is pending in one transaction, which this statement %s; take it out, or "
                  "write it so that a transaction can hold it",
                  what,
                  ddl_ends(statement->text) ? "ends, so that a later failure leaves it without a row" : "cannot be in");
            return;
        }
    }
}

/* Whether some database is going to run both in one run. */
static bool run_together(const struct finder *finder, const struct migration *a, const struct migration *b) {
    for (size_t i = 0; i < finder->join->database_count; i++) {
        if (is_readable(finder, i) && !standing_has_run(&a->standings[i]) && !standing_has_run(&b->standings[i])) {
            return true;
        }
    }
    return finder->join->database_count == 0;
}

/* Whether a table that the statement names has a column of this type, by what the parser has read. */
static bool names_column_of(const struct run *run, const struct sql_source *source, struct text type) {
    const struct effects_join *effects = run->finder->effects;
    struct text array = text_format(run->finder->arena, "%.*s[]", TEXT_ARGS(type));
    for (size_t i = 0; effects && i < run->count; i++) {
        const struct effects_own *own = &effects->own[run->files[i] - run->finder->join->migrations];
        for (size_t k = 0; k < own->count; k++) {
            const struct fact *fact = &own->facts[k];
            bool has_type = fact->kind == FACT_COLUMN || fact->kind == FACT_BASE_TYPE;
            struct text of = has_type ? names_text(effects->names_of->names, fact->to_table) : TEXT("");
            if (has_type && (text_equal(of, type) || text_equal(of, array)) &&
                sql_source_names(source, names_text(effects->names_of->names, fact->table))) {
                return true;
            }
        }
    }
    return false;
}

/* Whether a statement may use a value of this type: it names the type, or a table that has a column of it. */
static bool may_use_type(const struct run *run, const struct sql_source *source, struct text type) {
    if (sql_source_names(source, type)) {
        return true;
    }
    if (source->is_parsed && names_column_of(run, source, type)) {
        return true;
    }
    for (size_t i = 0; i < run->deed_count; i++) {
        const struct ddl *ddl = &run->deeds[i].ddl;
        struct text table = ddl->owner.length > 0 ? ddl->owner : ddl->name;
        if (ddl->kind == DDL_MAKES && !ddl->is_enum_value && !text_equal(ddl->name, type) &&
            ddl_mentions(run->deeds[i].source->statement->text, type) && sql_source_names(source, table)) {
            return true;
        }
    }
    return false;
}

/* The value as it stands in a literal, without its quotes. */
static struct text label_of(struct arena *arena, const struct deed *deed) {
    struct text literal = deed->ddl.name;
    bool is_quoted = literal.length >= 2 && literal.bytes[0] == '\'' && literal.bytes[literal.length - 1] == '\'';
    struct buffer label = BUFFER(arena);
    for (size_t i = is_quoted; i + is_quoted < literal.length; i++) {
        buffer_add_char(&label, literal.bytes[i]);
        i += is_quoted && literal.bytes[i] == '\'';
    }
    return buffer_text(&label);
}

static bool holds_value(const struct run *run, const struct sql_source *source, const struct deed *deed) {
    return source->is_parsed ? sql_source_holds(source, label_of(run->finder->arena, deed))
                             : ddl_mentions(source->statement->text, deed->ddl.name);
}

/* The first use, in the same run, of a value that this deed adds to an enum. */
static void find_use_of_value(const struct run *run, const struct deed *deed) {
    const struct migration *adder = run->files[deed->at];
    for (size_t file = deed->at; file < run->count; file++) {
        const struct migration *user = run->files[file];
        size_t from = file == deed->at ? deed->statement + 1 : 0;
        for (size_t i = from; i < run->sources[file].count && run_together(run->finder, adder, user); i++) {
            const struct sql_source *source = &run->sources[file].sources[i];
            const struct sql_statement *statement = source->statement;
            if (ddl_read(statement->text).is_enum_value || !holds_value(run, source, deed) ||
                !may_use_type(run, source, deed->ddl.owner)) {
                continue;
            }
            struct place place = {.file = user->file->name, .line = statement->line, .migration = user};
            const char *tag = phrase_tag(run->finder->arena, adder->tag).bytes;
            bool is_known = run->finder->join->database_count > 0;
            found_as(run->finder, is_known ? SEVERITY_WARNING : SEVERITY_NOTE, PROBLEM_IN_TRANSACTION, &place,
                     "uses the value %s that %s adds to the enum %s: where both are pending, they run in one "
                     "transaction, which cannot use it yet, and a new database always runs both; have %s make a new "
                     "type with the value, and change the columns to it, instead of adding the value",
                     shown(run->finder, deed->ddl.name), file == deed->at ? "it itself" : tag,
                     shown(run->finder, deed->ddl.owner), tag);
            return;
        }
    }
}

void find_in_sql(struct finder *finder) {
    struct run run = {.finder = finder};
    bool is_all_done = true;
    for (size_t i = 0; i < finder->join->count && is_all_done; i++) {
        const struct migration *it = &finder->join->migrations[i];
        is_all_done = !migration_counts(it) || !finder_lacks_somewhere(finder, it);
    }
    if (is_all_done) {
        return; /* what has run everywhere is not read */
    }
    list_files(&run);
    list_deeds(&run);
    bool *same = arena_array(finder->arena, bool, run.count);
    find_same_texts(&run, same);
    find_same_statements(&run, same);
    for (size_t i = 0; i < run.count; i++) {
        if (finder_lacks_somewhere(finder, run.files[i])) {
            find_forbidden(&run, i);
        }
    }
    for (size_t i = 0; i < run.deed_count; i++) {
        if (run.deeds[i].ddl.is_enum_value && finder_lacks_somewhere(finder, run.files[run.deeds[i].at])) {
            find_use_of_value(&run, &run.deeds[i]);
        }
    }
}
