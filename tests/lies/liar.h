/* A server on a Unix socket, on threads of its own, that lies as told by the database's name:
 * `lie7` is lies[7]. */
#ifndef MIGFS_TESTS_LIES_LIAR_H
#define MIGFS_TESTS_LIES_LIAR_H

#include "conversation.h"

/* Listens in this folder until the process ends. `lies` is looked at when somebody logs in. */
void liar_start(const char *folder, const struct conversation *conversation, const struct lie *lies);

#endif
