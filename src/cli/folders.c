/* First finds all folders, then runs the body for each of them with its own options. */
#include "cli/folders.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/conf.h"
#include "cli/discover.h"
#include "cli/option_table.h"
#include "cli/options_database.h"
#include "cli/suggest.h"
#include "migfs/util/log.h"
#include "migfs/util/patience.h"

enum { EXIT_USAGE = 2 };

struct folders {
    struct options *options;
    struct conf conf;
    struct discovered found; /* paths, as written */
};

/* Returns whether both paths lead to the same folder. */
static bool is_same(const char *a, const char *b) {
    struct stat first, second;
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

static bool add(struct folders *folders, const char *path, struct error *error) {
    return discover_add(&folders->found, strdup(path)) || error_set_memory(error);
}

/* ---- named folders ---- */

bool folders_beside(const char *path, char *ret_path, size_t size) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    char parent[4096];
    snprintf(parent, sizeof parent, "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
    struct suggestion suggestion = {.word = name};
    DIR *directory = opendir(parent);
    bool is_found = false;
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        const char *before = suggestion.best;
        char beside[4096 + 256];
        struct stat status;
        snprintf(beside, sizeof beside, "%.*s%s", (int)(name - path), path, entry->d_name);
        if (entry->d_name[0] != '.' && stat(beside, &status) == 0 && S_ISDIR(status.st_mode)) {
            suggest_consider(&suggestion, entry->d_name);
        }
        if (suggestion.best != before) {
            snprintf(ret_path, size, "%s", beside);
            suggestion.best = ret_path; /* the entry's name is only valid until the next readdir() */
            is_found = true;
        }
    }
    if (directory) {
        closedir(directory);
    }
    return is_found;
}

/* "a, b and c"; at most MOST names. */
static void list(const struct discovered *found, char *buffer, size_t size) {
    enum { MOST = 8 };
    size_t used = 0;
    *buffer = '\0';
    for (size_t i = 0; i < found->count && i < MOST && used < size; i++) {
        const char *between = i == 0 ? "" : i + 1 == found->count ? " and " : ", ";
        used += (size_t)snprintf(buffer + used, size - used, "%s%s", between, found->paths[i]);
    }
    if (found->count > MOST && used < size) {
        snprintf(buffer + used, size - used, " and %zu more", found->count - MOST);
    }
}

/* `migfs status prod`: the word is a database of the project file. */
static bool is_database(const struct conf *conf, const char *word) {
    size_t length = strlen(word);
    for (size_t i = 0; i < conf->count; i++) {
        const struct conf_line *line = &conf->lines[i];
        if (option_is_of_databases(line->row) && line->value && strncmp(line->value, word, length) == 0 &&
            line->value[length] == '=') {
            return true;
        }
    }
    return false;
}

/* Returns whether the path is the meta folder of a migrations folder, and gets that folder. */
static bool is_meta(const char *path, char *ret_above, size_t size) {
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') {
        length--;
    }
    const char *slash = memrchr(path, '/', length);
    const char *name = slash ? slash + 1 : path;
    snprintf(ret_above, size, "%.*s", slash && slash > path ? (int)(slash - path) : 1, slash ? path : ".");
    return strncmp(name, "meta", 4) == 0 && name + 4 == path + length && discover_is_migrations(ret_above);
}

/* Rejects a folder that is not a migrations folder but has one below, such as a project's root. */
static bool check_named(const struct conf *conf, const char *path, struct error *error) {
    struct stat status;
    char names[700], beside[4096 + 256];
    if (stat(path, &status) < 0) {
        if (errno == ENOENT && is_database(conf, path)) {
            return error_set(error, ERROR_USAGE,
                             "there is no folder %s, which is a database of %s: see migfs print databases/%s/summary",
                             path, conf->path, path);
        }
        bool is_near = errno == ENOENT && folders_beside(path, beside, sizeof beside);
        return !is_near || error_set(error, ERROR_USAGE, "there is no folder %s; did you mean %s?", path, beside);
    }
    struct discovered below;
    if (!S_ISDIR(status.st_mode) || discover_is_migrations(path)) {
        return true;
    }
    if (is_meta(path, beside, sizeof beside)) {
        return error_set(error, ERROR_USAGE, "%s is not a migrations folder; did you mean %s?", path, beside);
    }
    if (!discover_below(path, &below, error)) {
        return false;
    }
    list(&below, names, sizeof names);
    bool is_good = below.count == 0 ||
                   error_set(error, ERROR_USAGE, "%s is not a migrations folder; did you mean %s?", path, names);
    discover_finish(&below);
    return is_good;
}

static bool take_named(struct folders *folders, struct error *error) {
    bool is_good = true;
    for (size_t i = 0; i < folders->options->source_count && is_good; i++) {
        const char *path = folders->options->sources[i];
        patience_begin(path);
        is_good = check_named(&folders->conf, path, error) && add(folders, path, error);
        patience_end();
    }
    return is_good;
}

/* ---- found folders ---- */

/* Paths are written as a person would: relative to the current folder if the project file is in
 * it. */
static bool take_sections(struct folders *folders, struct error *error) {
    const struct conf *conf = &folders->conf;
    bool is_good = true, is_here = is_same(conf->folder, ".");
    for (size_t i = 0; i < conf->section_count && is_good; i++) {
        char *path;
        bool is_whole = is_here || conf->sections[i][0] == '/';
        if (asprintf(&path, "%s%s%s", is_whole ? "" : conf->folder, is_whole ? "" : "/", conf->sections[i]) < 0) {
            return error_set_memory(error);
        }
        is_good = add(folders, path, error);
        free(path);
    }
    return is_good;
}

/* drizzle-kit's default for `out` is drizzle. */
static bool take_configured(struct folders *folders, struct error *error) {
    struct discover_config config;
    discover_config_read(".", &config);
    const char *out = config.out ? config.out : "drizzle";
    bool is_there = config.name && discover_is_migrations(out);
    bool is_good = !is_there || add(folders, out, error);
    discover_config_finish(&config);
    return is_good;
}

/* Finds the migrations folder of a project from a folder inside the project: the one named by
 * drizzle.config.* in a parent folder, or drizzle, up to the folder with .git. */
static bool find_above(char *ret_path, size_t size) {
    enum { HIGHEST = 32 };
    char above[HIGHEST * 3 + 1] = "..", git[sizeof above + sizeof "/../.git"], before[sizeof git];
    bool is_found = false, is_end = access(".git", F_OK) == 0 || is_same("..", ".");
    for (size_t i = 0; i < HIGHEST && !is_found && !is_end; i++) {
        struct discover_config config;
        discover_config_read(above, &config);
        int length = snprintf(ret_path, size, "%s/%s", above, config.out ? config.out : "drizzle");
        is_found = length > 0 && (size_t)length < size && discover_is_migrations(ret_path);
        discover_config_finish(&config);
        snprintf(git, sizeof git, "%s/.git", above);
        snprintf(before, sizeof before, "%s/..", above);
        is_end = access(git, F_OK) == 0 || is_same(above, before);
        snprintf(above + strlen(above), sizeof above - strlen(above), "/..");
    }
    return is_found;
}

static bool find(struct folders *folders, struct error *error) {
    if (folders->conf.section_count > 0) {
        return take_sections(folders, error);
    }
    if (!take_configured(folders, error)) {
        return false;
    }
    if (folders->found.count == 0 && discover_is_migrations(".")) {
        return add(folders, ".", error);
    }
    if (folders->found.count == 0 && !discover_below(".", &folders->found, error)) {
        return false;
    }
    char names[700];
    if (folders->found.count == 0) {
        bool is_above = find_above(names, sizeof names);
        return error_set(error, ERROR_USAGE,
                         "there is no migrations folder (with a meta/_journal.json) here or below; %s%s%s",
                         is_above ? "did you mean " : "say which: migfs [COMMAND] SOURCE", is_above ? names : "",
                         is_above ? "?" : "");
    }
    list(&folders->found, names, sizeof names);
    return folders->found.count == 1 ||
           error_set(error, ERROR_USAGE,
                     "there are several migrations folders: %s; say which, or list them in migfs.conf", names);
}

/* ---- options for one ---- */

/* Sets the table of the ledger from drizzle.config.*, if that names this folder. */
static bool apply_config(struct options *options, struct error *error) {
    struct discover_config config;
    discover_config_read(".", &config);
    bool is_ours = config.name && is_same(config.out ? config.out : "drizzle", options->source), is_good = true;
    const char *const values[][2] = {{"migrations-table", config.table}, {"migrations-schema", config.schema}};
    for (size_t i = 0; i < 2 && is_ours && is_good; i++) {
        const struct option_row *row = option_find(values[i][0], strlen(values[i][0]));
        bool is_given = options->given >> (row - option_table) & 1;
        is_good = is_given || !values[i][1] || option_set(row, options, values[i][1], error);
    }
    discover_config_finish(&config);
    return is_good;
}

static bool prepare(const struct folders *folders, const char *path, struct options *options, struct error *error) {
    const struct conf *conf = &folders->conf;
    if (!option_copy(options, folders->options, error) || !options_set_source(options, path, error)) {
        return false;
    }
    for (size_t i = 0; i < conf->section_count; i++) {
        char *section;
        bool is_whole = conf->sections[i][0] == '/';
        if (asprintf(&section, "%s%s%s", is_whole ? "" : conf->folder, is_whole ? "" : "/", conf->sections[i]) < 0) {
            return error_set_memory(error);
        }
        bool is_good = !is_same(section, options->source) || conf_apply(conf, i + 1, options, error);
        free(section);
        if (!is_good) {
            return false;
        }
    }
    return conf_apply(conf, 0, options, error) && apply_config(options, error) &&
           options_add_environment(options, error);
}

/* Printed once, for any number of folders. */
static void say_no_database(const struct options *options, bool *has_said) {
    bool is_to_say =
        options->command == COMMAND_CHECK || options->command == COMMAND_STATUS || options->command == COMMAND_FIX;
    if (is_to_say && !*has_said && access(options->source, F_OK) == 0 && !options->is_quiet && !options->no_database &&
        options->database_count == 0 && !options->needs_database) {
        *has_said = true;
        log_notice("no database is attached (DATABASE_URL is not set), so what has run is not known; --no-database "
                   "says that this is meant");
    }
}

static int run(const struct folders *folders, int (*body)(struct options *folder, void *context), void *context) {
    int highest = 0;
    bool has_said = false;
    for (size_t i = 0; i < folders->found.count; i++) {
        static struct options options; /* a thousand databases do not fit on the stack */
        struct error error;
        int status = EXIT_USAGE;
        patience_begin(folders->found.paths[i]);
        bool is_prepared = prepare(folders, folders->found.paths[i], &options, &error);
        patience_end();
        if (is_prepared) {
            say_no_database(&options, &has_said);
            status = body(&options, context);
        } else {
            log_error("%s", error.sentence);
        }
        option_finish(&options);
        highest = status > highest ? status : highest;
    }
    return highest;
}

int folders_run(struct options *options, enum folders_number number, int (*body)(struct options *folder, void *context),
                void *context) {
    struct folders folders = {.options = options};
    struct error error;
    int status = EXIT_USAGE;
    patience_begin("the current folder");
    bool is_good = conf_read(&folders.conf, options->config, &error) &&
                   (options->source_count > 0 ? take_named(&folders, &error) : find(&folders, &error));
    patience_end();
    if (is_good && number == FOLDERS_ONE && folders.found.count > 1) {
        char names[700];
        list(&folders.found, names, sizeof names);
        is_good = error_set(&error, ERROR_USAGE, "this is done for one folder at a time: %s; say which", names);
    }
    if (is_good) {
        status = run(&folders, body, context);
    } else {
        log_error("%s", error.sentence);
    }
    discover_finish(&folders.found);
    conf_finish(&folders.conf);
    return status;
}
