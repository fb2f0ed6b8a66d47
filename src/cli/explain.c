/* The explanations of codes are compiled in; those of migrations come from the view. */
#include "cli/explain.h"

#include <stdlib.h>
#include <string.h>

#include "cli/folders.h"
#include "cli/formats.h"
#include "cli/reading.h"
#include "cli/suggest.h"
#include "migfs/report/render.h"
#include "migfs/util/log.h"

static const char document[] = {
#include <problems.inc>
    '\0'};

/* ---- codes ---- */

/* Prints links without their targets: [TEXT](PLACE). */
static void print_line(FILE *file, struct text line) {
    for (size_t i = 0; i < line.length; i++) {
        struct text rest = text_slice(line, i, line.length);
        size_t middle, end;
        bool is_link = line.bytes[i] == '[' && text_find(rest, "](", &middle) &&
                       text_find(text_slice(rest, middle, rest.length), ")", &end) &&
                       !memchr(rest.bytes + 1, '[', middle);
        if (is_link) {
            fwrite(rest.bytes + 1, 1, middle - 1, file);
            i += middle + end;
        } else {
            fputc(line.bytes[i], file);
        }
    }
    fputc('\n', file);
}

bool explain_code(FILE *file, const char *code) {
    struct text rest = text_of(document), line;
    char heading[80];
    bool is_there = false, is_blank = false;
    snprintf(heading, sizeof heading, "### %s (", code);
    while (text_line(&rest, &line)) {
        if (is_there && text_starts(line, "##")) {
            break;
        }
        if (text_starts(line, heading)) {
            is_there = true;
            print_line(file, text_slice(line, strlen("### "), line.length));
        } else if (is_there && line.length == 0) {
            is_blank = true;
        } else if (is_there && !text_starts(line, "<!--") && !text_starts(line, "```")) {
            fputs(is_blank ? "\n" : "", file);
            is_blank = false;
            print_line(file, line);
        }
    }
    return is_there;
}

/* ---- migrations ---- */

struct explaining {
    const struct options *options;
    bool is_found;
    char nearest[256]; /* tag; empty: none is similar */
};

static size_t number_length(struct text text) {
    size_t length = 0;
    while (length < text.length && text.bytes[length] >= '0' && text.bytes[length] <= '9') {
        length++;
    }
    return length;
}

/* Returns whether the tag begins with this number and `_`; leading zeros are ignored. */
static bool is_number_of(struct text tag, struct text number) {
    size_t length = number_length(tag);
    struct text own = text_slice(tag, 0, length);
    while (own.length > 1 && own.bytes[0] == '0') {
        own = text_slice(own, 1, own.length);
    }
    while (number.length > 1 && number.bytes[0] == '0') {
        number = text_slice(number, 1, number.length);
    }
    return length < tag.length && tag.bytes[length] == '_' && text_equal(own, number);
}

/* Returns whether a path, a file name or a number refers to this migration. */
static bool is_meant(const struct migration *it, struct text word) {
    size_t slash;
    while (text_find(word, "/", &slash)) {
        word = text_slice(word, slash + 1, word.length);
    }
    if (text_ends(word, ".sql")) {
        word.length -= strlen(".sql");
    }
    size_t digits = number_length(word);
    return text_equal(it->tag, word) || (digits > 0 && digits == word.length && is_number_of(it->tag, word));
}

static void explain_migration(struct explaining *explaining, struct arena *arena, const struct view *view,
                              const struct migration *it) {
    struct text status = render_status(arena, view, it);
    printf("%s%s\n", explaining->is_found ? "\n" : "", text_escaped(arena, it->tag).bytes);
    explaining->is_found = true;
    fwrite(status.bytes, 1, status.length, stdout);
    for (size_t i = 0; i < view->problems->count; i++) {
        const struct problem *problem = &view->problems->problems[i];
        if (text_equal(problem->tag, it->tag)) {
            struct buffer line = BUFFER(arena);
            buffer_add_char(&line, '\n');
            problem_print(&line, problem);
            printf("%s\n", buffer_text(&line).bytes);
        }
    }
}

static void look_for_migration(void *context, struct arena *arena, const struct view *view) {
    struct explaining *explaining = context;
    struct suggestion suggestion = {.word = explaining->options->word};
    for (size_t i = 0; i < view->join->count; i++) {
        const struct migration *it = &view->join->migrations[i];
        if (is_meant(it, text_of(explaining->options->word))) {
            explain_migration(explaining, arena, view, it);
        } else {
            suggest_consider(&suggestion, text_copy(arena, it->tag).bytes);
            suggest_containing(&suggestion, text_copy(arena, it->tag).bytes);
        }
    }
    snprintf(explaining->nearest, sizeof explaining->nearest, "%s", suggestion.best ? suggestion.best : "");
}

/* Explains every match, since two folders may have migrations with the same name. */
static int explain_folder(struct options *options, void *context) {
    struct explaining *explaining = context;
    struct error error;
    struct inputs *inputs = reading_inputs(options, NULL);
    explaining->options = options;
    bool is_good = inputs && inputs_view(inputs, look_for_migration, explaining, &error);
    if (inputs && !is_good) {
        log_error("%s", error.sentence);
    }
    inputs_destroy(inputs);
    return is_good ? EXIT_SUCCESS : READING_CANNOT_TELL;
}

/* ---- both ---- */

int explain_run(struct options *options) {
    struct suggestion suggestion = {.word = options->word};
    struct explaining explaining = {0};
    if (explain_code(stdout, options->word)) {
        return reading_is_written() ? EXIT_SUCCESS : READING_CANNOT_TELL;
    }
    for (size_t i = 0; i < PROBLEM_KIND_COUNT; i++) {
        suggest_consider(&suggestion, problem_codes[i].code);
    }
    if (suggestion.best && suggestion.distance <= 2) {
        log_error("there is no code %s; did you mean migfs explain %s?", options->word, suggestion.best);
        return READING_CANNOT_TELL;
    }
    int status = folders_run(options, FOLDERS_ANY, explain_folder, &explaining);
    if (status == EXIT_SUCCESS && !explaining.is_found) {
        const char *nearest = *explaining.nearest ? explaining.nearest : suggestion.best;
        log_error(nearest ? "there is no code and no migration %s; did you mean migfs explain %s?"
                          : "there is no code and no migration %s; the codes stand in brackets behind each problem",
                  options->word, nearest);
        return READING_CANNOT_TELL;
    }
    return reading_is_written() ? status : READING_CANNOT_TELL;
}
