/* The groups of tests. Each runs its own and returns how many of them failed. */
#ifndef MIGFS_TESTS_LEDGER_GROUPS_H
#define MIGFS_TESTS_LEDGER_GROUPS_H

/* What is read, and how the reader behaves towards one server. */
int test_reading(void);

/* Logging in, servers that do not answer, many databases, poolers. */
int test_reaching(void);

/* How many connections are made and kept. */
int test_places(void);

#endif
