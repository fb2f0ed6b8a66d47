// drizzle-kit goes on from the view: its check finds nothing wrong with a copy of MOUNT/migrations, and its next
// migration gets a number that no other has.
//
//     kit_test.mjs MIGFS

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Life } from './life.mjs';
import { classify, numberOf } from './oracle.mjs';
import { Random } from '../lib/random.mjs';
import { View } from './view.mjs';

const program = path.resolve(process.argv[2]);
const kit = path.join(process.env.MIGFS_NODE_MODULES, '.bin', 'drizzle-kit');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'migfs-kit.'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** A project whose migrations are a copy of those in the view of this folder, made without a database. */
async function projectFrom(source, name) {
  const project = path.join(scratch, name);
  const mountpoint = `${project}.mnt`;
  const unmount = await new View(program).mount(source, [], mountpoint);
  try {
    fs.cpSync(path.join(mountpoint, 'migrations'), path.join(project, 'drizzle'), { recursive: true });
  } finally {
    await unmount();
  }
  fs.writeFileSync(path.join(project, 'schema.js'), '');
  fs.writeFileSync(
    path.join(project, 'drizzle.config.json'),
    JSON.stringify({
      dialect: 'postgresql',
      schema: './schema.js',
      out: './drizzle',
      dbCredentials: { url: 'postgresql:///none' },
    }),
  );
  return project;
}

function drizzleKit(project, ...args) {
  const { status, stdout, stderr } = spawnSync(kit, args, { cwd: project, encoding: 'utf8', timeout: 60000 });
  assert.equal(status, 0, stdout + stderr);
  return stdout;
}

const sqlFiles = (project) => fs.readdirSync(path.join(project, 'drizzle')).filter((name) => name.endsWith('.sql'));

/** `isMigration` tells of each file whether its number counts. */
function goOn(project, isMigration) {
  assert.match(drizzleKit(project, 'check'), /Everything's fine/);
  const before = sqlFiles(project);
  drizzleKit(project, 'generate', '--custom', '--name=next');
  const added = sqlFiles(project).filter((name) => !before.includes(name));
  assert.equal(added.length, 1);
  const number = numberOf(added[0]);
  const taken = before.filter((name) => isMigration(name) && numberOf(name) !== null);
  assert.deepEqual(
    taken.filter((name) => numberOf(name) === number),
    [],
    `${added[0]} takes a number that is taken`,
  );
  return added[0];
}

test("drizzle-kit goes on from the view of the incident with the number after the last file's", async () => {
  const project = await projectFrom(fileURLToPath(new URL('../fixtures/incident', import.meta.url)), 'incident');
  assert.equal(
    goOn(project, () => true),
    '0022_next.sql',
  );
});

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8])
  test(`drizzle-kit goes on from the view of a random folder, seed ${seed}`, async () => {
    const source = path.join(scratch, `source-${seed}`);
    const life = new Life(new Random(seed), [], source, () => assert.fail('nothing is deployed here'));
    life.style = 'index';
    life.finalEvents = [];
    await life.live();
    life.world.write(source);
    const kinds = classify(life.world);
    goOn(await projectFrom(source, `project-${seed}`), (name) => kinds.get(name.slice(0, -4)) !== 'excluded');
  });
