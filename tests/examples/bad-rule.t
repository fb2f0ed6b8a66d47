  $ migration 0000_users 1750000000000
  $ database production
  $ file .migfs '# what is not a migration\nexlude seed*\nexclude\ninclude 0001 posts\napplied 0000_users producton\napplied 0000_users production extra\n'
  $ cat problems
  .migfs:2: error: "exlude" is not a verb: a line begins with `exclude`, `include`, `applied`, `edited`, `ignore` or `foreign`; the line has no effect: correct it [bad-rule]
  .migfs:3: error: `exclude` needs a glob after it, such as 0019_*; the line has no effect: correct it [bad-rule]
  .migfs:4: error: too many words: `include` takes no database, and a glob has no blanks (write `?` for one); the line has no effect: correct it [bad-rule]
  .migfs:6: error: too many words; a glob has no blanks (write `?` for one); the line has no effect: correct it [bad-rule]
  .migfs:5: note: no database that is attached is named producton, so the line has no effect here [bad-rule]
