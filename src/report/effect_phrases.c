/* Tables are named first, then the other facts by importance; the rest is only counted. */
#include "report/effect_phrases.h"

#include <stdlib.h>

#include "migfs/util/sorted.h"
#include "report/phrases.h"
#include "report/v1.h"

enum { NAMED_OBJECTS = 2, NAMED_MISSING = 3 };

struct text effect_phrase_unknown(struct arena *arena, const struct effects *effects) {
    struct text reason = text_escaped(arena, effects->reason);
    switch (effects->status) {
    case EFFECTS_NOT_BUILT:
        return TEXT("not built in");
    case EFFECTS_PENDING:
        return TEXT("being read");
    case EFFECTS_REFUSED:
        return text_format(arena, "line %u cannot be parsed: %.*s", effects->line, TEXT_ARGS(reason));
    case EFFECTS_FAILED:
        return reason.length > 0 ? reason : TEXT("the parser cannot get through it");
    case EFFECTS_KNOWN:
    default:
        return effects->is_opaque ? text_format(arena, "%.*s, line %u", TEXT_ARGS(reason), effects->line) : TEXT("");
    }
}

static bool is_among(const struct text *texts, size_t count, struct text text) {
    for (size_t i = 0; i < count; i++) {
        if (text_equal(texts[i], text)) {
            return true;
        }
    }
    return false;
}

static struct text statements_of(struct arena *arena, const struct effects *effects) {
    struct phrase_list list = phrase_list(arena, 5);
    /* Enough for most files; `seen` grows for the others. */
    struct text fields[16], first[16];
    struct protocol_reader reader = effects_begin(arena, effects);
    struct text *seen = first; /* points into the worker's output, which stays in memory */
    size_t count = 0, room = sizeof first / sizeof *first;
    reader.fields = fields;
    reader.room = sizeof fields / sizeof *fields;
    struct effect effect;
    while (effects_next(&reader, &effect)) {
        if (effect.kind == EFFECT_STATEMENT && effect.fields[0].length > 0 &&
            !is_among(seen, count, effect.fields[0])) {
            seen = arena_more(arena, seen, count, &room, sizeof *seen);
            seen[count++] = effect.fields[0];
            phrase_list_add(&list, effect.fields[0]);
        }
    }
    return phrase_list_end(&list);
}

/* ---- what it creates, drops, changes ---- */

enum change { CREATES, DROPS, CHANGES };

static enum change change_of(const struct fact *fact) {
    return !fact_is_existence(fact) ? CHANGES : fact->is_there ? CREATES : DROPS;
}

static bool is_table(const struct fact *fact) {
    return fact->kind == FACT_RELATION && (fact->type == 'r' || fact->type == 'p');
}

/* The order by importance: tables, other objects, columns, then what belongs to those. */
static int rank_of(const struct fact *fact) {
    if (is_table(fact)) {
        return 0;
    }
    switch (fact->kind) {
    case FACT_RELATION:
        return fact->type == 'i' || fact->type == 'S' ? 3 : 1;
    case FACT_COLUMN:
        return 2;
    case FACT_CONSTRAINT:
    case FACT_VALUE:
        return 4;
    default:
        return 1;
    }
}

/* The tables that a migration creates, sorted by name, to find the columns of each: a file may have
 * thousands. */
struct tables {
    const struct fact **tables;
    size_t count;
};

static int compare_names(const struct fact *table, uint32_t schema, uint32_t name) {
    return table->schema != schema ? (table->schema > schema) - (table->schema < schema)
                                   : (table->name > name) - (table->name < name);
}

static int compare_tables(const void *a, const void *b) {
    const struct fact *left = *(const struct fact *const *)a, *right = *(const struct fact *const *)b;
    return compare_names(left, right->schema, right->name);
}

static struct tables tables_of(struct arena *arena, const struct effects_own *own) {
    struct tables tables = {NULL, 0};
    size_t room = 0;
    for (size_t i = 0; i < own->count; i++) {
        if (is_table(&own->facts[i]) && own->facts[i].is_there) {
            tables.tables = arena_more(arena, tables.tables, tables.count, &room, sizeof(const struct fact *));
            tables.tables[tables.count++] = &own->facts[i];
        }
    }
    if (tables.count > 1) {
        qsort(tables.tables, tables.count, sizeof(const struct fact *), compare_tables);
    }
    return tables;
}

struct table_of_column {
    const struct tables *tables;
    const struct fact *column;
};

static bool lies_before_table(const void *context, size_t position) {
    const struct table_of_column *sought = context;
    return compare_names(sought->tables->tables[position], sought->column->schema, sought->column->table) < 0;
}

static bool is_counted_with_table(const struct tables *tables, const struct fact *fact) {
    struct table_of_column sought = {tables, fact};
    if (fact->kind != FACT_COLUMN || !fact->is_there) {
        return false;
    }
    size_t at = sorted_find(tables->count, lies_before_table, &sought);
    return at < tables->count && compare_names(tables->tables[at], fact->schema, fact->table) == 0;
}

static size_t columns_of(const struct effects_own *own, const struct fact *table) {
    size_t count = 0;
    for (size_t i = 0; i < own->count; i++) {
        const struct fact *fact = &own->facts[i];
        count +=
            fact->kind == FACT_COLUMN && fact->is_there && fact->schema == table->schema && fact->table == table->name;
    }
    return count;
}

static void add_changes(struct buffer *buffer, const struct effects_join *effects, const struct effects_own *own,
                        const struct tables *tables, enum change change) {
    static const char *const verbs[] = {"creates", "drops", "changes"};
    size_t named = 0, all = 0;
    for (size_t i = 0; i < own->count; i++) {
        all += change_of(&own->facts[i]) == change && !is_counted_with_table(tables, &own->facts[i]);
    }
    if (all == 0) {
        return;
    }
    buffer_format(buffer, "%s%s ", buffer->length > 0 ? "; " : "", verbs[change]);
    for (int rank = 0; rank <= 4; rank++) {
        for (size_t i = 0; i < own->count && named < NAMED_OBJECTS; i++) {
            const struct fact *fact = &own->facts[i];
            if (change_of(fact) != change || rank_of(fact) != rank || is_counted_with_table(tables, fact)) {
                continue;
            }
            buffer_add_string(buffer, named++ > 0 ? ", " : "");
            buffer_add(buffer, effects_name(buffer->arena, effects, fact));
            if (is_table(fact) && fact->is_there) {
                size_t columns = columns_of(own, fact);
                buffer_add_string(buffer, " (");
                phrase_count(buffer, columns, "column");
                buffer_add_char(buffer, ')');
            }
        }
    }
    if (all > named) {
        buffer_format(buffer, ", %zu more", all - named);
    }
}

struct text effect_phrase_own(struct arena *arena, const struct effects_join *effects, size_t migration) {
    const struct effects_own *own = &effects->own[migration];
    struct text unknown = effect_phrase_unknown(arena, &own->effects);
    if (own->effects.status == EFFECTS_NOT_BUILT || own->effects.status == EFFECTS_PENDING) {
        return unknown;
    }
    struct buffer buffer = BUFFER(arena);
    struct tables tables = tables_of(arena, own);
    for (enum change change = CREATES; change <= CHANGES; change++) {
        add_changes(&buffer, effects, own, &tables, change);
    }
    if (unknown.length > 0) {
        return buffer.length == 0
                   ? text_format(arena, "unknown (%.*s)", TEXT_ARGS(unknown))
                   : text_format(arena, "%s; and unknown ones (%.*s)", buffer_text(&buffer).bytes, TEXT_ARGS(unknown));
    }
    if (buffer.length == 0) {
        struct text statements = statements_of(arena, &own->effects);
        buffer_add_string(&buffer, "none in the catalogs");
        if (statements.length > 0) {
            buffer_format(&buffer, " (%.*s)", TEXT_ARGS(statements));
        }
    }
    return buffer_text(&buffer);
}

/* ---- in a database ---- */

struct text effect_phrase_facts(struct arena *arena, const struct effects_join *effects, const struct fact *facts,
                                size_t count) {
    struct phrase_list list = phrase_list(arena, NAMED_MISSING);
    for (size_t i = 0; i < count; i++) {
        struct text name = effects_name(arena, effects, &facts[i]);
        phrase_list_add(&list, facts[i].is_there || !fact_is_existence(&facts[i])
                                   ? name
                                   : text_format(arena, "%.*s is there still", TEXT_ARGS(name)));
    }
    return phrase_list_end(&list);
}

struct text effect_phrase_standing(struct arena *arena, const struct effects_join *effects, size_t migration,
                                   size_t database) {
    const struct effects_standing *standing = effects_standing_of(effects, migration, database);
    const struct effects *own = &effects->own[migration].effects;
    if (own->status == EFFECTS_NOT_BUILT || own->status == EFFECTS_PENDING) {
        return effect_phrase_unknown(arena, own);
    }
    if (standing->state == EFFECTS_UNKNOWN && effects->databases[database].elsewhere_count > 0) {
        return TEXT("unknown (its tables are in schemas that are not on the search path)");
    }
    switch (standing->state) {
    case EFFECTS_NONE:
        return TEXT("none in the catalogs");
    case EFFECTS_SUPERSEDED:
        return TEXT("superseded by later migrations");
    case EFFECTS_UNKNOWN:
        return TEXT("unknown");
    default:
        break;
    }
    struct buffer buffer = BUFFER(arena);
    buffer_format(&buffer, "%zu of %zu there", standing->there, standing->of);
    if (standing->state == EFFECTS_PARTLY) {
        buffer_add_string(&buffer, ", missing: ");
        buffer_add(&buffer, effect_phrase_facts(arena, effects, standing->missing, standing->missing_count));
    }
    return buffer_text(&buffer);
}

struct text effect_phrase_elsewhere(struct arena *arena, const struct effects_join *effects, size_t database) {
    const struct effects_database *of = &effects->databases[database];
    if (of->ledger_count == 0) {
        return TEXT("");
    }
    struct text schema = text_escaped(arena, of->ledgers[0].schema), table = text_escaped(arena, of->ledgers[0].table);
    return of->ledgers[0].names > 0
               ? text_format(arena, "%.*s.%.*s, which is another tool's, names %zu migration%s of this folder",
                             TEXT_ARGS(schema), TEXT_ARGS(table), of->ledgers[0].names, phrase_s(of->ledgers[0].names))
               : text_format(arena, "%.*s.%.*s looks like one", TEXT_ARGS(schema), TEXT_ARGS(table));
}

static bool is_recorded(const struct effects_join *effects, size_t migration, size_t database) {
    const bool *is_named = effects->databases[database].is_named;
    return is_named && is_named[migration] &&
           !standing_has_run(&effects->join->migrations[migration].standings[database]);
}

/* If there are several, the first one. */
static struct text tools_ledger(struct arena *arena, const struct effects_join *effects, size_t database) {
    const struct effects_ledger *ledger = &effects->databases[database].ledgers[0];
    return text_format(arena, "%s.%s, of another tool,", text_escaped(arena, ledger->schema).bytes,
                       text_escaped(arena, ledger->table).bytes);
}

struct text effect_phrase_drizzle(struct arena *arena, const struct join *join, const struct effects_join *effects,
                                  const struct migration *it) {
    struct buffer buffer = BUFFER(arena);
    buffer_add(&buffer, join->layout->has_journal ? phrase_drizzle(arena, join, it) : v1_drizzle(arena, join, it));
    for (size_t i = 0; effects && i < join->database_count; i++) {
        if (is_recorded(effects, (size_t)(it - join->migrations), i)) {
            buffer_format(&buffer, "; %s records it in %s", tools_ledger(arena, effects, i).bytes,
                          text_escaped(arena, join->databases[i].name).bytes);
        }
    }
    return buffer_text(&buffer);
}

struct text effect_phrase_recorded_runs(struct arena *arena, const struct effects_join *effects, size_t database,
                                        const struct migration **runs, size_t count) {
    size_t recorded = 0;
    for (size_t i = 0; i < count; i++) {
        recorded += is_recorded(effects, (size_t)(runs[i] - effects->join->migrations), database);
    }
    return recorded > 0 ? text_format(arena, "%s records %zu of these; Drizzle's runner does not look there",
                                      tools_ledger(arena, effects, database).bytes, recorded)
                        : TEXT("");
}
