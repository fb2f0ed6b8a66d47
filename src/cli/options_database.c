/* Parses `[NAME=]CONNINFO`: finds the end of the name, supplies a default name, and reads the
 * connection string from its file or variable. */
#include "cli/options_database.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/environment.h"
#include "migfs/ledger/postgres/conninfo.h"
#include "migfs/ledger/postgres/driver.h"
#include "migfs/ledger/postgres/ledger_name.h"
#include "migfs/ledger/postgres/where.h"
#include "migfs/util/patience.h"

enum { LONGEST_NAME = 63, LONGEST_FILE = 65536 };

/* Letters, digits, `_` and `-`. */
static size_t name_length(const char *value) {
    return strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
}

size_t options_name_length(const char *value) {
    size_t length = name_length(value);
    return length > 0 && value[length] == '=' ? length + 1 : 0;
}

/* Splits `[NAME=]REST`. A libpq keyword before the equals sign is not a name. */
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
    if (is_conninfo && (conninfo_is_keyword(word) || ledger_name_begins(value))) {
        return value;
    }
    memcpy(ret_name, word, length + 1);
    return value + length + 1;
}

/* Returns what is wrong with a connection string, to follow its name; the text is never
 * repeated. */
static const char *fault_of(const char *conninfo) {
    const char *at = conninfo + (*conninfo == '$') + (strncmp(conninfo, "${", 2) == 0);
    size_t length = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    if (conninfo[strspn(conninfo, " \t\r\n")] == '\0') {
        return "is empty";
    }
    if (strchr("'\"`", *conninfo)) {
        return "begins with a quotation mark, which is a part of it here; leave the marks out";
    }
    if (length > 0 && (at[length] == '\0' || strcmp(at + length, "}") == 0)) {
        return "is the name of a variable and not its value; in a shell it is --database=\"$NAME\"";
    }
    return NULL;
}

static bool may_be_named(const struct options *options, const char *name, struct error *error) {
    if (strcmp(name, "overview") == 0) {
        return error_set(error, ERROR_USAGE, "no database can be named overview: that is a file of the view");
    }
    for (size_t i = 0; i < options->database_count; i++) {
        if (strcmp(options->databases[i].name, name) == 0) {
            return error_set(error, ERROR_USAGE, "two databases are named %s; name each: --database=NAME=…", name);
        }
    }
    return options->database_count < OPTIONS_DATABASES ||
           error_set(error, ERROR_USAGE, "more than %d databases", OPTIONS_DATABASES);
}

/* Describes the database for people, with its ledger if it has its own. Malloc'ed, or NULL. */
static char *place_of(const char *conninfo, const char *schema, const char *ledger_table) {
    char where[512], *place = NULL;
    where_describe(conninfo, where, sizeof where);
    char *table = ledger_table ? ledger_name_text(schema, ledger_table) : strdup("");
    if (table && asprintf(&place, "%s%s%s", where, *where && *table ? ", ledger " : "", *where ? table : "") < 0) {
        place = NULL;
    }
    free(table);
    return place;
}

static char *copy_or_null(const char *string, bool *is_good) {
    char *copy = string ? strdup(string) : NULL;
    *is_good = *is_good && (copy || !string);
    return copy;
}

static bool put(struct options *options, const char *name, const char *conninfo, const char *schema, const char *table,
                struct error *error) {
    bool is_good = true;
    size_t at = options->database_count++;
    options->databases[at] = (struct ledger_reader_database){.name = copy_or_null(name, &is_good),
                                                             .conninfo = copy_or_null(conninfo, &is_good),
                                                             .schema = copy_or_null(schema, &is_good),
                                                             .table = copy_or_null(table, &is_good)};
    options->places[at] = place_of(conninfo, schema, table);
    return (is_good && options->places[at]) || error_set_memory(error);
}

/* Our own parameter is removed, so that libpq does not see it. */
static bool add(struct options *options, const char *name, const char *given, struct error *error) {
    struct ledger_name ledger = {0};
    const char *fault = fault_of(given);
    if (!may_be_named(options, name, error)) {
        return false;
    }
    if (fault) {
        return error_set(error, ERROR_USAGE, "the connection string of database %s %s", name, fault);
    }
    if (!ledger_postgres_load(error)) {
        return false;
    }
    char *conninfo = strdup(given);
    if (!conninfo) {
        return error_set_memory(error);
    }
    bool is_good = ledger_name_take(conninfo, &ledger, error)
                       ? put(options, name, conninfo, ledger.schema, ledger.table, error)
                       : error_wrap(error, "the connection string of database %s", name);
    explicit_bzero(conninfo, strlen(conninfo));
    free(conninfo);
    ledger_name_free(&ledger);
    return is_good;
}

bool options_add_database(struct options *options, const char *value, struct error *error) {
    char name[LONGEST_NAME + 1];
    const char *conninfo = split(value, true, name, error);
    return conninfo && add(options, name, conninfo, error);
}

/* Only the reader of a pipe gets its data. For a file, or the target of a link, the mode says who
 * else can read it. */
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
        return error_set(error, ERROR_USAGE, "--database-file %s is not a file with a connection string in it", path);
    }
    while (used > 0 && strchr(" \t\r\n", buffer[used - 1])) {
        used--;
    }
    buffer[used] = '\0';
    return true;
}

/* Blocks until the writer of a pipe closes it. */
static bool read_file(const char *path, char *buffer, size_t size, struct error *error) {
    int descriptor = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
    if (descriptor < 0) {
        return error_set_errno(error, "--database-file %s cannot be read", path);
    }
    bool is_good = is_private(descriptor, path, error) && read_all(descriptor, path, buffer, size, error);
    close(descriptor);
    return is_good;
}

static bool add_file(struct options *options, const char *name, const char *path, struct error *error) {
    static char buffer[LONGEST_FILE]; /* it would be all of a small stack */
    if (!ask_first(path, error)) {
        return false;
    }
    patience_begin(path);
    bool is_good = read_file(path, buffer, sizeof buffer, error);
    patience_end();
    is_good = is_good && add(options, name, buffer + strspn(buffer, " \t\r\n"), error);
    explicit_bzero(buffer, sizeof buffer);
    return is_good;
}

bool options_add_database_file(struct options *options, const char *value, struct error *error) {
    char name[LONGEST_NAME + 1];
    const char *path = split(value, false, name, error);
    return path && add_file(options, name, path, error);
}

/* ---- a folder of files ---- */

/* Skips what people and editors leave beside such files: hidden files, copies with a `~`, a
 * README. */
static int is_shown(const struct dirent *entry) {
    const char *name = entry->d_name;
    size_t length = strlen(name), stem = strcspn(name, ".");
    return name[0] != '.' && name[length - 1] != '~' && !(stem == 6 && strncasecmp(name, "README", 6) == 0);
}

static int compare_names(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool add_file_of(struct options *options, const char *folder, const char *file, struct error *error) {
    char path[PATH_MAX], name[LONGEST_NAME + 1];
    struct stat status;
    size_t length = strcspn(file, ".");
    snprintf(path, sizeof path, "%s/%s", folder, file);
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        return true;
    }
    if (length == 0 || length > LONGEST_NAME || name_length(file) < length) {
        return error_set(error, ERROR_USAGE,
                         "--database-dir %s: a file in it names its database by letters, digits, _ and -, %d at most",
                         folder, LONGEST_NAME);
    }
    snprintf(name, sizeof name, "%.*s", (int)length, file);
    return add_file(options, name, path, error);
}

bool options_add_database_dir(struct options *options, const char *value, struct error *error) {
    struct dirent **names;
    size_t before = options->database_count;
    if (!ask_first(value, error)) {
        return false;
    }
    int count = scandir(value, &names, is_shown, compare_names);
    if (count < 0) {
        return error_set_errno(error, "--database-dir %s cannot be read", value);
    }
    bool is_good = true;
    for (int i = 0; i < count; i++) {
        is_good = is_good && add_file_of(options, value, names[i]->d_name, error);
        free(names[i]);
    }
    free(names);
    return is_good && (options->database_count > before ||
                       error_set(error, ERROR_USAGE, "--database-dir %s holds no file", value));
}

/* ---- the environment and the project file ---- */

static bool has_password(const char *conninfo) {
    const char *user = strstr(conninfo, "://"), *at = user ? strrchr(user, '@') : NULL;
    return strstr(conninfo, "password") || (at && memchr(user + 3, ':', (size_t)(at - user) - 3));
}

/* Adds the database with the suffix of its variable, `?ledger=…`; the suffix may be empty. */
static bool add_with_ledger(struct options *options, const char *name, const char *found, const char *ledger,
                            struct error *error) {
    char *conninfo;
    if (!*ledger || fault_of(found)) {
        return add(options, name, found, error);
    }
    if (asprintf(&conninfo, conninfo_is_uri(found) ? "%s%s" : "%s %s", found,
                 conninfo_is_uri(found) ? ledger : ledger + 1) < 0) {
        return error_set_memory(error);
    }
    bool is_good = add(options, name, conninfo, error);
    explicit_bzero(conninfo, strlen(conninfo));
    free(conninfo);
    return is_good;
}

bool options_add_database_of_project(struct options *options, const char *value, struct error *error) {
    char name[LONGEST_NAME + 1];
    const char *conninfo = split(value, true, name, error), *found;
    if (!conninfo) {
        return false;
    }
    if (*conninfo != '$') {
        return has_password(conninfo) ? error_set(error, ERROR_USAGE,
                                                  "a password does not belong in this file; write "
                                                  "database=%s=$VARIABLE, or database-file=%s=FILE",
                                                  name, name)
                                      : add(options, name, conninfo, error);
    }
    char variable[LONGEST_NAME + 1];
    size_t is_braced = conninfo[1] == '{';
    const char *from = conninfo + 1 + is_braced, *rest = from + name_length(from);
    snprintf(variable, sizeof variable, "%.*s", (int)(rest - from), from);
    rest += is_braced && *rest == '}';
    if (*rest && strncmp(rest, "?ledger=", strlen("?ledger=")) != 0) {
        return error_set(error, ERROR_USAGE,
                         "after the variable %s, for database %s, only ?ledger=SCHEMA.TABLE may stand", variable, name);
    }
    if (!environment_get(options->environment, options->env_file, variable, &found, error)) {
        return false;
    }
    return found ? add_with_ledger(options, name, found, rest, error)
                 : error_set(error, ERROR_USAGE, "the variable %s, for database %s, is not set", variable, name);
}

bool options_add_environment(struct options *options, struct error *error) {
    const char *url;
    if (options->no_database && options->database_count > 0) {
        return error_set(error, ERROR_USAGE, "--no-database and --database exclude each other");
    }
    if (options->no_database || options->database_count > 0) {
        return true;
    }
    if (!environment_get(options->environment, options->env_file, "DATABASE_URL", &url, error)) {
        return false;
    }
    if (url && url[strspn(url, " \t\r\n")] == '\0') {
        return error_set(error, ERROR_USAGE,
                         "DATABASE_URL is empty, so no database would be read; set it, or pass --no-database");
    }
    return !url || add(options, "default", url, error) || error_wrap(error, "DATABASE_URL");
}

/* ---- all of them ---- */

bool options_copy_databases(struct options *copy, const struct options *options, struct error *error) {
    copy->database_count = 0;
    for (size_t i = 0; i < options->database_count; i++) {
        const struct ledger_reader_database *it = &options->databases[i];
        if (!put(copy, it->name, it->conninfo, it->schema, it->table, error)) {
            return false;
        }
    }
    return true;
}

void options_hide(bool may_hold_password, char *argument) {
    if (may_hold_password) {
        memset(argument, '*', strlen(argument));
    }
}

void options_finish_databases(struct options *options) {
    for (size_t i = 0; i < options->database_count; i++) {
        char *name = (char *)options->databases[i].name; /* owned; const for other files only */
        char *conninfo = (char *)options->databases[i].conninfo;
        if (conninfo) {
            explicit_bzero(conninfo, strlen(conninfo));
        }
        free(name);
        free(conninfo);
        free((char *)options->databases[i].schema);
        free((char *)options->databases[i].table);
        free(options->places[i]);
    }
    options->database_count = 0;
}
