// The rehearsal of the upgrade against the real first run of drizzle v1, on random 0.x projects and ledgers; of each fifteenth the folder
// is converted by the real `drizzle-kit up`. Prints TAP.
//
//     node rehearsal_test.mjs MIGFS SCRATCH [SEED [COUNT]]
import assert from "node:assert";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { Random } from "../lib/random.mjs";
import { convert, Database, folderName, randomLedger, randomProject, sha256, stopConverting, writeFolders, writeProject } from "./world.mjs";

const [program, scratch, seed = "1", count = "300"] = process.argv.slice(2);
const source = path.join(scratch, "source"), folders = path.join(scratch, "folders");
const database = await Database.open("rehearsal");

function rehearse() {
    const text = execFileSync(program, ["print", `--database=db=${database.uri}`, source, "status.json"], { encoding: "utf8" });
    return JSON.parse(text).upgrade;
}

// Converts the project into `folders`; whether drizzle-kit takes it, as the rehearsal says.
async function takes(kit) {
    fs.rmSync(folders, { recursive: true, force: true });
    fs.cpSync(source, folders, { recursive: true });
    const { isTaken, text } = await convert(folders);
    assert.strictEqual(kit.length === 0, isTaken, `${JSON.stringify(kit)}\n${text}`);
    seen.converted += isTaken;
    seen.refused += !isTaken;
    return isTaken;
}

const EACH = 15; // twenty of 300
const seen = { converted: 0, refused: 0, throws: 0, aborts: 0, runs: 0, nothing: 0 };
let failures = 0;
for (let at = Number(seed); at < Number(seed) + Number(count); at++) {
    const random = new Random(at);
    const migrations = randomProject(random);
    const names = migrations.map(({ when, tag }) => folderName(when, tag));
    if (new Set(names).size < names.length) continue; // such a folder breaks half-way, and kit_test.mjs has it
    const { rows, there } = randomLedger(random, migrations);
    database.port = at % 5 === 0 ? null : process.env.MIGFS_TEST_POOLER_PORT;
    try {
        writeProject(source, migrations);
        await database.reset(rows);
        await database.query(there);
        const said = rehearse();
        assert.deepStrictEqual(Object.values(said.names), names);
        if (at % EACH !== 0 || !(await takes(said.kit))) writeFolders(folders, migrations);
        const real = await database.runV1(folders);
        const its = said.databases.db;
        const ids = /ids: ([\d, ]+)\)/.exec(real.error?.message ?? "")?.[1].split(", ").map(Number) ?? [];
        const aborts = real.error?.cause?.code === "42P07"; // its table is there already
        assert.strictEqual(its.throws, real.error !== null && !aborts, real.error?.message);
        assert.strictEqual(its.aborts !== null, aborts, `${its.aborts}: ${real.error?.cause}`);
        assert.deepStrictEqual(its.unmatched, ids);
        assert.deepStrictEqual(aborts ? [] : its.runs, real.names);
        const markOf = new Map(migrations.map(({ text }, i) => [names[i], /'(.*)'/.exec(text)[1]]));
        assert.deepStrictEqual(real.names.map((name) => markOf.get(name)), real.marks);
        if (aborts) assert.match(String(real.error.cause), new RegExp(`relation "${its.aborts}" already exists`));
        seen[aborts ? "aborts" : real.error ? "throws" : real.names.length ? "runs" : "nothing"]++;
    } catch (error) {
        failures++;
        console.log(`# seed ${at}: ${error.message.replaceAll("\n", "\n# ")}`);
        console.log(`# ${JSON.stringify({ migrations: migrations.map(({ tag, when, text }) => [tag, when, sha256(text).slice(0, 8)]), rows, there })}`);
    }
}
await database.close();
stopConverting();
console.log(`# drizzle-kit converted ${seen.converted} folders and refused ${seen.refused}`);
console.log(`# it threw ${seen.throws} times, aborted ${seen.aborts} times, ran something ${seen.runs} times, and nothing ${seen.nothing} times`);
console.log(`${failures || !seen.throws || !seen.aborts || !seen.runs || !seen.nothing || !seen.converted ? "not ok" : "ok"} - the rehearsal foretells the first run of v1, ${count} times`);
