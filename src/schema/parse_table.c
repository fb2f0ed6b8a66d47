/* CREATE TABLE, ALTER TABLE and CREATE INDEX: the objects that PostgreSQL creates for them, in its
 * order, with the parts of the names that it chooses. */
#include "schema/parse_table.h"

#include <stdlib.h>
#include <string.h>

#include "schema/parse_index.h"

/* ---- constraints ---- */

static struct text number(struct tree_walk *walk, size_t value) {
    struct buffer digits = BUFFER(walk->arena);
    buffer_add_number(&digits, (int64_t)value);
    return buffer_text(&digits);
}

static void add_index_constraint(struct tree_walk *walk, struct tree_path table, const cJSON *constraint,
                                 struct text name, const char *type, const struct tree_list *columns, unsigned flags) {
    struct text index = tree_name(tree_text(constraint, "indexname"));
    if (index.length > 0) {
        tree_effect(walk, EFFECT_USING_INDEX, flags, table.schema, table.name, name, text_of(type), index);
        return;
    }
    const struct text fields[] = {
        table.schema, table.name, name, text_of(type), TEXT(""), TEXT(""), number(walk, columns->count), TREE_END};
    tree_write(walk, EFFECT_CONSTRAINT, flags, fields, columns, NULL);
}

static void add_foreign_key(struct tree_walk *walk, struct tree_path table, const cJSON *constraint,
                            const struct tree_list *columns, unsigned flags) {
    struct tree_path to = tree_range(walk, tree_at(constraint, "pktable"));
    struct tree_list referred = tree_strings(walk, tree_at(constraint, "pk_attrs"));
    const struct text fields[] = {table.schema,
                                  table.name,
                                  tree_name(tree_text(constraint, "conname")),
                                  TEXT("f"),
                                  to.schema,
                                  to.name,
                                  number(walk, columns->count),
                                  TREE_END};
    tree_write(walk, EFFECT_CONSTRAINT, flags, fields, columns, &referred);
}

static void add_check(struct tree_walk *walk, struct tree_path table, const cJSON *constraint, unsigned flags) {
    struct tree_list columns = {0};
    tree_columns(walk, tree_at(constraint, "raw_expr"), &columns);
    const struct text fields[] = {table.schema,
                                  table.name,
                                  tree_name(tree_text(constraint, "conname")),
                                  TEXT("c"),
                                  TEXT(""),
                                  TEXT(""),
                                  number(walk, columns.count),
                                  TREE_END};
    tree_write(walk, EFFECT_CONSTRAINT, flags, fields, &columns, NULL);
}

/* A primary key, unique or exclusion constraint of a new table; those over the same columns share
 * one. */
struct index_wanted {
    const cJSON *constraint;
    struct text name;
    const char *type;
    struct tree_list columns;
    struct text included; /* other properties that must be equal too */
};

struct table {
    struct tree_walk *walk;
    struct tree_path path;
    unsigned flags;
    struct index_wanted *indexes;
    size_t index_count;
    const cJSON **checks, **foreign; /* constraints */
    struct tree_list *foreign_columns;
    size_t check_count, foreign_count;
};

static struct text printed(struct tree_walk *walk, const cJSON *constraint) {
    struct tree_list included = tree_strings(walk, tree_at(constraint, "including"));
    struct buffer buffer = BUFFER(walk->arena);
    for (size_t i = 0; i < included.count; i++) {
        buffer_add(&buffer, included.items[i]);
        buffer_add_char(&buffer, ',');
    }
    const cJSON *exclusions = tree_at(constraint, "exclusions");
    for (const cJSON *item = exclusions ? exclusions->child : NULL; item; item = item->next) {
        const cJSON *pair = tree_at(tree_as(item, "List"), "items"), *element = pair ? pair->child : NULL;
        const cJSON *expression = tree_at(tree_as(element, "IndexElem"), "expr");
        buffer_add(&buffer, tree_text(tree_as(element, "IndexElem"), "name"));
        buffer_add(&buffer, tree_path_of(walk, element ? element->next : NULL).name);
        buffer_format(&buffer, "%p,", (const void *)expression); /* equals no other expression */
    }
    static const char *const flags[] = {"deferrable", "initdeferred", "nulls_not_distinct"};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        buffer_add_char(&buffer, tree_flag(constraint, flags[i]) ? '1' : '0');
    }
    return buffer_text(&buffer);
}

static bool same_list(const struct tree_list *a, const struct tree_list *b) {
    bool is_same = a->count == b->count;
    for (size_t i = 0; is_same && i < a->count; i++) {
        is_same = text_equal(a->items[i], b->items[i]);
    }
    return is_same;
}

/* PostgreSQL makes one index for a primary key and a unique over the same columns, with the first
 * name given. */
static void want_index(struct table *table, const cJSON *constraint, const char *type, struct tree_list columns) {
    struct index_wanted wanted = {.constraint = constraint,
                                  .name = tree_name(tree_text(constraint, "conname")),
                                  .type = type,
                                  .columns = columns,
                                  .included = printed(table->walk, constraint)};
    for (size_t i = 0; i < table->index_count; i++) {
        struct index_wanted *before = &table->indexes[i];
        if ((*before->type == 'x') == (*type == 'x') && same_list(&before->columns, &columns) &&
            text_equal(before->included, wanted.included)) {
            before->name = before->name.length > 0 ? before->name : wanted.name;
            before->type = *type == 'p' ? type : before->type;
            return;
        }
    }
    table->indexes = arena_grow(table->walk->arena, table->indexes, table->index_count, table->index_count + 1,
                                sizeof *table->indexes);
    table->indexes[table->index_count++] = wanted;
}

static void take_constraint(struct table *table, const cJSON *constraint, const struct tree_list *column) {
    struct tree_walk *walk = table->walk;
    struct text type = tree_text(constraint, "contype");
    bool is_of_column = column && column->count > 0;
    if (text_is(type, "CONSTR_PRIMARY") || text_is(type, "CONSTR_UNIQUE") || text_is(type, "CONSTR_EXCLUSION")) {
        const char *letter = text_is(type, "CONSTR_PRIMARY") ? "p" : text_is(type, "CONSTR_UNIQUE") ? "u" : "x";
        want_index(table, constraint, letter, is_of_column ? *column : tree_strings(walk, tree_at(constraint, "keys")));
    } else if (text_is(type, "CONSTR_CHECK")) {
        table->checks =
            arena_grow(walk->arena, table->checks, table->check_count, table->check_count + 1, sizeof(const cJSON *));
        table->checks[table->check_count++] = constraint;
    } else if (text_is(type, "CONSTR_FOREIGN")) {
        size_t count = table->foreign_count++;
        table->foreign = arena_grow(walk->arena, table->foreign, count, count + 1, sizeof(const cJSON *));
        table->foreign_columns =
            arena_grow(walk->arena, table->foreign_columns, count, count + 1, sizeof *table->foreign_columns);
        table->foreign[count] = constraint;
        table->foreign_columns[count] = is_of_column ? *column : tree_strings(walk, tree_at(constraint, "fk_attrs"));
    }
}

static void add_wanted(struct table *table, bool is_primary) {
    struct tree_walk *walk = table->walk;
    for (size_t i = 0; i < table->index_count; i++) {
        const struct index_wanted *wanted = &table->indexes[i];
        if ((*wanted->type == 'p') != is_primary) {
            continue;
        }
        struct tree_list columns = wanted->columns, parts = {0};
        if (*wanted->type == 'x') {
            parse_index_elements(walk, tree_at(wanted->constraint, "exclusions"), &parts, &columns);
        }
        struct tree_list included = tree_strings(walk, tree_at(wanted->constraint, "including"));
        for (size_t k = 0; k < included.count; k++) {
            tree_push(walk, &columns, included.items[k]);
        }
        add_index_constraint(walk, table->path, wanted->constraint, wanted->name, wanted->type,
                             parts.count ? &parts : &columns, table->flags);
    }
}

static void finish_checks(struct table *table) {
    for (size_t i = 0; i < table->check_count; i++) {
        add_check(table->walk, table->path, table->checks[i], table->flags);
    }
}

static void finish_indexes(struct table *table) {
    add_wanted(table, true);
    add_wanted(table, false);
}

static void finish_foreign(struct table *table) {
    for (size_t i = 0; i < table->foreign_count; i++) {
        add_foreign_key(table->walk, table->path, table->foreign[i], &table->foreign_columns[i], table->flags);
    }
}

/* ---- columns ---- */

static void add_own_sequence(struct tree_walk *walk, struct tree_path table, struct text column, const cJSON *options,
                             bool is_identity, unsigned flags) {
    struct tree_path path = {TEXT(""), TEXT("")};
    for (const cJSON *option = options ? options->child : NULL; option; option = option->next) {
        if (tree_is(tree_as(option, "DefElem"), "defname", "sequence_name")) {
            path = tree_path_of(walk, tree_at(tree_as(option, "DefElem"), "arg"));
        }
    }
    tree_effect(walk, EFFECT_SEQUENCE, flags, table.schema, table.name, column, path.schema, path.name,
                is_identity ? TEXT("t") : TEXT("f"));
}

static bool is_generated(const cJSON *constraints) {
    bool is_it = false;
    for (const cJSON *item = constraints ? constraints->child : NULL; item && !is_it; item = item->next) {
        is_it = tree_is(tree_as(item, "Constraint"), "contype", "CONSTR_GENERATED");
    }
    return is_it;
}

/* Adds a column. Its sequence is created before it; constraints of several columns come last. */
static void add_column(struct table *table, const cJSON *definition) {
    struct tree_walk *walk = table->walk;
    bool is_serial;
    struct tree_path type = tree_type(walk, tree_at(definition, "typeName"), &is_serial);
    struct text name = tree_name(tree_text(definition, "colname"));
    struct tree_list column = {0};
    tree_push(walk, &column, name);
    const cJSON *constraints = tree_at(definition, "constraints");
    tree_effect(walk, EFFECT_COLUMN, table->flags, table->path.schema, table->path.name, name, type.schema, type.name,
                is_generated(constraints) ? TEXT("t") : TEXT("f"));
    unsigned inner = table->flags | EFFECT_NEW;
    if (is_serial) {
        add_own_sequence(walk, table->path, name, NULL, false, inner);
    }
    for (const cJSON *item = constraints ? constraints->child : NULL; item; item = item->next) {
        const cJSON *constraint = tree_as(item, "Constraint");
        if (tree_is(constraint, "contype", "CONSTR_IDENTITY")) {
            add_own_sequence(walk, table->path, name, tree_at(constraint, "options"), true, inner);
        } else {
            take_constraint(table, constraint, &column);
        }
    }
}

/* ---- CREATE TABLE ---- */

static void create_table(struct tree_walk *walk, const cJSON *create, const char *relkind) {
    const cJSON *range = tree_at(create, "relation"), *elements = tree_at(create, "tableElts"),
                *parents = tree_at(create, "inhRelations");
    struct table table = {.walk = walk, .path = tree_range(walk, range), .flags = EFFECT_NEW};
    if (tree_is_temporary(walk, range)) {
        tree_add_temporary(walk, table.path.name);
        return;
    }
    unsigned guarded = tree_flag(create, "if_not_exists") ? EFFECT_GUARDED : 0;
    tree_effect(walk, EFFECT_RELATION, guarded, table.path.schema, table.path.name,
                text_of(tree_at(create, "partspec") ? "p" : relkind));
    for (const cJSON *parent = parents ? parents->child : NULL; parent; parent = parent->next) {
        struct tree_path path = tree_range(walk, tree_as(parent, "RangeVar"));
        tree_effect(walk, EFFECT_INHERITS, EFFECT_NEW, table.path.schema, table.path.name, path.schema, path.name);
    }
    if (tree_at(create, "ofTypename")) {
        bool is_serial;
        struct tree_path type = tree_type(walk, tree_at(create, "ofTypename"), &is_serial);
        tree_effect(walk, EFFECT_USES, EFFECT_NEW, table.path.schema, table.path.name, type.schema, type.name);
    }
    for (const cJSON *element = elements ? elements->child : NULL; element; element = element->next) {
        if (tree_as(element, "ColumnDef")) {
            if (tree_at(tree_as(element, "ColumnDef"), "typeName")) {
                add_column(&table, tree_as(element, "ColumnDef"));
            }
        } else if (tree_as(element, "Constraint")) {
            take_constraint(&table, tree_as(element, "Constraint"), NULL);
        }
    }
    finish_checks(&table);
    finish_indexes(&table);
    finish_foreign(&table);
}

/* ---- ALTER TABLE ---- */

/* The order in which PostgreSQL executes the parts of one ALTER TABLE, whatever their order in the
 * statement. */
enum pass { PASS_DROP, PASS_TYPE, PASS_COLUMN, PASS_CHECK, PASS_ATTRIBUTE, PASS_INDEX, PASS_REST, PASS_COUNT };

static enum pass pass_of(const cJSON *command) {
    const cJSON *constraint = tree_as(tree_at(command, "def"), "Constraint");
    struct text subtype = tree_text(command, "subtype");
    if (text_starts(subtype, "AT_Drop") && !text_is(subtype, "AT_DropExpression") &&
        !text_is(subtype, "AT_DropIdentity")) {
        return PASS_DROP;
    }
    if (text_is(subtype, "AT_ColumnDefault")) {
        return tree_at(command, "def") ? PASS_REST : PASS_DROP;
    }
    if (text_is(subtype, "AT_AlterColumnType")) {
        return PASS_TYPE;
    }
    if (text_is(subtype, "AT_AddColumn")) {
        return PASS_COLUMN;
    }
    if (text_is(subtype, "AT_SetNotNull") || text_is(subtype, "AT_DropExpression")) {
        return PASS_ATTRIBUTE;
    }
    return constraint && !tree_is(constraint, "contype", "CONSTR_CHECK") &&
                   !tree_is(constraint, "contype", "CONSTR_FOREIGN") &&
                   !tree_is(constraint, "contype", "CONSTR_IDENTITY")
               ? PASS_INDEX
               : PASS_REST;
}

/* The table is named with its parent, or the parent with a partition. */
static void relate_to_parent(struct table *table, enum effect_kind kind, const cJSON *definition) {
    struct tree_walk *walk = table->walk;
    const cJSON *partition = tree_at(tree_as(definition, "PartitionCmd"), "name");
    struct tree_path other = tree_range(walk, partition ? partition : tree_as(definition, "RangeVar"));
    struct tree_path child = partition ? other : table->path, parent = partition ? table->path : other;
    tree_effect(walk, kind, 0, child.schema, child.name, parent.schema, parent.name);
}

static void set_default(struct table *table, const cJSON *command, struct text column) {
    const cJSON *expression = tree_at(command, "def");
    bool is_null = tree_flag(tree_as(expression, "A_Const"), "isnull") || tree_as(expression, "TypeCast");
    if (tree_as(expression, "TypeCast")) {
        is_null = tree_flag(tree_as(tree_at(tree_as(expression, "TypeCast"), "arg"), "A_Const"), "isnull");
    }
    tree_effect(table->walk, EFFECT_DEFAULT, 0, table->path.schema, table->path.name, column,
                is_null      ? TEXT("-")
                : expression ? TEXT("t")
                             : TEXT("f"));
}

/* Under a guard, the column's constraints are created only if the column is. */
static void add_column_at_once(struct table *table, const cJSON *definition, unsigned guarded) {
    struct table own = {.walk = table->walk, .path = table->path, .flags = guarded};
    if (!guarded) {
        add_column(table, definition);
        return;
    }
    add_column(&own, definition);
    own.flags = EFFECT_NEW;
    finish_checks(&own);
    finish_indexes(&own);
    finish_foreign(&own);
}

static void alter(struct table *table, const cJSON *command, bool is_type) {
    struct tree_walk *walk = table->walk;
    struct text subtype = tree_text(command, "subtype"), name = tree_name(tree_text(command, "name"));
    struct tree_path path = table->path;
    const cJSON *definition = tree_at(command, "def");
    unsigned flags = (tree_flag(command, "missing_ok") ? EFFECT_GUARDED : 0U) |
                     (tree_is(command, "behavior", "DROP_CASCADE") ? EFFECT_CASCADE : 0U);
    if (is_type) {
        return; /* attributes of composite types have no facts */
    }
    if (text_is(subtype, "AT_AddColumn")) {
        add_column_at_once(table, tree_as(definition, "ColumnDef"), flags & EFFECT_GUARDED);
    } else if (text_is(subtype, "AT_DropColumn")) {
        tree_effect(walk, EFFECT_DROP_COLUMN, flags, path.schema, path.name, name);
    } else if (text_is(subtype, "AT_DropConstraint")) {
        tree_effect(walk, EFFECT_DROP_CONSTRAINT, flags, path.schema, path.name, name);
    } else if (text_is(subtype, "AT_ColumnDefault")) {
        set_default(table, command, name);
    } else if (text_is(subtype, "AT_DropExpression")) {
        /* With IF EXISTS, a column that is not generated keeps its default. */
        tree_effect(walk, EFFECT_DEFAULT, 0, path.schema, path.name, name,
                    flags & EFFECT_GUARDED ? TEXT("-") : TEXT("f"));
    } else if (text_is(subtype, "AT_SetNotNull") || text_is(subtype, "AT_DropNotNull")) {
        tree_effect(walk, EFFECT_NOT_NULL, 0, path.schema, path.name, name,
                    text_is(subtype, "AT_SetNotNull") ? TEXT("t") : TEXT("f"));
    } else if (text_is(subtype, "AT_AlterColumnType")) {
        bool is_serial;
        struct tree_path type = tree_type(walk, tree_at(tree_as(definition, "ColumnDef"), "typeName"), &is_serial);
        tree_effect(walk, EFFECT_BASE_TYPE, 0, path.schema, path.name, name, type.schema, type.name);
    } else if (text_is(subtype, "AT_EnableRowSecurity") || text_is(subtype, "AT_DisableRowSecurity")) {
        tree_effect(walk, EFFECT_ROW_SECURITY, 0, path.schema, path.name,
                    text_is(subtype, "AT_EnableRowSecurity") ? TEXT("t") : TEXT("f"));
    } else if (text_is(subtype, "AT_AddIdentity")) {
        add_own_sequence(walk, path, name, tree_at(tree_as(definition, "Constraint"), "options"), true, 0);
    } else if (text_is(subtype, "AT_DropIdentity")) {
        tree_effect(walk, EFFECT_IDENTITY_DROPPED, flags, path.schema, path.name, name);
    } else if (text_is(subtype, "AT_AddConstraint")) {
        take_constraint(table, tree_as(definition, "Constraint"), NULL);
    } else if (text_is(subtype, "AT_AddInherit") || text_is(subtype, "AT_AttachPartition")) {
        relate_to_parent(table, EFFECT_INHERITS, definition);
    } else if (text_is(subtype, "AT_DropInherit") || text_is(subtype, "AT_DetachPartition")) {
        relate_to_parent(table, EFFECT_LEAVES, definition);
    }
}

static void alter_table(struct tree_walk *walk, const cJSON *statement) {
    const cJSON *commands = tree_at(statement, "cmds"), *range = tree_at(statement, "relation");
    bool is_type = tree_is(statement, "objtype", "OBJECT_TYPE");
    struct table table = {.walk = walk, .path = tree_range(walk, range)};
    if (tree_is_temporary(walk, range)) {
        return;
    }
    if (!is_type) {
        tree_effect(walk, EFFECT_ALTER, tree_flag(statement, "missing_ok") ? EFFECT_GUARDED : 0U, table.path.schema,
                    table.path.name);
    }
    for (enum pass pass = PASS_DROP; pass < PASS_COUNT; pass++) {
        for (const cJSON *item = commands ? commands->child : NULL; item; item = item->next) {
            const cJSON *command = tree_as(item, "AlterTableCmd");
            if (pass_of(command) == pass) {
                alter(&table, command, is_type);
            }
        }
        if (pass == PASS_INDEX) {
            finish_indexes(&table);
        }
    }
    finish_checks(&table);
    finish_foreign(&table);
}

/* ---- CREATE INDEX ---- */

static void create_index(struct tree_walk *walk, const cJSON *statement) {
    const cJSON *range = tree_at(statement, "relation");
    struct tree_path table = tree_range(walk, range);
    struct tree_list parts = {0}, columns = {0};
    if (tree_is_temporary(walk, range)) {
        return;
    }
    parse_index_elements(walk, tree_at(statement, "indexParams"), &parts, &columns);
    parse_index_elements(walk, tree_at(statement, "indexIncludingParams"), &parts, &columns);
    tree_columns(walk, tree_at(statement, "whereClause"), &columns);
    const struct text fields[] = {table.schema, table.name, tree_name(tree_text(statement, "idxname")),
                                  number(walk, parts.count), TREE_END};
    tree_write(walk, EFFECT_INDEX, tree_flag(statement, "if_not_exists") ? EFFECT_GUARDED : 0U, fields, &parts,
               &columns);
}

bool parse_table(struct tree_walk *walk, const cJSON *node) {
    const cJSON *is;
    if ((is = tree_as(node, "CreateStmt"))) {
        create_table(walk, is, "r");
    } else if ((is = tree_as(node, "CreateForeignTableStmt"))) {
        create_table(walk, tree_at(is, "base"), "f");
    } else if ((is = tree_as(node, "AlterTableStmt"))) {
        alter_table(walk, is);
    } else if ((is = tree_as(node, "IndexStmt"))) {
        create_index(walk, is);
    } else {
        return false;
    }
    return true;
}
