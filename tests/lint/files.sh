# For bash, to be sourced in the project's folder.

# our_files [PATTERN…]: the files of the project that are there, one a line.
our_files() {
    git ls-files --cached --others --exclude-standard -- "$@" | while IFS= read -r file; do
        if [ -f "$file" ]; then printf '%s\n' "$file"; fi
    done
}
