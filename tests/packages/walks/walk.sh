# What the walks share. For bash, to be sourced inside the machine that a walk begins on: an empty Debian 12 with node, npm, PostgreSQL and git,
# and in /walk what one gets from a build of migfs. Each command that a person would type is said and counted.
set -eu
export LC_ALL=C.UTF-8 HOME=/srv GIT_AUTHOR_NAME=me GIT_AUTHOR_EMAIL=me@example.org GIT_COMMITTER_NAME=me GIT_COMMITTER_EMAIL=me@example.org
. /walk/postgres.sh
typed=0

# type COMMAND: as a person types it; its output is shown, too. A status other than 0 ends the walk, as it would end the person's patience.
type() {
    typed=$((typed + 1))
    printf '$ %s\n' "$1"
    eval "$1"
}

# wants WHAT COMMAND…: what the walk relies on; says WHAT if the command fails.
wants() {
    local what=$1
    shift
    "$@" >/dev/null || { echo "WALK: $what"; exit 1; }
}

same() {
    [ "$1" = "$2" ] || { printf 'WALK: %s\n instead of\n%s\n' "$1" "$2"; exit 1; }
}

arrived() {
    echo "# $typed commands, $SECONDS s"
}
