// Compares what v1-names says of folder names with what node does where the drizzle v1 runner and drizzle-kit up ask it. Prints TAP.
//
//     node names_test.mjs V1-NAMES [SEED [COUNT]]
import { spawnSync } from "node:child_process";

const [program, seed = "1", count = "20000"] = process.argv.slice(2);

let state = BigInt(seed) * 2n + 1n;
function random(limit) {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number((state >> 33n) % BigInt(limit));
}
const pick = (list) => list[random(list.length)];

const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).concat("\t", "\n", "\x01", "\x7f");
const accented = Array.from({ length: 0x180 - 0xc0 }, (_, i) => String.fromCharCode(0xc0 + i)).filter((letter) =>
    /^[a-z]\p{M}$/iu.test(letter.normalize("NFD")),
);
const few = ["a", "A", "á", "b", "_", "-", " ", "1", "Z"];
const name = () => Array.from({ length: random(6) }, () => pick(random(3) ? few : random(2) ? ascii : accented)).join("");
const digits = () => Array.from({ length: 4 + random(14) }, () => random(10)).join("");
const odd = ["-", "+", " ", "\u00a0", "\ufeff", "x", "é", "😀", "_", ".", "\u2029", "0"];
function dated() {
    const characters = Array.from(random(3) ? `2025${digits()}` : digits());
    for (let i = random(3); i > 0; i--) characters.splice(random(characters.length + 1), random(2), pick(odd));
    return characters.join("") + "_a";
}

// As formatToMillis() of drizzle-orm.
function date(text) {
    const [year, month, day, hour, minute, second] = [[0, 4], [4, 6], [6, 8], [8, 10], [10, 12], [12, 14]].map(([from, to]) =>
        parseInt(text.slice(0, 14).slice(from, to), 10),
    );
    return Date.UTC(year, month - 1, day, hour, minute, second);
}

// As prepareSnapshotFolderName() and planFoldersV3() of drizzle-kit.
function folder(when, tag) {
    const two = (part) => part.toString().padStart(2, "0");
    const at = new Date(when);
    const second = `${at.getUTCFullYear()}${two(at.getUTCMonth() + 1)}${two(at.getUTCDate())}${two(at.getUTCHours())}${two(at.getUTCMinutes())}${two(at.getUTCSeconds())}`;
    return `${second}_${tag.split("_").slice(1).join("_")}`;
}

const hex = (text) => "." + Buffer.from(text).toString("hex");
const questions = [];
for (let i = 0; i < Number(count); i++) {
    const a = name(), b = random(2) ? name() : a + name();
    questions.push([`compare ${hex(a)} ${hex(b)}`, Math.sign(a.localeCompare(b)).toString(), JSON.stringify([a, b])]);
    const text = dated();
    questions.push([`date ${hex(text)}`, String(date(text)), JSON.stringify(text)]);
    const when = pick([1735689600611, 1, -1, 8.64e15, 8.64e15 + 1, -8.64e15, 253402300800000, random(2 ** 31) * 1000 + random(1000)]);
    const tag = pick(["0000_a", "0001_b_c", "plain", "_x", "0002__y", "", "ä_ö"]);
    questions.push([`folder ${when} ${hex(tag)}`, Buffer.from(folder(when, tag)).toString("hex"), JSON.stringify([when, tag])]);
}

const { stdout, status } = spawnSync(program, { input: questions.map(([text]) => text + "\n").join(""), maxBuffer: 1 << 28 });
const answers = stdout.toString().split("\n");
for (const verb of ["compare", "date", "folder"]) {
    const wrong = questions.map((question, i) => [...question, answers[i]]).filter(([text, right, , said]) => text.startsWith(verb + " ") && said !== right);
    for (const [, right, subject, said] of wrong.slice(0, 5)) console.log(`# ${verb} ${subject}: ${said}, and node says ${right}`);
    console.log(`${wrong.length || status ? "not ok" : "ok"} - ${verb} agrees with node on ${count} names`);
}
