/* Arithmetic of timestamps, without their meaning for a migration. */
#include "migfs/drizzle/stamp.h"

#include <time.h>

#include "migfs/util/digest.h"

int64_t stamp_second(int64_t stamp) {
    return stamp / 1000 - (stamp % 1000 < 0);
}

int64_t stamp_milliseconds(int64_t stamp) {
    return stamp % 1000 < 0 ? stamp % 1000 + 1000 : stamp % 1000;
}

bool stamp_second_of_number(struct text number, int64_t *ret_second) {
    int64_t value;
    if (!text_to_int64(number, &value)) {
        return false;
    }
    if (number.length == 10) {
        *ret_second = value;
        return true;
    }
    struct tm time = {.tm_year = (int)(value / 10000000000 - 1900),
                      .tm_mon = (int)(value / 100000000 % 100 - 1),
                      .tm_mday = (int)(value / 1000000 % 100),
                      .tm_hour = (int)(value / 10000 % 100),
                      .tm_min = (int)(value / 100 % 100),
                      .tm_sec = (int)(value % 100)};
    *ret_second = timegm(&time);
    return number.length == 14;
}

struct stamp_mark stamp_mark(struct text tag) {
    struct digest digest = digest_of(tag);
    uint32_t first = (uint32_t)digest.bytes[0] << 24 | (uint32_t)digest.bytes[1] << 16 |
                     (uint32_t)digest.bytes[2] << 8 | digest.bytes[3];
    return (struct stamp_mark){.milliseconds = 1 + first % 999, .seconds = first / 999 % 60};
}

int64_t stamp_marked(struct stamp_mark mark, int64_t base) {
    return (stamp_second(base) + 1 + mark.seconds) * 1000 + mark.milliseconds;
}

int64_t stamp_base_second(struct stamp_mark mark, int64_t stamp) {
    return stamp_second(stamp) - 1 - mark.seconds;
}
