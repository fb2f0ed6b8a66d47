// Compares the number that a `when` is with what JavaScript makes of it. Prints TAP.
//
//     node when.mjs JSON-WHENS [SEED [COUNT]]
import { spawnSync } from "node:child_process";
import { Random } from "../lib/random.mjs";

const [program, seed = "1", count = "20000"] = process.argv.slice(2);

const generator = new Random(Number(seed));
const random = (below) => generator.below(below);
const pick = (list) => generator.pick(list);
const times = (most, make) => Array.from({ length: random(most + 1) }, make).join("");
const blanks = [..." \t\n\v\f\r\u00a0\u1680\u2000\u2005\u200a\u2028\u2029\u202f\u205f\u3000\ufeff", "\u200b", "\u180e", "\u0085"];
const pieces = [..."0123456789", ..."0123456789", "+", "-", ".", "e", "E", "0x", "0X", "0o", "0b", "0B", "_", "n", "Infinity", "inf", "NaN",
    "nan", "a", "F", "p", ",", "1750000000000", "9007199254740993", "1e400", "5e-324", "\u0665", "\0", "\ud800", ...blanks];

const digits = (set, most) => pick(set) + times(most, () => pick(set));
const strings = [
    () => times(2, () => pick(blanks)) + times(6, () => pick(pieces)) + times(2, () => pick(blanks)),
    () => pick(["", "", "+", "-"]) + digits([..."0123456789"], 22) + pick(["", ".", "." + digits([..."0123456789"], 22)]) +
        pick(["", "", pick("eE") + pick(["", "+", "-"]) + digits([..."0123456789"], 2)]),
    () => pick(["0x", "0X"]) + digits([..."0123456789abcdefABCDEF"], 40),
    () => pick(["0o", "0O"]) + digits([..."01234567"], 60),
    () => pick(["0b", "0B"]) + digits([..."01"], 120),
    () => "0x" + pick(["1", "2", "3"]) + "0".repeat(random(20)) + pick(["", "1", "8", "800000001"]) + "0".repeat(random(16)),
];
const string = () => pick(strings)();

function value(depth) {
    const kind = random(depth > 5 ? 4 : 8);
    if (kind < 3) return string();
    if (kind === 3) return pick([0, -0, 5, 1.5, 1e21, 1e-7, 1750000000000, 2 ** 53, -1, null, true, false]);
    if (kind === 4) return pick([{}, { a: 1 }]);
    return Array.from({ length: pick([0, 1, 1, 1, 1, 2]) }, () => value(depth + 1));
}

function bits(number) {
    if (Number.isNaN(number)) return "NaN0000000000000000";
    const buffer = Buffer.alloc(8);
    buffer.writeDoubleBE(number);
    return buffer.toString("hex");
}

function compare(sentence, values) {
    const input = values.map((given) => JSON.stringify(given) + "\n").join("");
    const run = spawnSync(program, { input, maxBuffer: 1 << 28 });
    if (run.status !== 0) throw new Error(`${program} ended with ${run.status ?? run.signal}: ${run.stderr}`);
    const found = run.stdout.toString().trimEnd().split("\n");
    // What JSON.stringify does not keep (-0, a lone surrogate written as an escape) is taken as it is read again.
    const wanted = values.map((given) => bits(Number(JSON.parse(JSON.stringify(given)))));
    const wrong = values.filter((_, i) => found[i] !== wanted[i]);
    console.log(`${wrong.length > 0 ? "not ok" : "ok"} - ${sentence} (${values.length} values)`);
    for (const given of wrong.slice(0, 10)) console.log(`    ${JSON.stringify(given)}: ${found[values.indexOf(given)]}`);
    if (wrong.length > 0) process.exitCode = 1;
}

compare(`a when that is a string is the number that JavaScript makes of it, seed ${seed}`, Array.from({ length: Number(count) }, string));
compare(`and any other value, too, seed ${seed}`, Array.from({ length: Number(count) }, () => value(0)));
