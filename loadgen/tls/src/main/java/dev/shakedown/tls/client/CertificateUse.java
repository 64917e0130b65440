package dev.shakedown.tls.client;

/** What became of the certificate that the client has for servers that ask for one. */
public enum CertificateUse {
    /** The server did not ask for a certificate. */
    NOT_ASKED,
    /** The server asked, and the client's certificate was sent. */
    SHOWN,
    /** The server asked, but for a kind of signature that the client's certificate cannot make. */
    NONE_FITS
}
