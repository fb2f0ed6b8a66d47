/* Parses connection URIs as the JavaScript clients do: by the WHATWG URL rules, and with
 * node-postgres' tolerance for invalid percent signs. Knows the names of libpq's keywords but not
 * the meaning of their values, and never connects. */
#include "migfs/ledger/postgres/conninfo.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "migfs/util/text.h"

/* The keywords of libpq 15, without those that only the reader may set: `options` and `replication`
 * do not work through a pooler, and the encoding is always UTF-8. */
static const char *const known_keywords[] = {"service",
                                             "user",
                                             "password",
                                             "passfile",
                                             "channel_binding",
                                             "connect_timeout",
                                             "dbname",
                                             "host",
                                             "hostaddr",
                                             "port",
                                             "application_name",
                                             "keepalives",
                                             "keepalives_idle",
                                             "keepalives_interval",
                                             "keepalives_count",
                                             "tcp_user_timeout",
                                             "sslmode",
                                             "sslcompression",
                                             "sslcert",
                                             "sslkey",
                                             "sslpassword",
                                             "sslrootcert",
                                             "sslcrl",
                                             "sslcrldir",
                                             "sslsni",
                                             "requirepeer",
                                             "ssl_min_protocol_version",
                                             "ssl_max_protocol_version",
                                             "gssencmode",
                                             "krbsrvname",
                                             "gsslib",
                                             "target_session_attrs"};

static const char *const schemes[] = {"postgres", "postgresql", "pg", "pgsql", "tcp", "socket"};

/* A reserved character that ends the host too early leaves the rest of the password where a port, a
 * database or a parameter is expected, and from there it would appear in messages. */
#define ADVICE "a `/`, `?` or `#` in a password must be written %%2F, %%3F or %%23"

struct parse {
    struct conninfo *conninfo;
    struct error *error;
    struct text ssl;       /* value of the parameter `ssl`; used if there is no `sslmode` */
    bool is_decimal_only;  /* see find_percent_rule */
    bool is_socket_scheme; /* socket:/directory?db=name */
    /* a parameter was a password: the rest of one with an unescaped `&` looks like a parameter
     * name */
    bool is_past_password;
};

enum part {
    PART_COMPONENT, /* decodeURIComponent */
    PART_DATABASE,  /* decodeURI: keeps escapes of reserved characters */
    PART_PARAMETER, /* URLSearchParams: `+` is a blank */
};

static void wipe(char *string) {
    if (string) {
        explicit_bzero(string, strlen(string));
        free(string);
    }
}

void conninfo_wipe(struct conninfo *conninfo) {
    for (size_t i = 0; i < conninfo->count; i++) {
        free(conninfo->keywords[i]);
        wipe(conninfo->values[i]);
    }
    wipe(conninfo->options);
    wipe(conninfo->search_path);
    memset(conninfo, 0, sizeof(*conninfo));
}

static size_t scheme_length(const char *uri) {
    size_t length = 0;
    while (isalnum((unsigned char)uri[length]) || (length > 0 && uri[length] != '\0' && strchr("+-.", uri[length]))) {
        length++;
    }
    return length;
}

bool conninfo_is_uri(const char *string) {
    string += strspn(string, " \t\r\n");
    size_t length = scheme_length(string);
    return length > 0 && (strncmp(string + length, "://", 3) == 0 ||
                          (strncasecmp(string, "socket", length) == 0 && strncmp(string + length, ":/", 2) == 0));
}

/* Cleans up like a URL parser: removes blanks and control characters at both ends, and tabs and
 * line breaks everywhere. */
static char *copy_cleaned(const char *uri) {
    char *copy = calloc(strlen(uri) + 1, 1);
    if (!copy) {
        return NULL;
    }
    while (*uri != '\0' && (unsigned char)*uri <= ' ') {
        uri++;
    }
    size_t length = 0;
    for (; *uri != '\0'; uri++) {
        if (*uri != '\t' && *uri != '\r' && *uri != '\n') {
            copy[length++] = *uri;
        }
    }
    while (length > 0 && (unsigned char)copy[length - 1] <= ' ') {
        copy[--length] = '\0';
    }
    return copy;
}

/* node-postgres: after one blank or one invalid percent sign it encodes the whole URI again, and
 * then only escapes of two decimal digits are decoded. */
static bool find_percent_rule(const char *uri) {
    for (; *uri != '\0'; uri++) {
        if (*uri == ' ') {
            return true;
        }
        if (*uri == '%' && uri[1] != '\0' &&
            (!isxdigit((unsigned char)uri[1]) || (uri[2] != '\0' && !isxdigit((unsigned char)uri[2])))) {
            return true;
        }
    }
    return false;
}

static bool is_escape(const struct parse *parse, struct text raw, size_t at) {
    if (raw.bytes[at] != '%' || raw.length - at < 3) {
        return false;
    }
    int (*is_digit)(int) = parse->is_decimal_only ? isdigit : isxdigit;
    return is_digit((unsigned char)raw.bytes[at + 1]) && is_digit((unsigned char)raw.bytes[at + 2]);
}

/* Returns a malloc'ed string, or NULL with the error set. */
static char *decode(const struct parse *parse, struct text raw, enum part part) {
    char *decoded = malloc(raw.length + 1);
    if (!decoded) {
        error_set_memory(parse->error);
        return NULL;
    }
    size_t length = 0;
    for (size_t i = 0; i < raw.length; i++) {
        char byte = raw.bytes[i];
        if (is_escape(parse, raw, i)) {
            char escaped = (char)(text_hex_digit(raw.bytes[i + 1]) * 16 + text_hex_digit(raw.bytes[i + 2]));
            if (escaped == '\0') {
                decoded[length] = '\0';
                wipe(decoded);
                error_set(parse->error, ERROR_USAGE,
                          "the URL contains %%00, which no connection parameter may contain");
                return NULL;
            }
            if (part != PART_DATABASE || !strchr(";/?:@&=+$,#", escaped)) {
                byte = escaped;
                i += 2;
            }
        } else if (part == PART_PARAMETER && byte == '+') {
            byte = ' ';
        }
        decoded[length++] = byte;
    }
    decoded[length] = '\0';
    return decoded;
}

/* Takes ownership of `value`; if it is NULL, the error is already set. A later value replaces an
 * earlier one. */
static bool set_value(struct parse *parse, const char *keyword, char *value) {
    struct conninfo *conninfo = parse->conninfo;
    if (!value) {
        return false;
    }
    for (size_t i = 0; i < conninfo->count; i++) {
        if (strcmp(conninfo->keywords[i], keyword) == 0) {
            wipe(conninfo->values[i]);
            conninfo->values[i] = value;
            return true;
        }
    }
    char *name = strdup(keyword);
    if (!name) {
        wipe(value);
        return error_set_memory(parse->error);
    }
    conninfo->keywords[conninfo->count] = name;
    conninfo->values[conninfo->count++] = value;
    return true;
}

static bool set_decoded(struct parse *parse, const char *keyword, struct text raw, enum part part) {
    return raw.length == 0 || set_value(parse, keyword, decode(parse, raw, part));
}

static bool has_keyword(const struct conninfo *conninfo, const char *keyword) {
    for (size_t i = 0; i < conninfo->count; i++) {
        if (strcmp(conninfo->keywords[i], keyword) == 0) {
            return true;
        }
    }
    return false;
}

/* Cuts *rest at the first of `stops` and returns the text before it; the stop itself is dropped. */
static struct text cut(struct text *rest, const char *stops) {
    size_t length = 0;
    while (length < rest->length && !strchr(stops, rest->bytes[length])) {
        length++;
    }
    struct text before = text_slice(*rest, 0, length);
    *rest = text_slice(*rest, length + 1, rest->length);
    return before;
}

static bool parse_userinfo(struct parse *parse, struct text userinfo) {
    struct text user = cut(&userinfo, ":");
    return set_decoded(parse, "user", user, PART_COMPONENT) && set_decoded(parse, "password", userinfo, PART_COMPONENT);
}

static bool check_port(const struct parse *parse, struct text port) {
    int64_t number;
    if (port.length == 0 || (text_to_int64(port, &number) && number > 0 && number <= 65535)) {
        return true;
    }
    return error_set(parse->error, ERROR_USAGE, "the port in the URL is not a number from 1 to 65535; " ADVICE);
}

/* `host:port` or `[address]:port`. */
static bool split_host(const struct parse *parse, struct text element, struct text *ret_host, struct text *ret_port) {
    struct text host = element, port = TEXT("");
    size_t end;
    if (text_starts(element, "[")) {
        if (!text_find(element, "]", &end) || (end + 1 < element.length && element.bytes[end + 1] != ':')) {
            return error_set(parse->error, ERROR_USAGE, "the URL has a `[` without its `]`; " ADVICE);
        }
        host = text_slice(element, 1, end);
        port = text_slice(element, end + 2, element.length);
    } else if (text_find(element, ":", &end)) {
        host = text_slice(element, 0, end);
        port = text_slice(element, end + 1, element.length);
    }
    *ret_host = host;
    *ret_port = port;
    return check_port(parse, port);
}

/* Several hosts are written `a:1,b:2`; libpq needs host=a,b port=1,2. */
static bool parse_hosts(struct parse *parse, struct text hosts) {
    char *host_list = calloc(1, hosts.length + 1), *port_list = calloc(1, hosts.length + 1);
    if (!host_list || !port_list) {
        free(host_list);
        free(port_list);
        return error_set_memory(parse->error);
    }
    bool is_right = true, has_port = false;
    char *host_end = host_list, *port_end = port_list;
    while (is_right && hosts.length > 0) {
        bool is_last = !text_find(hosts, ",", &(size_t){0});
        struct text host = TEXT(""), port = TEXT("");
        is_right = split_host(parse, cut(&hosts, ","), &host, &port);
        if (is_right) {
            host_end = stpncpy(host_end, host.bytes, host.length);
            port_end = stpncpy(port_end, port.bytes, port.length);
            has_port = has_port || port.length > 0;
        }
        if (is_right && !is_last) {
            *host_end++ = ',';
            *port_end++ = ',';
        }
    }
    is_right = is_right && set_decoded(parse, "host", text_of(host_list), PART_COMPONENT) &&
               (!has_port || set_decoded(parse, "port", text_of(port_list), PART_COMPONENT));
    free(host_list);
    free(port_list);
    return is_right;
}

static bool parse_authority(struct parse *parse, struct text authority, struct text rest) {
    size_t at = authority.length;
    while (at > 0 && authority.bytes[at - 1] != '@') {
        at--;
    }
    /* The text before the `@` would be shown as the host name, but is more likely a piece of the
     * password. */
    struct text before_value = cut(&rest, "=");
    if (text_find(before_value, "@", &(size_t){0})) {
        return error_set(parse->error, ERROR_USAGE, "the URL has an `@` after its host; " ADVICE "%s",
                         at > 0 ? " (a database with an `@` in its name goes behind ?dbname=)" : "");
    }
    if (at == 0) {
        return parse_hosts(parse, authority);
    }
    return parse_userinfo(parse, text_slice(authority, 0, at - 1)) &&
           parse_hosts(parse, text_slice(authority, at, authority.length));
}

/* A name that is not a plain word may be a piece of a password, so it is not repeated. */
static void add_dropped(struct conninfo *conninfo, const char *name, bool is_doubtful) {
    bool is_word = !is_doubtful &&
                   strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == strlen(name);
    const char *shown = is_word && strlen(name) <= 40 ? name : "(an odd name)";
    size_t length = strlen(conninfo->dropped);
    if (length + strlen(shown) + 3 > sizeof(conninfo->dropped)) {
        return;
    }
    if (length > 0) {
        memcpy(conninfo->dropped + length, ", ", 2);
        length += 2;
    }
    memcpy(conninfo->dropped + length, shown, strlen(shown) + 1);
}

/* Maps the values that JavaScript clients accept for `ssl` and `sslmode` to libpq's. */
static const char *sslmode_of(const char *value) {
    static const char *const off[] = {"disable", "false", "0", "no", "off"};
    static const char *const kept[] = {"allow", "prefer", "verify-ca", "verify-full"};
    for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++) {
        if (strcasecmp(value, off[i]) == 0) {
            return "disable";
        }
    }
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        if (strcmp(value, kept[i]) == 0) {
            return kept[i];
        }
    }
    return "require";
}

static bool set_sslmode(struct parse *parse, struct text raw) {
    char *value = decode(parse, raw, PART_PARAMETER);
    if (!value) {
        return false;
    }
    char *mode = strdup(sslmode_of(value));
    free(value);
    return mode ? set_value(parse, "sslmode", mode) : error_set_memory(parse->error);
}

static bool is_known(const char *name) {
    for (size_t i = 0; i < sizeof(known_keywords) / sizeof(known_keywords[0]); i++) {
        if (strcmp(name, known_keywords[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool conninfo_is_keyword(const char *word) {
    static const char *const others[] = {
        "options",       "replication",        "client_encoding", "fallback_application_name",
        "gssdelegation", "load_balance_hosts", "require_auth",    "sslcertmode"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (strcmp(word, others[i]) == 0) {
            return true;
        }
    }
    return is_known(word);
}

/* Keeps a value that is never sent to a server. */
static bool keep(struct parse *parse, char **place, struct text value) {
    wipe(*place);
    *place = decode(parse, value, PART_PARAMETER);
    return *place != NULL;
}

static bool use_parameter(struct parse *parse, const char *name, struct text value) {
    if (strcmp(name, "client_encoding") == 0 || strcmp(name, "encoding") == 0) {
        return true;
    }
    if (strcmp(name, "ssl") == 0) {
        parse->ssl = value;
        return true;
    }
    if (strcmp(name, "db") == 0 && parse->is_socket_scheme) {
        name = "dbname";
    }
    if (strcmp(name, "options") == 0 || strcmp(name, "search_path") == 0) {
        return keep(parse, name[0] == 'o' ? &parse->conninfo->options : &parse->conninfo->search_path, value);
    }
    if (!is_known(name) || (strcmp(name, "dbname") == 0 && has_keyword(parse->conninfo, "dbname"))) {
        add_dropped(parse->conninfo, name, parse->is_past_password || value.length == 0);
        return true;
    }
    parse->is_past_password = parse->is_past_password || strstr(name, "password");
    if (strcmp(name, "sslmode") == 0 && value.length > 0) {
        return set_sslmode(parse, value);
    }
    return set_decoded(parse, name, value, PART_PARAMETER);
}

static bool parse_parameters(struct parse *parse, struct text query) {
    while (query.length > 0) {
        struct text value = cut(&query, "&");
        struct text raw_name = cut(&value, "=");
        if (raw_name.length == 0) {
            continue;
        }
        char *name = decode(parse, raw_name, PART_PARAMETER);
        bool is_right = name && use_parameter(parse, name, value);
        wipe(name);
        if (!is_right) {
            return false;
        }
    }
    return parse->ssl.length == 0 || has_keyword(parse->conninfo, "sslmode") || set_sslmode(parse, parse->ssl);
}

static bool parse_scheme(struct parse *parse, struct text *rest) {
    size_t length = scheme_length(rest->bytes);
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        if (length == strlen(schemes[i]) && strncasecmp(rest->bytes, schemes[i], length) == 0) {
            parse->is_socket_scheme = strcmp(schemes[i], "socket") == 0;
            *rest = text_slice(*rest, length + 1, rest->length);
            return true;
        }
    }
    return error_set(parse->error, ERROR_USAGE, "the URL does not begin with postgres:// or postgresql://");
}

static bool parse_cleaned(struct parse *parse, const char *uri) {
    struct text rest = text_of(uri);
    if (!parse_scheme(parse, &rest)) {
        return false;
    }
    if (text_starts(rest, "//")) {
        rest = text_slice(rest, 2, rest.length);
        size_t end = strcspn(rest.bytes, "/?#");
        struct text authority = text_slice(rest, 0, end);
        rest = text_slice(rest, end, rest.length);
        if (!parse_authority(parse, authority, rest)) {
            return false;
        }
    }
    rest = cut(&rest, "#");
    struct text path = cut(&rest, "?");
    bool is_right = parse->is_socket_scheme
                        ? set_decoded(parse, "host", path, PART_DATABASE)
                        : set_decoded(parse, "dbname", text_slice(path, 1, path.length), PART_DATABASE);
    return is_right && parse_parameters(parse, rest);
}

bool conninfo_parse_uri(const char *uri, struct conninfo *ret_conninfo, struct error *error) {
    struct conninfo conninfo = {0};
    struct parse parse = {.conninfo = &conninfo, .error = error};
    char *cleaned = copy_cleaned(uri);
    if (!cleaned) {
        return error_set_memory(error);
    }
    parse.is_decimal_only = find_percent_rule(uri);
    bool is_right = parse_cleaned(&parse, cleaned);
    wipe(cleaned);
    if (!is_right) {
        conninfo_wipe(&conninfo);
        return false;
    }
    *ret_conninfo = conninfo;
    return true;
}
