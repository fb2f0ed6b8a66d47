/* Builds the tree of the view and prints one node of it. */
#include "cli/print.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/folders.h"
#include "cli/reading.h"
#include "cli/suggest.h"
#include "migfs/util/log.h"
#include "migfs/util/patience.h"

/* Follows links within the view, which lead from state/ to status/. */
static const struct node *find_node(const struct tree *tree, const char *path) {
    const struct node *node = tree_find(tree, text_of(path));
    if (node && node->kind == NODE_LINK) {
        struct text target = content_text(node->content);
        size_t at;
        return text_find(target, "status/", &at) ? tree_find(tree, text_slice(target, at, target.length)) : NULL;
    }
    return node;
}

static void print_names(const struct tree_directory *directory) {
    for (size_t i = 0; i < directory->count; i++) {
        struct text name = directory->names[i].name;
        fwrite(name.bytes, 1, name.length, stdout);
        fputs(directory->names[i].node->kind == NODE_DIRECTORY ? "/\n" : "\n", stdout);
    }
}

/* Reads piece by piece, since a large file does not fit in memory. */
static bool print_content(struct content *content, struct error *error) {
    char part[1 << 13];
    for (size_t at = 0, length; at < content_size(content); at += length) {
        if (!content_read(content, part, sizeof part, at, &length, error)) {
            return false;
        }
        fwrite(part, 1, length, stdout);
    }
    return true;
}

/* Suggests the most similar name in the last existing folder of the path. */
static void say_missing(const struct tree *tree, const struct options *options) {
    struct text path = text_of(options->path);
    size_t length = 0, at;
    const struct node *folder = tree_find(tree, TEXT(""));
    while (text_find(text_slice(path, length, path.length), "/", &at)) {
        const struct node *below = tree_find(tree, text_slice(path, 0, length + at));
        if (!below || below->kind != NODE_DIRECTORY) {
            break;
        }
        folder = below;
        length += at + 1;
    }
    char word[256], names[2][256] = {"", ""};
    struct text rest = text_slice(path, length, path.length);
    snprintf(word, sizeof word, "%.*s", (int)(text_find(rest, "/", &at) ? at : rest.length), rest.bytes);
    struct suggestion suggestion = {.word = word};
    const struct tree_directory *directory = tree_directory_of(tree, folder->inode);
    for (size_t i = 0, spare = 0; i < directory->count; i++) {
        snprintf(names[spare], sizeof names[spare], "%.*s", TEXT_ARGS(directory->names[i].name));
        suggest_consider(&suggestion, names[spare]);
        spare = suggestion.best == names[spare] ? !spare : spare;
    }
    struct text written = text_of(options->written);
    if (text_starts(path, options->written) && path.length > written.length + 1 && path.bytes[written.length] == '/') {
        log_error("there is no %s in the view; did you mean migfs print %s %s?", options->path, options->written,
                  options->path + written.length + 1);
    } else if (suggestion.best) {
        log_error("there is no %s in the view; did you mean %.*s%s?", options->path, (int)length, options->path,
                  suggestion.best);
    } else {
        log_error("there is no %s in the view; see what there is: migfs print %s /", options->path, options->written);
    }
}

static int print_node(const struct tree *tree, const struct node *node, const struct options *options) {
    struct error error;
    if (!node) {
        say_missing(tree, options);
        return READING_CANNOT_TELL;
    }
    if (node->kind == NODE_DIRECTORY) {
        print_names(tree_directory_of(tree, node->inode));
    } else if (node->is_refused) {
        log_error("%s is refused; see why: migfs print %s problems", options->path, options->written);
        return READING_CANNOT_TELL;
    } else if (!print_content(node->content, &error)) {
        log_error("%s: %s", options->path, error.sentence);
        return READING_CANNOT_TELL;
    }
    return reading_is_written() ? EXIT_SUCCESS : READING_CANNOT_TELL;
}

/* `migfs print DIR _journal.json > DIR/meta/_journal.json`: the shell has truncated the journal
 * before we could read it. */
static bool prints_onto_journal(const char *source) {
    char path[PATH_MAX];
    struct stat journal, output;
    snprintf(path, sizeof path, "%s/meta/_journal.json", source);
    patience_begin(path);
    bool is_same = fstat(STDOUT_FILENO, &output) == 0 && stat(path, &journal) == 0 && journal.st_dev == output.st_dev &&
                   journal.st_ino == output.st_ino;
    patience_end();
    return is_same;
}

static void say_rebuilt(void *context, struct arena *arena, const struct view *view) {
    (void)arena;
    *(bool *)context = view->synthesis->is_rebuilt;
}

static int print_folder(struct options *options, void *context) {
    (void)context;
    struct error error;
    bool is_rebuilt = false;
    if (prints_onto_journal(options->source)) {
        log_error("standard output is the journal itself, meta/_journal.json, which the shell has emptied; restore it: "
                  "git -C %s checkout -- meta/_journal.json; then: migfs fix %s",
                  options->written, options->written);
        return READING_CANNOT_TELL;
    }
    struct inputs *inputs = reading_inputs(options, NULL);
    if (!inputs) {
        return READING_CANNOT_TELL;
    }
    int status = READING_CANNOT_TELL;
    struct tree *tree = inputs_tree(inputs, NULL, say_rebuilt, &is_rebuilt, &error);
    if (tree && is_rebuilt && strstr(options->path, "_journal.json")) {
        log_notice("meta/_journal.json could not be read: this one is rebuilt from the ledgers and the files");
    }
    if (tree) {
        status = print_node(tree, find_node(tree, options->path), options);
    } else {
        log_error("%s", error.sentence);
    }
    tree_unref(tree);
    inputs_destroy(inputs);
    return status;
}

int print_run(struct options *options) {
    return folders_run(options, FOLDERS_ONE, print_folder, NULL);
}
