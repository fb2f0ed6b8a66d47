# What is seen at a prompt: help, colours, progress, widths, and what an editor makes of it. Sourced by tests/use/run, whose names it uses.
# shellcheck shell=bash
# shellcheck disable=SC2154

help_fits() {
    local command
    for command in mount check status print explain; do
        migfs help "$command" >"$place/help"
        [ "$(wc -l <"$place/help")" -le 24 ] && ! grep -nE '.{81}' "$place/help"
    done
    migfs --help >"$place/help"
    ! grep -nE '.{81}' "$place/help"
    migfs check --help | cmp - <(migfs help check)
    [ "$(migfs version)" = "$(migfs -V)" ]
}

# Every option of the help is in the manual and in each completion, and the other way round.
same_options() {
    local file
    migfs --help | grep -oE -- '--[a-z-]+' | sort -u >"$place/options"
    [ -s "$place/options" ]
    man -l docs/migfs.1 | col -bx | grep -oE -- '--[a-z-]+' | sort -u | diff "$place/options" -
    for file in bash zsh; do
        grep -oE -- '--[a-z-]+' "$completions/$file" | sort -u | diff "$place/options" -
    done
    grep -oE -- '-l [a-z-]+' "$completions/fish" | sed 's/-l /--/' | sort -u | diff "$place/options" -
    for file in bash zsh fish; do migfs completion "$file" | cmp - "$completions/$file"; done
    exits 2 migfs completion csh 2>/dev/null
}

# As docs/migfs.1 has it: 2 for a wrong command line, 1 for a view that cannot be had.
exit_status_of_a_mount() {
    mkdir -p "$view"
    exits 2 migfs "$folder"
    exits 2 migfs chek "$folder" 2>"$place/said"
    [ "$(cat "$place/said")" = 'migfs: error: there is no command chek; did you mean migfs check?' ]
    exits 2 migfs --no-such "$folder" "$view"
    exits 2 migfs -o no-such "$folder" "$view"
    exits 2 migfs --database=no-such "$folder" "$view"
    exits 2 migfs --database=postgres://host:port/name "$folder" "$view"
    exits 2 migfs "$folder" "$folder/meta"
    exits 1 migfs "$folder" "$place/nowhere"
    exits 1 migfs "$place/nowhere" "$view"
}

manual_is_well_formed() {
    [ -z "$(man --warnings -l docs/migfs.1 2>&1 >/dev/null)" ]
}

# The commands of the manual's EXAMPLES, one after the other.
manual_examples() {
    sed -n '/^\.SH EXAMPLES/,/^\.SH FILES/p' docs/migfs.1 | sed -n '/^\.RS/,/^\.RE/p' | grep -v '^\.' |
        sed 's/\\-/-/g' >"$place/examples"
    [ "$(wc -l <"$place/examples")" -ge 7 ]
    rm -rf "$place/manual" && mkdir "$place/manual" && cp -r tests/fixtures/incident "$place/manual/drizzle"
    cd "$place/manual" || return
    sh -ex "$place/examples" >"$place/output" 2>&1 || [ "$(grep -c '^+ migfs check --severity=error drizzle$' "$place/output")" = 1 ]
    # The check is made to fail a build, so what comes after it is run by itself.
    sh -ec "$(tail -n 1 "$place/examples")"
    migfs check --severity=error drizzle
}

colours_only_for_a_terminal() {
    if migfs check "$folder" | grep -q $'\033'; then return 1; fi
    script -qec "migfs check $folder" /dev/null | grep -q $'\033\[1;31merror'
    [ "$(migfs check -q --color=always --severity=error "$folder" | grep -c $'\033\[1;31merror')" = 3 ]
    if script -qec "migfs check --color=never $folder" /dev/null | grep -q $'\033'; then return 1; fi
    if NO_COLOR=1 script -qec "migfs check $folder" /dev/null | grep -q $'\033'; then return 1; fi
}

# One file is held back, so that the folder takes longer than anybody's patience.
progress_is_for_a_terminal() {
    local file=0009_rename_chart_display_configs_to_configurations.sql
    cp -r tests/fixtures/incident "$place/slow"
    mkfifo "$place/let-go"
    "$(dirname "$program")/tests/use/hold" "$place/slow/$file" <"$place/let-go" >"$place/held" &
    exec 7>"$place/let-go"
    until grep -q holding "$place/held"; do sleep 0.05; done
    migfs check --quiet --severity=note "$place/slow" >"$place/plain" 2>"$place/silent" &
    script -qefc "migfs print '$place/slow' problems >'$place/problems'" /dev/null >"$place/shown" &
    mkdir -p "$view"
    script -qefc "migfs -f --no-database '$place/slow' '$view'" /dev/null >"$place/mounting" &
    until grep -aq 'migfs: reading the folder: [0-9]* of [0-9]* files' "$place/shown" &&
        grep -aq 'migfs: reading the folder: [0-9]* of [0-9]* files' "$place/mounting"; do sleep 0.05; done
    echo >&7
    until findmnt "$view" >/dev/null; do sleep 0.05; done
    unmount_new "$view"
    wait
    [ ! -s "$place/silent" ]
    sed "s,^$place/slow/,," "$place/plain" | cmp - "$place/problems"
    # What is left on the line when all is told: each character overwritten by a blank, and the cursor where it was.
    [ "$(tr '\r' '\n' <"$place/shown" | tail -n 1 | tr -d ' ')" = '' ]
    tr '\r' '\n' <"$place/mounting" | grep -A 1 'reading the folder' | tail -n 1 | grep -qE '^ {40,}$'
}

# The real vim jumps to each file; what is in none, such as a database, is a line without a place. As docs/operating.md has it.
in_the_quickfix_list() {
    rm -rf "$place/edited" && mkdir "$place/edited" && cd "$place/edited" || return
    cp -r "$place/drizzle" 'my folder'
    printf '{\n  "entries": [nonsense]\n}\n' >'my folder/meta/_journal.json'
    cat >jumps.vim <<'END'
cexpr system('migfs check --format=gcc --severity=error --database="host=/nowhere dbname=x user=x" "my folder" ../drizzle')
let found = []
for entry in filter(getqflist(), 'v:val.valid')
    execute 'cc' index(getqflist(), entry) + 1
    call add(found, resolve(expand('%:p')) . ':' . line('.') . ':' . col('.'))
endfor
call writefile(found, 'jumps')
qall!
END
    timeout 60 vim -es -N -u NONE -S jumps.vim
    cat >expected <<END
$PWD/my folder/meta/_journal.json:2:16
$place/drizzle/0019_webauthn_mfa.sql:1:1
$place/drizzle/0020_add_icon_columns.sql:1:1
$place/drizzle/0021_add_dashboard_default.sql:1:1
END
    diff expected jumps
}

# What is to be seen in a terminal of 60 columns, and in no terminal.
as_wide_as_the_terminal() {
    local fresh
    fresh=$(postgres_database wide)
    script -qec "stty cols 60; migfs status --color=never --database='$fresh' $folder" /dev/null | tr -d '\r' >"$place/narrow"
    grep -qx '    in this order: 0000_plain_toad, 0001_superb_magik,' "$place/narrow"
    migfs status --database="$fresh" "$folder" | grep -x '    in this order: 0000_plain_toad, 0001_superb_magik, 0002_stale_madripoor, 0003_misty_sabretooth,'
}
