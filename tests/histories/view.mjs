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
  async mount(folder, sites, mountpoint) {
    fs.mkdirSync(mountpoint, { recursive: true });
    // The daemon inherits the fourth descriptor, which ends when the daemon does.
    const child = spawn(this.program, [...this.arguments(sites), folder, mountpoint], {
      env: environment({}),
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
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
