// That each folder of src/ says what it is, each source has a header, each header a source and a reader, and tests/unit mirrors src/.
import fs from 'node:fs';
import path from 'node:path';
import { complain, folderOf, stemOf, Tree, walk } from './tree.mjs';

const tree = new Tree(process.argv[2]);

// Modules that no unit test can reach or that have nothing of their own to test, and what tests them instead: a suite, or the unit test of
// another module.
const TESTED_ELSEWHERE = {
  'cli/background': 'tests/runner', 'cli/filter': 'cli/test_privileges', 'cli/fix': 'tests/fix',
  'cli/formats': 'cli/test_check', 'cli/mount': 'tests/runner', 'cli/reading': 'cli/test_check', 'cli/replace': 'tests/fix',
  'cli/sanitizer': 'cli/test_privileges', 'cli/schema_graph_ask': 'cli/test_schema_graph', 'cli/schema_graph_nodes': 'cli/test_schema_graph',
  'folder/read': 'folder/test_scan',
  'join/ledger_v1': 'join/test_upgrade', 'join/upgrade_kit': 'join/test_upgrade',
  'join/upgrade_rehearsal': 'join/test_upgrade',
  'ledger/postgres/answer': 'tests/ledger', 'ledger/postgres/driver': 'tests/ledger',
  'ledger/postgres/failure': 'tests/ledger', 'ledger/postgres/query': 'tests/ledger', 'ledger/postgres/resolve': 'tests/ledger',
  'ledger/postgres/runs_query': 'tests/fleets', 'ledger/postgres/session': 'tests/ledger', 'ledger/postgres/spawner': 'tests/ledger',
  'live/progress': 'tests/use', 'live/look': 'live/test_inputs', 'live/scanner': 'live/test_refresh', 'cli/ask': 'tests/readers',
  'mount/fs': 'tests/mount', 'mount/session': 'tests/mount',
  'project/layout': 'join/test_v1',
  'report/finder': 'report/test_problems', 'report/problem': 'report/test_problems',
  'report/screen_table': 'report/test_screen', 'report/v1': 'tests/v1', 'report/sql_run': 'report/test_find_in_sql',
  'schema/catalog': 'tests/effects', 'schema/catalog_wanted': 'tests/effects', 'schema/facts': 'schema/test_fold', 'schema/fold_change': 'schema/test_fold',
  'schema/fold_choose': 'schema/test_fold', 'schema/fold_doubt': 'schema/test_fold', 'schema/fold_drop': 'schema/test_fold', 'schema/fold_make': 'schema/test_fold',
  'schema/fold_try': 'schema/test_fold', 'schema/keeper': 'schema/test_worker', 'schema/parse_change': 'schema/test_fold',
  'schema/parse_do': 'schema/test_fold', 'schema/parse_index': 'schema/test_fold', 'schema/parse_object': 'schema/test_fold',
  'schema/parse_opaque': 'schema/test_fold', 'schema/parse_statement': 'schema/test_fold', 'schema/parse_table': 'schema/test_fold', 'schema/sandbox': 'schema/test_worker',
  'schema/tree': 'schema/test_fold',
  'synthesis/snapshot_changes': 'synthesis/test_snapshot_unchanged', 'synthesis/snapshot_schema': 'synthesis/test_snapshot_undeclared',
  'synthesis/snapshot_search': 'synthesis/test_snapshot_undeclared', 'synthesis/snapshot_unchanged_names': 'synthesis/test_snapshot_unchanged',
  'synthesis/snapshot_folder': 'synthesis/test_snapshot_gaps', 'synthesis/snapshot_witness': 'tests/examples',
  'synthesis/snapshots_wanted': 'synthesis/test_snapshot_gaps',
};

// Headers that declare no function of ours, and what they declare.
const WITHOUT_SOURCE = {
  'folder/hooks': 'what a caller fills', 'ledger/driver': 'what each driver has a table of', 'mount/kernel': 'the version of libfuse',
  'report/base': 'records that a caller fills',
};

const sources = tree.sources.filter((file) => file.endsWith('.c') && file !== 'src/cli/main.c');
const modules = new Map(); // of sources: a module and one of its files
for (const file of sources) modules.set(tree.moduleOf(file), file);
const tests = walk('tests/unit').filter((file) => /\/test_\w+\.c$/.test(file));
const testOf = (module) => `tests/unit/${path.dirname(module)}/test_${path.basename(module)}`;
const isTestOf = (module, file) => file === `${testOf(module)}.c` || file.startsWith(`${testOf(module)}_`);

for (const folder of tree.folders.keys()) {
  const file = `src/${folder}/README.md`;
  const lines = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').length - 1 : 0;
  if (lines !== 3) complain(`${file}: a folder's README has three lines: what it knows, what it does not, who may call it`);
}
for (const [module, file] of modules) {
  if (!tree.headers.has(module)) complain(`${file} has no header`);
  const isTested = tests.some((test) => isTestOf(module, test)), elsewhere = TESTED_ELSEWHERE[module];
  if (!isTested && !elsewhere) complain(`${file} has no ${testOf(module)}.c`);
  if (tests.includes(`${testOf(module)}.c`) && elsewhere) complain(`${module} has a test of its own: it need not be tested elsewhere`);
}
for (const [module, elsewhere] of Object.entries(TESTED_ELSEWHERE)) {
  if (!modules.has(module)) complain(`${module} is tested elsewhere, and not there`);
  const at = elsewhere.startsWith('tests/') ? `${elsewhere}/run` : `tests/unit/${elsewhere}.c`;
  if (!fs.existsSync(at)) complain(`${module} is tested by ${at}, which is not there`);
}
for (const file of tests) {
  const stem = file.replace(/^tests\/unit\//, '').replace(/test_(\w+)\.c$/, '$1');
  if (!modules.has(tree.moduleOf(`src/${stem}.c`))) complain(`${file} tests no module`);
}
for (const file of tree.sources.filter((name) => name.endsWith('.h'))) {
  if (!modules.has(stemOf(file)) && !WITHOUT_SOURCE[stemOf(file)]) complain(`${file} has no source`);
}

// What is public is there for another folder, or for what is.
const texts = new Map(tree.sources.map((file) => [file, fs.readFileSync(file, 'utf8')]));
for (const file of tree.sources.filter((name) => name.startsWith('include/'))) {
  const included = `"${file.replace('include/', '')}"`;
  const mayRead = (other) => other !== file && (folderOf(other) !== folderOf(file) || other.startsWith('include/'));
  const isRead = [...texts].some(([other, text]) => mayRead(other) && text.includes(included));
  if (!isRead) complain(`${file}: no other folder includes it, so it belongs into src/${folderOf(file)}`);
}
