// Compares what json-values says of texts with what JSON.parse does. Prints TAP.
//
//     node compare.mjs JSON-VALUES [SEED [COUNT]]
import { spawnSync } from "node:child_process";
import { corpus } from "./corpus.mjs";
import { Random } from "../lib/random.mjs";

const [program, seed = "1", count = "20000"] = process.argv.slice(2);
const longest = 4096; // of a text whose value is compared, as in values.c

// ---- what node says ----

function string(text) {
    return "s" + Buffer.from(text, "utf8").toString("hex");
}

function number(value) {
    const bits = Buffer.alloc(8);
    bits.writeDoubleBE(value);
    return "n" + bits.toString("hex");
}

// Lone surrogates become U+FFFD, so two keys may become one; which of them is last, JavaScript does not tell.
class TwoInOne extends Error {}

function members(value) {
    const keys = Object.keys(value).map((key) => [string(key), value[key]]);
    keys.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    if (keys.some(([key], i) => i > 0 && key === keys[i - 1][0])) throw new TwoInOne();
    return keys.map(([key, member]) => `${key}:${print(member)},`).join("");
}

function print(value) {
    if (value === null) return "z";
    if (value === true) return "t";
    if (value === false) return "f";
    if (typeof value === "string") return string(value);
    if (typeof value === "number") return number(value);
    return Array.isArray(value) ? `[${value.map((element) => print(element) + ",").join("")}]` : `{${members(value)}}`;
}

function expected(bytes) {
    let value;
    try {
        value = JSON.parse(bytes.toString());
    } catch {
        return "-";
    }
    try {
        return bytes.length <= longest ? "+" + print(value) : "+";
    } catch (error) {
        if (error instanceof TwoInOne) return null;
        throw error;
    }
}

// What JSON.stringify makes of it, in hexadecimal.
function stringified(bytes) {
    let value;
    try {
        value = JSON.parse(bytes.toString());
    } catch {
        return "-";
    }
    return "+" + Buffer.from(JSON.stringify(value, null, 2)).toString("hex");
}

// At most so deep, whatever it is.
function depth(text) {
    let now = 0;
    let most = 0;
    for (const [bracket] of text.replace(/"(\\.|[^"\\])*"/gs, "").matchAll(/[[\]{}]/g)) {
        now += bracket === "[" || bracket === "{" ? 1 : -1;
        most = Math.max(most, now);
    }
    return most;
}

// ---- comparing ----

function answers(texts, ...mode) {
    const input = texts.flatMap((bytes) => {
        const length = Buffer.alloc(4);
        length.writeUInt32LE(bytes.length);
        return [length, bytes];
    });
    const run = spawnSync(program, mode, { input: Buffer.concat(input), maxBuffer: 1 << 30 });
    if (run.status !== 0) throw new Error(`${program} ended with ${run.status ?? run.signal}: ${run.stderr}`);
    return run.stdout.toString("latin1").trimEnd().split("\n");
}

function compare(sentence, texts) {
    tell(sentence, texts, answers(texts), expected, (wanted, found) => (wanted === null ? found[0] === "+" : found === wanted));
    const trees = texts.filter((bytes) => depth(bytes.toString()) <= 1000); // deeper ones cJSON does not take
    tell(`${sentence}, as trees`, trees, answers(trees, "tree"), stringified, (wanted, found) => found === wanted);
}

function tell(sentence, texts, found, expected, isRight) {
    const wrong = texts.filter((bytes, i) => !isRight(expected(bytes), found[i]));
    const accepted = found.filter((line) => line[0] === "+").length;
    console.log(`${wrong.length > 0 ? "not ok" : "ok"} - ${sentence} (${texts.length} texts, ${accepted} of them JSON)`);
    for (const bytes of wrong.slice(0, 10)) {
        const at = texts.indexOf(bytes);
        console.log(`    ${JSON.stringify(bytes.subarray(0, 200).toString("latin1"))}\n    ${expected(bytes)}\n    ${found[at]}`);
    }
    if (wrong.length > 0) process.exitCode = 1;
}

// ---- making texts, the same for the same seed ----

const generator = new Random(Number(seed));
const random = (below) => generator.below(below);
const pick = (list) => generator.pick(list);
const times = (most, make) => Array.from({ length: random(most + 1) }, make);
const blank = () => (random(3) === 0 ? times(3, () => pick([" ", "\t", "\n", "\r"])).join("") : "");
const digits = (most) => pick("123456789") + times(most, () => pick("0123456789")).join("");
const hex = () => Array.from({ length: 4 }, () => pick("0123456789abcdefABCDEF")).join("");
const piece = () =>
    pick([
        () => pick(["a", "tag", "when", "idx", "0000_x", " ", "/", "\x7f", "é", "€", "\u{1f600}", "\u2028", "\ufeff"]),
        () => "\\" + pick('"\\/bfnrt'),
        () => "\\u" + hex(),
        () => "\\ud8" + hex().slice(2),
        () => "\\udc" + hex().slice(2),
        () => "\\ud83d\\ude0" + pick("0123456789abcdef"),
    ])();
const makeString = () => `"${times(4, piece).join("")}"`;
const makeNumber = () =>
    (random(3) === 0 ? "-" : "") + (random(4) === 0 ? "0" : digits(20)) + (random(3) === 0 ? "." + pick("0123456789") + digits(18) : "") +
    (random(4) === 0 ? pick("eE") + pick(["", "+", "-"]) + digits(2) : "");

function makeValue(depth) {
    const kind = random(depth > 4 ? 5 : 8);
    if (kind === 0) return pick(["true", "false", "null"]);
    if (kind <= 2) return makeNumber();
    if (kind <= 4) return makeString();
    const element = () => blank() + makeValue(depth + 1) + blank();
    const member = () => blank() + (random(4) === 0 ? '"tag"' : makeString()) + blank() + ":" + element();
    return kind <= 5 ? `[${times(4, element).join(",") || blank()}]` : `{${times(4, member).join(",") || blank()}}`;
}

function makeJournal() {
    const entry = () => ({ idx: random(20), version: "7", when: 1757494035694 + random(1e9), tag: `00${random(90)}_x`, breakpoints: true });
    return JSON.stringify({ version: "7", dialect: "postgresql", entries: times(5, entry) }, null, random(4));
}

const makeText = () => Buffer.from(random(4) === 0 ? makeJournal() : blank() + makeValue(0) + blank());

const bits = ["", ",", ":", "[", "]", "{", "}", '"', "\\", "\\u", "\\ud83d", "0", "-", ".", "e", "E+", "1e999", "\0", "\n", "\x1f", "\x7f", "/",
    "true", "nul", "'", "\xff", "\xe2\x82", "\xc0\xaf", "\xed\xa0\x80", "\xef\xbb\xbf", "\xc2\xa0", "<<<<<<< HEAD\n"].map((text) => Buffer.from(text, "latin1"));

// Replaces, takes out, puts in, doubles or cuts off, once or a few times.
function mutate(bytes) {
    for (let turns = 1 + random(3); turns > 0; turns--) {
        const from = random(bytes.length + 1);
        const to = Math.min(bytes.length, from + random(4));
        const put = random(4) === 0 ? bytes.subarray(from, Math.min(bytes.length, from + random(30))) : pick(bits);
        bytes = Buffer.concat([bytes.subarray(0, from), put, random(12) === 0 ? Buffer.alloc(0) : bytes.subarray(to)]);
    }
    return bytes;
}

// ---- the tests ----

for (const [kind, texts] of Object.entries(corpus)) {
    compare(`texts made by hand are taken as JSON.parse takes them: ${kind}`, texts);
}

// Every power of two that a double has, where shortest digits are hardest to find, with its neighbours; and doubles of random bits.
function doubles() {
    const bits = new DataView(new ArrayBuffer(8));
    const of = (number) => (bits.setBigUint64(0, number), bits.getFloat64(0));
    const powers = Array.from({ length: 2046 }, (_, exponent) => [-1n, 0n, 1n].map((by) => of((BigInt(exponent + 1) << 52n) + by))).flat();
    const word = () => BigInt(random(2 ** 32));
    const any = Array.from({ length: Number(count) }, () => of((word() << 32n) | word())).filter(Number.isFinite);
    const short = Array.from({ length: Number(count) / 4 }, () => Number(`${random(1e6)}e${random(60) - 30}`));
    return [...powers, ...any, ...short].map((number) => Buffer.from(String(number)));
}

compare("every power of two and doubles of random bits come back as they are", doubles());
const keys = ["2", "1", "10", "01", "-1", "0", "4294967294", "4294967295", "4294967296", "1e3", "a", "", "__proto__", "9007199254740993"];
const object = () => `{${times(20, () => `"${pick(keys)}":${random(9)}`).join(",")}}`;
compare("members stand where JavaScript puts them", Array.from({ length: 1000 }, () => Buffer.from(object())));
const made = Array.from({ length: Number(count) }, makeText);
compare(`generated texts are taken as JSON.parse takes them, seed ${seed}`, made);
compare(`mutated texts are taken as JSON.parse takes them, seed ${seed}`, [...made, ...made].map(mutate));
compare("and mutated texts of the corpus", Array.from({ length: Number(count) / 4 }, () =>
    mutate(pick([...corpus.structure, ...corpus.words, ...corpus.numbers, ...corpus.strings, ...corpus.encodings]))));
