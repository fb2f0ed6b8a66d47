/* Which files the parser need not read: by the words of single files, and by a random comparison of
 * the problems with those of folders of which it read everything. */
#include "effects.h"

#include <ctype.h>

#include "migfs/report/sql_needed.h"

#define BREAK "\n--> statement-breakpoint\n"

/* "0000_a 0002_c": the files that are needed, of these texts. */
static const char *needed(struct world *world, const char *const *texts) {
    struct buffer buffer = BUFFER(world->arena);
    for (size_t i = 0; texts[i]; i++) {
        char name[32];
        snprintf(name, sizeof name, "%04zu_%c.sql", i, (char)('a' + i));
        file(world, name, texts[i]);
    }
    scan(world->folder);
    const bool *is_needed = sql_needed_find(world->arena, world->folder->disk);
    for (size_t i = 0; i < world->folder->disk->count; i++) {
        if (is_needed[i]) {
            buffer_add_string(&buffer, buffer.length > 0 ? " " : "");
            buffer_add(&buffer, text_slice(world->folder->disk->entries[i].name, 0, 6));
        }
    }
    return buffer_text(&buffer).bytes;
}

#define assert_needed(expected, ...)                                                                                   \
    assert_string_equal(needed(*state, (const char *const[]){__VA_ARGS__, NULL}), (expected))

static void files_without_anything_in_common_are_not_needed(void **state) {
    assert_needed("", "CREATE TABLE a (x int);", "ALTER TABLE a ADD COLUMN y int;",
                  "ALTER TABLE a ADD z int;" BREAK "CREATE INDEX i ON a (z);");
    assert_needed("", "CREATE TABLE a (x int);", "DROP TABLE a;", "ALTER TABLE a RENAME TO b;");
    assert_needed("", "CREATE TABLE IF NOT EXISTS a (x int);", "CREATE TABLE IF NOT EXISTS a (x int);", "SELECT 1;");
    assert_needed("", "INSERT INTO a VALUES (1);", "INSERT INTO a VALUES (1);", "SELECT 'commit';");
    assert_needed("", "-- commit\nSELECT 1;", "CREATE TABLE t (\"value\" int, \"to\" int);",
                  "DO $$ BEGIN ALTER TABLE a ADD x int; END $$;");
}

static void files_that_make_or_drop_the_same_are_needed(void **state) {
    assert_needed("0000_a 0002_c", "CREATE TABLE a (x int);", "CREATE TABLE b (x int);",
                  "CREATE TABLE public.\"a\" (y int);");
    assert_needed("0000_a 0001_b", "ALTER TABLE A ADD COLUMN x int;", "alter table \"a\" add \"x\" integer",
                  "SELECT 1;");
    assert_needed("0000_a 0001_b", "ALTER TYPE m ADD VALUE 'a';", "ALTER TYPE m ADD VALUE $$b$$;", "SELECT 1;");
    assert_needed("0000_a 0001_b", "ALTER TABLE a DROP IF EXISTS x;", "ALTER TABLE a DROP COLUMN IF EXISTS x;",
                  "SELECT 1;");
}

static void files_with_words_that_end_or_forbid_a_transaction_are_needed(void **state) {
    assert_needed("0000_a 0001_b 0002_c", "COMMIT;", "CREATE TABLE a (x int); END", "DROP INDEX CONCURRENTLY i;");
    assert_needed("0000_a 0001_b 0002_c", "ALTER SYSTEM SET a = 1;", "VACUUM(full) a;", "/* x */ CREATE DATABASE d;");
}

static void other_forms_of_a_statement_are_no_other_statement(void **state) {
    assert_needed("0000_a 0001_b", "ALTER TABLE a ADD \"column\" int;", "ALTER TABLE a ADD COLUMN \"column\" int;",
                  "ALTER TABLE a ADD COLUMN \"value\" int;");
    assert_needed("0000_a 0001_b", "ALTER TABLE a * ADD x int;", "ALTER TABLE a ADD COLUMN x int;", "SELECT E'\\'';");
    assert_needed("0000_a 0001_b", "CREATE INDEX i ON ONLY (a) (x);", "CREATE INDEX i ON ONLY a (x);", "SELECT 1;");
    assert_needed("0000_a 0001_b", "DROP GROUP g;", "DROP ROLE g;", "SELECT 1;");
}

static void all_are_needed_where_words_may_be_others(void **state) {
    assert_needed("0000_a 0001_b 0002_c", "CREATE TABLE U&\"\\0061\" (x int);", "CREATE TABLE a (x int);", "SELECT 1;");
    assert_needed("0000_a 0001_b 0002_c", "SELECT E'a'\n'\\'';", "SELECT 2;", "SELECT 1;");
    assert_needed("0000_a 0001_b 0002_c", "SELECT 1$$;$$;", "SELECT 2;", "SELECT 1;");
}

/* ---- the comparison ---- */

static uint64_t state_of_random = 1;

static size_t below(size_t count) {
    state_of_random = state_of_random * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (size_t)(state_of_random >> 33) % count;
}

#define ONE_OF(...)                                                                                                    \
    one_of((const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
static const char *one_of(const char *const *words, size_t count) {
    return words[below(count)];
}

static const char *blank(void) {
    return below(6) > 0 ? " " : ONE_OF("\n", "\t", " /* commit; */ ", " -- vacuum\n", "  /* /* ; */ */");
}

/* A statement to be written, each time in another spelling. In its form, `N` stands for the name,
 * `Q` for the name with or without its schema, `T` likewise for the table, `I` for a type; one of
 * `[a|b]` is written, and `[a]` or nothing. */
struct model {
    const char *form, *name, *table;
};

/* Some are words that stand beside names, and one is longer than PostgreSQL keeps. */
static const char *const names[] = {"a",
                                    "b",
                                    "column",
                                    "value",
                                    "only",
                                    "to",
                                    "if",
                                    "check",
                                    "on",
                                    "Users",
                                    "user",
                                    "table",
                                    "concurrently",
                                    "a$b",
                                    "add",
                                    "exclude",
                                    "attribute",
                                    "restrict",
                                    "type",
                                    "my name",
                                    "a_name_that_is_longer_than_the_sixty_three_bytes_that_are_left_of_it"};

static const char *const forms[] = {
    "CREATE [TEMP|TEMPORARY] TABLE Q (x I, \"value\" I)",
    "CREATE TABLE Q (x I [NOT NULL|], y I [DEFAULT 1|])",
    "CREATE TABLE IF NOT EXISTS Q (x I)",
    "DROP TABLE Q [|RESTRICT]",
    "DROP TABLE Q CASCADE",
    "DROP TABLE IF EXISTS Q",
    "ALTER TABLE T [*|] ADD [COLUMN|] N I",
    "ALTER TABLE ONLY T ADD [COLUMN|] N I",
    "ALTER TABLE ONLY [(T)|T] ADD CONSTRAINT N UNIQUE (x)",
    "ALTER TABLE T ADD [COLUMN|] IF NOT EXISTS N I",
    "ALTER TABLE T DROP [COLUMN|] N [|RESTRICT]",
    "ALTER TABLE T DROP [COLUMN|] IF EXISTS N",
    "ALTER TABLE T DROP CONSTRAINT N",
    "ALTER TABLE T RENAME [COLUMN|] N TO z",
    "ALTER TABLE T RENAME CONSTRAINT N TO z",
    "ALTER TABLE T RENAME TO N",
    "ALTER TABLE T SET SCHEMA N",
    "ALTER TABLE T ALTER [COLUMN|] N [SET DATA|] TYPE I",
    "ALTER TABLE T ADD CONSTRAINT N CHECK (x * 2 > [1|(1)])",
    "ALTER TABLE T ADD [CHECK|check] (x > 0)",
    "ALTER TABLE T ADD EXCLUDE [USING btree|] (x WITH =)",
    "ALTER TABLE T ADD CONSTRAINT N FOREIGN KEY (x) REFERENCES z [|ON DELETE NO ACTION]",
    "ALTER TABLE T ADD PRIMARY KEY (N)",
    "ALTER TYPE T ADD VALUE ['v'|E'v'|$$v$$|U&'v']",
    "ALTER TYPE T RENAME VALUE ['v'|E'v'|$x$v$x$] TO 'w'",
    "CREATE [UNIQUE] INDEX N ON T [USING btree|] (x)",
    "CREATE INDEX N ON [ONLY (T)|ONLY T] (x)",
    "CREATE INDEX CONCURRENTLY N ON T (x)",
    "CREATE INDEX ON T (N)",
    "DROP INDEX [CONCURRENTLY] Q",
    "CREATE POLICY N ON T",
    "DROP POLICY N ON T",
    "CREATE VIEW Q AS SELECT 'commit; vacuum' [AS|] x",
    "CREATE OR REPLACE VIEW Q AS SELECT 1",
    "CREATE SEQUENCE Q",
    "CREATE SCHEMA N",
    "DROP [ROLE|USER|GROUP] N",
    "ALTER [ROLE|USER|GROUP] N RENAME TO z",
    "CREATE TRIGGER N BEFORE UPDATE OF x ON T EXECUTE [FUNCTION|PROCEDURE] f()",
    "CREATE FUNCTION Q() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END",
    "CREATE FUNCTION Q() RETURNS int LANGUAGE [plpgsql|'plpgsql'] AS $$ BEGIN COMMIT; END $$",
    "DO $$ BEGIN CREATE TYPE Q AS ENUM ('v'); EXCEPTION WHEN duplicate_object THEN null; END $$",
    "DO $$ BEGIN ALTER TYPE Q ADD VALUE 'v'; COMMIT; END $$",
    "INSERT INTO T VALUES ('it''s; commit', E'\\'; commit;', 1$1)",
    "INSERT INTO T VALUES ('commit'\n'; end')",
    "UPDATE T SET N = $$; rollback; $$",
    "SELECT CASE WHEN x THEN 1 END AS \"commit\" FROM T",
    "COMMIT [|WORK]",
    "[END|END TRANSACTION]",
    "[ROLLBACK|ABORT]",
    "ROLLBACK TO SAVEPOINT N",
    "BEGIN",
    "VACUUM [T|]",
    "ANALYZE T",
    "REINDEX TABLE [CONCURRENTLY] T",
    "REINDEX [DATABASE|SCHEMA] N",
    "CLUSTER [T|]",
    "DISCARD [ALL|PLANS]",
    "PREPARE TRANSACTION 'x'",
    "COMMIT PREPARED 'x'",
    "PREPARE N AS SELECT 1",
    "ALTER SYSTEM SET work_mem = 1",
    "CREATE DATABASE N",
    "DROP DATABASE N",
    "ALTER DATABASE N SET [TABLESPACE] z",
    "CREATE TABLESPACE N LOCATION '/x'",
    "CREATE SUBSCRIPTION N CONNECTION '' PUBLICATION p",
    "ALTER TABLE T DETACH PARTITION Q [CONCURRENTLY]",
    "CREATE frobnicate",
};

static bool has_escapes; /* a name in the folder may, so that all files are needed */

static void add_name(struct buffer *sql, const char *name) {
    bool is_plain = strcspn(name, " U") == strlen(name);
    switch (is_plain ? !has_escapes + below(7) : 7) {
    case 0:
        buffer_format(sql, "U&\"\\%04x%s\"", (unsigned)name[0], name + 1);
        break;
    case 1:
    case 2:
    case 3:
        buffer_add_string(sql, name); /* which PostgreSQL rejects if the word is reserved */
        break;
    default:
        buffer_format(sql, "\"%s\"", name);
    }
}

static void add_qualified(struct buffer *sql, const char *name) {
    if (below(3) == 0) {
        buffer_format(sql, "public%s", ONE_OF(".", " . ", ". "));
    }
    add_name(sql, name);
}

static void add_place(struct buffer *sql, const struct model *model, char place) {
    if (place == 'N') {
        add_name(sql, model->name);
    } else if (place == 'I') {
        buffer_add_string(sql, ONE_OF("int", "INTEGER", "int4", "pg_catalog.int4", "\"int4\""));
    } else {
        add_qualified(sql, place == 'Q' ? model->name : model->table);
    }
}

static bool is_place(const char *form, const char *at) {
    bool is_alone = (at == form || !isalpha((unsigned char)at[-1])) && !isalpha((unsigned char)at[1]);
    return is_alone && memchr("NQTI", *at, 4);
}

static struct text choose(struct text choices) {
    struct text chosen[8] = {choices};
    size_t count = 1, at;
    while (text_find(chosen[count - 1], "|", &at)) {
        struct text last = chosen[count - 1];
        chosen[count - 1] = text_slice(last, 0, at);
        chosen[count++] = text_slice(last, at + 1, last.length);
    }
    return count > 1 ? chosen[below(count)] : below(2) ? choices : TEXT("");
}

/* Forms with strings keep their case. */
static void add_form(struct buffer *sql, const struct model *model, struct text form) {
    bool is_lower = below(2) && strcspn(model->form, "'$\"") == strlen(model->form);
    for (const char *at = form.bytes; at < form.bytes + form.length; at++) {
        if (*at == '[') {
            const char *end = strchr(at, ']');
            add_form(sql, model, choose((struct text){at + 1, (size_t)(end - at - 1)}));
            at = end;
        } else if (is_place(model->form, at)) {
            add_place(sql, model, *at);
        } else if (*at == ' ') {
            buffer_add_string(sql, blank());
        } else {
            buffer_add_char(sql, is_lower ? (char)tolower((unsigned char)*at) : *at);
        }
    }
}

enum { MODELS = 6, FILES_EACH = 7, STATEMENTS = 3 };

static void make_folder(struct world *world) {
    struct model models[MODELS];
    const char *few[3], *entries_of[FILES_EACH + 1] = {NULL};
    size_t wanted[STATEMENTS] = {0}, count = 0;
    has_escapes = below(8) == 0;
    for (size_t i = 0; i < 3; i++) {
        few[i] = names[below(sizeof names / sizeof *names)];
    }
    for (size_t i = 0; i < MODELS; i++) {
        models[i] = (struct model){forms[below(sizeof forms / sizeof *forms)], few[below(3)], few[below(3)]};
    }
    for (size_t i = 0; i < FILES_EACH; i++) {
        struct buffer sql = BUFFER(world->arena);
        if (i == 0 || below(3) > 0) { /* else the statements of the file before */
            count = 1 + below(STATEMENTS);
            for (size_t k = 0; k < count; k++) {
                wanted[k] = below(MODELS);
            }
        }
        for (size_t k = 0; k < count; k++) {
            add_form(&sql, &models[wanted[k]], text_of(models[wanted[k]].form));
            buffer_add_string(&sql, ONE_OF(";", ";\n", ";" BREAK, ";" BREAK, below(8) ? ";" : BREAK));
        }
        const char *tag = text_format(world->arena, "%04zu_x", i).bytes;
        file(world, text_format(world->arena, "%s.sql", tag).bytes, buffer_text(&sql).bytes);
        entries_of[i] = text_format(world->arena, "%s@%zu", tag, 1000 * (i + 1)).bytes;
    }
    entries(world, entries_of);
}

/* Every problem above notes. */
static struct text problems_of(struct world *world, size_t *same) {
    struct buffer buffer = BUFFER(world->arena);
    const struct problems *problems = look(world)->problems;
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *it = &problems->problems[i];
        if (it->severity < SEVERITY_NOTE) {
            buffer_format(&buffer, "%.*s:%zu: %s %d %.*s\n", TEXT_ARGS(it->file), it->line, it->code->code,
                          (int)it->severity, TEXT_ARGS(it->sentence));
            *same += strcmp(it->code->code, "same-sql") == 0;
        }
    }
    return buffer_text(&buffer);
}

static void effects_of_needed(void *context, struct arena *arena, const struct digest *digest,
                              struct effects *ret_effects) {
    const struct world *world = context;
    const struct disk *disk = world->folder->disk;
    const bool *is_needed = sql_needed_find(arena, disk);
    for (size_t i = 0; i < disk->count; i++) {
        if (is_needed[i] && digest_equal(&disk->entries[i].sql->digest, digest)) {
            effects_of_digest(context, arena, digest, ret_effects);
            return;
        }
    }
    *ret_effects = (struct effects){.status = EFFECTS_PENDING};
}

static void dump(const struct world *world) {
    for (size_t i = 0; i < world->folder->disk->count; i++) {
        const struct disk_entry *it = &world->folder->disk->entries[i];
        struct text sql = it->sql ? content_text(it->content) : TEXT("");
        print_error("---- %.*s\n%.*s\n", TEXT_ARGS(it->path), TEXT_ARGS(sql));
    }
}

/* SQL_NEEDED_FOLDERS: how many, instead of some that take a second. */
static void the_problems_are_those_of_reading_everything(void **state) {
    const char *asked = getenv("SQL_NEEDED_FOLDERS");
    size_t folders = asked ? strtoul(asked, NULL, 10) : 150, same = 0, spared = 0;
    for (size_t i = 0; i < folders; i++) {
        void *made;
        state_of_random = i + 1;
        effects_world_create(&made);
        struct world *world = made;
        make_folder(world);
        const char *all = problems_of(world, &same).bytes;
        world->effects->effects = effects_of_needed;
        const char *few = problems_of(world, &(size_t){0}).bytes;
        if (strcmp(all, few) != 0) {
            dump(world);
        }
        assert_string_equal(few, all);
        const bool *is_needed = sql_needed_find(world->arena, world->folder->disk);
        for (size_t k = 0; k < world->folder->disk->count; k++) {
            spared += world->folder->disk->entries[k].sql && !is_needed[k];
        }
        effects_world_destroy(&made);
    }
    assert_true(same > folders / 2);
    assert_true(spared > folders / 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        world_test(files_without_anything_in_common_are_not_needed),
        world_test(files_that_make_or_drop_the_same_are_needed),
        world_test(files_with_words_that_end_or_forbid_a_transaction_are_needed),
        world_test(other_forms_of_a_statement_are_no_other_statement),
        world_test(all_are_needed_where_words_may_be_others),
        cmocka_unit_test(the_problems_are_those_of_reading_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
