// Reads the journal again and again and judges each reading by what was right between its beginning and its end.
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

const { shared, right, view, putsSql } = workerData;
const files = ['_journal.json', 'migrations/meta/_journal.json'];

function read(file) {
    try {
        return readFileSync(`${view}/${file}`, 'utf8');
    } catch (error) {
        if (error.code === 'EIO') return null;
        throw error;
    }
}

// Step n leads to state n - 1 of the ring.
const stateAfter = (step) => (step + right.length - 1) % right.length;

for (let turn = 0; !Atomics.load(shared, 2); turn++) {
    Atomics.wait(shared, 2, 0, 1); // the writer wants its turn, too
    const promised = Atomics.load(shared, 1);
    let journal;
    try {
        journal = read(files[turn % files.length]);
        if (journal !== null) JSON.parse(journal);
    } catch (error) {
        parentPort.postMessage(`reading ${files[turn % files.length]}: ${error.message}: ${journal}`);
        break;
    }
    const begun = Atomics.load(shared, 0);
    Atomics.add(shared, 3, 1);
    if (journal === null) Atomics.add(shared, 4, 1);
    let isRight = false;
    for (let step = promised; step <= begun; step++) isRight ||= right[stateAfter(step)] === journal;
    // While new SQL is being read it is unknown whether what an unlisted file does is there; the step's `fsync` waits for that.
    for (let step = promised + 1; step <= begun; step++) isRight ||= journal === null && putsSql[stateAfter(step)];
    if (!isRight) {
        parentPort.postMessage(`between steps ${promised} and ${begun} (state ${stateAfter(promised)} to ${stateAfter(begun)}) was read: ${journal}`);
        break;
    }
}
parentPort.close();
