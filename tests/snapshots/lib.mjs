// What the tests of made snapshots share: migfs, folders of snapshots, and projects in which the real drizzle-kit is called.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Command } from '../lib/command.mjs';

export const { MIGFS, MADE, SCRATCH, MIGFS_NODE_MODULES } = process.env;

export function run(program, args, options = {}) {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
    return { status, stdout, stderr };
}

export const fix = (folder, ...options) => run(MIGFS, ['fix', '--no-database', ...options, folder]);
export const snapshotsOf = (folder) => fs.readdirSync(path.join(folder, 'meta')).filter((name) => name.endsWith('_snapshot.json')).sort();
export const read = (folder, name) => JSON.parse(fs.readFileSync(path.join(folder, 'meta', name), 'utf8'));

export function withoutIds(snapshot) {
    const { id, prevId, ...rest } = snapshot;
    return rest;
}

export function writeConfig(project, more = {}) {
    fs.writeFileSync(path.join(project, 'drizzle.config.json'), JSON.stringify({ dialect: 'postgresql', schema: './schema.ts', out: './drizzle', ...more }));
}

export function makeProject(name) {
    const project = path.join(SCRATCH, name);
    fs.mkdirSync(project);
    fs.symlinkSync(MIGFS_NODE_MODULES, path.join(project, 'node_modules'));
    writeConfig(project);
    return project;
}

const command = new Command(path.join(MIGFS_NODE_MODULES, '.bin', 'drizzle-kit'));

export function kit(project, ...args) {
    const { status, stdout, stderr } = command.run(args, { cwd: project });
    assert.equal(status, 0, stdout + stderr);
    return stdout;
}

export function generate(project, schema, name) {
    fs.writeFileSync(path.join(project, 'schema.ts'), schema);
    return kit(project, 'generate', '--name', name);
}


/** As if each migration had been generated a minute after the one before: v1 names its folders by the second. */
export function spread(folder) {
    const file = path.join(folder, 'meta', '_journal.json'), journal = JSON.parse(fs.readFileSync(file, 'utf8'));
    journal.entries.forEach((entry, i) => (entry.when = journal.entries[0].when + i * 60_000));
    fs.writeFileSync(file, JSON.stringify(journal, null, 2));
}
