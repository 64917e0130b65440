/* A process that uses CPU time in the ways in which servers do, on command; one word and a number a line:
 *   burn MS     itself                    thread MS   in a thread that ends
 *   child MS    in a child that ends      hold MS     in a child that then stays until "release"
 *   adopt MS    in a grandchild, which waits for "work"; its parent ends with "leave"
 * Each is answered once it is over, for children once they are gone, by the nanoseconds that were really burned. The first argument says how it treats its
 * children: wait, ignore (SIGCHLD), or forget (SA_NOCLDWAIT). */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int waits;

/* A machine that is taken away meanwhile makes it more than was asked for. */
static long burn(clockid_t clock, long ms) {
    struct timespec from, now;
    long nanos;
    clock_gettime(clock, &from);
    do {
        clock_gettime(clock, &now);
        nanos = (now.tv_sec - from.tv_sec) * 1000000000L + now.tv_nsec - from.tv_nsec;
    } while (nanos < ms * 1000000L);
    return nanos;
}

static void *in_thread(void *ms) {
    return (void *)burn(CLOCK_THREAD_CPUTIME_ID, (long)ms);
}

static void on_chld(int signal) { (void)signal; }

static long hear(int pipe) {
    long word;
    if (read(pipe, &word, sizeof word) < 0) {
        _exit(1);
    }
    return word;
}

static void tell(int pipe, long word) {
    if (write(pipe, &word, sizeof word) != sizeof word) {
        _exit(1);
    }
}

static void gone(pid_t child) {
    if (waits) {
        waitpid(child, NULL, 0);
    }
    while (kill(child, 0) == 0) {
        usleep(1000);
    }
}

int main(int count, char **arguments) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_chld;
    action.sa_flags = SA_RESTART;
    waits = count > 1 && strcmp(arguments[1], "wait") == 0;
    if (count > 1 && strcmp(arguments[1], "ignore") == 0) {
        action.sa_handler = SIG_IGN;
    } else if (!waits) {
        action.sa_flags |= SA_NOCLDWAIT;
    }
    sigaction(SIGCHLD, &action, NULL);
    int held[2], told[2], stays[2], leaves[2];
    if (pipe(held) || pipe(told) || pipe(stays) || pipe(leaves)) {
        return 1;
    }
    pid_t child = 0;
    char word[20];
    long ms;
    puts("ready");
    fflush(stdout);
    while (scanf("%19s %ld", word, &ms) == 2) {
        long burned = 0;
        if (strcmp(word, "burn") == 0) {
            burned = burn(CLOCK_PROCESS_CPUTIME_ID, ms);
        } else if (strcmp(word, "thread") == 0) {
            pthread_t thread;
            pthread_create(&thread, NULL, in_thread, (void *)ms);
            void *told_by_thread;
            pthread_join(thread, &told_by_thread);
            burned = (long)told_by_thread;
        } else if (strcmp(word, "child") == 0) {
            if ((child = fork()) == 0) {
                tell(told[1], burn(CLOCK_PROCESS_CPUTIME_ID, ms));
                _exit(0);
            }
            burned = hear(told[0]);
            gone(child);
        } else if (strcmp(word, "hold") == 0) {
            if ((child = fork()) == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                tell(told[1], burn(CLOCK_PROCESS_CPUTIME_ID, ms));
                hear(held[0]);
                _exit(0);
            }
            burned = hear(told[0]);
        } else if (strcmp(word, "release") == 0) {
            tell(held[1], 0);
            gone(child);
        } else if (strcmp(word, "adopt") == 0) {
            if ((child = fork()) == 0) {
                if (fork() == 0) {
                    close(stays[1]);
                    tell(told[1], 0);
                    hear(held[0]);
                    tell(told[1], burn(CLOCK_PROCESS_CPUTIME_ID, ms));
                    hear(stays[0]); /* until this process ends */
                    _exit(0);
                }
                close(stays[1]);
                hear(leaves[0]);
                _exit(0);
            }
            hear(told[0]);
        } else if (strcmp(word, "leave") == 0) {
            tell(leaves[1], 0);
            gone(child);
        } else if (strcmp(word, "work") == 0) {
            tell(held[1], 0);
            burned = hear(told[0]);
        }
        printf("%ld\n", burned);
        fflush(stdout);
    }
    return 0;
}
