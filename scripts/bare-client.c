/*
 * Bare sockets that move the bytes of a TLS handshake without TLS: the floor under any TLS client's cost.
 *
 *   bare-client --serve FLIGHTS WORK_MICROS         prints its port, serves until killed
 *   bare-client PORT CONCURRENCY SECONDS FLIGHTS    prints "HANDSHAKES CPU_MICROS_PER_HANDSHAKE"
 *
 * FLIGHTS is what a client sends and then reads, in turn: 200/900,126/51 sends 200 bytes, reads 900, sends 126,
 * reads 51. Then the client resets the connection and opens the next. WORK_MICROS is how long the server computes for
 * each connection after it has read the first flight, as a TLS server would: a server that does nothing is idle so
 * often that the client pays for waking it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_STEPS = 16, MAX_BYTES = 65536, MAX_EVENTS = 256 };
enum progress { PENDING, DONE, BROKEN };

struct step {
    int sends;
    int bytes;
};

struct connection {
    int fd;
    int step;
    int moved; /* bytes of the current step */
};

static struct step steps[MAX_STEPS];
static int step_count;
static char buffer[MAX_BYTES];
static double work_micros; /* the server's, for each connection */
static int epoll;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void usage(void) {
    fprintf(stderr, "usage: bare-client --serve FLIGHTS WORK_MICROS | bare-client PORT CONCURRENCY SECONDS FLIGHTS\n");
    exit(2);
}

static void add_step(int sends, int bytes) {
    if (bytes < 0 || bytes > MAX_BYTES || step_count == MAX_STEPS)
        usage();
    if (bytes > 0)
        steps[step_count++] = (struct step){.sends = sends, .bytes = bytes};
}

static void parse_flights(const char *text, int is_client) {
    int out, in, length;
    for (; sscanf(text, "%d/%d%n", &out, &in, &length) == 2; text += length + (text[length] == ',')) {
        add_step(is_client, out);
        add_step(!is_client, in);
    }
    if (*text != '\0' || step_count == 0)
        usage();
}

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static void work(double micros) {
    for (double end = seconds_now() + micros / 1e6; seconds_now() < end;)
        ;
}

/* Moves a connection on until it must wait for the peer. A sent flight is answered later, so it waits after each. */
static enum progress advance(struct connection *c) {
    while (c->step < step_count) {
        struct step *step = &steps[c->step];
        int left = step->bytes - c->moved;
        ssize_t n = step->sends ? send(c->fd, buffer, left, MSG_NOSIGNAL) : recv(c->fd, buffer, left, 0);
        if (n < 0)
            return errno == EAGAIN ? PENDING : BROKEN;
        if (n == 0)
            return BROKEN;
        c->moved += n;
        if (c->moved < step->bytes)
            return PENDING;
        c->moved = 0;
        if (c->step++ == 0 && work_micros > 0)
            work(work_micros);
        if (step->sends && c->step < step_count)
            return PENDING;
    }
    return DONE;
}

static void watch(struct connection *c) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET | EPOLLRDHUP, .data.ptr = c};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event) < 0)
        fail("epoll_ctl");
}

static void open_connection(struct connection *c, int port) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct linger reset = {.l_onoff = 1, .l_linger = 0};
    *c = (struct connection){.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)};
    if (c->fd < 0)
        fail("socket");
    setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    if (connect(c->fd, (struct sockaddr *)&address, sizeof address) < 0 && errno != EINPROGRESS)
        fail("connect");
    watch(c);
}

static double cpu_micros(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static void load(int port, int concurrency, double seconds) {
    struct connection *connections = calloc(concurrency, sizeof *connections);
    struct epoll_event events[MAX_EVENTS];
    long handshakes = 0;
    double end = seconds_now() + seconds;
    for (int i = 0; i < concurrency; i++)
        open_connection(&connections[i], port);
    while (seconds_now() < end) {
        int n = epoll_wait(epoll, events, MAX_EVENTS, 100);
        for (int i = 0; i < n; i++) {
            struct connection *c = events[i].data.ptr;
            enum progress progress = advance(c);
            if (progress == BROKEN)
                fail("connection");
            if (progress == DONE) {
                handshakes++;
                close(c->fd);
                open_connection(c, port);
            }
        }
    }
    printf("%ld %.2f\n", handshakes, cpu_micros() / (handshakes ? handshakes : 1));
}

static int listen_anywhere(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) < 0 || listen(listener, 4096) < 0)
        fail("listen");
    getsockname(listener, (struct sockaddr *)&address, &length);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static void serve(void) {
    struct connection listener = {.fd = listen_anywhere()};
    struct epoll_event events[MAX_EVENTS];
    struct epoll_event readable = {.events = EPOLLIN, .data.ptr = &listener};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener.fd, &readable);
    for (;;) {
        int n = epoll_wait(epoll, events, MAX_EVENTS, -1);
        for (int i = 0; i < n; i++) {
            struct connection *c = events[i].data.ptr;
            if (c == &listener) {
                int fd = accept4(listener.fd, NULL, NULL, SOCK_NONBLOCK);
                if (fd < 0)
                    continue;
                c = calloc(1, sizeof *c);
                c->fd = fd;
                watch(c);
            } else if (events[i].events & (EPOLLERR | EPOLLHUP | EPOLLRDHUP) || advance(c) == BROKEN) {
                close(c->fd);
                free(c);
            }
        }
    }
}

int main(int argc, char **argv) {
    epoll = epoll_create1(0);
    if (argc == 4 && strcmp(argv[1], "--serve") == 0) {
        work_micros = atof(argv[3]);
        parse_flights(argv[2], 0);
        serve();
    } else if (argc == 5 && atoi(argv[2]) > 0) {
        parse_flights(argv[4], 1);
        load(atoi(argv[1]), atoi(argv[2]), atof(argv[3]));
    } else {
        usage();
    }
    return 0;
}
