/* Scans the folder, then reads the journal and the rules in it. Everything that waits for a file
 * system is here, so that it can run on a thread of its own. */
#include "live/look.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "migfs/folder/named.h"
#include "migfs/folder/scan.h"
#include "migfs/util/patience.h"
#include "migfs/view/readers.h"

enum { RULES_SIZE_LIMIT = 1 << 20 };

void look_finish(struct looked *looked) {
    content_unref(looked->rules_content);
    content_unref(looked->journal_content);
    rules_unref(looked->rules);
    journal_unref(looked->journal);
    disk_unref(looked->disk);
}

void look_destroy(struct looked *looked) {
    if (looked) {
        look_finish(looked);
        free(looked);
    }
}

static struct content *content_at(const struct disk *disk, const char *path, const struct disk_entry **ret_entry) {
    *ret_entry = disk_find(disk, text_of(path));
    return *ret_entry && (*ret_entry)->kind == DISK_FILE ? (*ret_entry)->content : NULL;
}

/* A folder that may not be listed can still hold a readable journal. */
static struct journal *journal_not_found(const struct disk *disk, struct error *error) {
    const struct disk_entry *meta = disk_find(disk, TEXT("meta"));
    struct error reason;
    if (!meta || meta->kind != DISK_REFUSED) {
        return journal_missing(error);
    }
    error_set(&reason, ERROR_SYSTEM, "meta %s", meta->refusal.bytes);
    return journal_unreadable(reason.sentence, error);
}

static struct journal *journal_from(const struct disk *disk, struct content *content, const struct disk_entry *entry,
                                    struct error *error) {
    if (!entry) {
        return journal_not_found(disk, error);
    }
    if (!content) {
        bool is_refused = entry->kind == DISK_REFUSED;
        return journal_unreadable(is_refused ? entry->refusal.bytes : "it is not a file", error);
    }
    if (content_size(content) > JOURNAL_SIZE_LIMIT) {
        return journal_too_large(error);
    }
    struct text text;
    if (!content_pin(content, &text, error)) {
        return error->code == ERROR_MEMORY ? NULL : journal_unreadable("it changed while it was read", error);
    }
    struct journal *journal = journal_parse(text, error);
    content_unpin(content);
    return journal;
}

/* From here on `next` is the new state of the folder; what has not changed is taken over from the
 * old one. */

static bool read_journal(struct looked *next, const struct looked *last, struct error *error) {
    const struct disk_entry *entry;
    struct content *content = content_at(next->disk, "meta/_journal.json", &entry);
    bool is_same = next->disk == last->disk || (content && content == last->journal_content);
    next->journal = is_same ? journal_ref(last->journal) : journal_from(next->disk, content, entry, error);
    next->journal_content = content ? content_ref(content) : NULL;
    return next->journal;
}

static struct content *read_whole(int descriptor, const char *path, size_t size, struct error *error) {
    char *bytes;
    struct content *content = content_create_blank(size, &bytes);
    if (!content) {
        error_set_memory(error);
    } else if (pread(descriptor, bytes, size, 0) != (ssize_t)size) {
        content_unref(content);
        error_set(error, ERROR_SYSTEM, "the rules file %s cannot be read to its end", path);
        return NULL;
    }
    return content;
}

static struct content *read_opened_rules(int descriptor, const char *path, struct error *error) {
    struct stat status;
    if (fstat(descriptor, &status) < 0) {
        error_set_errno(error, "the rules file %s cannot be read", path);
        return NULL;
    }
    if (status.st_size > RULES_SIZE_LIMIT) {
        error_set(error, ERROR_USAGE, "the rules file %s is larger than 1 MiB", path);
        return NULL;
    }
    return read_whole(descriptor, path, (size_t)status.st_size, error);
}

/* A rules file that the user named, wherever it is. The view may quote it, so users who could not
 * read it do not see those parts. */
static struct content *read_rules_file(const struct disk *disk, const char *path, mode_t *ret_readers,
                                       struct error *error) {
    struct disk_named named;
    patience_begin(path);
    bool is_open = disk_named_open(path, &named);
    patience_end();
    if (!is_open) {
        if (errno == EINVAL || errno == EISDIR) {
            error_set(error, ERROR_USAGE, "the rules file %s is not a regular file", path);
        } else {
            error_set_errno(error, "the rules file %s cannot be read", path);
        }
        return NULL;
    }
    struct content *content = read_opened_rules(named.descriptor, path, error);
    if (content) {
        *ret_readers = readers_of_named(disk, &named);
    }
    disk_named_finish(&named);
    return content;
}

static bool same_bytes(const struct content *a, const struct content *b) {
    return a == b ||
           (a && b && content_is_held(a) && content_is_held(b) && text_equal(content_text(a), content_text(b)));
}

static struct rules *rules_from(struct content *content, const char *path, struct error *error) {
    struct text text;
    const char *slash = strrchr(path, '/');
    if (!content_pin(content, &text, error)) {
        return NULL;
    }
    struct rules *rules = rules_parse(text_of(slash ? slash + 1 : path), text, error);
    content_unpin(content);
    return rules;
}

/* A rules file that the user named stays in force, once read, until it can be read again. */
static bool read_rules(const struct look *look, struct looked *next, const struct looked *last, struct error *error) {
    const char *path = look->rules_file ? look->rules_file : ".migfs";
    next->rules_readers = 0444;
    if (look->rules_file) {
        next->rules_readers = last->rules_readers;
        next->rules_content = read_rules_file(next->disk, path, &next->rules_readers, error);
        if (!next->rules_content && !last->rules_content) {
            return false;
        }
    } else {
        const struct disk_entry *entry;
        struct content *content = content_at(next->disk, path, &entry);
        next->rules_content = content ? content_ref(content) : NULL;
    }
    bool is_kept = look->rules_file && !next->rules_content;
    if (is_kept || same_bytes(next->rules_content, last->rules_content)) {
        content_unref(next->rules_content);
        next->rules_content = last->rules_content ? content_ref(last->rules_content) : NULL;
        next->rules = last->rules ? rules_ref(last->rules) : NULL;
        return true;
    }
    next->rules = next->rules_content ? rules_from(next->rules_content, path, error) : NULL;
    return next->rules || !next->rules_content;
}

struct looked *look_at_folder(const struct look *look, const struct looked *last, struct error *error) {
    struct looked *next = calloc(1, sizeof *next);
    if (!next) {
        error_set_memory(error);
        return NULL;
    }
    patience_begin(look->path);
    next->disk = disk_scan(look->source, last->disk, look->threads, error);
    bool is_whole = next->disk && read_journal(next, last, error) && read_rules(look, next, last, error);
    patience_end();
    if (!is_whole) {
        look_destroy(next);
        return NULL;
    }
    return next;
}
