package dev.shakedown.results;

/**
 * A time mark of one handshake, in wire order. A phase is the time between a mark and the one before it that was
 * reached, and is named after the later one. Not every handshake reaches every mark: a resumed TLS 1.2 handshake and
 * all of TLS 1.3 have no {@link #KEY_EXCHANGE_SENT}. Early data may be answered before {@link #FINISHED}; that phase
 * then counts as 0.
 */
public enum Mark {
    /** When the plan wanted the handshake to start. */
    PLANNED("planned"),
    /** When the generator began it. */
    BEGUN("begun"),
    /** TCP connection established. */
    CONNECTED("connected"),
    /** ClientHello handed to the kernel. */
    HELLO_SENT("helloSent"),
    /** HelloRetryRequest read. */
    HELLO_RETRY_REQUEST("helloRetryRequest"),
    /** ServerHello read. */
    SERVER_HELLO("serverHello"),
    /**
     * The end of the server's flight read: ServerHelloDone, or the server's Finished in TLS 1.3 and where the session
     * is resumed.
     */
    SERVER_FLIGHT_DONE("serverFlightDone"),
    /** ClientKeyExchange, ChangeCipherSpec and Finished handed to the kernel. */
    KEY_EXCHANGE_SENT("keyExchangeSent"),
    /** The later of: server's Finished verified, own Finished handed to the kernel. */
    FINISHED("finished"),
    /** TLS 1.3: the first NewSessionTicket read. */
    TICKET("ticket"),
    /** The first byte of application data read. */
    FIRST_BYTE("firstByte");

    private final String label;

    Mark(String label) {
        this.label = label;
    }

    /** Returns the name in result files, such as {@code serverHello}. */
    public String label() {
        return label;
    }
}
