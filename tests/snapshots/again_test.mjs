// The process in which these tests run drizzle-kit again and again, against its command: the same status, output and files, whatever was run
// before.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Command } from '../lib/command.mjs';
import { MIGFS_NODE_MODULES, makeProject, run } from './lib.mjs';

const program = path.join(MIGFS_NODE_MODULES, '.bin', 'drizzle-kit'), again = new Command(program);
const users = (columns) => `import { pgTable, text } from 'drizzle-orm/pg-core';\nimport { tables } from './more';\nexport const users = pgTable('users', { ${columns} });\nexport const more = tables;\n`;
const runs = [
    { schema: users("name: text('name')"), args: ['generate', '--name=users'] },
    { schema: users("name: text('name')"), args: ['generate'] },
    { schema: users("name: text('name'), icon: text('icon')"), args: ['generate', '--name=icons'] },
    { schema: 'export const users = ', args: ['generate', '--name=broken'] },
    { schema: "throw new Error('thrown');", args: ['generate', '--name=thrown'] },
    { schema: users("name: text('name'), icon: text('icon')"), args: ['generate', '--custom', '--name=hand'] },
    { schema: '', args: ['generate', '--config=none.ts'] },
    { schema: '', args: ['generate', '--unknown'] },
    { schema: '', args: ['check'] },
];

// What is random, or the time, or the place.
const plain = (text, project) => text.replaceAll(project, 'PROJECT').replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID').replaceAll(/"when": \d+/g, '"when": 0')
    .replaceAll(/^ {4}at .*\n/gm, '');

function stateOf(project) {
    const folder = path.join(project, 'drizzle');
    const files = fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true }).filter((name) => fs.statSync(path.join(folder, name)).isFile()).sort() : [];
    return files.map((name) => [name, plain(fs.readFileSync(path.join(folder, name), 'utf8'), project)]);
}

test('drizzle-kit does in the process that runs it again what its command does', () => {
    const projects = ['again-command', 'again-process'].map(makeProject);
    for (const project of projects) fs.writeFileSync(path.join(project, 'more.ts'), "import { pgTable, serial } from 'drizzle-orm/pg-core';\nexport const tables = pgTable('more', { id: serial('id') });\n");
    for (const { schema, args } of runs) {
        const [real, kept] = projects.map((project, i) => {
            fs.writeFileSync(path.join(project, 'schema.ts'), schema);
            const { status, stdout, stderr } = i === 0 ? run(program, args, { cwd: project }) : again.run(args, { cwd: project });
            return { status, stdout: plain(stdout, project), stderr: plain(stderr, project), files: stateOf(project) };
        });
        assert.deepEqual(kept, real, args.join(' '));
    }
});
