// Journals that nobody wrote by hand.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { makeFolder, mount } from '../runner/lib.mjs';
import { assertAllReadable, assertOneProblem, entry, fill, input, journal, MEBI, mostMemory } from './lib.mjs';

const FILES = { '0000_a.sql': 'select 1;\n', '0001_b.sql': 'select 2;\n' };
const good = [entry(0, '0000_a'), entry(1, '0001_b')];
const withRaw = (text) => journal(entry(0, '0000_a'), entry(1, '0001_b', { x: '@' })).replace('"@"', text);

// One view, whose journal is replaced again and again: each must be told without a new mount, and leave nothing behind for the next.
async function mounted(t) {
  const source = fill(makeFolder(), FILES, journal(...good));
  const view = await mount(t, source, ['--no-database']);
  assert.equal(view.code, 0, view.said);
  return {
    view,
    give(bytes, readsAll = true) {
      fs.writeFileSync(`${source}/meta/_journal.json`, input(bytes));
      view.sync();
      if (readsAll) assertAllReadable(view);
    },
  };
}

test('what JSON.parse refuses is one line, and the journal is refused', async (t) => {
  const { view, give } = await mounted(t);
  const nested = (depth, open, close) => `{"entries": ${open.repeat(depth)}${close.repeat(depth)}`;
  const refused = {
    'nothing': '', 'blanks': ' \n\t ', 'a NUL': '\0', 'NULs': Buffer.alloc(4096), 'a NUL behind': `${journal(...good)}\0`,
    'a NUL in a string': withRaw('"a\0b"'), 'a line break in a string': withRaw('"a\nb"'), 'an escape in a string': withRaw('"\x1b[31m"'),
    'half of it': journal(...good).slice(0, 200), 'a byte-order mark': `\ufeff${journal(...good)}`, 'UTF-16': Buffer.from(journal(...good), 'utf16le'),
    'two documents': journal(...good).repeat(2), 'a comma too many': '{"entries": [],}', 'a comment': '{"entries": [] /* none */}',
    'NaN': withRaw('NaN'), 'Infinity': withRaw('-Infinity'), 'hexadecimal': withRaw('0x10'), 'a leading zero': withRaw('01'), 'a plus': withRaw('+1'),
    'no digit behind the point': withRaw('1.'), 'a bad escape': withRaw('"\\x41"'), 'half an escape': withRaw('"\\u12"'),
    'a list of nothing': '[]', 'a number': '7', 'null': 'null', 'no entries': '{}', 'entries that are an object': '{"entries": {}}',
    'random bytes': Buffer.from('a7f3c4059bff0d10'.repeat(64), 'hex'),
    '100,000 brackets, not closed': '['.repeat(100_000), '100,000 braces, not closed': '{"a":'.repeat(100_000),
    '100,000 deep, closed one too few': nested(100_000, '[', ']').slice(0, -1),
  };
  for (const [name, bytes] of Object.entries(refused)) {
    give(bytes);
    assert.throws(() => JSON.parse(bytes).entries.map(String), name);
    assertOneProblem(view, 'meta/_journal.json', 'journal-unreadable');
    view.assertRefused();
    assert.match(view.status('0000_a', 'file'), /^0000_a\.sql$/);
  }
  give(journal(...good));
  assert.equal(view.problems('journal-unreadable').length, 0);
  assert.equal(view.read('_journal.json'), journal(...good));
});

test('a journal that git left two sides in is read as both, and one that is served has no marks of git', async (t) => {
  const { view, give } = await mounted(t);
  give(`<<<<<<< HEAD\n${journal(...good)}\n=======\n${journal(...good)}\n>>>>>>> main\n`);
  assert.deepEqual(JSON.parse(view.read('_journal.json')).entries.map((it) => it.tag), ['0000_a', '0001_b']);
});

test('what JSON.parse takes is taken, however odd', async (t) => {
  const { view, give } = await mounted(t);
  const deep = (open, close) => withRaw(`${open.repeat(100_000)}${close.repeat(100_000)}`);
  const taken = {
    '100,000 lists in each other': deep('[', ']'), 'a key of a megabyte': withRaw(`{"${'k'.repeat(MEBI)}": 1}`), 'a text of 8 MB': withRaw(`"${'x'.repeat(8 * MEBI)}"`),
    '100,000 keys': withRaw(`{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":${i}`)}}`), 'ill-formed UTF-8 in a text': Buffer.from(withRaw('"\xff\xc3"'), 'latin1'),
    'half a surrogate': withRaw('"\\ud800"'), '1e400': withRaw('1e400'), '-1e-400': withRaw('-1e-400'), 'a number of 10,000 digits': withRaw('9'.repeat(10_000)),
    '__proto__': withRaw('{"__proto__": {"entries": []}}'), 'blanks of a megabyte': journal(...good).replace('[', `[${' \r\n\t'.repeat(MEBI / 4)}`),
    'an escaped NUL': withRaw('"\\u0000"'), 'all in one line': JSON.stringify(JSON.parse(journal(...good))),
  };
  for (const [name, bytes] of Object.entries(taken)) {
    give(bytes);
    assert.equal(view.problems('journal-unreadable').length, 0, name);
    assert.ok(fs.readFileSync(view.path('_journal.json')).equals(Buffer.from(bytes)), `${name}: served as it is`);
  }
});

test('numbers past what JavaScript counts have one line each, and the stamps served are whole', async (t) => {
  const { view, give } = await mounted(t);
  const numbers = ['9007199254740992', '9007199254740993', '-9007199254740993', '9223372036854775807', '9223372036854775808', '18446744073709551616', '1e400',
    '-1e400', '1e-400', '0.5', '1e308', '9'.repeat(10_000), '""', '"x"', '"1e3"', 'null', 'true', '[]', '{}', '"\\u001b[31m"', `"${'9'.repeat(10_000)}"`];
  for (const number of numbers) {
    give(journal(...good).replace(String(good[1].when), number));
    if (number === '1e-400') continue; // which is 0, a stamp like any other
    assertOneProblem(view, 'meta/_journal.json:', 'when-invalid', /0001_b/);
    for (const { when } of JSON.parse(view.read('_journal.json')).entries) assert.ok(Number.isSafeInteger(when), number);
  }
  for (const number of numbers.filter((text) => !['1e-400', '"1e3"'].includes(text))) {
    give(journal(...good).replace('"idx": 1,', `"idx": ${number},`));
    if (view.problems('bad-idx').length === 0) assert.ok(Number(number) >= 0 && Number.isSafeInteger(Number(number)), number);
    for (const { idx } of JSON.parse(view.read('_journal.json')).entries) assert.ok(Number.isSafeInteger(idx), number);
  }
  give(journal(...good).replace('"idx": 1,', '"idx": 9007199254740991,'));
  for (const { idx } of JSON.parse(view.read('_journal.json')).entries) assert.ok(Number.isSafeInteger(idx));
});

test('a tag that is not a name of a file in the folder has one line and opens nothing', async (t) => {
  const { view, give } = await mounted(t);
  const tags = ['..', '.', '', '/etc/passwd', '../../../etc/passwd', 'a/b', 'meta/_journal', './0000_a', 'a\0b', '\0', 'x'.repeat(10_000), 'é'.repeat(5_000),
    '\x1b]0;title\x07/', '\n/', '\u202e/', '%2e%2e/', '~/', '-rf/', 'C:/x', '//', '/'];
  for (const tag of tags) {
    give(journal(...good, entry(2, tag)));
    const lines = [...view.problems('bad-tag'), ...view.problems('missing')];
    assert.equal(lines.length, 1, `${JSON.stringify(tag.slice(0, 30))}: ${lines.join('\n')}`);
    assert.ok(lines[0].length < 4096, 'a line that can be read');
    // What lies outside cannot be known, so that leaving the entry out might lose a migration.
    if (tag.startsWith('../')) assert.throws(() => view.read('_journal.json'), /EIO/);
    else assert.deepEqual(JSON.parse(view.read('_journal.json')).entries.map((it) => it.tag), ['0000_a', '0001_b']);
    assert.ok(view.list('status').length <= 3);
  }
  for (const tag of [null, 1, true, [], {}, ['0000_a'], { toString: '0000_a' }]) {
    give(journal(...good, { ...entry(2, ''), tag }));
    assertOneProblem(view, 'meta/_journal.json:', 'bad-tag');
  }
  for (const odd of ['null', '1', '"0000_a"', '[]', '{}']) {
    give(journal(...good).replace('"entries": [', `"entries": [${odd}, `));
    assert.equal(view.problems('bad-entry').length + view.problems('bad-tag').length, 1, view.read('problems'));
  }
});

test('keys that stand twice have one line for each entry', async (t) => {
  const { view, give } = await mounted(t);
  for (const key of ['"tag": "0001_b"', '"when": 5', '"idx": 1', '"\\u0074ag": "0001_b"', '"x": 1, "x": 2']) {
    give(journal(...good).replace('"tag": "0001_b"', `"tag": "0001_b", ${key}`));
    assertOneProblem(view, 'meta/_journal.json:', 'duplicate-key');
  }
  give(`{"entries": [], ${journal(...good).slice(1)}`);
  assertOneProblem(view, 'meta/_journal.json', 'duplicate-key');
});

test('a journal of 100 MB is refused in one line, and none of it is kept', async (t) => {
  const { view, give } = await mounted(t);
  give(Buffer.concat([Buffer.from('{"entries": ["'), Buffer.alloc(100 * MEBI, 'x'), Buffer.from('"]}')]));
  assertOneProblem(view, 'meta/_journal.json', 'journal-unreadable', /larger than 64 MiB/);
  view.assertRefused();
  const memory = mostMemory(view);
  t.diagnostic(`a journal of 100 MB: ${Math.round(memory)} MiB`);
  assert.ok(memory < 256, `${memory} MiB`);
});

test('a million entries are refused in one line, and a hundred thousand are read', async (t) => {
  const { view, give } = await mounted(t);
  const of = (count) => `{"version":"7","dialect":"postgresql","entries":[\n${
    Array.from({ length: count }, (_, i) => `{"idx":${i},"when":${1_700_000_000_000 + i},"tag":"${i}_x"}`).join(',\n')}\n]}`;
  give(of(1_000_000));
  assertOneProblem(view, 'meta/_journal.json', 'journal-unreadable', /more than 100,000 migrations/);
  view.assertRefused();
  const refused = mostMemory(view);
  give(of(100_000), false);
  assert.equal(view.problems('missing').length, 100_000);
  assert.equal(view.problems('unjournaled').length + view.problems('held').length, 2);
  t.diagnostic(`a million entries: ${Math.round(refused)} MiB; a hundred thousand: ${Math.round(mostMemory(view))} MiB`);
  assert.ok(mostMemory(view) < 1536, `${mostMemory(view)} MiB`);
});
