package dev.shakedown.tls.crypto;

import java.security.MessageDigest;

/** The verify_data of Finished: a MAC over the handshake so far (RFC 5246, 7.4.9). */
public enum FinishedMac {
    CLIENT("client finished"), SERVER("server finished");

    /** The length of verify_data in TLS 1.0 to 1.2, in bytes. */
    public static final int LENGTH = 12;

    static final byte[] NONE = {};

    private final byte[] label;

    FinishedMac(String label) {
        this.label = Prf.label(label);
    }

    /** Returns the PRF label. */
    byte[] label() {
        return label;
    }

    /** Returns this side's verify_data over {@code transcriptHash}. */
    public byte[] make(Primitives primitives, Dialect dialect, MasterSecret master, byte[] transcriptHash) {
        return dialect.finished(primitives, this, master, transcriptHash);
    }

    /** Whether {@code verifyData} is this side's verify_data over {@code transcriptHash}. */
    public boolean verify(Primitives primitives, Dialect dialect, MasterSecret master, byte[] transcriptHash,
            byte[] verifyData) {
        return MessageDigest.isEqual(make(primitives, dialect, master, transcriptHash), verifyData);
    }
}
