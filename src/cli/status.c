/* Prepares the options of the screen, which report/screen renders. */
#include "cli/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/folders.h"
#include "cli/option_table.h"
#include "cli/options_database.h"
#include "cli/reading.h"
#include "migfs/report/screen.h"
#include "migfs/util/log.h"

struct showing {
    const struct options *options;
    size_t *shown; /* number of folders before this one */
    bool is_shown;
};

/* A command typed without options reads DATABASE_URL and the project file, but not the databases of
 * this command line. */
static bool goes_by_same_databases(const struct options *options) {
    return !option_types_databases(options);
}

/* Of the terminal that is printed to; 0: to none. A narrower one wraps the lines by itself. */
static size_t terminal_width(void) {
    enum { NARROWEST = 40 };
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0) {
        return 0;
    }
    return size.ws_col > NARROWEST ? size.ws_col : NARROWEST;
}

static void show(void *context, struct arena *arena, const struct view *view) {
    struct showing *showing = context;
    const struct options *options = showing->options;
    size_t width = terminal_width();
    struct screen_options screen = {.source = text_of(options->written),
                                    .width = width > 0 ? width : SCREEN_WIDTH,
                                    .is_wrapped = width > 0,
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
    struct inputs *inputs = reading_inputs(options, NULL);
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
