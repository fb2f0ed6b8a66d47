// The source tree as the rules look at it: its files, which folder and module each belongs to, and the rows of src/layers.
import fs from 'node:fs';
import path from 'node:path';

let complaints = 0;

// Prints one; the process then ends with status 1.
export function complain(sentence) {
  console.log(sentence);
  complaints++;
}
process.on('exit', () => {
  if (complaints > 0) process.exitCode = 1;
});

// All files below a folder of the tree, in order; none where it is not there.
export function walk(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    return entry.isDirectory() ? walk(name) : entry.isFile() ? [name] : [];
  }).sort();
}

export const stemOf = (file) => file.replace(/^(src|include\/migfs)\//, '').replace(/\.[ch]$/, '');
export const folderOf = (file) => path.dirname(stemOf(file));

export class Tree {
  constructor(root) {
    process.chdir(root);
    this.sources = [...walk('src'), ...walk('include/migfs')].filter((file) => /\.[ch]$/.test(file));
    this.headers = new Set(this.sources.filter((file) => file.endsWith('.h')).map(stemOf));
    // The row of each folder, and the words beside their own that its global names may begin with.
    this.folders = new Map();
    for (const line of fs.readFileSync('src/layers', 'utf8').split('\n')) {
      const words = line.match(/^@ *([a-z/]+) +(.*)$/);
      if (words) this.folders.get(words[1]).words.push(...words[2].split(/ +/));
      if (!/^[a-z]/.test(line)) continue;
      const [folder, allowed, libraries] = line.split('|').map((cell) => cell.trim());
      this.folders.set(folder, { allowed: allowed.split(/ +/), libraries: libraries.split(/ +/), words: [] });
    }
  }

  // A module is a header and its source, or its sources: report/render_json.c, which has no header, is a part of report/render, and
  // report/find_in_journal.c one of what all its parts share.
  moduleOf(file) {
    let stem = stemOf(file);
    while (!this.headers.has(stem) && path.basename(stem).includes('_')) stem = stem.replace(/_[^_]*$/, '');
    return this.headers.has(stem) ? stem : stemOf(file);
  }
}
