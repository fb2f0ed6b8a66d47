/* Reads the journals of the base; report/find_in_base compares them. */
#include "cli/base.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/drizzle/statements.h"

/* Reads a stream to its end, or past the largest journal; the caller frees the bytes. Returns false
 * and sets errno on failure. */
static bool read_stream(FILE *stream, char **ret_bytes, size_t *ret_length) {
    char part[1 << 13];
    size_t got, length = 0;
    FILE *into = open_memstream(ret_bytes, ret_length);
    if (!into) {
        return false;
    }
    while (length <= JOURNAL_SIZE_LIMIT && (got = fread(part, 1, sizeof part, stream)) > 0 &&
           fwrite(part, 1, got, into) == got) {
        length += got;
    }
    bool is_read = !ferror(stream) && !ferror(into);
    return fclose(into) == 0 && is_read;
}

static struct journal *parse(struct text bytes, const char *what, struct error *error) {
    bool is_none = text_trim(bytes).length == 0;
    struct journal *journal = journal_parse(is_none ? TEXT("{\"entries\":[]}") : bytes, error);
    if (journal && journal->status != JOURNAL_READ) {
        error_set(error, ERROR_FORMAT, "%s is not a journal: %.*s", what, TEXT_ARGS(journal->reason));
        journal_unref(journal);
        return NULL;
    }
    return journal;
}

static struct journal *read_file(const char *file, struct error *error) {
    FILE *stream = strcmp(file, "-") == 0 ? stdin : fopen(file, "re");
    char *bytes = NULL, what[300];
    size_t length = 0;
    snprintf(what, sizeof what, "--base %s", file);
    if (!stream) {
        error_set_errno(error, "%s", what);
        return NULL;
    }
    bool is_read = read_stream(stream, &bytes, &length) || error_set_errno(error, "%s", what);
    if (stream != stdin) {
        fclose(stream);
    }
    struct journal *journal = is_read ? parse((struct text){bytes, length}, what, error) : NULL;
    free(bytes);
    return journal;
}

static struct journal *read_commit(const struct git *git, const char *commit, struct error *error) {
    char *bytes, what[128];
    size_t length;
    if (!git_read(git, commit, "meta/_journal.json", &bytes, &length, error)) {
        return NULL;
    }
    snprintf(what, sizeof what, "meta/_journal.json of commit %s", commit);
    struct journal *journal = parse((struct text){bytes, length}, what, error);
    free(bytes);
    return journal;
}

struct examination {
    struct arena *arena;
    struct text text;
    struct sql sql;
};

static void examine(void *context) {
    struct examination *examination = context;
    sql_examine(examination->arena, examination->text, &examination->sql);
}

/* Gets the digest of a migration's text at the merge base. */
static bool read_text(void *context, struct text tag, struct digest *ret_digest) {
    const struct base *base = context;
    struct error error;
    struct examination examination = {.arena = arena_create()};
    char *bytes = NULL, path[512];
    size_t length = 0;
    bool fits = snprintf(path, sizeof path, "%.*s.sql", TEXT_ARGS(tag)) < (int)sizeof path;
    bool is_read = fits && git_read(&base->git, base->git.merge_base, path, &bytes, &length, &error) && bytes;
    examination.text = (struct text){bytes, length};
    bool is_known = is_read && examination.arena && arena_run(examination.arena, examine, &examination);
    *ret_digest = examination.sql.digest;
    arena_destroy(examination.arena);
    free(bytes);
    return is_known;
}

bool base_read(struct base *base, const struct options *options, struct error *error) {
    *base = (struct base){.tip = NULL};
    if (options->base && options->base_ref) {
        return error_set(error, ERROR_USAGE, "--base and --base-ref do not go together");
    }
    if (options->base) {
        base->tip = read_file(options->base, error);
        base->merge_base = base->tip ? journal_ref(base->tip) : NULL;
    } else if (git_find(&base->git, options->source, options->base_ref, error)) {
        base->tip = read_commit(&base->git, base->git.tip, error);
        base->merge_base = base->tip ? read_commit(&base->git, base->git.merge_base, error) : NULL;
    }
    base->report = (struct report_base){.tip = base->tip,
                                        .merge_base = base->merge_base,
                                        .read_text = options->base_ref ? read_text : NULL,
                                        .context = base};
    return base->tip && base->merge_base;
}

void base_finish(struct base *base) {
    journal_unref(base->tip);
    journal_unref(base->merge_base);
    git_finish(&base->git);
    *base = (struct base){.tip = NULL};
}
