Folders of drizzle v1 with one second: they run in the order in which JavaScript compares their names.

  $ for it in '' a 'a b' a_b a-b ab B é f Z; do folder "20250101000000_$it" "create table \"_$it\" (id integer);\\n"; done
  $ database prod
  $ cat databases/prod/next
  20250101000000_
  20250101000000_a
  20250101000000_a b
  20250101000000_a_b
  20250101000000_a-b
  20250101000000_ab
  20250101000000_B
  20250101000000_é
  20250101000000_f
  20250101000000_Z
  $ v1 prod
  ran 20250101000000_, 20250101000000_a, 20250101000000_a b, 20250101000000_a_b, 20250101000000_a-b, 20250101000000_ab, 20250101000000_B, 20250101000000_é, 20250101000000_f, 20250101000000_Z
