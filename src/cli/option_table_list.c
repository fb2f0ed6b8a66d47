/* Splits the list and decides what each option is. Errors do not repeat the text, since it may
 * contain a connection string. */
#include "cli/option_table.h"

#include <stdlib.h>
#include <string.h>

/* Returns whether the word is in a list. */
static bool is_one_of(const char *list, const char *word, size_t length) {
    while (*list) {
        size_t here = strcspn(list, " ");
        if (here == length && strncmp(list, word, length) == 0) {
            return true;
        }
        list += here + (list[here] == ' ');
    }
    return false;
}

/* Options that mount(8) and fstab add and that do not matter to a view, which is always read-only
 * and has no devices or programs. */
static bool is_ignored(const char *option) {
    static const char ignored[] = "rw ro auto noauto user nouser users nousers owner group dev nodev suid nosuid exec "
                                  "noexec async atime noatime diratime nodiratime relatime _netdev nofail defaults "
                                  "default_permissions";
    return is_one_of(ignored, option, strlen(option)) || strncmp(option, "x-", 2) == 0 ||
           strncmp(option, "comment=", 8) == 0;
}

/* The options that may follow a connection string in a list. Anything else counts as a part of it,
 * perhaps of a password. */
static bool is_of_fuse(const char *option) {
    static const char known[] = "allow_other auto_unmount blkdev clone_fd context debug defcontext dirsync fscontext "
                                "fsname max_read max_threads rootcontext subtype sync";
    return is_one_of(known, option, strcspn(option, "="));
}

static bool set_one(struct options *options, const char *option, bool is_after_database, struct error *error) {
    size_t length = strcspn(option, "=");
    const struct option_row *row = option_find(option, length);
    if (row && option_takes_value(row) && option[length] != '=') {
        char argument[64];
        return error_set(error, ERROR_USAGE, "-o %s needs a value: -o %s=%s", option, option,
                         option_argument(row, argument, sizeof argument));
    }
    if (row && !option_takes_value(row) && option[length] == '=') {
        return error_set(error, ERROR_USAGE, "-o %s takes no value", row->name);
    }
    if (row) {
        return option_set(row, options, option[length] == '=' ? option + length + 1 : NULL, error);
    }
    if (is_ignored(option) || *option == '\0') {
        return true;
    }
    if (is_after_database && !is_of_fuse(option)) {
        return error_set(
            error, ERROR_USAGE,
            "what follows the database behind -o is not an option; a comma in a connection string is written "
            "\\, there");
    }
    if (options->mount_option_count == OPTIONS_MOUNT) {
        return error_set(error, ERROR_USAGE, "more than %d options behind -o", OPTIONS_MOUNT);
    }
    char *copy = strdup(option);
    if (!copy) {
        return error_set_memory(error);
    }
    options->mount_options[options->mount_option_count++] = copy;
    return true;
}

bool option_set_list(struct options *options, const char *value, struct error *error) {
    char *option = malloc(strlen(value) + 1);
    if (!option) {
        return error_set_memory(error);
    }
    bool is_good = true, has_database = false;
    while (is_good && *value) {
        size_t length = 0;
        for (; *value && *value != ','; value++) {
            value += value[0] == '\\' && (value[1] == ',' || value[1] == '\\');
            option[length++] = *value;
        }
        option[length] = '\0';
        value += *value == ',';
        is_good = set_one(options, option, has_database, error);
        has_database = has_database || strncmp(option, "database=", strlen("database=")) == 0;
        explicit_bzero(option, length);
    }
    free(option);
    return is_good;
}
