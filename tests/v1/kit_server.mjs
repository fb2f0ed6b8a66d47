// A process that runs the real drizzle-kit, one command after the other as its parent asks: starting it takes a second, most of which goes
// into compiling its code. That is evaluated as a whole for each command, so that nothing of one is left for the next but what it imports.
// For commands that end by process.exit().
//
//     fork("kit_server.mjs", [NODE_MODULES])      { cwd, args } → { status, stdout, stderr }
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";

const bin = fs.realpathSync(path.join(process.argv[2], ".bin/drizzle-kit"));
const require = createRequire(bin);
const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${fs.readFileSync(bin, "utf8").replace(/^#!.*/, "")}\n})`, {
    filename: bin, importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER ?? ((specifier) => import(require.resolve(specifier))),
});

let command = null;

function end(status) {
    if (!command) return;
    const { stdout, stderr } = command;
    command = null;
    setImmediate(() => process.send({ status, stdout, stderr })); // once whoever called has come to rest
}

for (const name of ["stdout", "stderr"]) {
    process[name].write = (text, ...rest) => {
        if (command) command[name] += text;
        const done = rest.at(-1);
        if (typeof done === "function") process.nextTick(done);
        return true;
    };
}
// What calls it does not go on, and what catches that is not heard any more.
const exited = new Error("it has exited");
process.exit = (status = process.exitCode ?? 0) => {
    end(Number(status));
    throw exited;
};
for (const event of ["uncaughtException", "unhandledRejection"])
    process.on(event, (error) => {
        if (error === exited) return;
        if (command) command.stderr += `${error?.stack ?? error}\n`;
        end(1);
    });

process.on("message", ({ cwd, args }) => {
    command = { stdout: "", stderr: "" };
    process.chdir(cwd);
    process.argv = [process.argv[0], bin, ...args];
    process.exitCode = undefined;
    const module = { exports: {} };
    script.runInThisContext().call(module.exports, module.exports, require, module, bin, path.dirname(bin));
});
