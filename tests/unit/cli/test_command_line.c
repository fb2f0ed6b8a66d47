#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command_line.h"
#include "cli/option_table.h"

static struct options options;
static struct error error;
static char words[32][256];
static char *argv[33];

/* Parses these words, each in its own memory, as the system passes them. */
#define PARSE(...) parse((const char *const[]){"migfs", __VA_ARGS__, NULL})
static bool parse(const char *const *given) {
    int argc = 0;
    for (; given[argc]; argc++) {
        snprintf(words[argc], sizeof words[argc], "%s", given[argc]);
        argv[argc] = words[argc];
    }
    argv[argc] = NULL;
    return command_line_parse(&options, argc, argv, &error);
}

static int begin(void **state) {
    return unsetenv("DATABASE_URL");
}

static int end(void **state) {
    option_finish(&options);
    return unsetenv("DATABASE_URL");
}

#define options_test(function) cmocka_unit_test_setup_teardown(function, begin, end)

static void two_words_mount(void **state) {
    assert_true(PARSE("/src", "/mnt"));
    assert_int_equal(options.command, COMMAND_MOUNT);
    assert_string_equal(options.sources[0], "/src");
    assert_string_equal(options.mountpoint, "/mnt");
    assert_string_equal(options.schema, "drizzle");
    assert_string_equal(options.table, "__drizzle_migrations");
    assert_int_equal(options.poll_ms, 2000);
    assert_int_equal(options.timeout_ms, 5000);
    assert_int_equal(options.idx, IDX_PREFIX);
    assert_int_equal(options.stale, STALE_REFUSE);
    assert_int_equal(options.database_count, 0);
    assert_null(options.rules_file);
    assert_false(options.is_foreground);
}

static void check_and_print_are_commands(void **state) {
    assert_true(PARSE("check", "--format=github", "--severity", "warning", "/src"));
    assert_int_equal(options.command, COMMAND_CHECK);
    assert_int_equal(options.format, CHECK_GITHUB);
    assert_int_equal(options.severity, SEVERITY_WARNING);
    option_finish(&options);
    assert_true(PARSE("check", "--severity=error", "--severity=warn", "/src"));
    assert_int_equal(options.severity, SEVERITY_WARNING);
    option_finish(&options);
    assert_true(PARSE("print", "/src", "//status/x"));
    assert_int_equal(options.command, COMMAND_PRINT);
    assert_string_equal(options.path, "status/x");
}

static void the_path_to_print_is_one_of_the_view_however_it_is_written(void **state) {
    static const char *const spellings[][2] = {
        {"/", ""}, {".", ""}, {"./", ""}, {"status/", "status"}, {"./status//", "status"}, {".migfs", ".migfs"}};
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        assert_true(PARSE("print", "/src", spellings[i][0]));
        assert_string_equal(options.path, spellings[i][1]);
        option_finish(&options);
    }
    assert_true(PARSE("/src", "/mnt"));
}

static void a_folder_may_be_named_like_a_command(void **state) {
    assert_true(PARSE("/src", "check"));
    assert_int_equal(options.command, COMMAND_MOUNT);
    option_finish(&options);
    assert_true(PARSE("check", "check"));
    assert_int_equal(options.command, COMMAND_CHECK);
    assert_string_equal(options.sources[0], "check");
}

static void every_long_option_works_behind_o_too(void **state) {
    assert_true(PARSE("-fo",
                      "idx=position,poll=0.5,ro,allow_other,x-systemd.automount,comment=view,"
                      "database=a=host=h\\,h2 port=1,database=b=host=h password=a\\\\b",
                      "--rules", "/r", "/src", "/mnt", "-o", "stale=serve"));
    assert_true(options.is_foreground);
    assert_int_equal(options.idx, IDX_POSITION);
    assert_int_equal(options.stale, STALE_SERVE);
    assert_int_equal(options.poll_ms, 500);
    assert_string_equal(options.rules_file, "/r");
    assert_string_equal(options.databases[0].name, "a");
    assert_string_equal(options.databases[0].conninfo, "host=h,h2 port=1");
    assert_string_equal(options.databases[1].conninfo, "host=h password=a\\b");
    assert_int_equal(options.mount_option_count, 1);
    assert_string_equal(options.mount_options[0], "allow_other");
}

static void what_is_wrong_is_a_usage_error_with_what_to_type(void **state) {
    static const struct {
        const char *words[4], *part;
    } wrong[] = {
        {{"/src"}, "needs a folder to mount on"},
        {{"print"}, "usage: migfs print [SOURCE] PATH"},
        {{NULL}, "usage: migfs SOURCE MOUNTPOINT, or without a mount migfs status, migfs check; see migfs --help"},
        {{"check", "-severity=error"}, "there is no option -severity; did you mean --severity?"},
        {{"chek", "/src"}, "there is no command chek; did you mean migfs check?"},
        {{"prnt", "/src", "x", "y"}, "there is no command prnt; did you mean migfs print?"},
        {{"chek"}, "did you mean migfs check?"},
        {{"zzz", "/src"}, "\"zzz\" is neither a command nor a folder; see migfs --help"},
        {{"umount", "/mnt"}, "fusermount3 -u MOUNTPOINT"},
        {{"--severty=error", "a", "b"}, "there is no option --severty; did you mean --severity?"},
        {{"--fail-on=pending,lost", "a", "b"}, "not \"lost\""},
        {{"/a", "b", "c", "d"}, "\"c\" is one word too many"},
        {{"/", "b", "c"}, "\"c\" is one word too many"},
        {{"--idx=x", "a", "b"}, "--idx is prefix or position, not \"x\""},
        {{"--poll=0", "a", "b"}, "--poll is a number of seconds"},
        {{"--poll=nan", "a", "b"}, "--poll is a number of seconds"},
        {{"--timeout=5s", "a", "b"}, "--timeout is a number of seconds"},
        {{"--connections=0", "a", "b"}, "--connections is a number from 1 to 1000"},
        {{"--nothing=x", "a", "b"}, "there is no option --nothing"},
        {{"-x", "a", "b"}, "there is no option -x;"},
        {{"a", "b", "--idx"}, "--idx needs a value"},
        {{"--no-database=1", "a", "b"}, "--no-database takes no value"},
        {{"-o", "idx", "a", "b"}, "-o idx needs a value"},
        {{"-o", "ro,metrics=0", "a", "b"}, "-o metrics takes no value"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *given[] = {"migfs",           wrong[i].words[0], wrong[i].words[1],
                               wrong[i].words[2], wrong[i].words[3], NULL};
        assert_false(parse(given));
        assert_int_equal(error.code, ERROR_USAGE);
        if (!strstr(error.sentence, wrong[i].part)) {
            fail_msg("\"%s\" is not in \"%s\"", wrong[i].part, error.sentence);
        }
        option_finish(&options);
    }
    assert_true(PARSE("/src", "/mnt"));
}

/* If they were ignored, a CI gate would pass. */
static void what_decides_how_a_command_ends_is_no_option_of_another(void **state) {
    static const struct {
        const char *words[4], *part;
    } wrong[] = {
        {{"status", "--fail-on=pending"}, "--fail-on is an option of migfs check, not of migfs status"},
        {{"fix", "--severity=error"}, "--severity is an option of migfs check, not of migfs fix"},
        {{"check", "--dry-run"}, "--dry-run is an option of migfs fix, not of migfs check"},
        {{"/", "/mnt", "--require-database"}, "--require-database is an option of migfs check, not of a mount"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(parse((const char *const[]){"migfs", wrong[i].words[0], wrong[i].words[1], wrong[i].words[2],
                                                 wrong[i].words[3], NULL}));
        assert_string_equal(error.sentence, wrong[i].part);
        option_finish(&options);
    }
    assert_true(PARSE("print", "--poll=3", "--stale=serve", "-q", "/", "summary"));
}

static void words_in_the_wrong_order_are_put_right(void **state) {
    char folder[] = "/tmp/migfs-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(mkdir("drizzle", 0755), 0);
    assert_int_equal(mkdir("drizzle/meta", 0755), 0);
    assert_false(PARSE("drizle", "view"));
    assert_string_equal(error.sentence, "there is no folder drizle; did you mean drizzle?");
    option_finish(&options);
    assert_false(PARSE("drizzle", "check"));
    assert_string_equal(error.sentence, "the command comes first; did you mean migfs check drizzle?");
    option_finish(&options);
    assert_false(PARSE("print", "problems", "drizzle"));
    assert_string_equal(error.sentence, "the folder comes first; did you mean migfs print drizzle problems?");
    option_finish(&options);
    assert_false(PARSE("explain", "drizzle", "unjournaled"));
    assert_string_equal(error.sentence, "the folder comes last; did you mean migfs explain unjournaled drizzle?");
    option_finish(&options);
    assert_true(PARSE("print", "drizzle", "problems"));
    option_finish(&options);
    assert_true(PARSE("print", "drizle", "problems")); /* reported by `print` itself */
    option_finish(&options);
    assert_int_equal(mkdir("check", 0755), 0);
    assert_true(PARSE("drizzle", "check"));
    assert_int_equal(rmdir("check"), 0);
    assert_int_equal(rmdir("drizzle/meta"), 0);
    assert_int_equal(rmdir("drizzle"), 0);
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void connection_strings_are_taken_out_of_the_command_line(void **state) {
    assert_true(PARSE("--database=a=postgres://u:secret@h/d", "--database", "b=postgres://u:secret@h/e", "-o",
                      "database=c=postgres://u:secret@h/f", "/src", "/mnt"));
    for (char **word = argv; *word; word++) {
        assert_null(strstr(*word, "secret"));
    }
    assert_int_equal(options.database_count, 3);
}

/* Returns whether the writable memory of this process contains the bytes whose complement is given.
 * The bytes themselves as an argument would be found. */
static bool is_in_memory(const unsigned char *complement, size_t length) {
    static unsigned char bytes[1 << 20];
    enum { LARGEST = 1 << 28 }; /* mappings of sanitizers are larger */
    unsigned long from, to;
    char line[512], *end;
    bool is_found = false;
    FILE *maps = fopen("/proc/self/maps", "re");
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    assert_true(maps && memory >= 0);
    while (fgets(line, sizeof line, maps)) {
        from = strtoul(line, &end, 16);
        to = strtoul(end + 1, &end, 16);
        bool is_ours = strncmp(end, " rw", 3) == 0 && to - from <= LARGEST;
        for (; is_ours && from < to; from += sizeof bytes - length) {
            ssize_t got = pread(memory, bytes, to - from < sizeof bytes ? to - from : sizeof bytes, (off_t)from);
            for (ssize_t i = 0; i + (ssize_t)length <= got && !is_found; i++) {
                size_t same = 0;
                while (same < length && bytes[i + (ssize_t)same] == (unsigned char)~complement[same]) {
                    same++;
                }
                is_found = same == length;
            }
        }
    }
    explicit_bzero(bytes, sizeof bytes);
    close(memory);
    fclose(maps);
    return is_found;
}

static void of_a_connection_string_nothing_is_left_in_memory(void **state) {
    static const char *const spellings[] = {"--database=%s", "-odatabase=x=%s", "-opoll=3,database=%s,idx=prefix"};
    unsigned char complement[32];
    char secret[sizeof complement + 1] = "", uri[128];
    for (size_t i = 0; i < sizeof complement; i++) {
        complement[i] = (unsigned char)~('a' + (i * 7 + i / 3) % 26);
    }
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        assert_false(is_in_memory(complement, sizeof complement));
        for (size_t at = 0; at < sizeof complement; at++) {
            secret[at] = (char)~complement[at];
        }
        snprintf(uri, sizeof uri, "postgres://somebody:%s@host/database", secret);
        snprintf(words[0], sizeof words[0], spellings[i], uri);
        explicit_bzero(secret, sizeof secret);
        explicit_bzero(uri, sizeof uri);
        char program[] = "migfs", source[] = "/src", point[] = "/mnt";
        assert_true(command_line_parse(&options, 4, (char *[]){program, words[0], source, point, NULL}, &error));
        assert_true(is_in_memory(complement, sizeof complement));
        option_finish(&options);
    }
    assert_false(is_in_memory(complement, sizeof complement));
    assert_true(PARSE("/src", "/mnt"));
}

static void a_connection_string_in_a_misspelt_option_is_not_repeated(void **state) {
    assert_false(PARSE("--databse=postgres://u:secret@h/d", "/src", "/mnt"));
    assert_null(strstr(error.sentence, "secret"));
}

static void after_two_dashes_all_are_words(void **state) {
    assert_true(PARSE("check", "--", "--odd"));
    assert_string_equal(options.sources[0], "--odd");
}

static void folders_may_be_several_or_left_out(void **state) {
    assert_true(PARSE("check"));
    assert_int_equal(options.source_count, 0);
    option_finish(&options);
    assert_true(PARSE("check", "a", "--json", "b"));
    assert_int_equal(options.source_count, 2);
    assert_string_equal(options.sources[1], "b");
    assert_int_equal(options.format, CHECK_JSON);
    option_finish(&options);
    assert_true(PARSE("print", "summary"));
    assert_int_equal(options.source_count, 0);
    assert_string_equal(options.path, "summary");
    option_finish(&options);
    assert_true(PARSE("explain", "unjournaled", "a"));
    assert_string_equal(options.word, "unjournaled");
    assert_string_equal(options.sources[0], "a");
}

static void a_copy_has_all_and_is_its_own(void **state) {
    static struct options copy;
    assert_true(PARSE("--database=a=host=h", "--rules=/r", "-o", "allow_other", "/src", "/mnt"));
    assert_true(option_copy(&copy, &options, &error));
    assert_true(options_set_source(&copy, "there", &error));
    assert_string_equal(copy.written, "there");
    assert_true(copy.source[0] == '/' && strstr(copy.source, "/there"));
    assert_string_equal(copy.mountpoint, "/mnt");
    assert_string_equal(copy.rules_file, "/r");
    assert_string_equal(copy.databases[0].conninfo, "host=h");
    assert_string_equal(copy.mount_options[0], "allow_other");
    assert_string_equal(copy.table, "__drizzle_migrations");
    assert_ptr_not_equal(copy.table, options.table);
    option_finish(&copy);
    assert_string_equal(options.databases[0].conninfo, "host=h");
}

static void help_and_version_need_nothing_else(void **state) {
    assert_true(PARSE("--help"));
    assert_int_equal(options.command, COMMAND_HELP);
    option_finish(&options);
    assert_true(PARSE("-V"));
    assert_int_equal(options.command, COMMAND_VERSION);
    option_finish(&options);
    assert_true(PARSE("chek", "--help"));
    assert_int_equal(options.command, COMMAND_HELP);
    option_finish(&options);
    assert_true(PARSE("check", "--help"));
    assert_int_equal(options.command, COMMAND_HELP);
    assert_string_equal(options.word, "check");
    option_finish(&options);
    assert_true(PARSE("version"));
    assert_int_equal(options.command, COMMAND_VERSION);
}

/* So no process that parses SQL is started, whatever follows. */
static void the_first_word_shows_that_nothing_is_read(void **state) {
    static const char *const asking[] = {"-h", "--help", "-V", "--version", "help", "version", "completion"};
    static const char *const reading[] = {"check", "print", "explain", "--no-database", "-f", "folder", ""};
    static const char *const following[] = {NULL, "check", "explain", "folder", "--no-database", "-h", "-V"};
    for (size_t i = 0; i < sizeof asking / sizeof *asking; i++) {
        for (size_t j = 0; j < sizeof following / sizeof *following; j++) {
            bool is_parsed = PARSE(asking[i], following[j]);
            assert_false(command_line_reads(2, argv));
            assert_true(!is_parsed || options.command == COMMAND_HELP || options.command == COMMAND_VERSION ||
                        options.command == COMMAND_COMPLETION);
            option_finish(&options);
        }
    }
    for (size_t i = 0; i < sizeof reading / sizeof *reading; i++) {
        PARSE(reading[i], "--help");
        assert_true(command_line_reads(2, argv));
        option_finish(&options);
    }
    assert_true(command_line_reads(1, argv));
    PARSE("version");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        options_test(two_words_mount),
        options_test(check_and_print_are_commands),
        options_test(the_path_to_print_is_one_of_the_view_however_it_is_written),
        options_test(a_folder_may_be_named_like_a_command),
        options_test(every_long_option_works_behind_o_too),
        options_test(what_is_wrong_is_a_usage_error_with_what_to_type),
        options_test(what_decides_how_a_command_ends_is_no_option_of_another),
        options_test(words_in_the_wrong_order_are_put_right),
        options_test(connection_strings_are_taken_out_of_the_command_line),
        options_test(of_a_connection_string_nothing_is_left_in_memory),
        options_test(a_connection_string_in_a_misspelt_option_is_not_repeated),
        options_test(after_two_dashes_all_are_words),
        options_test(folders_may_be_several_or_left_out),
        options_test(a_copy_has_all_and_is_its_own),
        options_test(help_and_version_need_nothing_else),
        options_test(the_first_word_shows_that_nothing_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
