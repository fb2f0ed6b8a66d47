/* The reader against a real server; `run` beside this starts one and sets MIGFS_TEST_PGHOST,
 * MIGFS_TEST_PGBOUNCER (the folders of their sockets) and MIGFS_TEST_LIBRARY. */
#include <stdio.h>
#include <stdlib.h>

#include "groups.h"
#include "server.h"

int main(void) {
    cluster = getenv("MIGFS_TEST_PGHOST");
    if (!cluster || !getenv("MIGFS_TEST_PGBOUNCER") || !getenv("MIGFS_TEST_LIBRARY")) {
        fprintf(stderr, "start this by tests/ledger/run\n");
        return 77;
    }
    PGconn *first = connect_to(cluster, "5432", "postgres");
    query(first, "drop database if exists ledgers");
    query(first, "create database ledgers");
    PQfinish(first);
    connect_admin();
    int failed = test_reading() + test_reaching() + test_places();
    PQfinish(admin);
    return failed;
}
