/* Reads more files rather than fewer: what is not found is taken for absent. */
#include "cli/schema_files.h"

#include <dirent.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/regular.h"
#include "cli/schema_column.h"
#include "cli/schema_config.h"
#include "cli/schema_declarations.h"
#include "cli/schema_graph_ask.h"
#include "cli/schema_text.h"
#include "migfs/util/patience.h"

enum { MOST_BYTES = 4 << 20, MOST_FILES = 2000, MOST_NAMES = 20000, DEEPEST = 32 };

struct names {
    struct text *names; /* slices of the files; sorted once all are read */
    size_t count, room;
};

struct schema_files {
    struct discovered texts; /* the files' bytes, and names composed of them */
    struct names words, strings;
    struct schema_graph *graph;
    bool has_composed_parts; /* names of indexes or constraints need not be found */
};

struct reading {
    struct schema_files *files;
    char folder[PATH_MAX];   /* that of the config */
    struct discovered paths; /* files to read, and those that have been read */
    const char *path;        /* the one that is being scanned */
    size_t *lengths;         /* of the texts of these files */
    struct schema_declarations declarations;
    size_t bytes, listed; /* so far */
    bool is_known;        /* false: given up */
};

/* ---- lists ---- */

static bool add_name(struct names *list, struct text name) {
    if (list->count == list->room) {
        size_t room = list->room > 0 ? 2 * list->room : 1024;
        struct text *names = reallocarray(list->names, room, sizeof *names);
        if (!names) {
            return false;
        }
        list->names = names;
        list->room = room;
    }
    list->names[list->count++] = name;
    return true;
}

static bool has_name(const struct names *list, struct text name) {
    return list->count > 0 && bsearch(&name, list->names, list->count, sizeof *list->names, text_compare_elements);
}

static void sort(struct names *list) {
    if (list->count > 0) {
        qsort(list->names, list->count, sizeof *list->names, text_compare_elements);
    }
}

/* The real path, so that a file that is reached in several ways is read once. */
static void add_path(struct reading *reading, const char *path) {
    char *whole = realpath(path, NULL);
    for (size_t i = 0; whole && i < reading->paths.count; i++) {
        if (strcmp(reading->paths.paths[i], whole) == 0) {
            free(whole);
            return;
        }
    }
    reading->is_known = reading->is_known && whole && reading->paths.count < MOST_FILES;
    if (reading->is_known) {
        reading->is_known = discover_add(&reading->paths, whole);
    } else {
        free(whole);
    }
}

/* ---- files that `schema` names ---- */

static bool is_code(const char *name) {
    static const char *const ends[] = {".ts", ".js", ".mjs", ".cjs", ".mts", ".cts", ".tsx", ".jsx"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (text_ends(text_of(name), ends[i])) {
            return true;
        }
    }
    return false;
}

/* Adds the files of a folder and of those below it. `pattern` is of their names; NULL: any. */
static void add_below(struct reading *reading, const char *folder, const char *pattern, int depth) {
    DIR *directory = depth < DEEPEST ? opendir(folder) : NULL;
    struct dirent *entry;
    reading->is_known = reading->is_known && directory;
    while (reading->is_known && (entry = readdir(directory))) {
        char path[PATH_MAX];
        struct stat status;
        patience_step();
        int length = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        reading->is_known = ++reading->listed <= MOST_NAMES && length > 0 && (size_t)length < sizeof path;
        bool is_hidden = entry->d_name[0] == '.' || strcmp(entry->d_name, "node_modules") == 0;
        if (!reading->is_known || is_hidden || stat(path, &status) < 0) {
            continue;
        }
        if (S_ISDIR(status.st_mode)) {
            add_below(reading, path, pattern, depth + 1);
        } else if (is_code(entry->d_name) && (!pattern || fnmatch(pattern, entry->d_name, 0) == 0)) {
            add_path(reading, path);
        }
    }
    if (directory) {
        closedir(directory);
    }
}

/* Adds what a pattern matches, and more: of its folders only those before the first sign are taken
 * into account. */
static void add_pattern(struct reading *reading, char *path) {
    char *sign = path + strcspn(path, "*?[{("), *last = strrchr(path, '/') + 1;
    const char *pattern = strpbrk(last, "{(") || strstr(last, "**") ? NULL : last;
    while (*sign != '/') {
        sign--;
    }
    char *folder = strndup(path, (size_t)(sign - path));
    reading->is_known = reading->is_known && folder;
    if (folder) {
        add_below(reading, sign == path ? "/" : folder, pattern, 0);
    }
    free(folder);
}

static void add_configured(struct reading *reading, const char *given) {
    char path[PATH_MAX];
    struct stat status;
    bool is_whole = given[0] == '/';
    int length = snprintf(path, sizeof path, "%s%s%s", is_whole ? "" : reading->folder, is_whole ? "" : "/", given);
    if (length < 0 || (size_t)length >= sizeof path) {
        reading->is_known = false;
    } else if (given[strcspn(given, "*?[{(")]) {
        add_pattern(reading, path);
    } else if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        add_below(reading, path, NULL, 0);
    } else {
        add_path(reading, path);
    }
}

/* ---- imports ---- */

static bool is_file(const char *path) {
    struct stat status;
    patience_step();
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* Finds the file of a relative import as TypeScript does: ./a is a.ts or a/index.ts, ./a.js may be
 * a.ts. */
static bool resolve(const struct reading *reading, struct text from, char *ret_path, size_t size) {
    static const char *const ends[] = {"",          ".ts",        ".tsx",       ".js",        ".jsx",      ".mts",
                                       ".mjs",      ".cts",       ".cjs",       ".json",      "/index.ts", "/index.tsx",
                                       "/index.js", "/index.mts", "/index.mjs", "/index.cts", "/index.cjs"};
    static const char *const other[][2] = {{".js", ".ts"}, {".js", ".tsx"}, {".mjs", ".mts"}, {".cjs", ".cts"}};
    int folder = (int)(strrchr(reading->path, '/') - reading->path);
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        int length = (int)(from.length - strlen(other[i][0]));
        if (text_ends(from, other[i][0])) {
            snprintf(ret_path, size, "%.*s/%.*s%s", folder, reading->path, length, from.bytes, other[i][1]);
            if (is_file(ret_path)) {
                return true;
            }
        }
    }
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(ret_path, size, "%.*s/%.*s%s", folder, reading->path, TEXT_ARGS(from), ends[i]);
        if (is_file(ret_path)) {
            return true;
        }
    }
    return false;
}

/* Returns whether it is an installed package, and not another name for files of the project. */
static bool is_package(const struct reading *reading, struct text from) {
    size_t length = 0;
    for (int slashes = text_starts(from, "@") ? 2 : 1; length < from.length; length++) {
        slashes -= from.bytes[length] == '/';
        if (slashes == 0) {
            break;
        }
    }
    char folder[PATH_MAX], path[PATH_MAX + NAME_MAX];
    struct stat status;
    snprintf(folder, sizeof folder, "%s", reading->folder);
    for (char *slash; (slash = strrchr(folder, '/')); *slash = '\0') {
        int written = snprintf(path, sizeof path, "%s/node_modules/%.*s", folder, (int)length, from.bytes);
        patience_step();
        if (written > 0 && (size_t)written < sizeof path && stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
            return true;
        }
    }
    return false;
}

static bool is_of_node(struct text from) {
    return text_starts(from, "node:") || text_is(from, "crypto") || text_is(from, "path") || text_is(from, "util");
}

static bool is_of_drizzle(struct text from) {
    return text_is(from, "drizzle-orm") || text_starts(from, "drizzle-orm/");
}

/* What is made with one of these names may be any part. */
static void add_foreign(struct reading *reading, struct text names) {
    struct text word;
    if (names.length == 0) {
        schema_graph_open(reading->files->graph);
    }
    while (schema_text_word(&names, &word)) {
        schema_graph_foreign(reading->files->graph, word);
    }
}

/* A package can only declare tables of this schema if the file exports them again. */
static void take_import(void *context, struct text from, enum schema_import kind, struct text names) {
    struct reading *reading = context;
    char path[PATH_MAX];
    if (kind == SCHEMA_IMPORT_TYPE || !reading->is_known) {
        return;
    }
    schema_declarations_add_imported(&reading->declarations, names);
    if (text_starts(from, ".")) {
        reading->is_known = reading->is_known && resolve(reading, from, path, sizeof path);
        if (reading->is_known) {
            add_path(reading, path);
        }
    } else if (!is_of_node(from)) {
        reading->is_known = reading->is_known && kind == SCHEMA_IMPORT && is_package(reading, from);
        if (!is_of_drizzle(from)) {
            add_foreign(reading, names);
        }
    }
}

static void take_word(void *context, struct text word, bool is_string) {
    struct reading *reading = context;
    struct schema_files *files = reading->files;
    reading->is_known =
        reading->is_known && add_name(&files->words, word) && (!is_string || add_name(&files->strings, word));
}

static void take_maker(void *context, const struct schema_maker *maker) {
    schema_declarations_add_maker(&((struct reading *)context)->declarations, maker);
}

static bool take_table(void *context, struct text name, char *composed) {
    struct reading *reading = context;
    if (composed && !discover_add(&reading->files->texts, composed)) {
        free(composed);
        return false;
    }
    return add_name(&reading->files->strings, name);
}

/* Once all names of functions that declare tables are known. */
static void find_declarations(struct reading *reading) {
    struct schema_files *files = reading->files;
    size_t count = reading->paths.count; /* names that are composed become texts, too */
    for (size_t i = 0; i < count && reading->declarations.is_known; i++) {
        patience_step();
        schema_declarations_scan(&reading->declarations, (struct text){files->texts.paths[i], reading->lengths[i]});
    }
    /* The columns of a table as those of another. */
    schema_graph_foreign(files->graph, TEXT("getTableColumns"));
    files->has_composed_parts = reading->declarations.has_composed_parts;
    reading->is_known = reading->is_known && reading->declarations.is_known && schema_graph_follow(files->graph);
}

/* ---- reading ---- */

static void read_file(struct reading *reading, size_t *ret_length) {
    size_t room = MOST_BYTES - reading->bytes + 1;
    FILE *stream = regular_open(reading->path);
    char *bytes = stream ? malloc(room) : NULL;
    size_t length = bytes ? fread(bytes, 1, room, stream) : 0;
    reading->is_known = bytes && !ferror(stream) && length < room;
    if (stream) {
        fclose(stream);
    }
    char *kept = bytes ? realloc(bytes, length + 1) : NULL;
    if (!kept || !discover_add(&reading->files->texts, kept)) {
        free(kept ? NULL : bytes);
        reading->is_known = false;
        return;
    }
    *ret_length = length;
    reading->bytes += length;
    const struct schema_text_found found = {take_word, take_import, take_maker, reading};
    schema_text_scan((struct text){kept, length}, &found);
}

static void read_all(struct reading *reading, const struct discover_config *config) {
    for (size_t i = 0; i < config->files.count && reading->is_known; i++) {
        add_configured(reading, config->files.paths[i]);
    }
    for (size_t i = 0; i < reading->paths.count && reading->is_known; i++) {
        patience_step();
        reading->path = reading->paths.paths[i];
        read_file(reading, &reading->lengths[i]);
    }
    reading->is_known = reading->is_known && reading->paths.count > 0;
    if (reading->is_known) {
        find_declarations(reading);
    }
}

static struct schema_files *read_files(const char *folder, const struct discover_config *config) {
    struct reading reading = {.files = calloc(1, sizeof *reading.files),
                              .lengths = calloc(MOST_FILES, sizeof *reading.lengths)};
    if (reading.files && reading.lengths) {
        reading.files->graph = schema_graph_create();
        reading.declarations = (struct schema_declarations){
            .graph = reading.files->graph, .is_known = true, .add_table = take_table, .context = &reading};
        reading.is_known = reading.files->graph && realpath(folder, reading.folder);
        read_all(&reading, config);
    }
    discover_finish(&reading.paths);
    free(reading.lengths);
    if (!reading.is_known) {
        schema_files_destroy(reading.files);
        return NULL;
    }
    sort(&reading.files->words);
    sort(&reading.files->strings);
    return reading.files;
}

struct schema_files *schema_files_read(const char *source) {
    struct discover_config config;
    char folder[PATH_MAX];
    struct schema_files *files = NULL;
    patience_begin("the schema");
    if (schema_config_find(source, folder, sizeof folder, &config) && !config.has_casing) {
        files = read_files(folder, &config);
    }
    discover_config_finish(&config);
    patience_end();
    return files;
}

void schema_files_destroy(struct schema_files *files) {
    if (files) {
        discover_finish(&files->texts);
        free(files->words.names);
        free(files->strings.names);
        schema_graph_destroy(files->graph);
        free(files);
    }
}

static enum snapshots_declared is_found(const struct names *list, struct text name, bool is_certain) {
    return has_name(list, name)                      ? SNAPSHOTS_DECLARED
           : is_certain && schema_text_is_word(name) ? SNAPSHOTS_ABSENT
                                                     : SNAPSHOTS_UNSURE;
}

/* Where the table's own object does not say it, a name counts that stands in what it leads to; and one
 * that stands nowhere at all does not. */
static enum snapshots_declared has_column(const struct schema_files *files, struct text table, struct text name) {
    enum snapshots_declared declared = schema_graph_ask_column(files->graph, table, name, SCHEMA_PART_COUNT);
    if (declared != SNAPSHOTS_UNSURE) {
        return declared;
    }
    declared = schema_graph_ask_mention(files->graph, table, name);
    return declared == SNAPSHOTS_UNSURE && is_found(&files->words, name, true) == SNAPSHOTS_ABSENT ? SNAPSHOTS_ABSENT
                                                                                                   : declared;
}

enum snapshots_declared schema_files_have(const void *context, struct text name, struct text column,
                                          enum snapshots_named kind, size_t *ret_most) {
    const struct schema_files *files = context;
    *ret_most = SIZE_MAX;
    switch (kind) {
    case SNAPSHOTS_OF_KEY:
        return schema_graph_ask(files->graph, name, SCHEMA_PART_KEY, ret_most);
    case SNAPSHOTS_OF_UNIQUE:
        return column.length > 0 ? schema_graph_ask_column(files->graph, name, column, SCHEMA_PART_UNIQUE)
                                 : schema_graph_ask(files->graph, name, SCHEMA_PART_UNIQUE, ret_most);
    case SNAPSHOTS_OF_REFERENCE:
        return column.length > 0 ? schema_graph_ask_column(files->graph, name, column, SCHEMA_PART_REFERENCE)
                                 : schema_graph_ask(files->graph, name, SCHEMA_PART_REFERENCE, ret_most);
    case SNAPSHOTS_OF_INDEX:
        return schema_graph_ask(files->graph, name, SCHEMA_PART_INDEX, ret_most);
    case SNAPSHOTS_COLUMN:
        return has_column(files, name, column);
    case SNAPSHOTS_OF_NOT_NULL:
        return schema_graph_ask_column(files->graph, name, column, SCHEMA_PART_NOT_NULL);
    case SNAPSHOTS_OF_DEFAULT:
        return schema_graph_ask_column(files->graph, name, column, SCHEMA_PART_DEFAULT);
    case SNAPSHOTS_WHOLE:
        return column.length > 0 ? schema_graph_ask_column(files->graph, name, column, SCHEMA_PART_COUNT)
               : schema_graph_has_table(files->graph, name) ? SNAPSHOTS_DECLARED
                                                            : SNAPSHOTS_ABSENT;
    case SNAPSHOTS_PART:
        return is_found(&files->strings, name, !files->has_composed_parts);
    case SNAPSHOTS_TABLE:
    default:
        return is_found(&files->strings, name, true);
    }
}

static bool find_function(const void *context, struct text function, struct text *ret_name, bool *ret_is_enum) {
    return schema_graph_function(context, function, ret_name, ret_is_enum);
}

enum snapshots_declared schema_files_say(const void *context, struct text table, struct text column,
                                         enum snapshots_named kind, struct text text) {
    const struct schema_files *files = context;
    const struct schema_column_functions functions = {find_function, files->graph};
    struct text code;
    if (kind == SNAPSHOTS_OF_WORD) {
        return schema_graph_ask_mention(files->graph, table, text);
    }
    return schema_graph_code(files->graph, table, column, &code) ? schema_column_says(code, &functions, kind, text)
                                                                 : SNAPSHOTS_UNSURE;
}
