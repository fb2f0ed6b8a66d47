// The real drizzle-kit as a library: what it generates from one schema to the next, its questions about renames answered.
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";

const modules = process.env.MIGFS_NODE_MODULES;
const require = createRequire(path.join(modules, "drizzle-kit", "api.js"));

export const pg = require("drizzle-orm/pg-core");
export const { sql } = require("drizzle-orm");

// Its questions are asked in a terminal. Here the function that asks is replaced; all else is as it was published.
function load() {
    const source = fs.readFileSync(path.join(modules, "drizzle-kit", "api.js"), "utf8");
    const module = { exports: {} };
    const patched = source.replaceAll(/\(0, import_hanji\d*\.render\)\(/g, "globalThis.answerQuestion(");
    new Function("require", "module", "exports", "__dirname", "__filename", patched)(require, module, module.exports, modules, modules);
    return module.exports;
}

const api = load();
let renames = [];

globalThis.answerQuestion = async (question) => {
    const items = [question.state?.items, question.data, question.state?.data?.items].find(Array.isArray) ?? [question.base];
    const renamed = items.find((item) => item.from && renames.some(([from, to]) => item.from.name === from && item.to.name === to));
    return { status: "submitted", data: renamed ?? items[0] };
};

export const snapshotOf = (schema, prevId) => JSON.parse(JSON.stringify(api.generateDrizzleJson(schema, prevId)));

// The statements from one snapshot to another, given the [from, to] names of what was renamed.
export async function statements(before, after, renamed = []) {
    renames = renamed;
    const said = console.log;
    console.log = () => {};
    try {
        return await api.generateMigration(before, after);
    } finally {
        console.log = said;
    }
}

export const fileOf = (list) => list.join("--> statement-breakpoint\n");
