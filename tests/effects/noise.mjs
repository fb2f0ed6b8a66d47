// Some thousand relations that no migration names, in a schema that migfs passes over while they are hidden, so that the same database is a small
// one or a large one (of more than 2,000 relations).

export async function makeNoise(client) {
    await client.query("set allow_system_table_mods = on; drop schema if exists pg_noise, noise cascade; create schema pg_noise");
    await client.query("do $$ begin for i in 1..700 loop execute format('create table pg_noise.n%s (id serial primary key, a int, b int)', i); end loop; end $$");
    // Names that files may have, of others' objects.
    for (const [i, name] of ["x", "own", "t_a_key", "t_a_key1", "users_id_seq", "t_pkey", "u_a_idx", "wc_user"].entries()) await client.query(`create index "${name}" on pg_noise.n${i + 1} (a)`);
    await client.query("alter table pg_noise.n1 add constraint t_a_check check (a > 0), add constraint users_a_fkey foreign key (b) references pg_noise.n2");
}

export const showNoise = (client) => client.query("set allow_system_table_mods = on; alter schema pg_noise rename to noise");
export const hideNoise = (client) => client.query("set allow_system_table_mods = on; alter schema noise rename to pg_noise");
