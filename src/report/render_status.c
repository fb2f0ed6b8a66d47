/* status/<tag>: one migration as lines of `key: value`, made for grep. The keys and their order are
 * fixed; an unknown value is `-`. */
#include <inttypes.h>

#include "migfs/report/render.h"
#include "report/effect_phrases.h"
#include "report/phrases.h"

static void add_line(struct buffer *buffer, const char *key, struct text value) {
    buffer_add_string(buffer, key);
    buffer_add_string(buffer, ": ");
    buffer_add(buffer, value.length > 0 ? value : TEXT("-"));
    buffer_add_char(buffer, '\n');
}

static struct text number_or_dash(struct arena *arena, bool is_known, int64_t number) {
    if (!is_known) {
        return TEXT("-");
    }
    struct buffer buffer = BUFFER(arena);
    buffer_add_number(&buffer, number);
    return buffer_text(&buffer);
}

/* A value of the entry as it is on disk, cut to a sane length. */
static struct text on_disk(struct arena *arena, const struct journal_value *value) {
    return value->text.length > 0 ? text_escaped(arena, text_slice(value->text, 0, 60)) : TEXT("-");
}

/* "19 (was -)", or "19" when nothing changes. */
static void add_change(struct buffer *buffer, struct text now, struct text was) {
    buffer_add(buffer, now);
    if (!text_equal(now, was)) {
        buffer_add_string(buffer, " (was ");
        buffer_add(buffer, was);
        buffer_add_char(buffer, ')');
    }
}

static void add_entry(struct buffer *buffer, const struct view *view, const struct migration *it) {
    static const struct journal_value none = {.text = {"", 0}};
    struct arena *arena = buffer->arena;
    const struct synthesis *synthesis = view->synthesis;
    size_t at = synthesis->of_migration[it - view->join->migrations];
    const struct synthesis_entry *entry = at == SIZE_MAX ? NULL : &synthesis->entries[at];
    struct text was_idx = on_disk(arena, it->entry ? &it->entry->idx : &none);
    struct text was_when = on_disk(arena, it->entry ? &it->entry->when : &none);
    bool is_kept = it->entry && synthesis->refusal != REFUSAL_NONE; /* a refusal changes nothing */
    bool idx_stays = is_kept || (entry && !entry->is_idx_new), when_stays = is_kept || (entry && !entry->is_when_new);
    buffer_add_string(buffer, "idx: ");
    add_change(buffer, idx_stays ? was_idx : number_or_dash(arena, entry, entry ? entry->idx : 0), was_idx);
    buffer_add_string(buffer, "\nwhen: ");
    add_change(buffer, when_stays ? was_when : number_or_dash(arena, entry, entry ? entry->when : 0), was_when);
    bool has_time = entry || (is_kept && it->entry->when.is_valid);
    if (has_time) {
        buffer_add_char(buffer, ' ');
        buffer_add(buffer, phrase_time(arena, entry ? entry->when : it->entry->when.number));
    }
    buffer_add_char(buffer, '\n');
}

static void add_effects(struct buffer *buffer, const struct view *view, size_t migration) {
    add_line(buffer, "effects", effect_phrase_own(buffer->arena, view->effects, migration));
    for (size_t i = 0; i < view->join->database_count; i++) {
        buffer_format(buffer, "effects %.*s: ", TEXT_ARGS(view->join->databases[i].name));
        buffer_add(buffer, effect_phrase_standing(buffer->arena, view->effects, migration, i));
        buffer_add_char(buffer, '\n');
    }
}

struct text render_status(struct arena *arena, const struct view *view, const struct migration *it) {
    struct buffer buffer = BUFFER(arena);
    const struct disk_entry *file = it->file;
    char hex[DIGEST_HEX_LENGTH + 1] = "-";
    if (file) {
        digest_to_hex(&file->sql->digest, hex);
    }
    add_line(&buffer, "tag", text_escaped(arena, it->tag));
    add_line(&buffer, "state", text_of(state_name(it->state)));
    add_line(&buffer, "file", file ? text_escaped(arena, file->path) : TEXT("-"));
    add_line(&buffer, "size", number_or_dash(arena, file, file ? file->size : 0));
    add_line(&buffer, "sha256", text_of(hex));
    add_line(&buffer, "statements", number_or_dash(arena, file, file ? (int64_t)file->sql->statements : 0));
    add_line(&buffer, "journal", it->entry ? TEXT("yes") : TEXT("no"));
    add_entry(&buffer, view, it);
    bool has_journal = view->join->layout->has_journal, is_made = phrase_made(view->join, view->synthesis, it);
    add_line(&buffer, "snapshot", it->has_snapshot ? TEXT("yes") : is_made ? TEXT("made") : TEXT("missing"));
    add_line(&buffer, "drizzle", effect_phrase_drizzle(arena, view->join, view->effects, it));
    add_line(&buffer, "consistent",
             has_journal ? phrase_consistent(arena, view->join, view->synthesis, it) : TEXT("-"));
    for (size_t i = 0; i < view->join->database_count; i++) {
        buffer_format(&buffer, "database %.*s: %s\n", TEXT_ARGS(view->join->databases[i].name),
                      state_name(it->standings[i].state));
    }
    if (view->effects) {
        add_effects(&buffer, view, (size_t)(it - view->join->migrations));
    }
    return buffer_text(&buffer);
}
