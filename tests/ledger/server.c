/* The server of the tests: knows how to start and stop it and what it says to an administrator.
 * Knows nothing of the reader. */
#include "server.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

const char *cluster;
PGconn *admin;

PGconn *connect_to(const char *host, const char *port, const char *database) {
    const char *keywords[] = {"host", "port", "dbname", "user", NULL};
    const char *values[] = {host, port, database, "postgres", NULL};
    PGconn *pg = PQconnectdbParams(keywords, values, 0);
    if (PQstatus(pg) != CONNECTION_OK) {
        fail_msg("%s", PQerrorMessage(pg));
    }
    return pg;
}

static void ignore_notice(void *context, const char *message) {
}

const char *query(PGconn *pg, const char *statement) {
    static char value[256];
    PGresult *result = PQexec(pg, statement);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        fail_msg("%s: %s", statement, PQerrorMessage(pg));
    }
    snprintf(value, sizeof(value), "%s", PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return value;
}

const char *sql(const char *text) {
    return query(admin, text);
}

void connect_admin(void) {
    admin = connect_to(cluster, "5432", "ledgers");
    PQsetNoticeProcessor(admin, ignore_notice, NULL);
}

void server(const char *command) {
    char line[1024];
    snprintf(line, sizeof(line), "bash -c '. \"%s\"; %s \"%s\"'", getenv("MIGFS_TEST_LIBRARY"), command, cluster);
    assert_int_equal(system(line), 0);
}

pid_t postmaster(void) {
    char path[512];
    int pid = 0;
    snprintf(path, sizeof(path), "%s/data/postmaster.pid", cluster);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%d", &pid), 1);
    fclose(file);
    return pid;
}

/* A connection of the administrator's, or the socket of a session, which has the connection. */
static bool is_connection(int descriptor) {
    char path[512];
    struct sockaddr_un peer = {0};
    socklen_t size = sizeof(peer);
    int type = 0;
    socklen_t type_size = sizeof(type);
    if (getpeername(descriptor, (struct sockaddr *)&peer, &size) == 0 && peer.sun_family == AF_UNIX &&
        size == sizeof(peer.sun_family)) {
        return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &type_size) == 0 && type == SOCK_STREAM;
    }
    size = sizeof(peer);
    snprintf(path, sizeof(path), "%s/.s.PGSQL.5432", cluster);
    return getpeername(descriptor, (struct sockaddr *)&peer, &size) == 0 && peer.sun_family == AF_UNIX &&
           strcmp(peer.sun_path, path) == 0;
}

unsigned connections(void) {
    unsigned count = 0;
    DIR *descriptors = opendir("/proc/self/fd");
    assert_non_null(descriptors);
    for (struct dirent *entry; (entry = readdir(descriptors));) {
        count += is_connection(atoi(entry->d_name));
    }
    closedir(descriptors);
    return count;
}

void make_ledger(void) {
    sql("drop schema if exists drizzle cascade; create schema drizzle; create table " TABLE
        " (id serial primary key, hash text not null, created_at bigint)");
}
