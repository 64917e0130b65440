package dev.shakedown.tls.client;

/** What happened to early data (RFC 8446, 2.3). */
public enum EarlyData {
    NOT_OFFERED, UNANSWERED, ACCEPTED, REJECTED
}
