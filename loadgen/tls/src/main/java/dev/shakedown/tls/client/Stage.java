package dev.shakedown.tls.client;

import java.util.Locale;

/** Where in the handshake something happened, named after the message that was being awaited or made. */
public enum Stage {
    CONNECT,
    /** The ClientHello and its early data were not completely sent. */
    CLIENT_HELLO,
    SERVER_HELLO,
    /** The ServerHello that follows a HelloRetryRequest. */
    HELLO_RETRY,
    ENCRYPTED_EXTENSIONS,
    /** The Certificate; in TLS 1.3 also the CertificateVerify. */
    CERTIFICATE,
    SERVER_KEY_EXCHANGE,
    CERTIFICATE_REQUEST,
    SERVER_HELLO_DONE,
    CLIENT_KEY_EXCHANGE,
    CHANGE_CIPHER_SPEC,
    SERVER_FINISHED,
    POST_FINISHED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Returns the name in result files, such as {@code server_hello}. */
    public String label() {
        return label;
    }
}
