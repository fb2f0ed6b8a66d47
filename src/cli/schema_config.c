/* A config is that of the migrations folder to which its `out` leads. */
#include "cli/schema_config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/regular.h"
#include "migfs/util/patience.h"

enum { DEEPEST = 32 };

/* Reads the config of a folder. Returns whether it is that of the migrations folder. */
static bool read_config(const char *folder, const char *source, struct discover_config *ret_config) {
    char path[PATH_MAX];
    struct stat out, given;
    discover_config_read(folder, ret_config);
    snprintf(path, sizeof path, "%s/%s", folder, ret_config->name ? ret_config->name : "");
    bool is_ours = ret_config->name && !regular_is_planted(folder, path);
    const char *written = ret_config->out ? ret_config->out : "drizzle";
    snprintf(path, sizeof path, "%s%s%s", written[0] == '/' ? "" : folder, written[0] == '/' ? "" : "/", written);
    return is_ours && stat(path, &out) == 0 && stat(source, &given) == 0 && out.st_dev == given.st_dev &&
           out.st_ino == given.st_ino;
}

bool schema_config_find(const char *source, char *ret_folder, size_t size, struct discover_config *ret_config) {
    char git[PATH_MAX + sizeof "/.git"], *slash;
    snprintf(ret_folder, size, ".");
    if (read_config(ret_folder, source, ret_config)) {
        return true;
    }
    snprintf(ret_folder, size, "%s", source);
    for (int depth = 0; depth < DEEPEST && (slash = strrchr(ret_folder, '/')) && slash > ret_folder; depth++) {
        *slash = '\0';
        discover_config_finish(ret_config);
        if (read_config(ret_folder, source, ret_config)) {
            return true;
        }
        snprintf(git, sizeof git, "%s/.git", ret_folder);
        if (access(git, F_OK) == 0) {
            return false;
        }
    }
    return false;
}

/* Returns `{a.ts,b.ts}`, since drizzle-kit takes one pattern; NULL if there is none. */
static char *join_patterns(const struct discovered *files) {
    char *joined = NULL;
    size_t length;
    for (size_t i = 0; files->count > 1 && i < files->count; i++) {
        if (strpbrk(files->paths[i], "{},")) {
            return NULL;
        }
    }
    FILE *stream = files->count > 0 ? open_memstream(&joined, &length) : NULL;
    if (!stream) {
        return NULL;
    }
    for (size_t i = 0; i < files->count; i++) {
        fprintf(stream, "%s%s", files->count == 1 ? "" : i == 0 ? "{" : ",", files->paths[i]);
    }
    fputs(files->count == 1 ? "" : "}", stream);
    fclose(stream);
    return joined;
}

void schema_options_read(const char *source, struct schema_options *ret_options) {
    struct discover_config config;
    char folder[PATH_MAX];
    *ret_options = (struct schema_options){0};
    patience_begin("the schema");
    if (schema_config_find(source, folder, sizeof folder, &config)) {
        ret_options->files = join_patterns(&config.files);
        ret_options->casing = config.casing ? strdup(config.casing) : NULL;
        ret_options->has_casing = config.has_casing;
        ret_options->folder = strcmp(folder, ".") == 0 ? NULL : strdup(folder);
    }
    discover_config_finish(&config);
    patience_end();
}

void schema_options_finish(struct schema_options *options) {
    free(options->files);
    free(options->casing);
    free(options->folder);
    *options = (struct schema_options){0};
}
