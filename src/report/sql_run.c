/* The runner sends all pending migrations in one transaction, in the order of the journal. */
#include "report/sql_run.h"

#include "migfs/folder/statements.h"

static void add_file(struct sql_run *run, const struct migration *it) {
    const struct sql_statements *statements =
        migration_counts(it) ? disk_statements(run->finder->join->disk, it->file) : NULL;
    if (statements) {
        const struct effects_join *effects = run->finder->effects;
        size_t migration = (size_t)(it - run->finder->join->migrations);
        run->files[run->count] = it;
        run->sources[run->count] =
            sql_source_list(run->arena, statements, effects ? &effects->own[migration].effects : NULL);
        run->statements[run->count++] = statements;
    }
}

/* By the consistent journal. While that is refused, by the journal on disk, with unlisted
 * migrations at the end. */
static void list_files(struct sql_run *run) {
    const struct join *join = run->finder->join;
    const struct synthesis *synthesis = run->finder->synthesis;
    disk_read_statements(join->disk);
    run->files = arena_array(run->arena, const struct migration *, join->count);
    run->statements = arena_array(run->arena, const struct sql_statements *, join->count);
    run->sources = arena_array(run->arena, struct sql_sources, join->count);
    if (synthesis->refusal == REFUSAL_NONE) {
        for (size_t i = 0; i < synthesis->count; i++) {
            add_file(run, &join->migrations[synthesis->entries[i].migration]);
        }
        return;
    }
    for (size_t i = 0; i < join->item_count; i++) {
        const struct join_item *item = &join->items[i];
        if (item->migration != SIZE_MAX && join->migrations[item->migration].entry == item->entry) {
            add_file(run, &join->migrations[item->migration]);
        }
    }
    for (size_t i = 0; i < join->count && join->layout->has_journal; i++) {
        if (!join->migrations[i].entry) {
            add_file(run, &join->migrations[i]);
        }
    }
}

/* The same as ddl_read() returns for an ALTER TYPE … ADD VALUE. */
static struct ddl ddl_of_value(struct arena *arena, const struct sql_value *value) {
    struct buffer literal = BUFFER(arena);
    buffer_add_char(&literal, '\'');
    for (size_t i = 0; i < value->label.length; i++) {
        buffer_add_string(&literal, value->label.bytes[i] == '\'' ? "'" : "");
        buffer_add_char(&literal, value->label.bytes[i]);
    }
    buffer_add_char(&literal, '\'');
    return (struct ddl){.kind = DDL_MAKES,
                        .is_guarded = true, /* assumed: the block may handle a duplicate */
                        .name = buffer_text(&literal),
                        .owner = value->type,
                        .is_enum_value = true};
}

static void list_deeds(struct sql_run *run) {
    size_t all = 0;
    for (size_t i = 0; i < run->count; i++) {
        all += run->statements[i]->count;
        for (size_t j = 0; j < run->statements[i]->count; j++) {
            all += run->sources[i].sources[j].value_count;
        }
    }
    run->deeds = arena_array(run->arena, struct sql_deed, all);
    run->only_adds = arena_array(run->arena, bool *, run->count);
    for (size_t i = 0; i < run->count; i++) {
        run->only_adds[i] = arena_array(run->arena, bool, run->statements[i]->count);
        for (size_t j = 0; j < run->statements[i]->count; j++) {
            const struct sql_source *source = &run->sources[i].sources[j];
            struct ddl ddl = ddl_read(source->statement->text);
            run->only_adds[i][j] = ddl.is_enum_value || (source->value_count > 0 && !source->is_parsed);
            if (ddl.kind != DDL_NONE) {
                run->deed_text += source->statement->text.length;
                run->deeds[run->deed_count++] = (struct sql_deed){i, j, source, ddl};
            }
            for (size_t k = 0; k < source->value_count; k++) {
                struct ddl added = ddl_of_value(run->arena, &source->values[k]);
                run->deeds[run->deed_count++] = (struct sql_deed){i, j, source, added};
            }
        }
    }
}

void sql_run_list(struct sql_run *run) {
    list_files(run);
    list_deeds(run);
}
