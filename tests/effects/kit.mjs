// What the real drizzle-kit writes for random changes of a schema, one migration after another.
import { History } from "../snapshots/history.mjs";
import { snapshotOf, statements } from "../snapshots/kit.mjs";

// Yields the statements of each. Not all that drizzle-kit writes can be run: the histories have checks and defaults of other types than their
// columns.
export async function* kitMigrations(seed, most) {
    const history = new History(seed);
    let before = snapshotOf({}, undefined), made = 0;
    for (let tries = 0; made < most && tries < 10 * most; tries++) {
        const state = history.state();
        if (made > 0) history.step();
        try {
            const after = snapshotOf(history.build(), made > 0 ? before.id : undefined);
            const list = await statements(before, after, history.renamed);
            before = after;
            if (list.length > 0) {
                made++;
                yield list;
            }
        } catch { // where drizzle-kit itself gives up
            Object.assign(history, state);
        }
    }
}
