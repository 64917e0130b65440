/*
 * Preloaded into a program that gives OpenSSL an info callback: prints "full" or "resumed" to standard error when OpenSSL
 * tells that callback that a handshake is done, which on a server is when the client's Finished has been verified.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

typedef void info_callback(const void *ssl, int where, int value);

enum { SSL_CB_HANDSHAKE_DONE = 0x20 };

int SSL_session_reused(const void *ssl);

static info_callback *programs;

static void tell(const void *ssl, int where, int value) {
    if (where & SSL_CB_HANDSHAKE_DONE) {
        dprintf(STDERR_FILENO, SSL_session_reused(ssl) ? "resumed\n" : "full\n");
    }
    programs(ssl, where, value);
}

void SSL_CTX_set_info_callback(void *context, info_callback *callback) {
    void (*set)(void *, info_callback *) = dlsym(RTLD_NEXT, "SSL_CTX_set_info_callback");
    programs = callback;
    set(context, tell);
}
