// Runs a command of the packages again and again in one process, since starting node, and reading and compiling them, takes several times as long
// as what drizzle-kit or a migrate.mjs then does. The program is evaluated anew for each run, as node does with a main module, in that run's
// folder and with its arguments. A run ends where node's process would: when nothing is left to wait for. Where the program ends the process
// itself, by process.exit() or an exception that nobody catches, this process ends, too. The modules of other packages than its own are
// loaded once, the rest for each run.
//
//     command_server.cjs PROGRAM REQUESTS REPLIES
//
// PROGRAM is a module of either kind. REQUESTS and REPLIES are FIFOs: a line {cwd, args, env} for each run (without env: as it was), then one
// {status, isEnd}.
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const vm = require('node:vm');

const [program, requests, replies] = process.argv.slice(2).map((it) => fs.realpathSync(it));
const isScript = !program.endsWith('.mjs');
const packages = `${isScript ? program.slice(0, program.lastIndexOf(`${path.sep}node_modules${path.sep}`)) : path.dirname(program)}${path.sep}node_modules${path.sep}`;
const own = `${path.dirname(program)}${path.sep}`; // the package of a script
const from = fs.openSync(requests, 'r'), to = fs.openSync(replies, 'w');
let isRunning = false, runs = 0;

// The program is compiled once, where this version of node can do that with the `import` in it; of the experiment nobody need be told.
const loader = vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER;
const compile = Module.prototype._compile;

function compileOnce() {
    const script = new vm.Script(Module.wrap(fs.readFileSync(program, 'utf8').replace(/^#!.*/, '')), { filename: program, importModuleDynamically: loader });
    const { emitWarning } = process;
    process.emitWarning = () => {};
    new vm.Script("import('node:vm')", { importModuleDynamically: loader }).runInThisContext();
    process.emitWarning = emitWarning;
    return script;
}

const script = isScript && loader && compileOnce();

function runScript(module) {
    const requires = Object.assign((name) => module.require(name), {
        resolve: Object.assign((name, options) => Module._resolveFilename(name, module, false, options), { paths: (name) => Module._resolveLookupPaths(name, module) }),
        main: process.mainModule,
        extensions: Module._extensions,
        cache: Module._cache,
    });
    script.runInThisContext().call(module.exports, module.exports, requires, module, program, path.dirname(program));
}

Module.prototype._compile = function (content, filename, ...rest) {
    return script && filename === program ? runScript(this) : compile.call(this, content, filename, ...rest);
};

// What a run changes in node's loader is undone before the next one.
const places = [Module, Module.prototype, Module._extensions].map((of) => ({ of, was: Object.getOwnPropertyDescriptors(of) }));

function restoreLoader() {
    for (const { of, was } of places) {
        for (const name of Object.keys(of)) if (!(name in was)) delete of[name];
        Object.defineProperties(of, was);
    }
    process.setSourceMapsEnabled(false);
}

function reply(status, isEnd) {
    if (isRunning) fs.writeSync(to, `${JSON.stringify({ status, isEnd })}\n`);
    isRunning = false;
}

function readRequest() {
    const part = Buffer.alloc(1 << 16);
    let line = '';
    while (!line.endsWith('\n')) {
        const length = fs.readSync(from, part);
        if (length === 0) process.exit();
        line += part.toString('utf8', 0, length);
    }
    return JSON.parse(line);
}

function serve() {
    reply(process.exitCode ?? 0, false);
    const { cwd, args, env } = readRequest();
    isRunning = true;
    process.chdir(cwd);
    process.argv.splice(1, Infinity, program, ...args);
    for (const name of env ? Object.keys(process.env) : []) if (!(name in env)) delete process.env[name];
    Object.assign(process.env, env);
    process.exitCode = undefined;
    restoreLoader();
    for (const file of Object.keys(Module._cache)) if ((isScript && file.startsWith(own)) || !file.startsWith(packages)) delete Module._cache[file];
    // An address of its own makes it a module of its own.
    if (isScript) Module._load(program, null, true);
    else import(`${pathToFileURL(program)}?${++runs}`);
}

process.on('beforeExit', serve);
process.on('exit', (status) => reply(status, true));
