// Writes a history as drizzle-kit would have left it: SQL files, journal and every snapshot.
//
//     node make.mjs FOLDER SEED STEPS
import fs from "node:fs";
import path from "node:path";
import { History } from "./history.mjs";
import { fileOf, snapshotOf, statements } from "./kit.mjs";

export async function make(folder, seed, steps) {
    const history = new History(seed);
    let before = snapshotOf({}, undefined);
    const entries = [];
    fs.mkdirSync(path.join(folder, "meta"), { recursive: true });
    while (entries.length < steps) {
        const state = history.state();
        if (entries.length > 0) history.step();
        let after, list;
        try {
            after = snapshotOf(history.build(), entries.length > 0 ? before.id : undefined);
            list = await statements(before, after, history.renamed);
        } catch (error) { // where drizzle-kit itself gives up
            if (process.env.SAY) console.error(error.message);
            Object.assign(history, state);
            continue;
        }
        if (list.length === 0) continue;
        const idx = entries.length;
        const prefix = String(idx).padStart(4, "0");
        const tag = `${prefix}_step`;
        fs.writeFileSync(path.join(folder, `${tag}.sql`), fileOf(list));
        fs.writeFileSync(path.join(folder, "meta", `${prefix}_snapshot.json`), JSON.stringify(after, null, 2));
        entries.push({ idx, version: "7", when: 1700000000000 + idx * 60000, tag, breakpoints: true });
        before = after;
    }
    fs.writeFileSync(path.join(folder, "meta", "_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries }, null, 2));
}

if (process.argv[1] === import.meta.filename || process.argv[1]?.endsWith("/make.mjs")) {
    await make(process.argv[2], Number(process.argv[3]), Number(process.argv[4]));
}
