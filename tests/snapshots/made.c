/* Makes one snapshot each from pairs of files: the snapshot before and the SQL.
 *
 *     snapshots-made chain OUT BEFORE SQL…     each from the one made before: OUT/0, OUT/1, …
 *     snapshots-made each OUT (BEFORE SQL)…    each from its own
 *
 * Prints a line for each: `ok LEFT`, or `no LINE REASON`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/schema/worker.h"
#include "migfs/synthesis/snapshots.h"

static struct text read_file(struct arena *arena, const char *path) {
    FILE *file = fopen(path, "r");
    struct buffer text = BUFFER(arena);
    char part[4096];
    size_t length;
    while (file && (length = fread(part, 1, sizeof part, file)) > 0) {
        buffer_add(&text, (struct text){part, length});
    }
    if (!file || fclose(file) != 0) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(2);
    }
    return buffer_text(&text);
}

static void write_file(const char *folder, int number, struct text text) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%d", folder, number);
    FILE *file = fopen(path, "w");
    if (!file || fwrite(text.bytes, 1, text.length, file) != text.length || fclose(file) != 0) {
        exit(2);
    }
}

static struct snapshots_file file_of(struct arena *arena, struct worker *worker, const char *path) {
    struct snapshots_file file = {
        .tag = text_of(strrchr(path, '/') + 1), .sql = read_file(arena, path), .fault = TEXT("")};
    struct text answer = TEXT("");
    worker_ask(worker, PROTOCOL_TOKENS, file.sql);
    if (worker_step(worker, -1, &answer) == WORKER_ANSWERED) {
        file.answer = text_copy(arena, answer);
    } else {
        file.fault = TEXT("PostgreSQL's parser does not take it");
    }
    return file;
}

static void say(const struct snapshots *snapshots, const char *out, int first) {
    for (size_t i = 0; i < snapshots->count; i++) {
        write_file(out, first + (int)i, snapshots->made[i].content);
        printf("ok %s\n", snapshots->made[i].left.bytes);
    }
    if (snapshots->count < snapshots->wanted) {
        printf("no %zu %s\n", snapshots->line, snapshots->reason.bytes);
    }
}

int main(int argc, char **argv) {
    struct worker_keeper *keeper = worker_start(argc, (char *[]){argv[0], NULL});
    struct worker *worker = worker_create(keeper);
    bool is_chain = argc > 3 && strcmp(argv[1], "chain") == 0;
    struct arena *arena = arena_create();
    int step = is_chain ? argc : 2;
    for (int at = 3; at < argc; at += step) {
        int count = is_chain ? argc - at - 1 : 1;
        struct snapshots_file *files = arena_array(arena, struct snapshots_file, (size_t)count);
        for (int i = 0; i < count; i++) {
            files[i] = file_of(arena, worker, argv[at + 1 + i]);
        }
        struct snapshots snapshots;
        size_t room = SIZE_MAX;
        const struct snapshots_start start = {
            .content = read_file(arena, argv[at]), .name = text_of(argv[at]), .habits = TEXT("")};
        snapshots_make(arena, &start, files, (size_t)count, &room, &snapshots);
        say(&snapshots, argv[2], (at - 3) / 2);
    }
    arena_destroy(arena);
    worker_destroy(worker);
    worker_stop(keeper);
    return 0;
}
