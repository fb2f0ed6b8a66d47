/* A command in a separate process: the watching process passes on its output and exit status. Each
 * case forks, since the watching process exits, too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/apart.h"

static char printed[1 << 20];
static size_t length;

/* Runs `command` apart, with standard output and error in one pipe. Returns its status from
 * waitpid(). */
static int run(void (*command)(void)) {
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        int code = 99;
        if (!apart_watch(&code)) {
            command();
            _exit(0);
        }
        _exit(code);
    }
    close(ends[1]);
    length = 0;
    for (ssize_t got; (got = read(ends[0], printed + length, sizeof printed - 1 - length)) > 0;) {
        length += (size_t)got;
    }
    printed[length] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void say(int to, const char *word) {
    assert_int_equal(write(to, word, strlen(word)), strlen(word));
}

static void print_in_turn(void) {
    for (int i = 0; i < 3; i++) {
        say(STDOUT_FILENO, "out ");
        say(STDERR_FILENO, "error ");
    }
    _exit(7);
}

static void both_outputs_come_in_their_order_and_so_does_the_status(void **state) {
    int status = run(print_in_turn);
    assert_string_equal(printed, "out error out error out error ");
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
}

static void print_to_each(void) {
    say(STDOUT_FILENO, "out");
    say(STDERR_FILENO, "error");
}

static ino_t inode_of(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 ? status.st_ino : 0;
}

/* Goes through the process that watches: neither output is the command's own. */
static void print_to_each_apart(void) {
    ino_t output = inode_of(STDOUT_FILENO), error = inode_of(STDERR_FILENO);
    int code = 99;
    if (!apart_watch(&code)) {
        print_to_each();
        _exit(inode_of(STDOUT_FILENO) != output && inode_of(STDERR_FILENO) != error ? 0 : 1);
    }
    _exit(code);
}

static void assert_all_of_it(int from, const char *expected) {
    char got[16] = "";
    assert_int_equal(read(from, got, sizeof got), strlen(expected));
    assert_string_equal(got, expected);
    assert_int_equal(read(from, got, 1), 0);
    close(from);
}

static void assert_apart(const int output[2], const int error[2]) {
    int status;
    pid_t child = fork();
    if (child == 0) {
        dup2(output[1], STDOUT_FILENO);
        dup2(error[1], STDERR_FILENO);
        for (int i = 0; i < 2; i++) {
            close(output[i]);
            close(error[i]);
        }
        print_to_each_apart();
    }
    close(output[1]);
    close(error[1]);
    assert_all_of_it(output[0], "out");
    assert_all_of_it(error[0], "error");
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void two_outputs_stay_apart_as_pipes_and_as_sockets(void **state) {
    int output[2], error[2];
    assert_int_equal(pipe(output), 0);
    assert_int_equal(pipe(error), 0);
    assert_apart(output, error);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, output), 0);
    assert_int_equal(pipe(error), 0);
    assert_apart(output, error);
}

static void print_a_lot(void) {
    static char lines[700000];
    memset(lines, 'x', sizeof lines);
    for (size_t done = 0; done < sizeof lines;) {
        ssize_t put = write(STDOUT_FILENO, lines + done, sizeof lines - done);
        done += put > 0 ? (size_t)put : 0;
    }
}

static void all_of_it_comes(void **state) {
    int status = run(print_a_lot);
    assert_int_equal(status, 0);
    assert_int_equal(length, 700000);
}

static void die(void) {
    say(STDOUT_FILENO, "last words");
    signal(SIGUSR2, SIG_DFL);
    raise(SIGUSR2);
}

static void a_signal_that_ends_it_ends_who_looks_on(void **state) {
    int status = run(die);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGUSR2);
    assert_string_equal(printed, "last words");
}

/* The output is closed when no process has it any more, so the hanging one must not. */
static void hang(void) {
    char process[32];
    snprintf(process, sizeof process, "%d", (int)getpid());
    say(STDOUT_FILENO, process);
    kill(getppid(), SIGTERM);
    pause();
}

static void who_looks_on_ends_at_once_by_a_signal_and_takes_the_other_along(void **state) {
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    int status = run(hang);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGTERM);
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
    /* Its output may have been lost with the parent. Since we are its subreaper now, we can wait
     * for it. */
    assert_true(waitpid(-1, &status, 0) > 0);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGKILL);
}

static void a_file_is_left_to_the_command(void **state) {
    char path[] = "/tmp/apart.XXXXXX";
    int file = mkstemp(path), status, saved;
    assert_true(file >= 0);
    fflush(stdout);
    saved = dup(STDOUT_FILENO);
    dup2(file, STDOUT_FILENO);
    int code = 99;
    pid_t child = fork();
    if (child == 0) {
        if (!apart_watch(&code)) {
            struct stat here, there;
            _exit(fstat(STDOUT_FILENO, &here) == 0 && stat(path, &there) == 0 && here.st_ino == there.st_ino ? 5 : 6);
        }
        _exit(code);
    }
    dup2(saved, STDOUT_FILENO);
    close(saved);
    waitpid(child, &status, 0);
    unlink(path);
    close(file);
    assert_int_equal(WEXITSTATUS(status), 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_outputs_come_in_their_order_and_so_does_the_status),
        cmocka_unit_test(two_outputs_stay_apart_as_pipes_and_as_sockets),
        cmocka_unit_test(all_of_it_comes),
        cmocka_unit_test(a_signal_that_ends_it_ends_who_looks_on),
        cmocka_unit_test(who_looks_on_ends_at_once_by_a_signal_and_takes_the_other_along),
        cmocka_unit_test(a_file_is_left_to_the_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
