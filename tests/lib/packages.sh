# Installs Debian packages that are not there yet. For bash, to be sourced. It says one line when it has work to do and
# nothing when it has none, so that a second run costs nothing and needs no network.

packages_build="gcc libc6-dev cmake ninja-build pkg-config libfuse3-dev fuse3 libpq-dev libseccomp-dev libssl-dev libcjson-dev libpg-query-dev"
packages_runner="postgresql util-linux ca-certificates node=nodejs npm=npm"
packages_checks="ccache clang libclang-rt-dev llvm clang-format clang-tidy libcmocka-dev pgbouncer shellcheck git strace acl openssl fio"

# packages_need PACKAGE…: sees to it that they are installed. COMMAND=PACKAGE asks for the package only where the command is
# not found, for programs that people often have from elsewhere.
packages_need() {
    local wanted missing=() as_root=()
    for wanted in "$@"; do
        case $wanted in
        *=*) command -v "${wanted%%=*}" >/dev/null || missing+=("${wanted#*=}") ;;
        *) packages_has "$wanted" || missing+=("$wanted") ;;
        esac
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "these are missing, and there is no apt-get to install them: ${missing[*]}" >&2
        return 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "these are missing, and only root can install them: ${missing[*]}" >&2
            return 1
        fi
        as_root=(sudo)
    fi
    echo "Installing with apt: ${missing[*]}"
    # One after another: suites run side by side, and apt-get gives up when another one is at work.
    {
        flock 9
        packages_update "${as_root[@]}" && packages_amount "${missing[@]}" &&
            packages_quietly "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
                apt-get -qy install --no-install-recommends "${missing[@]}"
    } 9<"${BASH_SOURCE[0]}"
}

# packages_update COMMAND…: has apt know what there is, once for all that this process starts; COMMAND is what makes one root.
packages_update() {
    [ -z "${MIGFS_PACKAGES_UPDATED:-}" ] || return 0
    packages_quietly "$@" apt-get -q update && export MIGFS_PACKAGES_UPDATED=yes
}

# packages_amount PACKAGE…: says how much installing them is, with all that they need, as apt reckons it.
packages_amount() {
    LC_ALL=C apt-get install --assume-no --no-install-recommends "$@" 2>/dev/null | sed -n '
        s/^.* upgraded, \([0-9]*\) newly installed.*/  packages: \1/p
        s/^Need to get \(.*\) of archives\.$/  to fetch: \1/p
        s/^After this operation, \(.*\) of additional disk space will be used\.$/  on disk:  \1/p'
}

packages_has() {
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Runs a command and shows what it said only where it fails.
packages_quietly() {
    local output
    output=$("$@" 2>&1) || {
        printf '%s\n' "$output" >&2
        return 1
    }
}
