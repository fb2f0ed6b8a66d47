#include "folder.h"

#include <pthread.h>

#include "cli/environment.h"
#include "cli/options_database.h"

static struct options options;
static struct error error;

static int begin(void **state) {
    unsetenv("DATABASE_URL");
    options.environment = environment_create();
    return folder_create(state);
}

static int end(void **state) {
    options_finish_databases(&options);
    environment_destroy(options.environment);
    memset(&options, 0, sizeof options);
    unsetenv("DATABASE_URL");
    return folder_destroy(state);
}

#define database_test(function) cmocka_unit_test_setup_teardown(function, begin, end)

static void assert_database(const char *value, const char *name, const char *conninfo) {
    size_t at = options.database_count;
    assert_true(options_add_database(&options, value, &error));
    assert_string_equal(options.databases[at].name, name);
    assert_string_equal(options.databases[at].conninfo, conninfo);
    options_finish_databases(&options);
}

static void a_name_stands_before_the_first_equals_sign(void **state) {
    assert_database("staging=postgres://h/d", "staging", "postgres://h/d");
    assert_database("a-b_9=host=h dbname=d", "a-b_9", "host=h dbname=d");
    assert_database("postgres://h/d?a=b", "default", "postgres://h/d?a=b");
    assert_database("postgresql:///d", "default", "postgresql:///d");
    assert_database("host=h dbname=d", "default", "host=h dbname=d");
    assert_database("host = h", "default", "host = h");
    assert_database("service=x", "default", "service=x");
    assert_database("x=host=h", "x", "host=h");
}

static void two_of_one_name_are_too_many(void **state) {
    assert_true(options_add_database(&options, "host=a", &error));
    assert_false(options_add_database(&options, "postgres://u:secret@b", &error));
    assert_non_null(strstr(error.sentence, "two databases are named default"));
    assert_null(strstr(error.sentence, "secret"));
}

static void an_empty_string_or_too_long_a_name_is_none(void **state) {
    char value[100];
    memset(value, 'a', 64);
    strcpy(value + 64, "=host=h");
    assert_false(options_add_database(&options, value, &error));
    assert_non_null(strstr(error.sentence, "at most 63 characters"));
    assert_false(options_add_database(&options, "x=", &error));
    assert_non_null(strstr(error.sentence, "is empty"));
}

static void a_file_holds_a_connection_string_and_perhaps_a_line_break(void **state) {
    struct folder *folder = *state;
    char value[200];
    put(folder, "secret", "\n postgres://u:p@h/d \n");
    chmod(in_folder(folder, "secret"), 0600);
    snprintf(value, sizeof value, "prod=%s", in_folder(folder, "secret"));
    assert_true(options_add_database_file(&options, value, &error));
    assert_string_equal(options.databases[0].name, "prod");
    assert_string_equal(options.databases[0].conninfo, "postgres://u:p@h/d");
}

static void a_file_that_everybody_can_read_is_refused(void **state) {
    struct folder *folder = *state;
    char expected[1024];
    const char *path = in_folder(folder, "secret");
    put(folder, "secret", "postgres://u:p@h/d");
    snprintf(expected, sizeof expected,
             "--database-file %s can be read by everybody on this machine, and so can the password in it: chmod o-r %s "
             "(a secret of Kubernetes: defaultMode: 0400; of Docker Swarm: mode: 0400)",
             path, path);
    static const mode_t open_to_all[] = {0644, 0444, 0604};
    for (size_t i = 0; i < sizeof open_to_all / sizeof *open_to_all; i++) {
        chmod(path, open_to_all[i]);
        assert_false(options_add_database_file(&options, path, &error));
        assert_int_equal(error.code, ERROR_USAGE);
        assert_string_equal(error.sentence, expected);
        assert_int_equal(options.database_count, 0);
    }
    static const mode_t private[] = {0640, 0600, 0440, 0400};
    for (size_t i = 0; i < sizeof private / sizeof *private; i++) {
        chmod(path, private[i]);
        assert_true(options_add_database_file(&options, path, &error));
        options_finish_databases(&options);
    }
}

/* Links themselves have mode 0777; a Kubernetes secret is two links. */
static void of_a_link_the_mode_of_what_it_leads_to_counts(void **state) {
    struct folder *folder = *state;
    put_directory(folder, "..data");
    put(folder, "..data/url", "host=h");
    put_link(folder, "url", "..data/url");
    chmod(in_folder(folder, "..data/url"), 0400);
    assert_true(options_add_database_file(&options, in_folder(folder, "url"), &error));
    options_finish_databases(&options);
    chmod(in_folder(folder, "..data/url"), 0444);
    assert_false(options_add_database_file(&options, in_folder(folder, "url"), &error));
}

static void *write_later(void *context) {
    FILE *stream = fopen(context, "we"); /* blocks until someone reads */
    fputs("host=", stream);
    fflush(stream);
    sched_yield();
    fputs("h\n", stream);
    fclose(stream);
    return NULL;
}

static void a_pipe_is_waited_for_whatever_its_mode(void **state) {
    struct folder *folder = *state;
    pthread_t writer;
    char path[256];
    snprintf(path, sizeof path, "%s", in_folder(folder, "pipe"));
    assert_int_equal(mkfifo(path, 0644), 0);
    assert_int_equal(pthread_create(&writer, NULL, write_later, path), 0);
    assert_true(options_add_database_file(&options, path, &error));
    assert_string_equal(options.databases[0].conninfo, "host=h");
    pthread_join(writer, NULL);
}

static void a_file_that_is_empty_too_large_or_not_there_is_an_error(void **state) {
    struct folder *folder = *state;
    put(folder, "empty", " \n");
    chmod(in_folder(folder, "empty"), 0600);
    assert_false(options_add_database_file(&options, in_folder(folder, "empty"), &error));
    assert_non_null(strstr(error.sentence, "is empty"));
    put_sparse(folder, "large", 1 << 20);
    chmod(in_folder(folder, "large"), 0600);
    assert_false(options_add_database_file(&options, in_folder(folder, "large"), &error));
    assert_non_null(strstr(error.sentence, "is not a file with a connection string"));
    assert_false(options_add_database_file(&options, in_folder(folder, "nowhere"), &error));
    assert_non_null(strstr(error.sentence, "No such file"));
    assert_false(options_add_database_file(&options, folder->path, &error));
}

static void the_environment_names_one_where_no_other_is(void **state) {
    setenv("DATABASE_URL", "postgres://env/d", 1);
    assert_true(options_add_environment(&options, &error));
    assert_string_equal(options.databases[0].name, "default");
    assert_string_equal(options.databases[0].conninfo, "postgres://env/d");
    options_finish_databases(&options);

    assert_true(options_add_database(&options, "a=host=h", &error));
    assert_true(options_add_environment(&options, &error));
    assert_int_equal(options.database_count, 1);
    options_finish_databases(&options);

    options.no_database = true;
    assert_true(options_add_environment(&options, &error));
    assert_int_equal(options.database_count, 0);
    assert_true(options_add_database(&options, "a=host=h", &error));
    assert_false(options_add_environment(&options, &error));
}

static void no_environment_names_none(void **state) {
    assert_true(options_add_environment(&options, &error));
    assert_int_equal(options.database_count, 0);
}

/* An empty secret must not make a CI gate pass. */
static void a_blank_environment_is_an_error_unless_a_database_is_named_or_none_is_wanted(void **state) {
    setenv("DATABASE_URL", " \n", 1);
    assert_false(options_add_environment(&options, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_non_null(strstr(error.sentence, "DATABASE_URL is empty"));
    options.no_database = true;
    assert_true(options_add_environment(&options, &error));
    options.no_database = false;
    assert_true(options_add_database(&options, "a=host=h", &error));
    assert_true(options_add_environment(&options, &error));
    assert_int_equal(options.database_count, 1);
}

static void a_file_of_the_environment_is_read_where_it_is_given(void **state) {
    struct folder *folder = *state;
    put(folder, "env", "DATABASE_URL=\"postgres://file/d\" # local\n");
    options.env_file = (char *)in_folder(folder, "env");
    assert_true(options_add_environment(&options, &error));
    assert_string_equal(options.databases[0].conninfo, "postgres://file/d");
    options.env_file = NULL;
}

static void what_is_put_in_place_of_a_connection_string_is_named_and_not_repeated(void **state) {
    static const char *const wrong[][2] = {{"\"postgres://u:secret@h/d\"", "begins with a quotation mark"},
                                           {"'secret'", "begins with a quotation mark"},
                                           {"SECRET_URL", "is the name of a variable"},
                                           {"$SECRET_URL", "is the name of a variable"},
                                           {"a=${SECRET_URL}", "is the name of a variable"},
                                           {"a= ", "is empty"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(options_add_database(&options, wrong[i][0], &error));
        assert_int_equal(error.code, ERROR_USAGE);
        assert_non_null(strstr(error.sentence, wrong[i][1]));
        assert_null(strcasestr(error.sentence, "secret"));
    }
}

static void each_file_of_a_folder_is_a_database(void **state) {
    struct folder *folder = *state;
    put_directory(folder, "dir");
    put_directory(folder, "dir/below");
    put(folder, "dir/tenant-b.url", "host=b");
    put(folder, "dir/tenant-a", "host=a\n");
    put(folder, "dir/.hidden", "host=c");
    chmod(in_folder(folder, "dir/tenant-a"), 0600);
    chmod(in_folder(folder, "dir/tenant-b.url"), 0600);
    assert_true(options_add_database_dir(&options, in_folder(folder, "dir"), &error));
    assert_int_equal(options.database_count, 2);
    assert_string_equal(options.databases[0].name, "tenant-a");
    assert_string_equal(options.databases[0].conninfo, "host=a");
    assert_string_equal(options.databases[1].name, "tenant-b");
    options_finish_databases(&options);
    assert_false(options_add_database_dir(&options, in_folder(folder, "dir/below"), &error));
    assert_non_null(strstr(error.sentence, "holds no file"));
    put(folder, "dir/tenant c", "host=c");
    assert_false(options_add_database_dir(&options, in_folder(folder, "dir"), &error));
    assert_non_null(strstr(error.sentence, "letters, digits"));
}

static void in_a_project_file_a_variable_stands_for_what_holds_a_password(void **state) {
    setenv("APP_URL", "postgres://u:secret@h/d", 1);
    assert_true(options_add_database_of_project(&options, "app=$APP_URL", &error));
    assert_string_equal(options.databases[0].name, "app");
    assert_string_equal(options.databases[0].conninfo, "postgres://u:secret@h/d");
    assert_null(strstr(getenv("APP_URL"), "secret"));
    assert_true(options_add_database_of_project(&options, "again=${APP_URL}", &error));
    assert_string_equal(options.databases[1].conninfo, "postgres://u:secret@h/d");
    assert_false(options_add_database_of_project(&options, "b=$NO_SUCH_URL", &error));
    assert_non_null(strstr(error.sentence, "NO_SUCH_URL"));
    assert_false(options_add_database_of_project(&options, "b=postgres://u:secret@h/d", &error));
    assert_null(strstr(error.sentence, "secret"));
    assert_false(options_add_database_of_project(&options, "b=host=h password=secret", &error));
    assert_true(options_add_database_of_project(&options, "b=postgres://u@h/d", &error));
    unsetenv("APP_URL");
}

static void assert_ledger(size_t at, const char *conninfo, const char *schema, const char *table) {
    assert_string_equal(options.databases[at].conninfo, conninfo);
    assert_string_equal(options.databases[at].schema ? options.databases[at].schema : "-", schema);
    assert_string_equal(options.databases[at].table ? options.databases[at].table : "-", table);
}

static void a_database_may_have_a_ledger_of_its_own(void **state) {
    struct folder *folder = *state;
    setenv("ONE_URL", "postgres://u:p@h/d?sslmode=require", 1);
    setenv("TWO_URL", "host=h dbname=d", 1);
    put_directory(folder, "dir");
    put(folder, "dir/from-file", "postgres://h/d?ledger=c.t\n");
    chmod(in_folder(folder, "dir/from-file"), 0600);
    assert_true(options_add_database(&options, "a=postgres://h/d?ledger=a.t", &error));
    assert_true(options_add_database(&options, "b=postgres://h/d?ledger=b.t", &error));
    assert_true(options_add_database(&options, "k=host=h ledger=t", &error));
    assert_true(options_add_database(&options, "ledger=postgres://h/d", &error));
    assert_true(options_add_database_dir(&options, in_folder(folder, "dir"), &error));
    assert_true(options_add_database_of_project(&options, "p=$ONE_URL?ledger=p.t", &error));
    assert_true(options_add_database_of_project(&options, "q=${ONE_URL}?ledger=q.t", &error));
    assert_true(options_add_database_of_project(&options, "r=$TWO_URL?ledger=r.t", &error));
    assert_ledger(0, "postgres://h/d", "a", "t");
    assert_ledger(1, "postgres://h/d", "b", "t");
    assert_ledger(2, "host=h", "-", "t");
    assert_ledger(3, "postgres://h/d", "-", "-");
    assert_ledger(4, "postgres://h/d", "c", "t");
    assert_ledger(5, "postgres://u:p@h/d?sslmode=require", "p", "t");
    assert_ledger(6, "postgres://u:p@h/d?sslmode=require", "q", "t");
    assert_ledger(7, "host=h dbname=d", "r", "t");
    assert_non_null(strstr(options.places[0], "\"d\" at h:5432, ledger a.t"));
    assert_string_equal(options.places[3], "\"d\" at h:5432");
    static struct options copy;
    assert_true(options_copy_databases(&copy, &options, &error));
    assert_string_equal(copy.databases[0].schema, "a");
    assert_string_equal(copy.places[0], options.places[0]);
    options_finish_databases(&copy);
    unsetenv("ONE_URL");
    unsetenv("TWO_URL");
}

static void a_ledger_that_is_none_is_an_error_that_says_how(void **state) {
    setenv("ONE_URL", "postgres://u:secret@h/d", 1);
    assert_false(options_add_database(&options, "a=postgres://u:secret@h/d?ledger=a.b.c", &error));
    assert_string_equal(error.sentence, "the connection string of database a: `ledger` is SCHEMA.TABLE or TABLE; a "
                                        "name with a dot in it goes in double quotes");
    assert_false(options_add_database_of_project(&options, "a=$ONE_URL&x=y", &error));
    assert_non_null(strstr(error.sentence, "only ?ledger=SCHEMA.TABLE may stand"));
    assert_int_equal(options.database_count, 0);
    unsetenv("ONE_URL");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        database_test(a_name_stands_before_the_first_equals_sign),
        database_test(two_of_one_name_are_too_many),
        database_test(an_empty_string_or_too_long_a_name_is_none),
        database_test(a_file_holds_a_connection_string_and_perhaps_a_line_break),
        database_test(a_file_that_everybody_can_read_is_refused),
        database_test(of_a_link_the_mode_of_what_it_leads_to_counts),
        database_test(a_pipe_is_waited_for_whatever_its_mode),
        database_test(a_file_that_is_empty_too_large_or_not_there_is_an_error),
        database_test(the_environment_names_one_where_no_other_is),
        database_test(no_environment_names_none),
        database_test(a_blank_environment_is_an_error_unless_a_database_is_named_or_none_is_wanted),
        database_test(a_file_of_the_environment_is_read_where_it_is_given),
        database_test(what_is_put_in_place_of_a_connection_string_is_named_and_not_repeated),
        database_test(each_file_of_a_folder_is_a_database),
        database_test(a_database_may_have_a_ledger_of_its_own),
        database_test(a_ledger_that_is_none_is_an_error_that_says_how),
        database_test(in_a_project_file_a_variable_stands_for_what_holds_a_password),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
