/* One worker is enough: few files lack a snapshot. */
#include "live/parsed.h"

#include <stdlib.h>

#include "migfs/schema/reader.h"
#include "migfs/util/clock.h"

struct parsed {
    struct schema_reader *reader;
    int64_t until; /* INT64_MAX: no limit */
};

struct parsed *parsed_create(struct worker_keeper *keeper) {
    struct parsed *parsed = calloc(1, sizeof *parsed);
    if (parsed) {
        parsed->reader = schema_reader_create(keeper, PROTOCOL_TOKENS, 1);
        if (!parsed->reader) {
            free(parsed);
            return NULL;
        }
    }
    return parsed;
}

void parsed_destroy(struct parsed *parsed) {
    if (parsed) {
        schema_reader_destroy(parsed->reader);
        free(parsed);
    }
}

void parsed_begin(struct parsed *parsed, int wait_ms) {
    parsed->until = wait_ms < 0 ? INT64_MAX : clock_ms() + wait_ms;
    schema_reader_begin(parsed->reader);
}

void parsed_end(struct parsed *parsed) {
    schema_reader_end(parsed->reader);
    schema_reader_rest(parsed->reader);
}

size_t parsed_awaited(const struct parsed *parsed, struct pollfd *ret_awaited) {
    return schema_reader_awaited(parsed->reader, ret_awaited);
}

bool parsed_is_done(const struct parsed *parsed) {
    return schema_reader_is_done(parsed->reader);
}

bool parsed_step(struct parsed *parsed, int wait_ms) {
    bool has_read = !parsed_is_done(parsed) && schema_reader_step(parsed->reader, wait_ms) && parsed_is_done(parsed);
    schema_reader_rest(parsed->reader);
    return has_read;
}

/* Waits for one text, and for those requested before it. */
static enum worker_progress answer_of(struct parsed *parsed, const struct digest *digest, struct text *ret_answer) {
    enum { AT_ONCE = 100 };
    enum worker_progress progress;
    while ((progress = schema_reader_answer(parsed->reader, digest, ret_answer)) == WORKER_BUSY) {
        int64_t left = parsed->until - clock_ms();
        if (left <= 0 || parsed_is_done(parsed)) {
            break;
        }
        schema_reader_step(parsed->reader, left > AT_ONCE ? AT_ONCE : (int)left);
    }
    return progress;
}

static struct text fault_of(struct arena *arena, enum worker_progress progress, struct text answer) {
    struct protocol_reader reader = protocol_read(arena, answer);
    struct protocol_record record;
    switch (progress) {
    case WORKER_ANSWERED:
        return TEXT("");
    case WORKER_REFUSED:
        if (protocol_next(&reader, &record) && record.count == 1) {
            return text_format(arena, "PostgreSQL's parser does not take line %u: %s", record.line,
                               text_escaped(arena, record.fields[0]).bytes);
        }
        return TEXT("PostgreSQL's parser does not take its SQL");
    case WORKER_FAILED:
        return TEXT("PostgreSQL's parser fails on its SQL");
    case WORKER_BUSY:
        return TEXT("its SQL is being read");
    case WORKER_ABSENT:
    default:
        return worker_parser() ? TEXT("no process could be started to parse its SQL")
                               : TEXT("there is no parser to read its SQL");
    }
}

void parsed_read_sql(void *context, struct arena *arena, const struct disk_entry *file,
                     struct snapshots_file *ret_file) {
    struct parsed *parsed = context;
    struct error error = {0};
    size_t size = content_size(file->content), length = 0;
    if (size > PROTOCOL_SQL_MAXIMUM) {
        ret_file->fault = TEXT("its SQL is larger than 4 MiB");
        return;
    }
    char *bytes = arena_alloc(arena, size + 1);
    if (!content_read(file->content, bytes, size, 0, &length, &error) || length != size) {
        ret_file->fault = error.code != ERROR_LATE             ? TEXT("its SQL can no longer be read")
                          : content_silence(file->content) > 0 ? TEXT("its file does not answer")
                                                               : TEXT("its SQL is being read");
        return;
    }
    if (!schema_reader_want(parsed->reader, &file->sql->digest, file->content)) {
        ret_file->fault = TEXT("there is no memory to read its SQL");
        return;
    }
    ret_file->sql = text_repair_utf8(arena, (struct text){bytes, size});
    ret_file->answer = TEXT("");
    enum worker_progress progress = answer_of(parsed, &file->sql->digest, &ret_file->answer);
    ret_file->fault = fault_of(arena, progress, ret_file->answer);
}
