/* Reports on standard error what could not be read. */
#include "cli/reading.h"

#include <stdio.h>

#include "migfs/live/progress.h"
#include "migfs/util/log.h"

bool reading_is_written(void) {
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

struct inputs *reading_inputs(const struct options *options, const struct snapshots_schema *schema) {
    struct error error;
    struct inputs_options what = options_inputs(options);
    what.is_once = true;
    what.schema = schema;
    struct inputs *inputs = inputs_create(&what, say, NULL, &error);
    if (inputs && progress_read_all(inputs, &error)) {
        return inputs;
    }
    log_error("%s", error.sentence);
    inputs_destroy(inputs);
    return NULL;
}
