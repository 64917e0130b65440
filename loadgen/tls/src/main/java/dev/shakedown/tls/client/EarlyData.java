package dev.shakedown.tls.client;

/** What became of early data (RFC 8446, 2.3). */
public enum EarlyData {
    NOT_OFFERED, UNANSWERED, ACCEPTED, REJECTED
}
