/* Listens on a port of its own, which it prints, and starts a process for each connection, which passes on what either side
 * says between it and the port of the second argument. The first says how it treats its children: wait, ignore (SIGCHLD),
 * or forget (SA_NOCLDWAIT). */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void reap(int signal) {
    (void)signal;
    while (waitpid(-1, NULL, WNOHANG) > 0) {
    }
}

static void nothing(int signal) { (void)signal; }

static struct sockaddr_in loopback(int port) {
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static void pass(int client, int port) {
    struct sockaddr_in address = loopback(port);
    int server = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(server, (struct sockaddr *)&address, sizeof address)) {
        return;
    }
    struct pollfd ends[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    char bytes[16384];
    while (poll(ends, 2, -1) >= 0) {
        for (int end = 0; end < 2; end++) {
            if (ends[end].revents) {
                ssize_t length = read(ends[end].fd, bytes, sizeof bytes);
                if (length <= 0 || write(ends[1 - end].fd, bytes, length) != length) {
                    return;
                }
            }
        }
    }
}

int main(int count, char **arguments) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    if (count < 3) {
        return 1;
    }
    action.sa_flags = SA_RESTART;
    action.sa_handler = reap;
    if (strcmp(arguments[1], "ignore") == 0) {
        action.sa_handler = SIG_IGN;
    } else if (strcmp(arguments[1], "forget") == 0) {
        action.sa_handler = nothing;
        action.sa_flags |= SA_NOCLDWAIT;
    }
    sigaction(SIGCHLD, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 1000) ||
        getsockname(listener, (struct sockaddr *)&address, &length)) {
        return 1;
    }
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client >= 0 && fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            close(listener);
            pass(client, atoi(arguments[2]));
            _exit(0);
        }
        close(client);
    }
}
