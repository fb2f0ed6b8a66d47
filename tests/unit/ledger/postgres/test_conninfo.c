#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "migfs/ledger/postgres/conninfo.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *value_of(const struct conninfo *conninfo, const char *keyword) {
    for (size_t i = 0; i < conninfo->count; i++) {
        if (strcmp(conninfo->keywords[i], keyword) == 0) {
            return conninfo->values[i];
        }
    }
    return "";
}

static struct conninfo parse(const char *uri) {
    struct conninfo conninfo;
    struct error error = {0};
    if (!conninfo_parse_uri(uri, &conninfo, &error)) {
        fail_msg("%s: %s", uri, error.sentence);
    }
    assert_null(conninfo.keywords[conninfo.count]);
    assert_null(conninfo.values[conninfo.count]);
    return conninfo;
}

static void assert_value(const char *uri, const char *keyword, const char *expected) {
    struct conninfo conninfo = parse(uri);
    if (strcmp(value_of(&conninfo, keyword), expected) != 0) {
        fail_msg("%s: %s is %s, not %s", uri, keyword, value_of(&conninfo, keyword), expected);
    }
    conninfo_wipe(&conninfo);
}

static void assert_dropped(const char *uri, const char *expected) {
    struct conninfo conninfo = parse(uri);
    assert_string_equal(conninfo.dropped, expected);
    conninfo_wipe(&conninfo);
}

static void assert_refused(const char *uri, const char *part_of_sentence) {
    struct conninfo conninfo = {.count = 77};
    struct error error = {0};
    if (conninfo_parse_uri(uri, &conninfo, &error)) {
        fail_msg("%s was accepted", uri);
    }
    assert_int_equal(error.code, ERROR_USAGE);
    assert_int_equal(conninfo.count, 77);
    assert_non_null(strstr(error.sentence, part_of_sentence));
    assert_null(strstr(error.sentence, "secret"));
}

static void a_uri_is_told_from_keywords(void **state) {
    assert_true(conninfo_is_uri("postgres://u@h/db"));
    assert_true(conninfo_is_uri(" \nPostgreSQL://u@h/db"));
    assert_true(conninfo_is_uri("mysql://u@h/db"));
    assert_true(conninfo_is_uri("socket:/run?db=x"));
    assert_false(conninfo_is_uri("host=/run dbname=x"));
    assert_false(conninfo_is_uri("password=a://b"));
    assert_false(conninfo_is_uri("host =x"));
    assert_false(conninfo_is_uri(""));
}

/* The expected values were printed by node-postgres' own parser. */
static void uris_mean_what_node_postgres_takes_them_for(void **state) {
    static const struct {
        const char *uri, *user, *password, *host, *port, *database;
    } cases[] = {
        {"postgres://u:p@h/db", "u", "p", "h", "", "db"},
        {"POSTGRES://u:p@h:5433/db", "u", "p", "h", "5433", "db"},
        {"postgres://u:p@ss@h/db", "u", "p@ss", "h", "", "db"},
        {"postgres://u:a:b@h/db", "u", "a:b", "h", "", "db"},
        {"postgres://u:p%40x@h/db", "u", "p@x", "h", "", "db"},
        {"postgres://u:p%x@h/db", "u", "p%x", "h", "", "db"},
        {"postgres://u:p%zz%2Fy%40@h/db", "u", "p%zz%2Fy@", "h", "", "db"},
        {"postgres://u:100%@h/db", "u", "100%", "h", "", "db"},
        {"postgres://u:p%25@h/db", "u", "p%", "h", "", "db"},
        {"postgres://u:p%25 x@h/db", "u", "p% x", "h", "", "db"},
        {"postgres://u:p x%2F%41@h/db", "u", "p x%2FA", "h", "", "db"},
        {"postgres://u:p+q@h/db", "u", "p+q", "h", "", "db"},
        {"postgres://u:p\\x^\"<>`{}|@h/db", "u", "p\\x^\"<>`{}|", "h", "", "db"},
        {"postgres://u:%C3%A4\xc3\xa4@h/db", "u", "\xc3\xa4\xc3\xa4", "h", "", "db"},
        {"postgres://u@h", "u", "", "h", "", ""},
        {"postgres://h/", "", "", "h", "", ""},
        {"postgres://:p@h/db", "", "p", "h", "", "db"},
        {"postgres://u:p@/db", "u", "p", "", "", "db"},
        {"postgres:///db", "", "", "", "", "db"},
        {"postgres://", "", "", "", "", ""},
        {"postgres://u:p@[::1]:5433/db", "u", "p", "::1", "5433", "db"},
        {"postgres://u:p@h:/db", "u", "p", "h", "", "db"},
        {"postgres://u@%2Fvar%2Frun:5433/db", "u", "", "/var/run", "5433", "db"},
        {"postgres:///db?host=/var/run&user=bob", "bob", "", "/var/run", "", "db"},
        {"postgres://u:p@h:1/db?host=%2Frun&port=77&user=bob&password=x+y", "bob", "x y", "/run", "77", "db"},
        {"postgres://u:p@h/db?host=&user=&password=", "u", "p", "h", "", "db"},
        {"postgres://u:p@h/db?dbname=other", "u", "p", "h", "", "db"},
        {"postgres://u:p@h/d%20b%2Fc", "u", "p", "h", "", "d b%2Fc"},
        {"postgres://u:p@h/a/b/", "u", "p", "h", "", "a/b/"},
        {"postgres://u:p@h/db#fragment?user=bob", "u", "p", "h", "", "db"},
        {" postgres://u:p\tx@h/db\r\n", "u", "px", "h", "", "db"},
        {"socket://u:p@/var/run/?db=shop&encoding=utf8", "u", "p", "/var/run/", "", "shop"},
        {"socket:/var/run?db=shop", "", "", "/var/run", "", "shop"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_value(cases[i].uri, "user", cases[i].user);
        assert_value(cases[i].uri, "password", cases[i].password);
        assert_value(cases[i].uri, "host", cases[i].host);
        assert_value(cases[i].uri, "port", cases[i].port);
        assert_value(cases[i].uri, "dbname", cases[i].database);
    }
}

static void a_database_may_be_named_by_a_parameter_as_libpq_has_it(void **state) {
    assert_value("postgres://u:p@h?dbname=shop", "dbname", "shop");
}

static void several_hosts_keep_their_ports(void **state) {
    assert_value("postgres://u:p@h1:5432,h2:5433/db", "host", "h1,h2");
    assert_value("postgres://u:p@h1:5432,h2:5433/db", "port", "5432,5433");
    assert_value("postgres://u:p@h1,[::1]:5433,h3/db", "host", "h1,::1,h3");
    assert_value("postgres://u:p@h1,[::1]:5433,h3/db", "port", ",5433,");
    assert_value("postgres://u:p@h1,h2/db", "port", "");
}

static void ssl_is_said_in_the_words_of_libpq(void **state) {
    assert_value("postgres://h/db", "sslmode", "");
    assert_value("postgres://h/db?sslmode=no-verify", "sslmode", "require");
    assert_value("postgres://h/db?sslmode=verify-full&ssl=0", "sslmode", "verify-full");
    assert_value("postgres://h/db?ssl=true&sslmode=prefer", "sslmode", "prefer");
    assert_value("postgres://h/db?sslmode=disable", "sslmode", "disable");
    assert_value("postgres://h/db?ssl=true", "sslmode", "require");
    assert_value("postgres://h/db?ssl=1", "sslmode", "require");
    assert_value("postgres://h/db?ssl=require", "sslmode", "require");
    assert_value("postgres://h/db?ssl=verify-full", "sslmode", "verify-full");
    assert_value("postgres://h/db?ssl=0", "sslmode", "disable");
    assert_value("postgres://h/db?ssl=false", "sslmode", "disable");
    assert_value("postgres://h/db?ssl=", "sslmode", "");
    assert_value("postgres://h/db?sslrootcert=%2Fetc%2Fca.pem", "sslrootcert", "/etc/ca.pem");
    assert_value("postgres://h/db?channel_binding=require", "channel_binding", "require");
}

static void parameters_of_other_libraries_are_dropped_and_named(void **state) {
    assert_dropped("postgres://h/db?sslmode=require&application_name=x&connect_timeout=3", "");
    assert_dropped("postgres://h/db?schema=public&pgbouncer=true&connection_limit=1",
                   "schema, pgbouncer, connection_limit");
    assert_dropped("postgres://h/db?uselibpqcompat=true&options=-c%20x&replication=1", "uselibpqcompat, replication");
    assert_dropped("postgres://h/db?client_encoding=latin1", "");
    assert_value("postgres://h/db?application_name=a+b%20c", "application_name", "a b c");
}

static void an_odd_parameter_name_is_not_repeated(void **state) {
    assert_dropped("postgres://u@h/db?a=1&secret@h/db=1", "a, (an odd name)");
    assert_dropped("postgres://u@h/db?password=half&secret=1", "(an odd name)");
    assert_dropped("postgres://u@h/db?secret", "(an odd name)");
    assert_dropped("postgres://u@h/db?a%1b[31m%0a=1", "(an odd name)");
    assert_dropped("postgres://u@h/db?a2345678901234567890123456789012345678_0=1",
                   "a2345678901234567890123456789012345678_0");
    assert_dropped("postgres://u@h/db?a2345678901234567890123456789012345678_01=1", "(an odd name)");
}

static void a_long_list_of_dropped_names_is_cut_between_names(void **state) {
    char uri[4096] = "postgres://h/db?";
    for (int i = 0; i < 100; i++) {
        strcat(uri, "parameter_of_some_library=1&");
    }
    struct conninfo conninfo = parse(uri);
    size_t length = strlen(conninfo.dropped);
    assert_true(length < sizeof(conninfo.dropped) && length > 400);
    assert_string_equal(conninfo.dropped + length - 7, "library");
    conninfo_wipe(&conninfo);
}

static void the_last_of_two_values_counts(void **state) {
    assert_value("postgres://h/db?sslmode=require&sslmode=disable", "sslmode", "disable");
}

static void what_cannot_be_understood_is_refused_without_repeating_it(void **state) {
    assert_refused("mysql://u:secret@h/db", "does not begin with postgres://");
    assert_refused("postgres://u:secret#x@h/db", "`#`");
    assert_refused("postgres://u:12#secret@h/db", "`#`");
    assert_refused("postgres://u:12/secret@h/db", "%2F");
    assert_refused("postgres://u:12?secret@h/db", "%3F");
    assert_refused("postgres://u:p@ss/secret@h/db", "%2F");
    assert_refused("postgres://u:p@secret?x@h/db", "?dbname=");
    assert_refused("postgres://u:p@secret#x@h/db", "%23");
    assert_refused("postgres://u:secret@h:99999/db", "port");
    assert_refused("postgres://u:secret@h:0/db", "port");
    assert_refused("postgres://u:secret@h1,h2:x/db", "port");
    assert_refused("postgres://u:secret@[::1/db", "`[`");
    assert_refused("postgres://u:secret@[::1]x/db", "`[`");
    assert_refused("postgres://u:secret%00@h/db", "%00");
}

static void an_at_sign_in_a_value_is_unmatched_password(void **state) {
    assert_value("postgres://h/db?user=bob@tenant", "user", "bob@tenant");
    assert_value("postgres://u:p@h/db?user=bob@tenant", "user", "bob@tenant");
    assert_value("postgres://u:p@h?dbname=db@x", "dbname", "db@x");
}

static void wiping_leaves_an_empty_conninfo(void **state) {
    struct conninfo conninfo = parse("postgres://u:p@h/db?schema=x");
    conninfo_wipe(&conninfo);
    assert_int_equal(conninfo.count, 0);
    assert_null(conninfo.values[0]);
    assert_string_equal(conninfo.dropped, "");
    conninfo_wipe(&conninfo);
}

static void options_and_search_path_are_kept_aside(void **state) {
    struct conninfo conninfo = parse("postgres://h/db?options=-csearch_path%3Da&search_path=b%2Cc");
    assert_string_equal(conninfo.options, "-csearch_path=a");
    assert_string_equal(conninfo.search_path, "b,c");
    assert_string_equal(conninfo.dropped, "");
    for (size_t i = 0; i < conninfo.count; i++) {
        assert_null(strstr(conninfo.keywords[i], "search"));
    }
    conninfo_wipe(&conninfo);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_uri_is_told_from_keywords),
        cmocka_unit_test(uris_mean_what_node_postgres_takes_them_for),
        cmocka_unit_test(a_database_may_be_named_by_a_parameter_as_libpq_has_it),
        cmocka_unit_test(several_hosts_keep_their_ports),
        cmocka_unit_test(ssl_is_said_in_the_words_of_libpq),
        cmocka_unit_test(parameters_of_other_libraries_are_dropped_and_named),
        cmocka_unit_test(options_and_search_path_are_kept_aside),
        cmocka_unit_test(an_odd_parameter_name_is_not_repeated),
        cmocka_unit_test(a_long_list_of_dropped_names_is_cut_between_names),
        cmocka_unit_test(the_last_of_two_values_counts),
        cmocka_unit_test(what_cannot_be_understood_is_refused_without_repeating_it),
        cmocka_unit_test(an_at_sign_in_a_value_is_unmatched_password),
        cmocka_unit_test(wiping_leaves_an_empty_conninfo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
