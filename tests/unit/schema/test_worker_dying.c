/* Workers that die at each byte, or send malformed answers: the linker replaces the real keeper by
 * one of this test. The text tells its workers what to do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "migfs/schema/worker.h"
#include "schema/keeper.h"

enum { ANSWER = 24 }; /* bytes of a correct answer, without its head */

/* ---- the other side ---- */

_Noreturn void __wrap_keeper_run(int control, int count, char **arguments);

static void put(int socket, const void *bytes, size_t length) {
    for (size_t done = 0; done < length;) {
        ssize_t put = send(socket, (const char *)bytes + done, length - done, MSG_NOSIGNAL);
        if (put <= 0) {
            _exit(0);
        }
        done += (size_t)put;
    }
}

static void get(int socket, void *bytes, size_t length) {
    if (length > 0 && recv(socket, bytes, length, MSG_WAITALL) != (ssize_t)length) {
        _exit(0);
    }
}

/* `a`: a correct answer; `k` and a number: that many of its bytes, then the end; `d` and a number:
 * the end after that many bytes of the text; `l`: a length above the maximum; `s`: an invalid
 * status; `x`: a correct answer and bytes after it. */
static void serve(int socket) {
    struct {
        struct protocol_head head;
        char body[ANSWER];
    } answer;
    struct protocol_head head;
    char first[16] = "";
    get(socket, &head, sizeof head);
    size_t begun = head.length < sizeof first - 1 ? head.length : sizeof first - 1;
    get(socket, first, begun);
    size_t number = strtoul(first + 1, NULL, 10), left = head.length - begun;
    char *rest = malloc(left + 1);
    get(socket, rest, *first == 'd' && number < left ? number : left);
    free(rest);
    memset(&answer, 'y', sizeof answer);
    answer.head = (struct protocol_head){.what = *first == 's' ? PROTOCOL_STATUS_END : PROTOCOL_DONE,
                                         .length = *first == 'l' ? PROTOCOL_ANSWER_MAXIMUM + 1 : ANSWER};
    if (*first == 'd') {
        _exit(0);
    }
    put(socket, &answer, *first == 'k' ? number : sizeof answer);
    if (*first == 'k') {
        _exit(0);
    }
    if (*first == 'x') {
        put(socket, &answer.body, sizeof answer.body);
    }
}

static void give_worker(int control) {
    int ends[2];
    char byte = KEEPER_NEW;
    struct iovec part = {&byte, 1};
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } extra = {0};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = extra.room, .msg_controllen = sizeof extra.room};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        _exit(1);
    }
    if (fork() == 0) {
        close(ends[0]);
        for (;;) {
            serve(ends[1]);
        }
    }
    close(ends[1]);
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    *head = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(head), &ends[0], sizeof(int));
    sendmsg(control, &message, MSG_NOSIGNAL);
    close(ends[0]);
}

_Noreturn void __wrap_keeper_run(int control, int count, char **arguments) {
    struct keeper_wish wish;
    while (recv(control, &wish, sizeof wish, MSG_WAITALL) == sizeof wish) {
        if (wish.what == KEEPER_NEW) {
            give_worker(control);
        }
        while (waitpid(-1, NULL, WNOHANG) > 0) {
        }
    }
    _exit(0);
}

/* ---- our side ---- */

static struct worker_keeper *keeper;
static struct worker *worker;

static int begin(void **state) {
    char *arguments[] = {NULL};
    keeper = worker_start(0, arguments);
    worker = worker_create(keeper);
    return keeper && worker ? 0 : -1;
}

static int end(void **state) {
    worker_destroy(worker);
    worker_stop(keeper);
    return 0;
}

static void ask(const char *text) {
    worker_ask(worker, PROTOCOL_EFFECTS, text_of(text));
}

static void expect(enum worker_progress expected) {
    struct text answer = TEXT("");
    assert_int_equal(worker_step(worker, -1, &answer), expected);
    if (expected == WORKER_ANSWERED) {
        assert_int_equal(answer.length, ANSWER);
    }
}

/* The texts before and after it are answered, only this one is not. */
static void a_death_at_each_byte_of_an_answer_costs_that_text(void **state) {
    for (size_t length = 0; length <= sizeof(struct protocol_head) + ANSWER; length++) {
        char dying[16];
        bool is_whole = length == sizeof(struct protocol_head) + ANSWER;
        snprintf(dying, sizeof dying, "k%zu", length);
        ask("a");
        ask(dying);
        ask("a");
        ask("a");
        expect(WORKER_ANSWERED);
        expect(is_whole ? WORKER_ANSWERED : WORKER_FAILED);
        expect(WORKER_ANSWERED);
        expect(WORKER_ANSWERED);
        assert_int_equal(worker_waiting(worker), 0);
    }
}

/* The text is larger than a socket buffer, so the worker dies while it is being sent. */
static void a_death_while_a_text_is_sent_costs_that_text(void **state) {
    enum { LENGTH = 1 << 20 };
    static char text[LENGTH];
    for (size_t read = 1; read < LENGTH; read *= 4) {
        memset(text, ' ', sizeof text);
        text[snprintf(text, sizeof text, "d%zu", read)] = ' ';
        ask("a");
        worker_ask(worker, PROTOCOL_EFFECTS, (struct text){text, sizeof text});
        ask("a");
        expect(WORKER_ANSWERED);
        expect(WORKER_FAILED);
        expect(WORKER_ANSWERED);
    }
}

static void a_length_or_a_status_that_cannot_be_is_no_answer(void **state) {
    static const char *const lies[] = {"l", "s"};
    for (size_t i = 0; i < 2; i++) {
        ask("a");
        ask(lies[i]);
        ask("a");
        expect(WORKER_ANSWERED);
        expect(WORKER_FAILED);
        expect(WORKER_ANSWERED);
    }
}

/* The bytes are taken for the next answer, for which a new worker is then asked. */
static void bytes_behind_an_answer_spoil_no_other(void **state) {
    ask("x");
    ask("a");
    ask("a");
    expect(WORKER_ANSWERED);
    expect(WORKER_ANSWERED);
    expect(WORKER_ANSWERED);
    assert_int_equal(worker_count(worker), 2);
}

static void many_may_wait_and_no_more_than_there_is_room_for(void **state) {
    size_t count = 0;
    for (; worker_has_room(worker); count++) {
        ask(count % 7 == 3 ? "k0" : "a");
    }
    assert_true(count > 8 && count < 1000);
    for (size_t i = 0; i < count; i++) {
        expect(i % 7 == 3 ? WORKER_FAILED : WORKER_ANSWERED);
    }
}

static void rest_forgets_what_waits(void **state) {
    ask("a");
    ask("a");
    worker_rest(worker);
    assert_int_equal(worker_waiting(worker), 0);
    ask("a");
    expect(WORKER_ANSWERED);
}

int main(void) {
    if (!worker_parser()) {
        return 0; /* built without the parser */
    }
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_death_at_each_byte_of_an_answer_costs_that_text, begin, end),
        cmocka_unit_test_setup_teardown(a_death_while_a_text_is_sent_costs_that_text, begin, end),
        cmocka_unit_test_setup_teardown(a_length_or_a_status_that_cannot_be_is_no_answer, begin, end),
        cmocka_unit_test_setup_teardown(bytes_behind_an_answer_spoil_no_other, begin, end),
        cmocka_unit_test_setup_teardown(many_may_wait_and_no_more_than_there_is_room_for, begin, end),
        cmocka_unit_test_setup_teardown(rest_forgets_what_waits, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
