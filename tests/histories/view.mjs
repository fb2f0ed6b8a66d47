// The program under test: prints a file of the view, or mounts it. Knows its command line and nothing else.

import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export class View {
  constructor(program) {
    this.program = program;
    this.options = [];
    this.environment = {};
  }

  arguments(sites) {
    return [
      ...(sites.length ? sites.map((site) => `--database=${site.name}=${site.database.uri}`) : ['--no-database']),
      ...this.options,
    ];
  }

  /** `{code, text, errors}` of one file; `environment` is laid over ours. */
  print(folder, sites, file, environment = {}) {
    const result = this.#run([...['print'], ...this.arguments(sites), folder, file], environment);
    if (result.code !== 0 && result.code !== 2)
      throw new Error(`migfs print ${file} ended with ${result.code}: ${result.errors}`);
    if (result.code === 2 && result.text !== '')
      throw new Error(`migfs print ${file} refused and printed ${result.text.length} bytes`);
    return result;
  }

  /** Mounts; returns a function that unmounts and waits for the daemon to end. */
  async mount(folder, sites, mountpoint, changes = {}) {
    fs.mkdirSync(mountpoint, { recursive: true });
    // The daemon inherits the fourth descriptor, which ends when the daemon does.
    const child = spawn(this.program, ['--poll=60', ...this.arguments(sites), folder, mountpoint], {
      env: environment(changes),
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'], // what it says there stands in the view, too
    });
    const ended = new Promise((resolve) => child.stdio[3].resume().on('close', resolve));
    const code = await new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve));
    if (code !== 0) throw new Error(`migfs could not mount: status ${code}`);
    return async () => {
      const { status, stderr } = spawnSync('fusermount3', ['-u', mountpoint], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`fusermount3 -u: ${stderr}`);
      await ended;
    };
  }

  /** Looks at a folder with databases attached, file by file: all of one reading, until the next look. */
  async look(folder, sites, mountpoint, changes = {}) {
    if (!mountpoint) return { print: (file) => this.print(folder, sites, file, changes), again() {}, close() {} };
    const unmount = await this.mount(folder, sites, mountpoint, changes);
    sync(mountpoint); // on a busy machine the first view is served while effects are still being read
    return {
      at: mountpoint,
      print: (file) => readIn(mountpoint, file),
      again: () => sync(mountpoint),
      close: unmount,
    };
  }

  #run(args, changes) {
    const { status, signal, stdout, stderr, error } = spawnSync(this.program, args, {
      env: environment(changes),
      maxBuffer: 1 << 26,
      timeout: 60000,
    });
    if (error) throw error;
    return { code: status ?? signal, text: stdout.toString(), errors: stderr.toString() };
  }
}

/** As sync(1) does. */
function sync(mountpoint) {
  const problems = fs.openSync(path.join(mountpoint, 'problems'), 'r');
  try {
    fs.fsyncSync(problems);
  } finally {
    fs.closeSync(problems);
  }
}

/** As print gives it. What is refused cannot be read, and `changes` says why. */
function readIn(mountpoint, file) {
  try {
    return { code: 0, text: fs.readFileSync(path.join(mountpoint, file), 'utf8'), errors: '' };
  } catch (error) {
    if (error.code !== 'EIO') throw error;
    return { code: 2, text: '', errors: fs.readFileSync(path.join(mountpoint, 'changes'), 'utf8') };
  }
}

/** Ours, without what could lead to the database of whoever runs the test. */
function environment(changes) {
  const names = Object.keys(process.env).filter((name) => name !== 'DATABASE_URL' && !/^PG[A-Z]+$/.test(name));
  return { ...Object.fromEntries(names.map((name) => [name, process.env[name]])), ...changes };
}

/** All `key: value` lines of a status file. */
export function readStatus(mountpoint, tag) {
  const text = fs.readFileSync(path.join(mountpoint, 'status', tag), 'utf8');
  return new Map(
    text
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
  );
}
