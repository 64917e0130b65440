package dev.shakedown.tls.client;

import java.util.Locale;

/** Where in the handshake something happened: named for the message that was awaited or made. */
public enum Stage {
    CONNECT,
    /** The ClientHello, and early data behind it, had not left whole. */
    CLIENT_HELLO,
    SERVER_HELLO,
    /** The ServerHello that follows a HelloRetryRequest. */
    HELLO_RETRY,
    ENCRYPTED_EXTENSIONS,
    /** In TLS 1.3 its CertificateVerify, too. */
    CERTIFICATE,
    SERVER_KEY_EXCHANGE,
    CERTIFICATE_REQUEST,
    SERVER_HELLO_DONE,
    CLIENT_KEY_EXCHANGE,
    CHANGE_CIPHER_SPEC,
    SERVER_FINISHED,
    POST_FINISHED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in result files, such as {@code server_hello}. */
    public String label() {
        return label;
    }
}
