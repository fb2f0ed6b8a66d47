/* A list, since it holds only files that lack a snapshot. */
#include "live/parsed.h"

#include <stdlib.h>
#include <string.h>

struct kept {
    struct kept *next;
    struct digest digest;
    enum worker_progress progress;
    char *answer; /* NULL: none */
    size_t length;
    bool is_used;
};

struct parsed {
    struct worker *worker;
    struct kept *kept;
};

struct parsed *parsed_create(struct worker *worker) {
    struct parsed *parsed = calloc(1, sizeof *parsed);
    if (parsed) {
        parsed->worker = worker;
    }
    return parsed;
}

static void forget(struct parsed *parsed, bool is_all) {
    for (struct kept **link = &parsed->kept; *link;) {
        struct kept *it = *link;
        if (it->is_used && !is_all) {
            it->is_used = false;
            link = &it->next;
            continue;
        }
        *link = it->next;
        free(it->answer);
        free(it);
    }
}

void parsed_forget(struct parsed *parsed) {
    forget(parsed, false);
}

void parsed_destroy(struct parsed *parsed) {
    if (parsed) {
        forget(parsed, true);
        free(parsed);
    }
}

static struct kept *find(struct parsed *parsed, const struct digest *digest) {
    for (struct kept *it = parsed->kept; it; it = it->next) {
        if (digest_equal(&it->digest, digest)) {
            return it;
        }
    }
    return NULL;
}

static struct kept *ask(struct parsed *parsed, const struct digest *digest, struct text sql) {
    struct text answer = TEXT("");
    struct kept *kept = calloc(1, sizeof *kept);
    if (!kept) {
        return NULL;
    }
    worker_ask(parsed->worker, PROTOCOL_TOKENS, sql);
    *kept = (struct kept){.digest = *digest, .progress = worker_step(parsed->worker, -1, &answer)};
    if (kept->progress == WORKER_ANSWERED || kept->progress == WORKER_REFUSED) {
        kept->answer = malloc(answer.length + 1);
        if (!kept->answer) {
            free(kept);
            return NULL;
        }
        memcpy(kept->answer, answer.bytes, answer.length);
        kept->answer[answer.length] = '\0';
        kept->length = answer.length;
    }
    kept->next = parsed->kept;
    parsed->kept = kept;
    return kept;
}

static struct text fault_of(struct arena *arena, const struct kept *kept) {
    struct text answer = {kept->answer, kept->length};
    struct protocol_record record;
    switch (kept->progress) {
    case WORKER_ANSWERED:
        return TEXT("");
    case WORKER_REFUSED:
        if (protocol_next(arena, &answer, &record) && record.count == 1) {
            return text_format(arena, "PostgreSQL's parser does not take line %u: %s", record.line,
                               text_escaped(arena, record.fields[0]).bytes);
        }
        return TEXT("PostgreSQL's parser does not take its SQL");
    case WORKER_FAILED:
        return TEXT("PostgreSQL's parser fails on its SQL");
    case WORKER_ABSENT:
    case WORKER_BUSY:
    default:
        return TEXT("there is no parser to read its SQL");
    }
}

void parsed_read_sql(void *context, struct arena *arena, const struct disk_entry *file,
                     struct snapshots_file *ret_file) {
    struct parsed *parsed = context;
    struct error error;
    size_t size = content_size(file->content), length = 0;
    if (size > PROTOCOL_SQL_MAXIMUM) {
        ret_file->fault = TEXT("its SQL is larger than 4 MiB");
        return;
    }
    char *bytes = arena_alloc(arena, size + 1);
    if (!content_read(file->content, bytes, size, 0, &length, &error) || length != size) {
        ret_file->fault = TEXT("its SQL can no longer be read");
        return;
    }
    ret_file->sql = text_repair_utf8(arena, (struct text){bytes, size});
    struct kept *kept = find(parsed, &file->sql->digest);
    kept = kept ? kept : ask(parsed, &file->sql->digest, ret_file->sql);
    if (!kept) {
        ret_file->fault = TEXT("there is no memory to read its SQL");
        return;
    }
    kept->is_used = true;
    ret_file->answer = (struct text){kept->answer ? kept->answer : "", kept->length};
    ret_file->fault = fault_of(arena, kept);
}
