/* Writes EFFECT_OPAQUE. */
#include "schema/parse_opaque.h"

#include <string.h>

void parse_opaque(struct tree_walk *walk, const char *why, struct text words) {
    static const struct {
        const char *word, *kind;
    } kinds[] = {{"table", "r"},    {"column", "a"},    {"constraint", "k"}, {"index", "i"}, {"type", "T"},
                 {"schema", "n"},   {"policy", "p"},    {"trigger", "t"},    {"view", "v"},  {"sequence", "S"},
                 {"function", "F"}, {"extension", "e"}, {"domain", "T"},     {"value", "E"}};
    struct buffer letters = BUFFER(walk->arena);
    char *lower = arena_alloc(walk->arena, words.length + 1);
    for (size_t i = 0; i < words.length; i++) {
        lower[i] = (char)(words.bytes[i] >= 'A' && words.bytes[i] <= 'Z' ? words.bytes[i] + 32 : words.bytes[i]);
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strstr(lower, kinds[i].word)) {
            buffer_add_string(&letters, kinds[i].kind);
        }
    }
    tree_effect(walk, EFFECT_OPAQUE, 0, text_of(why), buffer_text(&letters));
}
