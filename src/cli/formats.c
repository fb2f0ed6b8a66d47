/* Lines are printed immediately; documents are kept as trees, in an arena that outlives the
 * folders. */
#include "cli/formats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migfs/json/print.h"
#include "migfs/report/render.h"
#include "migfs/util/digest.h"

struct formats {
    enum check_format format;
    bool is_coloured;
    struct arena *arena;
    struct cJSON *document; /* NULL: lines */
    struct cJSON *array;    /* its member for problems */
};

/* ---- paths ---- */

static bool is_in_file(const struct problem *problem) {
    return problem->database.length == 0 || !text_starts(problem->file, "database ");
}

/* The file of a problem as the user can open it; empty if it is in no file, for example in a
 * database. */
static struct text path_of(struct arena *arena, const struct options *folder, const struct problem *problem) {
    if (!is_in_file(problem)) {
        return TEXT("");
    }
    if (problem->code == &problem_codes[PROBLEM_BAD_RULE] && folder->rules_file) {
        return text_escaped(arena, text_of(folder->rules_file));
    }
    struct text written = text_of(folder->written);
    while (written.length > 1 && written.bytes[written.length - 1] == '/') {
        written.length--;
    }
    struct buffer buffer = BUFFER(arena);
    if (text_is(problem->file, ".")) {
        buffer_add_escaped(&buffer, written);
    } else {
        if (!text_is(written, ".")) {
            buffer_add_escaped(&buffer, written);
            buffer_add_string(&buffer, text_is(written, "/") ? "" : "/");
        }
        buffer_add_escaped(&buffer, problem->file);
    }
    return buffer_text(&buffer);
}

/* GitHub and GitLab know a file by its path in the repository, which never begins with ./ */
static struct text without_dot(struct text path) {
    while (text_starts(path, "./")) {
        path = text_slice(path, 2, path.length);
        while (text_starts(path, "/")) {
            path = text_slice(path, 1, path.length);
        }
    }
    return path;
}

/* A problem without a file is shown at the journal, since some readers require a file. */
static struct text path_of_any(struct arena *arena, const struct options *folder, const struct problem *problem) {
    struct problem at_journal = {.code = problem->code, .file = TEXT("meta/_journal.json")};
    return without_dot(path_of(arena, folder, is_in_file(problem) ? problem : &at_journal));
}

/* Stays the same as long as the problem does, even if its sentence or line changes. */
static struct text fingerprint_of(struct formats *formats, const struct options *folder,
                                  const struct problem *problem) {
    char hex[DIGEST_HEX_LENGTH + 1];
    struct text path = path_of_any(formats->arena, folder, problem), zero = {"", 1};
    const struct text parts[] = {text_of(problem->code->code), zero, path, zero, problem->tag, zero, problem->database};
    struct digest digest = digest_of_parts(parts, sizeof parts / sizeof *parts);
    digest_to_hex(&digest, hex);
    return text_copy(formats->arena, text_of(hex));
}

/* ---- lines ---- */

static void print_text(const struct formats *formats, const struct options *folder, struct arena *arena,
                       const struct problem *problem) {
    static const char *const colours[SEVERITY_COUNT] = {"\033[1;31m", "\033[1;35m", "\033[1;36m"};
    struct text path = path_of(arena, folder, problem);
    struct buffer buffer = BUFFER(arena);
    struct problem placed = *problem;
    if (formats->format == CHECK_GCC && path.length > 0 && placed.line == 0) {
        placed.line = 1; /* editors jump only to what has a line */
    }
    problem_print(&buffer, &placed);
    struct text line = buffer_text(&buffer), file = text_escaped(arena, problem->file);
    struct text rest = text_slice(line, file.length, line.length);
    char severity[16];
    size_t at;
    path = path.length > 0 ? path : file;
    snprintf(severity, sizeof severity, ": %s: ", severity_name(problem->severity));
    if (!formats->is_coloured || !text_find(rest, severity, &at)) {
        printf("%.*s%.*s\n", TEXT_ARGS(path), TEXT_ARGS(rest));
        return;
    }
    size_t end = at + strlen(severity);
    printf("\033[1m%.*s%.*s\033[0m%s%.*s\033[0m%.*s\n", TEXT_ARGS(path), (int)at + 2, rest.bytes,
           colours[problem->severity], (int)(end - at - 2), rest.bytes + at + 2,
           TEXT_ARGS(text_slice(rest, end, rest.length)));
}

/* Adds a value of a workflow command, see "workflow commands" in
 * https://docs.github.com/actions. */
static void add_github(struct buffer *buffer, struct text text, bool is_property) {
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.bytes[i];
        if (byte == '%' || byte == '\r' || byte == '\n' || (is_property && (byte == ':' || byte == ','))) {
            buffer_format(buffer, "%%%02X", (unsigned)(unsigned char)byte);
        } else {
            buffer_add_char(buffer, byte);
        }
    }
}

static void print_github(const struct options *folder, struct arena *arena, const struct problem *problem) {
    static const char *const commands[SEVERITY_COUNT] = {"error", "warning", "notice"};
    struct buffer buffer = BUFFER(arena);
    struct text path = without_dot(path_of(arena, folder, problem));
    buffer_format(&buffer, "::%s ", commands[problem->severity]);
    if (path.length > 0) {
        buffer_add(&buffer, TEXT("file="));
        add_github(&buffer, path, true);
        buffer_add_char(&buffer, ',');
    }
    if (problem->line > 0) {
        buffer_format(&buffer, "line=%zu,", problem->line);
    }
    if (problem->line > 0 && problem->column > 0) {
        buffer_format(&buffer, "col=%zu,", problem->column);
    }
    buffer_format(&buffer, "title=migfs %s::", problem->code->code);
    add_github(&buffer, problem->sentence, false);
    printf("%s\n", buffer_text(&buffer).bytes);
}

/* ---- documents ---- */

static struct text sentence_of(struct arena *arena, const struct problem *problem) {
    if (is_in_file(problem)) {
        return problem->sentence;
    }
    return text_format(arena, "%.*s: %s", TEXT_ARGS(problem->file), problem->sentence.bytes);
}

/* https://docs.gitlab.com/ci/testing/code_quality/ */
static void add_gitlab(struct formats *formats, const struct options *folder, const struct problem *problem) {
    static const char *const severities[SEVERITY_COUNT] = {"critical", "major", "info"};
    struct cJSON *object = json_add_object(formats->array, NULL);
    json_add_text(object, "description", sentence_of(formats->arena, problem));
    json_add_literal(object, "check_name", problem->code->code);
    json_add_text(object, "fingerprint", fingerprint_of(formats, folder, problem));
    json_add_literal(object, "severity", severities[problem->severity]);
    struct cJSON *location = json_add_object(object, "location");
    json_add_text(location, "path", path_of_any(formats->arena, folder, problem));
    struct cJSON *lines = json_add_object(location, "lines");
    json_add_integer(lines, "begin", problem->line > 0 ? (int64_t)problem->line : 1);
}

/* Encodes a path as a relative reference of RFC 3986. */
static struct text uri_of(struct arena *arena, struct text path) {
    static const char kept[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    struct buffer buffer = BUFFER(arena);
    for (size_t i = 0; i < path.length; i++) {
        if (path.bytes[i] && strchr(kept, path.bytes[i])) {
            buffer_add_char(&buffer, path.bytes[i]);
        } else {
            buffer_format(&buffer, "%%%02X", (unsigned)(unsigned char)path.bytes[i]);
        }
    }
    return buffer_text(&buffer);
}

/* SARIF 2.1.0, section 3.27, "result". */
static void add_sarif(struct formats *formats, const struct options *folder, const struct problem *problem) {
    static const char *const levels[SEVERITY_COUNT] = {"error", "warning", "note"};
    struct cJSON *object = json_add_object(formats->array, NULL);
    json_add_literal(object, "ruleId", problem->code->code);
    json_add_literal(object, "level", levels[problem->severity]);
    json_add_text(json_add_object(object, "message"), "text", sentence_of(formats->arena, problem));
    struct cJSON *location = json_add_object(json_add_array(object, "locations"), NULL);
    struct cJSON *physical = json_add_object(location, "physicalLocation");
    json_add_text(json_add_object(physical, "artifactLocation"), "uri",
                  uri_of(formats->arena, path_of_any(formats->arena, folder, problem)));
    struct cJSON *region = json_add_object(physical, "region");
    json_add_integer(region, "startLine", problem->line > 0 ? (int64_t)problem->line : 1);
    if (problem->line > 0 && problem->column > 0) {
        json_add_integer(region, "startColumn", (int64_t)problem->column);
    }
    json_add_text(json_add_object(object, "partialFingerprints"), "migfs/v1", fingerprint_of(formats, folder, problem));
}

/* Returns the empty list of results. */
static struct cJSON *begin_sarif(struct cJSON *log) {
    json_add_literal(log, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_add_literal(log, "version", "2.1.0");
    struct cJSON *run = json_add_object(json_add_array(log, "runs"), NULL);
    struct cJSON *driver = json_add_object(json_add_object(run, "tool"), "driver");
    json_add_literal(driver, "name", "migfs");
    json_add_literal(driver, "version", MIGFS_VERSION);
    struct cJSON *rules = json_add_array(driver, "rules");
    for (size_t i = 0; i < PROBLEM_KIND_COUNT; i++) {
        struct cJSON *rule = json_add_object(rules, NULL);
        json_add_literal(rule, "id", problem_codes[i].code);
        json_add_literal(json_add_object(rule, "shortDescription"), "text", problem_codes[i].meaning);
    }
    return json_add_array(run, "results");
}

/* ---- all ---- */

static bool is_of_lines(enum check_format format) {
    return format == CHECK_TEXT || format == CHECK_GCC || format == CHECK_GITHUB;
}

struct formats *formats_create(const struct options *options) {
    struct formats *formats = calloc(1, sizeof *formats);
    if (formats) {
        *formats = (struct formats){.format = options->format, .is_coloured = options_are_coloured(options)};
        formats->arena = arena_create();
    }
    if (!formats || !formats->arena) {
        formats_destroy(formats);
        return NULL;
    }
    if (formats->format == CHECK_SARIF) {
        formats->document = json_object(formats->arena);
        formats->array = begin_sarif(formats->document);
    } else if (!is_of_lines(formats->format)) {
        formats->document = formats->array = json_array(formats->arena);
    }
    return formats;
}

void formats_destroy(struct formats *formats) {
    if (formats) {
        arena_destroy(formats->arena);
        free(formats);
    }
}

void formats_add(struct formats *formats, const struct options *folder, struct arena *arena,
                 const struct problem *problem) {
    struct text path;
    if (formats->array) {
        json_use(formats->arena);
    }
    switch (formats->format) {
    case CHECK_JSON:
        path = path_of(formats->arena, folder, problem);
        render_add_problem_json(formats->array, problem, &path);
        break;
    case CHECK_GITHUB:
        print_github(folder, arena, problem);
        break;
    case CHECK_GITLAB:
        add_gitlab(formats, folder, problem);
        break;
    case CHECK_SARIF:
        add_sarif(formats, folder, problem);
        break;
    case CHECK_TEXT:
    case CHECK_GCC:
    default:
        print_text(formats, folder, arena, problem);
    }
}

void formats_end(struct formats *formats) {
    if (formats->document) {
        json_use(formats->arena);
        struct text document = formats->format == CHECK_SARIF ? json_stringify(formats->arena, formats->document)
                                                              : json_print_lines(formats->arena, formats->document);
        fwrite(document.bytes, 1, document.length, stdout);
        fputs(formats->format == CHECK_SARIF ? "\n" : "", stdout);
    }
}
