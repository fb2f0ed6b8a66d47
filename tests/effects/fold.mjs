// The program that folds, as a process.
import { spawn } from "node:child_process";
import { parseFact } from "./catalogs.mjs";

export class FoldProcess {
    constructor(program) {
        this.process = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
        this.text = "";
        this.process.stdout.setEncoding("utf8");
        this.process.stdout.on("data", (data) => {
            this.text += data;
            this.deliver();
        });
        this.process.on("exit", () => this.waiting?.reject(new Error("the fold's process has ended")));
    }

    deliver() {
        const end = this.text.match(/(^|\n)\.(\d+ \d+)\n$/);
        if (!end || !this.waiting) return;
        const lines = this.text.slice(0, end.index + end[1].length).split("\n").filter(Boolean);
        this.text = "";
        const { resolve } = this.waiting;
        this.waiting = null;
        resolve({ facts: lines.map(parseFact), status: end[2] });
    }

    reset() {
        this.process.stdin.write("reset\n");
    }

    apply(sql) {
        const bytes = Buffer.from(sql);
        return new Promise((resolve, reject) => {
            this.waiting = { resolve, reject };
            this.process.stdin.write(`${bytes.length}\n`);
            this.process.stdin.write(bytes);
        });
    }

    end() {
        this.process.stdin.end();
    }
}
