  $ migration 0000_users 1750000000000
  $ database production
  $ file .migfs '# what is no migration\nexlude seed*\nexclude\ninclude 0001 posts\napplied 0000_users producton\napplied 0000_users production extra\n'
  $ cat problems
  .migfs:2: error: "exlude" is no verb: a line is `exclude`, `include` or `applied`, then a glob; the line decides nothing [bad-rule]
  .migfs:3: error: `exclude` needs a glob after it, such as 0019_*; the line decides nothing [bad-rule]
  .migfs:4: error: only `applied` takes a database; a glob has no blanks (write `?` for one); the line decides nothing [bad-rule]
  .migfs:5: error: no database here is named producton; the line decides nothing [bad-rule]
  .migfs:6: error: more words than a verb, a glob and a database; a glob has no blanks (write `?` for one); the line decides nothing [bad-rule]
