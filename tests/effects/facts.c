/* Folds migrations as they come and prints what the fold says after each.
 *
 *     input    `LENGTH\n` and so many bytes: one more migration; `reset\n`: from the beginning
 *     output   a line for each fact, fields apart by a byte 1, then `.` and the migration's status on a line
 *
 * A fact's fields: kind, type, there (t, f), maybe (t, f), schema, table, name, schema and name it points to, array (t, f), writer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/schema/fold.h"
#include "migfs/schema/worker.h"

struct state {
    struct arena *arena;
    struct fold *fold;
    uint32_t migrations;
};

static void start(struct state *state) {
    arena_destroy(state->arena);
    state->arena = arena_create();
    state->fold = fold_create(state->arena, names_create(state->arena), TEXT("public"));
    state->migrations = 0;
}

static void print_text(const struct fold *fold, uint32_t number) {
    struct text text = names_text(fold->names, number);
    putchar(1);
    fwrite(text.bytes, 1, text.length, stdout);
}

static void print_fact(const struct fold *fold, const struct fact *fact) {
    printf("%d\1%c\1%c\1%c", fact->kind, fact->type ? fact->type : '-', fact->is_there ? 't' : 'f',
           fact->is_maybe ? 't' : 'f');
    print_text(fold, fact->schema);
    print_text(fold, fact->table);
    print_text(fold, fact->name);
    print_text(fold, fact->to_schema);
    print_text(fold, fact->to_table);
    printf("\1%c\1%u\n", fact->is_array ? 't' : 'f', fact->writer);
}

static void apply(struct state *state, struct worker *worker, struct text sql) {
    struct text answer;
    struct effects effects = {.status = EFFECTS_FAILED};
    worker_ask(worker, PROTOCOL_EFFECTS, sql);
    enum worker_progress progress = worker_step(worker, -1, &answer);
    if (progress == WORKER_ANSWERED && !effects_decode(state->arena, text_copy(state->arena, answer), &effects)) {
        effects.status = EFFECTS_FAILED;
    }
    effects.status = progress == WORKER_REFUSED ? EFFECTS_REFUSED : effects.status;
    fold_apply(state->fold, &effects, state->migrations++, true);
    for (size_t i = 0; i < state->fold->count; i++) {
        const struct fact *fact = &state->fold->facts[i];
        if (fact_is_judged(fact)) {
            print_fact(state->fold, fact);
        }
    }
    printf(".%d %d\n", effects.status, effects.is_opaque);
    fflush(stdout);
}

int main(int count, char **arguments) {
    struct worker_keeper *keeper = worker_start(count, arguments);
    struct worker *worker = worker_create(keeper);
    struct state state = {0};
    char *line = NULL;
    size_t size = 0;
    start(&state);
    while (getline(&line, &size, stdin) > 0) {
        if (strcmp(line, "reset\n") == 0) {
            start(&state);
            continue;
        }
        size_t length = strtoul(line, NULL, 10);
        char *sql = malloc(length + 1);
        if (!sql || fread(sql, 1, length, stdin) != length) {
            return 1;
        }
        apply(&state, worker, (struct text){sql, length});
        free(sql);
    }
    free(line);
    arena_destroy(state.arena);
    worker_destroy(worker);
    worker_stop(keeper);
    return 0;
}
