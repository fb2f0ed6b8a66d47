#include "folder.h"

#include "migfs/util/log.h"

/* What the call writes on standard error. */
static char *logged(const struct folder *folder, void (*log)(const char *format, ...), const char *text) {
    static char line[4096];
    int before = dup(STDERR_FILENO), file = open(beside(folder, "log"), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(before >= 0 && file >= 0);
    assert_true(dup2(file, STDERR_FILENO) >= 0);
    log("%s", text);
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    ssize_t length = pread(file, line, sizeof line - 1, 0);
    assert_true(length >= 0);
    line[length] = '\0';
    close(before);
    close(file);
    return line;
}

static void a_line_begins_with_the_program_and_ends_once(void **state) {
    assert_string_equal(logged(*state, log_notice, "mounted on /view"), "migfs: mounted on /view\n");
    assert_string_equal(logged(*state, log_error, "no such folder"), "migfs: error: no such folder\n");
}

static void nothing_in_it_commands_a_terminal(void **state) {
    assert_string_equal(logged(*state, log_notice, "a\nb\x1b[31m\x7f\r"), "migfs: a?b?[31m??\n");
    assert_string_equal(logged(*state, log_notice,
                               "a\xc2\x9b"
                               "31m \xc2\xa0 \xc3\xa4 \xc2"),
                        "migfs: a??31m \xc2\xa0 \xc3\xa4 \xc2\n");
}

static void nothing_in_it_deceives_who_reads_it(void **state) {
    assert_string_equal(logged(*state, log_notice, "a\u202eb\u200bc\u2066\ufeffd\u00e4\u20ac"),
                        "migfs: a???b???c??????d\u00e4\u20ac\n");
}

static void a_long_one_is_cut_and_still_a_line(void **state) {
    char text[4000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    const char *line = logged(*state, log_notice, text);
    assert_int_equal(strlen(line), 2047);
    assert_int_equal(line[2046], '\n');
}

static size_t fill(int pipe) {
    char bytes[4096];
    size_t filled = 0;
    memset(bytes, '.', sizeof bytes);
    assert_int_equal(fcntl(pipe, F_SETFL, O_NONBLOCK), 0);
    for (ssize_t written; (written = write(pipe, bytes, sizeof bytes)) > 0;) {
        filled += (size_t)written;
    }
    assert_int_equal(fcntl(pipe, F_SETFL, 0), 0);
    return filled;
}

/* Nothing can be written to a full pipe before it is read: the lines that do not fit the buffer are
 * lost, and counted. */
static void a_full_pipe_stops_nobody(void **state) {
    static char read_back[1 << 20];
    int ends[2], before = dup(STDERR_FILENO);
    ssize_t length = 0;
    assert_int_equal(pipe(ends), 0);
    size_t filled = fill(ends[1]);
    assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
    close(ends[1]);
    log_start_thread();
    for (int i = 0; i < 5000; i++) {
        log_notice("%d %064d", i, 0);
    }
    while (!strstr(read_back, "lost here\n")) {
        ssize_t got = read(ends[0], read_back + length, sizeof read_back - 1 - (size_t)length);
        assert_true(got > 0);
        length += got;
        log_notice("once more");
    }
    log_flush(10000);
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    close(before);
    close(ends[0]);
    assert_int_equal(strncmp(read_back + filled, "migfs: 0 0000", 13), 0);
    assert_null(strstr(read_back, "migfs: 4999 "));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(a_line_begins_with_the_program_and_ends_once),
        folder_test(nothing_in_it_commands_a_terminal),
        folder_test(nothing_in_it_deceives_who_reads_it),
        folder_test(a_long_one_is_cut_and_still_a_line),
        folder_test(a_full_pipe_stops_nobody), /* the last: the thread stays */
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
