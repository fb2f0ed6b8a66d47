/* Prints the problems, for people, for programs and for GitHub. */
#include "cli/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/base.h"
#include "cli/reading.h"
#include "migfs/util/log.h"

enum { EXIT_NONE = 0, EXIT_SOME = 1 };

struct checking {
    const struct options *options;
    const struct journal *base; /* NULL: none */
    char *folder;               /* the source without links on the way to it, or NULL */
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
    snprintf(severity, sizeof severity, ": %s: ", severity_name(problem->severity));
    if (!checking->is_coloured || !text_find(line, severity, &at)) {
        printf("%s\n", line.bytes);
        return;
    }
    size_t end = at + text_of(severity).length;
    printf("\033[1m%.*s\033[0m%s%.*s\033[0m%s\n", (int)at + 2, line.bytes, colours[problem->severity],
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
    buffer_format(&buffer, "::%s ", commands[problem->severity]);
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

/* The rehearsal in place of the problems: some where anything stands in the way, and unknown where a database cannot be read. */
static void check_upgrade(struct checking *checking, struct arena *arena, const struct view *view) {
    if (!view->upgrade) {
        log_error("%s: not a folder of drizzle 0.x, so there is nothing to upgrade", checking->options->source);
        checking->status = READING_CANNOT_TELL;
        return;
    }
    struct text text =
        checking->options->format == CHECK_JSON ? render_upgrade_tree(arena, view) : render_upgrade(arena, view);
    fwrite(text.bytes, 1, text.length, stdout);
    checking->status = view->upgrade->obstacles > 0 ? EXIT_SOME : EXIT_NONE;
    for (size_t i = 0; i < view->join->database_count; i++) {
        if (!view->upgrade->databases[i].is_known) {
            checking->status = READING_CANNOT_TELL;
        }
    }
}

static void check_view(void *context, struct arena *arena, const struct view *view) {
    struct checking *checking = context;
    const struct options *options = checking->options;
    if (options->upgrade) {
        check_upgrade(checking, arena, view);
        return;
    }
    struct problems *problems = base_add_problems(arena, view, checking->base);
    if (options->format == CHECK_JSON) {
        struct text json = render_problems_json(arena, problems, options->severity);
        fwrite(json.bytes, 1, json.length, stdout);
    }
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *problem = &problems->problems[i];
        if (problem->code == &problem_codes[PROBLEM_DATABASE_UNREADABLE] ||
            problem->code == &problem_codes[PROBLEM_SOURCE_MISSING]) {
            checking->status = READING_CANNOT_TELL;
        }
        if (problem->severity > options->severity) {
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

int check_run(struct options *options) {
    const char *no_colour = getenv("NO_COLOR");
    struct checking checking = {.options = options, .is_coloured = isatty(STDOUT_FILENO) && !(no_colour && *no_colour)};
    struct journal *base = NULL;
    struct error error;
    if (options->base && !(base = base_read(options->base, &error))) {
        log_error("%s", error.sentence);
        return READING_CANNOT_TELL;
    }
    struct inputs *inputs = reading_inputs(options);
    checking.base = base;
    checking.folder = realpath(options->source, NULL);
    if (!inputs) {
        checking.status = READING_CANNOT_TELL;
    } else if (!inputs_view(inputs, check_view, &checking, &error)) {
        log_error("%s", error.sentence);
        checking.status = READING_CANNOT_TELL;
    }
    free(checking.folder);
    inputs_destroy(inputs);
    journal_unref(base);
    return reading_is_written() ? checking.status : READING_CANNOT_TELL;
}
