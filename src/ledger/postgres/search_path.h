/* The search path of an application's connection, according to its connection string. It is not set
 * on our connections, since poolers reject it, but says where to look for unqualified names. Works
 * on text only. */
#ifndef MIGFS_LEDGER_POSTGRES_SEARCH_PATH_H
#define MIGFS_LEDGER_POSTGRES_SEARCH_PATH_H

#include <stdbool.h>

/* Finds the search path in the value of the parameter `options` (`-c search_path=…`); malloc'ed.
 * Returns NULL if it is not set, or when memory has run out. *ret_has_others says whether anything
 * else is set. */
char *search_path_find(const char *options, bool *ret_has_others);

#endif
