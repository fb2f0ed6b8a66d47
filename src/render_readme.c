/* README: what each file of the view is, on one screen. */
#include "migfs/render.h"

struct text render_readme(void) {
    return TEXT("migfs joins a Drizzle migrations folder, its meta/_journal.json and the ledgers\n"
                "(drizzle.__drizzle_migrations) of its databases. Everything here is read-only.\n"
                "\n"
                "summary             how things stand, and what the next deploy does\n"
                "problems            one line per problem; empty when all agree\n"
                "changes             what _journal.json here changes in meta/_journal.json\n"
                "_journal.json       a journal from which Drizzle runs exactly what has not run;\n"
                "                    reading it fails where none could be vouched for\n"
                "status/TAG          one migration as `key: value` lines\n"
                "state/STATE/TAG     links to status/, by state\n"
                "databases/NAME/     the same for one database, and the rows of its ledger\n"
                "migrations/         the folder itself, with the consistent meta/_journal.json\n"
                "status.json         all of it, for jq\n"
                "\n"
                "States: missing, rerun, skipped, held, unjournaled, unknown, modified, pending,\n"
                "applied, journaled, excluded.\n"
                "\n"
                "  cat problems                      what is wrong, and what to do\n"
                "  ls state/unjournaled              what Drizzle never runs\n"
                "  grep -l '^state: pending$' status/*\n"
                "  cp _journal.json YOUR-FOLDER/meta/   mend the journal, then commit it\n"
                "  sync problems                     wait until all of this is up to date\n");
}
