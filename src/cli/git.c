/* Runs one git command at a time and reads its output to the end. */
#include "cli/git.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_WORDS = 14, MOST_BYTES = 64 << 20 };

/* Reads a descriptor to its end; the caller frees the bytes. Fails on more than MOST_BYTES. */
static bool read_all(int descriptor, char **ret_bytes, size_t *ret_length) {
    char part[1 << 13];
    size_t length = 0;
    ssize_t got;
    FILE *into = open_memstream(ret_bytes, ret_length);
    if (!into) {
        return false;
    }
    while ((got = read(descriptor, part, sizeof part)) > 0 || (got < 0 && errno == EINTR)) {
        length += got > 0 ? (size_t)got : 0;
        if (length > MOST_BYTES || (got > 0 && fwrite(part, 1, (size_t)got, into) != (size_t)got)) {
            break;
        }
    }
    bool is_read = got == 0 && !ferror(into);
    return fclose(into) == 0 && is_read;
}

static bool spawn(pid_t *ret_child, char *const *words, const int *pipe_ends) {
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0) {
        return false;
    }
    int failed = posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
    failed = failed ? failed : posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    failed = failed ? failed : posix_spawnp(ret_child, "git", &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    errno = failed;
    return failed == 0;
}

/* Runs `git -C FOLDER WORDS…` and gets its exit status in *ret_status. Returns false with an error
 * if it cannot be run. A commit can hold what git takes for a bare repository, with a configuration
 * of its own, which can name programs to run; with safe.bareRepository git does not use it. */
static bool run(const char *folder, const char *const *words, char **ret_bytes, size_t *ret_length, int *ret_status,
                struct error *error) {
    const char *all[MOST_WORDS] = {"git", "-c", "safe.bareRepository=explicit", "-C", folder};
    size_t first = 0;
    while (all[first]) {
        first++;
    }
    int ends[2], state = 0;
    pid_t child = 0;
    for (size_t i = 0; words[i]; i++) {
        all[first + i] = words[i];
    }
    *ret_bytes = NULL;
    if (pipe2(ends, O_CLOEXEC) < 0) {
        return error_set_errno(error, "git cannot be run");
    }
    bool is_started = spawn(&child, (char *const *)all, ends) || error_set_errno(error, "git cannot be run");
    close(ends[1]);
    bool is_read = is_started && read_all(ends[0], ret_bytes, ret_length);
    close(ends[0]);
    while (is_started && waitpid(child, &state, 0) < 0 && errno == EINTR) {
    }
    if (is_started && !is_read) {
        error_set(error, ERROR_SYSTEM, "what git printed cannot be read");
    }
    *ret_status = WIFEXITED(state) ? WEXITSTATUS(state) : -1;
    return is_read;
}

/* Gets the only line that git prints, without its line end; returns false if the exit status is not
 * 0. */
static bool ask(const char *folder, const char *const *words, char **ret_line, struct error *error) {
    size_t length;
    int status;
    if (!run(folder, words, ret_line, &length, &status, error) || !*ret_line) {
        free(*ret_line);
        *ret_line = NULL;
        return false;
    }
    (*ret_line)[strcspn(*ret_line, "\n")] = '\0';
    return status == 0 || error_set(error, ERROR_SYSTEM, "git %s failed", words[0]);
}

static bool take_commit(char *into, char *line, const char *what, struct error *error) {
    size_t length = line ? strlen(line) : 0;
    bool is_commit = length >= 40 && length <= GIT_COMMIT_LENGTH;
    if (is_commit) {
        memcpy(into, line, length + 1);
    }
    free(line);
    return is_commit || error_set(error, ERROR_USAGE, "%s", what);
}

static bool read_at(const struct git *git, const char *commit, const char *prefix, const char *path, char **ret_bytes,
                    size_t *ret_length, struct error *error) {
    char *name = NULL, *list = NULL;
    int status;
    bool is_good = asprintf(&name, "%s:%s%s", commit, prefix, path) >= 0 || error_set_memory(error);
    const char *below = is_good ? name + strlen(commit) + 1 : "";
    *ret_bytes = NULL;
    *ret_length = 0;
    is_good = is_good && run(git->folder,
                             (const char *const[]){"ls-tree", "--full-tree", "--name-only", commit, "--", below, NULL},
                             &list, ret_length, &status, error);
    bool is_there = is_good && status == 0 && *ret_length > 0;
    *ret_length = 0;
    if (is_there) {
        is_good = run(git->folder, (const char *const[]){"cat-file", "blob", name, NULL}, ret_bytes, ret_length,
                      &status, error) &&
                  (status == 0 || error_set(error, ERROR_SYSTEM, "git cannot read %s", name));
    }
    if (!is_good) {
        free(*ret_bytes);
        *ret_bytes = NULL;
    }
    free(list);
    free(name);
    return is_good;
}

bool git_read(const struct git *git, const char *commit, const char *path, char **ret_bytes, size_t *ret_length,
              struct error *error) {
    return read_at(git, commit, git->prefix, path, ret_bytes, ret_length, error) &&
           (*ret_bytes || !git->before || read_at(git, commit, git->before, path, ret_bytes, ret_length, error));
}

/* Returns the commit that the ref names, as printed by git, or NULL; the caller frees it. */
static char *ask_commit(const char *folder, const char *before, const char *ref) {
    char commit[600], *line = NULL;
    struct error ignored;
    snprintf(commit, sizeof commit, "%s%s^{commit}", before, ref);
    if (!ask(folder, (const char *const[]){"rev-parse", "--verify", "--quiet", commit, NULL}, &line, &ignored)) {
        free(line);
        return NULL;
    }
    return line;
}

static bool ends_with(const char *string, const char *suffix) {
    size_t length = strlen(string), end = strlen(suffix);
    return length >= end && strcmp(string + length - end, suffix) == 0;
}

/* Returns whether this path of the repository exists now. */
static bool is_there_now(const struct git *git, const char *path) {
    char *up = NULL, *whole = NULL;
    size_t length, levels = 0;
    for (const char *at = git->prefix; *at != '\0'; at++) {
        levels += *at == '/';
    }
    FILE *stream = open_memstream(&up, &length);
    for (size_t i = 0; stream && i < levels; i++) {
        fputs("/..", stream);
    }
    bool is_made = stream && fclose(stream) == 0 && asprintf(&whole, "%s%s/%s", git->folder, up, path) >= 0;
    bool is_there = !is_made || access(whole, F_OK) == 0;
    free(whole);
    free(up);
    return is_there;
}

/* Detects that the folder was renamed since: exactly one journal of the merge base no longer
 * exists. */
static void find_before(struct git *git) {
    static const char journal[] = "meta/_journal.json";
    char *list = NULL;
    const char *gone = NULL;
    size_t length = 0, count = 0;
    int status;
    struct error ignored;
    if (run(git->folder,
            (const char *const[]){"ls-tree", "-r", "-z", "--full-tree", "--name-only", git->merge_base, NULL}, &list,
            &length, &status, &ignored) &&
        status == 0) {
        for (const char *name = list; name < list + length; name += strlen(name) + 1) {
            bool is_journal = ends_with(name, "/meta/_journal.json") || strcmp(name, journal) == 0;
            if (is_journal && !is_there_now(git, name)) {
                gone = name;
                count++;
            }
        }
    }
    git->before = count == 1 ? strndup(gone, strlen(gone) - strlen(journal)) : NULL;
    free(list);
}

bool git_find(struct git *git, const char *folder, const char *ref, struct error *error) {
    char what[640];
    char *line = NULL;
    struct error ignored;
    *git = (struct git){.folder = strdup(folder)};
    if (!git->folder) {
        return error_set_memory(error);
    }
    if (*ref == '-' || strlen(ref) >= 500) {
        return error_set(error, ERROR_USAGE, "--base-ref %.60s is not the name of a branch or a commit", ref);
    }
    if (!ask(folder, (const char *const[]){"rev-parse", "--show-prefix", NULL}, &git->prefix, error)) {
        return error_set(error, ERROR_SYSTEM, "--base-ref: git cannot find the repository of %s", folder);
    }
    line = ask_commit(folder, "", ref);
    line = line ? line : ask_commit(folder, "refs/remotes/origin/", ref);
    snprintf(what, sizeof what, "--base-ref: git does not know the commit %.500s; fetch it first", ref);
    if (!take_commit(git->tip, line, what, error)) {
        return false;
    }
    ask(folder, (const char *const[]){"merge-base", "HEAD", git->tip, NULL}, &line, &ignored);
    snprintf(what, sizeof what,
             "--base-ref: HEAD and %.400s have no common commit here; fetch the history (fetch-depth: 0, GIT_DEPTH: 0)",
             ref);
    if (!take_commit(git->merge_base, line, what, error)) {
        return false;
    }
    char *bytes = NULL;
    size_t length;
    if (git_read(git, git->merge_base, "meta/_journal.json", &bytes, &length, error) && !bytes) {
        find_before(git);
    }
    free(bytes);
    return true;
}

void git_finish(struct git *git) {
    free(git->folder);
    free(git->prefix);
    free(git->before);
    *git = (struct git){0};
}
