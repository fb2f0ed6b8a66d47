// What the rehearsal says of `drizzle-kit up` against the real one: faults planted one at a time and together. Prints TAP.
//
//     node kit_test.mjs MIGFS SCRATCH [SEED [COUNT]]
import assert from "node:assert";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { Random } from "../lib/random.mjs";
import { convert, convertApart, folderName, stopConverting, writeProject } from "./world.mjs";

const [program, scratch, seed = "1", count = "12"] = process.argv.slice(2);
const A = 1735689600611, B = 1735776001324, C = 1735862402093;
const project = () => [["0000_a", A], ["0001_b", B], ["0002_c", C]].map(([tag, when]) => ({ tag, when, text: `CREATE TABLE ${tag.slice(5)}(id int);` }));

const snapshotOf = (folder, number) => path.join(folder, `meta/${number}_snapshot.json`);
function editSnapshot(folder, number, edit) {
    const file = snapshotOf(folder, number), snapshot = JSON.parse(fs.readFileSync(file, "utf8"));
    edit(snapshot);
    fs.writeFileSync(file, JSON.stringify(snapshot, null, 2));
}
function editEntries(folder, edit) {
    const file = path.join(folder, "meta/_journal.json"), journal = JSON.parse(fs.readFileSync(file, "utf8"));
    edit(journal.entries);
    fs.writeFileSync(file, JSON.stringify(journal, null, 2));
}

// What is planted, the code that the rehearsal gives, and the tag it names; null for what drizzle-kit takes.
const faults = {
    "nothing": [() => {}, null],
    "a snapshot gone": [(folder) => fs.rmSync(snapshotOf(folder, "0001")), "no-snapshot", "0001_b"],
    "a timestamp below its parent's": [(folder) => editEntries(folder, (entries) => (entries[2].when = B - 5000)), "order", "0002_c"],
    "two in one second, in order": [(folder) => editEntries(folder, (entries) => (entries[2].when = B + 100)), null],
    "two in one second, against their names": [(folder) => {
        editEntries(folder, (entries) => ((entries[1].when = C), (entries[1].tag = "0001_z")));
        fs.renameSync(path.join(folder, "0001_b.sql"), path.join(folder, "0001_z.sql"));
    }, "order", "0002_c"],
    "SQL gone": [(folder) => fs.rmSync(path.join(folder, "0001_b.sql")), "no-sql", "0001_b"],
    "SQL under another name with its number": [(folder) => fs.renameSync(path.join(folder, "0001_b.sql"), path.join(folder, "0001_x.sql")), null],
    "SQL gone and two with its number": [(folder) => {
        fs.renameSync(path.join(folder, "0001_b.sql"), path.join(folder, "0001_x.sql"));
        fs.writeFileSync(path.join(folder, "0001_y.sql"), "select 1;");
    }, "several-sql", "0001_b"],
    "an unlisted file": [(folder) => fs.writeFileSync(path.join(folder, "0004_e.sql"), "select 1;"), null],
    "a tag twice": [(folder) => editEntries(folder, (entries) => entries.push({ ...entries[2], idx: 3, when: C + 5000 })), "doubled-tag", "0002_c"],
    "two that become one folder": [(folder) => {
        editEntries(folder, (entries) => entries.push({ ...entries[2], idx: 3, when: C + 100, tag: "0003_c" }));
        fs.writeFileSync(path.join(folder, "0003_c.sql"), "select 1;");
        fs.copyFileSync(snapshotOf(folder, "0002"), snapshotOf(folder, "0003"));
        editSnapshot(folder, "0003", (snapshot) => ((snapshot.prevId = snapshot.id), (snapshot.id = "00000000-0000-4000-8000-000000000003")));
    }, "same-folder", "0003_c"],
    "a parent that is not there": [(folder) => editSnapshot(folder, "0002", (it) => (it.prevId = "00000000-0000-4000-8000-00000000000d")), "no-parent", "0002_c"],
    "two without a parent": [(folder) => editSnapshot(folder, "0002", (it) => (it.prevId = "00000000-0000-0000-0000-000000000000")), "two-firsts", "0002_c"],
    "a snapshot that is no JSON": [(folder) => fs.appendFileSync(snapshotOf(folder, "0001"), "}"), "bad-snapshot", "0001_b"],
    "a snapshot of a version to come": [(folder) => editSnapshot(folder, "0001", (it) => (it.version = "10")), "snapshot-version", "0001_b"],
    "a snapshot without a version": [(folder) => editSnapshot(folder, "0001", (it) => delete it.version), "snapshot-version", "0001_b"],
    "a journal that is no JSON": [(folder) => fs.appendFileSync(path.join(folder, "meta/_journal.json"), "]"), "no-journal", null],
    "an entry without a tag": [(folder) => editEntries(folder, (entries) => entries.push({ idx: 3, when: C + 5000 })), "bad-entry", ""],
    "a timestamp that is a string": [(folder) => editEntries(folder, (entries) => (entries[2].when = "soon")), null],
    "a timestamp that is a string of digits": [(folder) => editEntries(folder, (entries) => (entries[2].when = String(C))), null],
    "a timestamp with a fraction": [(folder) => editEntries(folder, (entries) => (entries[2].when = C + 0.5)), null],
};

function rehearse(folder) {
    return JSON.parse(execFileSync(program, ["print", "--no-database", folder, "status.json"], { encoding: "utf8" })).upgrade;
}

const names = (folder) => fs.readdirSync(folder).filter((name) => fs.existsSync(path.join(folder, name, "migration.sql"))).sort();
const flat = (folder) => fs.readdirSync(folder).filter((name) => name.endsWith(".sql")).sort();

async function compare(folder, code, tag) {
    const said = rehearse(folder);
    const { isTaken, text } = await convert(folder);
    assert.strictEqual(said.kit.length === 0, isTaken, `${JSON.stringify(said.kit)}\n${text}`);
    if (code !== undefined) assert.deepStrictEqual(said.kit.map((it) => [it.code, it.tag]), code === null ? [] : [[code, tag]]);
    if (!isTaken) return;
    assert.deepStrictEqual(Object.values(said.names).sort(), names(folder));
    assert.deepStrictEqual(said.left, flat(folder));
}

async function test(name, body) {
    try {
        await body();
        console.log(`ok - up: ${name}`);
    } catch (error) {
        console.log(`not ok - up: ${name}`);
        console.log(`# ${error.message.replaceAll("\n", "\n# ")}`);
    }
}

const folder = path.join(scratch, "kit", "drizzle");
for (const [name, [plant, code, tag]] of Object.entries(faults)) {
    await test(name, async () => {
        writeProject(folder, project());
        plant(folder);
        await compare(folder, code, tag);
    });
}
await test("a process of its own says the same", async () => {
    const outcomes = new Set();
    for (const name of ["nothing", "a snapshot gone"]) {
        const [plant] = faults[name];
        const said = [];
        for (const by of [convert, convertApart]) {
            writeProject(folder, project());
            plant(folder);
            said.push({ ...(await by(folder)), names: names(folder), flat: flat(folder) });
        }
        assert.deepStrictEqual(said[0], said[1]);
        outcomes.add(said[0].isTaken);
    }
    assert.strictEqual(outcomes.size, 2);
});
await test(`${count} folders with faults at random`, async () => {
    for (let at = Number(seed); at < Number(seed) + Number(count); at++) {
        const random = new Random(at);
        writeProject(folder, project());
        for (const [, [plant]] of Object.entries(faults)) {
            try {
                if (random.chance(0.1)) plant(folder);
            } catch {
                // what one fault took away, another cannot change
            }
        }
        await compare(folder);
    }
});
stopConverting();
