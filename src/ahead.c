/* When to hand files over, and how many. They are handed over by whoever answers a reading, before the answer: so the reader stands still
 * meanwhile and asks for none of them.
 *
 * Why nothing hangs. To hand a file over takes the lock of its page in the kernel, which is held while a reading of that page waits for its
 * answer. Only one thread at a time hands over, so that there is always another one to give that answer, and it never waits for us.
 *
 * Why it is done for one reader at a time. A daemon that is killed while it waits for such a lock cannot end, nor the reading that holds it.
 * One reader that goes from file to file is in none of those that it has not come to yet; several at once might be, and get nothing. */
#include "migfs/ahead.h"

static void hand_all_over(struct ahead *ahead, uint64_t inode, bool (*hand_over)(void *context, uint64_t inode),
                          void *context) {
    size_t count = 0;
    while (count < ahead->window && hand_over(context, inode + 1 + count)) {
        count++;
    }
    ahead->next = inode + 1 + count;
}

/* Like the kernel's own reading ahead within a file: it begins small and doubles while the guess proves right. */
void ahead_read(struct ahead *ahead, uint64_t inode, pid_t reader, bool (*hand_over)(void *context, uint64_t inode),
                void *context) {
    if (pthread_mutex_trylock(&ahead->lock) != 0) {
        return;
    }
    bool goes_on = reader != 0 && reader == ahead->reader && inode == ahead->next;
    size_t doubled = ahead->window > 0 ? ahead->window * 2 : AHEAD_FIRST;
    ahead->window = !goes_on ? 0 : doubled < AHEAD_MOST ? doubled : AHEAD_MOST;
    ahead->reader = reader;
    hand_all_over(ahead, inode, hand_over, context);
    pthread_mutex_unlock(&ahead->lock);
}

void ahead_stop(struct ahead *ahead) {
    pthread_mutex_lock(&ahead->lock); /* for good */
}
