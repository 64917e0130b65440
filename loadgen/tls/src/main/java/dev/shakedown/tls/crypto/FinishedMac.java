package dev.shakedown.tls.crypto;

import java.security.MessageDigest;

/** The verify_data of Finished: a MAC over the handshake so far (RFC 5246, 7.4.9). */
public enum FinishedMac {
    CLIENT("client finished"), SERVER("server finished");

    /** Bytes of verify_data in TLS 1.0 to 1.2. */
    public static final int LENGTH = 12;

    static final byte[] NONE = {};

    private final byte[] label;

    FinishedMac(String label) {
        this.label = Prf.label(label);
    }

    /** Stands before what its PRF hashes. */
    byte[] label() {
        return label;
    }

    /** This side's verify_data over {@code transcriptHash}. */
    public byte[] make(Primitives primitives, Dialect dialect, MasterSecret master, byte[] transcriptHash) {
        return dialect.finished(primitives, this, master, transcriptHash);
    }

    /** Whether {@code verifyData} is this side's over {@code transcriptHash}. */
    public boolean verify(Primitives primitives, Dialect dialect, MasterSecret master, byte[] transcriptHash,
            byte[] verifyData) {
        return MessageDigest.isEqual(make(primitives, dialect, master, transcriptHash), verifyData);
    }
}
