// What the tests of hostile input share: a look at every byte of a view, at what its daemon holds, and a count of what was tried.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';

export const MEBI = 1 << 20;
let tried = 0;
after(() => console.log(`# ${tried} inputs tried`));

// Counts an input, or several.
export function input(value, count = 1) {
  tried += count;
  return value;
}

export const entry = (idx, tag, more = {}) => ({ idx, version: '7', when: 1_700_000_000_000 + idx * 1000, tag, breakpoints: true, ...more });
export const journal = (...entries) => JSON.stringify({ version: '7', dialect: 'postgresql', entries }, null, 2);

// Fills a folder: `files` maps names to contents; the journal is text, bytes or left out.
export function fill(folder, files, journalBytes) {
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), content);
  fs.mkdirSync(path.join(folder, 'meta'), { recursive: true });
  if (journalBytes !== undefined) fs.writeFileSync(path.join(folder, 'meta/_journal.json'), journalBytes);
  return folder;
}

function* below(folder, name = Buffer.alloc(0)) {
  const full = Buffer.concat([folder, Buffer.from('/'), name]);
  for (const item of fs.readdirSync(full, { withFileTypes: true, encoding: 'buffer' })) {
    const inner = name.length > 0 ? Buffer.concat([name, Buffer.from('/'), item.name]) : item.name;
    yield { name: inner, item };
    if (item.isDirectory()) yield* below(folder, inner);
  }
}

// Controls, line and paragraph separators, what turns the direction of writing, what is invisible; and what is no UTF-8.
const UNCLEAN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

function assertClean(bytes, where, mayHoldTabs) {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const found = UNCLEAN.exec(text) ?? (mayHoldTabs ? null : /\t/.exec(text));
  assert.ok(!found, found && `${where} holds ${JSON.stringify(found[0])} behind ${JSON.stringify(text.slice(found.index - 60, found.index))}`);
}

// Reads every file of the view to its end. What migfs writes is clean text; what is the project's own is just read. A refused journal fails
// and does not look empty. Gives the number of files.
export function assertAllReadable(view) {
  const point = Buffer.from(view.point);
  let count = 0;
  for (const { name, item } of below(point)) {
    const shown = name.toString('latin1');
    const file = Buffer.concat([point, Buffer.from('/'), name]);
    const isOurs = !shown.startsWith('migrations/');
    if (isOurs) assert.doesNotMatch(name.toString(), /[\0-\x1f\x7f-\x9f]/, 'a name of ours');
    if (item.isSymbolicLink()) fs.statSync(file);
    if (!item.isFile()) continue;
    count++;
    if (shown.endsWith('_journal.json')) {
      let bytes;
      try {
        bytes = fs.readFileSync(file);
      } catch (error) {
        assert.equal(error.code, 'EIO', shown);
        assert.ok(fs.statSync(file).size > 0, shown);
        continue;
      }
      JSON.parse(bytes);
    } else if (isOurs) {
      assertClean(fs.readFileSync(file), shown, shown.endsWith('/ledger'));
    } else if (fs.statSync(file).size < 64 * MEBI) {
      fs.readFileSync(file);
    }
  }
  JSON.parse(view.read('status.json'));
  return count;
}

// The one line of `problems` that speaks of this and has this code.
export function assertOneProblem(view, start, code, pattern = /./) {
  const lines = view.problems(code).filter((line) => line.startsWith(start));
  assert.equal(lines.length, 1, `${lines.length} lines begin with ${start} and end in [${code}]:\n${view.read('problems').slice(0, 4000)}`);
  assert.match(lines[0], pattern);
}

// The most memory that the daemon of a view has ever held, in MiB.
export function mostMemory(view) {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    let line;
    try {
      line = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      continue; // it has ended
    }
    if (line.split('\0').at(-2) === view.point) {
      return Number(/VmHWM:\s*(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
    }
  }
  throw new Error(`no daemon of ${view.point}`);
}
