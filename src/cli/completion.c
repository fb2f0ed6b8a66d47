/* Each shell's own functions stand here as text; the lists in them come from the tables. */
#include "cli/completion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/option_table.h"
#include "cli/reading.h"
#include "migfs/util/log.h"

/* Of what the view always holds: for shells that cannot ask. */
static const char files_of_view[] = "README summary problems changes _journal.json status.json";

/* An argument that is called so is completed as a path. */
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

static void print_choices(const struct option_row *row) {
    for (size_t i = 0; row->choices[i]; i++) {
        printf("%s%s", i > 0 ? " " : "", row->choices[i]);
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

static const char bash_tail[] =
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
    "        if [[ $current == -* ]]; then\n"
    "            mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$current\")\n"
    "            [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace\n"
    "        elif [[ $command == print && $operands == 1 ]]; then\n"
    "            mapfile -t COMPREPLY < <(compgen -W \"$(migfs print --no-database \"$source\" / 2>/dev/null)\" -- "
    "\"$current\")\n"
    "            [[ ${COMPREPLY[0]-} == */ ]] && compopt -o nospace\n"
    "        else\n"
    "            local words=''\n"
    "            [[ $operands == 0 && -z $command ]] && words=$commands\n"
    "            mapfile -t COMPREPLY < <(compgen -d -W \"$words\" -- \"$current\")\n"
    "            compopt -o filenames 2>/dev/null\n"
    "        fi\n"
    "        ;;\n"
    "    esac\n"
    "}\n"
    "complete -F _migfs migfs\n";

static void print_bash(void) {
    fputs(bash_head, stdout);
    printf("    local commands='");
    print_commands(" ");
    printf("'\n    local options='");
    for (size_t i = 0; i < option_table_count; i++) {
        const struct option_row *row = &option_table[i];
        if (row->name) {
            printf("%s--%s%s", i > 0 ? " " : "", row->name, option_takes_value(row) ? "=" : "");
        } else {
            printf("%s-%c", i > 0 ? " " : "", row->letter);
        }
    }
    printf("'\n%s", bash_middle);
    for (size_t i = 0; i < option_table_count; i++) {
        const struct option_row *row = &option_table[i];
        const char letter[] = {row->letter, '\0'};
        if (!option_takes_value(row)) {
            continue;
        }
        printf("    %s%s) ", row->name ? "--" : "-", row->name ? row->name : letter);
        if (row->choices) {
            printf("mapfile -t COMPREPLY < <(compgen -W '");
            print_choices(row);
            puts("' -- \"$current\") ;;");
        } else {
            puts(is_file(row) ? "mapfile -t COMPREPLY < <(compgen -f -- \"$current\") ;;" : "return ;;");
        }
    }
    fputs(bash_tail, stdout);
}

/* ---- zsh ---- */

/* Within single quotes and brackets. */
static void print_zsh_text(const char *text) {
    for (; *text; text++) {
        printf(*text == '\'' ? "'\\''" : strchr("[]:\\", *text) ? "\\%c" : "%c", *text);
    }
}

static void print_zsh_value(const struct option_row *row) {
    if (row->choices) {
        printf(":%s:(", row->name);
        print_choices(row);
        printf(")");
    } else if (option_takes_value(row)) {
        printf(":");
        print_zsh_text(row->argument);
        printf("%s", is_file(row) ? ":_files" : ": ");
    }
}

static void print_zsh(void) {
    puts("#compdef migfs\n# zsh completion for migfs.\n_arguments -s \\");
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
           "  '2:folder:_files -/' \\\n"
           "  '3:path in the view:(%s)'\n",
           files_of_view);
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
        if (row->choices) {
            printf(" -a '");
            print_choices(row);
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
    log_error("there are completions for bash, zsh and fish, not for \"%s\"", options->word);
    return READING_CANNOT_TELL;
}
