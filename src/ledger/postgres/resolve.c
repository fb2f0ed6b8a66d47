/* One look-up is one allocation shared by the thread that works and the reader that waits; the last to leave frees it. It knows
 * hosts and addresses, and nothing of databases. */
#include "ledger/postgres/resolve.h"

#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "migfs/util/record.h"

/* The public part comes first, so that a pointer to it is a pointer to this. */
struct shared_lookup {
    struct ledger_lookup lookup;
    struct record record;
    atomic_bool has_ended;
    int descriptor;
    size_t host_count;
    struct {
        struct ledger_address known;
        bool is_name;
    } hosts[];
};

static struct shared_lookup *shared_of(const struct ledger_lookup *lookup) {
    return (struct shared_lookup *)lookup;
}

static void add_address(struct ledger_lookup *lookup, const struct ledger_address *known, const char *address) {
    if (lookup->count < LEDGER_ADDRESS_MAXIMUM) {
        struct ledger_address *added = &lookup->addresses[lookup->count++];
        *added = *known;
        snprintf(added->address, sizeof(added->address), "%s", address);
    }
}

static void look_up(struct ledger_lookup *lookup, const struct ledger_address *known) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    int code = getaddrinfo(known->host, NULL, &hints, &found);
    if (code != 0) {
        error_set(&lookup->error, ERROR_DATABASE,
                  "the host name \"%s\" is not known (%s); correct it, or see whether the network is up", known->host,
                  gai_strerror(code));
        return;
    }
    for (struct addrinfo *info = found; info; info = info->ai_next) {
        char address[sizeof(known->address)];
        if (getnameinfo(info->ai_addr, info->ai_addrlen, address, sizeof(address), NULL, 0, NI_NUMERICHOST) == 0) {
            add_address(lookup, known, address);
        }
    }
    freeaddrinfo(found);
}

static void work(struct shared_lookup *shared) {
    for (size_t i = 0; i < shared->host_count; i++) {
        if (shared->hosts[i].is_name) {
            look_up(&shared->lookup, &shared->hosts[i].known);
        } else {
            add_address(&shared->lookup, &shared->hosts[i].known, shared->hosts[i].known.address);
        }
    }
}

void ledger_lookup_release(struct ledger_lookup *lookup) {
    struct shared_lookup *shared = shared_of(lookup);
    if (shared && record_unref(&shared->record)) {
        if (shared->descriptor >= 0) {
            close(shared->descriptor);
        }
        free(shared);
    }
}

static void *work_on_thread(void *context) {
    struct shared_lookup *shared = context;
    work(shared);
    eventfd_write(shared->descriptor, 1); /* first, since whoever sees the end may close it */
    atomic_store(&shared->has_ended, true);
    ledger_lookup_release(&shared->lookup);
    return NULL;
}

static bool start_thread(struct shared_lookup *shared, struct error *error) {
    pthread_t thread;
    shared->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (shared->descriptor < 0) {
        return error_set_errno(error, "cannot begin to look up a host name");
    }
    record_ref(&shared->record);
    if (pthread_create(&thread, NULL, work_on_thread, shared) != 0) {
        record_unref(&shared->record); /* not the last: the caller holds it */
        return error_set(error, ERROR_SYSTEM, "cannot begin a thread to look up a host name");
    }
    pthread_detach(thread);
    return true;
}

static bool copy_hosts(struct shared_lookup *shared, const struct ledger_target *target) {
    bool needs_thread = false;
    for (size_t i = 0; i < target->host_count; i++) {
        const struct ledger_host *host = &target->hosts[i];
        struct ledger_address *known = &shared->hosts[i].known;
        snprintf(known->host, sizeof(known->host), "%s", host->host);
        snprintf(known->address, sizeof(known->address), "%s", host->address ? host->address : "");
        snprintf(known->port, sizeof(known->port), "%s", host->port);
        shared->hosts[i].is_name = !host->is_local && !host->address;
        needs_thread = needs_thread || shared->hosts[i].is_name;
    }
    shared->host_count = target->host_count;
    return needs_thread;
}

struct ledger_lookup *ledger_lookup_begin(const struct ledger_target *target, struct error *error) {
    struct shared_lookup *shared = calloc(1, sizeof(*shared) + target->host_count * sizeof(shared->hosts[0]));
    if (!shared) {
        error_set_memory(error);
        return NULL;
    }
    record_init(&shared->record);
    shared->descriptor = -1;
    if (!copy_hosts(shared, target)) {
        work(shared);
        atomic_store(&shared->has_ended, true);
    } else if (!start_thread(shared, error)) {
        ledger_lookup_release(&shared->lookup);
        return NULL;
    }
    return &shared->lookup;
}

int ledger_lookup_descriptor(const struct ledger_lookup *lookup) {
    return shared_of(lookup)->descriptor;
}

void ledger_lookup_close_descriptor(struct ledger_lookup *lookup) {
    struct shared_lookup *shared = shared_of(lookup);
    if (shared->descriptor >= 0) {
        close(shared->descriptor);
        shared->descriptor = -1;
    }
}

bool ledger_lookup_has_ended(const struct ledger_lookup *lookup) {
    return atomic_load(&shared_of(lookup)->has_ended);
}
