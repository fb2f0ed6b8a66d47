`check --base-ref` asks git what the branch has that a pull request goes into.

  $ git() { command git -c user.email=dev@example.invalid -c user.name=dev "$@" >/dev/null 2>&1; }
  $ git init -b main .
  $ migration 0000_users 1750000000000
  $ migration 0001_posts 1750000200000
  $ git add migrations
  $ git commit -m 'two migrations'
  $ git checkout -b renumbered

A file that only gets another number is not a new migration; with another text it never runs where the first has run.

  $ afresh
  $ migration 0000_users 1750000000000
  $ sql 0002_posts
  $ entry 0002_posts 1750000200000 2
  $ check --base-ref=main
  $ file 0002_posts.sql 'create table posts (id bigint);\n'
  $ check --base-ref=main
  meta/_journal.json:12: warning: 0002_posts has the when of 0001_posts, which is gone, but different SQL: databases that ran that one skip it; give it a when above 1750000200000, and put 0001_posts back [base-renamed]
  [1]

Where the branch has gone on meanwhile, what is new lies above that, too:

  $ git add migrations
  $ git commit -m renumbered
  $ git checkout main
  $ sql 0003_tags
  $ entry 0003_tags 1750000400000 3
  $ git add migrations
  $ git commit -m tags
  $ git checkout -b late renumbered
  $ afresh
  $ migration 0000_users 1750000000000
  $ sql 0002_posts
  $ entry 0002_posts 1750000200000 2
  $ sql 0004_likes
  $ entry 0004_likes 1750000300000 4
  $ check --base-ref=main --severity=error
  meta/_journal.json:19: error: when of 0004_likes, 1750000300000, is not above 1750000400000, the newest of the base (0003_tags): databases that ran the base never run it; delete it with its entry and its snapshot, and generate it again on top of the base (docs/branches.md) [base-below]
  [1]

The first pull request has nothing to be compared with, and a branch that git does not know cannot be:

  $ git checkout --orphan first
  $ git rm -rf --cached migrations
  $ git commit --allow-empty -m 'nothing yet'
  $ check --base-ref=first
  $ check --base-ref=nowhere
  migfs: error: --base-ref: git does not know the commit nowhere; fetch it first
  [2]

A clone of a CI has the base at `origin` alone; and a folder may have got another name on the branch:

  $ afresh
  $ git checkout -B trunk main
  $ git checkout main -- migrations && mkdir old && git mv migrations old/migrations && git commit -m 'another folder'
  $ git update-ref refs/remotes/origin/base trunk
  $ git rm -rq --cached old && rm -rf old
  $ migration 0000_users 1750000000000
  $ migration 0001_late 1740000000000
  $ check --base-ref=base --severity=error
  meta/_journal.json:12: error: when of 0001_late, 1740000000000, is not above 1750000400000, the newest of the base (0003_tags): databases that ran the base never run it; delete it with its entry and its snapshot, and generate it again on top of the base (docs/branches.md) [base-below]
  [1]
