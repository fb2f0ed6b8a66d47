/* Makes a scan: walks the folder and compares it with the previous scan, so that only changed files
 * are read. Does not know how a name is reached or a file is read. */
#include "migfs/folder/scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder/acl.h"
#include "folder/follower.h"
#include "folder/read.h"
#include "folder/root.h"
#include "folder/set.h"
#include "folder/source.h"
#include "folder/walk.h"
#include "folder/way.h"

struct scanning {
    struct disk_source *source;
    const struct disk_set *previous; /* or NULL */
    unsigned threads;
    struct arena *arena;   /* of the new scan, until it owns it */
    struct disk_walk walk; /* owns the references to contents until the scan does */
    struct disk_reading *readings;
    size_t *reading_for; /* for each reading its index in `found` */
    size_t reading_count;
    bool is_gone;
    bool is_same; /* equal to the previous scan */
    struct disk_set *set;
};

static bool fail(struct error *error, int code) {
    errno = code;
    return code == ENOMEM ? error_set_memory(error) : error_set_errno(error, "the folder cannot be read");
}

/* A folder that cannot be reached keeps its attributes, so that the view's root keeps them. */
static bool find_nothing(struct scanning *scanning) {
    struct disk_found *found = calloc(1, sizeof *found);
    if (found) {
        found->entry = (struct disk_entry){
            .path = TEXT(""), .name = TEXT(""), .mode = 0700, .granted = 0700, .uid = geteuid(), .gid = getegid()};
        if (scanning->previous) {
            found->entry = scanning->previous->disk.entries[0];
            found->entry.refusal = TEXT("");
        }
        found->entry.kind = DISK_DIRECTORY;
        found->outcome =
            scanning->is_gone ? (struct disk_outcome){.kind = OUTCOME_REACHED} : scanning->source->arrival.outcome;
        free(scanning->walk.found);
        scanning->walk.found = found;
        scanning->walk.count = 1;
    }
    return found;
}

/* Walks the path to the folder, and lists the folder if it is reached. */
static bool find_all(struct scanning *scanning, struct error *error) {
    struct disk_walk *walk = &scanning->walk;
    struct disk_source *source = scanning->source;
    if (!disk_source_follow(source)) {
        return fail(error, errno);
    }
    scanning->is_gone = source->arrival.outcome.kind == OUTCOME_VANISHED;
    if (source->arrival.outcome.kind != OUTCOME_REACHED) {
        return find_nothing(scanning) || error_set_memory(error);
    }
    walk->arena = scanning->arena;
    walk->root = source->root;
    walk->about_to_list = source->hooks.about_to_list;
    walk->context = source->hooks.context;
    if (!arena_run(scanning->arena, disk_walk, walk)) {
        return error_set_memory(error);
    }
    if (walk->error != 0) {
        return fail(error, walk->error);
    }
    scanning->is_gone = walk->found[0].outcome.kind == OUTCOME_VANISHED;
    return !scanning->is_gone || find_nothing(scanning) || error_set_memory(error);
}

/* TAG.sql directly in the folder, and NAME/migration.sql of drizzle v1. */
static bool is_sql(const struct disk_entry *entry) {
    size_t folder = entry->path.length - entry->name.length;
    if (folder == 0) {
        return text_ends(entry->name, ".sql") && entry->name.length > strlen(".sql");
    }
    return text_is(entry->name, "migration.sql") && !memchr(entry->path.bytes, '/', folder - 1);
}

/* Any file directly in meta/: drizzle-kit parses all whose name does not begin with `_`. */
static bool is_snapshot(const struct disk_entry *entry) {
    return text_starts(entry->path, "meta/") && entry->path.length == entry->name.length + strlen("meta/") &&
           snapshot_is_named_so(entry->name);
}

static bool is_same_time(struct timespec a, struct timespec b) {
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool is_unchanged(const struct disk_entry *a, const struct disk_entry *b) {
    return a->kind == b->kind && a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->is_link == b->is_link && is_same_time(a->mtime, b->mtime) && is_same_time(a->ctime, b->ctime);
}

/* Finds each name in the previous scan; an unchanged file takes over the content. Both lists are
 * sorted. */
static void take_over(struct scanning *scanning) {
    size_t at = 0;
    for (size_t i = 0; scanning->previous && i < scanning->walk.count; i++) {
        struct disk_found *found = &scanning->walk.found[i];
        const struct disk *previous = &scanning->previous->disk;
        int order = 1;
        while (at < previous->count && (order = disk_path_compare(previous->entries[at].path, found->entry.path)) < 0) {
            at++;
        }
        if (at == previous->count || order != 0) {
            continue;
        }
        found->before = &previous->entries[at];
        if (found->entry.kind == DISK_FILE && found->outcome.kind == OUTCOME_REACHED &&
            !scanning->previous->is_racy[at] && is_unchanged(&found->entry, found->before)) {
            found->entry.content = content_ref(found->before->content);
            found->entry.sql = found->before->sql;
            found->entry.snapshot = found->before->snapshot;
            found->entry.granted = found->before->granted; /* a change of the list changes ctime */
        }
    }
}

/* Sets the maximum size of files that must be read whole. */
static void set_limit(const struct disk_entry *entry, struct disk_reading *reading) {
    if (is_sql(entry)) {
        reading->maximum = DISK_SQL_MAXIMUM;
        reading->too_large = "is larger than 64 MiB";
    } else if (text_is(entry->path, ".migfs")) {
        reading->maximum = DISK_RULES_MAXIMUM;
        reading->too_large = "is larger than 1 MiB";
    }
}

/* Lists the files to read, and decides which of them may be held. */
static bool choose_readings(struct scanning *scanning, struct error *error) {
    size_t held = 0;
    for (size_t i = 0; i < scanning->walk.count; i++) {
        const struct disk_found *found = &scanning->walk.found[i];
        if (found->entry.content) {
            held += content_is_held(found->entry.content) ? content_size(found->entry.content) : 0;
        } else if (found->entry.kind == DISK_FILE && found->outcome.kind == OUTCOME_REACHED) {
            scanning->reading_count++;
        }
    }
    scanning->readings = calloc(scanning->reading_count + 1, sizeof *scanning->readings);
    scanning->reading_for = calloc(scanning->reading_count + 1, sizeof *scanning->reading_for);
    if (!scanning->readings || !scanning->reading_for) {
        scanning->reading_count = 0;
        return error_set_memory(error);
    }
    size_t next = 0;
    for (size_t i = 0; i < scanning->walk.count; i++) {
        const struct disk_found *found = &scanning->walk.found[i];
        if (found->entry.kind != DISK_FILE || found->outcome.kind != OUTCOME_REACHED || found->entry.content) {
            continue;
        }
        size_t size = (size_t)found->entry.size;
        bool is_left = scanning->source->leaves_snapshots && is_snapshot(&found->entry);
        bool may_hold = !is_left && size <= DISK_HELD_EACH && held + size <= DISK_HELD_TOTAL;
        held += may_hold ? size : 0;
        scanning->reading_for[next] = i;
        scanning->readings[next] = (struct disk_reading){.path = found->entry.path.bytes,
                                                         .in = found->in,
                                                         .name = found->entry.name.bytes,
                                                         .is_link = found->entry.is_link,
                                                         .is_sql = is_sql(&found->entry),
                                                         .is_snapshot = is_snapshot(&found->entry),
                                                         .may_hold = may_hold,
                                                         .leaves_list = scanning->source->leaves_lists,
                                                         .before = found->before ? found->before->content : NULL};
        set_limit(&found->entry, &scanning->readings[next++]);
    }
    return true;
}

static bool read_changed(struct scanning *scanning, struct error *error) {
    int trouble = 0;
    scanning->source->answered = 0;
    scanning->source->asked = scanning->reading_count;
    disk_read_all(scanning->source->root, scanning->readings, scanning->reading_count, scanning->threads,
                  &scanning->source->answered);
    for (size_t i = 0; i < scanning->reading_count; i++) {
        struct disk_reading *reading = &scanning->readings[i];
        struct disk_found *found = &scanning->walk.found[scanning->reading_for[i]];
        scanning->source->files_read += reading->was_read;
        found->outcome = reading->outcome;
        found->is_racy = reading->is_racy;
        found->entry.content = reading->content;
        found->entry.sql = reading->is_sql ? &reading->sql : NULL;
        found->line_ends =
            reading->is_sql && reading->content && !content_is_held(reading->content) ? &reading->line_ends : NULL;
        found->entry.snapshot = reading->is_snapshot ? &reading->snapshot : NULL;
        if (reading->stat.st_mode != 0) {
            disk_entry_describe(&found->entry, &reading->stat);
            found->entry.granted = reading->granted;
        }
        if (reading->outcome.kind == OUTCOME_TROUBLE) {
            trouble = reading->outcome.error;
        }
    }
    return trouble == 0 || fail(error, trouble);
}

/* ---- what has moved meanwhile ---- */

/* Checks a listed directory again, and removes permissions that it no longer grants. False if it is
 * no longer in its place. */
static bool is_in_place(struct disk_found *found, struct disk_reach *reach, struct disk_outcome *ret_outcome) {
    struct stat stat;
    int descriptor = disk_reach(reach, found->place, ret_outcome);
    if (descriptor < 0 || fstat(descriptor, &stat) < 0) {
        return false;
    }
    bool is_same_owner = stat.st_uid == found->entry.uid && stat.st_gid == found->entry.gid;
    found->entry.granted &= is_same_owner ? disk_acl_narrow_looked_at(descriptor, stat.st_mode & 07777) : 07700;
    return true;
}

/* Entries of a directory that has been moved meanwhile, to where other or fewer users may reach it,
 * count as vanished. Parents precede their contents in the list, so they are already known. */
static bool confirm_places(struct scanning *scanning, struct error *error) {
    struct disk_reach reach = {.root = scanning->source->root};
    struct disk_outcome outcome = {.kind = OUTCOME_REACHED};
    for (size_t i = 0; i < scanning->walk.count && outcome.kind != OUTCOME_TROUBLE; i++) {
        struct disk_found *found = &scanning->walk.found[i];
        bool is_lost = found->in && found->in->is_lost;
        if (found->place && found->outcome.kind == OUTCOME_REACHED) {
            is_lost = is_lost || !is_in_place(found, &reach, &outcome);
            found->place->is_lost = is_lost;
        }
        if (is_lost) {
            found->outcome.kind = OUTCOME_VANISHED;
            content_unref(found->entry.content);
            found->entry.content = NULL;
        }
    }
    disk_reach_finish(&reach);
    return outcome.kind != OUTCOME_TROUBLE || fail(error, outcome.error);
}

static bool confirm(struct scanning *scanning, struct error *error) {
    if (scanning->source->arrival.outcome.kind == OUTCOME_REACHED && !confirm_places(scanning, error)) {
        return false;
    }
    return disk_source_confirm(scanning->source) || fail(error, errno);
}

/* ---- the finished scan ---- */

/* Drops names that have vanished since they were listed. */
static void drop_vanished(struct disk_walk *walk) {
    size_t kept = 1;
    for (size_t i = 1; i < walk->count; i++) {
        if (walk->found[i].outcome.kind != OUTCOME_VANISHED) {
            walk->found[kept++] = walk->found[i];
        }
    }
    walk->count = kept;
}

/* Turns refusals into their texts. */
static void tell_refusals(struct scanning *scanning) {
    for (size_t i = 0; i < scanning->walk.count; i++) {
        struct disk_entry *entry = &scanning->walk.found[i].entry;
        struct disk_outcome outcome = scanning->walk.found[i].outcome;
        if (outcome.kind == OUTCOME_REFUSED) {
            char text[128];
            entry->kind = DISK_REFUSED;
            entry->sql = NULL;
            entry->snapshot = NULL;
            entry->refusal = outcome.error == 0 ? text_of(outcome.reason)
                                                : text_format(scanning->arena, "%s: %s", outcome.reason,
                                                              strerror_r(outcome.error, text, sizeof text));
        }
    }
}

static bool is_same_entry(const struct disk_entry *a, const struct disk_entry *b) {
    return is_unchanged(a, b) && a->mode == b->mode && a->granted == b->granted && a->uid == b->uid &&
           a->gid == b->gid && a->content == b->content && text_equal(a->refusal, b->refusal);
}

static bool is_same_way(const struct scanning *scanning) {
    const struct disk *previous = &scanning->previous->disk;
    const struct disk_way *way = &scanning->source->arrival.way;
    struct disk_way before = {.folders = (struct disk_passed *)previous->way, .count = previous->way_count};
    return scanning->source->arrival.outcome.kind != OUTCOME_REACHED || disk_way_passes_same(&before, way);
}

static bool is_same_as_previous(const struct scanning *scanning) {
    const struct disk_set *previous = scanning->previous;
    bool is_same = previous && previous->disk.count == scanning->walk.count &&
                   previous->disk.is_gone == scanning->is_gone && is_same_way(scanning);
    for (size_t i = 0; is_same && i < scanning->walk.count; i++) {
        is_same = scanning->walk.found[i].before &&
                  is_same_entry(&scanning->walk.found[i].entry, scanning->walk.found[i].before);
    }
    return is_same;
}

/* The index of the parent directory of entry `index`; the entries before it are filled. */
static size_t parent_of(const struct disk_entry *entries, size_t index) {
    const struct disk_entry *entry = &entries[index];
    size_t length = entry->path.length - entry->name.length;
    struct text parent = text_slice(entry->path, 0, length > 0 ? length - 1 : 0);
    size_t at = index > 0 ? index - 1 : 0;
    while (at > 0 && !text_equal(entries[at].path, parent)) {
        at = entries[at].parent;
    }
    return at;
}

static const struct line_ends *known_line_ends(const struct scanning *scanning, size_t index,
                                               const struct content *content) {
    const struct disk_found *found = &scanning->walk.found[index];
    const struct disk_set *previous = scanning->previous;
    if (found->line_ends) {
        return found->line_ends;
    }
    bool is_same = found->before && previous->line_ends && found->before->content == content;
    return is_same ? previous->line_ends[found->before - previous->disk.entries] : NULL;
}

static void copy_line_ends(struct disk_set *set, size_t index, const struct scanning *scanning) {
    const struct line_ends *line_ends = known_line_ends(scanning, index, set->disk.entries[index].content);
    if (!line_ends) {
        return;
    }
    if (!set->line_ends) {
        set->line_ends = arena_array(set->arena, struct line_ends *, set->disk.count);
    }
    set->line_ends[index] = arena_new(set->arena, struct line_ends);
    *set->line_ends[index] = *line_ends;
}

/* A folder that cannot be reached keeps its last path, and so the users who may see what is still
 * reported about it. */
static void copy_way(struct disk_set *set, const struct scanning *scanning) {
    const struct disk_way *way = &scanning->source->arrival.way;
    struct disk_way kept = {.folders = way->folders, .count = way->count};
    if (scanning->source->arrival.outcome.kind != OUTCOME_REACHED && scanning->previous) {
        const struct disk *previous = &scanning->previous->disk;
        kept = (struct disk_way){.folders = (struct disk_passed *)previous->way, .count = previous->way_count};
    }
    struct disk_passed *folders = arena_array(set->arena, struct disk_passed, kept.count);
    for (size_t i = 0; i < kept.count; i++) {
        folders[i] = kept.folders[i];
    }
    set->disk.way = folders;
    set->disk.way_count = kept.count;
}

static void copy_statements(struct disk_set *set, size_t index, const struct scanning *scanning) {
    const struct disk_entry *before = scanning->walk.found[index].before;
    const struct disk_set *previous = scanning->previous;
    bool is_same = before && before->content == set->disk.entries[index].content;
    const struct sql_statements *statements =
        is_same && previous->statements ? previous->statements[before - previous->disk.entries] : NULL;
    if (!statements) {
        return;
    }
    if (!set->statements) {
        set->statements = arena_array(set->arena, struct sql_statements *, set->disk.count);
    }
    set->statements[index] = sql_statements_copy(set->arena, statements);
}

/* Makes the scan from what was found. The scan takes the references to contents only when nothing
 * can fail any more. */
static void assemble(void *context) {
    struct scanning *scanning = context;
    drop_vanished(&scanning->walk);
    tell_refusals(scanning);
    scanning->is_same = is_same_as_previous(scanning);
    if (scanning->is_same) {
        return;
    }
    size_t count = scanning->walk.count;
    struct disk_set *set = arena_new(scanning->arena, struct disk_set);
    struct disk_entry *entries = arena_array(scanning->arena, struct disk_entry, count);
    set->arena = scanning->arena;
    set->is_racy = arena_array(scanning->arena, bool, count);
    set->threads = scanning->threads;
    set->disk = (struct disk){.entries = entries, .count = count, .is_gone = scanning->is_gone};
    record_init(&set->record);
    for (size_t i = 0; i < count; i++) {
        entries[i] = scanning->walk.found[i].entry;
        entries[i].parent = parent_of(entries, i);
        set->is_racy[i] = scanning->walk.found[i].is_racy;
        if (entries[i].sql) {
            struct sql *sql = arena_new(scanning->arena, struct sql);
            *sql = *entries[i].sql;
            entries[i].sql = sql;
        }
        if (entries[i].snapshot) {
            struct snapshot_head *head = arena_new(scanning->arena, struct snapshot_head);
            *head = *entries[i].snapshot;
            entries[i].snapshot = head;
        }
        copy_line_ends(set, i, scanning);
        copy_statements(set, i, scanning);
    }
    disk_set_index(set);
    copy_way(set, scanning);
    scanning->set = set;
}

static struct disk *scanning_result(struct scanning *scanning, struct disk *previous, struct error *error) {
    if (!arena_run(scanning->arena, assemble, scanning)) {
        error_set_memory(error);
        return NULL;
    }
    if (previous && scanning->is_same) {
        for (size_t i = 0; i < previous->count; i++) {
            disk_set_of(previous)->is_racy[i] = scanning->walk.found[i].is_racy;
        }
        return disk_ref(previous);
    }
    scanning->walk.count = 0;
    scanning->arena = NULL;
    return &scanning->set->disk;
}

static void scanning_finish(struct scanning *scanning) {
    for (size_t i = 0; i < scanning->walk.count; i++) {
        content_unref(scanning->walk.found[i].entry.content);
    }
    disk_walk_finish(&scanning->walk);
    free(scanning->readings);
    free(scanning->reading_for);
    arena_destroy(scanning->arena);
}

static struct disk *scan(struct scanning *scanning, struct disk *previous, struct error *error) {
    if (!scanning->arena) {
        error_set_memory(error);
        return NULL;
    }
    if (!find_all(scanning, error)) {
        return NULL;
    }
    take_over(scanning);
    if (!choose_readings(scanning, error) || !read_changed(scanning, error) || !confirm(scanning, error)) {
        return NULL;
    }
    return scanning_result(scanning, previous, error);
}

struct disk *disk_scan(struct disk_source *source, struct disk *previous, unsigned threads, struct error *error) {
    struct scanning scanning = {.source = source,
                                .previous = previous ? disk_set_of(previous) : NULL,
                                .threads = threads,
                                .arena = arena_create()};
    if (source->hooks.about_to_scan) {
        source->hooks.about_to_scan(source->hooks.context);
    }
    struct disk *disk = scan(&scanning, previous, error);
    if (source->follower) {
        disk_follower_learn(source->follower, &source->arrival);
    }
    if (source->hooks.has_scanned) {
        source->hooks.has_scanned(source->hooks.context, disk);
    }
    scanning_finish(&scanning);
    return disk;
}
