/* `[NAME=]CONNINFO`: where the name ends, where it comes from when it is left out, and where the connection string comes from. */
#include "cli/options_database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "migfs/ledger/postgres/conninfo.h"

enum { LONGEST_NAME = 63, LONGEST_FILE = 65536 };

/* Letters, digits, `_` and `-`. */
static size_t name_length(const char *value) {
    return strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
}

/* Splits `[NAME=]REST`. What a libpq keyword stands in front of is no name. */
static const char *split(const char *value, bool is_conninfo, char ret_name[LONGEST_NAME + 1], struct error *error) {
    size_t length = name_length(value);
    memcpy(ret_name, "default", sizeof "default");
    if (length == 0 || value[length] != '=') {
        return value;
    }
    char word[LONGEST_NAME + 1];
    if (length > LONGEST_NAME) {
        error_set(error, ERROR_USAGE, "the name of a database has at most %d characters", LONGEST_NAME);
        return NULL;
    }
    memcpy(word, value, length);
    word[length] = '\0';
    if (is_conninfo && conninfo_is_keyword(word)) {
        return value;
    }
    memcpy(ret_name, word, length + 1);
    return value + length + 1;
}

static bool add(struct options *options, const char *name, const char *conninfo, struct error *error) {
    size_t count = options->database_count;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(options->databases[i].name, name) == 0) {
            return error_set(error, ERROR_USAGE, "two databases are named %s; name each: --database=NAME=…", name);
        }
    }
    if (count == OPTIONS_DATABASES) {
        return error_set(error, ERROR_USAGE, "more than %d databases", OPTIONS_DATABASES);
    }
    if (*conninfo == '\0') {
        return error_set(error, ERROR_USAGE, "the connection string of database %s is empty", name);
    }
    char *name_copy = strdup(name), *conninfo_copy = strdup(conninfo);
    options->databases[count] = (struct ledger_reader_database){.name = name_copy, .conninfo = conninfo_copy};
    options->database_count++;
    return name_copy && conninfo_copy ? true : error_set_memory(error);
}

bool options_add_database(struct options *options, const char *value, struct error *error) {
    char name[LONGEST_NAME + 1];
    const char *conninfo = split(value, true, name, error);
    return conninfo && add(options, name, conninfo, error);
}

/* What stands in a pipe only its reader gets; the mode of a file, or of what a link leads to, tells who else can read it. */
static bool is_private(int descriptor, const char *path, struct error *error) {
    struct stat status;
    if (fstat(descriptor, &status) < 0) {
        return error_set_errno(error, "--database-file %s cannot be read", path);
    }
    if (S_ISREG(status.st_mode) && (status.st_mode & S_IROTH)) {
        return error_set(error, ERROR_USAGE,
                         "--database-file %s can be read by everybody on this machine, and so can the password in it: "
                         "chmod o-r %s (a secret of Kubernetes: defaultMode: 0400; of Docker Swarm: mode: 0400)",
                         path, path);
    }
    return true;
}

static bool read_all(int descriptor, const char *path, char *buffer, size_t size, struct error *error) {
    size_t used = 0;
    ssize_t length = 1;
    while (used < size - 1 && length > 0) {
        length = read(descriptor, buffer + used, size - 1 - used);
        used += length > 0 ? (size_t)length : 0;
    }
    if (length < 0 || used == size - 1) {
        return error_set(error, ERROR_USAGE, "--database-file %s is no file with a connection string in it", path);
    }
    while (used > 0 && strchr(" \t\r\n", buffer[used - 1])) {
        used--;
    }
    buffer[used] = '\0';
    return true;
}

/* Waits for whoever writes a pipe. */
static bool read_file(const char *path, char *buffer, size_t size, struct error *error) {
    int descriptor = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
    if (descriptor < 0) {
        return error_set_errno(error, "--database-file %s cannot be read", path);
    }
    bool is_good = is_private(descriptor, path, error) && read_all(descriptor, path, buffer, size, error);
    close(descriptor);
    return is_good;
}

bool options_add_database_file(struct options *options, const char *value, struct error *error) {
    char name[LONGEST_NAME + 1], buffer[LONGEST_FILE];
    const char *path = split(value, false, name, error);
    bool is_good = path && read_file(path, buffer, sizeof buffer, error) &&
                   add(options, name, buffer + strspn(buffer, " \t\r\n"), error);
    explicit_bzero(buffer, sizeof buffer);
    return is_good;
}

bool options_add_environment(struct options *options, struct error *error) {
    char *url = getenv("DATABASE_URL");
    if (options->no_database && options->database_count > 0) {
        return error_set(error, ERROR_USAGE, "--no-database and --database exclude each other");
    }
    if (options->no_database || options->database_count > 0 || !url || *url == '\0') {
        return true;
    }
    if (!add(options, "default", url, error)) {
        return error_wrap(error, "DATABASE_URL");
    }
    options_hide(true, url); /* from /proc/PID/environ, ours and that of programs we start */
    return true;
}

void options_hide(bool may_hold_password, char *argument) {
    if (may_hold_password) {
        memset(argument, '*', strlen(argument));
    }
}

void options_finish_databases(struct options *options) {
    for (size_t i = 0; i < options->database_count; i++) {
        char *name = (char *)options->databases[i].name; /* ours, const only to those who read it */
        char *conninfo = (char *)options->databases[i].conninfo;
        if (conninfo) {
            explicit_bzero(conninfo, strlen(conninfo));
        }
        free(name);
        free(conninfo);
    }
    options->database_count = 0;
}
