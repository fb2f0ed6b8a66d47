// Runs these files of tests in one process, since each would load node and Drizzle again.
//
//     node --test-reporter=tap tests/runner/all.mjs TEST-FILE…
import path from 'node:path';

for (const file of process.argv.slice(2)) await import(path.resolve(file));
