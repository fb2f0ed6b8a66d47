// A migfs that is built without the parser: it says so at each migration, and knows all else.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";

const without = process.env.MIGFS_WITHOUT, program = process.env.MIGFS, uri = process.env.MIGFS_TEST_URI;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "effects-without-"));
after(() => fs.rmSync(folder, { recursive: true }));
const entries = ["0000_a", "0001_b"].map((tag, idx) => ({ idx, version: "7", when: 1700000000000 + idx * 100000, tag, breakpoints: true }));
fs.mkdirSync(path.join(folder, "meta"));
fs.writeFileSync(path.join(folder, "meta/_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries }, null, 2));
for (const { tag } of entries) fs.writeFileSync(path.join(folder, `${tag}.sql`), `CREATE TABLE "${tag}" ("id" int);`);
const print = (of, file) => execFileSync(of, ["print", "--timeout=60", `--database=d=${uri}`, folder, file], { encoding: "utf8" });

test("-V names no parser", () => {
    assert.match(execFileSync(program, ["-V"], { encoding: "utf8" }), /libpg_query/);
    assert.doesNotMatch(execFileSync(without, ["-V"], { encoding: "utf8" }), /libpg_query/);
});

test("nothing of the parser is in it", () => {
    assert.match(execFileSync("nm", ["-D", "--undefined-only", program], { encoding: "utf8" }), /pg_query_parse/);
    assert.doesNotMatch(execFileSync("nm", ["-D", "--undefined-only", without], { encoding: "utf8" }), /pg_query/);
});

test("every line of effects reads that they are not built in", () => {
    for (const { tag } of entries) {
        const lines = print(without, `status/${tag}`).split("\n").filter((line) => line.startsWith("effects"));
        assert.deepEqual(lines, ["effects: not built in", "effects d: not built in"]);
    }
    for (const it of JSON.parse(print(without, "status.json")).migrations) assert.equal(it.effects.state, "unknown");
    assert.equal(print(without, "databases/d/baseline.sql"), "");
});

test("all else is the same", () => {
    for (const file of ["_journal.json", "databases/d/next", "databases/d/ledger", "databases/overview"]) assert.equal(print(without, file), print(program, file));
    assert.equal(spawnSync(without, ["check", `--database=d=${uri}`, folder]).status, spawnSync(program, ["check", `--database=d=${uri}`, folder]).status);
});

// The compiler finds its own headers whatever cmake is told not to look at.
test("where libpg_query is not installed the build says what to do", () => {
    const build = path.join(folder, "build");
    const configure = (...options) => spawnSync("cmake", ["-S", ".", "-B", build, "-G", "Ninja", "-DMIGFS_TESTS=OFF", "-DCMAKE_IGNORE_PATH=/usr/include;/usr/local/include", ...options], { encoding: "utf8" });
    const { status, stderr } = configure();
    assert.notEqual(status, 0);
    assert.match(stderr.replaceAll(/\s+/g, " "), /libpg_query is missing \(Debian: libpg-query-dev\)\. -DMIGFS_EFFECTS=OFF builds a migfs that knows the ledgers alone/);
    assert.equal(configure("-DMIGFS_EFFECTS=OFF").status, 0);
});
