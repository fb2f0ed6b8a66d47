/* The contents of a folder at other commits, in repositories made here. */
#include "folder.h"

#include "cli/git.h"

/* Runs a shell command in the parent of the folder, which is the root of the repository. */
static void shell(const struct folder *folder, const char *command) {
    char *line = NULL;
    assert_true(asprintf(&line, "cd '%s' && { %s; } >/dev/null 2>&1", folder->outside, command) >= 0);
    if (system(line) != 0) { /* NOLINT(cert-env33-c): as people would type it */
        fail_msg("%s", command);
    }
    free(line);
}

/* main has the folder with a journal `base`; `feature`, which is checked out, has another; main has
 * moved on since. */
static int repository_create(void **state) {
    folder_create(state);
    const struct folder *folder = *state;
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
    setenv("GIT_AUTHOR_NAME", "tester", 1);
    setenv("GIT_AUTHOR_EMAIL", "tester@example.org", 1);
    setenv("GIT_COMMITTER_NAME", "tester", 1);
    setenv("GIT_COMMITTER_EMAIL", "tester@example.org", 1);
    unsetenv("GIT_DIR");
    put_directory(folder, "meta");
    put(folder, "meta/_journal.json", "base");
    put(folder, "0000_a.sql", "select 1;");
    shell(folder, "git init -q -b main . && git add . && git commit -qm base && git checkout -qb feature && "
                  "echo feature >source/meta/_journal.json && git commit -qam feature && git checkout -q main && "
                  "printf tip >source/meta/_journal.json && git commit -qam tip && git checkout -q feature");
    return 0;
}

static struct git found(const struct folder *folder, const char *ref) {
    struct git git;
    struct error error;
    if (!git_find(&git, folder->path, ref, &error)) {
        fail_msg("%s", error.sentence);
    }
    return git;
}

static void assert_at(const struct git *git, const char *commit, const char *path, const char *expected) {
    char *bytes = NULL;
    size_t length = 0;
    struct error error;
    assert_true(git_read(git, commit, path, &bytes, &length, &error));
    if (!expected) {
        assert_null(bytes);
    } else {
        assert_non_null(bytes);
        assert_int_equal(length, strlen(expected));
        assert_memory_equal(bytes, expected, length);
    }
    free(bytes);
}

static void assert_not_found(const char *folder, const char *ref, const char *sentence) {
    struct git git;
    struct error error;
    assert_false(git_find(&git, folder, ref, &error));
    if (!strstr(error.sentence, sentence)) {
        fail_msg("%s", error.sentence);
    }
    git_finish(&git);
}

static void the_tip_and_the_merge_base_are_two_commits(void **state) {
    struct git git = found(*state, "main");
    assert_string_equal(git.prefix, "source/");
    assert_null(git.before);
    assert_string_not_equal(git.tip, git.merge_base);
    assert_at(&git, git.tip, "meta/_journal.json", "tip");
    assert_at(&git, git.merge_base, "meta/_journal.json", "base");
    assert_at(&git, git.merge_base, "0000_a.sql", "select 1;");
    assert_at(&git, git.merge_base, "0001_b.sql", NULL);
    git_finish(&git);
}

static void a_folder_may_be_the_whole_repository(void **state) {
    struct folder *folder = *state;
    shell(folder, "cd source && rm -rf ../.git && git init -q -b main . && git add . && git commit -qm base");
    struct git git = found(folder, "main");
    assert_string_equal(git.prefix, "");
    assert_string_equal(git.tip, git.merge_base);
    assert_at(&git, git.tip, "meta/_journal.json", "feature\n");
    git_finish(&git);
}

static void a_clone_has_it_at_origin_alone(void **state) {
    struct folder *folder = *state;
    shell(folder, "git update-ref refs/remotes/origin/main main && git branch -qD main");
    struct git git = found(folder, "main");
    assert_at(&git, git.tip, "meta/_journal.json", "tip");
    git_finish(&git);
}

static void a_branch_here_comes_before_that_of_origin(void **state) {
    struct folder *folder = *state;
    shell(folder, "git update-ref refs/remotes/origin/main feature");
    struct git git = found(folder, "main");
    assert_at(&git, git.tip, "meta/_journal.json", "tip");
    git_finish(&git);
}

static void a_folder_that_was_renamed_since_is_found_under_its_old_name(void **state) {
    struct folder *folder = *state;
    shell(folder, "git mv source drizzle && git commit -qm rename");
    snprintf(folder->path, sizeof folder->path, "%s/drizzle", folder->outside);
    struct git git = found(folder, "main");
    assert_string_equal(git.prefix, "drizzle/");
    assert_string_equal(git.before, "source/");
    assert_at(&git, git.merge_base, "meta/_journal.json", "base");
    assert_at(&git, git.merge_base, "0000_a.sql", "select 1;");
    assert_at(&git, git.tip, "meta/_journal.json", "tip");
    git_finish(&git);
}

static void of_two_that_are_gone_neither_is_guessed(void **state) {
    struct folder *folder = *state;
    shell(folder, "git checkout -q main && mkdir -p other/meta && echo x >other/meta/_journal.json && git add . && "
                  "git commit -qm other && git checkout -qb later && git rm -rq other && git mv source drizzle && "
                  "git commit -qm rename");
    snprintf(folder->path, sizeof folder->path, "%s/drizzle", folder->outside);
    struct git git = found(folder, "main");
    assert_null(git.before);
    assert_at(&git, git.merge_base, "meta/_journal.json", NULL);
    git_finish(&git);
}

static void a_folder_that_is_new_here_has_no_older_name(void **state) {
    struct folder *folder = *state;
    shell(folder, "mkdir -p new/meta && echo x >new/meta/_journal.json && git add . && git commit -qm new");
    snprintf(folder->path, sizeof folder->path, "%s/new", folder->outside);
    struct git git = found(folder, "main");
    assert_null(git.before);
    assert_at(&git, git.tip, "meta/_journal.json", NULL);
    git_finish(&git);
}

static void names_are_taken_as_they_are_and_not_as_patterns(void **state) {
    struct folder *folder = *state;
    shell(folder, "mkdir -p '[s]*' && git mv source '[s]*/-d' && git commit -qm odd && git branch -f main");
    snprintf(folder->path, sizeof folder->path, "%s/[s]*/-d", folder->outside);
    struct git git = found(folder, "main");
    assert_string_equal(git.prefix, "[s]*/-d/");
    assert_at(&git, git.tip, "meta/_journal.json", "feature\n");
    git_finish(&git);
}

static void what_cannot_be_compared_with_is_said(void **state) {
    struct folder *folder = *state;
    assert_not_found(folder->path, "nowhere", "git does not know the commit nowhere; fetch it first");
    assert_not_found(folder->path, "--all", "is not the name of a branch");
    shell(folder, "git checkout -q --orphan alone && git commit -qm alone");
    assert_not_found(folder->path, "main", "HEAD and main have no common commit here; fetch the history");
    shell(folder, "rm -rf .git");
    assert_not_found(folder->path, "main", "git cannot find the repository of");
}

/* Its configuration is part of the commit, and can name a program that git starts to fetch what is
 * missing. */
static void a_bare_repository_in_a_commit_is_not_used(void **state) {
    struct folder *folder = *state;
    shell(folder, "git clone -q --bare . bare && cp -r bare/* source && rm -r bare && cd source && "
                  "git config -f config core.repositoryFormatVersion 1 && "
                  "git config -f config extensions.partialClone origin && "
                  "git config -f config remote.origin.url .. && git config -f config remote.origin.promisor true && "
                  "git config -f config remote.origin.uploadpack \"touch '$PWD/ran';false\" && "
                  "rm -r objects && mkdir objects");
    assert_not_found(folder->path, "main", "git cannot find the repository of");
    shell(folder, "! test -e source/ran");
}

static void without_git_that_is_said(void **state) {
    struct folder *folder = *state;
    char *path = strdup(getenv("PATH"));
    setenv("PATH", folder->outside, 1);
    struct git git;
    struct error error;
    assert_false(git_find(&git, folder->path, "main", &error));
    setenv("PATH", path, 1);
    free(path);
    git_finish(&git);
    assert_non_null(strstr(error.sentence, "git"));
}

#define git_test(function) cmocka_unit_test_setup_teardown(function, repository_create, folder_destroy)

int main(void) {
    const struct CMUnitTest tests[] = {
        git_test(the_tip_and_the_merge_base_are_two_commits),
        git_test(a_folder_may_be_the_whole_repository),
        git_test(a_clone_has_it_at_origin_alone),
        git_test(a_branch_here_comes_before_that_of_origin),
        git_test(a_folder_that_was_renamed_since_is_found_under_its_old_name),
        git_test(of_two_that_are_gone_neither_is_guessed),
        git_test(a_folder_that_is_new_here_has_no_older_name),
        git_test(names_are_taken_as_they_are_and_not_as_patterns),
        git_test(what_cannot_be_compared_with_is_said),
        git_test(a_bare_repository_in_a_commit_is_not_used),
        git_test(without_git_that_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
