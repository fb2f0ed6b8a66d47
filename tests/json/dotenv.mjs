// Compares the variables that a file like .env has with those that the package dotenv finds. Prints TAP.
//
//     node dotenv.mjs JSON-DOTENVS NODE [SEED [COUNT]]        NODE: a folder whose node_modules has dotenv
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { Random } from "../lib/random.mjs";

const [program, folder, seed = "1", count = "20000"] = process.argv.slice(2);
const { parse } = createRequire(resolve(folder, "package.json"))("dotenv");

const generator = new Random(Number(seed));
const random = (below) => generator.below(below);
const pick = (list) => generator.pick(list);
const times = (most, make) => Array.from({ length: random(most + 1) }, make).join("");
const blank = () => pick([" ", " ", "\t", "  ", "\u00a0", "\ufeff", "\u2003", "\v", "\f"]);
const end = () => pick(["\n", "\n", "\n", "\r\n", "\r\n", "\r", "\n\n", "\u2028", "\u2029"]);
const name = () => pick(["URL", "DATABASE_URL", "A", "B.c-d", "export", "exports", "1", "é", "a b"]);
const piece = () => pick(["a", "postgres://u:p@h/d", "#", "'", '"', "`", "\\", "\\n", "\\r", "\\'", '\\"', "\\`", "=", ":", "$", "${A}", "é", "😀", " ", "\t", "\0",
    "\u200b", ...[blank(), end()].slice(random(2))]);
const value = () => { const quote = pick(["'", '"', "`", "", ""]); return quote + times(6, piece) + pick([quote, quote, quote, ""]); };
const line = () => times(2, blank) + pick(["", "", "", "export" + times(2, blank)]) + name() + times(1, blank) + pick(["=", "=", "=", ":", ": ", ""]) + times(2, blank) +
    value() + times(2, blank) + pick(["", "", "# " + times(4, piece)]) + pick([end(), end(), end(), ""]);
const text = () => pick(["", "", "\ufeff"]) + times(5, () => pick([line, line, line, () => "# " + times(4, piece) + end(), () => times(8, piece)])());

const texts = Array.from({ length: Number(count) }, text);
const input = Buffer.concat(texts.map((it) => Buffer.from(it)).flatMap((bytes) => [Buffer.from(`${bytes.length}\n`), bytes]));
const run = spawnSync(program, { input, maxBuffer: 1 << 28 });
if (run.status !== 0) throw new Error(`${program} ended with ${run.status ?? run.signal}: ${run.stderr}`);
const found = run.stdout.toString().split("\n");
const read = (hex) => Buffer.from(hex, "hex").toString();
const variables = (line) => Object.fromEntries(line.trim().split(" ").filter(Boolean).map((it) => it.split("=").map(read)));
// A value is a C string: what follows a NUL is not looked at.
const cut = (values) => Object.fromEntries(Object.entries(values).map(([key, it]) => [key, it.split("\0")[0]]));
const wrong = texts.filter((it, i) => JSON.stringify(variables(found[i])) !== JSON.stringify(cut(parse(it))));
const total = texts.reduce((sum, it) => sum + Object.keys(parse(it)).length, 0);
console.log(`${wrong.length > 0 ? "not ok" : "ok"} - a .env has the variables that dotenv finds in it (${texts.length} texts, ${total} variables)`);
for (const it of wrong.slice(0, 10)) console.log(`    ${JSON.stringify(it)}: ${JSON.stringify(variables(found[texts.indexOf(it)]))} instead of ${JSON.stringify(cut(parse(it)))}`);
if (wrong.length > 0) process.exitCode = 1;
