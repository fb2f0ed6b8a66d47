// Histories of a schema: each step changes some of what drizzle-kit can write for PostgreSQL.
import { pg, sql } from "./kit.mjs";

export function randomOf(seed) {
    let state = seed >>> 0;
    return (below) => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
    };
}

const citext = pg.customType({ dataType: () => "citext" });
const bytea = pg.customType({ dataType: () => "bytea" });

// Each type: how it is made, and the defaults that it may have.
const types = {
    text: { make: (n) => pg.text(n), defaults: ["x", "it's", sql`'a' || 'b'`, sql`upper('q')`, ""] },
    varchar: { make: (n) => pg.varchar(n, { length: 255 }), defaults: ["v", "a,b"] },
    varcharAny: { make: (n) => pg.varchar(n), defaults: ["(x)"] },
    char: { make: (n) => pg.char(n, { length: 3 }), defaults: ["abc"] },
    integer: { make: (n) => pg.integer(n), defaults: [0, 5, -7, sql`floor(random() * 10)`], isNumber: true },
    smallint: { make: (n) => pg.smallint(n), defaults: [1], isNumber: true },
    bigint: { make: (n) => pg.bigint(n, { mode: "number" }), defaults: [0, 9007199254740991], isNumber: true, isKey: true },
    serial: { make: (n) => pg.serial(n), defaults: [], isKey: true },
    bigserial: { make: (n) => pg.bigserial(n, { mode: "number" }), defaults: [] },
    boolean: { make: (n) => pg.boolean(n), defaults: [true, false] },
    numeric: { make: (n) => pg.numeric(n, { precision: 10, scale: 2 }), defaults: ["0.00", "1"] },
    numericAny: { make: (n) => pg.numeric(n), defaults: ["3"] },
    real: { make: (n) => pg.real(n), defaults: [1.5, 0] },
    double: { make: (n) => pg.doublePrecision(n), defaults: [0.25, -1] },
    json: { make: (n) => pg.json(n), defaults: [{ a: 1 }, []] },
    jsonb: { make: (n) => pg.jsonb(n), defaults: [{}, { k: ["v"] }, sql`'{}'`] },
    timestamp: { make: (n) => pg.timestamp(n), defaults: ["now", new Date(0)] },
    timestamptz: { make: (n) => pg.timestamp(n, { withTimezone: true }), defaults: ["now", sql`now() + interval '1 day'`] },
    timestamp3: { make: (n) => pg.timestamp(n, { precision: 3, withTimezone: true, mode: "string" }), defaults: ["now", sql`CURRENT_TIMESTAMP`] },
    date: { make: (n) => pg.date(n), defaults: ["now", "2024-01-01"] },
    time: { make: (n) => pg.time(n, { withTimezone: true }), defaults: [] },
    interval: { make: (n) => pg.interval(n, { fields: "day" }), defaults: ["1 day"] },
    uuid: { make: (n) => pg.uuid(n), defaults: ["random", sql`uuid_generate_v4()`], isKey: true },
    inet: { make: (n) => pg.inet(n), defaults: ["127.0.0.1"] },
    smallserial: { make: (n) => pg.smallserial(n), defaults: [] },
    cidr: { make: (n) => pg.cidr(n), defaults: ["10.0.0.0/8"] },
    macaddr8: { make: (n) => pg.macaddr8(n), defaults: ["08:00:2b:01:02:03:04:05"] },
    line: { make: (n) => pg.line(n, { mode: "abc" }), defaults: [] },
    halfvec: { make: (n) => pg.halfvec(n, { dimensions: 3 }), defaults: [] },
    sparsevec: { make: (n) => pg.sparsevec(n, { dimensions: 5 }), defaults: [] },
    bigintText: { make: (n) => pg.bigint(n, { mode: "bigint" }), defaults: [] },
    timestampText: { make: (n) => pg.timestamp(n, { mode: "string" }), defaults: ["2024-01-01 00:00:00"] },
    intervalPrecise: { make: (n) => pg.interval(n, { fields: "day to second", precision: 3 }), defaults: [] },
    timePrecise: { make: (n) => pg.time(n, { precision: 3 }), defaults: ["now"] },
    booleanArray: { make: (n) => pg.boolean(n).array(), defaults: [[true, false]] },
    uuidArray: { make: (n) => pg.uuid(n).array(), defaults: [] },
    macaddr: { make: (n) => pg.macaddr(n), defaults: [] },
    point: { make: (n) => pg.point(n), defaults: [] },
    vector: { make: (n) => pg.vector(n, { dimensions: 3 }), defaults: [] },
    geometry: { make: (n) => pg.geometry(n, { type: "point", srid: 4326 }), defaults: [] },
    bit: { make: (n) => pg.bit(n, { dimensions: 4 }), defaults: [] },
    citext: { make: (n) => citext(n), defaults: ["c"] },
    bytea: { make: (n) => bytea(n), defaults: [] },
    textArray: { make: (n) => pg.text(n).array(), defaults: [[], ["a", "b"], sql`'{}'::text[]`] },
    integerArray: { make: (n) => pg.integer(n).array(), defaults: [[1, 2]] },
    integerMatrix: { make: (n) => pg.integer(n).array(3).array(), defaults: [] },
};

export class History {
    constructor(seed) {
        this.random = randomOf(seed);
        this.count = 0;
        this.schemas = [];
        this.enums = [];
        this.tables = [];
        this.sequences = [];
        this.roles = [];
        this.views = [];
        this.linked = []; // policies of tables that are declared beside them
        this.renamed = [];
        for (let i = 0; i < 3; i++) this.addTable();
    }

    pick(list) {
        return list[this.random(list.length)];
    }

    chance(one) {
        return this.random(one) === 0;
    }

    name(prefix) {
        this.count++;
        const odd = this.random(12);
        if (odd === 0) return `${prefix}_${this.count}_${"long".repeat(15)}`;
        if (odd === 1) return `${prefix} ${this.count}`;
        if (odd === 2) return `${prefix}${this.count}Camel`;
        return `${prefix}_${this.count}`;
    }

    schema() {
        return this.schemas.length > 0 && this.chance(4) ? this.pick(this.schemas) : undefined;
    }

    // What changes, copied; what drizzle-orm made stays what it is.
    static copy(value) {
        if (Array.isArray(value)) return value.map(History.copy);
        if (value?.constructor !== Object) return value;
        return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, History.copy(member)]));
    }

    state() {
        const { schemas, enums, tables, sequences, roles, views, linked } = this;
        return History.copy({ schemas, enums, tables, sequences, roles, views, linked });
    }

    // ---- what a step may do ----

    column() {
        const isEnum = this.enums.length > 0 && this.chance(5);
        const type = isEnum ? `enum:${this.pick(this.enums).id}${this.chance(4) ? "[]" : ""}` : this.pick(Object.keys(types));
        const column = { name: this.name("c"), type, notNull: this.chance(2) };
        this.setDefault(column);
        if (this.chance(8) && ["text", "integer", "varchar"].includes(type)) column.unique = this.pick([true, "named", "not distinct"]);
        if (this.chance(10) && type === "integer" && column.default === undefined) {
            column.identity = { type: this.pick(["always", "byDefault"]), options: this.sequenceOptions() };
        } else if (this.chance(10) && type === "text" && !column.unique && column.default === undefined) {
            column.generated = this.pick(["upper('x')", "'a' || 'b'"]);
        }
        return column;
    }

    sequenceOptions() {
        return this.pick([undefined, undefined, { startWith: 100 }, { increment: 2, minValue: 2, maxValue: 2000, cache: 5, cycle: true }, { increment: -1 }]);
    }

    setDefault(column) {
        delete column.default;
        if (!this.chance(2) || column.identity || column.generated) return;
        if (column.type.startsWith("enum:")) {
            const values = this.enumOf(column.type).values;
            column.default = column.type.endsWith("[]") ? undefined : this.pick(values);
            if (column.default === undefined) delete column.default;
        } else if (types[column.type].defaults.length > 0) {
            column.default = this.pick(types[column.type].defaults);
        }
    }

    enumOf(type) {
        return this.enums.find(({ id }) => id === Number(type.slice(5).replace("[]", "")));
    }

    addTable() {
        const table = { id: ++this.count, name: this.name("t"), schema: this.schema(), columns: [], keys: [], uniques: [], checks: [], indexes: [], foreign: [], policies: [] };
        const key = { name: "id", type: this.pick(["serial", "uuid", "bigint", "text"]), notNull: true, primary: !this.chance(4) };
        if (key.type === "uuid") key.default = "random";
        if (key.type === "bigint" && this.chance(2)) key.identity = { type: "always", options: this.sequenceOptions() };
        table.columns.push(key);
        for (let i = 1 + this.random(6); i > 0; i--) table.columns.push(this.column());
        if (!key.primary && table.columns.length > 2) table.keys.push({ columns: ["id", table.columns[1].name], name: this.chance(2) ? this.name("pk") : undefined });
        for (const it of table.keys) table.columns.filter(({ name }) => it.columns.includes(name)).forEach((column) => (column.notNull = true));
        if (this.chance(8)) table.rls = true;
        this.tables.push(table);
        if (this.chance(2)) this.addIndex(table);
        if (this.chance(3)) this.addForeign(table);
        if (this.chance(4)) this.addUnique(table);
        if (this.chance(4)) this.addCheck(table);
        if (this.chance(6)) this.addPolicy(table);
    }

    plain(table) {
        return table.columns.filter(({ type }) => ["text", "integer", "varchar", "uuid", "bigint", "timestamp", "boolean", "serial"].includes(type));
    }

    addIndex(table = this.pick(this.tables)) {
        const columns = this.plain(table);
        const kinds = ["plain", "plain", "desc", "nulls", "expression", "where", "opclass", "gin", "with", "unique", "concurrently", "two", "hash", "brin", "gist", "uniqueWhere", "descExpression"];
        if (columns.length === 0) return;
        table.indexes.push({ name: this.name("i"), kind: this.pick(kinds), columns: [this.pick(columns).name, this.pick(columns).name] });
    }

    addForeign(table = this.pick(this.tables)) {
        const target = this.pick(this.tables);
        const from = this.pick(table.columns);
        const to = target.columns[0];
        if (from.foreign || table.foreign.some((it) => it.from === from.name && it.target === target.id)) return;
        table.foreign.push({ from: from.name, target: target.id, to: to.name, name: this.chance(3) ? this.name("fk") : undefined,
            onDelete: this.pick([undefined, "cascade", "set null", "restrict", "no action"]), onUpdate: this.pick([undefined, "cascade", "set default", "no action"]) });
    }

    // To a key of two columns.
    addPair(table = this.pick(this.tables)) {
        const target = this.pick(this.tables.filter(({ id }) => id !== table.id));
        if (table.columns.length < 2 || target.columns.length < 2) return;
        table.foreign.push({ from: table.columns[0].name, second: table.columns[1].name, target: target.id, to: target.columns[0].name, toSecond: target.columns[1].name, name: this.name("fk2"), onDelete: this.pick([undefined, "cascade"]) });
    }

    addUnique(table = this.pick(this.tables)) {
        const columns = this.plain(table);
        if (columns.length < 2) return;
        table.uniques.push({ name: this.name("u"), columns: [columns[0].name, columns[1].name], nulls: this.chance(3) });
    }

    addCheck(table = this.pick(this.tables)) {
        const column = this.plain(table)[0];
        if (column) table.checks.push({ name: this.name("ck"), column: column.name, kind: this.random(3) });
    }

    // Beside .enableRLS() the SQL does not tell the two apart.
    addPolicy(table = this.pick(this.tables)) {
        if (table.rls) return;
        table.policies.push({ name: this.name("p"), as: this.pick([undefined, "permissive", "restrictive"]), for: this.pick([undefined, "select", "insert", "update", "all"]),
            to: this.pick([undefined, "public", "current_user", ["b_role", "a_role"]]), using: this.chance(2), check: this.chance(2) });
    }

    drop(list, isFree = () => true) {
        const free = list.filter(isFree);
        if (free.length > 0) list.splice(list.indexOf(this.pick(free)), 1);
    }

    // Forgets everything that speaks of a column.
    forget(table, name) {
        const speaks = (it) => it.column === name || it.columns?.includes(name);
        for (const list of ["keys", "uniques", "checks", "indexes"]) table[list] = table[list].filter((it) => !speaks(it));
        table.foreign = table.foreign.filter((it) => it.from !== name && it.second !== name);
        for (const other of this.tables) other.foreign = other.foreign.filter((it) => it.target !== table.id || (it.to !== name && it.toSecond !== name));
        this.views = this.views.filter((view) => view.table !== table.id || !view.columns.includes(name));
    }

    step() {
        this.renamed = [];
        const changes = 1 + this.random(3);
        // A rename goes alone: beside others drizzle-kit writes statements that name what is gone.
        for (let i = 0; i < changes && this.renamed.length === 0; i++) this.change(i === 0);
    }

    change(isFirst) {
        const table = this.pick(this.tables);
        const column = this.pick(table.columns);
        const rename = (it, prefix) => {
            const before = it.name;
            it.name = this.name(prefix);
            this.renamed.push([before, it.name]);
            return before;
        };
        const isOwn = column.name !== "id" && !table.keys.some((it) => it.columns.includes(column.name));
        const changes = {
            addTable: () => this.addTable(),
            dropTable: () => {
                if (this.tables.length < 4) return;
                for (const { name } of table.columns) this.forget(table, name);
                this.linked = this.linked.filter((it) => it.table !== table.id);
                this.tables.splice(this.tables.indexOf(table), 1);
            },
            renameTable: () => isFirst && rename(table, "t"),
            // With row security drizzle-kit enables it before the table is there.
            moveTable: () => isFirst && this.schemas.length > 0 && !table.rls && table.policies.length === 0 && !this.linked.some((it) => it.table === table.id) && ((table.schema = this.pick([undefined, ...this.schemas])), this.renamed.push([table.name, table.name])),
            addColumn: () => table.columns.push(this.column()),
            addColumns: () => table.columns.push(this.column(), this.column()),
            dropColumn: () => isOwn && table.columns.length > 3 && (this.forget(table, column.name), table.columns.splice(table.columns.indexOf(column), 1)),
            renameColumn: () => {
                if (!isOwn || !isFirst) return;
                const before = rename(column, "c");
                for (const it of [...table.uniques, ...table.indexes]) it.columns = it.columns.map((name) => (name === before ? column.name : name));
                for (const it of table.checks) if (it.column === before) it.column = column.name;
                for (const it of table.foreign) {
                    if (it.from === before) it.from = column.name;
                    if (it.second === before) it.second = column.name;
                }
                for (const it of this.tables.flatMap(({ foreign }) => foreign)) if (it.target === table.id && it.toSecond === before) it.toSecond = column.name;
                for (const view of this.views) if (view.table === table.id) view.columns = view.columns.map((name) => (name === before ? column.name : name));
            },
            notNull: () => isOwn && (column.notNull = !column.notNull),
            setDefault: () => isOwn && this.setDefault(column),
            type: () => {
                const family = { text: ["varchar", "citext"], varchar: ["text", "varcharAny"], integer: ["bigint", "text"], smallint: ["integer"], timestamp: ["timestamptz"], timestamptz: ["timestamp"], numeric: ["numericAny"], json: ["jsonb"], citext: ["text"] }[column.type];
                if (!isOwn || column.identity || column.generated || column.unique) return;
                if (column.type === "text" && this.enums.length > 0 && this.chance(2)) {
                    column.type = `enum:${this.pick(this.enums).id}`;
                    this.setDefault(column);
                } else if (column.type.startsWith("enum:") && !column.type.endsWith("[]")) {
                    column.type = this.pick(["text", `enum:${this.pick(this.enums).id}`]);
                    this.setDefault(column);
                } else if (family) {
                    column.type = this.pick(family);
                    this.setDefault(column);
                }
            },
            identity: () => {
                if (!isOwn || column.type !== "integer" || column.unique) return;
                delete column.default;
                column.notNull = true;
                column.identity = column.identity && this.chance(2) ? undefined : { type: this.pick(["always", "byDefault"]), options: this.sequenceOptions() };
            },
            generated: () => isOwn && column.type === "text" && !column.unique && (delete column.default, (column.generated = this.pick([undefined, "lower('y')", "upper('x')"]))),
            addIndex: () => this.addIndex(table),
            dropIndex: () => this.drop(table.indexes),
            changeIndex: () => table.indexes.length > 0 && (this.pick(table.indexes).kind = this.pick(["plain", "desc", "where", "unique", "with"])),
            addForeign: () => this.addForeign(table),
            addPair: () => this.addPair(table),
            dropForeign: () => this.drop(table.foreign),
            addUnique: () => this.addUnique(table),
            dropUnique: () => this.drop(table.uniques),
            columnUnique: () => isOwn && column.type === "text" && !column.generated && (column.unique = this.pick([undefined, true, "named", "not distinct"])),
            addCheck: () => this.addCheck(table),
            dropCheck: () => this.drop(table.checks),
            addKey: () => {
                const columns = this.plain(table).filter(({ name }) => name !== "id");
                if (table.keys.length > 0) table.keys.pop();
                else if (!table.columns[0].primary && columns.length > 0) {
                    table.keys.push({ columns: ["id", columns[0].name], name: this.chance(2) ? this.name("pk") : undefined });
                    columns[0].notNull = true;
                }
            },
            singleKey: () => table.keys.length === 0 && !table.columns[0].identity && (table.columns[0].primary = !table.columns[0].primary),
            addPolicy: () => this.addPolicy(table),
            dropPolicy: () => this.drop(table.policies),
            changePolicy: () => table.policies.length > 0 && (this.pick(table.policies).using = true), // taken away it stays in the SQL
            renamePolicy: () => table.policies.length > 0 && isFirst && rename(this.pick(table.policies), "p"),
            addLinked: () => table.rls || this.linked.push({ name: this.name("l"), table: table.id, as: this.pick([undefined, "restrictive"]), for: this.pick([undefined, "select"]), using: this.chance(2) }),
            dropLinked: () => this.drop(this.linked),
            changeLinked: () => this.linked.length > 0 && (this.pick(this.linked).using = true),
            rls: () => table.policies.length === 0 && !this.linked.some((it) => it.table === table.id) && (table.rls = !table.rls),
            addEnum: () => this.enums.push({ id: ++this.count, name: this.name("e"), schema: this.schema(), values: ["it's", "one", "two"] }),
            addValue: () => this.enums.length > 0 && (({ values }) => values.splice(1 + this.random(values.length), 0, `v${++this.count}`))(this.pick(this.enums)),
            dropValue: () => {
                const it = this.enums.length > 0 && this.pick(this.enums);
                if (!it || !isFirst || it.values.length < 3) return; // beside new columns of it drizzle-kit changes them before it adds them
                this.renamed.push([it.name, it.name]);
                const [gone] = it.values.splice(this.random(it.values.length), 1);
                for (const { columns } of this.tables) for (const c of columns) if (c.type.startsWith(`enum:${it.id}`) && c.default === gone) delete c.default;
            },
            renameEnum: () => this.enums.length > 0 && isFirst && rename(this.pick(this.enums), "e"),
            moveEnum: () => {
                const it = this.enums.length > 0 && this.pick(this.enums);
                if (!it || !isFirst || this.schemas.length === 0) return;
                it.schema = this.pick([undefined, ...this.schemas]);
                this.renamed.push([it.name, it.name]);
            },
            dropEnum: () => this.drop(this.enums, ({ id }) => !this.tables.some(({ columns }) => columns.some(({ type }) => type.replace("[]", "") === `enum:${id}`))),
            addSchema: () => this.schemas.length < 3 && this.schemas.push(this.name("s")),
            renameSchema: () => {
                if (this.schemas.length === 0 || !isFirst) return;
                const before = this.pick(this.schemas);
                const after = this.name("s");
                this.schemas[this.schemas.indexOf(before)] = after;
                for (const it of [...this.tables, ...this.enums, ...this.sequences, ...this.views]) if (it.schema === before) it.schema = after;
                this.renamed.push([before, after]);
            },
            dropSchema: () => this.drop(this.schemas, (name) => ![...this.tables, ...this.enums, ...this.sequences, ...this.views].some(({ schema }) => schema === name)),
            addSequence: () => this.sequences.push({ name: this.name("q"), schema: this.schema(), options: this.sequenceOptions() }),
            changeSequence: () => this.sequences.length > 0 && (this.pick(this.sequences).options = this.sequenceOptions()),
            renameSequence: () => this.sequences.length > 0 && isFirst && rename(this.pick(this.sequences), "q"),
            moveSequence: () => {
                const it = this.sequences.length > 0 && this.pick(this.sequences);
                if (!it || !isFirst || this.schemas.length === 0) return;
                it.schema = this.pick([undefined, ...this.schemas]);
                this.renamed.push([it.name, it.name]);
            },
            dropSequence: () => this.drop(this.sequences),
            addRole: () => this.roles.push({ name: this.name("r"), options: this.pick([undefined, { createDb: true }, { createRole: true, inherit: false }]) }),
            changeRole: () => this.roles.length > 0 && (this.pick(this.roles).options = this.pick([{ createDb: true, createRole: true }, { inherit: false }])),
            renameRole: () => this.roles.length > 0 && isFirst && rename(this.pick(this.roles), "r"),
            dropRole: () => this.drop(this.roles),
            addView: () => this.views.push({ name: this.name("v"), schema: this.schema(), table: table.id, columns: [table.columns[0].name, column.name].filter((it, i, all) => all.indexOf(it) === i),
                kind: this.pick(["query", "query", "where", "with", "text", "materialized", "materializedWith"]) }),
            moveView: () => {
                const it = this.views.length > 0 && this.pick(this.views);
                if (!it || !isFirst || this.schemas.length === 0) return;
                it.schema = this.pick([undefined, ...this.schemas]);
                this.renamed.push([it.name, it.name]);
            },
            dropView: () => this.drop(this.views),
            renameView: () => this.views.length > 0 && isFirst && rename(this.pick(this.views), "v"),
        };
        const name = this.pick(Object.keys(changes));
        changes[name]();
        this.last = name;
    }

    // ---- as drizzle-orm's objects ----

    build() {
        const out = {};
        const schemas = new Map(this.schemas.map((name) => [name, (out[`schema ${name}`] = pg.pgSchema(name))]));
        const enums = new Map(this.enums.map((it) => [it.id, (out[`enum ${it.id}`] = (schemas.get(it.schema) ?? { enum: pg.pgEnum }).enum(it.name, it.values))]));
        const roles = this.roles.map((it) => (out[`role ${it.name}`] = pg.pgRole(it.name, it.options)));
        const tables = new Map();
        for (const table of this.tables) tables.set(table.id, (out[`table ${table.id}`] = this.buildTable(table, schemas, enums, tables)));
        for (const it of this.sequences) out[`sequence ${it.name}`] = (schemas.get(it.schema) ?? { sequence: pg.pgSequence }).sequence(it.name, it.options);
        for (const it of this.views) out[`view ${it.name}`] = this.buildView(it, schemas, tables);
        for (const it of this.linked) out[`policy ${it.name}`] = pg.pgPolicy(it.name, { as: it.as, for: it.for, using: it.using ? sql`true` : undefined }).link(tables.get(it.table));
        void roles;
        // Always there, for what the SQL alone does not tell: how the folder's snapshots have it.
        out.settings = pg.pgTable("settings", { id: pg.integer("id"), name: pg.text("name") }, (t) => [pg.index("settings_name").on(t.name).concurrently(), pg.pgPolicy("settings_all")]);
        return out;
    }

    buildColumn(table, column, enums) {
        let made;
        if (column.type.startsWith("enum:")) {
            made = enums.get(this.enumOf(column.type).id)(column.name);
            if (column.type.endsWith("[]")) made = made.array();
        } else {
            made = types[column.type].make(column.name);
        }
        if (column.default === "now") made = made.defaultNow();
        else if (column.default === "random") made = made.defaultRandom();
        else if (column.default !== undefined) made = made.default(column.default);
        if (column.primary) made = made.primaryKey();
        if (column.identity) made = column.identity.type === "always" ? made.generatedAlwaysAsIdentity(column.identity.options) : made.generatedByDefaultAsIdentity(column.identity.options);
        if (column.generated) made = made.generatedAlwaysAs(sql.raw(column.generated));
        if (column.notNull) made = made.notNull();
        if (column.unique === true) made = made.unique();
        else if (column.unique) made = made.unique(`${column.name}_own`, column.unique === "not distinct" ? { nulls: "not distinct" } : undefined);
        return made;
    }

    buildTable(table, schemas, enums, tables) {
        const columns = Object.fromEntries(table.columns.map((column) => [column.name, this.buildColumn(table, column, enums)]));
        const of = (t, names) => names.map((name) => t[name]);
        const extra = (t) => [
            ...table.keys.map((it) => pg.primaryKey({ name: it.name, columns: of(t, it.columns) })),
            ...table.uniques.map((it) => ((u) => (it.nulls ? u.nullsNotDistinct() : u))(pg.unique(it.name).on(...of(t, it.columns)))),
            ...table.checks.map((it) => pg.check(it.name, [sql`${t[it.column]} is not null`, sql`length(${t[it.column]}::text) > 0`, sql`${t[it.column]} IN ('a', 'b)')`][it.kind])),
            ...table.foreign.map((it) => ((fk) => {
                if (it.onDelete) fk = fk.onDelete(it.onDelete);
                if (it.onUpdate) fk = fk.onUpdate(it.onUpdate);
                return fk;
            })(pg.foreignKey({ name: it.name, columns: of(t, [it.from, it.second].filter(Boolean)),
                foreignColumns: of(it.target === table.id ? t : (tables.get(it.target) ?? this.later(it.target, schemas, enums)), [it.to, it.toSecond].filter(Boolean)) }))),
            ...table.indexes.map((it) => this.buildIndex(it, t)),
            ...table.policies.map((it) => pg.pgPolicy(it.name, { as: it.as, for: it.for, to: it.to, using: it.using ? sql`true` : undefined, withCheck: it.check ? sql`(${t.id} is not null)` : undefined })),
        ];
        const make = schemas.get(table.schema) ? schemas.get(table.schema).table : pg.pgTable;
        const made = make(table.name, columns, extra);
        return table.rls ? made.enableRLS() : made;
    }

    // A table that a foreign key speaks of before it is there: only its names count.
    later(id, schemas, enums) {
        const table = this.tables.find((it) => it.id === id);
        const columns = Object.fromEntries(table.columns.map((column) => [column.name, this.buildColumn(table, column, enums)]));
        return (schemas.get(table.schema) ? schemas.get(table.schema).table : pg.pgTable)(table.name, columns);
    }

    buildIndex(it, t) {
        const [first, second] = it.columns.map((name) => t[name]);
        const index = it.kind === "unique" ? pg.uniqueIndex(it.name) : pg.index(it.name);
        switch (it.kind) {
            case "desc": return index.on(first.desc());
            case "nulls": return index.on(first.asc().nullsFirst(), sql`lower(${second}::text)`);
            case "expression": return index.on(sql`lower(${first}::text)`, sql`(${second} IS NULL)`);
            case "where": return index.on(first).where(sql`${second} IS NOT NULL`);
            case "opclass": return index.using("btree", first.op("text_pattern_ops"));
            case "hash": return index.using("hash", first);
            case "brin": return index.using("brin", first).with({ pages_per_range: "32", autosummarize: "true" });
            case "gist": return index.using("gist", sql`to_tsvector('english', ${first}::text)`);
            case "uniqueWhere": return pg.uniqueIndex(it.name).on(first, second === first ? sql`lower(${first}::text)` : second).where(sql`${first} IS NOT NULL AND ${second} IS NOT NULL`);
            case "descExpression": return index.on(sql`lower(${first}::text) desc`, sql`coalesce(${second}::text, '') nulls first`);
            case "gin": return index.using("gin", sql`to_tsvector('english', ${first}::text)`);
            case "with": return index.on(first).with({ fillfactor: "70" });
            case "concurrently": return index.on(first).concurrently();
            case "two": return it.columns[0] === it.columns[1] ? index.on(first) : index.on(first, second.desc().nullsLast());
            default: return index.on(first);
        }
    }

    buildView(it, schemas, tables) {
        const table = tables.get(it.table);
        const isMaterialized = it.kind.startsWith("materialized");
        const make = schemas.get(it.schema) ? (name) => schemas.get(it.schema)[isMaterialized ? "materializedView" : "view"](name) : isMaterialized ? pg.pgMaterializedView : pg.pgView;
        const columns = Object.fromEntries(it.columns.map((name) => [name, table[name]]));
        if (it.kind === "text") return (schemas.get(it.schema) ? schemas.get(it.schema).view : pg.pgView)(it.name, {}).as(sql`select 1 as x`);
        let view = make(it.name);
        if (it.kind === "with") view = view.with({ securityBarrier: true, checkOption: "cascaded" });
        if (it.kind === "materializedWith") view = view.using("heap").with({ fillfactor: 90, autovacuumEnabled: false }).withNoData();
        return view.as((qb) => {
            const query = qb.select(columns).from(table);
            return it.kind === "where" ? query.where(sql`${table.id} is not null`) : query;
        });
    }
}
