/* A thread for each connection, so that each lie takes its own time. */
#include "liar.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { QUESTION_MAXIMUM = 1 << 16 };

static const struct conversation *the_conversation;
static const struct lie *the_lies;
static int listening;

static bool receive(int client, void *bytes, size_t length) {
    return length == 0 || recv(client, bytes, length, MSG_WAITALL) == (ssize_t)length;
}

static bool receive_length(int client, uint32_t *ret_length) {
    unsigned char bytes[4];
    if (!receive(client, bytes, sizeof bytes)) {
        return false;
    }
    *ret_length = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    return *ret_length >= 4 && *ret_length < QUESTION_MAXIMUM;
}

/* The lie of the database that the client names, or NULL at the client's end. */
static const struct lie *log_in(int client) {
    char bytes[QUESTION_MAXIMUM];
    uint32_t length;
    if (!receive_length(client, &length) || !receive(client, bytes, length - 4)) {
        return NULL;
    }
    const char *name = memmem(bytes, length - 4, "database\0lie", 12);
    return name ? &the_lies[atoi(name + 12)] : NULL;
}

static bool says(const char *question, size_t length, const char *words) {
    return memmem(question, length, words, strlen(words));
}

static enum phase phase_of(const char *question, size_t length) {
    bool asks_for_rows = says(question, length, "\"t\" LIMIT ");
    if (strncmp(question, "BEGIN ISOLATION LEVEL REPEATABLE READ", 37) == 0) {
        return says(question, length, "row_security_active") ? COLUMNS : asks_for_rows ? PLAIN_ROWS : PLAIN_COLUMNS;
    }
    return says(question, length, "AS (SELECT unnest(") ? NAMED : LARGE;
}

/* Returns 'Q' for a question, 'p' for a password, 0 at the end. */
static char hear(int client, enum phase *ret_phase) {
    char letter, bytes[QUESTION_MAXIMUM];
    uint32_t length;
    if (!receive(client, &letter, 1) || letter == 'X' || !receive_length(client, &length) ||
        !receive(client, bytes, length - 4)) {
        return 0;
    }
    *ret_phase = phase_of(bytes, length - 4);
    return letter;
}

/* Sends as long as the client takes it; to somebody who reads nothing, not for ever. */
static bool say(int client, const void *bytes, size_t length) {
    return send(client, bytes, length, MSG_NOSIGNAL) == (ssize_t)length;
}

static void flood(int client, const struct said *said) {
    unsigned char many[256 * sizeof said->flood];
    size_t length = 0;
    while (length + said->flood_length <= sizeof many) {
        memcpy(many + length, said->flood, said->flood_length);
        length += said->flood_length;
    }
    while (say(client, many, length)) {
    }
}

/* Returns whether the conversation goes on. */
static bool speak(int client, const struct lie *lie, enum phase phase) {
    static const struct linger at_once = {1, 0};
    struct said said;
    char ignored[4096];
    conversation_say(the_conversation, lie, phase, &said);
    bool is_said = say(client, said.bytes, said.length);
    free(said.bytes); /* before what may go on until the test ends */
    if (is_said && said.flood_length > 0) {
        flood(client, &said);
    }
    if (said.ending == FALLS_SILENT) {
        while (recv(client, ignored, sizeof ignored, 0) > 0) {
        }
    } else if (said.ending == RESETS) {
        setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    return is_said && said.ending == GOES_ON && said.flood_length == 0;
}

static void *serve(void *context) {
    int client = (int)(intptr_t)context;
    const struct lie *lie = log_in(client);
    enum phase phase;
    if (lie && speak(client, lie, GREETING)) {
        for (char letter; (letter = hear(client, &phase));) {
            if (letter == 'Q' && !((phase != NAMED || speak(client, lie, NAMED_HEAD)) && speak(client, lie, phase))) {
                break;
            }
        }
    }
    close(client);
    return NULL;
}

static void *listen_for_ever(void *context) {
    (void)context;
    for (;;) {
        pthread_t thread;
        int client = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
        if (client >= 0 && pthread_create(&thread, NULL, serve, (void *)(intptr_t)client) == 0) {
            pthread_detach(thread);
        }
    }
    return NULL;
}

void liar_start(const char *folder, const struct conversation *conversation, const struct lie *lies) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    pthread_t thread;
    the_conversation = conversation;
    the_lies = lies;
    snprintf(address.sun_path, sizeof address.sun_path, "%s/.s.PGSQL.5432", folder);
    listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listening, (struct sockaddr *)&address, sizeof address) < 0 || listen(listening, 4096) < 0 ||
        pthread_create(&thread, NULL, listen_for_ever, NULL) != 0) {
        perror("the liar cannot listen");
        exit(1);
    }
    pthread_detach(thread);
}
