# The real Drizzle packages, kept outside the sources. For bash, to be sourced, in the repository's root. Needs node and npm.

# node_project FOLDER [NPM-OPTION…]: makes FOLDER hold tests/runner's migrate.mjs beside node_modules as its lock file has them.
# node_project_v1 FOLDER: the same for drizzle v1, as tests/v1 has it. Either asks the network for nothing when FOLDER holds them already. Several may call it for one folder at the same time.
node_project() {
    mkdir -p "$1" && (flock 9 && cp tests/runner/migrate.mjs "$1/" && node_install tests/runner "$@") 9>"$1/lock"
}

node_project_v1() {
    mkdir -p "$1" && (flock 9 && cp tests/v1/deploy.mjs "$1/" && node_install tests/v1 "$@") 9>"$1/lock"
}

node_install() {
    local from=$1 folder=$2
    shift 2
    if [ -d "$folder/node_modules" ] && cmp -s "$from/package-lock.json" "$folder/installed-lock.json"; then
        return 0
    fi
    rm -f "$folder/installed-lock.json"
    cp "$from/package.json" "$from/package-lock.json" "$folder/" || return
    if ! npm ci --prefix "$folder" --no-audit --no-fund "$@" >"$folder/npm.log" 2>&1; then
        cat "$folder/npm.log" >&2
        return 1
    fi
    cp "$from/package-lock.json" "$folder/installed-lock.json"
}
