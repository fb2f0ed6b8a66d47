/* The shell functions are text in this file; the lists in them come from the tables. */
#include "cli/completion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/option_table.h"
#include "cli/reading.h"
#include "migfs/report/problem.h"
#include "migfs/util/log.h"

/* Returns whether the argument, by its name, is completed as a path. */
static bool is_file(const struct option_row *row) {
    return row->argument && (text_ends(text_of(row->argument), "FILE") || text_ends(text_of(row->argument), "DIR"));
}

static void print_commands(const char *between) {
    const char *before = "";
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (command_table[i].name) {
            printf("%s%s", before, command_table[i].name);
            before = between;
        }
    }
}

static void print_codes(void) {
    for (size_t i = 0; i < PROBLEM_KIND_COUNT; i++) {
        printf("%s%s", i > 0 ? " " : "", problem_codes[i].code);
    }
}

static bool has_words(const struct option_row *row) {
    return row->choices || (row->argument && text_starts(text_of(row->argument), "STATE"));
}

/* Prints the values that it accepts, also as parts of a list. */
static void print_words(const struct option_row *row) {
    for (size_t i = 0; row->choices && row->choices[i]; i++) {
        printf("%s%s", i > 0 ? " " : "", row->choices[i]);
    }
    for (size_t i = 0; !row->choices && i < STATE_COUNT; i++) {
        printf("%s%s", i > 0 ? " " : "", state_name((enum state)i));
    }
}

/* ---- bash ---- */

static const char bash_head[] =
    "# bash completion for migfs: options, their values, commands, folders, and for `print` the files of the view.\n"
    "_migfs() {\n"
    "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} word command='' operands=0 "
    "source=''\n";

static const char bash_middle[] = "    COMPREPLY=()\n"
                                  "    [[ $current == = ]] && current=''\n"
                                  "    [[ $previous == = ]] && previous=${COMP_WORDS[COMP_CWORD - 2]}\n"
                                  "    case $previous in\n";

static const char bash_words[] =
    "    *)\n"
    "        for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
    "            case $word in\n"
    "            -* | =) ;;\n"
    "            *)\n"
    "                if [[ $operands == 0 && -z $command && \" $commands \" == *\" $word \"* ]]; then\n"
    "                    command=$word\n"
    "                else\n"
    "                    operands=$((operands + 1))\n"
    "                    [[ $operands == 1 ]] && source=$word\n"
    "                fi\n"
    "                ;;\n"
    "            esac\n"
    "        done\n"
    "        case $command in\n";

static const char bash_tail[] =
    "        esac\n"
    "        if [[ $current == -* ]]; then\n"
    "            mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$current\")\n"
    "            [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace\n"
    "            return\n"
    "        fi\n"
    "        local words=''\n"
    "        case $command:$operands in\n"
    "        :0 | help:0) words=$commands ;;\n"
    "        explain:0) words=$codes ;;\n"
    "        completion:0) words='bash zsh fish' ;;\n"
    "        print:0) words=$(migfs print --no-database / 2>/dev/null) ;;\n"
    "        print:1) words=$(migfs print --no-database \"$source\" / 2>/dev/null) ;;\n"
    "        esac\n"
    "        case $command:$operands in\n"
    "        help:* | completion:* | print:1) mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\") ;;\n"
    "        *)\n"
    "            mapfile -t COMPREPLY < <(compgen -d -W \"$words\" -- \"$current\")\n"
    "            compopt -o filenames 2>/dev/null\n"
    "            ;;\n"
    "        esac\n"
    "        [[ ${COMPREPLY[0]-} == */ ]] && compopt -o nospace\n"
    "        ;;\n"
    "    esac\n"
    "}\n"
    "complete -F _migfs migfs\n";

/* Prints the options of one command, or of all. */
static void print_bash_options(enum command_kind kind) {
    const char *before = "";
    for (size_t i = 0; i < option_table_count; i++) {
        const struct option_row *row = &option_table[i];
        const char letter[] = {row->letter, '\0'};
        if (kind == COMMAND_COUNT || (row->commands >> kind & 1U)) {
            printf("%s%s%s%s", before, row->name ? "--" : "-", row->name ? row->name : letter,
                   row->name && option_takes_value(row) ? "=" : "");
            before = " ";
        }
    }
}

static void print_bash_value(const struct option_row *row) {
    const char letter[] = {row->letter, '\0'};
    printf("    %s%s) ", row->name ? "--" : "-", row->name ? row->name : letter);
    if (has_words(row)) {
        printf("mapfile -t COMPREPLY < <(compgen -W '");
        print_words(row);
        puts("' -- \"$current\") ;;");
    } else {
        puts(is_file(row) ? "mapfile -t COMPREPLY < <(compgen -f -- \"$current\") ;;" : "return ;;");
    }
}

static void print_bash(void) {
    fputs(bash_head, stdout);
    printf("    local commands='");
    print_commands(" ");
    printf("'\n    local codes='");
    print_codes();
    printf("'\n    local options='");
    print_bash_options(COMMAND_COUNT);
    printf("'\n%s", bash_middle);
    for (size_t i = 0; i < option_table_count; i++) {
        if (option_takes_value(&option_table[i])) {
            print_bash_value(&option_table[i]);
        }
    }
    fputs(bash_words, stdout);
    for (size_t kind = 0; kind < COMMAND_COUNT; kind++) {
        if (command_table[kind].name) {
            printf("        %s) options='", command_table[kind].name);
            print_bash_options((enum command_kind)kind);
            puts("' ;;");
        }
    }
    fputs(bash_tail, stdout);
}

/* ---- zsh ---- */

/* Escapes text for single quotes and brackets. */
static void print_zsh_text(const char *text) {
    for (; *text; text++) {
        printf(*text == '\'' ? "'\\''" : strchr("[]:\\", *text) ? "\\%c" : "%c", *text);
    }
}

static void print_zsh_value(const struct option_row *row) {
    if (has_words(row)) {
        printf(":%s:(", row->name);
        print_words(row);
        printf(")");
    } else if (option_takes_value(row)) {
        printf(":");
        print_zsh_text(row->argument);
        printf("%s", is_file(row) ? ":_files" : ": ");
    }
}

static void print_zsh(void) {
    puts("#compdef migfs\n# zsh completion for migfs.\nlocal state line\n_arguments -C -s \\");
    for (size_t i = 0; i < option_table_count; i++) {
        const struct option_row *row = &option_table[i];
        if (row->name && row->letter) {
            printf("  '(-%c --%s)'{-%c,--%s}'[", row->letter, row->name, row->letter, row->name);
        } else if (row->name) {
            printf("  '%s--%s%s[", row->kind == OPTION_CALL ? "*" : "", row->name, option_takes_value(row) ? "=" : "");
        } else {
            printf("  '%s-%c[", row->kind == OPTION_CALL ? "*" : "", row->letter);
        }
        print_zsh_text(row->help);
        printf("]");
        print_zsh_value(row);
        puts("' \\");
    }
    printf("  '1:source or command:_alternative \"commands:command:(");
    print_commands(" ");
    printf(")\" \"folders:source:_files -/\"' \\\n"
           "  '2: :->second' \\\n"
           "  '3: :->third' \\\n"
           "  '*:folder:_files -/'\n"
           "case $state:$line[1] in\n"
           "second:explain) compadd ");
    print_codes();
    printf(" ;;\nsecond:help) compadd ");
    print_commands(" ");
    printf(" ;;\n"
           "second:completion) compadd bash zsh fish ;;\n"
           "second:print) compadd -- ${(f)\"$(migfs print --no-database / 2>/dev/null)\"}; _files -/ ;;\n"
           "third:print) compadd -- ${(f)\"$(migfs print --no-database \"$line[2]\" / 2>/dev/null)\"} ;;\n"
           "second:* | third:*) _files -/ ;;\n"
           "esac\n");
}

/* ---- fish ---- */

static void print_fish_text(const char *text) {
    putchar('\'');
    for (; *text; text++) {
        printf(strchr("'\\", *text) ? "\\%c" : "%c", *text);
    }
    putchar('\'');
}

static void print_fish(void) {
    puts("# fish completion for migfs.");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (command_table[i].name) {
            printf("complete -c migfs -n __fish_use_subcommand -a %s -d ", command_table[i].name);
            print_fish_text(command_table[i].help);
            putchar('\n');
        }
    }
    static const char after[] = "complete -c migfs -n '__fish_seen_subcommand_from %s' -a '";
    printf(after, "explain");
    print_codes();
    puts("'");
    printf(after, "help");
    print_commands(" ");
    puts("'");
    printf(after, "completion");
    puts("bash zsh fish'");
    printf(after, "print");
    puts("(migfs print --no-database / 2>/dev/null)'");
    for (size_t i = 0; i < option_table_count; i++) {
        const struct option_row *row = &option_table[i];
        printf("complete -c migfs");
        if (row->letter) {
            printf(" -s %c", row->letter);
        }
        if (row->name) {
            printf(" -l %s", row->name);
        }
        if (option_takes_value(row)) {
            printf(is_file(row) ? " -r" : " -x");
        }
        if (has_words(row)) {
            printf(" -a '");
            print_words(row);
            printf("'");
        }
        printf(" -d ");
        print_fish_text(row->help);
        putchar('\n');
    }
}

int completion_run(struct options *options) {
    static const struct {
        const char *name;
        void (*print)(void);
    } shells[] = {{"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        if (strcmp(options->word, shells[i].name) == 0) {
            shells[i].print();
            return reading_is_written() ? EXIT_SUCCESS : READING_CANNOT_TELL;
        }
    }
    log_error("completions exist for bash, zsh and fish, not for \"%s\"", options->word);
    return READING_CANNOT_TELL;
}
