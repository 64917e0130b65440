package dev.shakedown.tls.client;

/** What happened to the client's certificate. */
public enum CertificateUse {
    /** The server did not request a certificate. */
    NOT_ASKED,
    /** The server requested a certificate, and the client sent its own. */
    SHOWN,
    /** The server requested a certificate, but the client's cannot make the kind of signature that it accepts. */
    NONE_FITS
}
