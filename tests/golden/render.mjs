// Writes a view down as one text: every path with its type, and its target or its bytes. In one process, since a view has hundreds of files.
//
//     node render.mjs POINT SOURCE CLUSTER      CLUSTER: the server's folder, of this run alone, told as /run/postgresql
import { spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const [point, source, cluster] = process.argv.slice(2);

function* below(folder) {
  for (const entry of fs.readdirSync(path.join(point, folder), { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    yield { name, entry };
    if (entry.isDirectory()) yield* below(name);
  }
}

function bytesOf(file) {
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
}

// Of a file that is not served: its size, and what `cat` says.
function refused(name) {
  const { stdout, stderr } = spawnSync('cat', [name], { cwd: point });
  return [Buffer.from(`=== ${name}, ${fs.statSync(path.join(point, name)).size} bytes\n`), stdout, stderr];
}

function file(name) {
  const served = bytesOf(path.join(point, name));
  if (served === undefined) return refused(name);
  const original = name.startsWith('migrations/') ? bytesOf(path.join(source, name.slice('migrations/'.length))) : undefined;
  if (original?.equals(served)) return [Buffer.from(`=== ${name} as in the source\n`)];
  if (/^migrations\/meta\/.*_snapshot\.json$/.test(name)) { // made, and long
    return [Buffer.from(`=== ${name}, sha256 ${crypto.createHash('sha256').update(served).digest('hex')}\n`)];
  }
  const bytes = Buffer.from(served.toString('latin1').replaceAll(cluster, '/run/postgresql'), 'latin1');
  const end = bytes.length === 0 || bytes.at(-1) === 0x0a ? '' : '\n=== (no newline at its end)\n';
  return [Buffer.from(`=== ${name}, ${bytes.length} bytes\n`), bytes, Buffer.from(end)];
}

const all = [...below('')].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
for (const { name, entry } of all) {
  if (entry.isSymbolicLink()) fs.writeSync(1, `=== ${name} -> ${fs.readlinkSync(path.join(point, name))}\n`);
  else if (entry.isDirectory()) fs.writeSync(1, `=== ${name}/\n`);
  else fs.writeSync(1, Buffer.concat(file(name)));
}
