/* Times commands, in pairs: in each round every subject has its turn, right after one another, and what is told is how it relates to the
 * first subject of the same round. So whatever else the machine does meanwhile meets them all. Knows nothing of migfs.
 *
 *     measure [-n MOST] [-m LEAST] [-s SECONDS] [-p PREPARE] [-w] [-i MILLISECONDS] [-c] SUBJECT… -- COMMAND…
 *
 * runs COMMAND with {} replaced by each subject, its output read from a pipe to the end, LEAST to MOST rounds, and stops between
 * the two after SECONDS. Before each comes what is not timed: PREPARE, by the shell with the subject as $1; with -w the command itself;
 * with -i a pause. With -c the processor time of COMMAND and its children counts instead of the time that passes, which tells more on a
 * busy machine. One line for each subject: its median in milliseconds, the median of its ratios and their quartiles, and its least.
 *
 *     measure walk FOLDER            reads a folder as `docker build` reads its context: sorted, each file whole
 *     measure seen FILE PATH         appends a byte to FILE and prints the milliseconds until PATH shows its size */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 32768, SUBJECTS_MOST = 16, ROUNDS_MOST = 1000 };

static _Noreturn void fail(const char *what) {
    fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
    exit(EXIT_FAILURE);
}

static double now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* ---- walk ---- */

static void read_whole(int folder, const char *name) {
    char block[BLOCK];
    int file = openat(folder, name, O_RDONLY);
    ssize_t got = 1;
    while (file >= 0 && got > 0) {
        got = read(file, block, sizeof block);
    }
    if (file < 0 || got < 0) {
        fail(name);
    }
    close(file);
}

static void walk(int parent, const char *name) {
    struct dirent **entries;
    int folder = openat(parent, name, O_RDONLY | O_DIRECTORY);
    int count = folder < 0 ? -1 : scandirat(folder, ".", &entries, NULL, alphasort);
    if (count < 0) {
        fail(name);
    }
    for (int i = 0; i < count; i++) {
        const char *entry = entries[i]->d_name;
        struct stat status;
        if (strcmp(entry, ".") != 0 && strcmp(entry, "..") != 0) {
            if (fstatat(folder, entry, &status, AT_SYMLINK_NOFOLLOW) < 0) {
                fail(entry);
            } else if (S_ISDIR(status.st_mode)) {
                walk(folder, entry);
            } else if (S_ISREG(status.st_mode)) {
                read_whole(folder, entry);
            }
        }
        free(entries[i]);
    }
    free(entries);
    close(folder);
}

/* ---- seen ---- */

static double time_until_seen(const char *file, const char *path) {
    struct stat written, seen;
    int descriptor = open(file, O_WRONLY | O_APPEND);
    double start = now_ms();
    if (descriptor < 0 || write(descriptor, "\n", 1) != 1 || fstat(descriptor, &written) < 0) {
        fail(file);
    }
    close(descriptor);
    const struct timespec pause = {.tv_nsec = 500000};
    while (stat(path, &seen) == 0 && seen.st_size != written.st_size) {
        if (now_ms() - start > 60000) {
            errno = ETIMEDOUT;
            fail(path);
        }
        nanosleep(&pause, NULL);
    }
    return now_ms() - start;
}

/* ---- commands ---- */

struct plan {
    int most, least;
    double seconds;
    const char *prepare; /* NULL: nothing */
    bool warms_up;
    long pause_ms;
    bool counts_processors;
    char **subjects;
    int subject_count;
    char **command;
};

/* `word` with each {} replaced. */
static char *fill_in(const char *word, const char *subject) {
    size_t size = strlen(word) * (strlen(subject) + 1) + 1, used = 0;
    char *filled = malloc(size);
    for (; filled && *word; word += strncmp(word, "{}", 2) == 0 ? 2 : 1) {
        bool is_mark = strncmp(word, "{}", 2) == 0;
        used += (size_t)snprintf(filled + used, size - used, "%.*s", is_mark ? INT_MAX : 1, is_mark ? subject : word);
    }
    if (!filled) {
        fail("memory");
    }
    filled[used] = '\0';
    return filled;
}

static void end_well(pid_t child, const char *what) {
    int status;
    if (waitpid(child, &status, 0) < 0) {
        fail(what);
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "measure: %s ended with status %d\n", what, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
        exit(EXIT_FAILURE);
    }
}

static void prepare(const char *script, const char *subject) {
    pid_t child = fork();
    if (child == 0) {
        dup2(STDERR_FILENO, STDOUT_FILENO);
        execl("/bin/bash", "bash", "-c", script, "prepare", subject, (char *)NULL);
        _exit(127);
    }
    end_well(child, script);
}

static char **fill_in_all(char **command, const char *subject) {
    size_t count = 0;
    while (command[count]) {
        count++;
    }
    char **words = calloc(count + 1, sizeof *words);
    for (size_t i = 0; words && i < count; i++) {
        words[i] = fill_in(command[i], subject);
    }
    if (!words) {
        fail("memory");
    }
    return words;
}

/* Used so far by all children that have ended. */
static double processor_ms(void) {
    struct rusage used;
    getrusage(RUSAGE_CHILDREN, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}

static double run(const struct plan *plan, const char *subject) {
    char **words = fill_in_all(plan->command, subject), block[BLOCK];
    double (*clock)(void) = plan->counts_processors ? processor_ms : now_ms;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) {
        fail("pipe");
    }
    double start = clock();
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execvp(words[0], words);
        _exit(127);
    }
    close(ends[1]);
    while (read(ends[0], block, sizeof block) > 0) {
    }
    end_well(child, words[0]);
    double taken = clock() - start;
    close(ends[0]);
    for (char **word = words; *word; word++) {
        free(*word);
    }
    free(words);
    return taken;
}

static int compare(const void *a, const void *b) {
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

/* Between the two nearest, where the place lies between them. */
static double quantile(const double *sorted, int count, double share) {
    double place = share * (count - 1);
    int below = (int)place, above = below + 1 < count ? below + 1 : below;
    return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

static double take_turn(const struct plan *plan, const char *subject) {
    if (plan->prepare) {
        prepare(plan->prepare, subject);
    }
    if (plan->warms_up) {
        run(plan, subject);
    }
    if (plan->pause_ms > 0) {
        const struct timespec pause = {plan->pause_ms / 1000, plan->pause_ms % 1000 * 1000000};
        nanosleep(&pause, NULL);
    }
    return run(plan, subject);
}

static void measure(const struct plan *plan) {
    static double times[SUBJECTS_MOST][ROUNDS_MOST], ratios[SUBJECTS_MOST][ROUNDS_MOST];
    double start = now_ms();
    int rounds = 0;
    while (rounds < plan->most && (rounds < plan->least || now_ms() - start < plan->seconds * 1e3)) {
        for (int turn = 0; turn < plan->subject_count; turn++) {
            int i = (turn + rounds) % plan->subject_count; /* nobody is always the first */
            times[i][rounds] = take_turn(plan, plan->subjects[i]);
        }
        for (int i = 0; i < plan->subject_count; i++) {
            ratios[i][rounds] = times[i][rounds] / times[0][rounds];
        }
        rounds++;
    }
    for (int i = 0; i < plan->subject_count; i++) {
        qsort(times[i], (size_t)rounds, sizeof(double), compare);
        qsort(ratios[i], (size_t)rounds, sizeof(double), compare);
        printf("%.3f %.3f %.3f %.3f %.3f\n", quantile(times[i], rounds, 0.5), quantile(ratios[i], rounds, 0.5),
               quantile(ratios[i], rounds, 0.25), quantile(ratios[i], rounds, 0.75), times[i][0]);
    }
}

static void parse(struct plan *plan, int argc, char **argv) {
    int letter;
    while ((letter = getopt(argc, argv, "+n:m:s:p:wi:c")) != -1) {
        switch (letter) {
        case 'n':
            plan->most = atoi(optarg);
            break;
        case 'm':
            plan->least = atoi(optarg);
            break;
        case 's':
            plan->seconds = atof(optarg);
            break;
        case 'p':
            plan->prepare = optarg;
            break;
        case 'w':
            plan->warms_up = true;
            break;
        case 'i':
            plan->pause_ms = atol(optarg);
            break;
        case 'c':
            plan->counts_processors = true;
            break;
        default:
            exit(2);
        }
    }
    plan->subjects = argv + optind;
    while (optind + plan->subject_count < argc && strcmp(plan->subjects[plan->subject_count], "--") != 0) {
        plan->subject_count++;
    }
    plan->command = plan->subjects + plan->subject_count + 1;
    if (plan->subject_count == 0 || plan->subject_count > SUBJECTS_MOST || plan->most > ROUNDS_MOST ||
        optind + plan->subject_count + 1 >= argc) {
        fprintf(
            stderr,
            "usage: measure [-n MOST] [-m LEAST] [-s SECONDS] [-p PREPARE] [-w] [-i MS] [-c] SUBJECT… -- COMMAND…\n");
        exit(2);
    }
}

int main(int argc, char **argv) {
    struct plan plan = {.most = 11, .least = 3, .seconds = 10};
    if (argc == 3 && strcmp(argv[1], "walk") == 0) {
        walk(AT_FDCWD, argv[2]);
    } else if (argc == 4 && strcmp(argv[1], "seen") == 0) {
        printf("%.1f\n", time_until_seen(argv[2], argv[3]));
    } else {
        parse(&plan, argc, argv);
        measure(&plan);
    }
    return EXIT_SUCCESS;
}
