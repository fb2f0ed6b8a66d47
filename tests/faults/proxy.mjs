// Stands between migfs and PostgreSQL's Unix socket on a TCP port of 127.0.0.1, so that a test can break the network: stop it
// (SIGSTOP) and established connections fall silent; fill its short queue, too, and the port drops what comes, as a firewall does.
//
//     node proxy.mjs SOCKET PORT-FILE [PORT]
import { renameSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

const [socket, portFile, port = '0'] = process.argv.slice(2);
const server = createServer((client) => {
    const database = connect(socket);
    const end = () => {
        client.destroy();
        database.destroy();
    };
    client.pipe(database).pipe(client);
    for (const side of [client, database]) side.on('error', end).on('close', end);
});
server.listen({ host: '127.0.0.1', port: Number(port), backlog: 1 }, () => {
    writeFileSync(`${portFile}.new`, String(server.address().port));
    renameSync(`${portFile}.new`, portFile);
});
