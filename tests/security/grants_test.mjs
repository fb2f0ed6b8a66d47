// Least privileges: the role of docs/security.md reads the ledger and nothing else; and whatever stands where the ledger should be, reading it
// writes nothing, through a PgBouncer in transaction mode, too.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Database, fixtures, host, makeDatabase, makeFolder, mount, run, writeJournal } from '../runner/lib.mjs';

const incident = path.join(fixtures, 'incident');
let pooler;
let bouncer;

before(async () => {
  pooler = makeFolder('pooler');
  fs.writeFileSync(`${pooler}/pgbouncer.ini`, `[databases]\n* = host=${host} user=postgres\n[pgbouncer]\nunix_socket_dir = ${pooler}\nlisten_port = 6432\nlisten_addr =
auth_type = any\npool_mode = transaction\ndefault_pool_size = 1\nserver_reset_query =\n`);
  const user = process.getuid() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : [];
  if (user.length > 0) run('chown', ['-R', 'postgres', pooler]);
  const [command, ...args] = [...user, 'pgbouncer', `${pooler}/pgbouncer.ini`];
  bouncer = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise((resolve, reject) => {
    let said = '';
    bouncer.stderr.on('data', (text) => { if ((said += text).includes('process up')) resolve(); });
    bouncer.on('exit', () => reject(new Error(said)));
  });
});
after(() => bouncer.kill());

const grants = () => /```sql\n(-- the role of migfs\n[^]*?)```/.exec(fs.readFileSync('docs/security.md', 'utf8'))[1];

test('the role with just the grants of docs/security.md reads the ledger, and nothing else', async (t) => {
  const database = makeDatabase();
  database.query('create schema drizzle; create table public.users (secret text); revoke connect on database ' + database.name + ' from public');
  database.query('create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)');
  database.query("insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', 5)");
  database.query(grants().replaceAll('shop', database.name));
  const as = `postgresql:///${database.name}?host=${host}&user=migfs`;
  const view = await mount(t, incident, [`--database=${as}`]);
  assert.equal(view.problems('database-unreadable').length, 0, view.read('problems'));
  assert.match(view.read('databases/default/ledger'), /\bx\b/);
  for (const sql of ['select * from public.users', "insert into drizzle.__drizzle_migrations values (9, 'y', 6)", 'delete from drizzle.__drizzle_migrations', 'create table drizzle.x ()',
    "select nextval('drizzle.__drizzle_migrations_id_seq')", 'truncate drizzle.__drizzle_migrations']) {
    assert.notEqual(run('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', as, '-c', sql]).code, 0, sql);
  }
  // Each of them is needed.
  for (const [revoke, grant] of [['revoke select on drizzle.__drizzle_migrations from migfs', 'grant select on drizzle.__drizzle_migrations to migfs'],
    ['revoke usage on schema drizzle from migfs', 'grant usage on schema drizzle to migfs']]) {
    database.query(revoke);
    view.sync();
    assert.equal(view.problems('database-unreadable').length, 1, revoke);
    database.query(grant);
    view.sync();
    assert.equal(view.problems('database-unreadable').length, 0, grant);
  }
});

test("another tool's ledger is read where that is granted, and is never in the way", async (t) => {
  const database = makeDatabase();
  database.query('create schema tool; create table tool.schema_migrations (version bigint, name text); create table tool.more (name text)');
  database.query("insert into tool.schema_migrations select n, '' from generate_series(1, 3) n; insert into tool.schema_migrations values (0, '0000_first')");
  const folder = makeFolder('tool');
  fs.mkdirSync(`${folder}/meta`);
  fs.writeFileSync(`${folder}/0000_first.sql`, 'select 1;');
  writeJournal(folder, { version: '7', dialect: 'postgresql', entries: [] });
  database.query(`do $$ begin create role reader login; exception when duplicate_object then null; end $$; grant usage on schema tool to reader`);
  const view = await mount(t, folder, ['--timeout=2', `--database=postgresql:///${database.name}?host=${host}&user=reader`]);
  const is = (named, why) => {
    view.sync();
    assert.equal(view.problems('database-unreadable').length, 0, `${why}: ${view.read('problems')}`);
    assert.equal(view.problems('ledger-elsewhere').length, named ? 1 : 0, `${why}: ${view.read('problems')}`);
    assert.equal(view.problems('unjournaled').length, named ? 0 : 1, why);
  };
  is(false, 'without a grant');
  database.query('grant select on tool.schema_migrations to reader');
  is(true, 'with it');
  database.query('revoke select on tool.schema_migrations from reader; grant select (name) on tool.schema_migrations to reader');
  is(true, 'of the column alone');
  database.query('alter table tool.schema_migrations enable row level security');
  is(false, 'where a policy hides rows');
  database.query('alter table tool.schema_migrations disable row level security');
  is(true, 'where it does not');
  const locker = spawn('psql', ['-XqAt', '-d', database.keywords, '-c', "begin; lock table tool.schema_migrations; select 'locked'", '-f', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((resolve) => { locker.stdout.once('data', resolve); });
  is(false, 'while it is locked');
  locker.stdin.end();
  await new Promise((resolve) => { locker.on('exit', resolve); });
  is(true, 'when it is free again');
  database.query('drop table tool.schema_migrations');
  is(false, 'when it is gone');
});

// What acts when it is read: a view or a policy over functions that write.
const traps = {
  'a view over a function that writes': `create view drizzle.__drizzle_migrations as select 1 as id, drizzle.trap() as hash, 5::bigint as created_at`,
  'a view over a function that first asks to write': `create or replace function drizzle.trap() returns text language plpgsql volatile as $$
    begin perform set_config('transaction_read_only', 'off', false); insert into drizzle.trapped values (1); return 'x'; end $$;
    create view drizzle.__drizzle_migrations as select 1 as id, drizzle.trap() as hash, 5::bigint as created_at`,
  'a view over a function that draws a number': `create sequence drizzle.numbers; create view drizzle.__drizzle_migrations as
    select 1 as id, 'x' as hash, nextval('drizzle.numbers') as created_at`,
  'a policy over a function that writes': `create table drizzle.__drizzle_migrations (id int, hash text, created_at bigint); insert into drizzle.__drizzle_migrations values (1, 'x', 5);
    alter table drizzle.__drizzle_migrations enable row level security, force row level security;
    create policy p on drizzle.__drizzle_migrations using (drizzle.trap() is not null); grant usage on schema drizzle to trapped_reader;
    grant select on drizzle.__drizzle_migrations to trapped_reader`,
};

test('a ledger that writes when it is read is an error, and nothing is written, through a pooler, too', async (t) => {
  new Database('postgres').query('create role trapped_reader login');
  let reads = 0;
  for (const [name, sql] of Object.entries(traps)) {
    const user = name.includes('policy') ? 'trapped_reader' : 'postgres';
    for (const way of [host, pooler]) {
      if (way === pooler && user !== 'postgres') continue; // which connects as postgres
      const database = makeDatabase();
      database.query(`create schema drizzle; create table drizzle.trapped (x int); create function drizzle.trap() returns text language plpgsql volatile as
        $$ begin insert into drizzle.trapped values (1); return 'x'; end $$; ${sql}`);
      const port = way === pooler ? '&port=6432' : '';
      const view = await mount(t, incident, [`--database=postgresql:///${database.name}?host=${way}&user=${user}${port}`]);
      view.sync();
      assert.equal(view.problems('database-unreadable').length, 1, `${name}: ${view.read('problems')}`);
      assert.match(view.problems('database-unreadable')[0], /read-only transaction|read-write mode|row-level security/, name);
      assert.deepEqual(database.query('select count(*) from drizzle.trapped'), [['0']], name);
      if (name.includes('number')) assert.deepEqual(database.query('select is_called from drizzle.numbers'), [['f']]);
      view.assertRefused();
      reads++;
    }
  }
  console.log(`# ${reads} traps tried`);
});

test('behind a pooler the session is left as it was: nothing is set, open or locked', async (t) => {
  const database = makeDatabase();
  database.query('create schema drizzle; create table drizzle.__drizzle_migrations (id serial, hash text, created_at bigint)');
  const view = await mount(t, incident, [`--database=postgresql:///${database.name}?host=${pooler}&port=6432&user=postgres`]);
  view.sync();
  assert.equal(view.problems('database-unreadable').length, 0, view.read('problems'));
  // The one server connection of this database, which the view uses too.
  const through = new Database(database.name);
  through.server = { host: pooler, port: 6432 };
  const settings = through.query("select current_setting('transaction_read_only'), current_setting('statement_timeout'), current_setting('lock_timeout'), current_setting('row_security'), current_setting('search_path')");
  assert.deepEqual(settings, [['off', '0', '0', 'on', '"$user", public']]);
  assert.deepEqual(database.query(`select count(*) from pg_stat_activity where datname = '${database.name}' and pid <> pg_backend_pid() and state <> 'idle'`), [['0']]);
  assert.deepEqual(database.query("select count(*) from pg_locks where relation = 'drizzle.__drizzle_migrations'::regclass"), [['0']]);
});
