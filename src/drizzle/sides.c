/* Splits a file at git's conflict markers. */
#include "drizzle/sides.h"

enum part { PART_BOTH, PART_OURS, PART_BASE, PART_THEIRS, PARTS };
enum marker { MARKER_NONE, MARKER_START, MARKER_BASE, MARKER_MIDDLE, MARKER_END, MARKERS };

/* The part that follows a marker; PARTS if the marker must not occur. */
static const enum part next_part[PARTS][MARKERS] = {
    [PART_BOTH] = {PART_BOTH, PART_OURS, PARTS, PARTS, PARTS},
    [PART_OURS] = {PART_OURS, PARTS, PART_BASE, PART_THEIRS, PARTS},
    [PART_BASE] = {PART_BASE, PARTS, PARTS, PART_THEIRS, PARTS},
    [PART_THEIRS] = {PART_THEIRS, PARTS, PARTS, PARTS, PART_BOTH},
};

static enum marker marker_of(struct text line) {
    return text_starts(line, "<<<<<<<")   ? MARKER_START
           : text_starts(line, "|||||||") ? MARKER_BASE
           : text_is(line, "=======")     ? MARKER_MIDDLE
           : text_starts(line, ">>>>>>>") ? MARKER_END
                                          : MARKER_NONE;
}

bool sides_marker(struct text line) {
    return marker_of(line) != MARKER_NONE;
}

struct splitting {
    struct buffer buffer;
    size_t *lines;
    size_t count;
};

static void add_line(struct splitting *splitting, struct text line, size_t number) {
    buffer_add(&splitting->buffer, line);
    splitting->lines[splitting->count++] = number;
}

static size_t count_lines(struct text bytes) {
    size_t count = 1;
    for (size_t i = 0; i < bytes.length; i++) {
        count += bytes.bytes[i] == '\n';
    }
    return count;
}

bool sides_split(struct arena *arena, struct text bytes, struct side ret_sides[2]) {
    size_t count = count_lines(bytes);
    struct splitting sides[2];
    for (size_t i = 0; i < 2; i++) {
        sides[i] = (struct splitting){.buffer = BUFFER(arena), .lines = arena_array(arena, size_t, count + 1)};
    }
    struct text rest = bytes, line;
    enum part part = PART_BOTH;
    for (size_t number = 1; rest.length > 0 && part != PARTS; number++) {
        struct text whole = rest;
        text_line(&rest, &line);
        whole.length -= rest.length; /* includes the line end */
        enum marker marker = marker_of(line);
        part = next_part[part][marker];
        if (marker == MARKER_NONE && (part == PART_BOTH || part == PART_OURS)) {
            add_line(&sides[0], whole, number);
        }
        if (marker == MARKER_NONE && (part == PART_BOTH || part == PART_THEIRS)) {
            add_line(&sides[1], whole, number);
        }
    }
    for (size_t i = 0; i < 2; i++) {
        sides[i].lines[sides[i].count] = count; /* for the text after the last line end */
        ret_sides[i] = (struct side){.text = buffer_text(&sides[i].buffer), .lines = sides[i].lines};
    }
    return part == PART_BOTH;
}
