// The real `drizzle-kit up` of v1, in a process that is started once (kit_server.mjs) and in one of its own. MIGFS_V1_MODULES: its node_modules.
import { fork, spawnSync } from "node:child_process";
import path from "node:path";

const up = (folder) => ({ cwd: path.dirname(folder), args: ["up", "--dialect=postgresql", `--out=${path.basename(folder)}`] });
const verdict = ({ status, stdout, stderr }) => ({ isTaken: status === 0 && stdout.includes("Everything's fine"), text: stdout + stderr });
let kit = null, last = Promise.resolve();

async function ask(folder) {
    kit ??= fork(new URL("kit_server.mjs", import.meta.url), [process.env.MIGFS_V1_MODULES]);
    const answered = new Promise((resolve, reject) => {
        const late = setTimeout(() => kit.kill(), 60_000);
        const fail = (code, signal) => reject(new Error(`drizzle-kit's process ended with ${code ?? signal}`));
        kit.once("exit", fail).once("message", (answer) => {
            clearTimeout(late);
            kit.off("exit", fail);
            resolve(answer);
        });
    });
    kit.send(up(folder));
    return verdict(await answered);
}

// Lets the real `drizzle-kit up` convert a folder in place: whether it takes it whole, and what it prints. One after another.
export function convert(folder) {
    last = last.catch(() => {}).then(() => ask(folder));
    return last;
}

// The same by a process of its own.
export function convertApart(folder) {
    const { cwd, args } = up(folder);
    return verdict(spawnSync(path.join(process.env.MIGFS_V1_MODULES, ".bin/drizzle-kit"), args, { cwd, encoding: "utf8" }));
}

// Ends what convert() has left running.
export function stopConverting() {
    kit?.disconnect();
    kit = null;
}
