// A command of the packages, many times: see command_server.cjs.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const server = fileURLToPath(new URL('command_server.cjs', import.meta.url));

export class Command {
    constructor(file) {
        this.program = fs.realpathSync(file);
        this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'command-'));
        process.on('exit', () => fs.rmSync(this.folder, { recursive: true, force: true }));
    }

    start() {
        fs.accessSync(server); // else nobody would answer below
        const file = (name) => path.join(this.folder, name);
        for (const name of ['requests', 'replies']) fs.rmSync(file(name), { force: true });
        spawnSync('mkfifo', [file('requests'), file('replies')]);
        this.output = ['out', 'err'].map((name) => fs.openSync(file(name), fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_APPEND));
        spawn(process.execPath, [server, this.program, file('requests'), file('replies')], { stdio: ['ignore', ...this.output] }).unref();
        this.requests = fs.openSync(file('requests'), 'w');
        this.replies = fs.openSync(file('replies'), 'r');
    }

    stop() {
        for (const it of [this.requests, this.replies, ...this.output]) fs.closeSync(it);
        this.requests = undefined;
    }

    readReply() {
        const part = Buffer.alloc(1 << 10);
        let line = '';
        while (!line.endsWith('\n')) {
            const length = fs.readSync(this.replies, part);
            if (length === 0) return { status: null, isEnd: true };
            line += part.toString('utf8', 0, length);
        }
        return JSON.parse(line);
    }

    // As spawnSync of the command.
    run(args, { cwd, env = process.env }) {
        if (this.requests === undefined) this.start();
        for (const it of this.output) fs.ftruncateSync(it);
        fs.writeSync(this.requests, `${JSON.stringify({ cwd, args, env })}\n`);
        const { status, isEnd } = this.readReply();
        const [stdout, stderr] = ['out', 'err'].map((name) => fs.readFileSync(path.join(this.folder, name), 'utf8'));
        if (isEnd) this.stop();
        return { status, stdout, stderr };
    }
}
