/* The screen itself is report/screen; here it is decided what it needs to know. */
#include "cli/status.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/folders.h"
#include "cli/option_table.h"
#include "cli/options_database.h"
#include "cli/reading.h"
#include "migfs/report/screen.h"
#include "migfs/util/log.h"

struct showing {
    const struct options *options;
    size_t *shown; /* folders before this one */
    bool is_shown;
};

/* Typed without more, a command goes by DATABASE_URL and the project file; a database of the command line it would not know. */
static bool goes_by_same_databases(const struct options *options) {
    return !option_types_databases(options);
}

static void show(void *context, struct arena *arena, const struct view *view) {
    struct showing *showing = context;
    const struct options *options = showing->options;
    struct screen_options screen = {.source = text_of(options->written),
                                    .is_coloured = options_are_coloured(options),
                                    .has_fix = command_find("fix") != COMMAND_COUNT && goes_by_same_databases(options)};
    struct text text = options->is_json ? render_json(arena, view) : screen_render(arena, view, &screen);
    if (*showing->shown > 0 && !options->is_json) {
        putchar('\n');
    }
    fwrite(text.bytes, 1, text.length, stdout);
    showing->is_shown = !disk_unreachable(view->join->disk);
}

static int show_folder(struct options *options, void *context) {
    struct showing showing = {.options = options, .shown = context};
    struct error error;
    struct inputs *inputs = reading_inputs(options);
    if (inputs && !inputs_view(inputs, show, &showing, &error)) {
        log_error("%s", error.sentence);
        showing.is_shown = false;
    }
    inputs_destroy(inputs);
    ++*showing.shown;
    return showing.is_shown ? EXIT_SUCCESS : READING_CANNOT_TELL;
}

int status_run(struct options *options) {
    size_t shown = 0;
    int status = folders_run(options, FOLDERS_ANY, show_folder, &shown);
    return reading_is_written() ? status : READING_CANNOT_TELL;
}
