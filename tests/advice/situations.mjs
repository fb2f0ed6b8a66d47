// Situations that several cases begin with.
import fs from 'node:fs';

// Two migrations that the attached database and one that is not have run.
export async function deployed(w, ...more) {
  w.migration('0000_users');
  w.migration('0001_posts');
  await w.deploy(await w.database('production'));
  await w.deploy(await w.away('away'));
  for (const tag of more) w.sql(tag);
}

// The file of a third is a link that leads out of the folder.
export async function linkedOut(w) {
  await deployed(w);
  fs.writeFileSync(`${w.root}/tags.sql`, 'create table tags (id integer);\n');
  w.migration('0002_tags');
  fs.rmSync(w.path('0002_tags.sql'));
  fs.symlinkSync('../tags.sql', w.path('0002_tags.sql'));
}

// The file itself, in its place.
export function putInPlace(w) {
  fs.rmSync(w.path('0002_tags.sql'));
  fs.copyFileSync(`${w.root}/tags.sql`, w.path('0002_tags.sql'));
}

// Each database has run what the other lacks.
export async function crossed(w) {
  w.migration('0000_users');
  w.migration('0001_posts');
  w.migration('0002_tags');
  await w.database('staging');
  await w.ran('staging', '0000_users', '0001_posts');
  await w.database('production');
  await w.ran('production', '0000_users', '0002_tags');
}
