/* Combines the same settings as libpq when it connects, since resolving names separately requires
 * the hosts in advance. It does not connect and resolves nothing. */
#include "ledger/postgres/target.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledger/postgres/libpq.h"
#include "ledger/postgres/search_path.h"
#include "migfs/ledger/postgres/conninfo.h"

/* From PGOPTIONS, which is removed from the environment so that libpq does not see it. */
static struct {
    char *search_path;
    bool has_others;
} of_environment;

void ledger_target_take_options(void) {
    const char *options = getenv("PGOPTIONS");
    if (options) {
        free(of_environment.search_path);
        of_environment.search_path = search_path_find(options, &of_environment.has_others);
        unsetenv("PGOPTIONS");
    }
}

static void wipe(char *string) {
    if (string) {
        explicit_bzero(string, strlen(string));
        free(string);
    }
}

static void wipe_options(PQconninfoOption *options) {
    for (PQconninfoOption *option = options; option && option->keyword; option++) {
        if (option->val) {
            explicit_bzero(option->val, strlen(option->val));
        }
    }
    PQconninfoFree(options);
}

void ledger_target_wipe(struct ledger_target *target) {
    for (size_t i = 0; i < target->count; i++) {
        free(target->keywords[i]);
        wipe(target->values[i]);
    }
    for (size_t i = 0; i < target->host_count; i++) {
        free(target->hosts[i].host);
        free(target->hosts[i].address);
        free(target->hosts[i].port);
    }
    free(target->keywords);
    free(target->values);
    free(target->hosts);
    free(target->search_path);
    memset(target, 0, sizeof(*target));
}

static char **find_value(const struct ledger_target *target, const char *keyword) {
    for (size_t i = 0; i < target->count; i++) {
        if (strcmp(target->keywords[i], keyword) == 0) {
            return &target->values[i];
        }
    }
    return NULL;
}

/* Returns NULL if there is no such value, or it is empty. */
static const char *value_of(const struct ledger_target *target, const char *keyword) {
    char **value = find_value(target, keyword);
    return value && *value && **value ? *value : NULL;
}

/* fill_defaults() must have added the keywords of libpq. */
static bool set_value(struct ledger_target *target, const char *keyword, const char *value, struct error *error) {
    char **place = find_value(target, keyword);
    char *copy = place ? strdup(value) : NULL;
    if (!place) {
        return error_set(error, ERROR_USAGE, "this libpq does not know the keyword \"%s\"", keyword);
    }
    if (!copy) {
        return error_set_memory(error);
    }
    wipe(*place);
    *place = copy;
    return true;
}

static bool fill(struct ledger_target *target, const PQconninfoOption *defaults, struct error *error) {
    size_t count = 0;
    while (defaults[count].keyword) {
        count++;
    }
    target->keywords = calloc(count + 1, sizeof(*target->keywords));
    target->values = calloc(count + 1, sizeof(*target->values));
    if (!target->keywords || !target->values) {
        return error_set_memory(error);
    }
    for (; target->count < count; target->count++) {
        const PQconninfoOption *option = &defaults[target->count];
        target->keywords[target->count] = strdup(option->keyword);
        target->values[target->count] = strdup(option->val ? option->val : "");
        if (!target->keywords[target->count] || !target->values[target->count]) {
            target->count++;
            return error_set_memory(error);
        }
    }
    return true;
}

/* libpq reads the section of a service only when it connects, or here if the environment names
 * it. */
static bool fill_defaults(struct ledger_target *target, const char *service, struct error *error) {
    const char *before = getenv("PGSERVICE");
    char *saved = before ? strdup(before) : NULL;
    if (service) {
        setenv("PGSERVICE", service, 1);
    }
    PQconninfoOption *defaults = PQconndefaults();
    if (service && saved) {
        setenv("PGSERVICE", saved, 1);
    } else if (service) {
        unsetenv("PGSERVICE");
    }
    free(saved);
    bool is_filled = defaults ? fill(target, defaults, error) : error_set_memory(error);
    wipe_options(defaults);
    return is_filled;
}

/* For a URL without a host, JavaScript clients connect to localhost by TCP, whereas libpq uses a
 * socket. The runner is a JavaScript client, so this does the same. */
static bool use_uri(struct ledger_target *target, const struct conninfo *conninfo, struct error *error) {
    for (size_t i = 0; i < conninfo->count; i++) {
        if (!set_value(target, conninfo->keywords[i], conninfo->values[i], error)) {
            return false;
        }
    }
    if (!value_of(target, "host") && !value_of(target, "hostaddr")) {
        return set_value(target, "host", "localhost", error);
    }
    return true;
}

/* `options` does not work through a pooler in transaction mode, so only the search path is used. As
 * in node-postgres and libpq, it replaces PGOPTIONS. */
static void use_options(struct ledger_target *target, const char *options, char dropped[512]) {
    bool has_others;
    free(target->search_path);
    target->search_path = search_path_find(options, &has_others);
    if (has_others) {
        snprintf(dropped + strlen(dropped), 32, "%soptions", dropped[0] ? ", " : "");
    }
}

static bool parse_uri(const char *uri, struct ledger_target *target, char dropped[512], struct error *error) {
    struct conninfo conninfo;
    if (!conninfo_parse_uri(uri, &conninfo, error)) {
        return false;
    }
    memcpy(dropped, conninfo.dropped, sizeof(conninfo.dropped));
    if (conninfo.options) {
        use_options(target, conninfo.options, dropped);
    }
    if (conninfo.search_path) {
        free(target->search_path);
        target->search_path = conninfo.search_path;
        conninfo.search_path = NULL;
    }
    const char *service = NULL;
    for (size_t i = 0; i < conninfo.count; i++) {
        if (strcmp(conninfo.keywords[i], "service") == 0) {
            service = conninfo.values[i];
        }
    }
    bool is_right = fill_defaults(target, service, error) && use_uri(target, &conninfo, error);
    conninfo_wipe(&conninfo);
    return is_right;
}

static bool use_keywords(struct ledger_target *target, const PQconninfoOption *options, char dropped[512],
                         struct error *error) {
    const char *service = NULL;
    for (const PQconninfoOption *option = options; option->keyword; option++) {
        if (option->val && strcmp(option->keyword, "service") == 0) {
            service = option->val;
        }
    }
    if (!fill_defaults(target, service, error)) {
        return false;
    }
    for (const PQconninfoOption *option = options; option->keyword; option++) {
        if (option->val && strcmp(option->keyword, "options") == 0) {
            use_options(target, option->val, dropped);
        } else if (option->val && strcmp(option->keyword, "replication") == 0) {
            snprintf(dropped + strlen(dropped), 32, "%sreplication", dropped[0] ? ", " : "");
        } else if (option->val && !set_value(target, option->keyword, option->val, error)) {
            return false;
        }
    }
    return true;
}

/* libpq's own message is not used, since it may quote a piece of the password. */
static bool parse_keywords(const char *keywords, struct ledger_target *target, char dropped[512], struct error *error) {
    char *message = NULL;
    PQconninfoOption *options = PQconninfoParse(keywords, &message);
    if (!options) {
        wipe(message);
        return error_set(error, ERROR_USAGE,
                         "it is neither a URL (postgres://user:password@host:port/database) nor keywords that libpq "
                         "knows (host=… dbname=… user=…, values with blanks in single quotes)");
    }
    bool is_right = use_keywords(target, options, dropped, error);
    wipe_options(options);
    return is_right;
}

/* JavaScript clients trust the system's certificate authorities; libpq before 16 trusts none unless
 * a file is given. */
static bool trust_system_authorities(struct ledger_target *target, struct error *error) {
    static const char *const bundles[] = {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                          "/etc/ssl/cert.pem"};
    const char *mode = value_of(target, "sslmode");
    const char *given = value_of(target, "sslrootcert");
    bool is_system = given && strcmp(given, "system") == 0;
    if (!is_system && (given || !mode || strncmp(mode, "verify-", 7) != 0)) {
        return true;
    }
    char own[4096];
    const char *home = getenv("HOME");
    snprintf(own, sizeof(own), "%s/.postgresql/root.crt", home ? home : "");
    if (!is_system && access(own, F_OK) == 0) {
        return true;
    }
    if (is_system && !set_value(target, "sslmode", "verify-full", error)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(bundles) / sizeof(bundles[0]); i++) {
        if (access(bundles[i], R_OK) == 0) {
            return set_value(target, "sslrootcert", bundles[i], error);
        }
    }
    return true;
}

/* Trying GSS encryption by default may wait for a network, and no JavaScript client does so. */
static bool adapt(struct ledger_target *target, bool is_gss_asked_for, struct error *error) {
    return set_value(target, "client_encoding", "UTF8", error) &&
           set_value(target, "fallback_application_name", "migfs", error) &&
           (is_gss_asked_for || !find_value(target, "gssencmode") ||
            set_value(target, "gssencmode", "disable", error)) &&
           trust_system_authorities(target, error);
}

static size_t count_elements(const char *list) {
    size_t count = 1;
    for (; *list != '\0'; list++) {
        count += *list == ',';
    }
    return count;
}

/* Returns element `index` of a comma-separated list, or the last one; malloc'ed. */
static char *copy_element(const char *list, size_t index) {
    for (size_t i = 0; i < index && strchr(list, ','); i++) {
        list = strchr(list, ',') + 1;
    }
    return strndup(list, strcspn(list, ","));
}

static bool is_numeric(const char *host) {
    unsigned char address[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

static bool split_host(struct ledger_host *host, const char *names, const char *addresses, const char *ports,
                       size_t index, struct error *error) {
    host->host = *names ? copy_element(names, index) : strdup("");
    host->address = *addresses ? copy_element(addresses, index) : NULL;
    host->port = copy_element(ports, index);
    if (!host->host || !host->port || (*addresses && !host->address)) {
        return error_set_memory(error);
    }
    if (host->address && host->address[0] == '\0') {
        free(host->address);
        host->address = NULL;
    }
    host->is_local = !host->address && (host->host[0] == '\0' || strchr("/@", host->host[0]));
    if (!host->address && is_numeric(host->host)) {
        host->address = strdup(host->host);
        return host->address || error_set_memory(error);
    }
    return true;
}

static bool split_hosts(struct ledger_target *target, struct error *error) {
    const char *names = *find_value(target, "host"), *addresses = *find_value(target, "hostaddr");
    const char *ports = *find_value(target, "port");
    size_t count = count_elements(*addresses ? addresses : names), port_count = count_elements(ports);
    if ((*addresses && *names && count_elements(names) != count) || (port_count != 1 && port_count != count)) {
        return error_set(error, ERROR_USAGE, "the lists of hosts, addresses and ports are not of the same length");
    }
    target->hosts = calloc(count, sizeof(*target->hosts));
    if (!target->hosts) {
        return error_set_memory(error);
    }
    while (target->host_count < count) {
        size_t index = target->host_count++;
        if (!split_host(&target->hosts[index], names, addresses, ports, index, error)) {
            return false;
        }
    }
    return true;
}

/* Removes the hosts from the keywords: each connection appends its own host. */
static void remove_hosts(struct ledger_target *target) {
    size_t kept = 0;
    for (size_t i = 0; i < target->count; i++) {
        char *keyword = target->keywords[i], *value = target->values[i];
        if (strcmp(keyword, "host") == 0 || strcmp(keyword, "hostaddr") == 0 || strcmp(keyword, "port") == 0) {
            free(keyword);
            wipe(value);
            continue;
        }
        target->keywords[kept] = keyword;
        target->values[kept++] = value;
    }
    target->keywords[kept] = target->values[kept] = NULL;
    target->count = kept;
}

bool ledger_target_parse(const char *conninfo, struct ledger_target *ret_target,
                         void (*dropped)(void *context, const char *names), void *context, struct error *error) {
    if (!libpq_load(error)) {
        return false;
    }
    struct ledger_target target = {.search_path =
                                       of_environment.search_path ? strdup(of_environment.search_path) : NULL};
    char names[sizeof(((struct conninfo *)0)->dropped) + 64] = "";
    bool is_gss_asked_for = strstr(conninfo, "gssencmode") || getenv("PGGSSENCMODE");
    bool is_right = conninfo_is_uri(conninfo) ? parse_uri(conninfo, &target, names, error)
                                              : parse_keywords(conninfo, &target, names, error);
    if (!is_right || !adapt(&target, is_gss_asked_for, error) || !split_hosts(&target, error)) {
        ledger_target_wipe(&target);
        return false;
    }
    remove_hosts(&target);
    if (dropped && of_environment.has_others) {
        snprintf(names + strlen(names), 32, "%sPGOPTIONS", names[0] ? ", " : "");
        of_environment.has_others = false; /* reported once, not for each database */
    }
    if (names[0] != '\0' && dropped) {
        dropped(context, names);
    }
    *ret_target = target;
    return true;
}

bool ledger_target_is_server_of(const struct ledger_target *a, const struct ledger_target *b) {
    bool is_same = a->host_count == b->host_count;
    for (size_t i = 0; is_same && i < a->host_count; i++) {
        const struct ledger_host *one = &a->hosts[i], *other = &b->hosts[i];
        is_same = strcmp(one->host, other->host) == 0 && strcmp(one->port, other->port) == 0 &&
                  strcmp(one->address ? one->address : "", other->address ? other->address : "") == 0;
    }
    return is_same;
}
