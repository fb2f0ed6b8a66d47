/* Reads the file once, line by line. Values are kept as text until they are applied for a
 * folder. */
#include "cli/conf.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/options_database.h"
#include "cli/regular.h"
#include "migfs/util/log.h"
#include "migfs/util/text.h"

enum { LARGEST = 1 << 16 };

/* ---- finding ---- */

/* Ignores files that another user has put into a folder like /tmp. */
static bool exists_in(const char *folder, const char *name) {
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/%s", strcmp(folder, "/") == 0 ? "" : folder, name);
    if (access(path, F_OK) != 0) {
        return false;
    }
    if (!regular_is_planted(folder, path)) {
        return true;
    }
    log_notice("%s is left alone: it is another user's, in a folder where everybody may write", path);
    return false;
}

/* Sets `folder` to the nearest folder with a project file, from `folder` upwards. */
static bool find_folder(char *folder) {
    for (;;) {
        if (exists_in(folder, "migfs.conf")) {
            return true;
        }
        char *slash = strrchr(folder, '/');
        if (!slash || slash[1] == '\0' || exists_in(folder, ".git")) {
            return false;
        }
        slash[slash == folder] = '\0';
    }
}

static bool set_paths(struct conf *conf, const char *given, struct error *error) {
    char folder[PATH_MAX];
    if (!getcwd(folder, sizeof folder)) {
        return !given || error_set_errno(error, "the current folder");
    }
    if (given) {
        conf->path = strdup(given);
        conf->folder = strdup(given);
        if (!conf->path || !conf->folder) {
            return error_set_memory(error);
        }
        char *slash = strrchr(conf->folder, '/');
        slash[slash == conf->folder] = '\0';
        return true;
    }
    if (!find_folder(folder)) {
        return true;
    }
    conf->folder = strdup(folder);
    if (!conf->folder || asprintf(&conf->path, "%s/migfs.conf", strcmp(folder, "/") == 0 ? "" : folder) < 0) {
        conf->path = NULL;
        return error_set_memory(error);
    }
    return true;
}

/* ---- reading ---- */

static bool add_section(struct conf *conf, size_t number, struct text line, struct error *error) {
    if (!text_ends(line, "]") || line.length < 3) {
        return error_set(error, ERROR_USAGE, "%s:%zu: a folder stands as [FOLDER] on a line of its own", conf->path,
                         number);
    }
    char **sections = reallocarray(conf->sections, conf->section_count + 1, sizeof *sections);
    conf->sections = sections ? sections : conf->sections;
    char *name = strndup(line.bytes + 1, line.length - 2);
    if (!sections || !name) {
        free(name);
        return error_set_memory(error);
    }
    conf->sections[conf->section_count++] = name;
    return true;
}

/* Returns whether the option may be in the file. Excluded are those that end the command or name
 * another project file. */
static bool is_allowed(const struct option_row *row) {
    static const char *const others[] = {"help", "version", "config"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (strcmp(row->name, others[i]) == 0) {
            return false;
        }
    }
    return true;
}

static bool add_line(struct conf *conf, size_t number, struct text line, struct error *error) {
    size_t equals = 0;
    bool has_value = text_find(line, "=", &equals);
    struct text name = text_trim(text_slice(line, 0, has_value ? equals : line.length));
    const struct option_row *row = option_find(name.bytes, name.length);
    if (!row || !is_allowed(row)) {
        return error_set(error, ERROR_USAGE, "%s:%zu: there is no such option for a project; see migfs --help",
                         conf->path, number);
    }
    if (has_value != option_takes_value(row)) {
        return error_set(error, ERROR_USAGE, "%s:%zu: %s %s", conf->path, number, row->name,
                         has_value ? "takes no value" : "needs a value");
    }
    struct text value = text_trim(text_slice(line, equals + 1, line.length));
    struct conf_line *lines = reallocarray(conf->lines, conf->count + 1, sizeof *lines);
    conf->lines = lines ? lines : conf->lines;
    char *copy = has_value ? strndup(value.bytes, value.length) : NULL;
    if (!lines || (has_value && !copy)) {
        free(copy);
        return error_set_memory(error);
    }
    conf->lines[conf->count++] =
        (struct conf_line){.number = number, .section = conf->section_count, .row = row, .value = copy};
    return true;
}

static bool parse(struct conf *conf, struct text rest, struct error *error) {
    struct text line;
    bool is_good = true;
    for (size_t number = 1; is_good && text_line(&rest, &line); number++) {
        line = text_trim(line);
        if (line.length > 0 && line.bytes[0] != '#') {
            is_good =
                line.bytes[0] == '[' ? add_section(conf, number, line, error) : add_line(conf, number, line, error);
        }
    }
    return is_good;
}

bool conf_read(struct conf *conf, const char *path, struct error *error) {
    *conf = (struct conf){0};
    if (!set_paths(conf, path, error)) {
        return false;
    }
    if (!conf->path) {
        return true;
    }
    FILE *stream = path ? fopen(path, "re") : regular_open(conf->path);
    char *bytes = stream ? malloc(LARGEST) : NULL;
    if (!bytes) {
        bool is_memory = stream != NULL;
        if (stream) {
            fclose(stream);
        }
        bool is_other = !is_memory && !path && errno == EINVAL;
        return is_other    ? error_set(error, ERROR_USAGE, "%s is not a regular file", conf->path)
               : is_memory ? error_set_memory(error)
                           : error_set_errno(error, "%s cannot be read", conf->path);
    }
    size_t length = fread(bytes, 1, LARGEST, stream);
    bool is_good = !ferror(stream) || error_set_errno(error, "%s cannot be read", conf->path);
    fclose(stream);
    is_good = is_good && (length < LARGEST || error_set(error, ERROR_USAGE, "%s is larger than 64 KiB", conf->path));
    is_good = is_good && parse(conf, (struct text){bytes, length}, error);
    explicit_bzero(bytes, length);
    free(bytes);
    return is_good;
}

void conf_finish(struct conf *conf) {
    for (size_t i = 0; i < conf->count; i++) {
        char *value = conf->lines[i].value;
        if (value) {
            explicit_bzero(value, strlen(value));
        }
        free(value);
    }
    for (size_t i = 0; i < conf->section_count; i++) {
        free(conf->sections[i]);
    }
    free(conf->lines);
    free(conf->sections);
    free(conf->path);
    free(conf->folder);
    *conf = (struct conf){0};
}

/* ---- applying ---- */

/* Resolves a path relative to the file's folder, after an optional `NAME=`. Returns a copy to
 * free. */
static char *resolve(const struct conf *conf, const struct option_row *row, const char *value) {
    bool is_path =
        row->argument && (text_ends(text_of(row->argument), "FILE") || text_ends(text_of(row->argument), "DIR"));
    size_t name = row->argument && row->argument[0] == '[' ? options_name_length(value) : 0;
    char *resolved;
    if (!is_path || value[name] == '/' || strcmp(value, "-") == 0) {
        return strdup(value);
    }
    return asprintf(&resolved, "%.*s%s/%s", (int)name, value, conf->folder, value + name) < 0 ? NULL : resolved;
}

static bool apply(const struct conf *conf, const struct conf_line *line, struct options *options, struct error *error) {
    char *value = line->value ? resolve(conf, line->row, line->value) : NULL;
    if (line->value && !value) {
        return error_set_memory(error);
    }
    bool is_connection = line->row->may_hold_password; /* only --database: -o is no option here */
    bool is_good = is_connection ? options_add_database_of_project(options, value, error)
                                 : option_set(line->row, options, value, error);
    if (value) {
        explicit_bzero(value, strlen(value));
    }
    free(value);
    return is_good || error_wrap(error, "%s:%zu", conf->path, line->number);
}

bool conf_apply(const struct conf *conf, size_t section, struct options *options, struct error *error) {
    uint64_t before = options->given;
    bool has_databases = option_names_databases(options);
    for (size_t i = 0; i < conf->count; i++) {
        const struct conf_line *line = &conf->lines[i];
        bool is_given = option_is_of_databases(line->row) ? has_databases : before >> (line->row - option_table) & 1;
        if (line->section == section && !is_given && !apply(conf, line, options, error)) {
            return false;
        }
    }
    return true;
}
