// TLS to PostgreSQL, over TCP with a certificate of the test's own: what is asked for is what is done, and a wrong certificate is told.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fixtures, makeFolder, mount, run } from '../runner/lib.mjs';

const incident = path.join(fixtures, 'incident');
const folder = makeFolder('tls');
const right = `${folder}/right.crt`, other = `${folder}/other.crt`;
let port;

const library = (command) => run('bash', ['-c', `. tests/lib/postgres.sh; ${command}`]);
const administrate = (sql) => {
  const { code, out, err } = run('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-h', `${folder}/pg`, '-p', port, '-U', 'postgres', '-c', sql]);
  assert.equal(code, 0, err);
  return out.trim();
};

function makeCertificate(name, ...more) {
  const { code, err } = run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', `${folder}/${name}.key`, '-out', `${folder}/${name}.crt`, ...more]);
  assert.equal(code, 0, err);
}

// A cluster that can be reached over TCP, by TLS alone.
before(() => {
  makeCertificate('right', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost');
  makeCertificate('other', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost');
  if (process.getuid() === 0) run('chown', ['postgres', `${folder}/right.key`]);
  fs.copyFileSync(right, `${folder}/shown.crt`);
  let said = '';
  for (let attempt = 0; attempt < 20; attempt++) {
    port = String(20_000 + Math.floor(Math.random() * 12_000)); // one that nobody else has
    const { code, err } = library(`postgres_start ${folder}/pg -c listen_addresses=127.0.0.1 -c port=${port} -c ssl_cert_file=${folder}/shown.crt -c ssl_key_file=${folder}/right.key`);
    if (code === 0) {
      fs.writeFileSync(`${folder}/pg/data/pg_hba.conf`, 'hostssl all all 127.0.0.1/32 trust\nlocal all all trust\n');
      administrate('create schema drizzle');
      // It tells how it is read.
      administrate("create view drizzle.__drizzle_migrations as select 1 as id, case when ssl then 'told by TLS' else 'told in clear' end as hash, 5::bigint as created_at from pg_stat_ssl where pid = pg_backend_pid()");
      reload('ssl', 'on');
      return;
    }
    said = err;
  }
  throw new Error(said);
});
after(() => library(`postgres_stop ${folder}/pg`));

// Returns when the server has read its files anew.
function reload(setting, value) {
  const loaded = administrate('select pg_conf_load_time()');
  administrate(`alter system set ${setting} = ${value}`);
  administrate('select pg_reload_conf()');
  while (administrate('select pg_conf_load_time()') === loaded) run('true', []);
}

const uri = (parameters, name = 'localhost') => `--database=postgresql://postgres@${name}:${port}/postgres?${parameters}`;

for (const [name, option] of Object.entries({
  'sslmode=require': () => uri('sslmode=require'),
  'ssl=true': () => uri('ssl=true'),
  'verify-ca, and the authority': () => uri(`sslmode=verify-ca&sslrootcert=${right}`, '127.0.0.1'),
  'verify-full, and the authority': () => uri(`sslmode=verify-full&sslrootcert=${right}`),
  'keywords': () => `--database=host=localhost port=${port} user=postgres dbname=postgres sslmode=verify-full sslrootcert=${right}`,
})) {
  test(`with ${name} the ledger is read over TLS`, async (t) => {
    const trusts = name === 'ssl=true' ? { PGSSLROOTCERT: right } : {};
    const view = await mount(t, incident, [option()], trusts);
    assert.deepEqual(view.problems('database-unreadable'), []);
    assert.match(view.read('databases/default/ledger'), /told by TLS/);
  });
}

for (const [name, option, sentence] of [
  ['a certificate of an authority that is not trusted', () => uri(`sslmode=verify-full&sslrootcert=${other}`), /"postgres" at localhost:\d+ shows a certificate that no trusted authority has signed or that has expired \(SSL error: certificate verify failed\); name the file of its authority by sslrootcert, or have it renewed/],
  ['a certificate that the system does not trust', () => uri('sslmode=verify-full'), /no trusted authority has signed/],
  ['a certificate for another name', () => uri(`sslmode=verify-full&sslrootcert=${right}`, '127.0.0.1'), /certificate for "localhost" .*does not match host name "127\.0\.0\.1"/],
  ['no file of authorities', () => uri(`sslmode=verify-full&sslrootcert=${folder}/none.crt`), /root certificate file ".*\/none\.crt" does not exist/],
  ['no encryption, which the server wants', () => uri('sslmode=disable'), /refuses the login of user "postgres" \(no pg_hba\.conf entry .*no encryption\)/],
]) {
  test(`${name} is told in one sentence, and the journal is refused`, async (t) => {
    const view = await mount(t, incident, [option()]);
    const told = view.problems('database-unreadable');
    assert.equal(told.length, 1, view.read('problems'));
    assert.match(told[0], sentence);
    assert.match(view.said, sentence);
    view.assertRefused();
    view.assertReadable();
  });
}

test('an expired certificate is told, and its renewal is seen', async (t) => {
  // Of the same key and its own authority, so that nothing else is wrong with it.
  const { code, err } = run('bash', ['-c', `cd ${folder} && openssl req -new -key right.key -subj /CN=localhost -addext subjectAltName=DNS:localhost |
    openssl x509 -req -signkey right.key -days -1 -copy_extensions copy -out shown.crt && cat right.crt shown.crt >both.crt`]);
  assert.equal(code, 0, err);
  reload('ssl', 'on');
  const view = await mount(t, incident, [uri(`sslmode=verify-full&sslrootcert=${folder}/both.crt`)]);
  assert.match(view.problems('database-unreadable')[0] ?? '', /"postgres" at localhost:\d+ shows a certificate that no trusted authority has signed or that has expired/);
  view.assertRefused();
  fs.copyFileSync(right, `${folder}/shown.crt`);
  reload('ssl', 'on');
  view.sync();
  assert.deepEqual(view.problems('database-unreadable'), []);
  view.assertReadable();
});

test('a server that speaks no TLS is not read in clear where TLS is asked for, and is read once it does', async (t) => {
  reload('ssl', 'off');
  const view = await mount(t, incident, [uri('sslmode=require')]);
  assert.match(view.problems('database-unreadable')[0] ?? '', /server does not support SSL, but SSL was required/);
  view.assertRefused();
  reload('ssl', 'on');
  view.sync();
  assert.deepEqual(view.problems('database-unreadable'), []);
  assert.match(view.read('databases/default/ledger'), /told by TLS/);
});
