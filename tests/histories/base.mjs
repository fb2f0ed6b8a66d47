// `check --base` and `--base-ref` on two states of one history, against the rules of the base written down once more: what the branch
// that is gone into has published, what of it is gone or moved, and what is new.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const sorted = (list) => [...list].sort().join('\n');

/** A `when` as those read it who take it for a timestamp, or null. */
function stampOf(entry) {
  const when = entry?.when;
  const number = typeof when === 'string' && /^\s*[+-]?\d+\s*$/.test(when) ? Number(when) : when;
  return Number.isSafeInteger(number) ? number : null;
}

const valid = (entries) => entries.filter((entry) => typeof entry?.tag === 'string');
const newestOf = (entries) => Math.max(-Infinity, ...valid(entries).map(stampOf).filter((when) => when !== null));

/** The entry of this tag; of several the one with this timestamp, else the first. */
function find(entries, { tag }, when) {
  const same = valid(entries).filter((entry) => entry.tag === tag);
  return same.find((entry) => stampOf(entry) === when) ?? same[0];
}

/** True when an earlier one is not below it: a database that ran both at once has it, and one that ran them apart may not. */
function wasOutOfOrder(entries, entry) {
  const earlier = entries.slice(0, entries.indexOf(entry)).map(stampOf);
  return earlier.some((when) => when !== null && when >= stampOf(entry));
}

/** What is to be said: `CODE SEVERITY TAG` each. `texts`: the SQL of the merge base by tag, or null where it is not known; `isRuled`: a rule
 * says of a tag that it has run; `proves`: of a tag and two timestamps whether attached databases show the second right. */
export function expectBase({ mergeBase, tip, ours, texts, files, isRuled, proves }) {
  const said = [];
  const renamed = new Set();
  const ourTags = new Set(valid(ours).map(({ tag }) => tag));
  for (const entry of valid(ours)) {
    const when = stampOf(entry);
    if (when === null) continue;
    const isTimed = (other) => other && stampOf(other) !== null;
    const left = find(mergeBase, entry, when);
    const merged = find(tip, entry, when);
    const [before, journal] = isTimed(left) ? [left, mergeBase] : isTimed(merged) ? [merged, tip] : [];
    if (before) {
      if (stampOf(before) !== when && !proves(entry.tag, stampOf(before), when))
        said.push(`base-moved ${wasOutOfOrder(journal, before) ? 'warning' : 'error'} ${entry.tag}`);
      continue;
    }
    const old = valid(mergeBase).find((other) => stampOf(other) === when && !ourTags.has(other.tag));
    if (old) {
      for (const other of valid(mergeBase)) if (stampOf(other) === when && other.tag === old.tag) renamed.add(other);
      const [was, is] = [texts?.get(`${old.tag}.sql`), files.get(`${entry.tag}.sql`)];
      if (was !== undefined && is !== undefined && was !== is) said.push(`base-renamed warning ${entry.tag}`);
    } else if (when <= newestOf(tip) && !isRuled(entry.tag)) said.push(`base-below error ${entry.tag}`);
  }
  const published = valid(mergeBase);
  const gone = published.filter((entry) => !renamed.has(entry) && !ourTags.has(entry.tag));
  const isSquash = gone.length === published.length && newestOf(ours) > newestOf(mergeBase);
  if (gone.length > 0) {
    const isSettled = gone.length === published.length && ours.length > 0 && isRuled(ours[0]?.tag);
    said.push(`base-gone ${isSettled ? 'note' : isSquash ? 'error' : 'warning'} ${gone.length} of ${published.length}`);
  }
  return said;
}

/** What the program says of the base in the folder as it stands. */
function lookAtBase(view, folder, sites, option, cwd) {
  const result = spawnSync(view.program, ['check', ...view.arguments(sites), '--format=json', '--severity=note', option, folder], { cwd, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (![0, 1].includes(result.status)) throw new Error(`migfs check ${option} ended with ${result.status}: ${result.stderr}`);
  return JSON.parse(result.stdout)
    .filter(({ code }) => code.startsWith('base-'))
    .map(({ code, severity, tag, sentence }) => `${code} ${severity} ${tag ?? /^(\d+ of \d+)/.exec(sentence)[1]}`);
}

function git(folder, ...words) {
  const names = ['-c', 'user.name=x', '-c', 'user.email=x@x.invalid', '-c', 'core.autocrlf=false', '-c', 'gc.auto=0'];
  const { status, stderr } = spawnSync('git', [...names, '-C', folder, ...words], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${words[0]}: ${stderr}`);
}

const differ = (what, said, right) =>
  sorted(said) === sorted(right) ? [] : [`${what} says\n${sorted(said) || 'nothing'}\ninstead of\n${sorted(right) || 'nothing'}`];

/** `world.published` is an earlier state: what is wrong with what is said of the folder now beside it. */
export function judgeBase(view, world, folder, sites, facts, proves) {
  const { entries, files } = world.published;
  const state = { mergeBase: entries, tip: entries, ours: world.entries, files: world.files, isRuled: (tag) => world.isSaidToHaveRun(tag), proves: () => false };
  const file = `${folder}.base.json`;
  fs.writeFileSync(file, world.textOf(entries));
  const alone = expectBase(state);
  const wrong = differ('--base', lookAtBase(view, folder, [], `--base=${file}`), alone);
  for (const line of alone) facts.add(`beside an earlier state: ${line.split(' ').slice(0, 2).join(', ')}`);
  if (alone.length === 0) facts.add('beside an earlier state: nothing');
  if (sites.length > 0 && alone.some((line) => line.startsWith('base-moved'))) {
    const right = expectBase({ ...state, proves });
    if (right.length < alone.length) facts.add('beside an earlier state: databases prove a moved timestamp right');
    wrong.push(...differ('--base with databases', lookAtBase(view, folder, sites, `--base=${file}`), right));
  }
  if (world.random.chance(0.3)) wrong.push(...judgeRef(view, world, folder, state, facts));
  return wrong;
}

/** The same with the last published migration renamed, that has one entry in each and is as it was, and its text another: whoever ran
 * that skips this. Null where there is none. No random number is used, so that histories are as they were. */
function renamed(world, { entries, files }) {
  if (world.raw !== null || world.fused) return null;
  const only = (list, entry) => list.filter((other) => other?.tag === entry.tag || stampOf(other) === stampOf(entry)).length === 1;
  const isOld = (entry) => stampOf(entry) !== null && files.has(`${entry.tag}.sql`) && only(entries, entry);
  const isSame = (entry) => find(world.entries, entry)?.when === entry.when && world.files.has(`${entry.tag}.sql`) && only(world.entries, entry);
  const old = valid(entries).findLast((entry) => isOld(entry) && isSame(entry));
  if (!old) return null;
  const ourFiles = new Map(world.files);
  ourFiles.delete(`${old.tag}.sql`);
  ourFiles.set(`${old.tag}_moved.sql`, `${files.get(`${old.tag}.sql`)}\n-- another\n`);
  return { ours: world.entries.map((entry) => (entry?.tag === old.tag ? { ...entry, tag: `${old.tag}_moved` } : entry)), files: ourFiles };
}

/** In a repository: `main` went on from the earlier state by itself, and the folder now is a branch that left it there. */
function judgeRef(view, world, folder, state, facts) {
  const { random } = world;
  const { entries, files } = world.published;
  const repository = `${folder}.git`;
  const inside = path.join(repository, 'db');
  const later = { idx: entries.length, version: '7', when: newestOf(entries) + random.int(1, 9e8), tag: '9999_on_main', breakpoints: true };
  const tip = Number.isFinite(later.when) && random.chance(0.6) ? [...entries, later] : entries;
  fs.mkdirSync(repository, { recursive: true });
  world.write(inside, { journal: world.textOf(entries), files });
  git(repository, 'init', '-q', '-b', 'main');
  git(repository, 'add', '-A', '-f');
  git(repository, 'commit', '-q', '--allow-empty', '-m', 'state');
  if (tip !== entries) {
    fs.writeFileSync(path.join(inside, 'meta/_journal.json'), world.textOf(tip));
    git(repository, 'commit', '-q', '-a', '-m', 'main');
  }
  git(repository, 'checkout', '-q', '-b', 'ours', tip === entries ? 'main' : 'main^');
  const other = entries.length % 2 === 0 ? renamed(world, world.published) : null;
  world.write(inside, other ? { journal: world.textOf(other.ours), files: other.files } : {});
  const right = expectBase({ ...state, ...other, tip, texts: files });
  const said = lookAtBase(view, 'db', [], '--base-ref=main', repository);
  for (const line of right) facts.add(`beside a branch: ${line.split(' ').slice(0, 2).join(', ')}`);
  fs.rmSync(repository, { recursive: true, force: true });
  return differ('--base-ref', said, right);
}
