// What the catalogs hold, in the words of the fold's facts, by a query of the tests' own.

const kinds = [, "schema", "relation", "column", "constraint", "type", "value", "policy", "trigger", "extension", "function", "notnull", "default", "rls", "basetype"];

export const key = (kind, schema, table, name) => [kind, schema, table, name].join("\0");

// The database's own objects, by the indexes: what PostgreSQL made with a new cluster has numbers below these. A column's facts are read at once.
const query = `
with ns as (select oid, nspname from pg_namespace where nspname !~ '^(pg_|information_schema)'),
    cl as materialized (select c.oid, nspname, relname, relkind, relrowsecurity from pg_class c join ns on ns.oid = relnamespace where c.oid >= 16384),
    ty as materialized (select t.oid, nspname, typname, typtype, typrelid from pg_type t join ns on ns.oid = typnamespace where t.oid >= 16384)
select 'schema' as kind, '' as schema, '' as "table", nspname as name, '' as value, null as notnull, null as hasdefault, null as base from ns
union all select 'relation', nspname, '', relname, case relkind when 'I' then 'i' else relkind end::text, null, null, null from cl where relkind <> 'c'
union all select 'column', nspname, relname, attname, '', case when relkind <> 'f' then attnotnull::text end, case when relkind <> 'f' then atthasdef::text end,
    case when relkind <> 'f' then coalesce((select e.typname || '[]' from pg_type e where e.oid = t.typelem and e.typarray = t.oid), t.typname) end
    from pg_attribute join cl on attrelid = cl.oid join pg_type t on t.oid = atttypid where attrelid >= 16384 and attnum > 0 and not attisdropped and relkind in ('r', 'p', 'f')
union all select 'constraint', nspname, relname, conname, contype::text, null, null, null from pg_constraint join cl on cl.oid = conrelid where conrelid >= 16384
union all select 'type', nspname, '', typname, typtype::text, null, null, null from ty where typtype in ('e', 'd', 'r') or typtype = 'c' and (select relkind from pg_class where oid = typrelid) = 'c'
union all select 'value', nspname, typname, enumlabel, '', null, null, null from pg_enum join ty on ty.oid = enumtypid
union all select 'policy', nspname, relname, polname, '', null, null, null from pg_policy join cl on cl.oid = polrelid
union all select 'trigger', nspname, relname, tgname, '', null, null, null from pg_trigger join cl on cl.oid = tgrelid where not tgisinternal
union all select 'function', nspname, '', proname, '', null, null, null from pg_proc p join ns on ns.oid = pronamespace where p.oid >= 16384
union all select 'extension', '', '', extname, '', null, null, null from pg_extension
union all select 'rls', nspname, relname, '', relrowsecurity::text, null, null, null from cl where relkind in ('r', 'p')
union all select 'keycolumns', nspname, relname, conname, (select string_agg(attname, chr(1) order by n) from unnest(conkey) with ordinality as k(num, n) join pg_attribute on attrelid = conrelid and attnum = num), null, null, null from pg_constraint join cl on cl.oid = conrelid where conrelid >= 16384 and contype in ('p', 'u')`;

export async function readCatalogs(client) {
    const { rows } = await client.query({ name: "catalogs", text: query, rowMode: "array" }); // planned once
    const there = new Map(), columnsOf = new Map();
    for (const [kind, schema, table, name, value, notnull, hasDefault, base] of rows) {
        if (kind === "keycolumns") columnsOf.set([schema, table, name].join("\0"), (value ?? "").split("\x01"));
        else there.set(key(kind, schema, table, name), value);
        if (notnull === null) continue;
        there.set(key("notnull", schema, table, name), notnull);
        there.set(key("default", schema, table, name), hasDefault);
        there.set(key("basetype", schema, table, name), base);
    }
    return { there, columnsOf };
}

export function parseFact(line) {
    const [kind, type, there, maybe, schema, table, name, toSchema, toTable, array, writer] = line.split("\x01");
    return { kind: kinds[Number(kind)], type, there: there === "t", maybe: maybe === "t", schema, table, name, toSchema, toTable, array: array === "t", writer: Number(writer) };
}

// Why a fact is not so, or null.
export function isWrong(fact, { there }) {
    if (fact.maybe) return null;
    const found = there.get(key(fact.kind, fact.schema, fact.table, fact.name));
    if (["notnull", "default", "rls"].includes(fact.kind)) return found === String(fact.there) ? null : `is ${found}`;
    if (fact.kind === "basetype") return found === fact.toTable + (fact.array ? "[]" : "") ? null : `is ${found}`;
    if (!fact.there) return found === undefined ? null : "is there";
    if (found === undefined) return "is not there";
    const hasType = fact.kind === "relation" || fact.kind === "constraint" || fact.kind === "type";
    return !hasType || found === fact.type ? null : `is of type ${found}`;
}
