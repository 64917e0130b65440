package dev.shakedown.tls.client;

/** What an observer can time. */
public enum Progress {
    HELLO_SENT,
    HELLO_RETRY_REQUEST,
    SERVER_HELLO,
    SERVER_FLIGHT_DONE,
    KEY_EXCHANGE_SENT,
    FINISHED,
    /** TLS 1.3: the first NewSessionTicket, which shows that the server took the client's Finished. */
    TICKET,
    /** The first byte of application data from the server, and the first behind each that the client sent. */
    FIRST_BYTE
}
