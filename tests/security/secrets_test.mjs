// Passwords in every form a connection string takes, right and wrong, against a server that asks for them: they are to be seen nowhere.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Database, filesBelow, fixtures, host, makeFolder, migfs, mount, run } from '../runner/lib.mjs';

const incident = path.join(fixtures, 'incident');
const PASSWORD = 'Tr0ub4dor&3-s3cret';
const WRONG = 'wr0ng-Passw0rd-s3cret';
let tried = 0;

before(() => {
  new Database('postgres').query(`create role keeper login password '${PASSWORD}'`);
  new Database('postgres').query('create database vault owner keeper');
  // scram for this role alone; everybody else goes on as before.
  fs.writeFileSync(`${host}/data/pg_hba.conf`, 'local all keeper scram-sha-256\nlocal all all trust\n');
  new Database('postgres').query('select pg_reload_conf()');
});
after(() => console.log(`# ${tried} connection strings tried`));

// The password, and each way of writing it that stands for it; and every part of it that is long enough to be told.
function spellings(password) {
  const hex = [...Buffer.from(password)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  return [password, encodeURIComponent(password), hex, hex.toUpperCase(), Buffer.from(password).toString('base64'), ...password.split(/[^A-Za-z0-9]/)]
    .filter((spelling) => spelling.length > 3);
}

function assertSecret(text, passwords, where) {
  for (const spelling of passwords.flatMap(spellings)) {
    assert.ok(!text.includes(spelling), `${where} holds ${spelling}: ${text.slice(Math.max(0, text.indexOf(spelling) - 200), text.indexOf(spelling) + 200)}`);
  }
}

// Processes and their threads that have to do with a mount point, their command lines and what they were started with.
function assertNotInProcesses(point, passwords) {
  let found = 0;
  for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    let words;
    try {
      words = fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      if (!words.includes(point)) continue;
      assertSecret(words, passwords, `/proc/${pid}/cmdline`);
      assertSecret(fs.readFileSync(`/proc/${pid}/environ`, 'latin1'), passwords, `/proc/${pid}/environ`);
      for (const task of fs.readdirSync(`/proc/${pid}/task`)) {
        assertSecret(fs.readFileSync(`/proc/${pid}/task/${task}/cmdline`, 'latin1') + fs.readFileSync(`/proc/${pid}/task/${task}/comm`, 'latin1'), passwords, 'a thread');
      }
      found++;
    } catch (error) {
      if (error.code !== 'ENOENT' && error.code !== 'ESRCH') throw error;
    }
  }
  assert.ok(found > 0, `no process has to do with ${point}`);
  assertSecret(run('ps', ['axww', '-o', 'args']).out.split('\n').filter((line) => line.includes(point)).join('\n'), passwords, 'ps');
}

function assertNotInView(view, passwords) {
  for (const file of filesBelow(view.point)) {
    let text;
    try {
      text = fs.readFileSync(view.path(file), 'latin1');
    } catch (error) {
      assert.equal(error.code, 'EIO', file);
      continue;
    }
    assertSecret(text, passwords, file);
  }
}

const encoded = encodeURIComponent;
const forms = (password) => ({
  'a URI': [`--database=postgres://keeper:${encoded(password)}@/vault?host=${host}`],
  'a URI, as two words': ['--database', `postgres://keeper:${encoded(password)}@/vault?host=${host}`],
  'a URI, all of it percent-encoded': [`--database=postgresql://keeper:${[...Buffer.from(password)].map((byte) => `%${byte.toString(16)}`).join('')}@/vault?host=${host}`],
  'a URI with the password as a parameter': [`--database=postgresql:///vault?host=${host}&user=keeper&password=${encoded(password)}`],
  'keywords': [`--database=host=${host} dbname=vault user=keeper password='${password}'`],
  'keywords with a name, as two words': ['--database', `production=host=${host} dbname=vault user=keeper password=${password}`],
  'behind -o': ['-o', `database=host=${host} dbname=vault user=keeper password=${password}`],
  'attached to -o': [`-odatabase=host=${host} dbname=vault user=keeper password=${password},poll=3`],
  'two databases': [`--database=a=postgres://keeper:${encoded(password)}@/vault?host=${host}`, `--database=b=host=${host} dbname=vault user=keeper password=${password}`],
});

for (const [name, options] of Object.entries(forms(PASSWORD))) {
  test(`a password given as ${name} lets in and is seen nowhere`, async (t) => {
    tried++;
    const view = await mount(t, incident, options);
    assert.equal(view.code, 0, view.said);
    assert.equal(view.problems('database-unreadable').length, 0, view.read('problems'));
    assertNotInProcesses(view.point, [PASSWORD]);
    assertNotInView(view, [PASSWORD]);
    assertSecret(view.said, [PASSWORD], 'standard error');
  });
}

for (const [name, options] of Object.entries(forms(WRONG))) {
  test(`a wrong password given as ${name} is told and not repeated`, async (t) => {
    tried++;
    const view = await mount(t, incident, options);
    assert.equal(view.code, 0, view.said);
    assert.match(view.said, /refuses the login of user "keeper"/);
    assert.ok(view.problems('database-unreadable').length >= 1);
    assertNotInProcesses(view.point, [WRONG]);
    assertNotInView(view, [WRONG]);
    assertSecret(view.said, [WRONG], 'standard error');
    for (const command of [['check', ...options, incident], ['print', ...options, incident, 'status.json'], ['check', '--format=json', ...options, incident]]) {
      const { out, err } = migfs(command);
      assertSecret(out + err, [WRONG], command[0]);
    }
  });
}

test('a password in the environment or in a file is not passed on', async (t) => {
  const file = path.join(makeFolder('secret'), 'url');
  fs.writeFileSync(file, `postgres://keeper:${encoded(PASSWORD)}@/vault?host=${host}\n`, { mode: 0o600 });
  for (const [options, env] of [[[`--database-file=${file}`], {}], [[], { DATABASE_URL: fs.readFileSync(file, 'utf8').trim() }]]) {
    tried++;
    const view = await mount(t, incident, options, env);
    assert.equal(view.problems('database-unreadable').length, 0, view.read('problems'));
    assertNotInProcesses(view.point, [PASSWORD]);
    assertNotInView(view, [PASSWORD]);
    assert.equal(view.said, '');
  }
});

// Each is wrong, or leads nowhere, in another way; whatever is said of it, the password is not.
const malformed = [
  'postgres://u:@PW@@h:1/d', 'postgres://u:@PW@/x@nosuch.invalid/d', 'postgres://u:x/@PW@@nosuch.invalid/d', 'postgres://u:x?@PW@@nosuch.invalid/d',
  'postgres://u:x#@PW@@nosuch.invalid/d', 'postgres://u:12#@PW@@nosuch.invalid/d', 'postgres://u:1/@PW@?y=1@nosuch.invalid/d', 'postgres://u:@PW@@nosuch.invalid:port/d',
  'postgres://u:@PW@@[::1/d', 'postgres://u:@PW@%00@h/d', 'postgres://u:@PW@%zz@nosuch.invalid/d', 'postgres:/u:@PW@@h/d', 'postgres:u:@PW@@h/d', 'mysql://u:@PW@@h/d',
  'postgress://u:@PW@@h/d', '://u:@PW@@h/d', 'u:@PW@@h/d', ' postgres://u:@PW@@nosuch.invalid/d ', 'postgres://nosuch.invalid/d?password=@PW@&@PW@=x', 'postgres://nosuch.invalid/d?@PW@',
  'postgres://nosuch.invalid/d?password=@PW@&sslmode=@PW@', 'postgres://nosuch.invalid/d?options=@PW@', 'postgres://nosuch.invalid/d?passwort=@PW@', 'postgres://u:@PW@@a,b:1,c/d',
  'host=nosuch.invalid password=@PW@ pasword=@PW@', "host=nosuch.invalid password='@PW@", 'host=nosuch.invalid password @PW@', 'host=nosuch.invalid @PW@', '@PW@',
  'host=nosuch.invalid password=@PW@ port=x', 'PASSWORD=@PW@ host=nosuch.invalid', 'Password=@PW@', 'password==@PW@', "password='@PW@' host=nosuch.invalid options='@PW@'",
  'service=nosuch password=@PW@', 'host=nosuch.invalid password=@PW@ sslmode=verify-full sslkey=/nowhere', 'host=nosuch.invalid password=@PW@ passfile=/nowhere', '\n@PW@\n', '{"password":"@PW@"}',
];

test('of a connection string that is wrong, nothing is repeated that may be a password', async () => {
  const secret = 'hunter2hunter2';
  for (const string of malformed.map((text) => text.replaceAll('@PW@', secret))) {
    for (const [command, env] of [
      [['check', `--database=${string}`, incident]], [['check', '--database', `db=${string}`, incident]], [['check', '-o', `database=${string}`, incident]],
      [['check', incident], { DATABASE_URL: string }], [['--help', '--database', string]], [['--database', string, '--help']], [['--database', string, '--version']],
      [['--database', string, '--nonsense', incident]], [['--database', string, incident, '/nowhere/at/all']], [['check', '--timeout=1', `--database=${string}`, `--database=${string}`, incident]],
    ]) {
      tried++;
      const { status, stdout, stderr } = spawnSync(process.env.MIGFS, command, { encoding: 'utf8', env: { ...process.env, ...env }, timeout: 60_000 });
      assert.notEqual(status, null, command.join(' '));
      assertSecret(stdout + stderr, [secret], command.join(' '));
    }
  }
});

test('a password in the wrong place of the command line is not repeated', () => {
  const secret = 'hunter2hunter2', url = `postgres://u:${secret}@nosuch.invalid/d`;
  const point = makeFolder('mnt');
  for (const command of [[url], [url, incident], [incident, url], ['check', url], ['check', incident, url], ['print', incident, 'summary', url], [incident, point, url], [`--${url}`, incident],
    [`--databse=${url}`, incident], [`-o${url}`, incident, point], ['-o', `databse=${url}`, incident, point], ['-o', `database=postgres://u:x,${secret}@nosuch.invalid/d`, incident, point],
    ['-o', `database=host=nosuch.invalid password=x,${secret}`, incident, point], [`-${url}`, incident], [`host=h password=${secret}`, incident], ['--database-file', url, incident, point]]) {
    tried++;
    const { code, out, err } = migfs(command);
    assert.notEqual(code, 0, command.join(' '));
    if (!command.includes('--database-file')) assertSecret(out + err, [secret], command.join(' '));
  }
});

test('a database file that everybody can read is refused before anything is done, by root, too', () => {
  const file = path.join(makeFolder('secret'), 'url'), point = makeFolder('mnt');
  fs.writeFileSync(file, `postgres://keeper:${encoded(PASSWORD)}@/vault?host=${host}\n`);
  for (const command of [['check', incident], ['print', incident, 'summary'], [incident, point], ['-f', incident, point], ['-o', `database-file=${file}`, incident, point]]) {
    const words = command[0] === '-o' ? command : [`--database-file=${file}`, ...command];
    fs.chmodSync(file, 0o644);
    const { code, out, err } = migfs(words);
    assert.equal(code, 2, words.join(' '));
    assert.equal(out, '');
    assert.equal(err, `migfs: error: --database-file ${file} can be read by everybody on this machine, and so can the password in it: chmod o-r ${file} `
      + '(a secret of Kubernetes: defaultMode: 0400; of Docker Swarm: mode: 0400)\n');
    assert.deepEqual(fs.readdirSync(point), []);
  }
  for (const mode of [0o640, 0o600, 0o440, 0o400]) {
    fs.chmodSync(file, mode);
    const { code, out, err } = migfs(['print', `--database-file=${file}`, incident, 'summary']);
    assert.equal(code, 0, mode.toString(8));
    assert.equal(err, '');
    assert.match(out, /^database default \(.*\): (.* rows|no ledger yet)/m);
  }
});

test('a connection string comes through a pipe as from a file', () => {
  const script = 'umask 022; url=$1; shift; "$@" <(printf "%s" "$url") && printf "%s" "$url" | "$@" /dev/stdin && "$@" /dev/stdin <<<"$url"';
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', `postgres://keeper:${encoded(PASSWORD)}@/vault?host=${host}`,
    process.env.MIGFS, 'print', incident, 'databases/default/summary', '--database-file'], { encoding: 'utf8', timeout: 60_000 });
  assert.equal(stderr, '');
  assert.equal(status, 0);
  assert.equal(stdout.match(/^database default \(.*\): no ledger yet/gm).length, 3);
});

test('memory of migfs that held a connection string is empty when it is freed', async () => {
  const secret = 'fr33d-s3cret-of-the-tests'; // what tests/security/freed.c looks for
  const scratch = makeFolder('freed'), file = path.join(scratch, 'url'), conf = makeFolder('conf'), env = makeFolder('env');
  const url = `postgres://keeper:${secret}@/vault?host=${host}`, keywords = `host=${host} dbname=vault user=keeper password=${secret}`;
  fs.writeFileSync(file, `${url}\n`, { mode: 0o600 });
  fs.cpSync(incident, `${conf}/drizzle`, { recursive: true });
  fs.writeFileSync(`${conf}/migfs.conf`, '[drizzle]\ndatabase = vault=$VAULT_URL\n');
  fs.writeFileSync(`${env}/.env`, `DATABASE_URL="${url}"\n`, { mode: 0o600 });
  const notes = path.join(scratch, 'notes');
  const freed = (command, more = {}, cwd = undefined) => {
    fs.rmSync(notes, { force: true });
    const result = spawnSync(command[0], command.slice(1), { encoding: 'utf8', cwd, timeout: 60_000, env: { ...process.env, ...more, LD_PRELOAD: process.env.MIGFS_TEST_FREED, FREED: notes } });
    assert.notEqual(result.status, null, command.join(' '));
    const bytes = fs.readFileSync(notes);
    const all = bytes.subarray(4).toString('latin1').split('\0').filter((line) => line !== '');
    assert.ok(all.length === bytes.readUInt32LE(0), 'there is no room for more');
    // libpq, in the process of a connection, keeps copies of its own.
    return { ...result, who: all.filter((line) => !line.includes('/libpq.so')) };
  };
  // A program that wipes nothing.
  assert.ok(freed(['bash', '-c', `x=${secret}; x=; unset x`]).who.length > 0);
  for (const [options, more, cwd] of [
    [[`--database=${url}`, incident]], [['--database', `production=${keywords}`, incident]], [['-o', `database=${keywords}`, incident]],
    [[`--database-file=${file}`, incident]], [[incident], { DATABASE_URL: url }], [[incident], { DATABASE_URL: keywords }],
    [[], { VAULT_URL: url }, conf], [[`--env-file=${env}/.env`, incident]],
  ]) {
    tried++;
    const { stdout, stderr, who } = freed([process.env.MIGFS, 'check', ...options], more, cwd);
    assert.match(stdout + stderr, /refuses the login of user "keeper"|no connection string/, options.join(' '));
    assert.deepEqual(who, [], options.join(' '));
  }
});

test('PGOPTIONS is not passed on to a server, and that is said', async (t) => {
  const view = await mount(t, incident, [`--database=postgresql:///vault?host=${host}&user=postgres`], { PGOPTIONS: '-c nosuch.setting=1 -c port=1' });
  assert.match(view.said, /database default: parameters that are not passed on to the server: PGOPTIONS$/m);
  assert.equal(view.problems('database-unreadable').length, 0, view.read('problems'));
});

// Crashes the command in a folder of its own, after its standard error has said `ready`, with cores of any size allowed; gives what the shell says of its
// end and the cores to be found.
function crash(ready, command, folder = makeFolder('crash')) {
  const coresIn = (where) => fs.readdirSync(where).filter((name) => name.startsWith('core')).map((name) => path.join(where, name));
  const before = coresIn('/');
  const script = `ulimit -c unlimited || exit
    cd "$1" && mkfifo said && exec 3<>said || exit
    shift
    "$@" 2>&3 & while read -r line <&3 && [[ $line != *"$READY"* ]]; do :; done
    kill -SEGV $! && wait $!`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', folder, ...command], { encoding: 'utf8', env: { ...process.env, READY: ready }, timeout: 60_000 });
  assert.equal(status, 128 + 11, stdout + stderr);
  return { said: stderr, cores: [...coresIn(folder), ...coresIn('/').filter((name) => !before.includes(name))], folder };
}

test('a daemon that crashes leaves no core, neither in a file nor with a collector', async (t) => {
  // Shows that here a crash can be seen to leave one, where the machine allows any.
  const control = crash('ready', ['bash', '-c', 'echo ready >&2; while :; do read -t 1 <> <(:); done']);
  const pattern = fs.readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim();
  console.log(`# with the pattern ${pattern}, another program that crashes leaves ${control.said.includes('core dumped') ? 'a core' : 'none either'}`);
  if (/^core(\.%p)?$/.test(pattern)) assert.equal(control.cores.length, 1, control.said);
  const point = makeFolder('mnt');
  t.after(() => run('fusermount3', ['-u', '-z', point]));
  const { said, cores } = crash('is mounted on', [process.env.MIGFS, '-f', `--database=postgres://keeper:${encoded(WRONG)}@/vault?host=${host}`, incident, point]);
  assert.match(said, /Segmentation fault/);
  assert.doesNotMatch(said, /core dumped/);
  assert.deepEqual(cores, []);
});

test('a daemon in the background is under the same limit', async (t) => {
  const view = await mount(t, incident, ['--no-database']);
  const pid = run('pgrep', ['-f', view.point]).out.split('\n')[0];
  // 1 and not 0, which the kernel heeds for files alone and not for a collector behind a pipe.
  assert.match(fs.readFileSync(`/proc/${pid}/limits`, 'utf8'), /Max core file size +1 +1 +bytes/);
});
