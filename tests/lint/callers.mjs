// That what a header declares is used by the program: functions and constants anywhere, fields by who reads them. A name that stands for
// several things, in one struct and another, counts as used where one of them is.
import fs from 'node:fs';
import { complain, Tree } from './tree.mjs';

const tree = new Tree(process.argv[2]);

// Counts that only tests ask for, of what cannot be seen otherwise.
const FOR_TESTS = new Set(['disk_files_read', 'inodes_known', 'inodes_retired', 'schema_reader_asked', 'worker_waiting']);

const bare = (text) => text.replace(/\/\*[^]*?\*\//g, ' ').replace(/"(\\.|[^"\\\n])*"/g, '""').replace(/^# *include .*$/gm, '');
const texts = new Map(tree.sources.map((file) => [file, bare(fs.readFileSync(file, 'utf8'))]));
const all = [...texts.values()].join('\n');

// How often each word stands in the program, and how often in a place of one kind.
function count(pattern) {
  const counts = new Map();
  for (const [, word] of all.matchAll(pattern)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
const DECLARED = /^(?!typedef\b|static\b|return\b|goto\b|_Static_assert\b)[A-Za-z_][\w \t*]*?[ *](\w+)(?:\[[^\]]*\])*(?:\(|;| = )/gm;
const words = count(/\b([A-Za-z_]\w*)\b/g), declared = count(DECLARED), written = count(/(?:\.|->)(\w+) = /g);

for (const [file, text] of texts) {
  if (!file.endsWith('.h')) continue;
  for (const [, name] of text.matchAll(DECLARED)) {
    const isUsed = words.get(name) > declared.get(name);
    if (!isUsed && !FOR_TESTS.has(name)) complain(`${file}: nothing in the program uses ${name}`);
    if (isUsed && FOR_TESTS.has(name)) complain(`${file}: ${name} is not for tests alone`);
  }
  for (const [, body] of text.matchAll(/enum(?: \w+)? \{([^]*?)\}/g)) {
    for (const [, name] of body.matchAll(/(?:^|,)\s*(\w+)/g)) {
      if (words.get(name) === 1 && !/_(NONE|COUNT)$/.test(name)) complain(`${file}: nothing in the program uses ${name}`);
    }
  }
  for (const [, body] of text.matchAll(/struct \w+ \{([^]*?)\n *\}/g)) {
    for (const [, name] of body.matchAll(/[ *](\w+)(?:\[[^\]]*\])*[,;]/g)) {
      if (words.get(name) <= 1 + (written.get(name) ?? 0)) complain(`${file}: nothing in the program reads ${name}`);
    }
  }
}
