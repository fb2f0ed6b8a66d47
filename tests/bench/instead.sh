# "What will not run, and why?": what one would do without migfs, on the folder of the incident. For tests/bench/run.
# shellcheck disable=SC2154,SC2034 # what tests/bench/run sets, and what it reads

bench_instead() {
    local source=tests/fixtures/incident tool=$work/node
    node_project "$tool" >&2 || return
    postgres_database incident >/dev/null
    instead_scripts "$(realpath "$source")" "$tool"
    "$work/fill" >/dev/null || return
    mkdir -p "$work/one"
    mount_up "$work/one" "$migfs" "--database=$(uri incident)" "$(realpath "$source")" "$work/one" || return
    printf '\n### What will not run, and why? (the incident, %s files)\n\n| way | milliseconds | times `cat` |\n|---|---|---|\n' \
        "$(ls "$source"/*.sql | wc -l)"
    measure -n "$rounds" -s "$seconds" "$work/cat-problems" "$work/migfs-check" "$work/shell" "$work/node-script" \
        "$work/drizzle-kit" -- '{}' >"$work/row" || return
    paste -d' ' - "$work/row" <<'END' | awk -F'~ ' '{ split($2, n, " "); printf "| %s | %.1f | %.1f |\n", $1, n[1], n[2] }'
`cat mnt/problems`~
`migfs check`, nothing mounted~
`ls`, `jq`, `diff` and `psql`, for the names alone~
a node script: `readMigrationFiles` and one query, for those in the journal alone~
`drizzle-kit check`, which finds nothing~
END
    mount_down "$work/one"
}

instead_scripts() {
    script fill "cd $2 && node migrate.mjs $1 '$(uri incident | sed 's,postgresql:///\([^?]*\)?,postgresql://postgres@localhost/\1?,')'"
    script cat-problems "exec cat $work/one/problems"
    script migfs-check "$migfs check --database='$(uri incident)' $1; exit 0"
    script shell "cd $1; ls *.sql | sed 's/\\.sql\$//' | sort >$work/names
        jq -r '.entries[].tag' meta/_journal.json | sort | diff $work/names -
        psql -XAtc 'select max(created_at), count(*) from drizzle.__drizzle_migrations' '$(uri incident)'"
    cat >"$2/pending.mjs" <<'END'
import { readMigrationFiles } from 'drizzle-orm/migrator';
import pg from 'pg';
const [folder, connectionString] = process.argv.slice(2);
const client = new pg.Client({ connectionString });
await client.connect();
const { rows } = await client.query('select created_at from drizzle.__drizzle_migrations order by created_at desc limit 1');
for (const it of readMigrationFiles({ migrationsFolder: folder })) {
  if (Number(rows[0].created_at) < it.folderMillis) console.log('will run', it.hash);
}
await client.end();
END
    script node-script "cd $2 && exec node pending.mjs $1 '$(uri incident | sed 's,postgresql:///\([^?]*\)?,postgresql://postgres@localhost/\1?,')'"
    cp -r "$1" "$2/migrations" # its --out is relative
    script drizzle-kit "cd $2 && exec node_modules/.bin/drizzle-kit check --dialect=postgresql --out=migrations"
}
