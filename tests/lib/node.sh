# The real Drizzle packages, kept outside the sources. For bash, to be sourced, in the repository's root. Needs node and npm.

# node_project FOLDER [NPM-OPTION…]: makes FOLDER hold tests/runner's migrate.mjs beside node_modules as its lock file has them.
# Asks the network for nothing when FOLDER holds them already.
node_project() {
    local folder=$1 log=$1/npm.log
    shift
    mkdir -p "$folder" || return
    cp tests/runner/migrate.mjs "$folder/" || return
    if [ -d "$folder/node_modules" ] && cmp -s tests/runner/package-lock.json "$folder/installed-lock.json"; then
        return 0
    fi
    cp tests/runner/package.json tests/runner/package-lock.json "$folder/" || return
    if ! npm ci --prefix "$folder" --no-audit --no-fund "$@" >"$log" 2>&1; then
        cat "$log" >&2
        return 1
    fi
    cp tests/runner/package-lock.json "$folder/installed-lock.json"
}
