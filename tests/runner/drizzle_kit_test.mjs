// drizzle-kit beside the view: its migrate goes through it, and its next generate takes no number twice.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { copyFixture, drizzleKit, fixtures, journalOf, leftOut, makeDatabase, makeFolder, migrate, mount, readJournal, tagsOf } from './lib.mjs';

const incident = path.join(fixtures, 'incident');

// A project whose config file points drizzle-kit at a folder. drizzle-kit takes only paths relative to where it runs.
function makeProject(folder, database) {
  const project = makeFolder('project');
  fs.symlinkSync(folder, path.join(project, 'drizzle'));
  fs.writeFileSync(path.join(project, 'schema.js'), '');
  fs.writeFileSync(path.join(project, 'drizzle.config.json'), JSON.stringify({
    dialect: 'postgresql', schema: './schema.js', out: './drizzle', dbCredentials: { url: database?.url ?? 'postgresql:///none' },
  }));
  return project;
}

test('drizzle-kit migrate runs exactly the three through the view', async (t) => {
  const database = makeDatabase();
  assert.equal(migrate(incident, database).code, 0);
  const view = await mount(t, incident, [`--database=${database.url}`]);
  const { code, out, err } = drizzleKit(makeProject(view.migrations, database), ['migrate']);
  assert.equal(code, 0, out + err);
  assert.deepEqual(tagsOf(database.ledger().slice(16), incident), leftOut);
});

test('drizzle-kit check finds nothing wrong with the view', async (t) => {
  const view = await mount(t, incident, ['--no-database']);
  const { code, out, err } = drizzleKit(makeProject(view.migrations), ['check']);
  assert.equal(code, 0, out + err);
  assert.match(out, /Everything's fine/);
});

test('once the consistent journal is committed, drizzle-kit generate takes the next number', async (t) => {
  const source = copyFixture('incident');
  const view = await mount(t, source, ['--no-database']);
  fs.writeFileSync(journalOf(source), view.read('_journal.json'));
  const { code, out, err } = drizzleKit(makeProject(source), ['generate', '--custom', '--name=next']);
  assert.equal(code, 0, out + err);
  assert.equal(readJournal(journalOf(source)).entries.at(-1).tag, '0022_next');
  view.sync();
  assert.equal(view.status('0022_next', 'state'), 'journaled');
  assert.equal(view.read('changes'), '');
});

test('drizzle-kit generate on the incident as it is takes a number that is taken, and that is a problem', async (t) => {
  const source = copyFixture('incident');
  // The journal ends with idx 15, so that the next one is 0016.
  const { code, out, err } = drizzleKit(makeProject(source), ['generate', '--custom', '--name=next']);
  assert.equal(code, 0, out + err);
  const view = await mount(t, source, ['--no-database']);
  assert.ok(view.list('status').includes('0016_next'));
  assert.ok(view.problems('duplicate-prefix').length >= 1);
});
