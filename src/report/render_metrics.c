/* metrics.prom: counts in Prometheus' text format for node_exporter's textfile collector. Database
 * names are letters, digits, `_` and `-`, so nothing in it needs escaping. */
#include "migfs/report/render.h"

/* `source="/srv/shop/drizzle"`, which distinguishes two views on one machine, and a comma if the
 * series has labels of its own. */
static struct text source_label(struct arena *arena, const struct view *view, const char *behind) {
    struct buffer buffer = BUFFER(arena);
    struct text source = text_repair_utf8(arena, view->source);
    buffer_add_string(&buffer, "source=\"");
    for (size_t i = 0; i < source.length; i++) {
        char byte = source.bytes[i];
        if (byte == '\n') {
            buffer_add_string(&buffer, "\\n");
            continue;
        }
        buffer_add_string(&buffer, byte == '"' || byte == '\\' ? "\\" : "");
        buffer_add_char(&buffer, byte);
    }
    buffer_format(&buffer, "\"%s", behind);
    return buffer_text(&buffer);
}

static void add_family(struct buffer *buffer, const char *name, const char *help) {
    buffer_format(buffer, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void add_by_state(struct buffer *buffer, const struct view *view) {
    struct text label = source_label(buffer->arena, view, ",");
    size_t counts[STATE_COUNT] = {0};
    for (size_t i = 0; i < view->join->count; i++) {
        counts[view->join->migrations[i].state]++;
    }
    add_family(buffer, "migfs_migrations", "Migrations by overall state.");
    for (enum state state = 0; state < STATE_COUNT; state++) {
        if (state_facts(state)->is_overall) {
            buffer_format(buffer, "migfs_migrations{%sstate=\"%s\"} %zu\n", label.bytes, state_name(state),
                          counts[state]);
        }
    }
}

static void add_by_database(struct buffer *buffer, const struct view *view) {
    struct text label = source_label(buffer->arena, view, ",");
    const struct join *join = view->join;
    add_family(buffer, "migfs_database_migrations", "Migrations by their state in one database.");
    for (size_t d = 0; d < join->database_count; d++) {
        size_t counts[STATE_COUNT] = {0};
        for (size_t i = 0; i < join->count; i++) {
            if (join->migrations[i].kind != MIGRATION_EXCLUDED) {
                counts[join->migrations[i].standings[d].state]++;
            }
        }
        for (enum state state = 0; state < STATE_COUNT; state++) {
            if (state_facts(state)->is_per_database) {
                buffer_format(buffer, "migfs_database_migrations{%sdatabase=\"%.*s\",state=\"%s\"} %zu\n", label.bytes,
                              TEXT_ARGS(join->databases[d].name), state_name(state), counts[state]);
            }
        }
    }
    add_family(buffer, "migfs_database_readable", "1 while the database can be read, otherwise 0.");
    for (size_t d = 0; d < join->database_count; d++) {
        buffer_format(buffer, "migfs_database_readable{%sdatabase=\"%.*s\"} %d\n", label.bytes,
                      TEXT_ARGS(join->databases[d].name), join->databases[d].ledger->status != LEDGER_UNREADABLE);
    }
}

struct text render_metrics(struct arena *arena, const struct view *view) {
    struct buffer buffer = BUFFER(arena);
    struct text label = source_label(arena, view, ","), alone = source_label(arena, view, "");
    add_by_state(&buffer, view);
    if (view->join->database_count > 0) {
        add_by_database(&buffer, view);
    }
    add_family(&buffer, "migfs_problems", "Lines of the file problems, by severity.");
    for (enum severity severity = 0; severity < SEVERITY_COUNT; severity++) {
        buffer_format(&buffer, "migfs_problems{%sseverity=\"%s\"} %zu\n", label.bytes, severity_name(severity),
                      view->problems->by_severity[severity]);
    }
    add_family(&buffer, "migfs_journal_changes", "Differences between the journal on disk and the consistent one.");
    buffer_format(&buffer, "migfs_journal_changes{%s} %zu\n", alone.bytes, render_changes_count(view));
    add_family(&buffer, "migfs_journal_refused", "1 while the consistent journal is refused, otherwise 0.");
    buffer_format(&buffer, "migfs_journal_refused{%s} %d\n", alone.bytes, view->synthesis->refusal != REFUSAL_NONE);
    return buffer_text(&buffer);
}
