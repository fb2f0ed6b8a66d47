/* The search path that an application's connection would have by its connection string. It is not asked of the server, since it would not get
 * through a pooler; it says where names without a schema are to be looked for. Pure text. */
#ifndef MIGFS_LEDGER_POSTGRES_SEARCH_PATH_H
#define MIGFS_LEDGER_POSTGRES_SEARCH_PATH_H

#include <stdbool.h>

/* From what the parameter `options` holds (`-c search_path=…`), malloc'ed; NULL where it sets none, or when memory has run out.
 * *ret_has_others says whether it sets anything else. */
char *search_path_find(const char *options, bool *ret_has_others);

#endif
