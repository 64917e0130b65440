package dev.shakedown.tls.crypto;

import dev.shakedown.tls.wire.CipherSuite.Hash;
import java.security.MessageDigest;

/** The verify_data of Finished: a MAC over the handshake so far (RFC 5246, 7.4.9). */
public enum FinishedMac {
    CLIENT("client finished"), SERVER("server finished");

    /** Bytes of verify_data in TLS 1.2. */
    public static final int LENGTH = 12;

    private static final byte[] NONE = {};

    private final byte[] label;

    FinishedMac(String label) {
        this.label = Prf.label(label);
    }

    /** This side's verify_data over {@code transcriptHash}. */
    public byte[] make(Primitives primitives, Hash hash, MasterSecret master, byte[] transcriptHash) {
        return Prf.expand(primitives, hash, master.bytes(), label, transcriptHash, NONE, LENGTH);
    }

    /** Whether {@code verifyData} is this side's over {@code transcriptHash}. */
    public boolean verify(Primitives primitives, Hash hash, MasterSecret master, byte[] transcriptHash,
            byte[] verifyData) {
        return MessageDigest.isEqual(make(primitives, hash, master, transcriptHash), verifyData);
    }
}
