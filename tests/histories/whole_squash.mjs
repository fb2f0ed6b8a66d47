// All migrations as one: a file that no ledger has a row of, and in `.migfs` that it has run in each database with rows. Then none of them is
// another project's. No random number is used, so that histories are as they were.

const tag = '0000_all_as_one';

function wrongDatabases(view, world, folder, sites, rules) {
  const kept = world.rules;
  world.rules = rules;
  const journal = world.textOf([{ idx: 0, version: '7', when: 7, tag, breakpoints: true }]);
  world.write(folder, { journal, files: new Map([[`${tag}.sql`, 'select 7;\n']]) });
  world.rules = kept;
  const { problems } = JSON.parse(view.print(folder, sites, 'status.json').text);
  return problems.filter(({ code }) => code === 'wrong-database').map(({ database }) => database);
}

/** `ledgers`: the rows of each site. */
export function judgeWholeSquash(view, world, folder, sites, ledgers) {
  const busy = sites.filter((site) => ledgers.get(site).length > 0);
  if (busy.length === 0) return [];
  const inside = `${folder}.squash`;
  const rules = busy.map((site) => ({ verb: 'applied', glob: tag, site }));
  const ruled = wrongDatabases(view, world, inside, sites, rules);
  return ruled.length === 0 ? [] : [`after a squash that counts as run ${ruled.join(' ')} is called another project's`];
}
