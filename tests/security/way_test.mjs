// What leads to a source, as odd as it may be: who can see the view is decided by the folders that are really passed, and it is followed at once.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { makeFolder, mount, run } from '../runner/lib.mjs';

const onlyRoot = { skip: process.getuid() !== 0 && 'only root mounts for others without asking' };
const SHARED = ['-o', 'allow_other', '--no-database'];
const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups'];

function fill(folder, name = '0000_open') {
  fs.mkdirSync(`${folder}/meta`, { recursive: true });
  const entry = { idx: 0, version: '7', when: 1_700_000_000_000, tag: name, breakpoints: true };
  fs.writeFileSync(`${folder}/${name}.sql`, `select '${name}';\n`);
  fs.writeFileSync(`${folder}/meta/_journal.json`, JSON.stringify({ version: '7', dialect: 'postgresql', entries: [entry] }));
  return folder;
}

// Whether others read all that the view is made of, or, if not, nothing.
function isOpen(view, name = '0000_open') {
  const files = ['README', 'summary', 'problems', 'status.json', '_journal.json', `status/${name}`, `migrations/${name}.sql`];
  const script = 'for file; do cat "$file" >/dev/null 2>&1 && echo "$file"; done; :';
  const { out } = run('setpriv', [...NOBODY, 'sh', '-c', script, 'sh', ...files.map((file) => view.path(file))]);
  const read = out.split('\n').filter((line) => line !== '').length;
  assert.ok(read === 0 || read === files.length, `others read ${read} of ${files.length}: ${out}`);
  return read > 0;
}

test('permissions of a folder above the source count as they are now', onlyRoot, async (t) => {
  const above = makeFolder('above');
  const view = await mount(t, fill(`${above}/a/b/drizzle`), SHARED);
  for (const [name, mode, open] of [['a', 0o711, true], ['a', 0o700, false], ['a', 0o755, true], ['a/b', 0o750, false], ['a/b', 0o755, true], ['a/b/drizzle', 0o700, false], ['a/b/drizzle', 0o755, true]]) {
    fs.chmodSync(`${above}/${name}`, mode);
    view.sync();
    assert.equal(isOpen(view), open, `${name} ${mode.toString(8)}`);
  }
});

test('a way through a closed folder is closed, wherever it comes out', onlyRoot, async (t) => {
  const above = makeFolder('above');
  fill(`${above}/open/drizzle`);
  fs.mkdirSync(`${above}/closed`, { mode: 0o700 });
  fs.symlinkSync('../open/drizzle', `${above}/closed/link`);
  const ways = { straight: 'open/drizzle', back: 'closed/../open/drizzle', twice: 'closed/link', absolute: `${above}/closed/link`, up: 'open/../open/drizzle' };
  for (const [name, target] of Object.entries(ways)) {
    fs.symlinkSync(target, `${above}/${name}`);
    const view = await mount(t, `${above}/${name}`, SHARED);
    assert.ok(view.list('status').includes('0000_open'), name);
    assert.equal(isOpen(view), name === 'straight' || name === 'up', name);
  }
});

test('a release that is switched is seen after a sync, and without one, and what lies beside it counts for nothing', onlyRoot, async (t) => {
  const above = makeFolder('above');
  for (const [release, name] of [['r1', '0000_one'], ['r2', '0000_two'], ['r3', '0000_three']]) fill(`${above}/${release}/drizzle`, name);
  fs.chmodSync(`${above}/r3`, 0o700);
  const lead = (target) => { fs.symlinkSync(target, `${above}/next`); fs.renameSync(`${above}/next`, `${above}/current`); };
  lead('r1');
  const view = await mount(t, `${above}/current/drizzle`, [...SHARED, '--poll=3600']);
  for (const [release, name, open] of [['r2', '0000_two', true], ['r3', '0000_three', false], ['r1', '0000_one', true]]) {
    lead(release);
    view.sync();
    assert.deepEqual(view.list('status'), [name]);
    assert.equal(isOpen(view, name), open, name);
  }
  lead('r2');
  for (const end = Date.now() + 20_000; !view.list('status').includes('0000_two');) assert.ok(Date.now() < end, 'inotify tells of the link');
  fs.rmSync(`${above}/r1`, { recursive: true });
  view.sync();
  assert.doesNotMatch(view.read('problems'), /source-missing/);
});

test('what leads nowhere or in a loop is a problem until it leads to a folder again', onlyRoot, async (t) => {
  const above = makeFolder('above');
  fill(`${above}/r1`);
  fs.symlinkSync('r1', `${above}/current`);
  const view = await mount(t, `${above}/current`, SHARED);
  const lead = (target) => { fs.symlinkSync(target, `${above}/next`); fs.renameSync(`${above}/next`, `${above}/current`); view.sync(); };
  for (const [target, said] of [['current', /in a loop/], ['nowhere', /is not there/], ['r1/0000_open.sql', /is not there/]]) {
    lead(target);
    assert.match(view.problems('source-missing').join('\n'), said, target);
    assert.throws(() => view.read('_journal.json'), /EIO/, target);
    lead('r1');
    assert.deepEqual(view.problems('source-missing'), []);
    assert.ok(isOpen(view), target);
  }
});

test('a link in the place of meta leads into no other folder', onlyRoot, async (t) => {
  const above = makeFolder('above'), source = fill(`${above}/drizzle`);
  fill(`${above}/closed`, '0000_secret');
  fs.chmodSync(`${above}/closed`, 0o700);
  const view = await mount(t, source, SHARED);
  fs.renameSync(`${source}/meta`, `${source}/old`);
  fs.symlinkSync('../closed/meta', `${source}/meta`);
  view.sync();
  assert.throws(() => view.read('_journal.json'), /EIO/);
  assert.match(view.read('problems'), /meta: .*is a symbolic link that leads out of the folder/);
  fs.unlinkSync(`${source}/meta`);
  fs.symlinkSync('old', `${source}/meta`);
  view.sync();
  assert.throws(() => view.read('_journal.json'), /EIO/);
  assert.doesNotMatch(view.list('status').join() + view.read('problems'), /secret/);
});

test('a source at the end of a thousand folders is like any other', onlyRoot, async (t) => {
  const source = fill(makeFolder('deep') + '/d'.repeat(1000));
  const view = await mount(t, source, SHARED);
  assert.ok(isOpen(view));
  fs.writeFileSync(`${source}/0001_new.sql`, 'select 1;\n');
  view.sync();
  assert.ok(view.list('status').includes('0001_new'));
});

test('a folder or a file that is mounted in the source is not crossed', onlyRoot, async (t) => {
  const source = fill(makeFolder('source')), other = makeFolder('other');
  fs.mkdirSync(`${source}/sub`);
  fs.writeFileSync(`${source}/sub/own.txt`, 'own\n');
  fs.writeFileSync(`${source}/0001_own.sql`, 'select 1;\n');
  fs.writeFileSync(`${other}/theirs.sql`, "select 'theirs';\n");
  const view = await mount(t, source, SHARED);
  const bind = (from, to) => {
    assert.equal(run('mount', ['--bind', from, to]).code, 0);
    t.after(() => run('umount', ['-l', to]));
  };
  bind(other, `${source}/sub`);
  bind(`${other}/theirs.sql`, `${source}/0001_own.sql`);
  view.sync();
  const files = run('find', [view.path('migrations'), '-type', 'f', '-exec', 'cat', '{}', '+']).out;
  assert.doesNotMatch(files, /theirs|own/);
  for (const name of ['sub', '0001_own.sql']) assert.match(view.read('problems'), new RegExp(`^${name}: .*is the mount point of another filesystem`, 'm'));
});

test('a rules file that was named and is swapped for a link to a closed file is quoted to those only who can read that', onlyRoot, async (t) => {
  const above = makeFolder('above'), source = fill(`${above}/drizzle`), rules = `${above}/rules`;
  fs.writeFileSync(rules, 'nonsense open\n');
  fs.writeFileSync(`${above}/shadow`, 'secret:$6$salt$hash\n', { mode: 0o600 });
  const view = await mount(t, source, [...SHARED, `--rules=${rules}`]);
  assert.ok(isOpen(view));
  fs.unlinkSync(rules);
  fs.symlinkSync('shadow', rules);
  fs.writeFileSync(`${source}/0001_new.sql`, 'select 1;\n');
  view.sync();
  assert.match(view.read('problems'), /secret/, 'root sees it');
  const { out } = run('setpriv', [...NOBODY, 'sh', '-c', 'find "$1" -type f -exec cat {} + 2>/dev/null; :', 'sh', view.point]);
  assert.match(out, /0000_open/);
  assert.doesNotMatch(out, /secret/);
});
