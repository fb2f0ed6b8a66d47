/* A write may be cut short by a signal or a full pipe, or fail with EAGAIN if another process made
 * the file non-blocking. */
#include "cli/write.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

bool write_all(int file, struct text bytes) {
    while (bytes.length > 0) {
        ssize_t written = write(file, bytes.bytes, bytes.length);
        if (written < 0 && errno == EAGAIN) {
            struct pollfd room = {.fd = file, .events = POLLOUT};
            poll(&room, 1, -1);
        } else if (written < 0 && errno != EINTR) {
            return false;
        }
        bytes = text_slice(bytes, written > 0 ? (size_t)written : 0, bytes.length);
    }
    return true;
}
