package dev.shakedown.tls.client;

/** The points of a handshake that can be timed. */
public enum Progress {
    HELLO_SENT,
    HELLO_RETRY_REQUEST,
    SERVER_HELLO,
    SERVER_FLIGHT_DONE,
    KEY_EXCHANGE_SENT,
    FINISHED,
    /** TLS 1.3: the first NewSessionTicket, which shows that the server accepted the client's Finished. */
    TICKET,
    /** The first byte of application data from the server, and the first after each time the client sent some. */
    FIRST_BYTE
}
