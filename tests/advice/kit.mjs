// The real drizzle-kit in a case's project: a schema in TypeScript, a table a file, and what `generate` writes for it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from '../lib/command.mjs';
import { run } from './world.mjs';

const clock = { NODE_OPTIONS: `--require=${fileURLToPath(new URL('clock.cjs', import.meta.url))}` };
const modules = path.join(process.env.MIGFS_NODE, 'node_modules');

const program = path.join(modules, '.bin/drizzle-kit'), command = new Command(program);

// With another clock in a process of its own.
async function kit(w, args, later = 0) {
  if (later > 0) return run(program, args, { cwd: w.root, env: { ...process.env, ...clock, CLOCK_AHEAD_MS: later } });
  const { status, stdout, stderr } = command.run(args, { cwd: w.root });
  return { code: status, out: stdout, err: stderr };
}

/** Makes the case's project one of drizzle-kit's. */
export function makeProject(w) {
  fs.mkdirSync(path.join(w.root, 'schema'), { recursive: true });
  fs.symlinkSync(modules, path.join(w.root, 'node_modules'));
  fs.writeFileSync(path.join(w.root, 'drizzle.config.json'), JSON.stringify({ dialect: 'postgresql', schema: './schema/*.ts', out: `./${w.name}` }));
  fs.writeFileSync(path.join(w.root, '.gitignore'), 'node_modules\n');
}

/** A table of this name in the schema, with these columns besides its id. */
export function table(w, name, ...columns) {
  const list = ['id', ...columns].map((column) => `${column}: integer('${column}')`).join(', ');
  fs.writeFileSync(path.join(w.root, 'schema', `${name}.ts`),
    `import { pgTable, integer } from 'drizzle-orm/pg-core';\nexport const ${name} = pgTable('${name}', { ${list} });\n`);
}

/** The table users, its id a bigint. */
export function bigUsers(w) {
  fs.writeFileSync(path.join(w.root, 'schema', 'users.ts'),
    "import { pgTable, bigint } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', { id: bigint('id', { mode: 'number' }) });\n");
}

/** `drizzle-kit generate`, under this name, maybe some milliseconds later; gives the tag. */
export async function generate(w, name, later = 0) {
  const before = new Set(w.tags);
  const { code, out, err } = await kit(w, ['generate', `--name=${name}`], later);
  const added = w.tags.filter((tag) => !before.has(tag));
  assert.ok(code === 0 && added.length === 1, `drizzle-kit generate wrote ${added.length} files: ${out}${err}`);
  return added[0];
}

/** The schema has no change for which there is no migration. */
export async function isClean(w) {
  const { out, err } = await kit(w, ['generate']);
  assert.match(out, /No schema changes/, `generate is not clean: ${out}${err}`);
}

// Two branches that both generated, made once: `main` has 0001_posts, `feature` has 0001_tags and is the one checked out.
let made;

async function make(w) {
  makeProject(w);
  table(w, 'users');
  await generate(w, 'users');
  await w.commit();
  await w.git('checkout', '-qb', 'feature');
  table(w, 'tags');
  await generate(w, 'tags');
  await w.commit();
  await w.git('checkout', '-q', 'main');
  table(w, 'posts');
  await generate(w, 'posts');
  await w.commit();
  await w.git('checkout', '-q', 'feature');
}

/** A copy of them in this case's place. */
export async function twoBranches(w) {
  made ??= (async () => {
    const kept = Object.assign(Object.create(Object.getPrototypeOf(w)), w, { root: `${w.root}.made`, folder: path.join(`${w.root}.made`, w.name) });
    fs.mkdirSync(kept.folder, { recursive: true });
    fs.chmodSync(kept.root, 0o755);
    await make(kept);
    return kept.root;
  })();
  fs.rmSync(w.root, { recursive: true });
  fs.cpSync(await made, w.root, { recursive: true, verbatimSymlinks: true });
}
