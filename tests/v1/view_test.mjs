// A mounted folder of drizzle v1: its migrations/ is the folder, name for name and byte for byte, and stays so. Prints TAP.
//
//     node view_test.mjs MIGFS SCRATCH
import assert from "node:assert";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const [program, scratch] = process.argv.slice(2);
const source = path.join(scratch, "v1-view", "drizzle"), view = path.join(scratch, "v1-view", "view");

function write(files) {
    for (const [file, text] of Object.entries(files)) {
        fs.mkdirSync(path.dirname(path.join(source, file)), { recursive: true });
        fs.writeFileSync(path.join(source, file), text);
    }
}

// Every name below a folder, with what it is and holds; an empty folder counts. A link is what it leads to, and of a folder behind one the
// files that v1 reads are there.
function contents(folder, wanted = () => true) {
    const all = {};
    for (const name of fs.readdirSync(folder).filter(wanted)) {
        const file = path.join(folder, name);
        const isRead = fs.lstatSync(file).isSymbolicLink() ? (it) => ["migration.sql", "snapshot.json"].includes(it) : () => true;
        all[name] = fs.statSync(file).isDirectory() ? contents(file, isRead) : fs.readFileSync(file, "latin1");
    }
    return all;
}

const sync = () => execFileSync("sync", [path.join(view, "problems")]);

write({
    "20250101000000_a/migration.sql": "create table a (id integer);\n",
    "20250101000000_a/snapshot.json": "{\"version\":\"8\"}",
    "20250102000000_b/migration.sql": "create table b (id integer);\r\n--> statement-breakpoint\r\nselect '\xff\0';",
    "20250102000000_b/notes.md": "by hand\n",
    "20250103000000_empty/migration.sql": "",
    "flat.sql": "select 1;\n",
    "no date/migration.sql": "select 2;\n",
    "README.md": "# migrations\n",
});
fs.mkdirSync(path.join(source, "20250104000000_without"));
fs.symlinkSync("20250101000000_a", path.join(source, "20250105000000_link"));
fs.symlinkSync("migration.sql", path.join(source, "20250101000000_a", "again.sql"));
fs.mkdirSync(view);
execFileSync(program, ["--no-database", source, view], { stdio: "ignore" });
try {
    assert.deepStrictEqual(contents(path.join(view, "migrations")), contents(source));
    assert.ok(!fs.existsSync(path.join(view, "_journal.json")));
    console.log("ok - v1: migrations/ of a mount is the folder, and nothing is added");
    write({ "20250106000000_later/migration.sql": "select 3;\n", "20250102000000_b/notes.md": "longer than before\n" });
    fs.rmSync(path.join(source, "no date"), { recursive: true });
    fs.renameSync(path.join(source, "20250103000000_empty"), path.join(source, "20250103000000_renamed"));
    sync();
    assert.deepStrictEqual(contents(path.join(view, "migrations")), contents(source));
    console.log("ok - v1: what is added, edited, renamed and deleted is so there after a sync");
} catch (error) {
    console.log("not ok - v1: migrations/ of a mount is the folder");
    console.log(`# ${error.stack.replaceAll("\n", "\n# ")}`);
    process.exitCode = 1;
} finally {
    execFileSync(process.getuid() === 0 ? "umount" : "fusermount3", process.getuid() === 0 ? [view] : ["-u", view]);
}
