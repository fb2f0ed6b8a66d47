/* The view without FUSE: reads everything once, and prints the problems or one file. */
#include "cli/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/base.h"
#include "migfs/live/progress.h"
#include "migfs/util/log.h"

enum { EXIT_NONE = 0, EXIT_SOME = 1, EXIT_CANNOT_TELL = 2 };

static bool is_written(void) {
    if (fflush(stdout) == 0 && !ferror(stdout)) {
        return true;
    }
    log_error("not all could be written");
    return false;
}

static void say(void *context, const char *sentence) {
    (void)context;
    log_notice("%s", sentence);
}

static struct inputs *read_inputs(const struct options *options) {
    struct error error;
    struct inputs *inputs = inputs_create(&options->inputs, say, NULL, &error);
    if (inputs && progress_read_all(inputs, &error)) {
        return inputs;
    }
    log_error("%s", error.sentence);
    inputs_destroy(inputs);
    return NULL;
}

/* ---- check ---- */

struct checking {
    const struct options *options;
    char *folder; /* the source without links on the way to it, or NULL */
    bool is_coloured;
    int status;
};

static void print_text(const struct checking *checking, struct arena *arena, const struct problem *problem) {
    static const char *const colours[SEVERITY_COUNT] = {"\033[1;31m", "\033[1;35m", "\033[1;36m"};
    struct buffer buffer = BUFFER(arena);
    problem_print(&buffer, problem);
    struct text line = buffer_text(&buffer);
    char severity[16];
    size_t at;
    snprintf(severity, sizeof severity, ": %s: ", severity_name(problem->code->severity));
    if (!checking->is_coloured || !text_find(line, severity, &at)) {
        printf("%s\n", line.bytes);
        return;
    }
    size_t end = at + text_of(severity).length;
    printf("\033[1m%.*s\033[0m%s%.*s\033[0m%s\n", (int)at + 2, line.bytes, colours[problem->code->severity],
           (int)(end - at - 2), line.bytes + at + 2, line.bytes + end);
}

/* A value of a workflow command: https://docs.github.com/actions, "workflow commands". */
static void add_github(struct buffer *buffer, struct text text, bool is_property) {
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.bytes[i];
        if (byte == '%' || byte == '\r' || byte == '\n' || (is_property && (byte == ':' || byte == ','))) {
            buffer_format(buffer, "%%%02X", (unsigned)(unsigned char)byte);
        } else {
            buffer_add_char(buffer, byte);
        }
    }
}

/* Absolute, of which GitHub makes one below the repository, whichever folder the step runs in. Empty for what is in no file. */
static struct text path_of(const struct checking *checking, struct arena *arena, const struct problem *problem) {
    const struct options *options = checking->options;
    if (problem->database.length > 0 && text_starts(problem->file, "database ")) {
        return TEXT("");
    }
    if (problem->code == &problem_codes[PROBLEM_BAD_RULE] && options->rules_file) {
        return text_of(options->rules_file);
    }
    const char *folder = checking->folder ? checking->folder : options->source;
    struct text file = text_escaped(arena, problem->file);
    return text_is(file, ".") ? text_of(folder) : text_format(arena, "%s/%.*s", folder, TEXT_ARGS(file));
}

static void print_github(const struct checking *checking, struct arena *arena, const struct problem *problem) {
    static const char *const commands[SEVERITY_COUNT] = {"error", "warning", "notice"};
    struct buffer buffer = BUFFER(arena);
    struct text path = path_of(checking, arena, problem);
    buffer_format(&buffer, "::%s ", commands[problem->code->severity]);
    if (path.length > 0) {
        buffer_add(&buffer, TEXT("file="));
        add_github(&buffer, path, true);
        buffer_add_char(&buffer, ',');
    }
    if (problem->line > 0) {
        buffer_format(&buffer, "line=%zu,", problem->line);
    }
    if (problem->line > 0 && problem->column > 0) {
        buffer_format(&buffer, "col=%zu,", problem->column);
    }
    buffer_format(&buffer, "title=migfs %s::", problem->code->code);
    add_github(&buffer, problem->sentence, false);
    printf("%s\n", buffer_text(&buffer).bytes);
}

static void check_view(void *context, struct arena *arena, const struct view *view) {
    struct checking *checking = context;
    const struct options *options = checking->options;
    struct problems *problems = base_add_problems(arena, view, options->base);
    if (!problems) {
        checking->status = EXIT_CANNOT_TELL;
        return;
    }
    if (options->format == CHECK_JSON) {
        struct text json = render_problems_json(arena, problems, options->severity);
        fwrite(json.bytes, 1, json.length, stdout);
    }
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *problem = &problems->problems[i];
        if (problem->code == &problem_codes[PROBLEM_DATABASE_UNREADABLE] ||
            problem->code == &problem_codes[PROBLEM_SOURCE_MISSING]) {
            checking->status = EXIT_CANNOT_TELL;
        }
        if (problem->code->severity > options->severity) {
            continue;
        }
        checking->status = checking->status == EXIT_NONE ? EXIT_SOME : checking->status;
        if (options->format == CHECK_TEXT) {
            print_text(checking, arena, problem);
        } else if (options->format == CHECK_GITHUB) {
            print_github(checking, arena, problem);
        }
    }
}

int check_run(const struct options *options) {
    const char *no_colour = getenv("NO_COLOR");
    struct checking checking = {.options = options, .is_coloured = isatty(STDOUT_FILENO) && !(no_colour && *no_colour)};
    struct inputs *inputs = read_inputs(options);
    struct error error;
    if (!inputs) {
        return EXIT_CANNOT_TELL;
    }
    checking.folder = realpath(options->source, NULL);
    if (!inputs_view(inputs, check_view, &checking, &error)) {
        log_error("%s", error.sentence);
        checking.status = EXIT_CANNOT_TELL;
    }
    free(checking.folder);
    inputs_destroy(inputs);
    return is_written() ? checking.status : EXIT_CANNOT_TELL;
}

/* ---- print ---- */

/* Follows the links of the view itself, which lead from state/ to status/. */
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

static int print_node(const struct tree *tree, const struct node *node, const struct options *options) {
    struct text text;
    struct error error;
    if (!node) {
        log_error("there is no %s in the view; see what there is: migfs print SOURCE /", options->path);
        return EXIT_CANNOT_TELL;
    }
    if (node->kind == NODE_DIRECTORY) {
        print_names(tree_directory_of(tree, node->inode));
    } else if (node->is_refused) {
        log_error("%s is refused; see why: migfs print SOURCE problems", options->path);
        return EXIT_CANNOT_TELL;
    } else if (!content_pin(node->content, &text, &error)) {
        log_error("%s: %s", options->path, error.sentence);
        return EXIT_CANNOT_TELL;
    } else {
        fwrite(text.bytes, 1, text.length, stdout);
        content_unpin(node->content);
    }
    return is_written() ? EXIT_NONE : EXIT_CANNOT_TELL;
}

int print_run(const struct options *options) {
    struct inputs *inputs = read_inputs(options);
    struct error error;
    if (!inputs) {
        return EXIT_CANNOT_TELL;
    }
    int status = EXIT_CANNOT_TELL;
    struct tree *tree = inputs_tree(inputs, NULL, NULL, NULL, &error);
    if (tree) {
        status = print_node(tree, find_node(tree, options->path), options);
    } else {
        log_error("%s", error.sentence);
    }
    tree_unref(tree);
    inputs_destroy(inputs);
    return status;
}
