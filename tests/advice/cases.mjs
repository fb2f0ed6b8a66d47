// All cases. Each: `code`, the `step` or steps that its sentence names (steps.mjs), `make`, which makes the situation in a world, and
// what a step needs that no sentence can hold: `write`, what the reader writes; `to`, a name of the reader's choice; `isTrue`, which of
// several lines are true. `then`: what the sentence says comes after it. `leaves`: codes that stay, since they are of other causes.
import { base } from './cases_base.mjs';
import { effects } from './cases_effects.mjs';
import { elsewhere } from './cases_elsewhere.mjs';
import { inFolder } from './cases_folder.mjs';
import { inJournal } from './cases_journal.mjs';
import { inLedgers } from './cases_ledgers.mjs';
import { migrations } from './cases_migrations.mjs';
import { snapshots } from './cases_snapshots.mjs';
import { upgrade } from './cases_upgrade.mjs';
import { v1 } from './cases_v1.mjs';

export const cases = [...migrations, ...inJournal, ...inFolder, ...inLedgers, ...effects, ...snapshots, ...base, ...v1, ...elsewhere, ...upgrade];
