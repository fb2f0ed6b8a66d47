// What the catalogs hold, in the words of the fold's facts, by a query of the tests' own.

const kinds = [, "schema", "relation", "column", "constraint", "type", "value", "policy", "trigger", "extension", "function", "notnull", "default", "rls", "basetype"];

export const key = (kind, schema, table, name) => [kind, schema, table, name].join("\0");

const query = `
with ns as (select oid, nspname from pg_namespace where nspname !~ '^(pg_|information_schema)')
select 'schema' as kind, '' as schema, '' as "table", nspname as name, '' as value from ns
union all select 'relation', nspname, '', relname, case relkind when 'I' then 'i' else relkind end::text from pg_class join ns on ns.oid = relnamespace where relkind <> 'c'
union all select 'column', nspname, relname, attname, '' from pg_attribute join pg_class c on c.oid = attrelid join ns on ns.oid = relnamespace where attnum > 0 and not attisdropped and relkind in ('r', 'p', 'f')
union all select 'notnull', nspname, relname, attname, attnotnull::text from pg_attribute join pg_class c on c.oid = attrelid join ns on ns.oid = relnamespace where attnum > 0 and not attisdropped and relkind in ('r', 'p')
union all select 'default', nspname, relname, attname, atthasdef::text from pg_attribute join pg_class c on c.oid = attrelid join ns on ns.oid = relnamespace where attnum > 0 and not attisdropped and relkind in ('r', 'p')
union all select 'basetype', nspname, relname, attname, coalesce(e.typname || '[]', t.typname) from pg_attribute join pg_class c on c.oid = attrelid join ns on ns.oid = relnamespace join pg_type t on t.oid = atttypid left join pg_type e on e.typarray = t.oid where attnum > 0 and not attisdropped and relkind in ('r', 'p')
union all select 'constraint', nspname, relname, conname, contype::text from pg_constraint join pg_class c on c.oid = conrelid join ns on ns.oid = relnamespace
union all select 'type', nspname, '', typname, typtype::text from pg_type t join ns on ns.oid = typnamespace where typtype in ('e', 'd', 'r') or typtype = 'c' and (select relkind from pg_class where oid = typrelid) = 'c'
union all select 'value', nspname, typname, enumlabel, '' from pg_enum join pg_type t on t.oid = enumtypid join ns on ns.oid = typnamespace
union all select 'policy', nspname, relname, polname, '' from pg_policy join pg_class c on c.oid = polrelid join ns on ns.oid = relnamespace
union all select 'trigger', nspname, relname, tgname, '' from pg_trigger join pg_class c on c.oid = tgrelid join ns on ns.oid = relnamespace where not tgisinternal
union all select 'function', nspname, '', proname, '' from pg_proc join ns on ns.oid = pronamespace
union all select 'extension', '', '', extname, '' from pg_extension
union all select 'rls', nspname, relname, '', relrowsecurity::text from pg_class join ns on ns.oid = relnamespace where relkind in ('r', 'p')
union all select 'keycolumns', nspname, relname, conname, (select string_agg(attname, chr(1) order by n) from unnest(conkey) with ordinality as k(num, n) join pg_attribute on attrelid = conrelid and attnum = num) from pg_constraint join pg_class c on c.oid = conrelid join ns on ns.oid = relnamespace where contype in ('p', 'u')`;

export async function readCatalogs(client) {
    const { rows } = await client.query(query);
    const there = new Map(), columnsOf = new Map();
    for (const row of rows) {
        if (row.kind === "keycolumns") columnsOf.set([row.schema, row.table, row.name].join("\0"), (row.value ?? "").split("\x01"));
        else there.set(key(row.kind, row.schema, row.table, row.name), row.value);
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
