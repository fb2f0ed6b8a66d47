// What no text of the repository may hold: work left to do, words that sound translated, paths of one machine, registries.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { complain } from './tree.mjs';

process.chdir(process.argv[2]);

// The expressions are written so that this file does not hold what they seek.
const RULES = [
  { where: /^(?!tests\/fixtures\/)/, seeks: /\b(TO[D]O|FIX[M]E|HA[C]K)\b/, says: 'is left to be done' },
  {
    // docs/CONTRIBUTING.md has what to write instead.
    where: /^(src|include|docs|mount-examples)\/(?!.*\.svg$)|^README\.md$/,
    seeks: /(?<!\w)(nobody|nobody's|whoever|anew|mend|mends|mended|mending|vouch|vouches|vouched|in vain|be it that|for ever|wherever it lies|served here|stamped|restamp)(?!\w)/i,
    says: 'is not a plain word',
  },
  {
    where: /^(?!tests\/fixtures\/)/,
    seeks: /\/wo[r]k\/|\/ho[m]e\/[a-z]|(^|[^a-z_.])\/ro[o]t\/|\/Us[e]rs\//,
    says: 'is a path of one machine',
  },
  { where: /(package-lock\.json|\.npmrc)$/, seeks: /"resolved"|registry *=/, says: 'names a registry' },
];

// Those of the repository, and those about to be.
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' }).split('\0');
for (const file of files) {
  const rules = RULES.filter(({ where }) => where.test(file));
  if (rules.length === 0 || !fs.statSync(file, { throwIfNoEntry: false })?.isFile()) continue;
  fs.readFileSync(file, 'utf8').split('\n').forEach((line, at) => {
    for (const { seeks, says } of rules) {
      const [found] = line.match(seeks) ?? [];
      if (found) complain(`${file}:${at + 1}: ${JSON.stringify(found)} ${says}`);
    }
  });
}
