/* Problems of several statements together: duplicates, and statements that cannot run in one
 * transaction. */
#include "report/find_in.h"
#include "report/phrases.h"
#include "report/sql_run.h"

/* Most steps of the search for uses of enum values: about a second. Each value is sought in each
 * later statement. */
enum { MOST_WORK = 1 << 26 };

static void find_forbidden(const struct sql_run *run, size_t file) {
    for (size_t i = 0; i < run->sources[file].count; i++) {
        const struct sql_statement *statement = run->sources[file].sources[i].statement;
        const char *what = run->sources[file].sources[i].forbidden;
        struct place place = {
            .file = run->files[file]->file->path, .line = statement->line, .migration = run->files[file]};
        if (what) {
            found(run->finder, PROBLEM_IN_TRANSACTION, &place,
                  "%s: Drizzle runs everything that is pending in one transaction, which this statement %s; remove it, "
                  "or rewrite it so that it can run in a transaction",
                  what,
                  ddl_ends(statement->text) ? "ends, so that a later failure leaves it without a row" : "cannot be in");
            return;
        }
    }
}

/* Returns whether some database is going to run both in one run. */
static bool run_together(const struct finder *finder, const struct migration *a, const struct migration *b) {
    for (size_t i = 0; i < finder->join->database_count; i++) {
        if (finder_reads(finder, i) && !standing_has_run(&a->standings[i]) && !standing_has_run(&b->standings[i])) {
            return true;
        }
    }
    return finder->join->database_count == 0;
}

/* Returns whether a table that the statement names has a column of this type, according to the
 * parser. */
static bool names_column_of(struct sql_run *run, const struct sql_source *source, struct text type) {
    const struct effects_join *effects = run->finder->effects;
    struct text array = text_format(run->arena, "%.*s[]", TEXT_ARGS(type));
    for (size_t i = 0; effects && i < run->count; i++) {
        const struct effects_own *own = &effects->own[run->files[i] - run->finder->join->migrations];
        run->work += own->count;
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

/* Returns whether a statement may use a value of this type: it names the type, or a table with a
 * column of the type. */
static bool may_use_type(struct sql_run *run, const struct sql_source *source, struct text type) {
    if (sql_source_names(source, type)) {
        return true;
    }
    if (source->is_parsed && names_column_of(run, source, type)) {
        return true;
    }
    run->work += run->deed_text;
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

/* The value of a literal, without its quotes. */
static struct text label_of(struct arena *arena, const struct sql_deed *deed) {
    struct text literal = deed->ddl.name;
    bool is_quoted = literal.length >= 2 && literal.bytes[0] == '\'' && literal.bytes[literal.length - 1] == '\'';
    struct buffer label = BUFFER(arena);
    for (size_t i = is_quoted; i + is_quoted < literal.length; i++) {
        buffer_add_char(&label, literal.bytes[i]);
        i += is_quoted && literal.bytes[i] == '\'';
    }
    return buffer_text(&label);
}

/* `label` is the value of the literal. */
static bool holds_value(struct sql_run *run, const struct sql_source *source, struct text literal, struct text label) {
    run->work += 1 + (source->is_parsed ? source->constant_count : source->statement->text.length);
    return source->is_parsed ? sql_source_holds(source, label) : ddl_mentions(source->statement->text, literal);
}

static void say_use(const struct sql_run *run, const struct sql_deed *deed, size_t file, size_t line) {
    const struct migration *adder = run->files[deed->at], *user = run->files[file];
    struct place place = {.file = user->file->path, .line = line, .migration = user};
    const char *tag = phrase_tag(run->finder->arena, adder->tag).bytes;
    bool is_known = run->finder->join->database_count > 0;
    found_as(run->finder, is_known ? SEVERITY_WARNING : SEVERITY_NOTE, PROBLEM_IN_TRANSACTION, &place,
             "uses the value %s that %s adds to the enum %s: where both are pending, they run in one "
             "transaction, which cannot use it yet, and a new database always runs both; have %s make a new "
             "type with the value, and change the columns to it, instead of adding the value",
             shown(run->finder, deed->ddl.name), file == deed->at ? "it itself" : tag,
             shown(run->finder, deed->ddl.owner), tag);
}

/* Reports the first use, in the same run, of a value that this deed adds to an enum. */
static void find_use_of_value(struct sql_run *run, const struct sql_deed *deed) {
    struct text label = label_of(run->arena, deed);
    for (size_t file = deed->at; file < run->count; file++) {
        /* A DO block may itself use what it adds. */
        size_t from = file == deed->at ? deed->statement + (deed->source->value_count == 0) : 0;
        if (!run_together(run->finder, run->files[deed->at], run->files[file])) {
            continue;
        }
        for (size_t i = from; i < run->sources[file].count && run->work < MOST_WORK; i++) {
            const struct sql_source *source = &run->sources[file].sources[i];
            if (run->only_adds[file][i]) {
                run->work++;
            } else if (holds_value(run, source, deed->ddl.name, label) && may_use_type(run, source, deed->ddl.owner)) {
                say_use(run, deed, file, source->statement->line);
                return;
            }
        }
    }
}

void find_in_sql(struct finder *finder) {
    struct sql_run run = {.finder = finder};
    bool is_one_transaction = finder->join->layout->runner->is_one_transaction;
    bool is_all_done = true;
    for (size_t i = 0; i < finder->join->count && is_all_done; i++) {
        const struct migration *it = &finder->join->migrations[i];
        is_all_done = !migration_counts(it) || !finder_lacks_somewhere(finder, it);
    }
    if (is_all_done) {
        return; /* SQL that has run everywhere is not checked */
    }
    run.arena = arena_within(finder->arena);
    sql_run_list(&run);
    find_in_same_sql(&run);
    for (size_t i = 0; i < run.count; i++) {
        if (is_one_transaction && finder_lacks_somewhere(finder, run.files[i])) {
            find_forbidden(&run, i);
        }
    }
    for (size_t i = 0; i < run.deed_count; i++) {
        if (is_one_transaction && run.deeds[i].ddl.is_enum_value &&
            finder_lacks_somewhere(finder, run.files[run.deeds[i].at])) {
            find_use_of_value(&run, &run.deeds[i]);
        }
    }
    arena_destroy(run.arena);
}
